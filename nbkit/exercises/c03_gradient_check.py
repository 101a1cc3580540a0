"""Exercises of chapter 03: central differences for a number and for an array, a layer, and a bill of costs."""

import numpy as np

from nbkit._text import _, kind_of
from nbkit.drawing.numbers import number
from nbkit.exercises.core import NotTried, Wrong, as_number, call, close, exercise
from nbkit.gradcheck import GradientError, check_gradients

# ---------------------------------------------------------------- 1: one number

TRIALS = ((lambda x: x * x * x, 1.0, 0.1), (lambda x: x * x * x * x, 2.0, 0.5))


def _differences(f, x, eps):
    """What the usual ways, right and wrong, give for the slope of `f`."""
    right, here, left = f(x + eps), f(x), f(x - eps)
    return {
        "central": (right - left) / (2 * eps),
        "forward": (right - here) / eps,
        "backward": (here - left) / eps,
        "not divided": right - left,
        "divided by eps": (right - left) / eps,
        "divided by 2": (right - left) / 2,
        "brackets below": (right - left) / 2 * eps,
        "brackets above": right - left / (2 * eps),
        "brackets nowhere": right - left / 2 * eps,
        "turned": (left - right) / (2 * eps),
        "added": (right + left) / (2 * eps),
        "half": (f(x + eps / 2) - f(x - eps / 2)) / eps,
    }


DIFFERENCE_MISTAKES = {
    "forward": _("This is the forward difference, on one side only. Nudge to the left as well: f(x - eps)."),
    "backward": _("This looks to the left only. Nudge to the right as well: f(x + eps)."),
    "not divided": _("This is the change. A slope is change divided by distance, and the two points are 2 eps apart."),
    "divided by eps": _("Twice too large: from x - eps to x + eps the distance is 2 eps, not eps."),
    "divided by 2": _("Divided by 2, but not by eps: the distance of the two points is 2 * eps."),
    "brackets below": _("Brackets: `/ 2 * eps` divides by 2 and then multiplies by eps. Write `/ (2 * eps)`."),
    "brackets above": _("Brackets: only f(x - eps) was divided. Put the difference into brackets."),
    "brackets nowhere": _("Brackets, twice: around the difference, and around 2 * eps."),
    "turned": _("The sign is turned: right minus left, f(x + eps) - f(x - eps)."),
    "added": _("The two values were added. The slope comes from their difference."),
    "half": _("A central difference, but with half a nudge to each side. Go a whole eps to the right and to the left."),
}


@exercise(
    "03.slope",
    _("Two values: a step to the right of x, a step to the left of x. How far apart are the two points?"),
    _("(f(x + eps) - f(x - eps)) / (2 * eps): mind the brackets."),
)
def judge_slope(answer):
    seen, results = [], []
    for f, x, eps in TRIALS:

        def watched(x, f=f):
            seen.append(x)
            return f(x)

        results.append(as_number(call(answer, watched, x, eps)))
    if not seen:
        raise Wrong(_("Your function never called f. It should find the slope of any f from its values alone."))
    usual = [_differences(*trial) for trial in TRIALS]
    if close(results, [u["central"] for u in usual]):
        return _("Right: for x³ at 1 and eps = 0.1 it says 3.01, with the error eps².")
    for name, diagnosis in DIFFERENCE_MISTAKES.items():
        if close(results, [u[name] for u in usual]):
            raise Wrong(diagnosis)
    small = [_differences(f, x, 1e-5)["central"] for f, x, _eps in TRIALS]
    if close(results, small, rtol=1e-4):
        raise Wrong(_("A good slope, but not with the eps that was given: your function should use its argument eps."))
    raise Wrong(
        _("For x³ at 1 with eps = 0.1 the two values are 1.331 and 0.729, so the slope is 3.01. Yours says {}.").format(
            number(results[0])
        )
    )


# ---------------------------------------------------------------- 2: an array

POINT = np.array([[0.5, -1.0, 2.0], [1.5, 1.0, -0.5]])
FACTORS = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])


def _surface(x):
    """A smooth function of an array in which the entries influence one another."""
    return float((FACTORS * x * x).sum() + x.sum() ** 3)


def _surface_gradient(x):
    return 2 * FACTORS * x + 3 * x.sum() ** 2


@exercise(
    "03.gradient",
    _("`for index in np.ndindex(x.shape)` goes through all places of x, in any shape: x[index] is one single number."),
    _("For each index make two copies of x, add eps to the one and take it from the other, at this index only."),
    _("Start with `x = np.array(x, dtype=float)`: a copy of your own, in which a nudge of 0.00001 is not cut off."),
)
def judge_gradient(answer):
    x, true = POINT.copy(), _surface_gradient(POINT)
    result = _numbers(call(answer, _surface, x))
    if not np.array_equal(x, POINT):
        raise Wrong(_("Your function has changed x: a nudge was not taken back. Nudge a copy, x.copy()."))
    if result.shape != true.shape:
        _judge_shape(result, true)
    if not close(result, true, rtol=5e-7):
        _judge_numbers(result, true)
    whole = np.array([[1, 2, 3], [4, 5, 6]])
    result = _numbers(call(answer, _surface, whole.copy()))
    if not close(result, _surface_gradient(whole), rtol=5e-7):
        raise Wrong(
            _("Right for x of floats, wrong for x of integers: an array of integers cuts the nudge off. Begin with "
              "x = np.array(x, dtype=float).")
        )  # fmt: skip
    return _("Right, entry by entry, and x is as it was.")


def _numbers(result):
    try:
        return np.array(result, dtype=float)
    except (TypeError, ValueError):
        raise Wrong(_("The answer should be an array of numbers, this is {}.").format(kind_of(result))) from None


def _judge_shape(result, true):
    if result.shape == () and close(result, true.sum(), rtol=1e-4):
        raise Wrong(_("All entries were nudged at once: this is the sum of the gradients. Nudge one entry at a time."))
    if result.shape == (len(true),) and close(result, true.sum(axis=1), rtol=1e-4):
        raise Wrong(_("A whole row was nudged at once. x[i] is a row here; np.ndindex(x.shape) gives single entries."))
    if close(result.ravel(), true.ravel(), rtol=1e-4):
        raise Wrong(_("The numbers are right, but their shape is {got}: a gradient has the shape of x, {rule}.").format(
            got=result.shape, rule=true.shape))  # fmt: skip
    raise Wrong(
        _("A gradient has the shape of x. For x with shape {rule} yours has {got}.").format(
            rule=true.shape, got=result.shape
        )
    )


def _judge_numbers(result, true):
    if close(result, np.full_like(true, true.sum()), rtol=1e-4):
        raise Wrong(_("All entries were nudged at once, so each got the sum. Nudge one entry at a time."))
    rows = np.repeat(true.sum(axis=1, keepdims=True), true.shape[1], axis=1)
    if close(result, rows, rtol=1e-4):
        raise Wrong(_("A whole row was nudged at once. x[i] is a row here; np.ndindex(x.shape) gives single entries."))
    if close(result, 2 * true, rtol=1e-4):
        raise Wrong(_("Twice too large: the two points are 2 eps apart."))
    if close(result, -true, rtol=1e-4):
        raise Wrong(_("The sign is turned: right minus left."))
    if close(result, true * 1e-5, rtol=1e-4) or close(result, true * 2e-5, rtol=1e-4):
        raise Wrong(_("These are the changes. Divide by the distance, 2 eps."))
    if not result.any():
        raise Wrong(_("All zeros. Do both calls of f get the same array? `high = x` is no copy, `high = x.copy()` is."))
    if close(result, true, rtol=3e-3):
        raise Wrong(_("Nearly, but the error is far above eps²: nudge to both sides, not to one."))
    raise Wrong(
        _("For the entry at (0, 0) the slope is {rule}, yours says {got}.").format(
            rule=number(true[0, 0]), got=number(result[0, 0])
        )
    )


# ---------------------------------------------------------------- 3: a layer

X, DOUT = np.array([[1.0, -2.0], [0.5, 3.0]]), np.array([[1.0, 2.0], [-3.0, 0.5]])
CUBE_MISTAKES = (
    (3 * X**2, _("backward ignores dout: what arrives from the right is multiplied by the local derivative.")),
    (DOUT * 3 * X, _("The power falls by one, not by two: the derivative of x³ is 3x².")),
    (DOUT * X**2, _("The 3 is missing: the derivative of x³ is 3x².")),
    (DOUT * 3 * X**3, _("The power has to fall by one: the derivative of x³ is 3x².")),
    (DOUT * 2 * X, _("2x is the derivative of x². That of x³ is 3x².")),
    (DOUT + 3 * X**2, _("dout was added. It multiplies the local derivative.")),
    (3 * DOUT**2, _("3 dout²: the derivative is taken at x, which forward has to remember, for example as self.x.")),
    (DOUT * X**3, _("dout times the output. It should be dout times the local derivative, 3x².")),
    (DOUT, _("dout goes on unchanged, as through a +. Here it is multiplied by the local derivative, 3x².")),
)


@exercise(
    "03.cube",
    _("forward has to keep what backward will need: self.x = x."),
    _("backward returns dout times the local derivative of x³, taken at self.x."),
    _("return dout * 3 * self.x**2"),
)
def judge_cube(answer):
    layer = answer() if isinstance(answer, type) else answer
    if not (callable(getattr(layer, "forward", None)) and callable(getattr(layer, "backward", None))):
        raise Wrong(
            _("Hand in the class: one with a forward(self, x) and a backward(self, dout). This is {}.").format(
                kind_of(answer)
            )
        )
    y = _numbers(call(layer.forward, X.copy()))
    if not close(y, X**3):
        raise Wrong(
            _("forward comes first: for x = 3 it should give 27, yours gives {}.").format(
                number(y[1, 1]) if y.shape == X.shape else _("an array of shape {}").format(y.shape)
            )
        )
    try:
        dx = call(layer.backward, DOUT.copy())
    except NotTried:
        raise Wrong(_("forward is right. backward returns nothing yet.")) from None
    dx = _numbers(dx[0] if isinstance(dx, tuple) and len(dx) == 1 else dx)
    for wrong, diagnosis in CUBE_MISTAKES:
        if close(dx, wrong):
            raise Wrong(diagnosis)
    try:
        check_gradients(layer, X)
    except GradientError as error:
        raise Wrong(_("The gradient check says: {}.").format(error)) from None
    return _("Right: the check finds nothing to complain about, at four points and with any dout.")


# ---------------------------------------------------------------- 4: the bill

PARAMETERS = 1000


@exercise(
    "03.cost",
    _("Central differences: how many passes forward for one parameter? For 1,000?"),
    _("Reverse mode needs the values first: one walk to the right. Then one walk to the left gives all gradients."),
)
def judge_cost(answer):
    if not isinstance(answer, tuple | list) or len(answer) != 2:
        raise Wrong(
            _("Hand in two numbers: passes by nudging, passes by reverse mode. This is {}.").format(kind_of(answer))
        )
    if all(part is ... for part in answer):
        raise NotTried
    nudging, reverse = map(as_number, answer)
    if (nudging, reverse) == (2, 2 * PARAMETERS):
        raise Wrong(_("The two numbers have changed places: nudging is the expensive way."))
    if nudging == PARAMETERS + 1:
        raise Wrong(_("1,001 is the price of one-sided nudging. Both sides cost two passes for each parameter."))
    if nudging == PARAMETERS:
        raise Wrong(_("Nudging: each parameter is nudged to the right and to the left, two passes for each."))
    if nudging == 2 * PARAMETERS + 1:
        raise Wrong(_("Nudging: the value in the middle is not needed for central differences, so there is no + 1."))
    if nudging != 2 * PARAMETERS:
        raise Wrong(_("Nudging: {} is not it. Two passes for each of the 1,000 parameters.").format(number(nudging)))
    if reverse == 1:
        raise Wrong(_("Nudging is right. Reverse mode walks back once, but first it has to walk forward once."))
    if reverse in (PARAMETERS, PARAMETERS + 1, 2 * PARAMETERS):
        raise Wrong(_("Nudging is right. Reverse mode does not care how many parameters there are."))
    if reverse != 2:
        raise Wrong(_("Nudging is right. Reverse mode: how many walks to the right, how many to the left?"))
    return _("Right: 2,000 against 2, a thousand times cheaper.")
