"""The order lab: any order may be run, a wrong one gives the wrong numbers it must, the graph stays as it was."""

import re
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbkit import Affine, Graph, MSELoss, OrderLab, ReLU, Variable
from nbkit.layers import Mul


def square_plus(x=2, y=3):
    """s = x·y, z = s·s + s: s must wait for three gradients. At 2 and 3 dz/ds is 13."""
    x, y = Variable(x, "x"), Variable(y, "y")
    s = x * y
    s.name = "s"
    z = s * s + s
    z.name = "z"
    return z


A, B, C = "v2", "v3", "v4"  # s = x·y, s·s, and the +

# Worked by hand, at x = 2, y = 3, s = 6: in dx = 3·ds and dy = 2·ds, ds is what s had when it ran.
BY_HAND = {
    (C, B, A): (39, 26),  # ds = 6 + 6 + 1
    (C, A, B): (3, 2),  # only the + had sent its 1
    (B, C, A): (3, 2),  # s·s had nothing, so it sent 0 and 0; then came the 1
    (B, A, C): (0, 0),  # 0 and 0 had arrived
    (A, B, C): (0, 0),  # nothing had arrived
    (A, C, B): (0, 0),
}


def run(lab, order):
    lab.reset()
    for id_ in order:
        lab.run_node(id_)
    return tuple(lab.gradients.values())


def signs(lab, fact):
    """The ids of the edges whose sign says that they are "late" or "wrong"."""
    marks = lab.view.svg.marks.items()
    return {key.removesuffix(" sign") for key, mark in marks if key.endswith(" sign") and mark.data[fact]}


def texts(lab, kind):
    return re.findall(rf'<text class="{kind}"[^>]*>([^<]*)</text>', lab.view.svg)


class TestRightOrder:
    def test_the_gradients_are_those_of_the_graph(self):
        z = square_plus()
        lab = OrderLab(z)
        run(lab, (C, B, A))
        assert lab.gradients == lab.truth == Graph(z).backward() == {"x": 39, "y": 26}
        assert lab.right is True
        assert lab.verdict.startswith("✓ Right")
        assert "✗" not in lab.view.svg + lab.status.value + "".join(lab.sentences)

    def test_show_a_right_order(self):
        lab = OrderLab(square_plus())
        lab.run_node(A)
        lab.show_button.click()
        assert lab.order == [C, B, A]
        assert lab.right

    def test_two_fruits_may_swap(self):
        shop = (Variable(100, "apple") * Variable(2, "n") + Variable(150, "orange") * Variable(3, "m")) * 1.1
        lab = OrderLab(shop)
        tax, plus, oranges, apples = reversed(lab.nodes)
        for order in ((tax, plus, oranges, apples), (tax, plus, apples, oranges)):
            assert np.allclose(run(lab, order), [2.2, 110, 3.3, 165])
            assert lab.right

    def test_arrays_parameters_and_targets(self):
        x, t = Variable(np.ones((4, 2)), "x"), Variable(np.zeros((4, 3)), "t")
        loss = MSELoss()(ReLU()(Affine.random(2, 3, rng=0, name="hidden")(x)), t)
        lab = OrderLab(loss)
        right = list(reversed(lab.nodes))
        run(lab, right)
        assert list(lab.gradients) == ["x"]
        np.testing.assert_array_equal(lab.gradients["x"], Graph(loss).backward()["x"])
        assert lab.right
        run(lab, right[::-1])
        assert not lab.gradients["x"].any()
        assert "wrong numbers (4, 2) to x" in lab.sentences[0]

    def test_a_node_that_feeds_only_a_target_has_no_part_in_it(self):
        x, y = Variable([1.0], "x"), Variable([2.0], "y")
        lab = OrderLab(MSELoss()(x * 3.0, y * 2.0))
        assert [button.description[0] for button in lab.buttons.values()] == ["A", "B"]
        run(lab, reversed(lab.nodes))
        assert lab.right
        assert list(lab.gradients) == ["x"]


class TestWrongOrder:
    @pytest.mark.parametrize("order", BY_HAND)
    def test_every_order_gives_the_numbers_worked_by_hand(self, order):
        lab = OrderLab(square_plus())
        assert run(lab, order) == BY_HAND[order]
        assert lab.right is (order == (C, B, A))
        assert lab.order == list(order)

    def test_it_is_told_what_was_missing(self):
        lab = OrderLab(square_plus())
        run(lab, (C, A, B))
        assert lab.sentences == [
            "+ C (z) is the output, its gradient is 1: it passed on 1 to s × s, 1 to s.",
            "× A (s) ran when only 1 of 3 gradients had arrived: "
            "it passed on 3 instead of 39 to x, 2 instead of 26 to y.",
            "× B (s × s) had all it waits for, 1: it passed on 6 and 6 to s (too late, lost).",
        ]
        assert lab.verdict == "✗ Wrong: not all gradients had arrived when these nodes ran: A."

    def test_a_node_that_waited_may_get_wrong_numbers(self):
        lab = OrderLab(square_plus())
        run(lab, (B, C, A))
        assert "before any gradient had arrived, so it worked with 0" in lab.sentences[0]
        assert "× A (s) waited, but what arrived was wrong already" in lab.sentences[2]
        assert "ran: B." in lab.verdict

    def test_it_is_marked_in_the_picture_by_signs(self):
        lab = OrderLab(square_plus())
        lab.run_node(C)
        lab.run_node(A)
        assert signs(lab, "wrong") == {"v0-v2-0", "v1-v2-1"}
        assert lab.view.svg.marks[f"{A} ran"].text == "✗ 1 of 3"
        assert lab.view.svg.marks[f"{C} ran"].text == "✓"
        assert "sum 1" in texts(lab, "grad")
        lab.run_node(B)
        assert signs(lab, "late") == {"v2-v3-0", "v2-v3-1"}
        assert texts(lab, "name").count("lost") == 2
        assert "sum 1" in texts(lab, "grad")  # what came too late changes nothing

    def test_the_end_shows_both_numbers(self):
        lab = OrderLab(square_plus())
        run(lab, (C, A))
        assert lab.verdict == ""
        assert lab.right is None
        assert "<table" not in lab.status.value
        lab.run_node(B)
        assert re.search(r"<td>x</td><td>3</td><td>39</td><td>✗</td>", lab.status.value)

    def test_right_numbers_in_a_wrong_order_are_called_luck(self):
        lab = OrderLab(square_plus(x=0, y=0))  # every factor is 0, so the missing shares do not show
        assert run(lab, (C, A, B)) == (0, 0)
        assert lab.right is False
        assert "by luck" in lab.verdict


class TestTheGraph:
    def test_it_is_left_as_it_was(self):
        x = Variable(np.ones((2, 2)), "x")
        layer = Affine.random(2, 2, rng=0, name="layer")
        graph = Graph(MSELoss()(layer(x) * 2.0, Variable(np.zeros((2, 2)), "t")))
        graph.backward()
        before = state(graph)
        own = {name: grad.copy() for name, grad in layer.grads.items()}
        lab = OrderLab(graph)
        for order in permutations(lab.nodes):
            run(lab, order)
        assert lab.graph is graph
        assert state(graph) == before
        assert all((layer.grads[name] == grad).all() for name, grad in own.items())
        assert [v.layer.name for v in graph.variables if v.layer] == ["layer", None, None]

    def test_a_graph_that_moves_on_does_not_disturb_the_lab(self):
        graph = Graph(square_plus())
        lab = OrderLab(graph)
        graph.forward(x=7)
        assert run(lab, (C, B, A)) == (39, 26)


def state(graph):
    return [
        (id(v), repr(v.value), repr(v.grad), repr(v.dinputs), id(v.layer), repr(getattr(v.layer, "memory", None)))
        for v in graph.variables
    ]


class TestButtons:
    def test_nodes_and_commands_have_rows_of_their_own(self):
        lab = OrderLab(square_plus())
        rows = [child.children for child in lab.children if hasattr(child, "children")]
        assert rows == [tuple(lab.buttons.values()), (lab.reset_button, lab.show_button)]

    def test_a_button_for_each_operation(self):
        lab = OrderLab(square_plus())
        assert [b.description for b in lab.buttons.values()] == [
            "A · × makes s", "B · × makes s × s", "C · + makes z",
        ]  # fmt: skip
        lab.buttons[C].click()
        assert lab.order == [C]
        assert [b.disabled for b in lab.buttons.values()] == [False, False, True]
        lab.reset_button.click()
        assert lab.order == lab.sentences == []
        assert not any(b.disabled for b in lab.buttons.values())
        assert texts(lab, "grad") == ["← 1"]

    def test_a_node_runs_once(self):
        lab = OrderLab(square_plus())
        lab.run_node(C)
        with pytest.raises(ValueError, match="C has run already"):
            lab.run_node(C)
        lab.buttons[C].click()  # a press that came while the button was being disabled
        assert "has run already" in lab.message.value
        assert lab.order == [C]
        lab.buttons[B].click()
        assert lab.message.value == ""

    @pytest.mark.parametrize("id_", ["v0", "v99", "A", None, 2])
    def test_only_operations_run(self, id_):
        with pytest.raises(ValueError, match="must be one of v2, v3, v4, got"):
            OrderLab(square_plus()).run_node(id_)

    def test_it_needs_operations_and_not_too_many(self):
        x = Variable(1, "x")
        with pytest.raises(ValueError, match="1 to 26 operations, got 0"):
            OrderLab(Graph(x))
        y = x
        for _step in range(27):
            y = y + x
        with pytest.raises(ValueError, match="got 27"):
            OrderLab(y)

    def test_descriptions_of_buttons_are_short(self):
        x = y = Variable(2, "x")
        for _step in range(8):
            y = y * y + x
        assert max(len(button.description) for button in OrderLab(y).buttons.values()) < 60


# ---------------------------------------------------------------- any graph, any order


@st.composite
def graphs(draw):
    """A random graph of up to six operations with much fan-out, and a random order of its nodes.

    Zeros among the inputs make wrong orders that give right numbers.
    """
    numbers = st.sampled_from([0.0, 1.0, -2.0, 3.0])
    made = [Variable(draw(numbers), name) for name in "xyz"]
    for _step in range(draw(st.integers(1, 6))):
        a, b = (draw(st.sampled_from(made)) for _side in "ab")
        made.append(draw(st.sampled_from([lambda a, b: a + b, lambda a, b: a * b, lambda a, b: a - b, same]))(a, b))
    graph = Graph(made[-1])
    nodes = [graph.id(v) for v in graph.variables if v.layer is not None]
    return graph, draw(st.permutations(nodes))


def same(a, _b):
    return Mul()(a, a)


@settings(max_examples=150, deadline=None, derandomize=True, database=None)
@given(graphs())
def test_an_order_is_right_if_every_node_comes_after_all_that_use_it_and_only_then(case):
    """The order is judged, not the numbers: a wrong order that a zero hides is still a wrong order."""
    graph, order = case
    lab = OrderLab(graph)
    run(lab, order)
    place = {id_: k for k, id_ in enumerate(order)}
    follows = all(
        place[graph.id(v)] < place[graph.id(i)] for v in graph.variables for i in v.inputs if i.layer is not None
    )
    truth = graph.backward()
    numbers = all(np.isclose(lab.gradients[name], truth[name]) for name in truth)
    assert lab.right is follows
    assert numbers or not follows
    assert lab.verdict.startswith(
        "✓ Right" if follows else "✗ The gradients are right, but by luck" if numbers else "✗ W"
    )
    assert len(lab.sentences) == len(order)
