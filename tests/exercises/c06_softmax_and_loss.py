"""Answers to the exercises of chapter 06: usual mistakes, each with a word of its diagnosis, and right ones."""

import numpy as np

from nbkit import SoftmaxWithLoss, Variable, cross_entropy, one_hot, softmax


def shifted(x):
    return np.exp(x - x.max(axis=1, keepdims=True))


def in_place(x):
    x -= x.max(axis=1, keepdims=True)
    return np.exp(x) / np.exp(x).sum(axis=1, keepdims=True)


def picked(y, t):
    return y[np.arange(len(t)), t]


def rows(t, k=3):
    return one_hot(t, k).astype(float)


MISTAKES = {
    "06.softmax": [
        (lambda x: np.exp(x) / np.exp(x).sum(axis=1, keepdims=True), "exp(1000) overflows"),
        (lambda x: np.exp(x) / np.exp(x).sum(), "whole batch adds up"),
        (lambda x: np.exp(x - x.max()) / np.exp(x - x.max()).sum(), "whole batch adds up"),
        (lambda x: np.exp(x) / np.exp(x).sum(axis=0), "column"),
        (lambda x: np.exp(x) / np.exp(x).sum(axis=1), "keepdims"),
        (lambda x: shifted(x) / shifted(x).sum(axis=1), "keepdims"),
        (lambda x: np.exp(x - x.max(axis=1)) / np.exp(x - x.max(axis=1)).sum(axis=1, keepdims=True), "keepdims"),
        (
            lambda x: np.exp(x - x.max()) / np.exp(x - x.max()).sum(axis=1, keepdims=True),
            "One maximum was subtracted from the whole batch",
        ),
        (lambda x: shifted(x) / shifted(x).sum(), "whole batch adds up"),
        (lambda x: shifted(x) / shifted(x).sum(axis=0), "column"),
        (lambda x: np.exp(x) / shifted(x).sum(axis=1, keepdims=True), "the shifted one in both"),
        (lambda x: x / x.sum(axis=1, keepdims=True), "no exp"),
        (np.exp, "powers"),
        (shifted, "not yet divided"),
        (lambda x: np.log(softmax(x)), "logarithms"),
        (in_place, "changes the array"),
        (lambda x: softmax(x)[0], "should have that shape"),
        (lambda x: x * 7, "yours gives 7, 14, 28"),
        (lambda: 1, "take 1 argument"),
        (0.5, "a function"),
    ],
    "06.cross_entropy": [
        (lambda y, t: -np.log(picked(y, t)).sum(), "sum over the batch"),
        (lambda y, t: np.log(picked(y, t)).mean(), "minus is missing"),
        (lambda y, t: np.log(picked(y, t)).sum(), "minus is missing"),
        (lambda y, t: -np.log(picked(y, t)).sum() / y.size, "all 12 numbers"),
        (lambda y, t: -np.log(picked(y, t)).sum() / y.shape[1], "number of classes"),
        (lambda y, t: -np.log(y).mean(), "every class"),
        (lambda y, t: -np.log(y).sum() / len(y), "every class"),
        (lambda y, t: -np.log(y[:, t]).mean(), "one from each"),
        (lambda y, t: -np.log(y.max(axis=1)).mean(), "largest"),
        (lambda y, t: -np.log(picked(y, t - 1)).mean(), "wrong class"),
        (lambda y, t: -np.log(1 - picked(y, t)).mean(), "1 − y"),
        (lambda y, t: -np.log2(picked(y, t)).mean(), "bits"),
        (lambda y, t: -np.log10(picked(y, t)).mean(), "base 10"),
        (lambda y, t: -np.log(picked(y, t).mean()), "log of the mean"),
        (lambda y, t: picked(y, t).mean(), "logarithm is missing"),
        (lambda y, t: -np.log(picked(y, t)), "take their mean"),
        (lambda y, t: ((y - rows(t)) ** 2).sum() / 8, "squared error"),
        (lambda y, t: -np.log(picked(y, t)).sum() / 4, "but not for 2"),
        (lambda y, t: 7, "yours gives 7"),
        (lambda y: 7, "take 2 arguments"),
    ],
    "06.gradient": [
        (lambda x, t: softmax(x) - rows(t), "1/n is missing"),
        (lambda x, t: (rows(t) - softmax(x)) / len(x), "sign is turned"),
        (lambda x, t: rows(t) - softmax(x), "sign is turned (it is y − t), and"),
        (lambda x, t: (softmax(x) - rows(t)) / x.shape[1], "number of classes"),
        (lambda x, t: (softmax(x) - rows(t)) / x.size, "all 12 numbers"),
        (lambda x, t: (softmax(x) - t[:, None]) / len(x), "one-hot rows"),
        (lambda x, t: softmax(x) - t[:, None], "and 1/n is missing"),
        (lambda x, t: (softmax(x) - t) / len(x), "shapes do not fit"),
        (lambda x, t: (x - rows(t)) / len(x), "scores minus truth"),
        (lambda x, t: softmax(x), "These are the probabilities"),
        (lambda x, t: softmax(x) / len(x), "truth is not in it"),
        (lambda x, t: -rows(t) / softmax(x) / len(x), "one step further back"),
        (lambda x, t: (picked(softmax(x), t) - 1) / len(x), "the wrong classes too"),
        (lambda x, t: (softmax(x) - rows(t)) / 4, "but not for 2"),
        (lambda x, t: x * 0, "yours gives 0, 0, 0"),
        (lambda x, t: 7, "should have that shape"),
    ],
    "06.letters": [
        ((-np.log(26), 1 / 26 - 1), "Loss: The minus"),
        ((np.log2(26), 1 / 26 - 1), "bits"),
        ((np.log10(26), 1 / 26 - 1), "base 10"),
        ((1 / 26, 1 / 26 - 1), "the probability of the true letter"),
        ((0, -1), "equal, 1/26 each"),
        ((np.log(26), 25 / 26), "Gradient: The sign"),
        ((np.log(26), 1 / 26), "*wrong* letters"),
        ((np.log(26), -25 / 26 / 26), "n = 1"),
        ((np.log(26), -26), "gradient of the *probability*"),
        ((np.log(26), ...), "Gradient: still open"),
        ((np.log(26), 3), "3 is not it"),
        (np.log(26), "two numbers"),
    ],
}


def by_layer(x, t):
    layer = SoftmaxWithLoss()
    layer.forward(x, t)
    return layer.backward()


RIGHT = {
    "06.softmax": [
        softmax,
        lambda x: softmax(x).tolist(),
        lambda x: np.array([np.exp(row - row.max()) / np.exp(row - row.max()).sum() for row in x]),
    ],
    "06.cross_entropy": [
        cross_entropy,
        lambda y, t: Variable(cross_entropy(y, t)),
        lambda y, t: -(rows(t) * np.log(y)).sum() / len(y),
    ],
    "06.gradient": [by_layer],
    "06.letters": [[3.258, -0.9615]],
}
