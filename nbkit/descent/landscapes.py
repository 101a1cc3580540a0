"""Losses to walk down on: functions of one or two weights, recorded as graphs, and where to look at them."""

import inspect

import numpy as np

from nbkit.functions import check_finite
from nbkit.graph import Graph, Variable
from nbkit.layers import Tanh
from nbkit.messages import _, kind_of

NAMES = {1: ("w",), 2: ("w₁", "w₂")}  # of the weights, by their number
SAMPLES = {1: 241, 2: 81}  # points a side


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
    heights : (SAMPLES,) or (SAMPLES, SAMPLES) array
        The loss all over the range, the second weight first.

    Raises
    ------
    TypeError, ValueError
        If the function, the range or the start cannot be used.
    """

    def __init__(self, name, function, range, start=None):
        self.name, self.function = name, function
        self.names = NAMES[_weights(function)]
        self.ranges = _checked_ranges(range, len(self.names))
        middle = tuple(low + 0.25 * (high - low) for low, high in self.ranges)
        self.start = middle if start is None else self.checked(start)
        self.axes = [np.linspace(*ends, SAMPLES[len(self.names)]) for ends in self.ranges]
        self.heights = self._record(np.meshgrid(*self.axes)).output.value
        if self.heights.shape != (SAMPLES[len(self.names)],) * len(self.names):
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
            raise TypeError(
                _("the loss {name} does not run on Variables: {error}").format(name=self.name, error=error)
            ) from error
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
            raise ValueError(
                _("start must hold {n} numbers, one for each weight, got shape {got}").format(
                    n=len(self.names), got=place.shape
                )
            )
        return tuple(float(value) for value in place)

    def loss_and_gradient(self, places):
        """Run the graph at some places and walk back.

        Parameters
        ----------
        places : (m, d) array
            Of d weights.

        Returns
        -------
        losses : (m,) array
        gradients : (m, d) array
        """
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
    for n in NAMES:
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
        raise ValueError(
            _("range must be (low, high) with low < high, once or for each of {n} weights, got {got}").format(
                n=n, got=range
            )
        )
    return tuple((float(low), float(high)) for low, high in ends)


# What the picker offers, by name: function, range, start.
LANDSCAPES = {
    "bowl": (lambda w: w**2, (-3, 3), -2),
    "steep bowl": (lambda w: 4 * w**2, (-3, 3), -2),
    "two valleys": (lambda w: w**4 / 4 - w**2 + 0.3 * w + 1.5, (-2.4, 2.4), 2),
    "plateau": (lambda w: Tanh()(w) ** 2, (-4, 4), -2.4),
    "round bowl": (lambda w1, w2: w1**2 + w2**2, ((-3, 3), (-2.5, 2.5)), (-2.5, 1.5)),
    "ravine": (lambda w1, w2: w1**2 + 20 * w2**2, ((-3, 3), (-2.5, 2.5)), (-2.5, 1.5)),
    "saddle": (lambda w1, w2: w1**2 - w2**2 + w2**4 / 2 + 0.5, ((-2, 2), (-1.7, 1.7)), (-1.5, 0.06)),
    "bent valley": (lambda w1, w2: (1 - w1) ** 2 + 5 * (w2 - w1**2) ** 2, ((-2, 2), (-0.7, 2.6)), (-1.5, 0.5)),
}


def find_landscape(name):
    """Make one of the landscapes that the course knows by name.

    Raises
    ------
    ValueError
        If there is none of that name.
    """
    if name not in LANDSCAPES:
        raise ValueError(
            _("the loss must be a function or one of {known}, got {got}").format(
                known=", ".join(LANDSCAPES), got=kind_of(name)
            )
        )
    return Landscape(name, *LANDSCAPES[name])
