"""The whole site: the pages of each language, what they share, and what leads from one to the other."""

import json
from collections import Counter
from urllib.parse import quote

from nbkit.drawing import theme
from nbkit.drawing.markup import as_markup, element, tag
from nbkit.drawing.still import DARKENED, LIGHT_GROUND
from nbkit.messages import _, speaking
from nbkit.web.address import site_of
from nbkit.web.languages import courses_of
from nbkit.web.live.words import course
from nbkit.web.pages import LIVE, STATIC, Pages
from nbkit.widgets.kit.assets import asset
from nbkit.widgets.kit.graph_view import SCRIPTS, graph_words

DOCTYPE = as_markup("<!doctype html>\n")
DECLARATION = as_markup('<?xml version="1.0" encoding="UTF-8"?>\n')
URLSET = element(
    "urlset", xmlns="http://www.sitemaps.org/schemas/sitemap/0.9", **{"xmlns:xhtml": "http://www.w3.org/1999/xhtml"}
)


class Site:
    """All pages in all languages; those of the first one stand at the top, beside what all of them share.

    Parameters
    ----------
    notebooks : dict
        Notebooks by their paths, in the order of the course; each folder is in one language.

    Raises
    ------
    ValueError
        If those of one language stand in several folders, or one would take the place of the index.
    """

    def __init__(self, notebooks):
        courses = courses_of(notebooks)
        folders = sorted({course.folder for course in courses})
        homes = {course.home for course in courses}
        if len(homes) > 1 or len({course.language for course in courses}) < len(courses):
            rule = _("the notebooks of a site stand in one folder, and its translations in folders in it, got {}")
            raise ValueError(rule.format(", ".join(map(str, folders))))
        self.folder = homes.pop()
        self.live = None
        self.languages = [Pages(course, self) for course in courses]
        self.address = site_of(self.languages[0].repository)

    def add_live(self, folder):
        """Take in the browser edition.

        Parameters
        ----------
        folder : pathlib.Path
        """
        self.live = folder
        for pages in self.languages:
            pages.add_live(folder)

    def files(self):
        """Return the files of the site.

        Returns
        -------
        dict
            For each name what stands there, or its path.

        Raises
        ------
        ValueError
            If a link leads nowhere, or two pages would have one name.
        """
        found = {}
        for pages in self.languages:
            found |= pages.chapters()
        self._refuse_one_name_for_two()  # now that it is known what stands beside the chapters
        for pages in self.languages:
            found |= pages.others(self.live)
        if "index.html" not in found:
            found["index.html"] = _leading_to(self.languages[0])
        found |= {"style.css": _style(), "site.js": _script(self.languages)}
        return found | self._for_search_engines() | self._live_files()

    def _refuse_one_name_for_two(self):
        names = Counter(pages.prefix + name for pages in self.languages for name in pages.taken())
        twice = sorted(name for name, count in names.items() if count > 1)
        if twice:
            raise ValueError(_("two pages of the site would be {}: give one of them another name").format(twice[0]))

    def ways(self, pages, name):
        """Return where a page stands on the web, if that is known, and where it stands in each of its languages.

        Parameters
        ----------
        pages : nbkit.web.pages.Pages
            Those of its language.
        name : str
            Its name among them.

        Returns
        -------
        dict
        """
        same = [other for other in self.languages if name in other.taken()]
        on_the_web = self._on_the_web(name)
        return {
            "canonical": on_the_web.get(pages.language.tag),
            "elsewhere": [
                {
                    "language": other.language,
                    "here": quote(name) if other is pages else pages.top + other.prefix + quote(name),
                    "address": on_the_web.get(other.language.tag),
                }
                for other in (same if len(same) > 1 else ())
            ],
        }

    def _on_the_web(self, name):
        """Return the addresses of a page in each of its languages, where that of the site is known."""
        place = quote("" if name == "index.html" else name)
        having = [pages for pages in self.languages if self.address and name in pages.taken()]
        return {pages.language.tag: f"{self.address}{quote(pages.prefix)}{place}" for pages in having}

    def _for_search_engines(self):
        """Return the list of all pages, each with its translations, where the address of the site is known."""
        if not self.address:
            return {}
        entries = []
        for pages, name in ((one, name) for one in self.languages for name in one.mapped()):
            languages = self._on_the_web(name)
            others = languages.items() if len(languages) > 1 else ()
            links = [
                element("xhtml:link", rel="alternate", hreflang=tag, href=href)() for tag, href in others
            ]  # fmt: skip
            entries.append(element("url")(element("loc")(languages[pages.language.tag]), links))
        return {
            "sitemap.xml": DECLARATION + URLSET("\n", [[entry, "\n"] for entry in entries]) + "\n",
            "robots.txt": f"User-agent: *\nAllow: /\nSitemap: {self.address}sitemap.xml\n",
        }

    def _live_files(self):
        """Return the paths of the browser edition's files, by their names in the site."""
        paths = [path for path in sorted(self.live.rglob("*")) if path.is_file()] if self.live else []
        return {f"{LIVE}/{path.relative_to(self.live).as_posix()}": path for path in paths}


def _leading_to(pages):
    """Return an index that leads on to that of a language, where none stands at the top."""
    page = f"{quote(pages.prefix)}index.html"
    with speaking(pages.language):
        name = course()
    head = [
        tag("meta", charset="utf-8"), tag("meta", http_equiv="refresh", content=f"0; url={page}"),
        element("title")(name),
    ]  # fmt: skip
    body = element("p")(element("a", href=page)(name))
    return DOCTYPE + element("html", lang=pages.language.tag)(element("head")(head), element("body")(body)) + "\n"


def _style():
    """Return the style sheet: the course's colours, the graphs' own rules, the pages'."""
    dark = theme.css_variables(":root", theme.DARK | theme.DARK_VERDICTS)
    light = theme.css_variables(":root", theme.LIGHT)
    graph = asset("graph_view.css", "scroll_edges.css")
    pages = (STATIC / "style.css").read_text(encoding="utf-8")
    images = f"img.{LIGHT_GROUND}{{{DARKENED}}}"
    return f"{light}\n@media screen and (prefers-color-scheme: dark){{{dark}{images}}}\n{graph}{pages}"


def _script(languages):
    """Return the script of all pages in one file: browsers load no modules for a page that is opened from a folder."""
    script = asset(*SCRIPTS).removesuffix("export default { render };\n")
    said = {pages.language.tag: _words(pages) for pages in languages}
    names = ["host.js", "run.js"] if languages[0].live else ["host.js"]
    host = "".join((STATIC / name).read_text(encoding="utf-8") for name in names)
    words = f"const SAID = {json.dumps(said, ensure_ascii=False)};\n"
    words += "const { WORDS, RUN } = SAID[document.documentElement.lang] ?? Object.values(SAID)[0];\n"
    return f'"use strict";\n(() => {{\n{words}{script}\n{host}}})();\n'


def _words(pages):
    """Return what the script says in the language of its page."""
    with speaking(pages.language):
        return {"WORDS": graph_words()} | ({"RUN": _run_words(pages.live) | {"gap": pages.gap}} if pages.live else {})


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
