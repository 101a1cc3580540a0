"""Prints as JSON what is said of the exercises in another language: ``python -m tests.translation.judged FOLDER``.

Of each exercise: its hints, the verdicts of its stub and its solution as they stand in the notebooks of the folder, and
those of the answers in tests/exercises.
"""

import contextlib
import io
import json
import sys
import warnings
from pathlib import Path

from nbkit import check
from nbkit.exercises.core import exercises_of
from tests.chapter import Chapter
from tests.exercises import MISTAKES, NOT_TRIED, RIGHT


def told(verdict):
    return verdict.state, verdict.text


def judged(folder):
    """Return for each exercise what is said of it."""
    chapters = {path.name[:2]: Chapter(path.name, folder) for path in sorted(folder.glob("*.ipynb"))}
    found = {}
    for name, exercise in exercises_of().items():
        chapter = chapters[name[:2]]
        found[name] = {
            "hints": [str(hint) for hint in exercise.hints],
            "stub": told(chapter.run(chapter.stub(name).source)),
            "solution": told(chapter.run(chapter.solution(name))),
            "mistakes": [told(check(name, answer)) for answer, _word in MISTAKES[name]],
            "right": [told(check(name, answer)) for answer in RIGHT[name]],
            "not tried": [told(check(name, answer)) for answer in (None, ..., *NOT_TRIED.get(name, ()))],
        }
    return found


if __name__ == "__main__":
    warnings.simplefilter("ignore")  # what NumPy thinks of a learner's numbers
    with contextlib.redirect_stdout(io.StringIO()):  # some answers print
        found = judged(Path(sys.argv[1]))
    print(json.dumps(found))
