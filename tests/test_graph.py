"""The recorded graph: what it remembers, how it is replayed, and how blame walks back through it."""

import os
import subprocess
import sys
from itertools import product
from pathlib import Path

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import assume, given, settings

import nbkit
from nbkit import (
    Add,
    Affine,
    Exp,
    Flatten,
    Graph,
    Layer,
    Log,
    MatMul,
    MSELoss,
    Mul,
    ReLU,
    Sigmoid,
    SigmoidWithLoss,
    SoftmaxWithLoss,
    Sum,
    Tanh,
    Variable,
    sigmoid,
)
from tests.each import of_each

RAGGED = [[1.0], [1.0, 2.0]]


def state(graph):
    """Copies of every value and gradient in a graph."""
    return [(np.array(v.value), None if v.grad is None else np.array(v.grad)) for v in graph.variables]


def assert_same_state(before, after):
    for (value, grad), (value_now, grad_now) in zip(before, after, strict=True):
        assert value.dtype == value_now.dtype
        np.testing.assert_array_equal(value, value_now)
        assert (grad is None) == (grad_now is None)
        if grad is not None:
            np.testing.assert_array_equal(grad, grad_now)


def slopes(f, x, dout, eps=1e-5):
    """Central differences, written here so that the graph is not judged by a part of its own package."""
    x = np.array(x, dtype=float)
    result = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[index] += eps
        down[index] -= eps
        result[index] = np.sum(dout * (np.asarray(f(up[()])) - np.asarray(f(down[()])))) / (2 * eps)
    return result


# ---------------------------------------------------------------- figures by hand


def test_two_apples_with_tax():
    apple, count, tax = Variable(100, "apple"), Variable(2, "count"), Variable(1.1, "tax")
    price = apple * count
    graph = Graph(price * tax)
    assert (price.value, graph.output.value) == (200, pytest.approx(220))
    assert graph.backward() == {"apple": pytest.approx(2.2), "count": pytest.approx(110), "tax": 200}
    assert price.grad == pytest.approx(1.1)


def test_two_apples_and_three_oranges_with_one_mul_used_for_both():
    mul, add = Mul(), Add()
    apple, orange = Variable(100, "apple"), Variable(150, "orange")
    apples, oranges = Variable(2, "apples"), Variable(3, "oranges")
    tax = Variable(1.1, "tax")
    of_apples, of_oranges = mul(apple, apples), mul(orange, oranges)
    fruit = add(of_apples, of_oranges)
    graph = Graph(mul(fruit, tax))
    assert [v.value for v in (of_apples, of_oranges, fruit, graph.output)] == [200, 450, 650, pytest.approx(715)]
    gradients = graph.backward()
    assert (gradients["apple"], gradients["apples"]) == (pytest.approx(2.2), pytest.approx(110))
    assert (gradients["orange"], gradients["oranges"]) == (pytest.approx(3.3), pytest.approx(165))
    assert gradients["tax"] == 650
    assert mul.memory is None


def test_square_of_a_sum():
    x, y = Variable(3.0, "x"), Variable(4.0, "y")
    t = x + y
    graph = Graph(t**2)
    assert graph.output.value == 49
    assert graph.backward() == {"x": 14, "y": 14}
    assert t.grad == 14


@pytest.mark.parametrize(
    ("formula", "at", "value", "gradient"),
    [
        (lambda x: x * x, 3.0, 9.0, 6.0),
        (lambda x: x + x + x, 3.0, 9.0, 3.0),
        (lambda x: x - x, 3.0, 0.0, 0.0),
        (lambda x: x / x, 3.0, 1.0, 0.0),
        (lambda x: x**2 * x, 2.0, 8.0, 12.0),
        (lambda x: ReLU()(x) + ReLU()(-x), [-2.0, 3.0], [2.0, 3.0], [-1.0, 1.0]),
        (lambda x: x + ReLU()(x), [-1.0, 1.0], [-1.0, 2.0], [1.0, 2.0]),
        (lambda x: ReLU()(x) + x, [-1.0, 1.0], [-1.0, 2.0], [1.0, 2.0]),
        (lambda x: x @ x, [1.0, 2.0], 5.0, [2.0, 4.0]),
        (lambda x: x, [1.0, 2.0], [1.0, 2.0], [1.0, 1.0]),
    ],
)
def test_fan_out_adds_up(formula, at, value, gradient):
    graph = Graph(formula(Variable(at, "x")))
    np.testing.assert_array_equal(graph.output.value, value)
    np.testing.assert_allclose(graph.backward()["x"], gradient, rtol=0, atol=1e-15)


def test_a_chain_of_doubled_values_counts_every_path():
    x = Variable(1.0, "x")
    y = x
    for _ in range(50):
        y = y + y
    assert Graph(y).backward()["x"] == 2.0**50


def test_gradients_on_the_edges_add_up_to_the_gradient_of_the_value():
    x = Variable([1.0, 2.0], "x")
    graph = Graph(x * x + Exp()(x))
    graph.backward()
    edges = [d for v in graph.variables for i, d in zip(v.inputs, v.dinputs, strict=True) if i is x]
    assert len(edges) == 3
    np.testing.assert_allclose(sum(edges), x.grad, rtol=1e-15)


# ---------------------------------------------------------------- operators and what they accept

OPERATORS = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "**": lambda a, b: a**b,
}
OTHERS = {
    "int": 3,
    "float": 2.5,
    "numpy number": np.float64(2.5),
    "numpy integer": np.int64(3),
    "array without axes": np.array(2.5),
    "row": np.array([1.5, 2.0, 0.5]),
    "matrix": np.array([[1.5, 2.0, 0.5], [3.0, 1.0, 2.0]]),
    "integers": np.array([1, 2, 3]),
    "column": np.array([[1.5], [2.0]]),
    "list": [1.5, 2.0, 0.5],
}


@of_each(
    [
        (f"{operator} {other} {np.shape(value)}", OPERATORS[operator], OTHERS[other], value)
        for operator, other, value in product(OPERATORS, OTHERS, (1.5, [1.5, 0.5, 2.0]))
    ]
)
def test_operators_with_the_variable_on_either_side(operator, other, value):
    for reflected in (False, True):
        x = Variable(value, "x")
        result = operator(other, x) if reflected else operator(x, other)
        assert isinstance(result, Variable)

        def plain(v, reflected=reflected):
            o = np.asarray(other, dtype=float)
            return operator(o, v) if reflected else operator(v, o)

        np.testing.assert_allclose(result.value, plain(np.asarray(value)), rtol=1e-15)
        gradient = Graph(result).backward()["x"]
        oracle = slopes(plain, value, np.ones(result.shape))
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


@pytest.mark.parametrize("operator", OPERATORS.values(), ids=OPERATORS)
def test_two_variables(operator):
    graph = Graph(operator(Variable([1.5, 2.0], "x"), Variable([[0.5], [3.0]], "y")))
    gradients = graph.backward()
    x, y = np.array([1.5, 2.0]), np.array([[0.5], [3.0]])
    ones = np.ones((2, 2))
    np.testing.assert_allclose(gradients["x"], slopes(lambda v: operator(v, y), x, ones), rtol=1e-7)
    np.testing.assert_allclose(gradients["y"], slopes(lambda v: operator(x, v), y, ones), rtol=1e-7)


def test_minus_sign():
    graph = Graph(-Variable([1.0, -2.0], "x"))
    np.testing.assert_array_equal(graph.output.value, [-1.0, 2.0])
    np.testing.assert_array_equal(graph.backward()["x"], [-1.0, -1.0])


@of_each(
    [
        (f"{operator} {other}", OPERATORS[operator], other)
        for operator, other in product(OPERATORS, (None, "abc", 1j, RAGGED))
    ]
)
def test_operators_refuse_what_is_no_number(operator, other):
    x = Variable(2.0, "x")
    for pair in ((x, other), (other, x)):
        with pytest.raises(TypeError, match=r"number|equal lengths"):
            operator(*pair)
    assert (x.value, x.grad, x.inputs) == (2.0, None, ())


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
    assert z.layer.name == "price"


def test_inputs_are_remembered_in_order():
    x, y = Variable(2.0, "x"), Variable(3.0, "y")
    assert (x - y).inputs == (x, y)
    assert (y - x).inputs == (y, x)
    constant, variable = (5 - x).inputs
    assert (constant.value, variable) == (5, x)


@pytest.mark.parametrize(
    ("given", "dtype", "shape"),
    [
        (3, np.float64, ()),
        (True, np.float64, ()),
        ([1, 2], np.float64, (2,)),
        (np.zeros((2, 1), np.float32), np.float32, (2, 1)),
        (np.float32(1), np.float32, ()),
        (np.array(1.0), np.float64, ()),
    ],
)
def test_values_become_floats(given, dtype, shape):
    x = Variable(given)
    assert (x.value.dtype, x.shape) == (np.dtype(dtype), shape)


def test_a_variable_owns_its_value():
    given = np.array([1.0, 2.0])
    x = Variable(given)
    given[0] = 7
    np.testing.assert_array_equal(x.value, [1.0, 2.0])


@pytest.mark.parametrize(
    ("make", "telling"),
    [
        (lambda: Variable("abc"), "text 'abc'"),
        (lambda: Variable(None), "None"),
        (lambda: Variable(1j), "1j"),
        (lambda: Variable(RAGGED), "equal lengths"),
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


def test_two_arrays_of_different_precision_are_not_rounded():
    x, y = Variable(np.array([1.0, 2.0], np.float32), "x"), Variable([1 / 3, 1 / 7], "y")
    np.testing.assert_array_equal((x * y).value, [1 / 3, 2 / 7])
    np.testing.assert_array_equal((y * x).value, [1 / 3, 2 / 7])


def test_float32_goes_through_a_whole_network():
    rng = np.random.default_rng(0)
    first = Affine(rng.normal(size=(3, 4)).astype(np.float32), np.zeros(4, np.float32))
    second = Affine(rng.normal(size=(4, 2)).astype(np.float32), np.zeros(2, np.float32))
    x = Variable(rng.normal(size=(5, 3)).astype(np.float32), "x")
    graph = Graph(SoftmaxWithLoss()(second(Tanh()(first(x))), [0, 1, 0, 1, 1]))
    gradient = graph.backward()["x"]
    assert {v.value.dtype for v in graph.variables if not v.constant} == {np.dtype(np.float32)}
    assert gradient.dtype == np.float32
    assert {g.dtype for layer in (first, second) for g in layer.grads.values()} == {np.dtype(np.float32)}


class Bend(Layer):
    """A learner's rectifier, with plain Python numbers in the middle."""

    def forward(self, x):
        self.memory = x
        return max(x, 0)

    def backward(self, dout):
        return dout if self.memory > 0 else 0


@pytest.mark.parametrize(("at", "value", "slope"), [(-2.0, 0, 0), (3.0, 3, 1)])
def test_a_layer_may_return_plain_numbers(at, value, slope):
    in_the_middle, at_the_end = Graph(Bend()(Variable(at, "x")) * 2), Graph(Bend()(Variable(at, "x")))
    assert in_the_middle.output.value == 2 * value
    assert in_the_middle.backward()["x"] == 2 * slope
    assert at_the_end.output.value == value
    assert at_the_end.backward()["x"] == slope
    assert at_the_end.forward(x=4.0) == 4


# ---------------------------------------------------------------- one use, one memory


def test_an_affine_used_twice_sums_its_gradients_onto_the_owner():
    layer = Affine([[1.0, 2.0], [3.0, 4.0]], [0.5, -0.5])
    x1, x2 = Variable([[1.0, 0.0], [2.0, 1.0]], "x1"), Variable([[5.0, 6.0]], "x2")
    graph = Graph(Sum()(layer(x1)) + Sum()(layer(x2)) * 10)
    graph.backward()
    np.testing.assert_array_equal(layer.grads["W"], [[3 + 50, 3 + 50], [1 + 60, 1 + 60]])
    np.testing.assert_array_equal(layer.grads["b"], [2 + 10, 2 + 10])
    np.testing.assert_array_equal(x1.grad, [[3.0, 7.0], [3.0, 7.0]])
    np.testing.assert_array_equal(x2.grad, [[30.0, 70.0]])
    assert layer.memory is None


def test_a_layer_that_feeds_itself_shares_its_weight():
    layer = Affine([[0.5, -1.0], [2.0, 0.3]], [0.1, 0.2])
    x = np.array([[1.0, 2.0], [-1.0, 0.5]])
    Graph(Sum()(layer(layer(Variable(x, "x"))))).backward()

    def twice(W):
        return ((x @ W + layer.params["b"]) @ W + layer.params["b"]).sum()

    np.testing.assert_allclose(layer.grads["W"], slopes(twice, layer.params["W"], 1.0), rtol=1e-8)


def test_collapsed_and_expanded_uses_of_one_layer_are_summed():
    layer = Affine([[1.0], [2.0]], [0.0])
    x = Variable([[3.0, 4.0]], "x")
    Graph(Sum()(layer(x) + layer.expand(x) * 10)).backward()
    np.testing.assert_array_equal(layer.grads["W"], [[33.0], [44.0]])
    np.testing.assert_array_equal(layer.grads["b"], [11.0])
    np.testing.assert_array_equal(x.grad, [[11.0, 22.0]])


def test_parameter_gradients_do_not_pile_up():
    layer = Affine([[1.0], [2.0]], [0.0])
    graph = Graph(Sum()(layer(Variable([[3.0, 4.0]], "x"))))
    graph.backward()
    first = layer.grads["W"].copy()
    graph.backward()
    np.testing.assert_array_equal(layer.grads["W"], first)


def test_two_graphs_over_one_layer_stay_apart():
    layer = Affine([[2.0]], [0.0])
    one, two = Graph(layer(Variable([[3.0]], "x"))), Graph(layer(Variable([[5.0]], "x")))
    one.backward()
    np.testing.assert_array_equal(layer.grads["W"], [[3.0]])
    two.backward()
    np.testing.assert_array_equal(layer.grads["W"], [[5.0]])


def test_recording_does_not_disturb_what_the_layer_remembers_itself():
    layer = Affine([[2.0]], [0.0])
    layer.forward([[3.0]])
    Graph(layer(Variable([[7.0]], "x"))).backward()
    layer.backward([[1.0]])
    np.testing.assert_array_equal(layer.grads["W"], [[3.0]])


def test_a_graph_follows_changed_parameters():
    layer = Affine([[2.0]], [0.0])
    graph = Graph(layer(Variable([[3.0]], "x")))
    layer.params["W"] *= 10
    assert graph.forward() == 60


# ---------------------------------------------------------------- targets


@pytest.mark.parametrize(
    ("loss", "x", "t"),
    [
        (SoftmaxWithLoss(), [[1.0, 2.0], [0.5, 0.1]], [1, 0]),
        (SoftmaxWithLoss(), [[1.0, 2.0], [0.5, 0.1]], [[0, 1], [1, 0]]),
        (SigmoidWithLoss(), [[1.0], [-0.5]], [[1], [0]]),
        (MSELoss(), [1.0, 2.0], [0.0, 0.5]),
    ],
)
def test_a_target_is_data_and_gets_no_gradient(loss, x, t):
    graph = Graph(loss(Variable(x, "x"), Variable(t, "t")))
    gradients = graph.backward()
    loss.forward(x, t)
    np.testing.assert_array_equal(gradients["x"], loss.backward())
    assert gradients["t"] is None


def test_a_target_can_be_replaced():
    graph = Graph(SoftmaxWithLoss()(Variable([0.0, 0.0, 5.0], "x"), Variable(2, "t")))
    before = graph.output.value
    assert graph.forward(t=0) == pytest.approx(before + 5)


# ---------------------------------------------------------------- random graphs

ON_ARRAYS = {"exp": np.exp, "log": np.log, "tanh": np.tanh, "sigmoid": sigmoid, "sum": np.sum}
ON_VARIABLES = {"exp": Exp, "log": Log, "tanh": Tanh, "sigmoid": Sigmoid, "sum": Sum}
SHAPES = {"a": (), "b": (2, 3), "c": (3,), "d": (2, 1)}
BINARY = ("+", "-", "*", "/", "**")


def apply(name, x):
    return ON_VARIABLES[name]()(x) if isinstance(x, Variable) else ON_ARRAYS[name](x)


def run(program, leaves):
    """Carry out a program on Variables or on arrays; a step may use any earlier value, so values fan out."""
    made = list(leaves)
    for name, i, j in program:
        x, y = made[i % len(made)], made[j % len(made)]
        if name == "/":
            made.append(x / (y * y + 1))
        elif name == "**":
            made.append((x * x + 0.5) ** apply("tanh", y))
        elif name in OPERATORS:
            made.append(OPERATORS[name](x, y))
        elif name == "log":
            made.append(apply("log", x * x + 1))
        elif name == "exp":
            made.append(apply("exp", apply("tanh", x)))
        else:
            made.append(apply(name, x))
    return made[-1] + 0 * made[0]  # at least one leaf is always part of it


programs = st.lists(
    st.tuples(st.sampled_from([*BINARY, *ON_ARRAYS]), st.integers(0, 20), st.integers(0, 20)), min_size=1, max_size=8
)
thorough = settings(max_examples=200, deadline=None, derandomize=True, database=None)


def leaves_from(seed):
    rng = np.random.default_rng(seed)
    return {name: rng.uniform(-1.3, 1.3, shape)[()] for name, shape in SHAPES.items()}


@thorough
@given(program=programs, seed=st.integers(0, 1000))
def test_random_graphs_agree_with_numpy_and_with_central_differences(program, seed):
    arrays = leaves_from(seed)
    plain = run(program, arrays.values())
    assume(np.abs(plain).max() < 100)
    graph = Graph(run(program, [Variable(x, name) for name, x in arrays.items()]))
    np.testing.assert_allclose(graph.output.value, plain, rtol=1e-12, atol=1e-12)
    dout = np.random.default_rng(seed).normal(size=np.shape(plain))
    gradients = graph.backward(dout)
    assert set(gradients) <= set(SHAPES)
    for name, gradient in gradients.items():
        oracle = slopes(lambda x, name=name: run(program, {**arrays, name: x}.values()), arrays[name], dout)
        assert np.shape(gradient) == oracle.shape
        np.testing.assert_allclose(gradient, oracle, rtol=0, atol=1e-6 * max(1.0, np.abs(oracle).max()))


@thorough
@given(program=programs, seed=st.integers(0, 1000))
def test_random_graphs_give_the_same_answer_twice(program, seed):
    graph = Graph(run(program, [Variable(x, name) for name, x in leaves_from(seed).items()]))
    graph.backward()
    once = state(graph)
    graph.backward()
    assert_same_state(once, state(graph))
    graph.forward(**{name: v.value for name, v in graph.inputs.items()})
    assert all(v.grad is None for v in graph.variables)
    graph.backward()
    assert_same_state(once, state(graph))


@thorough
@given(program=programs)
def test_random_graphs_are_in_topological_order_with_stable_ids(program):
    output = run(program, [Variable(x, name) for name, x in leaves_from(0).items()])
    graph, again = Graph(output), Graph(output)
    place = {v: i for i, v in enumerate(graph.variables)}
    assert len(place) == len(graph.variables)
    assert graph.variables[-1] is output
    for v in graph.variables:
        assert all(place[i] < place[v] for i in v.inputs)
        assert graph.id(v) == f"v{place[v]}"
    assert again.variables == graph.variables


SCRIPT = """
import numpy as np
from nbkit import Affine, Exp, Graph, SoftmaxWithLoss, Sum, Tanh, Variable
x, w, s = Variable([[1.0, -2.0], [0.5, 3.0]], "x"), Variable([0.3, 0.7], "w"), Variable(2.0, "s")
layer = Affine.random(2, 3, 0, name="hidden")
y = Tanh()(layer(x * w + s)) * s + Exp()(Sum(axis=1, keepdims=True)(x))
graph = Graph(SoftmaxWithLoss()(y, [0, 2]) + Sum()(layer.expand(w)))
graph.backward()
for v in graph.variables:
    print(graph.id(v), type(v.layer).__name__, v.name, [graph.id(i) for i in v.inputs],
          np.asarray(v.value).tolist(), None if v.grad is None else np.asarray(v.grad).tolist())
print(list(graph.inputs), {name: grad.tolist() for name, grad in layer.grads.items()})
"""


def test_order_does_not_depend_on_the_hash_seed():
    root = str(Path(nbkit.__file__).parents[1])
    outputs = set()
    for seed in "012":
        env = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": root}
        done = subprocess.run([sys.executable, "-c", SCRIPT], env=env, capture_output=True, text=True, check=True)
        outputs.add(done.stdout)
    (output,) = outputs
    assert output.startswith("v0 ")
    assert output.count("\n") > 15


# ---------------------------------------------------------------- deep graphs


def test_five_thousand_nodes_deep():
    x = y = Variable(1.0, "x")
    for _ in range(5000):
        y = y + 1.0
    graph = Graph(y)
    assert len(graph.variables) == 10_001
    assert graph.output.value == 5001
    assert graph.backward() == {"x": 1.0}
    assert graph.forward(x=2.0) == 5002
    assert graph.id(x) == "v0"


# ---------------------------------------------------------------- Graph.forward and Graph.backward


@pytest.fixture
def graph():
    """(x * y + z)**2 with x and z of shape (2,), after one backward."""
    x, y, z = Variable([1.0, 2.0], "x"), Variable(3.0, "y"), Variable([0.5, -0.5], "z")
    graph = Graph((x * y + z) ** 2)
    graph.backward()
    return graph


def test_forward_returns_the_new_value_and_forgets_gradients(graph):
    result = graph.forward(x=[0, 1], y=2)
    np.testing.assert_array_equal(result, [0.25, 2.25])
    np.testing.assert_array_equal(graph.output.value, result)
    np.testing.assert_array_equal(graph.inputs["x"].value, [0.0, 1.0])
    np.testing.assert_array_equal(graph.inputs["z"].value, [0.5, -0.5])
    assert all(v.grad is None for v in graph.variables)
    assert all(v.dinputs == () for v in graph.variables)


def test_forward_keeps_the_recorded_type(graph):
    graph.forward(y=np.float32(2), x=np.array([1, 2], dtype=np.int8))
    assert {v.value.dtype for v in graph.variables} == {np.dtype(np.float64)}


def test_forward_takes_a_copy(graph):
    given = np.array([1.0, 2.0])
    graph.forward(x=given)
    given[:] = 99
    np.testing.assert_array_equal(graph.inputs["x"].value, [1.0, 2.0])


def test_infinite_values_are_shown_without_a_warning():
    graph = Graph(1 / Log()(Variable(2.0, "x")))
    assert graph.forward(x=1.0) == np.inf
    assert graph.backward()["x"] == -np.inf
    assert np.isnan(graph.forward(x=-1.0))


@pytest.mark.parametrize(
    ("values", "error", "telling"),
    [
        ({"w": 1.0}, ValueError, "no input called 'w'; its inputs are x, y, z"),
        ({"y": 1.0, "w": 1.0}, ValueError, "no input called 'w'"),
        ({"x": [1.0, 2.0, 3.0]}, ValueError, r"'x' was recorded with shape \(2,\), got shape \(3,\)"),
        ({"x": 1.0}, ValueError, r"shape \(2,\), got shape \(\)"),
        ({"y": [1.0]}, ValueError, r"shape \(\), got shape \(1,\)"),
        ({"y": 7.0, "x": [[1.0, 2.0]]}, ValueError, r"got shape \(1, 2\)"),
        ({"y": "abc"}, TypeError, "text 'abc'"),
        ({"y": 7.0, "x": ["a", "b"]}, TypeError, "number"),
        ({"x": RAGGED}, TypeError, "equal lengths"),
        ({"y": 1j}, TypeError, "1j"),
        ({"y": None}, TypeError, "None"),
    ],
)
def test_a_refused_forward_leaves_everything_as_it_was(graph, values, error, telling):
    before = state(graph)
    with pytest.raises(error, match=telling):
        graph.forward(**values)
    assert_same_state(before, state(graph))


class Fragile(Layer):
    """Cannot bear numbers above 5."""

    def forward(self, x):
        if np.max(x) > 5:
            raise ArithmeticError("too much")
        return self.save_for_backward(x * 1.0)

    def backward(self, dout):
        (dout,) = self.saved(dout)
        return dout


def test_a_layer_that_raises_in_the_middle_of_a_replay_leaves_all_values_as_they_were():
    x, y = Variable([1.0, 2.0], "x"), Variable(2.0, "y")
    graph = Graph(Exp()(Fragile()(x * y)) + x)
    before = [value for value, _grad in state(graph)]
    with pytest.raises(ArithmeticError, match="too much"):
        graph.forward(x=[3.0, 4.0], y=5.0)
    for value, v in zip(before, graph.variables, strict=True):
        np.testing.assert_array_equal(v.value, value)
    np.testing.assert_allclose(graph.backward()["x"], 2 * np.exp([2.0, 4.0]) + 1, rtol=1e-15)


@pytest.mark.parametrize("t", [3, -1, 0.5])
def test_a_refused_label_leaves_all_values_as_they_were(t):
    graph = Graph(SoftmaxWithLoss()(Variable([1.0, 2.0, 3.0], "x") * 2, Variable(1, "t")))
    before = [value for value, _grad in state(graph)]
    with pytest.raises(ValueError, match="labels must be whole numbers"):
        graph.forward(x=[0.0, 0.0, 0.0], t=t)
    for value, v in zip(before, graph.variables, strict=True):
        np.testing.assert_array_equal(v.value, value)


@pytest.mark.parametrize("name", ["self", "values", "dout", "my input", "x.1", "<script>"])
def test_an_input_may_have_any_name(name):
    graph = Graph(Variable(2.0, name) * 3)
    assert graph.forward(**{name: 4.0}) == 12
    assert graph.backward() == {name: 3.0}


@pytest.mark.parametrize(
    ("dout", "error", "telling"),
    [
        ([1.0, 2.0, 3.0], ValueError, r"number or have the output's shape \(2,\), got \(3,\)"),
        ([[1.0, 2.0]], ValueError, r"got \(1, 2\)"),
        ("abc", TypeError, "text 'abc'"),
        (None, TypeError, "None"),
        (1j, TypeError, "1j"),
        (RAGGED, TypeError, "equal lengths"),
    ],
)
def test_a_refused_backward_leaves_everything_as_it_was(graph, dout, error, telling):
    before = state(graph)
    with pytest.raises(error, match=telling):
        graph.backward(dout)
    assert_same_state(before, state(graph))


@pytest.mark.parametrize("dout", [1.0, 2, -0.5, [1.0, -3.0], np.array([2, 0])])
def test_backward_honours_dout(graph, dout):
    weights = np.broadcast_to(dout, (2,))
    gradients = graph.backward(dout)
    inner = np.array([3.5, 5.5])
    np.testing.assert_allclose(gradients["z"], weights * 2 * inner, rtol=1e-15)
    np.testing.assert_allclose(gradients["y"], np.sum(weights * 2 * inner * [1.0, 2.0]), rtol=1e-15)


def test_backward_changes_no_array_that_the_caller_holds():
    given = [np.array([[1.0, -2.0, 3.0], [0.5, 1.5, -1.0]]), np.array([[1.0], [2.0]]), np.ones((2, 3))]
    for array in given:
        array.flags.writeable = False
    kept = [array.copy() for array in given]
    x, y = Variable(given[0], "x"), Variable(given[1], "y")
    graph = Graph(ReLU()(x) + x * y + x + given[0])
    for v in graph.variables:
        np.asarray(v.value).flags.writeable = False
    first = graph.backward(given[2])
    held = {name: grad.copy() for name, grad in first.items()}
    for grad in first.values():
        grad.flags.writeable = False
    graph.backward(3 * given[2])
    graph.forward(x=np.zeros((2, 3)))
    graph.backward()
    for array, copy in zip([*given, *first.values()], [*kept, *held.values()], strict=True):
        np.testing.assert_array_equal(array, copy)


def test_gradients_have_the_shape_of_their_value():
    x, y, z = Variable(2.0, "x"), Variable(np.ones((2, 1)), "y"), Variable(np.ones((1, 3)), "z")
    graph = Graph(x * y + z / y)
    graph.backward()
    for v in graph.variables:
        assert np.shape(v.grad) == v.shape


def test_a_value_off_the_path_is_not_part_of_the_graph():
    x, y = Variable(2.0, "x"), Variable(3.0, "y")
    aside = x * y
    graph = Graph(x + y)
    graph.backward()
    assert aside not in graph.variables
    assert aside.grad is None
    assert x.grad == 1


def test_inputs_are_the_named_leaves_in_order_and_cannot_be_changed():
    x, unnamed, z = Variable(1.0, "x"), Variable(2.0), Variable(3.0, "z")
    graph = Graph(x * unnamed + z)
    assert list(graph.inputs) == ["x", "z"]
    assert graph.backward() == {"x": 2.0, "z": 1.0}
    assert unnamed.grad == 1.0
    with pytest.raises(TypeError, match="assignment"):
        graph.inputs["x"] = z


def test_a_tensor_network_by_its_parts():
    x = Variable(np.arange(12.0).reshape(2, 3, 2) / 10, "x")
    layer = Affine.random(6, 2, 0)
    flat = Graph(Sum()(Tanh()(layer(Flatten()(x)))))
    straight = Graph(Sum()(Tanh()(layer(x))))
    np.testing.assert_array_equal(flat.backward()["x"], straight.backward()["x"])
    assert x.grad.shape == (2, 3, 2)


# ---------------------------------------------------------------- graphs that cannot be


def circle_of(length):
    first = v = Variable(1.0, "x") + 1
    for _ in range(length - 1):
        v = v * 1.0
    first.inputs = (v, *first.inputs[1:])
    return v


@pytest.mark.parametrize("length", [1, 2, 50])
def test_a_circle_is_refused(length):
    with pytest.raises(ValueError, match=r"circle.*feeds itself"):
        Graph(circle_of(length))


def test_a_leaf_that_feeds_itself_is_refused():
    x = Variable(1.0, "x")
    x.inputs = (x,)
    with pytest.raises(ValueError, match=r"'x'.*feeds itself"):
        Graph(x)


@pytest.mark.parametrize(
    ("make", "error", "telling"),
    [
        (lambda: 3.0, TypeError, "from the Variable at its end, got 3.0"),
        (lambda: None, TypeError, "got None"),
        (lambda: np.ones(2), TypeError, r"array of shape \(2,\)"),
        (lambda: [Variable(1.0)], TypeError, "Variable at its end"),
        (lambda: "x", TypeError, "text 'x'"),
        (lambda: Variable(1.0, constant=True), ValueError, "only constants"),
        (lambda: Variable(1.0, "c", constant=True) * 2 + 3, ValueError, "got only constants"),
        (lambda: Variable(1.0, "x") + Variable(2.0, "x"), ValueError, "name of its own, got two called 'x'"),
    ],
)
def test_graphs_that_cannot_be_made(make, error, telling):
    with pytest.raises(error, match=telling):
        Graph(make())


def test_inputs_that_are_no_variables_are_refused():
    y = Variable(1.0, "x") * 2
    y.inputs = (3.0, y.inputs[1])
    with pytest.raises(TypeError, match=r"must be Variables, got 3\.0"):
        Graph(y)


def test_one_input_used_twice_is_no_duplicate_name():
    x = Variable(3.0, "x")
    assert list(Graph(x * x + x).inputs) == ["x"]


@pytest.mark.parametrize("foreign", [Variable(1.0, "other"), None, 3.0, "v0"])
def test_ids_are_for_variables_of_this_graph_only(graph, foreign):
    with pytest.raises(ValueError, match="not part of this graph"):
        graph.id(foreign)


def test_wrong_shapes_are_named_while_recording():
    x = Variable(np.zeros((150, 2)), "x")
    with pytest.raises(ValueError, match=r"Affine 'hidden' expects 4 features, got x with shape \(150, 2\)"):
        Affine(np.zeros((4, 3)), np.zeros(3), "hidden")(x)
    with pytest.raises(ValueError, match="columns of x"):
        MatMul()(x, np.zeros((3, 2)))
    with pytest.raises(ValueError, match="fit each other"):
        x + np.zeros(3)
    assert x.grad is None


def test_repr_of_a_graph(graph):
    assert repr(graph) == f"Graph of {len(graph.variables)} variables, inputs x, y, z"
    assert repr(Graph(Variable(1.0) + 1)).endswith("inputs without names")


# ---------------------------------------------------------------- nudging one edge, opening a layer


def test_a_nudge_changes_the_output_as_the_function_itself_does():
    apple, count, tax = Variable(100, "apple"), Variable(2, "count"), Variable(1.1, "tax")
    graph = Graph(apple * count * tax)
    graph.backward()
    apples, bill = (v for v in graph.variables if v.layer is not None)
    assert graph.nudge(apples, 0, 1.0) == pytest.approx(101 * 2 * 1.1 - 220)
    assert graph.nudge(apples, 1, -0.5) == pytest.approx(100 * 1.5 * 1.1 - 220)
    assert graph.nudge(bill, 0, 10) == pytest.approx(210 * 1.1 - 220)


def test_a_nudge_moves_one_edge_and_not_the_others_of_the_same_value():
    x = Variable(3.0, "x")
    square = x * x
    graph = Graph(square + x)
    assert graph.nudge(square, 0, 1.0) == pytest.approx(4 * 3 + 3 - 12)
    assert graph.nudge(graph.output, 1, 1.0) == pytest.approx(1.0)


def test_a_nudge_of_a_batch_is_summed_over_the_output():
    rng = np.random.default_rng(0)
    x, affine = rng.normal(size=(4, 3)), Affine.random(3, 2, rng)
    graph = Graph(Tanh()(affine(Variable(x, "x"))))
    graph.backward()
    change = graph.nudge(graph.output, 0, 1e-6)
    assert change == pytest.approx((graph.output.dinputs[0] * 1e-6).sum(), rel=1e-4)


def test_a_nudge_leaves_the_graph_as_it_was():
    x = Variable(3.0, "x")
    graph = Graph(Exp()(x * x) + x)
    before = graph.backward()
    values = [v.value for v in graph.variables]
    graph.nudge(graph.variables[1], 0, 0.5)
    assert [v.value for v in graph.variables] == values
    assert x.grad == before["x"]
    assert graph.backward() == before  # the layers remember the recorded values again


def test_a_nudge_needs_an_edge_of_this_graph():
    x = Variable(3.0, "x")
    graph = Graph(x * 2)
    with pytest.raises(ValueError, match="no input number 2"):
        graph.nudge(graph.output, 2, 0.1)
    with pytest.raises(ValueError, match="no input number 0"):
        graph.nudge(x, 0, 0.1)
    with pytest.raises(ValueError, match="not part of this graph"):
        graph.nudge(Variable(1.0, "y"), 0, 0.1)


def test_an_opened_graph_computes_the_same_and_shares_its_inputs():
    rng = np.random.default_rng(0)
    hidden, x = Affine.random(3, 2, rng), Variable(rng.normal(size=(4, 3)), "x")
    closed = Graph(SoftmaxWithLoss()(Sigmoid()(hidden(x)), np.array([0, 1, 1, 0])))
    want, weights = closed.backward()["x"], {name: grad.copy() for name, grad in hidden.grads.items()}
    composite = [v for v in closed.variables if v.layer is not None and v.layer.is_composite]
    assert len(composite) == 3
    for chosen in ([], composite[:1], composite[1:], composite):
        opened, _origins = closed.opened(chosen)
        assert all(v.layer is None or not v.layer.is_composite for v in opened.variables) == (chosen == composite)
        np.testing.assert_allclose(opened.output.value, closed.output.value, rtol=1e-12)
        np.testing.assert_allclose(opened.backward()["x"], want, rtol=0, atol=1e-12)
        for name, grad in weights.items():
            np.testing.assert_allclose(hidden.grads[name], grad, rtol=0, atol=1e-12)
        assert opened.inputs["x"] is x


def test_an_opened_graph_knows_where_each_node_came_from():
    x = Variable(0.5, "x")
    y = Sigmoid()(x)
    y.name = "y"
    closed = Graph(y * x)
    opened, origins = closed.opened([y])
    made = [v for v in opened.variables if v.layer is not None]
    assert [type(v.layer).__name__ for v in made] == ["Neg", "Exp", "Add", "Div", "Mul"]
    assert [origins[v] for v in made] == [y, y, y, y, closed.output]
    assert made[3].name == "y"


def test_a_single_node_cannot_be_opened():
    x = Variable(0.5, "x")
    graph = Graph(x * 2)
    with pytest.raises(TypeError, match="nothing to open"):
        graph.opened([graph.output])


def test_a_copy_has_numbers_layers_and_parameters_of_its_own():
    rng = np.random.default_rng(0)
    shared, x = Affine.random(2, 2, rng), Variable(rng.normal(size=(3, 2)), "x")
    graph = Graph(Sum()(shared(Tanh()(shared(x)))))
    want, weights = graph.backward()["x"], shared.grads["W"].copy()
    twin = graph.copy()
    np.testing.assert_array_equal(twin.backward()["x"], want)
    twin.forward(x=np.zeros((3, 2)))
    owner = next(v.layer.owner for v in twin.variables if isinstance(v.layer, Affine))
    np.testing.assert_array_equal(owner.grads["W"], weights)  # both uses of the one layer, summed
    owner.params["W"][:] = 0
    assert shared.params["W"].any()
    assert graph.inputs["x"].value.any()
    np.testing.assert_array_equal(graph.backward()["x"], want)


@pytest.mark.parametrize(
    ("loss", "x", "t", "other"),
    [
        (SoftmaxWithLoss(), [[1.0, 2.0, 0.5], [0.0, 1.0, -1.0]], [2, 0], [1, 1]),
        (SoftmaxWithLoss(), [[1.0, 2.0, 0.5]], [[0.0, 0.3, 0.7]], [[1.0, 0.0, 0.0]]),
        (SigmoidWithLoss(), [[0.5], [-1.0]], [[1.0], [0.0]], [[0.0], [0.0]]),
        (MSELoss(), [[0.5], [-1.0]], [[1.0], [0.0]], [[2.0], [3.0]]),
    ],
    ids=["softmax, labels", "softmax, rows", "sigmoid", "mse"],
)
def test_a_target_is_data_however_the_loss_is_drawn(loss, x, t, other):
    """No gradient for it in either picture, the same gradient for x, and new targets can be put in by name."""
    closed = Graph(loss(Variable(x, "x"), Variable(t, "t")))
    want = closed.backward()
    opened, _origins = closed.opened([closed.output])
    found = opened.backward()
    assert want["t"] is None
    assert found["t"] is None
    np.testing.assert_allclose(found["x"], want["x"], rtol=0, atol=1e-12)
    np.testing.assert_allclose(opened.forward(t=np.array(other)), closed.forward(t=np.array(other)), rtol=1e-12)
    np.testing.assert_allclose(opened.backward()["x"], closed.backward()["x"], rtol=0, atol=1e-12)
    nbkit.check_gradients(opened)


def test_a_variable_where_bare_numbers_are_needed_says_what_to_do():
    """A name that two cells of a notebook use: numbers in the one, a Variable in the other."""
    with pytest.raises(TypeError, match=r"bare numbers are needed: take its \.value; got Variable 'x': 2$"):
        ReLU().forward(Variable(2, "x"))
