"""Every layer: its figures by hand, its gradient against central differences, its expansion, and what it refuses."""

import inspect
import warnings

import numpy as np
import pytest
from scipy import optimize

from nbkit import Graph, Layer, Loss, Variable, check_gradients, layer, layers, one_hot, sigmoid, softmax
from nbkit.layers import (
    Add,
    Affine,
    Div,
    Exp,
    Flatten,
    LeakyReLU,
    Log,
    MatMul,
    MSELoss,
    Mul,
    Neg,
    Pow,
    ReLU,
    Shift,
    Sigmoid,
    SigmoidWithLoss,
    SoftmaxWithLoss,
    Sub,
    Sum,
    Take,
    Tanh,
    Transpose,
)
from tests.each import of_each

RAGGED = [[1.0], [1.0, 2.0]]


def numbers(shape, seed, low=0.2, high=1.6):
    """Numbers of both signs, none of them near the bend at 0."""
    rng = np.random.default_rng(seed)
    return (rng.uniform(low, high, shape) * rng.choice([-1.0, 1.0], shape))[()]


def positive(shape, seed):
    return np.random.default_rng(seed).uniform(0.4, 2.0, shape)[()]


def affine(dtype=np.float64):
    rng = np.random.default_rng(9)
    return Affine(rng.normal(size=(6, 4)).astype(dtype), rng.normal(size=4).astype(dtype), "hidden")


UNARY_SHAPES = [(), (3,), (2, 3), (2, 3, 2)]
BINARY_SHAPES = [
    ((), ()),
    ((3,), (3,)),
    ((2, 3), (2, 3)),
    ((2, 2, 3), (2, 2, 3)),
    ((3,), (2, 3)),
    ((2, 3), (3,)),
    ((), (2, 3)),
    ((2, 3), ()),
    ((2, 1), (1, 3)),
    ((2, 2, 3), (2, 1)),
]
MATMUL_SHAPES = [
    ((2, 3), (3, 4)),
    ((3,), (3, 4)),
    ((2, 3), (3,)),
    ((3,), (3,)),
    ((2, 4, 3), (3, 2)),
    ((2, 4, 3), (2, 3, 2)),
    ((1, 4, 3), (2, 3, 2)),
    ((3,), (2, 3, 4)),
    ((2, 4, 3), (3,)),
]
SUMS = [
    ((), None, False),
    ((3,), None, False),
    ((3,), 0, True),
    ((2, 3), None, False),
    ((2, 3), None, True),
    ((2, 3), 0, False),
    ((2, 3), -1, True),
    ((2, 3), (0, 1), False),
    ((2, 3, 2), 1, False),
    ((2, 3, 2), (0, -1), False),
    ((2, 3, 2), (0, -1), True),
]
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
    Take: [
        (lambda indices=indices: Take(indices), [numbers(shape, 1)])
        for shape, indices in [
            ((3,), 1),
            ((3,), [2, 0, 2]),
            ((2, 4), [[0, 1], [1, 2], [2, 3]]),
            ((2, 2, 3), [[0, 0]]),
            ((3,), [1, 1]),
        ]
    ],
    ReLU: unary(ReLU),
    LeakyReLU: [*unary(LeakyReLU), *unary(LeakyReLU, slope=0.3)],
    Sigmoid: unary(Sigmoid),
    Tanh: unary(Tanh),
    Affine: [(affine, [numbers(shape, 1)]) for shape in [(6,), (1, 6), (5, 6), (5, 2, 3), (2, 1, 3, 2)]],
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


def label(kind, make, inputs):
    text = f"{kind.__name__}-" + "-".join(str(np.shape(x)).replace(" ", "") for x in inputs)
    if kind is Sum:
        text += f"-axis={make().axis}-keepdims={make().keepdims}"
    if kind is Take:
        text += f"-{make().indices.tolist()}".replace(" ", "")
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
        if inspect.isclass(thing) and issubclass(thing, Layer) and thing not in (Layer, Loss)
    }
    assert public == set(TABLE), "layers.py and TABLE differ"
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


@pytest.mark.parametrize(
    ("make", "t"),
    [
        (Sigmoid, None),
        (Tanh, None),
        (Exp, None),
        (SoftmaxWithLoss, 2),
        (SoftmaxWithLoss, [0.2, 0.3, 0.4, 0.1]),
        (SigmoidWithLoss, [1, 0, 0, 1]),
        (MSELoss, [0.3, -0.2, 0.0, 1.0]),
    ],
)
def test_gradients_stand_before_scipy(make, t):
    rest = [] if t is None else [t]
    dout = 1.0 if rest else np.array([0.5, -1.0, 2.0, 1.5])

    def value(x):
        return float(np.sum(make().forward(x, *rest) * dout))

    def slope(x):
        layer = make()
        layer.forward(x, *rest)
        return layer.backward(dout)

    assert optimize.check_grad(value, slope, np.array([0.3, -0.8, 1.2, 0.6])) < 1e-6


@of_each(EVERY)
def test_dout_is_honoured_and_backward_twice_says_the_same(make, inputs):
    layer = make()
    dout = some_dout(layer, inputs)

    def walk(factor):
        return [np.array(g) for g in (*gradients_of(layer, factor * dout), *layer.grads.values())]

    once, twice, scaled = walk(1), walk(1), walk(-2.5)
    for a, same_again, b in zip(once, twice, scaled, strict=True):
        np.testing.assert_array_equal(a, same_again)
        np.testing.assert_allclose(b, -2.5 * a, rtol=1e-12, atol=1e-14)
    assert all(np.any(a != 0) for a in once)


@of_each(EVERY)
def test_nothing_the_caller_holds_is_changed(make, inputs):
    layer = make()
    frozen = [np.array(x) for x in inputs]
    dout = np.array(some_dout(layer, inputs))
    for array in [*frozen, dout, *layer.params.values()]:
        array.flags.writeable = False
    kept = [array.copy() for array in [*frozen, dout]]
    layer.forward(*frozen)
    gradients_of(layer, dout)
    gradients_of(layer, dout)
    for array, copy in zip([*frozen, dout], kept, strict=True):
        np.testing.assert_array_equal(array, copy)


# ---------------------------------------------------------------- numbers: kind and precision


@of_each(EVERY)
def test_float32_stays_float32(make, inputs):
    layer = affine(np.float32) if make is affine else make()
    inputs = [np.asarray(x)[()] if np.asarray(x).dtype.kind in "ib" else np.asarray(x, np.float32)[()] for x in inputs]
    out = layer.forward(*inputs)
    assert out.dtype == np.float32
    for gradient in gradients_of(layer, np.ones(out.shape, np.float32)[()]):
        assert gradient.dtype == np.float32
    for grad in layer.grads.values():
        assert grad.dtype == np.float32


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


@pytest.mark.parametrize(
    ("layer", "inputs", "value"),
    [
        (Div(), (1, 2), 0.5),
        (Pow(), (2, -1), 0.5),
        (Mul(), ([1, 2], [0.5, 0.5]), [0.5, 1.0]),
        (LeakyReLU(0.5), ([-3, 3],), [-1.5, 3.0]),
        (Sub(), (np.uint8(1), np.uint8(2)), -1.0),
        (MatMul(), ([[100, 100]], np.array([[100], [100]], np.int8)), [[20000.0]]),
    ],
)
def test_whole_numbers_count_like_floats(layer, inputs, value):
    np.testing.assert_array_equal(layer(*inputs), value)


# ---------------------------------------------------------------- figures by hand


BY_HAND = [
    (Add(), (2.0, 3.0), 5.0, 1.3, (1.3, 1.3)),
    (Sub(), (2.0, 3.0), -1.0, 1.3, (1.3, -1.3)),
    (Mul(), (100.0, 2.0), 200.0, 1.1, (2.2, 110.0)),
    (Div(), (3.0, 2.0), 1.5, 2.0, (1.0, -1.5)),
    (Pow(), (3.0, 2.0), 9.0, 1.0, (6.0, 9 * np.log(3))),
    (Pow(), (0.0, 2.0), 0.0, 1.0, (0.0, 0.0)),
    (Pow(), (0.0, 1.0), 0.0, 1.0, (1.0, 0.0)),
    (Pow(), (0.0, 0.0), 1.0, 1.0, (0.0, 0.0)),
    (Neg(), (2.0,), -2.0, 1.5, (-1.5,)),
    (Exp(), (0.0,), 1.0, 3.0, (3.0,)),
    (Log(), (4.0,), np.log(4), 2.0, (0.5,)),
    (Sum(), ([1.0, 2.0, 3.0],), 6.0, 2.0, ([2.0, 2.0, 2.0],)),
    (Sum(axis=0), ([[1.0, 2.0], [3.0, 4.0]],), [4.0, 6.0], [1.0, 10.0], ([[1, 10], [1, 10]],)),
    (MatMul(), ([[1.0, 2.0]], [[3.0], [4.0]]), [[11.0]], [[2.0]], ([[6.0, 8.0]], [[2.0], [4.0]])),
    (Shift(), ([1.0, 4.0, 2.0],), [-3.0, 0.0, -2.0], [1.0, 10.0, 100.0], ([1.0, -101.0, 100.0],)),
    (Shift(), ([4.0],), [0.0], [10.0], ([0.0],)),
    (Flatten(), ([[[1.0, 2.0], [3.0, 4.0]]],), [[1, 2, 3, 4]], [[5, 6, 7, 8]], ([[[5, 6], [7, 8]]],)),
    (Transpose(), ([[1.0, 2.0, 3.0]],), [[1], [2], [3]], [[4], [5], [6]], ([[4, 5, 6]],)),
    (Take([2, 0, 2]), ([1.0, 2.0, 3.0],), [3, 1, 3], [10, 20, 30], ([20, 0, 40],)),
    (ReLU(), ([-1.0, 0.0, 2.0],), [0.0, 0.0, 2.0], [5.0, 5.0, 5.0], ([0.0, 0.0, 5.0],)),
    (LeakyReLU(0.1), ([-1.0, 0.0, 2.0],), [-0.1, 0.0, 2.0], [5.0, 5.0, 5.0], ([0.5, 0.5, 5.0],)),
    (LeakyReLU(0), ([-1.0, 2.0],), [0.0, 2.0], [5.0, 5.0], ([0.0, 5.0],)),
    (Sigmoid(), (0.0,), 0.5, 4.0, (1.0,)),
    (Tanh(), (0.0,), 0.0, 4.0, (4.0,)),
    (MSELoss(), ([1.0, 3.0], [0.0, 0.0]), 2.5, 1.0, ([0.5, 1.5],)),
    (MSELoss(), ([[1.0, 3.0]], [[0.0, 0.0]]), 5.0, 2.0, ([[2.0, 6.0]],)),
    (SoftmaxWithLoss(), ([[0.0, 0.0], [0.0, 0.0]], [0, 1]), np.log(2), 2.0, ([[-0.5, 0.5], [0.5, -0.5]],)),
    (SigmoidWithLoss(), ([0.0, 0.0], [1, 0]), np.log(2), 2.0, ([-0.5, 0.5],)),
    (Affine([[2.0], [3.0]], [1.0]), ([[1.0, 4.0]],), [[15.0]], [[10.0]], ([[20.0, 30.0]],)),
]


def test_each_layer_has_figures_by_hand():
    assert {type(layer) for layer, *_figures in BY_HAND} == set(TABLE), "BY_HAND and TABLE differ"


@pytest.mark.parametrize(("layer", "inputs", "value", "dout", "gradients"), BY_HAND)
def test_figures_by_hand(layer, inputs, value, dout, gradients):
    np.testing.assert_allclose(layer.forward(*inputs), value, rtol=1e-14, atol=1e-15)
    for found, hand in zip(gradients_of(layer, dout), gradients, strict=True):
        np.testing.assert_allclose(found, hand, rtol=1e-14, atol=1e-15)


def test_two_apples_layer_by_layer():
    apple, tax = Mul(), Mul()
    price = apple.forward(100, 2)
    total = tax.forward(price, 1.1)
    dprice, dtax = tax.backward(1)
    dapple, dcount = apple.backward(dprice)
    assert (price, total) == (200, pytest.approx(220))
    assert (dapple, dcount, dtax) == (pytest.approx(2.2), pytest.approx(110), 200)


def test_two_apples_and_three_oranges_layer_by_layer():
    mul_apple, mul_orange, add, mul_tax = Mul(), Mul(), Add(), Mul()
    apples, oranges = mul_apple.forward(100, 2), mul_orange.forward(150, 3)
    fruit = add.forward(apples, oranges)
    total = mul_tax.forward(fruit, 1.1)
    dfruit, dtax = mul_tax.backward(1)
    dapples, doranges = add.backward(dfruit)
    assert (apples, oranges, fruit, total) == (200, 450, 650, pytest.approx(715))
    assert mul_apple.backward(dapples) == (pytest.approx(2.2), pytest.approx(110))
    assert mul_orange.backward(doranges) == (pytest.approx(3.3), pytest.approx(165))
    assert dtax == 650


def test_pow_of_a_negative_base_has_no_gradient_for_the_exponent():
    layer = Pow()
    assert layer.forward(-2.0, 3.0) == -8.0
    dx, dp = layer.backward(1.0)
    assert dx == 12.0
    assert np.isnan(dp)


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
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert layer.forward(x, t) == loss
        np.testing.assert_array_equal(layer.backward(), dx)


@pytest.mark.parametrize("x", [-1000.0, 1000.0, [-1000.0, 0.0, 1000.0]])
@pytest.mark.parametrize("kind", [Sigmoid, Tanh, ReLU, LeakyReLU])
def test_activations_are_finite_at_huge_inputs(kind, x):
    layer = kind()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert np.isfinite(layer.forward(x)).all()
        assert np.isfinite(layer.backward(np.ones(np.shape(x)))).all()


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


def test_labels_and_one_hot_rows_are_the_same_target():
    x = numbers((4, 3), 1)
    by_label, by_row = SoftmaxWithLoss(), SoftmaxWithLoss()
    assert by_label.forward(x, [0, 2, 1, 1]) == by_row.forward(x, one_hot([0, 2, 1, 1], 3).astype(float))
    np.testing.assert_array_equal(by_label.backward(), by_row.backward())
    np.testing.assert_allclose(by_label.backward(), (softmax(x) - one_hot([0, 2, 1, 1], 3)) / 4, rtol=1e-15)


@pytest.mark.parametrize(
    ("loss", "x", "decided"),
    [
        (SoftmaxWithLoss(), [[1.0, 3.0, 2.0], [5.0, 0.0, 0.0]], [1, 0]),
        (SigmoidWithLoss(), [[-0.1], [0.1]], [[0], [1]]),
        (MSELoss(), [0.4, 0.6], [0, 1]),
    ],
)
def test_decide(loss, x, decided):
    np.testing.assert_array_equal(loss.decide(np.array(x)), decided)


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


@pytest.mark.parametrize("shape", [(6,), (5, 6), (5, 2, 3)])
def test_learn_gives_the_parameters_what_backward_gives_them(shape):
    by_learn, by_backward = affine(), affine()
    x = numbers(shape, 3)
    dout = some_dout(by_learn, [x])
    by_backward.forward(x)
    by_learn.backward_params(dout)
    by_backward.backward(dout)
    for name in ("W", "b"):
        np.testing.assert_array_equal(by_learn.grads[name], by_backward.grads[name])


def test_learn_of_any_layer_is_its_backward():
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


@pytest.mark.parametrize(
    ("make", "error", "telling"),
    [
        (lambda: Affine([1, 2], [1, 2]), ValueError, r"got \(2,\) and \(2,\)"),
        (lambda: Affine([[1, 2]], [1]), ValueError, r"got \(1, 2\) and \(1,\)"),
        (lambda: Affine([[1], [2]], [1, 2], "hidden"), ValueError, "'hidden'"),
        (lambda: Affine([[1]], [[1]]), ValueError, r"b with shape \(k,\)"),
        (lambda: Affine("abc", [1]), TypeError, "text 'abc'"),
        (lambda: Affine(RAGGED, [1, 2]), TypeError, "equal lengths"),
        (lambda: Affine([[1]], None), TypeError, "None"),
        (lambda: Affine.random(0, 3, 0), ValueError, "at least one feature.*0 and 3"),
        (lambda: Affine.random(3, 0, 0), ValueError, "at least one feature.*3 and 0"),
        (lambda: Affine.random(3, 2, 0, init="lecun"), ValueError, "'he', 'xavier' or a number, got 'lecun'"),
        (lambda: LeakyReLU(-0.1), ValueError, "slope.*-0.1"),
        (lambda: LeakyReLU(1), ValueError, "slope.*below 1"),
        (lambda: LeakyReLU(np.nan), ValueError, "slope.*nan"),
    ],
)
def test_layers_that_cannot_be_made(make, error, telling):
    with pytest.raises(error, match=telling):
        make()


# ---------------------------------------------------------------- what layers refuse


@of_each(FIRST)
def test_backward_needs_a_forward_first(make, inputs):
    layer = make()
    with pytest.raises(RuntimeError, match=f"{type(layer).__name__}.*backward needs a forward first"):
        layer.backward(1.0)
    assert layer.memory is None


@of_each(EVERY)
def test_dout_must_have_the_shape_of_the_output(make, inputs):
    layer = make()
    out = np.asarray(layer.forward(*inputs))
    before = layer.memory
    with pytest.raises(ValueError, match="dout must have the shape of the output"):
        layer.backward(np.ones((7, *out.shape)))
    assert layer.memory is before
    assert layer.grads == {}


@of_each(FIRST)
def test_inputs_and_dout_must_be_made_of_numbers_and_a_refusal_forgets_nothing(make, inputs):
    for bad in ("abc", None, 1j, RAGGED):
        layer = make()
        layer.forward(*inputs)
        before = layer.memory
        with pytest.raises(TypeError, match=r"number|equal lengths"):
            layer.backward(bad)
        assert layer.grads == {}
        for _name, i in wanted(layer, inputs):
            with pytest.raises(TypeError, match=r"number|equal lengths"):
                layer.forward(*inputs[:i], bad, *inputs[i + 1 :])
        assert layer.memory is before


WRONG_SHAPES = [
    *[(kind(), ((2,), (3,)), f"{kind.__name__}.*\\(2,\\) and \\(3,\\)") for kind in (Add, Sub, Mul, Div, Pow)],
    *[(kind(), ((2, 3), (2,)), "fit each other") for kind in (Add, Sub, Mul, Div, Pow)],
    (MatMul(), ((2, 3), (2, 3)), r"columns of x.*\(2, 3\) and \(2, 3\)"),
    (MatMul(), ((3,), (2,)), "rows of w"),
    (MatMul(), ((), (2,)), "rows of w"),
    (MatMul(), ((2, 2), ()), "rows of w"),
    (MatMul(), ((), ()), r"got shapes \(\) and \(\)"),
    (MatMul("mix"), ((2, 3, 4), (5, 4, 2)), "'mix'"),
    (Sum(axis=1), ((3,),), r"axis 1 is not there.*\(3,\)"),
    (Sum(axis=(0, -3)), ((3, 2),), "axis -3 is not there"),
    (Sum(axis=0), ((),), "axis 0 is not there"),
    (Shift(), ((),), "rows of scores"),
    (Shift(), ((0, 3),), "rows of scores"),
    (Flatten(), ((),), "needs a batch"),
    (Transpose(), ((3,),), r"rows and columns, got x with shape \(3,\)"),
    (Take([0, 3]), ((2, 3),), r"indices from 0 to 3 do not fit x with shape \(2, 3\)"),
    (Take([-1]), ((2, 3),), "indices from -1 to 0"),
    (Take([0]), ((),), r"do not fit x with shape \(\)"),
    (affine(), ((5, 7),), r"Affine 'hidden' expects 6 features, got x with shape \(5, 7\)"),
    (affine(), ((5,),), "expects 6 features"),
    (affine(), ((5, 6, 2),), "expects 6 features"),
    (affine(), ((),), "expects 6 features"),
    *[(kind(), ((4,), (4, 1)), r"got \(4,\) and \(4, 1\)") for kind in (SigmoidWithLoss, MSELoss)],
    *[(kind(), ((4, 1), (4,)), "the same shape") for kind in (SigmoidWithLoss, MSELoss)],
    *[(kind(), ((0, 1), (0, 1)), "at least one row") for kind in (SigmoidWithLoss, MSELoss)],
    *[(kind(), ((2,), ()), "the same shape") for kind in (SigmoidWithLoss, MSELoss)],
    (SoftmaxWithLoss(), ((2, 3), (3,)), r"labels with shape \(2,\)"),
    (SoftmaxWithLoss(), ((2, 3), (2, 1)), r"rows with shape \(2, 3\)"),
    (SoftmaxWithLoss(), ((0, 3), (0,)), "at least one row"),
    (SoftmaxWithLoss(), ((2, 0), (2,)), "one score"),
    (SoftmaxWithLoss(), ((), ()), "shape"),
]


@pytest.mark.parametrize(("layer", "shapes", "telling"), WRONG_SHAPES)
def test_wrong_shapes_are_refused_and_named(layer, shapes, telling):
    before = layer.memory
    with pytest.raises(ValueError, match=telling):
        layer.forward(*(np.zeros(shape) for shape in shapes))
    assert layer.memory is before


@pytest.mark.parametrize(
    ("layer", "x", "t", "telling"),
    [
        (SoftmaxWithLoss(), np.zeros((2, 3)), [0, 3], "0 to 2, got 3"),
        (SoftmaxWithLoss(), np.zeros((2, 3)), [-1, 0], "got -1"),
        (SoftmaxWithLoss(), np.zeros((2, 3)), [0.5, 1], "got 0.5"),
        (SoftmaxWithLoss(), np.zeros((2, 3)), ["cat", "dog"], "text 'cat'"),
        (SoftmaxWithLoss(), np.zeros((2, 3)), [0, np.nan], "got nan"),
        (SoftmaxWithLoss(), np.zeros(3), None, "None"),
        (SoftmaxWithLoss(), np.zeros((1, 3)), [[0.5, 0.5, 0.5]], "sum to 1"),
        (SoftmaxWithLoss(), np.zeros((1, 3)), [[1.5, -0.5, 0.0]], "sum to 1"),
        (SoftmaxWithLoss(), np.zeros((1, 3)), [[np.nan, 0.5, 0.5]], "sum to 1"),
        (SigmoidWithLoss(), np.zeros(2), [0, 2], "between 0 and 1, got 2"),
        (SigmoidWithLoss(), np.zeros(2), [-1, 1], "between 0 and 1, got -1"),
        (SigmoidWithLoss(), 0.0, 2, "between 0 and 1, got 2"),
        (SigmoidWithLoss(), np.zeros(2), ["yes", "no"], "number"),
        (MSELoss(), np.zeros(2), ["1", "2"], "number"),
        (MSELoss(), np.zeros(2), None, "None"),
        (MSELoss(), np.zeros(2), [1j, 0], "number"),
    ],
)
def test_bad_targets_are_refused_and_named(layer, x, t, telling):
    before = layer.memory
    with pytest.raises((ValueError, TypeError), match=telling):
        layer.forward(x, t)
    assert layer.memory is before


def test_a_layer_to_be_written_says_what_is_missing():
    layer = Layer("mine")
    with pytest.raises(NotImplementedError, match="Layer 'mine' has no forward yet"):
        layer(1.0)
    with pytest.raises(NotImplementedError, match="Layer 'mine' has no backward yet"):
        layer.backward(1.0)
    with pytest.raises(NotImplementedError, match="Loss makes no decisions"):
        Loss().decide([1.0])
    with pytest.raises(NotImplementedError, match="Loss knows no probabilities"):
        Loss().probabilities([1.0])


@pytest.mark.parametrize(
    ("layer", "text"), [(ReLU(), "ReLU"), (ReLU("bend"), "ReLU 'bend'"), (Sum(name="Σ"), "Sum 'Σ'")]
)
def test_repr(layer, text):
    assert repr(layer) == text


@pytest.mark.parametrize(("x", "n"), [(np.float64(1), 1), (np.zeros(3), 3), (np.zeros((3, 1)), 3)])
def test_batch_size(x, n):
    assert layer.batch_size(x) == n


def test_a_call_on_plain_arrays_just_computes():
    out = Mul()(np.ones(2), 3)
    assert isinstance(out, np.ndarray)
    assert isinstance(Mul()(Variable(2.0), 3), Variable)


# ---------------------------------------------------------------- collapsed = expanded

COMPOSITE = {Sigmoid, Tanh, Affine, SoftmaxWithLoss, SigmoidWithLoss, MSELoss}
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
def test_expanded_values_on_plain_arrays(make, inputs):
    expanded = make().expand(*inputs)
    assert not isinstance(expanded, Variable)
    assert_equal_to_1e12(expanded, make().forward(*inputs))


@of_each(EVERY_COMPOSITE)
def test_expanded_values_and_gradients_on_variables(make, inputs):
    collapsed, opened = make(), make()
    x1, x2 = Variable(inputs[0], "x"), Variable(inputs[0], "x")
    one, many = Graph(collapsed(x1, *inputs[1:])), Graph(opened.expand(x2, *inputs[1:]))
    dout = np.random.default_rng(4).normal(size=one.output.shape)[()]
    one.backward(dout)
    many.backward(dout)
    assert len(many.variables) > len(one.variables)
    assert not {type(v.layer) for v in many.variables} & COMPOSITE, "an expansion is made of single nodes only"
    assert_equal_to_1e12(many.output.value, one.output.value)
    assert_equal_to_1e12(x2.grad, x1.grad)
    assert set(opened.grads) == set(collapsed.grads) == set(collapsed.params)
    for name in collapsed.params:
        assert_equal_to_1e12(opened.grads[name], collapsed.grads[name])


@of_each([row for row in EVERY_COMPOSITE if isinstance(row[1](), Loss)])
def test_expanded_losses_take_a_variable_as_target(make, inputs):
    x, t = Variable(inputs[0], "x"), Variable(inputs[1], "t")
    graph = Graph(make().expand(x, t))
    graph.backward()
    layer = make()
    assert_equal_to_1e12(graph.output.value, layer.forward(*inputs))
    assert_equal_to_1e12(x.grad, layer.backward())


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
    layer.params["b"] -= 1
    np.testing.assert_allclose(graph.forward(), layer.forward(x.value), rtol=1e-14)


def test_softmax_expansion_stays_finite_at_huge_scores():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert SoftmaxWithLoss().expand(np.array([500.0, 0.0]), 1) == pytest.approx(500.0)


def test_sigmoid_function_is_the_sigmoid_layer():
    x = numbers((3, 4), 1)
    np.testing.assert_array_equal(Sigmoid()(x), sigmoid(x))
