"""A net in training that can be stopped at any step, judged, changed on the way and taken back to a good state."""

import math
from collections import deque
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from nbkit.experiment.features import features_of
from nbkit.experiment.measures import gradient_norms, probabilities, saturated_units
from nbkit.experiment.run import Run
from nbkit.experiment.settings import ACTIVATIONS, LOSSES
from nbkit.experiment.sources import SOURCES, held_out_rows, refuse_empty, scale_of
from nbkit.experiment.track import State, Track
from nbkit.functions import one_hot
from nbkit.layers import Affine, MSELoss
from nbkit.messages import _
from nbkit.network import Sequential
from nbkit.optimizers import make_optimizer

LIVE = {"lr", "weight_decay", "batch_size", "optimizer", "points"}  # may change while the weights stay
STEPS_PER_COPY = 8  # between two copies of the parameters, of which a divergence leaves the last finite one
COPIES = 3
MIN_CALM_STEPS = 20_000  # a plateau that is left later than that was left for good: see `calm_steps`
CALM_FALL = 0.001  # of the loss


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
        What is subtracted from the coordinates, and by what they are divided then.
    x : (n, d) array
        What the net takes of each row: see `inputs`.
    net : Sequential
    step : int
        Steps made since the start.
    epochs : float
        How often the training rows were used since the start, whatever the batch sizes were.
    track : Track
        What `judge` has seen, with the states to which `go_to` goes back.
    looking_back : bool
        Whether it stands at an earlier moment of its track. The next step, and any change, goes on from there, and the
        moments after it are forgotten.
    error : str
        Why the training stopped by itself, if it did.
    blown : str
        The name of the first layer whose numbers were no longer finite then.
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
        self.step, self.epochs, self.error, self.blown, self.altered = 0, 0.0, "", "", False
        self.track, self.first_loss, self.checkpoint = Track(), math.inf, None
        self.looking_back, self.changed_in, self.copies = False, 0, deque(maxlen=COPIES)
        self._split()
        self._new_optimizer()

    def _split(self):
        self.held_out_mask = held_out_rows(len(self.data.x), self.settings.held_out)
        if self.step == 0:  # points that come later are scaled as the first ones were
            self.mean, self.std = scale_of(self.data.x[~self.held_out_mask], self.settings.data)
        self.x = self.inputs(self.data.x)
        self.t = targets(self.data.t, len(self.data.classes), self.net.loss_layer)

    def inputs(self, x):
        """Return what the net takes of points in the data's own units: their features, once they are standardised."""
        return features_of((x - self.mean) / self.std, self.settings.features)

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
        self._go_on_from_here()
        start, (step, epochs) = self.step, self.before
        while self.step < start + steps and not self.error:
            self.copies.append(self._state())
            self.run.advance(min(STEPS_PER_COPY, start + steps - self.step))
            self.step, self.epochs = step + self.run.step, epochs + self.run.step / self.run.per_epoch
            if self.run.error:
                self.blown = self.run.error.layer
                self.error = _(
                    "Diverged in step {step}: {layer} is the first layer whose numbers are no longer finite."
                ).format(step=self.step, layer=self.blown)

    def _state(self):
        parameters = {name: param.copy() for name, param in self.net.parameters().items()}
        return State(self.step, self.epochs, parameters, self.error)

    def _load(self, parameters):
        for name, param in self.net.parameters().items():
            param[...] = parameters[name]

    def rest_of_epoch(self):
        """Return how many steps are left until every row has been used once more."""
        refuse_empty(self.data)
        made = 0 if self.looking_back else self.run.step
        return self.run.per_epoch - made % self.run.per_epoch

    def judge(self):
        """Return a `Judgement` on all rows, and keep the state as a checkpoint if it is no worse than the start."""
        judgement = self._judgement()
        if self.error:  # also where the parameters are those of `last_finite`
            judgement = judgement._replace(loss=math.inf, held_out_loss=judgement.held_out_loss + math.inf)
        if self.step == 0 and not self.looking_back:
            self.first_loss = judgement.loss
        if not self.looking_back:
            state = self._state()
            if not self.error and judgement.loss <= self.first_loss:
                self.checkpoint = state
            self.track.add(judgement, state)
        return judgement

    @np.errstate(all="ignore")
    def _judgement(self):
        loss, right = self._on(~self.held_out_mask)
        norms, saturated = {}, {}
        if math.isfinite(loss):
            self.net.backward()
            norms, saturated = gradient_norms(self.net), saturated_units(self.net)
        return Judgement(self.step, loss, right, *self._on(self.held_out_mask), norms, saturated)

    def last_finite(self):
        """After a divergence, go back to the last parameters with a finite loss, and return their `Judgement`."""
        for state in reversed(self.copies):
            self._load(state.parameters)
            judgement = self._judgement()._replace(step=state.step)
            if math.isfinite(judgement.loss):
                break
        return judgement

    @property
    def calm_steps(self):
        """Over how many steps, by now, the training loss has fallen by less than `CALM_FALL`; 0 where it still falls.

        It takes half of all steps, at least `MIN_CALM_STEPS`, and as many since the last change.
        """
        steps = max(MIN_CALM_STEPS, self.step // 2)
        if self.error or self.looking_back or self.step - steps < self.changed_in:
            return 0
        return steps if self.track.fall(self.changed_in, self.step - steps) < CALM_FALL else 0

    def _on(self, rows):
        if not rows.any():
            return math.nan, math.nan
        scores = self.net(self.x[rows])
        loss = float(self.net.loss_layer.forward(scores, self.t[rows]))
        return loss, float(np.mean(self.net.loss_layer.decide(scores).ravel() == self.data.t[rows]))

    def probabilities(self, x):
        """Return (m, k) probabilities for points in the data's own units; alike where the net's numbers blew up."""
        return probabilities(self.net, self.inputs(x))

    def units(self, x):
        """Return what the units of each hidden layer, and the output, make of points: a list of (m, units) arrays."""
        y, seen = self.inputs(x), []
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
        if names:
            self._go_on_from_here()
            self.changed_in = self.step
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

    def set_parameter(self, name, index, value):
        """Set one number among the parameters, such as ``("hidden 1.W", (0, 2), 0.5)``."""
        if self.error:
            raise ValueError(_("this run has blown up: go back first"))
        self._go_on_from_here()
        self.net.parameters()[name][index] = value
        self.altered, self.changed_in = True, self.step

    # ------------------------------------------------------------ the way back

    def go_to(self, i):
        """Go to moment `i` of the track, to look at it; nothing is forgotten until something is changed there."""
        if not self.looking_back:
            self.judge()  # so that there is a way back to where it is
        moments = self.track.moments
        self.step, self.epochs, parameters, self.error = moments[i].state
        self._load(parameters)
        self.looking_back = moments[i] is not moments[-1]

    def _go_on_from_here(self):
        """Make the moment that is looked at the present one."""
        if not self.looking_back:
            return
        self.looking_back, self.altered, self.changed_in = False, True, self.step
        self.track.forget_from(self.step + 1)
        good = [moment.state for moment in self.track.moments if moment.loss <= self.first_loss]
        self.checkpoint = good[-1] if good else None
        self._new_optimizer()  # its memory is of later steps

    def rollback(self):
        """Set all parameters to the last checkpoint, forget the error, and return the step of that state."""
        if self.checkpoint is None:
            raise ValueError(_("there is no good state to go back to"))
        self.step, self.epochs, parameters, self.error = self.checkpoint
        self._load(parameters)
        self.looking_back, self.altered, self.changed_in = False, True, self.step
        self._new_optimizer()  # an optimizer's memory may have blown up as well
        return self.step


def initializer(activation):
    """Return the kind of start weights that suits an activation: see `Affine.random`."""
    return "he" if "ReLU" in activation else "xavier"


def make_net(settings, classes, rng):
    """Return the `Sequential` of an experiment, with start weights that suit its activation."""
    outputs, init = 1 if classes == 2 else classes, initializer(settings.activation)
    layers = []
    for i, (d, k) in enumerate(pairwise((len(settings.features), *settings.hidden, outputs)), 1):
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
