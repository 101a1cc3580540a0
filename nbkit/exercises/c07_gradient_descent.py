"""Exercises of chapter 07: one step by hand, the border of the learning rate, descent, momentum, and an epoch."""

import numpy as np

from nbkit.exercises.answers import as_array
from nbkit.exercises.compare import apart, close, first_difference, row
from nbkit.exercises.core import exercise
from nbkit.exercises.kinds import judge_function, judge_number, judge_numbers
from nbkit.exercises.trials import drawn
from nbkit.exercises.verdicts import Wrong
from nbkit.formatting import number
from nbkit.messages import _, kind_of, listed

NOT_IT = _("{} is not it.")


def _ask(parts):
    return _("Hand in {n} numbers: {names}.").format(n=len(parts), names=listed(parts))


# ---------------------------------------------------------------- 1: one step by hand

UPHILL = _("That is uphill: the step goes against the gradient, so subtract it.")
NO_RATE = _("The learning rate is missing: the step is lr × gradient.")
BY_HAND = {  # w1² + 3 w2² from (2, 1) with lr 0.1
    _("w1"): (1.6, {
        UPHILL: 2.4,
        NO_RATE: -2.0,
        _("The slope of w₁² is 2 w₁, so at 2 it is 4."): 1.8,
        _("This is the step itself. Where does it lead, from 2?"): -0.4,
        _("This is the length of the step. Where does it lead, from 2?"): 0.4,
        _("This is the gradient. The step against it is lr times as long, and it begins at 2."): 4,
    }, NOT_IT),
    _("w2"): (0.4, {
        UPHILL: 1.6,
        NO_RATE: -5.0,
        _("The 3 is missing: the slope of 3 w₂² is 6 w₂."): 0.8,
        _("The slope of 3 w₂² is 6 w₂, so at 1 it is 6."): 0.7,
        _("This is the step itself. Where does it lead, from 1?"): -0.6,
        _("This is the length of the step. Where does it lead, from 1?"): 0.6,
        _("This is the gradient. The step against it is lr times as long, and it begins at 1."): 6,
    }, NOT_IT),
    _("predicted decrease"): (5.2, {
        _("This is ‖g‖². The prediction is lr times that."): 52,
        _("This is the length of the step, lr·‖g‖. The prediction is lr·‖g‖², without the root."): 0.1 * np.sqrt(52),
        _("lr belongs into it once, not twice: lr·‖g‖²."): 0.52,
        _("‖g‖² is the sum of the squares, 4² + 6², not the square of the sum."): 10,
        _("Square each gradient before you add them: lr·(4² + 6²)."): 1,
        _("A decrease of −5.2 would be a rise. The prediction is +lr·‖g‖²."): -5.2,
        _("This is the loss that is predicted. The question is by how much it falls."): 7 - 5.2,
    }, NOT_IT),
    _("actual decrease"): (3.96, {
        _("A decrease counts downwards: loss before less loss after."): -3.96,
        _("This is the loss after the step. How much less is that than before?"): 3.04,
        _("This is the prediction. Put the new weights into the loss, and see what is really there."): 5.2,
        _("This is the loss before the step. Subtract the loss after it."): 7,
        _("The 3 is missing in the loss after the step: w₁² + 3 w₂²."): 7 - 2.56 - 0.16,
    }, NOT_IT),
}  # fmt: skip

exercise(
    "07.by_hand",
    _("The gradient has two numbers: the slope of w₁² is 2 w₁, that of 3 w₂² is 6 w₂. At (2, 1)?"),
    _("Each weight goes against its own gradient: w₁ − 0.1 × 4, w₂ − 0.1 × 6."),
    _("Predicted: 0.1 × (4² + 6²). Actual: the loss at (2, 1), which is 7, less the loss where you have come to."),
    judge=judge_numbers,
    ask=_ask(BY_HAND),
    parts=BY_HAND,
    rtol=2e-3,
    praise=_("Right: 5.2 were promised, 3.96 came. The valley bends away from its tangent."),
)


# ---------------------------------------------------------------- 2: the border


def _one_step(lr):
    """Say where one step leads with a learning rate that is not the border."""
    if not lr > 0:
        return _("A learning rate is a number above 0, this is {}.").format(number(lr))
    return _(
        "With lr = {lr} one step leads from w = 1 to a distance of {step} from the bottom. "
        "It should be just as far on the other side: 1."
    ).format(lr=number(lr), step=apart(1, abs(1 - 6 * lr))[1])


exercise(
    "07.border",
    _("What is the slope of 3w², and how much does it change when w grows by 1? That is the curvature."),
    _("It bounces for ever where lr × curvature is exactly 2."),
    judge=judge_number,
    right=1 / 3,
    mistakes={
        _("That is the border for w². Here it is three times as steep."): 1,
        _("The curvature is not 3: the slope of 3w² is 6w, and when w grows by 1 it changes by 6."): 2 / 3,
        _("There lr × curvature is 1: one step does it. It bounces for ever where that is 2."): 1 / 6,
        _("This is the curvature. The border is where lr times it is 2."): 6,
        _("Steeper needs a smaller learning rate, not a larger one."): 3,
        _("Divide: lr × curvature = 2, so lr is 2 / curvature."): 12,
        _("Divide the other way round: lr is 2 / curvature."): 1 / 12,
        _("That is the border for 4w². Here it is 3w²."): 0.25,
    },
    otherwise=_one_step,
    rtol=2e-3,
    praise=_("Right: 6 × lr = 2. From w it jumps to −w, and back."),
)


# ---------------------------------------------------------------- 3: descent

PLACE, RATE, STEPS = np.array([2.0, -1.0]), 0.1, 3


def _gradient(w):
    return np.array([2.0, 6.0]) * w  # of w1² + 3 w2²


def _repeated(step, w, steps):
    for _step in range(steps):
        w = step(w)
    return w


def _descent(gradient, w, lr, steps):
    return _repeated(lambda w: w - lr * gradient(w), w, steps)


def _tell_descent(_inputs, want, got):
    (place,), right, wrong = first_difference(want, got)
    raise Wrong(
        _("For the loss w₁² + 3 w₂², 3 steps from (2, −1) with lr 0.1 lead to {want}; yours led to {got}. Here "
          "w[{place}] should be {right}, it is {wrong}.").format(
            want=row(want), got=row(got), place=place, right=right, wrong=wrong)
    )  # fmt: skip


def _descent_trials():
    rng = np.random.default_rng(0)
    slopes, shapes = (lambda w: 2 * w, lambda w: w**3 - w.sum()), [(3,), (2, 2), (1,)]
    return [
        (_gradient, PLACE + 1, 0.05, 5),
        (_gradient, PLACE, RATE, 1),
        (_gradient, PLACE, RATE, 0),
        *((slope, drawn(rng, *shape), 0.0317, 4) for slope in slopes for shape in shapes),
        (np.sin, np.array([2.0, -1.0]), 0.5, 2),
        (np.cos, np.array([40.0, -0.3]), 3.0, 12),
        (np.sin, drawn(rng, 2), 1.5, 1),
        (np.sin, np.array([0.0, -1.3, 0.4]), 0.03, 150),
        (np.cos, np.array([0.3, -0.2]), 2e-7, 150),  # many short steps
        (lambda w: 1e-8 * w, np.array([2.0, -3.0]), 2e6, 3),  # a flat valley and a large lr
        (lambda w: 3e4 * w, np.array([50.0, -7.0]), 1e-6, 2),  # a steep one
        (lambda w: w + 1, np.array([0.0, 4.0]), 1, 2),
    ]


exercise(
    "07.descend",
    _("A loop of `steps` rounds. In each: ask gradient(w), and go against it."),
    _("w = w - lr * gradient(w) makes a new array; w -= ... would change the one that you were given."),
    judge=judge_function,
    rule=_descent,
    mistakes={
        _("This climbs: the gradient points uphill. Subtract."):
            lambda gradient, w, lr, steps: _descent(gradient, w, -lr, steps),
        _("This is one step only. Repeat it `steps` times."):
            lambda gradient, w, lr, steps: _descent(gradient, w, lr, 1),
        _("One step too few: range(steps) counts them right."):
            lambda gradient, w, lr, steps: _descent(gradient, w, lr, steps - 1),
        _("One step too many: range(steps) counts them right."):
            lambda gradient, w, lr, steps: _descent(gradient, w, lr, steps + 1),
        _("The gradient was asked once, at the start. It changes with each step: call gradient(w) in the loop."):
            lambda gradient, w, lr, steps: w - steps * lr * gradient(w),
        _("The learning rate is missing: each step is lr × gradient."):
            lambda gradient, w, lr, steps: _descent(gradient, w, 1, steps),
        _("Only the sign of the gradient was used; its size says how steep it is."):
            lambda gradient, w, lr, steps: _repeated(lambda w: w - lr * np.sign(gradient(w)), w, steps),
        _("The old w is lost: the step is taken *from* it."):
            lambda gradient, w, lr, steps: _repeated(lambda w: -lr * gradient(w), w, steps),
        _("This is the gradient at the start. Return the weights where you arrive."):
            lambda gradient, w, lr, steps: gradient(w),
        _("Nothing has moved. Is the new w kept: w = w - ...?"): lambda gradient, w, lr, steps: w,
    },
    probes=[(_gradient, PLACE, RATE, STEPS)],
    trials=_descent_trials(),
    names="gradient, w, lr, steps",
    result=_("the end"),
    called=_("The result"),
    shape=_("The result should have the shape of w, {want}, this has {got}."),
    otherwise=_tell_descent,
    praise=_("Right: this is gradient descent, all of it."),
)  # fmt: skip


# ---------------------------------------------------------------- 4: momentum

W, V, G = np.array([1.0, -2.0]), np.array([0.5, 0.2]), np.array([3.0, -4.0])


def _momentum(w, v, g, lr, share):
    v = share * v - lr * g
    return w + v, v


def _read_both(result):
    """Return the new w and the new v, or say what came instead."""
    if not isinstance(result, tuple | list | np.ndarray) or getattr(result, "ndim", 2) != 2 or len(result) != 2:
        raise Wrong(_("Return two arrays, the new w and the new v; this is {}.").format(kind_of(result)))
    both = tuple(as_array(part, name) for part, name in zip(result, ("w", "v"), strict=True))
    for name, got in zip(("w", "v"), both, strict=True):
        if got.shape != W.shape:
            text = _("The new {name} should have the shape of w, {want}, this has {got}.")
            raise Wrong(text.format(name=name, want=W.shape, got=got.shape))
    return both


def _tell_momentum(inputs, want, got):
    w, v, g, _lr, _share = inputs
    name, want, got = ("v", want[1], got[1]) if close(got[0], want[0]) else ("w", want[0], got[0])
    (place,), right, wrong = first_difference(want, got)
    raise Wrong(
        _("From w = {w} with v = {v}, g = {g}, lr 0.1 and momentum 0.9, {name}[{place}] should be {want}; yours is "
          "{got}.").format(w=row(w), v=row(v), g=row(g), name=name, place=place, want=right, got=wrong)
    )  # fmt: skip


def _momentum_trials():
    rng = np.random.default_rng(0)
    shapes, rates = [(2,), (3,), (2, 3), (1,), (3, 1), (2,)], [0.5, 0.0123, 3.0, 0.1, 1.0, 0.25]
    return [
        *(
            (drawn(rng, *shape), drawn(rng, *shape), drawn(rng, *shape), lr, share)
            for shape, lr, share in zip(shapes, rates, [0.6, 0.9, 0.123, 0.0, 0.5, 0.99], strict=True)
        ),
        (np.array([3.0, -40.0]), np.zeros(2), np.array([1.0, 70.0]), 0.5, 0.9),
        (np.array([3.0, -40.0]), np.array([-0.5, 600.0]), np.zeros(2), 0.5, 0.9),
        (np.array([0.0, 7e4, -1.0]), np.array([0.3, 0.0, -3e5]), np.array([0.0, -900.0, 5000.0]), 30.0, 0.7),
        (np.array([0.2, -0.3]), np.array([0.004, -0.002]), np.array([1e-3, 4e-3]), 1e-3, 0.999),
    ]


exercise(
    "07.momentum",
    _("First the new speed: a share of the old one, and a push against the gradient."),
    _("v = momentum * v - lr * g, and then w + v with this new v. Return both."),
    judge=judge_function,
    rule=_momentum,
    mistakes={
        _("The gradient pushes uphill here: v = momentum × v − lr × g."):
            lambda w, v, g, lr, share: (w + share * v + lr * g, None),
        _("Some books let v point uphill and subtract it. Here v points downhill: v = momentum × v − lr × g; add it."):
            lambda w, v, g, lr, share: (w - (share * v + lr * g), share * v + lr * g),
        _("This is momentum as PyTorch writes it, with lr outside of v. Here: v = momentum × v − lr × g, then w + v."):
            lambda w, v, g, lr, share: (w - lr * (share * v + g), share * v + g),
        _("This looks one step ahead, as Nesterov's momentum does. Here w moves by the new v, no more: w + v."):
            lambda w, v, g, lr, share: (w + share * (share * v - lr * g) - lr * g, share * v - lr * g),
        _("v points downhill already: add it to w."): lambda w, v, g, lr, share: (w - (share * v - lr * g), None),
        _("This is plain gradient descent: the speed v plays no part."): lambda w, v, g, lr, share: (w - lr * g, None),
        _("The old speed was used. Make the new v first, then move w by it."):
            lambda w, v, g, lr, share: (w + v, None),
        _("The momentum is missing: only a share of the old speed is kept, momentum × v."):
            lambda w, v, g, lr, share: (w + v - lr * g, None),
        _("Only the old speed is multiplied by momentum, not lr × g."):
            lambda w, v, g, lr, share: (w + share * (v - lr * g), None),
        _("The learning rate is missing: lr × g."): lambda w, v, g, lr, share: (w + share * v - g, None),
        _("No (1 − momentum) here: v = momentum × v − lr × g."):
            lambda w, v, g, lr, share: (w + share * v - (1 - share) * lr * g, None),
        _("lr belongs to the gradient only, not to the old speed."):
            lambda w, v, g, lr, share: (w + lr * (share * v - g), None),
        _("w is right, but v is still the old one: the next step needs the new."):
            lambda w, v, g, lr, share: (w + share * v - lr * g, v),
        _("w is right, but v has forgotten the old speed."):
            lambda w, v, g, lr, share: (w + share * v - lr * g, -lr * g),
        _("Both are right, in the wrong order: return w first, then v."):
            lambda w, v, g, lr, share: (share * v - lr * g, w + share * v - lr * g),
    },
    probes=[(W, V, G, RATE, 0.9)],
    trials=_momentum_trials(),
    names="w, v, g, lr, momentum",
    result=("w", "v"),
    unpack=_read_both,
    otherwise=_tell_momentum,
    praise=_("Right: a ball that keeps a share of its speed."),
)  # fmt: skip


# ---------------------------------------------------------------- 5: an epoch

EPOCH = {
    _("steps per epoch"): (10, {
        _("Nine batches are 144 rows. The 6 that are left are used, too."): 9,
        _("There is no part of a step: the rows that are left make one more batch."): 9.375,
        _("That is the size of a batch. How many are needed for 150 rows?"): 16,
        _("That would be batches of one row."): 150,
        _("That would be one batch of all rows."): 1,
    }, NOT_IT),
    _("rows in the last batch"): (6, {
        _("Nine batches of 16 are 144 rows. How many are left?"): 16,
        _("That many are in the full batches. How many are left?"): 144,
        _("16 does not divide 150: nine batches are 144 rows."): 0,
        _("16 − 6. Nine batches are 144 rows; how many of 150 are left?"): 10,
        _("Rows come whole: 150 less 9 × 16."): 0.375,
    }, NOT_IT),
    _("steps in 40 epochs"): (400, {
        _("The last, small batch of each epoch is a step, too."): 360,
        _("40 × 150 / 16 would need batches that reach over the end of an epoch. Each has its own last batch."): 375,
        _("That many epochs. Each of them has several steps."): 40,
        _("That many rows are looked at. A step uses up to 16 of them."): 6000,
    }, NOT_IT),
}  # fmt: skip

exercise(
    "07.epoch",
    _("How many full batches of 16 are there in 150, and how many rows are left? divmod(150, 16) tells."),
    _("The rows that are left make one more, smaller batch: one more step."),
    judge=judge_numbers,
    ask=_ask(EPOCH),
    parts=EPOCH,
    praise=_("Right: 9 × 16 + 6 = 150, and 40 × 10 = 400."),
)
