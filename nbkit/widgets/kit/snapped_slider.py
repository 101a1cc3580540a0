"""Sliders with stops: one that the widget moves as well, and what a number that is typed beside a slider means."""

import math

import ipywidgets


class SnappedSlider(ipywidgets.FloatSlider):
    """A FloatSlider that is set, range and value together, to what `snap` returns.

    The page rounds a value to the slider's steps and into its range, and sends back what it has made of it. By the time
    that this arrives a user may have moved something else, and that move would be undone.

    Attributes
    ----------
    before_change : callable
        Called before the slider takes a value from its page, even if that is the value it has already.
    """

    before_change = staticmethod(lambda: None)

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
    """Return the stop of a slider from `low` to `high` that is next to `value`.

    Computed as noUiSlider does in the page, with its rounding errors, so that the page has nothing to correct.
    """
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
