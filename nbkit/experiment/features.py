"""Features: numbers made from the two coordinates of a point, which a net takes as its inputs."""

from typing import NamedTuple

import numpy as np

from nbkit.messages import _, kind_of, shortened

USUAL = ("x1", "x2")
MAX_SHOWN_CHARACTERS = 40  # of a name that is refused


class Feature(NamedTuple):
    """Its `symbol` in the picture, the number `of` (x1, x2), and the `code` that computes it in an exported cell."""

    symbol: str
    of: object
    code: str


# Of the coordinates as a net gets them: standardised where the data come in units of their own, so that they are of
# the order of 1 for all data. Therefore the sines have π: one wave from -1 to 1, about two waves across a plane.
FEATURES = {
    "x1": Feature("x₁", lambda x1, _x2: x1, "x1"),
    "x2": Feature("x₂", lambda _x1, x2: x2, "x2"),
    "x1**2": Feature("x₁²", lambda x1, _x2: x1**2, "x1**2"),
    "x2**2": Feature("x₂²", lambda _x1, x2: x2**2, "x2**2"),
    "x1*x2": Feature("x₁x₂", lambda x1, x2: x1 * x2, "x1 * x2"),
    "sin(pi*x1)": Feature("sin πx₁", lambda x1, _x2: np.sin(np.pi * x1), "np.sin(np.pi * x1)"),
    "sin(pi*x2)": Feature("sin πx₂", lambda _x1, x2: np.sin(np.pi * x2), "np.sin(np.pi * x2)"),
}


def features_of(x, names):
    """Return the (n, len(names)) features of points x, (n, 2)."""
    if names == USUAL:
        return x
    with np.errstate(all="ignore"):  # far beyond all other points a square may be inf; the run says so then
        return np.stack([FEATURES[name].of(*x.T) for name in names], axis=1)


def symbols(names):
    """Return how features are written in the picture."""
    return tuple(FEATURES[name].symbol for name in names)


def checked_features(names):
    """Return names of features as a tuple, in the order of `FEATURES`; refuse others, two alike, and none at all."""
    if not isinstance(names, list | tuple):
        raise ValueError(
            _("features must be a list of some of {known}, got {got}").format(known=_KNOWN, got=kind_of(names))
        )
    unknown = [name for name in names if not isinstance(name, str) or name not in FEATURES]
    if unknown:
        got = repr(shortened(unknown[0], MAX_SHOWN_CHARACTERS)) if isinstance(unknown[0], str) else kind_of(unknown[0])
        raise ValueError(_("there is no feature {got}; the features are {known}").format(got=got, known=_KNOWN))
    if not names:
        raise ValueError(_("a net needs an input: keep at least one of the features {known}").format(known=_KNOWN))
    twice = [name for name in FEATURES if list(names).count(name) > 1]
    if twice:
        raise ValueError(_("features must hold each name once, got {} twice").format(twice[0]))
    return tuple(name for name in FEATURES if name in names)


def code_lines(names):
    """Yield the lines of an exported cell that make the features of x, (n, 2); none for the usual ones."""
    if names != USUAL:
        yield "x1, x2 = x.T"
        yield f"x = np.stack([{', '.join(FEATURES[name].code for name in names)}], axis=1)"


_KNOWN = ", ".join(FEATURES)
