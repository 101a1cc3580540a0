"""Hands chapters out and grades them with nbgrader itself: are the points and the diagnoses those that were planted?

``python -m tests.try_nbgrader [folder [chapter ...]]`` takes some minutes. It makes an environment with nbgrader in the
folder, writes the assignments, hands in what made-up learners did, grades, exports, and looks into the feedback. Then
the report runs the same notebooks again, and must say the same. All of it stays in the folder. The exit code is 1 if
anything differs.
"""

import copy
import csv
import html
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import nbformat

from nbkit.course.chapters import CHAPTERS
from nbkit.files import write_whole
from tests.chapter import chapters
from tests.classroom.answers import solution, wrong_codes

ROOT = Path(__file__).parents[1]
REQUIREMENTS = ROOT / "tests" / "nbgrader_requirements.txt"
CONFIG = """c = get_config()
c.CourseDirectory.course_id = "course"
c.Execute.timeout = 10  # seconds for a cell, instead of 30: two cells here have no end
"""
GRADES = """import json
from nbgrader.api import Gradebook

with Gradebook("sqlite:///gradebook.db") as book:
    print(json.dumps([
        [assignment.name, one.student.id, grade.name, None if grade.needs_manual_grade else grade.score]
        for assignment in book.assignments for one in assignment.submissions
        for notebook in one.notebooks for grade in notebook.grades]))"""
CROWD = "02"  # the chapter that many hand in, in whatever way
SAID = "AssertionError"
LOOP = "while True:\n    pass"
DEAF_LOOP = """while True:
    try:
        while True:
            pass
    except KeyboardInterrupt:
        pass"""
LOUD = """class MulLayer:
    def forward(self, x, y):
        warnings.warn("look out")
        print("loud", file=sys.stderr)
        self.x, self.y = x, y
        return x * y

    def backward(self, dout):
        return dout * self.y, dout * self.x


import sys
import warnings
check("02.mul", MulLayer)"""


class HandedIn(NamedTuple):
    """What a learner hands in of a chapter, and what is to become of it."""

    learner: str
    what: str
    content: bytes
    points: dict  # by exercise: None where nbgrader cannot grade it, and says so
    shown: tuple = ()  # pairs that the feedback must show: an error, and a word of what it says
    file: str = ""  # where it is not the assignment's
    has_page: bool = True


# ---------------------------------------------------------------- what made-up learners hand in


class Released:
    """A chapter as nbgrader hands it out, and notebooks made of it."""

    def __init__(self, path, number):
        self.notebook = nbformat.read(path, as_version=4)
        self.names = [name for name, _cell in chapters()[number].places]

    def points(self, points, but=None):
        """Return the points by exercise, with none for the one that is named."""
        return dict.fromkeys(self.names, points) | ({but: 0} if but else {})

    def notebook_of(self, sources, change=None):
        """Return a notebook as bytes: with the code of exercises, and ``change(notebook)`` made in the end."""
        made = copy.deepcopy(self.notebook)
        for cell in made.cells:
            for name in self.names:
                if f'\ncheck("{name}"' in cell.source:
                    cell.source = sources.get(name, cell.source)
        if change:
            change(made)
        return nbformat.writes(made).encode()

    def solved(self, change=None, **others):
        right = {name: solution(name) for name in self.names}
        return self.notebook_of(right | {f"02.{name}": source for name, source in others.items()}, change)


def everywhere(released):
    """Yield what is handed in of each chapter."""
    wrong = {name: wrong_codes(name)[0] for name in released.names}
    all_wrong = released.notebook_of({name: code.whole for name, (code, _word) in wrong.items()})
    words = tuple((SAID, word) for _code, word in wrong.values())
    yield HandedIn("apple", "all right", released.solved(), released.points(1))
    yield HandedIn("pear", "all wrong", all_wrong, released.points(0), words)
    yield HandedIn("melon", "untouched", released.notebook_of({}), released.points(0), ((SAID, ""),))


def crowd(released):
    """Yield what else may come back of a chapter."""
    points, solved = released.points, released.solved
    zero = points(0)

    def stubs(change):
        return released.notebook_of({}, change)

    def with_own_check(made):
        made.cells[1].source += "\n\n\ndef check(name, answer):\n    return True"

    looping = solution("02.mul").replace("return dout", "while True:\n            pass\n        return dout")
    timeout, unwritten = (("CellTimeoutError", "No reply"),), ((SAID, "Not tried yet"),)
    yield HandedIn("plum", "a ✓ copied into each output", stubs(copy_marks), zero, unwritten)
    yield HandedIn("grape", "a check of their own", stubs(with_own_check), zero, unwritten)
    yield HandedIn("lemon", "tests changed to pass", stubs(change_tests), zero, unwritten)
    yield HandedIn("cherry", "a cell that is no Python", solved(mul="class MulLayer"), points(1, but="02.mul"),
                   (("SyntaxError", ""), ("NameError", "MulLayer")))  # fmt: skip
    yield HandedIn("papaya", "an exercise deleted", solved(delete_exercise), points(1, but="02.sub"),
                   (("NameError", "SubLayer"),))  # fmt: skip
    yield HandedIn("peach", "right, with warnings", solved(mul=LOUD), points(1))
    yield HandedIn("quince", "a cell without end", solved(cube=LOOP), points(1, but="02.cube"), timeout)
    yield HandedIn("fig", "a backward without end", solved(mul=looping), points(1, but="02.mul"), timeout)
    yield HandedIn("orange", "tests deleted", solved(delete_tests), points(None))
    refused = {"points": points(None), "has_page": False}
    yield HandedIn("apricot", "ends the kernel", solved(sub="import os\n\nos._exit(3)"), **refused)
    yield HandedIn("currant", "cannot be interrupted", solved(sub=DEAF_LOOP), **refused)
    yield HandedIn("mango", "no notebook", b"no notebook", **refused)
    yield HandedIn("lime", "under another name", solved(), file="02_backward-Copy1.ipynb", **refused)
    # nbgrader 0.9.6 takes this for a notebook of an older nbgrader, and stops: it must be the last of the alphabet.
    yield HandedIn("watermelon", "tests copied below", solved(copy_tests), **refused)


def tests_of(notebook):
    return [cell for cell in notebook.cells if "nbgrader" in cell.metadata]


def copy_marks(notebook):
    for cell in notebook.cells:
        if "exercise" in cell.metadata.get("tags", ()):
            cell.outputs = [nbformat.v4.new_output("execute_result", {"text/plain": "✓ Right."}, execution_count=1)]


def change_tests(notebook):
    for cell in tests_of(notebook):
        cell.source = "pass"


def delete_tests(notebook):
    notebook.cells = [cell for cell in notebook.cells if "nbgrader" not in cell.metadata]


def copy_tests(notebook):
    copies = copy.deepcopy(tests_of(notebook))
    for cell in copies:
        cell.id += "-copy"
    notebook.cells += copies


def delete_exercise(notebook):
    notebook.cells = [
        cell for cell in notebook.cells if 'check("02.sub"' not in cell.source or "nbgrader" in cell.metadata
    ]


# ---------------------------------------------------------------- nbgrader


class Course:
    """A folder in which nbgrader works, and an environment that has it."""

    def __init__(self, place):
        self.place = place
        place.mkdir(parents=True, exist_ok=True)
        self.folder = Path(tempfile.mkdtemp(prefix="course-", dir=place))
        self.programs = place / "env" / ("Scripts" if sys.platform == "win32" else "bin")
        hidden = ("JUPYTER", "IPYTHON", "PYTHON", "VIRTUAL_ENV", "NBKIT")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(hidden)}
        path = f"{self.programs}{os.pathsep}{kept['PATH']}"  # nbgrader calls alembic, which stands there
        self.environment = kept | {"PATH": path}

    def call(self, *words, where=None, may_fail=False):
        """Run Python of the environment, say how long it took, and return what it printed."""
        start = time.perf_counter()
        done = subprocess.run(
            [self.programs / "python", *words], cwd=where or self.folder, env=self.environment,
            capture_output=True, encoding="utf-8",
        )  # fmt: skip
        shown = " ".join(str(word).partition("\n")[0] for word in words)
        print(f"{time.perf_counter() - start:6.1f} s  {shown}", flush=True)
        if done.returncode and not may_fail:
            sys.exit(done.stdout + done.stderr)
        return done.stdout

    def make(self):
        if not self.programs.exists():  # an environment that is there is used once more
            subprocess.run([sys.executable, "-m", "venv", self.place / "env"], check=True)
            self.call("-m", "pip", "install", "--quiet", "-r", REQUIREMENTS, where=ROOT)
        write_whole(self.folder / "nbgrader_config.py", lambda file: file.write(CONFIG.encode()))

    def grade(self, chapter):
        """Hand a chapter out, hand it in, grade it, and yield what was handed in."""
        name = chapter.file.removesuffix(".ipynb")
        self.call("-m", "nbkit", "assignment", chapter.number, "--out", self.folder / "source", where=ROOT)
        self.call("-m", "nbgrader", "generate_assignment", name)
        released = Released(self.folder / "release" / name / chapter.file, chapter.number)
        for one in [*everywhere(released), *(crowd(released) if chapter.number == CROWD else ())]:
            place = self.folder / "submitted" / one.learner / name / (one.file or chapter.file)
            place.parent.mkdir(parents=True)
            write_whole(place, lambda file, content=one.content: file.write(content))
            yield name, one
        self.call("-m", "nbgrader", "autograde", name, may_fail=chapter.number == CROWD)
        self.call("-m", "nbgrader", "generate_feedback", name)

    def grades(self):
        """Return the points by exercise of each assignment and learner, and their sum as it is exported."""
        points = {}
        for assignment, learner, test, score in json.loads(self.call("-c", GRADES)):
            points.setdefault((assignment, learner), {})[test.replace("-", ".", 1)] = score
        self.call("-m", "nbgrader", "export")
        with (self.folder / "grades.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        return points, {(row["assignment"], row["student_id"]): float(row["score"]) for row in rows}

    def report(self):
        """Return what our own report says of each learner's exercises when it runs them again."""
        self.call("-m", "nbkit", "report", self.folder / "submitted", "--out", self.folder / "report", "--run")
        with (self.folder / "report" / "report.csv").open(encoding="utf-8-sig", newline="") as file:
            return {row["learner"]: row for row in csv.DictReader(file)}

    def feedback(self, assignment, learner):
        """Return the text of a page of feedback; None where there is none."""
        page = self.folder / "feedback" / learner / assignment / f"{assignment}.html"
        return html.unescape(re.sub(r"<[^>]+>", "", page.read_text(encoding="utf-8"))) if page.exists() else None


def differences(one, points, exported, page, reported):
    """Yield what is not as it was planted."""
    for name, planted in one.points.items():
        if points.get(name) != planted:
            yield f"{name}: planted {planted}, graded {points.get(name)}"
        if planted is not None and reported[name].startswith("right") != bool(planted):
            yield f"{name}: planted {planted}, the report says {reported[name]}"
    total = sum(filter(None, one.points.values()))
    if exported != total:
        yield f"planted {total} in all, exported {exported}"
    if (page is not None) != one.has_page:
        yield "no page of feedback" if one.has_page else "a page of feedback"
    for error, word in one.shown:
        if not any(word in said[:1000] for said in (page or "").split(f"{error}: ")[1:]):
            yield f"the feedback does not show {error}: {word}"


def main(arguments):
    course = Course(Path(arguments[0] if arguments else tempfile.mkdtemp(prefix="nbgrader-")).resolve())
    course.make()
    wanted = [chapter for chapter in CHAPTERS if chapter.number in arguments[1:] or len(arguments) < 2]
    handed_in = [pair for chapter in wanted for pair in course.grade(chapter)]
    points, exported = course.grades()
    reported = course.report()
    differ = 0
    print(f"\n{'assignment':28} {'learner':10} {'handed in':28} planted  graded  diagnoses")
    for assignment, one in handed_in:
        key = assignment, one.learner
        page, said = course.feedback(*key), reported.get(one.learner)
        found = list(differences(one, points.get(key, {}), exported.get(key), page, said))
        planted, graded = (
            "–" if None in scores.values() else f"{sum(scores.values()):g}" for scores in (one.points, points[key])
        )
        print(f"{assignment:28} {one.learner:10} {one.what:28} {planted:>7} {graded:>7} {len(one.shown):>10}")
        for words in found:
            print(f"    differs: {words}")
        differ += bool(found)
    answers = sum(points is not None for _assignment, one in handed_in for points in one.points.values())
    print(f"\n{answers} answers graded by nbgrader and run again by the report")
    print(f"{len(handed_in)} notebooks handed in, {differ} differ from what was planted; all of it: {course.folder}")
    return 1 if differ else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
