"""Measures of a network on some rows of data: what it decides, and which of its units no longer learn."""

import math
from itertools import pairwise

import numpy as np

from nbkit.layers import Affine, MSELoss, ReLU

SATURATED_BELOW = 1e-3  # a unit that lets less than this share of any row's gradient through learns nothing


@np.errstate(all="ignore")
def probabilities(net, x):
    """Return (n, k) probabilities of the classes: 1/k each where the numbers of a net that diverged are NaN."""
    y = net.probabilities(x)
    return np.where(np.isnan(y), 1 / y.shape[1], y)


@np.errstate(all="ignore")
def outputs(net, x):
    """Return (n,) what one output says: the score of a squared error, else the probability of the last class."""
    if isinstance(net.loss_layer, MSELoss):
        return np.nan_to_num(net.predict(x)[:, 0], nan=0.5)
    return probabilities(net, x)[:, -1]


@np.errstate(all="ignore")
def decided_right(net, data):
    """Return for each row of ``data = (x, t)`` whether the net decides as its target says, (n,) array of bool."""
    x, t = data
    return class_numbers(net.decide(x)) == class_numbers(t)


def class_numbers(t):
    """Return class numbers, (n,) array of int, from labels, a column of them, or one-hot rows."""
    t = np.asarray(t)
    if t.ndim == 2:
        t = t.argmax(axis=1) if t.shape[1] > 1 else t[:, 0]
    return t.astype(int)


@np.errstate(all="ignore")
def dead_units(net, x):
    """Return for each `Affine` of `net` a (k,) array of bool: units whose ReLU gives 0 in every row of x."""
    dead = []
    for layer in net.layers:
        x = layer(x)
        if isinstance(layer, Affine):
            dead.append(np.zeros(x.shape[1], bool))
        elif isinstance(layer, ReLU) and dead:
            dead[-1] = (x == 0).all(axis=0)
    return dead


def saturated_units(net):
    """Return, by the name of its layer, which units let no gradient through in any row of the last forward."""
    saturated = {}
    for layer, activation in pairwise(net.layers):
        if layer.params and not activation.params:
            shape, _kept = activation.memory
            passed = np.abs(activation.backward(np.ones(shape)))
            saturated[layer.name] = passed.max(axis=0) < SATURATED_BELOW
    return saturated


def gradient_norms(net):
    """Return, by name, the length of the loss's gradient for all parameters of a layer, after a ``backward``."""
    return {
        layer.name: math.sqrt(sum(float(np.vdot(grad, grad)) for grad in layer.grads.values()))
        for layer in net.layers
        if layer.grads
    }
