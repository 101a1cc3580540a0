"""What the notebooks of a folder say about their exercises: read from their stored outputs, nothing is run.

The outputs of `check` cells are the only record. In one cell the last verdict counts: it is what the learner sees. In
one notebook the best cell counts: who has solved an exercise, and tries something else in a second cell, has still
solved it. Of several copies of a chapter one counts, that in which most is solved: a page that was put aside under
another name is often the full one, and the fresh one empty.
"""

import json
import os
import re
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from nbkit.course.chapters import CHAPTERS
from nbkit.exercises.core import exercises_of
from nbkit.exercises.verdicts import Verdict
from nbkit.messages import _

SOLVED, OPEN, UNTRIED = "solved", "open", "untried"  # the best first
RANK = (SOLVED, OPEN, UNTRIED).index
MAX_BYTES = 100_000_000  # of a notebook: a larger one would keep the learner waiting
NEW_CELL, END_OF_CELL = (
    b"\n  {\n",
    b"\n  }",
)  # where notebooks are written as Jupyter does, a value of JSON on each line
CHECK = re.compile(r"""^[^#\n]*?\bcheck\(\s*(?:name\s*=\s*)?["'](\d\d\.\w+)["']""", re.MULTILINE)
SIGNS = tuple((sign, state) for state, sign in Verdict.SIGNS.items())
SIGNS += tuple((f"[{state}]", state) for state in Verdict.SIGNS)  # as a console without these signs writes them
NOT_TRIED_YET = _("Not tried yet")
HALF_GIVEN = {"02.mul": _("forward is right. Now write backward.")}  # what is said of a stub that begins half filled


class Exercise(NamedTuple):
    """An exercise as it stands in a notebook."""

    name: str
    state: str = UNTRIED
    heading: str = ""  # below which it stands


class Record(NamedTuple):
    """A chapter as it stands in a folder."""

    chapter: object
    exercises: tuple  # of `Exercise`
    file: str = ""  # the notebook that counts; none where there is none
    copies: tuple = ()  # others of the same chapter, which do not count
    unreadable: tuple = ()  # files that hold no notebook, or too large a one

    def count(self, state):
        return sum(exercise.state == state for exercise in self.exercises)


def read_folder(folder):
    """Return the record of each chapter, of what the notebooks of a folder hold."""
    with os.scandir(folder) as entries:
        names = sorted(entry.name for entry in entries if entry.name.endswith(".ipynb") and _is_file(entry))
    return [read_chapter(chapter, folder, names) for chapter in CHAPTERS]


def _is_file(entry):
    with suppress(OSError):  # a link that leads to itself
        return entry.is_file()
    return False


def read_chapter(chapter, folder, names):
    """Return the record of a chapter; `names` are the notebooks in the folder."""
    asked = list(exercises_of(chapter.number))
    found, unreadable = {}, []
    for name in filter(_may_hold(chapter), names):
        try:
            held = _exercises_in(Path(folder, name), asked)
        except (OSError, ValueError, RecursionError, MemoryError):
            unreadable.append(name)
            continue
        if held or name == chapter.file:
            found[name] = tuple(held.get(exercise, Exercise(exercise)) for exercise in asked)
    if not found:
        return Record(chapter, tuple(map(Exercise, asked)), unreadable=tuple(unreadable))

    def merit(name):
        states = [exercise.state for exercise in found[name]]
        return states.count(SOLVED), states.count(OPEN), name == chapter.file

    best = max(found, key=merit)
    return Record(chapter, found[best], best, tuple(name for name in found if name != best), tuple(unreadable))


def _may_hold(chapter):
    """Tell of a file name whether it may be the chapter's, or that of a copy, such as 02_backward-Copy1.ipynb."""
    stem, number = chapter.file.removesuffix(".ipynb"), re.compile(rf"{chapter.number}(?!\d)")
    return lambda name: not name.startswith(".") and (bool(number.match(name)) or stem in name)


def _exercises_in(path, asked):
    """Return the exercises of a notebook by their names: the best of the cells in which one is checked."""
    if path.stat().st_size > MAX_BYTES:
        raise ValueError("too large")
    found, heading = {}, ""
    for cell in _dicts(_cells_in(path.read_bytes())):
        source = _text(cell.get("source"))
        if cell.get("cell_type") == "markdown":
            heading = [heading, *re.findall(r"^#+ (.+)$", source, re.MULTILINE)][-1]
        if cell.get("cell_type") != "code" or "check" not in source:
            continue
        names = CHECK.findall(source)
        said = list(_verdicts(_dicts(cell.get("outputs"))))
        said = [None] * (len(names) - len(said)) + said[-len(names) :]  # a cell shows at least what stands last in it
        for name, verdict in zip(names, said, strict=True) if names else ():
            exercise = Exercise(name, _state(name, verdict), heading.strip())
            if name in asked and (name not in found or RANK(exercise.state) < RANK(found[name].state)):
                found[name] = exercise
    return found


def _cells_in(data):
    """Return the cells of a notebook; those that hold no check and no heading may be left out, to save time."""
    head, *cells = data.split(NEW_CELL)
    if head.endswith(b'"cells": [') and data.rstrip().endswith(b"}"):
        needed = [cell for cell in cells if b"check" in cell or b'"cell_type": "markdown"' in cell]
        with suppress(ValueError):  # written in another way
            return [json.loads(b"{" + cell.partition(END_OF_CELL)[0] + b"}") for cell in needed]
    notebook = json.loads(data)
    if not isinstance(notebook, dict) or not isinstance(notebook.get("cells"), list):
        raise ValueError("no notebook")
    return notebook["cells"]


def _dicts(things):
    """Return those of a list that are dicts; a file may hold anything."""
    return [thing for thing in things if isinstance(thing, dict)] if isinstance(things, list) else []


def _text(text):
    """Return a text that is stored whole, or as a list of lines."""
    if isinstance(text, list):
        text = "".join(line for line in text if isinstance(line, str))
    return text if isinstance(text, str) else ""


def _verdicts(outputs):
    """Yield (state, text) of each verdict that a cell shows or has printed; an error is one, too."""
    for output in outputs:
        if output.get("output_type") == "error":
            yield "wrong", ""
        elif output.get("output_type") == "stream":
            yield from filter(None, map(_verdict, _text(output.get("text")).splitlines()))
        elif isinstance(output.get("data"), dict):
            shown = _verdict(_text(output["data"].get("text/plain")))
            if shown:
                yield shown


def _verdict(text):
    return next(((state, text.removeprefix(sign).strip()) for sign, state in SIGNS if text.startswith(sign)), None)


def _state(name, verdict):
    """Return what a verdict, or none, means for an exercise."""
    state, text = verdict or ("not tried", NOT_TRIED_YET)
    if state == "not tried":
        return UNTRIED if text.startswith(NOT_TRIED_YET) or text == HALF_GIVEN.get(name) else OPEN
    return SOLVED if state == "right" else OPEN
