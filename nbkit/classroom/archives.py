"""Notebooks in a .zip: read in memory, within limits, whatever the archive says of itself."""

import io
import stat
import zipfile
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from nbkit.course.notebook_files import MAX_BYTES, TOO_LARGE, in_plain_words
from nbkit.messages import _

MAX_LISTED = 2_000_000  # bytes of an archive's own list of what is in it
PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # others may ask for any amount of memory
DAMAGED = _("the archive is damaged")
LONG_LIST = _("too many files are in the archive")
PASSWORD = _("protected by a password")
PACKED_OTHERWISE = _("packed in a way that is not read here: make an ordinary .zip of it")


class Refused(ValueError):
    """Says in plain words why an archive, or a file in it, is not read."""


class Bounded(io.FileIO):
    """A file of which no single read takes much memory: an archive says itself how long its list is."""

    most = MAX_LISTED  # bytes

    def read(self, size=-1):
        data = super().read(min(size, self.most + 1) if size >= 0 else self.most + 1)
        if len(data) > self.most:
            raise Refused(LONG_LIST)
        return data


class Listed(NamedTuple):
    """A file as an archive's list has it."""

    name: str
    index: int
    size: int  # of the file when it is unpacked
    is_link: bool


class ZippedFile(NamedTuple):
    """A notebook in an archive; it is used like a `NotebookFile`."""

    path: Path  # of the archive
    name: str
    index: int  # among what is in the archive: two may have one name

    @property
    def base(self):
        return PurePosixPath(self.name).name

    def read(self):
        """Return its bytes: a ValueError says why they cannot be had."""
        with opened(self.path) as archive:
            listed = archive.infolist()
            if self.index >= len(listed):
                raise Refused(DAMAGED)
            info = listed[self.index]
            if info.flag_bits & 1:
                raise Refused(PASSWORD)
            if info.compress_type not in PACKED:
                raise Refused(PACKED_OTHERWISE)
            if info.file_size > MAX_BYTES:
                raise Refused(TOO_LARGE)
            with archive.open(info) as file:
                return file.read(MAX_BYTES)


@contextmanager
def opened(path):
    """Open an archive: a ValueError says in plain words why it cannot be read."""
    try:
        with Bounded(path) as file, zipfile.ZipFile(file) as archive:
            file.most = MAX_BYTES
            yield archive
    except Refused:
        raise
    except OSError as error:
        raise Refused(in_plain_words(error)) from None
    except Exception:  # zipfile says in many ways that something is not as it should be
        raise Refused(DAMAGED) from None


def listed_in(path):
    """Return what an archive says is in it, without its folders."""
    with opened(path) as archive:
        return [
            Listed(info.filename.replace("\\", "/"), index, info.file_size, stat.S_ISLNK(info.external_attr >> 16))
            for index, info in enumerate(archive.infolist())
            if not info.is_dir()
        ]
