"""The one scale for numbers with a sign, in pictures of networks, weights and pixels: blue above 0, orange below.

In a picture of a graph the same two colours tell directions, forward and backward; no picture has both meanings.
"""

from functools import cache

import numpy as np

from nbkit.drawing import theme
from nbkit.drawing.markup import join, tag
from nbkit.drawing.pixels import indexed_image
from nbkit.drawing.text import TICK, text_width
from nbkit.formatting import number
from nbkit.messages import _

DASHES = "5 3"  # of a line for a negative number: the colour is never the only cue
SAMPLE_WIDTH = 26  # pixels
GAP = 6  # pixels
CLEAR = 127  # the shade of 0; as many lie below and above it


def sign_role(x):
    """Return the role of the colour for a number: "positive", also for 0, or "negative"."""
    return "negative" if x < 0 else "positive"


def signed_pixels(values, full):
    """Colour numbers: (...) -> (..., 4), 0 to 1; clear at 0, in full colour from ``full`` on, NaN clear."""
    values = np.nan_to_num(np.asarray(values, dtype=float) / full, nan=0.0)
    ends = np.array([_rgb(theme.PIXELS["negative"]), _rgb(theme.PIXELS["positive"])])
    strength = np.clip(np.abs(values), 0.0, 1.0)
    return np.concatenate([ends[(values >= 0).astype(int)], strength[..., None]], axis=-1)


def signed_shades(values, full):
    """Number the colours of `signed_pixels`, for `signed_image`: (...) -> (...) array of uint8."""
    share = np.clip(values / full, -1.0, 1.0)
    return np.rint(CLEAR + CLEAR * np.where(np.isnan(share), 0.0, share)).astype(np.uint8)


def signed_image(shades):
    """Pack (rows, columns) shades as an image that stands inside the SVG."""
    return indexed_image(shades, _palette())


@cache
def _palette():
    return (signed_pixels(np.arange(2 * CLEAR + 1) - CLEAR, CLEAR) * 255).round().astype(np.uint8)


def signed_legend(x, y, full=None):
    """Say what the two colours mean, from `x` to the right on the line at `y`; with `full`, where colour is full."""
    parts = []
    for role, words, dashes in (("negative", _("− negative"), DASHES), ("positive", _("+ positive"), None)):
        look = {"style": f"stroke:{theme.css_colour(role)};stroke-width:3;fill:none", "stroke_dasharray": dashes}
        parts.append(tag("path", d=f"M{x:g} {y - 4:g}h{SAMPLE_WIDTH}", **look))
        parts.append(tag("text", words, class_="tick", x=float(x + SAMPLE_WIDTH + GAP), y=float(y)))
        x += SAMPLE_WIDTH + text_width(words, TICK) + 3 * GAP
    if full is not None:
        words = _("full colour: {}").format(number(float(f"{full:.2g}")))
        parts.append(tag("text", words, class_="tick", x=float(x), y=float(y)))
    return join(parts)


def _rgb(colour):
    return [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
