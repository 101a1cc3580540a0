"""What stands beside and around the frames of charts: lines of text, legends, tables of numbers, signs of classes."""

import numpy as np

from nbkit.drawing import theme
from nbkit.drawing.markup import element, join, tag
from nbkit.drawing.picture import Mark
from nbkit.drawing.text import TICK, text_width
from nbkit.messages import _

DASHES = ("5 3", "1.5 3", "9 3 2 3")  # of earlier runs, so that no colour is needed to tell them apart
ONE_SIDE, BOTH_SIDES, BACKWARD = "2 3", "9 3 2 3", "6 4"  # dashes of lines for what nudges and what backward finds
HALO = f"paint-order:stroke;stroke:{theme.css_colour('ground')};stroke-width:3"  # of a text that meets lines
TRIANGLE = ((0, -1.2), (1.1, 0.8), (-1.1, 0.8))
PLUS = ((-0.4, -1.2), (0.4, -1.2), (0.4, -0.4), (1.2, -0.4), (1.2, 0.4), (0.4, 0.4),
        (0.4, 1.2), (-0.4, 1.2), (-0.4, 0.4), (-1.2, 0.4), (-1.2, -0.4), (-0.4, -0.4))  # fmt: skip
CORNERS = (  # of the signs of each class, for a radius of 1; the first class has a circle
    ((-1, -1), (1, -1), (1, 1), (-1, 1)),
    ((0, -1.2), (1.2, 0), (0, 1.2), (-1.2, 0)),
    TRIANGLE,
    tuple((x, -y) for x, y in TRIANGLE),
    PLUS,
    tuple((r * np.sin(i * np.pi / 5), -r * np.cos(i * np.pi / 5)) for i, r in enumerate([1.4, 0.6] * 5)),  # a star
    tuple((0.8 * (x - y), 0.8 * (x + y)) for x, y in PLUS),  # ×
    tuple((y, x) for x, y in TRIANGLE),
    tuple((-y, x) for x, y in TRIANGLE),
)


def text_at(x, y, kind, text, **look):
    """Write a line of text of class `kind`, with further attributes."""
    return element("text", class_=kind, x=f"{x:.1f}", y=f"{y:.1f}", **look)(text)


def stroke(role, dashes=None, width=2):
    """Return the attributes of a line in the colour of a role."""
    return {"stroke_dasharray": dashes, "style": f"stroke:{theme.css_colour(role)};stroke-width:{width}"}


def legend(lines, x, y=18.0, tight=False):
    """Say above a chart what its lines are: (name, class, attributes) of each, from `x` to the right."""
    (dash, space, gap), parts = (18, 3, 3) if tight else (20, 4, 12), []
    for name, kind, look in lines:
        parts.append(tag("path", class_=kind, d=f"M{x:g} {y - 4:g}h{dash}", **look))
        parts.append(tag("text", name, class_="tick", x=float(x + dash + space), y=float(y)))
        x += dash + space + text_width(name, TICK) + gap
    return join(parts)


def readout(x, top, rows, *, column=200, pitch=21, bold=(), key="numbers"):
    """Write rows of (name, text, key), those in `bold` stand out; the mark shows ``numbers``, the texts by key."""
    parts = []
    for i, (name, text, which) in enumerate(rows):
        look = f"fill:{theme.css_colour('text')}{';font-weight:bold' if which in bold else ''}"
        y = float(top + pitch * i)
        parts.append(tag("text", name, x=float(x), y=y, style=look))
        parts.append(tag("text", text, x=float(x + column), y=y, style=look, data_number=which))
    return Mark(join(parts), key, numbers={which: text for _name, text, which in rows})


def class_sign(k, r):
    """Return the shape of class `k` as relative path data with radius `r`: the colour is never the only cue."""
    shape = k % (len(CORNERS) + 1)
    if not shape:
        return f"m{-r} 0a{r} {r} 0 1 0 {2 * r} 0a{r} {r} 0 1 0{-2 * r} 0z"
    corners = r * np.array(CORNERS[shape - 1])
    return "m" + "l".join(f"{x:g} {y:g}" for x, y in np.diff(corners, axis=0, prepend=[[0, 0]])) + "z"


def class_look(k, solid):
    """Return the colours of the sign of class `k`; points that are not trained on are hollow."""
    colour = theme.CLASSES[k % len(theme.CLASSES)]
    fill, line, width = (colour, "#ffffff", 1) if solid else ("#ffffff", colour, 1.8)
    return {"fill": fill, "stroke": line, "stroke_width": width}


def class_legend(classes, x, held_out=False):
    """Say above a chart which sign is which class, and that hollow ones are `held_out`, where there are any."""
    parts = []
    for k, name in enumerate(classes):
        parts.append(tag("path", d=f"M{x + 5:g} 14{class_sign(k, 5)}", **class_look(k, True)))
        parts.append(tag("text", name, class_="tick", x=float(x + 15), y=18))
        x += 26 + text_width(name, TICK)
    if held_out:
        parts.append(tag("text", _("hollow: held out"), class_="tick", x=float(x), y=18))
    return join(parts)
