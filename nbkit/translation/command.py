"""The command ``translate``: catalogues and documents of the other languages, and what is left to be done."""

from pathlib import Path

from nbkit.languages import ENGLISH, LANGUAGES, language_named
from nbkit.messages import _, kind_of, shortened
from nbkit.translation.build import Edition

MOST_SHOWN = 100  # entries of a language


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
    left, total = edition.open_entries(), edition.count()
    if check:
        stale = list(edition.out_of_date())
    else:
        edition.write_catalogues()
        stale = edition.write_documents()
    for entry in left[:MOST_SHOWN]:
        words = _("{domain}, {place}: fuzzy: {text}") if entry.is_fuzzy else _("{domain}, {place}: missing: {text}")
        print(words.format(domain=entry.domain, place=entry.place, text=repr(shortened(entry.text, 80))))
    if len(left) > MOST_SHOWN:
        print(_("... and {} more").format(len(left) - MOST_SHOWN))
    words = _("{name} ({code}): {done} of {total} entries translated, missing: {missing}, fuzzy: {fuzzy}")
    fuzzy = sum(entry.is_fuzzy for entry in left)
    counts = {"done": total - len(left), "total": total, "missing": len(left) - fuzzy, "fuzzy": fuzzy}
    print(words.format(name=edition.language.name, code=edition.language.code, **counts))
    for path in stale:
        print((_("out of date: {}") if check else _("written: {}")).format(path))
    stale = stale + edition.stale_catalogues() if check else []
    return int(edition.language.offered and bool(left or stale))
