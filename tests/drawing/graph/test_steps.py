"""The steps of a graph: each has its sentence, and the numbers in it are those of the graph."""

import json
import re

import numpy as np
import pytest

from nbkit import PUBLIC, Affine, Exp, Graph, Layer, LeakyReLU, Log, ReLU, Sigmoid, Sum, Tanh, Variable, draw, layers
from nbkit.drawing.graph.renderer import GraphRenderer
from nbkit.drawing.graph.steps import all_slopes, argument_names, english_texts, node_facts, sentences
from nbkit.layer import Elementwise
from tests.drawing.graph.graphs import backward, shop
from tests.drawing.parsed import parsed


def steps_of(graph):
    renderer = GraphRenderer(graph)
    return sentences(graph, renderer.times, renderer.names, all_slopes(renderer.times))


def test_the_apple_bill_is_told_step_by_step():
    steps = steps_of(backward(shop()))
    assert steps == [
        "The inputs have their values; no node has run yet.",
        "The × of apple and count computes 100 × 2 = 200",
        "The × of × and tax computes 200 × 1.1 = 220",
        "The turn: the gradient of the output with respect to itself is 1.",
        "The × of × and tax gets the gradient 1 from the right and sends to the left:\n"
        "to the × of apple and count: 1 × the other input 1.1 = 1.1\n"
        "to tax: 1 × the other input 200 = 200",
        "The × of apple and count gets the gradient 1.1 from the right and sends to the left:\n"
        "to apple: 1.1 × the other input 2 = 2.2\n"
        "to count: 1.1 × the other input 100 = 110",
    ]


def test_a_node_is_called_by_its_sign_as_long_as_no_other_has_the_same():
    x, y = Variable(3, "x"), Variable(2, "y")
    squares = x * x + y * y
    assert [step.split(" computes")[0] for step in steps_of(Graph(squares - x * x))[1:]] == [
        "The × of x and x, no. 1", "The × of y and y", "The +", "The × of x and x, no. 2", "The −",
    ]  # fmt: skip


def test_a_value_that_a_node_takes_twice_gets_two_lines():
    x = Variable(3, "x")
    assert steps_of(backward(x * x))[-1].split("\n") == [
        "The × gets the gradient 1 from the right and sends to the left:",
        "to x, line 1: 1 × the other input 3 = 3",
        "to x, line 2: 1 × the other input 3 = 3",
        "2 gradients meet at x: 3 + 3 = 6",
    ]


def test_before_backward_only_forward_is_told():
    assert len(steps_of(Graph(Variable(1, "x") + 2))) == 2


class Forgetful(Layer):
    symbol = "L"

    def forward(self, x):
        return 2 * x

    def backward(self, dout):
        pass


def test_a_layer_that_sends_nothing_back_is_told_as_such_and_drawn():
    graph = backward(Tanh()(Forgetful()(Tanh()(Variable(3, "x")))))
    assert steps_of(graph)[-2:] == [
        "The L gets the gradient 0.07201 from the right and sends nothing to the left",
        "The tanh of x gets no gradient from the right",
    ]
    parsed(draw(graph).svg)


def test_where_gradients_meet_the_sum_is_told_once_all_are_there():
    x = Variable(3, "x")
    steps = steps_of(backward(x * x + x))
    assert "meet" not in steps[4]
    assert steps[5].endswith("\n3 gradients meet at x: 1 + 3 + 3 = 7")


@pytest.mark.parametrize(
    ("build", "forward", "slope"),
    [
        (lambda x: x + 1, "2 + 1 = 3", "× 1 = 1"),
        (lambda x: 5 - x, "5 − 2 = 3", "× −1 = −1"),
        (lambda x: x / 4, "2 ÷ 4 = 0.5", "× 1 ÷ 4 = 0.25"),
        (lambda x: x**3, "2 to the power 3 = 8", "× 3 × 2 to the power (3 − 1) = 12"),
        (lambda x: -x, "−1 × 2 = −2", "× −1 = −1"),
        (lambda x: Exp()(x), "exp(2) = 7.389", "× the output 7.389 = 7.389"),
        (lambda x: Log()(x), "log(2) = 0.6931", "× 1 ÷ 2 = 0.5"),
        (lambda x: Sigmoid()(x), "= 0.8808", "× 0.8808 × (1 − 0.8808) = 0.105"),
        (lambda x: Tanh()(x), "tanh(2) = 0.964", "× (1 − 0.964²) = 0.07065"),
        (lambda x: ReLU()(x), "max(2, 0) = 2", "× the switch 1 = 1"),
        (lambda x: ReLU()(x - 3), "max((−1), 0) = 0", "× the switch 0 = 0"),
        (lambda x: LeakyReLU(0.1)(x - 3), "= −0.1", "× the slope 0.1 = 0.1"),
    ],
    ids=lambda part: part if isinstance(part, str) else "",
)
def test_each_node_puts_its_numbers_into_its_formula(build, forward, slope):
    graph = backward(build(Variable(2, "x")))
    steps = steps_of(graph)
    assert any(sentence.endswith(forward) for sentence in steps)
    assert any(slope in sentence for sentence in steps)


def test_every_layer_of_numbers_has_words_for_each_input():
    for name in PUBLIC["layers"]:
        kind = getattr(layers, name)
        assert issubclass(kind, Elementwise) <= bool(kind.formula), f"{name} needs a formula in words"
        if kind.formula:
            assert len(kind.local_derivatives) == len(argument_names(kind())), name


def test_the_rule_of_every_layer_is_listed_to_be_translated():
    rules = english_texts()
    assert "Natural logarithm log(x): dx = dout / x." in rules
    assert all(rules)
    assert len(rules) > len(PUBLIC["layers"])  # those that they are made of, and the whole net


def test_the_numbers_of_a_sentence_multiply():
    """What stands left and right of the last = is the same number, for a hundred random products."""
    rng = np.random.default_rng(0)
    for a, b, c in rng.normal(size=(100, 3)):
        steps = steps_of(backward(Variable(a, "a") * Variable(b, "b") * Variable(c, "c")))
        for dout, slope, sent in re.findall(r"to \w+: (\S+) × the other input (\S+) = (\S+)", steps[-1]):
            dout, slope, sent = (float(text.strip("()").replace("−", "-")) for text in (dout, slope, sent))
            assert dout * slope == pytest.approx(sent, rel=2e-3, abs=1e-3)


def test_batches_are_told_by_their_shapes():
    affine = Affine.random(4, 3, 0, name="hidden")
    graph = backward(affine(Variable(np.ones((5, 4)), "x")))
    assert "The Affine hidden makes (5, 3) of (5, 4)" in steps_of(graph)
    assert steps_of(graph)[-1].split("\n") == [
        "The Affine hidden gets the gradient (5, 3) from the right and sends to the left:",
        "to x: (5, 4)", "to W: (4, 3)", "to b: [5, 5, 5]",
    ]  # fmt: skip
    assert node_facts(graph.output).name == "Affine hidden"
    assert "x @ W + b" in node_facts(graph.output).rule


def test_small_arrays_are_told_by_their_numbers():
    """The sum of x · w, where w is the row 3, −1."""
    x, w = Variable([[1.0, 2.0], [0.5, 0.0]], "x"), Variable([3.0, -1.0], "w")
    steps = steps_of(backward(Sum()(x * w)))
    assert steps[1:3] == [
        "The × makes [[3, −2], [1.5, 0]] of [[1, 2], [0.5, 0]] and [3, −1]",
        "The Σ computes Σ [[3, −2], [1.5, 0]] = 2.5",
    ]
    assert steps[-1].split("\n")[1:] == ["to x: [[3, −1], [3, −1]]", "to w: [1.5, 2]"]


def test_a_layer_of_the_learner_needs_no_words():
    class Halve(Layer):
        def forward(self, x):
            return self.save_for_backward(x / 2)

        def backward(self, dout):
            (dout,) = self.saved(dout)
            return dout / 2

    graph = backward(Halve()(Variable(4, "x")))
    assert steps_of(graph)[1] == "The Halve makes 2 of 4"
    assert steps_of(graph)[3].endswith(":\nto x: 0.5")


def test_infinite_numbers_are_told_without_a_warning():
    x = Variable(1.0, "x")
    graph = Graph(1 / x - Log()(x))
    graph.forward(x=0)
    graph.backward()
    assert any("∞" in sentence for sentence in steps_of(graph))


def test_the_picture_carries_its_steps():
    """Each number knows when it appears; by the last step, and not before, everything is there."""
    x = Variable(3, "x")
    graph = backward(x * x + x)
    root = parsed(draw(graph).svg)
    script = json.loads(root.find("metadata").text)
    last = len(script["steps"]) - 1
    appear = [int(e.get("data-from")) for e in root.iter() if e.get("data-from")]
    assert max(appear) == last == 5
    assert script["turn"] == 3
    assert set(script["nodes"]) == {"v1", "v2"}
    acting = {e.get("data-node"): e.get("data-at") for e in root.iter() if e.get("data-at") and e.get("data-node")}
    assert acting == {"v1": "1 5", "v2": "2 4"}


def test_names_in_sentences_are_escaped():
    graph = backward(Variable(1, "<script>") * Variable(2, "</metadata>"))
    root = parsed(draw(graph).svg)
    assert "<script>" in json.loads(root.find("metadata").text)["steps"][-1]
