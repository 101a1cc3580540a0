"""Tables made by hand: what each learner has handed in is written down."""

from nbkit.classroom.table import BEGUN, NO_OUTPUTS, NOT_TRIED, RIGHT, UNREADABLE, WRONG, Row, Table
from nbkit.course.chapters import CHAPTERS
from nbkit.course.records import OPEN, SOLVED, UNTRIED, Exercise, Record, Unreadable
from nbkit.exercises.core import exercises_of

AS_RECORDED = {
    RIGHT: (SOLVED, "right"), WRONG: (OPEN, "wrong"), BEGUN: (OPEN, "not tried"), NOT_TRIED: (UNTRIED, ""),
    NO_OUTPUTS: (UNTRIED, ""),
}  # fmt: skip


def records(answers):
    """Return records of {exercise: (result, text, code, cells, heading, title)}: the result may stand alone."""
    return tuple(_record(chapter, answers) for chapter in CHAPTERS)


def _record(chapter, answers):
    asked = list(exercises_of(chapter.number))
    given = {name: answers[name] for name in asked if name in answers}
    unreadable = [answer[1] for answer in given.values() if answer[0] == UNREADABLE]
    if unreadable:
        return Record(chapter, tuple(map(Exercise, asked)), unreadable=(Unreadable(chapter.file, unreadable[0]),))
    shows = all(answer[0] != NO_OUTPUTS for answer in given.values())
    exercises = tuple(_exercise(name, *given.get(name, (NOT_TRIED,)))._replace(shows=shows) for name in asked)
    return Record(chapter, exercises, chapter.file if given else "")


def _exercise(name, result, text="", code="", cells=1, heading="", title=""):
    state, verdict = AS_RECORDED[result]
    return Exercise(name, state, heading, verdict, text, code, cells, title=title)


def table(answers, stored=None, notes=(), files=None, limits=None):
    """Return the table of {learner: answers}; `stored` are the same as the notebooks say, `files` notes of learners."""
    rows = [
        Row(
            learner, records(given), records(stored.get(learner, given)) if stored is not None else (),
            (files or {}).get(learner, ()),
        )
        for learner, given in answers.items()
    ]  # fmt: skip
    return Table(tuple(rows), stored is not None, tuple(notes), limits)


# A small class: the second exercise is the harder one.
SMALL = {
    "apple": {"02.mul": ("right", "Right."), "02.sub": ("wrong", "That is +."), "02.bill": ("wrong", "17 is not it.")},
    "melon": {
        "02.mul": ("begun", "Still open: dy."),
        "02.sub": ("wrong", "That is +."),
        "02.cube": ("right", "Right."),
    },
    "pear": {"02.mul": ("wrong", "dout was added."), "02.sub": ("wrong", "Each got itself.")},
    "plum": {"01.bill": ("right", "Right.")},
    "quince": {"02.mul": ("not readable", "no notebook")},
}
