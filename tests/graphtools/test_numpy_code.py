"""The tape: run its lines with NumPy, and the graph's own value must come out."""

import numpy as np
import pytest

from nbkit import (  # isort: skip
    Affine, Graph, Log, MatMul, MSELoss, Pow, Sequential, SigmoidWithLoss, SoftmaxWithLoss, Take, Tanh, Variable,
    tape,
)  # fmt: skip
from nbkit.graphtools.numpy_code import names_of_parameters
from nbkit.graphtools.scalars import opened_fully
from tests.each import of_each
from tests.test_layers import EVERY

X = np.array([[0.5, -1.0, 2.0], [1.5, 0.3, -0.7]])


def run(graph):
    """Run the lines of a tape in a namespace that holds leaves and parameters, and return the last result."""
    names = names_of_parameters(graph)
    namespace = {"np": np} | {name: v.value for name, v in graph.inputs.items()}
    namespace |= {name: owner.params[own] for (owner, own), name in names.items()}
    steps = tape(graph)
    for step in steps:
        exec(step.line, namespace)
    return namespace[steps[-1].name]


@of_each([row for row in EVERY if type(row[1]()) not in (Take, SoftmaxWithLoss, SigmoidWithLoss)])
def test_every_layer_but_three_is_a_line_of_numpy_that_computes_it(make, inputs):
    graph = Graph(make()(*(Variable(x, name) for x, name in zip(inputs, "ab", strict=False))))
    (step,) = tape(graph)
    assert type(make()).__name__ not in step.line, "this layer's class says no line of NumPy"
    np.testing.assert_allclose(run(graph), graph.output.value, rtol=1e-14)


def test_lines_as_one_would_write_them():
    x, w = Variable(X, "x"), Variable(X.T, "w")
    graph = Graph(Log()(Pow()(MatMul()(x, w) + 10.0, -0.5)))
    assert [step.line for step in tape(graph)] == ["v1 = x @ w", "v2 = v1 + 10", "v3 = v2 ** (-0.5)", "v4 = np.log(v3)"]


def test_a_number_below_zero_stands_in_brackets():
    x = Variable(3.0, "x")
    graph = Graph((-x) ** -2.0 - (-1.5) * x)
    assert run(graph) == pytest.approx(1 / 9 + 4.5)
    assert tape(graph)[0].line == "v1 = -x"


def test_the_names_that_results_have_are_used_once():
    x, y = Variable(2.0, "x"), Variable(3.0, "y")
    s = x * y
    s.name = "s"
    z = s + s
    z.name = "x"  # taken by an input
    assert [step.line for step in tape(Graph(z))] == ["s = x * y", "v2 = s + s"]
    z.name = "not a name"
    assert tape(Graph(z))[-1].line == "v2 = s + s"


def test_the_nth_step_is_the_nth_to_run():
    x = Variable(2.0, "x")
    graph = Graph(x * x + 1 / x)
    assert [step.variable for step in tape(graph)] == [v for v in graph.variables if v.layer is not None]
    assert [step.name for step in tape(graph)] == ["v1", "v2", "v3"]


def test_a_network_closed_and_opened():
    rng = np.random.default_rng(0)
    net = Sequential([Affine.random(3, 4, rng), Tanh(), Affine.random(4, 2, rng)], MSELoss())
    graph = Graph(net(Variable(X, "x"), Variable(np.ones((2, 2)), "t")))
    assert [step.line for step in tape(graph)] == [
        "v1 = x @ W1 + b1", "v2 = np.tanh(v1)", "v3 = v2 @ W2 + b2", "v4 = np.sum((v3 - t) ** 2) / 4",
    ]  # fmt: skip
    near, _origins = opened_fully(graph)
    for g in (graph, near):
        assert run(g) == pytest.approx(float(graph.output.value), rel=1e-13)
    assert tape(near)[0].line == "v1 = x @ W1"


def test_one_layer_with_parameters_needs_no_number():
    graph = Graph(Affine(np.ones((3, 1)), [0.0])(Variable(X, "x")))
    assert tape(graph)[0].line == "v1 = x @ W + b"


def test_what_has_no_short_line_is_a_call():
    graph = Graph(SoftmaxWithLoss()(Variable(X, "x"), Variable([0.0, 1.0], "t")))
    assert tape(graph)[0].line == "v1 = SoftmaxWithLoss(x, t)"
    assert tape(Graph(Take([0, 2])(Variable(X, "x"))))[0].line == "v1 = Take(x)"
