"""A picture as PNG."""

import io
import re

from nbkit.browser import in_browser
from nbkit.drawing.fonts import fonts_for, missing_in, own_fonts
from nbkit.messages import _

PALETTE_SIZE = 32  # colours of a PNG: about seven of the theme, and shades between them at the edges
PALETTE_SIZE_OF_PLANES = 256  # of a picture that holds coloured planes
SCALE = 2  # pixels of the PNG for each pixel of the picture: sharp on a projector
SCALE_OF_PLANES = 1.5  # of a picture that holds coloured planes: those take most of the time, and are smooth anyway
MAX_PIXELS = 2e6  # of a PNG: while it is made, each takes some ten bytes of a kernel that has little


def can_rasterise():
    """Tell whether a picture can become a PNG here: a browser has no rasteriser, and shows SVG anyway."""
    return not in_browser()


def rasterised(picture, scale=SCALE):
    """Turn a `Picture` into PNG bytes, with matplotlib's fonts, and others only for characters they lack.

    A ValueError says where that cannot be done.
    """
    if not can_rasterise():
        raise ValueError(_("a browser tab makes no PNG of a picture: save it as .svg, which stays sharp in any size"))
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
