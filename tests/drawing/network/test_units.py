"""The net as columns of units: lines show weights, dots biases, crosses units that learn nothing."""

import base64
import io

import numpy as np
import pytest
from PIL import Image

from nbkit.drawing.network.units import MAP_SIZE, MAX_LINE_WIDTH, UnitsView
from nbkit.drawing.picture import Picture
from tests.drawing.parsed import parsed, texts

LINES = [np.array([[4.0, -2.0], [0.0, 1.0]]), np.array([[3.0], [-3.0]])]
BIASES = [np.array([0.5, -2.0]), np.array([0.0])]
MAPS = [np.zeros((MAP_SIZE * MAP_SIZE, 2)), np.linspace(-1, 1, MAP_SIZE * MAP_SIZE)[:, None]]


def drawn(lines=LINES, biases=BIASES, maps=MAPS, **more):
    view = UnitsView((2, 2, 1), ("hidden 1", "output"), ("a<b", "x₂"), (0, 30, 400, 200))
    return view.svg(lines, biases, maps, **more)


def widths(sign):
    group = next(g for g in parsed(drawn()).findall("g") if ("stroke-dasharray" in g.attrib) == (sign < 0))
    return sorted(float(path.get("stroke-width")) for path in group)


def image_of(element):
    return Image.open(io.BytesIO(base64.b64decode(element.get("href").split(",")[1])))


def test_lines_are_as_wide_as_weights_are_large_in_their_layer():
    assert widths(+1) == [0.3, 1.2, MAX_LINE_WIDTH, MAX_LINE_WIDTH]  # a weight of 0 is a hair, not nothing
    assert widths(-1) == [2.5, 5.0]


def test_every_unit_can_be_clicked_and_names_itself():
    assert [rect.get("data-item") for rect in parsed(drawn()).iter("rect")] == ["hidden 1:0", "hidden 1:1", "output:0"]


def test_biases_are_filled_where_positive_and_hollow_where_negative():
    dots = list(parsed(drawn()).iter("circle"))
    assert ["#ffffff" in dot.get("style") for dot in dots] == [False, True, False]
    radius = [float(dot.get("r")) for dot in dots]
    assert radius[1] > radius[0] > radius[2]


def test_units_that_learn_nothing_are_crossed_out_and_counted():
    view = drawn(norms={"hidden 1": 0.25, "output": 3.0}, saturated={"hidden 1": np.array([True, False])})
    assert texts(view)[-3:] == ["0.25", "1 asleep", "3"]
    assert len(parsed(view).findall("path")) == 1
    assert len(parsed(drawn()).findall("path")) == 0


def test_a_map_has_one_colour_below_zero_and_the_other_above():
    _hidden, output = parsed(drawn()).iter("image")
    picture = image_of(output)
    assert picture.size == (MAP_SIZE, MAP_SIZE)
    low, high = picture.getpixel((0, MAP_SIZE - 1)), picture.getpixel((MAP_SIZE - 1, 0))  # rows start from below
    assert low[2] > low[0]  # blue
    assert high[0] > high[2]  # orange


def test_the_maps_of_a_layer_stand_behind_their_units():
    root = parsed(drawn())
    image, rects = next(root.iter("image")), list(root.iter("rect"))[:2]
    picture = image_of(image)
    scale = float(image.get("height")) / picture.size[1]
    opaque = np.asarray(picture)[:, 0, 3] == 255
    edges = np.flatnonzero(np.diff(np.concatenate([[0], opaque.astype(int), [0]])))
    places = float(image.get("y")) + scale * edges
    wanted = [float(rect.get("y")) + end for rect in rects for end in (0, float(rect.get("height")))]
    np.testing.assert_allclose(places, wanted, atol=1.5)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_numbers_that_blew_up_are_drawn_all_the_same(bad):
    with np.errstate(all="raise"):
        view = drawn([np.full((2, 2), bad), LINES[1]], [np.array([bad, 1.0]), BIASES[1]], [MAPS[0] + bad, MAPS[1]])
    for element in parsed(view).iter():
        assert not [
            value for name, value in element.attrib.items() if name != "href" and ("nan" in value or "inf" in value)
        ]


def test_labels_are_text_and_the_chosen_unit_is_marked():
    view = drawn(chosen=("hidden 1", 1))
    assert texts(view)[:4] == ["a<b", "x₂", "hidden 1", "output"]
    strong = [rect.get("data-item") for rect in parsed(view).iter("rect") if rect.get("stroke-width") == "3"]
    assert strong == ["hidden 1:1"]


def test_its_mark_says_what_it_shows():
    mark = Picture("t", "w", [drawn(chosen=("hidden 1", 1))], 400, 260).marks["units"]
    assert (mark.lines, mark.biases, mark.chosen) == (LINES, BIASES, ("hidden 1", 1))
