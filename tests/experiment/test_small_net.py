"""Small nets, and descent on them that knows when to stop."""

from itertools import pairwise

import numpy as np
import pytest

from nbkit import SGD, Affine, MSELoss, ReLU, Sequential, SigmoidWithLoss, SoftmaxWithLoss, datasets
from nbkit.experiment.small_net import DONE_LOSS, STUCK_GRADIENT, Descent, checked_data, checked_net, xor_net

X = np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]])
T = np.array([[0.0], [1], [1], [0]])


def test_a_xor_net_is_drawn_weights_before_biases_and_takes_any_two_classes():
    class Mine(Affine):
        pass

    net = xor_net(Mine, ReLU, 3, 0.1)
    rng = np.random.default_rng(3)
    drawn = [rng.normal(0, 0.1, shape) for shape in ((2, 3), 3, (3, 1), 1)]
    for param, expected in zip(net.parameters().values(), drawn, strict=True):
        np.testing.assert_array_equal(param, expected)
    assert list(net.parameters()) == ["hidden.W", "hidden.b", "output.W", "output.b"]
    assert type(net.layers[2]) is Mine


def test_descent_is_a_plain_loop():
    one, net = xor_net(seed=1), xor_net(seed=1)
    descent = Descent(one, (X, T), 0.5)
    assert descent.advance(20) == ""
    losses = [net.loss(X, T)]
    for _step in range(20):
        net.backward()
        SGD(0.5).step(net.params_and_grads())
        losses.append(net.loss(X, T))
    assert descent.curve == losses
    assert descent.loss == one.loss(X, T)
    descent.optimizer.lr = 0.1
    descent.advance(1)
    net.backward()
    SGD(0.1).step(net.params_and_grads())
    assert descent.curve[-1] == net.loss(X, T)


def test_descent_stops_where_the_loss_is_low_before_it_makes_a_step():
    descent = Descent(xor_net(seed=0), (X, T), 0.5)
    while not (outcome := descent.advance(50)):
        pass
    assert outcome == descent.outcome == "done"
    assert descent.curve[-1] < DONE_LOSS <= min(descent.curve[:-1])
    steps = descent.step
    assert descent.advance(5) == "done"
    assert descent.step == steps


def test_descent_is_stuck_where_no_gradient_is_left():
    net = xor_net(seed=0)
    for param in net.parameters().values():
        param[...] = 0
    net.parameters()["output.b"][:] = 0.5  # the mean of the targets
    descent = Descent(net, (X, T), 0.1)
    assert descent.advance(5) == "stuck"
    assert descent.steepest < STUCK_GRADIENT
    assert descent.step == 0


def test_descent_diverges_before_its_numbers_end():
    descent = Descent(Sequential([Affine([[1.0], [1.0]], [0.0])], MSELoss()), (100 * X, T), 1.0)
    assert descent.advance(50) == "diverged"
    assert 1e6 < descent.loss < np.inf
    assert descent.step < 5


def test_data_are_xor_where_left_out():
    x, t = checked_data(None)
    np.testing.assert_array_equal(x, datasets.xor().x)
    np.testing.assert_array_equal(t[:, 0], datasets.xor().t)
    assert t.shape == (4, 1)


@pytest.mark.parametrize(
    ("data", "kind", "rule"),
    [
        (X, TypeError, "a pair"),
        ((X[:, :1], T), ValueError, r"2 features, got x with shape \(4, 1\)"),
        ((np.ones((9, 2)), np.ones(9)), ValueError, "1 to 8 rows"),
        ((X, T + 1), ValueError, "0 or 1"),
        ((X, T[:3]), ValueError, "same number of rows"),
        ((X * np.nan, T), ValueError, "finite"),
    ],
)
def test_data_without_a_place_are_refused(data, kind, rule):
    with pytest.raises(kind, match=rule):
        checked_data(data)


def layered(*sizes, loss=MSELoss):
    return Sequential([Affine(np.ones(pair), np.zeros(pair[1])) for pair in pairwise(sizes)], loss())


@pytest.mark.parametrize(
    ("net", "kind", "rule"),
    [
        (layered(2, 6, 1), ValueError, "room for 21 parameters, one slider each; this net has 25"),
        (Sequential([Affine(np.ones((2, 1)), [0.0])]), ValueError, "MSELoss or SigmoidWithLoss, got None"),
        (Sequential([ReLU()], MSELoss()), ValueError, "1 to 4 Affine"),
        (layered(2, 2), ValueError, "one score per row, got 2"),
        (layered(3, 2, 1), ValueError, "expects 3 features"),
        ("net", TypeError, "a Sequential"),
        (Sequential([Affine(np.ones((2, 2)), [0.0, 0])], SoftmaxWithLoss()), ValueError, "MSELoss or SigmoidWithLoss"),
    ],
)
def test_nets_without_a_place_are_refused(net, kind, rule):
    with pytest.raises(kind, match=rule):
        checked_net(net, X, T)


def test_a_checked_net_is_a_copy():
    net = layered(2, 1, loss=SigmoidWithLoss)
    copied = checked_net(net, X, T)
    copied.parameters()["Affine 1.W"][:] = 5
    assert (net.parameters()["Affine 1.W"] == 1).all()
