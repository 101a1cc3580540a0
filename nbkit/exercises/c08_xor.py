"""Exercises of chapter 08: a network by hand, one step downhill, counting right decisions."""

import numpy as np

from nbkit._text import _, kind_of
from nbkit.exercises.core import NotTried, Wrong, as_number, call, close, exercise

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
        return _("Right: the decisions are 0, 1, 1, 0. (The scores are {}.)").format(_row(scores))
    found = KNOWN.get(decisions) or _("The decisions are {}, they should be 0, 1, 1, 0.").format(_row(decisions))
    bends = ((arriving > 0).any(axis=0) & (arriving < 0).any(axis=0)).any()
    if not bends:
        found += _(
            " No hidden unit bends: each is either never or always below 0 at these four points, so the whole "
            "network is one line. Change b1."
        )
    raise Wrong(_("{found} Its scores are {scores}.").format(found=found, scores=_row(scores)))


def _four_arrays(answer):
    """Return W1, b1, W2, b2 as arrays in their shapes, or say which one is wrong."""
    if not isinstance(answer, tuple | list) or len(answer) != 4:
        raise Wrong(_("Hand in four arrays, W1, b1, W2, b2, this is {}.").format(kind_of(answer)))
    if all(part is ... for part in answer):
        raise NotTried
    arrays = []
    for (name, shape), part in zip(SHAPES.items(), answer, strict=True):
        try:
            array = np.array(part, dtype=float)
        except (TypeError, ValueError):
            raise Wrong(
                _("{name} should hold numbers only, this is {got}.").format(name=name, got=kind_of(part))
            ) from None
        if array.shape != shape:
            raise Wrong(
                _("{name} should have shape {rule}, this has shape {got}.{more}").format(
                    name=name, rule=shape, got=array.shape,
                    more=_(" Write it as a column: [[...], [...]].") if name == "W2" else "",
                )
            )  # fmt: skip
        if not np.isfinite(array).all():
            raise Wrong(_("{} holds something that is no finite number.").format(name))
        arrays.append(array)
    return arrays


def _row(numbers):
    return ", ".join(f"{x:.4g}" for x in np.asarray(numbers, dtype=float) + 0.0)


@exercise(
    "08.step",
    _("The gradient points uphill, so the step goes against it: what sign?"),
    _("lr × gradient is how far; `-=` changes the array in its place, `=` only gives a new array an old name."),
)
def judge_step(answer):
    for start, gradient, lr in (
        (np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[0.5, -1.0], [2.0, 3.0]]), 0.1),
        (np.array([5.0, -2.0]), np.array([-0.4, 0.8]), 0.5),
    ):
        parameter, given = start.copy(), gradient.copy()
        try:
            result = call(answer, parameter, given, lr)
        except NotTried:
            result = None
        _judge_one_step(answer, start, gradient, lr, parameter, result)
        if not close(given, gradient):
            raise Wrong(_("The parameter is right, but the gradient was changed as well: it is not yours to change."))
    return _("Right: against the gradient, lr times as far, and in the array that the network holds.")


def _judge_one_step(function, start, gradient, lr, parameter, result):
    if close(parameter, start):
        if result is None and _is_stub(function):
            raise NotTried
        if _looks_like(result, start - lr * gradient):
            raise Wrong(
                _("The numbers are right, but they are in a new array: the network still holds the old one. Use -=.")
            )
        raise Wrong(
            _("The array that was given has not changed. `parameter = ...` makes a new array; `parameter -= ...` "
              "changes the one that the network holds.")
        )  # fmt: skip
    mistakes = (
        (start + lr * gradient, _("This goes uphill: the gradient points to where the loss grows. Subtract it.")),
        (start - gradient, _("The learning rate is missing: the step is lr × gradient.")),
        (start + gradient, _("This goes uphill, and the learning rate is missing.")),
        (start - lr, _("The gradient is missing: the step is lr × gradient.")),
        (start - gradient / lr, _("Divided by the learning rate: a small lr should make a small step. Multiply.")),
        (-lr * gradient, _("The old value is gone: the step is added to it, it does not take its place.")),
        (lr * gradient, _("The old value is gone: the step is taken from it, it does not take its place.")),
        (
            start * (1 - lr * gradient),
            _("The step was multiplied with the parameter. Subtract lr × gradient, no more."),
        ),
        (start - lr * np.sign(gradient), _("Only the sign of the gradient was used; its size says how steep it is.")),
    )
    if close(parameter, start - lr * gradient):
        return
    for wrong, diagnosis in mistakes:
        if close(parameter, wrong):
            raise Wrong(diagnosis)
    raise Wrong(
        _("From {start}, gradient {gradient} and lr {lr}, the step should lead to {rule}; yours led to {got}.").format(
            start=start.flat[0], gradient=gradient.flat[0], lr=lr,
            rule=f"{(start - lr * gradient).flat[0]:.4g}", got=f"{parameter.flat[0]:.4g}",
        )
    )  # fmt: skip


def _looks_like(result, rule):
    try:
        return close(result, rule)
    except (TypeError, ValueError):
        return False


def _is_stub(function):
    """Tell whether a function has an empty body: one that forgot `return` or `-=` has not."""

    def stub(parameter, gradient, lr): ...

    return getattr(getattr(function, "__code__", None), "co_code", None) == stub.__code__.co_code


SCORES = np.array([[0.2], [1.0], [0.5], [0.0], [0.6], [0.7], [0.6], [0.8]])
LABELS = np.array([0, 1, 0, 0, 0, 0, 1, 1])
FEW = 3  # rows of the second look: it tells a rule from a number that happens to fit


@exercise(
    "08.count",
    _("Three steps: scores to decisions, decisions against labels, count the True."),
    _("scores[:, 0] turns the column (n, 1) into (n,), the shape of the labels."),
    _("np.sum(scores[:, 0] > 0.5) counts the decisions for 1. You want those that equal the labels."),
)
def judge_count(answer):
    results = []
    for rows in (slice(None), slice(FEW)):
        scores, labels = SCORES[rows].copy(), LABELS[rows].copy()
        result = call(answer, scores, labels)
        if np.size(result) != 1 or np.ndim(result):
            raise Wrong(_("The answer should be one number, the count; this is {}.").format(kind_of(result)))
        results.append(as_number(result))
    if results[0] == results[1]:
        raise Wrong(
            _("Your function says {:.4g} for any scores and labels: it should look at them.").format(results[0])
        )
    for name, diagnosis in COUNTING_MISTAKES.items():
        if close(results, [_count(name, SCORES, LABELS), _count(name, SCORES[:FEW], LABELS[:FEW])]):
            if diagnosis is None:
                return _("Right: {} of {} here, and a score of exactly 0.5 means 0.").format(
                    int(results[0]), len(LABELS)
                )
            raise Wrong(diagnosis)
    raise Wrong(
        _("For the scores {scores} and the labels {labels} the count is {rule}, yours says {got:.4g}.").format(
            scores=_row(SCORES[:FEW, 0]), labels=_row(LABELS[:FEW]),
            rule=int(_count("right", SCORES[:FEW], LABELS[:FEW])), got=results[1],
        )
    )  # fmt: skip


COUNTING_MISTAKES = {
    "right": None,
    "at least": _("A score of exactly 0.5 was counted as 1. The rule says above: > and not >=."),
    "each with each": _(
        "You compared each score with each label, n × n comparisons: (n, 1) against (n,) is stretched to (n, n). "
        "Take the column as scores[:, 0] first."
    ),
    "each with each, at least": _(
        "You compared each score with each label, n × n comparisons: take the column as scores[:, 0] first. "
        "And the rule says above 0.5: > and not >=."
    ),
    "share": _("This is the share of right decisions. The question is how many: a sum, not a mean."),
    "each with each, share": _("You compared each score with each label: take scores[:, 0] first. And sum, not mean."),
    "wrong ones": _("You counted the wrong decisions: == where they agree, not !=."),
    "ones": _("You counted the decisions for 1 and did not look at the labels."),
    "both one": _("You counted the rows where both are 1. A decision for 0 is right, too, where the label is 0."),
    "scores": _("You compared the scores themselves with the labels: make decisions of them first, score > 0.5."),
}


def _count(mistake, scores, labels):
    """Count right decisions, correctly or with a named mistake."""
    column = scores[:, 0]
    return {
        "right": lambda: np.sum((column > 0.5) == labels),
        "at least": lambda: np.sum((column >= 0.5) == labels),
        "each with each": lambda: np.sum((scores > 0.5) == labels),
        "each with each, at least": lambda: np.sum((scores >= 0.5) == labels),
        "share": lambda: np.mean((column > 0.5) == labels),
        "each with each, share": lambda: np.mean((scores > 0.5) == labels),
        "wrong ones": lambda: np.sum((column > 0.5) != labels),
        "ones": lambda: np.sum(column > 0.5),
        "both one": lambda: np.sum((column > 0.5) & (labels == 1)),
        "scores": lambda: np.sum(column == labels),
    }[mistake]()


# Columns: dead; alive; dead, for what arrives is exactly 0; alive in one case only; negative in one case only.
ARRIVING = np.array(
    [
        [-1.0, 2.0, 0.0, -0.5, 0.3],
        [-0.2, 0.1, 0.0, -0.1, 0.4],
        [-0.3, 1.0, 0.0, 0.7, -0.2],
        [-2.0, -0.6, 0.0, -0.4, -0.5],
        [-0.1, 0.6, 0.0, -0.9, 0.5],
    ]
)


@exercise(
    "08.dead",
    _("Look down each column: what is the largest number that arrives at this unit?"),
    _("arriving.max(axis=0) has one number a unit. The unit is dead where even this one is not above 0."),
)
def judge_dead(answer):
    tables = ARRIVING, ARRIVING[:2, :4]
    results = []
    for table in tables:
        result = call(answer, table.copy())
        if np.ndim(result) == 1 and np.shape(result) in ((table.shape[1],), (len(table),)):
            raise Wrong(
                _("This is one entry for each unit or case. The question is how many: count them, np.sum(...).")
            )
        results.append(as_number(result))
    for mistake, diagnosis in DEAD_MISTAKES.items():
        if close(results, [_count_dead(mistake, table) for table in tables]):
            if diagnosis is None:
                return _("Right: a unit is dead where nothing above 0 ever arrives.")
            raise Wrong(diagnosis)
    if results[0] == results[1]:
        raise Wrong(_("Your function says {:.4g} for any table: it should look at it.").format(results[0]))
    raise Wrong(
        _("Of the units at which\n{table}\narrives, {rule} are dead; yours says {got:.4g}.").format(
            table=ARRIVING, rule=_count_dead("right", ARRIVING), got=results[0]
        )
    )


DEAD_MISTAKES = {
    "right": None,
    "below": _("A unit at which exactly 0 arrives shows 0, too: <= 0, not < 0."),
    "any": _(
        "You counted the units that show 0 in *some* case. A dead one shows 0 in all of them: its largest counts."
    ),
    "any below": _(
        "You counted the units that get something negative in *some* case. A dead one never gets anything above 0."
    ),
    "alive": _("You counted the units that live. The dead ones are the others."),
    "cases": _("You counted cases (rows) and not units (columns): axis=0 runs down the rows and leaves the columns."),
    "entries": _("You counted single numbers. A unit, so a whole column, is dead or not."),
    "sum": _(
        "A column may add up to something negative and still hold a number above 0: take its largest, not its sum."
    ),
    "share": _("This is the share of the dead units. The question is how many: a sum, not a mean."),
    "zero": _("You counted units at which exactly 0 arrives. What arrives may be negative: ReLU makes it 0."),
}


def _count_dead(mistake, arriving):
    """Count dead units, correctly or with a named mistake."""
    return {
        "right": lambda: np.sum(arriving.max(axis=0) <= 0),
        "below": lambda: np.sum(arriving.max(axis=0) < 0),
        "any": lambda: np.sum(arriving.min(axis=0) <= 0),
        "any below": lambda: np.sum(arriving.min(axis=0) < 0),
        "alive": lambda: np.sum(arriving.max(axis=0) > 0),
        "cases": lambda: np.sum(arriving.max(axis=1) <= 0),
        "entries": lambda: np.sum(arriving <= 0),
        "sum": lambda: np.sum(arriving.sum(axis=0) <= 0),
        "share": lambda: np.mean(arriving.max(axis=0) <= 0),
        "zero": lambda: np.sum((arriving == 0).all(axis=0)),
    }[mistake]()
