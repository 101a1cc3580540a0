"""A picture in the page: SVG text, swapped in place whenever it changes, that tells where a hand touches it."""

import math
from time import monotonic
from typing import NamedTuple

import anywidget
import traitlets

from nbkit.messages import _, kind_of
from nbkit.widgets.kit.panel import for_browser

HANDS = ("press", "drag", "drop", "delete")
ON_THEIR_WAY = 8  # pictures at most: the page tells of every fifth, as each message costs the kernel milliseconds
PATIENCE = 2.0  # seconds without a word from the page: nobody looks any more


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
    number : int
        Of the last picture that `show` has sent.
    """

    _esm = for_browser("picture.js", "svg_view.js")
    svg = traitlets.Unicode("").tag(sync=True)
    number = traitlets.Int(0).tag(sync=True)

    def __init__(self, **traits):
        super().__init__(**traits)
        self.arrived, self.sent = None, 0.0  # the last number that a page has told; None before the first
        self.on_msg(self._told)

    def show(self, svg):
        """Show a picture that others will follow by themselves, as in a training; the page tells how far it is."""
        self.sent = monotonic()
        with self.hold_sync():
            self.svg = svg
            self.number += 1

    @property
    def ready(self):
        """Whether the page has room for the next picture.

        Pictures that come faster than a slow page or line takes them would pile up, and what a hand does would be seen
        only behind them all. A page that has never answered, or not for a while, is not waited for.
        """
        if self.arrived is None or self.number - self.arrived < ON_THEIR_WAY:
            return True
        return monotonic() - self.sent > PATIENCE

    def _told(self, _view, message, _buffers):
        number = message.get("arrived") if isinstance(message, dict) else None
        if isinstance(number, int) and 0 < number <= self.number:
            self.arrived = number

    def on_touch(self, callback):
        """Call ``callback(touch)`` for every `Touch` of an element that has ``data-pad`` or ``data-item``.

        While something is dragged, the next position is reported as soon as a new picture has been shown, so a slow
        answer drops positions instead of piling them up.
        """

        def heard(_view, message, _buffers):
            if not isinstance(message, dict) or "arrived" not in message:
                callback(as_touch(message))

        self.on_msg(heard)


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
