"""Layers opened into single nodes: the same values and gradients; and what a class says of itself, for a new layer."""

import numpy as np
import pytest

from nbkit import Graph, Layer, Variable, check_gradients, draw, tape
from nbkit.drawing.graph.steps import node_facts
from nbkit.graphtools.scalars import Scalars
from nbkit.layer import Elementwise, Rearrangement
from nbkit.layers import Exp, MSELoss, Mul, SigmoidWithLoss, SoftmaxWithLoss, Sum
from tests.each import of_each
from tests.test_layers import COMPOSITE, EVERY, FIRST, TABLE, affine, numbers

# ---------------------------------------------------------------- collapsed = expanded

EVERY_COMPOSITE = [row for row in EVERY if type(row[1]()) in COMPOSITE]


def assert_equal_to_1e12(a, b):
    assert np.shape(a) == np.shape(b)
    np.testing.assert_allclose(a, b, rtol=1e-12, atol=1e-12)


def test_composite_and_single_layers_are_told_apart():
    opened = {kind for kind in TABLE if kind.expand is not Layer.expand}
    assert opened == COMPOSITE


@of_each([row for row in FIRST if type(row[1]()) not in COMPOSITE])
def test_a_single_node_cannot_be_opened(make, inputs):
    layer = make()
    with pytest.raises(TypeError, match=f"{type(layer).__name__} is a single node"):
        layer.expand(*inputs)


@of_each(EVERY_COMPOSITE)
def test_an_expansion_has_the_values_and_gradients_of_its_layer(make, inputs):
    collapsed, opened, x, targets = make(), make(), Variable(inputs[0], "x"), inputs[1:]
    graph = Graph(opened.expand(x, *targets))
    assert not {type(v.layer) for v in graph.variables} & COMPOSITE, "an expansion is made of single nodes only"
    assert_equal_to_1e12(graph.output.value, collapsed.forward(*inputs))
    assert_equal_to_1e12(make().expand(*inputs), graph.output.value)  # of plain arrays
    dout = np.random.default_rng(4).normal(size=graph.output.shape)[()]
    graph.backward(dout)
    assert_equal_to_1e12(x.grad, collapsed.backward(dout))
    assert set(opened.grads) == set(collapsed.grads) == set(collapsed.params)
    for name in collapsed.params:
        assert_equal_to_1e12(opened.grads[name], collapsed.grads[name])
    for t in targets:  # a Variable as target
        again = Variable(inputs[0], "x")
        with_input = Graph(make().expand(again, Variable(t, "t")))
        with_input.backward(dout)
        assert_equal_to_1e12(again.grad, x.grad)


@pytest.mark.parametrize(
    ("layer", "inputs", "telling"),
    [
        (SoftmaxWithLoss(), (np.zeros((2, 3)), [0, 3]), "got 3"),
        (SoftmaxWithLoss(), (np.zeros((0, 3)), []), "at least one row"),
        (MSELoss(), (np.zeros(3), np.zeros((3, 1))), "same shape"),
        (SigmoidWithLoss(), (np.zeros(3), np.zeros((3, 1))), "same shape"),
        (affine(), (np.zeros((2, 5)),), "columns of x"),
    ],
)
def test_expansions_refuse_the_same_shapes(layer, inputs, telling):
    with pytest.raises(ValueError, match=telling):
        layer.expand(*inputs)


def test_an_opened_affine_sees_training_at_once():
    layer = affine()
    x = Variable(numbers((2, 6), 1), "x")
    graph = Graph(layer.expand(x))
    layer.params["W"] *= 2
    layer.params["b"] = layer.params["b"] - 1  # another array
    np.testing.assert_allclose(graph.forward(), layer.forward(x.value), rtol=1e-14)


def test_softmax_expansion_stays_finite_at_huge_scores():
    assert SoftmaxWithLoss().expand(np.array([500.0, 0.0]), 1) == pytest.approx(500.0)


# ---------------------------------------------------------------- what a class says about itself


def test_another_forward_needs_another_line_of_numpy():
    class Doubled(Exp):
        def forward(self, x):
            return super().forward(2 * x)

    class Renamed(Exp):
        symbol = "e"

    assert tape(Graph(Doubled()(Variable(1.0, "x"))))[0].line == "v1 = Doubled(x)"
    assert tape(Graph(Renamed()(Variable(1.0, "x"))))[0].line == "v1 = np.exp(x)"


class Softplus(Elementwise):
    """Smooth rectifier ``log(1 + exp(x))``: dx = dout * sigmoid(x)."""

    symbol = "soft+"
    formula = "log(1 + exp({x}))"
    local_derivatives = ("{slope}",)
    numpy = "np.log1p(np.exp({}))"

    def forward(self, x):
        return self.save_for_backward(np.log1p(np.exp(x)), x)

    def backward(self, dout):
        dout, x = self.saved(dout)
        return dout / (1 + np.exp(-x))


class Reverse(Rearrangement):
    """Turn each row around, ``x[..., ::-1]``: dx = dout turned around."""

    symbol = "↔"
    numpy = "{}[..., ::-1]"

    def forward(self, x):
        return self.save_for_backward(x[..., ::-1])

    def backward(self, dout):
        (dout,) = self.saved(dout)
        return dout[..., ::-1]


class Mean(Layer):
    """Mean over all entries: dx = dout / n."""

    symbol = "mean"
    numpy = "np.mean({})"

    def forward(self, x):
        return self.save_for_backward(x.mean(), x.shape)

    def backward(self, dout):
        dout, shape = self.saved(dout)
        return np.full(shape, dout / np.prod(shape))

    def expand(self, x):
        return Mul()(Sum()(x), 1 / np.prod(x.shape))


def test_a_new_layer_is_drawn_told_traced_to_numpy_and_written_out_in_numbers_by_what_its_class_says():
    """All that CONTRIBUTING asks for is the class."""
    x = np.array([[0.5, -1.0, 2.0], [1.5, 0.3, -0.7]])
    graph = Graph(Mean()(Reverse()(Softplus()(Variable(x, "x"))) * np.array([1.0, 2.0, 3.0])))
    check_gradients(graph)
    gradient = graph.backward()["x"]
    assert all(symbol in draw(graph).svg for symbol in ("soft+", "↔", "mean"))
    soft = next(v for v in graph.variables if isinstance(v.layer, Softplus))
    assert "log(1 + exp(x))" in node_facts(soft).rule
    namespace = {"np": np, "x": x, "c0": np.array([1.0, 2.0, 3.0])}
    for statement in tape(graph):
        exec(statement.line, namespace)
    assert namespace["v4"] == pytest.approx(float(graph.output.value), rel=1e-14)
    scalars = Scalars(graph)
    scalars.graph.backward()
    assert scalars.graph.output.value == pytest.approx(float(graph.output.value), rel=1e-14)
    np.testing.assert_allclose(scalars.gradient(scalars.opened.inputs["x"]), gradient, rtol=1e-12)
