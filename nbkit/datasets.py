"""Small data sets as plain arrays, all of them offline and the same for the same seed."""

import io
import os
import re
from typing import NamedTuple

import numpy as np

from nbkit._text import _, kind_of, shortened


class Data(NamedTuple):
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
LONGEST = 1_000_000  # characters of a CSV file
LONGEST_NAME = 60  # characters of the name of a column or class
LARGEST = 1e100  # number in a CSV file: its square must still be a number


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
    return Data(x, np.array([0, 1, 1, 0]), POINTS, ("0", "1"))


def circles(n=200, noise=0.1, rng=0):
    """A ring inside a ring: `n` points, Gaussian noise with standard deviation `noise`."""
    from sklearn.datasets import make_circles

    _whole(n, "n", 2)
    _spread(noise)
    x, t = make_circles(n, noise=noise, factor=0.5, random_state=_seed(rng))
    return Data(x, t, POINTS, ("outer", "inner"))


def moons(n=200, noise=0.1, rng=0):
    """Two crescents that reach into each other: `n` points, noise as in `circles`."""
    from sklearn.datasets import make_moons

    _whole(n, "n", 2)
    _spread(noise)
    x, t = make_moons(n, noise=noise, random_state=_seed(rng))
    return Data(x, t, POINTS, ("upper", "lower"))


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
    return Data(x + rng.normal(0.0, noise, x.shape), t, POINTS, tuple(f"arm {i}" for i in range(classes)))


def iris():
    """150 flowers of three species, four lengths each in cm (Fisher 1936)."""
    from sklearn.datasets import load_iris

    raw = load_iris()
    return Data(raw.data, raw.target.astype(int), tuple(raw.feature_names), tuple(map(str, raw.target_names)))


def digits():
    """1,797 handwritten digits as 8x8 images, laid out as 64 shades of grey from 0 to 1 (Alpaydin & Kaynak 1998)."""
    from sklearn.datasets import load_digits

    raw = load_digits()
    return Data(raw.data / 16.0, raw.target.astype(int), tuple(raw.feature_names), tuple(map(str, range(10))))


def read_csv(path, most_rows=5000, most_classes=8):
    """Read points of the reader's own from a text file: two columns of numbers, and a last one with the class.

    Columns are parted by comma, semicolon or tab; where it is not the comma, ``1,5`` is a number as well as ``1.5``. A
    first line without numbers gives the names of the columns. Class names may be any text of at most 60 characters, and
    are numbered in alphabetical order. Numbers reach to 1e100.

    Parameters
    ----------
    path : str or path
        Of a file in UTF-8.
    most_rows, most_classes : int
        What is more is refused.

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
    lines = _table(path, most_rows)
    header = lines.pop(0) if _number(lines[0][1][0]) is None else None
    if header is not None and (len(header[1]) != 3 or not all(map(_is_name, header[1]))):
        raise _refusal(path, *header, _("three names of at most {} characters").format(LONGEST_NAME))
    if not lines:
        raise ValueError(_("{} has a line of names and no points").format(path))
    for number, row in lines:
        if len(row) != 3 or not all(map(_is_place, row[:2])) or not row[2]:
            raise _refusal(path, number, row, _("two finite numbers and a class"))
        if not _is_name(row[2]):
            raise _refusal(path, number, row, _("a class of at most {} characters").format(LONGEST_NAME))
    x = np.array([[float(cell) for cell in row[:2]] for _number, row in lines])
    classes = sorted({row[2] for _number, row in lines})
    if not 2 <= len(classes) <= most_classes:
        raise ValueError(
            _("{path} must hold 2 to {most} classes, got {got}").format(path=path, most=most_classes, got=len(classes))
        )
    t = np.array([classes.index(row[2]) for _number, row in lines])
    return Data(x, t, tuple(header[1][:2]) if header else POINTS, tuple(classes))


def _refusal(path, number, row, rule):
    got = [shortened(cell, 40) for cell in row[:6]]
    return ValueError(
        _("line {number} of {path} must have {rule}, got {row}").format(number=number, path=path, rule=rule, row=got)
    )


def _table(path, most_rows):
    """Return (number of the line, cells) of each line that is not empty."""
    import csv

    try:
        if not os.path.isfile(path):  # nor a folder, nor a pipe that would be waited for
            raise FileNotFoundError(_("there is no file {}").format(kind_of(path)))
        with open(path, newline="", encoding="utf-8-sig") as file:
            text = file.read(LONGEST)
            if file.read(1):
                raise ValueError(_("{} is too long: more than {} characters").format(path, LONGEST))
        # What stands in quotes parts nothing. And a comma waits: in 1,5;2,5;red it stands inside of numbers.
        first = next(filter(str.strip, re.sub('"[^"]*"', '""', text).splitlines()), "")
        parted = [mark for mark in ";\t," if first.count(mark) == 2]
        mark = parted[0] if parted else max(",;\t", key=first.count)
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark)
        rows = [(reader.line_num, [cell.strip() for cell in row]) for row in reader]
    except (UnicodeDecodeError, csv.Error) as error:
        raise ValueError(_("{path} is no text file in UTF-8: {error}").format(path=path, error=error)) from None
    lines = [(number, row) for number, row in rows if any(row)]
    if mark != ",":
        lines = [(number, [*map(_with_point, row[:2]), *row[2:]]) for number, row in lines]
    if not 1 <= len(lines) <= most_rows + 1:
        raise ValueError(
            _("{path} must have 1 to {most} lines, got {got}").format(path=path, most=most_rows, got=len(lines))
        )
    return lines


def _with_point(text):
    """Return a number that is written with a decimal comma as Python writes it, and any other text as it is."""
    pointed = text.replace(",", ".", 1)
    return text if _number(pointed) is None else pointed


def _number(text):
    try:
        return float(text)
    except ValueError:
        return None


def _is_place(text):
    return _number(text) is not None and abs(_number(text)) <= LARGEST  # which NaN is not


def _is_name(text):
    return 0 < len(text) <= LONGEST_NAME
