"""The digit pad: shades as the makers of the data counted them, and answers that are the network's own."""

import re
import warnings
import xml.etree.ElementTree as ET
from itertools import pairwise
from types import SimpleNamespace

import numpy as np
import pytest

from nbkit import (
    SGD,
    Affine,
    DigitPad,
    History,
    ReLU,
    Sequential,
    SoftmaxWithLoss,
    Variable,
    datasets,
    numerical_gradient,
    train,
)  # fmt: skip
from nbkit.widgets.digits.digit_picture import LEFT, SQUARE, TOP, chance
from nbkit.widgets.digits.raster import Raster
from nbkit.widgets.kit.svg_view import Touch
from tests.pictures import still_of

DATA = datasets.digits()
HELD_OUT = DATA.x[1500:], DATA.t[1500:]


@pytest.fixture(scope="module")
def net():
    rng = np.random.default_rng(0)
    net = Sequential([Affine.random(64, 20, rng), ReLU(), Affine.random(20, 10, rng)], SoftmaxWithLoss())
    History(train(net, (DATA.x[:1500], DATA.t[:1500]), SGD(lr=0.2), batch_size=32, epochs=15))
    return net


@pytest.fixture
def pad(net):
    return DigitPad(net, HELD_OUT)


def square(pad):
    return pad.pixels.reshape(8, 8)


def touch(pad, hand, x, y):
    """Let a hand do something at (x, y) in squares of the sheet, as a message from the page."""
    message = {"hand": hand, "pad": "sheet", "item": None, "x": LEFT + x * SQUARE, "y": TOP + y * SQUARE}
    pad.view._handle_custom_msg(message, [])


def marks(pad):
    """Signs in the picture by pixel."""
    return {int(i): sign for sign, i in re.findall(r'data-mark="([+-])(\d+)"', pad.view.svg)}


def shades(pad):
    """Opacities in the picture by pixel."""
    found = re.findall(r'data-pixel="(\d+)" .*?fill-opacity:([\d.]+)"', pad.view.svg)
    return {int(i): float(opacity) for i, opacity in found}


# ---------------------------------------------------------------- ink


def test_shades_count_points_in_blocks_of_four_by_four():
    ink = Raster()
    ink.cells[0:4, 4:6] = 1
    ink.cells[31, 31] = 1
    assert ink.pixels[1] == 8 / 16
    assert ink.pixels[63] == 1 / 16
    assert ink.pixels.sum() == 9 / 16


def test_loaded_shades_come_back_as_they_were():
    ink = Raster()
    ink.pixels = DATA.x[0]
    np.testing.assert_array_equal(ink.pixels, DATA.x[0])


def test_a_dot_has_the_area_of_the_pen():
    """A circle of radius 2.7 points holds about 22.9 points of 16 to the pixel."""
    ink = Raster()
    ink.stroke((4, 4), (4, 4))
    assert ink.pixels.sum() == pytest.approx(np.pi * 2.7**2 / 16, rel=0.1)
    np.testing.assert_allclose(ink.pixels.reshape(8, 8), ink.pixels.reshape(8, 8)[::-1, ::-1])


def test_a_stroke_has_no_gaps_and_soft_edges():
    ink = Raster()
    ink.stroke((1, 1), (7, 6.5))
    cells = np.argwhere(ink.cells)
    assert set(cells[:, 0]) == set(range(cells[:, 0].min(), cells[:, 0].max() + 1))
    assert ((ink.pixels > 0) & (ink.pixels < 1)).sum() > 10
    assert ((16 * ink.pixels) % 1 == 0).all()


def test_drawn_digits_hold_as_much_ink_as_those_of_the_data():
    """Ten digits, each a few straight lines on the full height."""
    lines = (
        "2 1 6 1 6 7 2 7 2 1", "3 2 4.3 .7 4.3 7.3", "2 1.5 5.5 1 5.5 3 2 7.2 6 7.2", "2 1 6 1 6 7 2 7",
        "4 1 2 4.5 6 4.5", "6 1 2 1 2 4 6 4 6 7 2 7", "5 1 2 4 2 7 6 7 6 4 2 4", "2 1 6 1 3.6 7.3",
        "2 1 6 1 6 7 2 7 2 1", "6 4 2 4 2 1 6 1 6 7",
    )  # fmt: skip
    drawn = []
    for line in lines:
        ink, points = Raster(), np.array(line.split(), float).reshape(-1, 2)
        for start, end in pairwise(points):
            ink.stroke(start, end)
        drawn.append(ink.pixels.mean())
    assert np.mean(drawn) == pytest.approx(DATA.x.mean(), rel=0.15)


@pytest.mark.parametrize(("right", "down"), [(1, 0), (-1, 0), (0, 1), (0, -1), (2, -3), (9, 0), (0, -9), (0, 0)])
def test_a_shift_loses_what_leaves_and_brings_in_paper(right, down):
    ink = Raster()
    ink.pixels = DATA.x[7]
    old, new = DATA.x[7].reshape(8, 8), np.zeros((8, 8))
    for row in range(8):
        for column in range(8):
            if 0 <= row - down < 8 and 0 <= column - right < 8:
                new[row, column] = old[row - down, column - right]
    ink.shift(right, down)
    np.testing.assert_array_equal(ink.pixels.reshape(8, 8), new)


@pytest.mark.parametrize("stroke", [((1, 1), (2, 3)), ((6, 6), (6.5, 6.8)), ((0.4, 4), (7.6, 4)), ((3, 0), (3, 8))])
def test_fit_fills_the_height_or_the_width_and_stands_in_the_middle(stroke):
    ink = Raster()
    ink.stroke(*stroke)
    ink.fit()
    rows, columns = np.flatnonzero(ink.cells.any(axis=1)), np.flatnonzero(ink.cells.any(axis=0))
    assert len(rows) == 32 or len(columns) == 26
    assert abs(rows[0] - (31 - rows[-1])) <= 1
    assert abs(columns[0] - (31 - columns[-1])) <= 1


def test_fit_keeps_an_empty_sheet_empty_and_a_dot_in_sight():
    ink = Raster()
    ink.fit()
    assert not ink.pixels.any()
    ink.cells[3, 3] = 1
    ink.fit()
    assert ink.cells.sum() == 26 * 26


# ---------------------------------------------------------------- what the network says


def test_the_bars_are_the_networks_probabilities(pad, net):
    for i in (0, 5, 11):
        pad.load(i)
        expected = net.probabilities(HELD_OUT[0][i : i + 1])[0]
        np.testing.assert_array_equal(pad.y, expected)
        lengths = [float(w) for w in re.findall(r'data-bar="\d" x="[\d.]+" width="([\d.]+)"', pad.view.svg)]
        np.testing.assert_allclose(np.array(lengths) / 230, expected, atol=3e-4)
        assert f'data-decision="{expected.argmax()}"' in pad.view.svg
        assert f'data-truth="{HELD_OUT[1][i]}"' in pad.view.svg


def test_the_sheet_shows_the_shades(pad):
    pad.load(3)
    seen = np.zeros(64)
    for i, opacity in shades(pad).items():
        seen[i] = opacity
    np.testing.assert_allclose(seen, HELD_OUT[0][3], atol=1e-4)


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
    pad.marks.value = k
    t = np.array([pad.decision if k == -1 else k])
    rows = HELD_OUT[0][4:5]
    expected = numerical_gradient(lambda x: net.loss(x, t), rows)[0]
    np.testing.assert_allclose(pad.gradient, expected, atol=1e-7)


def test_marks_say_where_more_ink_makes_the_class_likelier(pad, net):
    pad.load(4)
    pad.marks.value = 3
    before = net.probabilities(pad.pixels[None])[0, 3]
    signs = marks(pad)
    assert set(signs.values()) == {"+", "-"}
    strong = [i for i in signs if abs(pad.gradient[i]) > 0.5 * np.abs(pad.gradient).max()]
    for i in strong:
        nudged = pad.pixels.copy()
        nudged[i] += 1e-4
        assert (net.probabilities(nudged[None])[0, 3] > before) == (signs[i] == "+")
    pad.marks.value = -2
    assert marks(pad) == {}
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
    pad.marks.value = 5
    pad.invert()
    for name, p in net.parameters().items():
        np.testing.assert_array_equal(p, before[name])


# ---------------------------------------------------------------- what a hand does


def test_a_drag_draws_a_line_however_few_positions_arrive(net):
    pad = DigitPad(net)
    assert "the sheet is empty" in pad.status.value
    touch(pad, "press", 1, 4)
    touch(pad, "drag", 7, 4)
    touch(pad, "drop", 7, 4)
    assert (square(pad)[4, 1:7] > 0.5).all()
    assert square(pad)[0].max() == 0
    touch(pad, "press", 2, 1)
    touch(pad, "drop", 2, 1)
    assert square(pad)[1, 6] == 0, "a new stroke must not begin at the end of the last one"
    assert "empty" not in pad.status.value


def test_delete_and_the_rubber_take_ink_away(pad):
    pad.load(0)
    inked = pad.pixels.sum()
    touch(pad, "delete", 4, 4)
    assert pad.pixels.sum() < inked
    pad.tool.value = "rubber"
    touch(pad, "press", 0, 0)
    for y in np.arange(0.5, 8):
        touch(pad, "drag", 8 * (int(y) % 2), y)
    touch(pad, "drop", 8, 8)
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
    assert "data-truth" not in pad.view.svg
    pad.draw([(2, 4), (6, 4)])
    assert "The label" not in pad.status.value


def test_a_hand_may_leave_the_sheet(pad):
    pad.clear()
    touch(pad, "press", 7, 7)
    touch(pad, "drag", 500, 500)
    touch(pad, "drop", -500, 500)
    assert pad.message.value == ""
    assert pad.pixels.max() <= 1


def test_each_button_does_what_it_says(pad):
    pad.load(2)
    start, label = square(pad).copy(), HELD_OUT[1][2]
    pad.shift_buttons["right"].click()
    np.testing.assert_array_equal(square(pad)[:, 1:], start[:, :-1])
    pad.shift_buttons["left"].click()
    pad.load(2)
    pad.shift_buttons["left"].click()
    np.testing.assert_array_equal(square(pad)[:, :-1], start[:, 1:])
    pad.load(2)
    pad.shift_buttons["down"].click()
    np.testing.assert_array_equal(square(pad)[1:], start[:-1])
    pad.load(2)
    pad.shift_buttons["up"].click()
    np.testing.assert_array_equal(square(pad)[:-1], start[1:])
    assert pad.truth == label, "a moved digit is still that digit"
    pad.load(2)
    pad.invert_button.click()
    np.testing.assert_allclose(square(pad), 1 - start)
    pad.clear_button.click()
    assert not pad.pixels.any()
    assert pad.truth is None
    assert "data-truth" not in pad.view.svg
    pad.draw([(3, 3), (4, 5)])
    pad.fit_button.click()
    assert square(pad)[0].any()
    assert square(pad)[7].any()


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


class Odd:
    """Has probabilities, but of 3 classes."""

    def probabilities(self, x):
        return np.full((len(x), 3), 1 / 3)


def small(*, k=10, d=64):
    return Sequential([Affine.random(d, k, 0)], SoftmaxWithLoss())


@pytest.mark.parametrize(
    ("arguments", "kind", "rule"),
    [
        ((None,), TypeError, "needs a net with probabilities"),
        ((3,), TypeError, "needs a net with probabilities"),
        ((Odd(),), ValueError, r"10\) probabilities, of one row it made shape \(1, 3\)"),
        ((small(k=4),), ValueError, r"of one row it made shape \(1, 4\)"),
        ((small(d=4),), ValueError, "expects 4 features"),
        ((small(), DATA.x), TypeError, r"a pair \(x, t\)"),
        ((small(), (DATA.x, DATA.t[:5])), ValueError, r"\(n,\) labels"),
        ((small(), (DATA.x[:, :63], DATA.t)), ValueError, r"\(n, 64\) shades"),
        ((small(), (DATA.x[:0], DATA.t[:0])), ValueError, "at least one"),
        ((small(), (16 * DATA.x, DATA.t)), ValueError, "between 0 and 1, got 0 to 16"),
        ((small(), (DATA.x * np.nan, DATA.t)), ValueError, "finite"),
        ((small(), (DATA.x, DATA.t + 1)), ValueError, "from 0 to 9, got 10"),
        ((small(), (DATA.x, DATA.t + 0.5)), ValueError, "whole numbers"),
        ((small(), (DATA.x, DATA.t), 1797), ValueError, "from 0 to 1796, got 1797"),
        ((small(), (DATA.x, DATA.t), -1), ValueError, "from 0 to 1796"),
        ((small(), (DATA.x, DATA.t), True), ValueError, "whole number"),
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
    assert pad.marks.disabled


def test_a_network_that_has_blown_up_says_so(pad):
    before = pad.view.svg
    pad.net = SimpleNamespace(probabilities=lambda x: np.full((len(x), 10), np.nan))
    pad.clear_button.click()
    assert "finite" in pad.message.value
    assert pad.view.svg == before


# ---------------------------------------------------------------- the picture


def test_every_picture_is_well_formed_and_quiet(pad):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for i in range(5):
            pad.load(i)
            for k in range(-2, 10):
                pad.marks.value = k
                ET.fromstring(pad.view.svg)
                assert not re.search(r"\b(nan|inf)\b", pad.view.svg, re.IGNORECASE)


def test_no_gradient_gives_no_marks():
    pad = DigitPad(Sequential([Affine(np.zeros((64, 10)), np.zeros(10))], SoftmaxWithLoss()))
    pad.marks.value = 4
    assert marks(pad) == {}
    assert "largest dL/dx is 0" in pad.status.value


@pytest.mark.parametrize(
    ("y", "text"),
    [(0, "0.000"), (1, "1.000"), (1e-9, "< 0.001"), (0.99999, "> 0.999"), (0.0012, "0.001"), (0.5, "0.500")],
)  # fmt: skip
def test_a_probability_is_never_rounded_to_certainty(y, text):
    assert chance(y) == text


def test_a_touch_is_told_in_squares_of_the_sheet(pad):
    pad.clear()
    pad.touched(Touch("press", "sheet", None, LEFT + 2.5 * SQUARE, TOP + 5.5 * SQUARE))
    assert np.argmax(pad.pixels) == 5 * 8 + 2


def test_it_reads_variables_no_worse_than_arrays(pad, net):
    """dL/dx comes from a recording, whose forward must be that of the bare network."""
    pad.marks.value = 2
    scores = net(Variable(pad.pixels[None], "x")).value
    np.testing.assert_allclose(net.loss_layer.probabilities(scores)[0], pad.y, rtol=1e-12)


def test_it_leaves_a_picture_for_a_page_without_a_kernel(pad):
    still_of(pad)
