"""The weight sliders: picture, arrows and descent agree with finite differences and hand-worked nets."""

import asyncio
import re
import xml.etree.ElementTree as ET
from itertools import pairwise

import numpy as np
import pytest

from nbkit import Affine, MSELoss, ReLU, Sequential, SigmoidWithLoss, SoftmaxWithLoss, Tanh, WeightSliders, datasets
from nbkit.drawing.network.diagram import unit_names
from nbkit.experiment.dead_units import dead_units
from nbkit.widgets.training.weight_picture import PLANE
from tests.pictures import still_of

NAMES = [
    *(f"{kind}h{i}" for i in "₁₂₃" for kind in ("x₁→", "x₂→", "bias ")),
    "h₁→y", "h₂→y", "h₃→y", "bias y",
]  # fmt: skip
X = np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]])
T = np.array([[0], [1], [1], [0]])
BY_HAND = {"x₁→h₁": 1, "x₂→h₁": -1, "x₁→h₂": -1, "x₂→h₂": 1, "h₁→y": 1, "h₂→y": 1}


def net(*sizes, rng=0, loss=MSELoss, bend=ReLU):
    rng = np.random.default_rng(rng)
    layers = []
    for d, k in pairwise(sizes):
        layers += [Affine(rng.normal(0, 0.5, (d, k)), rng.normal(0, 0.5, k)), bend()]
    return Sequential(layers[:-1], loss())


def shown(widget, key):
    return re.search(rf'data-number="{key}">([^<]*)<', widget.view.svg)[1].replace("−", "-")


def arrow(widget, name):
    """Return how far the arrow of a parameter reaches to the right, in pixels; 0 where there is none."""
    found = re.search(rf'data-push="{name}" d="M([\d.]+) [^L]*L([\d.]+) ', widget.view.svg)
    return float(found[2]) - float(found[1]) if found else 0.0


def set_by_hand(widget):
    widget.zero_button.click()
    for name, value in BY_HAND.items():
        widget.sliders[name].value = value


def plain_loss(values):
    """½MSE of the 2-3-1 net, written out without nbkit."""
    w = dict(zip(NAMES, values, strict=True))
    score = w["bias y"]
    for i in "₁₂₃":
        score = score + w[f"h{i}→y"] * np.maximum(
            X[:, 0] * w[f"x₁→h{i}"] + X[:, 1] * w[f"x₂→h{i}"] + w[f"bias h{i}"], 0
        )
    return np.sum((score - T[:, 0]) ** 2) / 8


# ---------------------------------------------------------------- what is shown


def test_every_weight_and_bias_has_a_slider_named_after_its_place():
    widget = WeightSliders()
    assert list(widget.sliders) == NAMES
    W = widget.net.layers[0].params["W"]
    widget.sliders["x₂→h₃"].value = 1.7
    assert W[1, 2] == pytest.approx(1.7)
    widget.sliders["bias h₂"].value = -0.4
    assert widget.net.layers[0].params["b"][1] == pytest.approx(-0.4)
    widget.sliders["h₃→y"].value = 2.1
    assert widget.net.layers[2].params["W"][2, 0] == pytest.approx(2.1)


@pytest.mark.parametrize("seed", range(5))
def test_loss_and_gradients_agree_with_a_net_written_out_by_hand(seed):
    widget = WeightSliders(seed=seed)
    values = np.array([widget.value(name) for name in NAMES])
    assert widget.loss == pytest.approx(plain_loss(values))
    for i, name in enumerate(NAMES):
        nudge = 1e-6 * (np.arange(13) == i)
        slope = (plain_loss(values + nudge) - plain_loss(values - nudge)) / 2e-6
        assert widget.gradient(name) == pytest.approx(slope, abs=1e-7)


def test_arrows_point_against_the_gradient_and_are_as_long_as_it():
    widget = WeightSliders()
    gradients = np.array([widget.gradient(name) for name in NAMES])
    arrows = np.array([arrow(widget, name) for name in NAMES])
    assert np.count_nonzero(arrows) >= 4
    assert set(np.sign(arrows * gradients)) <= {0, -1}
    np.testing.assert_allclose(arrows / np.abs(arrows).max(), -gradients / np.abs(gradients).max(), atol=0.03)
    loudest = NAMES[int(np.abs(gradients).argmax())]
    number = float(shown(widget, f"push {loudest}"))
    assert number == pytest.approx(-widget.gradient(loudest), rel=0.01)


def test_the_net_by_hand_gets_all_four_right():
    widget = WeightSliders()
    set_by_hand(widget)
    assert widget.loss == 0
    assert widget.right.all()
    assert [shown(widget, f"output{i}") for i in range(4)] == ["0", "1", "1", "0"]
    assert [shown(widget, f"case{i}") for i in range(4)] == ["0 0 ✓", "0 1 ✓", "1 0 ✓", "1 1 ✓"]
    assert (shown(widget, "right"), shown(widget, "loss")) == ("4 of 4 right", "loss 0")
    assert "All right, by hand! Nothing is left to do: the loss is below 0.002." in widget.status.value
    widget.finish_button.click()
    assert "Nothing is left for descent to do: the loss is below 0.002 already." in widget.status.value
    assert widget.view.svg.count("boundary") >= 2  # two lines


@pytest.mark.parametrize(("bias", "text"), [(0.4, "+ 0.4"), (-1.3, "− 1.3"), (0, "+ 0"), (-0.001, "+ 0")])
def test_a_bias_is_written_as_what_is_added(bias, text):
    given = Sequential([Affine([[1.0], [2.0]], [bias])], MSELoss())
    assert f">{text}</text>" in WeightSliders(given, (X, T)).view.svg


def test_from_zeros_only_the_last_bias_is_pushed_and_all_units_are_dead():
    widget = WeightSliders()
    widget.zero_button.click()
    assert [name for name in NAMES if arrow(widget, name)] == ["bias y"]
    assert widget.view.svg.count(">dead<") == 3
    assert all(slider.value == pytest.approx(0) for slider in widget.sliders.values())
    widget.finish_button.click()
    assert widget.value("bias y") == pytest.approx(0.5, abs=1e-4)
    assert sum(widget.value(name) != 0 for name in NAMES) == 1
    assert "no gradient is left" in widget.message.value
    assert widget.loss == pytest.approx(1 / 8)


def test_dead_units_are_those_whose_relu_shows_0_everywhere():
    dead = Sequential([Affine([[1.0, -1, -1, 0]] * 2, [0.0, 0, 0.5, 0]), ReLU(), Affine(np.ones((4, 1)), [0.0])])
    assert [flags.tolist() for flags in dead_units(dead, X)] == [[False, True, False, True], [False]]
    smooth = Sequential([Affine(np.zeros((2, 2)), [0.0, 0]), Tanh(), Affine(np.ones((2, 1)), [0.0])])
    assert not any(flags.any() for flags in dead_units(smooth, X))


def test_a_move_is_drawn_once():
    widget, drawn = WeightSliders(), []
    widget.view.observe(drawn.append, "svg")
    widget.sliders["bias y"].value = 1.3
    assert len(drawn) == 1


# ---------------------------------------------------------------- the hand and its history


def test_the_losses_along_the_hand_are_kept_and_descent_goes_on_from_there():
    widget = WeightSliders()
    start = widget.loss
    widget.sliders["bias y"].value = 0.6
    widget.sliders["x₁→h₃"].value = 1.2
    assert widget.hand == [start, widget.hand[1], widget.loss]
    left_off = widget.loss
    widget.step_button.click()
    assert widget.descent == [left_off, widget.loss]
    assert "Descent has made 1 step from where your hand left off." in widget.status.value
    widget.step_button.click()
    assert "Descent has made 2 steps from where your hand left off." in widget.status.value
    widget.undo_button.click()
    widget.step_button.click()
    assert 'data-line="hand"' in widget.view.svg
    assert 'data-line="descent"' in widget.view.svg
    widget.sliders["bias y"].value = 0.9
    assert widget.hand[-2:] == [widget.descent[-1], widget.loss]
    widget.step_button.click()
    assert widget.descent[0] == widget.hand[-1]


def test_words_fit_a_start_that_no_hand_has_touched():
    widget = WeightSliders()
    widget.step_button.click()
    assert "Descent has made 1 step from this start." in widget.status.value
    widget.zero_button.click()
    widget.sliders["bias y"].value = 0.5
    widget.step_button.click()
    assert "Descent can make no step from here: no gradient is left." in widget.status.value
    assert "no gradient is left" in widget.message.value


def test_a_net_that_is_right_from_the_start_is_not_called_the_work_of_a_hand():
    widget = WeightSliders(
        Sequential([Affine([[1.0], [1.0]], [-0.4])], MSELoss()), (X, (X.sum(axis=1) > 0).astype(float))
    )
    assert widget.right.all()
    assert "by hand" not in widget.status.value
    assert "All right. Now make the loss smaller" in widget.status.value


def test_one_step_is_the_rule_of_descent():
    widget = WeightSliders(lr=0.2)
    before = {name: widget.value(name) for name in NAMES}
    gradients = {name: widget.gradient(name) for name in NAMES}
    widget.step_button.click()
    for name in NAMES:
        assert widget.value(name) == pytest.approx(before[name] - 0.2 * gradients[name], abs=1e-12)
    assert widget.loss < widget.descent[0]


def test_descent_finishes_and_the_sliders_stand_at_the_marks_next_to_the_weights():
    widget = WeightSliders()
    widget.finish_button.click()
    assert widget.right.all()
    assert widget.loss < 0.002
    assert "Descent is done" in widget.message.value
    assert widget.descent[0] == widget.hand[-1]
    assert widget.descent[-1] == widget.loss
    assert all(widget.hand[-1] >= loss for loss in widget.descent)
    for name, slider in widget.sliders.items():
        assert abs(slider.value - widget.value(name)) <= 0.05 + 1e-9
        assert slider.value * 10 == pytest.approx(round(slider.value * 10), abs=1e-6)


def test_a_slider_that_follows_is_no_hand():
    widget = WeightSliders()
    widget.finish_button.click()
    exact, moves = [widget.value(name) for name in NAMES], list(widget.hand)
    widget.follow()
    for name, slider in widget.sliders.items():  # the page sends back what it was told, give or take a rounding error
        slider.value = widget.shown[name] + 1e-9
    assert [widget.value(name) for name in NAMES] == exact
    assert widget.hand == moves


def test_undo_goes_back_one_thing_at_a_time_and_a_drag_is_one_thing():
    widget = WeightSliders()
    assert widget.undo_button.disabled
    states = [[widget.value(name) for name in NAMES]]
    for value in (0.1, 0.2, 0.3):
        widget.sliders["x₁→h₁"].value = value
    states.append([widget.value(name) for name in NAMES])
    widget.sliders["bias y"].value = 1.0
    states.append([widget.value(name) for name in NAMES])
    widget.finish_button.click()
    states.append([widget.value(name) for name in NAMES])
    widget.zero_button.click()
    while states:
        widget.undo_button.click()
        assert [widget.value(name) for name in NAMES] == states.pop()
    assert widget.undo_button.disabled
    assert len(widget.hand) == 1
    widget.undo()  # nothing left: nothing happens
    assert widget.message.value == ""


def test_random_starts_differ_and_can_be_repeated():
    first, second = WeightSliders(seed=7), WeightSliders(seed=7)
    seen = []
    for _start in range(3):
        first.random_button.click()
        second.random_button.click()
        seen.append(first.value("bias y"))
        assert seen[-1] == second.value("bias y")
        assert len(first.hand) == 1
    assert len(set(seen)) == 3


def test_a_learning_rate_that_is_too_large_blows_up_and_the_weights_come_back():
    widget = WeightSliders(lr=5.0)
    for name in ("x₁→h₁", "x₂→h₁", "h₁→y"):
        widget.sliders[name].value = 3.0
    before = [widget.value(name) for name in NAMES]
    widget.finish_button.click()
    assert "blew up" in widget.message.value
    assert "lr 5" in widget.message.value
    assert [widget.value(name) for name in NAMES] == before
    assert np.isfinite(widget.loss)


def test_one_step_too_many_says_why_there_is_none():
    widget = WeightSliders()
    widget.finish_button.click()
    made = len(widget.descent)
    widget.step_button.click()
    assert len(widget.descent) == made
    assert "Descent is done" in widget.message.value


def test_a_hand_pauses_descent_and_its_weight_counts():
    widget = WeightSliders()
    widget.zero_start()
    widget.lr.value = 0.01

    async def pull():
        widget.finish_button.click()
        assert widget.finish_button.description == "Pause"
        while len(widget.descent) < 30:
            await asyncio.sleep(0)
        assert widget.running
        widget.sliders["h₁→y"].value = 2.0
        steps = len(widget.descent)
        for _turn in range(10):
            await asyncio.sleep(0)
        assert not widget.running
        assert len(widget.descent) == steps

    asyncio.run(pull())
    assert widget.value("h₁→y") == 2.0
    assert 0 < widget.value("bias y") < 0.5  # what descent has done stays
    assert widget.finish_button.description == "Let descent finish"


def test_pause_stops_at_once_and_it_goes_on_from_there():
    widget = WeightSliders(lr=0.01)

    async def pause():
        widget.finish_button.click()
        while len(widget.descent) < 30:
            await asyncio.sleep(0)
        task = widget.background.task
        widget.finish_button.click()
        steps, loss = len(widget.descent), widget.loss
        await asyncio.wait_for(task, 60)  # whatever was under way has ended
        assert (len(widget.descent), widget.loss) == (steps, loss)
        return steps

    steps = asyncio.run(pause())
    widget.step_button.click()
    assert len(widget.descent) == steps + 1


def test_closing_stops_descent():
    widget = WeightSliders(lr=0.01)

    async def close():
        widget.finish_button.click()
        background = widget.background
        await asyncio.sleep(0)
        widget.close()
        assert not background.running

    asyncio.run(close())


# ---------------------------------------------------------------- other nets, and what is refused


@pytest.mark.parametrize("sizes", [(2, 1), (2, 2, 1), (2, 4, 1), (2, 5, 1), (2, 2, 2, 1)])
@pytest.mark.parametrize("loss", [MSELoss, SigmoidWithLoss])
def test_other_small_nets_have_their_place(sizes, loss):
    given = net(*sizes, loss=loss, bend=Tanh)
    before = {name: param.copy() for name, param in given.parameters().items()}
    widget = WeightSliders(given, (X, T))
    assert len(widget.sliders) == sum(param.size for param in before.values())
    ET.fromstring(widget.view.svg)
    for slider in list(widget.sliders.values()):
        slider.value = -0.5
    widget.step_button.click()
    assert widget.message.value == ""
    assert widget.loss == pytest.approx(widget.net.loss(X, T))
    for name, param in given.parameters().items():
        np.testing.assert_array_equal(param, before[name])


def test_no_number_touches_a_circle_and_no_axis_the_chart_beside_it():
    layers = [Affine(np.full((2, 3), -0.33), np.zeros(3)), ReLU(), Affine(np.full((3, 1), -0.33), np.zeros(1))]
    widget = WeightSliders(Sequential(layers, MSELoss()), (X, T))
    circles = re.findall(r'<circle class="\w+" cx="([\d.]+)" cy="([\d.]+)" r="17"', widget.view.svg)
    texts = re.findall(r'<text class="val" x="([\d.]+)" y="([\d.]+)"[^>]*>−0.33<', widget.view.svg)
    assert (len(circles), len(texts)) == (6, 9)
    for left, bottom in texts:
        for x, y in circles:
            beside = abs(float(x) - float(left)) - 17 - 5 * 8.4 / 2  # a bold figure is 8.4 pixels wide
            assert beside > 2 or abs(float(y) - float(bottom) + 5) > 17 + 6
    loss = float(re.search(r'translate\(([\d.]+) [\d.]+\) rotate\(-90\)">loss<', widget.view.svg)[1])
    assert loss - 12 > PLANE[0] + PLANE[2] + 8


def test_a_yes_or_no_loss_shows_probabilities():
    widget = WeightSliders(net(2, 2, 1, loss=SigmoidWithLoss), (X, T))
    np.testing.assert_allclose(widget.outputs, 1 / (1 + np.exp(-widget.net(X)[:, 0])))


def test_sliders_reach_as_far_as_the_weights_that_are_given():
    given = net(2, 2, 1)
    given.layers[0].params["W"][0, 1] = 7.2
    widget = WeightSliders(given, (X, T))
    assert widget.sliders["x₁→h₂"].max == 8
    assert widget.sliders["x₁→h₂"].value == pytest.approx(7.2)


def test_a_weight_beyond_its_slider_stays_until_a_hand_moves_it():
    widget = WeightSliders()
    widget._put([0 * param + 9.0 for param in widget._values()])
    assert widget.sliders["bias y"].value == pytest.approx(4)
    assert widget.value("bias y") == 9
    widget.sliders["bias y"].value = 3.9
    assert widget.value("bias y") == pytest.approx(3.9)
    assert widget.value("h₁→y") == 9


def test_units_are_named_by_layer():
    assert unit_names((2, 3, 1)) == [["x₁", "x₂"], ["h₁", "h₂", "h₃"], ["y"]]
    assert unit_names((2, 2, 2, 1))[2] == ["g₁", "g₂"]


OTHER = Sequential([Affine(np.ones((2, 2)), [0.0, 0])], SoftmaxWithLoss())


@pytest.mark.parametrize(
    ("arguments", "kind", "rule"),
    [
        ((net(2, 6, 1),), ValueError, "room for 21 parameters, one slider each; this net has 25"),
        ((OTHER,), ValueError, "MSELoss or SigmoidWithLoss"),
        ((Sequential([Affine(np.ones((2, 1)), [0.0])]),), ValueError, "MSELoss or SigmoidWithLoss, got None"),
        ((Sequential([ReLU()], MSELoss()),), ValueError, "1 to 4 Affine"),
        ((net(2, 2),), ValueError, "one score per row, got 2"),
        ((net(3, 2, 1),), ValueError, "expects 3 features"),
        (("net",), TypeError, "a Sequential"),
        ((net(2, 1), X), TypeError, "a pair"),
        ((net(2, 1), (X[:, :1], T)), ValueError, r"2 features, got x with shape \(4, 1\)"),
        ((net(2, 1), (np.ones((9, 2)), np.ones(9))), ValueError, "1 to 8 rows"),
        ((net(2, 1), (X, T + 1)), ValueError, "0 or 1"),
        ((net(2, 1), (X, T[:3])), ValueError, "0 or 1 for each row"),
        ((net(2, 1), (X * np.nan, T)), ValueError, "finite"),
    ],
)
def test_what_has_no_place_is_refused(arguments, kind, rule):
    with pytest.raises(kind, match=rule):
        WeightSliders(*arguments)


def test_weights_that_are_no_numbers_and_odd_learning_rates_are_refused():
    broken = net(2, 1)
    broken.parameters()["Affine 1.W"][0] = np.inf
    with pytest.raises(ValueError, match=r"Affine 1\.W must hold finite"):
        WeightSliders(broken, (X, T))
    with pytest.raises(ValueError, match=r"lr must be one of .*, got 0.3"):
        WeightSliders(lr=0.3)


def test_a_name_is_written_not_run():
    data = datasets.xor()
    widget = WeightSliders(data=(data.x, data.t), classes=("<b>", "&"), features=("<i>", "y"))
    ET.fromstring(widget.view.svg)
    assert "<b>" not in widget.view.svg


def test_an_error_in_a_callback_is_shown():
    widget = WeightSliders()
    widget.net.loss = lambda *_values: 1 / 0
    widget.sliders["bias y"].value = 2.0
    assert "ZeroDivisionError" in widget.message.value


def test_it_leaves_a_picture_for_a_page_without_a_kernel():
    still_of(WeightSliders())
