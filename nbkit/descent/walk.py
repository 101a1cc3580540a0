"""One walk downhill, step by step, with what each step promised and what it brought."""

import math
from typing import NamedTuple

import numpy as np

from nbkit.optimizers import make_optimizer

FAR = 1e12  # widths of the picture: further away there is nothing to see, and floats soon end


class Walk(NamedTuple):
    """What an optimizer did: `n` steps from the first place to the last, less where the numbers ran out.

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
    """One step of a walk: where it began, what was promised there, and what came.

    Attributes
    ----------
    place, gradient, move : (d,) arrays
    loss : float
        Before the step.
    predicted : float
        What the tangent promises, −g·Δw; for SGD this is lr·‖g‖².
    actual : float
        Loss before less loss after.
    curvature : float
        By how much the slope along the step changed, for each unit of the way; NaN where there was no step.
    """

    place: np.ndarray
    gradient: np.ndarray
    move: np.ndarray
    loss: float
    predicted: float
    actual: float
    curvature: float


def walk_down(landscape, start, optimizers, lr, steps):
    """Walk down a landscape with several optimizers side by side, each its own way from one start.

    A walk ends before its last step where its numbers are no longer finite or lie far beyond the picture.

    Parameters
    ----------
    landscape : Landscape
    start : sequence of float
    optimizers : sequence of str
        Of "SGD", "Momentum" and "Adam".
    lr : float
    steps : int

    Returns
    -------
    list of Walk
        One for each optimizer, in their order.
    """
    rules = [make_optimizer(name, lr) for name in optimizers]
    now = [np.array(start, dtype=float) for _rule in rules]
    places, gradients, losses = [], [], []
    with np.errstate(all="ignore"):  # a walk may leave for infinity: the picture says so
        for _count in range(steps + 1):
            places.append(np.array(now))
            loss, gradient = landscape.loss_and_gradient(places[-1])
            gradients.append(gradient)
            losses.append(loss)
            for rule, place, slope in zip(rules, now, gradient, strict=True):
                rule.step([(place, slope)])
    reach = FAR * max(high - low for low, high in landscape.ranges)
    together = [np.array(rows) for rows in (places, gradients, losses)]
    return [_cut(name, lr, [rows[:, i] for rows in together], reach) for i, name in enumerate(optimizers)]


def _cut(name, lr, rows, reach):
    """End a walk where it has left for good."""
    places, gradients, losses = rows
    inside = np.isfinite(losses) & np.isfinite(gradients).all(axis=1) & (np.abs(places).max(axis=1) < reach)
    n = len(losses) if inside.all() else int(np.argmin(inside)) + 1
    return Walk(name, lr, places[:n], gradients[:n], losses[:n])


def look_at(walk, k):
    """Return step `k` of a walk, from 0."""
    with np.errstate(all="ignore"):
        move = walk.places[k + 1] - walk.places[k]
        gradient, length = walk.gradients[k], float(move @ move)
        bend = float((walk.gradients[k + 1] - gradient) @ move)
        actual = walk.losses[k] - walk.losses[k + 1]
        return Step(
            walk.places[k], gradient, move, float(walk.losses[k]), float(-gradient @ move) + 0.0, float(actual),
            bend / length if length else math.nan,
        )  # fmt: skip
