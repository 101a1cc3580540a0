"""The plane that a classifier colours: colours mean what the probabilities say, borders stand where two meet."""

import base64
import io

import numpy as np
import pytest
from PIL import Image

from nbkit.drawing.chart.plane import DecisionPlane, class_colours, decision_boundaries, grid_over, margins
from nbkit.drawing.picture import Picture
from nbkit.drawing.theme import CLASSES
from tests.drawing.parsed import parsed, points, texts

CORNERS = np.array([[0.0, 0.0], [1.0, 1.0]]), np.array([0, 1])


def rgb(colour):
    return np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255


def test_the_grid_covers_the_data_with_a_margin():
    first, second, grid = grid_over(np.array([[0.0, 10.0], [1.0, 20.0]]), size=5)
    assert first[0] < 0 < 1 < first[-1]
    assert second[0] < 10 < 20 < second[-1]
    assert grid.shape == (25, 2)
    assert tuple(grid[1]) == (first[1], second[0])  # x runs fastest


@pytest.mark.parametrize("same", [0.0, 1e9, -1e15, 1e100])
def test_the_grid_over_a_column_of_one_number_still_has_room(same):
    first, _second, _grid = grid_over(np.array([[same, 0.0], [same, 1.0]]), size=5)
    assert first[0] < same < first[-1]


@pytest.mark.parametrize("bad", [np.zeros((3, 3)), np.zeros(3), np.zeros((0, 2)), [[np.nan, 0.0]]])
def test_a_grid_over_anything_else_is_refused(bad):
    with pytest.raises(ValueError, match=r"2 features|finite"):
        grid_over(bad)


def test_a_place_has_the_paled_colour_of_its_class_or_the_mean_of_two():
    mixed = class_colours(np.array([[1.0, 0.0], [0.0, 1.0], [0.5, 0.5]]))
    np.testing.assert_allclose(mixed[0], 1 - 0.55 * (1 - rgb(CLASSES[0])))
    np.testing.assert_allclose(mixed[2], (mixed[0] + mixed[1]) / 2)


def test_a_margin_says_how_far_a_class_is_ahead_of_the_best_other_one():
    probabilities = np.array([[0.2, 0.5, 0.3], [0.6, 0.3, 0.1], [0.4, 0.2, 0.4]])
    np.testing.assert_allclose(margins(probabilities), [[0.2, -0.2], [-0.3, -0.5], [-0.2, 0.0]])
    np.testing.assert_allclose(margins(probabilities[:, :2]), [[0.3], [-0.3], [-0.2]])


def test_a_boundary_stands_where_the_classes_are_equally_probable():
    """Probability of class 1 is x: the boundary is the line x = 0.5."""
    x = np.linspace(0, 1, 7)
    yes = np.tile(x, 4)
    (line,) = decision_boundaries(np.stack([1 - yes, yes], axis=1), (4, 7), x, np.arange(4.0))
    np.testing.assert_allclose(line[:, 0], 0.5)
    assert sorted(line[:, 1]) == [0, 1, 2, 3]


def test_the_right_side_has_the_right_colour():
    """Class 1 at the upper right: the last pixel of the first row has its colour, as the first row is the top."""
    plane = DecisionPlane(*CORNERS, ("a", "b"), ("no", "yes"))
    yes = ((plane.grid[:, 0] > 0.5) & (plane.grid[:, 1] > 0.5)).astype(float)
    svg = plane.svg(np.stack([1 - yes, yes], axis=1))
    image = next(parsed(svg).iter("image"))
    image_file = io.BytesIO(base64.b64decode(image.get("href").split(",")[1]))
    pixels = np.asarray(Image.open(image_file).convert("RGB")) / 255
    np.testing.assert_allclose(pixels[0, -1], class_colours(np.array([[0.0, 1.0]]))[0], atol=0.003)
    np.testing.assert_allclose(pixels[-1, -1], class_colours(np.array([[1.0, 0.0]]))[0], atol=0.003)
    assert [float(image.get(side)) for side in ("x", "y", "width", "height")] == list(plane.frame.box)
    assert points(svg, "boundary")


def test_points_that_are_not_trained_on_are_hollow():
    plane = DecisionPlane(*CORNERS, ("a", "b"), ("no", "yes"), held_out=CORNERS)
    fills = [path.get("fill") for path in parsed(plane.points).iter("path")]
    assert fills == [*CLASSES[:2], "#ffffff", "#ffffff", *CLASSES[:2]]  # points, held out, legend
    assert texts(plane.points) == ["no", "yes", "hollow: held out"]
    assert texts(DecisionPlane(*CORNERS, ("a", "b"), ("no", "yes")).points) == ["no", "yes"]


def test_the_plane_shows_places_that_it_is_told_to():
    plane = DecisionPlane(*CORNERS, ("a", "b"), ("no", "yes"), reach=np.array([[-5.0, 7.0]]))
    assert plane.grid[:, 0].min() < -5
    assert plane.grid[:, 1].max() > 7


def test_names_are_text_whatever_they_say():
    plane = DecisionPlane(*CORNERS, ("<b>", "a&b"), ("<i>", "&"))
    svg = Picture("t", "w", [plane.svg(np.full((len(plane.grid), 2), 0.5))], 740, 300)
    assert {"<b>", "a&b", "<i>", "&"} <= {*texts(svg)}
