"""What widgets show in the page, and how the page answers: every message has a kind, and handlers by its name."""

import math
from keyword import kwlist
from time import monotonic
from typing import NamedTuple

import anywidget
import ipywidgets
import traitlets

from nbkit.drawing.markup import Markup
from nbkit.messages import _, kind_of
from nbkit.widgets.kit.assets import asset
from nbkit.widgets.kit.value_events import ValueEvents

POINTER = ("press", "drag", "drop", "delete")
MAX_UNSEEN = 8  # pictures sent ahead: the page confirms every fifth, as each message costs the kernel milliseconds
PAGE_TIMEOUT = 2.0  # seconds without a message from the page, after which it counts as closed


class View(anywidget.AnyWidget):
    """A part of the page that sends messages ``{"kind": ..., ...}``, and shows words that Python gives it.

    Attributes
    ----------
    words : dict of str to str
        All that the view itself says, so that it can be translated.
    """

    words = traitlets.Dict().tag(sync=True)

    def __init__(self, **traits):
        super().__init__(**traits)
        self.handlers = {}
        self.on_msg(self._dispatch)

    def on(self, kind, handler):
        """Call ``handler(message)``, a dict, for each message of this kind, after the handlers that are there."""
        self.handlers.setdefault(kind, []).append(handler)

    def _dispatch(self, _view, message, _buffers):
        kind = message.get("kind") if isinstance(message, dict) else None
        if not isinstance(kind, str) or kind not in self.handlers:
            rule = _("a message has a kind, one of {kinds}, got {got}")
            raise ValueError(rule.format(kinds=", ".join(self.handlers), got=kind_of(message)))
        for handler in self.handlers[kind]:
            handler(message)


# ---------------------------------------------------------------- pictures


class PointerEvent(NamedTuple):
    """What a user did to a picture, with pointer or keyboard.

    Attributes
    ----------
    kind : str
        "press" (once, where it goes down), "drag" (where it is by now), "drop" (where it lets go) or "delete".
    area : str or None
        ``data-area`` of the area in which it went down, or the ``data-on`` of a mark that stands on one.
    item : str or None
        ``data-item`` of the thing on which it went down.
    x, y : float
        Where it is, in units of the picture: pixels from its upper left corner.
    """

    kind: str
    area: str | None
    item: str | None
    x: float
    y: float


def as_pointer_event(message):
    """Return a message from the page as a `PointerEvent`, or say what is wrong with it."""
    try:
        event = PointerEvent(*(message[name] for name in PointerEvent._fields))
        event = event._replace(x=float(event.x), y=float(event.y))
        known = event.kind in POINTER and all(isinstance(name, str | None) for name in (event.area, event.item))
    except (TypeError, KeyError, ValueError, OverflowError):
        known = False
    if not known or not (math.isfinite(event.x) and math.isfinite(event.y)):
        rule = _("a pointer event has {rule}, got {got}")
        raise ValueError(rule.format(rule=", ".join(PointerEvent._fields), got=kind_of(message)))
    return event


class SvgView(View):
    """Show SVG text that nbkit made.

    Attributes
    ----------
    svg : str
        A `Picture`: every text in it is escaped.
    number : int
        Of the last picture that `show` has sent.
    """

    _esm = asset("dom.js", "handles.js", "scroll_edges.js", "svg_view.js")
    _css = asset("svg_view.css")
    svg = traitlets.Unicode("").tag(sync=True)
    number = traitlets.Int(0).tag(sync=True)

    def __init__(self, **traits):
        super().__init__(**traits)
        self.words = {
            "role": _("picture"),
            "help": _("Picture to touch. Arrow keys move a cross, Enter presses there, Delete removes what is there."),
        }
        self.arrived, self.sent = None, 0.0  # the last number that a page has confirmed; None before the first
        self.on("arrived", self._confirm)

    def show(self, svg):
        """Show a picture that others will follow by themselves, as in a training; the page confirms how far it is."""
        self.sent = monotonic()
        with self.hold_sync():
            self.svg = svg
            self.number += 1

    @property
    def ready(self):
        """Whether the page can take the next picture: faster ones would pile up, and delay the answer to a click.

        A page that has never confirmed a picture, or not for a while, is not waited for.
        """
        if self.arrived is None or self.number - self.arrived < MAX_UNSEEN:
            return True
        return monotonic() - self.sent > PAGE_TIMEOUT

    def _confirm(self, message):
        number = message.get("number")
        if isinstance(number, int) and 0 < number <= self.number:
            self.arrived = number

    def on_pointer(self, handler):
        """Call ``handler(event)`` for every `PointerEvent` on an element that has ``data-area`` or ``data-item``.

        During a drag, the next position is reported once a new picture is shown: a slow handler drops positions.
        """
        for kind in POINTER:
            self.on(kind, lambda message: handler(as_pointer_event(message)))

    def on_value(self, handler):
        """Call ``handler(event)`` for every `ValueEvent` on a handle: see `nbkit.drawing.chart.handle`.

        Handlers of `on_pointer` hear of a pointer on a handle as well.
        """
        events = ValueEvents(lambda: self.svg, handler)
        for kind in ("press", "drag", "drop"):
            self.on(kind, lambda message: events.pointer(as_pointer_event(message)))
        self.on("key", events.key)

    def _dispatch(self, view, message, buffers):
        before = self.svg
        super()._dispatch(view, message, buffers)
        if message["kind"] in ("drag", "key") and self.svg == before:
            self.send({"kind": "same"})  # no picture will answer, so that the page need not wait for one


# ---------------------------------------------------------------- text


class Html(ipywidgets.HTML):
    """A line or more of markup: `tag` and `join` of `nbkit.drawing.markup` make it, and escape every text in it."""

    @traitlets.validate("value")
    def _check(self, proposal):
        if proposal.value and not isinstance(proposal.value, Markup):
            raise TypeError(_("Html shows markup that nbkit made, got {}").format(kind_of(proposal.value)))
        return proposal.value


class CodeBox(View):
    """Source text to edit. Tab indents (Escape, then Tab leaves the box), Ctrl+Enter or Shift+Enter asks for a check.

    It has colours and line numbers, and runs nothing by itself.

    Attributes
    ----------
    value : str
        The text.
    line : int
        Number of the line that is pointed at, counted from 1; 0 for none.
    label : str
        What a screen reader calls the box.
    """

    _esm = asset("dom.js", "code_box.js")
    _css = asset("code_box.css")
    value = traitlets.Unicode("")
    shown = traitlets.List(["", 0]).tag(sync=True)  # what Python put there last, and how often it has put something
    line = traitlets.Int(0, min=0).tag(sync=True)
    label = traitlets.Unicode(_("code")).tag(sync=True)
    keywords = traitlets.List(kwlist).tag(sync=True)

    def __init__(self, **traits):
        self._typed = False
        super().__init__(**traits)
        for kind in ("text", "check"):
            self.on(kind, self._take)

    def on_check(self, handler):
        """Call ``handler()`` when the keyboard asks for a check."""
        self.on("check", lambda message: handler() if self._is_present(message) else None)

    def _is_present(self, message):
        """Tell whether what was typed belongs to the text that Python put there last, and to none before."""
        return message.get("edited", self.shown[1]) == self.shown[1]

    def _take(self, message):
        """Take over what was typed. It comes as a message: a synced trait may arrive later than a button's click."""
        if not isinstance(message.get("text"), str):
            raise ValueError(_("a code box sends its text, got {}").format(kind_of(message)))
        if not self._is_present(message):
            return
        self._typed = True
        try:
            self.value = message["text"]
        finally:
            self._typed = False

    @traitlets.observe("value")
    def _show(self, change):
        if not self._typed:
            self.shown = [change.new, self.shown[1] + 1]
