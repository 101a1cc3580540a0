"""Descent on the input: the gradient is that of nudging each entry, and a step goes where the loss falls."""

import numpy as np
import pytest

from nbkit import Affine, ReLU, Sequential, SoftmaxWithLoss, Tanh, numerical_gradient
from nbkit.descent.inputs import SHADE, input_gradients, step_towards

RNG = np.random.default_rng(0)
X, T = RNG.random((3, 5)), np.array([2, 0, 1])


@pytest.fixture(params=[Tanh, ReLU])
def net(request):
    rng = np.random.default_rng(1)
    layers = Affine(rng.normal(size=(5, 4)), np.zeros(4)), request.param(), Affine(rng.normal(size=(4, 3)), np.zeros(3))
    return Sequential(layers, SoftmaxWithLoss())


def test_each_row_has_the_gradient_of_its_own_loss(net):
    for row, label, gradient in zip(X, T, input_gradients(net, X, T), strict=True):
        expected = numerical_gradient(lambda x, label=label: net.loss(x, [label]), row[None])[0]
        np.testing.assert_allclose(gradient, expected, atol=1e-7)


def test_a_step_lowers_the_loss_and_moves_the_steepest_entry_by_the_given_length(net):
    after = step_towards(net, X, T, longest=1e-3)
    for before, now, label in zip(X, after, T, strict=True):
        assert net.loss(now[None], [label]) < net.loss(before[None], [label])
        assert np.abs(now - before).max() == pytest.approx(1e-3)


def test_a_step_by_hand():
    """L = log(1 + exp(x₁ − x₂)) for label 1: dL/dx = (p, −p), so both entries move by the whole length."""
    net = Sequential([Affine(np.eye(2), [0, 0])], SoftmaxWithLoss())
    np.testing.assert_allclose(step_towards(net, np.array([[0.5, 0.5]]), [1]), [[0.5 - SHADE, 0.5 + SHADE]])


def test_what_stands_at_an_end_waits_and_the_others_go_on():
    """Of the example above: where x₁ is 0 already, x₂ still moves by the whole length; at the other end nothing."""
    net = Sequential([Affine([[1.0, 0.0], [0.0, 0.25]], [0, 0])], SoftmaxWithLoss())
    np.testing.assert_allclose(step_towards(net, np.array([[0.0, 0.5]]), [1]), [[0.0, 0.5 + SHADE]])
    np.testing.assert_allclose(step_towards(net, np.array([[0.0, 1.0]]), [1]), [[0.0, 1.0]])


def test_many_steps_stay_in_the_range_and_reach_the_class(net):
    x = X
    for _step in range(200):
        x = step_towards(net, x, [1, 1, 1], low=-3, high=3)
        assert ((x >= -3) & (x <= 3)).all()
    assert (net.probabilities(x)[:, 1] > net.probabilities(X)[:, 1]).all()


def test_the_parameters_stay_as_they_are(net):
    before = {name: param.copy() for name, param in net.parameters().items()}
    step_towards(net, X, T)
    for name, param in net.parameters().items():
        np.testing.assert_array_equal(param, before[name])


def test_without_a_gradient_nothing_moves():
    net = Sequential([Affine(np.zeros((5, 3)), np.zeros(3))], SoftmaxWithLoss())
    np.testing.assert_array_equal(step_towards(net, X, T), X)
