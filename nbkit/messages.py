"""What is said to a learner: each sentence passes through ``_`` to be translated, and shortens what it quotes."""

import gettext
from pathlib import Path

_ = gettext.translation("nbkit", Path(__file__).parent / "locale", fallback=True).gettext

MAX_NAME_CHARACTERS = 20_000  # pictures and messages cut a name, but have to read all of it


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
