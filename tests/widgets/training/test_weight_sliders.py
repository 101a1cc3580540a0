"""The weight sliders: gradients and descent agree with finite differences and nets written out."""

import asyncio
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from nbkit import Affine, MSELoss, Sequential, SigmoidWithLoss, SoftmaxWithLoss, Tanh, WeightSliders
from tests.experiment.xor import T, X
from tests.widgets.training.small_nets import NAMES, marks, net, plain_loss

BY_HAND = {"x₁→h₁": 1, "x₂→h₁": -1, "x₁→h₂": -1, "x₂→h₂": 1, "h₁→y": 1, "h₂→y": 1}


def set_by_hand(widget):
    widget.zero_button.click()
    for name, value in BY_HAND.items():
        widget.sliders[name].value = value


# ---------------------------------------------------------------- parameters and outputs


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


def test_the_net_by_hand_gets_all_four_right():
    widget = WeightSliders()
    set_by_hand(widget)
    assert widget.loss == 0
    assert widget.right.all()
    outputs = marks(widget)["outputs"]
    assert outputs.texts == ["0", "1", "1", "0"]
    assert outputs.cases == ["0 0 ✓", "0 1 ✓", "1 0 ✓", "1 1 ✓"]
    assert marks(widget)["score"].texts == {"right": "4 of 4 right", "loss": "loss 0"}
    assert "All right, by hand! Nothing is left to do: the loss is below 0.002." in widget.status.value
    widget.finish_button.click()
    assert "Nothing is left for descent to do: the loss is below 0.002 already." in widget.status.value
    assert widget.view.svg.count("boundary") >= 2  # two lines


# ---------------------------------------------------------------- moves and their history


def test_the_losses_of_the_moves_are_kept_and_descent_goes_on_from_there():
    widget = WeightSliders()
    start = widget.loss
    widget.sliders["bias y"].value = 0.6
    widget.sliders["x₁→h₃"].value = 1.2
    assert widget.moves == [start, widget.moves[1], widget.loss]
    left_off = widget.loss
    widget.step_button.click()
    assert widget.descent == [left_off, widget.loss]
    assert "Descent has made 1 step from where your hand left off." in widget.status.value
    widget.step_button.click()
    assert "Descent has made 2 steps from where your hand left off." in widget.status.value
    widget.undo_button.click()
    widget.step_button.click()
    assert marks(widget)["moves"].y.tolist() == widget.moves
    assert marks(widget)["descent"].y.tolist() == widget.descent
    widget.sliders["bias y"].value = 0.9
    assert widget.moves[-2:] == [widget.descent[-1], widget.loss]
    widget.step_button.click()
    assert widget.descent[0] == widget.moves[-1]


def test_words_fit_a_start_without_moves():
    widget = WeightSliders()
    widget.step_button.click()
    assert "Descent has made 1 step from this start." in widget.status.value
    widget.zero_button.click()
    widget.sliders["bias y"].value = 0.5
    widget.step_button.click()
    assert "Descent can make no step from here: no gradient is left." in widget.status.value
    assert "no gradient is left" in widget.message.value


def test_a_net_that_is_right_from_the_start_is_not_called_done_by_hand():
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


def test_descent_finishes_and_the_sliders_stand_at_the_stops_next_to_the_weights():
    widget = WeightSliders()
    widget.finish_button.click()
    assert widget.right.all()
    assert widget.loss < 0.002
    assert "Descent is done" in widget.message.value
    assert widget.descent[0] == widget.moves[-1]
    assert widget.descent[-1] == widget.loss
    assert all(widget.moves[-1] >= loss for loss in widget.descent)
    for name, slider in widget.sliders.items():
        assert abs(slider.value - widget.value(name)) <= 0.05 + 1e-9
        assert slider.value * 10 == pytest.approx(round(slider.value * 10), abs=1e-6)


def test_a_slider_that_the_widget_moves_is_no_move():
    widget = WeightSliders()
    widget.finish_button.click()
    exact, moves = [widget.value(name) for name in NAMES], list(widget.moves)
    widget.sync_sliders()
    for slider in widget.sliders.values():  # the page sends back what it was told, give or take a rounding error
        slider.value = slider.sent + 1e-9
    assert [widget.value(name) for name in NAMES] == exact
    assert widget.moves == moves


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
    assert len(widget.moves) == 1
    widget.undo()  # nothing left: nothing happens
    assert widget.message.value == ""


# ---------------------------------------------------------------- starts, and where descent ends


def test_random_starts_differ_and_can_be_repeated():
    first, second = WeightSliders(seed=7), WeightSliders(seed=7)
    seen = []
    for _start in range(3):
        first.random_button.click()
        second.random_button.click()
        seen.append(first.value("bias y"))
        assert seen[-1] == second.value("bias y")
        assert len(first.moves) == 1
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


def test_a_moved_slider_pauses_descent_and_its_weight_counts():
    widget = WeightSliders()
    widget.zero_start()
    widget.lr.value = 0.01

    async def move_while_it_runs():
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

    asyncio.run(move_while_it_runs())
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
    given = net(*sizes, loss=loss, activation=Tanh)
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


def test_sliders_reach_as_far_as_the_weights_that_are_given():
    given = net(2, 2, 1)
    given.layers[0].params["W"][0, 1] = 7.2
    widget = WeightSliders(given, (X, T))
    assert widget.sliders["x₁→h₂"].max == 8
    assert widget.sliders["x₁→h₂"].value == pytest.approx(7.2)


def test_a_weight_beyond_its_slider_stays_until_it_is_moved():
    widget = WeightSliders()
    widget._put([0 * param + 9.0 for param in widget._values()])
    assert widget.sliders["bias y"].value == pytest.approx(4)
    assert widget.value("bias y") == 9
    widget.sliders["bias y"].value = 3.9
    assert widget.value("bias y") == pytest.approx(3.9)
    assert widget.value("h₁→y") == 9


OTHER = Sequential([Affine(np.ones((2, 2)), [0.0, 0])], SoftmaxWithLoss())


@pytest.mark.parametrize(
    ("arguments", "kind", "rule"),
    [
        ((net(2, 6, 1),), ValueError, "room for 21 parameters, one slider each; this net has 25"),
        ((OTHER,), ValueError, "MSELoss or SigmoidWithLoss"),
        ((net(2, 1), (X, T + 1)), ValueError, "0 or 1"),
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


def test_an_error_in_a_callback_is_shown():
    widget = WeightSliders()
    widget.net.loss = lambda *_values: 1 / 0
    widget.sliders["bias y"].value = 2.0
    assert "ZeroDivisionError" in widget.message.value
