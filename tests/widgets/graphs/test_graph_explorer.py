"""The graph explorer: moved inputs move all numbers, layers open and close, a nudge agrees with the gradient."""

import numpy as np
import pytest

from nbkit import Affine, Graph, GraphExplorer, ReLU, Sequential, Sigmoid, SoftmaxWithLoss, Variable


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
    nudge = next(child for child in explorer.children if explorer.edge in getattr(child, "children", ()))
    assert nudge.layout.display == "none"  # nothing to nudge
    assert explorer.view.questions == {}


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
    assert explorer.view.chosen == explorer.graph.id(explorer.graph.variables[-3])  # ÷: with its facts is the way back
    assert sorted(kinds(explorer)) == ["Add", "Div", "Exp", "Mul", "Neg"]
    assert set(explorer.view.expandable.values()) == {"open"}
    assert explorer.graph.inputs["x"].grad == pytest.approx(closed, rel=1e-12)
    explorer.inputs["x"].value = 1.0
    assert explorer.graph.output.value == pytest.approx(3 / (1 + np.exp(-1)))
    send(explorer, "close", next(iter(explorer.view.expandable)))
    assert kinds(explorer) == ["Sigmoid", "Mul"]
    assert explorer.view.chosen == "v1"
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
    explorer = GraphExplorer(bill(), step="end")
    assert explorer.edge.label == "apple → ×"
    explorer.eps.value = "10"
    assert "output changes by 22. The gradient says 22 (gradient × ε): exactly that." in explorer.verdict.value
    explorer.edge.value = explorer.edge.options[-1][1]
    assert "output changes by 2000. The gradient says 2000" in explorer.verdict.value
    explorer.inputs["count"].value = 3
    assert "output changes by 3000" in explorer.verdict.value


def test_a_nudge_tells_no_gradient_before_it_was_played():
    explorer = GraphExplorer(bill())  # inputs, two nodes, the turn, the last node, the first one
    seen = []
    for step in range(6):
        explorer.view.step = step
        seen.append("2.2" in explorer.verdict.value)
    explorer.eps.value = "1"
    assert seen == [False] * 6
    assert "The gradient says 2.2 " in explorer.verdict.value
    explorer.view.step = 4
    assert "Play on" in explorer.verdict.value
    explorer.edge.value = explorer.edge.options[-1][1]  # of the last node, which has just run
    assert "The gradient says 200 " in explorer.verdict.value


def test_edges_that_share_both_ends_are_counted():
    x = Variable(3.0, "x")
    explorer = GraphExplorer(x * x + x)
    assert [name for name, _id in explorer.edge.options] == ["x → ×, no. 1", "x → ×, no. 2", "× → +", "x → +"]


def test_who_opens_at_the_end_reads_the_verdict_at_once():
    assert "The gradient says 0.022 (gradient × ε): exactly that." in GraphExplorer(bill(), step="end").verdict.value


def test_a_nudge_of_an_array_says_that_all_its_numbers_move():
    """d(sum of x²)/dx = 2x = 2, 4, 6: with ε = 0.1 that says 1.2, and (1.1² + 2.1² + 3.1²) − 14 = 1.23."""
    x = Variable(np.array([1.0, 2.0, 3.0]), "x")
    explorer = GraphExplorer(x**2, step="end")
    explorer.eps.value = "0.1"
    assert "ε is added to all 3 numbers of this line at once. The output changes by 1.23." in explorer.verdict.value
    assert "The gradients say 1.2 (their sum × ε): off by 0.03, because" in explorer.verdict.value


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("abc", "✗ ε: This is not a number"),
        ("", "✗ ε: This box is still empty"),
        ("1e400", "✗ ε: This number is far too large"),
        ("1/0", "✗ ε: Nothing can be divided by 0"),
        ("0", "With ε = 0 nothing is nudged"),
        ("0,5", "The gradient says 1.1 "),
        ("−1/2", "The gradient says −1.1 "),
    ],
)
def test_no_old_verdict_stands_beside_another_text(text, words):
    explorer = GraphExplorer(bill(), step="end")
    explorer.eps.value = text
    assert words in explorer.verdict.value
    assert "0.022" not in explorer.verdict.value
    assert explorer.eps.value == text
    assert explorer.message.value == ""


def test_a_nudge_of_a_curve_leaves_a_difference():
    explorer = GraphExplorer(Variable(3.0, "x") ** 2, step="end")
    explorer.eps.value = "1/2"
    assert "output changes by 3.25. The gradient says 3 (gradient × ε): off by 0.25" in explorer.verdict.value


def test_a_batch_with_layers_and_a_loss_is_explored_as_well():
    rng = np.random.default_rng(0)
    net = Sequential([Affine.random(2, 3, rng), Sigmoid(), Affine.random(3, 2, rng)], SoftmaxWithLoss())
    loss = net(Variable(rng.normal(size=(4, 2)), "x") * Variable(1.0, "scale"), np.array([0, 1, 1, 0]))
    explorer = GraphExplorer(loss, step="end")
    before = float(explorer.graph.output.value)
    assert list(explorer.view.expandable.values()) == ["closed"] * 4
    for _ in range(4):  # ids count anew when a node has been opened
        explorer.open_node(next(id_ for id_, state in explorer.view.expandable.items() if state == "closed"))
    assert set(explorer.view.expandable.values()) == {"open"}
    assert float(explorer.graph.output.value) == pytest.approx(before, rel=1e-12)
    explorer.inputs["scale"].value = 2
    assert float(explorer.graph.output.value) != pytest.approx(before)
    explorer.view.step = -1
    assert "all 8 numbers of this line at once" in explorer.verdict.value
    assert explorer.message.value == ""


def test_a_graph_of_one_input_has_nothing_to_nudge():
    explorer = GraphExplorer(Variable(3.0, "x"))
    assert explorer.verdict.value == ""
    explorer.inputs["x"].value = 4
    assert shown(explorer, "value") == [4]


# ---------------------------------------------------------------- where the player stands


@pytest.mark.parametrize(("step", "opens"), [(0, 0), (2, 2), ("turn", 3), ("end", -1), (5, 5)])
def test_it_opens_where_it_is_told_to(step, opens):
    assert GraphExplorer(bill(), step=step).view.step == opens


@pytest.mark.parametrize(
    ("arguments", "rule"),
    [
        ({"step": 6}, "step must be a whole number from 0 to 5, got 6"),
        ({"step": 3, "gradients": False}, "step must be a whole number from 0 to 2, got 3"),
        ({"step": "back"}, "step must be one of turn, end, got text 'back'"),
        ({"step": "turn", "gradients": False}, "step must be one of end, got text 'turn'"),
    ],
)
def test_a_step_that_there_is_not_is_refused(arguments, rule):
    with pytest.raises(ValueError, match=rule):
        GraphExplorer(bill(), **arguments)


def test_the_still_picture_gives_no_answer_away():
    """At the start only the inputs; at the turn all values, and the 1; at the end everything."""
    seen = {}
    for step in (0, "turn", "end"):
        still = GraphExplorer(bill(), step=step).snapshot()
        marks = [mark.data for mark in still.marks.values()]
        numbers = {kind: sum(mark.get(kind) is not None for mark in marks) for kind in ("value", "gradient")}
        seen[step] = (*numbers.values(), "220" in still.words)
    assert seen == {0: (3, 0, False), "turn": (5, 1, True), "end": (5, 5, True)}
    assert "sum" not in GraphExplorer(Variable(3.0, "x") ** 2 + 1, step="turn").snapshot()


def acting(explorer):
    """The symbol of the node that acts, and in which pass."""
    times, step = explorer.renderer.times, explorer.view.step
    steps = [(times.forward, "forward"), (times.backward, "backward")]
    return next(((v.layer.symbol, name) for at, name in steps for v in at if at[v] == step), None)


def test_the_player_stays_where_it_is_when_a_node_opens_and_closes():
    """σ(x) · 3 + 1: σ is one node, or ×(−1), exp, + and ÷."""
    explorer = GraphExplorer(Sigmoid()(Variable(0.5, "x")) * 3 + 1)
    view = explorer.view

    def opened_at(step, node="v1"):
        view.step = step
        send(explorer, "open", node)
        step = acting(explorer) or view.step
        send(explorer, "close", next(iter(view.expandable)))
        return step, acting(explorer) or view.step

    assert opened_at(0) == (0, 0)
    assert opened_at(1) == (("×(−1)", "forward"), ("σ", "forward"))
    assert opened_at(2) == (("×", "forward"), ("×", "forward"))
    assert opened_at(4) == (8 - 1, 4)  # the turn
    assert opened_at(5) == (("+", "backward"), ("+", "backward"))
    assert opened_at(7) == (("÷", "backward"), ("σ", "backward"))
    view.step = -1
    send(explorer, "open", "v1")
    assert view.step == explorer.renderer.times.turn  # all was seen; of what is new, nothing
    view.step = -1
    send(explorer, "close", next(iter(view.expandable)))
    assert view.step == -1


def test_without_gradients_an_opened_node_begins_with_its_first_part():
    explorer = GraphExplorer(Sigmoid()(Variable(0.5, "x")) * 3, gradients=False, step="end")
    send(explorer, "open", "v1")
    assert acting(explorer) == ("×(−1)", "forward")


def test_a_nudge_keeps_an_edge_that_has_a_gradient():
    scores, truth = Variable([[2.0, 1.0, 0.1]], "scores"), Variable([[0.0, 1.0, 0.0]], "t")
    explorer = GraphExplorer(SoftmaxWithLoss()(scores, truth), step="end")
    assert explorer.edge.label == "scores → Softmax loss"
    send(explorer, "open", next(iter(explorer.view.expandable)))
    assert explorer.edge.label == "scores → x−max"  # it begins where the old one did
    for _name, edge in explorer.edge.options:
        explorer.edge.value, explorer.view.step = edge, -1
        assert "The gradient" in explorer.verdict.value
    assert "t → data" not in [name for name, _edge in explorer.edge.options]
    explorer.edge.value = explorer.edge.options[-1][1]
    send(explorer, "close", next(iter(explorer.view.expandable)))
    assert explorer.edge.label == "scores → Softmax loss"


# ---------------------------------------------------------------- a guess before each step


def guess(explorer, question, text):
    explorer.view._handle_custom_msg({"kind": "guess", "question": question, "text": text}, [])
    return explorer.view.guesses.get(question, {})


def test_each_backward_step_asks_for_what_its_node_sends():
    x = Variable(3.0, "x")
    assert GraphExplorer(x * x + x).view.questions == {
        "4": [["v1-v2-0", "to the ×"], ["v0-v2-1", "to x"]],
        "5": [["v0-v1-0", "to x, line 1"], ["v0-v1-1", "to x, line 2"], ["v0.sum", "sum at x"]],
    }


def test_a_guess_is_judged_and_diagnosed():
    explorer = GraphExplorer(bill())
    assert guess(explorer, "v0-v2-0", "2,2")["state"] == "right"
    wrong = guess(explorer, "v1-v2-1", "100")
    assert wrong["state"] == "wrong"
    assert "forgot to multiply by the gradient from the right" in wrong["said"]
    assert guess(explorer, "v1-v2-1", "what?")["said"].startswith("This is not a number")
    assert guess(explorer, "v1-v2-1", "")["state"] == "empty"
    assert list(explorer.view.guesses) == ["v0-v2-0", "v1-v2-1"]
    explorer.inputs["tax"].value = 2.0  # other numbers: nothing was said about them
    assert explorer.view.guesses == {}
    assert guess(explorer, "v0-v2-0", "4")["state"] == "right"
    assert guess(explorer, "v9", "4") == {}
    assert "there is no question 'v9'" in explorer.message.value


def test_where_a_wrong_number_came_from_another_it_is_said():
    explorer = GraphExplorer(bill())
    guess(explorer, "v2-v4-0", "5")  # 1.1 would be right
    assert "follows from another number" in guess(explorer, "v0-v2-0", "10")["said"]


@pytest.mark.parametrize("graph", [ReLU()(Variable([1.0, 2.0], "x")), Affine.random(1, 1, 0)(Variable([[1.0]], "x"))])
def test_nothing_is_asked_about_arrays(graph):
    explorer = GraphExplorer(graph)
    assert explorer.view.questions == {}
    assert guess(explorer, "v0-v1-0", "1") == {}
    assert "nothing is asked" in explorer.message.value


def test_an_opened_node_is_asked_about_part_by_part():
    explorer = GraphExplorer(Sigmoid()(Variable(0.5, "x")))
    assert len(explorer.view.questions) == 1
    send(explorer, "open", "v1")
    assert len(explorer.view.questions) == 4
