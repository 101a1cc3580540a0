"""Start one learner's server on a JupyterHub, in a folder with the learner's own copy of the notebooks."""

import os
import shutil
import sys
from pathlib import Path

COURSE = Path(__file__).resolve().parents[1]
FOLDER = "neural-networks"  # in the learner's home


def copy_missing(course, folder):
    """Copy the notebooks and pictures that are not there yet.

    What is there may hold a learner's answers. It stays as it is, also when the course has a newer one.
    """
    for source in sorted(course.joinpath("notebooks").rglob("*")):
        copy = folder / source.relative_to(course)
        if source.is_file() and ".ipynb_checkpoints" not in source.parts and not copy.exists():
            copy.parent.mkdir(parents=True, exist_ok=True)
            part = copy.with_name(f".{copy.name}.part")  # a server that is stopped half-way leaves no half notebook
            shutil.copyfile(source, part)
            part.replace(copy)


def link(course, folder):
    """Make the notebooks' links to nbkit and the README lead somewhere; these are for reading, so no copies."""
    for name in ("nbkit", *(path.name for path in course.glob("README*.md"))):
        place = folder / name
        if not place.exists():
            place.unlink(missing_ok=True)  # a link into a course that has moved
            place.symlink_to(course / name)


if __name__ == "__main__":
    folder = Path.home() / FOLDER
    copy_missing(COURSE, folder)
    link(COURSE, folder)
    os.chdir(folder)  # the server shows the folder that it starts in
    os.execv(sys.executable, [sys.executable, "-m", "jupyterhub.singleuser", *sys.argv[1:]])
