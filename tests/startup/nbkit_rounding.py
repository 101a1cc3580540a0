"""Rounds the last binary digit of NumPy's results another way.

Processors do just that: they add up in another order, or have their own approximation of exp. A training that turns on
the last digit ends elsewhere on another machine, and what a notebook says about it is then wrong there. Kernels do it
where ``NBKIT_ROUNDING`` is in the environment: those of all browser tests, and with `tests.kernels` those of nbval.
"""

import functools

import numpy as np

SHRINK = 0.61  # for this number the error of its reciprocal is so small that as many digits go up as go down
GROW = 1 / SHRINK


def other_digit(x):
    """Return `x` with the last digit of every tenth number one up or one down; which ones depends on the number."""
    return x * SHRINK * GROW if getattr(x, "dtype", None) == np.float64 else x


def rounded(function):
    @functools.wraps(function)
    def call(*args, **options):
        return other_digit(function(*args, **options))

    return call


for name in ("exp", "log", "tanh", "dot"):
    setattr(np, name, rounded(getattr(np, name)))
