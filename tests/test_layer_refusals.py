"""What layers refuse: backward without forward, shapes that do not fit, bad numbers, bad targets."""

import numpy as np
import pytest

from nbkit import Layer, Loss, Variable

from nbkit.layers import (  # isort: skip
    Add, Conv2D, Div, Flatten, GlobalAveragePooling, MatMul, MSELoss, Mul, Pow, ReLU, Shift, SigmoidWithLoss,
    SoftmaxWithLoss, Sub, Sum, Take, Transpose,
)  # fmt: skip
from tests.each import of_each
from tests.test_layers import EVERY, FIRST, affine, wanted

RAGGED = [[1.0], [1.0, 2.0]]


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


CONV = Conv2D(np.ones((1, 2, 3, 2)), [0.0], name="edges")
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
    (
        CONV,
        ((2, 1, 5, 5),),
        r"Conv2D 'edges' expects x with shape \(n, 2, h, w\), .* 3 and w at least 2, got \(2, 1, 5, 5\)",
    ),
    (CONV, ((2, 2, 2, 5),), r"h at least 3 .*got \(2, 2, 2, 5\)"),
    (CONV, ((2, 2, 5, 1),), r"w at least 2, got \(2, 2, 5, 1\)"),
    (CONV, ((5, 5),), r"got \(5, 5\)"),
    (CONV, ((1, 2, 2, 5, 5),), r"got \(1, 2, 2, 5, 5\)"),
    (Conv2D(np.ones((1, 1, 4, 4)), [0.0], 1), ((1, 1, 1, 4),), "h at least 2 and w at least 2"),
    (GlobalAveragePooling(), ((3, 4),), r"channels, rows and columns, got x with shape \(3, 4\)"),
    (GlobalAveragePooling(), ((2, 3, 0, 4),), "channels, rows and columns"),
    *[(kind(), ((4,), (4, 1)), r"got \(4,\) and \(4, 1\)") for kind in (SigmoidWithLoss, MSELoss)],
    *[(kind(), ((4, 1), (4,)), "the same shape") for kind in (SigmoidWithLoss, MSELoss)],
    *[(kind(), ((0, 1), (0, 1)), "at least one row") for kind in (SigmoidWithLoss, MSELoss)],
    *[(kind(), ((2,), ()), "the same shape") for kind in (SigmoidWithLoss, MSELoss)],
    (SoftmaxWithLoss(), ((2, 3), (3,)), r"labels with shape \(2,\)"),
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
        (SoftmaxWithLoss(), np.zeros((2, 3)), [0, 3], "0 to 2, got 3"),  # test_functions has all that is no label
        (SoftmaxWithLoss(), np.zeros(3), None, "None"),
        (SoftmaxWithLoss(), np.zeros((1, 3)), [[0.5, 0.5, 0.5]], "sum to 1"),
        (SigmoidWithLoss(), np.zeros(2), [0, 2], "between 0 and 1, got 2"),
        (SigmoidWithLoss(), np.zeros(2), [-1, 1], "between 0 and 1, got -1"),
        (SigmoidWithLoss(), 0.0, 2, "between 0 and 1, got 2"),
        (SigmoidWithLoss(), np.zeros(2), ["yes", "no"], "number"),
        (MSELoss(), np.zeros(2), None, "None"),
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
    ("layer", "text"), [(ReLU(), "ReLU"), (ReLU("hidden"), "ReLU 'hidden'"), (Sum(name="Σ"), "Sum 'Σ'")]
)
def test_repr(layer, text):
    assert repr(layer) == text


def test_a_call_on_plain_arrays_just_computes():
    out = Mul()(np.ones(2), 3)
    assert isinstance(out, np.ndarray)
    assert isinstance(Mul()(Variable(2.0), 3), Variable)
