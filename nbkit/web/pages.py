"""Notebooks as pages of HTML, with the pages and files that they need beside them."""

import json
import re
from functools import partial
from pathlib import Path
from urllib.parse import quote, unquote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from nbconvert.filters import ansi2html

from nbkit.drawing import theme
from nbkit.drawing.graph.renderer import MIN_SCALE
from nbkit.drawing.still import DARKENED, LIGHT_GROUND
from nbkit.messages import _
from nbkit.web import index, words
from nbkit.web.address import PLACEHOLDER, binder, repository
from nbkit.web.live import licences, sizes
from nbkit.web.stills import MIME
from nbkit.widgets.kit.assets import asset
from nbkit.widgets.kit.graph_view import SCRIPTS, graph_words

STATIC = Path(__file__).parent / "static"
LEAD = "**After this notebook you can** "  # begins the second paragraph of every chapter; the index says it once
LIVE = "live"  # the folder of the browser edition
BESIDE = (".py", ".md")  # a file of this kind that a notebook links to gets a page of its own


class Site:
    """All pages, which know of each other.

    Parameters
    ----------
    notebooks : dict
        Notebooks by their paths, in the order of the course.

    Raises
    ------
    ValueError
        If they stand in several folders, or one would take the place of the index.
    """

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
        self.repository = repository()
        self.live = None
        environment = Environment(
            loader=FileSystemLoader(STATIC), autoescape=True, trim_blocks=True, lstrip_blocks=True,
            undefined=StrictUndefined,
        )  # fmt: skip
        environment.globals |= {
            "_": _, "still": MIME, "code": words.code, "captioned": words.captioned, "terminal": ansi2html,
            "least": _least, "light": LIGHT_GROUND, "linked": self._linked, "site": self,
        }  # fmt: skip
        self.template = environment.get_template("page.html.j2")

    def add_live(self, folder):
        """Take in the browser edition: its files, and how much a browser loads at the first visit of each chapter.

        Parameters
        ----------
        folder : pathlib.Path
        """
        megabytes = sizes.megabytes(folder, self.notebooks.values())
        readme = self.root / "README.md"  # for those whose browser cannot run a chapter
        installing = self._follow(readme.name, path=readme, grow=True) if readme.exists() else ""
        self.live = {
            "folder": folder, "installing": installing, "size": _size(min(megabytes), max(megabytes)),
            "sizes": {path: _size(count, count) for path, count in zip(self.notebooks, megabytes, strict=True)},
        }  # fmt: skip

    def files(self):
        """Return the files of the site.

        Returns
        -------
        dict
            For each name what stands there, or its path.

        Raises
        ------
        ValueError
            If a link leads nowhere.
        """
        chapters = [self._chapter(path, notebook) for path, notebook in self.notebooks.items()]
        found = {}
        for before, chapter, after in zip([None, *chapters], chapters, [*chapters[1:], None], strict=False):
            found[chapter["name"]] = self.template.render(kind="notebook", before=before, after=after, **chapter)
        for path, name in self.beside.items():
            found[name] = self._file(path)
        found |= self._index(chapters)
        title = _("Licences of what these pages carry")
        text = licences.page(self.live and self.live["folder"])
        found["licences.html"] = self.template.render(kind="licences", title=title, html=text)
        return found | {"style.css": _style(), "site.js": _script(self.live)} | self._live_files()

    def _live_files(self):
        """Return the paths of the browser edition's files, by their names in the site."""
        if not self.live:
            return {}
        folder = self.live["folder"]
        paths = [path for path in sorted(folder.rglob("*")) if path.is_file()]
        return {f"{LIVE}/{path.relative_to(folder).as_posix()}": path for path in paths}

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
            "binder": binder(self.repository, path.relative_to(self.root).as_posix()),
            "run": self._run(path), "size": self.live and self.live["sizes"][path],
        }  # fmt: skip

    def _run(self, path):
        """Return the address under which the browser edition opens a notebook, or nothing where there is none."""
        return f"{LIVE}/lab/index.html?path={quote(path.name)}" if self.live else ""

    def _file(self, path):
        """Return the page of a file that a notebook links to."""
        text = path.read_text(encoding="utf-8")
        title = path.relative_to(self.root).as_posix()
        if path.suffix == ".py":
            return self.template.render(kind="source", title=title, html=words.code(text))
        html = words.within(self._markdown(path, grow=False)(text))
        return self.template.render(kind="text", title=title, html=html)

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


def _size(least, most):
    return _("{} MB").format(most) if least == most else _("{} to {} MB").format(least, most)


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


def _script(live):
    """Return the script of all pages in one file: browsers load no modules for a page that is opened from a folder."""
    script = asset(*SCRIPTS).removesuffix("export default { render };\n")
    words, names = {"WORDS": graph_words()}, ["host.js"]
    if live:
        words["RUN"] = _run_words(live)
        names.append("run.js")
    host = "".join((STATIC / name).read_text(encoding="utf-8") for name in names)
    words = "".join(f"const {name} = {json.dumps(said, ensure_ascii=False)};\n" for name, said in words.items())
    return f'"use strict";\n(() => {{\n{words}{script}\n{host}}})();\n'


def _run_words(live):
    """Return what the page says about running a chapter here, where a browser cannot do it, or only just."""
    return {
        "installing": live["installing"],
        "file": _("Chapters do not run from a folder: start a web server in it with `python -m http.server`, and "
                  "open http://localhost:8000. Reading works here."),
        "old": _("This browser cannot run chapters; a current Firefox, Chrome, Edge or Safari can."),
        "way": _("Or run it elsewhere: {}."),
        "onBinder": _("on Binder"),
        "byInstalling": _("install the course"),
        "unsaved": _("This browser keeps nothing for this page, as in some private windows: what you write in a "
                     "chapter is lost when you close it."),
        "noFiles": _("In this window, or at an address without https, a chapter runs, but Python sees no files."),
        "small": _("Reading works on any screen; to run chapters ({size}) a computer is more comfortable."),
        "metered": _("This connection is set to save data, and running loads {size}: a computer is more comfortable."),
    }  # fmt: skip
