"""A finished picture: shown by a notebook, saved to a file, the same SVG everywhere."""

import base64
import html
import io
import re
from functools import cached_property

from nbkit.drawing.fonts import fonts_for, missing_in, own_fonts
from nbkit.drawing.graph.renderer import svg_of
from nbkit.drawing.markup import attribute
from nbkit.files import as_path, write_whole
from nbkit.graph import Graph, Variable
from nbkit.messages import _, kind_of

COLOURS = 32  # about seven of the palette, and shades between them at the edges
SHADES = 256  # of a picture that holds coloured planes
SCALE = 2  # pixels of the PNG for each pixel of the picture: sharp on a projector
SCALE_OF_PLANES = 1.5  # of a picture that holds coloured planes: those take most of the time, and are smooth anyway
PAGE = 1000  # pixels of width: a picture up to here may shrink to the page
ON_PAPER = (  # nothing scrolls there
    "<style>@media print{.nbkit-wide{overflow:visible !important}"
    ".nbkit-wide>img{max-width:100% !important;height:auto}}</style>"
)
MOST_PIXELS = 2e6  # of a PNG: while it is made, each takes some ten bytes of a kernel that has little


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
        return _("Drawing: {}").format(words_of(self.svg))

    @cached_property
    def png(self):
        return rasterise(self.svg)

    def _repr_mimebundle_(self, include=None, exclude=None):
        # A page shows the first of these that it can; tests compare the last, which is the same on every machine.
        shown = picture_html(self.png, words_of(self.svg), width_of(self.svg))
        return {"text/plain": repr(self), "text/html": shown, "image/svg+xml": self.svg}

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


def size_of(svg):
    """Return width and height in pixels at which a picture wants to be shown."""
    return tuple(float(re.search(rf'{name}="([\d.]+)"', svg)[1]) for name in ("width", "height"))


def picture_html(png, words, width):
    """Return a PNG as HTML: of a bare picture, JupyterLab tells nothing to those who cannot see it.

    A page that nobody trusts yet, such as a fresh clone, shows it as well. A page shrinks what is wider than itself, so
    one that would become too small to read scrolls, by keyboard as well; on paper it shrinks.

    Parameters
    ----------
    png : bytes
    words : str
        What a screen reader says instead.
    width : int
        In pixels of the page.
    """
    address = "data:image/png;base64," + base64.b64encode(png).decode()
    picture = f'<img alt="{attribute(words)}" width="{width}" src="{address}"'
    if width <= PAGE:
        return f"{picture}>"
    box = '<div class="nbkit-wide" tabindex="0" style="overflow-x: auto">'
    return f'{box}{ON_PAPER}{picture} style="max-width: none"></div>'


def words_of(svg):
    """Say what is in a picture: its descriptions, or the name of one that has none."""
    told = re.findall(r"<desc>(.*?)</desc>", svg, re.DOTALL) or re.findall(r'aria-label="(.*?)"', svg)
    return " ".join(map(html.unescape, told))


def width_of(svg):
    """Return the width in whole pixels."""
    return round(size_of(svg)[0])


def rasterise(svg):
    """Turn SVG text into PNG bytes, with the fonts that matplotlib carries, and others only for signs they lack."""
    import resvg_py

    fonts, planes = own_fonts(), "<image" in svg
    width, height = size_of(svg)
    plain = re.sub(r"var\(--[\w-]+,\s*([^()]+)\)", r"\1", svg)  # the rasteriser knows no CSS variables
    full = resvg_py.svg_to_bytes(
        svg_string=plain,
        zoom=min(SCALE_OF_PLANES if planes else SCALE, (MOST_PIXELS / (width * height)) ** 0.5),
        background="white",
        skip_system_fonts=True,
        font_files=[
            *(str(fonts / f"DejaVuSans{style}.ttf") for style in ("", "-Bold", "-Oblique", "Mono")),
            *(path for _family, path in fonts_for(missing_in(_shown(svg)))),
        ],
        font_family="DejaVu Sans",
    )
    return fewer_colours(full, SHADES if planes else COLOURS)


def _shown(svg):
    """Return what stands in a picture: not its words for the ear, nor what a page plays."""
    return re.sub(r"<(desc|title|metadata|style)>.*?</\1>", "", svg, flags=re.DOTALL)


def fewer_colours(png, colours):
    """Write a PNG anew with a palette: notebooks, and the kernel's history, keep every picture that was shown."""
    from PIL import Image

    image, small = Image.open(io.BytesIO(png)).convert("RGB"), io.BytesIO()
    image.quantize(colours, dither=Image.Dither.NONE).save(small, "png", optimize=True)
    return small.getvalue()


def draw(graph, *, values=True, gradients=True, shapes=True):
    """Draw a graph: round nodes are operations, boxes are inputs and parameters, every edge carries a value.

    Above each edge stands the value that goes right, below it the gradient that came back along this edge (after
    ``graph.backward()``). Numbers have four significant digits; in a widget, or in the saved SVG, the mouse over an
    edge shows them in full.

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
