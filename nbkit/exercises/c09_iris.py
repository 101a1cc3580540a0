"""Exercises of chapter 09: standardise, the majority baseline, from scores to decisions."""

import numpy as np

from nbkit.exercises.core import Wrong, apart, as_array, as_number, call, close, exercise, first_difference
from nbkit.exercises.trials import as_one, try_function
from nbkit.formatting import number
from nbkit.messages import _, kind_of

TRAIN = np.array([[1.0, 20.0, 0.1], [2.0, 10.0, 0.5], [4.0, 50.0, 0.2], [7.0, 30.0, 0.9], [9.0, 70.0, 0.4]])
TEST = np.array([[3.0, 80.0, 0.6], [8.0, 15.0, 0.3], [5.5, 33.0, 1.0]])


@exercise(
    "09.standardise",
    _("You need two rows of numbers: the mean and the standard deviation of each column, axis=0."),
    _("Both come from `train` alone. Then the same two are used on both tables: (table − mean) / std."),
)
def judge_standardise(answer):
    train, test = TRAIN.copy(), TEST.copy()
    try:
        result = call(answer, train, test)
    except ValueError as error:
        if "broadcast" not in str(error):
            raise
        raise Wrong(
            _("The shapes do not fit: {}. One mean for each column is axis=0; axis=1 is one for each flower.").format(
                error
            )
        ) from None
    tables = _two_tables(result)
    if not (np.array_equal(train, TRAIN) and np.array_equal(test, TEST)):
        raise Wrong(
            _("The tables that were given have changed, and they belong to the caller: make new ones, no -= or /=.")
        )
    for train_rule, test_rule, diagnosis in _standardised():
        if close(tables[0], train_rule) and close(tables[1], test_rule):
            if diagnosis:
                raise Wrong(diagnosis)
            break
    else:
        _judge_training_table(tables[0])
    ddof = 0 if close(tables[0], _scaled(TRAIN, TEST)[0]) else 1
    rng = np.random.default_rng(0)
    trials = [(rng.normal(loc, size, (n, d)), rng.normal(loc, size, (m, d))) for n, m, d, loc, size in TABLES_ELSEWHERE]
    trials += [(np.array([[0.0], [1.0]]), np.array([[1.0], [0.0], [0.5]])), (TRAIN - 800, TEST - 700)]
    trials += [(rng.normal(0, 1, (5, 2)), np.array([[9e4, -7e5], [0.0, 3.0]]))]
    try_function(answer, lambda train, test: _scaled(train, test, ddof), trials, "train, test", (_("train"), _("test")))
    return _("Right: mean and spread of the training rows alone, used on both tables.")


TABLES_ELSEWHERE = (  # rows to learn from, rows to judge by, columns, mean and spread
    (2, 1, 1, 0, 1), (3, 3, 3, 5, 2), (2, 2, 2, -4, 0.3), (6, 1, 2, 0, 90), (4, 7, 1, 700, 20), (3, 4, 5, -1, 1),
    (4, 4, 4, 0, 0.05), (40, 30, 7, 3, 2),
)  # fmt: skip


def _scaled(train, test, ddof=0):
    mean, std = train.mean(axis=0), train.std(axis=0, ddof=ddof)
    return (train - mean) / std, (test - mean) / std


def _judge_training_table(table):
    """Say what is wrong with an answer that none of the usual mistakes gives: look at its training table first."""
    for ddof in (0, 1):
        if close(table, _scaled(TRAIN, TEST, ddof)[0]):
            raise Wrong(_("The training table is right, the other is not: it takes the same mean and the same std."))
    for what, numbers, want in (
        (_("mean"), table.mean(axis=0), 0.0),
        (_("standard deviation"), table.std(axis=0), 1.0),
    ):
        for column, got in enumerate(numbers):
            if not abs(got - want) < 1e-6:
                right, wrong = apart(want, got)
                raise Wrong(
                    _(
                        "Each column of the training table should have mean 0 and standard deviation 1 now. The {what} "
                        "of column {column} should be {right}, yours is {wrong}."
                    ).format(what=what, column=column, right=right, wrong=wrong)
                )
    place, right, got = first_difference(_scaled(TRAIN, TEST)[0], table)
    raise Wrong(
        _("Mean and standard deviation are 0 and 1, but train[{place}] should be {right}, yours is {got}.").format(
            place=", ".join(map(str, place)), right=right, got=got
        )
    )


def _two_tables(result):
    if not isinstance(result, tuple | list | np.ndarray) or len(result) != 2:
        raise Wrong(_("Return two tables, train and test in this order, this is {}.").format(kind_of(result)))
    tables = [as_array(part, name) for part, name in zip(result, (_("train"), _("test")), strict=True)]
    shapes = [table.shape for table in tables]
    if shapes == [TEST.shape, TRAIN.shape]:
        raise Wrong(_("The two tables have changed places: train first, then test."))
    if shapes != [TRAIN.shape, TEST.shape]:
        raise Wrong(
            _("The tables should keep their shapes, {rule}, these have {got}.").format(
                rule=[TRAIN.shape, TEST.shape], got=shapes
            )
        )
    return tables


def _standardised():
    """Yield both tables as they should be, then as they come out with each of the usual mistakes."""
    both = np.concatenate([TRAIN, TEST])
    mean, std = TRAIN.mean(axis=0), TRAIN.std(axis=0)

    def tables(mean, std):
        return (TRAIN - mean) / std, (TEST - mean) / std

    yield *tables(mean, std), ""
    yield *tables(mean, TRAIN.std(axis=0, ddof=1)), ""  # n - 1 instead of n: as good
    leak = _("Mean and std come from all rows, the test rows included: that is a leak. Use those of `train` alone.")
    yield *tables(both.mean(axis=0), both.std(axis=0)), leak
    yield *tables(both.mean(axis=0), both.std(axis=0, ddof=1)), leak
    yield *tables(both.mean(axis=0), 1.0), leak
    own = _("The test table was scaled with its own mean and std. A new flower comes alone: use those of `train`.")
    yield (TRAIN - mean) / std, (TEST - TEST.mean(axis=0)) / TEST.std(axis=0), own
    yield *tables(TEST.mean(axis=0), TEST.std(axis=0)), _("Mean and std come from `test`: use those of `train`.")
    yield *tables(mean, 1.0), _("The means are right, but you forgot to divide by the standard deviation.")
    yield *tables(mean, -std), _("The sign is turned: the mean is subtracted from the table, table - mean.")
    yield *tables(0.0, std), _("You forgot to subtract the mean.")
    yield *tables(mean, std**2), _("Divided by the variance: the standard deviation is its square root, np.std.")
    yield TRAIN - mean / std, TEST - mean / std, _("Brackets: first subtract, then divide, (table - mean) / std.")
    yield (
        *tables(TRAIN.mean(), TRAIN.std()),
        _("One mean for the whole table: each column needs its own, axis=0. Lengths and widths differ."),
    )
    yield (
        *((table - table.mean(axis=1, keepdims=True)) / table.std(axis=1, keepdims=True) for table in (TRAIN, TEST)),
        _("Wrong axis: this is one mean for each flower. One for each column is axis=0."),
    )
    as_it_was = _(
        "The test table comes out as it was. Either it was not scaled, or with mean and std of the *new* train, which "
        "are 0 and 1: take both from train before you change it."
    )
    yield (TRAIN - mean) / std, TEST, as_it_was


LABELS_TRAIN = np.array([0, 2, 2, 1, 0, 2, 0, 2, 1, 2, 0])  # mostly 2, and 1 in the middle
LABELS_TEST = np.array([2, 0, 0, 2, 0, 1, 0, 2])


@exercise(
    "09.baseline",
    _("np.bincount(train_labels) counts each class; its argmax is the commonest one."),
    _("The share of test labels that equal this class: a mean of True and False."),
)
def judge_baseline(answer):
    value = as_number(call(answer, LABELS_TRAIN.copy(), LABELS_TEST.copy()))
    mistakes = (
        (0.5, _("This is the share of class 0, the commonest of the *test* labels. The choice is made on `train`.")),
        (5 / 11, _("This is the share in the training labels. Choose the class there, but judge on the test labels.")),
        (3.0, _("This is a count. Divide by the number of test labels.")),
        (37.5, _("This is in percent; the answer should lie between 0 and 1.")),
        (2.0, _("This is 2: the name of the commonest class perhaps? What share of the test labels has it?")),
        (1 / 3, _("One in three is guessing blindly. The baseline always says the commonest class.")),
        (0.625, _("This is the share that the baseline gets wrong.")),
        (
            0.125,
            _("This is the share of class 1. It is the middle (median) of the training labels, or the rarest of them; "
              "but class numbers are only names. Which one is the commonest?"),
        ),
        (
            3 / 11,
            _("Right labels, wrong number: divided by the number of training labels. Divide by that of the test "
              "labels."),
        ),
    )  # fmt: skip
    for wrong, diagnosis in mistakes:
        if close(value, wrong):
            raise Wrong(diagnosis)
    if not close(value, 0.375):
        raise Wrong(
            _("The commonest training class here is 2, and 3 of the 8 test labels have it. So the share should be "
              "0.375, yours is {}.").format(number(value))
        )  # fmt: skip
    trials = [
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
    ]
    try_function(answer, _share, trials, "train_labels, test_labels", _("the share"), read=as_one)
    return _("Right: chosen on the training labels, judged on the test labels.")


def _share(train_labels, test_labels):
    return np.mean(test_labels == np.bincount(train_labels).argmax())


ROWS = np.array([[0.1, 2.0, -1.0], [3.0, 0.0, 1.0], [-2.0, -1.0, 0.4], [0.3, 0.2, 0.25], [-3.0, -0.5, -1.0]])


@exercise(
    "09.decide",
    _("Each row holds the three scores of one flower: look along the row, so along axis 1."),
    _("max says how large the largest score is, argmax says where it stands."),
)
def judge_decide(answer):
    decisions = as_array(call(answer, ROWS.copy()), truths=True)
    rights = ROWS.argmax(axis=1)
    mistakes = (
        (
            ROWS.argmax(axis=0),
            _("Wrong axis: this is one number for each class, namely the flower that has most of it."),
        ),
        (
            ROWS.argmax(),
            _("argmax without an axis looks at the whole table at once. You want one answer for each row."),
        ),
        (
            ROWS.max(axis=1),
            _("These are the largest scores themselves. The class is the place where they stand: argmax."),
        ),
        (ROWS.max(axis=0), _("Wrong axis, and the scores themselves: one place for each row, argmax along axis 1.")),
        (ROWS.argmin(axis=1), _("This is the smallest score of each row.")),
        (np.abs(ROWS).argmax(axis=1), _("The signs are lost: a score of −3 is the smallest here, not the largest.")),
        (rights + 1, _("Class numbers start at 0 and not at 1.")),
        (rights[:, None], _("The numbers are right, but as a column (n, 1): labels have shape (n,).")),
        (ROWS > 0, _("Scores have no threshold here: several may be above 0, or none. The largest one wins.")),
        (ROWS > 0.5, _("Scores have no threshold here: several may be above 0.5, or none. The largest one wins.")),
        (np.eye(3)[rights], _("These are one-hot rows. One class number for each row is asked.")),
    )
    for wrong, diagnosis in mistakes:
        if close(decisions, wrong):
            raise Wrong(diagnosis)
    if decisions.shape != (len(ROWS),):
        raise Wrong(
            _("For {n} rows the answer should have shape {rule}, yours has {got}.").format(
                n=len(ROWS), rule=(len(ROWS),), got=decisions.shape
            )
        )
    if not close(decisions, rights):
        row = int(np.flatnonzero(decisions != rights)[0])
        raise Wrong(
            _("The scores {scores} decide for class {rule}, yours says {got}.").format(
                scores=ROWS[row].tolist(), rule=int(rights[row]), got=number(decisions[row])
            )
        )
    rng = np.random.default_rng(0)
    trials = [(rng.normal(loc, size, (n, 3)),) for n, loc, size in ((1, 0, 1), (2, -3, 1), (3, 0, 1), (4, 5, 2))]
    trials += [
        (np.array([[0.123, 0.121, 0.124], [900.0, 800.0, 1000.0], [-800.0, -900.0, -1000.0]]),),
        (rng.normal(0, 900, (7, 3)),),
        (np.array([[0.2, 0.4, 0.3]]),),
        (np.array([[0.7123456, 0.71234563, 0.5], [1.0, 0.9998, 0.2], [8e5, 7e5, 9e5]]),),
        (rng.normal(0, 2, (40, 3)),),
    ]
    try_function(answer, lambda scores: scores.argmax(axis=1), trials, "scores", _("the class"))
    return _("Right: 1, 0, 2, 0, 1. The place of the largest score in each row; its size and sign do not matter.")
