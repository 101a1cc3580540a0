"""Many small nets of one shape trained at once, side by side in one wide net: to count over seeds in little time."""

import copy

import numpy as np

from nbkit.checks import pair_of, real, whole
from nbkit.layers import Affine, MSELoss, SigmoidWithLoss
from nbkit.messages import _, kind_of
from nbkit.network import Sequential
from nbkit.optimizers import SGD
from nbkit.training import train

DIVERGED_LOSS = 1e6  # far below what would overflow in one more step, and so spoil the nets beside it


def steps_needed(nets, data, lr, *, steps, enough):
    """Train small nets side by side by SGD on all rows, and say in which step the loss of each fell below `enough`.

    Each net learns as it would alone: no connection leads from one to another. Those that got there are left as
    they are after that step, the others as they are after the last one; one that diverges is set to 0.

    Parameters
    ----------
    nets : sequence of Sequential
        Alike but for their parameters: `Affine`, activation, `Affine` with one output, and `MSELoss` or
        `SigmoidWithLoss`. Their parameters are changed in place.
    data : (x, t) pair
        `x` with shape (n, d), `t` with shape (n, 1), each 0 or 1.
    lr : float
    steps : int
        At most.
    enough : float

    Returns
    -------
    list of int or None
        One for each net, None for those that did not get there.
    """
    wide, needed = _Wide(_checked(nets)), [None] * len(nets)
    steps, enough = whole("steps", steps, 1), real("enough", enough, 0)
    x, t = pair_of(data)
    losses = wide.loss_of_each(x, t)
    for record in train(wide.net, (x, np.tile(t, len(nets))), SGD(lr), epochs=steps):
        wide.separate()
        for i in np.flatnonzero(losses < enough):
            if needed[i] is None:
                needed[i] = record.step
                wide.write_back(i)
        if None not in needed:
            break
        losses = wide.loss_of_each(x, t)
    for i, step in enumerate(needed):
        if step is None:
            wide.write_back(i)
    return needed


class _Wide:
    """One wide net made of `nets`: the outputs of each take from its own hidden units alone."""

    def __init__(self, nets):
        _first, bend, last = nets[0].layers
        self.nets, self.units = nets, len(last.params["W"])
        self.own = np.kron(np.eye(len(nets)), np.ones((self.units, 1)))  # 1 where a weight is part of a net
        hidden = Affine(*(np.concatenate([net.layers[0].params[key] for net in nets], axis=-1) for key in "Wb"))
        W = self.own * np.concatenate([net.layers[2].params["W"] for net in nets])
        output = Affine(W, np.concatenate([net.layers[2].params["b"] for net in nets]))
        self.net = Sequential([hidden, copy.copy(bend), output], type(nets[0].loss_layer)())

    @np.errstate(all="ignore")
    def loss_of_each(self, x, t):
        """Return the loss of each net, (nets,) array, and stop those that have diverged."""
        y = x
        for layer in self.net.layers:
            y = layer.forward(y)
        error = (y - t) ** 2 / 2 if isinstance(self.net.loss_layer, MSELoss) else np.logaddexp(0, y) - t * y
        losses = error.mean(axis=0)
        for i in np.flatnonzero(~(losses < DIVERGED_LOSS)):
            self._stop(i)
        return losses

    def separate(self):
        """Take away what connections a step has made between the nets."""
        self.net.layers[2].params["W"] *= self.own

    def _stop(self, i):
        """Set net `i`, which has diverged, to 0."""
        (hidden, output), units = (self.net.layers[k].params for k in (0, 2)), self._units(i)
        hidden["W"][:, units], hidden["b"][units], output["W"][units], output["b"][i] = 0, 0, 0, 0

    def write_back(self, i):
        """Give net `i` the parameters that it has by now."""
        (hidden, output), units = (self.net.layers[k].params for k in (0, 2)), self._units(i)
        first, _bend, last = self.nets[i].layers
        first.params["W"][:], first.params["b"][:] = hidden["W"][:, units], hidden["b"][units]
        last.params["W"][:], last.params["b"][:] = output["W"][units, i : i + 1], output["b"][i : i + 1]

    def _units(self, i):
        return slice(i * self.units, (i + 1) * self.units)


def _checked(nets):
    """Return the nets as a list, or refuse those that cannot stand side by side."""
    nets = list(nets) if isinstance(nets, list | tuple) else []
    shapes = [_shape(net) for net in nets]
    if not nets or None in shapes or len(set(shapes)) > 1:
        rule = _(
            "nets to train side by side are alike: Affine, activation, Affine with one output, and MSELoss or "
            "SigmoidWithLoss; got {}"
        )
        raise ValueError(rule.format(kind_of(nets[0]) if len(nets) == 1 else len(nets)))
    return nets


def _shape(net):
    """Return what must be alike: kinds of layers and sizes; None where a net is of another kind."""
    if (
        not isinstance(net, Sequential)
        or len(net.layers) != 3
        or type(net.loss_layer) not in (MSELoss, SigmoidWithLoss)
    ):
        return None
    first, bend, last = net.layers
    if type(first) is not Affine or type(last) is not Affine or bend.params or last.params["W"].shape[1] != 1:
        return None
    return first.params["W"].shape, type(bend), last.params["W"].shape, type(net.loss_layer)
