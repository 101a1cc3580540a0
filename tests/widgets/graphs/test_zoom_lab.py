"""The zoom lab: four levels of one net, a mark that stays, and the difference that it claims."""

import re

import numpy as np
import pytest

from nbkit import Affine, MSELoss, ReLU, Sequential, Sigmoid, SigmoidWithLoss, ZoomLab
from nbkit.graphtools.detail import LEVELS, largest_difference


def net(width=2):
    rng = np.random.default_rng(3)
    return Sequential([Affine.random(2, width, rng), Sigmoid(), Affine.random(width, 1, rng)], MSELoss())


@pytest.fixture
def lab():
    return ZoomLab(net(), [[1.0, 2.0]], [[0.0]])


def press(view, item):
    view._handle_custom_msg({"kind": "press", "area": None, "item": item, "x": 1, "y": 1}, [])


def marked_lines(lab):
    return [k for k, row in enumerate(lab.lines.svg.marks.values()) if row.sign == "▶"]


def marked_nodes(lab):
    return sum(mark.data.get("sign") == "chosen" for mark in lab.view.svg.marks.values())


def nodes(lab):
    return lab.view.svg.count('class="op"')


def test_each_level_shows_its_nodes_and_its_lines(lab):
    seen = []
    for name in LEVELS:
        lab.level.value = name
        seen.append((nodes(lab), len(lab.lines.svg.marks)))
        assert f"Nodes: {nodes(lab)}" in lab.status.value
    assert seen == [(1, 1), (4, 4), (13, 13), (23, 13)]


@pytest.mark.parametrize(("size", "words"), [
    (2000.0, "Infinite numbers or NaN at: 3 nodes, 4 numbers."),
    (1e200, "At all four levels numbers are infinite or NaN: there is nothing to compare."),
])  # fmt: skip
def test_where_numbers_are_not_finite_no_difference_is_claimed(size, words):
    last = SigmoidWithLoss() if size < 1e100 else MSELoss()
    lab = ZoomLab(Sequential([Affine([[size], [0.0]], [0.0])], last), [[-1.0, 2.0]], [[1.0]])
    assert words in lab.status.value
    assert ("the loss is 2000." in lab.status.value) == (size < 1e100)
    assert "inf " not in lab.status.value


def test_rounding_is_measured_by_the_size_of_the_numbers():
    lab = ZoomLab(net(), [[1.0, 2.0]], [[1e6]])
    assert lab.difference > 1e-12
    assert "✓ All four levels" in lab.status.value


def test_the_status_says_the_difference_that_there_is(lab):
    assert lab.difference == largest_difference(lab.levels) < 1e-12
    assert "✓ All four levels" in lab.status.value
    lab.difference = 1e-3
    lab.show()
    assert "✗ All four levels" in lab.status.value
    assert "1e−03" in lab.status.value


def test_a_pressed_line_marks_its_nodes_at_every_level(lab):
    press(lab.lines, "0")  # v1 = x @ W1 + b1
    assert marked_lines(lab) == [0]
    assert marked_nodes(lab) == 1
    expected = {"net": ([0], 1), "layers": ([0], 1), "nodes": ([0, 1], 2), "numbers": ([0, 1], 8)}
    for name, (lines, count) in expected.items():
        lab.level.value = name
        assert (marked_lines(lab), marked_nodes(lab)) == (lines, count)
    press(lab.lines, "0")  # at the level of numbers: only the product, four × and two +
    assert (marked_lines(lab), marked_nodes(lab)) == ([0], 6)
    assert "Marked: v1, and 6 of the nodes." in lab.status.value


def test_a_pressed_node_marks_its_line(lab):
    lab.level.value = "numbers"
    graph = lab.shown.graph
    exps = [graph.id(v) for v in graph.variables if v.layer is not None and v.layer.symbol == "exp"]
    press(lab.view, exps[0])
    assert [lab.shown.steps[k].line for k in lab.marked_lines] == ["v4 = np.exp(v3)"]
    assert marked_nodes(lab) == 2
    lab.level.value = "layers"
    assert [lab.shown.steps[k].code for k in lab.marked_lines] == ["1 / (1 + np.exp(-v1))"]
    press(lab.view, graph.id(graph.variables[0]))


def test_the_same_again_takes_the_mark_away(lab):
    press(lab.lines, "1")
    press(lab.lines, "1")
    assert (marked_lines(lab), marked_nodes(lab)) == ([], 0)
    assert "Marked" not in lab.status.value


def test_a_leaf_has_no_line(lab):
    press(lab.lines, "1")
    press(lab.view, lab.shown.graph.id(lab.shown.graph.inputs["x"]))
    assert marked_lines(lab) == []
    assert "no line computes it" in lab.message.value
    press(lab.view, f"{lab.shown.graph.id(lab.shown.steps[0].variable)}.W")
    assert "no line computes it" in lab.message.value
    press(lab.lines, "0")
    assert lab.message.value == ""


def test_every_node_can_be_pressed(lab):
    for name in LEVELS:
        lab.level.value = name
        marks, graph = lab.view.svg.marks, lab.shown.graph
        assert all(marks[graph.id(v)].clickable for v in graph.variables if v.layer is not None)


def test_a_moved_input_moves_all_levels(lab):
    before = {name: level.value for name, level in lab.levels.items()}
    lab.inputs[1].value = -1.5
    assert lab.x.tolist() == [[1.0, -1.5]]
    for name, level in lab.levels.items():
        assert level.value != before[name]
        assert level.value == pytest.approx(lab.net.loss(lab.x, lab.t), rel=1e-13)
    assert lab.difference < 1e-12
    assert "−1.5" in lab.view.svg


def test_sliders_for_the_first_four_numbers_that_reach_them():
    lab = ZoomLab(Sequential([Affine.random(2, 2, 0), ReLU(), Affine.random(2, 1, 1)], MSELoss()),
                  [[1.0, 7.0], [0.5, -2.0], [0.1, 0.2]][:2], [[1.0], [0.0]])  # fmt: skip
    assert [slider.description for slider in lab.inputs] == ["x[0,0]", "x[0,1]", "x[1,0]", "x[1,1]"]
    assert [slider.max for slider in lab.inputs] == [3, 7, 3, 3]
    lab.inputs[3].value = 3.0
    assert lab.x[1, 1] == 3


def test_the_callers_arrays_are_left_alone():
    x = np.array([[1.0, 2.0]])
    lab = ZoomLab(net(), x, [[0.0]])
    lab.inputs[0].value = 0.0
    assert x.tolist() == [[1.0, 2.0]]


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        ((3, [[1.0, 2.0]], [[0.0]]), TypeError, "takes a Sequential"),
        ((net(30), [[1.0, 2.0]], [[0.0]]), ValueError, "has room for 90 numbers and operations"),
        ((net(), [[1.0, np.nan]], [[0.0]]), ValueError, "finite"),
    ],
)
def test_what_it_cannot_show_is_refused(arguments, error, words):
    with pytest.raises(error, match=words):
        ZoomLab(*arguments)


def look(lab):
    """The widths of the picture in pixels, as its style has them, and the natural one."""
    style = re.search(r'^<svg[^>]* style="([^"]+)"', lab.view.svg)[1]
    widths = dict(re.findall(r"(min-width|max-width|width):([\d.]+)", style))
    natural = float(re.search(r'viewBox="\S+ \S+ (\S+)', lab.view.svg)[1])
    return {name: float(width) for name, width in widths.items()} | {"natural": natural}


def test_a_wide_picture_is_scrolled_not_shrunk(lab):
    lab.level.value = "numbers"
    widths = look(lab)
    assert widths["min-width"] > 1200
    assert 11 <= 13 * widths["min-width"] / widths["natural"] < 13  # the size of the letters
    lab.level.value = "net"
    assert look(lab)["min-width"] < 500


def test_a_wide_picture_can_be_fitted_to_the_page(lab):
    lab.level.value = "numbers"
    lab.fit.value = True
    widths = look(lab)
    assert (widths["min-width"], widths["width"]) == (0, 100)  # pixels, percent
    assert widths["max-width"] == pytest.approx(widths["natural"], rel=1e-3)
    lab.fit.value = False
    assert look(lab)["min-width"] > 1200


def test_a_picture_that_nearly_fits_the_page_shrinks_to_it(lab):
    """Cut off would be its last node alone, and nothing says that there is more."""
    widths = look(lab)
    assert widths["min-width"] <= 928 < widths["max-width"]  # what a window of 1,100 pixels leaves for an output
    assert widths["width"] == 100  # percent
    assert 13 * widths["min-width"] / widths["natural"] >= 9  # the size of the letters
    for name in ("net", "nodes", "numbers"):
        lab.level.value = name
        assert "width" not in look(lab)


def test_the_node_that_does_no_sums_is_named(lab):
    lab.level.value = "nodes"
    assert [step.line for step in lab.shown.steps if "target" in str(step.variable.layer).lower()] == ["v9 = t"]
    assert "data only hands on the target" in lab.status.value
    assert ">data</text>" in lab.view.svg
