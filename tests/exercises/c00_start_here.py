"""Answers to the exercises of chapter 00: usual mistakes, each with a word of its diagnosis, and right ones."""

from decimal import Decimal
from fractions import Fraction

import numpy as np

from nbkit import Variable
from nbkit.exercises.kinds import rules_of


def slow(x):
    total = 0
    for _turn in range(2):
        total += x
    return total


def with_default(x, factor=2):
    return factor * x


def empty(x):
    pass


def two_cases(x):
    if x == 2:
        return 4
    return 10 if x == 5 else None


class Doubles:
    def __call__(self, x):
        return 2 * x


MISTAKES = {
    "00.number": [
        (400.01, "400.01 is not it"),
        (np.array("400", dtype=object), "one number"),
        ("400 yen", "quotes"),
        ("400", "quotes"),
        (7, "is not it"),
        (np.nan, "no finite number"),
        ([400, 1], "one number"),
    ],
    "00.function": [
        (two_cases, "For x = 7 your code hands nothing back"),
        (lambda x: round(2 * x, 4), "For x = 3.217e−05"),
        (lambda x: 2 * min(x, 1e5), "yours is 200000"),
        (lambda x: 2 * max(x, -1e5), "yours is −200000"),
        (lambda x: 4, "should use x"),
        (lambda x: 3 * x, "should be 4, yours is 6"),
        (lambda x: abs(2 * x), "should be −6, yours is 6"),
        (lambda x: [2 * x, 2 * x], "one number"),
        ("double", "a function"),
    ],
}
RIGHT = {
    "00.number": [400, 400.0, np.int64(400), np.array(400), Variable(400), [400], Fraction(400), Decimal(400)],
    "00.function": [
        lambda x: x + x,
        Doubles(),
        lambda x: Fraction(x) * 2,
        lambda x: np.array([2 * x], dtype=object),
        slow,
        with_default,
        lambda x: np.float64(2 * x),
        lambda x: np.array(x) * 2,
        lambda x: Variable(x) * 2,
    ],
}
NOT_TRIED = {"00.function": [empty]}
DOMAIN = {
    "00.function": lambda rng: (
        (rng.integers(-99, 99).item(), rng.normal() * 10.0 ** rng.integers(-2, 4))[rng.integers(2)],
    )
}
BUILT = {"00.function": rules_of}
