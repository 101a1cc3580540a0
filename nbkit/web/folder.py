"""The folder of a site: written as a whole, and never over something else."""

import os
import shutil
from contextlib import suppress
from pathlib import Path

from nbkit.files import write_whole
from nbkit.messages import _

LIST = "files-of-the-site.txt"


def check(folder):
    """Refuse a folder that holds something other than an earlier site.

    Parameters
    ----------
    folder : str or pathlib.Path

    Raises
    ------
    ValueError
        If it does, or is a file.
    """
    folder = Path(folder)
    if folder.exists() and not folder.is_dir():
        raise ValueError(_("{} is a file; a site needs a folder").format(folder))
    if folder.is_dir() and any(folder.iterdir()) and not (folder / LIST).is_file():
        rule = _("{} is neither empty nor a site that was made by this command: choose another folder")
        raise ValueError(rule.format(folder))


def write(folder, files):
    """Put a site in place of the one before; what others have put beside it stays.

    Parameters
    ----------
    folder : str or pathlib.Path
    files : dict
        For each name, with ``/`` between folders, what stands there: a text, bytes, or the path of a file.

    Raises
    ------
    ValueError
        If the folder or one of the places holds something else. Nothing is written then.
    """
    check(folder)
    folder = Path(folder)
    before = _earlier(folder)
    _free(folder, files, before)
    folder.mkdir(parents=True, exist_ok=True)
    _note(folder, before | files.keys())  # one that is broken off is known as a whole by the next one
    for place in before & {above for name in files for above in _above(name)}:
        _remove(folder, place)
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        _put(folder / name, content)
    for name in before - files.keys():
        _remove(folder, name)
    _note(folder, files)


def _free(folder, files, before):
    """Refuse names that lead out of the folder, and places that hold what no earlier site has put there."""
    for name in [*files, LIST]:
        if not _inside(folder, name):
            raise ValueError(_("{name} is not a place in the folder {folder}").format(name=name, folder=folder))
        way = [folder / place for place in _above(name) if place not in before]
        taken = [place for place in way if os.path.lexists(place) and not place.is_dir()]
        ours = name in before or name == LIST
        # A link in place of a file of ours would have the new content written wherever it leads.
        taken += [place for place in [folder / name] if place.is_symlink() or (place.exists() and not ours)]
        if taken:
            rule = _("{} is in the way, and was not made by this command: move it, or choose another folder")
            raise ValueError(rule.format(taken[0]))


def _above(name):
    """Return the names of the folders in which a file stands."""
    return [place.as_posix() for place in Path(name).parents[:-1]]


def _note(folder, names):
    _put(folder / LIST, "".join(f"{name}\n" for name in sorted(names)))


def _put(place, content):
    if isinstance(content, Path):
        with content.open("rb") as source:
            write_whole(place, lambda file: shutil.copyfileobj(source, file))
    else:
        content = content if isinstance(content, bytes) else content.encode()  # line ends stay, on Windows too
        write_whole(place, lambda file: file.write(content))


def _remove(folder, name):
    """Remove a file of the earlier site, and the folders that are empty without it."""
    place = folder / name
    if place.is_dir() and not place.is_symlink():
        return
    place.unlink(missing_ok=True)
    with suppress(OSError):  # it holds something else
        for above in Path(name).parents[:-1]:
            (folder / above).rmdir()


def _earlier(folder):
    """Names of the files of the site that is there, and never a path that leads out of its folder."""
    if not (folder / LIST).is_file():
        return set()
    names = (folder / LIST).read_text(encoding="utf-8").splitlines()
    return {name for name in names if _inside(folder, name)}


def _inside(folder, name):
    """Tell whether a name is one of a file in the folder, whatever links there are on its way."""
    if not name or "\0" in name or name.endswith(("/", "\\")) or ".." in Path(name).parts or not Path(name).name:
        return False
    return (folder / name).parent.resolve().is_relative_to(folder.resolve())
