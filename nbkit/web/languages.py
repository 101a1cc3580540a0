"""Which notebooks are in which language: a translation stands beside the English ones, in a folder named by its tag."""

import re
from typing import NamedTuple

from nbkit.languages import ENGLISH, LANGUAGES, Language, language_named


class Course(NamedTuple):
    """Notebooks of one language, by their resolved paths, all of one folder."""

    language: Language
    folder: object  # a pathlib.Path
    notebooks: dict

    @property
    def home(self):
        """The folder of the course's notebooks, in which translations have theirs."""
        return self.folder if language_of(self.folder.name) == ENGLISH else self.folder.parent

    @property
    def place(self):
        """Where the language stands in what is made of `home`: nothing for the top, or such as ``zh-CN/``."""
        return f"{self.folder.name}/" if self.home != self.folder else ""


def language_of(place):
    """Return the language of a file or folder of the course: that by whose tag it or one of its folders is named.

    Parameters
    ----------
    place : str
        Its path from the root of the course: how the folders above are named does not matter.

    Returns
    -------
    nbkit.languages.Language
    """
    names = re.split(r"[./]", place)
    return next((known for known in LANGUAGES if known != ENGLISH and known.tag in names), ENGLISH)


def notebooks_in(home):
    """List the notebooks of a course's folder, in every language that is offered.

    Parameters
    ----------
    home : pathlib.Path

    Returns
    -------
    list of pathlib.Path
    """
    folders = [home if language == ENGLISH else home / language.tag for language in LANGUAGES if language.offered]
    return [path for folder in folders for path in sorted(folder.glob("*.ipynb"))]


def courses_of(notebooks):
    """Sort notebooks by their folders, of which each is in one language.

    Parameters
    ----------
    notebooks : dict
        Notebooks, as nbformat reads them, by their paths.

    Returns
    -------
    list of Course
        In the order of the languages.
    """
    folders = {}
    for path, notebook in notebooks.items():
        folders.setdefault(path.resolve().parent, {})[path.resolve()] = notebook
    found = [Course(_language(folder, inside), folder, inside) for folder, inside in folders.items()]
    return sorted(found, key=lambda course: (LANGUAGES.index(course.language), course.folder))


def _language(folder, notebooks):
    if (named := language_of(folder.name)) != ENGLISH:
        return named
    said = [notebook.get("metadata", {}).get("nbkit", {}) for notebook in notebooks.values()]
    named = next((about["language"] for about in said if isinstance(about, dict) and "language" in about), "")
    return language_named(str(named)) or ENGLISH
