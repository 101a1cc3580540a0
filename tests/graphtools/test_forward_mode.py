"""Forward mode against reverse mode, and against derivatives worked out by hand."""

import math

import numpy as np
import pytest

from nbkit import Add, Dual, Exp, Graph, Log, Mul, ReLU, Sigmoid, Tanh, Variable, jvp, numerical_gradient


def formula(x, y, z):
    return Tanh()(x * y - z / x) ** 2 + Exp()(-z) * Log()(y) + 3 / (x + Sigmoid()(y)) - ReLU()(z - x)


AT = {"x": 1.3, "y": 2.1, "z": 0.4}


@pytest.mark.parametrize("name", AT)
def test_it_agrees_with_reverse_mode_and_with_differences(name):
    value, tangent = jvp(formula, AT, name)
    graph = Graph(formula(**{known: Variable(v, known) for known, v in AT.items()}))
    assert value == pytest.approx(float(graph.output.value), rel=1e-14)
    assert tangent == pytest.approx(float(graph.backward()[name]), rel=1e-12)
    moved = numerical_gradient(lambda x: jvp(formula, AT | {name: float(x)}, name)[0], AT[name])
    assert tangent == pytest.approx(float(moved), rel=1e-6)


@pytest.mark.parametrize(
    ("function", "x", "tangent"),
    [
        (lambda x: x * x * x, 2.0, 12.0),
        (lambda x: 2 - x, 5.0, -1.0),
        (lambda x: 2**x, 3.0, 8 * math.log(2)),
        (lambda x: x + x + 7, 1.0, 2.0),
    ],
)
def test_derivatives_worked_out_by_hand(function, x, tangent):
    assert jvp(function, {"x": x}, "x")[1] == pytest.approx(tangent, rel=1e-15)


def test_one_layer_may_be_used_twice():
    mul = Mul()
    assert mul(mul(Dual(100.0, 1.0), 2.0), 1.1).tangent == pytest.approx(2.2)


def test_a_constant_has_no_part_in_the_tangent():
    assert (Dual(0.0) ** 0.5 + Dual(2.0, 1.0)).tangent == 1.0  # the root is infinitely steep at 0, and does not change


@pytest.mark.parametrize("value", [[1.0, 2.0], np.zeros((2, 2))])
def test_arrays_are_refused(value):
    with pytest.raises(TypeError, match="one number and one slope"):
        Dual(value)


def test_bad_questions_are_refused():
    with pytest.raises(ValueError, match="no input called 'w', there are x"):
        jvp(lambda x: x, {"x": 1.0}, "w")
    with pytest.raises(TypeError, match="must return a number made from its inputs, got 3"):
        jvp(lambda x: 3, {"x": 1.0}, "x")


def test_repr_and_plain_layers():
    assert repr(Add()(Dual(1.0, 1.0), 2)) == "Dual(3, slope 1)"
