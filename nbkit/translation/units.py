"""Units of translation: the places of a text that a reader reads, each of them one entry of a catalogue."""

import re
from typing import NamedTuple

SHORTEST_WORD = re.compile(r"[^\W\d_]{2,}")
# What is no prose, in Markdown: code, formulas, tags, and where links lead.
IN_FORMULA = re.compile(r"\\text\{[^{}]*[^\W\d_]{2,}")
NO_PROSE = re.compile(r"`+[^`]*`+|\$\$.*?\$\$|\$[^$]*\$|<[^>]*>|\]\([^)]*\)", re.DOTALL)


class Unit(NamedTuple):
    """A piece of a text, from `start` to `end`, that is translated as a whole."""

    start: int
    end: int
    text: str  # as the catalogue has it
    context: str | None = None  # of the entry: None for prose, "code" for a string, "comment" for a comment
    line_prefix: str = ""  # stands in front of each further line
    kind: str = "paragraph"  # or "heading", "row" of a table, "line" of tags, "string", "comment"
    opening: str = ""  # of a string: its prefix and its quote


def line_starts(text):
    """List where lines begin; "\\n" alone ends one for Markdown and for Python, unlike for ``str.splitlines``."""
    return [0, *(end.end() for end in re.finditer("\n", text)), len(text)]


def is_prose(text):
    """Tell whether Markdown has words of a language in it, beside code and formulas, or within these."""
    return bool(SHORTEST_WORD.search(NO_PROSE.sub(" ", text)) or IN_FORMULA.search(text))


def replaced(text, units, translate):
    """Return `text` with each unit replaced by ``translate(unit)``; where that is None, the unit stays."""
    parts, done = [], 0
    for unit in units:
        assert done <= unit.start, f"units that overlap: {unit.text!r}"
        new = translate(unit)
        old = text[unit.start : unit.end]
        new = old if new is None else new.replace("\n", "\n" + unit.line_prefix)
        parts += [text[done : unit.start], new]
        done = unit.end
    return "".join([*parts, text[done:]])
