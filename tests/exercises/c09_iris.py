"""Answers to the exercises of chapter 09: usual mistakes, each with a word of its diagnosis, and right ones."""

from collections import Counter

import numpy as np

from nbkit import Variable
from nbkit.exercises.kinds import rules_of


def scaled(mean, std):
    return lambda train, test: tuple((table - mean(train, test)) / std(train, test) for table in (train, test))


def own_mean(train, test):
    return tuple((table - table.mean(axis=0)) / table.std(axis=0) for table in (train, test))


def in_place(train, test):
    mean, std = train.mean(axis=0), train.std(axis=0)
    for table in (train, test):
        table -= mean
        table /= std
    return train, test


def with_two_spreads(train, test):
    mean = train.mean(axis=0)
    return (train - mean) / train.std(axis=0, ddof=1), (test - mean) / train.std(axis=0)


def number_by_number(train, test):
    columns = range(train.shape[1])
    means = [sum(train[:, j]) / len(train) for j in columns]
    spreads = [(sum((x - means[j]) ** 2 for x in train[:, j]) / len(train)) ** 0.5 for j in columns]
    return [[[(row[j] - means[j]) / spreads[j] for j in columns] for row in table] for table in (train, test)]


def commonest(labels):
    return np.bincount(labels).argmax()


def clipped(train, test):
    mean, std = train.mean(axis=0), train.std(axis=0)
    return (train - mean) / std, np.clip((test - mean) / std, -1000, 1000)


def of_dots(train, test):
    mean, std = train.mean(axis=0), ...
    return (train - mean) / std, (test - mean) / std


def without_the_test_table(train, test):
    mean, std = train.mean(axis=0), train.std(axis=0)
    return (train - mean) / std, ...


def commonest_of_dots(train_labels, test_labels):
    the_commonest = ...
    return np.mean(test_labels == the_commonest)


def folded(n, k, rng):
    parts = np.array_split(rng.permutation(n), k)
    return [(np.concatenate(parts[:i] + parts[i + 1 :]), parts[i]) for i in range(k)]


def folded_one_by_one(n, k, rng):
    order = list(range(n))
    rng.shuffle(order)
    for i in range(k):
        yield [row for place, row in enumerate(order) if place % k != i], order[i::k]


def folded_by_numbers(n, k, rng):
    fold = rng.permutation(np.arange(n) % k)
    return tuple((np.flatnonzero(fold != i), np.flatnonzero(fold == i)) for i in range(k))


def half_open(n, k, rng):
    parts = ...
    return [(np.concatenate(parts[:i] + parts[i + 1 :]), parts[i]) for i in range(k)]


MISTAKES = {
    "09.standardise": [
        (clipped, "test[0, 0] should be"),
        (scaled(lambda a, b: a.mean(axis=1), lambda a, b: a.std(axis=1)), "axis=0"),
        (lambda a, b: ((a - a.mean(axis=0)) / a.std(axis=0), 2 * b), "the other is not"),
        (lambda a, b: own_mean(a, b)[::-1], "changed places"),
        (lambda a, b: own_mean(a, b)[0], "two tables"),
        (lambda a, b: (a, b), "mean 0"),
        (lambda a, b: (a.T, b), "keep their shapes"),
        (lambda a, b: ("a", "b"), "train is text"),
        (in_place, "has changed train"),
        (with_two_spreads, "The training table is right"),
        (scaled(lambda a, b: a.mean(axis=0), lambda a, b: a.std(axis=0) + 1e-5), "deviation of column 0 should be 1"),
        (scaled(lambda a, b: a.mean(axis=0), lambda a, b: np.ptp(a, axis=0)), "deviation of column 0 should be 1"),
        (lambda a, b: tuple(table[::-1] for table in own_mean(a, b)), "but train[0, 0] should be"),
        (lambda a, b: print(own_mean(a, b)), "`return`"),
        (lambda a, b: tuple(np.round(table, 3) for table in RIGHT["09.standardise"][0](a, b)), "should be"),
        (lambda a, b: (RIGHT["09.standardise"][0](a, b)[0], None), "test should hold numbers only"),
        (lambda a, b: [table - table.mean(axis=1, keepdims=True) for table in (a, b)], "mean 0"),
    ],
    "09.baseline": [
        (lambda a, b: np.mean(b == a.max()), "the share should be"),
        (lambda a, b: np.mean(b == a[len(a) // 2]), "the share should be"),
        (lambda a, b: np.mean(b == np.bincount(a, minlength=3)[:3].argmax()), "the share should be"),
        (lambda a, b: np.mean(b == np.bincount(a)[:10].argmax()), "train_labels = [11, 60, 60, 3]"),
        (lambda a, b: np.mean(b == commonest(a[:50])), "the share should be"),
        (lambda a, b: 0.375, "the share should be"),
        (lambda a, b: 0.9, "yours is 0.9"),
        (lambda a, b: b == commonest(a), "one number"),
        (lambda a, b: print(np.mean(b == commonest(a))), "`return`"),
    ],
    "09.decide": [
        (lambda s: np.zeros(2), "should have shape"),
        (lambda s: np.zeros(len(s)), "decide for class 1"),
        (lambda s: ["setosa"] * len(s), "numbers only"),
        (lambda s: np.round(s, 2).argmax(axis=1), "the class[0] should be"),
        (lambda s: np.clip(s, -5, 5).argmax(axis=1), "the class["),
        (lambda s: print(s.argmax(axis=1)), "`return`"),
        (lambda s: s.round(3).argmax(axis=1), "the class[0] should be 1, yours is 0"),
        (lambda s: s.argmax(axis=1).squeeze(), "should have shape (1,), yours has ()"),
        (lambda s: np.exp(s).argmax(axis=1), "the class[1] should be"),
        (lambda s: [*s[:20].argmax(axis=1), *np.zeros(len(s[20:]))], "of shape (40, 3), the class["),
    ],
    "09.k_fold": [
        (lambda n, k, rng: [(train + 1, out) for train, out in folded(n, k, rng)], "the numbers 0 to 9"),
        (lambda n, k, rng: [(train, out - 0.5) for train, out in folded(n, k, rng)], "the numbers 0 to 9"),
        (
            lambda n, k, rng: [(np.arange(n) >= 0, out) for _train, out in folded(n, k, rng)],
            "numbers only",
        ),
        (lambda n, k, rng: folded(n, k, rng)[0], "a pair"),
        (lambda n, k, rng: [(train, out, n) for train, out in folded(n, k, rng)], "a pair"),
        (lambda n, k, rng: [(train[None], out[None]) for train, out in folded(n, k, rng)], "a pair"),
        (lambda n, k, rng: [(train, "out") for train, _out in folded(n, k, rng)], "held_out is text"),
        (lambda n, k, rng: k, "in a list"),
        (lambda n, k, rng: "folds", "is text"),
        (lambda n, k, rng: print(folded(n, k, rng)), "`return`"),
    ],
}


def decided_in_a_loop(scores):
    decisions = []
    for row in scores:
        best = 0
        for k in range(len(row)):
            if row[k] > row[best]:
                best = k
        decisions.append(best)
    return decisions


RIGHT = {
    "09.standardise": [
        scaled(lambda a, b: a.mean(axis=0), lambda a, b: a.std(axis=0)),
        scaled(lambda a, b: a.mean(axis=0), lambda a, b: a.std(axis=0, ddof=1)),  # the other standard deviation
        number_by_number,
        lambda a, b: list(scaled(lambda a, b: a.mean(axis=0), lambda a, b: a.std(axis=0))(a, b)),
        lambda a, b, eps=1e-9: tuple((table - a.mean(axis=0)) / (a.std(axis=0) + eps) for table in (a, b)),
        lambda a, b: tuple(Variable((table - a.mean(axis=0)) / a.std(axis=0)) for table in (a, b)),
    ],
    "09.baseline": [
        lambda a, b: np.mean(b == commonest(a)),
        lambda a, b: sum(label == Counter(a.tolist()).most_common(1)[0][0] for label in b) / len(b),
        lambda a, b: float(np.sum(b == np.unique(a)[np.unique(a, return_counts=True)[1].argmax()]) / len(b)),
        lambda a, b: np.array([np.mean(b == commonest(a))]),
        lambda a, b: Variable(np.mean(b == commonest(a))),
        lambda a, b, classes=10: np.mean(b == np.bincount(a, minlength=classes).argmax()),
    ],
    "09.decide": [
        lambda s: s.argmax(axis=1),
        lambda s: [int(np.argmax(row)) for row in s],
        decided_in_a_loop,
        lambda s: tuple(s.argmax(axis=-1)),
        lambda s: s.argsort(axis=1)[:, -1].astype(float),
        lambda s, axis=1: np.argmax(s, axis=axis),
    ],
    "09.k_fold": [folded, folded_one_by_one, folded_by_numbers, lambda n, k, rng: iter(folded(n, k, rng))],
}


def drawn_tables(rng):
    n, m, d = rng.integers(2, 7), rng.integers(1, 6), rng.integers(1, 5)
    means, sizes = rng.normal(0, 10.0 ** rng.integers(0, 4), d), 10.0 ** rng.integers(-1, 3, d)
    return means + sizes * rng.normal(size=(n, d)), means + sizes * rng.normal(size=(m, d))


def drawn_labels(rng):
    """Labels with one commonest class: which of two equally common ones is said is not asked."""
    while True:
        classes = rng.integers(1, 7)
        train, test = rng.integers(0, classes, rng.integers(1, 9)), rng.integers(0, classes, rng.integers(1, 9))
        counts = np.sort(np.bincount(train, minlength=2))
        if counts[-1] > counts[-2]:
            return train, test


def drawn_rows(rng):
    shape = rng.integers(1, 6), 3
    return (rng.normal(rng.uniform(-3, 3), 1, shape) * 10.0 ** rng.integers(-2, 4),)


def drawn_folds(rng):
    """Return what makes folds with an answer and says of each law whether they obey it."""
    k = int(rng.integers(2, 7))
    n, seed, together = int(rng.integers(k, 4 * k + 3)), int(rng.integers(1000)), rng.random() < 0.1

    def obeys(k_fold):
        def made(n, k, seed):
            folds = k_fold(n, k, np.random.default_rng(seed))
            return [tuple([int(row) if row % 1 == 0 else -1 for row in part] for part in fold) for fold in folds]

        folds = made(n, k, seed)
        sizes = [len(out) for _train, out in folds]
        seeds = range(40) if together else ()
        pairs = [any({0, 1} <= set(out) for _train, out in made(8, 2, seed)) for seed in seeds]
        return [float(law) for law in (
            len(folds) == k,
            sorted(row for _train, out in folds for row in out) == list(range(n)),
            all(sorted(train + out) == list(range(n)) for train, out in folds),
            max(sizes, default=9) - min(sizes, default=0) <= 1,
            made(30, 3, seed) == made(30, 3, seed),
            made(30, 3, seed) != made(30, 3, seed + 1),
            not together or 8 <= sum(pairs) <= 28,  # two rows share a part in three of seven shuffles
        )]  # fmt: skip

    return obeys


NOT_TRIED = {
    "09.standardise": [of_dots, without_the_test_table],
    "09.baseline": [commonest_of_dots],
    "09.k_fold": [half_open],
}
DOMAIN = {
    "09.standardise": drawn_tables,
    "09.baseline": drawn_labels,
    "09.decide": drawn_rows,
    "09.k_fold": drawn_folds,
}
BUILT = {"09.k_fold": rules_of}
