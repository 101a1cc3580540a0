"""Units of Python: comments, and the strings that have words in them. All else is taken over letter by letter."""

import io
import re
import tokenize

from nbkit.translation.units import SHORTEST_WORD, Unit

LITERAL = re.compile(r"(?P<prefix>[A-Za-z]*)(?P<quote>'''|\"\"\"|'|\")(?P<text>.*)(?P=quote)\Z", re.DOTALL)
EXERCISE = re.compile(r"\d\d\.\w+\Z")  # the name of an exercise
FIELD = re.compile(r"\{[^{}]*\}")  # of an f-string
# Since Python 3.12 an f-string is several tokens.
OPENING, CLOSING = (getattr(tokenize, name, None) for name in ("FSTRING_START", "FSTRING_END"))


def python_units(source):
    """List the units of Python code; text that is no Python has none."""
    starts = [0]
    for line in source.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    try:
        spans = list(_spans(source, starts))
    except (tokenize.TokenError, SyntaxError):
        return []
    return [unit for kind, start, end in spans for unit in kind(source[start:end], start)]


def _spans(source, starts):
    """Find the comments and whole strings: (what makes a unit of it, start, end)."""
    opened = []
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        start, end = (starts[row - 1] + column for row, column in (token.start, token.end))
        if token.type == tokenize.COMMENT:
            yield _comment, start, end
        elif token.type == tokenize.STRING and not opened:
            yield _string, start, end
        elif token.type == OPENING:
            opened.append(start)
        elif token.type == CLOSING:
            start = opened.pop()
            if not opened:
                yield _string, start, end


def _comment(token, start):
    text = token.lstrip("#").strip()
    at = start + token.find(text)
    return [Unit(at, at + len(text), text, "comment")] if SHORTEST_WORD.search(text) else []


def _string(token, start):
    literal = LITERAL.match(token)
    text = literal["text"]
    words = FIELD.sub(" ", text) if "f" in literal["prefix"].lower() else text
    if EXERCISE.match(text) or not SHORTEST_WORD.search(re.sub(r"\\.", " ", words)):
        return []
    at = start + literal.start("text")
    return [Unit(at, at + len(text), text, "code")]
