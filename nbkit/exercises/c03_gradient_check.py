"""Exercises of chapter 03: central differences for a number and for an array, a layer, and a bill of costs."""

import copy

import numpy as np

from nbkit.exercises.answers import as_array, as_number
from nbkit.exercises.compare import close, first_difference
from nbkit.exercises.core import exercise
from nbkit.exercises.kinds import judge_numbers, name_mistake
from nbkit.exercises.learner_code import call, call_method, instantiate, is_stub, stopped
from nbkit.exercises.trials import drawn, forward_first, try_function, try_layer
from nbkit.exercises.verdicts import Wrong
from nbkit.formatting import number
from nbkit.gradcheck import GradientError, check_gradients, numerical_gradient
from nbkit.messages import _, kind_of

# ---------------------------------------------------------------- 1: one number

TRIALS = (  # in words, the function, x, eps
    (_("x³"), lambda x: x * x * x, 1.0, 0.1),
    (_("x⁴"), lambda x: x * x * x * x, 2.0, 0.5),
    (_("x³ + x²"), lambda x: x * x * (x + 1), -3.0, 0.01),
    (_("x² + 5x"), lambda x: x * (x + 5), 0.0, 0.2),
    (_("1/x"), lambda x: 1 / x, 0.256, 0.053),
    (_("sin x"), np.sin, 40, 2),
    (_("x² − 3x"), lambda x: x * (x - 3), 1.0, 0.1),
    (_("x⁴"), lambda x: x * x * x * x, 50.0, 20.0),
    (_("x² + 5x"), lambda x: x * (x + 5), -250, 7.0),
    (_("sin 2000x"), lambda x: np.sin(2000 * x), 0.7, 2e-5),
)


def _central(f, x, eps):
    return (f(x + eps) - f(x - eps)) / (2 * eps)


@exercise(
    "03.slope",
    _("Two values: a step to the right of x, a step to the left of x. How far apart are the two points?"),
    _("(f(x + eps) - f(x - eps)) / (2 * eps): mind the brackets."),
    mistakes={
        _("This is the forward difference, on one side only. Nudge to the left as well: f(x - eps)."):
            lambda f, x, eps: (f(x + eps) - f(x)) / eps,
        _("This looks to the left only. Nudge to the right as well: f(x + eps)."):
            lambda f, x, eps: (f(x) - f(x - eps)) / eps,
        _("This is the change. A slope is change divided by distance, and the two points are 2 eps apart."):
            lambda f, x, eps: f(x + eps) - f(x - eps),
        _("Twice too large: from x - eps to x + eps the distance is 2 eps, not eps."):
            lambda f, x, eps: (f(x + eps) - f(x - eps)) / eps,
        _("Divided by 2, but not by eps: the distance of the two points is 2 * eps."):
            lambda f, x, eps: (f(x + eps) - f(x - eps)) / 2,
        _("Brackets: `/ 2 * eps` divides by 2 and then multiplies by eps. Write `/ (2 * eps)`."):
            lambda f, x, eps: (f(x + eps) - f(x - eps)) / 2 * eps,
        _("Brackets: only f(x - eps) was divided. Put the difference into brackets."):
            lambda f, x, eps: f(x + eps) - f(x - eps) / (2 * eps),
        _("Brackets, twice: around the difference, and around 2 * eps."):
            lambda f, x, eps: f(x + eps) - f(x - eps) / 2 * eps,
        _("The sign is turned: right minus left, f(x + eps) - f(x - eps)."):
            lambda f, x, eps: (f(x - eps) - f(x + eps)) / (2 * eps),
        _("The two values were added. The slope comes from their difference."):
            lambda f, x, eps: (f(x + eps) + f(x - eps)) / (2 * eps),
        _("A central difference, but with half a nudge to each side. Go a whole eps to the right and to the left."):
            lambda f, x, eps: _central(f, x, eps / 2),
        _("A good slope, but `numerical_gradient` makes the nudge larger where x is above 1. Here it is eps itself."):
            lambda f, x, eps: numerical_gradient(f, x, eps=eps),
    },
    praise=_("Right: for x³ at 1 and eps = 0.1 it says 3.01, with the error eps²."),
)  # fmt: skip
def judge_slope(answer, mistakes):
    results, seen = [], []
    for words, f, x, eps in TRIALS:

        def watched(x, f=f):
            seen.append(x)
            return f(x)

        try:
            result = call(answer, watched, x, eps)
        except (ArithmeticError, ValueError) as error:
            raise Wrong(_("For {f} at {x}: {stopped}").format(f=words, x=number(x), stopped=stopped(error))) from None
        results.append(as_number(result, _("The slope")))
    if not seen:
        raise Wrong(_("Your function never called f. It should find the slope of any f from its values alone."))
    rights = [_central(f, x, eps) for _words, f, x, eps in TRIALS]
    if close(results, rights):
        return
    name_mistake(results, mistakes, [trial[1:] for trial in TRIALS])
    if close(results, [_central(f, x, 1e-5) for _words, f, x, _eps in TRIALS], rtol=1e-3):
        raise Wrong(_("A good slope, but not with the eps that was given: your function should use its argument eps."))
    (place,), want, got = first_difference(np.array(rights), np.array(results))
    words, f, x, eps = TRIALS[place]
    raise Wrong(
        _(
            "For {f} at {x} with eps = {eps} the two values are {right} and {left}, so the slope is {want}. "
            "Yours says {got}."
        ).format(
            f=words, x=number(x), eps=number(eps), right=number(f(x + eps)), left=number(f(x - eps)), want=want, got=got
        )
    )


# ---------------------------------------------------------------- 2: an array

POINT = np.array([[0.5, -1.0, 2.0], [1.5, 1.0, -0.5]])
WHOLE = np.array([[1, 2, 3], [4, 5, 6]])


def _surface(x):
    """A smooth function of an array of any shape, in which the entries influence one another."""
    factors = np.arange(1.0, 1 + x.size).reshape(x.shape)
    return float((factors * x * x).sum() + x.sum() ** 3)


def _surface_gradient(x):
    factors = np.arange(1.0, 1 + x.size).reshape(x.shape)
    return 2 * factors * x + 3 * x.sum() ** 2


class _Watched:
    """A function that records the places where it is called, and refuses another shape than that of x."""

    def __init__(self, shape):
        self.shape, self.asked = shape, []

    def __call__(self, x):
        x = np.array(x, dtype=float)
        if x.shape != self.shape:
            text = _("f takes an array in the shape of x, {want}; your function gives it one of shape {got}.")
            raise Wrong(text.format(want=self.shape, got=x.shape))
        self.asked.append(x)
        return _surface(x)

    def one_sided(self, start):
        """Tell whether some entry was never nudged to both sides."""
        moves = np.array([x - start for x in self.asked])
        return not all((moves > 1e-12).any(axis=0).ravel() & (moves < -1e-12).any(axis=0).ravel())


@exercise(
    "03.gradient",
    _("`for index in np.ndindex(x.shape)` goes through all places of x, in any shape: x[index] is one single number."),
    _("For each index make two copies of x, add eps to the one and take it from the other, at this index only."),
    _("Start with `x = np.array(x, dtype=float)`: a copy of your own, in which a nudge of 0.00001 is not cut off."),
    mistakes={  # of the true gradient
        _("All entries were nudged at once: this is the sum of the gradients. Nudge one entry at a time."):
            lambda true: true.sum(),
        _("A whole row was nudged at once. x[i] is a row here; np.ndindex(x.shape) gives single entries."):
            [lambda true: true.sum(axis=1), lambda true: true.sum(axis=1, keepdims=True) + 0 * true],
        _("All entries were nudged at once, so each got the sum. Nudge one entry at a time."):
            lambda true: true.sum() + 0 * true,
        _("Twice too large: the two points are 2 eps apart."): lambda true: 2 * true,
        _("The sign is turned: right minus left."): lambda true: -true,
        _("These are the changes. Divide by the distance, 2 eps."):
            [lambda true: 1e-5 * true, lambda true: 2e-5 * true],
        _("All zeros. Do both calls of f get the same array? `high = x` is no copy, `high = x.copy()` is."):
            lambda true: 0 * true,
    },
    praise=_("Right, entry by entry, in any shape, and x is as it was."),
)  # fmt: skip
def judge_gradient(answer, mistakes):
    f, x, true = _Watched(POINT.shape), POINT.copy(), _surface_gradient(POINT)
    result = as_array(call(answer, f, x), _("The gradient"))
    if not np.array_equal(x, POINT):
        if close(x, POINT):
            raise Wrong(
                _("Your function puts x back only nearly: `+= eps` and `-= eps` leave a rounding error behind. Keep "
                  "the old value and put that back, or nudge a copy, x.copy().")
            )  # fmt: skip
        raise Wrong(_("Your function has changed x: a nudge was not taken back. Nudge a copy, x.copy()."))
    if not f.asked:
        raise Wrong(_("Your function never called f. It should find the gradient of any f from its values alone."))
    if not close(result, true, rtol=5e-7):
        name_mistake([result], mistakes, [(true,)], rtol=1e-4)
        _tell_difference(result, true, f.one_sided(POINT))
    if f.one_sided(POINT):
        raise Wrong(
            _("The numbers are close, but some entry was nudged to one side only. Central differences nudge each one "
              "to both sides.")
        )  # fmt: skip
    whole, floats = (_at(answer, x) for x in (WHOLE, WHOLE.astype(float)))
    if close(floats, _surface_gradient(WHOLE), rtol=5e-7) and not close(whole, floats, rtol=5e-7):
        raise Wrong(
            _("Right for x of floats, wrong for x of integers: an array of integers cuts off what stands behind the "
              "point. Begin with x = np.array(x, dtype=float), for the nudge and for the result.")
        )  # fmt: skip
    rng = np.random.default_rng(0)
    shapes = [(4,), (3, 2), (2, 1, 3), (1,), (1, 4), (2, 2), (2, 1, 1, 2), ()]
    trials = [(_surface, drawn(rng, *shape)) for shape in shapes]
    trials += [(_surface, drawn(rng, 3, 2).T), (_surface, np.array([[2.0, 2.0], [-1.5, 2.0]]))]  # turned over, repeated
    trials += [(_surface, np.array([7, -2])), (_surface, np.array([[100.0, 0.0], [-3.0, 5.0]])), (np.sum, POINT)]
    try_function(answer, lambda f, x: _by_rule(f, x), trials, "f, x", _("the gradient"), rtol=5e-6)


def _by_rule(f, x):
    return _surface_gradient(x) if f is _surface else np.ones(x.shape)


def _at(answer, x):
    """Return the gradient that an answer finds at x, or NaN where it has another shape."""
    result = as_array(call(answer, _surface, x.copy()), _("The gradient"))
    return result if result.shape == x.shape else np.full(x.shape, np.nan)


def _tell_difference(result, true, one_sided):
    """Say in what a gradient differs that no usual mistake explains."""
    if result.shape != true.shape:
        if close(result.ravel(), true.ravel(), rtol=1e-4):
            text = _("The numbers are right, but their shape is {got}: a gradient has the shape of x, {rule}.")
        else:
            text = _("A gradient has the shape of x. For x with shape {rule} yours has {got}.")
        raise Wrong(text.format(rule=true.shape, got=result.shape))
    place, want, got = first_difference(true, result, rtol=5e-7)
    if not close(result, true, rtol=3e-3):
        text = _("For the entry at {place} the slope is {want}, yours says {got}.")
    elif one_sided:
        text = _("Nearly, but the error is far above eps²: nudge to both sides, not to one.")
    else:
        text = _("Nearly, but the entry at {place} should be {want}, yours is {got}. Is eps 1e-5, x an array of "
                 "floats, and nothing rounded?")  # fmt: skip
    raise Wrong(text.format(place=place, want=want, got=got))


# ---------------------------------------------------------------- 3: a layer

X, DOUT = np.array([[1.0, -2.0], [0.5, 3.0]]), np.array([[1.0, 2.0], [-3.0, 0.5]])


@exercise(
    "03.cube",
    _("forward has to keep what backward will need: self.x = x."),
    _("backward returns dout times the local derivative of x³, taken at self.x."),
    _("return dout * 3 * self.x**2"),
    mistakes={
        _("backward ignores dout: what arrives from the right is multiplied by the local derivative."):
            lambda dout, x, y: 3 * x**2,
        _("The power falls by one, not by two: the derivative of x³ is 3x²."): lambda dout, x, y: dout * 3 * x,
        _("The 3 is missing: the derivative of x³ is 3x²."): lambda dout, x, y: dout * x**2,
        _("The power has to fall by one: the derivative of x³ is 3x²."): lambda dout, x, y: dout * 3 * x**3,
        _("2x is the derivative of x². That of x³ is 3x²."): lambda dout, x, y: dout * 2 * x,
        _("dout was added. It multiplies the local derivative."): lambda dout, x, y: dout + 3 * x**2,
        _("3 dout²: the derivative is taken at x, which forward has to remember, for example as self.x."):
            lambda dout, x, y: 3 * dout**2,
        _("dout times the output. It should be dout times the local derivative, 3x²."): lambda dout, x, y: dout * y,
        _("dout goes on unchanged, as through a +. Here it is multiplied by the local derivative, 3x²."):
            lambda dout, x, y: dout,
    },
    praise=_("Right: the check finds nothing to complain about, at four points and with any dout."),
)  # fmt: skip
def judge_cube(answer, mistakes):
    has_both = callable(getattr(answer, "forward", None)) and callable(getattr(answer, "backward", None))
    if not isinstance(answer, type) and not has_both:
        text = _("Hand in the class: one with a forward(self, x) and a backward(self, dout). This is {}.")
        raise Wrong(text.format(kind_of(answer)))
    layer = instantiate(answer) if isinstance(answer, type) else copy.deepcopy(answer)
    stub = None if is_stub(layer.backward) else _("backward is there. Still open: forward.")
    y = as_array(call_method(layer, "forward", X.copy(), stub=stub), "forward")
    if y.shape != X.shape:
        text = _("forward comes first: for x of shape {want} it should give that shape, yours has {got}.")
        raise Wrong(text.format(want=X.shape, got=y.shape))
    if not close(y, X**3):
        place, want, got = first_difference(X**3, y)
        text = _("forward comes first: for x = {x} it should give {want}, yours gives {got}.")
        raise Wrong(text.format(x=number(X[place]), want=want, got=got))
    with forward_first(_maker(answer), _cubed, CUBE_TRIALS, "x"):
        dx = call_method(layer, "backward", DOUT.copy(), stub=_("forward is right. Still open: backward."))
    dx = as_array(_single(dx), "backward")
    name_mistake([dx], mistakes, [(DOUT, X, X**3)])
    try:
        check_gradients(_Bare(layer), X)
    except GradientError as error:
        raise Wrong(_("The gradient check says: {}.").format(error)) from None
    try_layer(_maker(answer), _cubed, lambda dout, x: dout * 3 * x**2, CUBE_TRIALS, "x")


def _cubed(x):
    return 1.0 * x**3


def _cube_trials():
    rng = np.random.default_rng(0)
    shapes = [(2, 3), (4,), (1, 1), (1,), (2, 1, 3), (3, 2)]
    return [
        *(((drawn(rng, *shape),), drawn(rng, *shape)) for shape in shapes),
        ((np.array([-2, 0, 3]),), np.array([0.5, -1.0, 0.0])),
        ((np.array([200.0, 0.01]),), np.array([-7.0, 4000.0])),
        ((np.array([-1.5, -0.25, -1.5]),), np.array([1.5, 1.5, 1.5])),
        ((np.array([[0.5, 0.5], [2.5, 2.5]]),), np.array([[0.0, 0.0], [0.0, -1.0]])),
    ]


CUBE_TRIALS = _cube_trials()


def _single(dx):
    """Return the gradient of the one input, which may come in a tuple of one."""
    return dx[0] if isinstance(dx, tuple) and len(dx) == 1 else dx


class _Bare:
    """A layer of the learner's that returns arrays where the learner's returns lists or a tuple of one."""

    def __init__(self, layer):
        self.layer = layer

    def __repr__(self):
        return type(self.layer).__name__

    def forward(self, x):
        return as_array(call_method(self.layer, "forward", x), "forward")

    def backward(self, dout):
        return as_array(_single(call_method(self.layer, "backward", dout)), "backward")


def _maker(answer):
    """Return what makes new layers: of the class that was handed in, or copies of the object."""
    return lambda: answer() if isinstance(answer, type) else copy.deepcopy(answer)


# ---------------------------------------------------------------- 4: the bill

PARAMETERS = 1000


NUDGING, REVERSE = _("passes by nudging"), _("passes by reverse mode")

exercise(
    "03.cost",
    _("Central differences: how many passes forward for one parameter? For 1,000?"),
    _("Reverse mode needs the values first: one walk to the right. Then one walk to the left gives all gradients."),
    judge=judge_numbers,
    ask=_("Hand in two numbers: passes by nudging, passes by reverse mode. This is {}."),
    together={_("The two numbers have changed places: nudging is the expensive way."): (2, 2 * PARAMETERS)},
    parts={
        NUDGING: (2 * PARAMETERS, {
            _("1,001 is the price of one-sided nudging. Both sides cost two passes for each parameter."):
                PARAMETERS + 1,
            _("each parameter is nudged to the right and to the left, two passes for each."): PARAMETERS,
            _("the value in the middle is not needed for central differences, so there is no + 1."):
                2 * PARAMETERS + 1,
        }, _("{} is not it. Two passes for each of the 1,000 parameters.")),
        REVERSE: (2, {
            _("it walks back once, but first it has to walk forward once."): 1,
            _("it does not care how many parameters there are."): [PARAMETERS, PARAMETERS + 1, 2 * PARAMETERS],
        }, _("how many walks to the right, how many to the left?")),
    },
    rtol=1e-9,
    prefix={NUDGING: _("Nudging"), REVERSE: _("Reverse mode")}.get,
    praise=_("Right: 2,000 against 2, a thousand times cheaper."),
)  # fmt: skip
