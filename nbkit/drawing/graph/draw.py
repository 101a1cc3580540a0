"""A graph drawn once: shown by a notebook, saved to a file, the same SVG everywhere."""

from functools import cached_property

from nbkit.drawing.graph.renderer import GraphRenderer
from nbkit.drawing.raster import rasterised
from nbkit.drawing.still import address_of, html_of
from nbkit.files import as_path, write_whole
from nbkit.graph import graph_of
from nbkit.messages import _


class Drawing:
    """A picture of a graph as it stood when it was drawn.

    Attributes
    ----------
    svg : Picture
        SVG text. It follows JupyterLab's theme where it stands in a page, and is light elsewhere.
    png : bytes
        Made from the same SVG.
    """

    def __init__(self, svg):
        self.svg = svg

    def __repr__(self):
        return _("Drawing: {}").format(self.svg.words)

    @cached_property
    def png(self):
        return rasterised(self.svg)

    def _repr_mimebundle_(self, include=None, exclude=None):
        # A page shows the first of these that it can; tests compare the last, which is the same on every machine.
        shown = html_of(address_of(self.svg), self.svg.words, self.svg.width)
        return {"text/plain": repr(self), "text/html": str(shown), "image/svg+xml": str(self.svg)}

    def save(self, path):
        """Write the picture to `path`, which ends in ``.svg`` or ``.png``.

        Returns
        -------
        pathlib.Path

        Raises
        ------
        ValueError
            For any other ending. Nothing is written then.
        """
        path = as_path(path)
        if path.suffix not in (".svg", ".png"):
            raise ValueError(_("a picture is saved as .svg or .png, got {}").format(path.name))
        content = self.svg.encode() if path.suffix == ".svg" else self.png
        write_whole(path, lambda file: file.write(content))
        return path


def draw(graph, *, values=True, gradients=True, shapes=True):
    """Draw a graph: round nodes are operations, boxes are inputs and parameters, every edge carries a value.

    Above each edge stands the value that goes right, below it the gradient that came back along this edge (after
    ``graph.backward()``). Numbers have four significant digits; in a widget, or in the saved SVG, the mouse over a
    number shows it in full.

    Parameters
    ----------
    graph : Graph or Variable
        A Variable is drawn with all it was made from.
    values, gradients, shapes : bool
        What the edges show.

    Returns
    -------
    Drawing
    """
    graph = graph_of(graph, "draw")
    numbers = values or (gradients and graph.output.grad is not None)
    return Drawing(GraphRenderer(graph, shapes=shapes, numbers=numbers).picture(values=values, gradients=gradients))
