"""Variables and their operators: what is recorded, and what a Variable does not do says what to write instead."""

import math
import operator
from itertools import product

import numpy as np
import pytest

from nbkit import Dual, Graph, Layer, MSELoss, Mul, Sigmoid, Variable
from tests.each import of_each
from tests.test_layers import central_differences

# ---------------------------------------------------------------- operators and what they accept

OPERATORS = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv, "**": operator.pow}
OTHERS = {
    "int": 3,
    "float": 2.5,
    "numpy number": np.float64(2.5),
    "array without axes": np.array(2.5),
    "matrix": np.array([[1.5, 2.0, 0.5], [3.0, 1.0, 2.0]]),
    "integers": np.array([1, 2, 3]),
    "column": np.array([[1.5], [2.0]]),
    "list": [1.5, 2.0, 0.5],
}


@of_each(
    [
        (f"{sign} {other} {np.shape(value)}", OPERATORS[sign], OTHERS[other], value)
        for sign, other, value in product(OPERATORS, OTHERS, (1.5, [1.5, 0.5, 2.0]))
    ]
)
def test_operators_with_the_variable_on_either_side(combine, other, value):
    for reflected in (False, True):
        x = Variable(value, "x")
        result = combine(other, x) if reflected else combine(x, other)
        assert isinstance(result, Variable)

        def plain(v, reflected=reflected):
            o = np.asarray(other, dtype=float)
            return combine(o, v) if reflected else combine(v, o)

        np.testing.assert_allclose(result.value, plain(np.asarray(value)), rtol=1e-15)
        gradient = Graph(result).backward()["x"]
        oracle = central_differences(plain, value, np.ones(result.shape))
        assert np.shape(gradient) == np.shape(value)
        np.testing.assert_allclose(gradient, oracle, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("make", [Variable, np.array, list], ids=["Variable", "array", "list"])
def test_matrix_product_on_either_side(make):
    left, right = [[1.0, 2.0], [3.0, 4.0]], [[5.0, 6.0, 7.0], [8.0, 9.0, 10.0]]
    x, w = Variable(left, "x"), Variable(right, "w")
    ones = np.ones((2, 3))
    np.testing.assert_array_equal(Graph(x @ make(right)).backward()["x"], ones @ np.array(right).T)
    np.testing.assert_array_equal(Graph(make(left) @ w).backward()["w"], np.array(left).T @ ones)
    np.testing.assert_array_equal((make(left) @ w).value, np.array(left) @ np.array(right))


def test_a_number_in_a_formula_is_a_constant_and_gets_no_gradient():
    x = Variable(3.0, "x")
    result = x * 2
    two = result.inputs[1]
    Graph(result).backward()
    assert two.constant
    assert (two.value, two.grad) == (2, None)
    assert not x.constant


# ---------------------------------------------------------------- Variable


def test_a_leaf_and_a_result():
    x, y = Variable(2.0, "x"), Variable(3.0)
    mul = Mul("price")
    z = mul(x, y)
    assert (x.layer, x.inputs, x.grad, x.shape) == (None, (), None, ())
    assert z.inputs == (x, y)
    assert isinstance(z.layer, Mul)
    assert z.layer is not mul
    assert z.layer.owner is mul
    assert z.layer(x, y).layer.owner is mul  # what is recorded may be used again
    assert z.layer.name == "price"


def test_inputs_are_remembered_in_order():
    x, y = Variable(2.0, "x"), Variable(3.0, "y")
    assert (x - y).inputs == (x, y)
    assert (y - x).inputs == (y, x)
    constant, variable = (5 - x).inputs
    assert (constant.value, variable) == (5, x)


def test_a_variable_owns_its_value():
    given = np.array([1.0, 2.0])
    x = Variable(given)
    given[0] = 7
    np.testing.assert_array_equal(x.value, [1.0, 2.0])


@pytest.mark.parametrize(
    ("make", "telling"),
    [
        (lambda: Variable("abc"), "text 'abc'"),
        (lambda: Variable(Variable(1.0, "x")), "'x'.* is a Variable already"),
        (lambda: Variable(1.0, 3), "a name must be text, got 3"),
    ],
)
def test_variables_that_cannot_be_made(make, telling):
    with pytest.raises(TypeError, match=telling):
        make()


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (lambda: Variable(2.0, "x"), "Variable 'x': 2"),
        (lambda: Variable(np.zeros((2, 3))), "Variable: array of shape (2, 3)"),
        (lambda: Variable(2.0) * 1.23456, "Variable: 2.469 from Mul"),
    ],
)
def test_repr_of_a_variable(make, text):
    assert repr(make()) == text


FORMULAS = {
    "x*2": lambda x: x * 2,
    "x+1.5": lambda x: x + 1.5,
    "1-x": lambda x: 1 - x,
    "1/x": lambda x: 1 / x,
    "x**2": lambda x: x**2,
    "2**x": lambda x: 2**x,
    "Sigmoid.expand": lambda x: Sigmoid().expand(x),
    "MSELoss.expand": lambda x: MSELoss().expand(x, np.full(x.shape, 0.5, np.float32)),
}


@of_each(
    [
        (f"{name} {dtype.__name__} {np.shape(value)}", FORMULAS[name], dtype, value)
        for name, dtype, value in product(FORMULAS, (np.float64, np.float32), (1.5, [1.0, 2.0]))
    ]
)
def test_a_plain_number_does_not_change_the_precision(formula, dtype, value):
    x = Variable(np.array(value, dtype), "x")
    graph = Graph(formula(x))
    assert graph.output.value.dtype == dtype
    assert graph.backward()["x"].dtype == dtype


class Rectifier(Layer):
    """As a learner writes it, with plain Python numbers in the middle."""

    def forward(self, x):
        self.memory = x
        return max(x, 0)

    def backward(self, dout):
        return dout if self.memory > 0 else 0


@pytest.mark.parametrize(("at", "value", "slope"), [(-2.0, 0, 0), (3.0, 3, 1)])
def test_a_layer_may_return_plain_numbers(at, value, slope):
    in_the_middle, at_the_end = Graph(Rectifier()(Variable(at, "x")) * 2), Graph(Rectifier()(Variable(at, "x")))
    assert in_the_middle.output.value == 2 * value
    assert in_the_middle.backward()["x"] == 2 * slope
    assert at_the_end.output.value == value
    assert at_the_end.backward()["x"] == slope
    assert at_the_end.forward(x=4.0) == 4


# ---------------------------------------------------------------- beside an array, and what to write instead
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
