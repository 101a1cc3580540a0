"""A picture as HTML for pages in which nothing runs: an image with words, as SVG or as PNG."""

import os
import re

from nbkit.drawing.markup import image_address, join, style_sheet, tag
from nbkit.drawing.raster import SCALE, can_rasterise, rasterised
from nbkit.drawing.theme import DARK_PAGE

# In the environment of a kernel whose notebook is for readers elsewhere: they get PNGs, as not every page shows SVG;
# each takes a tenth of a second.
PUBLISH = "NBKIT_PUBLISH"
MAX_SVG_BYTES = 750_000  # that of a thousand operations; Jupyter's server drops what is several times as large
MAX_SHRUNK_WIDTH = 1000  # pixels: a picture up to here may shrink to the page
PRINT_STYLE = style_sheet(  # nothing scrolls on paper
    "@media print{.nbkit-wide{overflow:visible !important}.nbkit-wide>img{max-width:100% !important;height:auto}}"
)
# An untrusted page in JupyterLab keeps these words of CSS, and drops style sheets.
CAPTION_LOOK = "border-left: 4px solid #0072b2; padding: 2px 8px; margin: 0 0 6px"
LIGHT_GROUND = "nbkit-light-ground"  # the class of a picture that a dark page turns dark
# White becomes the ground of JupyterLab's dark theme, black nearly white; every hue stays: blue blue, orange orange.
DARKENED = "filter:invert(.9333) hue-rotate(180deg)"
DARK_RULE = f"@media screen{{{DARK_PAGE} img.{LIGHT_GROUND}{{{DARKENED}}}}}"


def is_published():
    """Tell whether pictures are made for readers elsewhere."""
    return bool(os.environ.get(PUBLISH))


def address_of(picture, scale=SCALE):
    """Return the address of a `Picture` as an image, whose PNG, if it must be one, has `scale` pixels for each."""
    # An image shows neither words nor tips, plays nothing, and is as wide as its element.
    shown = re.sub(r"<(desc|title|metadata)>.*?</\1>", "", picture.unbounded(), flags=re.DOTALL).encode()
    if can_rasterise() and (is_published() or len(shown) > MAX_SVG_BYTES):
        return image_address(rasterised(picture, scale))
    return image_address(shown, "svg+xml")


def html_of(address, words, width, *, caption="", light=True):
    """Return an image as HTML with an alternative text, which JupyterLab gives to no bare picture.

    An untrusted page shows it as well. A picture that would become too small to read on a narrow page scrolls instead;
    on paper it shrinks. In JupyterLab's dark theme it is dark, as soon as one cell of the page has run.

    Parameters
    ----------
    address : Markup
        Such as `address_of` returns.
    words : str
        The alternative text.
    width : float
        In pixels of the page.
    caption : str or Markup, optional
        Stands above the picture.
    light : bool
        Whether the picture has a light ground, and so is turned dark in a dark page.
    """
    image = {"alt": words, "width": round(width), "src": address, "class_": LIGHT_GROUND if light else None}
    if width <= MAX_SHRUNK_WIDTH:
        picture = tag("img", **image)
    else:
        wide = tag("img", **image, style="max-width: none")
        picture = tag("div", PRINT_STYLE, wide, class_="nbkit-wide", tabindex=0, style="overflow-x: auto")
    if caption:
        picture = tag("figure", tag("figcaption", caption, style=CAPTION_LOOK), picture, style="margin: 0")
    return join([picture, style_sheet(DARK_RULE)]) if light else picture
