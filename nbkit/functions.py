"""Array functions that stay right where the textbook formula would overflow."""

import contextvars
import math
from functools import cache

import numpy as np

from nbkit.messages import _, kind_of

FLOATS = (np.dtype(np.float64), np.dtype(np.float32))


def _numpys_errstate():
    """Return the context variable in which NumPy, since version 2, keeps its `errstate`, and that of "ignore"."""
    context = contextvars.Context()
    context.run(np.seterr, all="ignore")
    ((variable, ignored),) = context.items()
    return variable, ignored


ERRSTATE, IGNORED = _numpys_errstate()


def without_warnings(function, *args):
    """Call a function while NumPy does not warn of what is infinite or NaN.

    It does what ``with np.errstate(all="ignore")`` does, in a tenth of the time: that is as long as ten products.
    """
    before = ERRSTATE.set(IGNORED)
    try:
        return function(*args)
    finally:
        ERRSTATE.reset(before)


def as_float(x):
    """Return `x` as float64, or untouched where it is float64 or float32; text, None or complex is a TypeError."""
    kind = type(x)
    if kind is np.float64 or (kind is np.ndarray and x.dtype in FLOATS):
        return x
    if kind is int or kind is float:
        try:
            return np.float64(x)
        except OverflowError:
            raise ValueError(_("a whole number with hundreds of digits is too large for a float")) from None
    if hasattr(x, "record"):
        raise TypeError(_("here bare numbers are needed: take its .value; got {}").format(kind_of(x)))
    array = _as_array(x)
    if array.dtype.kind not in "fiub":
        raise TypeError(_("a value must be a number or an array of numbers, got {}").format(kind_of(x)))
    if array.dtype not in FLOATS:
        array = array.astype(np.float64)
    return array if array.ndim else array[()]


def _as_array(x):
    try:
        return np.asarray(x)
    except ValueError:  # numpy's word for it: "inhomogeneous shape"
        raise TypeError(_("rows of one array must have equal lengths, got {}").format(kind_of(x))) from None


def check_finite(x, name):
    """Return `x` as floats; where one of them is NaN or infinite, a ValueError says at which index."""
    x = as_float(x)
    if not np.isfinite(x).all():
        index = tuple(map(int, np.argwhere(~np.isfinite(x))[0]))
        rule = _("{name} must hold finite numbers only, got {value} at index {index}")
        raise ValueError(rule.format(name=name, value=float(x[index]), index=index))
    return x


def unbroadcast(grad, shape):
    """Sum `grad` back to `shape`: where broadcasting copied a value, its gradients add up.

    Parameters
    ----------
    grad : (...) array
        Gradient in the broadcast shape.
    shape : tuple of int
        Shape of the value before NumPy stretched it.

    Returns
    -------
    array of shape `shape`
        `grad` itself where nothing was stretched.
    """
    if grad.shape == shape:
        return grad
    grad = grad.sum(axis=tuple(range(grad.ndim - len(shape))))
    stretched = tuple(i for i, size in enumerate(shape) if size == 1 and grad.shape[i] != 1)
    return grad.sum(axis=stretched, keepdims=True) if stretched else grad


def sigmoid(x):
    """Logistic function ``1 / (1 + exp(-x))``, without overflow for any `x`.

    Parameters
    ----------
    x : (...) array or number

    Returns
    -------
    (...) array in [0, 1]
    """
    x = as_float(x)
    small = np.exp(-np.abs(x))  # in (0, 1], so exp never overflows
    return np.where(x >= 0, 1.0, small)[()] / (1.0 + small)


def softmax(x):
    """Turn scores into probabilities along the last axis: ``exp(x) / sum(exp(x))``.

    The largest score of each row is subtracted first: the result is the same and exp cannot overflow.

    Parameters
    ----------
    x : (k,) or (n, k) array
        Scores.

    Returns
    -------
    array like `x`
        Each row sums to 1.
    """
    x = as_float(x)
    if not x.ndim or not x.shape[-1]:
        raise ValueError(_("softmax needs at least one score per row, got x with shape {}").format(x.shape))
    e = np.exp(x - np.maximum.reduce(x, axis=-1, keepdims=True))
    return e / np.add.reduce(e, axis=-1, keepdims=True)


def score_for(probability, others):
    """Return the score to which `softmax` gives a probability beside other scores: the way back.

    Parameters
    ----------
    probability : float
        From 0 to 1.
    others : (k - 1,) array
        The scores of the other classes.

    Returns
    -------
    float
        ``log(p / (1 - p)) + log(sum(exp(others)))``; infinite for 0 and 1.
    """
    others = as_float(others)
    largest = others.max()
    with np.errstate(divide="ignore"):
        logit = np.log(probability) - np.log1p(-probability)
    return float(logit + largest + np.log(np.exp(others - largest).sum()))


def as_labels(t):
    """Return `t` as an array of numbers, whole ones left whole; a ValueError for anything else."""
    t = t if type(t) is np.ndarray else _as_array(t)
    if t.dtype.kind not in "fiub":
        got = t.flat[0] if t.size else t
        raise ValueError(_("labels must be numbers, got {}").format(kind_of(str(got) if t.dtype.kind in "US" else got)))
    return t


@cache
def _column_numbers(k):
    """Return the row 0, 1, ... k-1, which every step of a training needs."""
    return np.arange(k)


def one_hot(t, k):
    """Write class numbers as rows with a single 1: class 2 of 4 becomes ``[0, 0, 1, 0]``.

    Parameters
    ----------
    t : (...) array of whole numbers in 0 .. k-1
    k : int
        Number of classes.

    Returns
    -------
    (..., k) array of float
        So that minus, sums and products are those of numbers.

    Raises
    ------
    ValueError
        If a label is no whole number in 0 .. k-1.
    """
    return _hot(as_labels(t), k).astype(float)


def _hot(t, k):
    hot = t[..., None] == _column_numbers(k)
    # Every good label is equal to exactly one column, so a short count means a bad label.
    if np.count_nonzero(hot) != t.size:
        bad = t[~hot.any(axis=-1)].flat[0]
        rule = _("labels must be whole numbers from 0 to {last}, got {bad}")
        raise ValueError(rule.format(last=k - 1, bad=kind_of(bad.item())))
    return hot


def target_rows(x, t):
    """Return `t` in the shape of the scores `x`, (k,) or (n, k): labels become one-hot rows, rows are checked."""
    if not x.shape or not math.prod(x.shape):
        raise ValueError(_("a loss needs at least one row and one score, got scores with shape {}").format(x.shape))
    t = as_labels(t)
    if t.shape == x.shape[:-1]:
        return _hot(t, x.shape[-1]).astype(x.dtype)
    if t.shape != x.shape:
        rule = _("t must be labels with shape {labels} or rows with shape {rows}, got shape {got}")
        raise ValueError(rule.format(labels=x.shape[:-1], rows=x.shape, got=t.shape))
    t = as_float(t)
    sums = t.sum(axis=-1)
    if not (np.abs(sums - 1) < 1e-6).all() or (t < 0).any():
        raise ValueError(_("each row of t must hold probabilities that sum to 1, got rows that sum to {}").format(sums))
    return t.astype(x.dtype, copy=False)


def cross_entropy(y, t):
    """Mean surprise at the truth: ``-sum(t * log(y)) / n``.

    Parameters
    ----------
    y : (k,) or (n, k) array
        Predicted probabilities.
    t : () or (n,) labels, or one-hot rows in the shape of `y`

    Returns
    -------
    float
        In nats; infinite where the truth was given probability 0.
    """
    y = as_float(y)
    t = target_rows(y, t)
    with np.errstate(divide="ignore"):
        surprise = -np.log(y, where=t > 0, out=np.zeros_like(y)) * t
    return surprise.sum() / (y.size // y.shape[-1])
