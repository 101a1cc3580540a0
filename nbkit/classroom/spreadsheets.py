"""What a class has handed in as tables for a spreadsheet or a gradebook: CSV in which nothing is read as a formula."""

import csv
import io
import re

from nbkit.classroom.hiding import shown
from nbkit.classroom.table import ANSWERED, BEGUN, RIGHT, UNREADABLE, WRONG
from nbkit.messages import _

MAX_CELL_CHARACTERS = 1000
# A cell that begins with one of these is a formula for a spreadsheet, also in the wide forms of East Asian keyboards;
# and one that separates cells by semicolons begins a cell after each of them, whatever quotes stand around.
FORMULA = re.compile(r"(\A|;)([\s\"']*)(?=[=+@＝＋－＠-])")


def report_csv(table):
    """Return a row for each learner, and a column for each exercise.

    Parameters
    ----------
    table : nbkit.classroom.table.Table

    Returns
    -------
    str
    """
    names = table.exercises
    head = [_("learner"), *ANSWERED, *names, *([_("ran otherwise")] if table.ran else []), _("files")]
    differ = {}
    for row, name, stored, now in table.differences():
        said = _("{name}: stored {stored}, run again {now}").format(name=name, stored=stored, now=now)
        differ.setdefault(row.learner, []).append(said)
    rows = [head]
    for row in table.rows:
        found = {name: row.result(name) for name in names}
        results = [result for result, _exercise in found.values()]
        sums = [results.count(result) for result in ANSWERED]
        told = [_told(row, name, *one) for name, one in found.items()]
        otherwise = [" | ".join(differ.get(row.learner, []))] if table.ran else []
        rows.append([row.learner, *sums, *told, *otherwise, " | ".join(row.notes)])
    return _csv(rows)


def _told(row, name, result, exercise):
    """Say how an exercise stands, in one cell."""
    why = ""
    if result in (WRONG, BEGUN):
        why = exercise.text
    elif result == UNREADABLE:
        why = row.why_unreadable(name)
    return f"{result}: {why}" if why else result


def points_csv(table):
    """Return numbers only, for a gradebook: a point for each right answer, by chapters and in all.

    A chapter of which nothing is known has no number, since it was not handed in, cannot be read or has no outputs; and
    a learner of whom nothing is known has no total. Whether that is 0 points, the teacher decides.

    Parameters
    ----------
    table : nbkit.classroom.table.Table

    Returns
    -------
    str
    """
    asked = {chapter: names for chapter in table.chapters if (names := table.exercises_of(chapter))}
    all_of_them = len(table.exercises)
    column = _("{chapter} (of {number})")
    rows = [[
        _("learner"), *(column.format(chapter=chapter.name, number=len(names)) for chapter, names in asked.items()),
        _("total (of {number})").format(number=all_of_them), _("percent"),
    ]]  # fmt: skip
    for row in table.rows:
        points = []
        for names in asked.values():
            results = [row.result(name)[0] for name in names]
            points.append(results.count(RIGHT) if set(ANSWERED).intersection(results) else "")
        known = [number for number in points if number != ""]
        totals = [sum(known), f"{round(100 * sum(known) / all_of_them, 1):g}"] if known else ["", ""]
        rows.append([row.learner, *points, *totals])
    return _csv(rows)


def _csv(rows):
    file = io.StringIO()
    csv.writer(file).writerows([[_cell(thing) for thing in row] for row in rows])
    return file.getvalue()


def _cell(thing):
    """Return what stands in a cell: numbers as they are, texts in one line, and none of them a formula."""
    if not isinstance(thing, str):
        return thing
    text = " ".join(shown(thing, MAX_CELL_CHARACTERS).split())
    return FORMULA.sub(r"\1\2'", text)
