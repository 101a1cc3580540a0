"""What is said to a learner: each sentence passes through ``_`` to be translated, and shortens what it quotes."""

import re
from contextlib import contextmanager
from functools import reduce
from string import Formatter

from nbkit.languages import LANGUAGES, catalogue_of, chosen_language

_spoken = chosen_language()
_catalogue = catalogue_of(_spoken)
_meant = {}  # what was said in another language than English: for each sentence those of nbkit that it translates

HAN = re.compile("[\u2e80-\u9fff]")
OPEN, CLOSE = "\ue000", "\ue001"  # of no writing
MAX_NAME_CHARACTERS = 20_000  # pictures and messages cut a name, but have to read all of it


def _(text):
    """Return a sentence of nbkit in the language that is spoken."""
    said = _catalogue.gettext(text) if text else ""  # to gettext, no text means the head of the catalogue
    if said != text:
        _meant.setdefault(said, set()).add(text)
    return said if _spoken.is_spaced else _Unspaced(said)


class _Unspaced(str):
    """A sentence of a language without blanks between words: none stays beside a word of its own that is put in."""

    def format(self, *args, **fields):
        if any(isinstance(part, str) and HAN.search(part) for part in (*args, *fields.values())):
            said = _Marking().vformat(self, args, fields)
            return re.sub(f"(?<={HAN.pattern}) {OPEN}|{CLOSE} (?={HAN.pattern})|{OPEN}|{CLOSE}", "", said)
        return super().format(*args, **fields)


class _Marking(Formatter):
    """Marks the ends of what is put in where it begins or ends with a Chinese character."""

    def format_field(self, value, format_spec):
        text = super().format_field(value, format_spec)
        return (OPEN if HAN.match(text) else "") + text + (CLOSE if HAN.match(text[-1:]) else "")


def spoken():
    """Return the language that is spoken, an `nbkit.languages.Language`."""
    return _spoken


@contextmanager
def speaking(language):
    """Speak another language for a while; sentences that a module has looked up while it was loaded stay."""
    global _spoken, _catalogue
    before = _spoken, _catalogue
    _spoken, _catalogue = language, catalogue_of(language)
    try:
        yield
    finally:
        _spoken, _catalogue = before


def in_all_languages(text):
    """Return a sentence of nbkit in each language that has it: stored outputs may be in any."""
    return tuple(dict.fromkeys(catalogue_of(language).gettext(text) for language in LANGUAGES))


def as_in_any_language(said):
    """Return what `_` has returned in each language, itself the first: a learner's code may have names of any."""
    meant = sorted(_meant.get(said, {said}))
    return tuple(dict.fromkeys([said, *(other for text in meant for other in in_all_languages(text))]))


def listed(parts):
    """Return a list as a sentence has it: ``a, b, c``."""
    return _(", ").join(parts)


def listed_apart(parts):
    """Return a list of longer parts, which may hold commas themselves: ``a, b; c``."""
    return _("; ").join(parts)


def in_a_row(sentences):
    """Return one sentence after the other; not every language has a space between them."""
    said = [sentence for sentence in sentences if sentence]
    return reduce(lambda one, other: _("{one} {other}").format(one=one, other=other), said) if said else ""


def shortened(text, most):
    """Return `text`, cut to `most` characters."""
    return text if len(text) <= most else text[: most - 3] + "..."


def kind_of(thing):
    """Name what came, shortly: ``text 'abc'``, ``an array of shape (2, 3)``, ``None``."""
    kind = type(thing).__name__
    try:
        if isinstance(thing, str):
            return _("text {!r}").format(shortened(thing, 40))
        if hasattr(thing, "shape") and hasattr(thing, "dtype"):
            if thing.shape != ():
                shape, dtype = str(thing.shape), str(thing.dtype)
                return _("an array of shape {} and type {}").format(shortened(shape, 60), shortened(dtype, 60))
            thing = thing.item()  # a number of NumPy is said as a number
        text = repr(thing)
    except (Exception, SystemExit):  # a thing of the learner's own, or one too large to be written
        text = ""
    return text if 0 < len(text) <= 60 else _("a {}").format(shortened(kind, 60))


def as_name(name):
    """Return a name or None as it is; refuse what is no text, and what is too long."""
    if name is not None and not isinstance(name, str):
        raise TypeError(_("a name must be text, got {}").format(kind_of(name)))
    if name is not None and len(name) > MAX_NAME_CHARACTERS:
        rule = _("a name has at most {most} characters, this has {got}")
        raise ValueError(rule.format(most=MAX_NAME_CHARACTERS, got=len(name)))
    return name


def said_by(error):
    """Return what an error says, shortly; its own words may fail, or never end."""
    try:
        return shortened(str(error), 500)
    except (Exception, SystemExit):
        return ""
