"""What a class has handed in, as a table: learners by exercises, and what the class gets wrong."""

import re
from collections import Counter, defaultdict
from typing import NamedTuple

from nbkit.classroom.hiding import UNSPACED
from nbkit.course.records import SOLVED, UNTRIED, Exercise

RIGHT, WRONG, BEGUN, NOT_TRIED = "right", "wrong", "begun", "not tried"
NO_OUTPUTS = "no outputs"  # where the outputs of the notebook were cleared, so that nothing is known
MISSING, UNREADABLE = "not handed in", "not readable"  # where there is no notebook of the chapter, or none to be read
RESULTS = (RIGHT, WRONG, BEGUN, NOT_TRIED, NO_OUTPUTS, MISSING, UNREADABLE)
ANSWERED = (RIGHT, WRONG, BEGUN, NOT_TRIED)  # of which something is known
HANDED_IN = (*ANSWERED, NO_OUTPUTS)
# The exercises of a notebook, where they follow each other otherwise than in the files that judge them.
ORDER = {"02": "mul bill sub cube", "03": "slope gradient cube cost divide", "04": "relu mend sigmoid five leaky tanh"}
# What varies from learner to learner in a diagnosis: what it quotes, and numbers. An apostrophe quotes nothing, w1 is a
# name, and so is "Level 2" where a diagnosis begins with the part of the answer that it speaks of.
LETTER = rf"[^\W{UNSPACED}]"
VARYING = re.compile(
    rf"(?P<part>\A\w+ \d+(?=:)|\A\w+ \d+ ?\w*(?=：))|(?<!{LETTER})(?:'[^']*'|\"[^\"]*\")(?!{LETTER})|"
    rf"(?<!{LETTER})[−+-]?\d+(?:[.,]\d+)*(?:e[−+-]?\d+)?"
)
ITEM = r"[\[(]*(?:#|[−+-]?(?:NaN|nan|∞|inf)\b|\.\.\.)[\])]*"
ROW_OF_NUMBERS = re.compile(rf"[\[(]*#[\])]*(?:(?:,? |、){ITEM}|,[\])]+)*")  # of any length, an array in its brackets


class Row(NamedTuple):
    """What one learner has handed in."""

    learner: str
    records: tuple  # of nbkit.course.records.Record: what counts
    stored: tuple = ()  # of the same, as the notebooks say of themselves, where they were run again
    notes: tuple = ()  # sentences about files that do not count

    def result(self, name):
        """Return the (result, Exercise) of an exercise."""
        return _result(self.records, name)

    def stored_result(self, name):
        """Return the same as the notebooks say of themselves."""
        return _result(self.stored or self.records, name)

    def why_unreadable(self, name):
        """Say why none of the files that may hold an exercise can be read; "" where one can, or there is none."""
        record = next(record for record in self.records if record.chapter.number == name[:2])
        return record.unreadable[0].why if record.unreadable and not record.file else ""


class Table(NamedTuple):
    """Learners by exercises."""

    rows: tuple  # of `Row`, in the order of the learners' names
    ran: bool  # whether the answers were run again, or only stored outputs read
    notes: tuple = ()  # sentences about files that belong to no learner
    limits: object = None  # nbkit.classroom.run.Limits, within which they were run again
    folder: str = ""  # the name of that which was read

    @property
    def chapters(self):
        """The chapters of which anybody has handed in a notebook."""
        handed_in = {record.chapter for row in self.rows for record in row.records if record.file or record.unreadable}
        return [record.chapter for record in self.rows[0].records if record.chapter in handed_in] if self.rows else []

    def exercises_of(self, chapter):
        """Return the names of a chapter's exercises, as they follow each other in the notebook."""
        names = [exercise.name for exercise in self.rows[0].records[int(chapter.number)].exercises]
        order = [f"{chapter.number}.{name}" for name in ORDER.get(chapter.number, "").split()]
        return sorted(names, key=lambda name: order.index(name) if name in order else len(order))

    @property
    def exercises(self):
        """The names of the exercises of these chapters."""
        return [name for chapter in self.chapters for name in self.exercises_of(chapter)]

    def differences(self):
        """Yield (row, name, stored result, result) of each exercise that ran otherwise than the notebook says.

        One without outputs says nothing.
        """
        names = self.exercises
        for row in self.rows if self.ran else ():
            for name in names:
                stored, now = row.stored_result(name)[0], row.result(name)[0]
                if stored not in (now, NO_OUTPUTS):
                    yield row, name, stored, now


class Diagnosis(NamedTuple):
    """What a check has said to some learners about an exercise."""

    text: str  # in the words in which it occurred most often
    learners: tuple  # their names
    wordings: int = 1  # how many there were, which differ in numbers or in what they quote


def diagnoses(table, name):
    """Return what was said of wrong answers to an exercise, the most frequent first.

    Two are the same if they differ in nothing but numbers, and in what they quote.
    """
    groups = defaultdict(list)
    for row in table.rows:
        result, exercise = row.result(name)
        if result == WRONG:
            groups[mistake_in(exercise.text)].append((exercise.text, row.learner))
    found = []
    for group in groups.values():
        texts = Counter(text for text, _learner in group)
        (most_frequent, _count), *_others = texts.most_common(1)
        found.append(Diagnosis(most_frequent, tuple(learner for _text, learner in group), len(texts)))
    return sorted(found, key=lambda one: (-len(one.learners), one.text))


def mistakes(table):
    """Return a pair (exercise, diagnoses) for each that somebody has got wrong: what most learners were told first."""
    found = [(name, diagnoses(table, name)) for name in table.exercises]

    def rank(pair):
        counts = [len(one.learners) for one in pair[1]]
        return -counts[0], -sum(counts)

    return sorted([pair for pair in found if pair[1]], key=rank)


def mistake_in(text):
    """Return what is the same in a diagnosis whatever numbers a learner's answer has."""
    masked = VARYING.sub(lambda found: found["part"] or "#", text)
    return ROW_OF_NUMBERS.sub("#", masked)


def _result(records, name):
    record = next(record for record in records if record.chapter.number == name[:2])
    exercise = next((one for one in record.exercises if one.name == name), Exercise(name))
    if not record.file:
        return (UNREADABLE if record.unreadable else MISSING), exercise
    if record.is_cleared:
        return NO_OUTPUTS, exercise
    if exercise.state == SOLVED:
        return RIGHT, exercise
    if exercise.state == UNTRIED:
        return NOT_TRIED, exercise
    return (WRONG if exercise.verdict == "wrong" else BEGUN), exercise
