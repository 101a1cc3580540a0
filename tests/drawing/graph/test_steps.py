"""The steps of a graph: each has its sentence, and the numbers in it are those of the graph."""

import json
import re

import numpy as np
import pytest

from nbkit import PUBLIC, Affine, Exp, Graph, Layer, LeakyReLU, Log, ReLU, Sigmoid, Tanh, Variable, draw, layers
from nbkit.drawing.graph.steps import argument_names, node_facts, schedule_of, sentences
from nbkit.layer import Elementwise
from tests.drawing.graph.graphs import backward, shop
from tests.drawing.parsed import parsed


def steps_of(graph):
    return sentences(graph, schedule_of(graph))


def test_the_apple_bill_is_told_step_by_step():
    steps = steps_of(backward(shop()))
    assert steps[1:3] == ["×: 100 × 2 = 200", "×: 200 × 1.1 = 220"]
    assert "is 1" in steps[3]
    assert "gradient 1.1 from the right × the other input 2 = 2.2 to apple" in steps[5]
    assert "gradient 1.1 from the right × the other input 100 = 110 to count" in steps[5]
    assert len(steps) == 6


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
    assert steps_of(graph)[-2:] == ["L: gradient 0.07201 from the right → nothing to the left",
                                "tanh: no gradient comes from the right"]  # fmt: skip
    parsed(draw(graph).svg)


def test_where_gradients_meet_the_sum_is_told_once_all_are_there():
    x = Variable(3, "x")
    steps = steps_of(backward(x * x + x))
    assert "meet" not in steps[4]
    assert "3 gradients meet at x, their sum is 7" in steps[5]


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


def test_the_numbers_of_a_sentence_multiply():
    """What stands left and right of the last = is the same number, for a hundred random products."""
    rng = np.random.default_rng(0)
    for a, b, c in rng.normal(size=(100, 3)):
        steps = steps_of(backward(Variable(a, "a") * Variable(b, "b") * Variable(c, "c")))
        for dout, slope, sent in re.findall(
            r"gradient (\S+) from the right × the other input (\S+) = ([^ ;]+)", steps[-1]
        ):
            dout, slope, sent = (float(text.strip("()").replace("−", "-")) for text in (dout, slope, sent))
            assert dout * slope == pytest.approx(sent, rel=2e-3, abs=1e-3)


def test_batches_are_told_by_their_shapes():
    affine = Affine.random(4, 3, 0, name="hidden")
    graph = backward(affine(Variable(np.ones((5, 4)), "x")))
    assert "Affine hidden: (5, 4) → (5, 3)" in steps_of(graph)
    assert any("(5, 3) from the right → (5, 4) to the left" in sentence for sentence in steps_of(graph))
    assert node_facts(graph.output)[0] == "Affine hidden"
    assert "x @ W + b" in node_facts(graph.output)[1]


def test_a_layer_of_the_learner_needs_no_words():
    class Halve(Layer):
        def forward(self, x):
            return self.save_for_backward(x / 2)

        def backward(self, dout):
            (dout,) = self.saved(dout)
            return dout / 2

    graph = backward(Halve()(Variable(4, "x")))
    assert steps_of(graph)[1] == "Halve: 4 → 2"
    assert "gradient 1 from the right → 0.5 to the left" in steps_of(graph)[3]


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
    assert set(script["nodes"]) == {"v1", "v2"}
    acting = {e.get("data-node"): e.get("data-at") for e in root.iter() if e.get("data-at") and e.get("data-node")}
    assert acting == {"v1": "1 5", "v2": "2 4"}


def test_names_in_sentences_are_escaped():
    graph = backward(Variable(1, "<script>") * Variable(2, "</metadata>"))
    root = parsed(draw(graph).svg)
    assert "<script>" in json.loads(root.find("metadata").text)["steps"][-1]
