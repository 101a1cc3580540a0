"""What `WeightSliders` has room for: a net with few parameters, and a handful of rows with two features."""

import copy

import numpy as np

from nbkit import datasets
from nbkit.functions import check_finite
from nbkit.layers import Affine, MSELoss, ReLU, SigmoidWithLoss
from nbkit.messages import _, kind_of
from nbkit.network import Sequential

MOST = 21  # parameters, for as many sliders: 2-5-1 just fits
ROWS = 8  # of data: each has a bar
SPREAD = 0.5  # standard deviation of a random start


def default_net(seed):
    """Return the 2-3-1 net of chapter 08 with random weights and biases."""
    rng = np.random.default_rng(seed)
    hidden = Affine(rng.normal(0, SPREAD, (2, 3)), rng.normal(0, SPREAD, 3), "hidden")
    output = Affine(rng.normal(0, SPREAD, (3, 1)), rng.normal(0, SPREAD, 1), "output")
    return Sequential([hidden, ReLU(), output], MSELoss())


def checked_data(data):
    """Return x and t, (n, 2) and (n, 1), or refuse what has no place on the page; exclusive or where `data` is None."""
    if data is None:
        data = datasets.xor()
        data = data.x, data.t
    if not isinstance(data, tuple | list) or len(data) != 2:
        raise TypeError(_("data must be a pair (x, t), got {}").format(kind_of(data)))
    x, t = check_finite(data[0], "x"), check_finite(data[1], "t")
    if np.ndim(x) != 2 or x.shape[1] != 2 or not 1 <= len(x) <= ROWS:
        raise ValueError(
            _("WeightSliders takes 1 to {rows} rows of 2 features, got x with shape {got}").format(
                rows=ROWS, got=np.shape(x)
            )
        )
    if np.shape(t) not in ((len(x),), (len(x), 1)) or not np.isin(t, (0, 1)).all():
        raise ValueError(_("t must hold 0 or 1 for each row of x, got {}").format(kind_of(t)))
    return x, t.reshape(-1, 1)


def checked_net(net, x, t):
    """Return a copy of `net`, or refuse one that has no place on the page."""
    if not isinstance(net, Sequential):
        raise TypeError(_("WeightSliders needs a Sequential, got {}").format(kind_of(net)))
    if not isinstance(net.loss_layer, MSELoss | SigmoidWithLoss):
        raise ValueError(_("the net must end in MSELoss or SigmoidWithLoss, got {}").format(net.loss_layer))
    count = sum(param.size for param in net.parameters().values())
    affines = [layer for layer in net.layers if isinstance(layer, Affine)]
    if any(layer.params and layer not in affines for layer in net.layers) or not 1 <= len(affines) <= 4:
        raise ValueError(
            _("WeightSliders takes 1 to 4 Affine layers with activations between them, got {}").format(net)
        )
    if count > MOST:
        raise ValueError(
            _("WeightSliders has room for {most} parameters, one slider each; this net has {count}").format(
                most=MOST, count=count
            )
        )
    for name, param in net.parameters().items():
        check_finite(param, name)
    if affines[-1].params["W"].shape[1] != 1:
        raise ValueError(_("the net must end in one score per row, got {}").format(affines[-1].params["W"].shape[1]))
    net = copy.deepcopy(net)
    net.loss(x, t)  # a layer that does not fit says so, before anything is made
    return net
