"""The languages of the course, and which of them is spoken: the environment says it, or the folder, or the locale."""

import gettext
import locale
import os
import re
import warnings
from pathlib import Path
from typing import NamedTuple

VARIABLE = "NBKIT_LANGUAGE"
FOLDER = Path(__file__).parent / "locale"
# In the metadata of a notebook. Within text the quotes would have backslashes, so that no cell can look like this.
IN_NOTEBOOK = re.compile(rb'"nbkit":\s*\{\s*"language":\s*"([\w-]{2,20})"')
MOST_NOTEBOOKS = 50  # are opened, where the first ones do not say


class Language(NamedTuple):
    """A language that the course has, or is being translated to."""

    code: str  # of gettext and its folder of catalogues
    tag: str  # of web pages and of its folder of notebooks
    name: str  # as its readers call it
    offered: bool = True  # False while its translation is not complete
    others: tuple = ()  # names of locales in which it is spoken as well
    is_spaced: bool = True  # whether there are blanks between its words


ENGLISH = Language("en", "en", "English")
SIMPLIFIED = ("zh", "zh_hans", "zh_sg", "chinese (simplified)", "chinese")
LANGUAGES = (
    ENGLISH,
    Language("zh_CN", "zh-CN", "简体中文", others=SIMPLIFIED, is_spaced=False),
)


def language_named(name):
    """Return the language that a code, a tag or a locale's name means, such as zh_CN.UTF-8; None for an unknown one."""
    short = re.split(r"[.@]", name)[0].replace("-", "_").lower()
    # From all of it to its first word: zh_hans_cn, zh_hans, zh.
    # A country that is not listed, as in en_GB, is no hindrance.
    words = short.split("_")
    names = ["_".join(words[:count]) for count in range(len(words), 0, -1)]
    if names[-1] == "zh" and re.search(r"_(hant|tw|hk|mo)\b", short):  # other signs are written there
        return None
    for one in names:
        for language in LANGUAGES:
            if one in (language.code.lower(), *language.others):
                return language
    return None


def chosen_language(environment=os.environ, folder=None):
    """Return the language to speak: as NBKIT_LANGUAGE says, else the notebooks of the folder, else the locale."""
    wanted = environment.get(VARIABLE, "").strip()
    if wanted:
        language = language_named(wanted)
        if language:
            return language
        known = ", ".join(language.code for language in LANGUAGES)
        warnings.warn(f"{VARIABLE} is one of {known}, got {wanted[:40]!r}: it is not used", stacklevel=2)
    return _of_notebooks(environment, folder) or _of_locale(environment) or ENGLISH


def _of_notebooks(environment, folder):
    """Return the language of the notebook that runs, if the server tells which, or of its folder."""
    running = environment.get("JPY_SESSION_NAME", "")
    paths = [Path(running)] if running.endswith(".ipynb") else []
    try:
        names = sorted(name for name in os.listdir(folder or ".") if name.endswith(".ipynb"))
    except OSError:  # the folder is gone, or may not be read
        names = []
    for path in [*paths, *(Path(folder or ".", name) for name in names[:MOST_NOTEBOOKS])]:
        try:
            found = IN_NOTEBOOK.search(path.read_bytes()) if path.is_file() else None
        except OSError:
            continue
        language = found and language_named(found[1].decode())
        if language:
            return language
    return None


def _of_locale(environment):
    for variable in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        if value := environment.get(variable):
            known = (language_named(name) for name in value.split(":"))
            return next((language for language in known if language), ENGLISH)
    return language_named(locale.getlocale()[0] or "")  # Windows says it here


def catalogue_of(language):
    """Return the catalogue of nbkit's sentences in a language; English needs none."""
    if language == ENGLISH:
        return gettext.NullTranslations()
    return gettext.translation("nbkit", FOLDER, [language.code], fallback=True)
