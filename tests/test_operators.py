"""What a Variable does not do says what to write instead, and NumPy's arrays stand beside one as before."""

import math

import numpy as np
import pytest

from nbkit import Dual, Graph, Variable
from tests.each import of_each

A = np.array([1.0, 2.0])


def v():
    return Variable([3.0, 4.0], "v")


BESIDE = {
    "+": (lambda: A + v(), [4, 6]), "-": (lambda: A - v(), [-2, -2]), "*": (lambda: A * v(), [3, 8]),
    "/": (lambda: A / v(), [1 / 3, 0.5]), "**": (lambda: A ** v(), [1, 16]), "@": (lambda: np.eye(2) @ v(), [3, 4]),
    "scalar": (lambda: np.float64(2) * v(), [6, 8]), "np.add": (lambda: np.add(v(), A), [4, 6]),
    "np.multiply": (lambda: np.multiply(A, v()), [3, 8]), "np.negative": (lambda: np.negative(v()), [-3, -4]),
    "np.matmul": (lambda: np.matmul(np.eye(2), v()), [3, 4]), "scalar, integer": (lambda: np.int64(2) * v(), [6, 8]),
}  # fmt: skip


@of_each([(name, *row) for name, row in BESIDE.items()])
def test_an_array_or_numpys_own_operator_beside_a_variable_is_recorded(make, value):
    result = make()
    assert isinstance(result, Variable)
    np.testing.assert_allclose(result.value, value)
    assert Graph(result.layer.owner(*result.inputs)).backward(np.ones(2))["v"].shape == (2,)


def test_plus_is_on_the_side_of_an_array_as_well():
    total = A.copy()
    total += v()
    assert isinstance(total, Variable)
    assert total.value.tolist() == [4, 6]
    with pytest.raises(TypeError, match=r"np\.add cannot record"):
        np.add(A, v(), out=np.zeros(2))


def test_an_array_is_never_equal_to_a_variable_and_shapes_can_be_asked_for():
    assert [bool(np.equal(A, v())), bool(np.not_equal(A, v()))] == [False, True]
    assert v() not in [A, A]
    assert (np.shape(v()), np.ndim(v()), np.size(v())) == ((2,), 1, 2)


INSTEAD = {
    "np.exp": (np.exp, r"np\.exp cannot record a Variable: write Exp\(\)\(v\) instead"),
    "np.log": (np.log, r"Log\(\)\(v\)"), "np.tanh": (np.tanh, r"Tanh\(\)\(v\)"), "np.sqrt": (np.sqrt, r"v \*\* 0.5"),
    "np.sin": (np.sin, r"np\.sin cannot record a Variable: write v\.value"), "np.abs": (np.abs, r"v\.value"),
    "abs": (abs, r"v\.value"), "math.exp": (math.exp, r"math\.exp"), "float": (float, r"\.value"),
    "np.sum": (np.sum, r"Sum\(\)\(v\)"), "np.mean": (np.mean, r"Sum\(\)\(v\) / n"), "np.max": (np.max, r"v\.value"),
    "np.dot": (lambda x: np.dot(x, A), "v @ w"), "np.dot, behind": (lambda x: np.dot(A, x), "v @ w"),
    "np.einsum": (lambda x: np.einsum("i,i", x, A), "v @ w"), "np.maximum": (lambda x: np.maximum(0, x), "ReLU"),
    "np.where": (lambda x: np.where(A > 0, x, 0), r"v\.value"), "np.transpose": (np.transpose, "Transpose"),
    "np.reshape": (lambda x: np.reshape(x, (1, 2)), "Flatten"), "np.clip": (lambda x: np.clip(x, 0, 1), r"v\.value"),
    "np.add.reduce": (np.add.reduce, r"Sum\(\)\(v\)"), "np.multiply.outer": (lambda x: np.multiply.outer(x, A), "np"),
    "np.concatenate": (lambda x: np.concatenate([x, x]), r"np\.concatenate"),
    "np.greater": (lambda x: np.greater(A, x), r"v\.value"), "greater": (lambda x: x > 0, r"v\.value"),
    "less": (lambda x: x < A, r"v\.value"), "less or equal": (lambda x: x <= x, r"v\.value"),
    "sum": (lambda x: x.sum(), r"a Variable has no sum: write Sum\(\)\(v\) instead"),
    "mean": (lambda x: x.mean(), r"Sum\(\)\(v\) / n"), "exp": (lambda x: x.exp(), r"Exp\(\)\(v\)"),
    "T": (lambda x: x.T, r"Transpose\(\)\(v\)"), "reshape": (lambda x: x.reshape(2, 1), "Flatten"),
    "backward": (lambda x: x.backward(), r"a Variable has no backward: write Graph\(v\)\.backward\(\) instead"),
    "item": (lambda x: x.item(), r"v\.value"), "numpy": (lambda x: x.numpy(), r"v\.value"),
    "dot": (lambda x: x.dot(x), "v @ w"), "detach": (lambda x: x.detach(), r"v\.value"),
    "max": (lambda x: x.max(), r"v\.value"), "dtype": (lambda x: x.dtype, r"v\.value\.dtype"),
    "unknown": (lambda x: x.gradient_of, "a Variable has no gradient_of"),
}  # fmt: skip


@of_each([(name, *row) for name, row in INSTEAD.items()])
def test_what_is_not_recorded_says_what_to_write_instead(call, words):
    with pytest.raises((TypeError, AttributeError), match=words):
        call(v())


def test_a_result_without_a_name_is_called_v_and_a_dual_is_told_of_as_well():
    with pytest.raises(TypeError, match=r"write Exp\(\)\(v\)"):
        np.exp(v() * 2)
    with pytest.raises(TypeError, match="cannot record a Variable"):
        np.exp(Variable(1.0, "a name with blanks"))
    with pytest.raises(TypeError, match=r"np\.sin cannot record a Dual"):
        np.sin(Dual(1.0, 1.0))


def test_what_tools_ask_for_is_not_there():
    assert not any(hasattr(v(), name) for name in ("dtype", "__array__", "__len__", "_repr_html_", "sum"))
