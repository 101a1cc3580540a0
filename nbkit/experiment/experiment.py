"""A net in training that can be stopped at any step, judged, changed on the way and taken back to a good state."""

import math
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from nbkit.experiment.measures import gradient_norms, probabilities, saturated_units
from nbkit.experiment.run import Run
from nbkit.experiment.settings import ACTIVATIONS, LOSSES
from nbkit.experiment.sources import SOURCES, held_out_rows, refuse_empty, scale_of
from nbkit.functions import one_hot
from nbkit.layers import Affine, MSELoss
from nbkit.messages import _
from nbkit.network import Sequential
from nbkit.optimizers import make_optimizer

LIVE = {"lr", "weight_decay", "batch_size", "optimizer", "points"}  # may change while the weights stay
MAX_MOMENTS = 400  # of a track


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
    saturated : dict of str to (units,) array of bool
        For each layer with an activation after it: units that pass no gradient for any training row. A ReLU that is
        never above 0 is dead; a tanh or sigmoid is saturated.
    """

    step: int
    loss: float
    right: float
    held_out_loss: float
    held_out_right: float
    norms: dict
    saturated: dict


class Track:
    """Step, losses and accuracies of an experiment, at moments spread evenly over its steps."""

    def __init__(self):
        self.moments = []

    def add(self, judgement):
        """Add a judgement in place of those of the same step or later; of too many, drop every second one."""
        self.moments = [moment for moment in self.moments if moment[0] < judgement.step]
        self.moments.append(judgement[:5])
        if len(self.moments) > MAX_MOMENTS:
            self.moments = [*self.moments[:-1:2], self.moments[-1]]

    def columns(self):
        """Return (step, loss, right, held-out loss, held-out right), an array each."""
        return np.array(self.moments, dtype=float).reshape(-1, 5).T


class Experiment:
    """Data, net, optimizer and how far the training is.

    Parameters
    ----------
    settings : Settings

    Attributes
    ----------
    settings : Settings
    data : Dataset
        All rows, in their own units.
    held_out_mask : (n,) array of bool
        Which rows are held out.
    mean, std : (2,) array
        What is subtracted from the features, and by what they are divided then.
    net : Sequential
    step : int
        Steps made since the start.
    epochs : float
        How often the training rows were used since the start, whatever the batch sizes were.
    track : Track
        What `judge` has seen.
    error : str
        Why the training stopped by itself, if it did.
    altered : bool
        Whether settings or parameters were changed by the user since step 0.

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
        self.step, self.epochs, self.error, self.altered = 0, 0.0, "", False
        self.track, self.first_loss, self.checkpoint = Track(), math.inf, None
        self._split()
        self._new_optimizer()

    def _split(self):
        self.held_out_mask = held_out_rows(len(self.data.x), self.settings.held_out)
        if self.step == 0:  # points that come later are scaled as the first ones were
            self.mean, self.std = scale_of(self.data.x[~self.held_out_mask], self.settings.data)
        self.x = self._scaled(self.data.x)
        self.t = targets(self.data.t, len(self.data.classes), self.net.loss_layer)

    def _scaled(self, x):
        return (x - self.mean) / self.std

    def _new_optimizer(self):
        settings = self.settings
        self.optimizer = make_optimizer(settings.optimizer, settings.lr, weight_decay=settings.weight_decay)
        self._new_run()

    def _new_run(self):
        """Begin a new epoch, with the same net and optimizer."""
        self.before, self.run, rows = (self.step, self.epochs), None, int((~self.held_out_mask).sum())
        if rows:
            batch = min(self.settings.batch_size, rows)
            data = self.x[~self.held_out_mask], self.t[~self.held_out_mask]
            self.run = Run(self.net, data, self.optimizer, batch_size=batch, rng=self.rng, keep_losses=False)

    def advance(self, steps):
        """Make `steps` steps, fewer where the training diverges: `error` then says where."""
        refuse_empty(self.data)
        if self.error:
            return
        self.run.advance(steps)
        step, epochs = self.before
        self.step, self.epochs = step + self.run.step, epochs + self.run.step / self.run.per_epoch
        if self.run.error:
            self.error = _(
                "Diverged in step {step}: {layer} is the first layer whose numbers are no longer finite."
            ).format(step=self.step, layer=self.run.error.layer)

    def rest_of_epoch(self):
        """Return how many steps are left until every row has been used once more."""
        refuse_empty(self.data)
        return self.run.per_epoch - self.run.step % self.run.per_epoch

    def judge(self):
        """Return a `Judgement` on all rows, and keep the state as a checkpoint if it is no worse than the start."""
        with np.errstate(all="ignore"):
            loss, right = self._on(~self.held_out_mask)
            norms, saturated = {}, {}
            if math.isfinite(loss):
                self.net.backward()
                norms, saturated = gradient_norms(self.net), saturated_units(self.net)
            held_out_loss, held_out_right = self._on(self.held_out_mask)
        if self.step == 0:
            self.first_loss = loss
        if not self.error and loss <= self.first_loss:
            parameters = {name: param.copy() for name, param in self.net.parameters().items()}
            self.checkpoint = self.step, self.epochs, parameters
        judgement = Judgement(self.step, loss, right, held_out_loss, held_out_right, norms, saturated)
        self.track.add(judgement)
        return judgement

    def _on(self, rows):
        if not rows.any():
            return math.nan, math.nan
        scores = self.net(self.x[rows])
        loss = float(self.net.loss_layer.forward(scores, self.t[rows]))
        return loss, float(np.mean(self.net.loss_layer.decide(scores).ravel() == self.data.t[rows]))

    def probabilities(self, x):
        """Return (m, k) probabilities for points in the data's own units; alike where the net's numbers blew up."""
        return probabilities(self.net, self._scaled(x))

    def units(self, x):
        """Return what the units of each hidden layer, and the output, make of points: a list of (m, units) arrays."""
        y, seen = self._scaled(x), []
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
            self._new_run()
        return self

    def rollback(self):
        """Set all parameters to the last checkpoint, forget the error, and return the step of that state."""
        if self.checkpoint is None:
            raise ValueError(_("there is no good state to go back to"))
        self.step, self.epochs, params = self.checkpoint
        for name, param in self.net.parameters().items():
            param[...] = params[name]
        self.error, self.altered = "", True
        self._new_optimizer()  # an optimizer's memory may have blown up as well
        return self.step


def initializer(activation):
    """Return the kind of start weights that suits an activation: see `Affine.random`."""
    return "he" if "ReLU" in activation else "xavier"


def make_net(settings, classes, rng):
    """Return the `Sequential` of an experiment, with start weights that suit its activation."""
    outputs, init = 1 if classes == 2 else classes, initializer(settings.activation)
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
