"""Learners' names in a text that may hold anything: marked, so that a page can hide them."""

import re

from nbkit.drawing.markup import Markup, join, writable
from nbkit.messages import shortened

# Characters that turn the writing around, or take no room: they make a text look like another one.
UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
WORDS = re.compile(r"([^\W_]+)")
CAPITALS = re.compile(r"(?<=[^\W\d_A-Z])(?=[A-Z])")  # between the words of "ApplePie"
SHORTEST = 3  # characters of a part of a name that is looked for: "de" and "A" are a part of every text
MARKED = Markup('<span class="x"><span class="n">{}</span></span>')


def shown(text, most):
    """Return a text of whatever origin as it can be shown: shortened, without what makes it look like another one."""
    return shortened(UNSEEN.sub("\ufffd", writable(text)), most)


class Names:
    """The names of a class.

    Parameters
    ----------
    learners : iterable of str
    """

    def __init__(self, learners):
        parts = {part.casefold() for name in learners for part in _parts(name)}
        self.parts = {part for part in parts if part.isascii()}
        # Some scripts put no blanks between words.
        self.within = [part for part in parts if not part.isascii()]

    def marked(self, text):
        """Return a text as markup in which each word that is a part of a learner's name is marked."""
        pieces = WORDS.split(text)
        pieces[1::2] = [MARKED.format(word) if self._is_name(word) else word for word in pieces[1::2]]
        return join(pieces)

    def _is_name(self, word):
        folded = word.casefold()
        if folded.isascii() and folded in self.parts:
            return True
        if any(part.casefold() in self.parts for part in CAPITALS.split(word)):
            return True
        return not folded.isascii() and any(part in folded for part in self.within)


def _parts(name):
    """Yield the words of a name that are long enough to be told from other words."""
    for word in WORDS.findall(name):
        for part in {word, *CAPITALS.split(word)}:
            if len(part) >= (SHORTEST if part.isascii() else 2):
                yield part
