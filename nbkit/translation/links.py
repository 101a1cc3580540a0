"""Links of a document that was translated: to the documents of its own language, and to headings in their new words."""

import posixpath
import re
from itertools import pairwise
from typing import NamedTuple
from urllib.parse import quote, unquote

from nbkit.languages import ENGLISH
from nbkit.translation.documents import texts_of
from nbkit.translation.markdown_units import PARSER
from nbkit.translation.units import replaced

# Code and formulas stay; a link in HTML, by reference or with a title is none that could be led elsewhere.
LINK = re.compile(
    r"""
    (?P<kept> ^(?:[ \t>]|[-*+][ ]|\d+[.)][ ])*(?P<fence>```+|~~~+) .*? (?:^[ \t>]*(?P=fence)|\Z)
      | (?<!`)(?P<ticks>`+)(?!`) (?:(?!\n\n).)*? (?<!`)(?P=ticks)(?!`)
      | \$\$.*?\$\$ | (?<!\\)\$[^$\n]*\$ )
    | (?P<other> <(?:img|a)\b[^>]*?\b(?:src|href)\s*=\s*["']?(?P<of_tag>[^"'\s>]*)
      | ^[ ]{0,3}\[(?!\^)[^\]\n]+\]:[ ]*(?P<of_name>\S+)
      | \]\(<?(?P<of_title>[^()\s<>]+) (?:[ ]+["'] | [^()\n]*>) )
    | (?P<image>!?)\[(?P<words>(?:[^\[\]]|\[[^\]]*\])*)\]
      \((?P<target>[^()\s]*(?:\([^()\s]*\)[^()\s]*)*)\)
    """,
    re.VERBOSE | re.MULTILINE | re.DOTALL | re.IGNORECASE,
)
ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|/", re.IGNORECASE)  # with a scheme, or from the root of a server
NUMBERED = re.compile(r"(\d\d) · (.+)")  # the name of a chapter, or of a section of it


class Headings(NamedTuple):
    """The headings of a document and of its translation, in the same order."""

    old: list
    new: list

    def anchor(self, anchor):
        """Return the anchor of the translated heading, in the style of this one: of JupyterLab or of GitHub."""
        for old, new in zip(self.old, self.new, strict=True):
            for style in (in_jupyterlab, on_github):
                if style(old) == anchor:
                    return style(new)
        return None


def in_jupyterlab(heading):
    """Return the anchor that JupyterLab gives a heading."""
    return _words(heading).replace(" ", "-")


def on_github(heading):
    """Return the anchor that GitHub gives a heading."""
    return re.sub(r"[^\w -]", "", _words(heading).lower()).replace(" ", "-")


def _words(heading):
    return re.sub(r"[*`]", "", heading)


def headings_of(document, content, translate):
    """Collect the headings of a document; `content` is in English. A ValueError says where one comes or goes."""
    old, new = [], []
    for text in texts_of(document, content):
        if not text.is_code:
            old += _headings(text.source)
            new += _headings(replaced(text.source, text.units, translate))
        if len(old) != len(new):
            raise ValueError(f"{document.path}, {text.place}: the translation has not as many headings as the English")
    return Headings(old, new)


def _headings(markdown):
    blocks = PARSER.parse(markdown)
    return [words.content for block, words in pairwise(blocks) if block.type == "heading_open"]


def in_own_language(text, document, path, tag, documents, headings):
    """Return a text with its links as they are in the translation; the word "English" leads to the English document.

    Parameters
    ----------
    text : str
        Markdown of the translation, its links as in English.
    document : nbkit.translation.documents.Document
        Where it stands, in English.
    path : str
        Where it will stand.
    tag : str
        The language's tag, such as zh-CN.
    documents : dict
        All documents by their paths.
    headings : dict
        The `Headings` of each, by the same paths.

    Raises
    ------
    ValueError
        If a link leads to a heading that is not there, or is relative and in HTML, by reference or with a title.
    """
    here, folder = posixpath.dirname(document.path), posixpath.dirname(path)

    def link(found):
        if found["other"] and not ELSEWHERE.match(found["of_tag"] or found["of_name"] or found["of_title"] or "/"):
            raise ValueError(f"{document.path}: write this link as [words](target): {found['other']}")
        target, words = found["target"], found["words"]
        if target is None or ELSEWHERE.match(target):
            return found[0]
        file, _hash, anchor = unquote(target).partition("#")
        place = posixpath.normpath(posixpath.join(here, file)) if file else document.path
        if place in documents and words == ENGLISH.name:
            return f"[{words}]({posixpath.relpath(place, folder or '.')})"
        if place in documents:
            words = _renamed(words, anchor, headings[place])
        target = _target(target, place, anchor) if file or anchor else target
        return f"{found['image']}[{words}]({target})"

    def _target(target, place, anchor):
        if place not in documents:
            return posixpath.relpath(place, folder or ".") + (f"#{_quoted(anchor)}" if anchor else "")
        new = headings[place].anchor(anchor) if anchor else ""
        if new is None:
            raise ValueError(f"{document.path}: no heading for {target}")
        goal = documents[place].path_in(tag)
        file = "" if goal == path else posixpath.relpath(goal, folder or ".")
        return f"{file}#{_quoted(new)}" if new else file

    return LINK.sub(link, text)


def _quoted(anchor):
    """Return an anchor whose brackets would end no link."""
    return re.sub(r"[()]", lambda found: quote(found[0], safe=""), anchor)


def _renamed(words, anchor, headings):
    """Return the words of a link: where they are the name of what it leads to, its new name."""
    named = NUMBERED.fullmatch(words)
    if not named or not headings.old:
        return words
    if words == headings.old[0]:
        return headings.new[0]
    for old, new in zip(headings.old, headings.new, strict=True):
        if anchor and named[2] == old and in_jupyterlab(old) == anchor:
            return f"{named[1]} · {new}"
    return words
