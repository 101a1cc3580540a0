"""A whole run of a net with two hidden units, kept at a few moments: where each row of the data lies in their plane."""

import copy
from typing import NamedTuple

import numpy as np

from nbkit.checks import whole
from nbkit.experiment.measures import class_numbers, decided_right
from nbkit.experiment.run import Run
from nbkit.layers import Affine
from nbkit.messages import _, kind_of
from nbkit.network import Sequential
from nbkit.optimizers import SGD

MAX_MOMENTS = 50
MAX_STEPS = 10_000  # of a run, which is made before the picture is drawn
MAX_ROWS = 12  # that have a name each


class Moment(NamedTuple):
    """What a net has come to after `step` steps: `hidden` is where its two units see each row, (n, 2)."""

    step: int
    loss: float
    right: np.ndarray
    hidden: np.ndarray
    net: Sequential

    @property
    def output(self):
        """What follows the hidden layer, as a net of its own: it sees the plane of the two units."""
        return Sequential(self.net.layers[2:], self.net.loss_layer)

    def move(self, x):
        """Return where the hidden units see points (m, 2) of the input plane, (m, 2)."""
        return Sequential(self.net.layers[:2]).predict(x)


def hidden_run(net, data, lr, steps):
    """Train a copy of `net` on all rows, and return its moments: step 0, then about as many in each decade of steps.

    A run that diverges ends at the last moment before.
    """
    net = copy.deepcopy(net)
    run = Run(net, data, SGD(lr), epochs=steps)
    moments = []
    for step in moments_of(steps):
        run.advance(step - run.step)
        if run.error:
            break
        moments.append(_moment(net, data, step))
    return moments


def moments_of(steps):
    """Return the steps at which a run of so many is kept: 0, and from 1 on as many in each decade."""
    return [0, *np.unique(np.geomspace(1, steps, MAX_MOMENTS - 1).round().astype(int)).tolist()]


def _moment(net, data, step):
    kept = copy.deepcopy(net)
    x, _t = data
    return Moment(step, kept.loss(*data), decided_right(kept, data), Sequential(kept.layers[:2]).predict(x), kept)


def checked_hidden(net, data, steps):
    """Refuse a net without a plane of two hidden units, or data that do not fit it."""
    if not isinstance(net, Sequential):
        raise TypeError(_("HiddenPlane needs a Sequential, got {}").format(kind_of(net)))
    layers = net.layers
    fits = len(layers) > 2 and type(layers[0]) is Affine and layers[0].params["W"].shape == (2, 2)
    if not fits or layers[1].params or net.loss_layer is None:
        rule = _("HiddenPlane takes a net with 2 inputs, 2 hidden units and a loss: Affine, activation, ...; got {}")
        raise ValueError(rule.format(net))
    x, t = data
    if x.ndim != 2 or x.shape[1] != 2 or not 1 <= len(x) <= MAX_ROWS:
        rule = _("HiddenPlane takes 1 to {rows} rows of 2 features, got x with shape {got}")
        raise ValueError(rule.format(rows=MAX_ROWS, got=x.shape))
    whole("steps", steps, 1, MAX_STEPS)
    net.loss(x, t)  # what does not fit says so, before anything is made
    return class_numbers(t)
