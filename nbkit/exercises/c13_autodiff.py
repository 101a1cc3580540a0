"""Exercises of chapter 13: division for a Variable of one's own, a skip connection, walks to count, levels to find."""

import inspect

import numpy as np

from nbkit.exercises.answers import as_array, as_number, filled, nothing_open, parts_of
from nbkit.exercises.compare import apart, close, row
from nbkit.exercises.core import exercise
from nbkit.exercises.kinds import judge_layer, judge_numbers, name_mistake
from nbkit.exercises.learner_code import call_method, returned
from nbkit.exercises.trials import Later, try_layer
from nbkit.exercises.verdicts import Wrong
from nbkit.formatting import number
from nbkit.layers import ReLU, Sigmoid, Tanh
from nbkit.messages import _, kind_of, listed

# ---------------------------------------------------------------- 1: division

X, Y = 6.0, 4.0
# Pairs ((x, y), dout): both signs, whole numbers, large and small ones, x = 0.
PAIRS = [
    ((6.0, 4.0), 5.0), ((-3.5, 1.25), 0.4), ((3.0, -2.0), -1.5), ((-870.1, -640.5), 900.25), ((0.0, 0.75), 2.0),
    ((7, 2), 3), ((-1, 5), 1), ((0.0123, 0.0456), -0.00123), ((3.7, 3.7), 1.0), ((2.5, 1.0), 0.3), ((2.5, -1.0), 0.4),
    ((1.5, -2.5), 0.0), ((-7e5, 3.0), 2.0), ((4.0, 2e6), -3e6), ((0.3, 0.002), -70.0),
]  # fmt: skip


def _gradients(dout, x, y, _quotient=None):
    return dout / y, -dout * x / y**2


def _pair(gradients):
    """Return both gradients that backward gave, or say what it gave instead."""
    gradients = gradients.tolist() if isinstance(gradients, np.ndarray) else gradients
    if not isinstance(gradients, tuple | list) or len(gradients) != 2:
        raise Wrong(
            _("backward should return two gradients, for x and for y; yours returns {}.").format(kind_of(gradients))
        )
    return [
        as_number(part, name) for part, name in zip(gradients, (_("the gradient of x"), _("that of y")), strict=True)
    ]


def _read(result, name):
    return tuple(_pair(result)) if name == "backward" else as_number(result, _("forward's result"))


@exercise(
    "13.divide",
    _("When x grows by a little, x / y grows 1 / y times as much. And when y grows? Think of x · y⁻¹."),
    _("forward keeps x and y in self; backward returns dout / y and −dout · x / y²."),
    _("__truediv__ is as short as __mul__ of MyVariable: return record(DivLayer(), self, other)."),
    mistakes={
        _("The gradient of y has the wrong sign: a larger y makes x / y smaller."):
            lambda dout, x, y, q: (dout / y, dout * x / y**2),
        _("For y: the square below the fraction line is missing, −x / y²."):
            lambda dout, x, y, q: (dout / y, -dout * x / y),
        _("For y: x is missing above the fraction line, −x / y²."): lambda dout, x, y, q: (dout / y, -dout / y**2),
        _("For y: one x too many, it is −x / y²."): lambda dout, x, y, q: (dout / y, -dout * x**2 / y**2),
        _("The gradient of y is not that of x with the names swapped: x / y = x · y⁻¹."):
            lambda dout, x, y, q: (dout / y, dout / x),
        _("These are the gradients of a product: × swaps, ÷ does not."): lambda dout, x, y, q: (dout * y, dout * x),
        _("These are the gradients of a difference."): lambda dout, x, y, q: (dout, -dout),
        _("Right slopes, but `dout` is not in them: multiply by what comes from the right."):
            lambda dout, x, y, q: (1 / y, -x / y**2),
        _("`dout` is missing in the gradient of x."): lambda dout, x, y, q: (1 / y, -dout * x / y**2),
        _("`dout` is missing in the gradient of y."): lambda dout, x, y, q: (dout / y, -x / y**2),
        _("Right numbers, wrong order: first the gradient of x, then that of y."):
            lambda dout, x, y, q: (-dout * x / y**2, dout / y),
        _("Divided by y and y², not multiplied."): lambda dout, x, y, q: (dout * y, -dout * x * y**2),
    },
    forward=lambda x, y: x / y,
    backward=_gradients,
    probes=PAIRS[:1],
    trials=PAIRS,
    names="x, y",
    words=_("the gradients of x and of y"),
    read=_read,
    stub=_("forward is right. Now write backward, and run the cell again."),
    praise=_("Right: 1 / y and −x / y², and a Variable that divides. Your autodiff has grown by an operation."),
)  # fmt: skip
def judge_divide(answer, **layer):
    if not isinstance(answer, dict) or not {"layer", "variable"} <= set(answer):
        raise Wrong(_('Hand in both: {"layer": DivLayer, "variable": Divisible}.'))
    parts, still = filled({name: answer[name] for name in ("layer", "variable")})
    if "layer" in parts:
        judge_layer(parts["layer"], **layer)
    if "variable" in parts:
        _judge_variable(parts["variable"])
    nothing_open(still)


def _judge_variable(cls):
    if not inspect.isclass(cls):
        raise Wrong(_("The variable should be the class itself, Divisible, this is {}.").format(kind_of(cls)))
    if not hasattr(cls, "__truediv__"):
        raise Wrong(_("The class has no __truediv__: that is what Python calls for a / b."))
    for (x, y), dout in PAIRS:
        _judge_quotient(cls, x, y, dout)
    x, y = cls(X), cls(Y)
    one = returned(x / x, cls.__truediv__, "__truediv__")
    if len(getattr(one, "inputs", ())) != 2 or any(v is not x for v in one.inputs) or not close(one.value, 1.0):
        raise Wrong(_("x / x should be 1, and remember x twice. record does that."))
    z = x / y
    other = cls(8.0) / cls(2.0)
    if other.layer is z.layer or not close(_pair(z.layer.backward(1.0)), [1 / Y, -X / Y**2]):
        raise Wrong(_("Two divisions share one layer object, so the second overwrites what the first remembers."))


def _judge_quotient(cls, x, y, dout):
    """Divide a Variable by a Variable, and by a plain number, and look at what the result remembers."""
    a, b = cls(x), cls(y)
    z = returned(
        a / b, cls.__truediv__, "__truediv__", _("The layer is right. Now write __truediv__, and run the cell again.")
    )
    if not hasattr(z, "layer") or not hasattr(z, "inputs"):
        raise Wrong(
            _("x / y gives {}, which remembers nothing. Return record(DivLayer(), self, other).").format(kind_of(z))
        )
    value = as_number(z.value)
    if not close(value, x / y):
        want, got = apart(x / y, value)
        raise Wrong(
            _("{x} / {y} should be {want}, with your Variable it is {got}. Are the two in the right order, and is it "
              "DivLayer that is recorded?").format(x=number(x), y=number(y), want=want, got=got)
        )  # fmt: skip
    if z.layer is None or len(z.inputs) != 2 or [as_number(v) for v in z.inputs] != [x, y]:
        raise Wrong(_("The result should remember its layer and both inputs, x and y. record does that."))
    if z.inputs[0] is not a or z.inputs[1] is not b:
        raise Wrong(_("The result remembers copies of x and y: no gradient would ever reach x and y themselves."))
    gradients = _pair(call_method(z.layer, "backward", dout))
    want = _gradients(dout, x, y)
    if not close(gradients, want):
        raise Wrong(
            _("The layer that x / y has recorded, {name}, sends back {got} for {x} / {y} with dout = {dout}, and "
              "should send {want}. Is it your DivLayer?").format(
                name=type(z.layer).__name__, got=row(gradients), x=number(x), y=number(y), dout=number(dout),
                want=row(want))
        )  # fmt: skip
    plain = a / y
    if not hasattr(plain, "value") or not close(as_number(plain.value), x / y):
        raise Wrong(_("x / 2.0, with a plain number below the line, should work as well. record does that."))
    layer, inputs = getattr(plain, "layer", None), getattr(plain, "inputs", ())
    if layer is None or len(inputs) != 2 or inputs[0] is not a or not close(_pair(layer.backward(dout)), gradients):
        raise Wrong(_("x / 2.0 has the right value, but no gradient would come back to x. record does that."))
    if a.value != x or b.value != y:
        raise Wrong(_("Your division changes the value of x or y, and other formulas need that."))


# ---------------------------------------------------------------- 2: a skip connection


class _Fivefold:
    """An inner layer that watches what it is given."""

    def __init__(self):
        self.calls = []

    def forward(self, x):
        return 5.0 * x

    def backward(self, dout):
        self.calls.append(np.array(dout, dtype=float))
        return 5.0 * dout


class _Mixed:
    """An inner layer in which each output depends on all inputs."""

    def forward(self, x):
        return 3.0 * x + np.sum(x)

    def backward(self, dout):
        return 3.0 * dout + np.sum(dout)


SKIP_DOUT = np.array([[0.5, -2.0, 1.0], [4.0, 0.25, -1.5]])
SKIP_X = np.array([[1.0, -0.5, 2.0], [0.3, 0.7, -1.0]])
# Pairs ((x,), dout): numbers and arrays of any shape, zeros, large ones.
SKIP_TRIALS = [
    ((SKIP_X,), SKIP_DOUT),
    ((np.array(0.6),), np.array(-1.7)),
    ((np.array([1.2, -0.4, 0.9, -2.2]),), np.array([0.3, -1.1, 2.5, 600.0])),
    ((np.array([[1.0, -2.0], [3.0, 2.0], [-1.0, 4.0]]),), np.array([[2.0, 1.0], [-1.0, 3.0], [0.0, -4.0]])),
    ((np.array([[-0.7]]),), np.array([[1.9]])),
    ((np.linspace(-1.7, 1.9, 12).reshape(2, 3, 2),), np.linspace(2.3, -3.1, 12).reshape(2, 3, 2)),
    ((np.array([[700.0, -650.0, 0.3]]),), np.array([[-0.5, 800.0, 1.5]])),
    ((np.array([[0.7, -0.6, 0.3]]),), np.array([[0.0, 8e5, -6e6]])),
    ((np.linspace(-2.1, 1.9, 72).reshape(2, 3, 3, 4),), np.linspace(1.1, -2.9, 72).reshape(2, 3, 3, 4)),
]


@exercise(
    "13.skip",
    _("x goes two ways: through the layer, and past it. What comes back on each of them?"),
    _("Through the layer: self.layer.backward(dout). Past it, a + copies: dout. Then add."),
    mistakes={
        _("Only the way through the layer. The shortcut sends `dout` back, too: where paths meet, add."):
            lambda back, dout, x: back(dout),
        _("Only the shortcut. The layer sends something back as well: self.layer.backward(dout)."):
            lambda back, dout, x: dout,
        _("The shortcut sends back `dout`, not 1: it is 1 only at the very end of a graph."):
            lambda back, dout, x: back(dout) + 1,
        _("The two shares were multiplied. Along a path multiply, where paths meet *add*."):
            lambda back, dout, x: back(dout) * dout,
        _("The shortcut is added in forward, so its share is added in backward, too."):
            lambda back, dout, x: back(dout) - dout,
        _("What comes back through the shortcut is `dout`, not x."): lambda back, dout, x: back(dout) + x,
        _("backward needs `dout`, what comes from the right; this is computed from x."):
            lambda back, dout, x: back(x) + x,
        _("The inner layer's backward should be given `dout`, not x."): lambda back, dout, x: back(x) + dout,
        _("Twice through the layer: the second share is `dout` itself."): lambda back, dout, x: 2 * back(dout),
        _("The shares are added, not averaged."): lambda back, dout, x: (back(dout) + dout) / 2,
        _("One walk through the layer is enough: add `dout` after it, not before."):
            lambda back, dout, x: back(back(dout) + dout),
        _("5 + 1 is the slope of this one layer; multiply by `dout`, ask self.layer."):
            lambda back, dout, x: 6.0 * np.ones_like(dout),
    },
    praise=_("Right: a share through the layer, a share past it, and their sum."),
)  # fmt: skip
def judge_skip(answer, mistakes):
    if not inspect.isclass(answer):
        raise Wrong(_("The answer should be the class itself, this is {}.").format(kind_of(answer)))
    inner = _Fivefold()
    got = _walk_back(answer, inner, SKIP_X, SKIP_DOUT)
    if not close(got, 6 * SKIP_DOUT):
        name_mistake([got], mistakes, [(_Fivefold().backward, SKIP_DOUT, SKIP_X)])
    elif not inner.calls:
        raise Wrong(_("Right for f(x) = 5x, but the inner layer was never asked: self.layer.backward(dout)."))
    _try_skip(answer, _Fivefold, _("For f(x) = 5x: {}").format)
    words = _("Right for f(x) = 5x, but not for {}: is the slope of the layer written into the code? {}")
    mixed = _("a layer that mixes its inputs, f(x) = 3x + the sum of x")
    for kind, name in ((Tanh, "tanh"), (Sigmoid, "sigmoid"), (ReLU, "ReLU"), (_Mixed, mixed)):
        _try_skip(answer, kind, lambda error, name=name: words.format(name, error))
    if len(inner.calls) > 1:
        text = _("The result is right, but one backward has asked the inner layer {n} times: once is enough.")
        raise Wrong(text.format(n=len(inner.calls)))


def _try_skip(cls, kind, words):
    """Run the skip connection around a layer on arrays of many shapes; `words` puts what is wrong into a sentence."""

    def backward(dout, x):
        layer = kind()
        layer.forward(x)
        return layer.backward(dout) + dout

    try:
        try_layer(lambda: cls(kind()), lambda x: kind().forward(x) + x, backward, SKIP_TRIALS, "x")
    except Later:
        raise
    except Wrong as error:
        raise Wrong(words(error)) from None


def _walk_back(cls, inner, x, dout):
    skip, given = cls(inner), dout.copy()
    value = as_array(call_method(skip, "forward", x.copy()), _("forward's result"))
    if not close(value, inner.forward(x) + x):
        raise Wrong(_("forward should return f(x) + x, as it stood in the cell."))
    got = call_method(skip, "backward", given)
    if not np.array_equal(given, dout):
        raise Wrong(_("Your backward changes the dout that it was given (`+=` does that): it belongs to the caller."))
    got = as_array(got, _("backward's result"))
    if got.shape != x.shape:
        text = _("The gradient of x has the shape of x, {want}; yours has {got}. Add the shares into one array.")
        raise Wrong(text.format(want=x.shape, got=got.shape))
    return got


# ---------------------------------------------------------------- 3: walks

NOT_IT = _("{} is not it.")

exercise(
    "13.walks",
    _("One walk in forward mode answers for one input; one walk back answers for one output."),
    _("How many inputs are asked about? How many outputs are there? And reverse mode needs the values first."),
    judge=judge_numbers,
    ask=_("Hand in two numbers: the walks in forward mode, and those in reverse mode."),
    together={_("The other way round: first forward mode, then reverse mode."): [(2, 13), (1, 13)]},
    parts={
        _("forward mode"): (13, {
            _("26 is what *nudging* to both sides takes. Dual numbers walk once for each parameter."): 26,
            _("14 is what nudging to one side takes. Dual numbers need no walk to compare with."): 14,
            _("one walk answers for one parameter only. There are 13."): 1,
            _("this is the other one's number. Forward mode walks once for each parameter."): 2,
            _("13 parameters, 13 walks; none of them is for free."): 12,
        }, NOT_IT),
        _("reverse mode"): (2, {
            _("it walks to the left once, but first it has to walk to the right, to have the values."): 1,
            _("one walk back brings *all* gradients."): [13, 26, 14],
        }, NOT_IT),
    },
    rtol=1e-9,
    called=_("The number for {}"),
    prefix=str.capitalize,
    praise=_("Right: 13 walks against 2. With a million parameters it is a million against 2."),
)  # fmt: skip


# ---------------------------------------------------------------- 4: levels

LEVELS = [4, 1, 1, 1]


@exercise(
    "13.levels",
    _("First level: everything that needs inputs only. Look for it in the whole formula, to its very end."),
    _("a · b, c · d, exp(a) and tanh(g) wait for nobody. Who waits for two of them?"),
)
def judge_levels(answer):
    parts = parts_of(answer)
    if not parts:
        raise Wrong(_("Hand in a list with a number for each level, this is {}.").format(kind_of(answer)))
    names = [_("level {}").format(place) for place in range(1, len(parts) + 1)]
    given, still = filled(dict(zip(names, parts, strict=True)))
    got = [as_number(part, name.capitalize()) for name, part in given.items()]
    if still:
        _judge_some(names, dict(zip(given, got, strict=True)))
        if sum(got) == sum(LEVELS):
            raise Wrong(_("There are seven operations, and your levels hold them all: nothing is left for {}.").format(
                listed(still)))  # fmt: skip
        nothing_open(still)
    if got == LEVELS:
        return _("Right: four at once, then three that have to wait for one another. Seven operations, four levels.")
    if sum(got) != 7:
        text = _("There are seven operations, ×, ×, exp, tanh, +, ×, −; your levels add up to {}.")
        raise Wrong(text.format(number(sum(got))))
    if got == LEVELS[::-1]:
        raise Wrong(_("From the wrong end: the first level is the one that needs inputs only."))
    if got == [7]:
        raise Wrong(_("Not all at once: the + needs both products first."))
    if got == [1] * 7:
        raise Wrong(_("This is one after the other. Operations that do not need each other share a level."))
    if got in ([2, 2, 1, 2], [2, 2, 2, 1], [3, 1, 2, 1], [3, 2, 1, 1], [2, 3, 1, 1], [2, 1, 3, 1]):
        raise Wrong(_("exp or tanh stands too late: each runs as early as possible, and both need only inputs."))
    raise Wrong(_("Not yet: which of the seven need inputs only? They are the first level."))


def _judge_some(names, given):
    """Look at the levels that are there while others are still open."""
    for name, want in zip(names, [*LEVELS, *[0] * len(names)], strict=False):
        if name in given and given[name] != want:
            text = _("{level}: {got} is not it. Which operations are ready only then?")
            raise Wrong(text.format(level=name.capitalize(), got=number(given[name])))
