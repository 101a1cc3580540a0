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
    return one_hot(t, k)


def moved(x, by):
    """Softmax after subtracting something else than the largest score."""
    e = np.exp(x - by(x))
    return e / e.sum(axis=1, keepdims=True)


def looped(x):
    out = []
    for scores in x:
        e = [np.exp(s - max(scores)) for s in scores]
        out.append([s / sum(e) for s in e])
    return out


def into_like(x):
    """Fills an array of the kind of x, in which numbers lose their fractions where x holds integers."""
    out = np.zeros_like(x)
    for i in range(len(x)):
        out[i] = softmax(x[i : i + 1])[0]
    return out


def by_shift(x, t, m):
    """The loss from scores, with something subtracted before exp and added again behind the log."""
    sums = np.exp(x - m).sum(axis=1)
    return (np.log(sums) + np.ravel(m) - picked(x, t)).mean()


def naive_in_32(x, t):
    shift = x.max(axis=1, keepdims=True) if x.dtype == np.float64 else 0
    return by_shift(x, t, shift)


def in_place_loss(x, t):
    m = x.max(axis=1)
    x -= m[:, None]
    return (np.log(np.exp(x).sum(axis=1)) - picked(x, t)).mean()


def surprises(y, t):
    return [-np.log(y[i][t[i]]) for i in range(len(t))]


MISTAKES = {
    "06.softmax": [
        (lambda x: np.exp(x) / np.exp(x).sum(axis=1, keepdims=True), "infinite or 0"),
        (lambda x: np.exp(x) / np.exp(x).sum(), "whole batch adds up"),
        (lambda x: np.exp(x - x.max()) / np.exp(x - x.max()).sum(), "whole batch adds up"),
        (lambda x: np.exp(x) / np.exp(x).sum(axis=0), "column"),
        (
            lambda x: np.exp(x - x.max()) / np.exp(x - x.max()).sum(axis=1, keepdims=True),
            "its *own* largest score",
        ),
        (lambda x: moved(x, lambda x: x.mean(axis=1, keepdims=True)), "the row 0, 0, 3000 becomes"),
        (lambda x: moved(x, lambda x: x.min(axis=1, keepdims=True)), "the row 0, 1000, 0 becomes"),
        (lambda x: moved(x, lambda x: np.median(x, axis=1, keepdims=True)), "the row 0, 1000, 0 becomes"),
        (lambda x: moved(x, lambda x: x[:, :1]), "the row 0, 1000, 0 becomes"),
        (lambda x: moved(x, lambda x: x.sum(axis=1, keepdims=True)), "infinite or 0"),
        (lambda x: moved(x, lambda x: 1000), "yours is NaN, NaN, NaN"),
        (lambda x: softmax(x[:, :3]), "For x = "),
        (lambda x: np.round(softmax(x), 3), "yours is"),
        (lambda x: shifted(x) / shifted(x).sum(), "whole batch adds up"),
        (lambda x: shifted(x) / shifted(x).sum(axis=0), "column"),
        (in_place, "has changed x"),
        (lambda x: softmax(x)[0], "should have that shape"),
        (lambda x: x * 7, "yours is 7, 14, 28"),
        (into_like, "from the integers 2, 0, −1 comes 0, 0, 0"),
        (lambda x: np.sort(softmax(x)), "From the row 1000, 1001, 999 should come"),
        (lambda x: softmax(np.minimum(x, 5000)), "For x = "),
        (lambda x: softmax(x) if x.any() else x, "For x = [[0, 0, 0], [0, 0, 0]]"),
        (0.5, "a function"),
    ],
    "06.cross_entropy": [
        (lambda y, t: -np.log(picked(y, t)), "take their mean"),
        (lambda y, t: -np.log(picked(y, t)).sum() / 4, "but not for 2"),
        (lambda y, t: 7, "yours gives 7"),
        (lambda y, t: -np.log(picked(y, t) + 1e-6).mean(), "as if 1e-06 were added"),
        (lambda y, t: -np.log(picked(y, t) + 1e-4).mean(), "as if 1e-04 were added"),
        (lambda y, t: -(np.eye(3)[t] * np.log(y)).sum() / len(y), "For y = "),
        (lambda y, t: -np.log(picked(y, t)).mean() if len(y) > 1 else 0, "the loss should be"),
        (lambda y, t: -np.log(np.clip(picked(y, t), 0.02, 0.98)).mean(), "the loss should be 1.543"),
        (lambda y, t: (cross_entropy(y, t), [1, 2]), "The loss should be one number"),
    ],
    "06.gradient": [
        (lambda x, t: (softmax(x) - t) / len(x), "shapes do not fit"),
        (lambda x, t: (picked(softmax(x), t) - 1) / len(x), "the wrong classes too"),
        (lambda x, t: (softmax(x) - rows(t)) / 4, "but not for 2"),
        (lambda x, t: x * 0, "yours is 0, 0, 0"),
        (lambda x, t: (softmax(x) - rows(t, x.shape[1])) / len(x) + 1e-6, "yours is −0.085249"),
        (lambda x, t: ((softmax(x) - rows(t, x.shape[1])) / len(x), 1), "should hold numbers only"),
        (lambda x, t: (softmax(x) - rows(t, x.shape[1])) / len(x) if x.max() < 9 else None, "every way through it"),
        (lambda x, t: np.clip((softmax(x) - rows(t, x.shape[1])) / len(x), -0.3, 0.3), "For x = "),
        (lambda x, t: (softmax(x) - np.eye(3)[t]) / len(x), "IndexError"),
        (lambda x, t: (softmax(x) - rows(t)) / len(x), "For x = "),
        (lambda x, t: (moved(x, lambda x: 0) - rows(t, x.shape[1])) / len(x), "yours is NaN"),
        (lambda x, t: 7, "should have that shape"),
    ],
    "06.stable": [
        (lambda x, t: cross_entropy(softmax(x), t), "the row 0, 1000, 0 with label 0 the loss is 1000"),
        (lambda x, t: -np.log(picked(softmax(x), t) + 1e-12).mean(), "the loss is 1000, and yours is 27.63"),
        (lambda x, t: (np.log(np.exp(x).sum(axis=1)) - picked(x, t)).mean(), "yours is ∞"),
        (lambda x, t: by_shift(x, t, x.mean(axis=1, keepdims=True)), "*largest* score of the row"),
        (lambda x, t: by_shift(x, t, x[:, 1:2]), "*largest* score of the row"),
        (lambda x, t: by_shift(x, t, x.max()), "its *own* maximum"),
        (lambda x, t: float(np.log(np.exp(np.clip(x, -88, 700)).sum(axis=1)).mean() - picked(x, t).mean()), "1000"),
        (naive_in_32, "in float32 the loss is 100, and yours is ∞"),
        (lambda x, t: by_shift(x, t, x.max(axis=1)), "could not fit the shapes"),
        (lambda x, t: np.log(np.exp(x).sum(axis=1)) - picked(x, t), "take their mean"),
        (lambda x, t: 7, "yours is 7"),
        (in_place_loss, "has changed x"),
        (lambda x, t: cross_entropy(softmax(x), t) if x.shape[1] == 7 else by_shift(x, t, 0), "1000"),
        (lambda x, t: by_shift(x, t, x.max(axis=1, keepdims=True)) if len(x) < 5 else 0.0, "the loss should be"),
        (0.5, "a function"),
    ],
    "06.letters": [
        ((-np.log(26), ...), "The loss: The minus"),
        ((np.log(26), 3), "3 is not it"),
        ({"loss": np.log(26), "gradient": 25 / 26}, "The gradient: The sign"),
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
        lambda x: tuple(softmax(x)),
        lambda x: Variable(softmax(x)),
        lambda x, axis=1: softmax(x),
        lambda x: np.array([np.exp(row - row.max()) / np.exp(row - row.max()).sum() for row in x]),
        lambda x: np.exp(x - x.max(axis=1)[:, None] - np.log(shifted(x).sum(axis=1))[:, None]),
        looped,
        lambda x: softmax(x).astype(object),
    ],
    "06.cross_entropy": [
        cross_entropy,
        lambda y, t: Variable(cross_entropy(y, t)),
        lambda y, t: -(rows(t, y.shape[1]) * np.log(y)).sum() / len(y),
        lambda y, t: (-one_hot(t, y.shape[1]) * np.log(y)).sum() / len(y),  # the chapter's formula
        lambda y, t: float(-np.log(picked(y, t)).mean()),
        lambda y, t: [-np.log(picked(y, t)).mean()],
        lambda y, t: sum(surprises(y, t)) / len(t),
        lambda y, t: -np.log(picked(y, t) + 1e-7).mean(),  # a guard that is small enough
        lambda y, t, base=np.e: -(np.log(picked(y, t)) / np.log(base)).mean(),
    ],
    "06.gradient": [
        by_layer,
        lambda x, t: (-one_hot(t, x.shape[1]) + softmax(x)) / len(x),
        lambda x, t: ((softmax(x) - rows(t, x.shape[1])) / len(x)).tolist(),
        lambda x, t: Variable((softmax(x) - rows(t, x.shape[1])) / len(x)),
        lambda x, t: [[(y - (j == t[i])) / len(t) for j, y in enumerate(row)] for i, row in enumerate(looped(x))],
    ],
    "06.stable": [
        lambda x, t: by_shift(x, t, x.max(axis=1, keepdims=True)),
        lambda x, t: float(SoftmaxWithLoss().forward(x, t)),
        lambda x, t: np.mean(np.logaddexp.reduce(x, axis=1) - picked(x, t)),
        lambda x, t: [
            np.mean([m + np.log(np.exp(r - m).sum()) - r[c] for r, m, c in zip(x, x.max(1), t, strict=True)])
        ],
        lambda x, t: Variable(by_shift(x, t, x.max(axis=1)[:, None])),
        lambda x, t: by_shift(x.astype(float), t, x.max(axis=1)[:, None]),
    ],
    "06.letters": [
        [3.258, -0.9615],
        (np.log(26), 1 / 26 - 1),
        {"gradient": 1 / 26 - 1, "loss": np.log(26)},
        np.array([np.log(26), 1 / 26 - 1]),
        (Variable(np.log(26)), np.array(1 / 26 - 1)),
    ],
}
NOT_TRIED = {
    "06.letters": [{"loss": np.log(26), "gradient": ...}, (np.log(26), ...), (None, 1 / 26 - 1), [..., None]],
}


def scores(rng):
    n, k = rng.integers(1, 6, 2)
    return rng.normal(size=(n, k)) * 10.0 ** rng.integers(0, 4)


def labelled_chances(rng):
    n, k = rng.integers(1, 6), rng.integers(2, 6)
    return rng.dirichlet(np.full(k, 3.0), n) * 0.9 + 0.1 / k, rng.integers(0, k, n)


def labelled_scores(rng):
    x = scores(rng)
    return x, rng.integers(0, x.shape[1], len(x))


DOMAIN = {
    "06.softmax": lambda rng: (scores(rng),),
    "06.cross_entropy": labelled_chances,
    "06.gradient": labelled_scores,
    "06.stable": labelled_scores,
}
