"""Answers to the exercise of forward mode: usual mistakes, each with a word of its diagnosis, and right ones."""

import numpy as np

from nbkit import Variable


def divide(u, v):
    return u[0] / v[0], (u[1] * v[0] - u[0] * v[1]) / v[0] ** 2


def by_steps(u, v):
    value = u[0] / v[0]
    return [value, (u[1] - value * v[1]) / v[0]]


def by_unpacking(u, v):
    (u, du), (v, dv) = u, v
    return np.array([u / v, du / v - u * dv / v**2])


def writes_into(u, v):
    return divide(u, v)[0], round(divide(u, v)[1], 1)


def only_value(u, v):
    return u[0] / v[0]


def dots(u, v):
    return u[0] / v[0], ...


def printed(u, v):
    print(divide(u, v))


MISTAKES = {
    "03.divide": [
        (only_value, "Return a pair"),
        (lambda u, v: (*divide(u, v), 1), "Return a pair"),
        (lambda u, v: (u[0] / v[0], (u[1] * v[0] + u[0] * v[1]) / v[0] ** 2), "has a minus"),
        (lambda u, v: (u[0] / v[0], u[1] / v[0]), "the only one that moves"),
        (lambda u, v: (u[0] // v[0], divide(u, v)[1]), "the value should be"),
        (lambda u, v: (u[0] / v[0], max(divide(u, v)[1], -50)), "the speed should be"),
        (lambda u, v: (u[0] / v[0], divide(u, v)[1] if u[1] else 0.0), "the speed should be"),
        (writes_into, "the speed should be"),
        (printed, "hands nothing back"),
        (lambda u: u, "take 2 arguments"),
        (3.0, "a function"),
    ],
}
RIGHT = {
    "03.divide": [
        divide,
        by_steps,
        by_unpacking,
        lambda u, v: (Variable(u[0] / v[0]), Variable(divide(u, v)[1])),
    ],
}
NOT_TRIED = {"03.divide": [dots]}


def a_pair(rng):
    return float(rng.normal() * 10.0 ** rng.integers(-2, 4)), float(rng.choice([0.0, 1.0, rng.normal()]))


DOMAIN = {"03.divide": lambda rng: (a_pair(rng), a_pair(rng))}
