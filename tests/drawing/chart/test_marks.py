"""What stands around frames: legends leave room for their names, classes have signs of their own."""

import re

import pytest

from nbkit.drawing.chart.marks import class_legend, class_look, class_sign, legend, readout, stroke, text_at
from nbkit.drawing.picture import Picture
from nbkit.drawing.text import TICK, text_width
from nbkit.drawing.theme import CLASSES
from tests.drawing.parsed import parsed, texts


def test_a_line_of_text_has_a_class_and_more_attributes():
    text = parsed(text_at(1.25, 2, "tick", "a < b", text_anchor="end"))[0]
    assert (text.text, text.attrib) == ("a < b", {"class": "tick", "x": "1.2", "y": "2.0", "text-anchor": "end"})
    assert texts(text_at(0, 0, "tick", 3)) == ["3"]


@pytest.mark.parametrize("tight", [False, True])
def test_the_names_of_a_legend_do_not_overlap(tight):
    lines = [("a long <name>", "now", {}), ("b", "then", stroke("quiet", "5 3")), ("end", "each", {})]
    root = parsed(legend(lines, 50, tight=tight))
    names = [(float(text.get("x")), text.text) for text in root.iter("text")]
    assert [name for _x, name in names] == ["a long <name>", "b", "end"]
    dashes = [float(path.get("d").removeprefix("M").split()[0]) for path in root.iter("path")]
    for (x, name), dash in zip(names, dashes[1:], strict=False):
        assert x + text_width(name, TICK) <= dash
    assert root.findall("path")[1].get("stroke-dasharray") == "5 3"


def test_a_readout_says_its_numbers():
    rows = [("loss", "0.5", "loss"), ("steps", "12", "n")]
    table = readout(20, 30, rows, bold={"n"})
    assert texts(table) == ["loss", "0.5", "steps", "12"]
    assert Picture("t", "w", [table], 1, 1).marks["numbers"].numbers == {"loss": "0.5", "n": "12"}
    bold = [("font-weight:bold" in text.get("style"), text.get("data-number")) for text in parsed(table).iter("text")]
    assert bold == [(False, None), (False, "loss"), (True, None), (True, "n")]
    assert [float(text.get("y")) for text in parsed(table).iter("text")] == [30, 30, 51, 51]


def test_each_class_has_a_sign_of_its_own_about_as_large_as_its_radius():
    signs = [class_sign(k, 5) for k in range(len(CLASSES))]
    assert len(set(signs)) == len(CLASSES)
    assert class_sign(len(CLASSES), 5) == signs[0]  # then they begin anew
    for sign in signs[1:]:
        x = y = 0.0
        for dx, dy in re.findall(r"(-?[\d.e-]+) (-?[\d.e-]+)", sign):
            x, y = x + float(dx), y + float(dy)
            assert max(abs(x), abs(y)) <= 1.5 * 5


def test_points_that_are_not_trained_on_are_hollow():
    assert class_look(1, True)["fill"] == class_look(1, False)["stroke"] == CLASSES[1]
    assert class_look(1, False)["fill"] == "#ffffff"


def test_the_legend_of_classes_shows_each_sign_with_its_name():
    root = parsed(class_legend(["<no>", "yes"], 46))
    assert [path.get("fill") for path in root.iter("path")] == list(CLASSES[:2])
    first, second = root.iter("text")
    assert (first.text, second.text) == ("<no>", "yes")
    assert float(first.get("x")) + text_width("<no>", TICK) < float(second.get("x"))
