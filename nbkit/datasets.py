"""Small data sets as plain arrays, all of them offline and the same for the same seed."""

import gzip
from pathlib import Path
from typing import NamedTuple

import numpy as np

from nbkit.checks import real, whole
from nbkit.csv_table import read_table
from nbkit.messages import _


class Dataset(NamedTuple):
    """Features `x` (n, d), labels `t` (n,) as class numbers from 0, and the names of columns and classes."""

    x: np.ndarray
    t: np.ndarray
    features: tuple
    classes: tuple


DATA = Path(__file__).with_name("data")  # where they come from: README.md there
PLANE_FEATURES = ("x₁", "x₂")
LAMP = (_("off"), _("on"))  # names of the classes of exclusive or, as a lamp with two switches
MAX_FILE_CLASSES = 8  # of a file
__all__ = ["Dataset", "circles", "digits", "iris", "moons", "read_csv", "spiral", "xor"]


def xor():
    """Exclusive or: four points, "1" where exactly one of the two inputs is 1."""
    x = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    return Dataset(x, np.array([0, 1, 1, 0]), PLANE_FEATURES, ("0", "1"))


def circles(n=200, noise=0.1, rng=0):
    """A ring inside a ring: `n` points, Gaussian noise with standard deviation `noise`."""
    n, noise = whole("n", n, 2), real("noise", noise, 0)
    outer, inner = (np.linspace(0, 2 * np.pi, many, endpoint=False) for many in _halves(n))
    return _two_curves(_on_circle(outer), 0.5 * _on_circle(inner), noise, rng, (_("outer"), _("inner")))


def moons(n=200, noise=0.1, rng=0):
    """Two crescents that reach into each other: `n` points, noise as in `circles`."""
    n, noise = whole("n", n, 2), real("noise", noise, 0)
    upper, lower = (_on_circle(np.linspace(0, np.pi, many)) for many in _halves(n))
    return _two_curves(upper, 1 - lower - [0, 0.5], noise, rng, (_("upper"), _("lower")))


def _halves(n):
    return n // 2, n - n // 2


def _on_circle(angles):
    return np.stack([np.cos(angles), np.sin(angles)], axis=1)


def _two_curves(first, second, noise, rng, classes):
    """Shuffle the points of two curves and add noise, number for number as make_circles and make_moons do."""
    x, t = np.concatenate([first, second]), np.repeat([0, 1], [len(first), len(second)])
    random = np.random.RandomState(int(np.random.default_rng(rng).integers(2**31)))  # the generator of scikit-learn
    order = random.permutation(len(x))
    return Dataset(x[order] + random.normal(0.0, noise, x.shape), t[order], PLANE_FEATURES, classes)


def spiral(n=200, noise=0.05, rng=0, classes=2):
    """Arms that wind around each other: `n` points on `classes` arms, each once around."""
    classes = whole("classes", classes, 1)
    n, noise = whole("n", n, classes), real("noise", noise, 0)
    rng = np.random.default_rng(rng)
    t = np.arange(n) % classes
    radius = (np.arange(n) // classes + 1) / (n // classes)
    angle = 2 * np.pi * (radius + t / classes)
    x = radius[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    names = tuple(_("arm {}").format(i) for i in range(classes))
    return Dataset(x + rng.normal(0.0, noise, x.shape), t, PLANE_FEATURES, names)


def iris():
    """150 flowers of three species, four lengths each in cm (Fisher 1936)."""
    table = np.array([line.split(",") for line in (DATA / "iris.csv").read_text(encoding="utf-8").splitlines()])
    _species, t = np.unique(table[1:, 4], return_inverse=True)
    # The names of the file, in its order and in that of the alphabet, as a reader knows them.
    features = _("sepal length (cm)"), _("sepal width (cm)"), _("petal length (cm)"), _("petal width (cm)")
    return Dataset(table[1:, :4].astype(float), t, features, (_("setosa"), _("versicolor"), _("virginica")))


def digits():
    """1,797 handwritten digits as 8x8 images, laid out as 64 shades of grey from 0 to 1 (Alpaydin & Kaynak 1998)."""
    with gzip.open(DATA / "digits.csv.gz", "rt", encoding="utf-8") as file:
        *features, _digit = next(file).rstrip().split(",")
        table = np.loadtxt(file, dtype=np.uint8, delimiter=",")
    return Dataset(table[:, :64] / 16.0, table[:, 64].astype(int), tuple(features), tuple(map(str, range(10))))


def read_csv(path, *, encoding=None, decimal=None):
    """Read points of your own from a text file: two columns of numbers, and a last one with the class.

    It reads what Excel, LibreOffice, Numbers and Google Sheets write as CSV or as Unicode text, in any country: columns
    parted by comma, semicolon or tab; numbers such as 1,234.5, 1.234,5, 1 234,5, 1'234.5 and 12,5 % (which is 0.125); a
    first line of names, or none. Empty columns and lines are left out. Where columns are parted by comma, the point is
    the decimal mark, unless numbers in quotes have a comma. What can be meant in two ways, such as 1.234 between
    semicolons, is refused. Classes are numbered in alphabetical order. A file has at most 5000 points and 8 classes,
    numbers reach to 1e100, and a name has at most 60 characters.

    Parameters
    ----------
    path : str or path
        Blanks or quotes around it do no harm, and ~ is the home folder.
    encoding : str, optional
        What the bytes mean, such as "cp1252"; needed only where they are not in Unicode and can mean several things.
    decimal : str, optional
        The decimal mark, "." or ","; needed only where each number can be meant in two ways.

    Returns
    -------
    Dataset
        With two features.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        Naming the line, the rule and what stands there; or if it is no file, such as a folder.
    """
    table = read_table(path, encoding, decimal)
    classes = sorted({row[2] for row in table.rows})
    if not 2 <= len(classes) <= MAX_FILE_CLASSES:
        rule = _("{path} must hold 2 to {most} classes, got {got}")
        raise ValueError(rule.format(path=path, most=MAX_FILE_CLASSES, got=len(classes)))
    numbers = {name: k for k, name in enumerate(classes)}
    x = np.array([row[:2] for row in table.rows])
    t = np.array([numbers[row[2]] for row in table.rows])
    return Dataset(x, t, tuple(table.names[:2]) if table.names else PLANE_FEATURES, tuple(classes))
