"""Four levels of one network: the same values and gradients, and lines that belong together."""

import numpy as np
import pytest

from nbkit import (  # isort: skip
    Affine, Graph, LeakyReLU, MSELoss, ReLU, Sequential, Sigmoid, SigmoidWithLoss, SoftmaxWithLoss, Tanh, Variable,
    check_gradients, numerical_gradient, zoom_levels,
)  # fmt: skip
from nbkit.graphtools.detail import LEVELS, Net, largest_difference

X = np.array([[1.0, 2.0], [-0.3, 0.4]])


def network(activation=None, loss=None, width=2, rng=0):
    rng = np.random.default_rng(rng)
    layers = [Affine.random(2, width, rng), activation or Sigmoid(), Affine.random(width, 1, rng)]
    layers[0].params["b"] += 0.1
    return Sequential(layers, loss or MSELoss())


CASES = {
    "sigmoid": (network(), [[1.0], [0.0]]),
    "tanh, three units": (network(Tanh(), width=3), [[1.0], [0.0]]),
    "relu": (network(ReLU(), width=3, rng=1), [[1.0], [0.0]]),
    "leaky": (network(LeakyReLU(0.2)), [[0.5], [2.0]]),
    "yes or no": (network(loss=SigmoidWithLoss()), [[1.0], [0.0]]),
    "softmax": (Sequential([Affine.random(2, 3, 4)], SoftmaxWithLoss()), np.array([2, 0])),
    "no activation": (Sequential([Affine.random(2, 2, 1), Affine.random(2, 1, 2)], MSELoss()), [[1.0], [0.0]]),
}


@pytest.mark.parametrize(("net", "t"), CASES.values(), ids=CASES)
@pytest.mark.parametrize("rows", [1, 2])
def test_values_and_gradients_are_the_same_at_every_level(net, t, rows):
    levels = zoom_levels(net, X[:rows], t[:rows])
    assert tuple(levels) == LEVELS
    assert largest_difference(levels) < 1e-12
    assert len({frozenset(level.gradients) for level in levels.values()}) == 1
    loss = net.loss(X[:rows], t[:rows])
    net.backward()
    assert levels["numbers"].value == pytest.approx(loss, rel=1e-13)
    own = [gradient for _parameter, gradient in net.params_and_grads()]
    names = [name for name in levels["net"].gradients if name != "x"]
    for name, gradient in zip(names, own, strict=True):
        np.testing.assert_allclose(levels["numbers"].gradients[name], gradient, rtol=0, atol=1e-12)
    nudged = numerical_gradient(lambda x: net.loss(x, t[:rows]), X[:rows])
    np.testing.assert_allclose(levels["numbers"].gradients["x"], nudged, atol=1e-8)


def test_a_difference_would_be_found():
    levels = zoom_levels(*CASES["sigmoid"][:1], X, CASES["sigmoid"][1])
    levels["numbers"].gradients["W1"][1, 0] += 1e-6
    assert largest_difference(levels) == pytest.approx(1e-6, rel=1e-3)


def test_nodes_of_a_2_2_1_net_counted_by_hand():
    """Per row: 4 products, 2 sums and 2 biases; 2 × 4 for the sigmoids; 2 products, a sum, a bias; −, square, × ½."""
    levels = zoom_levels(network(), X[:1], [[1.0]])
    counts = [sum(v.layer is not None for v in level.graph.variables) for level in levels.values()]
    assert counts == [1, 4, 13, 8 + 8 + 4 + 3]
    assert [len(level.steps) for level in levels.values()] == [1, 4, 13, 13]


def test_lines_say_what_is_computed():
    levels = zoom_levels(network(), X, [[1.0], [0.0]])
    assert [step.line for step in levels["net"].steps] == ["loss = net(x, t)"]
    assert [step.line for step in levels["layers"].steps] == [
        "v1 = x @ W1 + b1", "v2 = 1 / (1 + np.exp(-v1))", "v3 = v2 @ W2 + b2", "loss = np.sum((v3 - t) ** 2) / 4",
    ]  # fmt: skip
    assert [step.line for step in levels["nodes"].steps] == [step.line for step in levels["numbers"].steps]


@pytest.mark.parametrize(("net", "t"), CASES.values(), ids=CASES)
def test_every_node_has_a_line_and_every_line_a_node(net, t):
    for level in zoom_levels(net, X, t).values():
        assert all(level.nodes)
        made = {v for v in level.graph.variables if v.layer is not None}
        assert made <= {v for nodes in level.nodes for v in nodes}
        for v in made:
            assert v in level.nodes[level.line_of(v)]
        assert level.line_of(level.graph.inputs["x[0,0]" if level.name == "numbers" else "x"]) is None


def test_the_covers_of_each_level_share_out_all_lines():
    levels = zoom_levels(network(), X, [[1.0], [0.0]])
    for level in levels.values():
        assert sorted(k for cover in level.covers for k in cover) == list(range(13))
    assert [sorted(cover) for cover in levels["layers"].covers] == [[0, 1], [2, 3, 4, 5], [6, 7], [8, 9, 10, 11, 12]]


def test_a_net_is_a_layer_like_any_other():
    net = Net(network())
    assert list(net.params) == ["W1", "b1", "W2", "b2"]
    graph = Graph(net(Variable(X, "x"), Variable([[1.0], [0.0]], "t")))
    check_gradients(graph)
    opened, _origins = graph.opened([graph.output])
    assert opened.output.value == pytest.approx(float(graph.output.value), rel=1e-14)


def test_bad_networks_are_refused():
    with pytest.raises(TypeError, match="takes a Sequential, got 3"):
        zoom_levels(3, X, [[1.0], [0.0]])
    with pytest.raises(RuntimeError, match="no loss"):
        zoom_levels(Sequential([Affine.random(2, 1, 0)]), X, [[1.0], [0.0]])
    with pytest.raises(ValueError, match="same shape"):
        zoom_levels(network(), X, [1.0, 0.0])
