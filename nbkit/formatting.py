"""Numbers as a picture shows them: four significant digits, and the exact value for those who ask."""

import math

import numpy as np


def number(x):
    """Write `x` with four significant digits: ``220`` for 220.00000000000003, ``∞`` and ``NaN`` as words.

    Whole thousands stay readable: 12345.6 is ``12346``, not ``1.235e+04``.
    """
    x = float(x)
    if math.isnan(x):
        return "NaN"
    if math.isinf(x):
        return "∞" if x > 0 else "−∞"
    text = f"{x:.0f}" if 1e4 <= abs(x) < 1e6 else f"{x:.4g}"
    return "0" if text == "-0" else text.replace("-", "−")


def one_two_five(first, last, digits=(1, 2, 5)):
    """List numbers that are easy to read, from 10 to the power `first` up: for a slider over decades.

    ``one_two_five(-1, 0)`` is ``[0.1, 0.2, 0.5, 1.0, 2.0, 5.0]``.
    """
    return [float(f"{digit}e{exponent}") for exponent in range(first, last + 1) for digit in digits]


def exact(x):
    """Write `x` in full, arrays with at most a few hundred numbers."""
    x = np.asarray(x)
    if not x.ndim:
        return repr(float(x))
    return np.array2string(x, threshold=200, edgeitems=3, max_line_width=100)


def shape_text(x):
    """Write the shape of an array as ``(16, 4)``, and nothing for a number."""
    return str(tuple(np.shape(x))) if np.ndim(x) else ""


def table(x, largest=3):
    """Write a small array as rows of cells, at most `largest` by `largest`; a bigger one as no rows at all."""
    x = np.asarray(x)
    if x.ndim > 2 or max(x.shape, default=1) > largest:
        return []
    return [[number(cell) for cell in row] for row in x.reshape(-1, x.shape[-1] if x.ndim else 1)]
