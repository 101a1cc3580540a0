"""The pad makes one digit of another, and gives back what was drawn."""

import numpy as np
import pytest

from nbkit import Affine, DigitPad, Sequential, SoftmaxWithLoss, numerical_gradient
from tests.widgets.digits.conftest import HELD_OUT


@pytest.fixture
def four(pad):
    """A pad with a digit that the network takes for no 3, and is asked to make one of it."""
    pad.load(int(np.flatnonzero((HELD_OUT[1] == 4) & (pad.net.decide(HELD_OUT[0]) == 4))[0]))
    pad.target.value = 3
    return pad


def test_each_step_follows_the_gradient_and_the_bars_follow(four, net):
    before, y = four.pixels, four.y[3]
    gradient = numerical_gradient(lambda x: net.loss(x, np.array([3])), before[None])[0]
    four.step_button.click()
    moved = four.pixels - before
    assert moved.any()
    assert (moved * gradient <= 0).all(), "no pixel moves where the loss grows"
    assert four.view.svg.marks["bars"].y[3] > y
    np.testing.assert_array_equal(four.view.svg.marks["sheet"].pixels, four.pixels)
    assert "Steps along −dL/dx: 1." in four.status.value


def test_play_stops_when_the_network_is_sure(four):
    before = four.pixels
    four.run_button.click()  # without a loop it runs to its end
    assert (four.decision, four.running) == (3, False)
    assert four.y[3] >= 0.99
    far = np.abs(four.pixels - before)
    words = f"Steps along −dL/dx: {four.making.steps}. Shades have changed by {far.mean():.3f}"
    assert words.rstrip("0") in four.status.value
    assert four.pixels.min() >= 0
    assert four.pixels.max() <= 1
    steps = four.making.steps
    for control in (four.step_button, four.run_button):
        control.click()
        assert "sure that this is a 3" in four.message.value
        assert four.making.steps == steps


def test_as_i_drew_it(four):
    before = four.pixels
    four.run_button.click()
    four.as_drawn_button.click()
    np.testing.assert_array_equal(four.pixels, before)
    assert four.as_drawn_button.disabled
    assert "Steps" not in four.status.value
    assert four.decision == 4


@pytest.mark.parametrize("change", ["draw", "clear", "load", "shift", "fit", "invert"])
def test_a_hand_that_changes_the_sheet_begins_anew(four, change):
    four.step_button.click()
    {
        "draw": lambda: four.draw([(1, 1), (2, 2)]),
        "clear": four.clear,
        "load": lambda: four.load(0),
        "shift": lambda: four.shift(1, 0),
        "fit": four.fit,
        "invert": four.invert,
    }[change]()
    after = four.pixels
    assert four.making.steps == 0
    assert four.as_drawn_button.disabled
    four.as_drawn()
    np.testing.assert_array_equal(four.pixels, after)


def test_a_network_without_a_way_says_so():
    pad = DigitPad(Sequential([Affine(np.zeros((64, 10)), np.zeros(10))], SoftmaxWithLoss()))
    for control in (pad.step_button, pad.run_button):
        pad.show_message("")
        control.click()
        assert "No pixel can make this more of a 3" in pad.message.value
    assert pad.making.steps == 0


def test_making_changes_no_parameter(four, net):
    before = {name: p.copy() for name, p in net.parameters().items()}
    four.run_button.click()
    for name, p in net.parameters().items():
        np.testing.assert_array_equal(p, before[name])
