"""The command ``translate``: catalogues and documents of the other languages, and what is left to be done."""

from collections import Counter
from pathlib import Path

from nbkit.languages import ENGLISH, LANGUAGES, language_named
from nbkit.messages import _, kind_of, shortened
from nbkit.translation.build import Edition

MOST_SHOWN = 100  # entries of a language
IN_WORDS = {"missing": _("missing"), "fuzzy": _("fuzzy")}


def translate(names, check=False, root="."):
    """Bring the editions in other languages up to date, or say what is not.

    Parameters
    ----------
    names : list of str
        The languages, such as zh_CN; none for all.
    check : bool
        Write nothing.
    root : str or pathlib.Path
        The folder of the course.

    Returns
    -------
    int
        1 if something is left to be done for a language that is offered to readers, else 0.

    Raises
    ------
    ValueError
        For a language that `nbkit.languages` does not list, and where `root` is not the folder of the course.
    """
    root = Path(root)
    if not (root / "nbkit" / "languages.py").exists() or not (root / "notebooks").is_dir():
        raise ValueError(_("run it in the folder of the course: {} is not that").format(kind_of(str(root.resolve()))))
    return max([_translate(Edition(root, language), check) for language in _languages(names)], default=0)


def _languages(names):
    known = [language for language in LANGUAGES if language != ENGLISH]
    if not names:
        return known
    found = [language_named(name) for name in names]
    for name, language in zip(names, found, strict=True):
        if language not in known:
            rule = _("a language is one of {known}, as nbkit/languages.py lists them, got {got}")
            raise ValueError(rule.format(known=", ".join(one.code for one in known), got=kind_of(name)))
    return list(dict.fromkeys(found))


def _translate(edition, check):
    """Work on one language, say what is left, and return 1 if that must not be."""
    left = edition.open_entries()
    if check:
        stale = [*edition.out_of_date(), *edition.stale_catalogues()]
    else:
        edition.write_catalogues()
        stale = edition.write_documents()
    _say(edition, left)
    for path in stale:
        print((_("out of date: {}") if check else _("written: {}")).format(path))
    return int(edition.language.offered and bool(left or (check and stale)))


def _say(edition, left):
    """Print the entries that are left, and how many are not."""
    for entry in left[:MOST_SHOWN]:
        text = repr(shortened(entry.text, 80))
        words = _("{domain}, {place}: {why}: {text}")
        print(words.format(domain=entry.domain, place=entry.place, why=IN_WORDS.get(entry.why, entry.why), text=text))
    if len(left) > MOST_SHOWN:
        print(_("... and {} more").format(len(left) - MOST_SHOWN))
    words = _(
        "{name} ({code}): {done} of {total} entries translated, missing: {missing}, fuzzy: {fuzzy}, wrong: {wrong}"
    )
    total, kinds = edition.count(), Counter(entry.why if entry.why in IN_WORDS else "wrong" for entry in left)
    counts = {kind: kinds[kind] for kind in ("missing", "fuzzy", "wrong")} | {"done": total - len(left), "total": total}
    print(words.format(name=edition.language.name, code=edition.language.code, **counts))
