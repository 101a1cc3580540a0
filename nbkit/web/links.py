"""The links to the course's own address in its documents: written anew between two comments that mark their place."""

import json
import posixpath
import re
import textwrap
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, unquote

from nbkit.languages import ENGLISH, Language
from nbkit.messages import _, in_all_languages, speaking
from nbkit.web.languages import language_of

FIRST = "00_start_here.ipynb"
WIDTH = 120  # of the lines of a document
MARK = re.compile(r"<!-- (?:address: ([^>\n]*?)|/address) -->")
BAR = re.compile(r"(?<!\\)\|")  # ends a cell of a table


class Place(NamedTuple):
    """Where links are written: into which document, of which language, and what stands below them there."""

    page: str
    root: Path
    address: object  # a nbkit.web.address.Address or None
    language: Language
    below: str

    @property
    def notebooks(self):
        """The folder of the notebooks in the language, from the root of the course."""
        return "notebooks/" if self.language == ENGLISH else f"notebooks/{self.language.tag}/"

    @property
    def site(self):
        """Where the course can be read in the language."""
        return self.address.site + self.notebooks.removeprefix("notebooks/")


def relinked(text, page, root, address):
    """Return a document with its links to the course's address as they should be, and their words in its language.

    Its name tells that: README.zh-CN.md is in Chinese, as is all that stands in a folder zh-CN. What stood between the
    marks of its badges, and of how to open the course, does not matter.

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
        place = Place(page, root, address, language_of(page), text[mark.end() :])
        parts += [between if opened is None else _filled(opened[1], between, place), mark[0]]
        opened, done = (mark, mark.end()) if opened is None else (None, mark.end())
    if opened is not None:
        raise ValueError(_unpaired(text, page, opened))
    return "".join([*parts, text[done:]])


def _unpaired(text, page, mark):
    rule = _("{page}, line {line}: {mark} has no partner, as <!-- address: KIND --> has in <!-- /address -->, "
             "where KIND is one of {kinds}")  # fmt: skip
    line = text.count("\n", 0, mark.start()) + 1
    return rule.format(page=page, line=line, mark=mark[0], kinds=", ".join(BLOCKS))


def _filled(kind, between, place):
    """Return what stands between two marks: within a line, or as lines of their own, which end as they did."""
    end = re.match(r"\r?\n", between)
    lines = between.splitlines()[1:] if end else [between]
    with speaking(place.language):  # not that of the one who gives the command
        lines = BLOCKS[kind](lines, place)
    return "".join(line + end[0] for line in ["", *lines]) if end else lines[0]


def _unset():
    return _wrapped(
        _("This copy of the course has no address on the web yet. Who publishes it sets it once, and every link to it, "
          "with `.venv/bin/python -m nbkit address OWNER/REPOSITORY`.")
    )  # fmt: skip


def _wrapped(sentence):
    return textwrap.wrap(sentence, WIDTH, break_long_words=False, break_on_hyphens=False)


def _badges(_lines, place):
    if not place.address:
        return []
    flow = f"{place.address.repository}/actions/workflows/ci.yml"
    return [f"[![CI]({flow}/badge.svg)]({flow})", _badge(place.address, place.notebooks + FIRST)]


def _badge(address, notebook):
    return f"[![Binder](https://mybinder.org/badge_logo.svg)]({address.binder(notebook)})"


def _open(_lines, place):
    """Say how a learner opens the course, or how it gets an address: the next section tells how without one."""
    if place.address:
        return [_("Open <{site}>, choose a chapter, and press **Run this chapter here**.").format(site=place.site)]
    heading = re.search(r"^#+ (.+?)\s*$", place.below, re.MULTILINE)
    anchor = re.sub(r"[^\w -]", "", heading[1].lower()).replace(" ", "-") if heading else ""  # as GitHub makes it
    return [*_unset(), *_wrapped(_("Until then it opens [on your own machine](#{section}).").format(section=anchor))]


def _forms(lines, place):
    """Let words lead to the forms, or be words alone."""
    words = re.sub(r"^\[(.*)\]\(.*\)$", r"\1", lines[0])
    return [f"[{words}]({place.address.repository}/issues/new/choose)" if place.address else words]


def _chapters(lines, place):
    """Give the table of chapters a last column of links, or take it away; its other columns stay as they are."""
    rows = [BAR.split(line) if line.lstrip().startswith("|") else [line] for line in lines]
    head = next((row for row in rows if len(row) > 1), [])
    column = _("run it")  # comes and goes with the address
    known = in_all_languages("run it")
    here = next((i for i, cell in enumerate(head) if cell.strip() in known), None)
    at = here or len(head) - 1
    for number, row in enumerate(row for row in rows if len(row) > 1):
        if here:
            del row[at : at + 1]
        if place.address:
            row.insert(at, [f" {column} ", "---"][number] if number < 2 else f" {_ways(row, place)} ")
    return ["|".join(row) for row in rows]


def _ways(row, place):
    """Return the links that run the notebook of a row."""
    found = re.search(r"\]\(([^)\s]+\.ipynb)\)", "|".join(row))
    if not found:
        return ""
    notebook = posixpath.normpath(posixpath.join(posixpath.dirname(place.page), unquote(found[1])))
    tab = _("in a tab").replace(" ", "&nbsp;")
    return f"[{tab}]({place.address.tab(notebook)})&nbsp;·&nbsp;[Binder]({place.address.binder(notebook)})"


def _copies(_lines, place):
    """Return the table of lines to copy into a page of one's own, for each notebook."""
    if not place.address:
        return _unset()
    rows = [_("| notebook | Binder | in a browser tab |"), "|---|---|---|"]
    for path in sorted((place.root / place.notebooks).glob("*.ipynb")):
        notebook = path.relative_to(place.root).as_posix()
        title = re.sub(r"([\\|\[\]<>`*])", r"\\\1", _title(path))
        link = quote(posixpath.relpath(notebook, posixpath.dirname(place.page) or "."))
        rows.append(f"| [{title}]({link}) | `{_badge(place.address, notebook)}` | `{place.address.tab(notebook)}` |")
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
