"""The past of an experiment: its curves, and the states to which it can go back."""

import math
from typing import NamedTuple

import numpy as np

MAX_MOMENTS = 400  # with the parameters of the largest net, 3 MB


class State(NamedTuple):
    """All that brings an experiment back to a step: `parameters` are copies by name, `error` says why it stopped."""

    step: int
    epochs: float
    parameters: dict
    error: str


class Moment(NamedTuple):
    """Step, losses and shares of right answers, and the state in which they were measured."""

    step: int
    loss: float
    right: float
    held_out_loss: float
    held_out_right: float
    state: State


class Track:
    """The moments at which an experiment was judged, thinned where they are close on a logarithmic axis of steps."""

    def __init__(self):
        self.moments = []

    def add(self, judgement, state):
        """Add a judgement in place of those of the same step or later."""
        self.forget_from(judgement.step)
        self.moments.append(Moment(*judgement[:5], state))
        if len(self.moments) > MAX_MOMENTS:
            self._thin()

    def _thin(self):
        """Keep the first moment, the last one, and of those between about as many in each decade of steps."""
        first, *between, last = self.moments
        places = [math.log(max(moment.step, 1)) for moment in between]
        gap = (places[-1] - places[0]) / (MAX_MOMENTS // 2)
        kept, end = [first], -math.inf
        for moment, place in zip(between, places, strict=True):
            if place - end >= gap:
                kept.append(moment)
                end = place
        self.moments = [*kept, last]

    def forget_from(self, step):
        """Drop the moments of a step and of all after it."""
        while self.moments and self.moments[-1].step >= step:
            self.moments.pop()

    def near(self, step):
        """Return the index of the moment next to a step on a logarithmic axis."""
        place = math.log(max(step, 0.5))
        far = [abs(math.log(max(moment.step, 0.5)) - place) for moment in self.moments]
        return far.index(min(far))

    def fall(self, start, middle):
        """Say by how much the smallest loss from step `middle` on is below the smallest from `start` to there."""
        before = [moment.loss for moment in self.moments if start <= moment.step <= middle]
        after = [moment.loss for moment in self.moments if moment.step > middle]
        return min(before, default=math.inf) - min(after, default=math.inf)

    def columns(self):
        """Return (step, loss, right, held-out loss, held-out right), an array each."""
        return np.array([moment[:5] for moment in self.moments], dtype=float).reshape(-1, 5).T
