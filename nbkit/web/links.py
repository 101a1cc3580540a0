"""The links to the course's own address in its documents: written anew between two comments that mark their place."""

import json
import posixpath
import re
from urllib.parse import quote, unquote

from nbkit.messages import _

FIRST = "notebooks/00_start_here.ipynb"
COLUMN = "run it"  # of the table of chapters: it comes and goes with the address
MARK = re.compile(r"<!-- (?:address: ([^>\n]*?)|/address) -->")
BAR = re.compile(r"(?<!\\)\|")  # ends a cell of a table


def relinked(text, page, root, address):
    """Return a document with its links to the course's address as they should be.

    Parameters
    ----------
    text : str
        The document.
    page : str
        Its path from `root`.
    root : pathlib.Path
        The folder of the course.
    address : nbkit.web.address.Address or None
        None, where the course has no address yet: then no link is written that leads nowhere.

    Raises
    ------
    ValueError
        If the marks are not in pairs, or of a kind that is not known.
    """
    parts, done, opened = [], 0, None
    for mark in MARK.finditer(text):
        if (mark[1] not in BLOCKS) if opened is None else (mark[1] is not None):
            raise ValueError(_unpaired(text, page, mark))
        between = text[done : mark.start()]
        parts += [between if opened is None else _filled(opened[1], between, page, root, address), mark[0]]
        opened, done = (mark, mark.end()) if opened is None else (None, mark.end())
    if opened is not None:
        raise ValueError(_unpaired(text, page, opened))
    return "".join([*parts, text[done:]])


def _unpaired(text, page, mark):
    rule = _("{page}, line {line}: {mark} has no partner, as <!-- address: KIND --> has in <!-- /address -->, "
             "where KIND is one of {kinds}")  # fmt: skip
    line = text.count("\n", 0, mark.start()) + 1
    return rule.format(page=page, line=line, mark=mark[0], kinds=", ".join(BLOCKS))


def _filled(kind, between, page, root, address):
    """Return what stands between two marks: within a line, or as lines of their own, which end as they did."""
    end = re.match(r"\r?\n", between)
    lines = between.splitlines()[1:] if end else [between]
    lines = BLOCKS[kind](lines, page, root, address)
    return "".join(line + end[0] for line in ["", *lines]) if end else lines[0]


# What is written into a document is in its language, whatever that of the one who gives the command: not translated.

UNSET = [
    "This copy of the course has no address on the web yet. Who publishes it sets it once, and every link to it, with",
    "`.venv/bin/python -m nbkit address OWNER/REPOSITORY`.",
]


def _badges(_lines, _page, _root, address):
    if not address:
        return []
    flow = f"{address.repository}/actions/workflows/ci.yml"
    return [f"[![CI]({flow}/badge.svg)]({flow})", _badge(address, FIRST)]


def _badge(address, place):
    return f"[![Binder](https://mybinder.org/badge_logo.svg)]({address.binder(place)})"


def _open(_lines, _page, _root, address):
    """Say how a learner opens the course, or how it gets an address."""
    if address:
        return [f"Open <{address.site}>, choose a chapter, and press **Run this chapter here**."]
    return [*UNSET, "Until then it opens [on your own machine](#on-your-own-machine)."]


def _forms(lines, _page, _root, address):
    """Let words lead to the forms, or be words alone."""
    words = re.sub(r"^\[(.*)\]\(.*\)$", r"\1", lines[0])
    return [f"[{words}]({address.repository}/issues/new/choose)" if address else words]


def _chapters(lines, page, _root, address):
    """Give the table of chapters a last column of links, or take it away; its other columns stay as they are."""
    rows = [BAR.split(line) if line.lstrip().startswith("|") else [line] for line in lines]
    head = next((row for row in rows if len(row) > 1), [])
    here = next((i for i, cell in enumerate(head) if cell.strip() == COLUMN), None)
    at = here or len(head) - 1
    for number, row in enumerate(row for row in rows if len(row) > 1):
        if here:
            del row[at : at + 1]
        if address:
            row.insert(at, [f" {COLUMN} ", "---"][number] if number < 2 else f" {_ways(row, page, address)} ")
    return ["|".join(row) for row in rows]


def _ways(row, page, address):
    """Return the links that run the notebook of a row."""
    found = re.search(r"\]\(([^)\s]+\.ipynb)\)", "|".join(row))
    if not found:
        return ""
    place = posixpath.normpath(posixpath.join(posixpath.dirname(page), unquote(found[1])))
    return f"[in&nbsp;a&nbsp;tab]({address.tab(place)})&nbsp;·&nbsp;[Binder]({address.binder(place)})"


def _copies(_lines, page, root, address):
    """Return the table of lines to copy into a page of one's own, for each notebook."""
    if not address:
        return UNSET
    rows = ["| notebook | Binder | in a browser tab |", "|---|---|---|"]
    for path in sorted((root / "notebooks").glob("*.ipynb")):
        place = path.relative_to(root).as_posix()
        title = re.sub(r"([\\|\[\]<>`*])", r"\\\1", _title(path))
        link = quote(posixpath.relpath(place, posixpath.dirname(page) or "."))
        rows.append(f"| [{title}]({link}) | `{_badge(address, place)}` | `{address.tab(place)}` |")
    return rows


def _title(path):
    """Return the title of a notebook: its first line, or else the name of its file."""
    try:
        first = "".join(json.loads(path.read_text(encoding="utf-8"))["cells"][0]["source"])
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise ValueError(_("cannot read {} as a notebook: {}").format(path, error)) from error
    found = re.match(r"# (.+)", first)
    return found[1] if found else path.stem


BLOCKS = {"badges": _badges, "open": _open, "forms": _forms, "chapters": _chapters, "copies": _copies}
