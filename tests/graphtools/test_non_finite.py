"""Where the first infinite number comes from, in graphs whose trouble is known by construction."""

import math

import numpy as np
import pytest

from nbkit import (  # isort: skip
    Affine, Div, Exp, Graph, Log, Pow, ReLU, Sequential, SoftmaxWithLoss, Variable, first_non_finite,
)  # fmt: skip


def log_graph(x, w=0.5):
    x, w = Variable(x, "x"), Variable(w, "w")
    return Graph(Log()(x - w) * w)


def test_all_is_well_where_all_numbers_are_finite():
    graph = log_graph(2.0)
    assert first_non_finite(graph) is None
    assert graph.output.grad == 1.0  # backward has run


@pytest.mark.parametrize(("x", "number"), [(0.5, -math.inf), (-1.0, math.nan)])
def test_the_node_that_makes_it_is_named_and_not_those_after_it(x, number):
    graph = log_graph(2.0)
    trouble = first_non_finite(graph, x=x)
    assert type(trouble.variable.layer) is Log
    assert (trouble.kind, trouble.index, trouble.argument) == ("value", (), None)
    np.testing.assert_equal(trouble.number, number)
    assert trouble.sentence.startswith("Log makes ")
    assert not np.isfinite(graph.output.value)  # it has spread, and is not blamed


def test_an_input_that_is_not_finite_is_blamed_itself():
    trouble = first_non_finite(log_graph(math.inf))
    assert trouble.variable.name == "x"
    assert trouble.sentence == "The input x is ∞ from the start."


def test_a_gradient_may_be_infinite_where_all_values_are_finite():
    x = Variable(2.0, "x")
    graph = Graph((x - 2.0) ** 0.5)  # the slope of a square root at 0
    trouble = first_non_finite(graph)
    assert (type(trouble.variable.layer), trouble.kind, trouble.argument) == (Pow, "gradient", "x")
    assert trouble.number == math.inf
    assert "sends ∞ back to input 1 of 2:" in trouble.sentence


def test_among_gradients_the_one_nearest_to_the_output_comes_first():
    x = Variable(0.0, "x")
    inner = x**0.5
    graph = Graph(inner**0.5)  # both slopes are infinite; the outer one comes first on the way back
    assert first_non_finite(graph).variable is graph.output


def test_an_overflow_is_found_where_it_happens_in_an_array():
    x = Variable([[1.0, 2.0], [3.0, 800.0]], "x")
    e = Exp()(x)
    trouble = first_non_finite(Graph(Div()(e, Exp()(x))))  # softmax without the shift
    assert trouble.variable is e
    assert trouble.index == (1, 1)
    assert trouble.sentence == "Exp makes ∞ at index (1, 1) of 800: all that went in was finite."


def test_a_parameter_that_blew_up_is_named_before_its_layer():
    net = Sequential([Affine([[1.0, 2.0]], [0.0, 0.0], "hidden"), ReLU()], SoftmaxWithLoss())
    net.layers[0].params["W"][0, 1] = np.nan
    trouble = first_non_finite(Graph(net(Variable([[1.0]], "x"), [0])))
    assert (trouble.argument, trouble.index) == ("W", (0, 1))
    assert "its parameter W holds NaN at index (0, 1)" in trouble.sentence


def test_gradients_may_be_finite_one_by_one_while_their_sum_is_not():
    x = Variable(0.0, "x")
    trouble = first_non_finite(Graph(x * 1e308 + x * 1e308))
    assert (trouble.variable, trouble.kind, trouble.argument) == (x, "gradient", None)
    assert "finite one by one, and their sum is ∞" in trouble.sentence


def test_bad_values_change_nothing():
    graph = log_graph(2.0)
    with pytest.raises(ValueError, match="no input called"):
        first_non_finite(graph, y=1)
    assert graph.inputs["x"].value == 2.0
