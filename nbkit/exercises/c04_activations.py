"""Exercises of chapter 04: write activations with their way back, and see what many of them leave of a gradient."""

import math

import numpy as np

from nbkit.exercises.answers import as_array, as_number
from nbkit.exercises.compare import close, row
from nbkit.exercises.core import exercise
from nbkit.exercises.kinds import judge_layer, judge_number
from nbkit.exercises.learner_code import call_method
from nbkit.exercises.trials import drawn
from nbkit.exercises.verdicts import Wrong
from nbkit.formatting import number
from nbkit.graph import Graph, Variable
from nbkit.layer import Layer
from nbkit.messages import _

X = np.array([-2.0, 1.5, -0.5, 3.0])  # no 0: what happens there is a choice
DOUT = np.array([5.0, -3.0, -7.0, 2.0])  # both signs on both sides of 0


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
ZEROS = [((np.array([0.0, -0.0, 1.0, 0.0]),), np.array([2.0, -3.0, 1.0, 0.0]))]
FAR = [((np.array([[12345.0, -54321.0]]),), np.array([[-0.5, 2.5]]))]


def _read(result, method, shape=X.shape):
    """Return numbers of that shape, or say what came instead; they may come as the one part of a tuple."""
    if isinstance(result, tuple) and len(result) == 1:
        [result] = result
    array = as_array(result, method, truths=True)
    if array.shape != shape:
        text = _("{where} got an array of shape {rule} and should return one, this has shape {got}.")
        raise Wrong(text.format(where=method, rule=shape, got=array.shape))
    return array


def _judge_at_zero(cls, low):
    """Where x = 0, forward gives 0 and the slope is a choice: anything from that on the left to that on the right."""
    layer = cls()
    [((x,), dout)] = ZEROS
    out = as_array(call_method(layer, "forward", x.copy()), "forward")
    if not close(out, x):
        text = _("forward({inputs}) should give {want}, yours gives {got}.")
        raise Wrong(text.format(inputs=f"[{row(x)}]", want=f"[{row(x)}]", got=f"[{row(out)}]"))
    got = _read(call_method(layer, "backward", dout.copy()), "backward")
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


LAYER = {"judge": judge_layer, "probes": [((X,), DOUT)], "names": "x", "read": _read}
RELU = LAYER | {"forward": lambda x: np.where(x > 0, x, 0.0), "backward": lambda dout, x, y: dout * (x > 0)}
HALF = _("Right so far. Still open: backward.")  # said where forward is the learner's own

exercise(
    "04.relu",
    _("forward: where x > 0, x itself, elsewhere 0. `np.maximum(x, 0)` does it for a whole array."),
    _("backward needs to know where x was above 0. Let forward keep that: `self.on = x > 0`."),
    _("A switch that is on lets dout pass, one that is off gives 0: dout times the switch, as a *new* array."),
    **RELU,
    mistakes={
        _("dout was multiplied by x itself. The slope is the *switch*: 1 where x > 0."): lambda dout, x, y: dout * x,
        _("dout went through everywhere: the mask is missing. Where x < 0, the slope is 0."): lambda dout, x, y: dout,
        _("The switch is the wrong way round: *on* is where x > 0."): lambda dout, x, y: dout * (x < 0),
        _("The switch is right, but dout is missing: multiply by it."): lambda dout, x, y: 1.0 * (x > 0),
        _("dout was multiplied by the output. The slope is 1 where x > 0, not x."): lambda dout, x, y: dout * y,
        _("The switch looks at the sign of dout. It must look at x, which forward has seen."):
            lambda dout, x, y: np.maximum(dout, 0),
        _("This is the output. Going back, dout passes where the switch is on."): lambda dout, x, y: y,
        _("The slope on the left is 0, not −1."): lambda dout, x, y: dout * np.sign(x),
    },
    trials=TRIALS + FAR + WHOLE,
    words=_("dout where x > 0, and 0 elsewhere"),
    stub=HALF,
    then=lambda cls: _judge_at_zero(cls, 0),
    praise=_("Right: a switch. And dout still belongs to its owner, you have not written into it."),
)  # fmt: skip

exercise(
    "04.sigmoid",
    _("The slope of σ can be written with y alone, and forward has kept y."),
    _("y times (1 − y). And what comes from the right is a factor, as always."),
    **LAYER,
    forward=lambda x: 1 / (1 + np.exp(-x)),
    backward=lambda dout, x, y: dout * y * (1 - y),
    mistakes={
        _("y(1 − y) is right, but dout is missing: multiply by it."): lambda dout, x, y: y * (1 - y),
        _("y(1 − x) mixes the output with the input. Both factors are made of the *output*: y(1 − y)."):
            lambda dout, x, y: dout * y * (1 - x),
        _("The formula wants the *output* y in both places, this is x."): lambda dout, x, y: dout * x * (1 - x),
        _("The sign is wrong: σ rises everywhere. With exp(−x), two minus signs meet and cancel."):
            lambda dout, x, y: -dout * y * (1 - y),
        _("Look at the sign inside exp: above the bar stands exp(−x), not exp(x)."):
            lambda dout, x, y: dout * np.exp(x) / (1 + np.exp(-x)) ** 2,
        _("Below the bar a square is missing."): lambda dout, x, y: dout * np.exp(-x) / (1 + np.exp(-x)),
        _("1 − y² is the slope of tanh. For σ it is y(1 − y)."): lambda dout, x, y: dout * (1 - y**2),
        _("One factor is missing: y times (1 − y)."): lambda dout, x, y: dout * y,
        _("dout alone is what + sends back. Here it is multiplied by the slope y(1 − y)."): lambda dout, x, y: dout,
        _("dout was added. Along a path, slopes are *multiplied*."): lambda dout, x, y: dout + y * (1 - y),
    },
    trials=TRIALS + ZEROS + WHOLE,
    words=_("dout · y · (1 − y)"),
    praise=_("Right: dout · y · (1 − y), with nothing remembered but the output."),
)  # fmt: skip

exercise(
    "04.leaky",
    _("`np.where(condition, a, b)` takes a where the condition holds, and b elsewhere."),
    _("The factor is 1 where x > 0 and 0.1 elsewhere. It serves twice: x · factor forward, dout · factor backward."),
    **LAYER,
    forward=lambda x: np.where(x > 0, x, 0.1 * x),
    backward=lambda dout, x, y: np.where(x > 0, dout, 0.1 * dout),
    mistakes={
        _("This is the way back of ReLU. Below 0 the slope is 0.1 here, not 0."): lambda dout, x, y: dout * (x > 0),
        _("The slopes are right, but dout is missing: multiply by it."): lambda dout, x, y: np.where(x > 0, 1.0, 0.1),
        _("The slopes 1 and 0.1 have changed places."): lambda dout, x, y: dout * np.where(x > 0, 0.1, 1.0),
        _("dout was multiplied by the output. The slope is 1 or 0.1."): lambda dout, x, y: dout * y,
        _("The slope was chosen by the sign of dout. It must be chosen by the sign of x."):
            lambda dout, x, y: np.where(dout > 0, dout, 0.1 * dout),
        _("0.1 · x rises with x, below 0 too: the slope is +0.1."): lambda dout, x, y: dout * np.where(x > 0, 1, -0.1),
        _("Above 0 the slope is 1, not x."): lambda dout, x, y: dout * np.where(x > 0, x, 0.1),
        _("dout went through everywhere. Below 0 only a tenth of it does."): lambda dout, x, y: dout,
    },
    trials=TRIALS + FAR,
    words=_("dout where x > 0, and a tenth of it elsewhere"),
    stub=HALF,
    then=lambda cls: _judge_at_zero(cls, 0.1),
    praise=_("Right: the same factor, forward and backward. Below 0 there is still a way back."),
)  # fmt: skip

exercise(
    "04.tanh",
    _("The slope of tanh is 1 − y², and forward has kept y."),
    _("And what comes from the right is a factor: dout * (1 - self.y**2)."),
    **LAYER,
    forward=np.tanh,
    backward=lambda dout, x, y: dout * (1 - y**2),
    mistakes={
        _("1 − y² is right, but dout is missing: multiply by it."): lambda dout, x, y: 1 - y**2,
        _("The formula wants the *output*: 1 − y², not 1 − x²."): lambda dout, x, y: dout * (1 - x**2),
        _("y(1 − y) is the slope of σ. For tanh it is 1 − y²."): lambda dout, x, y: dout * y * (1 - y),
        _("y² − 1 is negative, but tanh rises everywhere: turn it around."): lambda dout, x, y: dout * (y**2 - 1),
        _("A square is missing: 1 − y²."): lambda dout, x, y: dout * (1 - y),
        _("1 + y² is at least 1, but the slope of tanh is at most 1: 1 − y²."): lambda dout, x, y: dout * (1 + y**2),
        _("Almost: what is left of 1 *without* y², so 1 − y²."): lambda dout, x, y: dout * y**2,
        _("dout alone is what + sends back. Here it is multiplied by the slope 1 − y²."): lambda dout, x, y: dout,
        _("Brackets: dout times (1 − y²)."): lambda dout, x, y: dout - y**2,
    },
    trials=TRIALS + ZEROS + WHOLE,
    words=_("dout · (1 − y²)"),
    praise=_("Right: dout · (1 − y²). At 0 the whole of dout gets through."),
)


# ---------------------------------------------------------------- 04.mend: |x| of two ReLUs in a graph

BOTH = np.array([-2.0, 3.0])
ORDERS = {
    "ReLU(x) + ReLU(−x)": lambda one, other, x: one(x) + other(-x),
    "ReLU(−x) + ReLU(x)": lambda one, other, x: other(-x) + one(x),
}


class _Recorded(Layer):
    """A layer that a graph can record, whatever kind of class and of numbers the learner's has."""

    def __init__(self, cls):
        super().__init__("MendedReLU")
        self.own = cls()

    def forward(self, x):
        return _read(call_method(self.own, "forward", x), "forward", np.shape(x))

    def backward(self, dout):
        return _read(call_method(self.own, "backward", dout), "backward", np.shape(dout))


def _judge_in_graphs(cls):
    """Record |x| with the learner's layer, in both orders."""
    for written, made in ORDERS.items():
        got = Graph(made(_Recorded(cls), _Recorded(cls), Variable(BOTH, "x"))).backward()["x"]
        if not close(got, np.sign(BOTH)):
            text = _("Right alone, but in a graph {sum} has the slopes {got} at x = −2 and 3, and should have −1, 1.")
            raise Wrong(text.format(sum=written, got=row(got)))


exercise(
    "04.mend",
    _("Two lines are at fault: one writes into dout, one returns it. What is made of dout has to be a *new* array."),
    _("`dx = dout` makes no new array, only a second name; nor does `dout[:]`. `dout.copy()` does."),
    _("dx = dout.copy(), then the zeros into dx, and return dx. Or in one line: np.where(self.off, 0, dout)."),
    **RELU,
    mistakes={
        _("Nothing is written any more, but the zeros are gone, too: where `self.off` is true, dx is 0."):
            lambda dout, x, y: dout,
        _("`self.off` is true where the switch is *off*: there dx is 0, elsewhere it is dout."):
            lambda dout, x, y: dout * (x <= 0),
        _("The switch is right, but dout is missing: where it is on, dx is dout, not 1."):
            lambda dout, x, y: 1.0 * (x > 0),
        _("These are all zeros. Where `self.off` is false, dx is dout."): lambda dout, x, y: 0 * dout,
        _("This is the slope of |x|. Mend ReLU alone; the graph adds the two."): lambda dout, x, y: dout * np.sign(x),
    },
    trials=TRIALS + FAR + WHOLE,
    words=_("dout where x > 0, and 0 elsewhere"),
    wrote=_(
        "backward still writes into dout. `dx = dout` is only a second name for the same array, and `dout[:]` is the "
        "same numbers, too. `dout.copy()` makes new ones, and has to come *before* the zeros."
    ),
    then=_judge_in_graphs,
    praise=_("Right: a new array, and |x| has the slopes −1 and 1 in either order."),
)  # fmt: skip


# ---------------------------------------------------------------- 04.five: what five sigmoids leave


def _values(n, x=0.0):
    """Return `x` and what each of `n` sigmoids in a row makes of it."""
    values = [x]
    for _step in range(n):
        values.append(1 / (1 + math.exp(-values[-1])))
    return values


SLOPES = [y * (1 - y) for y in _values(5)[1:]]


def _left(n, x=0.0):
    return math.prod(y * (1 - y) for y in _values(n, x)[1:])


def _number_or_gradients(answer):
    """Return a number, also where it stands alone in a dict, as Graph.backward returns it."""
    return as_number(next(iter(answer.values())) if isinstance(answer, dict) and len(answer) == 1 else answer)


def _why_not(value):
    if value and value in (round(_left(5), 3), round(_left(5), 4), round(_left(5), 5)):
        return _("{} is rounded too far. Zeros in front do not count as digits: hand in three others.").format(value)
    return _("{} is not it. Multiply the five slopes, each at what *its* layer gets.").format(number(value))


exercise(
    "04.five",
    _("In a loop: y = σ(x), multiply what is left by y(1 − y), and let y be the x of the next layer."),
    _("Or let nbkit do it: `v = Variable(0, 'x')`, five times `v = Sigmoid()(v)`, then `Graph(v).backward()`."),
    judge=judge_number,
    right=_left(5),
    mistakes={
        _("0.25⁵ takes all five slopes at 0. But only the first layer gets 0: the second gets σ(0) = 0.5."): 0.25**5,
        _("Five slopes were *added*. Along a path they are multiplied."): 0.25 * 5,
        _("The five slopes were *added*. Along a path they are multiplied."): sum(SLOPES),
        _("These are four layers. The question is five."): _left(4),
        _("These are six layers. The question is five."): _left(6),
        _("This is the value that comes out on the right. The question is the gradient at x."): _values(5)[5],
        _("This is the slope of the last layer alone. Multiply all five."): SLOPES[4],
        _("This is what is left at x = 1, where the widget starts. The question is x = 0."): _left(5, 1.0),
        _("0.25 is what the first layer alone lets through. Four more follow."): 0.25,
        _("One slope is missing: the 0.25 of the first layer."): _left(5) / 0.25,
        _("1 is what starts on the right. How much of it arrives at x?"): 1,
        _("It is small, but not 0: the slope of σ is nowhere 0."): 0,
    },
    otherwise=_why_not,
    rtol=5e-3,
    read=_number_or_gradients,
    praise=_("Right: {}, less than a thousandth after only five layers.").format(number(_left(5))),
)
