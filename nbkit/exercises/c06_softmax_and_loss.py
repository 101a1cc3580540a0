"""Exercises of chapter 06: a softmax that cannot overflow, the cross-entropy of a batch, and its gradient."""

import numpy as np

from nbkit.exercises.core import (
    Wrong,
    apart,
    as_array,
    as_number,
    call,
    close,
    exercise,
    filled,
    first_difference,
    listed,
    nothing_open,
    row,
    rows_apart,
)
from nbkit.exercises.trials import try_function
from nbkit.functions import cross_entropy, one_hot, softmax
from nbkit.messages import _

# ---------------------------------------------------------------- 1: softmax, row by row

SQUARE = np.array([[1.0, 2.0, 4.0], [0.0, 3.0, 3.5], [-1.0, 0.5, 2.5]])
FLAT = SQUARE[:2]  # as many columns, but fewer rows: NumPy refuses what it let pass on a square
LARGE = np.array([[1000.0, 1001.0, 999.0], [998.0, 1000.0, 1001.0]])
FAR_APART = np.array([[1000.0, 1001.0, 999.0], [-1000.0, -1001.0, -999.0]])
ONE_LARGE = np.array([[0.0, 1000.0, 0.0], [1000.0, 0.0, 0.0], [0.0, 0.0, 3000.0], [-800.0, -800.0, 0.0]])


def _shifted_exp(x, keepdims=False):
    return np.exp(x - x.max(axis=1, keepdims=keepdims))


SOFTMAX_MISTAKES = (
    (
        lambda x: _shifted_exp(x) / _shifted_exp(x).sum(axis=1, keepdims=True),
        _("The maxima lie along the columns: each score lost the maximum of another row. max needs keepdims=True too."),
    ),
    (
        lambda x: _shifted_exp(x) / _shifted_exp(x).sum(axis=1),
        _("Both max and sum forgot keepdims=True: their results lie along the columns, not along the rows."),
    ),
    (
        lambda x: _shifted_exp(x, keepdims=True) / _shifted_exp(x, keepdims=True).sum(axis=1),
        _("max is right, but sum forgot keepdims=True: each row was divided by the sums of other rows."),
    ),
    (
        lambda x: np.exp(x) / np.exp(x).sum(axis=1),
        _("The sums of the rows lie along the columns, so the wrong sum divides. Add keepdims=True."),
    ),
    (
        lambda x: np.exp(x) / _shifted_exp(x, keepdims=True).sum(axis=1, keepdims=True),
        _("Above the fraction line stands exp(x), below it the sum of exp(x − max). Use the shifted one in both."),
    ),
    (
        lambda x: x / x.sum(axis=1, keepdims=True),
        _("There is no exp in this. Without it, a negative score would give a negative probability."),
    ),
    (
        lambda x: (x - x.max(axis=1, keepdims=True)) / (x - x.max(axis=1, keepdims=True)).sum(axis=1, keepdims=True),
        _("There is no exp in this: the largest score gets 0 now. Shift, then exp, then divide."),
    ),
    (lambda x: np.exp(x), _("These are the powers. Divide each row by its sum, so that it adds up to 1.")),
    (
        lambda x: np.exp(x - x.max(axis=1, keepdims=True)),
        _("Shifted and raised, but not yet divided: each row should add up to 1."),
    ),
    (
        lambda x: np.log(softmax(x)),
        _("These are the logarithms of the probabilities. Leave the log to the loss."),
    ),
)


@exercise(
    "06.softmax",
    _("Three steps for each row: subtract the row's largest score, exp, divide by the row's sum."),
    _("x.max(axis=1, keepdims=True) is a column: one largest score for each row. The sum goes the same way."),
    _("e = np.exp(x - x.max(axis=1, keepdims=True)), and then e divided by e.sum(axis=1, keepdims=True)."),
)
def judge_softmax(answer):
    got = _softmax_of(answer, SQUARE)
    if not close(got, softmax(SQUARE)):
        for mistake, diagnosis in SOFTMAX_MISTAKES:
            if close(got, mistake(SQUARE)):
                raise Wrong(diagnosis)
        if close(got.sum(), 1):
            raise Wrong(
                _("The whole batch adds up to 1 here. Each *row* should: sum along axis=1, with keepdims=True.")
            )
        if close(got.sum(axis=0), np.ones(3)) and not close(got.sum(axis=1), np.ones(3)):
            raise Wrong(_("Here each *column* adds up to 1. A row is one sample, so sum along axis=1."))
        _tell_row(SQUARE, softmax(SQUARE), got)
    if not close(_softmax_of(answer, FLAT), softmax(FLAT)):
        raise Wrong(_("Right for 3 rows of 3 scores, wrong for 2 rows: does every max and sum have keepdims=True?"))
    got = _softmax_of(answer, LARGE)
    if not close(got, softmax(LARGE)):
        if np.isfinite(got).all() and got.all():
            _tell_row(LARGE, softmax(LARGE), got)
        raise Wrong(
            _("Right for small scores, but the row 1000, 1001, 999 becomes {got}: exp of scores so far from 0 is "
              "infinite or 0. Subtract each row's largest score first.").format(got=row(got[0]))
        )  # fmt: skip
    got = _softmax_of(answer, FAR_APART)
    if not close(got, softmax(FAR_APART)):
        if np.isfinite(got).all() and got.all():
            _tell_row(FAR_APART, softmax(FAR_APART), got)
        raise Wrong(
            _("Right for a batch of large scores, but not if a row of −1000, −1001, −999 stands below it: that one "
              "becomes {got}. Subtract from each row its *own* largest score: axis=1, keepdims=True.").format(
                got=row(got[1])
            )
        )  # fmt: skip
    got = _softmax_of(answer, ONE_LARGE)
    if not close(got, softmax(ONE_LARGE)):
        if np.isfinite(got).all():
            _tell_row(ONE_LARGE, softmax(ONE_LARGE), got)
        place = first_difference(softmax(ONE_LARGE), got)[0][0]
        raise Wrong(
            _("Right where the scores of a row are close together, but the row {x} becomes {got}. Subtract the "
              "*largest* score of the row, not its mean or another one: then none is above 0.").format(
                x=row(ONE_LARGE[place]), got=row(got[place])
            )
        )  # fmt: skip
    with np.errstate(all="ignore"):
        _judge_whole(_softmax_of(answer, WHOLE))
        try_function(answer, softmax, SCORE_TRIALS, "x")
    return _("Right: every row adds up to 1, and a score of 1000 does no harm.")


def _scores(*shapes):
    rng = np.random.default_rng(6)
    return [(rng.normal(size=shape) * rng.choice([1, 10, 700]),) for shape in shapes]


SCORE_TRIALS = [
    *_scores((1, 4), (4, 1), (2, 2), (3, 5), (5, 3), (1, 1), (6, 10)),
    (np.array([[2.0, 2.0, -1.0], [0.0, 0.0, 0.0]]),),  # ties
    (np.array([[-900.0, -902.0], [-1e4, 1e4]]),),
    *_scores((3, 3), (2, 2)),  # shapes that have been before
    (np.array([[8000.0, 9000.0, 9000.5], [-9000.0, -9002.0, -8999.0]]),),
    (np.zeros((2, 3)),),
    (np.full((3, 4), -7.5),),
]
WHOLE = np.array([[2, 0, -1], [1, 1, 3]])  # integers


def _judge_whole(got):
    """Judge what came from scores that are integers."""
    if not close(got, softmax(WHOLE)):
        raise Wrong(
            _("Right for x of floats, but from the integers {x} comes {got}. `np.zeros_like(x)` and `x.copy()` are "
              "arrays of integers then, which cut off what stands behind the point: np.zeros(x.shape).").format(
                x=row(WHOLE[0]), got=row(got[0])
            )
        )  # fmt: skip


def _tell_row(x, want, got):
    """Say which row of a result is wrong."""
    (i, j), right, wrong = first_difference(want, got)
    wanted, given = rows_apart(want[i], got[i])
    raise Wrong(
        _("From the row {x} should come {want}; yours is {got}. Number {j} of it should be {right}, yours is {wrong}.")
        .format(x=row(x[i]), want=wanted, got=given, j=j + 1, right=right, wrong=wrong)
    )  # fmt: skip


def _softmax_of(answer, x):
    try:
        got = _array(_run(answer, x), x)
    except ValueError as error:
        if "broadcast" not in str(error):
            raise
        raise Wrong(
            _("For x with shape {shape} NumPy could not fit the shapes: {error}. Is keepdims=True missing?").format(
                shape=x.shape, error=error
            )
        ) from None
    return got


# ---------------------------------------------------------------- 2: cross-entropy of a batch

CHANCES = np.array([[0.7, 0.2, 0.1], [0.15, 0.25, 0.6], [0.3, 0.3, 0.4], [0.05, 0.9, 0.05]])
LABELS = np.array([0, 1, 2, 1])
HOT = one_hot(LABELS, 3)
PICKED = CHANCES[np.arange(4), LABELS]
SURPRISES = -np.log(PICKED)

ENTROPY_MISTAKES = (
    (SURPRISES.sum(), _("This is the sum over the batch. Divide by the number of rows, or take the mean.")),
    (-SURPRISES.mean(), _("The minus is missing: the log of a probability is negative, a surprise is not.")),
    (-SURPRISES.sum(), _("The minus is missing, and the sum is not yet divided by the number of rows.")),
    (SURPRISES.sum() / CHANCES.size, _("Divided by all 12 numbers. Only the 4 rows count: one surprise per row.")),
    (SURPRISES.sum() / 3, _("Divided by the number of classes. The mean is over the rows.")),
    (
        -np.log(CHANCES).mean(),
        _("This takes the log of every class. Only the probability of the *true* class of each row counts."),
    ),
    (
        -np.log(CHANCES).sum() / 4,
        _("This takes the log of every class. Only the probability of the *true* class of each row counts."),
    ),
    (
        -np.log(CHANCES[:, LABELS]).mean(),
        _("y[:, t] takes all the columns t from every row. y[np.arange(len(t)), t] takes one from each."),
    ),
    (
        -np.log(CHANCES.max(axis=1)).mean(),
        _("This takes the *largest* probability of each row. Take the one of the true class, t."),
    ),
    (
        -np.log(CHANCES[np.arange(4), LABELS - 1]).mean(),
        _("The log of the wrong class: column t − 1. Labels count from 0, as columns do."),
    ),
    (-np.log(1 - PICKED).mean(), _("This is the log of 1 − y. The surprise is about the class that was true: y.")),
    (
        SURPRISES.mean() / np.log(2),
        _("This is in bits, with the logarithm to the base 2. Use the natural one, np.log."),
    ),
    (SURPRISES.mean() / np.log(10), _("This is the logarithm to the base 10. Use the natural one, np.log.")),
    (-np.log(PICKED.mean()), _("The log of the mean. Take the log of each first, then the mean.")),
    (PICKED.mean(), _("These are the right probabilities; their logarithm is missing.")),
    (-PICKED.mean(), _("These are the right probabilities; their logarithm is missing.")),
    (1 - PICKED.mean(), _("1 − y is another measure. The surprise is −log y.")),
    (((CHANCES - HOT) ** 2).sum() / 8, _("This is half the squared error. Cross-entropy is the mean of −log y.")),
)


@exercise(
    "06.cross_entropy",
    _("For each row pick the probability of the true class. y[np.arange(len(t)), t] does it for all rows."),
    _("The surprise is −log of that probability, with np.log. Then the mean over the rows."),
)
def judge_cross_entropy(answer):
    result = _run(answer, CHANCES, LABELS)
    if _shape(result) == LABELS.shape:
        raise Wrong(_("One number for each row: now take their mean, the loss is a single number."))
    got = as_number(result, _("The loss"))
    if not close(got, SURPRISES.mean()):
        for mistake, diagnosis in ENTROPY_MISTAKES:
            if close(got, mistake):
                raise Wrong(diagnosis)
        want, text = apart(SURPRISES.mean(), got)
        for guard in GUARDS:
            if close(got, -np.log(PICKED + guard).mean(), rtol=1e-9):
                raise Wrong(
                    _("Almost: it should give {want}, yours gives {got}, as if {guard} were added before the log. "
                      "Leave it out, or make it as small as 1e-7.").format(want=want, got=text, guard=f"{guard:.0e}")
                )  # fmt: skip
        raise Wrong(
            _("For the true probabilities {picked} it should give {want}, yours gives {got}.").format(
                picked=row(PICKED), want=want, got=text
            )
        )
    got = as_number(_run(answer, CHANCES[:2], LABELS[:2]), _("The loss"))
    if not close(got, cross_entropy(CHANCES[:2], LABELS[:2])) and close(2 * got, SURPRISES[:2].mean()):
        raise Wrong(_("Right for 4 rows, but not for 2: is a number of rows or a label written into the code?"))
    with np.errstate(all="ignore"):  # a guard of 1e-7 is within rtol
        try_function(answer, cross_entropy, CHANCE_TRIALS, "y, t", _("the loss"), rtol=1e-5)
    return _("Right: the mean surprise at the truth, in nats.")


GUARDS = 1e-6, 1e-5, 1e-4, 1e-3


def _chances():
    rng = np.random.default_rng(7)
    for n, k in (1, 2), (1, 4), (5, 2), (3, 5), (4, 4), (6, 3):
        y = 0.2 + rng.random((n, k))
        yield y / y.sum(axis=1, keepdims=True), rng.integers(0, k, n)


CHANCE_TRIALS = [
    *_chances(),
    (np.array([[0.9, 0.1], [0.9, 0.1]]), np.array([1, 1])),
    (np.array([[0.01, 0.99], [0.02, 0.98], [0.995, 0.005]]), np.array([0, 1, 0])),
    (np.array([[0.5, 0.25, 0.25], [0.125, 0.5, 0.375], [0.1, 0.8, 0.1]]), np.array([0, 0, 0])),
    (np.array([[0.5, 0.25, 0.25], [0.125, 0.5, 0.375], [0.1, 0.8, 0.1]]), np.array([2, 1, 2])),
]


# ---------------------------------------------------------------- 3: the gradient

SCORES = np.array([[2.0, 1.0, 0.1], [0.5, 2.5, -1.0], [0.0, -1.0, 3.0], [1.0, 1.5, 0.0]])
TRUE = np.array([0, 2, 2, 1])
ROWS = one_hot(TRUE, 3)
Y = softmax(SCORES)

GRADIENT_MISTAKES = (
    (Y - ROWS, _("y − t is right, but the loss is a mean over the n rows: 1/n is missing.")),
    ((ROWS - Y) / 4, _("The sign is turned. It is y − t: too much probability gives a positive gradient.")),
    (ROWS - Y, _("The sign is turned (it is y − t), and 1/n is missing.")),
    ((Y - ROWS) / 3, _("Divided by 3: that is the number of classes, not of rows. n is len(x).")),
    ((Y - ROWS) / 12, _("Divided by all 12 numbers. n is the number of rows, len(x).")),
    (
        (Y - TRUE[:, None]) / 4,
        _("Class numbers were subtracted: class 2 is not 'two times true'. Make them one-hot rows: one_hot(t, k)."),
    ),
    (
        Y - TRUE[:, None],
        _("Class numbers were subtracted, not one-hot rows (use one_hot(t, k)), and 1/n is missing."),
    ),
    ((SCORES - ROWS) / 4, _("These are scores minus truth. Turn the scores into probabilities first: softmax.")),
    (SCORES - ROWS, _("These are scores minus truth. Turn the scores into probabilities first; 1/n is missing too.")),
    (Y / 4, _("This is y/n: the truth is not in it yet. Subtract the one-hot rows.")),
    (Y, _("These are the probabilities. Subtract the one-hot rows, and divide by n.")),
    (-ROWS / Y / 4, _("This is the gradient for the *probabilities*. Go one step further back, to the scores.")),
    ((Y - ROWS) * Y * (1 - Y) / 4, _("y (1 − y) belongs to a squared error behind a sigmoid. Here it cancels: y − t.")),
)


@exercise(
    "06.gradient",
    _("The gradient has the shape of x. Which probabilities came out, and which should have?"),
    _("y = softmax(x); the truth as rows is one_hot(t, k), with k = x.shape[1]."),
    _("The loss is a mean over the rows, so divide by len(x)."),
)
def judge_gradient(answer):
    try:
        result = _run(answer, SCORES, TRUE)
    except ValueError as error:
        if "broadcast" not in str(error):
            raise
        raise Wrong(
            _("The shapes do not fit: {}. y is (n, k), the labels are (n,): make them rows with one_hot(t, k).").format(
                error
            )
        ) from None
    if _shape(result) == TRUE.shape:
        raise Wrong(_("One number for each row. Every *score* needs a gradient, the wrong classes too: shape (n, k)."))
    got, want = _array(result, SCORES), (Y - ROWS) / len(TRUE)
    if not close(got, want):
        for mistake, diagnosis in GRADIENT_MISTAKES:
            if close(got, mistake):
                raise Wrong(diagnosis)
        _tell_row(SCORES, want, got)
    if close(_array(_run(answer, SCORES[:2], TRUE[:2]), SCORES[:2]), (Y - ROWS)[:2] / 4):
        raise Wrong(_("Right for 4 rows, but not for 2: n is the number of rows, len(x)."))
    with np.errstate(all="ignore"):
        try_function(answer, lambda x, t: (softmax(x) - one_hot(t, x.shape[1])) / len(x), GRADIENT_TRIALS, "x, t")
    return _("Right: (y − t) / n. Each row of it adds up to 0.")


def _gradient_trials():
    rng = np.random.default_rng(8)
    for n, k in (1, 4), (4, 2), (2, 2), (3, 5), (5, 4), (1, 1), (4, 3):
        yield rng.normal(size=(n, k)) * rng.choice([1, 5]), rng.integers(0, k, n)


GRADIENT_TRIALS = [
    *_gradient_trials(),
    (np.array([[0.0, 0.0, 1000.0], [-2000.0, 1.0, 1.0]]), np.array([0, 2])),
    (np.array([[2, 0, -1], [1, 1, 3]]), np.array([1, 1])),
    (np.array([[0.5, 0.25], [-1.0, 2.0]]), np.array([0, 0])),
    (np.array([[0.5, 0.25], [-1.0, 2.0]]), np.array([0, 1])),
    (np.zeros((3, 2)), np.array([1, 0, 1])),
]

# ---------------------------------------------------------------- 4: before training

LETTERS = 26
LOSS_MISTAKES = (
    (-np.log(LETTERS), _("The minus is missing: a loss is a surprise, and never below 0.")),
    (np.log2(LETTERS), _("This is in bits. The natural logarithm, np.log, gives nats.")),
    (np.log10(LETTERS), _("This is the logarithm to the base 10. Use the natural one, np.log.")),
    (1 / LETTERS, _("1/26 is the probability of the true letter. The loss is −log of it.")),
    (0, _("The scores are 0, so the probabilities are equal, 1/26 each. The loss is −log of that.")),
    (LETTERS, _("26 letters, so the probability is 1/26. The loss is −log of that.")),
    (np.log(LETTERS) / LETTERS, _("One sample, so there is nothing to divide by: the number of classes is not n.")),
)
PUSH_MISTAKES = (
    (1 - 1 / LETTERS, _("The sign: it is y − t, with t = 1. The score should rise, so its gradient is negative.")),
    (1 / LETTERS, _("That is the gradient of the 25 *wrong* letters, y − 0. For the true one t is 1.")),
    (-1 / LETTERS, _("y − t with y = 1/26, and t = 1 for the true letter.")),
    ((1 / LETTERS - 1) / LETTERS, _("One sample, so n = 1: do not divide by the number of classes.")),
    (-LETTERS, _("−1/y is the gradient of the *probability*. The score's is y − t.")),
)


@exercise(
    "06.letters",
    _("All scores are 0, so all letters are equally likely. How likely is one of 26?"),
    _("The loss is −np.log(1 / 26). The gradient of a score is y − t, and t is 1 for the true letter."),
)
def judge_letters(answer):
    loss, gradient = _("The loss"), _("The gradient")
    answer = listed(answer, (loss, gradient))
    if answer is None or len(answer) != 2:
        raise Wrong(_("Hand in two numbers, the loss and the gradient of the true letter's score."))
    rules = {loss: (np.log(LETTERS), LOSS_MISTAKES), gradient: (1 / LETTERS - 1, PUSH_MISTAKES)}
    given, still = filled(dict(zip(rules, answer, strict=True)))
    for name, part in given.items():
        want, mistakes = rules[name]
        got = as_number(part, name)
        if close(got, want, rtol=2e-3):
            continue
        for mistake, diagnosis in mistakes:
            if close(got, mistake, rtol=2e-3):
                raise Wrong(f"{name}: {diagnosis}")
        _want, text = apart(want, got)
        raise Wrong(_("{name}: {got} is not it. Write it as a formula, with 1/26.").format(name=name, got=text))
    nothing_open(still)
    return _("Right: log 26 = 3.258 nats, and a push of −25/26.")


# ---------------------------------------------------------------- helpers


def _run(function, *arrays):
    """Run the learner's function on copies, quietly, and make sure that it leaves them alone."""
    copies = [a.copy() for a in arrays]
    with np.errstate(all="ignore"):
        result = call(function, *copies)
    if not all(np.array_equal(a, b) for a, b in zip(arrays, copies, strict=True)):
        raise Wrong(
            _("Your function changes the array that it was given. Make a new one: `x = x - ...`, not `x -= ...`.")
        )
    return result


def _shape(result):
    """Return the shape of a result, or None of one that has none."""
    try:
        return np.shape(getattr(result, "value", result))
    except ValueError:  # rows of unequal lengths
        return None


def _array(result, like):
    """Return the result as floats in the shape of `like`, or say what it is instead."""
    got = as_array(result, _("The result"))
    if got.shape != like.shape:
        raise Wrong(
            _("For x with shape {want} the result should have that shape too, yours has {got}.").format(
                want=like.shape, got=got.shape
            )
        )
    return got
