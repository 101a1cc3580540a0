"""Losses to descend on: functions of one or two weights, recorded as graphs, and where to look at them."""

import inspect

import numpy as np

from nbkit.functions import check_finite
from nbkit.graph import Graph, Variable
from nbkit.layers import Tanh
from nbkit.messages import _, kind_of

WEIGHT_NAMES = {1: ("w",), 2: ("w₁", "w₂")}  # by the number of weights
GRID_POINTS = {1: 241, 2: 81}  # per side, by the number of weights


class Landscape:
    """A loss of one or two weights, and the part of it that is shown.

    Parameters
    ----------
    name : str
    function : callable
        Takes one or two Variables and returns one, made with ``+ - * / **`` and layers that work number by number.
    range : (low, high), or a pair of them
        Of each weight.
    start : sequence of float, optional
        Where a walk begins, a quarter into the range where left out.

    Attributes
    ----------
    names : tuple of str
        What the weights are called in pictures.
    ranges : tuple of (low, high)
    start : tuple of float
    axes : list of array
        The places along each weight at which `heights` is known.
    heights : (GRID_POINTS,) or (GRID_POINTS, GRID_POINTS) array
        The loss all over the range, the second weight first.
    """

    def __init__(self, name, function, range, start=None):
        self.name, self.function = name, function
        self.names = WEIGHT_NAMES[_weights(function)]
        self.ranges = _checked_ranges(range, len(self.names))
        middle = tuple(low + 0.25 * (high - low) for low, high in self.ranges)
        self.start = middle if start is None else self.checked(start)
        self.axes = [np.linspace(*ends, GRID_POINTS[len(self.names)]) for ends in self.ranges]
        self.heights = self._record(np.meshgrid(*self.axes)).output.value
        if self.heights.shape != (GRID_POINTS[len(self.names)],) * len(self.names):
            raise ValueError(_("the loss should work on every number by itself, {} does not").format(name))
        if not np.isfinite(self.heights).any():
            raise ValueError(_("the loss {} is finite nowhere in {}").format(name, self.ranges))
        self.graphs = {}  # one for each number of places that are looked at together

    def __repr__(self):
        return f"Landscape {self.name!r} of {' and '.join(self.names)}"

    def _record(self, values):
        weights = [Variable(value, name) for value, name in zip(values, self.names, strict=True)]
        try:
            graph = Graph(self.function(*weights))
        except Exception as error:
            rule = _("the loss {name} does not run on Variables: {error}")
            raise TypeError(rule.format(name=self.name, error=error)) from error
        if tuple(sorted(graph.inputs)) != self.names:
            raise ValueError(
                _("the loss should depend on {rule}, {name} depends on {got}").format(
                    rule=", ".join(self.names), name=self.name, got=", ".join(sorted(graph.inputs)) or _("nothing")
                )
            )
        return graph

    def checked(self, place):
        """Return `place` as a tuple of floats, one per weight, or say what is wrong with it."""
        place = np.atleast_1d(check_finite(place, _("start")))
        if place.shape != (len(self.names),):
            rule = _("start must hold {n} numbers, one for each weight, got shape {got}")
            raise ValueError(rule.format(n=len(self.names), got=place.shape))
        return tuple(float(value) for value in place)

    def loss_and_gradient(self, places):
        """Return (m,) losses and (m, d) gradients of d weights, from the graph, at (m, d) places."""
        m = len(places)
        if m not in self.graphs:
            self.graphs[m] = self._record(places.T)
        graph = self.graphs[m]
        losses = graph.forward(**dict(zip(self.names, places.T, strict=True)))
        gradients = graph.backward()
        return losses, np.array([gradients[name] for name in self.names]).T


def _weights(function):
    """Count the weights that a loss takes."""
    if not callable(function):
        raise TypeError(_("the loss should be a function of w, or of w1 and w2, got {}").format(kind_of(function)))
    for n in WEIGHT_NAMES:
        try:
            inspect.signature(function).bind(*[None] * n)
        except (TypeError, ValueError):
            continue
        return n
    raise TypeError(_("the loss should take one weight or two: lambda w: ..., or lambda w1, w2: ..."))


def _checked_ranges(range, n):
    ends = check_finite(range, _("range"))
    if ends.shape == (2,):
        ends = np.tile(ends, (n, 1))
    if ends.shape != (n, 2) or not (ends[:, 0] < ends[:, 1]).all():
        rule = _("range must be (low, high) with low < high, once or for each of {n} weights, got {got}")
        raise ValueError(rule.format(n=n, got=range))
    return tuple((float(low), float(high)) for low, high in ends)


# What the picker offers, by name: how a reader calls it, function, range, start.
LANDSCAPES = {
    "bowl": (_("bowl"), lambda w: w**2, (-3, 3), -2),
    "steep bowl": (_("steep bowl"), lambda w: 4 * w**2, (-3, 3), -2),
    "two valleys": (_("two valleys"), lambda w: w**4 / 4 - w**2 + 0.3 * w + 1.5, (-2.4, 2.4), 2),
    "plateau": (_("plateau"), lambda w: Tanh()(w) ** 2, (-4, 4), -2.4),
    "round bowl": (_("round bowl"), lambda w1, w2: w1**2 + w2**2, ((-3, 3), (-2.5, 2.5)), (-2.5, 1.5)),
    "ravine": (_("ravine"), lambda w1, w2: w1**2 + 20 * w2**2, ((-3, 3), (-2.5, 2.5)), (-2.5, 1.5)),
    "saddle": (_("saddle"), lambda w1, w2: w1**2 - w2**2 + w2**4 / 2 + 0.5, ((-2, 2), (-1.7, 1.7)), (-1.5, 0.06)),
    "bent valley": (
        _("bent valley"), lambda w1, w2: (1 - w1) ** 2 + 5 * (w2 - w1**2) ** 2, ((-2, 2), (-0.7, 2.6)), (-1.5, 0.5)
    ),
}  # fmt: skip


def find_landscape(name):
    """Make one of the landscapes that the course knows by name."""
    if name not in LANDSCAPES:
        rule = _("the loss must be a function or one of {known}, got {got}")
        raise ValueError(rule.format(known=", ".join(LANDSCAPES), got=kind_of(name)))
    return Landscape(*LANDSCAPES[name])
