"""Files: written whole or not at all, and read only where something can be read."""

import os
import stat
from contextlib import suppress
from pathlib import Path
from secrets import token_hex

from nbkit.messages import _, kind_of, shortened


def as_path(path):
    """Return where a file is, or is to be, as a `Path`.

    Raises
    ------
    TypeError
        If it is neither text nor a path.
    ValueError
        If it names a folder, or nothing at all.
    """
    if not isinstance(path, str | os.PathLike) or not isinstance(os.fspath(path), str):
        raise TypeError(_("the name of a file is text or a path, got {}").format(kind_of(path)))
    place = Path(path)
    if place.name in ("", "..") or "\0" in str(place):
        raise ValueError(_("{} names no file").format(kind_of(os.fspath(path))))
    return place


def to_read(path):
    """Return the path of a file that can be read: from a pipe or a device something might be waited for, for ever.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If it is something else, such as a folder, or out of reach.
    """
    path = as_path(path)
    shown = shortened(str(path), 200)
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        raise FileNotFoundError(_("there is no file {}").format(shown)) from None
    except OSError as error:
        raise ValueError(_("{path} cannot be read: {error}").format(path=shown, error=error.strerror)) from None
    if not stat.S_ISREG(mode):
        what = _("a folder") if stat.S_ISDIR(mode) else _("neither a file nor a folder")
        raise ValueError(_("{path} is {what}; a file is needed").format(path=shown, what=what))
    return path


def write_whole(path, write):
    """Have ``write(file)`` fill a new file beside `path`, which then takes its place.

    Where that fails, as on a disk that is full, the file that was there before is still there, whole.

    Parameters
    ----------
    path : str or pathlib.Path
    write : callable
        Takes a file that is open for bytes.
    """
    path = Path(os.path.realpath(path))  # a link stays a link
    part = path.with_name(f".{token_hex(6)}.part")
    try:
        with part.open("xb") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())  # some disks say only now that they are full
        with suppress(OSError):  # what was there keeps who may read it
            part.chmod(stat.S_IMODE(path.stat().st_mode))
        part.replace(path)
    except BaseException:  # also where somebody stops it
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise
