"""Units of Markdown: a heading, a paragraph, a list item's paragraph, a row of a table, and the text of code blocks."""

import re

from markdown_it import MarkdownIt

from nbkit.translation.python_units import python_units
from nbkit.translation.units import Unit, is_prose, line_starts

PARSER = MarkdownIt("commonmark").enable("table").disable("inline")  # blocks are all that is asked for
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
    starts = line_starts(text)
    units, kind, in_row = [], "paragraph", False
    for block in PARSER.parse(text):
        if block.type in ("tr_open", "tr_close"):
            in_row = block.type == "tr_open"
        elif block.type in ("heading_open", "heading_close"):
            kind = "heading" if block.type == "heading_open" else "paragraph"
        if block.map is None:
            continue
        start, end = starts[block.map[0]], starts[block.map[1]]
        if block.type == "inline" and not in_row:
            units += _paragraph(text, start, end, wrapped, kind)
        elif block.type == "tr_open":  # a row comes as a whole, with its bars
            units += _row(text, start, end)
        elif block.type == "fence" and block.info.strip() in ("python", "py"):
            units += _code(text, starts[block.map[0] + 1], end, block.content)
        elif block.type == "html_block":
            units += _html(text, start, end)
    kept = [found.span() for found in ADDRESS.finditer(text)]
    return [unit for unit in units if not any(a <= unit.start < b for a, b in kept)]


def _paragraph(text, start, end, wrapped, kind):
    source = text[start:end].rstrip()
    head = FIRST.match(source).end()
    lines = source[head:].split("\n")
    prefix = FURTHER.match(lines[1])[0] if len(lines) > 1 else ""
    words = (" " if wrapped else "\n").join([lines[0], *(line[FURTHER.match(line).end() :] for line in lines[1:])])
    if not is_prose(words):
        return []
    return [Unit(start + head, start + len(source), words, None, "" if wrapped else prefix, kind)]


def _row(text, start, end):
    source = text[start:end].rstrip()
    head = FIRST.match(source).end()
    row = source[head:]
    return [Unit(start + head, start + len(source), row, kind="row")] if is_prose(row) else []


def _code(text, start, end, content):
    """List the units of a block of Python, which may be indented as a whole."""
    outer, inner = line_starts(text[start:end]), line_starts(content)
    units = []
    for unit in python_units(content):
        row = content.count("\n", 0, unit.start)
        if "\n" in unit.text:
            continue
        indent = (outer[row + 1] - outer[row]) - (inner[row + 1] - inner[row])
        at = start + outer[row] + indent + unit.start - inner[row]
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
            units.append(Unit(at, at + len(words), words, kind="line"))
    return units
