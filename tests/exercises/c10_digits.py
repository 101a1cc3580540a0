"""Answers to the exercises of chapter 10: usual mistakes, each with a word of its diagnosis, and right ones."""

from itertools import pairwise

import numpy as np
from sklearn.metrics import recall_score

from nbkit import Affine, Variable


def pairs(sizes):
    return list(pairwise(sizes))


def weights(sizes):
    return sum(d * k for d, k in pairs(sizes))


def missed(y, t):
    return np.flatnonzero(y.argmax(axis=1) != t)


def ranked(y, t):
    wrong = missed(y, t)
    return wrong[np.argsort(-y.max(axis=1)[wrong])]


def shares(says, is_):
    return np.array([np.mean(says[is_ == k] == k) for k in range(10)])


def number(digits):
    return np.bincount(digits, minlength=10)


def used_up(sizes):
    count = 0
    while len(sizes) > 1:
        d = sizes.pop(0)
        count += d * sizes[0] + sizes[0]
    return count


def sum_of_dots(sizes):
    count = 0
    for _d, _k in pairwise(sizes):
        count += ...
    return count


def biases_of_dots(sizes):
    biases = ...
    return weights(sizes) + biases


def sureness_of_dots(y, t):
    wrong, sure = missed(y, t), ...
    return wrong[np.argsort(-sure)][:3]


MISTAKES = {
    "10.parameters": [
        (used_up, "changed the list sizes"),
        (lambda s: weights(s[:6]) + sum(s[1:6]), "the result should be 253"),
        (lambda s: (weights(s) + sum(s[1:])) % 2**16, ", the result should be"),
        (lambda s: 79, "For sizes = [64, 50, 10], the result should be 3760, yours is 79."),
        (lambda s: sum(d * k + k for d, k in pairs(sorted(s, reverse=True))), "For sizes = [1, 6]"),
        (lambda s: sum(s[i] * s[i + 1] + s[i + 1] for i in range(3)), "your code stopped with IndexError"),
        (lambda s: print(weights(s)), "hands nothing back"),
        (lambda s: 7, "= 79; yours gives 7"),
        (lambda s: s, "one number"),
        (3760, "a function"),
    ],
    "10.surest": [
        (lambda y, t: y.max(axis=1)[ranked(y, t)[:3]], "look like probabilities"),
        (lambda y, t: y.argmax(axis=1) != t, "True and False"),
        (lambda y, t: [3, 9, 2], "Row 2 was decided right"),
        (lambda y, t: [3, 9, 1], "not the surest three"),
        (lambda y, t: [3, 9, 6], "For y of shape (10, 10)"),
        (lambda y, t: ranked(y, t)[[0, 1, min(2, len(y) - 8)]], "your code stopped with IndexError"),
        (lambda y, t: print(ranked(y, t)[:3]), "hands nothing back"),
        (lambda y, t: ranked(y[:50], t[:50])[:3], "y of shape (150, 10)"),
        (lambda y, t: ranked(y.round(3), t)[:3], "the answer[0] should be"),
        (lambda y, t: y.sort(axis=1), "hands nothing back"),
        (lambda y, t: 3, "has shape ()"),
    ],
    "10.by_digit": [
        (lambda d, t: [np.mean(d[t == k] == k) for k in np.unique(d)], "should have shape (10,)"),
        (lambda d, t: shares(d, t).round(2), "Of the 3 digits 1 here, 2 were decided right: 0.6667. Yours says 0.67."),
        (lambda d, t: print(shares(d, t)), "hands nothing back"),
        (lambda d, t: [1] * 10, "Of the 3 digits 1 here, 2 were decided right: 0.6667. Yours says 1."),
        (lambda d, t: shares(d, t)[:9], "shape (9,)"),
        (lambda d, t: shares(d[:200], t[:200]), "decisions of shape (410,)"),
    ],
    "10.end_to_end": [
        ((7, 3760), "7 is not it"),
        ((510, 7), "7 is not it"),
        (510, "two numbers"),
        ((500, ...), "ten biases"),
        ((..., 3250), "hidden layer alone"),
        ((510.001, 3760), "510.001 is not it"),
        (([510], [3760, 1]), "end to end should be one number"),
    ],
}


def count_by_making(sizes):
    """An independent count: make the layers and ask them."""
    layers = [Affine.random(d, k, rng=0) for d, k in pairs(sizes)]
    return sum(array.size for layer in layers for array in layer.params.values())


def recall(decided, labels):
    """Digit by digit, as scikit-learn computes it under another name."""
    return recall_score(labels, decided, average=None, labels=range(10))


RIGHT = {
    "10.parameters": [
        count_by_making,
        lambda sizes: weights(sizes) + sum(sizes[1:]),
        lambda sizes, bias=1: np.array(sum((d + bias) * k for d, k in pairs(sizes))),
        lambda sizes: Variable(float(weights(sizes) + sum(sizes[1:]))),
    ],
    "10.surest": [
        lambda y, t: ranked(y, t)[:3].tolist(),
        lambda y, t: sorted(missed(y, t), key=lambda i: -y[i].max())[:3],
        lambda y, t: tuple(ranked(y, t)[:3].astype(float)),
    ],
    "10.by_digit": [
        shares,
        lambda d, t: dict(enumerate(shares(d, t))),
        lambda d, t: {k: np.mean(d[t == k] == k) for k in dict.fromkeys(t.tolist())},
        lambda d, t: tuple(Variable(share) for share in shares(d, t)),
        lambda d, t: number(t[d == t]) / number(t),
        recall,
    ],
    "10.end_to_end": [
        [510.0, Variable(3760)],
        (np.int64(510), np.array(3760)),
        np.array([510, 3760]),
        {"decision only": 510, "end to end": 3760},
        {"end_to_end": 3760, "decision_only": 510},
        np.array([[510, 3760]]),
    ],
}
NOT_TRIED = {
    "10.parameters": [sum_of_dots, biases_of_dots],
    "10.surest": [sureness_of_dots],
    "10.end_to_end": [(510, ...), (..., 3760), (None, None)],
}


def sizes(rng):
    return (rng.integers(1, 10 ** rng.integers(1, 4), rng.integers(2, 7)).tolist(),)


def chances(rng):
    """Rows of probabilities, three of them wrong at least."""
    n = int(rng.integers(3, 40))
    y = rng.dirichlet(np.full(10, 0.5), n)
    t = y.argmax(axis=1)
    slips = rng.permutation(n)[: rng.integers(3, n + 1)]
    t[slips] = (t[slips] + rng.integers(1, 10, len(slips))) % 10
    return y, t


def decided(rng):
    """Decisions and labels in which each digit occurs."""
    labels = rng.permutation(np.concatenate([np.arange(10), rng.integers(0, 10, rng.integers(0, 60))]))
    return np.where(rng.random(len(labels)) < rng.random(), rng.integers(0, 10, len(labels)), labels), labels


DOMAIN = {"10.parameters": sizes, "10.surest": chances, "10.by_digit": decided}
