"""What the bug hunt says of errors and trainings."""

from types import SimpleNamespace

import numpy as np
import pytest

from nbkit import Affine, Graph, Variable
from nbkit.widgets.bughunt.report import curves, log_of, paragraph, reading
from tests.drawing.parsed import points


@pytest.mark.parametrize(
    ("losses", "words"),
    [
        ([np.nan], "The first loss is no number."),
        ([1.0, np.nan], "The training broke off after its first step."),
        ([1.0, 2.0, np.inf, np.nan], "The training broke off after 2 steps."),
        ([1.0] * 5, "The same curve as with right layers, number for number; it ends at 1."),
        ([2.0] * 5, "Loss after 5 steps: 2; with right layers 1."),
    ],
)
def test_a_training_is_drawn_as_far_as_it_went(losses, words):
    picture = curves(np.ones(5), np.array(losses))
    assert picture.words == words
    finite = int(np.isfinite(losses).sum())
    assert [len(line) for line in points(picture, "now")] == ([finite] if finite else [])


def error(backward, numeric, argument="x", index=(1, 0)):
    return SimpleNamespace(backward=backward, numeric=numeric, argument=argument, index=index)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (error(3.0, 2.0), "backward ÷ central differences = 1.5; there x[1, 0] = 7"),
        (error(3.0, 2.0, "W", (0, 0)), "backward ÷ central differences = 1.5; there W[0, 0] = 5"),
        (error(3.0, 2.0, "dout", (0,)), "backward ÷ central differences = 1.5"),
        (error(3.0, 0.0), "the truth is 0: nothing goes back there; there x[1, 0] = 7"),
        (error(3.0, 0.0, "dout", (0,)), "the truth is 0: nothing goes back there"),
        (error(None, None, index=None), ""),
    ],
)
def test_an_error_is_read_as_a_ratio_and_a_number(wrong, words):
    graph = Graph(Affine([[5.0]], [0.0])(Variable([[4.0], [7.0]], "input")))
    assert reading(graph, graph.output, wrong) == words


def test_an_error_of_the_whole_graph_names_an_input():
    graph = Graph(Variable(4.0, "apple") * 2)
    wrong = error(3.0, 2.0, "apple", ())
    assert reading(graph, None, wrong) == "backward ÷ central differences = 1.5; there apple = 4"


def test_text_is_escaped_and_a_log_counts_its_lines():
    assert "&lt;b&gt;" in paragraph("<b>", sign="✓", bold=True, code="<b>")
    assert "<b>:" not in log_of([(True, "<b>:"), (None, "shown")])
    assert log_of([(True, "<b>:"), (None, "shown")]).count("<li>") == 2
    assert "nothing tried" in log_of([])
