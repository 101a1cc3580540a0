"""How the digit pad looks: a sheet of 64 shades, + and − on its pixels, hidden units, and ten bars."""

from typing import NamedTuple

import numpy as np

from nbkit.drawing.chart.frame import HIT_AREA_STYLE
from nbkit.drawing.chart.marks import text_at
from nbkit.drawing.chart.signed import sign_role
from nbkit.drawing.markup import join, tag
from nbkit.drawing.picture import Mark
from nbkit.drawing.text import TICK, text_width
from nbkit.drawing.theme import css_colour
from nbkit.messages import _
from nbkit.widgets.digits.raster import PIXELS_ACROSS

N_CLASSES = 10
HEIGHT = 336
SHEET_LEFT, SHEET_TOP, SQUARE = 20.0, 44.0, 32.0  # pixels: of the sheet, and the side of its squares
SHEET_SIDE = SQUARE * PIXELS_ACROSS  # its height and width
SHEET_FRAME = {"x": SHEET_LEFT, "y": SHEET_TOP, "width": SHEET_SIDE, "height": SHEET_SIDE}
TITLES_BASELINE, LEGEND_BASELINE = SHEET_TOP - 14, SHEET_TOP + SHEET_SIDE + 24  # pixels
BAR_PITCH = SHEET_SIDE / N_CLASSES  # pixels from one bar to the next
MIN_MARKED_SHARE = 0.15  # share of the largest effect below which a pixel gets no sign
INK_COLOUR, GROUND_COLOUR, BAR_COLOUR, LINE_COLOUR = map(css_colour, ("text", "ground", "quiet", "line"))


class Bars(NamedTuple):
    """Where the bars stand, in pixels: a whole bar stands for 1."""

    left: float
    whole: float

    @property
    def right(self):
        """Where the numbers beside them end."""
        return self.left + self.whole + 68

    def ends(self):
        """Return for each class where a line to it ends."""
        return [(self.left - 46, SHEET_TOP + (k + 0.5) * BAR_PITCH) for k in range(N_CLASSES)]


BARS = Bars(left=352.0, whole=230.0)
BARS_BESIDE_UNITS = Bars(left=682.0, whole=150.0)
UNITS_LEFT = 320.0  # pixels


def place_on_sheet(x, y):
    """Turn a place in the picture into one on the sheet, in squares from its upper left corner."""
    return (x - SHEET_LEFT) / SQUARE, (y - SHEET_TOP) / SQUARE


def _corner(i):
    row, column = divmod(i, PIXELS_ACROSS)
    return SHEET_LEFT + column * SQUARE, SHEET_TOP + row * SQUARE


def title_at(x, words):
    """Write what stands below."""
    return text_at(x, TITLES_BASELINE, "tick", words)


def sheet(pixels, title=""):
    """Draw (64,) shades, and over them the area that reports a pen."""
    parts = [title_at(SHEET_LEFT, title or _("the sheet: 8 × 8 shades"))]
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


def signs(effect):
    """Draw + where more ink raises something and − where it lowers it, the larger its (64,) effect, the larger.

    The mark shows ``signs``: "+" or "-" by pixel; there are none where `effect` is None.
    """
    largest = 0.0 if effect is None else np.abs(effect).max()
    parts, drawn = [], {}
    for i in np.flatnonzero(np.abs(effect) >= MIN_MARKED_SHARE * largest) if largest else ():
        share = effect[i] / largest
        x, y = (corner + SQUARE / 2 for corner in _corner(i))
        arm, sign = 3 + 8 * abs(share), "+" if share > 0 else "-"
        upright = f"M{x:g} {y - arm:.1f}v{2 * arm:.1f}" if share > 0 else ""
        path = f"{upright}M{x - arm:.1f} {y:g}h{2 * arm:.1f}"
        halo = tag("path", d=path, style=f"stroke:{GROUND_COLOUR};stroke-width:6")
        line = tag("path", d=path, style=f"stroke:{css_colour(sign_role(share))};stroke-width:3")
        look = "stroke-linecap:square;pointer-events:none"
        parts.append(tag("g", halo, line, data_mark=f"{sign}{i}", style=look))
        drawn[int(i)] = sign
    return Mark(join(parts), "signs", signs=drawn)


def legend():
    """Say what the colours mean, on the sheet and in the pictures of units; titles above say what *it* is."""
    x, parts = SHEET_LEFT, []
    for text, role in ((_("more ink:"), None), (_("+ raises it"), "positive"), (_("− lowers it"), "negative")):
        look = role and f"fill:{css_colour(role)};font-weight:bold"
        parts.append(text_at(x, LEGEND_BASELINE, "tick", text, style=look))
        x += text_width(text, TICK) + 12
    return join(parts)


def bars(y, decision, truth, where=BARS):
    """Draw the (10,) probabilities, a triangle at the largest and a dashed frame at the truth, where it is known."""
    words = _("probability of each digit") if truth is None else _("probability of each digit; dashed: its label")
    parts = [title_at(where.left - 40, words)]
    for k, share in enumerate(y):
        top, decided = SHEET_TOP + k * BAR_PITCH, k == decision
        place = {"x": where.left, "y": f"{top + 3:.1f}", "height": f"{BAR_PITCH - 6:.1f}"}
        if k == truth:
            look = f"stroke:{LINE_COLOUR};stroke-width:1.5;fill:none"
            parts.append(tag("rect", data_truth=k, **place, width=where.whole, stroke_dasharray="4 3", style=look))
        look = f"fill:{INK_COLOUR if decided else BAR_COLOUR};fill-opacity:{0.9 if decided else 0.7}"
        parts += [
            text_at(where.left - 14, top + 18, "name", str(k), style="font-weight:bold" if decided else None),
            tag("rect", data_bar=k, **place, width=f"{where.whole * share:.1f}", style=look),
            text_at(where.left + where.whole + 8, top + 18, "tick", chance(share), data_number=f"y{k}"),
        ]
        if decided:
            parts.append(text_at(where.left - 32, top + 18, "name", "▶", data_decision=k))
    return Mark(join(parts), "bars", y=y, decision=decision, truth=truth)


def chance(y):
    """Write a probability in three digits, and never as 1 or 0 while it is neither."""
    if 0 < y < 0.001:
        return "< 0.001"
    return "> 0.999" if 0.9995 <= y < 1 else f"{y:.3f}"
