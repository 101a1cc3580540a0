"""Where the points of an experiment come from: made data, flowers, a file, or the learner's own points."""

import numpy as np

from nbkit.datasets import PLANE_FEATURES, Dataset, circles, iris, moons, read_csv, spiral, xor
from nbkit.messages import _

ROWS = 200  # of made data
OWN_CLASSES = (_("purple circle"), _("green square"), _("brown diamond"))  # names of the classes of own points


def noisy_xor(noise):
    """Fifty points around each corner of exclusive or."""
    corners = xor()
    rows = np.arange(ROWS) % 4
    x = corners.x[rows] + np.random.default_rng(0).normal(0.0, noise, (ROWS, 2))
    return Dataset(x, corners.t[rows], corners.features, corners.classes)


def two_of_iris(first, second):
    """Flowers of all three species, by two of their four lengths."""
    flowers = iris()
    columns = [first, second]
    return Dataset(flowers.x[:, columns], flowers.t, tuple(flowers.features[c] for c in columns), flowers.classes)


def own(points):
    """Points that the learner has set, of two classes or of as many as there are."""
    x = np.array([point[:2] for point in points], dtype=float).reshape(-1, 2)
    t = np.array([point[2] for point in points], dtype=int)
    return Dataset(x, t, PLANE_FEATURES, OWN_CLASSES[: max(2, t.max(initial=0) + 1)])


# A function of the settings that returns a Dataset, and the template of its exported code.
SOURCES = {
    "xor": (lambda settings: noisy_xor(settings.noise), "sources.noisy_xor({noise})"),
    "circles": (lambda settings: circles(ROWS, settings.noise), "datasets.circles(200, {noise})"),
    "moons": (lambda settings: moons(ROWS, settings.noise), "datasets.moons(200, {noise})"),
    "spiral": (lambda settings: spiral(ROWS, settings.noise), "datasets.spiral(200, {noise})"),
    "iris, petals": (lambda settings: two_of_iris(2, 3), "sources.two_of_iris(2, 3)"),
    "iris, sepals": (lambda settings: two_of_iris(0, 1), "sources.two_of_iris(0, 1)"),
    "own points": (lambda settings: own(settings.points), "sources.own({points})"),
    "CSV file": (lambda settings: read_csv(settings.path), "datasets.read_csv({path!r})"),
}
# What a reader calls them.
SOURCE_NAMES = {
    "xor": _("xor"), "circles": _("circles"), "moons": _("moons"), "spiral": _("spiral"),
    "iris, petals": _("iris, petals"), "iris, sepals": _("iris, sepals"),
    "own points": _("own points"), "CSV file": _("CSV file"),
}  # fmt: skip
SCALED = ("iris, petals", "iris, sepals", "CSV file")  # come in units of their own, so they are standardised
NOISY = ("xor", "circles", "moons", "spiral")


def fresh_points(settings, n):
    """Draw `n` new points of two rings or moons, by the rule of the experiment's own and with noise of their own."""
    return {"circles": circles, "moons": moons}[settings.data](n, settings.noise, rng=1)


def held_out_rows(n, share):
    """Toss a coin for each row: True for those held out. More rows later leave the first ones where they are."""
    if share == 0:
        return np.zeros(n, dtype=bool)
    rows = np.random.default_rng(0).random(n) < share
    return rows if not rows.all() else np.zeros(n, dtype=bool)


def scale_of(x, name):
    """Return (mean, standard deviation) of each column of `x`, or what changes nothing for data without units."""
    if name not in SCALED:
        return np.zeros(2), np.ones(2)
    std = x.std(axis=0)
    std[x.max(axis=0) == x.min(axis=0)] = 1.0  # as in exported code
    return x.mean(axis=0), std


def refuse_empty(data):
    """Say what to do where there is nothing to learn from."""
    if not len(data.x):
        raise ValueError(_("there are no points yet: click into the plane to set some"))
