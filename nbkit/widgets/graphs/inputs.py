"""Sliders for the inputs of a graph."""

import numpy as np

from nbkit.messages import _, listed
from nbkit.widgets.kit.explorer import slider


def input_sliders(values, ranges=None):
    """Make {name: slider} for the `values` that are numbers; `ranges` holds (low, high, step) for some of them."""
    ranges = ranges or {}
    numbers = {name: float(value) for name, value in values.items() if not np.shape(value)}
    unknown = listed(str(name) for name in ranges if name not in numbers)
    if unknown and not numbers:
        raise ValueError(_("ranges names {got}, but no input is a number").format(got=unknown))
    if unknown:
        rule = _("ranges names {got}, but the inputs that are numbers are {known}")
        raise ValueError(rule.format(got=unknown, known=listed(numbers)))
    return {name: _slider(name, value, *(ranges.get(name) or _range_around(value))) for name, value in numbers.items()}


def values_of(sliders):
    """Return the values of sliders by name."""
    return {name: control.value for name, control in sliders.items()}


def _slider(name, value, low, high, step):
    if not low <= value <= high or not step > 0:
        rule = _("the range of {name!r} must hold its value {value:g} and have a step above 0, got {limits}")
        raise ValueError(rule.format(name=name, value=value, limits=(low, high, step)))
    return slider(name, value, low, high, float(step))


def _range_around(value):
    """Return (low, high, step) with the value in the middle, or at least inside."""
    if value == 0:
        return -1.0, 1.0, 0.01
    return *sorted((0.0, 2 * value)), abs(value) / 50
