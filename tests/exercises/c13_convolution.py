"""Answers to the exercise of a convolution's output size: usual mistakes, each with a word of its diagnosis, and right
ones.
"""

import math

import numpy as np


def by_division(n, k, padding, stride):
    return (n + 2 * padding - k) // stride + 1


def by_counting(n, k, padding, stride):
    return len([start for start in range(0, n + 2 * padding, stride) if start + k <= n + 2 * padding])


def by_a_loop(n, k, padding, stride):
    places, start = 0, -padding
    while start + k <= n + padding:
        places, start = places + 1, start + stride
    return places


def as_numpy_has_it(n, k, padding, stride):
    windows = np.lib.stride_tricks.sliding_window_view(np.zeros(n + 2 * padding), k)
    return np.float64(len(windows[::stride]))


MISTAKES = {
    "13.size": [
        (lambda n, k, p, s: round((n + 2 * p - k) / s) + 1, "n = 8, k = 3, padding = 1, stride = 2"),
        (lambda n, k, p, s: max(n + 2 * p - k, 0) + 1 if s == 1 else n // s, "should be"),
        (lambda n, k, p, s: by_division(n, k, p, s) if k <= n else 0, "n = 3, k = 5"),
        (lambda n, k, p, s: min(by_division(n, k, p, s), 30), "n = 224"),
        (lambda n, k, p, s: by_division(n, k, p, s) if k > 1 else 1, "k = 1"),
        (lambda n, k, p, s: [by_division(n, k, p, s)] * 2, "size"),
        (lambda n, k, p, s: print(by_division(n, k, p, s)), "hands nothing back"),
        (lambda n, k: n - k + 1, "arguments"),
        (6, "a function"),
    ],
}
RIGHT = {
    "13.size": [
        by_division,
        by_counting,
        by_a_loop,
        as_numpy_has_it,
        lambda n, k, p, s: math.floor((n + 2 * p - k) / s + 1),
        lambda n, k, p, s: math.ceil((n + 2 * p - k + 1) / s),
        lambda n, k, p, s: (n + 2 * p - k + s) // s,
    ],
}
NOT_TRIED = {"13.size": [lambda n, k, p, s: ...]}


def a_picture(rng):
    k, padding, stride = (int(part) for part in rng.integers((1, 0, 1), (8, 5, 6)))
    return int(max(1, k - 2 * padding) + rng.choice([rng.integers(0, 30), rng.integers(90, 600)])), k, padding, stride


DOMAIN = {"13.size": a_picture}
