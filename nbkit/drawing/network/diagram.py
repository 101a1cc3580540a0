"""A small network as circles and lines: the thicker a line, the larger its weight, and dashed where it is negative."""

from functools import lru_cache

import numpy as np

from nbkit.drawing import theme
from nbkit.drawing.chart.marks import text_at
from nbkit.drawing.markup import join, tag
from nbkit.drawing.picture import Mark
from nbkit.formatting import number
from nbkit.messages import _

RADIUS = 17.0
MAX_DRAWN_WEIGHT = 3.0  # larger ones have lines that are no thicker
HALO = f"paint-order:stroke;stroke:{theme.css_colour('ground')};stroke-width:4px;stroke-linejoin:round"


def unit_names(sizes):
    """Name the units per layer: ``x₁ x₂ | h₁ h₂ h₃ | y`` for sizes (2, 3, 1); a second hidden layer is g."""
    below = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
    letters = ["x", *"hgfe"[: len(sizes) - 2], "y"]
    return [
        [letter if letter == "y" and k == 1 else f"{letter}{i}".translate(below) for i in range(1, k + 1)]
        for letter, k in zip(letters, sizes, strict=True)
    ]


def unit_places(sizes, left, right, top, height):
    """Place the units of each layer in a column, the columns from `left` to `right`: the middle of each, in pixels."""
    return [
        [(float(x), top + height * (i + 0.5) / k) for i in range(k)]
        for x, k in zip(np.linspace(left, right, len(sizes)), sizes, strict=True)
    ]


@lru_cache(maxsize=4096)  # most lines of a net that learns change less from picture to picture than can be drawn
def weight_line(tail, head, width, dashes=None, style=None):
    """Draw the line of a weight from unit to unit."""
    d = f"M{tail[0]:.1f} {tail[1]:.1f}L{head[0]:.1f} {head[1]:.1f}"
    return tag("path", d=d, stroke_dasharray=dashes, stroke_width=width, style=style)


class NetGraph:
    """Draws a fully connected network with its weights.

    Parameters
    ----------
    sizes : sequence of 2 to 5 int
        Units per layer, inputs first.
    box : (left, top, width, height)
        In pixels; circles stay inside.
    """

    def __init__(self, sizes, box):
        left, top, width, height = box
        self.names = unit_names(sizes)
        self.places = unit_places(sizes, left + RADIUS, left + width - RADIUS, top, height)

    def svg(self, weights, biases, dead):
        """Return a mark ``net``, for a (d, k) array, a (k,) array, and a (k,) array of "always 0", per layer."""
        lines, texts, circles = [], [], []
        for layer, (W, b, silent) in enumerate(zip(weights, biases, dead, strict=True)):
            tails, heads = self.places[layer], self.places[layer + 1]
            share = 0.36 if len(tails) > len(heads) else 0.74  # numbers stand where the lines are far apart
            for (i, j), w in np.ndenumerate(W):
                (x, y), (to_x, to_y) = tails[i], heads[j]
                lines.append(_line(tails[i], heads[j], w))
                texts.append(_text(x + share * (to_x - x), y + share * (to_y - y) + 4, "val", _two_decimals(w)))
            for (x, y), bias in zip(heads, b, strict=True):
                sign = "−" if round(float(bias), 2) < 0 else "+"
                texts.append(_text(x, y - RADIUS - 5, "shape", f"{sign} {_two_decimals(abs(bias))}"))
            circles += map(_circle, heads, self.names[layer + 1], ["op"] * len(heads), map(bool, silent))
        circles += map(_circle, self.places[0], self.names[0], ["in"] * len(self.places[0]))
        return Mark(join([lines, circles, texts]), "net", weights=weights, biases=biases, dead=dead)


def _line(tail, head, w):
    """Draw a connection; a weight of 0 has a thin line, as it is not the same as no weight."""
    width = 0.8 + 1.6 * min(abs(w), MAX_DRAWN_WEIGHT)
    style = f"stroke:{theme.css_colour('line')};fill:none"
    return weight_line(tail, head, f"{width:.2f}", f"{4 + width:.1f} 4" if w < 0 else None, style)


@lru_cache(maxsize=1024)
def _circle(place, name, kind, is_dead=False):
    x, y = place
    circle = tag(
        "circle", class_=kind, cx=f"{x:.1f}", cy=f"{y:.1f}", r=RADIUS, stroke_dasharray="3 3" if is_dead else None
    )
    word = _text(x, y + RADIUS + 13, "shape", _("dead")) if is_dead else []
    return join([circle, text_at(x, y + 4.5, "name", name), word])


def _two_decimals(x):
    """Write a weight with two decimals at most: three lines that meet have no room for more."""
    return number(round(float(x), 2))


def _text(x, y, kind, text):
    return text_at(x, y, kind, text, style=HALO)
