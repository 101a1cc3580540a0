"""Units of Markdown: a heading, a paragraph, a list item's paragraph, a row of a table, and the text of code blocks."""

import re

from markdown_it import MarkdownIt

from nbkit.translation.python_units import python_units
from nbkit.translation.units import Unit, is_prose

PARSER = MarkdownIt("commonmark").enable("table")
# What stands in front of a block's first line: signs of lists, quotations and headings.
FIRST = re.compile(r"(?:[ \t]*(?:[-*+]|\d+[.)])[ \t]+|[ \t]*>[ \t]?|[ \t]*#{1,6}[ \t]+)*[ \t]*")
FURTHER = re.compile(r"[ \t>]*")  # in front of its other lines
TAGS = re.compile(r"\s*(?:<[^>]*>\s*)*")
# The links to the course's own address are written by nbkit.web.links, in the language of the document.
ADDRESS = re.compile(r"<!-- address: (?:badges|open) -->.*?<!-- /address -->", re.DOTALL)


def markdown_units(text, wrapped=False):
    """List the units of Markdown, in their order.

    Parameters
    ----------
    text : str
        The Markdown.
    wrapped : bool
        Whether its line ends mean nothing: a paragraph is then one line in the catalogue.
    """
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    units = []
    for block in PARSER.parse(text):
        if block.map is None:
            continue
        start, end = starts[block.map[0]], starts[block.map[1]]
        if block.type == "inline":
            units += _paragraph(text, start, end, wrapped)
        elif block.type == "tr_open":
            units += _row(text, start, end)
        elif block.type == "fence" and block.info.strip() in ("python", "py"):
            units += _code(text, starts[block.map[0] + 1], end, block.content)
        elif block.type == "html_block":
            units += _html(text, start, end)
    kept = [found.span() for found in ADDRESS.finditer(text)]
    return [unit for unit in units if not any(a <= unit.start < b for a, b in kept)]


def _paragraph(text, start, end, wrapped):
    source = text[start:end].rstrip()
    head = FIRST.match(source).end()
    lines = source[head:].split("\n")
    prefix = FURTHER.match(lines[1])[0] if len(lines) > 1 else ""
    words = (" " if wrapped else "\n").join([lines[0], *(line[FURTHER.match(line).end() :] for line in lines[1:])])
    at = start + head
    # A row of a table comes as a whole, with its bars.
    if source.lstrip().startswith("|") or not is_prose(words):
        return []
    return [Unit(at, start + len(source), words, None, "" if wrapped else prefix)]


def _row(text, start, end):
    row = text[start:end].rstrip()
    at = start + len(row) - len(row.lstrip())
    return [Unit(at, start + len(row), row.strip())] if is_prose(row) else []


def _code(text, start, end, content):
    """List the units of a block of Python, which may be indented as a whole."""
    lines = text[start:end].splitlines(keepends=True)
    inner = content.splitlines(keepends=True)
    units = []
    for unit in python_units(content):
        row = content.count("\n", 0, unit.start)
        if "\n" in unit.text:
            continue
        within = unit.start - sum(map(len, inner[:row]))
        indent = len(lines[row]) - len(inner[row])
        at = start + sum(map(len, lines[:row])) + indent + within
        units.append(unit._replace(start=at, end=at + unit.end - unit.start))
    return units


def _html(text, start, end):
    """List the text of each line of tags, such as that of ``<summary>``."""
    units = []
    for line in re.finditer(r"[^\n]+", text[start:end]):
        if line[0].lstrip().startswith("<!--"):
            continue
        head = TAGS.match(line[0]).end()
        words = re.sub(r"(?:\s*<[^>]*>)+\s*$", "", line[0][head:])
        if is_prose(words):
            at = start + line.start() + head
            units.append(Unit(at, at + len(words), words))
    return units
