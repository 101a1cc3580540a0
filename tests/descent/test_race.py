"""A race of the optimizers: its order, its winner and its end against numbers that are worked out by hand."""

import numpy as np
import pytest

from nbkit.descent.landscapes import find_landscape
from nbkit.descent.race import all_seen, arrival, leaders, loss_after, standing
from nbkit.descent.walk import Walk, walk_down


def walk_of(losses, places=None, optimizer="SGD"):
    places = np.zeros((len(losses), 1)) if places is None else np.array(places, dtype=float)[:, None]
    return Walk(optimizer, 0.1, places, np.zeros_like(places), np.array(losses, dtype=float))


def test_the_lowest_loss_is_ahead_and_what_diverged_is_last():
    walks = [walk_of([9, 4], optimizer="SGD"), walk_of([9, 5, 1], optimizer="Adam")]
    assert standing(walks, 1) == [("SGD", 4), ("Adam", 5)]
    assert standing(walks, 2) == [("Adam", 1), ("SGD", np.inf)]  # SGD made one step only
    assert leaders(walks, 0) == ["SGD", "Adam"]
    assert leaders(walks, 1) == ["SGD"]
    assert loss_after(walk_of([1, np.nan]), 1) == np.inf


@pytest.mark.parametrize(
    ("losses", "expected"),
    [
        ([9, 0.09], 1),  # 1 % of 9; the lowest loss of the bowl is 0
        ([9, 0.0901], None),
        ([9, 0.01, 5, 0.02, 0.01], 3),  # it came back out in between
        ([9, 0.01, 5], None),
        ([9, np.nan], None),
        ([0, 0], 0),
    ],
)
def test_a_walk_has_arrived_when_its_loss_stays_low(losses, expected):
    assert arrival(walk_of(losses), find_landscape("bowl")) == expected


def test_the_arrival_in_the_bowl_by_hand():
    """The loss is 4 · 0.64ᵏ: 0.64¹⁰ is 0.0115, 0.64¹¹ is 0.0074."""
    bowl = find_landscape("bowl")
    (walk,) = walk_down(bowl, (-2.0,), ["SGD"], 0.1, 40)
    assert arrival(walk, bowl) == 11


@pytest.mark.parametrize(
    ("places", "expected"),
    [
        ([-2, 0, 0, 0], 1),
        ([-2, 0, 0, 1], 3),
        ([-2, 4, -5, 6], 1),  # shown is -3 to 3
        ([-2, 4, 0, 6], 3),
        ([-2, 2, -2, 2], 3),  # it bounces to the end
        ([1, 1, 1], 0),
    ],
)
def test_all_is_seen_when_a_walk_rests_or_is_gone(places, expected):
    assert all_seen(walk_of([1] * len(places), places), find_landscape("bowl")) == expected
