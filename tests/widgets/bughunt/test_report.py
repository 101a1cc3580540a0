"""What the bug hunt says of errors and trainings."""

from types import SimpleNamespace

import numpy as np
import pytest

from nbkit import Affine, Graph, Variable
from nbkit.widgets.bughunt.report import CHART_BOX, curves, log_of, origin, paragraph, reading, verdict
from tests.drawing.parsed import points, texts


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
    picture = curves(np.ones(5), 3 * np.ones(5), np.array(losses))
    assert picture.words == words
    finite = int(np.isfinite(losses).sum())
    assert [len(line) for line in points(picture, "now")] == ([finite] if finite else [])


def test_the_code_with_the_bug_is_drawn_once_and_trouble_is_told():
    right, bug = np.ones(5), 3 * np.ones(5)
    picture = curves(right, bug)
    assert picture.words == "Loss after 5 steps: 3; with right layers 1."
    assert [len(points(picture, kind)) for kind in ("then", "was", "now")] == [1, 0, 1]
    assert curves(right, bug, np.empty(0), "Training stops: x").words == "Training stops: x"


def test_a_curve_of_other_code_is_no_solid_line():
    right, bug = np.ones(5), 3 * np.ones(5)
    for yours, kinds in ((None, [1, 1, 0]), (2 * right, [2, 1, 0])):
        picture = curves(right, bug, yours, stale=True)
        assert [len(points(picture, kind)) for kind in ("then", "was", "now")] == kinds
        assert "changed the code" in picture.words


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
    assert "check of all nodes" in log_of([])


def test_an_error_has_minus_signs_and_names_keep_their_hyphens():
    words = "'-my-layer': backward says -8.6e-05, got -inf"
    assert verdict(words) == "'-my-layer': backward says −8.6e−05, got −inf"


def test_where_the_numbers_of_an_error_come_from():
    one, many, none = (SimpleNamespace(dout=dout) for dout in (0.125, np.ones(3), None))
    assert "a gradient of 0.125 from the right, drawn at random" in origin([one])
    for errors in ([many], [one, many], [one, one]):
        assert "gradients from the right that are drawn at random" in origin(errors)
    assert origin([none]) == origin([]) == ""


def test_small_losses_are_told_apart_on_an_axis_of_powers():
    """0.01 lies halfway between 1 and 0.0001, the lowest; what is below that stands at the bottom."""
    steps = np.ones(5)
    picture = curves(1e-9 * steps, 0.01 * steps, steps)
    _left, top, _width, height = CHART_BOX
    levels = [line[0][1] for kind in ("now", "was", "then") for line in points(picture, kind)]
    assert levels == pytest.approx([top, top + height / 2, top + height])
    assert picture.words == "Loss after 5 steps: 1; with right layers less than 0.0001."
    assert {"≤ 10⁻⁴", "0.001", "0.01", "0.1", "1"} <= {*texts(picture)}
