"""Numbers as a picture shows them: four significant digits, and the exact value on demand."""

import math

import numpy as np

SUPERSCRIPTS = str.maketrans("0123456789.−", "⁰¹²³⁴⁵⁶⁷⁸⁹·⁻")
TINY = 1e-300  # what is narrower than this has no round numbers in it


def number(x):
    """Write `x` with four significant digits: ``220`` for 220.00000000000003, ``12346`` for 12345.6, ``∞``, ``NaN``."""
    x = float(x)
    if math.isnan(x):
        return "NaN"
    if math.isinf(x):
        return "∞" if x > 0 else "−∞"
    text = f"{x:.0f}" if 1e4 <= abs(x) < 1e6 else f"{x:.4g}"
    return "0" if text == "-0" else text.replace("-", "−")


def three_digits(x):
    """Write `x` with three significant digits, and with one where it is tiny: for a small space."""
    return number(float(f"{x:.3g}")) if not x or abs(x) >= 1e-3 else f"{x:.0e}".replace("e-0", "e-").replace("-", "−")


def one_two_five(first, last, digits=(1, 2, 5)):
    """List round numbers over decades: ``one_two_five(-1, 0)`` is ``[0.1, 0.2, 0.5, 1.0, 2.0, 5.0]``."""
    return [float(f"{digit}e{exponent}") for exponent in range(first, last + 1) for digit in digits]


def rounded_down(width):
    """Round a width down to 1, 2 or 5 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(width))
    return max(digit * power for digit in (1, 2, 5) if digit * power <= width * (1 + 1e-9))


def round_numbers(low, high, most):
    """List numbers from `low` to `high` that are 1, 2 or 5 times a power of ten apart, with at most `most` gaps."""
    least = (high - low) / most
    if not TINY < least < math.inf:  # all is one number, or not a number
        return [low]
    power = 10.0 ** math.floor(math.log10(least))
    gap = next(digit * power for digit in (1, 2, 5, 10) if digit * power >= least * (1 - 1e-9))
    return [gap * k for k in range(math.ceil(low / gap - 1e-9), math.floor(high / gap + 1e-9) + 1)]


def exact(x):
    """Write `x` in full, arrays with at most a few hundred numbers."""
    if not shape_text(x):
        return repr(float(x))
    return np.array2string(np.asarray(x), threshold=200, edgeitems=3, max_line_width=100)


def shape_text(x):
    """Write the shape of an array as ``(16, 4)``, and nothing for a number."""
    return str(np.shape(x)) if not isinstance(x, float) and np.ndim(x) else ""  # most are floats: `ndim` is slow


def table(x):
    """Write an array of at most 3 by 3 as rows of cells; a larger one as no rows at all."""
    x = np.asarray(x)
    if x.ndim > 2 or max(x.shape, default=1) > 3:
        return []
    return [[number(cell) for cell in row] for row in x.reshape(-1, x.shape[-1] if x.ndim else 1)]


def superscript(text):
    """Write digits, points and minus signs above the line."""
    return text.translate(SUPERSCRIPTS)


def power_of_ten(exponent):
    """Write a power of ten, such as the tick of a logarithmic axis: ``10⁻⁵`` for -5."""
    return "10" + superscript(number(exponent))
