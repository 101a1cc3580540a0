"""Notebooks as files, of whatever origin: which there are, and the cells that one holds."""

import errno
import json
import os
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from nbkit.languages import IN_NOTEBOOK, language_named
from nbkit.messages import _, said_by, spoken

MAX_BYTES = 30_000_000  # of a notebook
MAX_VALUES = 1_000_000  # of JSON that are read at once: "{}," takes thirty times as much memory as it takes on the disk
MAX_CELLS = 20_000
NEW_CELL, END_OF_CELL = (
    b"\n  {\n",
    b"\n  }",
)  # where notebooks are written as Jupyter does, a value of JSON on each line


class NotebookFile(NamedTuple):
    """A file that may be a notebook."""

    path: Path
    name: str  # as it is shown: below the learner's folder, with "/"
    beside: Path | None = None  # the folder that holds it, where that is the learner's own

    @property
    def base(self):
        """Its name without folders."""
        return PurePosixPath(self.name).name

    def read(self):
        """Return its bytes: a ValueError says that there are too many."""
        if self.path.stat().st_size > MAX_BYTES:
            raise ValueError(TOO_LARGE)
        return self.path.read_bytes()


TOO_LARGE = _("larger than {} MB").format(MAX_BYTES // 1_000_000)
NO_NOTEBOOK = _("no notebook")
OLD = _("a notebook in the format of 2014: open it in Jupyter and save it once more")
EMPTY = _("an empty file")
TOO_MANY = _("no notebook: more than {} values are in it").format(MAX_VALUES)
TOO_MANY_CELLS = _("more than {} cells").format(MAX_CELLS)
TOO_DEEP = _("no notebook: too much is nested in it")
TOO_MUCH = _("too much for the memory of this machine")
CANNOT_BE_READ = _("the disk cannot read it")
OF_THE_DISK = {  # what the system says holds paths, and is in the language of the machine
    errno.EACCES: _("no permission to read it"),
    errno.EPERM: _("no permission to read it"),
    errno.ENOENT: _("no longer there"),
    errno.EISDIR: _("a folder, not a file"),
    errno.ENOTDIR: _("a file, not a folder"),
    errno.ELOOP: _("a link that leads to itself"),
    errno.ENAMETOOLONG: _("its name, with the folders around it, is too long"),
}


def in_plain_words(error):
    """Say why a file or folder cannot be read; a ValueError says it itself."""
    if isinstance(error, OSError):
        return OF_THE_DISK.get(error.errno, CANNOT_BE_READ)
    if isinstance(error, RecursionError):
        return TOO_DEEP
    return TOO_MUCH if isinstance(error, MemoryError) else said_by(error)


def files_in(folder):
    """Return the files of a folder that may be notebooks, in the order of their names."""
    with os.scandir(folder) as entries:
        names = sorted(entry.name for entry in entries if is_notebook(entry.name) and is_file(entry))
    return [NotebookFile(Path(folder, name), name) for name in names]


def is_notebook(name):
    """Tell of a file's name whether it is a notebook's."""
    return name.lower().endswith(".ipynb")


def is_file(entry):
    """Tell of an entry of a folder whether it is a file."""
    with suppress(OSError):  # a link that leads to itself
        return entry.is_file()
    return False


def cells_of(file, needed=()):
    """Return the cells of a notebook; those that hold none of the `needed` bytes may be left out, to save time."""
    return dicts(_cells_in(file.read(), needed))


def language_of(file):
    """Return the language of a notebook: that which is spoken, where it does not say."""
    found = IN_NOTEBOOK.search(file.read())
    return (found and language_named(found[1].decode())) or spoken()


def _cells_in(data, needed):
    if not data.strip():
        raise ValueError(EMPTY)
    if data.count(NEW_CELL) > MAX_CELLS:
        raise ValueError(TOO_MANY_CELLS)
    head, *cells = data.split(NEW_CELL)
    if head.endswith(b'"cells": [') and data.rstrip().endswith(b"}"):
        parts = [cell.partition(END_OF_CELL) for cell in cells]
        between = [rest.strip() for _cell, _end, rest in parts]
        kept = [cell for cell, *_rest in parts if not needed or any(word in cell for word in needed)]
        _limit_values(kept)
        if {*between[:-1]} <= {b","} and between[-1:] and between[-1].startswith(b"]"):
            with suppress(ValueError):  # written in another way
                return [json.loads(b"{" + cell + b"}") for cell in kept]
    _limit_values([data])
    try:
        notebook = json.loads(data)
    except ValueError:
        notebook = None
    if isinstance(notebook, dict) and isinstance(notebook.get("worksheets"), list):
        raise ValueError(OLD)
    if not isinstance(notebook, dict) or not isinstance(notebook.get("cells"), list):
        raise ValueError(NO_NOTEBOOK)
    return notebook["cells"]


def _limit_values(texts):
    """Refuse JSON that would take too much memory; commas in its texts are counted as well."""
    if sum(text.count(sign) for text in texts for sign in (b",", b"[", b"{")) > MAX_VALUES:
        raise ValueError(TOO_MANY)


def dicts(things):
    """Return those of a list that are dicts; a file may hold anything."""
    return [thing for thing in things if isinstance(thing, dict)] if isinstance(things, list) else []


def text_of(text):
    """Return a text that is stored whole, or as a list of lines."""
    if isinstance(text, list):
        text = "".join(line for line in text if isinstance(line, str))
    return text if isinstance(text, str) else ""
