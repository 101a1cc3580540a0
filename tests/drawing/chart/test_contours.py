"""Height lines: at the heights that their numbers say, in round numbers, and tinted above, in both themes."""

import re

import numpy as np
import pytest

from nbkit.drawing.chart.contours import CONTOUR_STYLE, HUES, MIN_LABEL_DISTANCE, TINT, contours, round_levels
from nbkit.drawing.chart.frame import frame
from tests.drawing.test_theme import EYES, THEMES, linear

X, Y = np.linspace(-3, 3, 81), np.linspace(-2.5, 2.5, 81)
ACROSS, UP = np.meshgrid(X, Y)
BOWL, RAVINE = ACROSS**2 + UP**2, ACROSS**2 + 20 * UP**2
LAND = frame((50.0, 30.0, 380.0, 320.0), (-3, 3), (-2.5, 2.5), "w₁", "w₂")


def test_lines_stand_at_their_heights():
    lines, _labels = contours(LAND, X, Y, BOWL)
    assert len(lines.lines) > 5
    for level, places in lines.lines:
        assert (places**2).sum(axis=1) == pytest.approx(level, rel=0.02)


def test_the_drawn_line_is_thinned_but_not_moved():
    """Every point of the path lies at one of the levels, or on the frame, to half a pixel."""
    lines, _labels = contours(LAND, X, Y, BOWL)
    drawn = [np.array(re.findall(r"[ML]([-\d.]+) ([-\d.]+)", d), float) for d in re.findall(r' d="([^"]+)"', lines)]
    assert len(drawn) == len(lines.levels)
    assert sum(map(len, drawn)) < sum(len(places) for _level, places in lines.lines)
    for level, points in zip(lines.levels, drawn, strict=True):
        x, y = (points[:, 0] - 50) / 380 * 6 - 3, 2.5 - (points[:, 1] - 30) / 320 * 5
        edge = np.isclose(np.abs(x), 3, atol=0.01) | np.isclose(np.abs(y), 2.5, atol=0.01)
        assert np.hypot(x, y)[~edge] == pytest.approx(level**0.5, abs=0.02)
        assert {(50.0, 30.0), (430.0, 350.0)} <= set(map(tuple, points.tolist()))  # what lies above fills the corners


@pytest.mark.parametrize("heights", [BOWL, RAVINE, RAVINE / 7, BOWL / 1e6, -RAVINE])
def test_levels_are_1_2_or_5_times_a_power_of_ten(heights):
    levels = round_levels(heights)
    assert 4 <= len(levels) <= 8
    assert levels == sorted(levels)
    assert {f"{abs(level):.0e}"[0] for level in levels} <= set("125")
    assert all(float(f"{level:.0e}") == level for level in levels)
    assert heights.min() < levels[0]
    assert levels[-1] < heights.max()


def test_where_few_such_numbers_lie_the_levels_are_even():
    assert round_levels(np.array([1000.0, 1000.4, 1001.0])) == pytest.approx([1000.2, 1000.4, 1000.6, 1000.8])
    assert round_levels(BOWL - 20) == [-18, -16, -14, -12, -10, -8, -6]
    assert round_levels(np.ones((3, 3))) == []


def test_numbers_keep_apart_and_away_from_the_lowest_place():
    _lines, labels = contours(LAND, X, Y, RAVINE)
    places = [tuple(map(float, place)) for place in re.findall(r'x="([\d.]+)" y="([\d.]+)"', labels)]
    assert len(places) == len(labels.texts) >= 4
    places.append((LAND.x(0), LAND.y(0) + 4))
    gaps = [np.hypot(a[0] - b[0], a[1] - b[1]) for i, a in enumerate(places) for b in places[:i]]
    assert min(gaps) > MIN_LABEL_DISTANCE - 1


@pytest.mark.parametrize(("theme", "hue"), [*zip(THEMES, HUES, strict=True)])
def test_the_tint_leaves_numbers_and_lines_readable(theme, hue):
    """On the ground above all of eight lines a text has 4.5:1, and the hue is that of the theme."""
    assert hue in CONTOUR_STYLE
    ground, text = THEMES[theme]["ground"], THEMES[theme]["text"]
    left = (1 - TINT) ** 8
    channel = [int(left * int(ground[i : i + 2], 16) + (1 - left) * int(hue[i : i + 2], 16)) for i in (1, 3, 5)]
    tinted = "#" + "".join(f"{value:02x}" for value in channel)
    darker, lighter = sorted(linear(colour) @ EYES["grey"][0] for colour in (tinted, text))
    assert (lighter + 0.05) / (darker + 0.05) >= 4.5
