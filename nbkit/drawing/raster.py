"""A picture as PNG, and as HTML for pages in which nothing runs."""

import io
import re

from nbkit.drawing.fonts import fonts_for, missing_in, own_fonts
from nbkit.drawing.markup import join, png_address, style_sheet, tag
from nbkit.drawing.theme import DARK_PAGE

PALETTE_SIZE = 32  # colours of a PNG: about seven of the theme, and shades between them at the edges
PALETTE_SIZE_OF_PLANES = 256  # of a picture that holds coloured planes
SCALE = 2  # pixels of the PNG for each pixel of the picture: sharp on a projector
SCALE_OF_PLANES = 1.5  # of a picture that holds coloured planes: those take most of the time, and are smooth anyway
MAX_SHRUNK_WIDTH = 1000  # pixels: a picture up to here may shrink to the page
MAX_PIXELS = 2e6  # of a PNG: while it is made, each takes some ten bytes of a kernel that has little
PRINT_STYLE = style_sheet(  # nothing scrolls on paper
    "@media print{.nbkit-wide{overflow:visible !important}.nbkit-wide>img{max-width:100% !important;height:auto}}"
)
# An untrusted page in JupyterLab keeps these words of CSS, and drops style sheets.
CAPTION_LOOK = "border-left: 4px solid #0072b2; padding: 2px 8px; margin: 0 0 6px"
LIGHT_GROUND = "nbkit-light-ground"  # the class of a picture that a dark page turns dark
# White becomes the ground of JupyterLab's dark theme, black nearly white; every hue stays: blue blue, orange orange.
DARKENED = "filter:invert(.9333) hue-rotate(180deg)"
DARK_RULE = f"@media screen{{{DARK_PAGE} img.{LIGHT_GROUND}{{{DARKENED}}}}}"


def html_of(png, words, width, *, caption="", light=True):
    """Return a PNG as HTML with an alternative text, which JupyterLab gives to no bare picture.

    An untrusted page shows it as well. A picture that would become too small to read on a narrow page scrolls instead;
    on paper it shrinks. In JupyterLab's dark theme it is dark, as soon as one cell of the page has run.

    Parameters
    ----------
    png : bytes
    words : str
        The alternative text.
    width : float
        In pixels of the page.
    caption : str or Markup, optional
        Stands above the picture.
    light : bool
        Whether the picture has a light ground, and so is turned dark in a dark page.
    """
    image = {"alt": words, "width": round(width), "src": png_address(png), "class_": LIGHT_GROUND if light else None}
    if width <= MAX_SHRUNK_WIDTH:
        picture = tag("img", **image)
    else:
        wide = tag("img", **image, style="max-width: none")
        picture = tag("div", PRINT_STYLE, wide, class_="nbkit-wide", tabindex=0, style="overflow-x: auto")
    if caption:
        picture = tag("figure", tag("figcaption", caption, style=CAPTION_LOOK), picture, style="margin: 0")
    return join([picture, style_sheet(DARK_RULE)]) if light else picture


def rasterised(picture, scale=SCALE):
    """Turn a `Picture` into PNG bytes, with matplotlib's fonts, and others only for characters they lack."""
    import resvg_py

    fonts, planes = own_fonts(), "<image" in picture
    plain = re.sub(r"var\(--[\w-]+,\s*([^()]+)\)", r"\1", picture)  # the rasteriser knows no CSS variables
    full = resvg_py.svg_to_bytes(
        svg_string=plain,
        zoom=min(SCALE_OF_PLANES if planes else scale, (MAX_PIXELS / (picture.width * picture.height)) ** 0.5),
        background="white",
        skip_system_fonts=True,
        font_files=[
            *(str(fonts / f"DejaVuSans{style}.ttf") for style in ("", "-Bold", "-Oblique", "Mono")),
            *(path for _family, path in fonts_for(missing_in(_seen(picture)))),
        ],
        font_family="DejaVu Sans",
    )
    tinted = planes or 'class="height"' in picture  # the ground between height lines
    return fewer_colours(full, PALETTE_SIZE_OF_PLANES if tinted else PALETTE_SIZE)


def _seen(picture):
    """Return what stands in a picture: not its alternative text, nor what a page plays."""
    return re.sub(r"<(desc|title|metadata|style)>.*?</\1>", "", picture, flags=re.DOTALL)


def fewer_colours(png, colours):
    """Write a PNG with a palette, which is smaller: notebooks and the kernel's history keep every picture."""
    from PIL import Image

    image, small = Image.open(io.BytesIO(png)).convert("RGB"), io.BytesIO()
    # Not the median cut: it gives all colours to large planes, and turns a thin orange line into brown.
    fewer = image.quantize(colours, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    fewer.save(small, "png")  # optimize=True saves a tenth, and takes six times as long
    return small.getvalue()


def data_uri(pixels):
    """Pack (rows, columns, 3) colours from 0 to 1, or 4 with opacity, as a PNG that stands inside the SVG."""
    import numpy as np
    from PIL import Image

    file = io.BytesIO()
    Image.fromarray((pixels * 255).round().astype(np.uint8)).save(file, "png", compress_level=1)
    return png_address(file.getvalue())
