"""The net as columns of units: lines tell weights, dots biases, crosses sleep."""

import base64
import io
import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from PIL import Image

from nbkit.drawing.network.units import MAP, WIDEST, UnitsView

SVG = "{http://www.w3.org/2000/svg}"
LINES = [np.array([[4.0, -2.0], [0.0, 1.0]]), np.array([[3.0], [-3.0]])]
BIASES = [np.array([0.5, -2.0]), np.array([0.0])]
MAPS = [np.zeros((MAP * MAP, 2)), np.linspace(-1, 1, MAP * MAP)[:, None]]


def drawn(lines=LINES, biases=BIASES, maps=MAPS, **more):
    view = UnitsView((2, 2, 1), ("hidden 1", "output"), ("a<b", "x₂"), (0, 30, 400, 200))
    return ET.fromstring(f'<svg xmlns="{SVG[1:-1]}">{view.svg(lines, biases, maps, **more)}</svg>')


def widths(root, sign):
    group = next(g for g in root.findall(f"{SVG}g") if ("stroke-dasharray" in g.attrib) == (sign < 0))
    return sorted(float(path.get("stroke-width")) for path in group)


def test_lines_are_as_wide_as_weights_are_large_in_their_layer():
    root = drawn()
    assert widths(root, +1) == [0.3, 1.2, WIDEST, WIDEST]  # a weight of 0 is a hair, not nothing
    assert widths(root, -1) == [2.5, 5.0]


def test_every_unit_can_be_touched_and_names_itself():
    items = [rect.get("data-item") for rect in drawn().iter(f"{SVG}rect")]
    assert items == ["hidden 1:0", "hidden 1:1", "output:0"]


def test_biases_are_filled_where_positive_and_hollow_where_negative():
    dots = list(drawn().iter(f"{SVG}circle"))
    assert ["#ffffff" in dot.get("style") for dot in dots] == [False, True, False]
    radius = [float(dot.get("r")) for dot in dots]
    assert radius[1] > radius[0] > radius[2]


def test_sleepers_are_crossed_out_and_counted():
    root = drawn(norms={"hidden 1": 0.25, "output": 3.0}, asleep={"hidden 1": np.array([True, False])})
    texts = ["".join(text.itertext()) for text in root.iter(f"{SVG}text")]
    assert {"0.25", "3", "1 asleep"} <= set(texts)
    assert len(root.findall(f"{SVG}path")) == 1


def test_a_map_has_one_colour_below_zero_and_the_other_above():
    images = [image.get("href") for image in drawn().iter(f"{SVG}image")]
    assert len(images) == 2  # one for each layer
    picture = Image.open(io.BytesIO(base64.b64decode(images[1].split(",")[1])))
    assert picture.size == (MAP, MAP)
    low, high = picture.getpixel((0, MAP - 1)), picture.getpixel((MAP - 1, 0))  # rows start from below
    assert low[2] > low[0]  # blue
    assert high[0] > high[2]  # orange


def test_the_maps_of_a_layer_stand_behind_their_units():
    root = drawn()
    image, rects = next(root.iter(f"{SVG}image")), list(root.iter(f"{SVG}rect"))[:2]
    picture = Image.open(io.BytesIO(base64.b64decode(image.get("href").split(",")[1])))
    scale = float(image.get("height")) / picture.size[1]
    opaque = np.asarray(picture)[:, 0, 3] == 255
    edges = np.flatnonzero(np.diff(np.concatenate([[0], opaque.astype(int), [0]])))
    places = float(image.get("y")) + scale * edges
    wanted = [float(rect.get("y")) + end for rect in rects for end in (0, float(rect.get("height")))]
    np.testing.assert_allclose(places, wanted, atol=1.5)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_numbers_that_blew_up_are_drawn_all_the_same(bad):
    with np.errstate(all="raise"):
        root = drawn([np.full((2, 2), bad), LINES[1]], [np.array([bad, 1.0]), BIASES[1]], [MAPS[0] + bad, MAPS[1]])
    assert not re.search("nan|inf", ET.tostring(root, encoding="unicode").replace("a&lt;b", ""))


def test_labels_are_escaped_and_the_chosen_unit_is_marked():
    root = drawn(chosen=("hidden 1", 1))
    assert "a<b" in {text.text for text in root.iter(f"{SVG}text")}
    strong = [rect.get("data-item") for rect in root.iter(f"{SVG}rect") if rect.get("stroke-width") == "3"]
    assert strong == ["hidden 1:1"]
