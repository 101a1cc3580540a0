"""The cost counter: its counts are those of calls that really happen, and agree with counting on paper."""

import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from nbkit import CostCounter, Graph, Mul, Sum, Tanh, Variable
from nbkit.widgets.graphs.cost_counter import CountedGraph
from tests.pictures import still_of


def weighted_sum(n):
    total = Variable(1, "w1") * 1.5
    for i in range(2, n + 1):
        total = total + Variable(i, f"w{i}") * (i + 0.5)
    return total


def deep(n):
    """n inputs, one call of Tanh more than `weighted_sum`."""
    return Tanh()(weighted_sum(n) * 0.01)


@pytest.mark.parametrize(("build", "calls"), [(weighted_sum, lambda n: 2 * n - 1), (deep, lambda n: 2 * n + 1)])
@pytest.mark.parametrize("n", [1, 2, 7])
def test_counts_are_passes_times_nodes(build, calls, n):
    """On paper: 2n passes on both sides, n + 1 on one, n in forward mode, 1 + 1 in reverse; 2n - 1 nodes per pass."""
    costs = CostCounter(build, largest=8, n=n).costs
    assert (costs["two"].passes_forward, costs["two"].calls) == (2 * n, 2 * n * calls(n))
    assert (costs["one"].passes_forward, costs["one"].calls) == (n + 1, (n + 1) * calls(n))
    ahead = costs["forward"]
    assert (ahead.passes_forward, ahead.passes_backward) == (n, 0)
    assert (ahead.calls_forward, ahead.calls_backward) == (n * calls(n), n * calls(n))  # a value and its slope
    back = costs["backward"]
    assert (back.passes_forward, back.passes_backward) == (1, 1)
    assert (back.calls_forward, back.calls_backward) == (calls(n), calls(n))


def test_calls_are_counted_and_not_computed():
    """Walks that no button of the widget makes are counted as well."""
    counted = CountedGraph(Graph(weighted_sum(3)))
    for _ in range(4):
        counted.graph.forward()
    counted.graph.backward()
    assert counted.calls == {"forward": 4 * 5, "backward": 5}
    assert counted.passes == {"forward": 0, "backward": 0}


def test_all_four_ways_find_the_same_gradients():
    counter = CostCounter(deep, largest=6, n=6)
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


def test_forward_mode_is_exact_where_nudges_are_not():
    """tanh' is 1 - tanh²: forward mode agrees to the last digits, nudging only to some."""
    costs = CostCounter(deep, largest=4, n=4).costs
    weights = np.arange(1, 5)
    factors = weights + 0.5
    true = 0.01 * factors * (1 - np.tanh(0.01 * (weights * factors).sum()) ** 2)
    np.testing.assert_allclose(costs["forward"].gradient, true, rtol=1e-13)
    assert np.abs(costs["one"].gradient - true).max() > 1e-12


def test_only_the_own_graph_is_counted():
    mul = Mul()
    counted = CountedGraph(Graph(mul(Variable(2, "a"), Variable(3, "b"))))
    mul(4, 5)
    assert counted.calls == {"forward": 0, "backward": 0}


def test_a_moved_slider_moves_the_counts():
    counter = CostCounter(weighted_sum, largest=20, n=10)

    def shown():
        return {way: int(calls) for way, calls in re.findall(r'data-calls="(\w+)"[^>]*>(\d+)<', counter.view.svg)}

    assert shown() == {"two": 380, "one": 209, "forward": 380, "backward": 38}
    counter.n.value = 20
    assert shown() == {"two": 1560, "one": 819, "forward": 1560, "backward": 78}
    words = "20 inputs: 1560 calls by nudging both sides, 819 by nudging one side, 1560 in forward mode, 78 in reverse"
    assert words in counter.status.value
    assert "Both sides cost 20 times as much" in counter.status.value
    assert {10, 20} <= set(counter.curves)


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


@pytest.mark.parametrize(("largest", "n"), [(5, 6), (5, 0), (1, 1)])
def test_n_must_fit_the_slider(largest, n):
    with pytest.raises(ValueError, match="between 1 and largest"):
        CostCounter(weighted_sum, largest=largest, n=n)


def test_both_axes_of_the_curves_say_what_they_count():
    counter = CostCounter(weighted_sum, largest=20, n=10)
    axes = re.findall(r'<text class="axis"[^>]*>([^<]+)<', counter.view.svg)
    assert axes == ["calls of layers to find all gradients, n = 10", "number of inputs n", "calls of layers"]


def test_an_error_in_a_callback_is_shown():
    counter = CostCounter(weighted_sum, largest=5, n=2)
    counter.curves.pop(3)
    counter.build = lambda n: 1 / 0
    counter.n.value = 3
    assert "ZeroDivisionError" in counter.message.value


def test_it_leaves_a_picture_for_a_page_without_a_kernel():
    counter = CostCounter(weighted_sum, largest=5, n=3)
    ET.fromstring(counter.view.svg)
    still_of(counter)
