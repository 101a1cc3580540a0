"""Which graphs can be asked about, and the numbers that their inputs may get."""

import math
import re

import numpy as np
import pytest

from nbkit import Affine, Graph, Mul, Variable
from nbkit.quiz.inputs import choices, refuse_what_cannot_be_asked
from tests.quiz.graphs import apple


@pytest.mark.parametrize(
    ("value", "numbers"),
    [
        (3, [2, 3, 4, 5, 6, 7, 8, 9]),
        (-3, [-9, -8, -7, -6, -5, -4, -3, -2]),
        (20, range(2, 41)),
        (150, range(20, 301, 10)),
        (0.5, [0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, *np.arange(11, 21) / 10]),
    ],
)
def test_numbers_are_friendly_of_the_size_and_sign_of_the_old_one_and_neither_0_nor_1(value, numbers):
    assert choices(Graph(Variable(value, "x") * 2), {}) == {"x": pytest.approx(list(numbers))}


def test_a_range_is_taken_as_it_is_without_0_and_with_1_only_where_there_is_nothing_else():
    ranges = {"apple": (-10, 10, 5), "tax": (1, 1, 1)}
    found = choices(apple(), ranges)
    assert (found["apple"], found["tax"]) == ([-10, -5, 5, 10], [1])


@pytest.mark.parametrize(
    ("ranges", "rule"),
    [
        ({"pear": (0, 1, 1)}, "ranges names pear, but the inputs of the graph are apple, count, tax"),
        ({"tax": (2, 1, 1)}, "low ≤ high"),
        ({"tax": (0, 1, 0)}, "step above 0"),
        ({"tax": (0, 1)}, "(low, high, step)"),
        ({"tax": (0, math.inf, 1)}, "low ≤ high"),
        ({"tax": 3}, "(low, high, step)"),
        ({"tax": (0, 0.5, 1)}, "no number but 0"),
    ],
)
def test_a_range_without_numbers_is_refused(ranges, rule):
    with pytest.raises(ValueError, match=re.escape(rule)):
        choices(apple(), ranges)


def test_arrays_and_parameters_are_refused():
    with pytest.raises(ValueError, match="single numbers, but x is an array"):
        refuse_what_cannot_be_asked(Graph(Variable([1.0, 2.0], "x") * 2))
    with pytest.raises(ValueError, match="is an array"):
        refuse_what_cannot_be_asked(Graph(Affine([[1.0]], [0.0])(Variable([[1.0]], "x"))))
    scale = Mul()
    scale.params = {"w": np.array(2.0)}
    with pytest.raises(ValueError, match="without parameters"):
        refuse_what_cannot_be_asked(Graph(scale(Variable(1.0, "x"), Variable(2.0, "y"))))
    with pytest.raises(ValueError, match="no operation"):
        refuse_what_cannot_be_asked(Graph(Variable(1.0, "x")))
