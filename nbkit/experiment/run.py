"""One training run, for all that trains: how far it is, how good it is by now, and why it ended."""

import math
from typing import NamedTuple

from nbkit.experiment.measures import decided_right, probabilities
from nbkit.formatting import number
from nbkit.messages import _, kind_of
from nbkit.network import Sequential
from nbkit.training import Diverged, train

ENDLESS = 10**9  # epochs


class Choice(NamedTuple):
    """What may be chosen for a run: `width` counts hidden units, None where the network is given."""

    lr: float
    width: int | None
    batch_size: int


class Run:
    """A training that can be stopped after any step, and may diverge.

    Parameters
    ----------
    net : Sequential
        Trained in place.
    data : (x, t) pair
    optimizer : Optimizer
        Its ``lr`` may be changed between two steps.
    batch_size : int, optional
        Rows per step; all of them where left out.
    epochs : int, optional
        Length of the run; endless where left out.
    rng : int or numpy.random.Generator
        Decides the order of the rows.
    enough : float
        A run ends after the first step whose loss is below.
    keep_losses : bool
        False for a run that may go on for hours: `losses` stays empty then.
    choice : object
        What the caller wants to remember with it.

    Attributes
    ----------
    step : int
        Steps made so far, with the one in which it diverged.
    steps, per_epoch : int
        Length of the whole run, and of an epoch.
    losses : list of float
        Of each step's mini-batch, before the step.
    loss : float
        The last of them; infinite once the run has diverged, NaN before the first step.
    error : Diverged or None
    finished : bool
        Whether all steps are made, the loss is low enough, or the run has diverged.
    """

    def __init__(
        self, net, data, optimizer, *, batch_size=None, epochs=None, rng=0, enough=0.0, keep_losses=True, choice=None
    ):
        epochs = ENDLESS if epochs is None else epochs
        self.records = train(net, data, optimizer, batch_size=batch_size, epochs=epochs, rng=rng)
        self.net, self.data, self.optimizer, self.choice = net, data, optimizer, choice
        self.enough, self.keep_losses = enough, keep_losses
        self.per_epoch = 1 if batch_size is None else -(-len(data[0]) // batch_size)
        self.steps = epochs * self.per_epoch
        self.step, self.losses, self.loss = 0, [], math.nan
        self.error, self.finished = None, False

    def advance(self, steps):
        """Make at most `steps` steps."""
        try:
            for _step in range(0 if self.finished else steps):
                record = next(self.records)
                self.step, self.loss = record.step, record.loss
                if self.keep_losses:
                    self.losses.append(record.loss)
                if record.step == self.steps:
                    next(self.records, None)  # the last step may have made parameters that are not finite
                if record.step == self.steps or record.loss < self.enough:
                    self.finished = True
                    return
        except Diverged as error:
            self.step, self.loss = error.step, math.inf
            self.error, self.finished = error, True

    def finish(self):
        """Make all steps that are left, and return the run itself."""
        self.advance(self.steps - self.step)
        return self

    @property
    def curve(self):
        """The losses so far; of a run that has diverged, infinity in the step where it did."""
        return [*self.losses, math.inf] if self.error and len(self.losses) < self.step else self.losses

    def probabilities(self, x):
        """Return (n, k) probabilities of the classes, alike where a run that diverged knows none."""
        return probabilities(self.net, x)

    def status(self, data, held_out=None):
        """Say how far it is, and how many rows it gets right, as a list of phrases."""
        loss = number(self.loss) if self.step else "–"
        if self.step and self.per_epoch > 1:  # it saw a part of the rows: it is not the loss of them all
            loss_words = _("loss of the last batch {loss}").format(loss=loss)
        else:
            loss_words = _("loss {loss}").format(loss=loss)
        right = self._right(data)
        if held_out is None:
            right_words = _("right on training data: {right}").format(right=right)
        else:
            right_words = _("right on training data: {right}, on held-out data: {held_out}").format(
                right=right, held_out=self._right(held_out)
            )
        return [_("step {step} of {steps}").format(step=self.step, steps=self.steps), loss_words, right_words]

    def _right(self, data):
        """Count right decisions, as ``146/150``."""
        right = decided_right(self.net, data)
        return f"{int(right.sum())}/{len(right)}"


def networks(net, widths, rng):
    """Return the networks to choose from, by width: for ``[None]`` `net` itself, else those of ``net(width, rng)``."""
    made = widths != [None]
    if isinstance(net, Sequential) == made or (made and not callable(net)):
        rule = _("net must be a function net(width, rng) with widths, and a Sequential without, got {got}")
        raise TypeError(rule.format(got=kind_of(net)))
    nets = {width: net(width, rng) if made else net for width in widths}
    for width, one in nets.items():
        if not isinstance(one, Sequential):
            rule = _("net({width}, {rng}) must return a Sequential, got {got}")
            raise TypeError(rule.format(width=width, rng=rng, got=kind_of(one)))
    return nets
