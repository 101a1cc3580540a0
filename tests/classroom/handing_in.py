"""Folders of a class, as they are handed in: notebooks, archives and whatever else."""

import zipfile

from nbkit.classroom.submissions import read_submissions

ONE = '{"cells": []}'
INNER = ("02_backward.ipynb", "more/03_gradient_check.ipynb")  # what is in each archive


def write(folder, *paths):
    """Write notebooks, archives of INNER, folders (which end in "/") and other files."""
    for path in paths:
        place = folder / path
        (place if path.endswith("/") else place.parent).mkdir(parents=True, exist_ok=True)
        if path.endswith(".zip"):
            zipped(place, dict.fromkeys(INNER, ONE))
        elif not path.endswith("/"):
            place.write_text(ONE, encoding="utf-8")
    return folder


def zipped(path, files, **options):
    with zipfile.ZipFile(path, "w", **options) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def who(folder):
    """Return {learner: names of files}."""
    return {learner.name: [file.name for file in learner.files] for learner in read_submissions(folder)[0]}


def told(folder, learner=None):
    """Return what is said of one learner, or of all."""
    learners, notes = read_submissions(folder)
    return " ".join(notes if learner is None else next(one.notes for one in learners if one.name == learner))
