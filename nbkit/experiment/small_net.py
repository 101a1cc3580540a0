"""Nets with few parameters on a handful of rows, as `WeightSliders` shows them, and descent on them."""

import copy
import math

import numpy as np

from nbkit.checks import pair_of
from nbkit.datasets import xor
from nbkit.experiment.run import Run
from nbkit.functions import check_finite
from nbkit.layers import Affine, MSELoss, ReLU, SigmoidWithLoss
from nbkit.messages import _, kind_of
from nbkit.network import Sequential
from nbkit.optimizers import SGD

MAX_PARAMETERS = 21  # for as many sliders: 2-5-1 just fits
MAX_BARS = 8  # one per row of data
START_STD = 0.5  # standard deviation of random start weights
DONE_LOSS = 0.002  # below it descent is done
STUCK_GRADIENT = 1e-6  # where the largest gradient is smaller, nothing moves any more
DIVERGED_LOSS = 1e6  # beyond it descent has diverged, though the numbers are still finite


def xor_net(affine=Affine, relu=ReLU, seed=0, spread=START_STD):
    """Return a net like that of chapter 08, 2-3-1 with `MSELoss`, of any two classes; `spread` is the weights' std."""
    rng = np.random.default_rng(seed)
    hidden = affine(rng.normal(0, spread, (2, 3)), rng.normal(0, spread, 3))
    output = affine(rng.normal(0, spread, (3, 1)), rng.normal(0, spread, 1))
    hidden.name, output.name = "hidden", "output"
    return Sequential([hidden, relu(), output], MSELoss())


class Descent(Run):
    """Endless gradient descent on all rows; `loss` and `steepest`, the largest gradient, are those after a step."""

    def __init__(self, net, data, lr):
        super().__init__(net, data, SGD(lr))
        self._measure()

    @np.errstate(all="ignore")
    def _measure(self):
        self.loss = self.net.loss(*self.data)
        self.net.backward()
        self.steepest = max(np.abs(gradient).max() for _param, gradient in self.net.params_and_grads())

    @property
    def outcome(self):
        """Why it makes no further step: "diverged", "done" or "stuck"; empty while it does."""
        if not math.isfinite(self.loss) or self.loss > DIVERGED_LOSS:
            return "diverged"
        if self.loss < DONE_LOSS:
            return "done"
        return "stuck" if self.steepest < STUCK_GRADIENT else ""

    def advance(self, steps):
        """Make at most `steps` steps, and return the `outcome` that kept it from making all of them."""
        for _step in range(steps):
            if self.outcome:
                return self.outcome
            super().advance(1)
            self._measure()
        return ""

    @property
    def curve(self):
        """The losses at the start and after each step."""
        return [*self.losses, self.loss]


def checked_data(data):
    """Return x and t, (n, 2) and (n, 1), or refuse what does not fit the page; XOR where `data` is None."""
    x, t = pair_of(xor() if data is None else data)
    if x.ndim != 2 or x.shape[1] != 2 or len(x) > MAX_BARS:
        rule = _("WeightSliders takes 1 to {rows} rows of 2 features, got x with shape {got}")
        raise ValueError(rule.format(rows=MAX_BARS, got=x.shape))
    if t.shape not in ((len(x),), (len(x), 1)) or not np.isin(t, (0, 1)).all():
        raise ValueError(_("t must hold 0 or 1 for each row of x, got {}").format(kind_of(t)))
    return x, t.reshape(-1, 1).astype(float)


def checked_net(net, x, t):
    """Return a copy of `net`, or refuse one that does not fit the page."""
    if not isinstance(net, Sequential):
        raise TypeError(_("WeightSliders needs a Sequential, got {}").format(kind_of(net)))
    if not isinstance(net.loss_layer, MSELoss | SigmoidWithLoss):
        raise ValueError(_("the net must end in MSELoss or SigmoidWithLoss, got {}").format(net.loss_layer))
    count = sum(param.size for param in net.parameters().values())
    affines = [layer for layer in net.layers if isinstance(layer, Affine)]
    if any(layer.params and layer not in affines for layer in net.layers) or not 1 <= len(affines) <= 4:
        rule = _("WeightSliders takes 1 to 4 Affine layers with activations between them, got {}")
        raise ValueError(rule.format(net))
    if count > MAX_PARAMETERS:
        rule = _("WeightSliders has room for {most} parameters, one slider each; this net has {count}")
        raise ValueError(rule.format(most=MAX_PARAMETERS, count=count))
    for name, param in net.parameters().items():
        check_finite(param, name)
    if affines[-1].params["W"].shape[1] != 1:
        raise ValueError(_("the net must end in one score per row, got {}").format(affines[-1].params["W"].shape[1]))
    net = copy.deepcopy(net)
    net.loss(x, t)  # a layer that does not fit says so, before anything is made
    return net
