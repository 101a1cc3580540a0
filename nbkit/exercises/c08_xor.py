"""Exercises of chapter 08: a network by hand, one step downhill, counting right decisions."""

import numpy as np

from nbkit.exercises.answers import as_array, as_number, filled, nothing_open
from nbkit.exercises.compare import close, first_difference, row
from nbkit.exercises.core import exercise
from nbkit.exercises.kinds import judge_function, name_mistake
from nbkit.exercises.learner_code import is_stub, run
from nbkit.exercises.trials import as_one
from nbkit.exercises.verdicts import NotTried, Wrong
from nbkit.formatting import number
from nbkit.messages import _, kind_of

CASES = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
SHAPES = {"W1": (2, 2), "b1": (2,), "W2": (2, 1), "b2": (1,)}
KNOWN = {
    (0, 1, 1, 1): _("This is OR: the lamp is also on when both switches are up."),
    (0, 0, 0, 1): _("This is AND: the lamp is on only when both switches are up."),
    (1, 0, 0, 1): _("It is turned round: the lamp is on exactly when it should be off."),
    (0, 0, 0, 0): _("The lamp is off in all four cases."),
    (1, 1, 1, 1): _("The lamp is on in all four cases."),
    (0, 0, 1, 1): _("The lamp follows the first switch and ignores the second."),
    (0, 1, 0, 1): _("The lamp follows the second switch and ignores the first."),
}


@exercise(
    "08.by_hand",
    _("With W1 all 1, both units see the sum: 0, 1, 1, 2. A bias moves the place where a unit wakes up."),
    _("Let one unit show the sum itself, and the other wake up only at the sum 2: its bias is −1."),
    _("The lamp should follow the first unit, but be back at 0 at the sum 2: the second unit's weight is negative."),
)
def judge_by_hand(answer):
    W1, b1, W2, b2 = _four_arrays(answer)
    with np.errstate(all="ignore"):
        arriving = CASES @ W1 + b1
        scores = (np.maximum(arriving, 0.0) @ W2 + b2)[:, 0]
    if not np.isfinite(scores).all():
        raise Wrong(_("The scores are not finite numbers: these weights are far too large."))
    decisions = tuple((scores > 0.5).astype(int).tolist())
    if decisions == (0, 1, 1, 0):
        if close(scores, [0, 1, 1, 0]):
            return _("Right, and exactly: the scores are 0, 1, 1, 0.")
        return _("Right: the decisions are 0, 1, 1, 0. (The scores are {}.)").format(row(scores))
    found = KNOWN.get(decisions) or _("The decisions are {}, they should be 0, 1, 1, 0.").format(row(decisions))
    text = _("{found} Its scores are {scores}.")
    if not ((arriving > 0).any(axis=0) & (arriving < 0).any(axis=0)).any():
        text = _(
            "{found} No hidden unit bends: each is either never or always below 0 at these four points, so the whole "
            "network is one line. Change b1. Its scores are {scores}."
        )
    raise Wrong(text.format(found=found, scores=row(scores)))


def _four_arrays(answer):
    """Return W1, b1, W2, b2 as arrays in their shapes, or say which one is wrong or still open."""
    if isinstance(answer, dict) and set(answer) == set(SHAPES):
        answer = [answer[name] for name in SHAPES]
    if not isinstance(answer, tuple | list) or len(answer) != len(SHAPES):
        raise Wrong(_("Hand in four arrays, W1, b1, W2, b2, this is {}.").format(kind_of(answer)))
    given, still = filled(dict(zip(SHAPES, answer, strict=True)))
    arrays = []
    for name, part in given.items():
        array = as_array(part, name)
        if array.shape != SHAPES[name]:
            text = _("{name} should have shape {rule}, this has shape {got}.")
            if name == "W2":
                text = _("{name} should have shape {rule}, this has shape {got}. Write it as a column: [[...], [...]].")
            raise Wrong(text.format(name=name, rule=SHAPES[name], got=array.shape))
        if not np.isfinite(array).all():
            raise Wrong(_("{} holds something that is no finite number.").format(name))
        arrays.append(array)
    nothing_open(still)
    return arrays


def _step_trials():
    rng = np.random.default_rng(0)
    elsewhere = (((3, 4), 0.03), ((1, 3), 2.5), ((4,), 1.7), ((1,), 0.2), ((3, 2), 1e-3), ((5, 1), 0.6))
    return [
        (np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[0.5, -1.0], [2.0, 3.0]]), 0.1),
        (np.array([5.0, -2.0]), np.array([-0.4, 0.8]), 0.5),
        *((rng.normal(size=shape), rng.normal(size=shape), lr) for shape, lr in elsewhere),
        (np.array([[3.0], [-700.0], [0.004]]), np.array([[-900.0], [0.25], [0.001]]), 0.037),
        (np.array([[0.0, 2.0, 5.0], [0.0, -0.3, 0.0]]), np.array([[0.4, 0.0, -7e4], [-0.2, 0.0, 60.0]]), 12.0),
        (np.array([0.0, 1e-5]), np.array([2e-4, -3e-4]), 0.01),
        (rng.normal(size=(9, 7)), rng.normal(size=(9, 7)), 0.3),
    ]


@exercise(
    "08.step",
    _("The gradient points uphill, so the step goes against it: what sign?"),
    _("lr × gradient is how far; `-=` changes the array in its place, `=` only gives a new array an old name."),
    mistakes={
        _("This goes uphill: the gradient points to where the loss grows. Subtract it."):
            lambda start, gradient, lr: start + lr * gradient,
        _("The learning rate is missing: the step is lr × gradient."): lambda start, gradient, lr: start - gradient,
        _("This goes uphill, and the learning rate is missing."): lambda start, gradient, lr: start + gradient,
        _("The gradient is missing: the step is lr × gradient."): lambda start, gradient, lr: start - lr,
        _("Divided by the learning rate: a small lr should make a small step. Multiply."):
            lambda start, gradient, lr: start - gradient / lr,
        _("The old value is gone: the step is added to it, it does not take its place."):
            lambda start, gradient, lr: -lr * gradient,
        _("The old value is gone: the step is taken from it, it does not take its place."):
            lambda start, gradient, lr: lr * gradient,
        _("The parameter was multiplied by the step. Subtract lr × gradient, no more."):
            lambda start, gradient, lr: start * (1 - lr * gradient),
        _("Only the sign of the gradient was used; its size says how steep it is."):
            lambda start, gradient, lr: start - lr * np.sign(gradient),
    },
    praise=_("Right: against the gradient, lr times as far, and in the array that the network holds."),
)  # fmt: skip
def judge_step(answer, mistakes):
    trials = _step_trials()
    for start, gradient, lr in [*trials, trials[0]]:
        parameter, given = start.copy(), gradient.copy()
        result = run(answer, parameter, given, lr)
        want = start - lr * gradient
        if not close(parameter, want):
            if close(parameter, start):
                _judge_unmoved(answer, result, want)
            name_mistake([parameter], mistakes, [(start, gradient, lr)])
            _tell_step(start, gradient, lr, want, parameter)
        if not np.array_equal(given, gradient):
            raise Wrong(_("The parameter is right, but the gradient was changed as well: it is not yours to change."))


def _judge_unmoved(function, result, want):
    """Say why the array that was given is as it was."""
    if is_stub(function):
        raise NotTried
    if _looks_like(result, want):
        raise Wrong(
            _("The numbers are right, but they are in a new array: the network still holds the old one. Use -=.")
        )
    raise Wrong(
        _("The array that was given has not changed. `parameter = ...` makes a new array; `parameter -= ...` "
          "changes the one that the network holds.")
    )  # fmt: skip


def _tell_step(start, gradient, lr, want, got):
    place, right, wrong = first_difference(want, got)
    raise Wrong(
        _("At {place}: from {start}, with gradient {gradient} and lr = {lr}, the step should lead to {rule}; yours "
          "led to {got}.").format(
            place=f"parameter[{', '.join(map(str, place))}]", start=number(start[place]),
            gradient=number(gradient[place]), lr=number(lr), rule=right, got=wrong,
        )
    )  # fmt: skip


def _looks_like(result, rule):
    try:
        return close(result, rule)
    except (TypeError, ValueError):
        return False


# Scores lie on both sides of 0 and 1, and one exactly on the threshold.
SCORES = np.array([[0.2], [1.8], [0.5], [-0.7], [0.9], [0.7], [0.6], [1.0], [-0.2], [0.5], [2.6]])
LABELS = np.array([0, 1, 0, 0, 0, 0, 1, 1, 1, 1, 1])


def _right_ones(scores, labels):
    return np.sum((scores[:, 0] > 0.5) == labels)


def _count_trials():
    rng = np.random.default_rng(0)
    return [
        *((rng.uniform(-1, 2, (n, 1)), rng.integers(0, 2, n)) for n in (1, 2, 3, 4, 5, 9)),
        (np.array([[0.501], [0.499], [0.5]]), np.array([1, 0, 0])),
        (np.array([[-0.8], [-900.0], [700.0], [0.504]]), np.array([0, 0, 1, 1])),
        (np.array([[0.3]]), np.array([1])),
        (np.array([[2.0], [1.0], [0.6]]), np.array([1, 1, 1])),
        (np.array([[-2.0], [0.0]]), np.array([0, 0])),
        (np.array([[0.5000001], [0.4999999], [0.5000001], [0.4999999]]), np.array([1, 0, 1, 1])),
        (rng.uniform(-1, 2, (150, 1)), rng.integers(0, 2, 150)),
    ]


exercise(
    "08.count",
    _("Three steps: scores to decisions, decisions against labels, count the True."),
    _("scores[:, 0] turns the column (n, 1) into (n,), the shape of the labels."),
    _("np.sum(scores[:, 0] > 0.5) counts the decisions for 1. You want those that equal the labels."),
    judge=judge_function,
    rule=_right_ones,
    mistakes={
        _("A score of exactly 0.5 was counted as 1. The rule says above: > and not >=."):
            lambda scores, labels: np.sum((scores[:, 0] >= 0.5) == labels),
        _("You compared each score with each label, n × n comparisons: (n, 1) against (n,) is stretched to (n, n). "
          "Take the column as scores[:, 0] first."):
            lambda scores, labels: np.sum((scores > 0.5) == labels),
        _("You compared each score with each label, n × n comparisons: take the column as scores[:, 0] first. "
          "And the rule says above 0.5: > and not >=."):
            lambda scores, labels: np.sum((scores >= 0.5) == labels),
        _("This is the share of right decisions. The question is how many: a sum, not a mean."):
            lambda scores, labels: np.mean((scores[:, 0] > 0.5) == labels),
        _("You compared each score with each label: take scores[:, 0] first. And sum, not mean."):
            lambda scores, labels: np.mean((scores > 0.5) == labels),
        _("You counted the wrong decisions: == where they agree, not !=."):
            lambda scores, labels: np.sum((scores[:, 0] > 0.5) != labels),
        _("You counted the decisions for 1 and did not look at the labels."):
            lambda scores, labels: np.sum(scores[:, 0] > 0.5),
        _("You counted the labels that are 1 and did not look at the scores."):
            lambda scores, labels: np.sum(labels),
        _("You counted the rows where both are 1. A decision for 0 is right, too, where the label is 0."):
            lambda scores, labels: np.sum((scores[:, 0] > 0.5) & (labels == 1)),
        _("You compared the scores themselves with the labels: make decisions of them first, score > 0.5."):
            lambda scores, labels: np.sum(scores[:, 0] == labels),
        _("You counted scores that lie near their label. But 1.8 is above 0.5 and means 1, however far from 1 it is."):
            lambda scores, labels: np.sum(np.abs(scores[:, 0] - labels) <= 0.5),
        _("The signs were lost: −0.7 is below 0.5, so it means 0."):
            lambda scores, labels: np.sum((np.abs(scores[:, 0]) > 0.5) == labels),
        _("You rounded the scores: 2.6 becomes 3, which is no label. Compare with 0.5 instead."):
            lambda scores, labels: np.sum(np.round(scores[:, 0]) == labels),
        _("You decided for 0 in every row: a row has one score, so its argmax is always 0. Compare the score with "
          "0.5."):
            lambda scores, labels: np.sum(labels == 0),
        _("You counted all rows. Only those where the decision equals the label count."):
            lambda scores, labels: len(labels),
    },
    probes=[(SCORES[rows], LABELS[rows]) for rows in (slice(None), slice(8), slice(3, None), slice(2, 7))],
    trials=_count_trials(),
    names="scores, labels",
    result=_("the count"),
    unpack=as_number,
    read=as_one,
    praise=_("Right: {} of {} here, and a score of exactly 0.5 means 0.").format(
        _right_ones(SCORES, LABELS), len(LABELS)
    ),
)  # fmt: skip


# Columns: dead; alive; dead, for what arrives is exactly 0; alive in one case only; negative in one case only;
# alive by a little.
ARRIVING = np.array(
    [
        [-1.0, 2.0, 0.0, -0.5, 0.3, -3.0],
        [-0.2, -0.1, 0.0, -0.1, 0.4, 0.002],
        [-0.3, 1.0, 0.0, 2.7, -0.2, -0.6],
        [-2.0, -0.6, 0.0, -0.4, -0.5, -0.8],
        [-0.1, 0.6, 0.0, -0.9, 0.5, -0.4],
    ]
)


def _one_count(result):
    if np.ndim(result) == 1 and np.size(result) in ARRIVING.shape:
        raise Wrong(_("This is one entry for each unit or case. The question is how many: count them, np.sum(...)."))
    return as_number(result)


def _dead_trials():
    rng = np.random.default_rng(0)
    shapes = (1, 1), (1, 4), (3, 1), (2, 2), (2, 5), (4, 3), (3, 3)
    return [
        *((rng.normal(-1.1, 1.0, shape),) for shape in shapes),
        (np.array([[-0.3]]),),
        (np.array([[0.004, -0.3, -1.0], [-0.2, 0.3, 0.0]]),),
        (np.array([[0.7, -700.0], [-0.2, 0.0], [-0.3, -0.001]]),),
        (np.array([[800.0, -0.5], [0.2, -0.1]]),),
        (-np.ones((4, 3)),),
        (np.zeros((2, 3)),),
        (np.array([[-9.0, -1.0], [0.5, -0.5]]),),
        (np.array([[-9.0, -1.0, -2.0], [1e-12, -0.5, -0.1], [-7.0, -0.4, 1e-7]]),),
        (np.where(np.arange(30)[:, None] == [0, 29, 28, 40, 15, 7, 40, 12], 0.3, -0.2 - rng.random((30, 8))),),
    ]


exercise(
    "08.dead",
    _("Look down each column: what is the largest number that arrives at this unit?"),
    _("arriving.max(axis=0) has one number per unit. The unit is dead where even this one is not above 0."),
    judge=judge_function,
    rule=lambda arriving: np.sum(arriving.max(axis=0) <= 0),
    mistakes={
        _("A unit at which exactly 0 arrives shows 0, too: <= 0, not < 0."):
            lambda arriving: np.sum(arriving.max(axis=0) < 0),
        _("You counted the units that show 0 in *some* case. A dead one shows 0 in all of them: its largest counts."):
            lambda arriving: np.sum(arriving.min(axis=0) <= 0),
        _("You counted the units that get something negative in *some* case. A dead one never gets anything above 0."):
            lambda arriving: np.sum(arriving.min(axis=0) < 0),
        _("You counted the units that live. The dead ones are the others."):
            lambda arriving: np.sum(arriving.max(axis=0) > 0),
        _("You counted cases (rows) and not units (columns): axis=0 runs down the rows and leaves the columns."):
            lambda arriving: np.sum(arriving.max(axis=1) <= 0),
        _("You counted single numbers. A unit, so a whole column, is dead or not."):
            lambda arriving: np.sum(arriving <= 0),
        _("A column may add up to something negative and still hold a number above 0: take its largest, not its sum."):
            lambda arriving: np.sum(arriving.sum(axis=0) <= 0),
        _("You looked at the first case only. A unit is dead if it shows 0 in all cases."):
            lambda arriving: np.sum(arriving[0] <= 0),
        _("You looked at the last case only. A unit is dead if it shows 0 in all cases."):
            lambda arriving: np.sum(arriving[-1] <= 0),
        _("This is the share of the dead units. The question is how many: a sum, not a mean."):
            lambda arriving: np.mean(arriving.max(axis=0) <= 0),
        _("You counted units at which exactly 0 arrives. What arrives may be negative: ReLU makes it 0."):
            lambda arriving: np.sum((arriving == 0).all(axis=0)),
        _("You counted all units. Only those that show 0 in every case are dead."):
            lambda arriving: arriving.shape[1],
    },
    probes=[(ARRIVING,), (ARRIVING[:2, :5],), (ARRIVING[1:4],), (ARRIVING[1:, 3:],)],
    trials=_dead_trials(),
    names="arriving",
    result=_("the count"),
    unpack=_one_count,
    read=as_one,
    praise=_("Right: a unit is dead where nothing above 0 ever arrives."),
)  # fmt: skip
