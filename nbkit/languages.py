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
# In the metadata of a notebook. Within the text of cells the quotes would have backslashes.
IN_NOTEBOOK = re.compile(rb'"nbkit":\s*\{\s*"language":\s*"([\w-]{2,20})"')
MOST_NOTEBOOKS = 50  # are opened, where the first ones do not say,
MOST_BYTES = 50_000_000  # and read


class Language(NamedTuple):
    """A language that the course has, or is being translated to."""

    code: str  # of gettext and its folder of catalogues
    tag: str  # of web pages and of its folder of notebooks
    name: str  # as its readers call it
    offered: bool = True  # False while its translation is not complete
    others: tuple = ()  # names of locales in which it is spoken as well
    is_spaced: bool = True  # whether there are blanks between its words


ENGLISH = Language("en", "en", "English")
SIMPLIFIED = ("zh", "zh_hans", "zh_sg", "chinese (simplified)")
OTHER_CHINESE = {"hant", "tw", "hk", "mo", "yue"}  # with signs of their own
LANGUAGES = (
    ENGLISH,
    Language("zh_CN", "zh-CN", "简体中文", others=SIMPLIFIED, is_spaced=False),
)


def language_named(name):
    """Return the language that a code, a tag or a locale's name means, such as zh_CN.UTF-8; None for an unknown one."""
    words = re.split(r"[.@]", name)[0].replace("-", "_").lower().split("_")
    if words[0] == "zh" and "hans" not in words and OTHER_CHINESE.intersection(words):
        return None
    # From all of it to its first word: zh_hans_cn, zh_hans, zh. A country that is not listed, as in en_GB, is left out.
    for count in range(len(words), 0, -1):
        for language in LANGUAGES:
            if "_".join(words[:count]) in (language.code.lower(), *language.others):
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
    left = MOST_BYTES
    for path in [*paths, *(Path(folder or ".", name) for name in names[:MOST_NOTEBOOKS])]:
        try:
            left -= path.stat().st_size if path.is_file() else 0
            found = IN_NOTEBOOK.search(path.read_bytes()) if left > 0 and path.is_file() else None
        except OSError:
            continue
        language = found and language_named(found[1].decode())
        if language:
            return language
    return None


def _of_locale(environment):
    """Return the language of the locale, if the course is offered in it."""
    for variable in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        if names := environment.get(variable, "").strip(":"):
            known = (language_named(name) for name in names.split(":"))
            return next((language for language in known if language and language.offered), ENGLISH)
    try:
        language = language_named(locale.getlocale()[0] or "")  # Windows says it here
    except ValueError:  # a name that Python does not know
        return None
    return language if language and language.offered else None


def catalogue_of(language):
    """Return the catalogue of nbkit's sentences in a language; English needs none."""
    if language == ENGLISH:
        return gettext.NullTranslations()
    try:
        return gettext.translation("nbkit", FOLDER, [language.code], fallback=True)
    except (OSError, ValueError) as error:  # a damaged file is no reason to do without nbkit
        warnings.warn(
            f"the catalogue of {language.code} cannot be read, so nbkit speaks English: {error}", stacklevel=2
        )
        return gettext.NullTranslations()
