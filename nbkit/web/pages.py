"""Notebooks of one language as pages of HTML, with the pages and files that they need beside them."""

import re
from functools import partial
from pathlib import Path
from urllib.parse import quote, unquote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from nbconvert.filters import ansi2html

from nbkit.drawing.graph.renderer import MIN_SCALE
from nbkit.drawing.markup import unescape
from nbkit.drawing.still import LIGHT_GROUND
from nbkit.messages import _, shortened, speaking
from nbkit.web import index, words
from nbkit.web.address import PLACEHOLDER, binder, repository
from nbkit.web.languages import language_of
from nbkit.web.live import licences, sizes
from nbkit.web.live.words import course as name_of_course
from nbkit.web.stills import MIME, name_in

STATIC = Path(__file__).parent / "static"
LIVE = "live"  # the folder of the browser edition
BESIDE = (".py", ".md")  # a file of this kind that a notebook links to gets a page of its own
LONGEST = 300  # characters of what a page says of itself to search engines


def lead():
    """Return what begins the second paragraph of every chapter; the index says it once."""
    return _("**After this notebook you can**")


class Pages:
    """The pages of one language, which know of each other; `prefix` is their folder in the site, ``zh-CN/`` or nothing.

    Parameters
    ----------
    course : nbkit.web.languages.Course
    site : nbkit.web.site.Site
        It knows the other languages.

    Raises
    ------
    ValueError
        If a notebook would take the place of the index.
    """

    def __init__(self, course, site):
        self.language, self.folder, self.notebooks = course.language, course.folder, course.notebooks
        self.site, self.prefix = site, course.place
        self.top = "../" if self.prefix else ""
        self.root = course.home.parent
        self.names = {path: f"{path.stem}.html" for path in self.notebooks}
        if "index.html" in self.names.values():
            raise ValueError(_("the site has an index.html of its own: give the notebook index.ipynb another name"))
        self.gap = " " if self.language.is_spaced else ""  # between two sentences
        self.beside = {}
        self.live = None
        self.repository = repository()
        environment = Environment(
            loader=FileSystemLoader(STATIC), autoescape=True, trim_blocks=True, lstrip_blocks=True,
            undefined=StrictUndefined,
        )  # fmt: skip
        environment.globals |= {
            "_": _, "still": MIME, "code": words.code, "captioned": words.captioned, "terminal": ansi2html,
            "least": _least, "light": LIGHT_GROUND, "linked": self._linked, "pages": self,
            "name_in": name_in,
        }  # fmt: skip
        self.template = environment.get_template("page.html.j2")

    def add_live(self, folder):
        """Take in the browser edition: how much a browser loads at the first visit of each chapter.

        Parameters
        ----------
        folder : pathlib.Path
        """
        megabytes = sizes.megabytes(folder, self.notebooks.values(), self.prefix)
        readme = self._translated(self.root / "README.md")  # for those whose browser cannot run a chapter
        installing = self._follow(quote(readme.name), path=readme, grow=True) if readme.exists() else ""
        with speaking(self.language):
            self.live = {
                "installing": installing, "size": _size(min(megabytes), max(megabytes)),
                "sizes": {path: _size(count, count) for path, count in zip(self.notebooks, megabytes, strict=True)},
            }  # fmt: skip

    def chapters(self):
        """Return the pages of the notebooks by their names; only afterwards it is known which files they link to.

        Returns
        -------
        dict

        Raises
        ------
        ValueError
            If a link leads nowhere.
        """
        with speaking(self.language):
            chapters = [self._chapter(path, notebook) for path, notebook in self.notebooks.items()]
            around = zip([None, *chapters], chapters, [*chapters[1:], None], strict=False)
            return {
                self.prefix + chapter["name"]: self._page("notebook", before=before, after=after, **chapter)
                for before, chapter, after in around
            }

    def others(self, live=None):
        """Return the pages that are no chapters, and the pictures of the index.

        Parameters
        ----------
        live : pathlib.Path, optional
            The folder of the browser edition, of which the licences are told.

        Returns
        -------
        dict
        """
        with speaking(self.language):
            found = {name: self._file(path, name) for path, name in self.beside.items()}
            found |= self._index([self._chapter(path, notebook) for path, notebook in self.notebooks.items()])
            title = _("Licences of what these pages carry")
            html = licences.page(live)
            found["licences.html"] = self._page("licences", name="licences.html", title=title, about=title, html=html)
            return {self.prefix + name: content for name, content in found.items()}

    def taken(self):
        """Return the names of all pages in this language, each as often as there is a page for it."""
        return ["index.html", "licences.html", *self.names.values(), *self.beside.values()]

    def mapped(self):
        """Return the names of the pages of which search engines are told: code and licences are none."""
        texts = (name for path, name in self.beside.items() if path.suffix == ".md")
        return [*self.names.values(), "index.html", *texts]

    def _page(self, kind, **what):
        """Return a page; what search engines and the switch of languages need is the same for every kind."""
        return self.template.render(kind=kind, **self.site.ways(self, what["name"]), **what)

    def _index(self, chapters):
        """Return the index and its pictures: a file each, which a browser loads when it comes into sight."""
        cards, files = [], {}
        for chapter, picture in zip(chapters, index.pictures(self.notebooks.values()), strict=True):
            cards.append(chapter | {"picture": None})
            if picture:
                ending, content, told = picture
                name = chapter["name"].removesuffix(".html") + ending
                files[name], cards[-1]["picture"] = content, {"name": name, "words": told}
        about = _("A course in Jupyter notebooks, from the price of two apples to your own automatic differentiation.")
        glossary = self.beside.get(self.folder / "glossary.md")
        page = self._page(
            "index", name="index.html", title=None, about=about, chapters=cards, glossary=glossary
        )  # fmt: skip
        return files | {"index.html": page}

    def _chapter(self, path, notebook):
        """Collect what the page of a notebook shows."""
        first = notebook.cells[0].source if notebook.cells else ""
        title = re.match(r"# (.+)", first)
        paragraphs = first.split("\n\n") if title else []
        told = paragraphs[1] if len(paragraphs) > 1 else ""
        summary = told.removeprefix(lead()).lstrip()
        markdown = self._markdown(path, grow=True)
        title = title[1] if title else path.stem
        return {
            "name": self.names[path], "title": title, "cells": notebook.cells, "about": _plain(markdown(told)) or title,
            "summary": markdown(summary[:1].upper() + summary[1:]), "markdown": markdown,
            "binder": binder(self.repository, path.relative_to(self.root).as_posix()),
            "run": self._run(path), "size": self.live and self.live["sizes"][path],
        }  # fmt: skip

    def _run(self, path):
        """Return the address under which the browser edition opens a notebook, or nothing where there is none."""
        return f"{self.top}{LIVE}/lab/index.html?path={quote(self.prefix + path.name)}" if self.live else ""

    def _file(self, path, name):
        """Return the page of a file that a notebook links to."""
        text = path.read_text(encoding="utf-8")
        place = path.relative_to(self.root).as_posix()
        if path.suffix == ".py":
            about = _("{file}, a part of the course's code").format(file=place)
            return self._page("source", name=name, title=place, about=about, html=words.code(text))
        html = _within(self._markdown(path, grow=False)(text))
        title = re.search(r"^# (.+)", text, re.MULTILINE)
        title = title[1] if title else place
        about = _plain(words.first_paragraph(html)) or title
        title = None if title == name_of_course() else title  # which stands behind every title
        return self._page("text", name=name, title=title, about=about, html=html)

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
            owner = self._owner(target)
            owner.beside[target] = owner._name_beside(target)
        for pages in (self, *self.site.languages):
            if name := pages.names.get(target) or pages.beside.get(target):
                return ("" if pages is self else self.top + pages.prefix) + name + hash_ + anchor
        if target.is_relative_to(self.root):
            place = target.relative_to(self.root).as_posix()
            return f"{self.repository}/blob/HEAD/{place}{hash_}{anchor}" if self.repository else ""
        raise ValueError(_("{path} links to {url}, which is not a part of the site").format(path=path, url=url))

    def _owner(self, target):
        """Return the pages among which a text stands: those of its language. Code stands among those with the link."""
        language = language_of(target.relative_to(self.root).as_posix())
        same = (pages for pages in self.site.languages if pages.language == language and target.suffix == ".md")
        return next(same, self)

    def _translated(self, path):
        """Return the page of Markdown in the language of these pages, if there is one."""
        other = path.with_suffix(f".{self.language.tag}{path.suffix}")
        return other if other.exists() else path

    def _name_beside(self, path):
        """Return the name of the page of a file, the same in each language; beside the notebooks it is a short one."""
        if path.parent == self.folder and path.suffix == ".md" and path.stem not in ("README", "index"):
            return f"{path.stem}.html"
        place = "-".join(path.relative_to(self.root).parts)
        return re.sub(rf"[-.]{re.escape(self.language.tag)}(?=[-.])", "", place) + ".html"


def _size(least, most):
    return _("{} MB").format(most) if least == most else _("{} to {} MB").format(least, most)


def _within(html):
    """Return a page whose links to its own headings find them: GitHub writes such places in small letters."""
    ids = re.findall(r'\bid="([^"]*)"', html)
    places = {re.sub(r"[^\w-]", "", unquote(unescape(place)).lower()): place for place in ids}
    return re.sub('href="#([^"]+)"', lambda found: f'href="#{places.get(unquote(found[1]), found[1])}"', html)


def _plain(html):
    """Return the words of HTML in one line."""
    return shortened(" ".join(unescape(re.sub("<[^>]*>", "", html)).split()), LONGEST)


def _least(svg):
    """Return to how many pixels of width a narrow page may shrink a picture before it scrolls."""
    width = re.search(r'<svg[^>]*\swidth="([\d.]+)', svg)
    return round(MIN_SCALE * float(width[1])) if width else 0
