"""Every layer: figures worked out by hand, gradients against central differences, its expansion, and its refusals."""

import inspect

import numpy as np
import pytest
from scipy.signal import convolve2d, correlate2d

from nbkit import Layer, Loss, check_gradients, layers, one_hot

from nbkit.layers import (  # isort: skip
    Add, Affine, Conv2D, Div, Exp, Flatten, GlobalAveragePooling, LeakyReLU, Log, MatMul, MSELoss, Mul, Neg, Pow, ReLU,
    Shift, Sigmoid, SigmoidWithLoss, SoftmaxWithLoss, Sub, Sum, Take, Tanh, Transpose,
)  # fmt: skip
from tests.each import of_each

RAGGED = [[1.0], [1.0, 2.0]]


def numbers(shape, seed, low=0.2, high=1.6):
    """Numbers of both signs, none of them near the kink at 0."""
    rng = np.random.default_rng(seed)
    return (rng.uniform(low, high, shape) * rng.choice([-1.0, 1.0], shape))[()]


def positive(shape, seed):
    return np.random.default_rng(seed).uniform(0.4, 2.0, shape)[()]


def affine(dtype=np.float64):
    rng = np.random.default_rng(9)
    return Affine(rng.normal(size=(6, 4)).astype(dtype), rng.normal(size=4).astype(dtype), "hidden")


def conv(k=2, c=1, p=3, q=3, padding=0, dtype=np.float64):
    rng = np.random.default_rng(9)
    return Conv2D(rng.normal(size=(k, c, p, q)).astype(dtype), rng.normal(size=k).astype(dtype), padding, "edges")


UNARY_SHAPES = [(), (3,), (2, 3), (2, 3, 2)]
BINARY_SHAPES = [
    ((), ()), ((3,), (3,)), ((2, 3), (2, 3)), ((2, 2, 3), (2, 2, 3)),
    ((3,), (2, 3)), ((2, 3), (3,)), ((), (2, 3)), ((2, 3), ()), ((2, 1), (1, 3)), ((2, 2, 3), (2, 1)),
]  # fmt: skip
MATMUL_SHAPES = [
    ((2, 3), (3, 4)), ((3,), (3, 4)), ((2, 3), (3,)), ((3,), (3,)), ((2, 4, 3), (3, 2)), ((2, 4, 3), (2, 3, 2)),
    ((1, 4, 3), (2, 3, 2)), ((3,), (2, 3, 4)), ((2, 4, 3), (3,)),
]  # fmt: skip
SUMS = [
    ((), None, False), ((3,), None, False), ((3,), 0, True), ((2, 3), None, False), ((2, 3), None, True),
    ((2, 3), 0, False), ((2, 3), -1, True), ((2, 3), (0, 1), False),
    ((2, 3, 2), 1, False), ((2, 3, 2), (0, -1), False), ((2, 3, 2), (0, -1), True),
]  # fmt: skip
TAKEN = [((3,), 1), ((3,), [2, 0, 2]), ((2, 4), [[0, 1], [1, 2], [2, 3]]), ((2, 2, 3), [[0, 0]]), ((3,), [1, 1])]
CONVOLVED = [  # k, c, p, q, padding, and the shape of x
    ((2, 1, 3, 3, 0), (2, 1, 5, 4)), ((3, 2, 2, 2, 0), (2, 2, 3, 4)), ((1, 2, 3, 2, 1), (2, 2, 3, 3)),
    ((2, 1, 3, 3, 2), (1, 1, 2, 2)), ((2, 3, 1, 1, 0), (2, 3, 2, 2)), ((2, 2, 2, 3, 0), (1, 2, 3, 4)),
    ((2, 1, 2, 2, 3), (2, 1, 2, 3)), ((2, 1, 4, 3, 0), (2, 1, 4, 3)),
]  # fmt: skip
SOFT = np.array([[0.1, 0.2, 0.7], [0.5, 0.25, 0.25]])


def unary(kind, make=numbers, **options):
    return [(lambda: kind(**options), [make(shape, 1)]) for shape in UNARY_SHAPES]


def binary(kind, make_x=numbers, make_y=numbers, shapes=BINARY_SHAPES):
    return [(kind, [make_x(x, 1), make_y(y, 2)]) for x, y in shapes]


def same(kind, target, shapes):
    return [(kind, [numbers(shape, 1), target(shape)]) for shape in shapes]


def yes_or_no(shape):
    return np.random.default_rng(3).integers(0, 2, shape)


def shares(shape):
    return np.random.default_rng(3).uniform(0, 1, shape)[()]


TABLE = {
    Add: binary(Add),
    Sub: binary(Sub),
    Mul: binary(Mul),
    Div: binary(Div),
    Pow: binary(Pow, make_x=positive),
    Neg: unary(Neg),
    Exp: unary(Exp),
    Log: unary(Log, make=positive),
    Sum: [
        (lambda axis=axis, keep=keep: Sum(axis=axis, keepdims=keep), [numbers(shape, 1)]) for shape, axis, keep in SUMS
    ],
    MatMul: binary(MatMul, shapes=MATMUL_SHAPES),
    Shift: [(Shift, [numbers(shape, 1)]) for shape in [(3,), (2, 3), (2, 3, 2), (1, 2)]],
    Flatten: [(Flatten, [numbers(shape, 1)]) for shape in [(3,), (2, 3), (2, 3, 2), (2, 1, 3, 2)]],
    Transpose: [(Transpose, [numbers(shape, 1)]) for shape in [(2, 3), (1, 4), (2, 3, 2), (2, 1, 2, 3)]],
    Take: [(lambda indices=indices: Take(indices), [numbers(shape, 1)]) for shape, indices in TAKEN],
    ReLU: unary(ReLU),
    LeakyReLU: [*unary(LeakyReLU), *unary(LeakyReLU, slope=0.3)],
    Sigmoid: unary(Sigmoid),
    Tanh: unary(Tanh),
    Affine: [(affine, [numbers(shape, 1)]) for shape in [(6,), (1, 6), (5, 6), (5, 2, 3), (2, 1, 3, 2)]],
    Conv2D: [
        (lambda dtype=np.float64, made=made: conv(*made, dtype=dtype), [numbers(shape, 1)]) for made, shape in CONVOLVED
    ],
    GlobalAveragePooling: [
        (GlobalAveragePooling, [numbers(shape, 1)]) for shape in [(2, 3, 4, 2), (1, 1, 3, 3), (2, 2, 1, 1), (3, 2, 4)]
    ],
    SoftmaxWithLoss: [
        (SoftmaxWithLoss, [numbers((2, 3), 1), np.array([2, 0])]),
        (SoftmaxWithLoss, [numbers((2, 3), 1), one_hot([2, 0], 3)]),
        (SoftmaxWithLoss, [numbers((2, 3), 1), SOFT]),
        (SoftmaxWithLoss, [numbers((3,), 1), np.array(1)]),
        (SoftmaxWithLoss, [numbers((3,), 1), one_hot(1, 3)]),
        (SoftmaxWithLoss, [numbers((3,), 1), SOFT[0]]),
        (SoftmaxWithLoss, [numbers((2, 2, 3), 1), np.array([[2, 0], [1, 1]])]),
    ],
    SigmoidWithLoss: [
        *same(SigmoidWithLoss, yes_or_no, [(), (4,), (4, 1), (1, 1), (2, 3)]),
        *same(SigmoidWithLoss, shares, [(4,), (4, 1), (2, 3, 2)]),
    ],
    MSELoss: same(MSELoss, shares, [(), (4,), (4, 1), (2, 3), (2, 3, 2)]),
}

COMPOSITE = {
    Sigmoid,
    Tanh,
    Affine,
    Conv2D,
    GlobalAveragePooling,
    SoftmaxWithLoss,
    SigmoidWithLoss,
    MSELoss,
}  # layers with `expand`


def label(kind, make, inputs):
    text = f"{kind.__name__}-" + "-".join(str(np.shape(x)).replace(" ", "") for x in inputs)
    if kind is Sum:
        text += f"-axis={make().axis}-keepdims={make().keepdims}"
    if kind is Take:
        text += f"-{make().indices.tolist()}".replace(" ", "")
    if kind is Conv2D:
        layer = make()
        text += f"-W={layer.params['W'].shape}-padding={layer.padding}".replace(" ", "")
    if kind is LeakyReLU:
        text += f"-slope={make().slope}"
    return text + (f"-{np.asarray(inputs[1]).dtype}" if issubclass(kind, Loss) else "")


EVERY = [(label(kind, make, inputs), make, inputs) for kind, rows in TABLE.items() for make, inputs in rows]
FIRST = [(kind.__name__, *rows[2 if len(rows) > 2 else 0]) for kind, rows in TABLE.items()]


def wanted(layer, inputs):
    """Names and positions of the inputs that must get a gradient."""
    names = list(inspect.signature(layer.forward).parameters)
    return [(name, i) for i, name in enumerate(names[: len(inputs)]) if name not in layer.targets]


def gradients_of(layer, dout):
    gradients = layer.backward(dout)
    return gradients if isinstance(gradients, tuple) else (gradients,)


def central_differences(f, x, dout, eps=1e-5):
    """The oracle, kept apart from nbkit.gradcheck."""
    x = np.array(x, dtype=float)
    local_derivatives = np.zeros(x.size)
    for i in range(x.size):
        up, down = x.copy().reshape(-1), x.copy().reshape(-1)
        up[i] += eps
        down[i] -= eps
        difference = np.asarray(f(up.reshape(x.shape)[()])) - np.asarray(f(down.reshape(x.shape)[()]))
        local_derivatives[i] = np.sum(difference * dout) / (2 * eps)
    return local_derivatives.reshape(x.shape)


def assert_close_to_oracle(gradient, oracle):
    assert np.shape(gradient) == oracle.shape
    scale = max(1.0, np.abs(oracle).max(initial=0.0))
    np.testing.assert_allclose(gradient, oracle, rtol=0, atol=1e-6 * scale)


def some_dout(layer, inputs):
    out = np.asarray(layer.forward(*inputs))
    return np.random.default_rng(5).normal(size=out.shape)[()]


# ---------------------------------------------------------------- the gradient table


def test_the_table_misses_no_layer():
    public = {
        thing
        for thing in vars(layers).values()
        if inspect.isclass(thing) and issubclass(thing, Layer) and thing.__module__ == "nbkit.layers"
    }
    assert public == set(TABLE) == {type(layer) for layer, *_figures in BY_HAND}
    assert all(len(rows) >= 4 for rows in TABLE.values())


@of_each(EVERY)
def test_gradients_equal_central_differences(make, inputs):
    layer = make()
    dout = some_dout(layer, inputs)
    gradients = gradients_of(layer, dout)
    of_parameters = dict(layer.grads)
    for (_name, i), gradient in zip(wanted(layer, inputs), gradients, strict=True):
        oracle = central_differences(lambda x, i=i: make().forward(*inputs[:i], x, *inputs[i + 1 :]), inputs[i], dout)
        assert_close_to_oracle(gradient, oracle)
    assert set(of_parameters) == set(layer.params)
    for name, gradient in of_parameters.items():

        def with_parameter(p, name=name):
            other = make()
            other.params[name] = p
            return other.forward(*inputs)

        assert_close_to_oracle(gradient, central_differences(with_parameter, layer.params[name], dout))
    check_gradients(make(), *inputs)  # the package's own check has no complaint either


@of_each(EVERY)
def test_backward_is_linear_in_dout_says_the_same_twice_and_changes_no_array_of_the_caller(make, inputs):
    layer, frozen = make(), [np.array(x) for x in inputs]
    dout = np.array(some_dout(layer, inputs))
    held = [*frozen, dout, *layer.params.values()]
    kept = [array.copy() for array in held]
    for array in held:
        array.flags.writeable = False
    layer.forward(*frozen)

    def walk(dout):
        return [np.array(g) for g in (*gradients_of(layer, dout), *layer.grads.values())]

    once, twice, scaled = walk(dout), walk(dout), walk(-2.5 * dout)
    np.testing.assert_equal(twice, once)
    for a, b in zip(once, scaled, strict=True):
        np.testing.assert_allclose(b, -2.5 * a, rtol=1e-12, atol=1e-14)
        assert np.any(a != 0)
    np.testing.assert_equal(held, kept)


# ---------------------------------------------------------------- numbers: kind and precision


@of_each(EVERY)
def test_float32_stays_float32(make, inputs):
    layer = make(dtype=np.float32) if isinstance(make(), Affine | Conv2D) else make()
    inputs = [np.asarray(x)[()] if np.asarray(x).dtype.kind in "ib" else np.asarray(x, np.float32)[()] for x in inputs]
    out = layer.forward(*inputs)
    assert out.dtype == np.float32
    for gradient in gradients_of(layer, np.ones(out.shape, np.float32)[()]):
        assert gradient.dtype == np.float32
    for grad in layer.grads.values():
        assert grad.dtype == np.float32


@pytest.mark.parametrize("kind", [Add, Sub, Mul, Div, Pow])
def test_a_plain_number_follows_the_array_that_it_meets(kind):
    x = np.array([1.0, 2.0], np.float32)
    assert kind().forward(x, 2.0).dtype == kind().forward(2.0, x).dtype == np.float32
    assert kind().forward(x, np.array([2.0, 3.0])).dtype == np.float64


@of_each(FIRST)
def test_integers_are_promoted_never_truncated(make, inputs):
    whole = [np.round(np.asarray(x) * 3 + 5).astype(int) for x in inputs]
    if issubclass(type(make()), Loss):
        whole[1] = np.asarray(inputs[1]).round().astype(int)
    if type(make()) is SoftmaxWithLoss:
        whole[1] = np.array([1, 2])
    floats = [x.astype(float) for x in whole]
    by_whole, by_float = make(), make()
    out = by_whole.forward(*whole)
    assert out.dtype == np.float64
    np.testing.assert_array_equal(out, by_float.forward(*floats))
    dout = np.ones(out.shape, dtype=int)[()]
    for a, b in zip(gradients_of(by_whole, dout), gradients_of(by_float, dout.astype(float)), strict=True):
        assert a.dtype == np.float64
        np.testing.assert_array_equal(a, b)


# ---------------------------------------------------------------- figures worked out by hand

BY_HAND = [
    (Add(), (2.0, 3.0), 5.0, 1.3, (1.3, 1.3)),
    (Sub(), (2.0, 3.0), -1.0, 1.3, (1.3, -1.3)),
    (Sub(), (np.uint8(1), np.uint8(2)), -1.0, 1, (1.0, -1.0)),
    (Mul(), (100.0, 2.0), 200.0, 1.1, (2.2, 110.0)),
    (Div(), (3.0, 2.0), 1.5, 2.0, (1.0, -1.5)),
    (Div(), (1, 2), 0.5, 1, (0.5, -0.25)),
    (Pow(), (3.0, 2.0), 9.0, 1.0, (6.0, 9 * np.log(3))),
    (Pow(), (2, -1), 0.5, 1, (-0.25, 0.5 * np.log(2))),
    (Pow(), (-2.0, 3.0), -8.0, 1.0, (12.0, np.nan)),  # (−2)**p is no smooth function of p
    (Pow(), (0.0, 2.0), 0.0, 1.0, (0.0, 0.0)),
    (Pow(), (0.0, 1.0), 0.0, 1.0, (1.0, 0.0)),
    (Pow(), (0.0, 0.0), 1.0, 1.0, (0.0, 0.0)),
    (Neg(), (2.0,), -2.0, 1.5, (-1.5,)),
    (Exp(), (0.0,), 1.0, 3.0, (3.0,)),
    (Log(), (4.0,), np.log(4), 2.0, (0.5,)),
    (Sum(), ([1.0, 2.0, 3.0],), 6.0, 2.0, ([2.0, 2.0, 2.0],)),
    (Sum(axis=0), ([[1.0, 2.0], [3.0, 4.0]],), [4.0, 6.0], [1.0, 10.0], ([[1, 10], [1, 10]],)),
    (MatMul(), ([[1.0, 2.0]], [[3.0], [4.0]]), [[11.0]], [[2.0]], ([[6.0, 8.0]], [[2.0], [4.0]])),
    (MatMul(), ([[100, 100]], np.array([[100], [100]], np.int8)), [[20000.0]], [[1]], ([[100, 100]], [[100], [100]])),
    (Shift(), ([1.0, 4.0, 2.0],), [-3.0, 0.0, -2.0], [1.0, 10.0, 100.0], ([1.0, -101.0, 100.0],)),
    (Shift(), ([4.0],), [0.0], [10.0], ([0.0],)),
    (Flatten(), ([[[1.0, 2.0], [3.0, 4.0]]],), [[1, 2, 3, 4]], [[5, 6, 7, 8]], ([[[5, 6], [7, 8]]],)),
    (Transpose(), ([[1.0, 2.0, 3.0]],), [[1], [2], [3]], [[4], [5], [6]], ([[4, 5, 6]],)),
    (Take([2, 0, 2]), ([1.0, 2.0, 3.0],), [3, 1, 3], [10, 20, 30], ([20, 0, 40],)),
    (ReLU(), ([-1.0, 0.0, 2.0],), [0.0, 0.0, 2.0], [5.0, 5.0, 5.0], ([0.0, 0.0, 5.0],)),
    (LeakyReLU(0.5), ([-3, 3],), [-1.5, 3.0], [1, 1], ([0.5, 1.0],)),
    (LeakyReLU(0.1), ([-1.0, 0.0, 2.0],), [-0.1, 0.0, 2.0], [5.0, 5.0, 5.0], ([0.5, 0.5, 5.0],)),
    (LeakyReLU(0), ([-1.0, 2.0],), [0.0, 2.0], [5.0, 5.0], ([0.0, 5.0],)),
    (Sigmoid(), (0.0,), 0.5, 4.0, (1.0,)),
    (Tanh(), (0.0,), 0.0, 4.0, (4.0,)),
    (MSELoss(), ([1.0, 3.0], [0.0, 0.0]), 2.5, 1.0, ([0.5, 1.5],)),
    (MSELoss(), ([[1.0, 3.0]], [[0.0, 0.0]]), 5.0, 2.0, ([[2.0, 6.0]],)),
    (SoftmaxWithLoss(), ([[0.0, 0.0], [0.0, 0.0]], [0, 1]), np.log(2), 2.0, ([[-0.5, 0.5], [0.5, -0.5]],)),
    (SigmoidWithLoss(), ([0.0, 0.0], [1, 0]), np.log(2), 2.0, ([-0.5, 0.5],)),
    (Affine([[2.0], [3.0]], [1.0]), ([[1.0, 4.0]],), [[15.0]], [[10.0]], ([[20.0, 30.0]],)),
    # 1·1 + 10·2 + 100·4 + 1000·5 + 7, and so on; each pixel gets the weights of its windows
    (
        Conv2D([[[[1.0, 10.0], [100.0, 1000.0]]]], [7.0]), ([[[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]]],),
        [[[[5428.0, 6539.0]]]], [[[[1.0, 2.0]]]], ([[[[1, 12, 20], [100, 1200, 2000]]]],),
    ),
    (
        Conv2D([[[[3.0, 5.0]]]], [0.0], 1), ([[[[2.0]]]],),
        [[[[0, 0], [10, 6], [0, 0]]]], [[[[9, 9], [1, 4], [9, 9]]]], ([[[[17.0]]]],),
    ),
    (GlobalAveragePooling(), ([[[[1.0, 2.0], [3.0, 6.0]]]],), [[3.0]], [[8.0]], ([[[[2.0, 2.0], [2.0, 2.0]]]],)),
]  # fmt: skip


@pytest.mark.parametrize(("layer", "inputs", "value", "dout", "gradients"), BY_HAND)
def test_figures_by_hand(layer, inputs, value, dout, gradients):
    np.testing.assert_allclose(layer.forward(*inputs), value, rtol=1e-14, atol=1e-15)
    for found, expected in zip(gradients_of(layer, dout), gradients, strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-14, atol=1e-15)


@pytest.mark.parametrize(
    ("layer", "x", "t", "loss", "dx"),
    [
        (SoftmaxWithLoss(), [1000.0, -1000.0], 0, 0.0, [0.0, 0.0]),
        (SoftmaxWithLoss(), [1000.0, -1000.0], 1, 2000.0, [1.0, -1.0]),
        (SoftmaxWithLoss(), [[-1000.0, 1000.0], [1000.0, 1000.0]], [1, 0], np.log(2) / 2, [[0, 0], [-0.25, 0.25]]),
        (SoftmaxWithLoss(), [[1000.0, -1000.0]], [[0.5, 0.5]], 1000.0, [[0.5, -0.5]]),
        (SigmoidWithLoss(), 1000.0, 1, 0.0, 0.0),
        (SigmoidWithLoss(), 1000.0, 0, 1000.0, 1.0),
        (SigmoidWithLoss(), -1000.0, 0, 0.0, 0.0),
        (SigmoidWithLoss(), [[-1000.0], [1000.0]], [[1], [1]], 500.0, [[-0.5], [0.0]]),
    ],
)
def test_losses_are_exact_at_huge_scores(layer, x, t, loss, dx):
    assert layer.forward(x, t) == loss
    np.testing.assert_array_equal(layer.backward(), dx)


@pytest.mark.parametrize(
    ("kind", "x", "t"),
    [
        (SoftmaxWithLoss, numbers((4, 3), 1), np.array([0, 2, 1, 1])),
        (SoftmaxWithLoss, numbers((4, 3), 1), one_hot([0, 2, 1, 1], 3)),
        (SigmoidWithLoss, numbers((4, 1), 1), np.array([[1], [0], [0], [1]])),
        (MSELoss, numbers((4, 2), 1), numbers((4, 2), 2)),
    ],
)
def test_a_loss_is_the_mean_over_rows(kind, x, t):
    whole = kind()
    rows = [kind().forward(x[i : i + 1], t[i : i + 1]) for i in range(len(x))]
    assert whole.forward(x, t) == pytest.approx(np.mean(rows), rel=1e-14)
    twice = kind()
    twice.forward(np.concatenate([x, x]), np.concatenate([t, t]))
    np.testing.assert_allclose(twice.backward()[: len(x)], whole.backward() / 2, rtol=1e-13)


# ---------------------------------------------------------------- Affine


def test_affine_by_hand():
    layer = Affine([[1, 2, 3], [4, 5, 6]], [10, 20, 30])
    np.testing.assert_array_equal(layer.forward([[1, 1], [2, 0]]), [[15, 27, 39], [12, 24, 36]])
    dx = layer.backward([[1, 0, 0], [0, 1, 1]])
    np.testing.assert_array_equal(dx, [[1, 4], [5, 11]])
    np.testing.assert_array_equal(layer.grads["W"], [[1, 2, 2], [1, 0, 0]])
    np.testing.assert_array_equal(layer.grads["b"], [1, 1, 1])


def test_affine_copies_its_parameters():
    W, b = np.ones((2, 3)), np.zeros(3)
    layer = Affine(W, b)
    layer.params["W"] += 1
    layer.params["b"] += 1
    assert W.sum() == 6
    assert b.sum() == 0


def test_backward_params_of_any_layer_is_its_backward():
    class Scale(Layer):
        def backward(self, dout):
            self.grads = {"a": dout}

    layer = Scale()
    layer.backward_params(3.0)
    assert layer.grads == {"a": 3.0}


@pytest.mark.parametrize(("init", "std"), [("he", np.sqrt(2 / 200)), ("xavier", np.sqrt(2 / 500)), (0.01, 0.01)])
def test_random_affine_has_the_spread_asked_for(init, std):
    layer = Affine.random(200, 300, 0, init, name="wide")
    assert layer.params["W"].shape == (200, 300)
    assert layer.params["W"].std() == pytest.approx(std, rel=0.02)
    assert layer.params["W"].mean() == pytest.approx(0, abs=std / 50)
    np.testing.assert_array_equal(layer.params["b"], np.zeros(300))
    assert layer.name == "wide"


def test_random_affine_is_the_same_for_the_same_seed():
    a, b, c = (Affine.random(3, 2, seed).params["W"] for seed in (1, 1, 2))
    np.testing.assert_array_equal(a, b)
    assert (a != c).any()
    rng = np.random.default_rng(1)
    np.testing.assert_array_equal(Affine.random(3, 2, rng).params["W"], a)
    assert (Affine.random(3, 2, rng).params["W"] != a).any()


# ---------------------------------------------------------------- Conv2D


@pytest.mark.parametrize("padding", [0, 1, 4])
def test_a_convolution_is_scipys_correlation_of_all_channels_plus_the_bias(padding):
    layer = conv(3, 2, 5, 4, padding)
    x = numbers((2, 2, 8, 7), 1)
    framed = np.pad(x, [(0, 0), (0, 0), (padding, padding), (padding, padding)])
    W, b = layer.params.values()
    wanted = [
        [sum(correlate2d(framed[n, c], W[k, c], "valid") for c in range(2)) + b[k] for k in range(3)] for n in range(2)
    ]
    np.testing.assert_allclose(layer.forward(x), wanted, rtol=1e-12)


def test_the_gradients_of_a_convolution_are_convolutions_too():
    """dx is dout convolved with the kernel turned round; dW is the picture correlated with dout."""
    layer, x, dout = conv(1, 1, 3, 2), numbers((1, 1, 6, 5), 1), numbers((1, 1, 4, 4), 2)
    layer.forward(x)
    np.testing.assert_allclose(layer.backward(dout)[0, 0], convolve2d(dout[0, 0], layer.params["W"][0, 0]))
    np.testing.assert_allclose(layer.grads["W"][0, 0], correlate2d(x[0, 0], dout[0, 0], "valid"))
    np.testing.assert_allclose(layer.grads["b"], [dout.sum()])


def test_a_convolution_copies_its_parameters_and_starts_as_affine_does():
    W, b = np.ones((1, 1, 2, 2)), np.zeros(1)
    Conv2D(W, b).params["W"] += 1
    assert W.sum() == 4
    layer = Conv2D.random(2, 300, 5, 0, padding=3, name="first")
    assert layer.params["W"].shape == (300, 2, 5, 5)
    assert layer.params["W"].std() == pytest.approx(np.sqrt(2 / 50), rel=0.02)  # 50 numbers go into each output
    assert (layer.padding, layer.name, layer.params["b"].any()) == (3, "first", False)
    glorot = Conv2D.random(2, 300, 5, 0, init="xavier").params["W"].std()
    assert glorot == pytest.approx(np.sqrt(2 / (25 * 302)), rel=0.02)
    np.testing.assert_array_equal(Conv2D.random(1, 2, 3, 4).params["W"], Conv2D.random(1, 2, 3, 4).params["W"])


def test_with_padding_a_moved_picture_gives_the_same_means():
    """As long as nothing leaves the picture: the windows only meet in another order."""
    x = np.zeros((2, 1, 8, 8))
    x[..., 2:6, 2:6] = numbers((2, 1, 4, 4), 1)
    layer, mean = conv(3, 1, 5, 5, 4), GlobalAveragePooling()
    moved = np.roll(x, (1, -2), axis=(-2, -1))
    np.testing.assert_allclose(mean.forward(layer.forward(moved)), mean.forward(layer.forward(x)), rtol=1e-12)


@pytest.mark.parametrize(
    ("make", "error", "telling"),
    [
        (
            lambda: Conv2D(np.ones((3, 3)), [0.0]),
            ValueError,
            r"\(k, c, p, q\) and b with shape \(k,\), got \(3, 3\) and",
        ),
        (lambda: Conv2D(np.ones((2, 1, 3, 3)), [0.0]), ValueError, r"got \(2, 1, 3, 3\) and \(1,\)"),
        (lambda: Conv2D(np.ones((1, 1, 0, 3)), [0.0]), ValueError, r"got \(1, 1, 0, 3\)"),
        (lambda: Conv2D(np.ones((1, 1, 3, 3)), [0.0], -1), ValueError, "padding must be .* at least 0, got -1"),
        (lambda: Conv2D.random(0, 2, 3, 0), ValueError, "c must be .* at least 1, got 0"),
        (lambda: Conv2D.random(1, 2, 2.5, 0), ValueError, "size must be .* got 2.5"),
        (lambda: Conv2D.random(1, 2, 3, 0, init="small"), ValueError, "a number, got 'small'"),
        (lambda: Affine([1, 2], [1, 2]), ValueError, r"got \(2,\) and \(2,\)"),
        (lambda: Affine([[1, 2]], [1]), ValueError, r"got \(1, 2\) and \(1,\)"),
        (lambda: Affine([[1], [2]], [1, 2], "hidden"), ValueError, "'hidden'"),
        (lambda: Affine([[1]], [[1]]), ValueError, r"b with shape \(k,\)"),
        (lambda: Affine("abc", [1]), TypeError, "text 'abc'"),
        (lambda: Affine(RAGGED, [1, 2]), TypeError, "equal lengths"),
        (lambda: Affine([[1]], None), TypeError, "None"),
        (lambda: Affine.random(0, 3, 0), ValueError, "d must be a whole number of at least 1, got 0"),
        (lambda: Affine.random(3, 0, 0), ValueError, "k must be .* at least 1, got 0"),
        (lambda: Affine.random(3, 2, 0, init="lecun"), ValueError, "'he', 'xavier' or a number, got 'lecun'"),
        (lambda: LeakyReLU(-0.1), ValueError, "slope.*-0.1"),
        (lambda: Affine.random(3, 2, 0, init=-1), ValueError, "init must be a number of at least 0, got -1"),
        (lambda: Affine.random(3, 2, 0, init=[1]), ValueError, "init must be a number .* got"),
        (lambda: Affine(10**400, [1]), ValueError, "too large for a float"),
        (lambda: LeakyReLU(1), ValueError, "slope.*below 1"),
        (lambda: LeakyReLU(np.nan), ValueError, "slope.*nan"),
    ],
)
def test_layers_that_cannot_be_made(make, error, telling):
    with pytest.raises(error, match=telling):
        make()
