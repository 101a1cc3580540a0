"""Walks from one start, side by side: who is ahead after each step, who is first at the bottom, when all is seen."""

import numpy as np

from nbkit.descent.outcome import NEGLIGIBLE, is_outside, near_bottom, width
from nbkit.formatting import number


def loss_after(walk, k):
    """Return the loss of a walk after step `k`; that of one which has diverged before is infinite."""
    loss = walk.losses[k] if k <= walk.steps else np.inf
    return float("inf") if np.isnan(loss) else float(loss)


def standing(walks, k):
    """Return (optimizer, loss after step `k`) of each walk, the lowest loss first; those that are level keep order."""
    return sorted(((walk.optimizer, loss_after(walk, k)) for walk in walks), key=lambda pair: pair[1])


def leaders(walks, k):
    """Name those with the lowest loss after step `k`: more than one where their losses are written alike."""
    ranked = standing(walks, k)
    return [name for name, loss in ranked if number(loss) == number(ranked[0][1])]


@np.errstate(all="ignore")  # a walk may diverge
def arrival(walk, landscape):
    """Return the step from which on a walk is near the bottom; None if never."""
    near = near_bottom(walk, landscape)
    return _first_of_last(near) if near[-1] else None


@np.errstate(all="ignore")
def all_seen(walk, landscape):
    """Return the step after which nothing happens that can be seen: the walk rests, or is outside for good."""
    away = [is_outside(place, landscape) for place in walk.places]
    calm = np.abs(walk.places - walk.places[-1]).max(axis=1) <= NEGLIGIBLE * width(landscape)
    return min(_first_of_last(np.array(away)), _first_of_last(calm))


def _first_of_last(states):
    """Return where the last stretch of True begins; the last index where the last is False."""
    others = np.flatnonzero(~states)
    return min(int(others[-1]) + 1 if len(others) else 0, len(states) - 1)
