"""Which hidden units of a network are dead: ReLU shows 0 for them, whatever comes in."""

import numpy as np

from nbkit.layers import Affine, ReLU


def dead_units(net, x):
    """Return for each `Affine` of `net` a (k,) array of bool: True where the ReLU behind it shows 0 in every row.

    Such a unit lets no gradient through, so no step of learning on these rows changes its weights.

    Parameters
    ----------
    net : Sequential
    x : (n, d) array
        The rows that count as "whatever comes in".
    """
    dead = []
    for layer in net.layers:
        x = layer(x)
        if isinstance(layer, Affine):
            dead.append(np.zeros(x.shape[1], bool))
        elif isinstance(layer, ReLU) and dead:
            dead[-1] = (x == 0).all(axis=0)
    return dead
