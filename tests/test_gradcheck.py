"""Gradient checking: it must reject every wrong gradient, name it, and leave its subject alone."""

import copy

import numpy as np
import pytest

from nbkit import Affine, GradientError, Mul, check_gradients, numerical_gradient, softmax

X = np.array([[0.5, -1.2, 2.0], [-0.3, 0.8, 1.5]])
Y = np.array([[1.5, 0.7, -2.0], [0.4, -0.9, 3.0]])

# ---------------------------------------------------------------- numerical_gradient


@pytest.mark.parametrize(
    ("f", "x", "gradient"),
    [
        (lambda x: x**2, 3, 6.0),
        (lambda x: 7.0, 3.0, 0.0),
        (lambda x: 1 / x, 2.0, -0.25),
        (lambda x: x[0] * x[1], [2.0, 3.0], [3.0, 2.0]),
        (lambda x: (x**2).sum(), [[1.0, 2.0], [3.0, 4.0]], [[2.0, 4.0], [6.0, 8.0]]),
    ],
)
def test_numerical_gradient_of_functions_worked_out_by_hand(f, x, gradient):
    result = numerical_gradient(f, x)
    assert np.shape(result) == np.shape(x)
    np.testing.assert_allclose(result, gradient, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize(
    ("dout", "gradient"), [(1.0, [1, 4, 12]), ([1.0, 0.0, 0.0], [1, 0, 0]), ([2.0, -1.0, 0.5], [2, -4, 6])]
)
def test_numerical_gradient_weighs_outputs_with_dout(dout, gradient):
    np.testing.assert_allclose(numerical_gradient(lambda x: x * [1, 4, 12], [1.0, 2.0, 3.0], dout), gradient, rtol=1e-9)


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
def test_eps_must_be_above_0(eps):
    with pytest.raises(ValueError, match="eps must be a number above 0"):
        numerical_gradient(np.exp, 1.0, eps=eps)


# ---------------------------------------------------------------- wrong layers, none of them built on nbkit


class Plain:
    """What a learner writes: forward, backward and what they keep."""

    def __init__(self):
        self.params, self.grads = {}, {}

    def __repr__(self):
        return type(self).__name__

    def keep(self, out, **memory):
        vars(self).update(memory)
        return out


def plain(forward, backward, **attributes):
    """Return a class of that kind; the name is the caller's."""
    return type("Plain", (Plain,), {"forward": forward, "backward": backward, **attributes})


def relu(self, x):
    return self.keep(np.maximum(x, 0), x=x)


def mul(self, x, y):
    return self.keep(x * y, x=x, y=y)


def matmul(self, x, w):
    return self.keep(x @ w, x=x, w=w)


def add(self, x, y):
    return x + y


def double(self, x):
    return x * 2


def loss(self, x, t):
    y = softmax(x)
    return self.keep(-(t * np.log(y)).sum() / len(x), y=y, t=t)


ReluTimesX = plain(relu, lambda self, dout: dout * self.x)
SwappedMul = plain(mul, lambda self, dout: (dout * self.x, dout * self.y))
TransposedMatMul = plain(matmul, lambda self, dout: (dout @ self.w.T, dout.T @ self.x))
SquareTransposedMatMul = plain(matmul, lambda self, dout: (dout @ self.w, self.x.T @ dout))
LossWithoutDout = plain(loss, lambda self, dout=1.0: (self.y - self.t) / len(self.t), targets=("t",))
LossWithoutMean = plain(loss, lambda self, dout=1.0: dout * (self.y - self.t), targets=("t",))
WrongSign = plain(lambda self, x, y: x - y, lambda self, dout: (dout, dout))
OneGradientOfTwo = plain(add, lambda self, dout: dout)
HalfNothing = plain(add, lambda self, dout: (dout, None))
Unsummed = plain(add, lambda self, dout: (dout, dout))
NothingComesBack = plain(double, lambda self, dout: None)
NanGradient = plain(double, lambda self, dout: dout * np.nan)
PlainMul = plain(mul, lambda self, dout: (dout * self.y, dout * self.x))
RightLoss = plain(loss, lambda self, dout=1.0: dout * (self.y - self.t) / len(self.t), targets=("t",))
# Differentiable in x; n must stay a whole number, so it is a target.
WholeNumbersOnly = plain(
    lambda self, x, n: self.keep(x * int(n), n=int(n)), lambda self, dout: dout * self.n, targets=("n",)
)


class InPlaceRelu(Plain):
    forward = relu

    def backward(self, dout):
        dout[self.x <= 0] = 0
        return dout


class OneEntryWrong(Plain):
    forward = double

    def backward(self, dout):
        dx = 2 * dout
        dx[1, 2] += 1e-3
        return dx


class AnyNumberOfInputs(Plain):
    def forward(self, *inputs):
        return self.keep(sum(inputs), count=len(inputs))

    def backward(self, dout):
        return (dout,) * self.count


class PlainAffine(Plain):
    """Right; each subclass gets one gradient wrong."""

    def __init__(self):
        self.params = {"W": np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]), "b": np.array([0.5, -0.5])}
        self.grads = {}

    def forward(self, x):
        return self.keep(x @ self.params["W"] + self.params["b"], x=x)

    def of_parameters(self, dout):
        return {"W": self.x.T @ dout, "b": dout.sum(axis=0)}

    def backward(self, dout):
        self.grads = self.of_parameters(dout)
        return dout @ self.params["W"].T


class UnsummedBias(PlainAffine):
    def of_parameters(self, dout):
        return super().of_parameters(dout) | {"b": dout}


class NoWeightGradient(PlainAffine):
    def of_parameters(self, dout):
        return {"b": dout.sum(axis=0)}


class WrongBias(PlainAffine):
    def of_parameters(self, dout):
        return super().of_parameters(dout) | {"b": dout.mean(axis=0)}


@pytest.mark.parametrize(
    ("layer", "inputs", "argument", "index"),
    [
        (ReluTimesX(), [X], "x", (0, 0)),
        (SwappedMul(), [3.0, 4.0], "x", ()),
        (SquareTransposedMatMul(), [Y, np.arange(9.0).reshape(3, 3)], "x", (0, 0)),
        (WrongBias(), [X], "b", (0,)),
        (LossWithoutDout(), [X, np.eye(3)[:2]], "x", (0, 0)),
        (LossWithoutMean(), [X, np.eye(3)[:2]], "x", (0, 0)),
        (WrongSign(), [X, Y], "y", (0, 0)),
        (NanGradient(), [X], "x", (0, 0)),
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
        (Unsummed(), [X, 1.5], "y", r"gradient of y must have its shape \(\), got \(2, 3\)"),
        (Unsummed(), [X[0], Y], "x", r"must have its shape \(3,\), got \(2, 3\)"),
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


# ---------------------------------------------------------------- right layers


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
    ],
)
def test_right_layers_pass(layer, inputs):  # test_layers asks about each of nbkit's
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
    kept = copy.deepcopy((layer.params, layer.grads))
    try:
        check_gradients(layer, Y)
    except GradientError:
        assert kind is WrongBias
    assert vars(layer).keys() == before.keys()
    assert all(vars(layer)[name] is thing for name, thing in before.items())
    np.testing.assert_equal((layer.params, layer.grads), kept)


def test_a_fresh_layer_stays_fresh():
    layer = Mul()
    check_gradients(layer, X, Y)
    assert layer.memory is None
    with pytest.raises(RuntimeError, match="needs a forward first"):
        layer.backward(1.0)


def test_wrong_shapes_are_reported_by_the_layer_itself():
    with pytest.raises(ValueError, match="expects 3 features"):
        check_gradients(Affine(np.ones((3, 2)), [0.5, 1.0]), np.ones((2, 4)))
