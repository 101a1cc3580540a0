"""The digit pad: a pen, buttons, and answers that are the network's own."""

from types import SimpleNamespace

import numpy as np
import pytest

from nbkit import (
    Affine,
    DigitPad,
    Sequential,
    SoftmaxWithLoss,
    numerical_gradient,
)  # fmt: skip
from nbkit.widgets.digits.digit_picture import SHEET_LEFT, SHEET_TOP, SQUARE
from tests.widgets.digits.conftest import DATA, HELD_OUT


def square(pad):
    return pad.pixels.reshape(8, 8)


def point(pad, kind, x, y):
    """Let the page report a pointer event at (x, y) in squares of the sheet."""
    message = {"kind": kind, "area": "sheet", "item": None, "x": SHEET_LEFT + x * SQUARE, "y": SHEET_TOP + y * SQUARE}
    pad.view._handle_custom_msg(message, [])


def mark(pad, k):
    """Ask for dL/dx with class `k` as the truth; -1 for the class that it decides for."""
    pad.target.value = k
    pad.marks.value = True


def signs(pad):
    """Signs in the picture by pixel."""
    return pad.view.svg.marks["signs"].signs


# ---------------------------------------------------------------- what the network says


def test_the_picture_shows_the_sheet_and_what_the_network_says(pad, net):
    for i in (0, 5, 11):
        pad.load(i)
        expected, shown = net.probabilities(HELD_OUT[0][i : i + 1])[0], pad.view.svg.marks
        np.testing.assert_array_equal(shown["sheet"].pixels, HELD_OUT[0][i])
        np.testing.assert_array_equal(pad.y, expected)
        np.testing.assert_array_equal(shown["bars"].y, expected)
        assert (shown["bars"].decision, shown["bars"].truth) == (expected.argmax(), HELD_OUT[1][i])


def test_it_says_whether_it_is_right(pad, net):
    decisions = net.decide(HELD_OUT[0])
    wrong, right = (int(np.flatnonzero((decisions == HELD_OUT[1]) == yes)[0]) for yes in (False, True))
    pad.load(wrong)
    assert f"label of the digit that was loaded is {HELD_OUT[1][wrong]}: wrong." in pad.status.value
    pad.load(right)
    assert ": right." in pad.status.value


@pytest.mark.parametrize("k", [-1, 0, 3, 9])
def test_the_gradient_agrees_with_nudging_each_pixel(pad, net, k):
    pad.load(4)
    mark(pad, k)
    t = np.array([pad.decision if k == -1 else k])
    rows = HELD_OUT[0][4:5]
    expected = numerical_gradient(lambda x: net.loss(x, t), rows)[0]
    np.testing.assert_allclose(pad.gradient, expected, atol=1e-7)


def test_marks_say_where_more_ink_makes_the_class_likelier(pad, net):
    pad.load(4)
    mark(pad, 3)
    before = net.probabilities(pad.pixels[None])[0, 3]
    drawn = signs(pad)
    assert set(drawn.values()) == {"+", "-"}
    strong = [i for i in drawn if abs(pad.gradient[i]) > 0.5 * np.abs(pad.gradient).max()]
    for i in strong:
        nudged = pad.pixels.copy()
        nudged[i] += 1e-4
        assert (net.probabilities(nudged[None])[0, 3] > before) == (drawn[i] == "+")
    pad.marks.value = False
    assert signs(pad) == {}
    assert pad.gradient is None


def test_it_follows_the_network_that_it_was_given(pad):
    before = pad.y.copy()
    pad.net = Sequential([Affine(np.zeros((64, 10)), np.eye(10)[2] * 5)], SoftmaxWithLoss())
    pad.show()
    assert pad.decision == 2
    assert not np.allclose(before, pad.y)


def test_it_asks_and_changes_no_parameter(net):
    before = {name: p.copy() for name, p in net.parameters().items()}
    pad = DigitPad(net, HELD_OUT)
    mark(pad, 5)
    pad.invert()
    for name, p in net.parameters().items():
        np.testing.assert_array_equal(p, before[name])


# ---------------------------------------------------------------- hidden units


def press_unit(pad, unit):
    pad.view._handle_custom_msg({"kind": "press", "area": None, "item": f"unit {unit}", "x": 0, "y": 0}, [])


def test_hidden_units_follow_every_stroke(net):
    pad = DigitPad(net)
    for points in ([(1, 1), (6, 6)], [(6, 1), (1, 6)]):
        pad.draw(points)
        expected = np.maximum(net.layers[0].forward(pad.pixels[None]), 0)[0]
        np.testing.assert_array_equal(pad.hidden.shows, expected)
        np.testing.assert_array_equal(pad.view.svg.marks["units"].shows, expected)
        assert pad.view.svg.marks["units"].full >= expected.max()


def test_a_pressed_unit_shows_its_weights_on_the_sheet_and_for_which_digits_it_speaks(pad, net):
    mark(pad, 3)
    press_unit(pad, 5)
    first, _relu, last = net.layers
    weights = first.params["W"][:, 5]
    assert pad.view.svg.marks["units"].chosen == 5
    drawn = signs(pad)
    assert drawn
    assert all((weights[i] > 0) == (sign == "+") for i, sign in drawn.items())
    np.testing.assert_array_equal(pad.view.svg.marks["voices"].weights, last.params["W"][5])
    assert f"speaks for {last.params['W'][5].argmax()}" in pad.status.value
    press_unit(pad, 5)
    assert "voices" not in pad.view.svg.marks
    assert "makes 3 likelier" in pad.status.value, "dL/dx is shown again, as the list says"


def test_what_was_asked_for_last_has_the_sheet(pad):
    press_unit(pad, 5)
    mark(pad, 4)
    assert pad.chosen is None
    press_unit(pad, 6)
    press_unit(pad, 7)
    assert pad.view.svg.marks["units"].chosen == 7


@pytest.mark.parametrize("unit", ["20", "-1", "", "x"])
def test_a_unit_that_is_not_there_is_refused(pad, unit):
    press_unit(pad, 3)
    press_unit(pad, unit)
    assert "there are 20 hidden units to choose, got" in pad.message.value
    assert pad.chosen == 3


def test_a_press_on_a_unit_draws_nothing(pad):
    before = pad.pixels
    for kind in ("press", "drag", "drop", "delete"):
        pad.view._handle_custom_msg({"kind": kind, "area": None, "item": "unit 2", "x": 50, "y": 80}, [])
    np.testing.assert_array_equal(pad.pixels, before)
    assert pad.chosen == 2


def test_another_network_may_have_no_hidden_units(pad):
    press_unit(pad, 5)
    pad.net = Sequential([Affine(np.zeros((64, 10)), np.eye(10)[2] * 5)], SoftmaxWithLoss())
    pad.show()
    assert (pad.hidden, pad.chosen) == (None, None)
    assert "units" not in pad.view.svg.marks
    assert pad.decision == 2


# ---------------------------------------------------------------- what a user does


def test_a_drag_draws_a_line_however_few_positions_arrive(net):
    pad = DigitPad(net)
    assert "the sheet is empty" in pad.status.value
    point(pad, "press", 1, 4)
    point(pad, "drag", 7, 4)
    point(pad, "drop", 7, 4)
    assert (square(pad)[4, 1:7] > 0.5).all()
    assert square(pad)[0].max() == 0
    point(pad, "press", 2, 1)
    point(pad, "drop", 2, 1)
    assert square(pad)[1, 6] == 0, "a new stroke must not begin at the end of the last one"
    assert "empty" not in pad.status.value


def test_delete_and_the_rubber_take_ink_away(pad):
    pad.load(0)
    inked = pad.pixels.sum()
    point(pad, "delete", 4, 4)
    assert pad.pixels.sum() < inked
    pad.tool.value = "rubber"
    point(pad, "press", 0, 0)
    for y in np.arange(0.5, 8):
        point(pad, "drag", 8 * (int(y) % 2), y)
    point(pad, "drop", 8, 8)
    assert pad.pixels.sum() < 0.2 * inked


@pytest.mark.parametrize("way", ["rubber", "left", "down"])
def test_of_an_emptied_sheet_no_label_is_told(pad, way):
    pad.load(4)
    assert "The label" in pad.status.value
    if way == "rubber":
        for y in range(9):
            pad.draw([(0, y), (8, y)], erase=True)
    else:
        for _press in range(8):
            pad.shift_buttons[way].click()
    assert not pad.pixels.any()
    assert "The label" not in pad.status.value
    assert pad.view.svg.marks["bars"].truth is None
    pad.draw([(2, 4), (6, 4)])
    assert "The label" not in pad.status.value


def test_a_pointer_may_leave_the_sheet(pad):
    pad.clear()
    point(pad, "press", 7, 7)
    point(pad, "drag", 500, 500)
    point(pad, "drop", -500, 500)
    assert pad.message.value == ""
    assert pad.pixels.max() <= 1


@pytest.mark.parametrize(("way", "right", "down"), [("right", 1, 0), ("left", -1, 0), ("down", 0, 1), ("up", 0, -1)])
def test_a_button_with_an_arrow_moves_the_digit_by_one_pixel(pad, way, right, down):
    pad.load(2)
    start = np.pad(square(pad), 1)
    pad.shift_buttons[way].click()
    np.testing.assert_array_equal(square(pad), np.roll(start, (down, right), (0, 1))[1:-1, 1:-1])
    assert pad.truth == HELD_OUT[1][2], "a moved digit is still that digit"


def test_the_other_buttons_do_what_they_say(pad):
    pad.load(2)
    start = square(pad).copy()
    pad.invert_button.click()
    np.testing.assert_allclose(square(pad), 1 - start)
    pad.clear_button.click()
    assert not pad.pixels.any()
    assert pad.view.svg.marks["bars"].truth is None
    pad.draw([(3, 3), (4, 5)])
    pad.fit_button.click()
    assert square(pad)[[0, 7]].any(axis=1).all()


def test_next_and_previous_go_around(pad):
    last = len(HELD_OUT[0]) - 1
    pad.previous_button.click()
    assert pad.index.value == last
    np.testing.assert_array_equal(pad.pixels, HELD_OUT[0][last])
    pad.next_button.click()
    pad.next_button.click()
    assert pad.index.value == 1
    assert pad.truth == HELD_OUT[1][1]
    pad.index.value = 7
    np.testing.assert_array_equal(pad.pixels, HELD_OUT[0][7])


def test_with_a_single_digit_next_loads_it_again(net):
    pad = DigitPad(net, (DATA.x[:1], DATA.t[:1]))
    pad.clear()
    pad.next_button.click()
    np.testing.assert_array_equal(pad.pixels, DATA.x[0])


def test_without_data_there_is_nothing_to_load(net):
    pad = DigitPad(net)
    assert all(control.disabled for control in (pad.index, pad.next_button, pad.previous_button))
    assert not pad.pixels.any()
    with pytest.raises(ValueError, match="0 digits to load, got number 3"):
        pad.load(3)


def test_the_data_are_copied(net):
    x = DATA.x[:3].copy()
    pad = DigitPad(net, (x, DATA.t[:3]))
    pad.clear()
    x[:] = 0
    pad.load(1)
    np.testing.assert_array_equal(pad.pixels, DATA.x[1])


@pytest.mark.parametrize("points", [[], [1, 2], [(1, 2, 3)], [(1, np.nan)], "ab", None])
def test_points_that_are_none_are_refused(pad, points):
    before = pad.pixels.copy()
    with pytest.raises((ValueError, TypeError)):
        pad.draw(points)
    np.testing.assert_array_equal(pad.pixels, before)


# ---------------------------------------------------------------- what it refuses


def small(*, k=10, d=64):
    return Sequential([Affine.random(d, k, 0)], SoftmaxWithLoss())


@pytest.mark.parametrize(
    ("arguments", "kind", "rule"),
    [
        ((None,), TypeError, "needs a net with probabilities"),
        ((small(k=4),), ValueError, r"10\) probabilities, of one row it made shape \(1, 4\)"),
        ((small(d=4),), ValueError, "expects 4 features"),
        ((small(), DATA.x), TypeError, r"a pair \(x, t\)"),
        ((small(), (DATA.x, DATA.t[:5])), ValueError, "same number of rows"),
        ((small(), (DATA.x[:, :63], DATA.t)), ValueError, r"\(n, 64\) shades"),
        ((small(), (DATA.x[:0], DATA.t[:0])), ValueError, "at least one"),
        ((small(), (16 * DATA.x, DATA.t)), ValueError, "between 0 and 1, got 0 to 16"),
        ((small(), (DATA.x * np.nan, DATA.t)), ValueError, "finite"),
        ((small(), (DATA.x, DATA.t + 1)), ValueError, "from 0 to 9, got 10"),
        ((small(), (DATA.x, DATA.t + 0.5)), ValueError, "whole numbers"),
        ((small(), (DATA.x, DATA.t), 1797), ValueError, "from 0 to 1796, got 1797"),
        ((small(), None, 1), ValueError, "from 0 to 0"),
    ],
)
def test_what_it_cannot_use_is_refused(arguments, kind, rule):
    with pytest.raises(kind, match=rule):
        DigitPad(*arguments)


def test_any_object_with_probabilities_is_read_but_has_no_gradient():
    uniform = SimpleNamespace(probabilities=lambda x: np.full((len(x), 10), 0.1))
    pad = DigitPad(uniform)
    assert pad.y.tolist() == [0.1] * 10
    assert all(control.disabled for control in (pad.marks, pad.target, pad.step_button, pad.run_button))
    assert "units" not in pad.view.svg.marks
    with pytest.raises(ValueError, match="0 hidden units to choose, got"):
        pad.choose(0)


def test_a_network_that_has_blown_up_says_so(pad):
    before = pad.view.svg
    pad.net = SimpleNamespace(probabilities=lambda x: np.full((len(x), 10), np.nan))
    pad.clear_button.click()
    assert "finite" in pad.message.value
    assert pad.view.svg == before


def test_no_gradient_gives_no_marks():
    pad = DigitPad(Sequential([Affine(np.zeros((64, 10)), np.zeros(10))], SoftmaxWithLoss()))
    mark(pad, 4)
    assert signs(pad) == {}
    assert "largest dL/dx is 0" in pad.status.value
