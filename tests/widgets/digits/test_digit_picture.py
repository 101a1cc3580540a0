"""The picture of the digit pad: what is drawn is what its marks say, in the right squares and lengths."""

import numpy as np
import pytest

from nbkit.drawing.picture import Picture
from nbkit.drawing.theme import css_colour
from nbkit.widgets.digits.digit_picture import (
    BARS,
    BARS_BESIDE_UNITS,
    SHEET_LEFT,
    SHEET_TOP,
    SQUARE,
    bars,
    chance,
    legend,
    place_on_sheet,
    sheet,
    signs,
)
from tests.drawing.parsed import parsed, texts


def test_each_shade_fills_its_square():
    pixels = np.zeros(64)
    pixels[[0, 10, 63]] = 1, 0.25, 0.5
    squares = {int(e.get("data-pixel")): e for e in parsed(sheet(pixels)).iter("rect") if e.get("data-pixel")}
    assert {i: float(e.get("style").rpartition(":")[2]) for i, e in squares.items()} == {0: 1, 10: 0.25, 63: 0.5}
    for i, square in squares.items():
        corner = float(square.get("x")) + 1, float(square.get("y")) + 1
        assert tuple(map(int, place_on_sheet(*corner))) == (i % 8, i // 8)
        assert float(square.get("width")) == float(square.get("height")) == SQUARE


def test_the_sheet_reports_a_pen_over_all_of_it():
    area = next(e for e in parsed(sheet(np.zeros(64))).iter("rect") if e.get("data-area"))
    x, y = float(area.get("x")), float(area.get("y"))
    assert place_on_sheet(x, y) == (0, 0)
    assert place_on_sheet(x + float(area.get("width")), y + float(area.get("height"))) == (8, 8)


def test_signs_stand_where_the_effect_is_strong_in_the_colour_of_their_sign():
    effect = np.zeros(64)
    effect[[3, 20, 40]] = 2.0, -1.0, 0.1  # the last one is too faint
    drawn = signs(effect)
    assert Picture("t", "w", [drawn], 9, 9).marks["signs"].signs == {3: "+", 20: "-"}
    strokes = [path for group in parsed(drawn).iter("g") if group.get("data-mark") for path in group.iter("path")]
    middle = SHEET_LEFT + 3.5 * SQUARE, SHEET_TOP + 0.5 * SQUARE
    assert strokes[0].get("d") == f"M{middle[0]:g} {middle[1] - 11:.1f}v22.0M{middle[0] - 11:.1f} {middle[1]:g}h22.0"
    assert "v" not in strokes[2].get("d")
    assert css_colour("positive") in strokes[1].get("style")
    assert css_colour("negative") in strokes[3].get("style")
    assert signs(np.zeros(64)).signs == signs(None).signs == {}
    assert texts(signs(None)) == []


def test_the_legend_has_the_colours_of_the_signs():
    words = {text.text: text.get("style") or "" for text in parsed(legend()).iter("text")}
    assert css_colour("positive") in words["+ raises it"]
    assert css_colour("negative") in words["− lowers it"]


@pytest.mark.parametrize("where", [BARS, BARS_BESIDE_UNITS])
@pytest.mark.parametrize("truth", [None, 3])
def test_bars_are_as_long_as_their_probability(truth, where):
    y = np.array([0.5, 0.2, 0.1, 0.05, 0.05, 0.05, 0.03, 0.02, 0.0, 0.0])
    drawn = bars(y, 0, truth, where)
    boxes = list(parsed(drawn).iter("rect"))
    lengths = [float(box.get("width")) for box in boxes if box.get("data-bar")]
    np.testing.assert_allclose(np.array(lengths) / where.whole, y, atol=1e-3)
    assert [int(box.get("data-truth")) for box in boxes if box.get("data-truth")] == ([] if truth is None else [truth])
    assert "▶" in texts(drawn)
    assert texts(drawn, "tick")[1:] == [chance(share) for share in y]


@pytest.mark.parametrize(
    ("y", "text"),
    [(0, "0.000"), (1, "1.000"), (1e-9, "< 0.001"), (0.99999, "> 0.999"), (0.0012, "0.001"), (0.5, "0.500")],
)
def test_a_probability_is_never_rounded_to_certainty(y, text):
    assert chance(y) == text
