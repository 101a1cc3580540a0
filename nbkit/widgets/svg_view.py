"""A picture in the page: SVG text, swapped in place whenever it changes."""

import anywidget
import traitlets

from nbkit.widgets.panel import STATIC


class SvgView(anywidget.AnyWidget):
    """Show SVG text that nbkit made.

    Attributes
    ----------
    svg : str
        Trusted: every label in it must be escaped already, as nbkit's drawing rooms do.
    """

    # Text, not a path: anywidget would watch a file, and keep every widget that shows it alive.
    _esm = STATIC.joinpath("svg_view.js").read_text("utf-8")
    svg = traitlets.Unicode("").tag(sync=True)
