"""Answers to the exercises of chapter 08: usual mistakes, each with a word of its diagnosis, and right ones."""

import numpy as np

from nbkit import Affine, MSELoss, ReLU, Sequential

ONES = [[1, 1], [1, 1]]


def uphill(parameter, gradient, lr):
    parameter += lr * gradient


def no_lr(parameter, gradient, lr):
    parameter -= gradient


def new_name(parameter, gradient, lr):
    parameter = parameter - lr * gradient


def new_array(parameter, gradient, lr):
    return parameter - lr * gradient


def divided(parameter, gradient, lr):
    parameter -= gradient / lr


def replaced(parameter, gradient, lr):
    parameter[...] = -lr * gradient


def spoiled(parameter, gradient, lr):
    gradient *= lr
    parameter -= gradient


def always_a_tenth(parameter, gradient, lr):
    parameter -= 0.1 * gradient


def sideways(parameter, gradient, lr):
    parameter += 17


MISTAKES = {
    "08.by_hand": [
        ((ONES, [0, 0], [[1], [0]], [0]), "OR"),
        ((ONES, [0, 0], [[1], [0]], [0]), "bends"),
        ((ONES, [-1, -1], [[1], [0]], [0]), "AND"),
        ((ONES, [0, -1], [[-1], [2]], [1]), "turned round"),
        ((ONES, [-9, -9], [[1], [-2]], [0]), "off in all four"),
        ((ONES, [0, -1], [[1], [-2]], [9]), "on in all four"),
        (([[1, 0], [0, 1]], [0, 0], [[1], [0]], [0]), "ignores the second"),
        (([[1, 0], [0, 1]], [0, 0], [[0], [1]], [0]), "ignores the first"),
        (([[1, 0], [0, 1]], [0, 0], [[-1], [-1]], [1]), "should be 0, 1, 1, 0"),
        ((ONES, [0, -1], [1, -2], [0]), "column"),
        ((ONES, [0, -1], [[1], [-2]], 0), "b2 should have shape"),
        (([1, 1], [0, -1], [[1], [-2]], [0]), "W1 should have shape"),
        ((ONES, [0, "x"], [[1], [-2]], [0]), "numbers only"),
        ((ONES, [0, np.nan], [[1], [-2]], [0]), "finite"),
        (([[1e308, 1e308]] * 2, [0, -1], [[1], [-2]], [0]), "too large"),
        ((ONES, [0, -1]), "four arrays"),
        (Sequential([Affine(ONES, [0, -1]), ReLU(), Affine([[1], [-2]], [0])], MSELoss()), "four arrays"),
    ],
    "08.step": [
        (uphill, "uphill"),
        (no_lr, "learning rate is missing"),
        (new_name, "makes a new array"),
        (new_array, "in a new array"),
        (divided, "Divided"),
        (replaced, "old value is gone"),
        (spoiled, "gradient was changed"),
        (always_a_tenth, "should lead to"),
        (sideways, "should lead to"),
        (0.1, "a function"),
        (lambda parameter: None, "3 arguments"),
    ],
    "08.count": [
        (lambda s, t: np.sum((s[:, 0] >= 0.5) == t), ">="),
        (lambda s, t: np.sum((s > 0.5) == t), "each label"),
        (lambda s, t: np.sum((s >= 0.5) == t), "each label"),
        (lambda s, t: np.mean((s[:, 0] > 0.5) == t), "share"),
        (lambda s, t: np.mean((s > 0.5) == t), "each label"),
        (lambda s, t: np.sum((s[:, 0] > 0.5) != t), "wrong decisions"),
        (lambda s, t: np.sum(s > 0.5), "did not look at the labels"),
        (lambda s, t: np.sum((s[:, 0] > 0.5) & (t == 1)), "both are 1"),
        (lambda s, t: np.sum(s[:, 0] == t), "scores themselves"),
        (lambda s, t: 6, "for any scores"),
        (lambda s, t: (s[:, 0] > 0.5) == t, "one number"),
        (lambda s, t: len(t) + 4, "the count is"),
        (6, "a function"),
    ],
    "08.dead": [
        (lambda a: np.sum(a.max(axis=0) < 0), "<= 0, not < 0"),
        (lambda a: np.sum(a.min(axis=0) <= 0), "in *some* case"),
        (lambda a: np.sum((a <= 0).any(axis=0)), "shows 0 in all of them"),
        (lambda a: np.sum((a < 0).any(axis=0)), "never gets anything above 0"),
        (lambda a: np.sum(a.max(axis=0) > 0), "units that live"),
        (lambda a: np.sum(a.max(axis=1) <= 0), "cases (rows)"),
        (lambda a: np.sum(a <= 0), "single numbers"),
        (lambda a: np.sum(a.sum(axis=0) <= 0), "not its sum"),
        (lambda a: np.mean(a.max(axis=0) <= 0), "share"),
        (lambda a: np.sum((a == 0).all(axis=0)), "exactly 0 arrives"),
        (lambda a: a.max(axis=0) <= 0, "one entry for each"),
        (lambda a: 2, "for any table"),
        (lambda a: 17 * a.shape[1], "are dead; yours says 85"),
        (2, "a function"),
    ],
}


def with_index(parameter, gradient, lr):
    """A step written in another way, which returns something as well."""
    parameter[:] = parameter - lr * gradient
    return parameter


class Stepper:
    """A step may also be taken by a callable object or by a bound method."""

    def __call__(self, parameter, gradient, lr):
        parameter -= lr * gradient

    def lazy(self, parameter, gradient, lr):
        pass


RIGHT = {
    "08.by_hand": [
        ([[1, -1], [-1, 1]], [0, 0], [[1], [1]], [0]),  # the network of the text
        (ONES, [0, -1], [[1], [-2]], [0]),
        (ONES, [-1, 0], [[-2], [1]], [0]),  # units change places
        ([[-1, 1], [-1, 1]], [1, -1], [[-1], [-1]], [1]),  # neither at 0 nor at 2
        (np.array(ONES) * 5.0, np.array([0.0, -5.0]), np.array([[0.3], [-0.6]]), np.array([0.0])),  # not exact
    ],
    "08.step": [Stepper(), with_index],  # no function first: it could not be spoiled, a step may return anything
    "08.count": [lambda s, t: np.sum((s[:, 0] > 0.5) == t)],
    "08.dead": [lambda a: np.sum(a.max(axis=0) <= 0)],
}
NOT_TRIED = {"08.step": [Stepper().lazy]}
