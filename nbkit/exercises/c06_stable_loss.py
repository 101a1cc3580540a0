"""The last exercise of chapter 06: the cross-entropy straight from scores, which large scores cannot break."""

import numpy as np

from nbkit.exercises.c06_softmax_and_loss import SCORES, TRUE, picked, powers, read_loss
from nbkit.exercises.compare import apart, close, row
from nbkit.exercises.core import exercise
from nbkit.exercises.kinds import judge_function
from nbkit.exercises.verdicts import Wrong
from nbkit.formatting import number
from nbkit.layers import SoftmaxWithLoss
from nbkit.messages import _

LARGEST_IN_MIDDLE = np.array([[0.0, 1000.0, 0.0]])
LARGEST_AT_END = np.array([[0.0, 0.0, 3000.0]])
APART = np.array([[3000.0, 3001.0, 2999.0], [-3000.0, -3001.0, -2999.0]])
FLOAT32 = np.array([[0.0, 100.0, 0.0]], dtype=np.float32)
FIRST = np.array([0])


def _stable(x, t):
    return float(SoftmaxWithLoss().forward(x, t))


def _naive(x, t):
    """Return log-sum-exp and the true score of each row."""
    return np.log(np.exp(x).sum(axis=1)), picked(x, t)


def _tell_scores(inputs, want, got):
    right, text = apart(want, got)
    raise Wrong(
        _("For the row {x} with label {t}, and three more, the loss should be {want}, yours is {got}.").format(
            x=row(inputs[0][0]), t=inputs[1][0], want=right, got=text
        )
    )


def _judge_large_losses(at):
    """Look at scores that break exp, or the log of a probability that was rounded to 0."""
    for x, t, diagnosis in (
        (LARGEST_IN_MIDDLE, FIRST, _("Right for small scores. But for the row {x} with label 0 the loss is {want}, and "
                                     "yours is {got}. Never take the log of a probability: it may be 0. "
                                     "Log-sum-exp minus the true score, with the shift by the row's maximum.")),
        (LARGEST_AT_END, FIRST, _("Right so far. But for the row {x} with label 0 the loss is {want}, and yours is "
                                  "{got}. The shift has to be the *largest* score of the row.")),
        (APART, np.array([1, 1]), _("Right for one large row. But with −3000, −3001, −2999 below {x} the loss is "
                                    "{want}, and yours is {got}. Each row needs its *own* maximum: axis=1.")),
        (FLOAT32, FIRST, _("Right for floats of 64 bits. But for {x} in float32 the loss is {want}, and yours is "
                           "{got}: there exp overflows above 88.7.")),
    ):  # fmt: skip
        got, want = at(x, t), _stable(x, t)
        if not close(got, want, rtol=1e-5):
            raise Wrong(diagnosis.format(x=row(x[0]), want=number(want), got=number(got)))


def _stable_trials():
    rng = np.random.default_rng(9)
    for n, k in (1, 4), (4, 2), (2, 2), (3, 5), (5, 3), (1, 1), (6, 10):
        yield rng.normal(size=(n, k)) * rng.choice([1, 10, 700]), rng.integers(0, k, n)


exercise(
    "06.stable",
    _("Start from the formula for one row: the log-sum-exp of its scores, minus the true score. Then the mean."),
    _("m = x.max(axis=1), one for each row. The log-sum-exp is m + np.log(np.exp(x - m[:, None]).sum(axis=1))."),
    _("The true scores are x[np.arange(len(t)), t]. Subtract them from the log-sum-exps, and take the mean."),
    judge=judge_function,
    rule=_stable,
    mistakes={
        _("m was subtracted, but never added again: log-sum-exp = m + log of the sum of exp(x − m)."):
            lambda x, t: (np.log(powers(x).sum(axis=1)) - picked(x, t)).mean(),
        _("m was subtracted twice. It is *added* again: log-sum-exp = m + log of the sum of exp(x − m)."):
            lambda x, t: (np.log(powers(x).sum(axis=1)) - x.max(axis=1) - picked(x, t)).mean(),
        _("This is the log-sum-exp alone. The true score has to be subtracted."):
            lambda x, t: _naive(x, t)[0].mean(),
        _("The sign is turned: log-sum-exp minus true score, so that the loss is never below 0."):
            lambda x, t: (_naive(x, t)[1] - _naive(x, t)[0]).mean(),
        _("The true score was added. Subtract it."): lambda x, t: sum(_naive(x, t)).mean(),
        _("This is the sum over the batch. Take the mean over the rows."):
            lambda x, t: (_naive(x, t)[0] - _naive(x, t)[1]).sum(),
        _("Divided by all 12 numbers. Take the mean over the 4 rows."):
            lambda x, t: (_naive(x, t)[0] - _naive(x, t)[1]).sum() / x.size,
        _("The log is missing: m plus the *log* of the sum."):
            lambda x, t: (powers(x).sum(axis=1) + x.max(axis=1) - picked(x, t)).mean(),
        _("This is the log of the sum of exp(x − m) alone: m has to be added again, and the true score subtracted."):
            lambda x, t: np.log(powers(x).sum(axis=1)).mean(),
        _("One log-sum-exp of the whole batch. Each row has its own: sum along axis=1."):
            lambda x, t: (np.log(np.exp(x).sum()) - picked(x, t)).mean(),
        _("Summed along the wrong axis: a row is one sample, axis=1."):
            lambda x, t: np.log(np.exp(x).sum(axis=0)).mean() - picked(x, t).mean(),
        _("x[:, t] takes all the columns t from every row. x[np.arange(len(t)), t] takes one from each."): [
            lambda x, t: (_naive(x, t)[0] - x[:, t]).mean(), lambda x, t: (_naive(x, t)[0][:, None] - x[:, t]).mean(),
        ],
    },
    probes=[(SCORES, TRUE)],
    trials=[
        *_stable_trials(),
        (np.array([[0.0, 0.0, 1000.0], [-2000.0, 1.0, 1.0]]), np.array([0, 0])),
        (np.array([[2, 0, -1], [1, 1, 3]]), np.array([1, 1])),
        (np.zeros((3, 2)), np.array([1, 0, 1])),
        (np.array([[-900.0, -902.0], [-1e4, 1e4]]), np.array([1, 0])),
        (np.array([[-200.0, 100.0], [90.0, 95.0]], dtype=np.float32), np.array([0, 1])),
    ],
    names="x, t",
    result=_("the loss"),
    unpack=read_loss,
    broadcast=_(
        "For x with shape {shape} NumPy could not fit the shapes: {error}. A maximum for each row needs keepdims=True, "
        "or m[:, None], to be subtracted from x."
    ),
    otherwise=_tell_scores,
    then=_judge_large_losses,
    trial_rtol=1e-5,  # of floats of 32 bits
    praise=_("Right: log-sum-exp minus the true score. A surprise of 3000 nats is a number now, not inf."),
)  # fmt: skip
