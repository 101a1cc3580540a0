"""The referee is judged first: it must reject every wrong gradient, name it, and leave its subject alone."""

import copy
import re

import numpy as np
import pytest
from scipy import optimize

from nbkit import (
    Add,
    Affine,
    Div,
    Exp,
    GradientError,
    Graph,
    Layer,
    LeakyReLU,
    Log,
    MatMul,
    MSELoss,
    Mul,
    Pow,
    ReLU,
    Sequential,
    Sigmoid,
    SigmoidWithLoss,
    SoftmaxWithLoss,
    Sum,
    Tanh,
    Variable,
    check_gradients,
    check_nodes,
    numerical_gradient,
    softmax,
)

X = np.array([[0.5, -1.2, 2.0], [-0.3, 0.8, 1.5]])
Y = np.array([[1.5, 0.7, -2.0], [0.4, -0.9, 3.0]])

# ---------------------------------------------------------------- numerical_gradient


@pytest.mark.parametrize(
    ("f", "x", "gradient"),
    [
        (lambda x: x**2, 3.0, 6.0),
        (lambda x: x**2, 3, 6.0),
        (lambda x: 7.0, 3.0, 0.0),
        (lambda x: 5 * x, -2.0, 5.0),
        (np.exp, 1.0, np.e),
        (np.sin, 0.0, 1.0),
        (lambda x: 1 / x, 2.0, -0.25),
        (lambda x: x[0] * x[1], [2.0, 3.0], [3.0, 2.0]),
        (lambda x: (x**2).sum(), [[1.0, 2.0], [3.0, 4.0]], [[2.0, 4.0], [6.0, 8.0]]),
        (lambda x: 0.01 * x**2 + 0.1 * x, 10.0, 0.3),
    ],
)
def test_numerical_gradient_of_functions_known_by_hand(f, x, gradient):
    result = numerical_gradient(f, x)
    assert np.shape(result) == np.shape(x)
    np.testing.assert_allclose(result, gradient, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize(
    ("dout", "gradient"), [(1.0, [1, 4, 12]), ([1.0, 0.0, 0.0], [1, 0, 0]), ([2.0, -1.0, 0.5], [2, -4, 6])]
)
def test_numerical_gradient_weighs_outputs_with_dout(dout, gradient):
    np.testing.assert_allclose(numerical_gradient(lambda x: x * [1, 4, 12], [1.0, 2.0, 3.0], dout), gradient, rtol=1e-9)


def test_numerical_gradient_agrees_with_scipy():
    point = np.array([0.3, -1.1, 0.7])

    def f(x):
        return float(np.tanh(x[0]) * np.exp(x[1]) + x[2] ** 3)

    np.testing.assert_allclose(
        numerical_gradient(f, point), optimize.approx_fprime(point, f, 1e-8), rtol=1e-6, atol=1e-6
    )


def test_numerical_gradient_uses_both_sides_and_the_eps_given():
    asked = []
    numerical_gradient(lambda x: asked.append(float(x)) or x, 1.0, eps=0.25)
    assert sorted(asked) == [0.75, 1.25]
    assert numerical_gradient(lambda x: x**3, 1.0, eps=0.5) == pytest.approx(3.25)


def test_numerical_gradient_works_on_a_copy():
    x = np.array([1.0, 2.0])
    x.flags.writeable = False

    def spoil(v):
        v[:] = v * 2
        return v.sum()

    np.testing.assert_allclose(numerical_gradient(spoil, x), [2.0, 2.0], rtol=1e-9)
    np.testing.assert_array_equal(x, [1.0, 2.0])


@pytest.mark.parametrize("eps", [0, -1e-5, float("nan")])
def test_numerical_gradient_refuses_an_eps_that_nudges_nothing(eps):
    with pytest.raises(ValueError, match="eps must be above 0"):
        numerical_gradient(np.exp, 1.0, eps=eps)


# ---------------------------------------------------------------- wrong layers, none of them built on nbkit


class Plain:
    """What a learner writes: forward, backward, a memory, nothing else."""

    def __repr__(self):
        return type(self).__name__


class ReluTimesX(Plain):
    def forward(self, x):
        self.x = x
        return np.maximum(x, 0)

    def backward(self, dout):
        return dout * self.x


class SwappedMul(Plain):
    def forward(self, x, y):
        self.x, self.y = x, y
        return x * y

    def backward(self, dout):
        return dout * self.x, dout * self.y


class TransposedMatMul(Plain):
    def forward(self, x, w):
        self.x, self.w = x, w
        return x @ w

    def backward(self, dout):
        return dout @ self.w.T, dout.T @ self.x


class SquareTransposedMatMul(TransposedMatMul):
    def backward(self, dout):
        return dout @ self.w, self.x.T @ dout


class UnsummedBias(Plain):
    def __init__(self):
        self.params = {"W": np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]), "b": np.array([0.5, -0.5])}
        self.grads = {}

    def forward(self, x):
        self.x = x
        return x @ self.params["W"] + self.params["b"]

    def backward(self, dout):
        self.grads = {"W": self.x.T @ dout, "b": dout}
        return dout @ self.params["W"].T


class NoWeightGradient(UnsummedBias):
    def backward(self, dout):
        self.grads = {"b": dout.sum(axis=0)}
        return dout @ self.params["W"].T


class WrongBias(UnsummedBias):
    def backward(self, dout):
        self.grads = {"W": self.x.T @ dout, "b": dout.mean(axis=0)}
        return dout @ self.params["W"].T


class InPlaceRelu(Plain):
    def forward(self, x):
        self.off = x <= 0
        return np.maximum(x, 0)

    def backward(self, dout):
        dout[self.off] = 0
        return dout


class LossWithoutDout(Plain):
    targets = ("t",)

    def forward(self, x, t):
        self.y, self.t = softmax(x), t
        return -(t * np.log(self.y)).sum() / len(x)

    def backward(self, dout=1.0):
        return (self.y - self.t) / len(self.t)


class LossWithoutMean(LossWithoutDout):
    def backward(self, dout=1.0):
        return dout * (self.y - self.t)


class WrongSign(Plain):
    def forward(self, x, y):
        return x - y

    def backward(self, dout):
        return dout, dout


class OneGradientOfTwo(Plain):
    def forward(self, x, y):
        return x + y

    def backward(self, dout):
        return dout


class NothingComesBack(Plain):
    def forward(self, x):
        return x * 2

    def backward(self, dout):
        return None


class HalfNothing(OneGradientOfTwo):
    def backward(self, dout):
        return dout, None


class NanGradient(Plain):
    def forward(self, x):
        return x * 2

    def backward(self, dout):
        return dout * np.nan


class OneEntryWrong(Plain):
    def forward(self, x):
        self.x = x
        return x**2

    def backward(self, dout):
        dx = 2 * self.x * dout
        dx[1, 2] += 1e-3
        return dx


class Stretched(Plain):
    def forward(self, x, y):
        return x + y

    def backward(self, dout):
        return dout, dout


@pytest.mark.parametrize(
    ("layer", "inputs", "argument", "index"),
    [
        (ReluTimesX(), [X], "x", (0, 0)),
        (SwappedMul(), [X, Y], "x", (0, 0)),
        (SwappedMul(), [3.0, 4.0], "x", ()),
        (SquareTransposedMatMul(), [Y, np.arange(9.0).reshape(3, 3)], "x", (0, 0)),
        (WrongBias(), [X], "b", (0,)),
        (LossWithoutDout(), [X, np.eye(3)[:2]], "x", (0, 0)),
        (LossWithoutMean(), [X, np.eye(3)[:2]], "x", (0, 0)),
        (WrongSign(), [X, Y], "y", (0, 0)),
        (NanGradient(), [X], "x", (0, 0)),
        (NanGradient(), [2.0], "x", ()),
        (OneEntryWrong(), [X], "x", (1, 2)),
    ],
)
def test_wrong_numbers_are_rejected_by_layer_argument_index_and_both_numbers(layer, inputs, argument, index):
    with pytest.raises(GradientError) as caught:
        check_gradients(layer, *inputs)
    error, text = caught.value, str(caught.value)
    assert (error.layer, error.argument, error.index) == (repr(layer), argument, index)
    assert not abs(error.backward - error.numeric) <= 1e-6 * max(1, abs(error.numeric))
    assert text.startswith(f"{layer!r}: gradient of {argument}")
    assert f"{error.backward:.6g}" in text
    assert f"{error.numeric:.6g}" in text
    if index:
        assert f"at index {index}" in text


@pytest.mark.parametrize(
    ("layer", "inputs", "argument", "telling"),
    [
        (TransposedMatMul(), [X, np.ones((3, 2))], "w", r"gradient of w must have its shape \(3, 2\), got \(2, 3\)"),
        (UnsummedBias(), [X], "b", r"gradient of b must have its shape \(2,\), got \(2, 2\)"),
        (Stretched(), [X, 1.5], "y", r"gradient of y must have its shape \(\), got \(2, 3\)"),
        (Stretched(), [X[0], Y], "x", r"must have its shape \(3,\), got \(2, 3\)"),
        (InPlaceRelu(), [X], "dout", "backward changed the dout it was given"),
        (NoWeightGradient(), [X], "W", "backward gave no gradient for W"),
        (OneGradientOfTwo(), [X, Y], "y", "one gradient per input, 2, got 1"),
        (NothingComesBack(), [X], "x", "no gradient for x"),
        (HalfNothing(), [X, Y], "y", "no gradient for y"),
    ],
)
def test_wrong_shapes_and_missing_gradients_are_rejected(layer, inputs, argument, telling):
    with pytest.raises(GradientError, match=telling) as caught:
        check_gradients(layer, *inputs)
    assert (caught.value.layer, caught.value.argument) == (repr(layer), argument)
    assert caught.value.index is None
    assert caught.value.backward is None
    assert caught.value.numeric is None
    assert str(caught.value).startswith(repr(layer))


def test_both_numbers_are_the_right_ones():
    class Twice(Plain):
        def forward(self, x):
            return 2 * x

        def backward(self, dout):
            self.dout = dout
            return 3 * dout

    with pytest.raises(GradientError) as caught:
        check_gradients(Twice(), 5.0, rng=4)
    dout = np.random.default_rng(4).normal()
    assert caught.value.backward == pytest.approx(3 * dout)
    assert caught.value.numeric == pytest.approx(2 * dout)


@pytest.mark.parametrize("index", list(np.ndindex(2, 3)))
def test_any_single_wrong_entry_is_found(index):
    class Wrong(Plain):
        def forward(self, x):
            return x * 4

        def backward(self, dout):
            dx = dout * 4
            dx[index] += 1e-4
            return dx

    with pytest.raises(GradientError, match=re.escape(f"at index {index}")) as caught:
        check_gradients(Wrong(), X)
    assert caught.value.index == index


@pytest.mark.parametrize(("share", "accepted"), [(1e-8, True), (1e-5, False), (-1e-5, False)])
def test_the_tolerance_is_relative(share, accepted):
    class Nearly(Plain):
        def forward(self, x):
            return 1000 * x

        def backward(self, dout):
            return 1000 * dout * (1 + share)

    if accepted:
        check_gradients(Nearly(), X)
    else:
        with pytest.raises(GradientError):
            check_gradients(Nearly(), X)
        check_gradients(Nearly(), X, rtol=1e-3)


def test_a_gradient_error_is_an_assertion_error():
    assert issubclass(GradientError, AssertionError)


# ---------------------------------------------------------------- right layers


class PlainMul(Plain):
    def forward(self, x, y):
        self.x, self.y = x, y
        return x * y

    def backward(self, dout):
        return dout * self.y, dout * self.x


class PlainAffine(UnsummedBias):
    def backward(self, dout):
        self.grads["W"] = self.x.T @ dout
        self.grads["b"] = dout.sum(axis=0)
        return dout @ self.params["W"].T


class AnyNumberOfInputs(Plain):
    def forward(self, *inputs):
        self.count = len(inputs)
        return sum(inputs)

    def backward(self, dout):
        return (dout,) * self.count


class WholeNumbersOnly(Plain):
    """Differentiable in x; n must stay a whole number, so it is a target."""

    targets = ("n",)

    def forward(self, x, n):
        self.n = int(n)
        return x * self.n

    def backward(self, dout):
        return dout * self.n


class RightLoss(LossWithoutDout):
    def backward(self, dout=1.0):
        return dout * (self.y - self.t) / len(self.t)


@pytest.mark.parametrize(
    ("layer", "inputs"),
    [
        (PlainMul(), [X, Y]),
        (PlainMul(), [3, 4]),
        (PlainMul(), [[1, 2], [3, 4]]),
        (PlainAffine(), [X]),
        (AnyNumberOfInputs(), [1.0, 2.0, 3.0]),
        (WholeNumbersOnly(), [X, 3]),
        (RightLoss(), [X, np.eye(3)[:2]]),
        (Affine([[1.0], [2.0], [3.0]], [0.5]), [X]),
        (SoftmaxWithLoss(), [X, [2, 0]]),
        (MatMul(), [X, Y.T]),
        (Pow(), [np.abs(X), Y]),
        (LeakyReLU(0.2), [X]),
        (MSELoss(), [X, Y]),
        (SigmoidWithLoss(), [X, Y > 0]),
    ],
)
def test_right_layers_pass(layer, inputs):
    check_gradients(layer, *inputs)
    check_gradients(layer, *inputs, rng=np.random.default_rng(1))


def test_any_number_of_inputs_are_named_by_place():
    class Forgetful(AnyNumberOfInputs):
        def backward(self, dout):
            return dout, dout, 2 * dout

    with pytest.raises(GradientError) as caught:
        check_gradients(Forgetful(), 1.0, 2.0, 3.0)
    assert caught.value.argument == "x2"


def test_given_arrays_are_left_alone():
    class Greedy(Plain):
        def forward(self, x):
            self.x = x.copy()
            x *= 3
            return x

        def backward(self, dout):
            return 3 * dout

    x = X.copy()
    x.flags.writeable = False
    check_gradients(Greedy(), x)
    np.testing.assert_array_equal(x, X)


@pytest.mark.parametrize("kind", [PlainAffine, WrongBias, lambda: Affine(np.ones((3, 2)), [0.5, 1.0], "hidden")])
def test_the_subject_is_left_as_it_was(kind):
    layer = kind()
    layer.forward(X)
    layer.backward(np.ones((2, 2)))
    before = dict(vars(layer))
    copies = copy.deepcopy(before)
    try:
        check_gradients(layer, Y)
    except GradientError:
        assert kind is WrongBias
    assert vars(layer).keys() == before.keys()
    assert all(vars(layer)[name] is thing for name, thing in before.items())
    for name in ("params", "grads"):
        for key, array in copies[name].items():
            np.testing.assert_array_equal(getattr(layer, name)[key], array)


def test_a_fresh_layer_stays_fresh():
    layer = Mul()
    check_gradients(layer, X, Y)
    assert layer.memory is None
    with pytest.raises(RuntimeError, match="needs a forward first"):
        layer.backward(1.0)


def test_wrong_shapes_are_reported_by_the_layer_itself():
    with pytest.raises(ValueError, match="expects 3 features"):
        check_gradients(Affine(np.ones((3, 2)), [0.5, 1.0]), np.ones((2, 4)))


# ---------------------------------------------------------------- whole graphs


def a_graph():
    x, y, z = Variable(X, "x"), Variable([1.5, -0.7, 0.3], "y"), Variable(2.0, "z")
    layer, opened = Affine.random(3, 2, 0, name="hidden"), Affine.random(2, 2, 1, name="opened")
    return Graph(Sum()(opened.expand(Tanh()(layer(x * y + z)))) * z + Sum()(Exp()(y) / z) ** 2)


@pytest.mark.parametrize(
    "make",
    [
        lambda: Graph(Variable(3.0, "x") * Variable(4.0, "y")),
        lambda: Graph(Variable(300.0, "x") * Variable(4000.0, "y") * Variable(50.0, "z")),
        lambda: Graph((Variable(3.0, "x") + Variable(4.0, "y")) ** 2),
        lambda: Graph(SoftmaxWithLoss()(Variable(X, "x"), Variable([0, 2], "t"))),
        lambda: Graph(SoftmaxWithLoss().expand(Variable(X, "x"), [0, 2])),
        lambda: Graph(Affine.random(3, 2, 0).expand(Variable(X, "x"))),
        lambda: Graph(Variable([1.0, 2.0]) * 3),
        lambda: Graph(Variable([[1.0], [2.0]], "x") + Variable([1.0, 2.0, 3.0], "y")),
        a_graph,
    ],
    ids=[
        "product",
        "large product",
        "square",
        "loss",
        "expanded loss",
        "expanded affine",
        "unnamed",
        "stretch",
        "mixed",
    ],
)
def test_right_graphs_pass(make):
    check_gradients(make())


def test_a_whole_graph_is_left_as_it_was():
    graph = a_graph()
    graph.backward()
    variables, layers = graph.variables, [v.layer for v in graph.variables]
    before = [(np.array(v.value), copy.deepcopy(v.grad), copy.deepcopy(v.dinputs)) for v in variables]
    owners = {v.layer.owner for v in variables if v.layer} | {v.source[0] for v in variables if v.source}
    held = [things for owner in owners for things in (owner.params, owner.grads)]
    arrays = [(things[name], things[name].copy()) for things in held for name in things]
    assert len(arrays) == 8
    check_gradients(graph)
    assert graph.variables is variables
    for v, (value, grad, dinputs) in zip(variables, before, strict=True):
        np.testing.assert_array_equal(v.value, value)
        assert (v.grad is None) == (grad is None)
        if grad is not None:
            np.testing.assert_array_equal(v.grad, grad)
        for a, b in zip(v.dinputs, dinputs, strict=True):
            np.testing.assert_array_equal(a, b)
    assert [v.layer for v in variables] == layers
    now = [things[name] for owner in owners for things in (owner.params, owner.grads) for name in things]
    for array, (same, kept) in zip(now, arrays, strict=True):
        assert array is same
        np.testing.assert_array_equal(array, kept)


class Crooked(Layer):
    """A square whose derivative forgot the 2."""

    def forward(self, x):
        return self.save_for_backward(x * x, x)

    def backward(self, dout):
        dout, x = self.saved(dout)
        return dout * x


def test_the_guilty_layer_of_a_graph_is_named():
    x = Variable([1.0, 2.0], "x")
    graph = Graph(Sum()(Sigmoid()(ReLU()(Crooked("bad one")(x)) + 1)))
    with pytest.raises(GradientError, match="Crooked 'bad one': gradient of x at index") as caught:
        check_gradients(graph)
    assert (caught.value.layer, caught.value.argument) == ("Crooked 'bad one'", "x")


def test_a_graph_that_loses_a_branch_is_rejected():
    class Lossy(Graph):
        def backward(self, dout=1.0):
            return {name: gradient / 2 for name, gradient in super().backward(dout).items()}

    x = Variable(3.0, "x")
    with pytest.raises(GradientError, match=r"whole graph.*gradient of x") as caught:
        check_gradients(Lossy(x * x))
    assert caught.value.argument == "x"
    assert caught.value.numeric == pytest.approx(2 * caught.value.backward)


def test_constants_need_no_gradient():
    x = Variable([-1.0, 2.0], "x")
    check_gradients(Graph(x**3 + Log()(x * x + 1)))


def test_a_graph_deeper_than_the_recursion_limit():
    x = y = Variable(1.0, "x")
    add = Add()
    for _ in range(2000):
        y = add(y, x)
    check_gradients(Graph(y))


def test_a_plain_class_is_named_by_its_name():
    class Wrong:
        def forward(self, x):
            return -x

        def backward(self, dout):
            return dout

    with pytest.raises(GradientError, match=r"^Wrong: gradient of x at index \(0,\)"):
        check_gradients(Wrong(), [1.0, 2.0])


def test_a_forward_that_returns_nothing_is_told_so():
    class Stub:
        def forward(self, x):
            pass

        def backward(self, dout):
            pass

    with pytest.raises(GradientError, match="Stub: forward returns nothing"):
        check_gradients(Stub(), 1.0)


def test_a_zero_has_no_sign_in_the_message():
    class Flat:
        def forward(self, x):
            return 2 * x

        def backward(self, dout):
            return -0.0 * dout * 0

    with pytest.raises(GradientError, match=r"backward says 0,"):
        check_gradients(Flat(), 1.0)


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


def test_check_nodes_leaves_the_graph_as_it_was():
    x = Variable(0.5, "x")
    graph = Graph(WrongExp()(x * x))
    graph.backward()
    before = [(v.value, v.grad, v.dinputs) for v in graph.variables]
    check_nodes(graph)
    assert [(v.value, v.grad, v.dinputs) for v in graph.variables] == before


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
    before = [(v.value, v.grad, v.dinputs) for v in graph.variables]
    check_gradients(graph)
    assert set(check_nodes(graph).values()) == {None}
    after = [(v.value, v.grad, v.dinputs) for v in graph.variables]
    for one, other in zip(before, after, strict=True):
        np.testing.assert_array_equal(one[0], other[0])
        assert np.asarray(one[0]).dtype == np.asarray(other[0]).dtype
        np.testing.assert_array_equal(one[1], other[1])


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
