"""How an exercise is registered, run and answered; the chapters' exercises stand in files of their own."""

import ast
import difflib
import dis
import inspect
import itertools
import sys
import textwrap
from numbers import Number
from types import FunctionType
from typing import NamedTuple

import numpy as np

from nbkit.formatting import number as written
from nbkit.messages import _, kind_of, said_by, shortened

EXERCISES = {}
LONGEST = 1000  # characters of a diagnosis that quotes what a learner's code has made


class Exercise(NamedTuple):
    """A question of the course: `judge` looks at an answer, `hints` lead to it one by one."""

    name: str
    judge: object
    hints: tuple


class Wrong(Exception):
    """Raised by a judge: its text tells the learner what is wrong and where to look."""


class Forgotten(Wrong):
    """Raised where a function of the learner hands nothing back."""


class NotTried(Exception):
    """Raised by a judge when the answer, or the part of it that its text names, is still open."""


class Verdict:
    """What a check says about an answer.

    Attributes
    ----------
    state : "right", "wrong" or "not tried"
        The last also stands for an answer of which a part is still open.
    text : str
        One or two sentences.
    """

    SIGNS = {"right": "✓", "wrong": "✗", "not tried": "…"}

    def __init__(self, state, text):
        self.state = state
        self.text = text

    def __bool__(self):
        return self.state == "right"

    def __repr__(self):
        return f"{self.SIGNS[self.state]} {self.text}"

    def __str__(self):
        """Return the text with its sign, or without it where the console cannot write it."""
        encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
        text = repr(self)
        try:
            text.encode(encoding)
        except (UnicodeEncodeError, LookupError):
            return f"[{self.state}] {self.text}".encode("ascii", "replace").decode()
        return text


def exercise(name, *hints):
    """Register the decorated judge under `name`, ``"chapter.slug"``.

    A judge takes the answer, returns a sentence of praise, and raises `Wrong` with a diagnosis.
    """

    def register(judge):
        EXERCISES[name] = Exercise(name, judge, hints)
        return judge

    return register


def check(name, answer):
    """Look at `answer` to the exercise `name`, and say what is right or wrong about it.

    Parameters
    ----------
    name : str
        As it stands in the notebook, such as ``"01.bill"``.
    answer : object
        A number, function or class, as the exercise asks.

    Returns
    -------
    Verdict
        Never raises because of a wrong answer: an error in the learner's code is part of the verdict.

    Raises
    ------
    ValueError
        If there is no exercise of that name.
    """
    judge = _find(name).judge
    try:
        if _is_untouched(answer):
            return Verdict(
                "not tried", _("Not tried yet: put your answer in place of the dots and run the cell again.")
            )
        with np.errstate(all="ignore"):  # an overflow in a trial that a learner does not see is told in words
            return Verdict("right", judge(answer))
    except (NotTried, NotImplementedError) as stub:
        return Verdict("not tried", str(stub) or _("Not tried yet: write the body and run the cell again."))
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # the learner's code may fail in any way, and call exit()
        if met_dots(error):
            return Verdict("not tried", DOTS_MET)
        if type(answer) is FunctionType and _has_dots(answer):  # isinstance would ask the answer itself
            return Verdict("not tried", DOTS_LEFT.format(name=_("your function")))
        if isinstance(error, Wrong):
            return Verdict("wrong", shortened(str(error), LONGEST))
        return Verdict("wrong", stopped(error))


DOTS_LEFT = _("Still open: dots (...) stand in {name}.")
DOTS_MET = _("Still open: your code met dots (...) where it needs a value. Put one in their place.")


def met_dots(error):
    """Tell whether code stopped because a part of it still has the notebook's dots."""
    said = said_by(error) if isinstance(error, TypeError | AttributeError) else ""
    return "ellipsis" in said and "indices" not in said


def stopped(error):
    """Say that an error of the learner's code ended it, and what the error says, if anything."""
    kind, said = type(error).__name__, said_by(error)
    if not said:
        return _("Your code stopped with {kind}.").format(kind=kind)
    return _("Your code stopped with {kind}: {error}").format(kind=kind, error=said)


def _is_untouched(answer):
    """Tell whether the dots of the notebook's stub still stand there."""
    parts = answer.values() if isinstance(answer, dict) else answer if isinstance(answer, list | tuple) else [answer]
    return answer is None or (len(parts) > 0 and all(part is ... for part in parts))


def hint(name, number=1):
    """Return the first hint for an exercise, or a later one by its number.

    Raises
    ------
    ValueError
        If there is no exercise of that name, or no such hint.
    """
    hints = _find(name).hints
    if number not in range(1, len(hints) + 1):
        raise ValueError(_("{name} has hints 1 to {last}, got {got}").format(name=name, last=len(hints), got=number))
    return Verdict("not tried", hints[number - 1])


def _find(name):
    if name not in EXERCISES:
        near = difflib.get_close_matches(str(name), EXERCISES, n=1, cutoff=0.3)
        hint_ = _(" (did you mean {!r}?)").format(near[0]) if near else ""
        raise ValueError(_("there is no exercise called {name!r}{hint}").format(name=name, hint=hint_))
    return EXERCISES[name]


# ---------------------------------------------------------------- what was handed in


def as_number(answer, name=None):
    """Return a learner's answer as a float, or say that it is none: text and True are no numbers."""
    name = name or _("The answer")
    thing = getattr(answer, "value", answer)
    _refuse_dots(thing, name)
    _refuse_text(thing, name)
    try:
        array = np.asarray(thing)
        if array.dtype.kind == "O" and array.ndim:  # a list of Variables
            array = np.asarray([getattr(part, "value", part) for part in array.flat], dtype=float)
        if array.dtype.kind not in "iufO" or (array.dtype.kind == "O" and isinstance(array.item(), str | bytes | bool)):
            raise TypeError
        return float(array.item())
    except (TypeError, ValueError, OverflowError):
        raise Wrong(_("{name} should be one number, this is {got}.").format(name=name, got=kind_of(answer))) from None


def as_array(answer, name=None, truths=False):
    """Return a learner's answer as a new array of floats: from a list, a tuple, an array or `Variable`s.

    Parameters
    ----------
    answer : object
        What came.
    name : str, optional
        What to call it in a diagnosis.
    truths : bool, optional
        Whether True and False stand for 1 and 0.

    Raises
    ------
    Wrong
        If it does not hold numbers only, in rows of equal length.
    """
    name = name or _("The answer")
    try:
        thing = np.asarray(_values(answer))
        if thing.dtype.kind == "O" and all(isinstance(part, Number) for part in thing.flat):  # Fraction, Decimal
            thing = np.asarray([float(part) for part in thing.flat]).reshape(thing.shape)
        if thing.dtype.kind in ("biuf" if truths else "iuf") and (truths or not _holds_truths(answer)):
            return thing.astype(float)
    except Exception:  # a thing of the learner's own may fail in any way: it holds no numbers
        pass
    _refuse_dots(answer, name)
    _refuse_text(getattr(answer, "value", answer), name)
    raise Wrong(_("{name} should hold numbers only, this is {got}.").format(name=name, got=kind_of(answer)))


def _values(answer):
    """Return lists and tuples of Variables, however deep, as lists of their values."""
    if isinstance(answer, list | tuple):
        return [_values(part) for part in answer]
    if isinstance(answer, np.ndarray) and answer.ndim and answer.dtype.kind == "O":
        return _values(answer.tolist())
    return getattr(answer, "value", answer)


def _holds_truths(answer):
    """Tell whether True or False stands anywhere in lists and tuples, however deep."""
    if isinstance(answer, list | tuple):
        return any(_holds_truths(part) for part in answer)
    if isinstance(answer, np.ndarray) and answer.ndim and answer.dtype.kind == "O":
        return _holds_truths(answer.tolist())
    return isinstance(answer, bool | np.bool_)


def _refuse_dots(thing, name):
    """Say that something is still open if dots stand anywhere in it."""
    if thing is ... or (isinstance(thing, list | tuple) and any(part is ... for part in _flat(thing))):
        raise NotTried(_("Still open: {}.").format(name))


def _flat(thing, depth=9):
    """Yield what stands in lists and tuples in one another."""
    for part in thing:
        if isinstance(part, list | tuple) and depth:
            yield from _flat(part, depth - 1)
        else:
            yield part


def _refuse_text(thing, name):
    if isinstance(thing, str | bytes):
        raise Wrong(_("{name} is text, as it stands in quotes. Leave out the quotes and units.").format(name=name))


def is_open(part):
    """Tell whether a part of an answer still has the notebook's dots."""
    return part is ... or part is None


def filled(parts):
    """Return those of the named parts that are there, and the names of those that are still open.

    Raises
    ------
    NotTried
        If all are open.
    """
    still = [name for name, part in parts.items() if is_open(part)]
    if len(still) == len(parts):
        raise NotTried(_("Not tried yet: put your answer in place of the dots and run the cell again."))
    return {name: part for name, part in parts.items() if name not in still}, still


def listed(answer, names=()):
    """Return the parts of a list, tuple, range, row or column of an array, or dict; None of anything else.

    A dict whose keys name the parts may have them in any order.
    """
    if isinstance(answer, dict):
        keys = [str(key).replace("_", " ").lower() for key in answer]
        places = [[i for i, key in enumerate(keys) if key and (key in name.lower())] for name in names]
        if len(keys) == len(names) and sorted(places) == [[i] for i in range(len(keys))]:
            parts = list(answer.values())
            return [parts[place] for (place,) in places]
        if all(isinstance(key, int) for key in answer):
            return [answer[key] for key in sorted(answer)]
        return list(answer.values())
    if isinstance(answer, np.ndarray) and answer.ndim and answer.size == max(answer.shape):
        return answer.ravel().tolist()
    return list(answer) if isinstance(answer, tuple | list | range) else None


def nothing_open(still):
    """Say which parts are still open; the others have been found right."""
    if still:
        raise NotTried(_("Right so far. Still open: {}.").format(", ".join(still)))


# ---------------------------------------------------------------- code of the learner


def is_stub(function):
    """Tell whether a body does nothing but hand back dots or nothing; one that forgot `return` does something."""
    try:
        steps = {step.opname for step in dis.get_instructions(function)}
    except TypeError:  # written in C, or an object that can be called
        return False
    return steps <= {"RESUME", "NOP", "POP_TOP", "LOAD_CONST", "RETURN_VALUE", "RETURN_CONST", "BUILD_TUPLE"} | {
        "COPY_FREE_VARS", "LOAD_COMMON_CONSTANT", "LOAD_SMALL_INT"}  # fmt: skip


def _has_results(function):
    """Tell whether a body hands something back on one of its ways."""
    try:
        steps = list(dis.get_instructions(function))
    except TypeError:
        return False
    return any(
        (step.opname == "RETURN_CONST" and step.argval is not None)
        or (step.opname == "RETURN_VALUE" and step.is_jump_target)
        or (step.opname == "RETURN_VALUE" and not (before.opname == "LOAD_CONST" and before.argval is None))
        for before, step in itertools.pairwise(steps)
    )


def _has_dots(function):
    """Tell whether dots stand in the source of a body, as its last line or as what a name is to be."""
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    except (OSError, TypeError, SyntaxError, ValueError):
        return False
    ends = [block[-1] for node in ast.walk(tree) for block in _blocks(node)]  # dots above finished code are a remnant
    waiting = [node for node in ast.walk(tree) if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign)]
    waiting += [node for node in ends if isinstance(node, ast.Expr | ast.Return)]
    return any(isinstance(node.value, ast.Constant) and node.value.value is ... for node in waiting)


def _blocks(node):
    """Return the lists of statements of a node of a syntax tree."""
    return [
        block for name in ("body", "orelse", "finalbody") if isinstance(block := getattr(node, name, 0), list) and block
    ]


def returned(result, function, name=None, stub=None):
    """Return what a function of the learner gave back, or say that it gave nothing.

    Parameters
    ----------
    result : object
        What came back.
    function : function
        What it came from: an empty body is not tried yet, any other has forgotten its ``return``.
    name : str, optional
        Such as ``"backward"``.
    stub : str, optional
        What to say of an empty body.

    Raises
    ------
    NotTried, Wrong
    """
    parts = result if isinstance(result, tuple | list) and len(result) else [result]
    if not all(is_open(part) for part in parts):
        return result
    if any(part is ... for part in parts) or is_stub(function):
        raise NotTried(stub or "")
    if _has_dots(function):
        raise NotTried(DOTS_LEFT.format(name=name or _("your function")))
    if _has_results(function):
        raise Forgotten(
            _(
                "{name} hands nothing back here: every way through it has to end in the `return` of a result, and "
                "`print` gives none."
            ).format(name=name or _("Your function"))
        )
    raise Forgotten(
        _(
            "{name} hands nothing back: a result that is only computed, or shown with `print`, is lost. Write "
            "`return` in front of it."
        ).format(name=name or _("Your function"))
    )


def call(function, *inputs):
    """Run the learner's function and return what it hands back; see `returned`."""
    return returned(run(function, *inputs), function)


def run(function, *inputs):
    """Run the learner's function, which may be one that returns nothing, after looking at what it takes."""
    if not callable(function):
        raise Wrong(_("The answer should be a function, this is {}.").format(kind_of(function)))
    try:
        inspect.signature(function).bind(*inputs)
    except TypeError:
        if len(inputs) == 1:
            raise Wrong(_("Your function should take one argument.")) from None
        raise Wrong(_("Your function should take {n} arguments.").format(n=len(inputs))) from None
    except ValueError:
        pass  # one that is written in C may not tell what it takes: np.exp of an older NumPy
    return function(*inputs)


def call_method(thing, name, *inputs, stub=None):
    """Run a method of the learner's object and return what it hands back; see `returned`."""
    method = getattr(thing, name)
    try:
        result = method(*inputs)
    except NotImplementedError as error:
        raise NotTried(stub or said_by(error)) from None
    return returned(result, method, name, stub)


def made(cls, *arguments, forward="x"):
    """Make an object of the learner's class after looking at it.

    Parameters
    ----------
    cls : object
        What was handed in; it should be a class with ``forward`` and ``backward``.
    *arguments : array
        What the class is made with: W and b, where there are any.
    forward : str
        Names of what ``forward`` takes, such as ``"x, y"``.
    """
    if not inspect.isclass(cls):
        if callable(getattr(cls, "backward", None)):
            raise Wrong(_("This is an object. Hand in the class itself, its name without brackets ()."))
        raise Wrong(_("The answer should be a class with forward and backward, this is {}.").format(kind_of(cls)))
    for name, given in (("forward", forward), ("backward", "dout")):
        if not callable(getattr(cls, name, None)):
            raise Wrong(_("The class has no {}.").format(name))
        itself = [] if isinstance(inspect.getattr_static(cls, name), staticmethod) else [None]
        if not _takes(getattr(cls, name), *itself, *given.split(", ")):
            raise Wrong(_("{name} should take (self, {given}).").format(name=name, given=given))
    if arguments and not _takes(cls, *arguments):
        raise Wrong(_("The class should be made with two arrays, (W, b)."))
    if not arguments and inspect.isfunction(cls.__init__) and not _takes(cls.__init__, None):
        raise Wrong(_("The class should be made without arguments: those of __init__ need defaults."))
    return cls(*arguments)


def _takes(function, *arguments):
    """Tell whether a function can be called with so many arguments."""
    try:
        inspect.signature(function).bind(*arguments)
    except (TypeError, ValueError):
        return False
    return True


# ---------------------------------------------------------------- numbers, compared and written


def row(numbers):
    """Write numbers in one line, as a diagnosis quotes them."""
    return ", ".join(written(x) for x in numbers)


def apart(want, got):
    """Write two numbers with as many digits as it takes to tell them apart, four at least."""
    texts = written(want), written(got)
    for digits in range(5, 18):
        if texts[0] != texts[1]:
            break
        texts = tuple(f"{float(x):.{digits}g}".replace("-", "−") for x in (want, got))
    return texts


def rows_apart(want, got):
    """Write two rows of numbers, those that differ with as many digits as it takes to tell them apart."""
    pairs = [(written(x), written(y)) if close(x, y) else apart(x, y) for x, y in zip(want, got, strict=True)]
    return tuple(", ".join(texts) for texts in zip(*pairs, strict=True))


def close(a, b, rtol=1e-6):
    """Compare numbers or arrays as a teacher would: rounding is no mistake."""
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    return a.shape == b.shape and bool(np.allclose(a, b, rtol=rtol, atol=1e-9))


def first_difference(want, got, rtol=1e-6):
    """Return the index of the first place where two arrays of one shape differ, and both numbers as text."""
    place = next(i for i in np.ndindex(np.shape(want)) if not close(got[i], want[i], rtol))
    return place, *apart(want[place], got[place])
