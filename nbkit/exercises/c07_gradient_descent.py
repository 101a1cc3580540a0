"""Exercises of chapter 07: one step by hand, the border of the learning rate, descent, momentum, and an epoch."""

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
)
from nbkit.exercises.trials import drawn, judge_untouched, try_function
from nbkit.formatting import number
from nbkit.messages import _, kind_of

# ---------------------------------------------------------------- 1: one step by hand

BY_HAND = (1.6, 0.4, 5.2, 3.96)  # w1, w2, predicted, actual: w1² + 3 w2² from (2, 1) with lr 0.1
UPHILL = _("That is uphill: the step goes against the gradient, so subtract it.")
NO_RATE = _("The learning rate is missing: the step is lr × gradient.")
BY_HAND_MISTAKES = (
    (
        (2.4, UPHILL),
        (-2.0, NO_RATE),
        (1.8, _("The slope of w₁² is 2 w₁, so at 2 it is 4.")),
        (-0.4, _("This is the step itself. Where does it lead, from 2?")),
        (0.4, _("This is the length of the step. Where does it lead, from 2?")),
        (4, _("This is the gradient. The step against it is lr times as long, and it begins at 2.")),
    ),
    (
        (1.6, UPHILL),
        (-5.0, NO_RATE),
        (0.8, _("The 3 is missing: the slope of 3 w₂² is 6 w₂.")),
        (0.7, _("The slope of 3 w₂² is 6 w₂, so at 1 it is 6.")),
        (-0.6, _("This is the step itself. Where does it lead, from 1?")),
        (0.6, _("This is the length of the step. Where does it lead, from 1?")),
        (6, _("This is the gradient. The step against it is lr times as long, and it begins at 1.")),
    ),
    (
        (52, _("This is ‖g‖². The prediction is lr times that.")),
        (0.1 * np.sqrt(52), _("This is the length of the step, lr·‖g‖. The prediction is lr·‖g‖², without the root.")),
        (0.52, _("lr belongs into it once, not twice: lr·‖g‖².")),
        (10, _("‖g‖² is the sum of the squares, 4² + 6², not the square of the sum.")),
        (1, _("Square each gradient before you add them: lr·(4² + 6²).")),
        (-5.2, _("A decrease of −5.2 would be a rise. The prediction is +lr·‖g‖².")),
        (7 - 5.2, _("This is the loss that is predicted. The question is by how much it falls.")),
    ),
    (
        (-3.96, _("A decrease counts downwards: loss before less loss after.")),
        (3.04, _("This is the loss after the step. How much less is that than before?")),
        (5.2, _("This is the prediction. Put the new weights into the loss, and see what is really there.")),
        (7, _("This is the loss before the step. Subtract the loss after it.")),
        (7 - 2.56 - 0.16, _("The 3 is missing in the loss after the step: w₁² + 3 w₂².")),
    ),
)


@exercise(
    "07.by_hand",
    _("The gradient has two numbers: the slope of w₁² is 2 w₁, that of 3 w₂² is 6 w₂. At (2, 1)?"),
    _("Each weight goes against its own gradient: w₁ − 0.1 × 4, w₂ − 0.1 × 6."),
    _("Predicted: 0.1 × (4² + 6²). Actual: the loss at (2, 1), which is 7, less the loss where you have come to."),
)
def judge_by_hand(answer):
    names = (_("w1"), _("w2"), _("predicted decrease"), _("actual decrease"))
    return _several(answer, names, BY_HAND, BY_HAND_MISTAKES) or _(
        "Right: 5.2 were promised, 3.96 came. The valley bends away from its tangent."
    )


def _several(answer, names, rights, mistakes, rtol=2e-3):
    """Look at several numbers in a row, each with mistakes of its own."""
    parts = listed(answer, names)
    if parts is None or len(parts) != len(rights):
        raise Wrong(_("Hand in {n} numbers: {names}.").format(n=len(rights), names=", ".join(names)))
    given, still = filled(dict(zip(names, parts, strict=True)))
    for name, right, known in zip(names, rights, mistakes, strict=True):
        if name not in given:
            continue
        got = as_number(given[name], name)
        if close(got, right, rtol):
            continue
        for mistake, diagnosis in known:
            if close(got, mistake, rtol):
                raise Wrong(f"{name}: {diagnosis}")
        raise Wrong(_("{name}: {got} is not it.").format(name=name, got=apart(right, got)[1]))
    nothing_open(still)


# ---------------------------------------------------------------- 2: the border

BORDER_MISTAKES = (
    (1, _("That is the border for w². Here it is three times as steep.")),
    (2 / 3, _("The curvature is not 3: the slope of 3w² is 6w, and when w grows by 1 it changes by 6.")),
    (1 / 6, _("There lr × curvature is 1: one step does it. It bounces for ever where that is 2.")),
    (6, _("This is the curvature. The border is where lr times it is 2.")),
    (3, _("Steeper needs a smaller learning rate, not a larger one.")),
    (12, _("Divide: lr × curvature = 2, so lr is 2 / curvature.")),
    (1 / 12, _("Divide the other way round: lr is 2 / curvature.")),
    (0.25, _("That is the border for 4w². Here it is 3w².")),
)


@exercise(
    "07.border",
    _("What is the slope of 3w², and how much does it change when w grows by 1? That is the curvature."),
    _("It bounces for ever where lr × curvature is exactly 2."),
)
def judge_border(answer):
    got = as_number(answer)
    if close(got, 1 / 3, rtol=2e-3):
        return _("Right: 6 × lr = 2. From w it jumps to −w, and back.")
    for mistake, diagnosis in BORDER_MISTAKES:
        if close(got, mistake, rtol=2e-3):
            raise Wrong(diagnosis)
    step = abs(1 - 6 * got)
    if not 0 < got < np.inf:
        raise Wrong(_("A learning rate is a number above 0, this is {}.").format(number(got)))
    raise Wrong(
        _("With lr = {lr} one step leads from w = 1 to a distance of {step} from the bottom. "
          "It should be just as far on the other side: 1.").format(lr=number(got), step=apart(1, step)[1])
    )  # fmt: skip


# ---------------------------------------------------------------- 3: descent

PLACE, RATE, STEPS = np.array([2.0, -1.0]), 0.1, 3
SLOPES = np.array([2.0, 6.0])  # of w1² + 3 w2²


def _gradient(w):
    return SLOPES * w


def _walk(step, steps=STEPS, w=PLACE):
    for _step in range(steps):
        w = step(w)
    return w


DESCENT_MISTAKES = (
    (_walk(lambda w: w + RATE * _gradient(w)), _("This climbs: the gradient points uphill. Subtract.")),
    (_walk(lambda w: w - RATE * _gradient(w), 1), _("This is one step only. Repeat it `steps` times.")),
    (_walk(lambda w: w - RATE * _gradient(w), STEPS - 1), _("One step too few: range(steps) counts them right.")),
    (_walk(lambda w: w - RATE * _gradient(w), STEPS + 1), _("One step too many: range(steps) counts them right.")),
    (
        PLACE - STEPS * RATE * _gradient(PLACE),
        _("The gradient was asked once, at the start. It changes with each step: call gradient(w) in the loop."),
    ),
    (_walk(lambda w: w - _gradient(w)), _("The learning rate is missing: each step is lr × gradient.")),
    (
        _walk(lambda w: w - RATE * np.sign(_gradient(w))),
        _("Only the sign of the gradient was used; its size says how steep it is."),
    ),
    (_walk(lambda w: -RATE * _gradient(w)), _("The old w is lost: the step is taken *from* it.")),
    (_gradient(PLACE), _("This is the gradient at the start. Return the weights where you arrive.")),
    (PLACE, _("Nothing has moved. Is the new w kept: w = w - ...?")),
)


@exercise(
    "07.descend",
    _("A loop of `steps` rounds. In each: ask gradient(w), and go against it."),
    _("w = w - lr * gradient(w) makes a new array; w -= ... would change the one that you were given."),
)
def judge_descend(answer):
    start, want = PLACE.copy(), _walk(lambda w: w - RATE * _gradient(w))
    with np.errstate(all="ignore"):
        got = as_array(call(answer, _gradient, start, RATE, STEPS), _("The result"))
    if not close(start, PLACE):
        raise Wrong(_("Your function changes the array that it was given. Write `w = w - ...`, not `w -= ...`."))
    if got.shape != PLACE.shape:
        raise Wrong(
            _("The result should have the shape of w, {want}, this has {got}.").format(want=PLACE.shape, got=got.shape)
        )
    if not close(got, want):
        for mistake, diagnosis in DESCENT_MISTAKES:
            if close(got, mistake):
                raise Wrong(diagnosis)
        (place,), right, wrong = first_difference(want, got)
        raise Wrong(
            _("For the loss w₁² + 3 w₂², 3 steps from (2, −1) with lr 0.1 lead to {want}; yours led to {got}. Here "
              "w[{place}] should be {right}, it is {wrong}.").format(
                want=row(want), got=row(got), place=place, right=right, wrong=wrong)
        )  # fmt: skip
    rng = np.random.default_rng(0)
    trials = [(_gradient, PLACE + 1, 0.05, 5), (_gradient, PLACE, RATE, 1), (_gradient, PLACE, RATE, 0)]
    trials += [(slope, drawn(rng, *shape), 0.0317, 4) for slope in SLOPES_ELSEWHERE for shape in [(3,), (2, 2), (1,)]]
    trials += [
        (np.sin, np.array([2.0, -1.0]), 0.5, 2),
        (np.cos, np.array([40.0, -0.3]), 3.0, 12),
        (np.sin, drawn(rng, 2), 1.5, 1),
        (np.sin, np.array([0.0, -1.3, 0.4]), 0.03, 150),
        (np.cos, np.array([0.3, -0.2]), 2e-7, 150),  # many short steps
        (lambda w: 1e-8 * w, np.array([2.0, -3.0]), 2e6, 3),  # a flat valley and a large lr
        (lambda w: 3e4 * w, np.array([50.0, -7.0]), 1e-6, 2),  # a steep one
        (lambda w: w + 1, np.array([0.0, 4.0]), 1, 2),
    ]
    with np.errstate(all="ignore"):
        try_function(answer, _descent, trials, "gradient, w, lr, steps", _("the end"))
    return _("Right: this is gradient descent, all of it.")


SLOPES_ELSEWHERE = (lambda w: 2 * w, lambda w: w**3 - w.sum())


def _descent(gradient, w, lr, steps):
    return _walk(lambda w: w - lr * gradient(w), steps, w)


# ---------------------------------------------------------------- 4: momentum

W, V, G, KEPT = np.array([1.0, -2.0]), np.array([0.5, 0.2]), np.array([3.0, -4.0]), 0.9
NEW_V = KEPT * V - RATE * G
MOMENTUM_MISTAKES = (
    (W + KEPT * V + RATE * G, None, _("The gradient pushes uphill here: v = momentum × v − lr × g.")),
    (
        W - (KEPT * V + RATE * G),
        KEPT * V + RATE * G,
        _("Some books let v point uphill and subtract it. Here v points downhill: v = momentum × v − lr × g; add it."),
    ),
    (
        W - RATE * (KEPT * V + G),
        KEPT * V + G,
        _("This is momentum as PyTorch writes it, with lr outside of v. Here: v = momentum × v − lr × g, then w + v."),
    ),
    (
        W + KEPT * NEW_V - RATE * G,
        NEW_V,
        _("This looks one step ahead, as Nesterov's momentum does. Here w moves by the new v, no more: w + v."),
    ),
    (W - NEW_V, None, _("v points downhill already: add it to w.")),
    (W - RATE * G, None, _("This is plain gradient descent: the speed v plays no part.")),
    (W + V, None, _("The old speed was used. Make the new v first, then move w by it.")),
    (W + V - RATE * G, None, _("The momentum is missing: only a share of the old speed is kept, momentum × v.")),
    (W + KEPT * (V - RATE * G), None, _("Only the old speed is multiplied by momentum, not lr × g.")),
    (W + KEPT * V - G, None, _("The learning rate is missing: lr × g.")),
    (W + KEPT * V - (1 - KEPT) * RATE * G, None, _("No (1 − momentum) here: v = momentum × v − lr × g.")),
    (W + RATE * (KEPT * V - G), None, _("lr belongs to the gradient only, not to the old speed.")),
    (W + NEW_V, V, _("w is right, but v is still the old one: the next step needs the new.")),
    (W + NEW_V, -RATE * G, _("w is right, but v has forgotten the old speed.")),
    (NEW_V, W + NEW_V, _("Both are right, in the wrong order: return w first, then v.")),
)


@exercise(
    "07.momentum",
    _("First the new speed: a share of the old one, and a push against the gradient."),
    _("v = momentum * v - lr * g, and then w + v with this new v. Return both."),
)
def judge_momentum(answer):
    inputs = W.copy(), V.copy(), G.copy()
    result = call(answer, *inputs, RATE, KEPT)
    if not isinstance(result, tuple | list | np.ndarray) or getattr(result, "ndim", 2) != 2 or len(result) != 2:
        raise Wrong(_("Return two arrays, the new w and the new v; this is {}.").format(kind_of(result)))
    judge_untouched("w, v, g", (W, V, G), inputs)
    w, v = (as_array(part, name) for part, name in zip(result, ("w", "v"), strict=True))
    for name, got in (("w", w), ("v", v)):
        if got.shape != W.shape:
            raise Wrong(
                _("The new {name} should have the shape of w, {want}, this has {got}.").format(
                    name=name, want=W.shape, got=got.shape
                )
            )
    if not (close(w, W + NEW_V) and close(v, NEW_V)):
        for bad_w, bad_v, diagnosis in MOMENTUM_MISTAKES:
            if close(w, bad_w) and (bad_v is None or close(v, bad_v)):
                raise Wrong(diagnosis)
        name, want, got = ("v", NEW_V, v) if close(w, W + NEW_V) else ("w", W + NEW_V, w)
        (place,), right, wrong = first_difference(want, got)
        raise Wrong(
            _("From w = {w} with v = {v}, g = {g}, lr 0.1 and momentum 0.9, {name}[{place}] should be {want}; yours is "
              "{got}.").format(w=row(W), v=row(V), g=row(G), name=name, place=place, want=right, got=wrong)
        )  # fmt: skip
    rng = np.random.default_rng(0)
    shapes, rates = [(2,), (3,), (2, 3), (1,), (3, 1), (2,)], [0.5, 0.0123, 3.0, 0.1, 1.0, 0.25]
    trials = [
        (drawn(rng, *shape), drawn(rng, *shape), drawn(rng, *shape), lr, share)
        for shape, lr, share in zip(shapes, rates, [0.6, 0.9, 0.123, 0.0, 0.5, 0.99], strict=True)
    ]
    trials += [
        (np.array([3.0, -40.0]), np.zeros(2), np.array([1.0, 70.0]), 0.5, 0.9),
        (np.array([3.0, -40.0]), np.array([-0.5, 600.0]), np.zeros(2), 0.5, 0.9),
        (np.array([0.0, 7e4, -1.0]), np.array([0.3, 0.0, -3e5]), np.array([0.0, -900.0, 5000.0]), 30.0, 0.7),
        (np.array([0.2, -0.3]), np.array([0.004, -0.002]), np.array([1e-3, 4e-3]), 1e-3, 0.999),
    ]
    try_function(answer, _momentum, trials, "w, v, g, lr, momentum", ("w", "v"))
    return _("Right: a ball that keeps a share of its speed.")


def _momentum(w, v, g, lr, momentum):
    v = momentum * v - lr * g
    return w + v, v


# ---------------------------------------------------------------- 5: an epoch

EPOCH = (10, 6, 400)
EPOCH_MISTAKES = (
    (
        (9, _("Nine batches are 144 rows. The 6 that are left are used, too.")),
        (9.375, _("There is no part of a step: the rows that are left make one more batch.")),
        (16, _("That is the size of a batch. How many are needed for 150 rows?")),
        (150, _("That would be batches of one row.")),
        (1, _("That would be one batch of all rows.")),
    ),
    (
        (16, _("Nine batches of 16 are 144 rows. How many are left?")),
        (144, _("That many are in the full batches. How many are left?")),
        (0, _("16 does not divide 150: nine batches are 144 rows.")),
        (10, _("16 − 6. Nine batches are 144 rows; how many of 150 are left?")),
        (0.375, _("Rows come whole: 150 less 9 × 16.")),
    ),
    (
        (360, _("The last, small batch of each epoch is a step, too.")),
        (375, _("40 × 150 / 16 would need batches that reach over the end of an epoch. Each has its own last batch.")),
        (40, _("That many epochs. Each of them has several steps.")),
        (6000, _("That many rows are looked at. A step uses up to 16 of them.")),
    ),
)


@exercise(
    "07.epoch",
    _("How many full batches of 16 are there in 150, and how many rows are left? divmod(150, 16) tells."),
    _("The rows that are left make one more, smaller batch: one more step."),
)
def judge_epoch(answer):
    names = (_("steps per epoch"), _("rows in the last batch"), _("steps in 40 epochs"))
    return _several(answer, names, EPOCH, EPOCH_MISTAKES, 1e-6) or _("Right: 9 × 16 + 6 = 150, and 40 × 10 = 400.")
