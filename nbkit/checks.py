"""What a caller may give: each check returns the value in one form, or raises, naming the rule and what came.

The check of a graph, `graph_of`, stands in `nbkit.graph`: this module knows no graphs.
"""

import math
from difflib import get_close_matches
from numbers import Real

import numpy as np

from nbkit.functions import as_labels, check_finite
from nbkit.messages import _, kind_of

TRUTH_VALUES = bool | np.bool_


def whole(name, x, low, high=None):
    """Return `x` as an int, at least `low` and at most `high`; True and False are no whole numbers."""
    if _is_whole(x, low, high):
        return int(x)
    if high is None:
        rule = _("{name} must be a whole number of at least {low}, got {got}")
    else:
        rule = _("{name} must be a whole number from {low} to {high}, got {got}")
    raise ValueError(rule.format(name=name, low=low, high=high, got=kind_of(x)))


def wholes(name, values, low, high=None):
    """Return one whole number, or a row of them, as a list of int, each at least `low` and at most `high`."""
    row = list(values) if np.ndim(values) == 1 else [values]
    for x in row:
        if not _is_whole(x, low, high):
            if high is None:
                rule = _("{name} must be made of whole numbers of at least {low}, got {got}")
            else:
                rule = _("{name} must be made of whole numbers from {low} to {high}, got {got}")
            raise ValueError(rule.format(name=name, low=low, high=high, got=kind_of(x)))
    return [int(x) for x in row]


def _is_whole(x, low, high):
    is_whole = isinstance(x, int | np.integer) and not isinstance(x, TRUTH_VALUES)
    return is_whole and low <= x and (high is None or x <= high)


def real(name, x, low=None, high=None, *, above=None, below=None):
    """Return `x` as a finite float within bounds: `low` and `high` may be reached, `above` and `below` may not."""
    number = _as_finite(x)
    if (
        number is not None
        and (low is None or low <= number)
        and (high is None or number <= high)
        and (above is None or above < number)
        and (below is None or number < below)
    ):
        return number
    bounds = {"low": low, "high": high, "above": above, "below": below}
    rule = _real_rules()[tuple(bound for bound, value in bounds.items() if value is not None)]
    raise ValueError(rule.format(name=name, got=kind_of(x), **bounds))


def _as_finite(x):
    """Return a real number as a float; None where `x` is none, or is infinite or NaN."""
    if isinstance(x, np.ndarray) and not x.ndim:
        x = x[()]
    if not isinstance(x, Real) or isinstance(x, TRUTH_VALUES):
        return None
    try:
        number = float(x)
    except OverflowError:  # a whole number with hundreds of digits
        return None
    return number if math.isfinite(number) else None


def _real_rules():
    return {
        (): _("{name} must be a finite number, got {got}"),
        ("low",): _("{name} must be a number of at least {low}, got {got}"),
        ("above",): _("{name} must be a number above {above}, got {got}"),
        ("low", "high"): _("{name} must be a number from {low} to {high}, got {got}"),
        ("high", "above"): _("{name} must be a number above {above}, at most {high}, got {got}"),
        ("low", "below"): _("{name} must be a number of at least {low} and below {below}, got {got}"),
    }


def one_of(name, x, options):
    """Return the one of `options` that `x` is; for a text that is nearly one of them, ask whether that was meant."""
    options = list(options)
    if isinstance(x, str | int | float) and not isinstance(x, TRUTH_VALUES) and x in options:
        return options[options.index(x)]
    known = list(map(str, options))
    near = get_close_matches(x, known, n=1, cutoff=0.5) if isinstance(x, str) else []
    if near:
        rule = _("{name} must be one of {options}, got {got} (did you mean {near}?)")
    else:
        rule = _("{name} must be one of {options}, got {got}")
    raise ValueError(rule.format(name=name, options=", ".join(known), got=kind_of(x), near="".join(near)))


def pair_of(data):
    """Return x as floats and t as numbers, both finite, with the same number of rows; a `Dataset` begins with both."""
    if not isinstance(data, tuple | list) or len(data) < 2:
        raise TypeError(_("data must be a pair (x, t), got {}").format(kind_of(data)))
    x, t = check_finite(data[0], "x"), as_labels(data[1])
    check_finite(t, "t")
    if not x.ndim or not t.ndim or len(x) != len(t) or not len(x):
        rule = _("x and t must have the same number of rows, at least one, got shapes {x} and {t}")
        raise ValueError(rule.format(x=x.shape, t=t.shape))
    return x, t
