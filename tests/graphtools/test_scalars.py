"""Graphs in single numbers: values and gradients equal those of the arrays, and nodes are counted by hand."""

import numpy as np
import pytest

from nbkit import (  # isort: skip
    Affine, Div, Exp, Graph, Log, MatMul, MSELoss, Scalars, Sequential, Shift, SigmoidWithLoss, SoftmaxWithLoss,
    Sum, Take, Tanh, Variable,
)  # fmt: skip
from nbkit.layer import Layer
from tests.each import of_each
from tests.test_layers import EVERY

RNG = np.random.default_rng(5)
X, W, B = RNG.normal(size=(2, 3)), RNG.normal(size=(3, 4)), RNG.normal(size=4)


def both(output):
    """A graph and its scalars, walked back."""
    graph = Graph(output)
    graph.backward()
    scalars = Scalars(graph)
    scalars.graph.backward()
    return graph, scalars


def assert_equal(graph, scalars):
    assert float(scalars.graph.output.value) == pytest.approx(float(graph.output.value), rel=1e-13)
    for name, v in graph.inputs.items():
        twin = scalars.opened.inputs[name]
        np.testing.assert_allclose(scalars.value(twin), v.value, rtol=1e-15)
        if v.grad is not None:
            np.testing.assert_allclose(scalars.gradient(twin), v.grad, rtol=0, atol=1e-12)


@of_each([row for row in EVERY if not (type(row[1]()) is MatMul and np.ndim(row[2][1]) > 2)])
def test_every_layer_is_written_out_in_single_numbers(make, inputs):
    out = make()(*(Variable(x, name) for x, name in zip(inputs, "ab", strict=False)))
    graph, scalars = both(Sum()(out))
    assert_equal(graph, scalars)
    assert all(v.shape == () for v in scalars.graph.variables)


def test_a_long_formula_is_written_out_in_single_numbers():
    x, w, b = Variable(X, "x"), Variable(W, "w"), Variable(B, "b")
    e = Exp()(Shift()(x))
    picked = Take([[0, 1], [1, 2]])(Tanh()(x @ w) * b)
    assert_equal(*both(Sum()(Div()(e, Sum(axis=-1, keepdims=True)(e)) @ w + Log()(b * b + 0.5)) + Sum()(picked) ** 2))


@pytest.mark.parametrize(
    ("loss", "t"),
    [(MSELoss(), RNG.normal(size=(2, 4))), (SoftmaxWithLoss(), [0, 3]), (SigmoidWithLoss(), [[1.0, 0, 0, 1]] * 2)],
    ids=str,
)
@pytest.mark.parametrize("target", [Variable, lambda t, name: t], ids=["input", "constant"])
def test_networks_with_a_loss(loss, t, target):
    net = Sequential([Affine(W, B), Tanh()], loss)
    graph, scalars = both(net(Variable(X, "x"), target(np.asarray(t), "t")))
    assert_equal(graph, scalars)
    parameters = {v.source[1]: v for v in scalars.opened.variables if v.source}
    for name, gradient in net.layers[0].grads.items():
        np.testing.assert_allclose(scalars.gradient(parameters[name]), gradient, rtol=0, atol=1e-12)


def test_a_product_of_2_by_3_and_3_by_4_is_24_products_and_16_sums():
    _graph, scalars = both(Sum()(Variable(X, "x") @ Variable(W, "w")))
    symbols = [v.layer.symbol for v in scalars.graph.variables if v.layer]
    assert symbols.count("×") == 2 * 3 * 4
    assert symbols.count("+") == 2 * 4 * (3 - 1) + (2 * 4 - 1)
    assert len(symbols) == 24 + 16 + 7


def test_each_operation_on_numbers_has_its_origin():
    _graph, scalars = both(Sum()(Variable(X, "x") @ Variable(W, "w")))
    product, total = [v for v in scalars.opened.variables if v.layer is not None]
    assert len(scalars.nodes(product)) == 40
    assert len(scalars.nodes(total)) == 7
    assert {*scalars.nodes(product), *scalars.nodes(total)} == {v for v in scalars.graph.variables if v.layer}


def test_what_has_nothing_to_do_points_to_the_numbers_that_it_holds():
    x = Variable([[3.0]], "x")
    _graph, scalars = both(Sum()(x * x))
    product, total = [v for v in scalars.opened.variables if v.layer is not None]
    assert scalars.nodes(total) == scalars.nodes(product)


def test_names_are_places():
    _graph, scalars = both(Sum()(Affine(W[:, :1], B[:1])(Variable(X, "x")) * Variable(2.0, "s")))
    names = {v.name for v in scalars.graph.variables if v.layer is None}
    assert names == {
        *(f"x[{i},{j}]" for i in range(2) for j in range(3)),
        *(f"W[{i},0]" for i in range(3)),
        "b[0]",
        "s",
    }


def test_a_loss_names_what_it_compares_with():
    graph = Graph(MSELoss()(Variable([1.0, 2.0], "x"), Variable([0.0, 5.0], "t")))
    assert {"t[0]", "t[1]"} <= {v.name for v in Scalars(graph).graph.variables}


def test_what_cannot_be_written_out_is_refused():
    with pytest.raises(ValueError, match=r"one number at its end, got shape \(2, 3\)"):
        Scalars(Graph(Variable(X, "x") * 2.0))

    class Strange(Layer):
        def forward(self, x):
            return self.save_for_backward(x.sum())

    with pytest.raises(TypeError, match="Strange cannot be written out"):
        Scalars(Graph(Strange()(Variable(X, "x"))))
    with pytest.raises(TypeError, match="stack of matrices"):
        Scalars(Graph(Sum()(Variable(np.ones((2, 2)), "x") @ Variable(np.ones((2, 2, 2)), "w"))))
