"""Exercises of chapter 09: standardise, the majority baseline, from scores to decisions."""

import numpy as np

from nbkit._text import _, kind_of
from nbkit.exercises.core import Wrong, as_number, call, close, exercise

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
    for train_rule, test_rule, diagnosis in _standardised():
        if close(tables[0], train_rule) and close(tables[1], test_rule):
            if diagnosis:
                raise Wrong(diagnosis)
            if not (close(train, TRAIN) and close(test, TEST)):
                raise Wrong(
                    _("The result is right, but the tables that were given have changed: make new ones, no -=.")
                )
            return _("Right: mean and spread of the training rows alone, used on both tables.")
    if close(tables[0], (TRAIN - TRAIN.mean(axis=0)) / TRAIN.std(axis=0)):
        raise Wrong(_("The training table is right, the other is not: it takes the same mean and the same std."))
    means = ", ".join(f"{m:.4g}" for m in tables[0].mean(axis=0))
    raise Wrong(
        _(
            "Each column of the training table should have mean 0 and standard deviation 1 now; yours have means {}."
        ).format(means)
    )


def _two_tables(result):
    if not isinstance(result, tuple | list) or len(result) != 2:
        raise Wrong(_("Return two tables, train and test in this order, this is {}.").format(kind_of(result)))
    tables = []
    for part in result:
        try:
            tables.append(np.array(part, dtype=float))
        except (TypeError, ValueError):
            raise Wrong(_("A table should hold numbers only, this is {}.").format(kind_of(part))) from None
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
    yield (TRAIN - mean) / std, TEST, _("The test table was left as it was: the network must see both on one scale.")


LABELS_TRAIN = np.array([0, 1, 1, 2, 1, 0, 1, 1, 0, 1])
LABELS_TEST = np.array([2, 0, 1, 2, 0, 2, 1, 2])


@exercise(
    "09.baseline",
    _("np.bincount(train_labels) counts each class; its argmax is the commonest one."),
    _("The share of test labels that equal this class: a mean of True and False."),
)
def judge_baseline(answer):
    result = call(answer, LABELS_TRAIN.copy(), LABELS_TEST.copy())
    if np.ndim(result):
        raise Wrong(_("The answer should be one number from 0 to 1, this is {}.").format(kind_of(result)))
    value = as_number(result)
    mistakes = (
        (0.5, _("This is right for the commonest class of the *test* labels. The choice must be made on `train`.")),
        (0.6, _("This is the share in the training labels. Choose the class there, but judge it on the test labels.")),
        (2.0, _("This is a count. Divide by the number of test labels.")),
        (25.0, _("This is in percent; the answer should lie between 0 and 1.")),
        (1.0, _("This is 1: the name of the commonest class perhaps? What share of the test labels has it?")),
        (1 / 3, _("One in three is guessing blindly. The baseline always says the commonest class.")),
        (0.75, _("This is the share that the baseline gets wrong.")),
    )
    if close(value, 0.25):
        again = as_number(call(answer, np.array([0, 0, 0, 1, 2]), np.array([0, 1, 0, 2, 0])))
        if close(again, 0.6):
            return _("Right: chosen on the training labels, judged on the test labels.")
        raise Wrong(_("Right for one pair of label lists, but for another it says {:.4g} and not 0.6.").format(again))
    for wrong, diagnosis in mistakes:
        if close(value, wrong):
            raise Wrong(diagnosis)
    raise Wrong(
        _("The commonest training class here is 1; 2 of the 8 test labels have it, so 0.25. Yours says {:.4g}.").format(
            value
        )
    )


ROWS = np.array([[0.1, 2.0, -1.0], [3.0, 0.0, 1.0], [-2.0, -1.0, 0.4], [0.3, 0.2, 0.25], [-3.0, -0.5, -1.0]])


@exercise(
    "09.decide",
    _("Each row holds the three scores of one flower: look along the row, so along axis 1."),
    _("max says how large the largest score is, argmax says where it stands."),
)
def judge_decide(answer):
    result = call(answer, ROWS.copy())
    try:
        decisions = np.asarray(result, dtype=float)
    except (TypeError, ValueError):
        raise Wrong(_("The answer should be an array of class numbers, this is {}.").format(kind_of(result))) from None
    if close(decisions, ROWS.argmax(axis=1)):
        return _("Right: 1, 0, 2, 0, 1. The place of the largest score in each row; its size and sign do not matter.")
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
        (ROWS.argmax(axis=1) + 1, _("Class numbers start at 0 and not at 1.")),
        (ROWS.argmax(axis=1)[:, None], _("The numbers are right, but as a column (n, 1): labels have shape (n,).")),
        (np.eye(3)[ROWS.argmax(axis=1)], _("These are one-hot rows. One class number for each row is asked.")),
        (ROWS > 0, _("Scores have no threshold here: several may be above 0, or none. The largest one wins.")),
        (ROWS > 0.5, _("Scores have no threshold here: several may be above 0.5, or none. The largest one wins.")),
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
    row = int(np.flatnonzero(decisions != ROWS.argmax(axis=1))[0])
    raise Wrong(
        _("The scores {scores} decide for class {rule}, yours says {got:.4g}.").format(
            scores=ROWS[row].tolist(), rule=int(ROWS[row].argmax()), got=decisions[row]
        )
    )
