"""Exercises of chapter 12: a layer with two bugs, a line-up of suspects, and an accuracy that cannot be fooled."""

import warnings

import numpy as np

from nbkit.bugs import lineup
from nbkit.exercises.answers import as_array, as_number, filled, is_open, nothing_open
from nbkit.exercises.compare import apart, close, row
from nbkit.exercises.core import exercise
from nbkit.exercises.kinds import judge_function, name_mistake
from nbkit.exercises.learner_code import call, call_method, instantiate, run
from nbkit.exercises.trials import try_class
from nbkit.exercises.verdicts import NotTried, Wrong
from nbkit.formatting import number
from nbkit.gradcheck import check_nodes
from nbkit.messages import _, kind_of, listed

# ---------------------------------------------------------------- 1: a layer with two bugs

X = np.array([[0.5, -1.0, 2.0], [-0.3, 0.8, 0.1]])
DOUT = np.array([[1.0, -2.0, 0.5], [3.0, 1.5, -1.0]])

# Pairs ((x,), dout): any shape, whole numbers, far out on both sides, and x = 0.
TRIALS = [
    ((X,), DOUT),
    ((np.array([0.0, -0.7, 1.3, -2.5]),), np.array([2.0, -1.0, 0.5, 3.0])),
    ((np.array(0.4),), np.array(-1.5)),
    ((np.array([[0.8]]),), np.array([[7.0]])),
    ((np.array([[-1, 2], [0, 1], [3, -2]]),), np.array([[1.0, -2.0], [3.0, 4.0], [-5.0, 6.0]])),
    ((np.linspace(-1.9, 2.1, 12).reshape(2, 3, 2),), np.linspace(-3.1, 2.9, 12).reshape(2, 3, 2)),
    ((np.array([-20.0, -6.0, 0.01, 6.0, 20.0]),), np.array([1.5, -800.0, 600.0, 900.0, -0.1])),
    ((np.array([[0.5, -0.2, 0.0], [0.1, 0.3, -1.0]]),), np.array([[0.0, 2e-3, 0.0], [3e4, -7e5, 0.0]])),
    ((np.linspace(-2.1, 1.9, 72).reshape(2, 3, 3, 4),), np.linspace(1.1, -2.9, 72).reshape(2, 3, 3, 4)),
]


@exercise(
    "12.mend",
    _("Run check_gradients(SoftSwitch(), np.array([[0.5, -1.0]])) and read what it says. Mend that, and run it again."),
    _("First: `dout *= ...` writes into the caller's array. Make a new one: `return dout * ...`."),
    _("Then the slope: for y = tanh(x) it is 1 − y². Which one does forward have to remember, x or y?"),
    mistakes={
        _("The slope is right, but it is not multiplied by dout: every backward begins with dout."):
            lambda dout, x, y: 1 - y**2,
        _("The slope is found from the *output* y = tanh(x): 1 − y², not 1 − x²."):
            lambda dout, x, y: dout * (1 - x**2),
        _("The square is missing: the slope is 1 − y²."): lambda dout, x, y: dout * (1 - y),
        _("Almost: the slope is 1 *minus* y²."): lambda dout, x, y: dout * y**2,
        _("The sign is turned: the slope of tanh is never negative, 1 − y²."): lambda dout, x, y: dout * (y**2 - 1),
        _("y (1 − y) is the slope of the sigmoid. For tanh it is 1 − y²."): lambda dout, x, y: dout * y * (1 - y),
        _("tanh was taken twice: y is tanh(x) already, so the slope is 1 − y²."):
            lambda dout, x, y: dout * (1 - np.tanh(y) ** 2),
        _("dout goes back unchanged, as if tanh were a straight line. The slope is 1 − y²."): lambda dout, x, y: dout,
    },
    praise=_("Right: both bugs are gone. The first had hidden the second, so check again after each repair."),
)  # fmt: skip
def judge_mend(answer, mistakes):
    layer, dout, y = instantiate(answer), DOUT.copy(), np.tanh(X)
    if not close(_shaped(call_method(layer, "forward", X.copy()), "forward"), y):
        raise Wrong(_("forward was right: it is np.tanh(x). Leave what it returns as it was, and mend backward."))
    dx = _shaped(call_method(layer, "backward", dout), "backward")
    if not np.array_equal(dout, DOUT):
        if close(dx / DOUT, 1 - X**2):
            raise NotTried(_("Not tried yet: this is the layer as it was, with both bugs."))
        raise Wrong(
            _("backward still changes the dout that it was given. `dout *= ...` writes into the caller's array; "
              "`dout * ...` makes a new one.")
        )  # fmt: skip
    name_mistake([dx], mistakes, [(DOUT, X, y)])
    try_class(answer, np.tanh, lambda dout, x: dout * (1 - np.tanh(x) ** 2), TRIALS, "x")


def _shaped(result, name):
    got = as_array(result, name)
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
    praise=_("Right: Blue forgets a square, Ebony takes a mean where a sum should be."),
)
def judge_guilty(answer):
    given = _accusations(answer)
    truth = _truth()
    unknown = [name for name in given if name not in NAMES]
    if unknown:
        raise Wrong(
            _("There is nobody called {got}. The layers are {names}.").format(
                got=listed(name if name.strip() == name != "" else repr(name) for name in unknown),
                names=listed(NAMES),
            )
        )
    accused, still = filled(given) if given else ({}, [])
    for name, argument in accused.items():
        _judge_accusation(name, argument, truth)
    nothing_open(still)
    if len(accused) < len(truth):
        text = _("{} is guilty, and not alone. check_gradients stops at the first; check_nodes goes on.")
        raise Wrong(text.format(listed(accused) or _("Somebody")))


def _accusations(answer):
    """Return a dict from names to arguments, or to the dots of an open one; pairs in a list are read as well."""
    pairs = list(answer.items()) if isinstance(answer, dict) else answer
    if isinstance(pairs, list | tuple | set):
        pairs = [(pair[0], _argument(pair[1])) if _is_pair(pair) else pair for pair in pairs]
    if isinstance(pairs, list) and all(
        _is_pair(pair) and isinstance(pair[0], str) and (isinstance(pair[1], str) or is_open(pair[1])) for pair in pairs
    ):
        given = dict(pairs)
        named = any(isinstance(argument, str) for argument in given.values())
        return {  # the None of check_nodes, beside those who are accused, says that somebody is innocent
            name: argument
            for name, argument in given.items()
            if not (named and argument is None and name in NAMES and name not in _truth())
        }
    text = _("Hand in a dict from names to arguments, such as {example}; this is {got}.")
    raise Wrong(text.format(example={"Amber": "x"}, got=kind_of(answer)))


def _is_pair(pair):
    return isinstance(pair, tuple | list) and len(pair) == 2


def _argument(thing):
    """Return the name of an argument, also where it stands in a list by itself, or in the error of check_nodes."""
    thing = thing[0] if isinstance(thing, list | tuple) and len(thing) == 1 else thing
    return getattr(thing, "argument", thing)


def _judge_accusation(name, argument, truth):
    if name not in truth:
        # Only a wrong gradient of x goes on to the left; one of W or b stays where it is.
        spoilt = any(NAMES.index(other) > NAMES.index(name) and truth[other] == "x" for other in truth)
        if spoilt:
            raise Wrong(
                _("{} is innocent: this backward agrees with central differences. A wrong gradient arrives there, but "
                  "from the right.").format(name)
            )  # fmt: skip
        raise Wrong(_("{} is innocent: this backward agrees with central differences.").format(name))
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
REFUSED = (  # shapes of y and t
    ((6, 1), (6,)), ((6,), (6, 1)), ((6,), (1,)), ((6,), ()), ((6,), (5,)), ((6, 1), (6, 3)), ((6, 3), (6, 1)),
    ((6, 1), (1, 6)), ((1, 6), (6,)), ((2, 3), (3, 2)), ((2, 3), (2, 1)), ((2, 3), (3,)), ((2, 3), (6,)),
    ((2, 1, 3), (2, 3)), ((2, 3, 2), (2, 1, 2)), ((2, 3, 2), (2, 3, 1)), ((2, 1, 3, 2), (2, 1, 3, 1)),
    ((2, 1, 3, 1), (2, 1, 3)), ((), (6,)), ((1,), (6,)), ((1,), ()), ((0,), (6,)), ((0,), (1,)),
)  # fmt: skip
# Pairs (y, t) of one shape: whole numbers of several classes, −1 and 1, yes and no, one row, rows and columns.
ALIKE = [
    (np.array([2, 0, 1, 1, 2]), np.array([2, 1, 1, 0, 2])),
    (np.array([-1, 1, 1, -1, -1, 1, 1]), np.array([-1, 1, -1, -1, 1, 1, 1])),
    (np.array([True, False, True, True]), np.array([True, True, True, False])),
    (np.array([[3.0], [-2.0], [700.0]]), np.array([[3.0], [2.0], [900.0]])),
    (np.array([[1, 0, 2, 0], [0, 1, 2, 2], [5, 0, 1, 1]]), np.array([[1, 1, 2, 0], [1, 0, 2, 2], [4, 1, 0, 0]])),
    (np.array([[0, 1], [4, 1], [2, 3], [0, 0], [6, 1]]), np.array([[0, 2], [4, 1], [3, 2], [0, 0], [6, 0]])),
    (np.arange(12).reshape(2, 3, 2) % 4, np.arange(12).reshape(2, 3, 2) % 3),
    (np.array([[1, 2, 3]]), np.array([[1, 2, 0]])),
    (np.array([1]), np.array([0])),
    (np.array([4]), np.array([4])),
    (np.array([0.4, 1.0, 0.9996, 2.0]), np.array([0.0, 1.0, 1.0, 2.0])),
    (np.array([0.0, 1.0, 3.0, 2.0]), np.array([0.25, 1.0, 2.9997, 2.0])),
    (np.array([256, 0, 65536, 3]), np.array([0, 256, 0, 3])),
    (np.arange(150) % 7, np.arange(150) % 5),
    (np.arange(24).reshape(2, 3, 2, 2) % 5, np.arange(24).reshape(2, 3, 2, 2) % 3),
]


def _tell_share(inputs, want, got):
    want, got = apart(want, got)
    text = _("For the decisions {y} and the truth {t} four of six are right, {want}. Yours says {got}.")
    raise Wrong(text.format(y=row(inputs[0]), t=row(inputs[1]), want=want, got=got))


@exercise(
    "12.accuracy",
    _("Before anything is compared: `if y.shape != t.shape:` and then `raise ValueError(...)`."),
    _("The share of right decisions is np.mean(y == t)."),
    rule=lambda y, t: np.mean(y == t),
    mistakes={
        _("This is how many are right. The share is that, divided by how many there are: the mean."):
            lambda y, t: np.sum(y == t),
        _("This is in percent. Return the share, from 0 to 1: a number above 1 then shows that something is wrong."):
            lambda y, t: 100 * np.mean(y == t),
        _("This is the share of the *wrong* ones."): lambda y, t: np.mean(y != t),
        _("This is how many are wrong. The share of the right ones is the mean of y == t."):
            lambda y, t: np.sum(y != t),
    },
    probes=[(DECIDED, TRUTH)],
    trials=ALIKE,
    names="y, t",
    result=_("the share"),
    unpack=as_number,
    otherwise=_tell_share,
    praise=_("Right: it counts where the shapes agree, and refuses where NumPy would compare each with each."),
)  # fmt: skip
def judge_accuracy(answer, **data):
    def refusals(_at):
        for y_shape, t_shape in REFUSED:
            _judge_refusal(answer, np.resize(DECIDED, y_shape), np.resize(TRUTH, t_shape))
        _judge_tables(answer)

    judge_function(answer, **data, then=refusals)


def _judge_tables(answer):
    """Rows and columns: a share of all decisions, not of all rows."""
    table = np.arange(6).reshape(3, 2)
    other = np.where(table < 3, table, -1)
    try:
        share = as_number(call(answer, table.copy(), other.copy()))
    except ValueError:
        raise Wrong(
            _("Two tables of one shape, such as (3, 2), should be compared: refuse only where shapes differ.")
        ) from None
    if close(share, 1.0):
        raise Wrong(_("For two tables of shape (3, 2) with 3 of 6 decisions right it says 1: divided by the number of "
                      "rows, not by the number of decisions."))  # fmt: skip


def _judge_refusal(answer, y, t):
    shapes = _("y with shape {y} and t with shape {t}").format(y=y.shape, t=t.shape)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the mean of nothing, which NumPy warns of
            result = run(answer, y, t)
    except ValueError:
        return
    except AssertionError:
        raise Wrong(_("An assert stops it, but `python -O` leaves asserts out. Raise a ValueError.")) from None
    except Exception as error:
        text = _("For {shapes} it stops with {kind}. Who calls it should get a ValueError that says what is wrong.")
        raise Wrong(text.format(shapes=shapes, kind=type(error).__name__)) from None
    if result is ...:
        raise NotTried(_("Right so far. Still open: what happens where the shapes differ."))
    if result is None:
        raise Wrong(_("For {} it returns nothing. It should raise a ValueError.").format(shapes))
    if isinstance(result, Exception):
        raise Wrong(
            _("For {} it returns an error, and nothing stops. Write `raise` in place of `return`.").format(shapes)
        )
    try:
        got = as_number(result)
    except Wrong:
        raise Wrong(_("For {} it returns {}, but should raise a ValueError.").format(shapes, kind_of(result))) from None
    stretched = np.mean(y == t) if np.size(y) and np.size(t) else got
    if len(np.shape(y)) != len(np.shape(t)) and np.size(y) == np.size(t):
        if close(got, SHARE) and not close(stretched, SHARE):
            raise Wrong(
                _("For {} yours lays both out flat and goes on. It is the right number this time, but who calls it "
                  "has made a mistake somewhere: raise a ValueError.").format(shapes)
            )  # fmt: skip
        if close(got, stretched) and np.shape(y)[:1] == np.shape(t)[:1] != ():
            raise Wrong(
                _("For {} it says {}: NumPy has compared each with each. Their len is the same, their shape is not. "
                  "Compare y.shape with t.shape, and raise a ValueError.").format(shapes, number(got))
            )  # fmt: skip
    raise Wrong(_("For {} it says {}, but should raise a ValueError.").format(shapes, number(got)))
