"""A picture in the page: SVG text, swapped in place whenever it changes."""

from pathlib import Path

import anywidget
import traitlets


class SvgView(anywidget.AnyWidget):
    """Show SVG text that nbkit made.

    Attributes
    ----------
    svg : str
        Trusted: every label in it must be escaped already, as nbkit's drawing rooms do.
    """

    _esm = Path(__file__).parent / "static" / "svg_view.js"
    svg = traitlets.Unicode("").tag(sync=True)
