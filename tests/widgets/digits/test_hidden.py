"""Hidden units beside the sheet: what they show is what the network's own layers give, drawn where it is said."""

import base64
import io
from itertools import pairwise
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from nbkit import Affine, ReLU, Sequential, SoftmaxWithLoss, Tanh
from nbkit.drawing.theme import PIXELS, css_colour
from nbkit.widgets.digits.hidden import MAX_UNITS, Hidden, hidden_units
from nbkit.widgets.digits.hidden_picture import GAP_ACROSS, GAP_DOWN, MAX_LINE_WIDTH, Grid, column, units, voices
from tests.drawing.parsed import parsed

RNG = np.random.default_rng(0)
X = RNG.random((3, 64))
ENDS = [(500.0, 20.0 * k) for k in range(10)]


def net(*sizes, activation=ReLU):
    layers = []
    for d, k in pairwise(sizes):
        layers += [Affine.random(d, k, RNG), activation()]
    return Sequential(layers[:-1], SoftmaxWithLoss())


@pytest.mark.parametrize("activation", [ReLU, Tanh])
def test_units_show_what_the_layers_give(activation):
    small = net(64, 7, 10, activation=activation)
    first, middle, last = small.layers
    hidden = hidden_units(small, X)
    np.testing.assert_array_equal(hidden.shows, middle.forward(first.forward(X)))
    assert hidden.looks_for is first.params["W"]
    assert hidden.speaks_for is last.params["W"]


@pytest.mark.parametrize(
    "other",
    [
        net(64, 10),
        net(64, 5, 5, 10),
        net(64, MAX_UNITS + 1, 10),
        Sequential([ReLU(), Affine.random(64, 5, RNG), Affine.random(5, 10, RNG)], SoftmaxWithLoss()),
        SimpleNamespace(probabilities=lambda x: np.full((len(x), 10), 0.1)),
    ],
)
def test_a_network_of_another_shape_has_no_column(other):
    assert hidden_units(other, X) is None


# ---------------------------------------------------------------- the picture


@pytest.mark.parametrize("n", [1, 2, 7, 20, 50, 99, MAX_UNITS])
def test_units_stand_in_their_box_and_none_on_another(n):
    grid = Grid(n, 100.0, 40.0, 256.0)
    places = [grid.corner(unit) for unit in range(n)]
    assert all(x >= 100 and x + grid.side <= 100 + 256 + 1e-9 for x, _y in places)
    assert all(y >= 40 and y + grid.side + 4 <= 40 + 256 for _x, y in places)
    for (x, y), (next_x, next_y) in pairwise(places):
        assert next_x >= x + grid.side + 2 or next_y >= y + grid.side + 5  # a bar stands below each


def hidden(shows, looks_for=None):
    n = len(shows)
    looks_for = np.zeros((64, n)) if looks_for is None else looks_for
    return Hidden(looks_for, np.array(shows, dtype=float), np.ones((n, 10)))


def test_a_unit_says_what_it_shows_by_a_bar_its_clearness_and_in_words():
    grid = Grid(4, 0.0, 0.0, 200.0)
    drawn = parsed(units(grid, hidden([0.0, 1.0, 4.0, -2.0]), full=4.0, chosen=1))
    bars = {int(bar.get("data-shows")): bar for bar in drawn.iter("rect") if bar.get("data-shows")}
    lengths = [float(bars[unit].get("width")) / grid.side for unit in range(4)]
    np.testing.assert_allclose(lengths, [0, 0.25, 1, 0.5], atol=0.01)
    right_end = float(bars[3].get("x")) + float(bars[3].get("width"))
    assert right_end == pytest.approx(grid.corner(3)[0] + grid.side, abs=0.1)  # below 0 it begins at the other end
    for role, which in {"positive": [0, 1, 2], "negative": [3]}.items():
        (group,) = [g for g in drawn.iter("g") if g.get("style").startswith(f"fill:{css_colour(role)}")]
        assert [int(bar.get("data-shows")) for bar in group] == which
    veils = [float(rect.get("fill-opacity")) for rect in drawn.iter("rect") if rect.get("fill-opacity")]
    assert veils[0] > veils[1] > veils[3] > veils[2] == 0
    frames = {rect.get("data-item"): rect for rect in drawn.iter("rect") if rect.get("data-item")}
    assert list(frames) == ["unit 0", "unit 1", "unit 2", "unit 3"]
    assert frames["unit 3"].find("title").text.startswith("unit 3 shows −2")
    (chosen,) = [rect for rect in drawn.iter("rect") if rect.get("data-chosen")]
    assert (float(chosen.get("x")), float(chosen.get("y"))) == pytest.approx(grid.corner(1), abs=0.1)


def test_weights_are_pixels_in_the_colour_of_their_sign():
    looks_for = np.zeros((64, 2))
    looks_for[9, 1], looks_for[63, 1], looks_for[0, 0] = 2.0, -2.0, 0.5
    grid = Grid(2, 0.0, 0.0, 200.0)
    (image,) = parsed(units(grid, hidden([1, 1], looks_for), full=1.0)).iter("image")
    picture = Image.open(io.BytesIO(base64.b64decode(image.get("href").split(",")[1])))
    assert picture.size == (grid.columns * (8 + GAP_ACROSS) - GAP_ACROSS, grid.rows * (8 + GAP_DOWN) - GAP_DOWN)
    left, top = (8 + GAP_ACROSS, 0) if grid.columns > 1 else (0, 8 + GAP_DOWN)  # of unit 1
    for i, colour in ((9, PIXELS["positive"]), (63, PIXELS["negative"])):
        *rgb, opacity = picture.getpixel((left + i % 8, top + i // 8))
        assert ("#{:02x}{:02x}{:02x}".format(*rgb), opacity) == (colour, 255)
    assert 0 < picture.getpixel((0, 0))[3] < 255  # a smaller weight is paler
    assert picture.getpixel((left + 1, top))[3] == 0
    assert float(image.get("width")) == pytest.approx(picture.width * grid.scale, abs=0.01)


def test_lines_to_the_classes_are_as_wide_as_their_weights_and_dashed_below_zero():
    weights = np.array([3.0, -1.5, 0, 0, 0, 0, 0, 0, 0, 0.3])
    lines = list(parsed(voices(Grid(1, 0.0, 0.0, 100.0), 0, weights, ENDS)).iter("path"))
    widths = [float(line.get("stroke-width")) for line in lines]
    assert widths == [MAX_LINE_WIDTH, MAX_LINE_WIDTH / 2, *[0.5] * 7, pytest.approx(MAX_LINE_WIDTH / 10)]
    assert [line.get("stroke-dasharray") is not None for line in lines] == [False, True] + [False] * 8
    assert css_colour("negative") in lines[1].get("style")
    assert css_colour("positive") in lines[0].get("style")
    assert all(line.get("d").endswith(f"L500.0 {20 * k}.0") for k, line in enumerate(lines))


def test_only_a_chosen_unit_has_lines():
    assert "voices" not in [getattr(part, "key", None) for part in column(hidden([1.0]), 1.0, None, ENDS)]
    chosen = column(hidden([1.0, 2.0]), 2.0, 1, ENDS)
    (lines,) = [part for part in chosen if getattr(part, "key", None) == "voices"]
    assert lines.unit == 1
