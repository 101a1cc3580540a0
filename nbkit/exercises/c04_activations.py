"""Exercises of chapter 04: write activations with their way back, and see what many of them leave of a gradient."""

import math
from types import SimpleNamespace

import numpy as np

from nbkit.exercises.core import (
    Wrong,
    as_array,
    as_number,
    call_method,
    close,
    exercise,
    is_stub,
    made,
    row,
    rows_apart,
)
from nbkit.exercises.trials import drawn, forward_first, try_class
from nbkit.formatting import number
from nbkit.messages import _

X = np.array([-2.0, 1.5, -0.5, 3.0])  # no 0: what happens there is a choice
DOUT = np.array([5.0, -3.0, -7.0, 2.0])  # both signs on both sides of the bend
HALF = _("Right so far. Still open: backward.")  # said where forward is the learner's own


@exercise(
    "04.relu",
    _("forward: where x > 0, x itself, elsewhere 0. `np.maximum(x, 0)` does it for a whole array."),
    _("backward needs to know where x was above 0. Let forward keep that: `self.on = x > 0`."),
    _("A switch that is on lets dout pass, one that is off gives 0: dout times the switch, as a *new* array."),
)
def judge_relu(answer):
    t = _run(answer, rectified, stub=HALF)
    _diagnose(
        t,
        lambda t: t.dout * on(t),
        (
            (lambda t: t.dout * t.x, _("dout was multiplied by x itself. The slope is the *switch*: 1 where x > 0.")),
            (lambda t: t.dout, _("dout went through everywhere: the mask is missing. Where x < 0, the slope is 0.")),
            (lambda t: t.dout * (1 - on(t)), _("The switch is the wrong way round: *on* is where x > 0.")),
            (lambda t: on(t), _("The switch is right, but dout is missing: multiply by it.")),
            (lambda t: t.dout * t.y, _("dout was multiplied by the output. The slope is 1 where x > 0, not x.")),
            (
                lambda t: np.maximum(t.dout, 0),
                _("The switch looks at the sign of dout. It must look at x, which forward has seen."),
            ),
            (lambda t: t.y, _("This is the output. Going back, dout passes where the switch is on.")),
            (lambda t: t.dout * np.sign(t.x), _("The slope on the left is 0, not −1.")),
        ),
        _("dout where x > 0, and 0 elsewhere"),
    )
    try_class(answer, rectified, lambda dout, x: dout * (x > 0), TRIALS + FAR + WHOLE, "x")
    _judge_naught(answer, 0)
    return _("Right: a switch. And dout still belongs to its owner, you have not written into it.")


@exercise(
    "04.sigmoid",
    _("The slope of σ can be written with y alone, and forward has kept y."),
    _("y times (1 − y). And what comes from the right is a factor, as always."),
)
def judge_sigmoid(answer):
    t = _run(answer, squashed)
    _diagnose(
        t,
        lambda t: t.dout * t.y * (1 - t.y),
        (
            (lambda t: t.y * (1 - t.y), _("y(1 − y) is right, but dout is missing: multiply by it.")),
            (
                lambda t: t.dout * t.y * (1 - t.x),
                _("y(1 − x) mixes the output with the input. Both factors are made of the *output*: y(1 − y)."),
            ),
            (lambda t: t.dout * t.x * (1 - t.x), _("The formula wants the *output* y in both places, this is x.")),
            (
                lambda t: -t.dout * t.y * (1 - t.y),
                _("The sign is wrong: σ rises everywhere. With exp(−x), two minus signs meet and cancel."),
            ),
            (
                lambda t: t.dout * np.exp(t.x) / (1 + np.exp(-t.x)) ** 2,
                _("Look at the sign inside exp: above the bar stands exp(−x), not exp(x)."),
            ),
            (lambda t: t.dout * np.exp(-t.x) / (1 + np.exp(-t.x)), _("Below the bar a square is missing.")),
            (lambda t: t.dout * (1 - t.y**2), _("1 − y² is the slope of tanh. For σ it is y(1 − y).")),
            (lambda t: t.dout * (1 - t.y), _("One factor is missing: y times (1 − y).")),
            (lambda t: t.dout * t.y, _("One factor is missing: y times (1 − y).")),
            (lambda t: t.dout, _("dout alone is what + sends back. Here it is multiplied by the slope y(1 − y).")),
            (lambda t: t.dout * (t.y - 1) * t.y, _("y(y − 1) is negative, but σ rises: turn it around, y(1 − y).")),
            (lambda t: t.dout + t.y * (1 - t.y), _("dout was added. Along a path, slopes are *multiplied*.")),
        ),
        _("dout · y · (1 − y)"),
    )
    trials = TRIALS + NAUGHT + WHOLE
    try_class(answer, squashed, lambda dout, x: dout * squashed(x) * (1 - squashed(x)), trials, "x")
    return _("Right: dout · y · (1 − y), with nothing remembered but the output.")


@exercise(
    "04.leaky",
    _("`np.where(condition, a, b)` takes a where the condition holds, and b elsewhere."),
    _("The factor is 1 where x > 0 and 0.1 elsewhere. It serves twice: x · factor forward, dout · factor backward."),
)
def judge_leaky(answer):
    t = _run(answer, leaked, stub=HALF)
    _diagnose(
        t,
        lambda t: t.dout * np.where(t.x > 0, 1.0, 0.1),
        (
            (lambda t: t.dout * on(t), _("This is the way back of ReLU. Below 0 the slope is 0.1 here, not 0.")),
            (lambda t: np.where(t.x > 0, 1.0, 0.1), _("The slopes are right, but dout is missing: multiply by it.")),
            (lambda t: t.dout * np.where(t.x > 0, 0.1, 1.0), _("The slopes 1 and 0.1 have changed places.")),
            (lambda t: t.dout * t.y, _("dout was multiplied by the output. The slope is 1 or 0.1.")),
            (
                lambda t: np.where(t.dout > 0, t.dout, 0.1 * t.dout),
                _("The slope was chosen by the sign of dout. It must be chosen by the sign of x."),
            ),
            (
                lambda t: t.dout * np.where(t.x > 0, 1.0, -0.1),
                _("0.1 · x rises with x, below 0 too: the slope is +0.1."),
            ),
            (lambda t: t.dout * np.where(t.x > 0, t.x, 0.1), _("Above 0 the slope is 1, not x.")),
            (lambda t: t.dout, _("dout went through everywhere. Below 0 only a tenth of it does.")),
        ),
        _("dout where x > 0, and a tenth of it elsewhere"),
    )
    try_class(answer, leaked, lambda dout, x: np.where(x > 0, dout, 0.1 * dout), TRIALS + FAR, "x")
    _judge_naught(answer, 0.1)
    return _("Right: the same factor, forward and backward. Below 0 there is still a way back.")


@exercise(
    "04.tanh",
    _("The slope of tanh is 1 − y², and forward has kept y."),
    _("And what comes from the right is a factor: dout * (1 - self.y**2)."),
)
def judge_tanh(answer):
    t = _run(answer, np.tanh)
    _diagnose(
        t,
        lambda t: t.dout * (1 - t.y**2),
        (
            (lambda t: 1 - t.y**2, _("1 − y² is right, but dout is missing: multiply by it.")),
            (lambda t: t.dout * (1 - t.x**2), _("The formula wants the *output*: 1 − y², not 1 − x².")),
            (lambda t: t.dout * t.y * (1 - t.y), _("y(1 − y) is the slope of σ. For tanh it is 1 − y².")),
            (lambda t: t.dout * (t.y**2 - 1), _("y² − 1 is negative, but tanh rises everywhere: turn it around.")),
            (lambda t: t.dout * (1 - t.y), _("A square is missing: 1 − y².")),
            (lambda t: t.dout * (1 + t.y**2), _("1 + y² is at least 1, but the slope of tanh is at most 1: 1 − y².")),
            (lambda t: t.dout * t.y**2, _("Almost: what is left of 1 *without* y², so 1 − y².")),
            (lambda t: t.dout, _("dout alone is what + sends back. Here it is multiplied by the slope 1 − y².")),
            (lambda t: t.dout - t.y**2, _("Brackets: dout times (1 − y²).")),
        ),
        _("dout · (1 − y²)"),
    )
    try_class(answer, np.tanh, lambda dout, x: dout * (1 - np.tanh(x) ** 2), TRIALS + NAUGHT + WHOLE, "x")
    return _("Right: dout · (1 − y²). At 0 the whole of dout gets through.")


# ---------------------------------------------------------------- the rules, and arrays to try them on


def on(t):
    return np.where(t.x > 0, 1.0, 0.0)


def rectified(x):
    return np.where(x > 0, x, 0.0)


def squashed(x):
    return 1 / (1 + np.exp(-x))


def leaked(x):
    return np.where(x > 0, x, 0.1 * x)


def _trials():
    rng, shapes = np.random.default_rng(4), [(5,), (1,), (2, 2), (1, 3), (4, 1), (2, 1, 3)]
    return [((drawn(rng, *shape),), drawn(rng, *shape)) for shape in shapes] + [
        ((np.array([0.01, -0.01, 20.0, -20.0]),), drawn(rng, 4)),
        ((np.array([[1.5, 0.25, 1.5]]),), np.array([[0.0, -4000.0, 2.0]])),
        ((np.array([[-1.5], [-0.25], [-1.5]]),), np.array([[0.0], [3.0], [-4000.0]])),
        ((np.array([0.75]),), np.array([-2.0])),
        ((np.array([[-0.75]]),), np.array([[1.5]])),
    ]


TRIALS = _trials()
WHOLE = [((np.array([-2, 1, 3, -1]),), np.array([0.5, -1.5, 2.0, 4.0]))]  # integers
NAUGHT = [((np.array([0.0, -0.0, 1.0, 0.0]),), np.array([2.0, -3.0, 1.0, 0.0]))]
FAR = [((np.array([[12345.0, -54321.0]]),), np.array([[-0.5, 2.5]]))]


def _judge_naught(cls, low):
    """At the bend forward gives 0, and the slope is a choice: anything from that on the left to that on the right."""
    node = cls()
    [((x,), dout)] = NAUGHT
    out = as_array(call_method(node, "forward", x.copy()), _("forward"))
    if not close(out, x):
        raise Wrong(
            _("forward([{x}]) should give [{rule}], yours gives [{got}].").format(x=row(x), rule=row(x), got=row(out))
        )
    got = _array(call_method(node, "backward", dout.copy()), _("backward"))
    for value, arrived, back in zip(x, dout, got, strict=True):
        least, most = sorted((arrived * (1 if value else low), arrived))
        if not least - 1e-9 <= back <= most + 1e-9:
            raise Wrong(
                _(
                    "Where x = {x}, backward should make of dout = {dout} something from {least} to {most}, yours "
                    "gives {got}."
                ).format(
                    x=number(value), dout=number(arrived), least=number(least), most=number(most), got=number(back)
                )
            )


# ---------------------------------------------------------------- a learner's class, run once


def _run(cls, rule, stub=None):
    """Run the learner's class forward and backward on arrays, and return what came out."""
    node, x, dout = made(cls), X.copy(), DOUT.copy()
    half = None if stub is None or is_stub(cls.backward) else _("backward is there. Still open: forward.")
    out = _array(call_method(node, "forward", x, stub=half), _("forward"))
    if not np.array_equal(x, X):
        raise Wrong(_("forward has written into x. It belongs to somebody else: make a new array."))
    y = rule(X)
    if not close(out, y):
        want, got = rows_apart(y, out)
        raise Wrong(_("forward([{x}]) should give [{rule}], yours gives [{got}].").format(x=row(X), rule=want, got=got))
    with forward_first(cls, rule, TRIALS, "x"):
        back = call_method(node, "backward", dout, stub=stub)
    if not np.array_equal(dout, DOUT):
        raise Wrong(_("backward has written into dout. Others may still need it: multiply, and return a *new* array."))
    return SimpleNamespace(x=X, y=y, dout=DOUT, got=_array(back, _("backward")), again=_twice(cls))


def _twice(cls):
    """Run two objects of the class crosswise: each must remember its own forward."""
    first, second = cls(), cls()
    first.forward(X.copy())
    second.forward(-X)
    return _array(first.backward(DOUT.copy()), _("backward"))


def _array(result, where):
    """Return four numbers, or say what came instead; they may come as the one part of a tuple."""
    if isinstance(result, tuple) and len(result) == 1:
        [result] = result
    array = as_array(result, where, truths=True)
    if array.shape != X.shape:
        raise Wrong(
            _("{where} got an array of shape {rule} and should return one, this has shape {got}.").format(
                where=where, rule=X.shape, got=array.shape
            )
        )
    return array


def _diagnose(t, rule, mistakes, in_words):
    """Say nothing if `t` follows `rule`; name the mistake that explains it, or show the numbers."""
    if close(t.got, rule(t)):
        if not close(t.again, t.got):
            raise Wrong(_("Two objects of your class share one memory: keep what backward needs on self."))
        return
    for mistake, diagnosis in mistakes:
        if close(t.got, mistake(t)):
            raise Wrong(diagnosis)
    want, got = rows_apart(rule(t), t.got)
    raise Wrong(
        _("After forward([{x}]), backward([{dout}]) should give [{rule}], {words}; yours gives [{got}].").format(
            x=row(t.x), dout=row(t.dout), rule=want, words=in_words, got=got
        )
    )


# ---------------------------------------------------------------- 04.five: what five sigmoids leave


def _values(n, x=0.0):
    """Return `x` and what each of `n` sigmoids in a row makes of it."""
    values = [x]
    for _step in range(n):
        values.append(1 / (1 + math.exp(-values[-1])))
    return values


def _left(n, x=0.0):
    return math.prod(y * (1 - y) for y in _values(n, x)[1:])


SLOPES = [y * (1 - y) for y in _values(5)[1:]]
FIVE_KNOWN = (
    (0.25**5, _("0.25⁵ takes all five slopes at 0. But only the first layer gets 0: the second gets σ(0) = 0.5.")),
    (0.25 * 5, _("Five slopes were *added*. Along a path they are multiplied.")),
    (sum(SLOPES), _("The five slopes were *added*. Along a path they are multiplied.")),
    (_left(4), _("These are four layers. The question is five.")),
    (_left(6), _("These are six layers. The question is five.")),
    (_values(5)[5], _("This is the value that comes out on the right. The question is the gradient at x.")),
    (SLOPES[4], _("This is the slope of the last layer alone. Multiply all five.")),
    (_left(5, 1.0), _("This is what is left at x = 1, where the widget starts. The question is x = 0.")),
    (0.25, _("0.25 is what the first layer alone lets through. Four more follow.")),
    (_left(5) / 0.25, _("One slope is missing: the 0.25 of the first layer.")),
    (1, _("1 is what starts on the right. How much of it arrives at x?")),
    (0, _("It is small, but not 0: the slope of σ is nowhere 0.")),
)


@exercise(
    "04.five",
    _("In a loop: y = σ(x), multiply what is left by y(1 − y), and let y be the x of the next layer."),
    _("Or let nbkit do it: `v = Variable(0, 'x')`, five times `v = Sigmoid()(v)`, then `Graph(v).backward()`."),
)
def judge_five(answer):
    if isinstance(answer, dict) and len(answer) == 1:
        answer = next(iter(answer.values()))
    value = as_number(answer)
    if not math.isfinite(value):
        raise Wrong(_("This is no finite number."))
    if abs(value - _left(5)) <= 0.005 * _left(5):
        return _("Right: {}, less than a thousandth after only five layers.").format(number(_left(5)))
    if value and value in (round(_left(5), 3), round(_left(5), 4), round(_left(5), 5)):
        raise Wrong(
            _("{} is rounded too far. Zeros in front do not count as digits: hand in three others.").format(value)
        )
    for mistake, diagnosis in FIVE_KNOWN:
        if abs(value - mistake) <= 0.002 * abs(mistake):
            raise Wrong(diagnosis)
    raise Wrong(_("{} is not it. Multiply the five slopes, each at what *its* layer gets.").format(number(value)))
