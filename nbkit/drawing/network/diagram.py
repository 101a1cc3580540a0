"""A small network as circles and lines: the thicker a line, the larger its weight, and dashed where it is negative."""

import numpy as np

from nbkit.drawing import theme
from nbkit.drawing.markup import escape
from nbkit.formatting import number
from nbkit.messages import _

RADIUS = 17.0
GROUND = theme.css_colour("ground")
HALO = f' style="paint-order:stroke;stroke:{GROUND};stroke-width:4px;stroke-linejoin:round"'


def unit_names(sizes):
    """Name the units of each layer: ``x₁ x₂ | h₁ h₂ h₃ | y`` for sizes (2, 3, 1); a second hidden layer is g.

    Parameters
    ----------
    sizes : sequence of int
        Units a layer, inputs first.
    """
    below = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
    letters = ["x", *"hgfe"[: len(sizes) - 2], "y"]
    return [
        [letter if letter == "y" and k == 1 else f"{letter}{i}".translate(below) for i in range(1, k + 1)]
        for letter, k in zip(letters, sizes, strict=True)
    ]


class NetGraph:
    """Draws a fully connected network with its weights.

    Parameters
    ----------
    sizes : sequence of 2 to 5 int
        Units a layer, inputs first.
    box : (left, top, width, height)
        In pixels; circles stay inside.
    """

    def __init__(self, sizes, box):
        self.names = unit_names(sizes)
        left, top, width, height = box
        across = np.linspace(left + RADIUS, left + width - RADIUS, len(sizes))
        self.places = []
        for x, k in zip(across, sizes, strict=True):
            gap = height / k
            self.places.append([(float(x), top + gap * (i + 0.5)) for i in range(k)])

    def svg(self, weights, biases, dead):
        """Return the picture.

        Parameters
        ----------
        weights : list of (d, k) arrays
        biases : list of (k,) arrays
        dead : list of (k,) arrays of bool
            Units that always show 0.
        """
        lines, texts, circles = [], [], []
        for layer, (W, b, silent) in enumerate(zip(weights, biases, dead, strict=True)):
            tails, heads = self.places[layer], self.places[layer + 1]
            share = 0.36 if len(tails) > len(heads) else 0.74  # numbers stand where the lines are far apart
            for (i, j), w in np.ndenumerate(W):
                lines.append(_line(tails[i], heads[j], w))
                texts.append(_weight(tails[i], heads[j], share, w))
            for (x, y), value in zip(heads, b, strict=True):
                sign = "−" if round(float(value), 2) < 0 else "+"
                texts.append(_text(x, y - RADIUS - 5, "shape", f"{sign} {_two(abs(value))}"))
            for place, name, flag in zip(heads, self.names[layer + 1], silent, strict=True):
                circles.append(_circle(place, name, "op", flag))
        circles += [
            _circle(place, name, "in", False) for place, name in zip(self.places[0], self.names[0], strict=True)
        ]
        return "".join([*lines, *circles, *texts])


def _line(tail, head, w):
    """Draw a connection: nothing tells a weight of 0 from no weight, so that stays a hair line."""
    width = 0.8 + 1.6 * min(abs(w), 3.0)
    dash = f' stroke-dasharray="{4 + width:.1f} 4"' if w < 0 else ""
    return (
        f'<path d="M{tail[0]:.1f} {tail[1]:.1f}L{head[0]:.1f} {head[1]:.1f}"{dash} '
        f'style="stroke:{theme.css_colour("line")};stroke-width:{width:.2f};fill:none"/>'
    )


def _weight(tail, head, share, w):
    x, y = (a + share * (b - a) for a, b in zip(tail, head, strict=True))
    return _text(x, y + 4, "val", _two(w))


def _circle(place, name, kind, dead):
    x, y = place
    dash = ' stroke-dasharray="3 3"' if dead else ""
    word = _text(x, y + RADIUS + 13, "shape", _("dead")) if dead else ""
    return (
        f'<circle class="{kind}" cx="{x:.1f}" cy="{y:.1f}" r="{RADIUS:g}"{dash}/>'
        f'<text class="name" x="{x:.1f}" y="{y + 4.5:.1f}">{escape(name)}</text>{word}'
    )


def _two(x):
    """Write a weight with two decimals at most: three lines that meet have no room for more."""
    return number(round(float(x), 2))


def _text(x, y, kind, text):
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}"{HALO}>{escape(text)}</text>'
