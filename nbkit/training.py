"""Mini-batch learning as a generator: one record a step, and the caller decides when to look or to stop."""

import math
from typing import NamedTuple

import numpy as np

from nbkit.functions import as_labels, check_finite
from nbkit.messages import _, kind_of


class Record(NamedTuple):
    """What one step of training tells: `loss` is that of its mini-batch, before the step changed anything."""

    step: int
    epoch: int
    loss: float


class Diverged(ArithmeticError):
    """Training blew up: numbers became infinite or NaN.

    Attributes
    ----------
    step : int
        The step in which it showed.
    layer : str
        The first layer, from the left, whose parameters or output are no longer finite.
    """

    def __init__(self, message, step, layer):
        super().__init__(message)
        self.step = step
        self.layer = layer


class History:
    """The records of a training run, as columns.

    Parameters
    ----------
    records : iterable of Record, optional
        A running ``train(...)`` may be given directly: it is run to its end.
    """

    def __init__(self, records=()):
        self.records = list(records)

    def __len__(self):
        return len(self.records)

    def __repr__(self):
        end = f", last loss {self.records[-1].loss:.4g}" if self.records else ""
        return f"History of {len(self)} steps{end}"

    def append(self, record):
        """Add the record of one more step."""
        self.records.append(record)

    @property
    def loss(self):
        """Loss of each step's mini-batch, (steps,) array."""
        return np.array([record.loss for record in self.records])

    @property
    def epoch_loss(self):
        """Mean of the losses of each epoch, (epochs,) array: smoother where batches are small."""
        epochs = np.array([record.epoch for record in self.records], dtype=int)
        loss = self.loss
        return np.array([loss[epochs == epoch].mean() for epoch in np.unique(epochs)])


def train(net, data, optimizer, *, batch_size=None, epochs=1, rng=0):
    """Train `net`, one mini-batch a step, as a generator that can be paused, watched or left at any step.

    Everything is checked before the first step. Each epoch visits every row once, in a new random order.

    Parameters
    ----------
    net : Sequential
        With a loss. Its parameters are changed in place.
    data : (x, t) pair
        Features, n rows, and targets, n rows in a shape that the loss takes.
    optimizer : Optimizer
        Its ``lr`` may be changed while the training runs.
    batch_size : int, optional
        Rows a step, from 1 to n; all of them where left out.
    epochs : int
        How often all rows are visited.
    rng : numpy.random.Generator or int
        Decides the order of the rows.

    Returns
    -------
    generator of Record

    Raises
    ------
    TypeError, ValueError
        At once, if the data or a setting cannot be used.
    Diverged
        During the run, as soon as a loss is no longer finite. The step that would follow is not made.
    """
    x, t = _checked_data(data)
    n = len(x)
    batch_size = n if batch_size is None else _whole(batch_size, "batch_size", 1, n)
    epochs = _whole(epochs, "epochs", 1)
    if not hasattr(optimizer, "step"):
        raise TypeError(
            _("the optimizer must be one of nbkit's, such as SGD(lr=0.1), got {}").format(kind_of(optimizer))
        )
    with np.errstate(all="ignore"):
        net.loss(x, t)  # a wrong shape or label shows here, before anything has been learned
    return _steps(net, x, t, optimizer, batch_size, epochs, np.random.default_rng(rng))


def _steps(net, x, t, optimizer, batch_size, epochs, rng):
    n, step = len(x), 0
    for epoch in range(1, epochs + 1):
        order = None if batch_size == n else rng.permutation(n)
        for start in range(0, n, batch_size):
            rows = slice(None) if order is None else order[start : start + batch_size]
            step += 1
            yield Record(step, epoch, _one_step(net, x[rows], t[rows], optimizer, step))
    _refuse_non_finite_parameters(net, step)


def _one_step(net, x, t, optimizer, step):
    with np.errstate(all="ignore"):  # one clear error instead of a flood of warnings
        loss = net.loss(x, t)
        if not math.isfinite(loss):
            raise _diverged(_first_non_finite(net, x), step)
        net.backward()
        optimizer.step(net.params_and_grads())
    return loss


def _refuse_non_finite_parameters(net, step):
    for layer in net.layers:
        if not all(np.isfinite(param).all() for param in layer.params.values()):
            raise _diverged(layer, step)


def _first_non_finite(net, x):
    """Find the first layer from the left whose parameters or output are not finite."""
    for layer in net.layers:
        x = layer.forward(x)
        if not all(np.isfinite(numbers).all() for numbers in (x, *layer.params.values())):
            return layer
    return net.loss_layer


def _diverged(layer, step):
    message = _(
        "training diverged in step {step}: {layer} is the first layer with numbers that are no longer finite; "
        "a smaller learning rate may help"
    )
    return Diverged(message.format(step=step, layer=layer), step, layer.name or str(layer))


def _checked_data(data):
    if not isinstance(data, tuple | list) or len(data) < 2:
        raise TypeError(_("data must be a pair (x, t), got {}").format(kind_of(data)))
    x, t = check_finite(data[0], "x"), as_labels(data[1])
    check_finite(t, "t")
    if not x.ndim or not t.ndim or len(x) != len(t) or not len(x):
        raise ValueError(
            _("x and t must have the same number of rows, at least one, got shapes {x} and {t}").format(
                x=x.shape, t=t.shape
            )
        )
    return x, t


def _whole(value, name, low, high=None):
    if (
        isinstance(value, bool)
        or not isinstance(value, int | np.integer)
        or value < low
        or (high is not None and value > high)
    ):
        rule = (
            _("from {low} to {high}").format(low=low, high=high)
            if high is not None
            else _("of at least {}").format(low)
        )
        raise ValueError(
            _("{name} must be a whole number {rule}, got {got}").format(name=name, rule=rule, got=kind_of(value))
        )
    return int(value)
