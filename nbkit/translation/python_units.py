"""Units of Python: comments, and the strings that have words in them. All else is taken over letter by letter."""

import ast
import io
import re
import tokenize

from nbkit.translation.units import SHORTEST_WORD, Unit, line_starts

LITERAL = re.compile(r"(?P<prefix>[A-Za-z]*)(?P<quote>'''|\"\"\"|'|\")(?P<text>.*)(?P=quote)\Z", re.DOTALL)
EXERCISE = re.compile(r"\d\d\.\w+\Z")  # the name of an exercise
# Since Python 3.12 an f-string is several tokens.
OPENING, CLOSING = (getattr(tokenize, name, None) for name in ("FSTRING_START", "FSTRING_END"))


def python_units(source):
    """List the units of Python code; text that is no Python has none."""
    try:
        spans = list(spans_of(source))
    except (tokenize.TokenError, SyntaxError):
        return []
    units = {"comment": _comment, "string": _string}
    return [unit for kind, start, end in spans for unit in units[kind](source[start:end], start)]


def spans_of(source):
    """Find the comments and whole strings: ("comment" or "string", start, end)."""
    opened, starts = [], line_starts(source)
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        start, end = (starts[row - 1] + column for row, column in (token.start, token.end))
        if token.type == tokenize.COMMENT:
            yield "comment", start, end
        elif token.type == tokenize.STRING and not opened:
            yield "string", start, end
        elif token.type == OPENING:
            opened.append(start)
        elif token.type == CLOSING:
            start = opened.pop()
            if not opened:
                yield "string", start, end


def _comment(token, start):
    text = token.lstrip("#").strip()
    at = start + token.find(text)
    return [Unit(at, at + len(text), text, "comment", kind="comment")] if SHORTEST_WORD.search(text) else []


def _string(token, start):
    literal = LITERAL.match(token)
    text = literal["text"]
    words = _words_of_fstring(token) if "f" in literal["prefix"].lower() else re.sub(r"\\.", " ", text)
    if EXERCISE.match(text) or not SHORTEST_WORD.search(words):
        return []
    at, opening = start + literal.start("text"), literal["prefix"] + literal["quote"]
    return [Unit(at, at + len(text), text, "code", kind="string", opening=opening)]


def _words_of_fstring(token):
    """Return what is written in an f-string, and in the strings within its fields: these may be translated keys."""
    tree = ast.parse(token, mode="eval")
    formats = {id(part) for node in ast.walk(tree) if getattr(node, "format_spec", None)
               for part in ast.walk(node.format_spec)}  # fmt: skip
    constants = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in formats]
    return " ".join(node.value for node in constants if isinstance(node.value, str))
