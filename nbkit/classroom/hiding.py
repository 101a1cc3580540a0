"""Learners' names in a text that may hold anything: marked, so that a page can hide them."""

import re
import unicodedata

from nbkit.drawing.markup import Markup, join, writable
from nbkit.messages import shortened

# Characters that turn the writing around, or take no room: they make a text look like another one.
UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
WORDS = re.compile(r"([^\W_]+)")
UNSPACED = "\u3000-\u9fff\uf900-\ufaff\uff00-\uffef"  # in a class: letters of scripts that put no blanks between words
CAPITALS = re.compile(r"(?<=[^\W\d_A-Z])(?=[A-Z])")  # between the words of "ApplePie"
# As a diagnosis sets it: `code` and *emphasis*, in one line, and neither of them within the other. A product, such as
# 2*3*4 or a * b, and the stars of *args are none.
TYPESET = re.compile(
    rf"(?<!`)`([^`\n]+)`(?!`)|"
    rf"(?<![^\W{UNSPACED}])(?<!\*)\*(?=[^\s*])([^*`\n]*[^*`\s])\*(?!\*)(?![^\W{UNSPACED}])"
)
CODE, EMPHASIS = Markup("<code>{}</code>"), Markup("<em>{}</em>")
MARKED = Markup('<span class="x"><span class="n">{}</span></span>')


def shown(text, most):
    """Return a text of whatever origin as it can be shown: shortened, without what makes it look like another one."""
    text = shortened(text, most + 3)  # before it is looked through: it may be very long
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return shortened(unicodedata.normalize("NFC", UNSEEN.sub("\ufffd", writable(text))), most)


class Names:
    """The names of a class.

    Parameters
    ----------
    learners : iterable of str
    """

    def __init__(self, learners):
        self.folded, self.exact, self.within = set(), set(), set()
        for name in learners:
            words = WORDS.findall(unicodedata.normalize("NFC", name))
            self.exact.update(words if len(words) == 1 else ())
            for part in {part for word in words for part in (word, *CAPITALS.split(word))}:
                if not part.isascii():  # some scripts put no blanks between words
                    self.within.update({part.casefold()} if len(part) > 1 else ())
                elif len(part) > 2:
                    self.folded.add(part.casefold())
                elif len(part) == 2 and part.isalpha():  # "Li" is a name, "li" may be anything, "A" and "01" are too
                    self.exact.add(part)

    def marked(self, text):
        """Return a text as markup in which each word that is a part of a learner's name is marked."""
        pieces = WORDS.split(text)
        pieces[1::2] = [MARKED.format(word) if self._is_name(word) else word for word in pieces[1::2]]
        return join(pieces)

    def typeset(self, text):
        """Return a diagnosis as markup: like `marked`, with code and emphasis set as such."""
        plain, code, emphasis = (TYPESET.split(text)[start::3] for start in range(3))
        pieces = [self.marked(plain[0])]
        for between, one, other in zip(plain[1:], code, emphasis, strict=True):
            pieces.append(CODE.format(self.marked(one)) if one else EMPHASIS.format(self.marked(other)))
            pieces.append(self.marked(between))
        return join(pieces)

    def hold(self, text):
        """Tell whether a part of a learner's name is a word of a text."""
        return any(map(self._is_name, WORDS.findall(text)))

    def _is_name(self, word):
        for part in {word, *CAPITALS.split(word)}:
            if part in self.exact or part.casefold() in self.folded:
                return True
        return not word.isascii() and any(part in word.casefold() for part in self.within)
