"""One walk downhill, step by step, with the change of the loss that each step predicted and the actual one."""

import math
from typing import NamedTuple

import numpy as np

from nbkit.optimizers import make_optimizer

GONE_WIDTHS = 1e12  # widths of the picture: further away a walk has diverged


class Walk(NamedTuple):
    """What an optimizer did: `n` steps from the first place to the last, fewer where it diverged.

    Attributes
    ----------
    optimizer : str
    lr : float
    places, gradients : (n + 1, d) arrays
        Of d weights.
    losses : (n + 1,) array
    """

    optimizer: str
    lr: float
    places: np.ndarray
    gradients: np.ndarray
    losses: np.ndarray

    @property
    def steps(self):
        return len(self.losses) - 1


class Step(NamedTuple):
    """One step of a walk, with its predicted and its actual change of the loss.

    Attributes
    ----------
    k : int
        Its number, from 1.
    place, gradient, move : (d,) arrays
    loss : float
        Before the step.
    predicted : float
        By the tangent, −g·Δw; for SGD this is lr·‖g‖².
    actual : float
        Loss before less loss after.
    curvature : float
        Change of the slope along the step, per unit of length; NaN where there was no step.
    """

    k: int
    place: np.ndarray
    gradient: np.ndarray
    move: np.ndarray
    loss: float
    predicted: float
    actual: float
    curvature: float


def walk_down(landscape, start, optimizers, lr, steps):
    """Return a `Walk` for each optimizer, cut where its numbers are no longer finite or far outside the picture."""
    rules = [make_optimizer(name, lr) for name in optimizers]
    now = [np.array(start, dtype=float) for _rule in rules]
    places, gradients, losses = [], [], []
    with np.errstate(all="ignore"):  # a walk may diverge
        for _count in range(steps + 1):
            places.append(np.array(now))
            loss, gradient = landscape.loss_and_gradient(places[-1])
            gradients.append(gradient)
            losses.append(loss)
            for rule, place, slope in zip(rules, now, gradient, strict=True):
                rule.step([(place, slope)])
    reach = GONE_WIDTHS * max(high - low for low, high in landscape.ranges)
    together = [np.array(rows) for rows in (places, gradients, losses)]
    return [_cut(name, lr, [rows[:, i] for rows in together], reach) for i, name in enumerate(optimizers)]


def _cut(name, lr, rows, reach):
    """End a walk where it has diverged."""
    places, gradients, losses = rows
    inside = np.isfinite(losses) & np.isfinite(gradients).all(axis=1) & (np.abs(places).max(axis=1) < reach)
    n = len(losses) if inside.all() else int(np.argmin(inside)) + 1
    return Walk(name, lr, places[:n], gradients[:n], losses[:n])


@np.errstate(all="ignore")
def look_at(walk, k):
    """Return step `k` of a walk, from 1, as a `Step`."""
    place, gradient = walk.places[k - 1], walk.gradients[k - 1]
    move = walk.places[k] - place
    length = float(move @ move)
    change_of_slope = float((walk.gradients[k] - gradient) @ move)
    return Step(
        k,
        place,
        gradient,
        move,
        loss=float(walk.losses[k - 1]),
        predicted=float(-gradient @ move) + 0.0,
        actual=float(walk.losses[k - 1] - walk.losses[k]),
        curvature=change_of_slope / length if length else math.nan,
    )
