"""Sliders with stops: one that the widget moves as well, and what a number that is typed beside a slider means."""

import math

import ipywidgets


class SnappedSlider(ipywidgets.FloatSlider):
    """A FloatSlider that its widget moves as well, to the stop next to a number.

    The page rounds a value to the slider's stops and into its range, and sends back what it has made of it. By the time
    that this arrives a user may have moved something else, and that move would be undone. So the page is sent nothing
    that it has to round, and what it sends back is no move.

    Attributes
    ----------
    exact : float
        The number for which the slider stands; its value is a stop.
    before_change : callable
        Called before the slider takes a value from its page, even if that is the value it has already.
    """

    before_change = staticmethod(lambda: None)

    def __init__(self, *args, **traits):
        super().__init__(*args, **traits)
        self.exact = self.sent = self.value

    def put(self, exact, low=None, high=None, step=None):
        """Move to the stop next to a number, in another range if one is given; this is no move of a user."""
        if low is None:
            if exact != self.exact:
                self.exact, self.sent = exact, snap(exact, self.min, self.max, self.step)
                if self._is_move(self.value):
                    self.value = self.sent
            return
        self.exact, self.sent = exact, snap(exact, low, high, step)
        with self.hold_sync():
            self.min, self.max = min(self.min, low), max(self.max, high)
            self.value = self.sent
            self.min, self.max, self.step = low, high, step

    def _is_move(self, value):
        return abs(value - self.sent) > self.step / 4

    def on_move(self, handler):
        """Call ``handler(change)`` when a user has moved the slider."""

        def moved(change):
            if self._is_move(change.new):
                self.exact = self.sent = change.new
                handler(change)

        self.observe(moved, "value")

    def set_state(self, sync_data):
        """Take what the page sends."""
        if "value" in sync_data:
            self.before_change()
        super().set_state(sync_data)

    def get_state(self, key=None, drop_defaults=False):
        """Return the state with the value last: the page would clip a value to the range that it knew before."""
        state = super().get_state(key, drop_defaults)
        return dict(sorted(state.items(), key=lambda item: item[0] == "value"))


def snap(value, low, high, step):
    """Return the stop next to `value`, with noUiSlider's rounding errors, so that the page has nothing to correct."""
    if value >= high:
        return high
    whole = high - low
    share = step * 100 / whole
    place = math.floor((max(value, low) - low) * 100 / whole / share + 0.5) * share
    return high if place >= 100 else place * whole / 100 + low


def models_with_stops(widget):
    """Return the models of all sliders over a list of stops in a widget, for its part in the page."""
    if isinstance(widget, ipywidgets.SelectionSlider):
        return [widget.model_id]
    return [id_ for child in getattr(widget, "children", ()) for id_ in models_with_stops(child)]
