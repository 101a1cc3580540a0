"""Mistakes of a translator that would break what is built: each is said, and the English stands in its place."""

import ast
import re
from functools import lru_cache
from string import Formatter
from tokenize import TokenError

from nbkit.translation.markdown_units import PARSER
from nbkit.translation.python_units import spans_of
from nbkit.translation.units import replaced

BAR = re.compile(r"(?<!\\)\|")
NAMED = re.compile(r"%\(\w+\)\w")  # a field in the style of argparse
STRUCTURE = "makes other blocks of the text than the English does, such as a heading, a list or a paragraph more"


def mistake_in(unit, text):
    """Say what is wrong with `text` as the translation of a unit, or return None."""
    if unit.kind == "string":
        return _mistake_in_string(unit, text)
    if unit.kind != "paragraph" and len(re.findall(r"[\n\r]", text)) > unit.text.count("\n"):
        return "must be one line"
    if unit.kind == "heading" and text.lstrip().startswith("#"):
        return "a heading comes without its #"
    if unit.kind == "row" and len(BAR.findall(text)) != (bars := len(BAR.findall(unit.text))):
        return f"a row must have as many bars | as in English, {bars}"
    return None


def _mistake_in_string(unit, text):
    quote = unit.opening.lstrip("bBfFrRuU")
    said = f"is not one string within {unit.opening}…{quote}, where a quote is \\{quote[0]} and a backslash \\\\"
    trees = []
    for words in (unit.text, text):
        literal = unit.opening + words + quote
        try:
            # Two literals in a row would be read as one: they are told apart by where the first one ends.
            if list(spans_of(literal)) != [("string", 0, len(literal))]:
                return said
            trees.append(_without_words(ast.parse(literal, mode="eval")))
        except (SyntaxError, TokenError, ValueError) as error:
            return f"{said}: {error.args[0]}"
    if text.count("\n") != unit.text.count("\n"):
        return "must have as many lines as the English"
    return None if trees[0] == trees[1] else "must have the fields {…} of the English, in their order"


def mistake_in_message(english, text):
    """Say what is wrong with `text` as the translation of a sentence of nbkit's code, or return None."""
    try:
        wanted = _fields(english)
    except ValueError:  # no sentence with fields
        wanted = None
    try:
        if wanted is not None and _fields(text) != wanted:
            return "must have the fields {…} of the English"
    except ValueError as error:
        return f"its fields cannot be read: {error}"
    return (
        None if sorted(NAMED.findall(text)) == sorted(NAMED.findall(english)) else "must have the %(…)s of the English"
    )


def _fields(text):
    """List the fields of a format, sorted; those that are counted by themselves have their number."""
    fields = [(name, conversion, form) for _text, name, form, conversion in Formatter().parse(text) if name is not None]
    counted = [not re.match(r"\w", name) for name, _conversion, _form in fields]
    if any(counted) and any(re.match(r"\d", name) for name, _conversion, _form in fields):
        raise ValueError("{} and {0} do not go together")
    numbers = iter(range(len(fields)))
    return sorted(
        (f"{next(numbers)}{name}" if by_itself else name, conversion or "", form)
        for by_itself, (name, conversion, form) in zip(counted, fields, strict=True)
    )


def mistakes_of(text, translate):
    """Find the mistakes in the translation of a `nbkit.translation.documents.Text`: (unit, what is wrong)."""
    pairs = [(unit, new) for unit in text.units if (new := translate(unit)) is not None]
    found = {unit: said for unit, new in pairs if (said := mistake_in(unit, new))}
    good = {unit: new for unit, new in pairs if unit not in found}
    if not text.is_code and not _same_blocks(text, good):
        found |= {unit: STRUCTURE for unit, new in good.items() if not _same_blocks(text, {unit: new})}
    return list(found.items())


def _same_blocks(text, translation):
    return blocks_of(text.source) == blocks_of(replaced(text.source, text.units, translation.get))


def mistake_in_text(text, source):
    """Say what is wrong with `source`, a whole text in another language, or return None: the last net."""
    if not text.is_code:
        return None if blocks_of(text.source) == blocks_of(source) else f"the translation {STRUCTURE}"
    english = code_without_words(text.source)
    same = english is None or english == code_without_words(source)
    return None if same else "the code of the translation is not that of the English"


@lru_cache(10_000)  # of a text that is asked for again, when the course is built
def blocks_of(markdown):
    """Return the structure of Markdown: its blocks, their kinds and levels."""
    return [(block.type, block.tag, block.level) for block in PARSER.parse(markdown)]


def code_without_words(code):
    """Return what code does, with its strings left blank; None if it is no Python."""
    try:
        return _without_words(ast.parse(code))
    except (SyntaxError, ValueError):
        return None


def _without_words(tree):
    return ast.dump(_Blank().visit(tree))


class _Blank(ast.NodeTransformer):
    """Takes what is written in strings out of a syntax tree; what is computed in them stays."""

    def visit_Constant(self, node):
        return ast.Constant(type(node.value)()) if isinstance(node.value, str | bytes) else node

    def visit_JoinedStr(self, node):
        return ast.JoinedStr([self.visit(part) for part in node.values if isinstance(part, ast.FormattedValue)])

    def visit_FormattedValue(self, node):
        form = node.format_spec  # how a number is written: it is no text
        return ast.Tuple([self.visit(node.value), ast.Constant(node.conversion), ast.Constant(form and ast.dump(form))])
