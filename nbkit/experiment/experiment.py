"""A net in training that can be stopped at any step, judged, changed on the way and taken back to a good state."""

import math
from collections import deque
from itertools import islice, pairwise
from typing import NamedTuple

import numpy as np

from nbkit.experiment.settings import ACTIVATIONS, LOSSES
from nbkit.experiment.sources import SOURCES, held_out_rows, refuse_empty, scale_of
from nbkit.functions import one_hot
from nbkit.layers import Affine, MSELoss
from nbkit.messages import _
from nbkit.network import Sequential
from nbkit.optimizers import make_optimizer
from nbkit.training import Diverged, train

LIVE = {"lr", "weight_decay", "batch_size", "optimizer", "points"}  # may change while the weights stay
FOR_EVER = 10**9  # epochs
ASLEEP = 1e-3  # a unit that lets less than this share of any row's gradient through learns nothing


class Judgement(NamedTuple):
    """How good the net is, on all rows at once.

    Attributes
    ----------
    step : int
    loss, right : float
        On the training rows: the loss, and the share that is decided as the labels say.
    held_out_loss, held_out_right : float
        The same on held-out rows; NaN where there are none.
    norms : dict of str to float
        Length of the loss's gradient with respect to all parameters of each layer that has any.
    asleep : dict of str to (units,) array of bool
        For each layer with an activation after it: units that pass no gradient for any training row. A ReLU that is
        never above 0 is dead; a tanh or sigmoid is saturated.
    """

    step: int
    loss: float
    right: float
    held_out_loss: float
    held_out_right: float
    norms: dict
    asleep: dict


class Experiment:
    """Data, net, optimizer and how far the training is.

    Parameters
    ----------
    settings : Settings

    Attributes
    ----------
    settings : Settings
    data : Data
        All rows, in their own units.
    out : (n,) array of bool
        Which rows are held out.
    mean, spread : (2,) array
        What is subtracted from the features, and by what they are divided then.
    net : Sequential
    step : int
        Steps made since the start.
    epochs : float
        How often the training rows were used since the start, counted while it happens: a batch of another size later
        changes nothing about it.
    trouble : str
        Why the training stopped by itself, if it did.
    altered : bool
        Whether settings or parameters were changed by hand since step 0.

    Raises
    ------
    ValueError, FileNotFoundError
        If the data cannot be had.
    """

    def __init__(self, settings):
        self.settings = settings
        self.data = SOURCES[settings.data][0](settings)
        self.rng = np.random.default_rng(settings.seed)
        self.net = make_net(settings, len(self.data.classes), self.rng)
        self.step, self.epochs, self.trouble, self.altered = 0, 0.0, "", False
        self.first_loss, self.good = math.inf, None
        self._split()
        self._new_optimizer()

    def _split(self):
        n = len(self.data.x)
        self.out = held_out_rows(n, self.settings.held_out)
        if self.step == 0:  # later points are seen with the eyes of the first ones
            self.mean, self.spread = scale_of(self.data.x[~self.out], self.settings.data)
        self.x = (self.data.x - self.mean) / self.spread
        self.t = targets(self.data.t, len(self.data.classes), self.net.loss_layer)

    def _new_optimizer(self):
        settings = self.settings
        self.optimizer = make_optimizer(settings.optimizer, settings.lr, weight_decay=settings.weight_decay)
        self._new_records()

    def _new_records(self):
        """Begin a new epoch, with the same net and optimizer."""
        self.before, self.records, rows = (self.step, self.epochs), None, int((~self.out).sum())
        if rows:
            batch = min(self.settings.batch_size, rows)
            data = self.x[~self.out], self.t[~self.out]
            self.per_epoch = math.ceil(rows / batch)
            self.records = train(self.net, data, self.optimizer, batch_size=batch, epochs=FOR_EVER, rng=self.rng)

    def advance(self, steps):
        """Make `steps` steps, fewer where the training diverges: `trouble` then says where.

        Raises
        ------
        ValueError
            If there is nothing to learn from.
        """
        refuse_empty(self.data)
        if self.trouble:
            return
        try:
            last = deque(islice(self.records, steps), maxlen=1)
            if last:
                self._count(last[0].step)
        except Diverged as error:
            self._count(error.step)
            self.trouble = _(
                "Diverged in step {step}: {layer} is the first layer whose numbers are no longer finite."
            ).format(step=self.step, layer=error.layer)

    def _count(self, steps):
        """Count steps made since the present records began, and the epochs that they are."""
        step, epochs = self.before
        self.step, self.epochs = step + steps, epochs + steps / self.per_epoch

    def rest_of_epoch(self):
        """Return how many steps are left until every row has been used once more."""
        refuse_empty(self.data)
        return self.per_epoch - (self.step - self.before[0]) % self.per_epoch

    def judge(self):
        """Look at all rows, and keep the state if it is a good one: no worse than the start.

        Returns
        -------
        Judgement
        """
        with np.errstate(all="ignore"):
            loss, right = self._on(~self.out)
            norms, asleep = (self._norms(), self._asleep()) if math.isfinite(loss) else ({}, {})
            held_out_loss, held_out_right = self._on(self.out)
        if self.step == 0:
            self.first_loss = loss
        if not self.trouble and loss <= self.first_loss:
            self.good = self.step, self.epochs, {name: param.copy() for name, param in self.net.parameters().items()}
        return Judgement(self.step, loss, right, held_out_loss, held_out_right, norms, asleep)

    def _on(self, rows):
        if not rows.any():
            return math.nan, math.nan
        scores = self.net(self.x[rows])
        loss = float(self.net.loss_layer.forward(scores, self.t[rows]))
        return loss, float(np.mean(self.net.loss_layer.decide(scores).ravel() == self.data.t[rows]))

    def _norms(self):
        self.net.backward()
        return {
            layer.name: math.sqrt(sum(float(np.vdot(grad, grad)) for grad in layer.grads.values()))
            for layer in self.net.layers
            if layer.grads
        }

    def _asleep(self):
        asleep = {}
        for layer, bend in pairwise(self.net.layers):
            if layer.params and not bend.params:
                shape, _kept = bend.memory
                asleep[layer.name] = np.abs(bend.backward(np.ones(shape))).max(axis=0) < ASLEEP
        return asleep

    def probabilities(self, x):
        """Return (m, k) probabilities for points in the data's own units; alike where the net's numbers blew up."""
        with np.errstate(all="ignore"):
            shares = self.net.probabilities((x - self.mean) / self.spread)
        return np.nan_to_num(shares, nan=1 / shares.shape[1])

    def units(self, x):
        """Return what the units of each hidden layer, and the output, make of points: a list of (m, units) arrays."""
        y, seen = (x - self.mean) / self.spread, []
        with np.errstate(all="ignore"):
            for layer, after in pairwise((*self.net.layers, None)):
                y = layer.forward(y)
                if after is None or after.params:
                    seen.append(y)
        return seen

    def changed(self, settings):
        """Return an experiment with other settings: this one where its weights can stay, a new one elsewhere."""
        names = {name for name in vars(settings) if getattr(settings, name) != getattr(self.settings, name)}
        if not names <= LIVE:
            return Experiment(settings)
        if "points" in names:
            data = SOURCES[settings.data][0](settings)
            if len(data.classes) != len(self.data.classes):
                return Experiment(settings)
            self.data = data
        self.settings, self.altered = settings, self.altered or bool(names and self.step)
        self.optimizer.lr, self.optimizer.weight_decay = settings.lr, settings.weight_decay
        if "points" in names:
            self._split()
        if "optimizer" in names:
            self._new_optimizer()
        elif names & {"points", "batch_size"}:
            self._new_records()
        return self

    def back_to_good(self):
        """Set all parameters to the last good state, forget the trouble, and return the step of that state.

        Raises
        ------
        ValueError
            If none was seen.
        """
        if self.good is None:
            raise ValueError(_("there is no good state to go back to"))
        self.step, self.epochs, params = self.good
        for name, param in self.net.parameters().items():
            param[...] = params[name]
        self.trouble, self.altered = "", True
        self._new_optimizer()  # an optimizer's memory may have blown up as well
        return self.step


def start_for(activation):
    """Return the kind of start weights that suits an activation: see `Affine.random`."""
    return "he" if "ReLU" in activation else "xavier"


def make_net(settings, classes, rng):
    """Make the net of an experiment, with start weights that suit its activation.

    Returns
    -------
    Sequential
    """
    outputs, init = 1 if classes == 2 else classes, start_for(settings.activation)
    layers = []
    for i, (d, k) in enumerate(pairwise((2, *settings.hidden, outputs)), 1):
        last = i > len(settings.hidden)
        layers.append(Affine.random(d, k, rng, init, "output" if last else f"hidden {i}"))
        if not last:
            layers.append(ACTIVATIONS[settings.activation](name=f"{settings.activation} {i}"))
    return Sequential(layers, LOSSES[settings.loss][classes > 2]())


def targets(t, classes, loss):
    """Return labels in the shape that `loss` takes: a column for two classes, labels or one-hot rows for more."""
    if classes == 2:
        return t.reshape(-1, 1)
    return one_hot(t, classes) if isinstance(loss, MSELoss) else t
