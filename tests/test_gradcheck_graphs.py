"""Gradient checks of whole graphs, node by node and in any precision: the wrong layer is named, nothing changes."""

import copy

import numpy as np
import pytest

from nbkit import (  # isort: skip
    Add, Affine, Div, Exp, GradientError, Graph, Layer, MSELoss, Mul, ReLU, Sequential, Sigmoid, SoftmaxWithLoss, Sum,
    Tanh, Variable, check_gradients, check_nodes,
)  # fmt: skip

X = np.array([[0.5, -1.2, 2.0], [-0.3, 0.8, 1.5]])
Y = np.array([[1.5, 0.7, -2.0], [0.4, -0.9, 3.0]])

# ---------------------------------------------------------------- whole graphs


def a_graph():
    x, y, z = Variable(X, "x"), Variable([1.5, -0.7, 0.3], "y"), Variable(2.0, "z")
    layer, opened = Affine.random(3, 2, 0, name="hidden"), Affine.random(2, 2, 1, name="opened")
    return Graph(Sum()(opened.expand(Tanh()(layer(x * y + z)))) * z + Sum()(Exp()(y) / z) ** 2)


RIGHT_GRAPHS = {
    "large product": lambda: Graph(Variable(300.0, "x") * Variable(4000.0, "y") * Variable(50.0, "z")),
    "loss": lambda: Graph(SoftmaxWithLoss()(Variable(X, "x"), Variable([0, 2], "t"))),
    "expanded loss": lambda: Graph(SoftmaxWithLoss().expand(Variable(X, "x"), [0, 2])),
    "unnamed": lambda: Graph(Variable([1.0, 2.0]) * 3),
    "stretch": lambda: Graph(Variable([[1.0], [2.0]], "x") + Variable([1.0, 2.0, 3.0], "y")),
    "mixed": a_graph,
}


@pytest.mark.parametrize("make", RIGHT_GRAPHS.values(), ids=RIGHT_GRAPHS)
def test_right_graphs_pass(make):
    check_gradients(make())


@pytest.mark.parametrize("check", [check_gradients, check_nodes])
def test_a_whole_graph_is_left_as_it_was(check):
    graph = a_graph()
    graph.backward()
    variables, layers = graph.variables, [v.layer for v in graph.variables]
    before = [copy.deepcopy((v.value, v.grad, v.dinputs)) for v in variables]
    owners = {v.layer.owner for v in variables if v.layer} | {v.source[0] for v in variables if v.source}
    arrays = [array for owner in owners for things in (owner.params, owner.grads) for array in things.values()]
    kept = copy.deepcopy(arrays)
    assert len(arrays) == 8
    check(graph)
    assert graph.variables is variables
    assert [v.layer for v in variables] == layers
    np.testing.assert_equal([(v.value, v.grad, v.dinputs) for v in variables], before)
    now = [array for owner in owners for things in (owner.params, owner.grads) for array in things.values()]
    assert all(a is b for a, b in zip(now, arrays, strict=True))
    np.testing.assert_equal(now, kept)


class WrongSquare(Layer):
    """Its derivative forgets the 2."""

    def forward(self, x):
        return self.save_for_backward(x * x, x)

    def backward(self, dout):
        dout, x = self.saved(dout)
        return dout * x


def test_the_wrong_layer_of_a_graph_is_named():
    x = Variable([1.0, 2.0], "x")
    graph = Graph(Sum()(Sigmoid()(ReLU()(WrongSquare("bad one")(x)) + 1)))
    with pytest.raises(GradientError, match="WrongSquare 'bad one': gradient of x at index") as caught:
        check_gradients(graph)
    assert (caught.value.layer, caught.value.argument) == ("WrongSquare 'bad one'", "x")


def test_a_graph_that_loses_a_branch_is_rejected():
    class Lossy(Graph):
        def backward(self, dout=1.0):
            return {name: gradient / 2 for name, gradient in super().backward(dout).items()}

    x = Variable(3.0, "x")
    with pytest.raises(GradientError, match=r"whole graph.*gradient of x") as caught:
        check_gradients(Lossy(x * x))
    assert caught.value.argument == "x"
    assert caught.value.numeric == pytest.approx(2 * caught.value.backward)


def test_a_graph_deeper_than_the_recursion_limit():
    x = y = Variable(1.0, "x")
    add = Add()
    for _ in range(2000):
        y = add(y, x)
    check_gradients(Graph(y))


@pytest.mark.parametrize(
    ("forward", "backward", "message"),
    [
        (lambda self, x: -x, lambda self, dout: dout, r"^Bare: gradient of x at index \(0,\)"),
        (lambda self, x: None, lambda self, dout: None, "^Bare: forward returns nothing"),
        (lambda self, x: 2 * x, lambda self, dout: -0.0 * dout * 0, "backward says 0,"),  # and not −0
    ],
)
def test_a_class_without_params_and_repr_is_named_by_its_name(forward, backward, message):
    with pytest.raises(GradientError, match=message):
        check_gradients(type("Bare", (), {"forward": forward, "backward": backward})(), [1.0, 2.0])


# ---------------------------------------------------------------- node by node


class WrongExp(Exp):
    def backward(self, dout):
        return super().backward(dout) * 1.1


def test_check_nodes_finds_every_wrong_layer_and_no_other():
    x, w = Variable([0.3, -0.7], "x"), Variable([2.0, 0.5], "w")
    first, second = WrongExp()(x * w), WrongExp()(w)
    graph = Graph(Sum()(first * second))
    errors = check_nodes(graph)
    assert list(errors) == [v for v in graph.variables if v.layer is not None]
    assert {v for v, error in errors.items() if error is not None} == {first, second}
    assert errors[first].argument == "x"
    assert isinstance(errors[second], GradientError)


# ---------------------------------------------------------------- numbers of less than 64 bits


def small(seed, *shape, dtype=np.float32):
    return np.random.default_rng(seed).normal(size=shape).astype(dtype)


def deep(dtype):
    x, w, t = Variable(small(0, 5, 3, dtype=dtype), "x"), Variable(small(1, 3, 4, dtype=dtype), "w"), small(2, 5, 4)
    y = Tanh()((x @ w) * 2 + small(3, 4, dtype=dtype)) / (Exp()(x @ w) + 1)
    return Graph(MSELoss()(y, t.astype(dtype)))


def trained_kind(dtype):
    """Layers whose own parameters have few bits."""
    layers = [Affine(small(0, 3, 4, dtype=dtype), small(1, 4, dtype=dtype)), Sigmoid(),
              Affine(small(2, 4, 2, dtype=dtype), small(3, 2, dtype=dtype))]  # fmt: skip
    return Graph(Sequential(layers, SoftmaxWithLoss())(Variable(small(4, 6, 3, dtype=dtype), "x"), np.arange(6) % 2))


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
@pytest.mark.parametrize("make", [deep, trained_kind])
def test_a_right_graph_of_any_precision_is_right_and_left_as_it_was(make, dtype):
    graph = make(dtype)
    graph.backward()
    before = copy.deepcopy([(v.value, v.value.dtype, v.grad) for v in graph.variables])
    check_gradients(graph)
    assert set(check_nodes(graph).values()) == {None}
    np.testing.assert_equal([(v.value, v.value.dtype, v.grad) for v in graph.variables], before)


class Wrong(Tanh):
    def backward(self, dout):
        return 1.01 * super().backward(dout)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_a_wrong_graph_of_any_precision_is_found(dtype):
    with pytest.raises(GradientError, match="Wrong"):
        check_gradients(Graph(Wrong()(Variable(small(0, 4, dtype=dtype), "x")) * 2))


@pytest.mark.parametrize("dtype", [np.float16, np.float32])
@pytest.mark.parametrize("layer", [Tanh, Sigmoid, Exp, Mul, Div, Add, SoftmaxWithLoss])
def test_right_layers_are_right_with_inputs_of_few_bits(layer, dtype):
    x = small(0, 4, 3, dtype=dtype)
    others = {Mul: [x + 1], Div: [np.abs(x) + 1], Add: [x], SoftmaxWithLoss: [np.arange(4) % 3]}.get(layer, [])
    check_gradients(layer(), x, *others)
    if layer is not SoftmaxWithLoss:
        check_gradients(Affine(small(1, 3, 2, dtype=dtype), small(2, 2, dtype=dtype)), x)


class OfLearner:
    """Holds its weights as attributes, in float32, one of them under two names."""

    def __init__(self, factor=1.0):
        self.W, self.factor = small(5, 3, 2), factor
        self.params, self.grads = {"W": self.W}, {}

    def forward(self, x):
        self.x = x
        return x @ self.W if self.W is self.params["W"] else x @ self.params["W"]

    def backward(self, dout):
        self.grads["W"] = self.factor * self.x.T @ dout
        return dout @ self.params["W"].T


class Rounds:
    """Makes float32 of whatever it gets."""

    def __init__(self, factor=1.0):
        self.factor = factor

    def forward(self, x):
        self.y = np.tanh(x).astype(np.float32)
        return self.y

    def backward(self, dout):
        return (self.factor * dout * (1 - self.y**2)).astype(np.float32)


@pytest.mark.parametrize("kind", [OfLearner, Rounds])
def test_a_learners_own_layer_in_float32_is_judged_by_its_gradient_alone(kind):
    layer = kind()
    check_gradients(layer, small(0, 4, 3))
    assert getattr(layer, "W", np.float32(0)).dtype == np.float32
    for factor in (1.1, 0.5, -1.0):
        with pytest.raises(GradientError):
            check_gradients(kind(factor), small(0, 4, 3))
