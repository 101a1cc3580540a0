"""Exercises of chapter 06: a softmax that cannot overflow, the cross-entropy of a batch, and its gradient."""

import numpy as np

from nbkit.exercises.answers import as_array, as_number
from nbkit.exercises.compare import apart, close, first_difference, row, rows_apart
from nbkit.exercises.core import exercise
from nbkit.exercises.kinds import judge_function, judge_numbers
from nbkit.exercises.verdicts import Wrong
from nbkit.functions import cross_entropy, one_hot, softmax
from nbkit.messages import _

SAME_SHAPE = _("For x with shape {want} the result should have that shape too, yours has {got}.")


def _tell_row(inputs, want, got):
    """Say which row of a result is wrong."""
    x = inputs[0]
    (i, j), right, wrong = first_difference(want, got)
    wanted, given = rows_apart(want[i], got[i])
    raise Wrong(
        _("From the row {x} should come {want}; yours is {got}. Number {j} of it should be {right}, yours is {wrong}.")
        .format(x=row(x[i]), want=wanted, got=given, j=j + 1, right=right, wrong=wrong)
    )  # fmt: skip


def _shape(result):
    """Return the shape of a result, or None of one that has none."""
    try:
        return np.shape(getattr(result, "value", result))
    except ValueError:  # rows of unequal lengths
        return None


# ---------------------------------------------------------------- 1: softmax, row by row

SQUARE = np.array([[1.0, 2.0, 4.0], [0.0, 3.0, 3.5], [-1.0, 0.5, 2.5]])
FLAT = SQUARE[:2]  # as many columns, but fewer rows: NumPy refuses what it let pass on a square
LARGE = np.array([[1000.0, 1001.0, 999.0], [998.0, 1000.0, 1001.0]])
FAR_APART = np.array([[1000.0, 1001.0, 999.0], [-1000.0, -1001.0, -999.0]])
ONE_LARGE = np.array([[0.0, 1000.0, 0.0], [1000.0, 0.0, 0.0], [0.0, 0.0, 3000.0], [-800.0, -800.0, 0.0]])
WHOLE = np.array([[2, 0, -1], [1, 1, 3]])  # integers


def powers(x, keepdims=True):
    return np.exp(x - x.max(axis=1, keepdims=keepdims))


def _sums(x, keepdims=True):
    return x.sum(axis=1, keepdims=keepdims)


def _tell_sums(inputs, want, got):
    """Say along which axis the probabilities add up, if not along the rows."""
    if close(got.sum(), 1):
        raise Wrong(_("The whole batch adds up to 1 here. Each *row* should: sum along axis=1, with keepdims=True."))
    if close(got.sum(axis=0), np.ones(3)) and not close(got.sum(axis=1), np.ones(3)):
        raise Wrong(_("Here each *column* adds up to 1. A row is one sample, so sum along axis=1."))
    _tell_row(inputs, want, got)


def _judge_large_scores(at):
    """Look at fewer rows, at scores far from 0 and far apart, and at whole numbers."""
    if not close(at(FLAT), softmax(FLAT)):
        raise Wrong(_("Right for 3 rows of 3 scores, wrong for 2 rows: does every max and sum have keepdims=True?"))
    for x, diagnosis in (
        (LARGE, _("Right for small scores, but the row {x} becomes {got}: exp of scores so far from 0 is infinite or "
                  "0. Subtract each row's largest score first.")),
        (FAR_APART, _("Right for a batch of large scores, but not if a row of {x} stands below it: that one becomes "
                      "{got}. Subtract from each row its *own* largest score: axis=1, keepdims=True.")),
        (ONE_LARGE, _("Right where the scores of a row are close together, but the row {x} becomes {got}. Subtract "
                      "the *largest* score of the row, not its mean or another one: then none is above 0.")),
        (WHOLE, _("Right for x of floats, but from the integers {x} comes {got}. `np.zeros_like(x)` and `x.copy()` "
                  "are arrays of integers then, which cut off what stands behind the point: np.zeros(x.shape).")),
    ):  # fmt: skip
        got, want = at(x), softmax(x)
        if close(got, want):
            continue
        if x is not WHOLE and np.isfinite(got).all() and (x is ONE_LARGE or got.all()):
            _tell_row((x,), want, got)
        place = 1 if x is FAR_APART else first_difference(want, got)[0][0] if x is ONE_LARGE else 0
        raise Wrong(diagnosis.format(x=row(x[place]), got=row(got[place])))


def _scores(*shapes):
    rng = np.random.default_rng(6)
    return [(rng.normal(size=shape) * rng.choice([1, 10, 700]),) for shape in shapes]


exercise(
    "06.softmax",
    _("Three steps for each row: subtract the row's largest score, exp, divide by the row's sum."),
    _("x.max(axis=1, keepdims=True) is a column: one largest score for each row. The sum goes the same way."),
    _("e = np.exp(x - x.max(axis=1, keepdims=True)), and then e divided by e.sum(axis=1, keepdims=True)."),
    judge=judge_function,
    rule=softmax,
    mistakes={
        _("The maxima lie along the columns: each score lost the maximum of another row. max needs keepdims=True too."):
            lambda x: powers(x, keepdims=False) / _sums(powers(x, keepdims=False)),
        _("Both max and sum forgot keepdims=True: their results lie along the columns, not along the rows."):
            lambda x: powers(x, keepdims=False) / _sums(powers(x, keepdims=False), keepdims=False),
        _("max is right, but sum forgot keepdims=True: each row was divided by the sums of other rows."):
            lambda x: powers(x) / _sums(powers(x), keepdims=False),
        _("The sums of the rows lie along the columns, so the wrong sum divides. Add keepdims=True."):
            lambda x: np.exp(x) / _sums(np.exp(x), keepdims=False),
        _("Above the fraction line stands exp(x), below it the sum of exp(x − max). Use the shifted one in both."):
            lambda x: np.exp(x) / _sums(powers(x)),
        _("There is no exp in this. Without it, a negative score would give a negative probability."):
            lambda x: x / _sums(x),
        _("There is no exp in this: the largest score gets 0 now. Shift, then exp, then divide."):
            lambda x: (x - x.max(axis=1, keepdims=True)) / _sums(x - x.max(axis=1, keepdims=True)),
        _("These are the powers. Divide each row by its sum, so that it adds up to 1."): lambda x: np.exp(x),
        _("Shifted and raised, but not yet divided: each row should add up to 1."): powers,
        _("These are the logarithms of the probabilities. Leave the log to the loss."): lambda x: np.log(softmax(x)),
    },
    probes=[(SQUARE,)],
    trials=[
        *_scores((1, 4), (4, 1), (2, 2), (3, 5), (5, 3), (1, 1), (6, 10)),
        (np.array([[2.0, 2.0, -1.0], [0.0, 0.0, 0.0]]),),  # ties
        (np.array([[-900.0, -902.0], [-1e4, 1e4]]),),
        *_scores((3, 3), (2, 2)),  # shapes that have been before
        (np.array([[8000.0, 9000.0, 9000.5], [-9000.0, -9002.0, -8999.0]]),),
        (np.zeros((2, 3)),),
        (np.full((3, 4), -7.5),),
    ],
    names="x",
    called=_("The result"),
    shape=SAME_SHAPE,
    broadcast=_("For x with shape {shape} NumPy could not fit the shapes: {error}. Is keepdims=True missing?"),
    otherwise=_tell_sums,
    then=_judge_large_scores,
    praise=_("Right: every row adds up to 1, and a score of 1000 does no harm."),
)  # fmt: skip


# ---------------------------------------------------------------- 2: cross-entropy of a batch

CHANCES = np.array([[0.7, 0.2, 0.1], [0.15, 0.25, 0.6], [0.3, 0.3, 0.4], [0.05, 0.9, 0.05]])
LABELS = np.array([0, 1, 2, 1])
GUARDS = 1e-6, 1e-5, 1e-4, 1e-3


def picked(y, t):
    return y[np.arange(len(t)), t]


def _surprises(y, t):
    return -np.log(picked(y, t))


def read_loss(result):
    if _shape(result) == LABELS.shape:
        raise Wrong(_("One number for each row: now take their mean, the loss is a single number."))
    return as_number(result, _("The loss"))


def _tell_loss(inputs, want, got):
    chances = picked(*inputs)
    right, text = apart(want, got)
    for guard in GUARDS:
        if close(got, -np.log(chances + guard).mean(), rtol=1e-9):
            raise Wrong(
                _("Almost: it should give {want}, yours gives {got}, as if {guard} were added before the log. "
                  "Leave it out, or make it as small as 1e-7.").format(want=right, got=text, guard=f"{guard:.0e}")
            )  # fmt: skip
    raise Wrong(
        _("For the true probabilities {picked} it should give {want}, yours gives {got}.").format(
            picked=row(chances), want=right, got=text
        )
    )


def _judge_fewer_rows(at):
    if close(2 * at(CHANCES[:2], LABELS[:2]), cross_entropy(CHANCES[:2], LABELS[:2])):
        raise Wrong(_("Right for 4 rows, but not for 2: is a number of rows or a label written into the code?"))


def _chances():
    rng = np.random.default_rng(7)
    for n, k in (1, 2), (1, 4), (5, 2), (3, 5), (4, 4), (6, 3):
        y = 0.2 + rng.random((n, k))
        yield y / y.sum(axis=1, keepdims=True), rng.integers(0, k, n)


exercise(
    "06.cross_entropy",
    _("For each row pick the probability of the true class. y[np.arange(len(t)), t] does it for all rows."),
    _("The surprise is −log of that probability, with np.log. Then the mean over the rows."),
    judge=judge_function,
    rule=cross_entropy,
    mistakes={
        _("This is the sum over the batch. Divide by the number of rows, or take the mean."):
            lambda y, t: _surprises(y, t).sum(),
        _("The minus is missing: the log of a probability is negative, a surprise is not."):
            lambda y, t: -_surprises(y, t).mean(),
        _("The minus is missing, and the sum is not yet divided by the number of rows."):
            lambda y, t: -_surprises(y, t).sum(),
        _("Divided by all 12 numbers. Only the 4 rows count: one surprise per row."):
            lambda y, t: _surprises(y, t).sum() / y.size,
        _("Divided by the number of classes. The mean is over the rows."):
            lambda y, t: _surprises(y, t).sum() / y.shape[1],
        _("This takes the log of every class. Only the probability of the *true* class of each row counts."):
            [lambda y, t: -np.log(y).mean(), lambda y, t: -np.log(y).sum() / len(y)],
        _("y[:, t] takes all the columns t from every row. y[np.arange(len(t)), t] takes one from each."):
            lambda y, t: -np.log(y[:, t]).mean(),
        _("This takes the *largest* probability of each row. Take the one of the true class, t."):
            lambda y, t: -np.log(y.max(axis=1)).mean(),
        _("The log of the wrong class: column t − 1. Labels count from 0, as columns do."):
            lambda y, t: _surprises(y, t - 1).mean(),
        _("This is the log of 1 − y. The surprise is about the class that was true: y."):
            lambda y, t: _surprises(1 - y, t).mean(),
        _("This is in bits, with the logarithm to the base 2. Use the natural one, np.log."):
            lambda y, t: -np.log2(picked(y, t)).mean(),
        _("This is the logarithm to the base 10. Use the natural one, np.log."):
            lambda y, t: -np.log10(picked(y, t)).mean(),
        _("The log of the mean. Take the log of each first, then the mean."):
            lambda y, t: -np.log(picked(y, t).mean()),
        _("These are the right probabilities; their logarithm is missing."):
            [lambda y, t: picked(y, t).mean(), lambda y, t: -picked(y, t).mean()],
        _("1 − y is another measure. The surprise is −log y."): lambda y, t: 1 - picked(y, t).mean(),
        _("This is half the squared error. Cross-entropy is the mean of −log y."):
            lambda y, t: ((y - one_hot(t, y.shape[1])) ** 2).sum() / len(y) / 2,
    },
    probes=[(CHANCES, LABELS)],
    trials=[
        *_chances(),
        (np.array([[0.9, 0.1], [0.9, 0.1]]), np.array([1, 1])),
        (np.array([[0.01, 0.99], [0.02, 0.98], [0.995, 0.005]]), np.array([0, 1, 0])),
        (np.array([[0.5, 0.25, 0.25], [0.125, 0.5, 0.375], [0.1, 0.8, 0.1]]), np.array([0, 0, 0])),
        (np.array([[0.5, 0.25, 0.25], [0.125, 0.5, 0.375], [0.1, 0.8, 0.1]]), np.array([2, 1, 2])),
    ],
    names="y, t",
    result=_("the loss"),
    unpack=read_loss,
    otherwise=_tell_loss,
    then=_judge_fewer_rows,
    trial_rtol=1e-5,  # of a guard of 1e-7
    praise=_("Right: the mean surprise at the truth, in nats."),
)  # fmt: skip


# ---------------------------------------------------------------- 3: the gradient

SCORES = np.array([[2.0, 1.0, 0.1], [0.5, 2.5, -1.0], [0.0, -1.0, 3.0], [1.0, 1.5, 0.0]])
TRUE = np.array([0, 2, 2, 1])


def _error(x, t):
    """Return y − t, with the truth as one-hot rows."""
    return softmax(x) - one_hot(t, x.shape[1])


def _read_gradient(result):
    if _shape(result) == TRUE.shape:
        raise Wrong(_("One number for each row. Every *score* needs a gradient, the wrong classes too: shape (n, k)."))
    return as_array(result, _("The result"))


def _judge_two_rows(at):
    if close(at(SCORES[:2], TRUE[:2]), _error(SCORES, TRUE)[:2] / 4):
        raise Wrong(_("Right for 4 rows, but not for 2: n is the number of rows, len(x)."))


def _gradient_trials():
    rng = np.random.default_rng(8)
    for n, k in (1, 4), (4, 2), (2, 2), (3, 5), (5, 4), (1, 1), (4, 3):
        yield rng.normal(size=(n, k)) * rng.choice([1, 5]), rng.integers(0, k, n)


exercise(
    "06.gradient",
    _("The gradient has the shape of x. Which probabilities came out, and which should have?"),
    _("y = softmax(x); the truth as rows is one_hot(t, k), with k = x.shape[1]."),
    _("The loss is a mean over the rows, so divide by len(x)."),
    judge=judge_function,
    rule=lambda x, t: _error(x, t) / len(x),
    mistakes={
        _("y − t is right, but the loss is a mean over the n rows: 1/n is missing."): _error,
        _("The sign is turned. It is y − t: too much probability gives a positive gradient."):
            lambda x, t: -_error(x, t) / len(x),
        _("The sign is turned (it is y − t), and 1/n is missing."): lambda x, t: -_error(x, t),
        _("Divided by 3: that is the number of classes, not of rows. n is len(x)."):
            lambda x, t: _error(x, t) / x.shape[1],
        _("Divided by all 12 numbers. n is the number of rows, len(x)."): lambda x, t: _error(x, t) / x.size,
        _("Class numbers were subtracted: class 2 is not 'two times true'. Make them one-hot rows: one_hot(t, k)."):
            lambda x, t: (softmax(x) - t[:, None]) / len(x),
        _("Class numbers were subtracted, not one-hot rows (use one_hot(t, k)), and 1/n is missing."):
            lambda x, t: softmax(x) - t[:, None],
        _("These are scores minus truth. Turn the scores into probabilities first: softmax."):
            lambda x, t: (x - one_hot(t, x.shape[1])) / len(x),
        _("These are scores minus truth. Turn the scores into probabilities first; 1/n is missing too."):
            lambda x, t: x - one_hot(t, x.shape[1]),
        _("This is y/n: the truth is not in it yet. Subtract the one-hot rows."): lambda x, t: softmax(x) / len(x),
        _("These are the probabilities. Subtract the one-hot rows, and divide by n."): lambda x, t: softmax(x),
        _("This is the gradient for the *probabilities*. Go one step further back, to the scores."):
            lambda x, t: -one_hot(t, x.shape[1]) / softmax(x) / len(x),
        _("y (1 − y) belongs to a squared error behind a sigmoid. Here it cancels: y − t."):
            lambda x, t: _error(x, t) * softmax(x) * (1 - softmax(x)) / len(x),
    },
    probes=[(SCORES, TRUE)],
    trials=[
        *_gradient_trials(),
        (np.array([[0.0, 0.0, 1000.0], [-2000.0, 1.0, 1.0]]), np.array([0, 2])),
        (np.array([[2, 0, -1], [1, 1, 3]]), np.array([1, 1])),
        (np.array([[0.5, 0.25], [-1.0, 2.0]]), np.array([0, 0])),
        (np.array([[0.5, 0.25], [-1.0, 2.0]]), np.array([0, 1])),
        (np.zeros((3, 2)), np.array([1, 0, 1])),
    ],
    names="x, t",
    unpack=_read_gradient,
    shape=SAME_SHAPE,
    broadcast=_(
        "The shapes do not fit: {error}. y is (n, k), the labels are (n,): make them rows with one_hot(t, k)."
    ),
    otherwise=_tell_row,
    then=_judge_two_rows,
    praise=_("Right: (y − t) / n. Each row of it adds up to 0."),
)  # fmt: skip


# ---------------------------------------------------------------- 4: before training

LETTERS = 26
NOT_IT = _("{} is not it. Write it as a formula, with 1/26.")

exercise(
    "06.letters",
    _("All scores are 0, so all letters are equally likely. How likely is one of 26?"),
    _("The loss is −np.log(1 / 26). The gradient of a score is y − t, and t is 1 for the true letter."),
    judge=judge_numbers,
    ask=_("Hand in two numbers, the loss and the gradient of the true letter's score."),
    parts={
        _("The loss"): (np.log(LETTERS), {
            _("The minus is missing: a loss is a surprise, and never below 0."): -np.log(LETTERS),
            _("This is in bits. The natural logarithm, np.log, gives nats."): np.log2(LETTERS),
            _("This is the logarithm to the base 10. Use the natural one, np.log."): np.log10(LETTERS),
            _("1/26 is the probability of the true letter. The loss is −log of it."): 1 / LETTERS,
            _("The scores are 0, so the probabilities are equal, 1/26 each. The loss is −log of that."): 0,
            _("26 letters, so the probability is 1/26. The loss is −log of that."): LETTERS,
            _("One sample, so there is nothing to divide by: the number of classes is not n."):
                np.log(LETTERS) / LETTERS,
        }, NOT_IT),
        _("The gradient"): (1 / LETTERS - 1, {
            _("The sign: it is y − t, with t = 1. The score should rise, so its gradient is negative."):
                1 - 1 / LETTERS,
            _("That is the gradient of the 25 *wrong* letters, y − 0. For the true one t is 1."): 1 / LETTERS,
            _("y − t with y = 1/26, and t = 1 for the true letter."): -1 / LETTERS,
            _("One sample, so n = 1: do not divide by the number of classes."): (1 / LETTERS - 1) / LETTERS,
            _("−1/y is the gradient of the *probability*. The score's is y − t."): -LETTERS,
        }, NOT_IT),
    },
    rtol=2e-3,
    praise=_("Right: log 26 = 3.258 nats, and a push of −25/26."),
)  # fmt: skip
