"""What the notebooks of a folder say about their exercises: read from their stored outputs, nothing is run.

The outputs of `check` cells are the only record. In one cell the last verdict counts: it is what the learner sees. In
one notebook the best cell counts: who has solved an exercise, and tries something else in a second cell, has still
solved it. Of several copies of a chapter one counts, that in which most is solved: a page that was put aside under
another name is often the full one, and the fresh one empty.
"""

import re
from collections import Counter
from contextlib import suppress
from typing import NamedTuple

from nbkit.course.chapters import CHAPTERS, may_hold
from nbkit.course.checks import (
    MAX_CODE,
    MAX_CODE_IN_ALL,
    TOO_LONG_IN_ALL,
    bound_in,
    handed_over,
    names_checked,
    verdicts_of,
    with_answer,
)
from nbkit.course.notebook_files import cells_of, files_in, in_plain_words, text_of
from nbkit.exercises.core import exercises_of
from nbkit.messages import in_all_languages, shortened

SOLVED, OPEN, UNTRIED = "solved", "open", "untried"  # the best first
RANK = (SOLVED, OPEN, UNTRIED).index
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
EXERCISE = "|".join(map(re.escape, in_all_languages("Exercise")))
# **2. A function.**
TITLE = re.compile(rf"^\*\*(?:(?:{EXERCISE}) )?(?:\d+\.|(\d+\. [^\n*]{{1,500}}))\*\*", re.MULTILINE)
MAX_HEADING = 1000  # characters that are kept
MAX_TITLE = 80
NOT_READ = (OSError, ValueError, RecursionError, MemoryError)  # by a file that holds no notebook, or too large a one
NOT_TRIED_YET = in_all_languages("Not tried yet")
# What is said of a stub that begins half filled.
HALF_GIVEN = {"02.mul": in_all_languages("forward is right. Now write backward.")}


class Exercise(NamedTuple):
    """An exercise as it stands in a notebook."""

    name: str
    state: str = UNTRIED
    heading: str = ""  # below which it stands
    verdict: str = ""  # "right", "wrong" or "not tried", as `Verdict.state`; none where its cell shows no verdict
    text: str = ""  # of the verdict, or of the error that ended the cell
    code: str = ""  # of its cell, and of those above it that bind what it hands over
    cells: int = 0  # in which it is checked
    shows: bool = True  # whether its cell has any output
    title: str = ""  # of the exercise, as the text above it begins: "2. A function."


class Unreadable(NamedTuple):
    """A file that has a notebook's name, and why it cannot be read."""

    name: str
    why: str


class Record(NamedTuple):
    """A chapter as it stands in a folder."""

    chapter: object
    exercises: tuple  # of `Exercise`
    file: str = ""  # the notebook that counts; none where there is none
    copies: tuple = ()  # others of the same chapter, which do not count
    unreadable: tuple = ()  # of `Unreadable`: files that hold no notebook, or too large a one
    others: tuple = ()  # files that begin with the chapter's number, and hold none of its exercises
    strangers: tuple = ()  # names of exercises of other chapters, which are checked in its files and do not count
    is_empty: bool = False  # whether the notebook that counts has the chapter's name and checks none of its exercises

    @property
    def is_cleared(self):
        """Whether exercises are checked in the notebook that counts, and none of their cells has any output."""
        checked = [exercise for exercise in self.exercises if exercise.cells]
        return bool(checked) and not any(exercise.shows for exercise in checked)

    def count(self, state):
        return sum(exercise.state == state for exercise in self.exercises)


def read_folder(folder):
    """Return the record of each chapter, of what the notebooks of a folder hold."""
    return read_files(files_in(folder))


def read_files(files, look=None):
    """Return the record of each chapter, of what one learner's files hold.

    `look` is given a `NotebookFile` and returns its exercises by their names, those that are checked in it: as its
    stored outputs say, where this is left out. A ValueError or OSError says why the file cannot be read.
    """
    return [_read_chapter(chapter, files, look or stored_exercises) for chapter in CHAPTERS]


def _read_chapter(chapter, files, look):
    asked = list(exercises_of(chapter.number))
    found, unreadable, others, strangers = [], [], [], set()
    for file in files:
        if not may_hold(chapter, file.base):
            continue
        try:
            held = look(file)
        except NOT_READ as error:
            unreadable.append(Unreadable(file.name, in_plain_words(error)))
            continue
        strangers |= held.keys() - set(asked)
        held = {name: exercise for name, exercise in held.items() if name in asked}
        if held or chapter.stem in file.base.lower():
            found.append((file, tuple(held.get(name, Exercise(name)) for name in asked)))
        else:
            others.append(file.name)
    told = tuple(unreadable), tuple(others), tuple(sorted(strangers & exercises_of().keys())) if strangers else ()
    if not found:
        return Record(chapter, tuple(map(Exercise, asked)), "", (), *told)

    def merit(one):
        file, exercises = one
        states, base = [exercise.state for exercise in exercises], file.base
        of_the_course = base == chapter.file, base.endswith(chapter.file)  # behind a learner's name
        return states.count(SOLVED), states.count(OPEN), *of_the_course

    best = max(found, key=merit)
    copies = tuple(one[0].name for one in found if one is not best)
    is_empty = not any(exercise.cells for exercise in best[1])
    return Record(chapter, best[1], best[0].name, copies, *told, is_empty=is_empty)


def chapter_checked_in(file):
    """Return the chapter of which a notebook checks most exercises, whatever its name; None where it checks none."""
    try:
        checked = stored_exercises(file)
    except NOT_READ:
        return None
    counts = Counter(name[:2] for name in checked.keys() & exercises_of().keys())
    return max(CHAPTERS, key=lambda chapter: counts[chapter.number]) if counts else None


def stored_exercises(file):
    """Return the exercises of a notebook by their names, as its outputs say."""
    found = best_of(_stored(cells_of(file, needed=(b"check", b'"cell_type": "markdown"'))))
    if any(handed_over(exercise.code) for exercise in found.values()):
        with suppress(ValueError):  # more is in all of its cells than can be read
            return best_of(_stored(cells_of(file)))
    return found


def _stored(cells):
    """Yield an `Exercise` for each check that stands in a cell."""
    heading, title, titled, above, length = "", "", "", {}, 0
    for cell in cells:
        source = text_of(cell.get("source"))
        if cell.get("cell_type") == "markdown":
            heading = heading_after(source, heading)
            for found in TITLE.finditer(source):
                title, titled = shortened((found[1] or "").strip(), MAX_TITLE), ""
        if cell.get("cell_type") != "code":
            continue
        length += len(source) if "check" in source else 0
        if length > MAX_CODE_IN_ALL:
            raise ValueError(TOO_LONG_IN_ALL)
        names = names_checked(source)
        code = with_answer(source, above) if names else source
        for name, verdict in zip(names, verdicts_of(source, names, cell.get("outputs")), strict=True):
            titled = titled or name  # of two exercises below one title, it is the first one's
            yield exercise_of(name, verdict, heading, code)._replace(
                shows=bool(cell.get("outputs")), title=title if titled == name else ""
            )
        for name in bound_in(source[:MAX_CODE]):
            above.pop(name, None)  # it comes last now
            above[name] = source[:MAX_CODE]


def heading_after(text, heading):
    """Return the heading below which stands what follows a text in Markdown; `heading` is that in front of it."""
    for found in HEADING.finditer(text):
        heading = found[1][:MAX_HEADING].strip()
    return heading


def exercise_of(name, verdict, heading, code):
    """Return an exercise as the verdict of one cell leaves it: a pair (state, text), or None."""
    state, text = verdict or ("", "")
    return Exercise(name, _state(name, verdict), heading, state, text, code, 1)


def best_of(exercises):
    """Return exercises by their names: of several cells the best one, the last of equals."""
    found = {}
    for exercise in exercises:
        before = found.get(exercise.name)
        best = before if before and RANK(before.state) < RANK(exercise.state) else exercise
        found[exercise.name] = best._replace(
            cells=1 + (before.cells if before else 0), title=best.title or (before.title if before else "")
        )
    return found


def _state(name, verdict):
    """Return what a verdict, or none, means for an exercise."""
    state, text = verdict or ("not tried", NOT_TRIED_YET[0])
    if state == "not tried":
        return UNTRIED if text.startswith(NOT_TRIED_YET) or text in HALF_GIVEN.get(name, ()) else OPEN
    return SOLVED if state == "right" else OPEN
