"""Weights as heat maps: every number in its cell, its sign in words and in colour, units in columns."""

import re

import numpy as np
import pytest

from nbkit.drawing.network.weights import CELL_HEIGHT, weight_maps
from tests.drawing.parsed import parsed

HIDDEN = np.array([[0.5, -1.25, 0.0], [-2.0, 0.1234, 4.0]])  # 2 features, 3 units
OUTPUT = np.array([[1.0, -3.0], [0.25, 0.5], [-0.75, 2.0]])  # 3 units, 2 classes


def cells(svg):
    """Return {(layer, row, column): (text, colour, opacity, left edge)} of a picture."""
    root = parsed(svg)
    rects = list(root.iter("rect"))
    texts = [t for t in root.iter("text") if "data-weight" in t.attrib]
    assert len(rects) == len(texts)
    found = {}
    for rect, text in zip(rects, texts, strict=True):
        name, row, column = text.get("data-weight").rsplit(" ", 2)
        role, opacity = re.search(r"--nbkit-(\w+),.*fill-opacity:([\d.]+)", rect.get("style")).groups()
        assert float(rect.get("x")) < float(text.get("x")) < float(rect.get("x")) + float(rect.get("width")) + 1
        found[name, int(row), int(column)] = (text.text, role, float(opacity), float(rect.get("x")))
    return found


def draw(*layers, inputs=("a", "b"), outputs=("no", "yes"), top=0):
    return weight_maps(list(layers), inputs, outputs, top)


def test_a_cell_shows_the_number_with_its_sign_and_its_colour():
    found = cells(draw(("first", HIDDEN), ("last", OUTPUT))[0])
    assert len(found) == HIDDEN.size + OUTPUT.size
    assert found["first", 0, 0][:2] == ("+0.5", "positive")
    assert found["first", 0, 1][:2] == ("−1.2", "negative")
    assert found["first", 1, 1][:2] == ("+0.12", "positive")
    assert found["first", 0, 2][0] == "0"


def test_its_mark_says_the_texts_of_its_cells():
    svg, _height = draw(("first", HIDDEN), ("last", OUTPUT))
    assert svg.cells == {place: cell[0] for place, cell in cells(svg).items()}


def test_the_second_layer_is_transposed_so_that_a_unit_keeps_its_column():
    found = cells(draw(("first", HIDDEN), ("last", OUTPUT))[0])
    assert found["last", 1, 0][0] == "−3"  # W[0, 1]: what class 1 takes from unit 0
    for unit in range(3):
        assert found["last", 0, unit][3] == found["first", 0, unit][3]
    assert found["first", 0, 0][3] < found["first", 0, 1][3] < found["first", 0, 2][3]


def test_the_colour_grows_with_the_size_and_is_full_at_the_largest():
    found = cells(draw(("first", HIDDEN), ("last", OUTPUT))[0])
    opacity = {place: cell[2] for place, cell in found.items()}
    assert max(opacity.values()) == opacity["first", 1, 2] > opacity["last", 1, 0] > opacity["first", 0, 0] > 0
    assert opacity["first", 0, 2] == 0
    np.testing.assert_allclose(opacity["last", 1, 0] / opacity["first", 1, 2], 3 / 4, atol=0.02)


def test_small_weights_stay_pale_as_training_has_just_begun():
    found = cells(draw(("only", HIDDEN[:, :2] / 100))[0])
    assert max(cell[2] for cell in found.values()) < 0.02


def test_where_there_is_no_room_for_numbers_the_sign_stays():
    wide = np.array([[0.3] * 20 + [-0.3] * 11 + [0.0], [1.0] * 32])
    found = cells(draw(("first", wide), ("last", np.ones((32, 2))))[0])
    assert {found["first", 0, i][0] for i in range(20)} == {"+"}
    assert {found["first", 0, i][0] for i in range(20, 31)} == {"−"}
    assert found["first", 0, 31][0] == "0"
    assert found["first", 0, 31][3] < 740


def test_the_mouse_over_a_cell_tells_the_exact_number_and_whose_it_is():
    svg, _height = draw(("first", HIDDEN), ("last", OUTPUT), inputs=("<b>", "b&b"))
    titles = [title.text for title in parsed(svg).iter("title")]
    assert "unit 2, b&b: 0.1234" in titles
    assert "unit 1, yes: -3.0" in titles


def test_deeper_networks_and_single_layers_are_drawn_as_well():
    deep = [("one", HIDDEN), ("two", np.ones((3, 4))), ("three", np.ones((4, 2)))]
    svg, height = draw(*deep, top=300)
    assert len(cells(svg)) == 6 + 12 + 8
    assert height > (2 + 4 + 2) * CELL_HEIGHT
    bottom = max(float(text.get("y")) for text in parsed(svg).iter("text"))
    assert 300 + height - 20 < bottom < 300 + height
    assert len(cells(draw(("only", HIDDEN[:, :2]))[0])) == 4


def test_weights_that_blew_up_are_shown_and_do_not_bleach_the_others():
    found = cells(draw(("only", np.array([[np.inf, -np.inf], [np.nan, 1.0]])))[0])
    assert [found["only", i, j][0] for i, j in np.ndindex(2, 2)] == ["+∞", "−∞", "NaN", "+1"]
    assert found["only", 1, 1][2] == pytest.approx(0.45 / 2, abs=0.01)
    wide = weight_maps([("only", np.full((1, 30), np.nan))], ("a",), [str(i) for i in range(30)])[0]
    assert {cell[0] for cell in cells(wide).values()} == {"?"}


@pytest.mark.parametrize(
    ("layers", "names", "rule"),
    [
        ([], (("a", "b"), ("no", "yes")), "at least one Affine"),
        ([("first", HIDDEN), ("last", OUTPUT)], (("a",), ("no", "yes")), r"must be \(2, 2\) names .* got \(1, 2\)"),
        ([("first", HIDDEN), ("last", OUTPUT)], (("a", "b"), ("no",)), r"must be \(2, 2\) names .* got \(2, 1\)"),
        ([("first", np.ones((2, 41))), ("last", np.ones((41, 2)))], (("a", "b"), ("no", "yes")), "room for 40 units"),
    ],
)
def test_what_it_cannot_draw_is_refused(layers, names, rule):
    with pytest.raises(ValueError, match=rule):
        weight_maps(layers, *names)
