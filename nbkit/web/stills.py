"""What a widget leaves for a page without a kernel; runs in the kernel of a notebook that becomes a page."""

import re

from nbkit.messages import _
from nbkit.widgets.kit.graph_view import GraphView
from nbkit.widgets.kit.panel import Panel
from nbkit.widgets.kit.views import SvgView

MIME = "application/vnd.nbkit.still+json"


def install():
    """Let every panel that this kernel shows from now on be shown as its `still`."""
    from IPython import get_ipython

    get_ipython().display_formatter.mimebundle_formatter.for_type(Panel, bundle)


def bundle(panel):
    """Return what a cell shows instead of a live panel."""
    return {MIME: still(panel), "text/plain": _("{name}: a still picture").format(name=type(panel).__name__)}


def still(panel):
    """Return the name of a panel and its pictures from top to bottom; a graph also has the step that it shows."""
    views = list(_views(panel))  # graphs have their steps in their SVG, so that a page can play them by itself
    if not any(isinstance(view, GraphView) for view in views):
        return {"name": type(panel).__name__, "pictures": [{"svg": panel.snapshot()}]}
    pictures = [{"svg": view.svg} | ({"step": view.step} if isinstance(view, GraphView) else {}) for view in views]
    return {"name": type(panel).__name__, "pictures": pictures}


def name_in(told):
    """Return the name of the widget with which its words in a notebook begin, in any language, or nothing."""
    return re.match(r"\w*", told)[0]


def _views(box):
    """Walk a box for its pictures, in the order in which they are shown."""
    for child in box.children:
        if isinstance(child, GraphView | SvgView):
            if child.svg:
                yield child
        elif hasattr(child, "children"):
            yield from _views(child)
