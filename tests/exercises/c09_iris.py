"""Answers to the exercises of chapter 09: usual mistakes, each with a word of its diagnosis, and right ones."""

import numpy as np


def scaled(mean, std):
    return lambda train, test: tuple((table - mean(train, test)) / std(train, test) for table in (train, test))


def both(train, test):
    return np.concatenate([train, test])


def own_mean(train, test):
    return tuple((table - table.mean(axis=0)) / table.std(axis=0) for table in (train, test))


def in_place(train, test):
    mean, std = train.mean(axis=0), train.std(axis=0)
    for table in (train, test):
        table -= mean
        table /= std
    return train, test


def commonest(labels):
    return np.bincount(labels).argmax()


MISTAKES = {
    "09.standardise": [
        (scaled(lambda a, b: both(a, b).mean(axis=0), lambda a, b: both(a, b).std(axis=0)), "leak"),
        (own_mean, "own mean"),
        (scaled(lambda a, b: a.mean(axis=0), lambda a, b: 1), "forgot to divide"),
        (scaled(lambda a, b: 0, lambda a, b: a.std(axis=0)), "forgot to subtract"),
        (scaled(lambda a, b: a.mean(), lambda a, b: a.std()), "whole table"),
        (scaled(lambda a, b: a.mean(axis=1), lambda a, b: a.std(axis=1)), "axis=0"),
        (scaled(lambda a, b: a.mean(axis=0), lambda a, b: a.var(axis=0)), "variance"),
        (scaled(lambda a, b: b.mean(axis=0), lambda a, b: b.std(axis=0)), "those of `train`"),
        (lambda a, b: (a - a.mean(axis=0) / a.std(axis=0), b - a.mean(axis=0) / a.std(axis=0)), "Brackets"),
        (lambda a, b: ((a - a.mean(axis=0)) / a.std(axis=0), b), "left as it was"),
        (lambda a, b: ((a - a.mean(axis=0)) / a.std(axis=0), 2 * b), "the other is not"),
        (lambda a, b: own_mean(a, b)[::-1], "changed places"),
        (lambda a, b: own_mean(a, b)[0], "two tables"),
        (lambda a, b: (a, b), "mean 0"),
        (lambda a, b: (a.T, b), "keep their shapes"),
        (lambda a, b: ("a", "b"), "numbers only"),
        (in_place, "have changed"),
        (lambda a, b: [table - table.mean(axis=1, keepdims=True) for table in (a, b)], "mean 0"),
    ],
    "09.baseline": [
        (lambda a, b: np.mean(b == commonest(b)), "test* labels"),
        (lambda a, b: np.mean(a == commonest(a)), "share in the training labels"),
        (lambda a, b: np.sum(b == commonest(a)), "count"),
        (lambda a, b: 100 * np.mean(b == commonest(a)), "percent"),
        (lambda a, b: commonest(a), "name of the commonest"),
        (lambda a, b: 1 / 3, "One in three"),
        (lambda a, b: np.mean(b != commonest(a)), "gets wrong"),
        (lambda a, b: 0.25, "for another"),
        (lambda a, b: 0.9, "Yours says 0.9"),
        (lambda a, b: b == commonest(a), "one number"),
        (lambda a: a, "2 arguments"),
    ],
    "09.decide": [
        (lambda s: s.argmax(axis=0), "Wrong axis"),
        (lambda s: s.argmax(), "without an axis"),
        (lambda s: s.max(axis=1), "largest scores themselves"),
        (lambda s: s.max(axis=0), "Wrong axis"),
        (lambda s: s.argmin(axis=1), "smallest"),
        (lambda s: s.argmax(axis=1) + 1, "start at 0"),
        (lambda s: s.argmax(axis=1)[:, None], "column"),
        (lambda s: np.eye(3)[s.argmax(axis=1)], "one-hot"),
        (lambda s: s > 0, "no threshold"),
        (lambda s: s > 0.5, "no threshold"),
        (lambda s: np.zeros(2), "should have shape"),
        (lambda s: np.zeros(len(s)), "decide for class 1"),
        (lambda s: ["setosa"] * len(s), "class numbers"),
    ],
}
RIGHT = {
    "09.standardise": [
        scaled(lambda a, b: a.mean(axis=0), lambda a, b: a.std(axis=0)),
        scaled(lambda a, b: a.mean(axis=0), lambda a, b: a.std(axis=0, ddof=1)),  # the other standard deviation
    ],
    "09.baseline": [lambda a, b: np.mean(b == commonest(a))],
    "09.decide": [lambda s: s.argmax(axis=1), lambda s: [int(np.argmax(row)) for row in s]],
}
