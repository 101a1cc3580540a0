"""The graph explorer: moved inputs move all numbers, layers open and close, a nudge agrees with the gradient."""

import numpy as np
import pytest

from nbkit import Affine, Graph, GraphExplorer, Sequential, Sigmoid, SoftmaxWithLoss, Variable


def bill():
    return Variable(100, "apple") * Variable(2, "count") * Variable(1.1, "tax")


def shown(explorer, kind):
    """The numbers at the edges, from small to large: each "value", or each "gradient"."""
    numbers = [mark.data.get(kind) for mark in explorer.view.svg.marks.values()]
    return sorted(round(float(x), 9) for x in numbers if x is not None)


def send(explorer, kind, node):
    explorer.view._handle_custom_msg({"kind": kind, "node": node}, [])


def kinds(explorer):
    return [type(v.layer).__name__ for v in explorer.graph.variables if v.layer]


def test_a_moved_slider_moves_values_and_gradients():
    explorer = GraphExplorer(bill())
    assert shown(explorer, "value") == [1.1, 2, 100, 200, 220]
    explorer.inputs["apple"].value = 120
    assert shown(explorer, "value") == [1.1, 2, 120, 240, 264]
    assert shown(explorer, "gradient") == [1, 1.1, 2.2, 132, 240]
    assert ">← 2.2</text>" in explorer.view.svg


def test_gradients_can_be_left_out():
    explorer = GraphExplorer(bill(), gradients=False)
    explorer.inputs["tax"].value = 1.5
    assert shown(explorer, "value") == [1.5, 2, 100, 200, 300]
    assert shown(explorer, "gradient") == []
    assert explorer.graph.inputs["tax"].grad is None
    assert explorer.children[-2].layout.display == "none"  # nothing to nudge


def test_it_takes_a_graph_and_sliders_only_for_numbers():
    x = Variable(np.ones((2, 3)), "x")
    explorer = GraphExplorer(Graph(x * Variable(2, "scale")))
    assert list(explorer.inputs) == ["scale"]
    explorer.inputs["scale"].value = 3
    assert (explorer.graph.output.value == 3).all()


@pytest.mark.parametrize(
    ("value", "low", "high"), [(0, -1, 1), (100, 0, 200), (-3, -6, 0), (1e-3, 0, 2e-3), (1e6, 0, 2e6)]
)
def test_a_range_is_found_where_none_is_given(value, low, high):
    slider = GraphExplorer(Variable(value, "x") * 2).inputs["x"]
    assert (slider.min, slider.max, slider.value) == (low, high, value)


def test_a_slider_shows_as_many_digits_as_its_step_has():
    ranges = {"apple": (0, 300, 5), "tax": (1, 1.5, 0.01)}
    inputs = GraphExplorer(bill(), ranges).inputs
    assert (inputs["apple"].readout_format, inputs["tax"].readout_format) == (".0f", ".2f")


@pytest.mark.parametrize(
    ("ranges", "rule"),
    [
        ({"pear": (0, 1, 0.1)}, "ranges names pear, but the inputs that are numbers are apple, count, tax"),
        ({"apple": (0, 50, 1)}, "must hold its value 100"),
        ({"apple": (0, 200, 0)}, "step above 0"),
    ],
)
def test_a_range_must_name_an_input_and_hold_its_value(ranges, rule):
    with pytest.raises(ValueError, match=rule):
        GraphExplorer(bill(), ranges)


def test_an_infinite_value_is_shown_and_nothing_warns():
    explorer = GraphExplorer(1 / Variable(1.0, "x"), {"x": (0, 2, 0.5)})
    explorer.inputs["x"].value = 0
    assert ">∞</text>" in explorer.view.svg
    assert explorer.message.value == ""


def test_a_layer_opens_and_closes_and_the_inputs_keep_moving():
    explorer = GraphExplorer(Sigmoid()(Variable(0.5, "x")) * 3)
    assert explorer.view.expandable == {"v1": "closed"}
    closed = explorer.graph.inputs["x"].grad
    send(explorer, "open", "v1")
    assert sorted(kinds(explorer)) == ["Add", "Div", "Exp", "Mul", "Neg"]
    assert set(explorer.view.expandable.values()) == {"open"}
    assert explorer.graph.inputs["x"].grad == pytest.approx(closed, rel=1e-12)
    explorer.inputs["x"].value = 1.0
    assert explorer.graph.output.value == pytest.approx(3 / (1 + np.exp(-1)))
    send(explorer, "close", next(iter(explorer.view.expandable)))
    assert kinds(explorer) == ["Sigmoid", "Mul"]
    assert explorer.graph.output.value == pytest.approx(3 / (1 + np.exp(-1)))
    assert explorer.message.value == ""


@pytest.mark.parametrize(
    ("node", "rule"), [("v99", "there is no node 'v99'"), (["v1"], "there is no node"), ("v2", "nothing to open")]
)
def test_a_request_that_makes_no_sense_is_answered_in_the_widget(node, rule):
    explorer = GraphExplorer(bill())
    before = explorer.view.svg
    send(explorer, "open", node)
    assert rule in explorer.message.value
    assert explorer.view.svg == before


def test_a_nudge_compares_the_function_with_the_gradient():
    explorer = GraphExplorer(bill())
    assert explorer.edge.label == "apple → ×"
    explorer.eps.value = 10
    assert "output changes by 22; gradient × ε = 22;" in explorer.verdict.value
    explorer.edge.value = explorer.edge.options[-1][1]
    assert "output changes by 2000; gradient × ε = 2000" in explorer.verdict.value
    explorer.inputs["count"].value = 3
    assert "output changes by 3000" in explorer.verdict.value


def test_edges_that_share_both_ends_are_counted():
    x = Variable(3.0, "x")
    explorer = GraphExplorer(x * x + x)
    assert [name for name, _id in explorer.edge.options] == ["x → ×, no. 1", "x → ×, no. 2", "× → +", "x → +"]


def test_a_nudge_of_a_curve_leaves_a_difference():
    explorer = GraphExplorer(Variable(3.0, "x") ** 2)
    explorer.eps.value = 0.5
    assert "output changes by 3.25; gradient × ε = 3; difference 0.25" in explorer.verdict.value


def test_a_batch_with_layers_and_a_loss_is_explored_as_well():
    rng = np.random.default_rng(0)
    net = Sequential([Affine.random(2, 3, rng), Sigmoid(), Affine.random(3, 2, rng)], SoftmaxWithLoss())
    loss = net(Variable(rng.normal(size=(4, 2)), "x") * Variable(1.0, "scale"), np.array([0, 1, 1, 0]))
    explorer = GraphExplorer(loss)
    before = float(explorer.graph.output.value)
    assert list(explorer.view.expandable.values()) == ["closed"] * 4
    for _ in range(4):  # ids count anew when a node has been opened
        explorer.open_node(next(id_ for id_, state in explorer.view.expandable.items() if state == "closed"))
    assert set(explorer.view.expandable.values()) == {"open"}
    assert float(explorer.graph.output.value) == pytest.approx(before, rel=1e-12)
    explorer.inputs["scale"].value = 2
    assert float(explorer.graph.output.value) != pytest.approx(before)
    assert "gradient × ε" in explorer.verdict.value
    assert explorer.message.value == ""


def test_a_graph_of_one_input_has_nothing_to_nudge():
    explorer = GraphExplorer(Variable(3.0, "x"))
    assert explorer.verdict.value == ""
    explorer.inputs["x"].value = 4
    assert shown(explorer, "value") == [4]
