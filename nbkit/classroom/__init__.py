"""For teachers: what a class has handed in, as a table of learners by exercises, and what the class gets wrong."""

import datetime
from pathlib import Path

from nbkit.classroom.table import Row, Table
from nbkit.course.records import read_files
from nbkit.files import write_whole


def report(folder, run=None, told=None):
    """Read what a class has handed in.

    Parameters
    ----------
    folder : str or pathlib.Path
        A folder for each learner, or files whose names begin with the learner's.
    run : nbkit.classroom.run.Limits, optional
        Run the answers again within these limits; without it, stored outputs are read and nothing is run.
    told : function, optional
        Is called with (done, all) after each notebook that is run.

    Returns
    -------
    Table

    Raises
    ------
    ValueError
        If there is no such folder, or nothing in it.
    """
    from nbkit.classroom.submissions import read_submissions

    learners, notes = read_submissions(folder)
    stored = {learner: tuple(read_files(learner.files)) for learner in learners}
    if run is None:
        rows = [Row(learner.name, stored[learner], (), learner.notes) for learner in learners]
        return Table(tuple(rows), False, tuple(notes), folder=_name(folder))
    from nbkit.classroom.run import run_all

    look = run_all([file for learner in learners for file in learner.files], run, told)
    rows = [Row(one.name, tuple(read_files(one.files, look)), stored[one], one.notes) for one in learners]
    return Table(tuple(rows), True, tuple(notes), run, _name(folder))


def _name(folder):
    """Return the name of a folder, also of "." """
    return Path(folder).expanduser().resolve().name


def write(table, out, date=None):
    """Write a table as a page and as two spreadsheets: report.html, report.csv and points.csv.

    Parameters
    ----------
    table : Table
    out : str or pathlib.Path
        A folder, which is made if it is not there.
    date : str, optional
        As it stands on the page; default: today.

    Returns
    -------
    list of pathlib.Path
    """
    return write_texts(texts_of(table, date), out)


def texts_of(table, date=None):
    """Return what `write` writes, by the names of the files."""
    from nbkit.classroom.page import page
    from nbkit.classroom.spreadsheets import points_csv, report_csv

    html = page(table, datetime.date.today().isoformat() if date is None else date)
    return {"report.html": html, "report.csv": report_csv(table), "points.csv": points_csv(table)}


def write_texts(texts, out):
    """Write texts by the names of their files, and return their paths."""
    folder = Path(out)
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        # The BOM is for Excel, which takes a table for one of another encoding without it.
        content = text.encode("utf-8-sig" if name.endswith(".csv") else "utf-8")
        write_whole(folder / name, lambda file, content=content: file.write(content))
    return [folder / name for name in texts]
