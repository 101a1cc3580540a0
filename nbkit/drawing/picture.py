"""A finished picture: shown by a notebook, saved to a file, the same SVG everywhere."""

import io
import re
from functools import cached_property
from pathlib import Path

from nbkit._text import _, kind_of
from nbkit.drawing.svg import svg_of
from nbkit.graph import Graph, Variable

COLOURS = 32  # about seven of the palette, and shades between them at the edges
SCALE = 2  # pixels of the PNG for each pixel of the picture: sharp on a projector


class Drawing:
    """A picture of a graph as it stood when it was drawn.

    Attributes
    ----------
    svg : str
        Follows JupyterLab's theme where it stands in a page, and is light elsewhere.
    png : bytes
        Made from the same SVG.
    """

    def __init__(self, svg):
        self.svg = svg

    def __repr__(self):
        return _("Drawing: {}").format(re.search(r"<desc>(.*?)</desc>", self.svg)[1])

    @cached_property
    def png(self):
        return rasterise(self.svg)

    def _repr_mimebundle_(self, include=None, exclude=None):
        # Both: a fresh clone is not trusted and shows no SVG; a page that prints or zooms wants no PNG.
        data = {"text/plain": repr(self), "image/svg+xml": self.svg, "image/png": self.png}
        return data, {"image/png": {"width": width_of(self.svg)}}

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
        path = Path(path)
        if path.suffix not in (".svg", ".png"):
            raise ValueError(_("a picture is saved as .svg or .png, got {}").format(path.name))
        path.write_bytes(self.svg.encode() if path.suffix == ".svg" else self.png)
        return path


def width_of(svg):
    """Return the width in pixels at which a picture wants to be shown."""
    return round(float(re.search(r'width="([\d.]+)"', svg)[1]))


def rasterise(svg):
    """Turn SVG text into PNG bytes, with the fonts that matplotlib carries: no font of the system is needed."""
    import matplotlib
    import resvg_py
    from PIL import Image

    fonts = Path(matplotlib.get_data_path(), "fonts", "ttf")
    plain = re.sub(r"var\(--[\w-]+,\s*([^()]+)\)", r"\1", svg)  # the rasteriser knows no CSS variables
    full = bytes(
        resvg_py.svg_to_bytes(
            svg_string=plain,
            zoom=SCALE,
            skip_system_fonts=True,
            font_files=[str(fonts / f"DejaVuSans{style}.ttf") for style in ("", "-Bold", "-Oblique")],
            font_family="DejaVu Sans",
        )
    )
    if "<image" in svg:  # a coloured plane has too many shades for a palette
        return full
    # A few flat colours need no more than a palette; notebooks, and the kernel's history, keep every picture shown.
    image, small = Image.open(io.BytesIO(full)), io.BytesIO()
    paper = Image.new("RGB", image.size, "white")
    paper.paste(image, mask=image.getchannel("A"))
    paper.quantize(COLOURS, dither=Image.Dither.NONE).save(small, "png", optimize=True)
    return small.getvalue()


def draw(graph, *, values=True, gradients=True, shapes=True):
    """Draw a graph: round nodes are operations, boxes are inputs and parameters, every edge carries a value.

    Above each edge stands the value that goes right, below it the gradient that came back along this edge (after
    ``graph.backward()``). Numbers have four significant digits; the mouse over an edge shows them in full.

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
    if isinstance(graph, Variable):
        graph = Graph(graph)
    if not isinstance(graph, Graph):
        raise TypeError(_("draw takes a Graph or a Variable, got {}").format(kind_of(graph)))
    return Drawing(svg_of(graph, values=values, gradients=gradients, shapes=shapes))
