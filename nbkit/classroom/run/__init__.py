"""Runs the answers of notebooks again, each notebook in fresh kernels with limits of time and memory.

Learners' code is a stranger's code: it runs with the rights of whoever runs this. The limits keep it from using up the
machine and from being left behind. They do not keep it from reading files or from asking the network: that needs a
container.
"""

from nbkit.classroom.run.limits import Limits

__all__ = ["Limits", "run_all"]


def run_all(files, limits, told=None):
    """Run the answers of notebooks.

    Parameters
    ----------
    files : iterable of NotebookFile
        Those that can be no notebook of the course are left out.
    limits : Limits
        For each notebook, and how many run at once.
    told : function, optional
        Is called with (how many are done, of how many) after each notebook.

    Returns
    -------
    function
        It takes one of the files and returns its exercises by their names, or raises a ValueError with the reason why
        nothing could be run: see nbkit.course.records.read_files.
    """
    from nbkit.classroom.run.together import run_together
    from nbkit.course.chapters import CHAPTERS, may_hold

    limits = limits.checked()
    held = [file for file in dict.fromkeys(files) if any(may_hold(chapter, file.base) for chapter in CHAPTERS)]
    results = run_together(held, limits, told) if held else {}

    def look(file):
        result = results[file]
        if isinstance(result, Exception):
            raise result
        return result

    return look
