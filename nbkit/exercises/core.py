"""How an exercise is registered, run and answered; the chapters' exercises stand in files of their own."""

import difflib
import inspect
from typing import NamedTuple

import numpy as np

from nbkit._text import _, kind_of, said_by, shortened
from nbkit.drawing.numbers import number as written

EXERCISES = {}
LONGEST = 1000  # characters of a diagnosis that quotes what a learner's code has made


class Exercise(NamedTuple):
    """A question of the course: `judge` looks at an answer, `hints` lead to it one by one."""

    name: str
    judge: object
    hints: tuple


class Wrong(Exception):
    """Raised by a judge: its text tells the learner what is wrong and where to look."""


class NotTried(Exception):
    """Raised by a judge when the answer is still the stub of the notebook."""


class Verdict:
    """What a check says about an answer.

    Attributes
    ----------
    state : "right", "wrong" or "not tried"
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
        return Verdict("right", judge(answer))
    except NotTried as stub:
        return Verdict("not tried", str(stub) or _("Not tried yet: write the body and run the cell again."))
    except Wrong as diagnosis:
        return Verdict("wrong", shortened(str(diagnosis), LONGEST))
    except (Exception, SystemExit) as error:  # the learner's code may fail in any way, and call exit()
        kind = type(error).__name__
        return Verdict("wrong", _("Your code stopped with {kind}: {error}").format(kind=kind, error=said_by(error)))


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


def as_number(answer):
    """Return a learner's answer as a float, or say that it is none."""
    try:
        return float(np.asarray(getattr(answer, "value", answer)).item())
    except (TypeError, ValueError, OverflowError):
        raise Wrong(_("The answer should be one number, this is {}.").format(kind_of(answer))) from None


def call(function, *inputs):
    """Run the learner's function; a stub that returns nothing counts as not tried."""
    if not callable(function):
        raise Wrong(_("The answer should be a function, this is {}.").format(kind_of(function)))
    try:
        inspect.signature(function).bind(*inputs)
    except TypeError:
        raise Wrong(_("Your function should take {n} arguments.").format(n=len(inputs))) from None
    except ValueError:
        pass  # one that is written in C may not tell what it takes: np.exp of an older NumPy
    result = function(*inputs)
    if result is None or result is ...:
        raise NotTried
    return result


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
        if not _takes(getattr(cls, name), None, *given.split(", ")):
            raise Wrong(_("{name} should take (self, {given}).").format(name=name, given=given))
    if arguments and not _takes(cls, *arguments):
        raise Wrong(_("The class should be made with two arrays, (W, b)."))
    return cls(*arguments)


def _takes(function, *arguments):
    """Tell whether a function can be called with so many arguments."""
    try:
        inspect.signature(function).bind(*arguments)
    except (TypeError, ValueError):
        return False
    return True


def row(numbers):
    """Write numbers in one line, as a diagnosis quotes them."""
    return ", ".join(written(x) for x in numbers)


def close(a, b, rtol=1e-6):
    """Compare numbers or arrays as a teacher would: rounding is no mistake."""
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    return a.shape == b.shape and bool(np.allclose(a, b, rtol=rtol, atol=1e-9))
