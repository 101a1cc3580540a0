"""Drags and keys on the handles of a picture, as the values that the handles are to have."""

import math
from typing import NamedTuple

from nbkit.messages import _, kind_of
from nbkit.widgets.kit.snapped_slider import snap

STEPS = {"ArrowRight": 1, "ArrowUp": 1, "ArrowLeft": -1, "ArrowDown": -1}
PAGES = {"PageUp": 1, "PageDown": -1}
ENDS = {"Home": "low", "End": "high"}


class ValueEvent(NamedTuple):
    """What a user did to a `handle` of a picture.

    Attributes
    ----------
    kind : str
        "press", "drag" and "drop" with a pointer, "key" with the keyboard. A press and a drop with nothing between
        them are a click.
    item : str
        The handle's.
    value : float
        The one that it is to have: one of its steps, from its low to its high. A press changes nothing.
    """

    kind: str
    item: str
    value: float


class ValueEvents:
    """Takes messages and pointer events of a picture, and calls ``handler(event)`` with each `ValueEvent`.

    What is dragged moves as far as the pointer does: it never jumps to where it was pressed.
    """

    def __init__(self, picture, handler):
        self.picture, self.handler = picture, handler
        self.held = None  # the event and the handle of the last press
        self.value = None  # what was said last

    def pointer(self, event):
        """Follow a pointer that presses, drags and drops."""
        if event.kind == "press":
            grip = self._handles().get(event.item)
            self.held = None if grip is None else (event, grip)
        if not self.held or event.item != self.held[1].key:
            return
        (start, grip), kind = self.held, event.kind
        moved = (start.y - event.y) if grip.vertical else (event.x - start.x)
        value = dragged(grip, moved) if moved else grip.value
        if kind != "drag" or value != self.value:  # on its way to the next step it says nothing
            self.value = value
            self.handler(ValueEvent(kind, event.item, value))
        if kind == "drop":
            self.held = None

    def key(self, message):
        """Move a handle by a key."""
        item, key = message.get("item"), message.get("key")
        grip = self._handles().get(item) if isinstance(item, str) else None
        if grip is None or not isinstance(key, str) or key not in {*STEPS, *PAGES, *ENDS}:
            rule = _("a key moves one of {items}, by {keys}; got {got}")
            keys = ", ".join([*STEPS, *PAGES, *ENDS])
            raise ValueError(rule.format(items=", ".join(self._handles()), keys=keys, got=kind_of(message)))
        self.handler(ValueEvent("key", item, after_key(grip, key)))

    def _handles(self):
        marks = getattr(self.picture(), "marks", {})  # a plain text has none
        return {key: mark for key, mark in marks.items() if "drag" in mark.data}


def dragged(grip, pixels):
    """Return the value of a handle that was dragged so far from where it stands."""
    value = grip.drag(pixels) if callable(grip.drag) else grip.value + pixels * grip.drag
    return grip.value if math.isnan(value) else snap(value, grip.low, grip.high, grip.step)


def after_key(grip, key):
    """Return the value of a handle after a key; from between two steps, the next step is the first way."""
    if key in ENDS:
        return getattr(grip, ENDS[key])
    way = STEPS.get(key) or PAGES[key]
    near = snap(grip.value, grip.low, grip.high, grip.step)
    if key in STEPS and way * (near - grip.value) > grip.step / 1000:
        return near
    return snap(near + way * (grip.step if key in STEPS else grip.page), grip.low, grip.high, grip.step)
