"""What a check says about an answer, and the exceptions by which a judge says it."""

import sys


class Wrong(Exception):
    """Raised by a judge: its text tells the learner what is wrong and where to look."""


class Forgotten(Wrong):
    """Raised where a function of the learner returns nothing."""


class NotTried(Exception):
    """Raised by a judge when the answer, or the part of it that its text names, is still open."""


class Verdict:
    """What a check says about an answer.

    Attributes
    ----------
    state : "right", "wrong" or "not tried"
        The last also stands for an answer of which a part is still open.
    text : str
        One or two sentences.
    """

    SIGNS = {"right": "✓", "wrong": "✗", "not tried": "…"}

    def __init__(self, state, text):
        self.state = state
        self.text = text

    def __bool__(self):
        return self.state == "right"

    def __repr__(self):
        return f"{self.SIGNS[self.state]} {self.text}"

    def __str__(self):
        """Return the text with its sign, or without it where the console cannot write it."""
        encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
        text = repr(self)
        try:
            text.encode(encoding)
        except (UnicodeEncodeError, LookupError):
            return f"[{self.state}] {self.text}".encode("ascii", "replace").decode()
        return text
