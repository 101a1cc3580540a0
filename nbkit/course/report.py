"""How far a learner has come: as a map, as a list with links, and as plain text."""

import os
from functools import cached_property

from nbkit import browser
from nbkit.course.notebook_files import in_plain_words
from nbkit.course.records import OPEN, read_folder
from nbkit.course.standing import chapter_to_go_on, counted, is_begun, notes, of_all, summary
from nbkit.drawing.course_map import Stop, course_map
from nbkit.drawing.markup import join, tag
from nbkit.drawing.still import address_of, html_of
from nbkit.drawing.text import is_wide
from nbkit.messages import _, in_a_row, kind_of, listed, listed_apart

SCALE = 1.5  # pixels of the PNG for each of the picture: it stands in every notebook of the course
MAX_OPEN = 30  # exercises that are listed
MAX_HEADING = 100  # characters, of one to which a link leads
PLAIN = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-")  # in an address
HEADING_MARKUP = frozenset("`*$[]<>\\#")  # a heading with one of these has an anchor that cannot be told from its text
NOTHING_SEEN = _("Here is no notebook of the course: {}.").format(browser.UNSEEN)
NOTHING_HERE = _('Here is no notebook of the course: progress(folder="...") looks into another folder.')
ALL_SOLVED = _("All exercises are solved.")
LEGEND = _("In each box: ● solved, ◒ open (wrong, or half filled in), ○ not yet tried.")


def progress(folder=None):
    """Show how far you have come: the map of the course, with what is solved, open and not yet tried.

    It reads what `check` had said in the notebooks of a folder when they were saved; it runs and writes nothing.

    Parameters
    ----------
    folder : str or path, optional
        Where the notebooks are; the kernel's working directory where this is left out.

    Returns
    -------
    Progress

    Raises
    ------
    TypeError, ValueError
        If `folder` names no folder.
    """
    if folder is not None and not isinstance(folder, str | os.PathLike):
        raise TypeError(_("a folder is text or a path, got {}").format(kind_of(folder)))
    place = os.curdir if folder is None else os.path.expanduser(folder)
    if not os.path.isdir(place):
        raise ValueError(_("there is no folder {}").format(kind_of(os.fspath(place))))
    try:
        return Progress(read_folder(place))
    except OSError as error:
        rule = _("the folder {folder} cannot be read: {why}")
        raise ValueError(rule.format(folder=kind_of(os.fspath(place)), why=in_plain_words(error))) from None


class Progress:
    """How far a learner has come, as of the last save.

    Attributes
    ----------
    records : list of Record
        What the folder says of each chapter.
    here : Record or None
        The chapter to go on with; None where all is solved.
    """

    def __init__(self, records):
        self.records, self.here = records, chapter_to_go_on(records)
        self.is_empty = not any(record.file or record.unreadable for record in records)
        self.open = [(record, task) for record in records for task in record.exercises if task.state == OPEN]

    @cached_property
    def svg(self):
        """The map, a `Picture`."""
        stops = [
            Stop(
                record.chapter.number,
                record.chapter.short,
                record.chapter.needs,
                tuple(task.state for task in record.exercises),
                of_all(record),
                self._flag(record),
            )
            for record in self.records
        ]
        words = _(
            "Map of the course. Solved: {solved}. Go on with {next}. An arrow leads to what needs a chapter: {arrows}."
        ).format(
            solved=listed_apart(f"{row.chapter.number} {row.chapter.short} {counted(row)}" for row in self.records),
            next=self.here.chapter.number if self.here else "–",
            arrows=listed(f"{before} → {stop.number}" for stop in stops for before in stop.needs),
        )
        return course_map(stops, _("Map of the course"), words)

    def _flag(self, record):
        """Say whether a learner stands in a chapter, or takes it next."""
        if record is not self.here:
            return ""
        return _("here") if is_begun(record) else _("next")

    def __repr__(self):
        if self.is_empty:
            return NOTHING_HERE if browser.sees_files() else NOTHING_SEEN
        rows = [
            f"{_padded(record.chapter.name, 28)} {counted(record)}"
            + (f"  ← {self._flag(record)}" if record is self.here else "")
            for record in self.records
        ]
        opened = [_("Open: {}").format(listed(task.name for _record, task in self.open))] if self.open else []
        return "\n".join([summary(self.records), *rows, *opened, *notes(self.records)])

    def _repr_mimebundle_(self, include=None, exclude=None):
        if self.is_empty:
            return {"text/plain": repr(self)}
        shown = html_of(address_of(self.svg, SCALE), self.svg.words, self.svg.width)
        return {"text/plain": repr(self), "text/html": str(join([shown, *self._below()]))}

    def _below(self):
        """Yield what stands below the map."""
        yield tag("p", in_a_row([summary(self.records), LEGEND]))
        yield tag("p", _("Go on with: "), _link(self.here)) if self.here else tag("p", ALL_SOLVED)
        if self.open:
            rows = [tag("li", task.name, _(": "), _link(record, task.heading)) for record, task in self.open[:MAX_OPEN]]
            yield join([tag("p", _("Open:")), tag("ul", rows)])
        told = list(notes(self.records))
        if told:
            yield tag("ul", [tag("li", note) for note in told])


def _link(record, heading=""):
    """Link a chapter, where it is in the folder, or the heading below which an exercise stands."""
    name, anchor = record.chapter.name, ""
    if 0 < len(heading) <= MAX_HEADING and not HEADING_MARKUP & set(heading):
        name = _("{name}, {heading}").format(name=name, heading=heading)
        anchor = "#" + _address(heading.replace(" ", "-").encode(errors="replace"))
    return tag("a", name, href=_address(os.fsencode(record.file)) + anchor) if record.file else name


def _padded(text, columns):
    """Fill text with blanks; a Chinese character is two columns wide."""
    return text + " " * (columns - sum(2 if is_wide(letter) else 1 for letter in text))


def _address(name):
    """Write bytes as a part of an address in which nothing has a meaning of its own."""
    return "".join(chr(byte) if byte in PLAIN else f"%{byte:02X}" for byte in name)
