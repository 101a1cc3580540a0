"""A small network as circles and lines: numbers, thickness, colours and dashes say the weights."""

import numpy as np
import pytest

from nbkit.drawing.markup import join
from nbkit.drawing.network.diagram import RADIUS, NetGraph, bias_name, unit_names, unit_places, weight_name
from nbkit.drawing.picture import Mark, Picture
from tests.drawing.parsed import parsed, texts

W = [np.array([[1.0, -2.0], [0.0, 9.0]]), np.array([[0.126], [-4.0]])]
B = [np.array([0.5, -0.25]), np.array([-0.001])]
DEAD = [np.array([False, True]), np.array([False])]
WEIGHTS = ["x₁→h₁", "x₁→h₂", "x₂→h₁", "x₂→h₂", "h₁→y", "h₂→y"]
BIASES = ["bias h₁", "bias h₂", "bias y"]


@pytest.fixture(scope="module")
def net():
    return Picture("t", "w", NetGraph((2, 2, 1), (10, 20, 300, 200)).svg(W, B, DEAD), 320, 240)


def drawn_lines(net):
    """Return the lines that are seen, by the names of their weights."""
    return {name: parsed(net.marks[name]).findall("path")[1] for name in WEIGHTS}


def test_units_have_letters_by_layer_and_numbers_by_place():
    assert unit_names((2, 3, 1)) == [["x₁", "x₂"], ["h₁", "h₂", "h₃"], ["y"]]
    assert unit_names((2, 2, 2, 1))[2] == ["g₁", "g₂"]
    assert unit_names((2, 2)) == [["x₁", "x₂"], ["y₁", "y₂"]]
    assert weight_name("x₁", "h₂") == "x₁→h₂"
    assert bias_name("h₂") == "bias h₂"


def test_the_units_of_a_layer_share_its_column_evenly():
    assert unit_places((2, 1), 0, 100, 10, 80) == [[(0, 30), (0, 70)], [(100, 50)]]


def test_every_weight_and_bias_is_a_mark_with_its_value(net):
    assert [net.marks[name].value for name in WEIGHTS] == [1, -2, 0, 9, 0.126, -4]
    assert [net.marks[name].value for name in BIASES] == [0.5, -0.25, -0.001]


def test_a_line_is_as_thick_as_its_weight_is_large(net):
    thickness = {name: float(line.get("stroke-width")) for name, line in drawn_lines(net).items()}
    assert thickness == pytest.approx({name: net.marks[name].width for name in WEIGHTS}, abs=0.01)
    order = ["x₂→h₁", "h₁→y", "x₁→h₁", "x₁→h₂", "h₂→y"]  # 0, 0.126, 1, -2, -4
    assert sorted(order, key=thickness.get) == order
    assert thickness["x₂→h₂"] == thickness["h₂→y"]  # 9 and -4: as thick as a line can be


def test_colour_and_dashes_tell_the_sign(net):
    for name, line in drawn_lines(net).items():
        role = "negative" if net.marks[name].value < 0 else "positive"
        number = parsed(net.marks[name]).find("text")
        assert net.marks[name].role == role
        assert f"--nbkit-{role}," in line.get("style")
        assert f"--nbkit-{role}," in number.get("style")
        assert ("stroke-dasharray" in line.attrib) == (role == "negative")


def test_weights_and_biases_are_written_with_two_decimals(net):
    assert [texts(net.marks[name], "name") for name in WEIGHTS] == [["1"], ["−2"], ["0"], ["9"], ["0.13"], ["−4"]]
    assert [net.marks[name].written for name in BIASES] == ["+ 0.5", "− 0.25", "+ 0"]
    assert [net.marks[name].role for name in BIASES] == ["positive", "negative", "positive"]
    for name in BIASES:
        assert net.marks[name].written in texts(net.marks[name], "name")


def test_circles_carry_their_names_and_dead_ones_a_dash_and_a_word(net):
    circles = [each for each in parsed(net).iter("circle") if each.get("class") != "glow"]
    assert [circle.get("stroke-dasharray") for circle in circles] == [None, None, None, "3 3", None]
    assert {float(circle.get("cx")) for circle in circles} == {10 + RADIUS, 160, 310 - RADIUS}
    assert texts(net, "shape") == ["dead"]
    assert {"x₁", "x₂", "h₁", "h₂", "y"} <= set(texts(net, "name"))


def test_its_mark_says_what_it_shows(net):
    mark = net.marks["net"]
    assert (mark.weights, mark.biases, mark.dead) == (W, B, DEAD)


def test_a_caller_may_make_marks_that_can_be_moved():
    made = []

    def mark(name, *parts, value, **shown):
        made.append((name, value))
        return Mark(join(parts), name, value=value, **shown)

    NetGraph((2, 2, 1), (10, 20, 300, 200), mark).svg(W, B, DEAD)
    assert dict(made) == dict(zip(WEIGHTS + BIASES, [1, -2, 0, 9, 0.126, -4, 0.5, -0.25, -0.001], strict=True))
