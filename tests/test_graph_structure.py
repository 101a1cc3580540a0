"""What a graph is made of: circles are refused, an edge can be nudged, layers opened, and the whole copied."""

import numpy as np
import pytest

import nbkit
from nbkit import Affine, Exp, Graph, MSELoss, ReLU, Sigmoid, SigmoidWithLoss, SoftmaxWithLoss, Sum, Tanh, Variable

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
    x = Variable(1.0, "x")
    x.inputs = (x,)
    with pytest.raises(ValueError, match=r"'x'.*feeds itself"):
        Graph(x)


@pytest.mark.parametrize(
    ("make", "error", "telling"),
    [
        (lambda: 3.0, TypeError, "from the Variable at its end, got 3.0"),
        (lambda: [Variable(1.0)], TypeError, "Variable at its end"),
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


# ---------------------------------------------------------------- nudging one edge, opening a layer, copying


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
        hidden.grads = {}
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


def test_a_variable_where_plain_numbers_are_needed_says_what_to_do():
    """A name that two cells of a notebook use: numbers in the one, a Variable in the other."""
    with pytest.raises(TypeError, match=r"bare numbers are needed: take its \.value; got Variable 'x': 2$"):
        ReLU().forward(Variable(2, "x"))
