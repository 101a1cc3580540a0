"""Live charts: data lands on the right pixels, and colours mean what the probabilities say."""

import base64
import re
import xml.etree.ElementTree as ET
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from nbkit.drawing.chart.frame import CURVE, PLANE, DecisionPlane, Frame, LossCurve, class_colours, grid_over, page
from nbkit.drawing.theme import CLASSES


def rgb(colour):
    return np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255


def test_frame_maps_data_to_pixels():
    frame = Frame((10, 20, 100, 50), (0, 4), (-1, 1), "x", "y")
    assert frame.x(0) == 10
    assert frame.x(4) == 110
    assert frame.y(1) == 20
    assert frame.y(-1) == 70


def test_grid_covers_the_data_with_a_margin():
    first, second, points = grid_over(np.array([[0.0, 10.0], [1.0, 20.0]]), size=5)
    assert first[0] < 0 < 1 < first[-1]
    assert second[0] < 10 < 20 < second[-1]
    assert points.shape == (25, 2)
    assert tuple(points[1]) == (first[1], second[0])  # x runs fastest


@pytest.mark.parametrize("same", [0.0, 1e9, -1e15, 1e100])
def test_grid_over_a_column_of_one_number_still_has_room(same):
    first, _second, _points = grid_over(np.array([[same, 0.0], [same, 1.0]]), size=5)
    assert first[0] < same < first[-1]


@pytest.mark.parametrize("bad", [np.zeros((3, 3)), np.zeros(3), np.zeros((0, 2)), [[np.nan, 0.0]]])
def test_grid_refuses_what_is_no_plane(bad):
    with pytest.raises(ValueError, match=r"2 features|finite"):
        grid_over(bad)


def test_blend_is_the_class_colour_paled_where_one_class_is_certain():
    mixed = class_colours(np.array([[1.0, 0.0], [0.0, 1.0], [0.5, 0.5]]))
    np.testing.assert_allclose(mixed[0], 1 - 0.55 * (1 - rgb(CLASSES[0])))
    np.testing.assert_allclose(mixed[2], (mixed[0] + mixed[1]) / 2)


def test_plane_paints_the_right_side_with_the_right_colour():
    """Class 1 on the right: the picture's right edge has its colour, and the first row of the PNG is the top."""
    plane = DecisionPlane(np.array([[0.0, 0.0], [1.0, 1.0]]), np.array([0, 1]), ("a", "b"), ("no", "yes"))
    yes = ((plane.grid[:, 0] > 0.5) & (plane.grid[:, 1] > 0.5)).astype(float)
    svg = plane.svg(np.stack([1 - yes, yes], axis=1))
    uri = re.search(r"base64,([^\"]+)", svg)[1]
    pixels = np.asarray(Image.open(BytesIO(base64.b64decode(uri)))) / 255
    np.testing.assert_allclose(pixels[0, -1], class_colours(np.array([[0.0, 1.0]]))[0], atol=0.003)
    np.testing.assert_allclose(pixels[-1, -1], class_colours(np.array([[1.0, 0.0]]))[0], atol=0.003)
    assert 'polyline class="boundary"' in svg


def test_held_out_points_are_hollow():
    x, t = np.array([[0.0, 0.0], [1.0, 1.0]]), np.array([0, 1])
    plane = DecisionPlane(x, t, ("a", "b"), ("no", "yes"), held_out=(x, t))
    assert plane.points.count(f'fill="#ffffff" stroke="{CLASSES[0]}"') == 1
    assert plane.points.count(f'fill="{CLASSES[0]}" stroke="#ffffff"') == 2  # points and legend


def test_curve_clips_what_is_too_high_and_keeps_earlier_runs():
    curve = LossCurve(10, 2.0)
    svg = curve.svg([("old", [1.0, 0.5]), ("new", [1.0, np.inf])])
    left, top, width, height = CURVE
    assert f"{left + width * 2 / 10:.1f},{top:.1f}" in svg  # infinity runs along the top
    assert f"{left + width * 2 / 10:.1f},{top + height * 0.75:.1f}" in svg
    assert svg.count('class="then"') == 2  # line and legend
    assert "stroke-dasharray" in svg


def test_with_several_steps_a_unit_the_line_goes_through_their_means():
    """Seven losses, three in each epoch: means 2, 5 and 7, each at the mean of the places it stands for."""
    curve = LossCurve(4, 10.0)
    left, top, width, height = CURVE
    svg = curve.svg([("run", [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0], 3)])
    (line,) = re.findall(r'polyline class="now" points="([^"]+)"', svg)
    places = [(2 / 3, 2.0), (5 / 3, 5.0), (7 / 3, 7.0)]
    assert line.split() == [f"{left + width * x / 4:.1f},{top + height * (1 - y / 10):.1f}" for x, y in places]
    (each,) = re.findall(r'polyline class="each" points="([^"]+)"', svg)
    assert each.split()[0] == f"{left + width / 12:.1f},{top + height * 0.9:.1f}"
    assert len(each.split()) == 7
    assert "each" not in curve.svg([("old", [1.0, 2.0], 2), ("run", [1.0, 2.0], 1)])


def test_stacked_names_stand_below_one_another():
    curve = LossCurve(4, 10.0, stacked=True)
    places = re.findall(r'x="([\d.]+)" y="(\d+)">[ab]</text>', curve.svg([("a", []), ("b", [])]))
    assert places == [("438", "18"), ("438", "33")]


def test_page_is_well_formed_and_escapes():
    plane = DecisionPlane(np.eye(2), np.array([0, 1]), ("<b>", "a&b"), ("<i>", "&"))
    svg = page([plane.svg(np.full((len(plane.grid), 2), 0.5))], "<t>", "a < b")
    root = ET.fromstring(svg)
    assert root.get("role") == "img"
    assert "<b>" not in svg
    assert PLANE[0] + PLANE[2] < CURVE[0]
