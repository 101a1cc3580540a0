"""The picture of the weight sliders: lines, arrows, numbers and outputs are those of the net."""

import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from nbkit import Affine, MSELoss, ReLU, Sequential, SigmoidWithLoss, WeightSliders, datasets
from nbkit.widgets.training.weight_picture import PLANE_BOX
from tests.experiment.xor import T, X
from tests.pictures import leaves_a_still
from tests.widgets.training.small_nets import NAMES, marks, net


def arrow(widget, name):
    """Return how far the arrow of a parameter reaches to the right, in pixels; 0 where there is none."""
    return marks(widget)["rows"].arrows.get(name, 0.0)


def test_arrows_point_against_the_gradient_and_are_as_long_as_it():
    widget = WeightSliders()
    gradients = np.array([widget.gradient(name) for name in NAMES])
    arrows = np.array([arrow(widget, name) for name in NAMES])
    assert np.count_nonzero(arrows) >= 4
    assert set(np.sign(arrows * gradients)) <= {0, -1}
    np.testing.assert_allclose(arrows / np.abs(arrows).max(), -gradients / np.abs(gradients).max(), atol=0.03)
    steepest = NAMES[int(np.abs(gradients).argmax())]
    number = float(marks(widget)["rows"].texts[steepest].replace("−", "-"))
    assert number == pytest.approx(-widget.gradient(steepest), rel=0.01)


@pytest.mark.parametrize(("bias", "text"), [(0.4, "+ 0.4"), (-1.3, "− 1.3"), (0, "+ 0"), (-0.001, "+ 0")])
def test_a_bias_is_written_as_what_is_added(bias, text):
    given = Sequential([Affine([[1.0], [2.0]], [bias])], MSELoss())
    assert f">{text}</text>" in WeightSliders(given, (X, T)).view.svg


def test_every_parameter_has_its_line_or_circle_which_a_page_can_change_as_far_as_its_slider():
    widget = WeightSliders()
    assert widget.view.svg.head["role"] == "group"
    for name, control in widget.sliders.items():
        mark = marks(widget)[name]
        assert (mark.value, mark.label) == (widget.value(name), name)
        assert (mark.low, mark.high, mark.step) == (control.min, control.max, control.step)
        assert mark.vertical


def test_colours_tell_signs_and_nothing_else():
    """What follows the theme by the roles of a graph would say forward or backward."""
    widget = WeightSliders()
    widget.finish_button.click()
    content = widget.view.svg.content.split("</style>")[1]
    assert "--nbkit-positive" in content
    assert "--nbkit-negative" in content
    assert not re.search(r'--nbkit-(value|gradient|input|operation)|class="(val|grad|in|op)"', content)
    assert "− negative" in content
    assert "+ positive" in content


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


def test_a_move_is_drawn_once():
    widget, drawn = WeightSliders(), []
    widget.view.observe(drawn.append, "svg")
    widget.sliders["bias y"].value = 1.3
    assert len(drawn) == 1


def test_no_number_touches_a_circle_and_no_axis_the_chart_beside_it():
    layers = [Affine(np.full((2, 3), -0.33), np.zeros(3)), ReLU(), Affine(np.full((3, 1), -0.33), np.zeros(1))]
    widget = WeightSliders(Sequential(layers, MSELoss()), (X, T))
    circles = re.findall(r'<circle cx="([\d.]+)" cy="([\d.]+)" r="17"', widget.view.svg)
    texts = re.findall(r'<text class="name" x="([\d.]+)" y="([\d.]+)"[^>]*>−0.33<', widget.view.svg)
    assert (len(circles), len(texts)) == (6, 9)
    for left, bottom in texts:
        for x, y in circles:
            beside = abs(float(x) - float(left)) - 17 - 5 * 8.4 / 2  # a bold figure is 8.4 pixels wide
            assert beside > 2 or abs(float(y) - float(bottom) + 5) > 17 + 6
    loss = float(re.search(r'translate\(([\d.]+) [\d.]+\) rotate\(-90\)">loss<', widget.view.svg)[1])
    assert loss - 12 > PLANE_BOX[0] + PLANE_BOX[2] + 8


def test_a_yes_or_no_loss_shows_probabilities():
    widget = WeightSliders(net(2, 2, 1, loss=SigmoidWithLoss), (X, T))
    np.testing.assert_allclose(marks(widget)["outputs"].values, 1 / (1 + np.exp(-widget.net(X)[:, 0])))


def test_a_name_is_written_not_run():
    data = datasets.xor()
    widget = WeightSliders(data=(data.x, data.t), classes=("<b>", "&"), features=("<i>", "y"))
    ET.fromstring(widget.view.svg)
    assert "<b>" not in widget.view.svg


def test_it_leaves_a_picture_for_a_page_without_a_kernel():
    leaves_a_still(WeightSliders())


@pytest.mark.parametrize(("bias", "cut"), [(1.4, []), (2.5, ["↑"]), (-0.4, []), (-0.9, ["↓"])])
def test_a_bar_that_is_cut_off_says_so(bias, cut):
    given = Sequential([Affine([[0.0], [0.0]], [bias])], MSELoss())
    found = ET.fromstring(str(WeightSliders(given, (X[:1], T[:1])).view.svg))
    assert [text.text for text in found.iter() if text.get("data-cut")] == cut
