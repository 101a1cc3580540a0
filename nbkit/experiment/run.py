"""One training run as a widget shows it: from what it starts, how far it is, how good it is by now."""

import copy
from typing import NamedTuple

import numpy as np

from nbkit.formatting import number
from nbkit.messages import _, kind_of
from nbkit.network import Sequential
from nbkit.optimizers import make_optimizer
from nbkit.training import Diverged, train


class Choice(NamedTuple):
    """What a hand may choose for a run: `width` counts hidden units, None where the network is given."""

    lr: float
    width: int | None
    batch_size: int


class Run:
    """One training run of a copy of `net`: its losses so far, and why it stopped if it blew up.

    Parameters
    ----------
    net : Sequential
        Left as it is.
    data : (x, t) pair
    choice : Choice
    optimizer : str
        "SGD", "Momentum" or "Adam".
    epochs : int
    rng : int
    name : str
        For the legend.

    Attributes
    ----------
    net : Sequential
        The copy, as far as it is trained.
    steps, per_epoch : int
        Length of the whole run, and of an epoch.
    losses : list of float
    trouble : str
    """

    def __init__(self, net, data, choice, *, optimizer, epochs, rng, name=""):
        self.net, self.choice, self.name = copy.deepcopy(net), choice, name
        self.optimizer = make_optimizer(optimizer, choice.lr)
        self.records = train(self.net, data, self.optimizer, batch_size=choice.batch_size, epochs=epochs, rng=rng)
        self.per_epoch = -(-len(data[0]) // choice.batch_size)
        self.steps = epochs * self.per_epoch
        self.losses = []
        self.trouble = ""

    @property
    def finished(self):
        """Whether all steps are made, or the run has blown up."""
        return len(self.losses) >= self.steps or bool(self.trouble)

    @property
    def whole(self):
        """The losses so far; of a run that blew up, infinity to the end."""
        return self.losses + [np.inf] * (self.steps - len(self.losses)) if self.trouble else self.losses

    def advance(self, steps):
        """Make at most `steps` steps."""
        try:
            for _step, record in zip(range(steps), self.records, strict=False):
                self.losses.append(record.loss)
        except Diverged as error:
            self.losses.append(np.inf)
            self.trouble = str(error)

    def words(self, data, held_out=None):
        """Say how far it is, and how many rows it gets right."""
        if self.losses and self.per_epoch > 1:  # it saw a part of the rows: it is not the loss of them all
            words = _("step {step} of {steps}, loss of the last batch {loss}, right on training data: {right}")
        else:
            words = _("step {step} of {steps}, loss {loss}, right on training data: {right}")
        words = words.format(
            step=len(self.losses), steps=self.steps, loss=number(self.losses[-1]) if self.losses else "–",
            right=_right(self.net, data),
        )  # fmt: skip
        if held_out is not None:
            words += _(", on held-out data: {right}").format(right=_right(self.net, held_out))
        return words

    def probabilities(self, x):
        """Return the probabilities of the classes, even halves where a run that blew up knows none."""
        with np.errstate(all="ignore"):
            return np.nan_to_num(self.net.loss_layer.probabilities(self.net(x)), nan=0.5)

    def weights(self):
        """Return the names and weights of the layers that have any."""
        return [(layer.name, layer.params["W"]) for layer in self.net.layers if "W" in layer.params]


def sizes(values, name):
    """Return one size or a row of them as a list, or refuse what is no whole number above 0."""
    values = list(values) if np.ndim(values) == 1 else [values]
    for value in values:
        if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < 1:
            raise ValueError(
                _("{name} must be made of whole numbers of at least 1, got {got}").format(name=name, got=kind_of(value))
            )
    return [int(value) for value in values]


def networks(net, widths, rng):
    """Return the networks to choose from, by their numbers of hidden units.

    Parameters
    ----------
    net : Sequential, or callable
        The network itself where `widths` is ``[None]``, else a function ``net(width, rng)`` that makes one.
    """
    made = widths != [None]
    if isinstance(net, Sequential) == made or (made and not callable(net)):
        rule = _("a function net(width, rng) with widths, and a Sequential without")
        raise TypeError(_("net must be {rule}, got {got}").format(rule=rule, got=kind_of(net)))
    nets = {width: net(width, rng) if made else net for width in widths}
    for width, one in nets.items():
        if not isinstance(one, Sequential):
            raise TypeError(
                _("net({width}, {rng}) must return a Sequential, got {got}").format(
                    width=width, rng=rng, got=kind_of(one)
                )
            )
    return nets


def class_numbers(t):
    """Return class numbers from labels, a column of them, or one-hot rows."""
    t = np.asarray(t)
    if t.ndim == 2:
        t = t.argmax(axis=1) if t.shape[1] > 1 else t[:, 0]
    return t.astype(int)


def _right(net, data):
    """Count right decisions, as ``146/150``."""
    x, t = data
    with np.errstate(all="ignore"):
        y = net.loss_layer.decide(net(x))
    return f"{int((class_numbers(y) == class_numbers(t)).sum())}/{len(x)}"
