"""How far a learner has come, in sentences: what is solved, what is open, and where to go on."""

from nbkit.course.records import OPEN, SOLVED, UNTRIED
from nbkit.drawing.markup import writable
from nbkit.messages import _, listed, shortened

MAX_NAME_CHARACTERS = 80  # of a file
MAX_NAMES = 5  # of files in one sentence


def chapter_to_go_on(records):
    """Return the record of the chapter in which a learner stands, or of the next one; None where all is solved.

    A learner stands in the last chapter that was begun. Once all of it is solved, the next one is the first that is not
    begun and whose needed chapters are; then whatever is still unsolved, from the front.
    """
    by_number = {record.chapter.number: record for record in records}
    begun = [record for record in records if is_begun(record)]
    unsolved = [record for record in records if record.count(SOLVED) < len(record.exercises)]
    if begun and begun[-1] in unsolved:
        return begun[-1]
    ready = [
        record
        for record in unsolved
        if not is_begun(record) and all(is_begun(by_number[number]) for number in record.chapter.needs)
    ]
    return next(iter(ready or unsolved), None)


def is_begun(record):
    return record.count(UNTRIED) < len(record.exercises)


def of_all(record):
    """Say how much of a chapter is solved: "2 of 4"."""
    return _("{solved} of {all}").format(solved=record.count(SOLVED), all=len(record.exercises))


def counted(record):
    """Say how much of a chapter is solved, and how much is open: "2 of 4, 1 open"."""
    opened = record.count(OPEN)
    return of_all(record) + (_(", {} open").format(opened) if opened else "")


def summary(records):
    """Say how much of the whole course is solved, open and not yet tried."""
    n = {state: sum(record.count(state) for record in records) for state in (SOLVED, OPEN, UNTRIED)}
    save = _("As of the last save (Ctrl+S, on a Mac Cmd+S): ")
    text = _("{solved} of {all} exercises solved, {open} open, {untried} not yet tried.")
    return save + text.format(all=sum(n.values()), **n)


def notes(records):
    """Yield a sentence about each file that is not what one expects."""
    for record in records:
        if record.copies:
            text = _("Chapter {number} is counted in {file}, where most is solved, and not in {others}.")
            if record.file == record.chapter.file:
                text = _("Chapter {number} is counted in {file}, and not in {others}.")
            yield text.format(number=record.chapter.number, file=_short(record.file), others=_listed(record.copies))
        elif record.file not in ("", record.chapter.file):
            text = _("Chapter {number} is counted in {file}.")
            yield text.format(number=record.chapter.number, file=_short(record.file))
        if record.strangers:
            text = _("Not counted, since they are checked in a notebook of chapter {number}: {names}.")
            yield text.format(number=record.chapter.number, names=_listed(record.strangers))
        without = (record.file, *record.others) if record.is_empty else record.others
        if without:
            text = _("None of the exercises of chapter {number} is in {others}.")
            yield text.format(number=record.chapter.number, others=_listed(without))
    unreadable = [file.name for record in records for file in record.unreadable]
    if unreadable:
        yield _("Cannot be read, so save it once more or take it anew: {}.").format(_listed(unreadable))
    missing = [record.chapter.number for record in records if not record.file and not record.unreadable]
    if missing:
        yield _("Not in this folder: {}.").format(listed(missing))


def _listed(names):
    return listed([*map(_short, names[:MAX_NAMES]), *(["…"] if len(names) > MAX_NAMES else [])])


def _short(name):
    return shortened(writable(name), MAX_NAME_CHARACTERS)
