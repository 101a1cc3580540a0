"""The hidden units of a network that reads digits: what each looks for, what it shows, and for which digits."""

from typing import NamedTuple

import numpy as np

from nbkit.layer import Elementwise
from nbkit.layers import Affine
from nbkit.network import Sequential

MAX_UNITS = 100  # as many as the picture has room for


class Hidden(NamedTuple):
    """The one hidden layer of a network, while it reads one picture.

    Attributes
    ----------
    looks_for : (d, h) array
        Weights from each pixel to each unit.
    shows : (h,) array
        What each unit gives to the output layer.
    speaks_for : (h, k) array
        Weights from each unit to each class.
    """

    looks_for: np.ndarray
    shows: np.ndarray
    speaks_for: np.ndarray


def hidden_units(net, pixels):
    """Return the `Hidden` units of Affine, activations, Affine; None for a network of any other shape."""
    if not isinstance(net, Sequential) or len(net.layers) < 3:
        return None
    first, *activations, last = net.layers
    plain = isinstance(first, Affine) and isinstance(last, Affine)
    if not plain or not all(isinstance(layer, Elementwise) and not layer.params for layer in activations):
        return None
    looks_for, speaks_for = first.params["W"], last.params["W"]
    if looks_for.shape[1] > MAX_UNITS:
        return None
    *_before, shows, _scores = net.layer_outputs(pixels)
    return Hidden(looks_for, shows, speaks_for)
