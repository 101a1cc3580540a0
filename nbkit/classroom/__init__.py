"""For teachers: what a class has handed in, as a table of learners by exercises, and what the class gets wrong."""

from nbkit.classroom.table import Row, Table
from nbkit.course.records import read_files


def report(folder, run=None):
    """Read what a class has handed in.

    Parameters
    ----------
    folder : str or pathlib.Path
        A folder for each learner, or files whose names begin with the learner's.
    run : nbkit.classroom.run.Limits, optional
        Run the answers again within these limits; without it, stored outputs are read and nothing is run.

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
        return Table(tuple(rows), False, tuple(notes))
    from nbkit.classroom.run import run_all

    look = run_all([file for learner in learners for file in learner.files], run)
    rows = [Row(one.name, tuple(read_files(one.files, look)), stored[one], one.notes) for one in learners]
    return Table(tuple(rows), True, tuple(notes))
