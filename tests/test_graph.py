"""The recorded graph: what it keeps, how it is replayed, and how gradients go back through it."""

import copy
import operator
import os
import subprocess
import sys
from pathlib import Path

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import assume, given, settings

import nbkit
from nbkit import Add, Affine, Exp, Graph, Layer, Log, Mul, ReLU, Sigmoid, Sum, Tanh, Variable, sigmoid
from tests.test_layers import central_differences


def state(graph):
    """Copies of every value and gradient in a graph."""
    return [(v.value.dtype, np.array(v.value), copy.copy(v.grad)) for v in graph.variables]


# ---------------------------------------------------------------- figures worked out by hand


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


@pytest.mark.parametrize(
    ("formula", "at", "value", "gradient"),
    [
        (lambda x: x * x, 3.0, 9.0, 6.0),
        (lambda x: x + x + x, 3.0, 9.0, 3.0),
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


def test_gradients_on_the_edges_add_up_to_the_gradient_of_the_value():
    x = Variable([1.0, 2.0], "x")
    graph = Graph(x * x + Exp()(x))
    graph.backward()
    edges = [d for v in graph.variables for i, d in zip(v.inputs, v.dinputs, strict=True) if i is x]
    assert len(edges) == 3
    np.testing.assert_allclose(sum(edges), x.grad, rtol=1e-15)


# ---------------------------------------------------------------- one use, one memory


def test_an_affine_used_twice_sums_its_gradients_onto_the_owner():
    layer = Affine([[1.0, 2.0], [3.0, 4.0]], [0.5, -0.5])
    x1, x2 = Variable([[1.0, 0.0], [2.0, 1.0]], "x1"), Variable([[5.0, 6.0]], "x2")
    other, graph = Graph(layer(x2)), Graph(Sum()(layer(x1)) + Sum()(layer(x2)) * 10)
    for each in (other, graph, graph):  # nothing is left of an earlier run, of this graph or another
        each.backward()
    np.testing.assert_array_equal(layer.grads["W"], [[3 + 50, 3 + 50], [1 + 60, 1 + 60]])
    np.testing.assert_array_equal(layer.grads["b"], [2 + 10, 2 + 10])
    np.testing.assert_array_equal(x1.grad, [[3.0, 7.0], [3.0, 7.0]])
    np.testing.assert_array_equal(x2.grad, [[30.0, 70.0]])
    assert layer.memory is None


def test_collapsed_and_expanded_uses_of_one_layer_are_summed():
    layer = Affine([[1.0], [2.0]], [0.0])
    x = Variable([[3.0, 4.0]], "x")
    Graph(Sum()(layer(x) + layer.expand(x) * 10)).backward()
    np.testing.assert_array_equal(layer.grads["W"], [[33.0], [44.0]])
    np.testing.assert_array_equal(layer.grads["b"], [11.0])
    np.testing.assert_array_equal(x.grad, [[11.0, 22.0]])


def test_recording_does_not_change_what_the_layer_itself_saved():
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


# ---------------------------------------------------------------- random graphs

OPERATORS = {"+": operator.add, "-": operator.sub, "*": operator.mul}
ON_ARRAYS = {"exp": np.exp, "log": np.log, "tanh": np.tanh, "sigmoid": sigmoid, "sum": np.sum}
ON_VARIABLES = {"exp": Exp, "log": Log, "tanh": Tanh, "sigmoid": Sigmoid, "sum": Sum}
SHAPES = {"a": (), "b": (2, 3), "c": (3,), "d": (2, 1)}
BINARY = ("+", "-", "*", "/", "**")


def apply(name, x):
    return ON_VARIABLES[name]()(x) if isinstance(x, Variable) else ON_ARRAYS[name](x)


def run(program, leaves):
    """Run a program on Variables or on arrays; a step may use any earlier value, so values fan out."""
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


def leaves_from(seed):
    rng = np.random.default_rng(seed)
    return {name: rng.uniform(-1.3, 1.3, shape)[()] for name, shape in SHAPES.items()}


@settings(max_examples=200, deadline=None, derandomize=True, database=None)
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
        oracle = central_differences(
            lambda x, name=name: run(program, {**arrays, name: x}.values()), arrays[name], dout
        )
        assert np.shape(gradient) == oracle.shape
        np.testing.assert_allclose(gradient, oracle, rtol=0, atol=1e-6 * max(1.0, np.abs(oracle).max()))

    once = state(graph)
    graph.backward(dout)
    np.testing.assert_equal(state(graph), once)
    graph.forward(**{name: v.value for name, v in graph.inputs.items()})
    assert all(v.grad is None for v in graph.variables)
    graph.backward(dout)
    np.testing.assert_equal(state(graph), once)

    place = {v: i for i, v in enumerate(graph.variables)}
    assert len(place) == len(graph.variables)
    assert all(place[i] < place[v] for v in graph.variables for i in v.inputs)
    assert [graph.id(v) for v in graph.variables] == [f"v{i}" for i in range(len(place))]
    assert Graph(graph.output).variables == graph.variables


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
    given = np.array([0, 1], dtype=np.int8)
    result = graph.forward(x=given, y=np.float32(2))
    given[:] = 99  # the graph has a copy
    assert {v.value.dtype for v in graph.variables} == {np.dtype(np.float64)}
    np.testing.assert_array_equal(result, [0.25, 2.25])
    np.testing.assert_array_equal(graph.output.value, result)
    np.testing.assert_array_equal(graph.inputs["x"].value, [0.0, 1.0])
    np.testing.assert_array_equal(graph.inputs["z"].value, [0.5, -0.5])
    assert all(v.grad is None for v in graph.variables)
    assert all(v.dinputs == () for v in graph.variables)


def test_infinite_values_are_shown_without_a_warning():
    graph = Graph(1 / Log()(Variable(2.0, "x")))
    assert graph.forward(x=1.0) == np.inf
    assert graph.backward()["x"] == -np.inf
    assert np.isnan(graph.forward(x=-1.0))


@pytest.mark.parametrize(
    ("values", "error", "telling"),
    [
        ({"y": 1.0, "w": 1.0}, ValueError, "no input called 'w'; its inputs are x, y, z"),
        ({"y": 7.0, "x": [1.0, 2.0, 3.0]}, ValueError, r"'x' was recorded with shape \(2,\), got shape \(3,\)"),
        ({"x": 1.0}, ValueError, r"shape \(2,\), got shape \(\)"),
        ({"y": 7.0, "x": ["a", "b"]}, TypeError, "number"),
    ],
)
def test_a_refused_forward_leaves_everything_as_it_was(graph, values, error, telling):
    before = state(graph)
    with pytest.raises(error, match=telling):
        graph.forward(**values)
    np.testing.assert_equal(state(graph), before)


class Fragile(Layer):
    """Raises for numbers above 5."""

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
    before = [value for _dtype, value, _grad in state(graph)]
    with pytest.raises(ArithmeticError, match="too much"):
        graph.forward(x=[3.0, 4.0], y=5.0)
    for value, v in zip(before, graph.variables, strict=True):
        np.testing.assert_array_equal(v.value, value)
    np.testing.assert_allclose(graph.backward()["x"], 2 * np.exp([2.0, 4.0]) + 1, rtol=1e-15)


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
        (None, TypeError, "None"),
    ],
)
def test_a_refused_backward_leaves_everything_as_it_was(graph, dout, error, telling):
    before = state(graph)
    with pytest.raises(error, match=telling):
        graph.backward(dout)
    np.testing.assert_equal(state(graph), before)


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
    np.testing.assert_equal([given, first], [kept, held])


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


@pytest.mark.parametrize("foreign", [Variable(1.0, "other"), None, 3.0, "v0"])
def test_ids_are_for_variables_of_this_graph_only(graph, foreign):
    with pytest.raises(ValueError, match="not part of this graph"):
        graph.id(foreign)


def test_repr_of_a_graph(graph):
    assert repr(graph) == f"Graph of {len(graph.variables)} variables, inputs x, y, z"
    assert repr(Graph(Variable(1.0) + 1)).endswith("inputs without names")
