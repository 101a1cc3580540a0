"""The one door through which every sentence for a learner passes, so that it can be translated."""

import gettext
from pathlib import Path

_ = gettext.translation("nbkit", Path(__file__).parent / "locale", fallback=True).gettext


def kind_of(thing):
    """Name what came, shortly: ``text 'abc'``, ``an array of shape (2, 3)``, ``None``."""
    if isinstance(thing, str):
        return _("text {!r}").format(thing if len(thing) <= 40 else thing[:37] + "...")
    if hasattr(thing, "shape"):
        return _("an array of shape {} and type {}").format(thing.shape, getattr(thing, "dtype", "?"))
    text = repr(thing)
    return text if len(text) <= 60 else _("a {}").format(type(thing).__name__)
