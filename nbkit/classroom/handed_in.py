"""What one learner has handed in: notebooks anywhere in folders and archives, and sentences about all that does not
count.
"""

import os
import stat
from collections import defaultdict, deque
from itertools import islice
from pathlib import Path, PurePosixPath

from nbkit.classroom.archives import ZippedFile, listed_in
from nbkit.classroom.names import SEPARATORS, STEM, presentable
from nbkit.course.chapters import CHAPTERS, is_of_a_chapter, may_hold
from nbkit.course.notebook_files import NotebookFile, in_plain_words, is_file, is_notebook
from nbkit.course.records import chapter_checked_in
from nbkit.messages import _, listed

MAX_DEPTH = 20  # of folders in a learner's folder
MAX_ENTRIES = 20_000  # files and folders of one learner
MAX_LISTED = 200_000  # entries of one folder, from which the notebooks are taken first
MAX_NOTEBOOKS, MAX_TOTAL = 100, 300_000_000  # of one learner, and their bytes
MAX_LOOKED_INTO = 20  # notebooks of one learner whose names name no chapter
MAX_NAMES = 5  # of files in one sentence
MAX_SHOWN = 80  # characters of a name in a sentence
MAX_PATH = 300  # characters of a file's name with its folders, as it is shown
SKIPPED = ("__MACOSX",)  # beside names that begin with a dot
PICTURES = (".png", ".svg", ".jpg", ".jpeg", ".gif")  # the course's own have chapters' names, too
OTHER_ARCHIVES = (".7z", ".rar", ".tar", ".gz", ".tgz", ".bz2", ".xz")

NO_CHAPTER = _("Not counted, since their names name no chapter, as 02_backward.ipynb does: {files}.")
OF_A_CHAPTER = _(
    "Not counted: their names should end in {right}, since exercises of chapter {number} are checked in them: {files}."
)
LINKS = _("Not read, since they are links, which may lead to other people's files: {files}.")
NO_FILES = _("Not read, since they are neither files nor folders: {files}.")
FOLDERS = _("Not read, since they are folders with a notebook's name: {files}.")
NOT_NOTEBOOKS = _("Not read, since they are neither notebooks (.ipynb) nor .zip archives: {files}.")
NESTED = _("Not read, since they are archives in an archive: {files}.")
DEEP = _("Not read, since they lie below more than {most} folders: {files}.")
MANY = _("Not read, since no more than {most} notebooks of one learner are: {files}.")
LARGE = _("Not read, since no more than {most} MB of one learner are: {files}.")
UNREAD = _("Cannot be read ({why}): {files}.")
CROWDED = _("Not read to the end, since no more than {most} files and folders of one learner are: {files}.")
NOTHING = _("No notebook is in: {files}.")
PLACES = _("Read as of one learner: {files}.")
SEVERAL = _(
    "Chapter {number} is there for more than one learner, or more than once; of all of these the best is counted, as "
    "if they were one learner's: {files}."
)


class Told:
    """Sentences, each about several files."""

    def __init__(self):
        self._names, self._facts = defaultdict(list), {}

    def add(self, sentence, name, **facts):
        key = sentence, *map(str, facts.values())
        self._names[key].append(name)
        self._facts[key] = facts

    def __len__(self):
        return len(self._names)

    def sentences(self):
        return tuple(key[0].format(files=_listed(names), **self._facts[key]) for key, names in self._names.items())


def _listed(names):
    shown = listed(_path(name, MAX_SHOWN) for name in names[:MAX_NAMES])
    return shown + (_(", … ({} in all)").format(len(names)) if len(names) > MAX_NAMES else "")


class HandedIn:
    """What one learner has handed in, as it is found."""

    def __init__(self, looks_into=MAX_LOOKED_INTO):
        self.files, self.told = [], Told()
        self.names = []  # of the files, with their folders, as they are and not as they are shown
        self.found = False  # whether there was any notebook, or archive
        self._entries = self._bytes = 0
        self._left_to_look_into = looks_into

    def add_folder(self, folder, shown):
        """Take all that is in a folder, what is near its top first."""
        queue = deque([(folder, shown, 0)])
        while queue:
            place, before, depth = queue.popleft()
            try:
                entries = sorted(entries_of(place, MAX_LISTED), key=lambda entry: not is_notebook(entry.name))
            except OSError as error:
                self.told.add(UNREAD, before or os.path.basename(place), why=in_plain_words(error))
                continue
            for entry in entries:
                name = before + entry.name
                if is_skipped(entry.name):
                    continue
                self._entries += 1
                if self._entries > MAX_ENTRIES:
                    self.told.add(CROWDED, name, most=MAX_ENTRIES)
                    return
                if not is_folder(entry) or is_link(entry) or is_notebook(entry.name):
                    self.add_file(entry, name, folder)
                elif depth >= MAX_DEPTH:
                    self.told.add(DEEP, name, most=MAX_DEPTH)
                else:
                    queue.append((entry.path, f"{name}/", depth + 1))

    def add_file(self, entry, name, folder=None):
        """Take a file: a notebook, an archive or another thing; a link only if it stays in the learner's folder."""
        if is_link(entry) and not (folder and _leads_into(folder, entry)):
            self.told.add(LINKS, name)
        elif is_folder(entry):
            self.told.add(FOLDERS, name)
        elif not is_file(entry):
            self.told.add(NO_FILES, name)
        elif is_notebook(entry.name):
            path = Path(entry.path)
            beside = path.parent if folder else None  # otherwise others' files may stand beside it
            self._add_notebook(NotebookFile(path, _path(name), beside), name, _size_of(entry))
        elif is_archive(entry.name):
            self.add_archive(Path(entry.path), name)
        elif is_meant(entry.name):
            self.told.add(NOT_NOTEBOOKS, name)

    def _add_notebook(self, file, name, size):
        self.found = True
        if not is_of_a_chapter(file.base):
            self._tell_without_chapter(file)
        elif len(self.files) >= MAX_NOTEBOOKS:
            self.told.add(MANY, file.name, most=MAX_NOTEBOOKS)
        elif self._bytes + size > MAX_TOTAL:
            self.told.add(LARGE, file.name, most=MAX_TOTAL // 1_000_000)
        else:
            self._bytes += size
            self.files.append(file)
            self.names.append(name)

    def _tell_without_chapter(self, file):
        """Say of a notebook whose name names no chapter of which one its exercises are."""
        self._left_to_look_into -= 1
        chapter = chapter_checked_in(file) if self._left_to_look_into >= 0 else None
        if chapter:
            self.told.add(OF_A_CHAPTER, file.name, number=chapter.number, right=chapter.file)
        else:
            self.told.add(NO_CHAPTER, file.name)

    def add_archive(self, path, name, part=""):
        """Take what is in an archive, or in a part of it: a file, or a folder, whose name ends in "/"."""
        try:
            listed = listed_in(path)
        except ValueError as error:
            self.told.add(UNREAD, name, why=error)
            return
        before = self.found
        self.found = False
        for inner in sorted(listed, key=lambda one: (one.name.count("/"), one.name)):
            shown, base = f"{name}/{inner.name}", PurePosixPath(inner.name).name
            if part and inner.name != part and not (part.endswith("/") and inner.name.startswith(part)):
                continue
            if any(map(is_skipped, inner.name.split("/"))):
                continue
            self._entries += 1
            if self._entries > MAX_ENTRIES:
                self.told.add(CROWDED, name, most=MAX_ENTRIES)
                break
            if inner.is_link:
                self.told.add(LINKS, shown)
            elif is_notebook(base):
                self._add_notebook(ZippedFile(path, _path(shown), inner.index), shown, inner.size)
            elif is_archive(base):
                self.told.add(NESTED, shown)
            elif is_meant(base):
                self.told.add(NOT_NOTEBOOKS, shown)
        if not self.found:
            self.told.add(NOTHING, name)
        self.found = self.found or before

    def tell_of_several(self):
        """Say so where notebooks of one chapter look as if they were several learners'."""
        for chapter in CHAPTERS:
            names = [file.name for file in self.files if may_hold(chapter, file.base)]
            if len({_owner(name) for name in names} - {""}) > 1:
                for name in names:
                    self.told.add(SEVERAL, name, number=chapter.number)


def _owner(name):
    """Return what stands in front of a chapter's name: folders, and a prefix; not the name of an archive."""
    *folders, base = name.split("/")
    prefix = STEM.split(base)[0] if STEM.search(base) else ""
    return "/".join([*(part for part in folders if not is_archive(part)), prefix.strip(SEPARATORS)]).strip("/")


def _path(name, most=MAX_PATH):
    """Return the name of a file with its folders, as it is shown: of a long one the end, which says what it is."""
    return presentable(name if len(name) <= most else f"...{name[3 - most :]}", most)


def entries_of(folder, most=None):
    """Return the entries of a folder, in the order of their names."""
    with os.scandir(folder) as entries:
        return sorted(islice(entries, most), key=lambda entry: entry.name)


def is_skipped(name):
    return (name.startswith(".") and name not in (".", "..")) or name in SKIPPED


def is_archive(name):
    return name.lower().endswith(".zip")


def is_meant(name):
    """Tell of a file that is no notebook whether it may be meant as one, or hold one."""
    name = name.lower()
    return name.endswith(OTHER_ARCHIVES) or (
        (".ipynb" in name or bool(STEM.search(name))) and not name.endswith(PICTURES)
    )


def is_link(entry):
    try:
        tag = getattr(entry.stat(follow_symlinks=False), "st_reparse_tag", 0)  # a folder on Windows that is elsewhere
        return entry.is_symlink() or tag == getattr(stat, "IO_REPARSE_TAG_MOUNT_POINT", -1)
    except OSError:
        return False


def is_folder(entry):
    try:
        return entry.is_dir()
    except OSError:
        return False


def _size_of(entry):
    try:
        return entry.stat().st_size
    except OSError:
        return 0  # reading it says why


def _leads_into(folder, entry):
    """Tell of a link whether it leads to a file in a folder."""
    folder, file = os.path.realpath(folder), os.path.realpath(entry.path)
    return os.path.isfile(file) and file.startswith(os.path.join(folder, ""))
