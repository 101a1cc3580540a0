"""Files: written whole or not at all, and read only where something can be read."""

import os
import stat
from contextlib import suppress
from pathlib import Path
from secrets import token_hex

from nbkit import browser
from nbkit.messages import _, kind_of, shortened

QUOTES = {'"': '"', "'": "'", "“": "”", "‘": "’", "«": "»", "„": "“"}


def as_path(path):
    """Return where a file is, or is to be, as a `Path`: a TypeError or ValueError for what names no file."""
    if not isinstance(path, str | os.PathLike) or not isinstance(os.fspath(path), str):
        raise TypeError(_("the name of a file is text or a path, got {}").format(kind_of(path)))
    place = Path(path)
    if place.name in ("", "..") or "\0" in str(place):
        raise ValueError(_("{} names no file").format(kind_of(os.fspath(path))))
    return place


def to_read(path):
    """Return the path of the file that was typed: with blanks or quotes around it, or ~ for the home folder.

    A FileNotFoundError names the folder that was searched; a ValueError says that it is a folder or a pipe.
    """
    as_typed = as_path(path)
    for place in (as_typed, meant := _without_quotes(str(as_typed))):
        if os.path.isfile(place):
            return Path(place)
    folder, name = os.path.split(os.path.abspath(meant))
    if os.path.isdir(meant):
        error, message = ValueError, _("{name} in the folder {folder} is a folder: a file is needed")
    elif os.path.exists(meant):
        error, message = ValueError, _("{name} in the folder {folder} is neither a file nor a folder")
    elif not os.path.isdir(folder):
        error, message = FileNotFoundError, _("there is no folder {folder}, and so no file {name} in it")
    else:
        error, message = FileNotFoundError, _("there is no file {name} in the folder {folder}")
    said = message.format(name=repr(shortened(name, 60)), folder=repr(shortened(folder, 200)))
    why = "" if error is ValueError or browser.sees_files() else browser.UNSEEN
    raise error(_("{name}: {text}").format(name=said, text=why) if why else said)


def _without_quotes(text):
    text = text.strip()
    if len(text) > 1 and QUOTES.get(text[0]) == text[-1]:
        text = text[1:-1].strip()
    try:
        return os.path.expanduser(text)
    except ValueError:  # a character that no user name may hold
        return text


def write_whole(path, write):
    """Have ``write(file)`` fill a new file beside `path`, which then takes its place: no failure harms the old one."""
    path = Path(os.path.realpath(path))  # a link stays a link
    part = path.with_name(f".{token_hex(6)}.part")
    try:
        with part.open("xb") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())  # some disks say only now that they are full
        with suppress(OSError):  # the new file may be read by the same people
            part.chmod(stat.S_IMODE(path.stat().st_mode))
        part.replace(path)
    except BaseException:  # also a KeyboardInterrupt
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise
