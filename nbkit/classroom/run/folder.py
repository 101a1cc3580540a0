"""Where a notebook is run: a folder that is thrown away, with copies of the learner's own small files."""

import os
import site
from contextlib import suppress
from pathlib import Path

from nbkit.languages import VARIABLE

MAX_COPIED_BYTES, MAX_COPIED_FILES, MAX_DEPTH = 20_000_000, 300, 3
COPIED = {".csv", ".gif", ".jpeg", ".jpg", ".json", ".md", ".npy", ".npz", ".png", ".py", ".svg", ".toml", ".tsv",
          ".txt", ".yaml", ".yml"}  # fmt: skip
# Of the teacher's environment a kernel is told what it needs to start, and no word of anything else.
PASSED_ON = {"PATH", "LANG", "LANGUAGE", "TZ", "PYTHONPATH", "PYTHONHOME", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH",
             "VIRTUAL_ENV", "CONDA_PREFIX", "SYSTEMROOT", "WINDIR", "COMSPEC", "PATHEXT", "NUMBER_OF_PROCESSORS",
             "SYSTEMDRIVE", "PROGRAMDATA", "PROGRAMFILES"}  # fmt: skip
HOMES = {"HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA", "TMPDIR", "TEMP", "TMP", "IPYTHONDIR", "JUPYTER_CONFIG_DIR",
         "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME",
         "MPLCONFIGDIR", "PIP_TARGET"}  # fmt: skip


def environment(home, language):
    """Return the environment of a kernel whose home is a folder, and which speaks a language."""
    kept = {name: value for name, value in os.environ.items() if name.upper() in PASSED_ON or name.startswith("LC_")}
    if "PYTHONPATH" in kept:
        kept["PYTHONPATH"] = os.pathsep.join(map(os.path.abspath, kept["PYTHONPATH"].split(os.pathsep)))
    kept |= dict.fromkeys(HOMES, str(home))
    return kept | {
        VARIABLE: language.code,
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "PIP_NO_INDEX": "1",  # a notebook may ask for packages, but not change the teacher's
        "PYTHONUSERBASE": site.getuserbase(),  # where nbkit may be: it is found below the home otherwise
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def font_lists():
    """Return the lists of fonts that Matplotlib keeps for the teacher: a new home would make it look for them again."""
    from matplotlib import font_manager, get_cachedir

    del font_manager  # it has made the list, if there was none
    return {path.name: path.read_bytes() for path in Path(get_cachedir()).glob("fontlist-*.json")}


def copy_files(source, target):
    """Copy what a learner's notebook may need from its own folder: modules and data, no notebooks, nothing large."""
    left, files = MAX_COPIED_BYTES, MAX_COPIED_FILES
    todo = [(source, target, 0)]
    while todo:
        here, there, depth = todo.pop(0)
        for entry in _entries(here):
            with suppress(OSError, ValueError):
                if entry.is_dir(follow_symlinks=False) and depth < MAX_DEPTH:
                    todo.append((entry.path, there / entry.name, depth + 1))
                elif entry.is_file(follow_symlinks=False) and Path(entry.name).suffix.lower() in COPIED:
                    size = entry.stat(follow_symlinks=False).st_size
                    if size <= left and files > 0:
                        there.mkdir(parents=True, exist_ok=True)
                        (there / entry.name).write_bytes(Path(entry.path).read_bytes())
                        left, files = left - size, files - 1


def _entries(folder):
    try:
        with os.scandir(folder) as entries:
            return sorted((entry for entry in entries if not entry.name.startswith((".", "__pycache__"))),
                          key=lambda entry: entry.name)  # fmt: skip
    except OSError:  # none, or one that may not be read
        return []


def bytes_and_files(folder, most):
    """Return how much a folder holds, and how many files; it stops to count at `most` files."""
    size, files, todo = 0, 0, [folder]
    while todo and files <= most:
        try:
            entries = os.scandir(todo.pop())
        except OSError:
            continue
        with entries:
            for entry in entries:
                files += 1
                with suppress(OSError):
                    if entry.is_dir(follow_symlinks=False):
                        todo.append(entry.path)
                    else:
                        size += entry.stat(follow_symlinks=False).st_size
                if files > most:
                    break
    return size, files
