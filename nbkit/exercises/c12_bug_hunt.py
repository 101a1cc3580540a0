"""Exercises of chapter 12: a layer with two bugs, a line-up of suspects, and an accuracy that cannot be fooled."""

import numpy as np

from nbkit._text import _, kind_of
from nbkit.bugs.lineup import lineup
from nbkit.drawing.numbers import number
from nbkit.exercises.core import NotTried, Wrong, as_number, call, close, exercise, made, row
from nbkit.gradcheck import check_nodes

# ---------------------------------------------------------------- 1: a layer with two bugs

X = np.array([[0.5, -1.0, 2.0], [-0.3, 0.8, 0.1]])
DOUT = np.array([[1.0, -2.0, 0.5], [3.0, 1.5, -1.0]])
Y = np.tanh(X)

SLOPE_MISTAKES = (
    (1 - X**2, _("The slope is found from the *output* y = tanh(x): 1 − y², not 1 − x².")),
    (1 - Y, _("The square is missing: the slope is 1 − y².")),
    (Y**2, _("Almost: the slope is 1 *minus* y².")),
    (Y**2 - 1, _("The sign is turned: the slope of tanh is never negative, 1 − y².")),
    (Y * (1 - Y), _("y (1 − y) is the slope of the sigmoid. For tanh it is 1 − y².")),
    (1 - np.tanh(Y) ** 2, _("tanh was taken twice: y is tanh(x) already, so the slope is 1 − y².")),
    (np.ones_like(Y), _("dout goes back unchanged, as if tanh were a straight line. The slope is 1 − y².")),
)


@exercise(
    "12.mend",
    _("Run check_gradients(SoftSwitch(), np.array([[0.5, -1.0]])) and read what it says. Mend that, and run it again."),
    _("First: `dout *= ...` writes into the caller's array. Make a new one: `return dout * ...`."),
    _("Then the slope: for y = tanh(x) it is 1 − y². Which one does forward have to remember, x or y?"),
)
def judge_mend(answer):
    layer = made(answer)
    with np.errstate(all="ignore"):
        y, dout = _run(layer.forward, X.copy()), DOUT.copy()
        if not close(_array(y, _("forward")), Y):
            raise Wrong(_("forward was right: it is np.tanh(x). Leave what it returns as it was, and mend backward."))
        dx = _run(layer.backward, dout)
    in_place = not np.array_equal(dout, DOUT)
    dx = _array(dx, _("backward"))
    slope = dx / DOUT
    if in_place and close(slope, 1 - X**2):
        raise NotTried(_("Not tried yet: this is the layer as it was, with both bugs."))
    if in_place:
        raise Wrong(
            _("backward still changes the dout that it was given. `dout *= ...` writes into the caller's array; "
              "`dout * ...` makes a new one.")
        )  # fmt: skip
    if not close(dx, DOUT * (1 - Y**2)):
        if close(dx, 1 - Y**2):
            raise Wrong(_("The slope is right, but it is not multiplied by dout: every backward begins with dout."))
        for mistake, diagnosis in SLOPE_MISTAKES:
            if close(slope, mistake):
                raise Wrong(diagnosis)
        raise Wrong(
            _("dout is left alone now. But at x = 0.5 with dout = 1 backward should give {want}, yours gives {got}.")
            .format(want=number(1 - Y[0, 0] ** 2), got=number(dx[0, 0]))
        )  # fmt: skip
    return _("Right: both bugs are gone. The first had hidden the second, so check again after each repair.")


def _run(function, x):
    result = function(x)
    if result is None:
        raise Wrong(_("{} returns nothing: is `return` missing?").format(function.__name__))
    return result


def _array(result, name):
    result = getattr(result, "value", result)
    try:
        got = np.asarray(result, dtype=float)
    except (TypeError, ValueError, OverflowError):
        raise Wrong(_("{} should return an array of numbers, got {}.").format(name, kind_of(result))) from None
    if got.shape != X.shape:
        raise Wrong(_("{} should return the shape of x, {}, got {}.").format(name, X.shape, got.shape))
    return got


# ---------------------------------------------------------------- 2: who is it?

NAMES = ("Amber", "Blue", "Coral", "Dune", "Ebony", "Fern")
ARGUMENTS = ("x", "W", "b")


def _truth():
    """Name and argument of each guilty layer, found as the learner finds them."""
    return {v.layer.name: error.argument for v, error in check_nodes(lineup()).items() if error}


@exercise(
    "12.guilty",
    _("check_nodes(lineup()) gives a dict: for each node an error, or None. Loop over its .items()."),
    _("v.layer.name is the name; error.argument says which gradient is wrong. There is more than one."),
)
def judge_guilty(answer):
    if not isinstance(answer, dict) or not all(isinstance(thing, str) for pair in answer.items() for thing in pair):
        raise Wrong(
            _("Hand in a dict from names to arguments, such as {example}; this is {got}.").format(
                example={"Amber": "x"}, got=kind_of(answer)
            )
        )
    truth = _truth()
    unknown = [name for name in answer if name not in NAMES]
    if unknown:
        raise Wrong(
            _("There is nobody called {got}. The layers are {names}.").format(
                got=", ".join(unknown), names=", ".join(NAMES)
            )
        )
    for name, argument in answer.items():
        _judge_accusation(name, argument, truth)
    if len(answer) < len(truth):
        raise Wrong(
            _("{} is guilty, and not alone. check_gradients stops at the first; check_nodes goes on.").format(
                ", ".join(answer) or _("Somebody")
            )
        )
    return _("Right: Blue forgets a square, Ebony takes a mean where a sum should be.")


def _judge_accusation(name, argument, truth):
    if name not in truth:
        spoilt = any(NAMES.index(other) > NAMES.index(name) for other in truth)
        why = _(" A wrong gradient arrives there, but from the right.") if spoilt else ""
        raise Wrong(_("{} is innocent: this backward agrees with central differences.{}").format(name, why))
    if argument not in ARGUMENTS:
        raise Wrong(_("{}: the argument is x, W or b, got {!r}.").format(name, argument))
    if argument != truth[name]:
        raise Wrong(
            _("{}: guilty, yes, but the gradient of {} is right. What does error.argument say?").format(name, argument)
        )


# ---------------------------------------------------------------- 3: an accuracy that refuses

DECIDED = np.array([1, 0, 1, 1, 0, 1])
TRUTH = np.array([1, 0, 0, 1, 0, 0])
SHARE = 4 / 6
REFUSED = (
    ((6, 1), (6,)),
    ((6,), (6, 1)),
    ((6,), (1,)),
    ((6,), ()),
    ((6,), (5,)),
)
SHARE_MISTAKES = (
    (4.0, _("This is how many are right. The share is that, divided by how many there are: the mean.")),
    (
        400 / 6,
        _("This is in percent. Return the share, from 0 to 1: a number above 1 then shows that something is wrong."),
    ),
    (2 / 6, _("This is the share of the *wrong* ones.")),
    (2.0, _("This is how many are wrong. The share of the right ones is the mean of y == t.")),
)


@exercise(
    "12.accuracy",
    _("Before anything is compared: `if y.shape != t.shape:` and then `raise ValueError(...)`."),
    _("The share of right decisions is np.mean(y == t)."),
)
def judge_accuracy(answer):
    share = as_number(call(answer, DECIDED.copy(), TRUTH.copy()))
    if not close(share, SHARE):
        for mistake, diagnosis in SHARE_MISTAKES:
            if close(share, mistake):
                raise Wrong(diagnosis)
        raise Wrong(
            _("For the decisions {y} and the truth {t} four of six are right, {want}. Yours says {got}.").format(
                y=row(DECIDED), t=row(TRUTH), want=number(SHARE), got=number(share)
            )
        )
    for y_shape, t_shape in REFUSED:
        _judge_refusal(answer, np.resize(DECIDED, y_shape), np.resize(TRUTH, t_shape))
    if not close(as_number(call(answer, DECIDED[:, None], TRUTH[:, None])), SHARE):
        raise Wrong(_("Two columns of shape (6, 1) have the same shape, so this should work too: the mean of y == t."))
    return _("Right: it counts where the shapes agree, and refuses where NumPy would compare each with each.")


def _judge_refusal(answer, y, t):
    shapes = _("y with shape {y} and t with shape {t}").format(y=y.shape, t=t.shape)
    try:
        result = call(answer, y, t)
    except ValueError:
        return
    except AssertionError:
        raise Wrong(_("An assert stops it, but `python -O` leaves asserts out. Raise a ValueError.")) from None
    except NotTried:
        raise Wrong(_("For {} it returns nothing. It should raise a ValueError.").format(shapes)) from None
    got = as_number(result)
    if len(np.shape(y)) != len(np.shape(t)) and np.size(y) == np.size(t):
        if close(got, SHARE):
            raise Wrong(
                _("For {} yours lays both out flat and goes on. It is the right number this time, but who calls it "
                  "has made a mistake somewhere: raise a ValueError.").format(shapes)
            )  # fmt: skip
        if np.shape(y)[0] == np.shape(t)[0]:
            raise Wrong(
                _("For {} it says {}: NumPy has compared each with each. Their len is the same, their shape is not. "
                  "Compare y.shape with t.shape, and raise a ValueError.").format(shapes, number(got))
            )  # fmt: skip
    raise Wrong(_("For {} it says {}, but should raise a ValueError.").format(shapes, number(got)))
