"""The cost counter: its counts are those of calls that really happen, and equal those worked out by hand."""

import re

import numpy as np
import pytest

from nbkit import CostCounter, Mul, Sum, Tanh, Variable


def weighted_sum(n):
    total = Variable(1, "w1") * 1.5
    for i in range(2, n + 1):
        total = total + Variable(i, f"w{i}") * (i + 0.5)
    return total


def test_all_four_ways_find_the_same_gradients():
    counter = CostCounter(lambda n: Tanh()(weighted_sum(n) * 0.01), largest=6, n=6)
    assert counter.agree
    for cost in counter.costs.values():
        np.testing.assert_allclose(cost.gradient, counter.costs["backward"].gradient, rtol=1e-4)
    assert "All four found the same" in counter.status.value


def test_a_gradient_that_is_wrong_is_told():
    class Wrong(Mul):
        def backward(self, dout):
            return tuple(2 * dx for dx in super().backward(dout))

    counter = CostCounter(lambda n: Wrong()(weighted_sum(n), 2.0), largest=3, n=2)
    assert not counter.agree
    assert "different gradients" in counter.status.value


def test_a_moved_slider_moves_the_counts():
    counter = CostCounter(weighted_sum, largest=20, n=10)

    def shown():
        marks = counter.view.svg.marks
        return {way: marks[way].calls for way in ("two", "one", "forward", "backward")}

    assert shown() == {"two": 380, "one": 209, "forward": 380, "backward": 38}
    counter.n.value = 20
    assert shown() == {"two": 1560, "one": 819, "forward": 1560, "backward": 78}
    words = "n = 20: 1560 calls by nudging both sides, 819 by nudging one side, 1560 in forward mode, 78 in reverse"
    assert words in counter.status.value
    assert "Both sides cost 20 times as much" in counter.status.value
    assert {10, 20} <= set(counter.curves)


def test_bars_and_curves_are_the_counts_and_the_words_say_how_they_come_about():
    """2n − 1 nodes: 2n passes on both sides, n + 1 on one, n in forward mode, 1 + 1 in reverse mode."""
    counter = CostCounter(weighted_sum, largest=8, n=3)
    marks = counter.view.svg.marks
    assert {way: marks[way].passes for way in ("two", "one", "forward", "backward")} == {
        "two": "passes forward: 6",
        "one": "passes forward: 4",
        "forward": "passes forward: 3; calls: values 15 + slopes 15",
        "backward": "1 pass forward + 1 backward: calls 5 + 5",
    }
    n = np.array(marks["two against n"].x)
    assert {1, 3, 8} <= {*n}
    for way, calls in {"two": 2 * n * (2 * n - 1), "one": (n + 1) * (2 * n - 1), "backward": 2 * (2 * n - 1)}.items():
        assert marks[f"{way} against n"].y == calls.tolist()
    widths = [float(width) for width in re.findall(r'<rect[^>]* width="([\d.]+)"', marks["backward"] + marks["two"])]
    assert widths == pytest.approx([38.33, 38.33, 230, 0], abs=0.1)  # 300 pixels, but 70 for the number


@pytest.mark.parametrize(
    ("build", "error", "rule"),
    [
        (7, TypeError, "must be a function"),
        (lambda n: n, TypeError, "must return a Variable"),
        (lambda n: weighted_sum(n + 1), ValueError, "1 named numbers to one number, got inputs w1, w2"),
        (lambda n: Variable(np.ones(n), "w") * 2, ValueError, "one number"),
        (lambda n: Sum()(Variable(1, "w") * np.ones(2)), ValueError, "must make a graph"),
    ],
)
def test_a_graph_that_cannot_be_counted_is_refused(build, error, rule):
    with pytest.raises(error, match=rule):
        CostCounter(build)


@pytest.mark.parametrize(
    ("largest", "n", "rule"), [(5, 6, "n must be a whole number from 1 to 5"), (5, 0, "n must"), (1, 1, "largest must")]
)
def test_n_must_fit_the_slider(largest, n, rule):
    with pytest.raises(ValueError, match=rule):
        CostCounter(weighted_sum, largest=largest, n=n)


def test_bars_and_lines_are_blue_forward_and_orange_backward():
    marks = CostCounter(weighted_sum, largest=8, n=3).view.svg.marks

    def roles(key):
        return re.findall(r"(?:fill|stroke):var\(--nbkit-(value|gradient)", marks[key])

    assert {way: roles(way) for way in ("forward", "backward")} == {
        "forward": ["value", "value"],  # slopes of forward mode are found on the way forward
        "backward": ["value", "gradient"],
    }
    lines = {way: roles(f"{way} against n") for way in ("two", "one", "forward", "backward")}
    assert lines == {"two": ["value"], "one": ["value"], "forward": ["value"], "backward": ["gradient"]}
    assert len({re.search(r'stroke-dasharray="[^"]+"|$', marks[f"{way} against n"])[0] for way in lines}) == 4


def test_a_legend_says_what_the_fillings_are():
    svg = CostCounter(weighted_sum, largest=8, n=3).view.svg
    ticks = re.findall(r'<text class="tick"[^>]*>([^<\d]+)<', svg)
    assert ticks == [
        "forward pass", "slopes of forward mode", "backward pass", "both sides", "one side", "forward mode",
        "reverse mode",
    ]  # fmt: skip


def test_the_line_of_forward_mode_is_a_band_on_which_the_dashes_of_both_sides_lie():
    svg = CostCounter(weighted_sum, largest=8, n=3).view.svg
    marks = svg.marks
    assert marks["forward against n"].y == marks["two against n"].y
    widths = [float(re.search(r"stroke-width:([\d.]+)", marks[f"{way} against n"])[1]) for way in ("forward", "two")]
    assert widths[0] > 3 * widths[1]
    assert svg.index(marks["forward against n"]) < svg.index(marks["two against n"])


def test_one_input_is_told_in_words_that_are_right_for_one():
    """w1·1.5 is one call forward and one backward; both sides take two."""
    words = CostCounter(weighted_sum, largest=8, n=1).status.value
    assert "Both sides cost as much as reverse mode." in words
    assert "1 inputs" not in words


def test_both_axes_of_the_curves_say_what_they_count():
    counter = CostCounter(weighted_sum, largest=20, n=10)
    axes = re.findall(r'<text class="axis"[^>]*>([^<]+)<', counter.view.svg)
    assert axes == ["calls of layers to find all gradients, n = 10", "number of inputs n", "calls of layers"]
