"""The command ``report``: its options, looked at before anything is read, and what it says at the end."""

import math
import os
import sys
from collections import Counter
from pathlib import Path

from nbkit.classroom import report, write
from nbkit.classroom.hiding import shown
from nbkit.classroom.table import BEGUN, RIGHT, UNREADABLE, WRONG, diagnoses
from nbkit.messages import _, shortened

OPTIONS = {"seconds": "--seconds", "megabytes": "--memory", "jobs": "--jobs"}
MOST = 3  # diagnoses that are said
MAX_CHARACTERS = 150  # of each
STEPS = 10  # lines that say how far it is


def write_report(folder, out, run=False, **limits):
    """Read what a class has handed in, write the page and the tables, and say what is in them.

    Parameters
    ----------
    folder : pathlib.Path
        What the class has handed in.
    out : pathlib.Path
        Folder of what is written.
    run : bool
        Run the answers again.
    **limits
        Of nbkit.classroom.run.Limits; None leaves one as it is.

    Raises
    ------
    ValueError
        If something is wrong with the options or the folder.
    """
    limits = {name: limit for name, limit in limits.items() if limit is not None}
    if limits and not run:
        raise ValueError(_("--seconds, --memory and --jobs are for --run, which runs the answers again"))
    for name, limit in limits.items():
        if not 0 < limit < math.inf:
            rule = _("{option} must be a number above 0, got {got}")
            raise ValueError(rule.format(option=OPTIONS[name], got=limit))
    _refuse_folders(folder, out)
    within = None
    if run:
        from nbkit.classroom.run import Limits

        within = Limits(**limits)
    table = report(folder, within, _Progress() if run else None)
    for path in write(table, out):
        _say(path)
    for line in summary(table):
        _say(line)


def _refuse_folders(folder, out):
    """Refuse to write where learners' files are, or where nothing can be written, before minutes are spent."""
    inside, place = Path(os.path.realpath(folder)), Path(os.path.realpath(out))
    if place.is_relative_to(inside):
        rule = _("the report is not written into the folder that is read, {folder}: choose another --out than {out}")
        raise ValueError(rule.format(out=_quoted(out), folder=_quoted(folder)))
    there = next(parent for parent in (place, *place.parents) if parent.exists())
    if not there.is_dir() or not os.access(there, os.W_OK):
        raise ValueError(_("no report can be written to --out {out}").format(out=_quoted(out)))


def _quoted(path):
    return repr(shortened(str(path), 200))


def summary(table):
    """Yield lines that say what is in a table."""
    found = [row.result(name)[0] for row in table.rows for name in table.exercises]
    counts = Counter(found)
    text = _("{learners} learners: {right} answers right, {wrong} wrong, {begun} begun")
    yield text.format(learners=len(table.rows), right=counts[RIGHT], wrong=counts[WRONG], begun=counts[BEGUN])
    if counts[UNREADABLE]:
        unreadable = sum(any(record.unreadable for record in row.records) for row in table.rows)
        yield _("not readable: files of {number} learners").format(number=unreadable)
    if table.ran:
        yield _("run again; otherwise than the notebooks say: {number}").format(number=len(list(table.differences())))
    else:
        yield _("read from stored outputs, nothing was run: a ✓ may have been copied, and --run runs the answers again")
    said = [(name, one) for name in table.exercises for one in diagnoses(table, name)]
    for name, one in sorted(said, key=lambda pair: -len(pair[1].learners))[:MOST]:
        yield f"{len(one.learners)} × {name}: {shown(' '.join(one.text.split()), MAX_CHARACTERS)}"


class _Progress:
    """Says on the error stream how many notebooks have been run."""

    def __init__(self):
        self.step = 0

    def __call__(self, done, all_of_them):
        step = STEPS * done // max(all_of_them, 1)
        if step > self.step:
            self.step = step
            text = _("{done} of {all} notebooks run").format(done=done, all=all_of_them)
            print(text, file=sys.stderr, flush=True)


def _say(text):
    """Print a line, also where the console cannot write all of it."""
    encoding = sys.stdout.encoding or "utf-8"
    print(str(text).encode(encoding, "replace").decode(encoding))
