"""The picture of a line through points, and of the same line as a dot in the bowl of its loss."""

import numpy as np

from nbkit.drawing import theme
from nbkit.drawing.chart.contours import contours
from nbkit.drawing.chart.frame import Frame
from nbkit.drawing.chart.handle import handle, point_grip, touch_area
from nbkit.drawing.chart.marks import legend, readout, stroke, text_at
from nbkit.drawing.markup import join, tag
from nbkit.drawing.picture import Mark, Picture
from nbkit.formatting import number, three_digits
from nbkit.messages import _
from nbkit.widgets.descent.looks import CROSS, DESCENT_STYLE, END_OF_CLIP, GAP, clip

WIDTH, HEIGHT = 760, 414
LINE_BOX = (54.0, 30.0, 310.0, 252.0)  # left, top, width, height in pixels
BOWL_BOX = (436.0, 30.0, 310.0, 252.0)
ROWS_TOP, ROW_PITCH = 340.0, 21
GRID_POINTS = 141  # per side, for the lines of equal loss
BOWL_MARGIN = 1.2  # of the way from the flat line to the lowest place, on the scale on which it is longest
X_MARGIN, END_MARGIN, Y_MARGIN = 0.14, 0.08, 0.25  # of the range of the points, around them
ARROW_PIXELS, HALF_ARROW = 84.0, 4.0  # of the longest arrow, and the slope whose arrow is half as long
MAX_PIXEL = 1e4
MAX_TRAIL_SIGNS = 400  # places of a walk that get a dot of their own
RING_RADIUS = 11
RING_STYLE = "fill:none;stroke-width:2;cursor:grab;touch-action:none;pointer-events:all"
POINT, LINE, RESIDUAL, DOWN = (theme.css_colour(role) for role in ("value", "text", "wrong", "gradient"))
SHEET = DESCENT_STYLE + theme.css_variables(theme.IN_THE_DARK, theme.DARK_VERDICTS)


class RegressionPicture:
    """Draws lines through the points of a `LineFit`: all that does not depend on the line is made once.

    Parameters
    ----------
    fit : LineFit
    reach : float
        The bowl shows so much to either side of its middle, in units of w; both its axes have one scale.
    names : pair of str
        Of x and y.
    """

    def __init__(self, fit, reach, names):
        self.fit = fit
        low, high = fit.x.min(), fit.x.max()
        span = high - low
        self.ends = float(low - END_MARGIN * span), float(high + END_MARGIN * span)
        y_low, y_high = min(0.0, fit.y.min()), max(0.0, fit.y.max())
        room = Y_MARGIN * (y_high - y_low or 1.0)
        x_range = float(low - X_MARGIN * span), float(high + X_MARGIN * span)
        self.chart = Frame(LINE_BOX, x_range, (float(y_low - room), float(y_high + room)), *names)
        tall = reach * BOWL_BOX[3] / BOWL_BOX[2]
        self.middle = fit.lowest / 2  # between the flat line and the best one
        self.ranges = [(float(m - r), float(m + r)) for m, r in zip(self.middle, (reach, tall), strict=True)]
        self.bowl = Frame(BOWL_BOX, *self.ranges, _("w: slope"), _("b: height at x = 0"))
        self.fixed, self.labels = self._bowl()
        self.points = self._points()

    def _bowl(self):
        w, b = (np.linspace(*ends, GRID_POINTS) for ends in self.ranges)
        lines, labels = contours(self.bowl, w, b, self.fit.loss_grid(w, b))
        x, y = self.bowl.x(self.fit.lowest[0]), self.bowl.y(self.fit.lowest[1])
        cross = tag("path", d=f"M{x - 5:.1f} {y:.1f}h10m-5-5v10", **CROSS)
        return [self.bowl.svg, clip(BOWL_BOX), lines, cross], labels

    def _points(self):
        x, y = self.chart.x(self.fit.x), self.chart.y(self.fit.y)
        d = "".join(f"M{a:.1f} {b:.1f}m-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0z" for a, b in zip(x, y, strict=True))
        edge = theme.css_colour("ground")
        return Mark(tag("path", d=d, style=f"fill:{POINT};stroke:{edge};stroke-width:1"), "points",
                    x=self.fit.x, y=self.fit.y)  # fmt: skip

    # ------------------------------------------------------------ for each line

    def svg(self, place, look, trail, ahead, squares, words):
        """Return the picture of the line at `place`, with the places of a walk to it, and where a step would lead."""
        parts = [self._line(place, look, squares), self._dot(place, look, trail, ahead), self._numbers(place, look)]
        return Picture(_("Line and bowl"), words, parts, WIDTH, HEIGHT, role="group", sheet=SHEET)

    def _line(self, place, look, squares):
        w, b = place
        chart, heights = self.chart, np.clip(look.heights, -1e6, 1e6)
        ends = np.array(chart.x_range)
        line = Mark(tag("path", class_="now", d=self._across(ends, w * ends + b)), "line", w=w, b=b)
        x, y, on = chart.x(self.fit.x), chart.y(self.fit.y), chart.y(heights)
        d = "".join(f"M{a:.1f} {b:.1f}V{c:.1f}" for a, b, c in zip(x, y, on, strict=True))
        look_of_gaps = f"stroke:{RESIDUAL};stroke-width:2;fill:none"
        gaps = Mark(tag("path", d=d, style=look_of_gaps), "gaps", lengths=look.heights - self.fit.y)
        zero = chart.rule("then", x=0.0, stroke_dasharray="2 4") if chart.x_range[0] < 0 < chart.x_range[1] else []
        names = [(_("line"), "now", {}), (_("gap from point to line"), "now", stroke("wrong"))]
        return [
            chart.svg, clip(LINE_BOX), zero, self._squares(x, y, on) if squares else [], line, gaps, self.points,
            END_OF_CLIP, legend(names, LINE_BOX[0]), [self._end(i, w, b) for i in (0, 1)],
        ]  # fmt: skip

    def _across(self, x, y):
        """Write a straight line as path data, bounded where it runs far outside."""
        px, py = self.chart.x(x), np.clip(self.chart.y(y), -MAX_PIXEL, MAX_PIXEL)
        return f"M{px[0]:.1f} {py[0]:.1f}L{px[1]:.1f} {py[1]:.1f}"

    def _squares(self, x, y, on):
        """Draw a square on each gap, towards the middle of the chart."""
        parts, middle = [], LINE_BOX[0] + LINE_BOX[2] / 2
        for a, b, c in zip(x, y, on, strict=True):
            side = min(abs(c - b), MAX_PIXEL)
            left = a if a < middle else a - side
            parts.append(f"M{left:.1f} {min(b, c):.1f}h{side:.1f}v{side:.1f}h{-side:.1f}z")
        style = f"fill:{RESIDUAL};fill-opacity:.13;stroke:{RESIDUAL};stroke-opacity:.5"
        return Mark(tag("path", d="".join(parts), style=style), "squares", sides=np.abs(on - y))

    def _end(self, i, w, b):
        """Draw the grip at one end of the line: up and down, while the other end stays."""
        x, chart = self.ends[i], self.chart
        value = float(w * x + b)
        low, high = chart.y_range
        px, py = float(chart.x(x)), float(chart.y(chart.inside(value)))
        name = (_("left end of the line"), _("right end of the line"))[i]
        words = _("y = {y} at x = {x}").format(y=number(value), x=three_digits(x))
        return handle(
            ("left", "right")[i], touch_area(px, py), point_grip(px, py, vertical=True), label=name, words=words,
            value=value, low=min(low, value), high=max(high, value), step=(high - low) / 200, page=(high - low) / 20,
            drag=chart.per_pixel[1], vertical=True, x=x, y=value,
        )  # fmt: skip

    def _dot(self, place, look, trail, ahead):
        """Draw the dot, the way that it has come, the arrow against the gradient, and where a step would lead."""
        x, y = self._pixels(np.array([place]))
        x, y = float(x[0]), float(y[0])
        parts = [*self.fixed, self._trail(trail), self._arrow(x, y, look.gradient)]
        nx, ny = (float(p[0]) for p in self._pixels(np.array([ahead])))
        parts += [
            Mark(tag("circle", cx=f"{nx:.1f}", cy=f"{ny:.1f}", r=6, **GAP), "ahead", w=ahead[0], b=ahead[1]),
            END_OF_CLIP, self.labels, self.bowl.hit_area("land"),
        ]  # fmt: skip
        left, top, width, height = BOWL_BOX
        if left <= x <= left + width and top <= y <= top + height:
            dot = tag("circle", cx=f"{x:.1f}", cy=f"{y:.1f}", r=5.5, style=f"fill:{POINT};pointer-events:none")
            place_of = {"cx": f"{x:.1f}", "cy": f"{y:.1f}", "r": RING_RADIUS, "style": f"stroke:{LINE};{RING_STYLE}"}
            ring = tag("circle", data_item="dot", data_on="land", **place_of)
            parts.append(Mark(join([dot, ring]), "dot", w=place[0], b=place[1]))
        names = [(_("−gradient, w and b"), "now", stroke("gradient")), (_("next step"), "now", GAP)]
        return [*parts, legend(names, BOWL_BOX[0])]

    def _pixels(self, places):
        x, y = self.bowl.x(places[:, 0]), self.bowl.y(places[:, 1])
        return np.clip(x, -MAX_PIXEL, MAX_PIXEL), np.clip(y, -MAX_PIXEL, MAX_PIXEL)

    def _trail(self, trail):
        """Draw the steps since a hand put the dot somewhere."""
        if len(trail) < 2:
            return []
        x, y = self._pixels(np.array(trail))
        points = [f"{a:.1f} {b:.1f}" for a, b in zip(x.tolist(), y.tolist(), strict=True)]
        line = tag("path", d="M" + "L".join(points), style=f"stroke:{POINT};stroke-width:1.6;fill:none")
        sign = "m-2.6 0a2.6 2.6 0 1 0 5.2 0a2.6 2.6 0 1 0-5.2 0z"
        signs = tag("path", d="".join(f"M{p}{sign}" for p in points[-MAX_TRAIL_SIGNS:]), style=f"fill:{POINT}")
        return Mark(join([line, signs]), "trail", places=trail)

    def _arrow(self, x, y, gradient):
        """Draw an arrow against the gradient, with its two parts; a steeper one is longer, up to a limit."""
        size = float(np.hypot(*gradient))
        if not np.isfinite(size) or size < 1e-9:
            return []
        length = ARROW_PIXELS * size / (size + HALF_ARROW)
        dx, dy = -gradient[0] / size * length, gradient[1] / size * length  # in pixels, downwards
        ux, uy = dx / length, dy / length
        parts_look = f"stroke:{DOWN};stroke-width:1.4;stroke-dasharray:4 3;fill:none"
        shaft = f"M{x:.1f} {y:.1f}l{dx:.1f} {dy:.1f}"
        tip = f"M{x + dx:.1f} {y + dy:.1f}l{-8 * ux + 4 * uy:.1f} {-8 * uy - 4 * ux:.1f}l{-8 * uy:.1f} {8 * ux:.1f}z"
        drawn = [
            tag("path", d=f"M{x:.1f} {y:.1f}h{dx:.1f}v{dy:.1f}", style=parts_look),
            tag("path", d=shaft, style=f"stroke:{DOWN};stroke-width:2.5;fill:none"),
            tag("path", d=tip, style=f"fill:{DOWN}"),
        ]
        return Mark(join(drawn), "arrow", w=-gradient[0], b=-gradient[1], right=dx, down=dy)

    def _numbers(self, place, look):
        """Write below both charts what the line is, its loss, its slopes, and how the bowl bends."""
        w, b = (number(float(f"{value:.3g}")) for value in place)
        steep, flat = self.fit.curvatures
        down = [three_digits(-slope if abs(slope) > 1e-9 else 0.0) for slope in look.gradient]
        left = [
            (_("line"), _("y = {w} · x + {b}").format(w=w, b=b), "line"),
            (_("loss (mean of ½ gap²)"), number(look.loss), "loss"),
        ]
        right = [
            (_("−gradient of w, of b"), f"{down[0]},  {down[1]}", "gradient"),
            (_("curvature, largest and smallest"), f"{three_digits(steep)},  {three_digits(flat)}", "curvatures"),
            (_("how many times larger"), three_digits(steep / flat), "ratio"),
            (_("lr must be below"), three_digits(2 / steep), "border"),
        ]
        x, hint = BOWL_BOX[0] - 16, _("Drag an end of the line, or the dot in the bowl.")
        return [
            readout(LINE_BOX[0], ROWS_TOP, left, column=172, pitch=ROW_PITCH, bold=["loss"], key="line in numbers"),
            readout(x, ROWS_TOP, right, column=216, pitch=ROW_PITCH, bold=["ratio"], key="bowl in numbers"),
            text_at(LINE_BOX[0], ROWS_TOP + 2.4 * ROW_PITCH, "tick", hint),
        ]


def reach_of(fits):
    """Return how far a bowl must reach to either side, in units of w, to show the lowest place of each of the fits."""
    ratio = BOWL_BOX[2] / BOWL_BOX[3]
    longest = max(max(abs(fit.lowest[0]), ratio * abs(fit.lowest[1])) for fit in fits)
    return BOWL_MARGIN * longest if longest > 1e-9 else 1.0
