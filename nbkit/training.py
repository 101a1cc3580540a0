"""Mini-batch learning as a generator: one record per step, and the caller decides when to look or to stop."""

import math
from contextlib import suppress
from typing import NamedTuple

import numpy as np

from nbkit.checks import pair_of, whole
from nbkit.functions import without_warnings
from nbkit.messages import _, kind_of

CHECKED_AT_ONCE = 256  # rows


class Record(NamedTuple):
    """One step of training: `loss` is that of its mini-batch, before the step changed anything."""

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
        if not self.records:
            return _("History of {n} steps").format(n=0)
        return _("History of {n} steps, last loss {loss:.4g}").format(n=len(self), loss=self.records[-1].loss)

    def append(self, record):
        """Add the record of one more step."""
        self.records.append(record)

    @property
    def loss(self):
        """Loss of each step's mini-batch, (steps,) array."""
        return np.array([record.loss for record in self.records])


def train(net, data, optimizer, *, batch_size=None, epochs=1, rng=0):
    """Train `net`, one mini-batch per step, as a generator that can be paused, watched or left at any step.

    Each epoch visits every row once, in a new random order.

    Parameters
    ----------
    net : Sequential
        With a loss. Its parameters are changed in place.
    data : (x, t) pair
        Features, n rows, and targets, n rows in a shape that the loss takes.
    optimizer : Optimizer
        Its ``lr`` may be changed while the training runs.
    batch_size : int, optional
        Rows per step, from 1 to n; all of them where left out.
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
    x, t = pair_of(data)
    n = len(x)
    batch_size = n if batch_size is None else whole("batch_size", batch_size, 1, n)
    epochs = whole("epochs", epochs, 1)
    if not hasattr(optimizer, "step"):
        rule = _("the optimizer must be one of nbkit's, such as SGD(lr=0.1), got {}")
        raise TypeError(rule.format(kind_of(optimizer)))
    without_warnings(_refuse_wrong, net, x, t)
    return _steps(net, x, t, optimizer, batch_size, epochs, np.random.default_rng(rng))


def _refuse_wrong(net, x, t):
    """Run forward once, so that a wrong shape or label shows before anything has been learned.

    In parts, as layers keep what backward needs: for all rows at once a convolution takes more than all the rest.
    """
    with suppress(TypeError, ValueError):
        for start in range(0, len(x), CHECKED_AT_ONCE):
            rows = slice(start, start + CHECKED_AT_ONCE)
            net.loss(x[rows], t[rows])
        return
    net.loss(x, t)  # tells of all rows what is wrong, not of a part


def _steps(net, x, t, optimizer, batch_size, epochs, rng):
    n, step = len(x), 0
    for epoch in range(1, epochs + 1):
        order = None if batch_size == n else rng.permutation(n)
        for start in range(0, n, batch_size):
            rows = slice(None) if order is None else order[start : start + batch_size]
            step += 1
            # one clear error instead of a flood of warnings
            loss = without_warnings(_one_step, net, x[rows], t[rows], optimizer, step)
            yield Record(step, epoch, loss)
    for layer in net.layers:
        if not all(np.isfinite(param).all() for param in layer.params.values()):
            raise _diverged(layer, step)


def _one_step(net, x, t, optimizer, step):
    loss = net.loss(x, t)
    if not math.isfinite(loss):
        raise _diverged(_first_non_finite(net, x), step)
    net.backward()
    optimizer.step(net.params_and_grads())
    return loss


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
