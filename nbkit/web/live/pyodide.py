"""Pyodide, Python for a browser: where its files come from, and which of them a site carries."""

import json
import tarfile
import zipfile
from contextlib import contextmanager
from hashlib import sha256
from http.client import HTTPException
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.error import HTTPError
from urllib.parse import urljoin, urlsplit
from urllib.request import urlopen

from tqdm import tqdm

from nbkit.messages import _

VERSION = "0.27.7"  # with which all notebooks and widgets are tested
PUBLIC = f"https://cdn.jsdelivr.net/pyodide/v{VERSION}/full/"
LOCK = "pyodide-lock.json"
COMPILED = ("pyodide.asm.js", "pyodide.asm.mjs")  # up to 0.29, and from 314 on
ARCHIVES = (".zip", ".whl", ".tar.bz2", ".tar.gz")


class Distribution:
    """The files of a Pyodide, by their names.

    Parameters
    ----------
    read : callable
        Returns the content of a file; a FileNotFoundError says that there is none.
    """

    def __init__(self, read):
        self.read = read
        try:
            self.lock = json.loads(read(LOCK))
            self.version = version_of(self.lock)
            self.packages = self.lock["packages"]
        except (FileNotFoundError, ValueError, KeyError, TypeError) as error:
            raise ValueError(_("this is no Pyodide: its {} cannot be read ({})").format(LOCK, error)) from error

    def core(self, entry):
        """Return the files of the interpreter itself.

        Parameters
        ----------
        entry : str
            The file with which it begins.

        Returns
        -------
        dict
            Their contents by name, in the order in which they are loaded.

        Raises
        ------
        ValueError
            If one is missing.
        """
        return {
            name: self._needed(name)
            for name in (entry, self._compiled(), LOCK, "pyodide.asm.wasm", "python_stdlib.zip")
        }

    def _compiled(self):
        for name in COMPILED:
            try:
                self.read(name)
            except FileNotFoundError:
                continue
            return name
        return COMPILED[0]

    def package(self, name):
        """Return a package.

        Parameters
        ----------
        name : str

        Returns
        -------
        tuple of str and bytes
            The name of its file and its content, which is what the lock promises.

        Raises
        ------
        ValueError
            If it is missing or damaged.
        """
        entry = self.packages[name]
        content = self._needed(entry["file_name"])
        if sha256(content).hexdigest() != entry["sha256"]:
            raise ValueError(
                _("{} of this Pyodide is damaged: its lock names another sha256").format(entry["file_name"])
            )
        return entry["file_name"], content

    def _needed(self, name):
        try:
            return self.read(name)
        except FileNotFoundError:
            raise ValueError(_("this Pyodide ({}) has no file {}").format(self.version, name)) from None


def version_of(lock):
    """Return the version of the Pyodide to which a lock belongs.

    Parameters
    ----------
    lock : dict

    Returns
    -------
    str
        From 314 on only its first number: such a lock has no more than Python's version, and 3.14 makes it 314.
    """
    info = lock["info"]
    return info.get("version") or "".join(info["python"].split(".")[:2])


def lock_in(folder):
    """Return the lock of a site's Pyodide.

    Parameters
    ----------
    folder : pathlib.Path
        Where the site has its Pyodide.

    Returns
    -------
    pathlib.Path
    """
    (lock,) = folder.glob(LOCK.replace(".", "*."))
    return lock


@contextmanager
def opened(where=None):
    """Give the `Distribution` that stands in a folder, an archive, or below an address; by default the public one.

    Parameters
    ----------
    where : str or pathlib.Path, optional
        A folder with a ``pyodide-lock.json``, an archive with one (``.tar.bz2``, ``.tar.gz``, ``.zip``, ``.whl``), or
        the address of either.

    Yields
    ------
    Distribution

    Raises
    ------
    ValueError
        If there is none, or it cannot be read.
    """
    where = str(where or PUBLIC)
    if not where.startswith(("https://", "http://")):
        with _from_disk(Path(where).expanduser()) as distribution:
            yield distribution
    elif urlsplit(where).path.endswith(ARCHIVES):
        with TemporaryDirectory() as folder:
            archive = Path(folder, urlsplit(where).path.rpartition("/")[2])
            archive.write_bytes(_download(where))
            with _from_disk(archive) as distribution:
                yield distribution
    else:
        base = where if where.endswith("/") else where + "/"
        yield Distribution(lambda name: _download(urljoin(base, name)))


@contextmanager
def _from_disk(path):
    if path.is_dir():
        yield Distribution(lambda name: (path / name).read_bytes())
    elif path.is_file() and path.name.endswith(ARCHIVES):
        with TemporaryDirectory() as folder:
            _unpack(path, folder)
            found = next(Path(folder).rglob(LOCK), None)
            if found is None:
                raise ValueError(_("there is no {} in {}").format(LOCK, path))
            yield Distribution(lambda name: (found.parent / name).read_bytes())
    else:
        rule = _("Pyodide comes from a folder, an archive ({endings}) or an address; there is no {path}")
        raise ValueError(rule.format(endings=", ".join(ARCHIVES), path=path))


def _unpack(path, folder):
    try:
        if path.name.endswith((".zip", ".whl")):
            with zipfile.ZipFile(path) as archive:
                archive.extractall(folder)
        else:
            with tarfile.open(path) as archive:
                archive.extractall(folder, filter="data")  # nothing outside of the folder
    except (tarfile.TarError, zipfile.BadZipFile, EOFError) as error:
        why = str(error).partition("\n")[0].rstrip(":")
        raise ValueError(_("cannot read the archive {}: {}").format(path, why)) from error


def _download(address):
    """Return what stands at an address; on a terminal a line says how far it is."""
    try:
        with urlopen(address, timeout=60) as answer:
            size, name = int(answer.headers.get("Content-Length") or 0), address.rpartition("/")[2]
            with tqdm(total=size or None, desc=name, unit="B", unit_scale=True, disable=None, leave=False) as bar:
                parts = []
                while part := answer.read(1 << 20):
                    parts.append(part)
                    bar.update(len(part))
            return b"".join(parts)
    except HTTPError as error:
        with error:  # it is an answer, too, whose line is still open
            if error.code == 404:
                raise FileNotFoundError(address) from None
            raise ValueError(_("cannot read {}: {}").format(address, error)) from None
    except (OSError, HTTPException) as error:
        raise ValueError(_("cannot read {}: {}").format(address, error)) from error
