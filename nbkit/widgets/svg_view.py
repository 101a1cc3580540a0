"""A picture in the page: SVG text, swapped in place whenever it changes, that tells where a hand touches it."""

import math
from typing import NamedTuple

import anywidget
import traitlets

from nbkit._text import _, kind_of
from nbkit.widgets.panel import for_browser

HANDS = ("press", "drag", "drop", "delete")


class Touch(NamedTuple):
    """What a hand did to a picture, with pointer or keyboard.

    Attributes
    ----------
    hand : str
        "press" (once, where it goes down), "drag" (where it is by now), "drop" (where it lets go) or "delete".
    pad : str or None
        ``data-pad`` of the area in which it went down, or the ``data-on`` of a mark that stands on one.
    item : str or None
        ``data-item`` of the thing on which it went down.
    x, y : float
        Where it is, in units of the picture: pixels from its upper left corner.
    """

    hand: str
    pad: str | None
    item: str | None
    x: float
    y: float


class SvgView(anywidget.AnyWidget):
    """Show SVG text that nbkit made.

    Attributes
    ----------
    svg : str
        Trusted: every label in it must be escaped already, as nbkit's drawing rooms do.
    """

    _esm = for_browser("picture.js", "svg_view.js")
    svg = traitlets.Unicode("").tag(sync=True)

    def on_touch(self, callback):
        """Call ``callback(touch)`` for every `Touch` of an element that has ``data-pad`` or ``data-item``.

        While something is dragged, the next position is reported as soon as a new picture has been shown, so a slow
        answer drops positions instead of piling them up.
        """
        self.on_msg(lambda _view, message, _buffers: callback(as_touch(message)))


def as_touch(message):
    """Return a message from the page as a `Touch`, or say what is wrong with it."""
    try:
        touch = Touch(*(message[name] for name in Touch._fields))
        touch = touch._replace(x=float(touch.x), y=float(touch.y))
        known = touch.hand in HANDS and all(isinstance(name, str | None) for name in (touch.pad, touch.item))
    except (TypeError, KeyError, ValueError, OverflowError):
        known = False
    if not known or not (math.isfinite(touch.x) and math.isfinite(touch.y)):
        raise ValueError(_("a touch has {rule}, got {got}").format(rule=Touch._fields, got=kind_of(message)))
    return touch
