"""The command ``report``: its options, looked at before anything is read, and what it says at the end."""

import math
import os
import sys
from collections import Counter
from pathlib import Path

from nbkit.classroom import report, texts_of, write_texts
from nbkit.classroom.hiding import shown
from nbkit.classroom.page import about_files
from nbkit.classroom.table import BEGUN, HANDED_IN, NOT_TRIED, RIGHT, WRONG, mistakes
from nbkit.messages import _, listed, shortened

OPTIONS = {"seconds": "--seconds", "megabytes": "--memory", "jobs": "--jobs"}
MOST = 3  # diagnoses that are said
MAX_CHARACTERS = 150  # of each
MAX_LEARNERS = 5  # that are named in a line
MAX_NAME_CHARACTERS = 40  # of each
STOPPED = 130  # the exit code of what is stopped by Ctrl+C
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

    Returns
    -------
    int
        The exit code.

    Raises
    ------
    ValueError
        If something is wrong with the options or the folder.
    """
    limits = {name: _whole(limit) for name, limit in limits.items() if limit is not None}
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
    if folder.is_dir():
        _say(_("reading {folder} …").format(folder=_quoted(folder)), sys.stderr)
    try:
        table = report(folder, within, _Progress() if run else None)
        texts = texts_of(table)
    except KeyboardInterrupt:
        _say(_("Stopped: nothing was written."), sys.stderr)
        return STOPPED
    for path in write_texts(texts, out):
        _say(path)
    for line in summary(table):
        _say(line)
    return 0


def _whole(number):
    """Return a number as a whole one where it is, to be said without ".0"."""
    return int(number) if math.isfinite(number) and number == int(number) else number


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
    names = table.exercises
    counts = Counter(row.result(name)[0] for row in table.rows for name in names)
    text = _("Learners: {learners}. Answers: {right} right, {wrong} wrong, {begun} begun, {untried} not tried.")
    yield text.format(
        learners=len(table.rows), right=counts[RIGHT], wrong=counts[WRONG], begun=counts[BEGUN],
        untried=counts[NOT_TRIED],
    )  # fmt: skip
    if table.ran:
        yield _("Run again; otherwise than the notebooks say: {number}.").format(number=len(list(table.differences())))
    else:
        yield _(
            "Read from stored outputs, nothing was run: a ✓ may have been copied, and --run runs the answers again."
        )
    yield from _wanting(table)
    said = [(name, one) for name, diagnoses in mistakes(table) for one in diagnoses]
    for name, one in sorted(said, key=lambda pair: -len(pair[1].learners))[:MOST]:
        said = _line(one.text, MAX_CHARACTERS)
        yield _("{number} × {name}: {said}").format(number=len(one.learners), name=name, said=said)


def _wanting(table):
    """Yield lines that say what needs to be looked at."""
    names = table.exercises
    handed_in = {row.learner: {name[:2] for name in names if row.result(name)[0] in HANDED_IN} for row in table.rows}
    most = max(map(len, handed_in.values()), default=0)
    without = [learner for learner, chapters in handed_in.items() if not chapters]
    fewer = [learner for learner, chapters in handed_in.items() if 0 < len(chapters) < most]
    cleared = [row.learner for row in table.rows if any(record.is_cleared for record in row.records)]
    unreadable = [row.learner for row in table.rows if any(record.unreadable for record in row.records)]
    for text, learners in (
        (_("Without a notebook that can be read: {learners}."), without),
        (_("With fewer chapters than others: {learners}."), fewer),
        (_("With files that cannot be read: {learners}."), unreadable),
        (_("With notebooks without outputs, of which --run finds out more: {learners}."), cleared),
    ):
        if learners:
            yield text.format(learners=_listed(learners))
    if table.notes:
        yield _("Notes about files that belong to nobody, or to whom: {number}; see the page.").format(
            number=len(table.notes)
        )
    notes = sum(len(row.notes) + len(list(about_files(row.records))) for row in table.rows)
    if notes:
        yield _("Notes about learners' files: {number}; see the page.").format(number=notes)


def _listed(learners):
    names = [_line(learner, MAX_NAME_CHARACTERS) for learner in learners[:MAX_LEARNERS]]
    names += ["…"] if len(learners) > MAX_LEARNERS else []
    return _("{number} ({names})").format(number=len(learners), names=listed(names))


def _line(text, most):
    return shown(" ".join(text.split()), most)


class _Progress:
    """Says on the error stream how many notebooks have been run."""

    def __init__(self):
        self.step = 0

    def __call__(self, done, all_of_them):
        step = STEPS * done // max(all_of_them, 1)
        if step > self.step:
            self.step = step
            text = _("notebooks run: {done} of {all}").format(done=done, all=all_of_them)
            print(text, file=sys.stderr, flush=True)


def _say(text, stream=None):
    """Print a line, also where the console cannot write all of it."""
    stream = stream or sys.stdout
    encoding = stream.encoding or "utf-8"
    print(str(text).encode(encoding, "replace").decode(encoding), file=stream, flush=True)
