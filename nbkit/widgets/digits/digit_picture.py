"""How the digit pad looks: a sheet of 64 shades, + and − on its pixels, and ten bars."""

import numpy as np

from nbkit.drawing.chart.frame import HIT_AREA_STYLE
from nbkit.drawing.chart.marks import text_at
from nbkit.drawing.markup import join, tag
from nbkit.drawing.picture import Mark
from nbkit.drawing.theme import css_colour
from nbkit.messages import _
from nbkit.widgets.digits.raster import PIXELS_ACROSS

N_CLASSES = 10
WIDTH, HEIGHT = 690, 318
SHEET_LEFT, SHEET_TOP, SQUARE = 20.0, 44.0, 32.0  # pixels: of the sheet, and the side of its squares
SHEET_SIDE = SQUARE * PIXELS_ACROSS  # its height and width
SHEET_FRAME = {"x": SHEET_LEFT, "y": SHEET_TOP, "width": SHEET_SIDE, "height": SHEET_SIDE}
BARS_LEFT, BAR_PITCH, WHOLE_BAR_WIDTH = 352.0, SHEET_SIDE / N_CLASSES, 230.0  # pixels; a whole bar stands for 1
MIN_MARKED_SHARE = 0.15  # share of the largest gradient below which a pixel gets no mark
INK_COLOUR, GROUND_COLOUR, VALUE_COLOUR, GRADIENT_COLOUR, LINE_COLOUR = map(
    css_colour, ("text", "ground", "value", "gradient", "line")
)


def place_on_sheet(x, y):
    """Turn a place in the picture into one on the sheet, in squares from its upper left corner."""
    return (x - SHEET_LEFT) / SQUARE, (y - SHEET_TOP) / SQUARE


def _corner(i):
    row, column = divmod(i, PIXELS_ACROSS)
    return SHEET_LEFT + column * SQUARE, SHEET_TOP + row * SQUARE


def sheet(pixels):
    """Draw (64,) shades, and over them the area that reports a pen."""
    parts = [text_at(SHEET_LEFT, SHEET_TOP - 14, "tick", _("the sheet: 8 × 8 shades"))]
    for i in np.flatnonzero(pixels):
        x, y = _corner(i)
        look = f"fill:{INK_COLOUR};fill-opacity:{pixels[i]:.4g}"
        parts.append(tag("rect", data_pixel=i, x=x, y=y, width=SQUARE, height=SQUARE, style=look))
    lines = ""
    for i in range(1, PIXELS_ACROSS):
        lines += f"M{SHEET_LEFT:g} {SHEET_TOP + i * SQUARE:g}h{SHEET_SIDE:g}"
        lines += f"M{SHEET_LEFT + i * SQUARE:g} {SHEET_TOP:g}v{SHEET_SIDE:g}"
    parts += [
        tag("path", class_="grid", d=lines),
        tag("rect", class_="frame", **SHEET_FRAME),
        tag("rect", data_area="sheet", **SHEET_FRAME, style=HIT_AREA_STYLE),
    ]
    return Mark(join(parts), "sheet", pixels=pixels.copy())


def marks(gradient):
    """Draw + where (64,) dL/dx is below 0 and − where it is above, the larger its share of the largest, the larger.

    The mark shows ``signs``: "+" or "-" by pixel; there are none where `gradient` is None.
    """
    largest = 0.0 if gradient is None else np.abs(gradient).max()
    parts, signs = [], {}
    for i in np.flatnonzero(np.abs(gradient) >= MIN_MARKED_SHARE * largest) if largest else ():
        slope = gradient[i] / largest
        x, y = (corner + SQUARE / 2 for corner in _corner(i))
        arm = 3 + 8 * abs(slope)
        sign, colour = ("+", VALUE_COLOUR) if slope < 0 else ("-", GRADIENT_COLOUR)
        upright = f"M{x:g} {y - arm:.1f}v{2 * arm:.1f}" if slope < 0 else ""
        path = f"{upright}M{x - arm:.1f} {y:g}h{2 * arm:.1f}"
        halo = tag("path", d=path, style=f"stroke:{GROUND_COLOUR};stroke-width:6")
        line = tag("path", d=path, style=f"stroke:{colour};stroke-width:3")
        look = "stroke-linecap:square;pointer-events:none"
        parts.append(tag("g", halo, line, data_mark=f"{sign}{i}", style=look))
        signs[int(i)] = sign
    return Mark(join(parts), "marks", signs=signs)


def bars(y, decision, truth):
    """Draw the (10,) probabilities, a triangle at the largest and a dashed frame at the truth, where it is known."""
    words = _("probability of each digit") if truth is None else _("probability of each digit; dashed: its label")
    parts = [text_at(BARS_LEFT - 40, SHEET_TOP - 14, "tick", words)]
    for k, share in enumerate(y):
        top, decided = SHEET_TOP + k * BAR_PITCH, k == decision
        place = {"x": BARS_LEFT, "y": f"{top + 3:.1f}", "height": f"{BAR_PITCH - 6:.1f}"}
        if k == truth:
            look = f"stroke:{LINE_COLOUR};stroke-width:1.5;fill:none"
            parts.append(tag("rect", data_truth=k, **place, width=WHOLE_BAR_WIDTH, stroke_dasharray="4 3", style=look))
        look = f"fill:{VALUE_COLOUR};fill-opacity:{0.9 if decided else 0.55}"
        parts += [
            text_at(BARS_LEFT - 14, top + 18, "name", str(k), style="font-weight:bold" if decided else None),
            tag("rect", data_bar=k, **place, width=f"{WHOLE_BAR_WIDTH * share:.1f}", style=look),
            text_at(BARS_LEFT + WHOLE_BAR_WIDTH + 8, top + 18, "tick", chance(share), data_number=f"y{k}"),
        ]
        if decided:
            parts.append(text_at(BARS_LEFT - 32, top + 18, "name", "▶", data_decision=k))
    return Mark(join(parts), "bars", y=y, decision=decision, truth=truth)


def chance(y):
    """Write a probability in three digits, and never as 1 or 0 while it is neither."""
    if 0 < y < 0.001:
        return "< 0.001"
    return "> 0.999" if 0.9995 <= y < 1 else f"{y:.3f}"
