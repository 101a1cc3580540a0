"""The frame of a chart: data lands on the right pixels, and every mark says in units of the data what it shows."""

import numpy as np
import pytest

from nbkit.drawing.chart.frame import LEFT_BOX, RIGHT_BOX, Frame, frame, no_tick
from nbkit.drawing.picture import Mark, Picture
from nbkit.formatting import number, power_of_ten
from tests.drawing.parsed import parsed, points, texts

BOX = (10.0, 20.0, 100.0, 50.0)


@pytest.fixture
def chart():
    """One pixel per unit of x is 25, per unit of y 25; 0, 0 is at 10, 45."""
    return Frame(BOX, (0, 4), (-1, 1), "x", "y")


def marks(*parts):
    return Picture("t", "w", parts, 200, 100).marks


# ---------------------------------------------------------------- from data to pixels and back


def test_data_becomes_pixels_and_pixels_become_data(chart):
    assert (chart.x(0), chart.x(4), chart.y(1), chart.y(-1)) == (10, 110, 20, 70)
    np.testing.assert_allclose(chart.x([1, 2]), [35, 60])
    assert chart.values(60, 45) == (2.0, 0.0)
    assert chart.values(-500, 1000) == (0.0, -1.0)  # not beyond the frame
    for x, y in np.random.default_rng(0).uniform((0, -1), (4, 1), (20, 2)):
        assert chart.values(chart.x(x), chart.y(y)) == pytest.approx((x, y))


def test_what_lies_beyond_runs_along_the_edge(chart):
    np.testing.assert_array_equal(chart.inside([-5, -1, 0.5, np.inf, -np.inf, np.nan]), [-1, -1, 0.5, 1, -1, 1])


def test_an_empty_frame_has_ticks_a_grid_and_its_labels():
    svg = Frame(BOX, (0, 4), (0, 3), "steps & <more>", "loss", (number, power_of_ten)).svg
    assert texts(svg, "axis") == ["steps & <more>", "loss"]
    assert texts(svg, "tick") == ["0", "1", "2", "3", "4", "10⁰", "10¹", "10²", "10³"]
    grid = [path.get("d") for path in parsed(svg).iter("path")]
    assert grid[1] == "M35.0 20V70"  # x = 1
    assert grid[-1] == "M10 20.0H110"  # y = 3
    assert texts(Frame(BOX, (0, 4), (0, 3), "", "", (no_tick, no_tick)).svg, "tick") == []


def test_a_frame_is_made_once_for_the_same_arguments():
    first = frame(BOX, (0, 1), (0, 1), "x", "y")
    assert frame(BOX, (0, 1), (0, 1), "x", "y") is first
    assert frame(BOX, (0, 2), (0, 1), "x", "y") is not first


def test_two_frames_stand_side_by_side():
    assert LEFT_BOX[0] + LEFT_BOX[2] < RIGHT_BOX[0]


def test_a_pixel_is_worth_the_same_everywhere(chart):
    assert chart.per_pixel == pytest.approx((0.04, 0.04))
    assert chart.x(1 + 5 * chart.per_pixel[0]) - chart.x(1) == pytest.approx(5)


# ---------------------------------------------------------------- marks


def test_a_line_goes_through_its_points(chart):
    line = chart.line("now", [0, 2, 4], [-1, 0, 1], "sine", stroke_dasharray="5 3")
    assert points(line, "now") == [[(10, 70), (60, 45), (110, 20)]]
    assert parsed(line)[0].get("stroke-dasharray") == "5 3"
    assert marks(line)["sine"].x == [0, 2, 4]
    assert not isinstance(chart.line("now", [0], [0]), Mark)  # nobody will ask for it


def test_a_curve_is_broken_where_it_jumps(chart):
    x = np.array([0.0, 1.0, 2.0, 3.0])
    curve = chart.curve("now", x, np.array([0.0, 0.1, 9.0, 8.0]), "curve")
    assert points(curve, "now") == [[(10, 45), (35, 42.5)], [(60, 20), (85, 20)]]
    np.testing.assert_array_equal(marks(curve)["curve"].y, [0.0, 0.1, 9.0, 8.0])


def test_a_long_series_is_thinned_and_shows_both_ends(chart):
    y = np.linspace(-1, 1, 5000)
    series = chart.series("now", y, 4 * np.arange(5000) / 4999, key="loss")
    (line,) = points(series, "now")
    assert len(line) == 240
    assert (line[0], line[-1]) == ((10, 70), (110, 20))
    assert len(marks(series)["loss"].y) == 5000


def test_a_short_series_counts_from_one_and_infinity_runs_along_the_top(chart):
    assert points(chart.series("now", [0.0, np.inf, np.nan]), "now") == [[(35, 45), (60, 20), (85, 20)]]
    assert chart.series("now", []) == ""


@pytest.mark.parametrize(("y", "pixel"), [(0.0, "45.0"), (7.0, "20.0"), (-np.inf, "70.0"), (np.nan, "20.0")])
def test_a_dot_stands_at_its_point_or_at_the_edge(chart, y, pixel):
    dot = chart.dot(2, y, "value", role="gradient")
    circle = parsed(dot)[0]
    assert (circle.get("cx"), circle.get("cy")) == ("60.0", pixel)
    assert "--nbkit-gradient" in circle.get("style")
    np.testing.assert_equal(marks(dot)["value"].data, {"x": 2.0, "y": y})


def test_bars_reach_from_the_bottom_to_their_numbers():
    bars = Frame(BOX, (0, 3), (-1, 1), "", "").bars([0.0, 0.5, np.inf, -np.inf], "value", "bars")
    assert [float(bar.get("height")) for bar in parsed(bars)] == [25, 37.5, 50, 0]
    assert {float(bar.get("y")) + float(bar.get("height")) for bar in parsed(bars)} == {70}
    assert [float(bar.get("x")) for bar in parsed(bars)] == pytest.approx([5, 38.3, 71.7, 105])
    assert marks(bars)["bars"].heights == [0.0, 0.5, np.inf, -np.inf]


def test_a_rule_crosses_the_frame_upright_or_level(chart):
    upright, level = chart.rule("then", x=3, key="start"), chart.rule("then", y=0.5, key="half")
    assert [parsed(rule)[0].get("d") for rule in (upright, level)] == ["M85.0 20v50", "M10 32.5h100"]
    assert (marks(upright)["start"].x, marks(level)["half"].y) == (3, 0.5)


def test_the_hit_area_covers_the_frame(chart):
    area = parsed(chart.hit_area("plane"))[0]
    assert area.get("data-area") == "plane"
    assert [float(area.get(side)) for side in ("x", "y", "width", "height")] == list(BOX)
