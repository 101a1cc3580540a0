"""Walks downhill: the optimizers' rules written out, and what a step promises against what it brings."""

from itertools import product

import numpy as np
import pytest

from nbkit.descent.landscapes import LANDSCAPES, find_landscape
from nbkit.descent.walk import look_at, walk_down
from tests.each import of_each, of_each_name

CURVATURES = np.array([1.0, 20.0])  # of the ravine, halved


@pytest.mark.parametrize("lr", [0.01, 0.1, 0.5, 0.9, 1.0, 1.1])
def test_sgd_on_the_bowl_multiplies_by_one_less_two_lr(lr):
    (walk,) = walk_down(find_landscape("bowl"), (1.0,), ["SGD"], lr, 20)
    np.testing.assert_allclose(walk.places[:, 0], (1 - 2 * lr) ** np.arange(21.0), atol=1e-15)
    np.testing.assert_allclose(walk.losses, (1 - 2 * lr) ** (2 * np.arange(21.0)), atol=1e-15)


def test_momentum_and_adam_by_hand_in_the_ravine():
    """The rules of Polyak and of Kingma & Ba, written out, with the gradient (2 w₁, 40 w₂)."""
    walks = walk_down(find_landscape("ravine"), (-2.5, 1.5), ["SGD", "Adam", "Momentum"], 0.02, 12)
    w, v = np.array([-2.5, 1.5]), np.zeros(2)
    a, m, s = w.copy(), np.zeros(2), np.zeros(2)
    p = w.copy()
    for k in range(13):
        for walk, place in zip(walks, (p, a, w), strict=True):
            np.testing.assert_allclose(walk.places[k], place, atol=1e-12)
            assert walk.losses[k] == pytest.approx(CURVATURES @ place**2)
        p = p - 0.02 * 2 * CURVATURES * p
        v = 0.9 * v - 0.02 * 2 * CURVATURES * w
        w = w + v
        g = 2 * CURVATURES * a
        m, s = 0.9 * m + 0.1 * g, 0.999 * s + 0.001 * g * g
        a = a - 0.02 * (m / (1 - 0.9 ** (k + 1))) / (np.sqrt(s / (1 - 0.999 ** (k + 1))) + 1e-8)
    assert [walk.optimizer for walk in walks] == ["SGD", "Adam", "Momentum"]


@of_each_name(LANDSCAPES)
def test_walks_side_by_side_are_those_walked_alone(name):
    landscape = find_landscape(name)
    names = ("Adam", "SGD", "Momentum")
    together = walk_down(landscape, landscape.start, names, 0.3, 25)
    for rule, walk in zip(names, together, strict=True):
        (alone,) = walk_down(landscape, landscape.start, [rule], 0.3, 25)
        assert walk.steps == alone.steps
        np.testing.assert_allclose(walk.places, alone.places, rtol=1e-9)


def test_a_walk_that_leaves_for_good_is_cut_where_it_does():
    (walk,) = walk_down(find_landscape("bowl"), (1.0,), ["SGD"], 5.0, 40)  # −9 times as far each step
    assert walk.steps < 40
    assert np.isfinite(walk.losses).all()
    assert abs(walk.places[-1, 0]) > 6e12 > abs(walk.places[-2, 0])


@pytest.mark.parametrize("lr", [0.01, 0.1, 0.5, 1.0, 1.1])
def test_a_step_in_the_bowl_by_hand(lr):
    """From 1: g = 2, predicted 4 lr, actual 1 − (1 − 2 lr)², curvature 2."""
    (walk,) = walk_down(find_landscape("bowl"), (1.0,), ["SGD"], lr, 6)
    step = look_at(walk, 1)
    assert (step.k, step.place, step.gradient, step.loss) == (1, 1, 2, 1)
    assert step.predicted == pytest.approx(4 * lr)
    assert step.actual == pytest.approx(1 - (1 - 2 * lr) ** 2, abs=1e-15)
    assert step.curvature == pytest.approx(2)


def test_a_step_of_no_length_has_no_curvature():
    (walk,) = walk_down(find_landscape("bowl"), (0.0,), ["SGD"], 0.1, 6)
    assert np.isnan(look_at(walk, 3).curvature)


@of_each([(f"{name} {rule}", name, rule) for name, rule in product(LANDSCAPES, ("SGD", "Momentum", "Adam"))])
def test_small_steps_keep_their_promise(name, optimizer):
    landscape = find_landscape(name)
    (walk,) = walk_down(landscape, landscape.start, [optimizer], 1e-5, 5)
    for k in range(1, 6):
        step = look_at(walk, k)
        assert step.actual == pytest.approx(step.predicted, rel=5e-3)
        if optimizer == "SGD":
            assert step.predicted == pytest.approx(1e-5 * step.gradient @ step.gradient)
