"""Notebooks as pages of HTML, with the pages and files that they need beside them."""

import json
import re
from functools import partial
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path
from urllib.parse import unquote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from nbconvert.filters import ansi2html

from nbkit.drawing import theme
from nbkit.drawing.graph.renderer import MIN_SCALE
from nbkit.drawing.still import DARKENED, LIGHT_GROUND
from nbkit.messages import _
from nbkit.web import index, words
from nbkit.web.stills import MIME
from nbkit.widgets.kit.assets import asset
from nbkit.widgets.kit.graph_view import SCRIPTS, graph_words

STATIC = Path(__file__).parent / "static"
PLACEHOLDER = "OWNER/REPOSITORY"  # stands in pyproject.toml until the course has an address on the web
LEAD = "**After this notebook you can** "  # begins the second paragraph of every chapter; the index says it once
BESIDE = (".py", ".md")  # a file of this kind that a notebook links to gets a page of its own


def render(notebooks):
    """Return the texts of a site's files, by name; a ValueError tells of a link or a picture that leads nowhere."""
    return Site(notebooks).files()


class Site:
    """All pages, which know of each other: for notebooks by their paths."""

    def __init__(self, notebooks):
        self.notebooks = {path.resolve(): notebook for path, notebook in notebooks.items()}
        folders = sorted({path.parent for path in self.notebooks})
        if len(folders) > 1:
            rule = _("the notebooks of a site stand in one folder, got {}")
            raise ValueError(rule.format(", ".join(map(str, folders))))
        self.folder = folders[0].resolve()
        self.root = self.folder.parent
        self.names = {path: f"{path.stem}.html" for path in self.notebooks}
        if "index.html" in self.names.values():
            raise ValueError(_("the site has an index.html of its own: give the notebook index.ipynb another name"))
        self.beside = {}
        self.repository = _repository()
        environment = Environment(
            loader=FileSystemLoader(STATIC), autoescape=True, trim_blocks=True, lstrip_blocks=True,
            undefined=StrictUndefined,
        )  # fmt: skip
        environment.globals |= {
            "_": _, "still": MIME, "code": words.code, "captioned": words.captioned, "terminal": ansi2html,
            "least": _least, "light": LIGHT_GROUND, "linked": self._linked,
        }  # fmt: skip
        self.template = environment.get_template("page.html.j2")

    def files(self):
        """Return the content of every file, by name."""
        chapters = [self._chapter(path, notebook) for path, notebook in self.notebooks.items()]
        found = {}
        for before, chapter, after in zip([None, *chapters], chapters, [*chapters[1:], None], strict=False):
            found[chapter["name"]] = self.template.render(kind="notebook", before=before, after=after, **chapter)
        for path, name in self.beside.items():
            found[name] = self._file(path)
        found |= self._index(chapters)
        return found | {"style.css": _style(), "site.js": _script()}

    def _index(self, chapters):
        """Return the index and its pictures: a file each, which a browser loads when it comes into sight."""
        cards, files = [], {}
        for chapter, picture in zip(chapters, index.pictures(self.notebooks.values()), strict=True):
            cards.append(chapter | {"picture": None})
            if picture:
                ending, content, told = picture
                name = chapter["name"].removesuffix(".html") + ending
                files[name], cards[-1]["picture"] = content, {"name": name, "words": told}
        glossary = self.beside.get(self.folder / "glossary.md")
        return files | {"index.html": self.template.render(kind="index", title=None, chapters=cards, glossary=glossary)}

    def _chapter(self, path, notebook):
        """Collect what the page of a notebook shows."""
        first = notebook.cells[0].source if notebook.cells else ""
        title = re.match(r"# (.+)", first)
        paragraphs = first.split("\n\n") if title else []
        summary = paragraphs[1].removeprefix(LEAD) if len(paragraphs) > 1 else ""
        markdown = self._markdown(path, grow=True)
        return {
            "name": self.names[path], "title": title[1] if title else path.stem, "cells": notebook.cells,
            "summary": markdown(summary[:1].upper() + summary[1:]), "markdown": markdown,
            "binder": self._binder(path),
        }  # fmt: skip

    def _binder(self, path):
        """Return the address under which Binder opens a notebook, or nothing where the course has no address."""
        repository = self.repository.removeprefix("https://github.com/")
        place = path.relative_to(self.root).as_posix()
        return f"https://mybinder.org/v2/gh/{repository}/HEAD?urlpath=lab/tree/{place}" if repository else ""

    def _file(self, path):
        """Return the page of a file that a notebook links to."""
        text = path.read_text(encoding="utf-8")
        title = path.relative_to(self.root).as_posix()
        if path.suffix == ".py":
            return self.template.render(kind="source", title=title, html=words.code(text))
        return self.template.render(kind="text", title=title, html=self._markdown(path, grow=False)(text))

    def _markdown(self, path, grow):
        """Return what turns Markdown of the file `path` into HTML."""
        follow = partial(self._follow, path=path, grow=grow)
        return partial(words.to_html, folder=path.parent, follow=follow)

    def _linked(self, html):
        """Return what a cell shows, with its links to notebooks leading to their pages, as those of `progress` do."""
        pages = {path.name: name for path, name in self.names.items()}

        def link(found):
            name = pages.get(unquote(found[1]))
            return f'<a href="{name}{found[2]}">{found[3]}</a>' if name else found[3]

        return re.sub(r'<a href="([\w%.-]+\.ipynb)(#[^"]*|)">(.*?)</a>', link, html)

    def _follow(self, url, path, grow):
        """Return the address that a link of the file `path` has in the site, or nothing; `grow` lets it add a page."""
        if re.match(r"[a-z]+:|#", url):
            return "" if PLACEHOLDER in url else url
        file, hash_, anchor = url.partition("#")
        target = (path.parent / unquote(file)).resolve()
        if not target.exists():
            raise ValueError(_("{path} links to {url}, which does not exist").format(path=path, url=url))
        if grow and target.suffix in BESIDE and target.is_relative_to(self.root):
            self.beside[target] = self._name_beside(target)
        name = self.names.get(target) or self.beside.get(target)
        if name:
            return name + hash_ + anchor
        if target.is_relative_to(self.root):
            place = target.relative_to(self.root).as_posix()
            return f"{self.repository}/blob/HEAD/{place}{hash_}{anchor}" if self.repository else ""
        raise ValueError(_("{path} links to {url}, which is not a part of the site").format(path=path, url=url))

    def _name_beside(self, path):
        """Return the name of the page of a file: a text beside the notebooks has a short one, as they have."""
        if path.parent == self.folder and path.suffix == ".md" and path.stem not in ("README", "index"):
            return f"{path.stem}.html"
        return "-".join(path.relative_to(self.root).parts) + ".html"


def _repository():
    """The course's address on the web, or nothing where it has none yet, or nbkit is not installed."""
    try:
        addresses = metadata("nbkit").get_all("Project-URL") or []
    except PackageNotFoundError:
        return ""
    found = next((a.split(", ")[1] for a in addresses if a.startswith("Repository, ")), "")
    return "" if PLACEHOLDER in found else found


def _least(svg):
    """Return to how many pixels of width a narrow page may shrink a picture before it scrolls."""
    width = re.search(r'<svg[^>]*\swidth="([\d.]+)', svg)
    return round(MIN_SCALE * float(width[1])) if width else 0


def _style():
    """Return the style sheet: the course's colours, the graphs' own rules, the pages'."""
    dark = theme.css_variables(":root", theme.DARK | theme.DARK_VERDICTS)
    light = theme.css_variables(":root", theme.LIGHT)
    graph = asset("graph_view.css", "scroll_edges.css")
    pages = (STATIC / "style.css").read_text(encoding="utf-8")
    images = f"img.{LIGHT_GROUND}{{{DARKENED}}}"
    return f"{light}\n@media screen and (prefers-color-scheme: dark){{{dark}{images}}}\n{graph}{pages}"


def _script():
    """Return the script of all pages in one file: browsers load no modules for a page that is opened from a folder."""
    script = asset(*SCRIPTS).removesuffix("export default { render };\n")
    host = (STATIC / "host.js").read_text(encoding="utf-8")
    words = f"const WORDS = {json.dumps(graph_words(), ensure_ascii=False)};"
    return f'"use strict";\n(() => {{\n{words}\n{script}\n{host}}})();\n'
