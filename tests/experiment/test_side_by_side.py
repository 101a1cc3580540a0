"""Nets that are trained side by side, against the same nets trained alone by `train`."""

import copy

import numpy as np
import pytest

from nbkit import SGD, Affine, MSELoss, ReLU, Sequential, SigmoidWithLoss, SoftmaxWithLoss, Tanh, steps_needed, train
from tests.experiment.xor import T, X

DATA = X, T


def net(seed, units=3, bend=ReLU, loss=MSELoss, spread=0.5):
    rng = np.random.default_rng(seed)
    layers = [Affine.random(2, units, rng, spread), bend(), Affine.random(units, 1, rng, spread)]
    for layer in layers[::2]:
        layer.params["b"][:] = rng.normal(0, spread, layer.params["b"].shape)
    return Sequential(layers, loss())


def alone(one, lr, steps, enough):
    for record in train(one, DATA, SGD(lr), epochs=steps):
        if record.loss < enough:
            return record.step
    return None


@pytest.mark.parametrize(("bend", "loss", "units", "enough"), [
    (ReLU, MSELoss, 3, 0.03), (Tanh, SigmoidWithLoss, 2, 0.1), (Tanh, MSELoss, 1, 0.03),
    (ReLU, SigmoidWithLoss, 5, 0.1),
])  # fmt: skip
def test_each_net_learns_as_it_would_alone(bend, loss, units, enough):
    nets = [net(seed, units, bend, loss) for seed in range(12)]
    single = copy.deepcopy(nets)
    assert steps_needed(nets, DATA, 0.3, steps=300, enough=enough) == [alone(one, 0.3, 300, enough) for one in single]
    for one, other in zip(nets, single, strict=True):
        for name, parameter in one.parameters().items():
            np.testing.assert_allclose(parameter, other.parameters()[name], rtol=1e-9, atol=1e-12)


def test_some_learn_and_some_do_not():
    """Else the test above would say little."""
    needed = steps_needed([net(seed) for seed in range(12)], DATA, 0.3, steps=300, enough=0.03)
    assert 0 < needed.count(None) < 12


def test_one_that_diverges_leaves_the_others_as_they_are():
    calm, wild = [net(seed, bend=Tanh) for seed in range(6)], net(6, bend=Tanh)
    wild.layers[2].params["W"][:] = 1e200  # its loss overflows in the next step
    single = copy.deepcopy(calm)
    needed = steps_needed([*calm, wild], DATA, 0.3, steps=300, enough=0.03)
    assert needed == [*(alone(one, 0.3, 300, 0.03) for one in single), None]
    for one, other in zip(calm, single, strict=True):
        np.testing.assert_allclose(one.layers[0].params["W"], other.layers[0].params["W"], rtol=1e-9)


def test_a_rate_at_which_all_diverge_is_no_error():
    """From lr 2 on the output's bias alone, with a curvature of 1, has no rest: see chapter 07."""
    nets = [net(seed) for seed in range(5)]
    assert steps_needed(nets, DATA, 5.0, steps=500, enough=1e-3) == [None] * 5
    assert all(np.isfinite(parameter).all() for one in nets for parameter in one.parameters().values())


def test_no_step_is_needed_by_one_that_knows_already():
    by_hand = Sequential([Affine([[1, -1], [-1, 1]], [0, 0]), ReLU(), Affine([[1], [1]], [0])], MSELoss())
    assert steps_needed([by_hand], DATA, 0.1, steps=10, enough=0.03) == [1]


@pytest.mark.parametrize("nets", [
    [], [net(0, 2), net(0, 3)], [net(0), net(0, bend=Tanh)], [net(0), net(0, loss=SigmoidWithLoss)], ["net"],
    [Sequential([Affine.random(2, 1, 0)], MSELoss())],
    [Sequential([Affine.random(2, 2, 0), ReLU(), Affine.random(2, 2, 1)], SoftmaxWithLoss())],
])  # fmt: skip
def test_what_cannot_stand_side_by_side_is_refused(nets):
    with pytest.raises(ValueError, match="alike"):
        steps_needed(nets, DATA, 0.1, steps=10, enough=0.03)


@pytest.mark.parametrize(("name", "value"), [("steps", 0), ("enough", -1), ("lr", 0)])
def test_settings_are_checked(name, value):
    settings = {"lr": 0.1, "steps": 10, "enough": 0.03} | {name: value}
    with pytest.raises((ValueError, TypeError)):
        steps_needed([net(0)], DATA, settings["lr"], steps=settings["steps"], enough=settings["enough"])


def test_what_is_no_list_of_nets_is_refused():
    with pytest.raises(ValueError, match="nets to train side by side are alike"):
        steps_needed(None, (np.ones((2, 2)), np.ones((2, 1))), 0.1, steps=3, enough=0.1)
