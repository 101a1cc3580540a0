"""A graph in the page that can be played: the browser steps through it by itself, Python only sends numbers."""

import anywidget
import traitlets

from nbkit.widgets.kit.panel import for_browser


class GraphView(anywidget.AnyWidget):
    """Show a graph's picture with its transport: first, back, play, forward, last, toggles, downloads.

    Attributes
    ----------
    svg : str
        Made by nbkit's drawing rooms; every label in it is escaped.
    step : int
        The step that is shown, -1 for the last; the browser changes it, and Python may.
    doors : dict of str to str
        For each node that can be opened or put back: "closed" or "open".
    """

    _esm = for_browser("picture.js", "graph_view.js")
    _css = for_browser("graph_view.css")
    svg = traitlets.Unicode("").tag(sync=True)
    step = traitlets.Int(-1, min=-1).tag(sync=True)
    doors = traitlets.Dict().tag(sync=True)
