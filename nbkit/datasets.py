"""Small data sets as plain arrays, all of them offline and the same for the same seed."""

from typing import NamedTuple

import numpy as np

from nbkit.csv_table import LARGEST, LONGEST_NAME, read_table
from nbkit.messages import _, kind_of


class Dataset(NamedTuple):
    """Features, labels, and what they are called.

    Attributes
    ----------
    x : (n, d) array of float64
    t : (n,) array of int
        Class numbers from 0.
    features : tuple of str
        d names of the columns of `x`, with units where there are any.
    classes : tuple of str
        Names of the classes, by number.
    """

    x: np.ndarray
    t: np.ndarray
    features: tuple
    classes: tuple


POINTS = ("x₁", "x₂")
__all__ = ["LARGEST", "LONGEST_NAME", "Dataset", "circles", "digits", "iris", "moons", "read_csv", "spiral", "xor"]


def _seed(rng):
    """scikit-learn takes whole numbers as seeds, so draw one."""
    return int(np.random.default_rng(rng).integers(2**31))


def _whole(value, name, fewest):
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < fewest:
        raise ValueError(
            _("{name} must be a whole number of at least {fewest}, got {got}").format(
                name=name, fewest=fewest, got=kind_of(value)
            )
        )


def _spread(noise):
    if isinstance(noise, str | bool) or not np.isscalar(noise) or not 0 <= noise < np.inf:
        raise ValueError(_("noise must be a number of at least 0, got {}").format(kind_of(noise)))


def xor():
    """Exclusive or: four points, "1" where exactly one of the two inputs is 1."""
    x = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    return Dataset(x, np.array([0, 1, 1, 0]), POINTS, ("0", "1"))


def circles(n=200, noise=0.1, rng=0):
    """A ring inside a ring: `n` points, Gaussian noise with standard deviation `noise`."""
    from sklearn.datasets import make_circles

    _whole(n, "n", 2)
    _spread(noise)
    x, t = make_circles(n, noise=noise, factor=0.5, random_state=_seed(rng))
    return Dataset(x, t, POINTS, ("outer", "inner"))


def moons(n=200, noise=0.1, rng=0):
    """Two crescents that reach into each other: `n` points, noise as in `circles`."""
    from sklearn.datasets import make_moons

    _whole(n, "n", 2)
    _spread(noise)
    x, t = make_moons(n, noise=noise, random_state=_seed(rng))
    return Dataset(x, t, POINTS, ("upper", "lower"))


def spiral(n=200, noise=0.05, rng=0, classes=2, turns=1.0):
    """Arms that wind around each other: `n` points on `classes` arms, each `turns` times around."""
    _whole(classes, "classes", 1)
    _whole(n, "n", classes)
    _spread(noise)
    rng = np.random.default_rng(rng)
    t = np.arange(n) % classes
    radius = (np.arange(n) // classes + 1) / (n // classes)
    angle = 2 * np.pi * (turns * radius + t / classes)
    x = radius[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return Dataset(x + rng.normal(0.0, noise, x.shape), t, POINTS, tuple(f"arm {i}" for i in range(classes)))


def iris():
    """150 flowers of three species, four lengths each in cm (Fisher 1936)."""
    from sklearn.datasets import load_iris

    raw = load_iris()
    return Dataset(raw.data, raw.target.astype(int), tuple(raw.feature_names), tuple(map(str, raw.target_names)))


def digits():
    """1,797 handwritten digits as 8x8 images, laid out as 64 shades of grey from 0 to 1 (Alpaydin & Kaynak 1998)."""
    from sklearn.datasets import load_digits

    raw = load_digits()
    return Dataset(raw.data / 16.0, raw.target.astype(int), tuple(raw.feature_names), tuple(map(str, range(10))))


def read_csv(path, most_rows=5000, most_classes=8, *, encoding=None, decimal=None):
    """Read points of the reader's own from a text file: two columns of numbers, and a last one with the class.

    It reads what Excel, LibreOffice, Numbers and Google Sheets write as CSV or as Unicode text, in any country: columns
    parted by comma, semicolon or tab; numbers such as 1,234.5, 1.234,5, 1 234,5, 1'234.5 and 12,5 % (which is 0.125); a
    first line of names, or none. Columns and lines that are empty are left out. Where columns are parted by comma, the
    point is the decimal mark, unless numbers in quotes have a comma. What can be meant in two ways, such as 1.234
    between semicolons, is refused. Class names may be any text of at most 60 characters, and are numbered in
    alphabetical order. Numbers reach to 1e100.

    Parameters
    ----------
    path : str or path
        Blanks or quotes around it do no harm, and ~ is the home folder.
    most_rows, most_classes : int
        What is more is refused.
    encoding : str, optional
        What the bytes mean, such as "cp1252"; needed only where they are not in Unicode and can mean several things.
    decimal : str, optional
        The decimal mark, "." or ","; needed only where each number can be meant in two ways.

    Returns
    -------
    Data
        With two features.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        Naming the line, the rule and what stands there.
    """
    table = read_table(path, most_rows, encoding, decimal)
    classes = sorted({row[2] for row in table.rows})
    if not 2 <= len(classes) <= most_classes:
        raise ValueError(
            _("{path} must hold 2 to {most} classes, got {got}").format(path=path, most=most_classes, got=len(classes))
        )
    numbers = {name: k for k, name in enumerate(classes)}
    x = np.array([row[:2] for row in table.rows])
    t = np.array([numbers[row[2]] for row in table.rows])
    return Dataset(x, t, tuple(table.names[:2]) if table.names else POINTS, tuple(classes))
