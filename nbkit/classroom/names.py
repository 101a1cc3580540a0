"""Whose a file is: the learner's name, as it stands in the name of a folder, a file or an archive."""

import re
import unicodedata
from typing import NamedTuple

from nbkit.course.chapters import CHAPTERS
from nbkit.messages import shortened

MAX_NAME_CHARACTERS = 80
ARCHIVE = "my_notebooks"  # the browser edition calls a learner's archive so
SEPARATORS = " \t_-.+,;"  # between a learner's name and what follows: nbgrader has apple+02_backward+time
STEM = re.compile("|".join(re.escape(stem) for stem in [*(chapter.stem for chapter in CHAPTERS), ARCHIVE]), re.I)
NUMBERED = re.compile(r" ?\(\d+\)$")  # as a browser names what it has downloaded once more
COPY = re.compile(r"^(?:copy of )+", re.IGNORECASE)  # as Colab calls one
# Apple Tree_123_assignsubmission_file_: the number is of this learner in this one assignment
MOODLE = re.compile(r"((.+)_\d+)_assignsubmission_", re.DOTALL)
# appletree_LATE_12345_678910_: the numbers are the learner's and the file's; where names are hidden, anon_aB3dE_678910_
CANVAS = re.compile(r"(.+?)(?:_LATE)?_(\d{2,})_(\d{3,})(?![^_ -])")
CANVAS_WITHOUT_NAMES = re.compile(r"(?:LATE_)?(anon)_([^\W_]{5})_(\d{3,})(?![^_ -])")
JOINERS = "\u200c\u200d"  # invisible, but a part of names in some scripts


class Named(NamedTuple):
    """What a name says: whose it is, and what."""

    learner: str  # empty where no name stands in front of the chapter's
    what: str = ""  # the stem of the chapter, or of an archive
    number: str = ""  # of the file, where Canvas seems to have given the name
    whole: str = ""  # the learner's name where it has not
    user: str = ""  # the number of the learner, where Canvas seems to have given the name
    rest: str = ""  # what stands behind the numbers
    moodle: str = ""  # the learner's name without the number that Moodle puts behind it


def in_folder(name):
    """Read the name of a learner's folder, such as "apple"; that of one of several may hold a chapter's."""
    return _read(name, platforms=(MOODLE,))


def in_file(name):
    """Read the name of a notebook or archive, without its ending: apple_02_backward."""
    return _read(COPY.sub("", name), platforms=(MOODLE, CANVAS, CANVAS_WITHOUT_NAMES))


def _read(name, platforms):
    name = unicodedata.normalize("NFC", name)  # a Mac writes é as two characters
    found = STEM.search(name)
    what = found.group().lower() if found else ""
    before = name[: found.start()].strip().rstrip(SEPARATORS) if found else name
    for platform in platforms:
        given = platform.match(name if platform is MOODLE else before)
        if given and platform is MOODLE:
            return Named(given[1], what, moodle=given[2])
        if given:
            rest = name.strip()[given.end() :].strip(SEPARATORS).casefold()
            return Named(f"{given[1]}_{given[2]}", what, given[3], before, given[2], rest)
    return Named(before, what)


def presentable(name, most=MAX_NAME_CHARACTERS):
    """Return a name without characters that cannot be seen or written, and not too long."""
    return shortened("".join(map(_presentable, name[: most + 1])), most)


def _presentable(letter):
    return letter if letter.isprintable() or letter in JOINERS else " " if letter.isspace() else "\ufffd"
