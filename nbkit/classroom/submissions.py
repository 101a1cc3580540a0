"""Whose notebooks are in the folder of a class: it is read from the names of folders and files alone.

A learner has a folder, with notebooks anywhere in it, or files whose names begin with the learner's; a .zip is read
like a folder. Folders of assignments, such as 02_backward/apple, are read as well. What may be meant in another way
gets a sentence, and so does what is not read.
"""

import os
from collections import Counter, defaultdict
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from nbkit.classroom.archives import listed_in
from nbkit.classroom.handed_in import (
    LINKS,
    NESTED,
    NOT_NOTEBOOKS,
    NOTHING,
    PLACES,
    UNREAD,
    HandedIn,
    Told,
    entries_of,
    is_archive,
    is_folder,
    is_link,
    is_skipped,
)
from nbkit.classroom.levels import Level, hold_learners
from nbkit.classroom.names import MOODLE, NUMBERED, SEPARATORS, Named, in_file, in_folder, presentable
from nbkit.course.chapters import is_of_a_chapter
from nbkit.course.notebook_files import in_plain_words, is_notebook
from nbkit.messages import _, in_a_row, kind_of, shortened

NBGRADER = ("source", "release", "autograded", "feedback", "gradebook.db", "nbgrader_config.py")  # beside "submitted"
MAX_TOLD = 3  # sentences in an error
MAX_LEVELS = 10  # of folders around the learners'

COURSE_OF_NBGRADER = _("This is a course of nbgrader, of which the folder “submitted” is read.")
ASSIGNMENTS = _("Read as folders of assignments, in which each learner has a folder or files: {files}.")
CLASSES = _("Read as of several learners, since a chapter is in them more than once, under several names: {files}.")
ONE_LEARNER = _(
    "Read as of one learner each, though a chapter is in them more than once, under several names, of which the "
    "best is counted; if these are several learners', give each a folder in the folder of the class: {files}."
)
OWN = _("Read as of a learner called as the folder is, {learner}, since no other name is in front of them: {files}.")
NO_LEARNERS = _("Not read as learners, since no notebook is in them: {files}.")
ALIKE = _("Read as different learners, though their names are nearly the same: {files}.")
NUMBERS = _(
    "Read as different learners, since Moodle's numbers behind the names differ; it gives each learner another one in "
    "each assignment. If these are one learner, give their folders or files one name: {files}."
)
NOT_CANVAS = _(
    "Read with all their numbers, since a name or number of a file occurs twice among them, or a learner's number with "
    "two names: {files}."
)
RULE = _(
    "the folder of a class holds a folder or a .zip for each learner, or files such as apple_02_backward.ipynb; no "
    "notebook of a chapter is in the folder {folder}"
)


class Learner(NamedTuple):
    """A learner, and what was handed in."""

    name: str
    files: tuple = ()  # of `NotebookFile` or `ZippedFile`
    notes: tuple = ()  # sentences about what does not count, or may be meant in another way


def read_submissions(folder):
    """Return what a class has handed in, without reading the notebooks yet.

    Parameters
    ----------
    folder : str or pathlib.Path
        A folder for each learner, or files whose names begin with the learner's.

    Returns
    -------
    learners : list of Learner
        In the order of their names.
    notes : tuple of str
        Sentences about files that belong to nobody, and about names that may be meant in another way.

    Raises
    ------
    TypeError, ValueError
        If `folder` names no folder, or one without a notebook of any chapter.
    """
    if not isinstance(folder, str | os.PathLike):
        raise TypeError(_("a folder is text or a path, got {}").format(kind_of(folder)))
    place = os.fspath(folder)
    said = repr(shortened(str(place), 200))
    with suppress(ValueError):  # a character that no user's name may hold
        place = os.path.expanduser(place)
    if not os.path.isdir(place):
        is_there = os.path.exists(place)
        text = _("{} is not a folder; unpack an archive first") if is_there else _("there is no folder {}")
        raise ValueError(text.format(said))
    try:
        found = _Class(place)
    except OSError as error:
        text = _("the folder {folder} cannot be read: {why}")
        raise ValueError(text.format(folder=said, why=in_plain_words(error))) from None
    learners = found.learners()
    notes = found.told.sentences() + found.nobodys.told.sentences()
    if not any(learner.files for learner in learners):
        told = [*notes, *(note for learner in learners for note in learner.notes)]
        raise ValueError(in_a_row([_("{}.").format(RULE.format(folder=said)), *told[:MAX_TOLD]]).rstrip(" .。"))
    return learners, notes


class _Place(NamedTuple):
    """A folder, notebook or archive that is one learner's."""

    entry: os.DirEntry
    shown: str
    named: Named
    part: str = ""  # of an archive that holds several learners: a file, or a folder, whose name ends in "/"

    def add_to(self, handed_in, before):
        """Read what is in it; the names of a folder's files are shown behind `before`."""
        if self.part:
            handed_in.add_archive(Path(self.entry.path), self.shown[: -len(self.part) - 1], self.part)
        elif self.is_folder:
            handed_in.add_folder(self.entry.path, before)
        else:
            handed_in.add_file(self.entry, self.shown)

    def add_other_to(self, handed_in):
        """Say of a place without a chapter's name what it is."""
        if is_notebook(self.shown):
            self.add_to(handed_in, "")
        else:
            handed_in.told.add(NESTED if is_archive(self.shown) else NOT_NOTEBOOKS, self.shown)

    def level(self):
        """Return the notebooks in it, by the folders that hold them."""
        handed_in = HandedIn(looks_into=0)
        self.add_to(handed_in, "")
        if self.part.endswith("/"):
            skipped = len(self.shown)
        else:
            skipped = len(self.shown) + 1 if not self.part and is_archive(self.entry.name) else 0
        return Level(name[skipped:] if skipped else name for name in handed_in.names)

    @property
    def is_folder(self):
        return not self.part and is_folder(self.entry) and not is_notebook(self.entry.name)


class _Class:
    """The folder of a class, and whose is what in it."""

    def __init__(self, folder):
        self.told, self._places = Told(), []
        self._others = []  # places that hold no notebook with a chapter's name
        self.nobodys = HandedIn()  # those of them which belong to no learner
        self._own = os.path.basename(os.path.abspath(folder)) or os.path.abspath(folder)
        names = {entry.name for entry in entries_of(folder)}
        if "submitted" in names and names.intersection(NBGRADER):
            folder = os.path.join(folder, "submitted")
            self.told.add(COURSE_OF_NBGRADER, "")
        self._look_into(folder, "")
        self._find_learners()

    def _look_into(self, folder, before):
        """Find what is the learners' in a folder: the whole, or that of an assignment."""
        for entry in entries_of(folder):
            shown = before + entry.name
            if is_skipped(entry.name):
                continue
            if is_link(entry):
                self.told.add(LINKS, shown)
            elif is_folder(entry) and not is_notebook(entry.name):
                self._sort_folder(entry, shown, is_inner=bool(before))
            elif is_notebook(entry.name) or is_archive(entry.name):
                self._sort_file(entry, shown)
            else:
                self._others.append(_Place(entry, shown, in_file(os.path.splitext(entry.name)[0])))

    def _sort_folder(self, entry, shown, is_inner):
        named = in_folder(entry.name)
        if is_inner or not _is_assignment(entry, named):
            self._places.append(_Place(entry, shown, named))
            return
        self.told.add(ASSIGNMENTS, shown)
        try:
            self._look_into(entry.path, f"{shown}/")
        except OSError as error:
            self.told.add(UNREAD, shown, why=in_plain_words(error))

    def _sort_file(self, entry, shown):
        named = in_file(os.path.splitext(entry.name)[0])
        if is_notebook(entry.name) and not named.what:
            if not is_of_a_chapter(entry.name):
                self._others.append(_Place(entry, shown, named))
                return
            named = Named("")  # 02_mine.ipynb, in the folder of one learner
        self._places.append(_Place(entry, shown, named))

    def _find_learners(self):
        """Go on into folders and archives as long as each of them holds several learners."""
        for _level in range(MAX_LEVELS):
            found = [
                (place, place.level()) for place in self._places if place.is_folder or is_archive(place.entry.name)
            ]
            are_files = len(found) < len(self._places)
            if are_files or not hold_learners([level for _place, level in found]):
                break
            self._places = []
            for place, level in found:
                if level.chapters:
                    self.told.add(CLASSES, place.shown.rstrip("/"))
                    self._open(place)
                else:
                    self.told.add(NO_LEARNERS, place.shown.rstrip("/"))
        for place, level in found:
            if level.holds_copies:
                self.told.add(ONE_LEARNER, place.shown.rstrip("/"))

    def _open(self, place):
        """Find what is the learners' in a folder or an archive that was taken for one learner's."""
        if place.is_folder:
            try:
                self._look_into(place.entry.path, f"{place.shown}/")
            except OSError as error:
                self.told.add(UNREAD, place.shown, why=in_plain_words(error))
            return
        try:
            listed = listed_in(place.entry.path)
        except ValueError as error:
            self.told.add(UNREAD, place.shown, why=error)
            return
        before = place.shown if place.part else f"{place.shown}/"
        for name in dict.fromkeys(_first(one.name, place.part) for one in listed):
            if not name or is_skipped(name.rstrip("/")):
                continue
            shown, part = before + name, place.part + name
            if name.endswith("/"):
                self._places.append(_Place(place.entry, shown, in_folder(name[:-1]), part))
                continue
            named = in_file(os.path.splitext(name)[0])
            if not is_notebook(name) or not (named.what or is_of_a_chapter(name)):
                self._others.append(_Place(place.entry, shown, named, part))
            else:
                self._places.append(_Place(place.entry, shown, named if named.what else Named(""), part))

    def learners(self):
        """Return the learners in the order of their names, and say what may be meant in another way."""
        by_name = self._by_name()
        others = self._others_by_name(by_name)
        found = {}
        for name, places in by_name.items():
            handed_in = found[name] = HandedIn()
            for place in places:
                place.add_to(handed_in, "" if len(places) == 1 else f"{place.shown}/")
            for place in others.get(name, ()):
                place.add_other_to(handed_in)
            if len(places) > 1 and not all(is_notebook(place.shown) for place in places):
                for place in places:
                    handed_in.told.add(PLACES, place.shown)
            if not handed_in.found and not handed_in.told:
                for place in places:
                    handed_in.told.add(NOTHING, place.shown)
                if "" in by_name:  # the folder is one learner's own
                    self.told.add(NO_LEARNERS, places[0].shown)
                    del found[name]
            handed_in.tell_of_several()
        self._tell_of_names(by_name, found)
        shown = _unique({name: presentable(name or self._own) for name in sorted(found, key=_order)})
        return [Learner(shown[name], tuple(found[name].files), found[name].told.sentences()) for name in shown]

    def _by_name(self):
        """Return the places of each learner: those that Canvas seems to have named, by its number of the learner."""
        canvas = [place.named for place in self._places if place.named.number]
        given, users = defaultdict(list), defaultdict(set)
        for named in canvas:
            given[named.learner].append(named)
            users[named.user].add(named.learner)
        by_name = defaultdict(list)
        for place in self._places:
            name, same = place.named.learner, given[place.named.learner]
            if place.named.number and (
                len(users[place.named.user]) > 1
                or _twice(one.number for one in same)
                or _twice(one.rest for one in same)  # Canvas calls a second file of one name 02_backward-1
            ):
                name = place.named.whole
                self.told.add(NOT_CANVAS, place.shown)
            by_name[name].append(place)
        return by_name

    def _others_by_name(self, by_name):
        """Return the places without a chapter's name of each learner, who is added to the others if need be."""
        named = [place.named for places in by_name.values() for place in places]
        canvas = {one.learner: one.user for one in named if one.number and one.learner in by_name}
        found = defaultdict(list)
        for place in self._others:
            named = place.named
            is_canvas = named.rest and (named.learner in canvas or (canvas and named.user not in canvas.values()))
            if named.moodle or is_canvas or (named.what and named.learner in by_name):
                name = named.learner
            else:
                whole = named.whole or named.learner
                ends = [len(whole), *(k for k in range(len(whole) - 1, 0, -1) if whole[k] == "_")]
                name = next((whole[:k] for k in ends if whole[:k] in by_name), "")
            if name:
                found[name].append(place)
            else:
                place.add_other_to(self.nobodys)
        for name in found:
            by_name[name]  # a learner who has handed in nothing else
        return found

    def _tell_of_names(self, by_name, found):
        for place in by_name.get("", ()):
            self.told.add(OWN, place.shown, learner=presentable(self._own))
        moodle = {place.named.learner: place.named.moodle for place in self._places if place.named.moodle}
        for sentence, alike in (
            (ALIKE, {name: NUMBERED.sub("", name).strip(SEPARATORS).casefold() for name in found if name}),
            (NUMBERS, moodle),
        ):
            counts = Counter(alike.values())
            for name in sorted(alike):
                if counts[alike[name]] > 1:
                    self.told.add(sentence, name)


def _is_assignment(entry, named):
    """Tell whether a folder is that of an assignment, so that the learners' are in it."""
    try:
        inner = [one for one in entries_of(entry.path) if not is_skipped(one.name)]
    except OSError:
        return False
    if any(MOODLE.match(one.name) for one in inner):
        return True
    if not named.what:
        return False
    holds_notebooks = any(is_notebook(one.name) or is_archive(one.name) for one in inner)
    return not named.learner or (not holds_notebooks and sum(map(is_folder, inner)) > 1)


def _first(name, part):
    """Return the first folder, with "/", or the file of a name behind a part; nothing where it is elsewhere."""
    if not name.startswith(part):
        return ""
    first, slash, _rest = name[len(part) :].partition("/")
    return first + slash


def _twice(things):
    return max(Counter(things).values(), default=0) > 1


def _order(name):
    return name.casefold(), name


def _unique(shown):
    """Have no two learners shown by one name."""
    taken = set()
    for name, text in shown.items():
        number = 1
        while shown[name] in taken:
            number += 1
            shown[name] = f"{text} ({number})"
        taken.add(shown[name])
    return shown
