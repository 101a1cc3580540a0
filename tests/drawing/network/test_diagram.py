"""A small network as circles and lines: numbers, thickness and dashes say the weights."""

import numpy as np

from nbkit.drawing.network.diagram import RADIUS, NetGraph, unit_names, unit_places
from nbkit.drawing.picture import Picture
from tests.drawing.parsed import parsed, texts

W = [np.array([[1.0, -2.0], [0.0, 9.0]]), np.array([[0.126], [-4.0]])]
B = [np.array([0.5, -0.25]), np.array([-0.001])]
DEAD = [np.array([False, True]), np.array([False])]


def net():
    return NetGraph((2, 2, 1), (10, 20, 300, 200)).svg(W, B, DEAD)


def test_units_have_letters_by_layer_and_numbers_by_place():
    assert unit_names((2, 3, 1)) == [["x₁", "x₂"], ["h₁", "h₂", "h₃"], ["y"]]
    assert unit_names((2, 2, 2, 1))[2] == ["g₁", "g₂"]
    assert unit_names((2, 2)) == [["x₁", "x₂"], ["y₁", "y₂"]]


def test_the_units_of_a_layer_share_its_column_evenly():
    assert unit_places((2, 1), 0, 100, 10, 80) == [[(0, 30), (0, 70)], [(100, 50)]]


def test_every_weight_has_a_line_as_thick_as_it_is_large_dashed_where_negative():
    lines = list(parsed(net()).iter("path"))
    assert len(lines) == 6
    thickness = [float(line.get("stroke-width")) for line in lines]
    assert (
        thickness[2] < thickness[4] < thickness[0] < thickness[1] < thickness[3] == thickness[5]
    )  # 0, .126, 1, -2, 9, -4
    assert ["stroke-dasharray" in line.attrib for line in lines] == [False, True, False, False, False, True]


def test_weights_and_biases_are_written_with_two_decimals():
    assert texts(net(), "val") == ["1", "−2", "0", "9", "0.13", "−4"]
    assert texts(net(), "shape") == ["dead", "+ 0.5", "− 0.25", "+ 0"]


def test_circles_carry_their_names_and_dead_ones_a_dash():
    assert texts(net(), "name") == ["h₁", "h₂", "y", "x₁", "x₂"]
    circles = list(parsed(net()).iter("circle"))
    assert [circle.get("class") for circle in circles] == ["op"] * 3 + ["in"] * 2
    assert [circle.get("stroke-dasharray") for circle in circles] == [None, "3 3", None, None, None]
    assert {float(circle.get("cx")) for circle in circles} == {10 + RADIUS, 160, 310 - RADIUS}


def test_its_mark_says_what_it_shows():
    mark = Picture("t", "w", [net()], 320, 240).marks["net"]
    assert (mark.weights, mark.biases, mark.dead) == (W, B, DEAD)
