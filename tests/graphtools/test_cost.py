"""Levels and memory of graphs small enough to count by hand."""

from threading import Thread

import numpy as np
import pytest

from nbkit import (  # isort: skip
    Add, Affine, Exp, Graph, ReLU, Sequential, SoftmaxWithLoss, Tanh, Variable, count_calls, saved_bytes, schedule,
)  # fmt: skip
from nbkit.graphtools.cost import gradient_costs


def test_branches_share_a_level():
    a, b, c, d = (Variable(k + 1.0, name) for k, name in enumerate("abcd"))
    left, right = a * b, c * d
    total = left + right
    result = total * a
    assert schedule(Graph(result)) == [[left, right], [total], [result]]


def test_a_chain_has_one_operation_per_level():
    x = Variable(1.0, "x")
    y = x
    for _ in range(2000):
        y = y + 1
    assert [len(level) for level in schedule(Graph(y))] == [1] * 2000


def test_a_net_keeps_what_its_layers_remember():
    n, d, k = 5, 3, 4
    x = Variable(np.ones((n, d)), "x")
    hidden, tanh = Affine(np.ones((d, k)), np.zeros(k)), Tanh()
    graph = Graph(tanh(hidden(x)))
    kept = [bytes_ for v, bytes_ in saved_bytes(graph).items()]
    assert kept == [0, n * k * 8]  # the affine keeps x, which is there anyway; the tanh its output


def test_an_array_that_two_layers_keep_counts_once():
    x = Variable(np.zeros(10), "x")
    e = Exp()(x)  # keeps its output e
    graph = Graph(e * e)  # keeps both factors, which are e
    assert list(saved_bytes(graph).values()) == [80, 0]


def test_a_sum_keeps_nothing_and_a_relu_its_mask():
    x = Variable(np.zeros((4, 2)), "x")
    added = Add()(x, 1.0)
    rectified = ReLU()(added)
    kept = saved_bytes(Graph(rectified))
    assert kept[added] == 0
    assert 0 < kept[rectified] <= 8 * 8


def test_it_grows_with_the_batch_and_not_with_the_weights():
    def total(n, width):
        rng = np.random.default_rng(0)
        net = Sequential([Affine.random(4, width, rng), ReLU(), Affine.random(width, 3, rng)], SoftmaxWithLoss())
        return sum(saved_bytes(Graph(net(Variable(np.ones((n, 4)), "x"), np.zeros(n, dtype=int)))).values())

    assert 9 < total(100, 50) / total(10, 50) < 11


def test_every_run_of_a_layer_is_counted_both_ways():
    x = Variable(2.0, "x")
    with count_calls() as calls:
        graph = Graph(x * x + x)
        assert calls == {"forward": 2, "backward": 0}
        graph.backward()
        graph.forward(x=3.0)
    assert calls == {"forward": 4, "backward": 2}
    graph.forward(x=1.0)
    assert calls["forward"] == 4  # outside of the block nothing is counted


def test_layers_of_arrays_and_losses_count_once():
    net = Sequential([Affine.random(3, 2, 0), Tanh()], SoftmaxWithLoss())
    with count_calls() as calls:
        net.loss(np.ones((4, 3)), np.zeros(4, dtype=int))
        net.backward()
    assert calls == {"forward": 3, "backward": 3}


def test_an_error_inside_ends_the_counting_too():
    def fail():
        with count_calls():
            raise RuntimeError("inside")

    before = Add.save_for_backward
    with pytest.raises(RuntimeError, match="inside"):
        fail()
    assert Add.save_for_backward is before


def test_what_another_thread_computes_is_not_counted():
    with count_calls() as calls:
        other = Thread(target=lambda: Add()(1.0, 2.0))
        other.start()
        other.join()
        Add()(1.0, 2.0)
    assert calls == {"forward": 1, "backward": 0}


@pytest.mark.parametrize("n", [1, 2, 7])
def test_the_costs_of_gradients_are_passes_times_nodes(n):
    """On paper: 2n passes on both sides, n + 1 on one, n in forward mode, 1 + 1 in reverse; 2n + 1 nodes per pass."""
    total = Variable(1, "w1") * 1.5
    for w in range(2, n + 1):
        total = total + Variable(w, f"w{w}") * (w + 0.5)
    graph = Graph(Tanh()(total * 0.01))
    nodes = 2 * n + 1
    costs = gradient_costs(graph)
    passes = {way: (cost.passes_forward, cost.passes_backward) for way, cost in costs.items()}
    assert passes == {"two": (2 * n, 0), "one": (n + 1, 0), "forward": (n, 0), "backward": (1, 1)}
    calls = {way: (cost.calls_forward // nodes, cost.calls_backward // nodes) for way, cost in costs.items()}
    assert calls == passes | {"forward": (n, n)}  # a value and its derivative
    assert costs["forward"].calls == 2 * n * nodes

    w = np.array([float(name[1:]) for name in graph.inputs])
    true = 0.01 * (w + 0.5) * (1 - np.tanh(0.01 * (w * (w + 0.5)).sum()) ** 2)
    for way, exact in {"two": 1e-7, "one": 1e-4, "forward": 1e-13, "backward": 1e-13}.items():
        np.testing.assert_allclose(costs[way].gradient, true, rtol=exact)
