"""A small network as circles and lines: the thicker a line, the larger its weight; colour and dashes tell the sign."""

from functools import lru_cache
from itertools import pairwise

import numpy as np

from nbkit.drawing import theme
from nbkit.drawing.chart.marks import text_at
from nbkit.drawing.chart.signed import DASHES, sign_role
from nbkit.drawing.markup import join, tag
from nbkit.drawing.network.labels import LABEL_HEIGHT, label_shares
from nbkit.drawing.picture import Mark
from nbkit.formatting import number
from nbkit.messages import _

RADIUS = 17.0
MAX_DRAWN_WEIGHT = 3.0  # larger ones have lines that are no thicker
BIAS_HEIGHT = 5.0  # pixels from a circle up to the foot of its bias
HIT_WIDTH = 16  # pixels, of the strip along a line that a pointer can take it by
HALO = theme.halo(7)


def unit_names(sizes):
    """Name the units per layer: ``x₁ x₂ | h₁ h₂ h₃ | y`` for sizes (2, 3, 1); a second hidden layer is g."""
    below = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
    letters = ["x", *"hgfe"[: len(sizes) - 2], "y"]
    return [
        [letter if letter == "y" and k == 1 else f"{letter}{i}".translate(below) for i in range(1, k + 1)]
        for letter, k in zip(letters, sizes, strict=True)
    ]


def weight_name(tail, head):
    """Name the weight between two units."""
    return _("{tail}→{head}").format(tail=tail, head=head)


def bias_name(unit):
    """Name the bias of a unit."""
    return _("bias {}").format(unit)


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
    mark : callable, optional
        ``mark(name, *parts, value=..., **shown)`` returns the mark of a weight or bias, a `handle` where a page can
        change it.
    """

    def __init__(self, sizes, box, mark=lambda name, *parts, **shown: Mark(join(parts), name, **shown)):
        left, top, width, height = box
        self.names, self.mark = unit_names(sizes), mark
        self.places = unit_places(sizes, left + RADIUS, left + width - RADIUS, top, height)
        up = RADIUS + BIAS_HEIGHT + LABEL_HEIGHT / 2
        biases = [[(x, y - up) for x, y in column] for column in [[], *self.places[1:]]]
        self.shares = [
            label_shares(*columns, RADIUS, taken=[*left, *right])
            for columns, (left, right) in zip(pairwise(self.places), pairwise(biases), strict=True)
        ]

    def svg(self, weights, biases, dead):
        """Return marks for a (d, k) array, a (k,) array, and a (k,) array of "always 0", per layer.

        Every weight and bias is a mark of its own, named by `weight_name` and `bias_name`; ``net`` is what is below.
        """
        lines, circles = [], list(map(_circle, self.places[0], self.names[0]))
        for layer, (W, b, silent) in enumerate(zip(weights, biases, dead, strict=True)):
            tails, heads = self.places[layer], self.places[layer + 1]
            for (i, j), w in np.ndenumerate(W):
                name = weight_name(self.names[layer][i], self.names[layer + 1][j])
                lines.append(self._weight(name, tails[i], heads[j], self.shares[layer][i, j], float(w)))
            for place, unit, bias, is_dead in zip(heads, self.names[layer + 1], b, silent, strict=True):
                circles.append(self._bias(place, unit, float(bias), bool(is_dead)))
        return [lines, circles, Mark("", "net", weights=weights, biases=biases, dead=dead)]

    def _weight(self, name, tail, head, share, w):
        """Draw a connection with its number; a weight of 0 has a thin line, as it is not the same as no weight."""
        width, role = 0.8 + 1.6 * min(abs(w), MAX_DRAWN_WEIGHT), sign_role(w)
        look = f"stroke:{theme.css_colour(role)};fill:none"
        line = weight_line(tail, head, f"{width:.2f}", DASHES if w < 0 else None, look)
        x, y = (a + share * (b - a) for a, b in zip(tail, head, strict=True))
        number_ = _number(x, y + 4.5, _two_decimals(w), role)
        return self.mark(name, _strip(tail, head), line, number_, value=w, role=role, width=width, x=x, y=y)

    def _bias(self, place, unit, bias, is_dead):
        """Draw a unit with its bias over it, written as what is added."""
        (x, y), role = place, sign_role(round(bias, 2))
        text = f"{'−' if role == 'negative' else '+'} {_two_decimals(abs(bias))}"
        parts = _circle(place, unit, is_dead), _number(x, y - RADIUS - BIAS_HEIGHT, text, role)
        return self.mark(bias_name(unit), *parts, value=bias, role=role, written=text, x=x, y=y)


@lru_cache(maxsize=256)
def _strip(tail, head):
    d = f"M{tail[0]:.1f} {tail[1]:.1f}L{head[0]:.1f} {head[1]:.1f}"
    return tag("path", class_="glow", d=d, stroke_width=HIT_WIDTH, style="fill:none;pointer-events:stroke")


@lru_cache(maxsize=1024)
def _circle(place, name, is_dead=False):
    x, y = place
    dashes = "3 3" if is_dead else None
    style = f"fill:{theme.css_colour('ground')};stroke:{theme.css_colour('line')};stroke-width:1.5"
    glow = tag("circle", class_="glow", cx=f"{x:.1f}", cy=f"{y:.1f}", r=RADIUS, stroke_width=10, style="fill:none")
    circle = tag("circle", cx=f"{x:.1f}", cy=f"{y:.1f}", r=RADIUS, stroke_dasharray=dashes, style=style)
    word = text_at(x, y + RADIUS + 13, "shape", _("dead"), style=HALO) if is_dead else []
    return join([glow, circle, text_at(x, y + 4.5, "name", name), word])


def _two_decimals(x):
    """Write a weight with two decimals at most: three lines that meet have no room for more."""
    return number(round(float(x), 2))


def _number(x, y, text, role):
    return text_at(x, y, "name", text, style=f"{HALO};font-weight:bold;fill:{theme.css_colour(role)}")
