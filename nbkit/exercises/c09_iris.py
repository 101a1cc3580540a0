"""Exercises of chapter 09: standardise, the majority baseline, from scores to decisions, k-fold."""

import itertools

import numpy as np

from nbkit.exercises.answers import as_array, as_number
from nbkit.exercises.compare import apart, close, first_difference
from nbkit.exercises.core import exercise
from nbkit.exercises.kinds import judge_function
from nbkit.exercises.learner_code import call
from nbkit.exercises.trials import as_one
from nbkit.exercises.verdicts import Wrong
from nbkit.formatting import number
from nbkit.messages import _, kind_of

TRAIN = np.array([[1.0, 20.0, 0.1], [2.0, 10.0, 0.5], [4.0, 50.0, 0.2], [7.0, 30.0, 0.9], [9.0, 70.0, 0.4]])
TEST = np.array([[3.0, 80.0, 0.6], [8.0, 15.0, 0.3], [5.5, 33.0, 1.0]])


def _scaled(train, test, ddof=0):
    mean, std = train.mean(axis=0), train.std(axis=0, ddof=ddof)
    return (train - mean) / std, (test - mean) / std


def _scaled_by(mean, std, *tables):
    return tuple((table - mean) / std for table in tables)


def _scaled_by_all(train, test, ddof=0):
    both = np.concatenate([train, test])
    return _scaled_by(both.mean(axis=0), both.std(axis=0, ddof=ddof), train, test)


def _scaled_by_row(table):
    return (table - table.mean(axis=1, keepdims=True)) / table.std(axis=1, keepdims=True)


def _two_tables(result):
    if not isinstance(result, tuple | list | np.ndarray) or len(result) != 2:
        raise Wrong(_("Return two tables, train and test in this order, this is {}.").format(kind_of(result)))
    tables = tuple(as_array(part, name) for part, name in zip(result, (_("train"), _("test")), strict=True))
    shapes = [table.shape for table in tables]
    if shapes == [TEST.shape, TRAIN.shape]:
        raise Wrong(_("The two tables have changed places: train first, then test."))
    if shapes != [TRAIN.shape, TEST.shape]:
        text = _("The tables should keep their shapes, {rule}, these have {got}.")
        raise Wrong(text.format(rule=[TRAIN.shape, TEST.shape], got=shapes))
    return tables


def _tell_training_table(_inputs, _want, got):
    """Say what is wrong with an answer that none of the usual mistakes gives: look at its training table first."""
    table = got[0]
    if any(close(table, _scaled(TRAIN, TEST, ddof)[0]) for ddof in (0, 1)):
        raise Wrong(_("The training table is right, the other is not: it takes the same mean and the same std."))
    for what, numbers, want in (
        (_("mean"), table.mean(axis=0), 0.0),
        (_("standard deviation"), table.std(axis=0), 1.0),
    ):
        for column, value in enumerate(numbers):
            if not abs(value - want) < 1e-6:
                right, wrong = apart(want, value)
                text = _(
                    "Each column of the training table should have mean 0 and standard deviation 1 now. The {what} of "
                    "column {column} should be {right}, yours is {wrong}."
                )
                raise Wrong(text.format(what=what, column=column, right=right, wrong=wrong))
    place, right, wrong = first_difference(_scaled(TRAIN, TEST)[0], table)
    text = _("Mean and standard deviation are 0 and 1, but train[{place}] should be {right}, yours is {got}.")
    raise Wrong(text.format(place=", ".join(map(str, place)), right=right, got=wrong))


def _table_trials():
    rng = np.random.default_rng(0)
    sizes = (  # rows to learn from, rows to judge by, columns, mean and spread
        (2, 1, 1, 0, 1), (3, 3, 3, 5, 2), (2, 2, 2, -4, 0.3), (6, 1, 2, 0, 90), (4, 7, 1, 700, 20), (3, 4, 5, -1, 1),
        (4, 4, 4, 0, 0.05), (40, 30, 7, 3, 2),
    )  # fmt: skip
    return [
        *((rng.normal(loc, size, (n, d)), rng.normal(loc, size, (m, d))) for n, m, d, loc, size in sizes),
        (np.array([[0.0], [1.0]]), np.array([[1.0], [0.0], [0.5]])),
        (TRAIN - 800, TEST - 700),
        (rng.normal(0, 1, (5, 2)), np.array([[9e4, -7e5], [0.0, 3.0]])),
    ]


exercise(
    "09.standardise",
    _("You need two rows of numbers: the mean and the standard deviation of each column, axis=0."),
    _("Both come from `train` alone. Then the same two are used on both tables: (table − mean) / std."),
    judge=judge_function,
    rule=[_scaled, lambda train, test: _scaled(train, test, ddof=1)],  # n − 1 in place of n is as good
    mistakes={
        _("Mean and std come from all rows, the test rows included: that is a leak. Use those of `train` alone."): [
            _scaled_by_all,
            lambda train, test: _scaled_by_all(train, test, ddof=1),
            lambda train, test: _scaled_by(np.concatenate([train, test]).mean(axis=0), 1.0, train, test),
        ],
        _("The test table was scaled with its own mean and std. A new flower comes alone: use those of `train`."):
            lambda train, test: (_scaled(train, test)[0], _scaled(test, test)[0]),
        _("Mean and std come from `test`: use those of `train`."): lambda train, test: _scaled(test, train)[::-1],
        _("The means are right, but you forgot to divide by the standard deviation."):
            lambda train, test: _scaled_by(train.mean(axis=0), 1.0, train, test),
        _("The sign is turned: the mean is subtracted from the table, table - mean."):
            lambda train, test: _scaled_by(train.mean(axis=0), -train.std(axis=0), train, test),
        _("You forgot to subtract the mean."): lambda train, test: _scaled_by(0.0, train.std(axis=0), train, test),
        _("Divided by the variance: the standard deviation is its square root, np.std."):
            lambda train, test: _scaled_by(train.mean(axis=0), train.var(axis=0), train, test),
        _("Brackets: first subtract, then divide, (table - mean) / std."):
            lambda train, test: _scaled_by(train.mean(axis=0) / train.std(axis=0), 1.0, train, test),
        _("One mean for the whole table: each column needs its own, axis=0. Lengths and widths differ."):
            lambda train, test: _scaled_by(train.mean(), train.std(), train, test),
        _("Wrong axis: this is one mean for each flower. One for each column is axis=0."):
            lambda train, test: (_scaled_by_row(train), _scaled_by_row(test)),
        _("The test table comes out as it was. Either it was not scaled, or with mean and std of the *new* train, "
          "which are 0 and 1: take both from train before you change it."):
            lambda train, test: (_scaled(train, test)[0], test),
    },
    probes=[(TRAIN, TEST)],
    trials=_table_trials(),
    names="train, test",
    result=(_("train"), _("test")),
    unpack=_two_tables,
    broadcast=_("The shapes do not fit: {error}. One mean for each column is axis=0; axis=1 is one for each flower."),
    otherwise=_tell_training_table,
    praise=_("Right: mean and spread of the training rows alone, used on both tables."),
)  # fmt: skip


LABELS_TRAIN = np.array([0, 2, 2, 1, 0, 2, 0, 2, 1, 2, 0])  # mostly 2, and 1 in the middle
LABELS_TEST = np.array([2, 0, 0, 2, 0, 1, 0, 2])


def _commonest(labels):
    return np.bincount(labels).argmax()


def _tell_baseline(_inputs, _want, got):
    raise Wrong(
        _("The commonest training class here is 2, and 3 of the 8 test labels have it. So the share should be "
          "0.375, yours is {}.").format(number(got))
    )  # fmt: skip


exercise(
    "09.baseline",
    _("np.bincount(train_labels) counts each class; its argmax is the commonest one."),
    _("The share of test labels that equal this class: a mean of True and False."),
    judge=judge_function,
    rule=lambda train, test: np.mean(test == _commonest(train)),
    mistakes={
        _("This is the share of class 0, the commonest of the *test* labels. The choice is made on `train`."):
            lambda train, test: np.mean(test == _commonest(test)),
        _("This is the share in the training labels. Choose the class there, but judge on the test labels."):
            lambda train, test: np.mean(train == _commonest(train)),
        _("This is a count. Divide by the number of test labels."):
            lambda train, test: np.sum(test == _commonest(train)),
        _("This is in percent; the answer should lie between 0 and 1."):
            lambda train, test: 100 * np.mean(test == _commonest(train)),
        _("This is 2: the name of the commonest class perhaps? What share of the test labels has it?"):
            lambda train, test: _commonest(train),
        _("One in three is guessing blindly. The baseline always says the commonest class."):
            lambda train, test: 1 / 3,
        _("This is the share that the baseline gets wrong."): lambda train, test: np.mean(test != _commonest(train)),
        _("This is the share of class 1. It is the middle (median) of the training labels, or the rarest of them; "
          "but class numbers are only names. Which one is the commonest?"):
            lambda train, test: np.mean(test == np.median(train)),
        _("Right labels, wrong number: divided by the number of training labels. Divide by that of the test "
          "labels."):
            lambda train, test: np.sum(test == _commonest(train)) / len(train),
    },
    probes=[(LABELS_TRAIN, LABELS_TEST)],
    trials=[
        (np.array(train), np.array(test))
        for train, test in (
            ([0, 0, 0, 1, 2], [0, 1, 0, 2, 0]),
            ([3, 3, 0, 3, 1, 1], [1, 1, 3]),
            ([1], [1, 0, 1]),
            ([5, 0, 5], [0, 2]),
            ([0, 1, 1], [1]),
            ([2, 2, 0, 0, 2, 0, 0], [0, 0, 2, 0]),
            ([0, 4, 4, 4, 1, 1, 2], [4, 4, 4]),
            ([1, 1, 0, 2, 1, 3], [0, 1, 2, 3, 1, 1, 1, 1, 0, 1]),
            ([7, 7, 7, 8, 8, 9], [9, 7, 8, 8]),
            ([11, 60, 60, 3], [60, 60, 3]),
            ([0] * 40 + [1] * 50 + [2] * 30, [1] * 30 + [2] * 40 + [0] * 20),
        )
    ],
    names="train_labels, test_labels",
    result=_("the share"),
    unpack=as_number,
    read=as_one,
    otherwise=_tell_baseline,
    praise=_("Right: chosen on the training labels, judged on the test labels."),
)  # fmt: skip


ROWS = np.array([[0.1, 2.0, -1.0], [3.0, 0.0, 1.0], [-2.0, -1.0, 0.4], [0.3, 0.2, 0.25], [-3.0, -0.5, -1.0]])


def _tell_decision(inputs, want, got):
    row = int(np.flatnonzero(got != want)[0])
    text = _("The scores {scores} decide for class {rule}, yours says {got}.")
    raise Wrong(text.format(scores=inputs[0][row].tolist(), rule=int(want[row]), got=number(got[row])))


def _decide_trials():
    rng = np.random.default_rng(0)
    return [
        *((rng.normal(loc, size, (n, 3)),) for n, loc, size in ((1, 0, 1), (2, -3, 1), (3, 0, 1), (4, 5, 2))),
        (np.array([[0.123, 0.121, 0.124], [900.0, 800.0, 1000.0], [-800.0, -900.0, -1000.0]]),),
        (rng.normal(0, 900, (7, 3)),),
        (np.array([[0.2, 0.4, 0.3]]),),
        (np.array([[0.7123456, 0.71234563, 0.5], [1.0, 0.9998, 0.2], [8e5, 7e5, 9e5]]),),
        (rng.normal(0, 2, (40, 3)),),
    ]


exercise(
    "09.decide",
    _("Each row holds the three scores of one flower: look along the row, so along axis 1."),
    _("max says how large the largest score is, argmax says where it stands."),
    judge=judge_function,
    rule=lambda scores: scores.argmax(axis=1),
    mistakes={
        _("Wrong axis: this is one number for each class, namely the flower that has most of it."):
            lambda scores: scores.argmax(axis=0),
        _("argmax without an axis looks at the whole table at once. You want one answer for each row."):
            lambda scores: scores.argmax(),
        _("These are the largest scores themselves. The class is the place where they stand: argmax."):
            lambda scores: scores.max(axis=1),
        _("Wrong axis, and the scores themselves: one place for each row, argmax along axis 1."):
            lambda scores: scores.max(axis=0),
        _("This is the smallest score of each row."): lambda scores: scores.argmin(axis=1),
        _("The signs are lost: a score of −3 is the smallest here, not the largest."):
            lambda scores: np.abs(scores).argmax(axis=1),
        _("Class numbers start at 0 and not at 1."): lambda scores: scores.argmax(axis=1) + 1,
        _("The numbers are right, but as a column (n, 1): labels have shape (n,)."):
            lambda scores: scores.argmax(axis=1, keepdims=True),
        _("Scores have no threshold here: several may be above 0, or none. The largest one wins."):
            lambda scores: scores > 0,
        _("Scores have no threshold here: several may be above 0.5, or none. The largest one wins."):
            lambda scores: scores > 0.5,
        _("These are one-hot rows. One class number for each row is asked."):
            lambda scores: np.eye(3)[scores.argmax(axis=1)],
    },
    probes=[(ROWS,)],
    trials=_decide_trials(),
    names="scores",
    result=_("the class"),
    unpack=lambda result: as_array(result, truths=True),
    shape=_("For {n} rows the answer should have shape {{want}}, yours has {{got}}.").format(n=len(ROWS)),
    otherwise=_tell_decision,
    praise=_("Right: 1, 0, 2, 0, 1. The place of the largest score in each row; its size and sign do not matter."),
)  # fmt: skip


# ---------------------------------------------------------------- k-fold: judged by what must hold of any folds

NO_PAIRS = _("Each fold should be a pair: the row numbers to learn from, and those that are held out.")
UNJOINED = _("train should be one row of numbers, not a list of parts: join the parts with np.concatenate.")
TOO_MANY, TOO_FEW = (
    _("There are more than k pairs: one for each fold."),
    _("There are fewer than k: one for each fold."),
)
TURNED = _("The two parts have changed places: learn from the many, hold out the few.")
REPEATED = _("Some rows are held out twice: shuffle once, then cut that *one* order into k parts.")
FORGOTTEN = _("Some rows are never held out: where k does not divide n, n // k leaves a rest. Share it out.")
NOTHING_OUT = _("train holds all rows, those held out as well: so the network is judged on what it has learned from.")
OVERLAP = _("In some fold a row stands in both parts: what is held out must not be learned from.")
NEITHER = _("In some fold a row stands in neither part: whatever is not held out is learned from, once.")
UNEQUAL = _("One part is too large: sizes may differ by one row at most. Share the rest out, or use np.array_split.")
UNSHUFFLED = _("The folds are the same whatever `rng` is: shuffle with it first. The file has the flowers by species.")
OWN_RNG = _("The same `rng` should give the same folds: draw with the one that you are given, and no other.")
NEIGHBOURS = _("Rows that are neighbours in the file stay together far too often: shuffle all of them.")
PROBES = ((10, 3), (12, 4), (11, 5), (7, 7), (9, 2), (23, 6), (5, 4), (2, 2))  # (n, k)


def _folds_of(order, k):
    parts = np.array_split(order, k)
    return [(np.concatenate(parts[:i] + parts[i + 1 :]), part) for i, part in enumerate(parts)]


def _folds(n, k, rng):
    return _folds_of(rng.permutation(n), k)


def _drawn_anew(n, k, rng):
    orders = (rng.permutation(n) for _fold in range(k))
    return [(order[n // k :], order[: n // k]) for order in orders]


def _without_rest(n, k, rng):
    order, size = rng.permutation(n), n // k
    parts = [order[i * size : (i + 1) * size] for i in range(k)]
    return [(np.setdiff1d(order, part), part) for part in parts]


def _rest_to_the_last(n, k, rng):
    order, size = rng.permutation(n), n // k
    ends = [*range(0, k * size, size), n]
    return [(np.setdiff1d(order, order[a:b]), order[a:b]) for a, b in itertools.pairwise(ends)]


@exercise(
    "09.k_fold",
    _("Shuffle once: order = rng.permutation(n). Then cut it into k parts; np.array_split does so for any n."),
    _("Each part is held out once, and the other k − 1 parts, np.concatenate, are learned from."),
    mistakes={
        NO_PAIRS: lambda n, k, rng: np.array_split(rng.permutation(n), k),
        UNJOINED: lambda n, k, rng: [([train[:1], train[1:2]], out) for train, out in _folds(n, k, rng)],
        TOO_MANY: lambda n, k, rng: _folds(n, k + 1, rng),
        TOO_FEW: lambda n, k, rng: _folds(n, k, rng)[:-1],
        TURNED: lambda n, k, rng: [pair[::-1] for pair in _folds(n, k, rng)],
        REPEATED: [_drawn_anew, lambda n, k, rng: _folds(n, k, rng)[:1] * k],
        FORGOTTEN: _without_rest,
        NOTHING_OUT: lambda n, k, rng: [(np.arange(n), out) for _train, out in _folds(n, k, rng)],
        OVERLAP: lambda n, k, rng: [(np.append(train, out[:1]), out) for train, out in _folds(n, k, rng)],
        NEITHER: [
            lambda n, k, rng: [(train[1:], out) for train, out in _folds(n, k, rng)],
            lambda n, k, rng: [(np.append(train, train[:1]), out) for train, out in _folds(n, k, rng)],
        ],
        UNEQUAL: _rest_to_the_last,
        UNSHUFFLED: [
            lambda n, k, rng: _folds_of(np.arange(n), k),
            lambda n, k, rng: _folds_of(np.argsort(np.arange(n) % k, kind="stable"), k),
            lambda n, k, rng: _folds(n, k, np.random.default_rng(0)),
        ],
        OWN_RNG: lambda n, k, rng: _folds(n, k, np.random.default_rng()),
        NEIGHBOURS: lambda n, k, rng: _folds_of(np.roll(np.arange(n), rng.integers(n)), k),
    },
    praise=_("Right: shuffled, each row held out exactly once, and learned from in all other folds."),
)  # fmt: skip
def judge_k_fold(answer, mistakes):
    for seed, (n, k) in enumerate(PROBES):
        _judge_folds(_pairs(answer, n, k, seed), n)
    _judge_shuffle([_pairs(answer, 40, 4, seed) for seed in range(12)], _pairs(answer, 40, 4, 0))


def _pairs(answer, n, k, seed):
    """Return the k pairs that came back for (n, k), each of two arrays of row numbers."""
    result = call(answer, n, k, np.random.default_rng(seed))
    if isinstance(result, str | bytes):
        raise Wrong(_("There should be k pairs, this is text."))
    try:
        folds = list(itertools.islice(result, k + 1))
    except TypeError:
        raise Wrong(_("There should be k pairs in a list, this is {}.").format(kind_of(result))) from None
    pairs = [_pair(fold, n) for fold in folds]
    if len(pairs) != k:
        raise Wrong(TOO_MANY if len(pairs) > k else TOO_FEW)
    return pairs


def _pair(fold, n):
    if not isinstance(fold, tuple | list | np.ndarray) or len(fold) != 2:
        raise Wrong(NO_PAIRS)
    pair = tuple(as_array(part, name) for part, name in zip(fold, ("train", "held_out"), strict=True))
    if any(part.ndim != 1 for part in pair):
        raise Wrong(UNJOINED if pair[1].ndim == 1 else NO_PAIRS)
    for rows in pair:
        outside = rows[~np.isin(rows, np.arange(n))]
        if len(outside):
            text = _("With n = {n} the rows have the numbers 0 to {last}; among yours is {got}.")
            raise Wrong(text.format(n=n, last=n - 1, got=number(outside[0])))
    return tuple(rows.astype(int) for rows in pair)


def _judge_folds(pairs, n):
    """Look at the folds of one call: what must hold of them, whatever the shuffle was."""
    trains, outs = zip(*pairs, strict=True)
    learned = np.array([np.bincount(rows, minlength=n) for rows in trains])
    held_out = np.array([np.bincount(rows, minlength=n) for rows in outs])
    sizes, most = held_out.sum(axis=1), len(pairs) - 1
    for wrong, diagnosis in (
        (most > 1 and np.all(learned.sum(axis=0) == 1) and np.all(held_out.sum(axis=0) == most), TURNED),
        (np.any(held_out.sum(axis=0) > 1), REPEATED),
        (np.any(held_out.sum(axis=0) < 1), FORGOTTEN),
        (np.all(learned == 1), NOTHING_OUT),
        (np.any((learned > 0) & (held_out > 0)), OVERLAP),
        (np.any(learned + held_out != 1), NEITHER),
        (sizes.max() - sizes.min() > 1, UNEQUAL),
    ):
        if wrong:
            raise Wrong(diagnosis)


def _judge_shuffle(drawn, again):
    """Look at many shuffles of 40 rows: other ones for other generators, and no order of the file left in them."""
    parts = [{frozenset(out.tolist()) for _train, out in pairs} for pairs in drawn]
    if parts[0] != {frozenset(out.tolist()) for _train, out in again}:
        raise Wrong(OWN_RNG)
    if all(folds == parts[0] for folds in parts):
        raise Wrong(UNSHUFFLED)
    together = np.mean([any({i, i + 1} <= part for part in folds) for folds in parts for i in range(39)])
    if not 0.1 < together < 0.4:  # 9 of 39 by chance
        raise Wrong(NEIGHBOURS)
