"""The trace lab: what is typed becomes a graph and a tape, in step with each other; a bad formula changes nothing."""

import re

import numpy as np
import pytest

from nbkit import TraceLab


def played(*arguments):
    """A lab that has played to its end."""
    lab = TraceLab(*arguments)
    lab.view.step = -1
    return lab


def rows(lab):
    """The tape as it is shown: (sign, code, value, gradient) of each line."""
    marks = lab.lines.svg.marks
    return [(mark.sign, mark.code, *(text for text, _kind in mark.cells)) for mark in marks.values()]


def press(lab, line, kind="press"):
    item = None if line is None else str(line)
    lab.lines._handle_custom_msg({"kind": kind, "area": None, "item": item, "x": 1, "y": 1}, [])


def test_the_formula_of_the_beginning():
    lab = played()
    assert rows(lab) == [
        ("◀", "v1 = x * y", "6", "1"),
        ("", "v2 = np.tanh(x)", "0.964", "1"),
        ("", "v3 = v1 + v2", "6.964", "1"),
    ]
    assert lab.graph.inputs["x"].grad == pytest.approx(3 + 1 - np.tanh(2) ** 2)
    assert "3 operations" in lab.status.value


def test_it_opens_at_the_start_and_who_has_seen_the_end_gets_the_end_of_a_new_formula():
    lab = TraceLab()
    assert [row[2:] for row in rows(lab)] == [("·", "·")] * 3
    assert ">6<" not in lab.snapshot()
    lab.view.step = 4
    lab.formula.value = "x - y"
    assert lab.view.step == 0
    lab.view.step = -1
    lab.formula.value = "x + y"
    assert rows(lab)[0][2] == "5"
    assert ">5<" in lab.snapshot()


def test_a_new_formula_takes_the_values_of_the_sliders():
    lab = played()
    lab.inputs["y"].value = 5.0
    lab.formula.value = "y * y - x"
    assert [row[1:3] for row in rows(lab)] == [("v1 = y * y", "25"), ("v2 = v1 - x", "23")]
    assert lab.graph.inputs["y"].grad == 10
    lab.inputs["x"].value = 1.0
    assert rows(lab)[-1][2] == "24"
    assert ">24<" in lab.view.svg


def test_an_input_that_is_not_in_the_formula_still_moves():
    lab = played("x * x")
    assert "Not in x * x: y." in lab.status.value
    lab.inputs["y"].value = 1.5
    assert lab.message.value == ""
    lab.formula.value = "x * y"
    assert rows(lab)[0][2] == "3"


@pytest.mark.parametrize(
    ("formula", "column", "words"),
    [
        ("x * foo(y)", 5, "no function called foo"),
        ("x * (3 +", 5, "missing or wrong"),
        ("<b> * x", 1, ""),
        ("", 1, "yet"),
    ],
)
def test_a_bad_formula_is_pointed_at_and_changes_nothing(formula, column, words):
    lab = played()
    before, good = (lab.view.svg, lab.lines.svg, lab.graph), lab.formula.value
    lab.formula.value = formula
    assert (lab.view.svg, lab.lines.svg, lab.graph) == before
    assert words in lab.status.value
    assert f"column {column}" in lab.status.value
    assert f"The picture is still that of {good}." in lab.status.value
    text, mark = re.search(r"<pre[^>]*>(.*)\n(.*)</pre>", lab.status.value).groups()
    assert mark == " " * (column - 1) + "^"
    assert "<b>" not in text
    assert lab.message.value == ""
    lab.inputs["x"].value = 3.0  # the last good one goes on
    assert rows(lab)[0][2] == "9"
    assert words in lab.status.value
    lab.formula.value = "x"
    assert "Nothing was recorded" in lab.status.value


@pytest.mark.parametrize(
    ("formula", "words"),
    [
        ("x × y", "1 operation was recorded."),
        ("x² + y²", "3 operations were recorded."),
        ("0.1 + 0.2 + x * y", "2 operations were recorded. One more, on numbers alone, was worked out at once."),
        ("2 * 3 * 4 * x * y", "2 operations were recorded. 2 more, on numbers alone, were worked out at once."),
    ],
)
def test_it_says_how_many_operations_were_recorded_and_how_many_were_not(formula, words):
    lab = played()
    lab.formula.value = formula
    assert lab.status.value == f"<span>{words}</span>"


def test_what_backward_sends_where_there_is_no_result_is_called_no_gradient():
    lab = played("log(-x) + y")
    assert "The log makes NaN of −2" in lab.status.value
    assert "nothing that backward sends is a gradient" in lab.status.value
    lab.formula.value = "(x - 2) ** 0.5 + y"
    assert "∞" in lab.status.value
    assert "nothing that" not in lab.status.value  # the value is finite, one gradient is not
    lab.inputs["x"].value = 3.0
    assert lab.status.value == "<span>3 operations were recorded.</span>"


def test_the_step_of_the_picture_marks_its_line():
    lab = played()
    signs = []
    for step in range(8):
        lab.view.step = step
        signs.append("".join(row[0] or "." for row in rows(lab)))
    #                 inputs  v1     v2     v3     turn   v3 back, v2, v1
    assert signs == ["...", "▶..", ".▶.", "..▶", "...", "..◀", ".◀.", "◀.."]


def test_numbers_appear_when_the_picture_has_come_so_far():
    lab = played()
    lab.view.step = 2
    assert [row[2:] for row in rows(lab)] == [("6", "·"), ("0.964", "·"), ("·", "·")]
    lab.view.step = 5
    assert [row[3] for row in rows(lab)] == ["·", "·", "1"]
    lab.view.step = -1
    assert [row[3] for row in rows(lab)] == ["1", "1", "1"]


def test_a_pressed_line_takes_the_picture_to_its_step():
    lab = played()
    press(lab, 1)
    assert lab.view.step == 2
    assert [row[0] for row in rows(lab)] == ["", "▶", ""]
    press(lab, 0, kind="drop")
    press(lab, None)
    assert lab.view.step == 2


def test_a_layer_opens_and_closes_on_the_tape_too():
    lab = played("sigmoid(x * y)")
    node = lab.graph.id(lab.steps[1].variable)
    assert lab.view.expandable == {node: "closed"}
    lab.view._handle_custom_msg({"kind": "open", "node": node}, [])
    assert [step.line for step in lab.steps] == [
        "v1 = x * y", "v2 = -v1", "v3 = np.exp(v2)", "v4 = 1 + v3", "v5 = 1 / v4",
    ]  # fmt: skip
    assert lab.graph.output.value == pytest.approx(1 / (1 + np.exp(-6.0)))
    lab.inputs["x"].value = 0.0
    assert rows(lab)[-1][2] == "0.5"
    lab.view._handle_custom_msg({"kind": "close", "node": lab.graph.id(lab.steps[-1].variable)}, [])
    assert [step.line for step in lab.steps] == ["v1 = x * y", "v2 = 1 / (1 + np.exp(-v1))"]
    assert rows(lab)[-1][2] == "0.5"


def test_arrays_have_no_slider():
    lab = played("sum(x @ W) * s", {"x": [[1.0, 2.0]], "W": [[1.0], [3.0]], "s": 2.0})
    assert list(lab.inputs) == ["s"]
    assert [row[2] for row in rows(lab)] == ["(1, 1)", "7", "14"]
    lab.inputs["s"].value = 3.0
    assert rows(lab)[-1][2] == "21"


def test_what_is_infinite_is_shown():
    lab = played("1 / x + log(y)", {"x": 1.0, "y": 1.0}, {"x": (-1, 1, 0.5), "y": (-1, 1, 0.5)})
    lab.inputs["x"].value = 0.0
    assert "∞" in lab.lines.svg
    lab.inputs["y"].value = -1.0
    assert "NaN" in lab.lines.svg
    assert lab.message.value == ""


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("x", {"exp": 1.0}), "no function"),
        (("x", {"x": 1.0}, {"y": (0, 1, 0.1)}), "ranges names y"),
        (("sum(x)", {"x": [1.0]}, {"x": (0, 1, 0.1)}), "ranges names x, but no input is a number"),
    ],
)
def test_bad_arguments_are_refused(arguments, words):
    with pytest.raises(ValueError, match=words):
        played(*arguments)
