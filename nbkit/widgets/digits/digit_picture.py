"""How the digit pad looks: a sheet of 64 shades, + and − on its pixels, and ten bars."""

import numpy as np

from nbkit.drawing import theme
from nbkit.drawing.chart.frame import text_at
from nbkit.messages import _
from nbkit.widgets.digits.raster import SIZE

CLASSES = 10
WIDTH, HEIGHT = 690, 318
LEFT, TOP, SQUARE = 20.0, 44.0, 32.0  # of the sheet, in pixels of the screen
END = SQUARE * SIZE  # its height and width
BARS, ROOM, WHOLE = 352.0, END / CLASSES, 230.0  # left end of the bars, room for one, length of a whole one
FAINT = 0.15  # share of the largest gradient below which a pixel gets no mark
INK, GROUND, VALUE, GRADIENT, LINE = map(theme.css_colour, ("text", "ground", "value", "gradient", "line"))
TRUTH = f' stroke-dasharray="4 3" style="stroke:{LINE};stroke-width:1.5;fill:none"'


def place_on_sheet(x, y):
    """Turn a place in the picture into one on the sheet, in squares from its upper left corner."""
    return (x - LEFT) / SQUARE, (y - TOP) / SQUARE


def _corner(i):
    row, column = divmod(i, SIZE)
    return LEFT + column * SQUARE, TOP + row * SQUARE


def sheet(pixels):
    """Draw (64,) shades, and over them the area that reports a hand."""
    parts = [text_at(LEFT, TOP - 14, "tick", _("the sheet: 8 × 8 shades"))]
    for i in np.flatnonzero(pixels):
        x, y = _corner(i)
        parts.append(
            f'<rect data-pixel="{i}" x="{x:g}" y="{y:g}" width="{SQUARE:g}" height="{SQUARE:g}" '
            f'style="fill:{INK};fill-opacity:{pixels[i]:.4g}"/>'
        )
    lines = "".join(
        f"M{LEFT:g} {TOP + i * SQUARE:g}h{END:g}M{LEFT + i * SQUARE:g} {TOP:g}v{END:g}" for i in range(1, SIZE)
    )
    area = f'x="{LEFT:g}" y="{TOP:g}" width="{END:g}" height="{END:g}"'
    return "".join(
        (
            *parts,
            f'<path class="grid" d="{lines}"/><rect class="frame" {area}/>',
            f'<rect data-pad="sheet" {area} style="fill:none;pointer-events:all;cursor:crosshair;touch-action:none"/>',
        )
    )


def marks(gradient):
    """Draw + where dL/dx is below 0 and − where it is above, on a halo so that they are seen on ink and on paper.

    Parameters
    ----------
    gradient : (64,) array or None
        The size of a mark goes with the share of the largest one; None for no marks.
    """
    largest = 0.0 if gradient is None else np.abs(gradient).max()
    if not largest:
        return ""
    parts = []
    for i in np.flatnonzero(np.abs(gradient) >= FAINT * largest):
        slope = gradient[i] / largest
        x, y = (corner + SQUARE / 2 for corner in _corner(i))
        arm = 3 + 8 * abs(slope)
        sign, colour, path = ("+", VALUE, f"M{x:g} {y - arm:.1f}v{2 * arm:.1f}") if slope < 0 else ("-", GRADIENT, "")
        path += f"M{x - arm:.1f} {y:g}h{2 * arm:.1f}"
        parts.append(
            f'<g data-mark="{sign}{i}" style="stroke-linecap:square;pointer-events:none">'
            f'<path d="{path}" style="stroke:{GROUND};stroke-width:6"/>'
            f'<path d="{path}" style="stroke:{colour};stroke-width:3"/></g>'
        )
    return "".join(parts)


def bars(y, decision, truth):
    """Draw the (10,) probabilities, a triangle at the largest and a dashed frame at the truth, where it is known."""
    words = _("probability of each digit") if truth is None else _("probability of each digit; dashed: its label")
    parts = [text_at(BARS - 40, TOP - 14, "tick", words)]
    for k, share in enumerate(y):
        top, decided = TOP + k * ROOM, k == decision
        area = f'y="{top + 3:.1f}" height="{ROOM - 6:.1f}"'
        if k == truth:
            parts.append(f'<rect data-truth="{k}" x="{BARS:g}" width="{WHOLE:g}" {area}{TRUTH}/>')
        bold = ' style="font-weight:bold"' if decided else ""
        parts += [
            text_at(BARS - 14, top + 18, "name", str(k), bold),
            f'<rect data-bar="{k}" x="{BARS:g}" width="{WHOLE * share:.1f}" {area} '
            f'style="fill:{VALUE};fill-opacity:{0.9 if decided else 0.55}"/>',
            text_at(BARS + WHOLE + 8, top + 18, "tick", chance(share), f' data-number="y{k}"'),
        ]
        if decided:
            parts.append(text_at(BARS - 32, top + 18, "name", "▶", f' data-decision="{k}"'))
    return "".join(parts)


def chance(y):
    """Write a probability in three digits, and never as 1 or 0 while it is neither."""
    if 0 < y < 0.001:
        return "< 0.001"
    return "> 0.999" if 0.9995 <= y < 1 else f"{y:.3f}"
