"""How an exercise is registered and an answer checked; the exercises stand in the files of their chapters."""

import difflib
import re
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from types import FunctionType
from typing import NamedTuple

import numpy as np

from nbkit.exercises.learner_code import DOTS_LEFT, DOTS_MET, has_dots, met_dots, stopped
from nbkit.exercises.verdicts import NotTried, Verdict, Wrong
from nbkit.messages import _, shortened

EXERCISES = {}  # of the chapters that are loaded, by name
MAX_DIAGNOSIS_CHARACTERS = 1000  # one may quote what a learner's code has made


class Exercise(NamedTuple):
    """A question of the course: `judge` is given an answer and the `data`, `hints` lead to it one by one."""

    name: str
    hints: tuple
    judge: object
    praise: str
    data: dict


def exercise(name, *hints, judge=None, praise="", **data):
    """Register an exercise, or decorate the function that judges it.

    Parameters
    ----------
    name : str
        ``"chapter.slug"``.
    *hints : str
        Each leads further than the one before.
    judge : function, optional
        Is called with the answer and `data`, such as one of nbkit.exercises.kinds. It raises `Wrong` with a diagnosis,
        or `NotTried`; it may return a sentence of praise. Without it, a decorator comes back.
    praise : str, optional
        What a right answer is told, if the judge returns nothing.
    **data
        What the judge compares with; `mistakes`, where there are any, maps a diagnosis to the rule that it explains.
    """
    if judge is None:
        return lambda function: exercise(name, *hints, judge=function, praise=praise, **data)
    EXERCISES[name] = Exercise(name, hints, judge, praise, data)
    return judge


def exercises_of(chapter=""):
    """Load the files of a chapter, such as "01", or of all chapters, and return its exercises by name."""
    for _finder, file, _is_package in iter_modules([str(Path(__file__).parent)]):
        if re.match(r"c\d\d_", file) and file[1:].startswith(chapter):
            import_module(f"nbkit.exercises.{file}")
    return {name: one for name, one in EXERCISES.items() if name.startswith(chapter)}


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
    asked = _find(name)
    try:
        if _is_untouched(answer):
            return Verdict(
                "not tried", _("Not tried yet: put your answer in place of the dots and run the cell again.")
            )
        with np.errstate(all="ignore"):  # an overflow in a trial that a learner does not see is put into words
            return Verdict("right", asked.judge(answer, **asked.data) or asked.praise)
    except (NotTried, NotImplementedError) as stub:
        return Verdict("not tried", str(stub) or _("Not tried yet: write the body and run the cell again."))
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # the learner's code may fail in any way, and call exit()
        if met_dots(error):
            return Verdict("not tried", DOTS_MET)
        if type(answer) is FunctionType and has_dots(answer):  # isinstance would ask the answer itself
            return Verdict("not tried", DOTS_LEFT.format(name=_("your function")))
        if isinstance(error, Wrong):
            return Verdict("wrong", shortened(str(error), MAX_DIAGNOSIS_CHARACTERS))
        return Verdict("wrong", stopped(error))


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
        exercises_of(str(name)[:2])
    if name not in EXERCISES:
        near = difflib.get_close_matches(str(name), exercises_of(), n=1, cutoff=0.3)
        text = _("there is no exercise called {name!r} (did you mean {near!r}?)")
        text = text if near else _("there is no exercise called {name!r}")
        raise ValueError(text.format(name=name, near=near and near[0]))
    return EXERCISES[name]
