"""The one door through which every sentence for a learner passes, so that it can be translated."""

import gettext
from pathlib import Path

_ = gettext.translation("nbkit", Path(__file__).parent / "locale", fallback=True).gettext

LONGEST_NAME = 20_000  # characters: pictures and messages cut a name, but each of them has to go through it


def shortened(text, most):
    """Return `text`, cut where it has more than `most` characters: a picture or a message has room for no more."""
    return text if len(text) <= most else text[: most - 3] + "..."


def kind_of(thing):
    """Name what came, shortly: ``text 'abc'``, ``an array of shape (2, 3)``, ``None``."""
    kind = type(thing).__name__
    try:
        if isinstance(thing, str):
            return _("text {!r}").format(shortened(thing, 40))
        if hasattr(thing, "shape") and hasattr(thing, "dtype"):
            shape, dtype = str(thing.shape), str(thing.dtype)
            return _("an array of shape {} and type {}").format(shortened(shape, 60), shortened(dtype, 60))
        text = repr(thing)
    except (Exception, SystemExit):  # a thing of the learner's own, or one too large to be written
        text = ""
    return text if 0 < len(text) <= 60 else _("a {}").format(shortened(kind, 60))


def as_name(name):
    """Return a name, or None for none, as it is; refuse what is no text, and a text as long as a book."""
    if name is not None and not isinstance(name, str):
        raise TypeError(_("a name must be text, got {}").format(kind_of(name)))
    if name is not None and len(name) > LONGEST_NAME:
        raise ValueError(
            _("a name has at most {most} characters, this has {got}").format(most=LONGEST_NAME, got=len(name))
        )
    return name


def said_by(error):
    """Return what an error says, shortly; its own words may fail, or go on for ever."""
    try:
        return shortened(str(error), 500)
    except (Exception, SystemExit):
        return ""
