"""The chapters of the course: their files, their names, and which of them each one needs."""

import re
from typing import NamedTuple

from nbkit.messages import _


class Chapter(NamedTuple):
    """A notebook of the course."""

    number: str
    slug: str
    title: str  # as in its head
    short: str  # in the picture of the map
    needs: tuple = ()  # numbers of the chapters from which arrows lead to it: what these need themselves is left out

    @property
    def file(self):
        return f"{self.number}_{self.slug}.ipynb"

    @property
    def stem(self):
        return self.file.removesuffix(".ipynb")

    @property
    def name(self):
        return f"{self.number} · {self.title}"


# What each one needs is said in its head, too: a test compares them.
CHAPTERS = (
    Chapter("00", "start_here", _("Start here"), _("start here")),
    Chapter("01", "computation_graph", _("A bill is a graph"), _("a bill")),
    Chapter("02", "backward", _("The way back"), _("the way back"), ("01",)),
    Chapter("03", "gradient_check", _("Trust, but nudge"), _("trust"), ("02",)),
    Chapter("04", "activations", _("Bends"), _("bends"), ("03",)),
    Chapter("05", "affine", _("Many at once"), _("many at once"), ("04",)),
    Chapter("06", "softmax_and_loss", _("Scores, chances, a loss"), _("chances"), ("04",)),
    Chapter("07", "gradient_descent", _("Downhill"), _("downhill"), ("05", "06")),
    Chapter("08", "xor", _("Two switches, one lamp"), _("a lamp"), ("02",)),
    Chapter("09", "iris", _("Three flowers"), _("flowers"), ("07", "08")),
    Chapter("10", "digits", _("Reading digits"), _("digits"), ("09",)),
    Chapter("11", "playground", _("Your own questions"), _("questions"), ("09",)),
    Chapter("12", "bug_hunt", _("The bug hunt"), _("bug hunt"), ("05", "06", "08")),
    Chapter("13", "from_layers_to_autodiff", _("Your own autodiff"), _("autodiff"), ("05", "06")),
)


def may_hold(chapter, base):
    """Tell of a file's name whether it may be the chapter's, or that of a copy, such as 02_backward-Copy1.ipynb.

    A chapter's whole name may stand anywhere in it; where none does, a chapter's number may stand in front.
    """
    if base.startswith("."):
        return False
    named = [one for one in CHAPTERS if one.stem in base.lower()]
    return chapter in named if named else bool(re.match(rf"{chapter.number}(?!\d)", base))


def is_of_a_chapter(base):
    """Tell of a file's name whether it may be that of any chapter."""
    return any(may_hold(chapter, base) for chapter in CHAPTERS)
