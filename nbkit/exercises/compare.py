"""Numbers of an answer, compared with the right ones and written for a diagnosis."""

import numpy as np

from nbkit.formatting import number


def close(a, b, rtol=1e-6):
    """Compare numbers or arrays as a teacher would: rounding is no mistake."""
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    return a.shape == b.shape and bool(np.allclose(a, b, rtol=rtol, atol=1e-9))


def first_difference(want, got, rtol=1e-6):
    """Return the index of the first place where two arrays of one shape differ, and both numbers as text."""
    place = next(i for i in np.ndindex(np.shape(want)) if not close(got[i], want[i], rtol))
    return place, *apart(want[place], got[place])


def row(numbers):
    """Write numbers in one line, as a diagnosis quotes them."""
    return ", ".join(number(x) for x in numbers)


def apart(want, got):
    """Write two numbers with as many digits as it takes to tell them apart, four at least."""
    texts = number(want), number(got)
    for digits in range(5, 18):
        if texts[0] != texts[1]:
            break
        texts = tuple(f"{float(x):.{digits}g}".replace("-", "−") for x in (want, got))
    return texts


def rows_apart(want, got):
    """Write two rows of numbers, those that differ with as many digits as it takes to tell them apart."""
    pairs = [(number(x), number(y)) if close(x, y) else apart(x, y) for x, y in zip(want, got, strict=True)]
    return tuple(", ".join(texts) for texts in zip(*pairs, strict=True))
