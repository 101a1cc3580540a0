"""Rounds the last binary digit of NumPy's results another way.

Processors do just that: they add up in another order, or have their own approximation of exp. A training that turns on
the last digit ends elsewhere on another machine, and what a notebook says about it is then wrong there. Kernels do it
where ``NBKIT_ROUNDING`` is in the environment: those of all browser tests, and with `tests.kernels` those of nbval.
"""

import functools

import numpy as np

UP_OR_DOWN = 1.0 + np.finfo(float).eps * np.array([-1.0, 0.0, 0.0, 1.0])
MIX, TOP_BITS = np.uint64(0x9E3779B97F4A7C15), np.uint64(62)


def other_digit(x):
    """Return `x` with some last digits one up or one down, which ones depends on the numbers alone."""
    x = np.asarray(x)
    if x.dtype != np.float64:
        return x
    mixed = np.ascontiguousarray(x).reshape(-1).view(np.uint64) * MIX
    mixed >>= TOP_BITS  # 0 to 3
    return x * UP_OR_DOWN.take(mixed.view(np.int64)).reshape(x.shape)


def rounded(function):
    @functools.wraps(function)
    def call(*args, **options):
        return other_digit(function(*args, **options))[()]

    return call


for name in ("exp", "log", "tanh", "dot"):
    setattr(np, name, rounded(getattr(np, name)))
