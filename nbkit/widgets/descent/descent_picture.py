"""The picture of walks downhill: a curve or height lines with the path on them, the losses, and one step in numbers."""

import numpy as np

from nbkit.drawing import theme
from nbkit.drawing.chart.frame import frame
from nbkit.drawing.chart.marks import readout, stroke, text_at
from nbkit.drawing.markup import Markup, attributes, join, tag
from nbkit.drawing.picture import Mark, Picture
from nbkit.drawing.text import TICK, text_width
from nbkit.formatting import number
from nbkit.messages import _

WIDTH, HEIGHT = 760, 384
LAND_BOX = (54.0, 30.0, 370.0, 308.0)  # left, top, width, height in pixels
LOSS_BOX = (492.0, 30.0, 254.0, 124.0)
TABLE_PLACE = (446.0, 222.0)  # left, first line of text
ROW_PITCH, NUMBERS_OFFSET, BARS_OFFSET, MAX_BAR_WIDTH = 23, 148, 222, 76  # pixels, in the table of one step
MIN_LABEL_DISTANCE = 40  # pixels between the numbers on the height lines
MAX_PIXEL = 1e4  # what lies further out is drawn no further
HEIGHT_LINES = (0.01, 0.04, 0.09, 0.16, 0.25, 0.36, 0.49, 0.64, 0.81)  # shares of the area that lie below each
MIN_DOWNHILL, BEYOND_STEP = 80, 50  # pixels: of the way downhill, and how far it goes on behind the step at least
MIN_STEP_WITH_TIP = 22  # pixels of a step that has room for an arrow tip
TEXT_COLOUR, GROUND_COLOUR, QUIET_COLOUR = (theme.css_colour(role) for role in ("text", "ground", "quiet"))
# Of the paths of the optimizers, in light and dark: the hues of the first classes, with the contrast of a text.
LIGHT_PATH_COLOURS = {"sgd": theme.CLASSES[0], "momentum": "#c25500", "adam": theme.CLASSES[2]}
DARK_PATH_COLOURS = {"sgd": "#56b4e9", "momentum": "#ff9d57", "adam": "#3ecf9f"}
DESCENT_STYLE = theme.CHART_STYLE + theme.css_variables(theme.IN_THE_DARK, DARK_PATH_COLOURS)
# Of each optimizer: colour, dashes, and the marker at its places as a path around the origin.
PATH_LOOKS = {
    name: (f"var(--nbkit-{name.lower()}, {LIGHT_PATH_COLOURS[name.lower()]})", dashes, marker)
    for name, dashes, marker in (
        ("SGD", "none", "m-3.2 0a3.2 3.2 0 1 0 6.4 0a3.2 3.2 0 1 0-6.4 0z"),
        ("Momentum", "7 3", "m-3-3h6v6h-6z"),
        ("Adam", "2 3", "m0-4.2l4.2 4.2l-4.2 4.2l-4.2-4.2z"),
    )
}
# An inner picture, which cuts off what leaves the frame.
CLIP = Markup("<svg{}>").format(
    attributes(
        **dict(zip(("x", "y", "width", "height"), LAND_BOX, strict=True)), viewBox=" ".join(f"{x:g}" for x in LAND_BOX)
    )
)
CROSS = stroke("text", width=1.5)
TANGENT = {**stroke("gradient", "6 4"), "fill": "none"}
# Round dots, which no path has: the way downhill runs along the step that is looked at.
DOWNHILL = {**stroke("text", "0.1 6", width=3), "stroke_linecap": "round", "fill": "none"}


class DescentPicture:
    """Draws walks on one landscape repeatedly: all that does not depend on the walks is made once."""

    def __init__(self, landscape):
        self.landscape = landscape
        low, high = np.nanmin(landscape.heights), np.nanmax(landscape.heights)
        self.lowest, self.span, self.is_curve = low, max(high - low, 1e-9), len(landscape.names) == 1
        if self.is_curve:
            heights = low - 0.05 * self.span, high + 0.05 * self.span
            self.land = frame(LAND_BOX, landscape.ranges[0], heights, landscape.names[0], _("loss"))
            self.ground, self.labels = self._curve(), []
        else:
            self.land = frame(LAND_BOX, *landscape.ranges, *landscape.names)
            self.ground, self.labels = self._height_lines()
        self.area, self.walks = self.land.hit_area("land"), None

    def svg(self, walks, step, words):
        """Return the picture of `walks` from one start, with one `step` of the last walk, or None, in numbers."""
        walk, before = walks[-1], walks[:-1]
        if walks is not self.walks:  # another step is looked at more often than another walk is made
            self.walks, self.legend = walks, self._legend(walks)
            self.paths, self.path = [self._path(other) for other in before], self._path(walk)
            self.losses, self.curves = self._losses(walks)
        marked = self._step(step) if step else []
        promise = self._promise(step) if step else []
        k = step.k if step else 0
        parts = [
            self.land.svg,
            CLIP, self.ground, self.paths, marked, self.path, promise, self.labels,
            Markup("</svg>"), self.legend, self.area, self._start(),
            self.curves, self.losses.dot(k, walk.losses[k], "loss", r=4.5), self._table(walk, step),
        ]  # fmt: skip
        return Picture(_("Downhill"), words, parts, WIDTH, HEIGHT, sheet=DESCENT_STYLE)

    # ------------------------------------------------------------ the ground

    def _curve(self):
        heights = np.nan_to_num(self.landscape.heights, nan=self.lowest, posinf=self.lowest + 2 * self.span)
        look = {"data_mark": "curve", "style": f"stroke:{QUIET_COLOUR}"}
        return self.land.line("now", self.landscape.axes[0], heights, "curve", **look)

    def _height_lines(self):
        """Draw lines of equal loss and a cross at the lowest place, and apart the number on every second line."""
        import contourpy

        x, y = self.landscape.axes
        heights = np.nan_to_num(self.landscape.heights, posinf=self.lowest + self.span)
        levels = np.unique([float(f"{level:.2g}") for level in np.quantile(heights, HEIGHT_LINES)])
        contours = contourpy.contour_generator(x, y, heights)
        look = {"data_mark": "height", "style": f"stroke:{QUIET_COLOUR};stroke-opacity:.5;stroke-width:1"}
        lines, labels, taken = [], [], []
        for i, level in enumerate(levels):
            pieces = [piece for piece in contours.lines(level) if len(piece) > 3]
            lines += [(level, piece) for piece in pieces]
            if pieces and i % 2:
                labels.append(self._height_label(max(pieces, key=len), level, taken))
        row, column = np.unravel_index(np.argmin(heights), heights.shape)
        lowest = tag("path", d=f"M{self.land.x(x[column]) - 5:.1f} {self.land.y(y[row]):.1f}h10m-5-5v10", **CROSS)
        drawn = [self.land.line("then", *piece.T, **look) for _level, piece in lines]
        return Mark(join([drawn, lowest]), "height lines", lines=lines), Mark(join(labels), "height labels")

    def _height_label(self, piece, level, taken):
        """Write the loss onto its line, as high as there is room: well inside the frame, and away from the others."""
        px, py = self.land.x(piece[:, 0]), self.land.y(piece[:, 1])
        left, top, width, height = LAND_BOX
        free = (px > left + 24) & (px < left + width - 24) & (py > top + 14) & (py < top + height - 10)
        for x, y in taken:
            free &= np.hypot(px - x, py - y) > MIN_LABEL_DISTANCE
        if not free.any():
            return Markup()
        place = np.flatnonzero(free)[np.argmin(py[free])]
        taken.append((px[place], py[place]))
        halo = f"paint-order:stroke;stroke:{GROUND_COLOUR};stroke-width:6px;stroke-linejoin:round"
        look = {"data_mark": "label", "text_anchor": "middle", "style": halo}
        return text_at(px[place], py[place] + 4, "tick", number(level), **look)

    # ------------------------------------------------------------ the way

    def pixels(self, places, losses):
        """Return where places stand on the picture, x and y, not further out than can be drawn."""
        first = self.land.x(places[:, 0])
        second = self.land.y(losses if self.is_curve else places[:, 1])
        return tuple(np.clip(np.where(np.isnan(p), MAX_PIXEL, p), -MAX_PIXEL, MAX_PIXEL) for p in (first, second))

    def _path(self, walk):
        """Draw all steps, an arrow in each that has room for one, and a marker at each place."""
        colour, dashes, marker = PATH_LOOKS[walk.optimizer]
        x, y = self.pixels(walk.places, walk.losses)
        points = [f"{px:.1f} {py:.1f}" for px, py in zip(x.tolist(), y.tolist(), strict=True)]
        look = {"style": f"stroke:{colour};stroke-width:1.8;fill:none", "stroke_dasharray": dashes}
        line = tag("path", data_path=walk.optimizer, d="M" + "L".join(points), **look)
        markers = "".join([f"M{point}{marker}" for point in points[1:]]) + _tips(x, y)
        both = join([line, tag("path", d=markers, style=f"fill:{colour}")])
        return Mark(both, f"path {walk.optimizer}", x=x, y=y, colour=colour, dashes=dashes)

    def _step(self, step):
        """Draw one step thicker than the path that comes over it."""
        x, y = (pixels[step.k - 1 : step.k + 1] for pixels in (self.path.x, self.path.y))
        d = f"M{x[0]:.1f} {y[0]:.1f}L{x[1]:.1f} {y[1]:.1f}"
        return tag("path", d=d, style=f"stroke:{self.path.colour};stroke-width:5")

    def _promise(self, step):
        """Draw what the gradient says at the beginning of a step: the tangent, or the way straight downhill."""
        if not np.isfinite(step.gradient).all() or not np.isfinite(step.move).all():
            return []
        return self._tangent(step) if self.is_curve else self._downhill(step)

    def _downhill(self, step):
        """Point against the gradient, from the height line away, and further than the step leads."""
        land = self.land
        across, up = (land.x(1) - land.x(0)) * step.gradient[0], (land.y(1) - land.y(0)) * step.gradient[1]
        (x, x_end), (y, y_end) = self.pixels(np.array([step.place, step.place + step.move]), np.full(2, step.loss))
        length = max(MIN_DOWNHILL, np.hypot(x_end - x, y_end - y) + BEYOND_STEP)
        scale = -length / max(float(np.hypot(across, up)), 1e-300)
        right, down = scale * across, scale * up
        line = tag("path", data_mark="promise", d=f"M{x:.1f} {y:.1f}l{right:.1f} {down:.1f}", **DOWNHILL)
        return Mark(line, "promise", right=right, down=down)

    def _tangent(self, step):
        """Draw the tangent, and where the step ends how far it falls and how far the curve does."""
        (w,), (slope,), (move,) = step.place, step.gradient, step.move
        beyond = np.sign(move) * 0.08 * np.ptp(self.land.x_range)
        ends = np.array([w - beyond, w + move + beyond])
        x, y = self.pixels(ends[:, None], step.loss + slope * (ends - w))
        levels = step.loss - np.array([0.0, step.predicted, step.actual])
        (at, *_same), (level, *came) = self.pixels(np.full((3, 1), w + move), levels)
        line = f"M{x[0]:.1f} {y[0]:.1f}L{x[1]:.1f} {y[1]:.1f}"
        parts = [tag("path", data_mark="promise", d=line, **TANGENT)]
        for left, end, role in zip((at - 4, at + 4), came, ("gradient", "value"), strict=True):
            look = {"style": f"stroke:{theme.css_colour(role)};stroke-width:4;opacity:.8"}
            parts.append(tag("path", d=f"M{left:.1f} {level:.1f}V{end:.1f}", **look))
        return Mark(join(parts), "promise", x=x, y=y)

    def _start(self):
        x, y = self.path.x[0], self.path.y[0]
        left, top, width, height = LAND_BOX
        if not (left <= x <= left + width and top <= y <= top + height):
            return []
        look = f"fill:{GROUND_COLOUR};fill-opacity:.6;stroke:{TEXT_COLOUR};stroke-width:2;cursor:grab;touch-action:none"
        place = {"cx": f"{x:.1f}", "cy": f"{y:.1f}", "r": 8}
        return Mark(tag("circle", data_item="start", data_on="land", **place, style=look), "start", x=x, y=y)

    def _legend(self, walks):
        """Say above the picture what its lines are: each with the marker at its places."""
        entries = []
        for walk in walks:
            colour, dashes, marker = PATH_LOOKS[walk.optimizer]
            line = {"style": f"stroke:{colour};stroke-width:1.8", "stroke_dasharray": dashes}
            entries.append((walk.optimizer, 24, "h24", line, marker, f"fill:{colour}"))
        entries.append((_("tangent"), 24, "h24", TANGENT) if self.is_curve else (_("downhill"), 24, "h24", DOWNHILL))
        if not self.is_curve:
            entries.append((_("lowest"), 10, "h10m-5-5v10", CROSS))
        parts, x = [], LAND_BOX[0]
        for name, length, path, look, *marker in entries:
            parts.append(tag("path", d=f"M{x:g} 15{path}", **look))
            if marker:
                parts.append(tag("path", d=f"M{x + length / 2:g} 15{marker[0]}", style=marker[1]))
            parts.append(tag("text", name, class_="tick", x=x + length + 5, y=19))
            x += 44 + text_width(name, TICK)
        return parts

    # ------------------------------------------------------------ loss and numbers

    def _losses(self, walks):
        """Draw loss against step, and return the frame too; what is higher than it runs along its top."""
        walk, longest = walks[-1], max(10, *(other.steps for other in walks))
        top = walk.losses[0] if np.isfinite(walk.losses[0]) else self.lowest + self.span
        room = 0.1 if (walk.losses <= top).all() else 3.0  # three times as high shows that a loss grows
        top = max(top + room * (top - self.lowest), self.lowest + 0.02 * self.span)
        heights = self.lowest - 0.05 * (top - self.lowest), top
        chart = frame(LOSS_BOX, (0, longest), heights, _("step"), _("loss"))
        curves = []
        for other in walks:
            colour, dashes, _marker = PATH_LOOKS[other.optimizer]
            look = {"style": f"stroke:{colour}", "stroke_dasharray": dashes}
            curves.append(
                chart.series("now", other.losses, np.arange(other.steps + 1), f"losses {other.optimizer}", **look)
            )
        return chart, [chart.svg, *curves]

    def _table(self, walk, step):
        """Write one step in numbers, promised and actual decrease as bars too."""
        x, y = TABLE_PLACE
        if step is None:
            return _title(_("There is no step to look at."))
        place = _tuple(step.place)
        title = _("Step {k} of {n}, from {name} = {place}").format(k=step.k, n=walk.steps, name="w", place=place)
        rows = [
            (_("gradient g"), _tuple(step.gradient), "gradient"),
            (_("step Δw"), _tuple(step.move), "move"),
            (_("predicted decrease"), _written(step.predicted), "predicted"),
            (_("actual decrease"), _written(step.actual), "actual"),
        ]
        if walk.optimizer == "SGD":
            rows.append((_("lr × curvature"), _written(round(walk.lr * step.curvature, 6)), "curvature"))
            rule = _("predicted = −g·Δw = lr·‖g‖²")
        else:
            rule = _("predicted = −g·Δw")
        bars = [(step.predicted, "gradient", "predicted"), (step.actual, "value", "actual")]
        return [
            _title(title),
            readout(x, y + ROW_PITCH, rows, column=NUMBERS_OFFSET, pitch=ROW_PITCH),
            [_bar(y + ROW_PITCH * i, *bar, bars) for i, bar in enumerate(bars, 3)],
            text_at(x, HEIGHT - 20, "tick", rule),
        ]


def _title(text):
    x, y = TABLE_PLACE
    return Mark(
        tag("text", text, x=x, y=y, style=f"fill:{TEXT_COLOUR};font-weight:bold", data_number="title"),
        "title",
        text=text,
    )


def _bar(y, decrease, role, key, bars):
    """Draw a decrease as a bar beside the other one; hollow where it is none, but a rise."""
    longest = max(abs(bar[0]) for bar in bars)
    if not np.isfinite(longest) or not longest:
        return []
    colour, width, hollow = theme.css_colour(role), abs(decrease) / longest * MAX_BAR_WIDTH, decrease <= 0
    look = f"fill:{GROUND_COLOUR if hollow else colour};stroke:{colour};stroke-width:1.5"
    place = {"x": TABLE_PLACE[0] + BARS_OFFSET, "y": y - 10, "width": f"{width:.1f}", "height": 11}
    return Mark(tag("rect", data_bar=key, **place, style=look), f"{key} bar", width=width, hollow=hollow)


def _tips(x, y):
    """Put an arrow tip into the middle of each step that is long enough for one, as path data."""
    starts = np.stack([x, y], axis=1)
    steps = np.diff(starts, axis=0)
    lengths = np.hypot(*steps.T)[:, None]
    is_long = lengths[:, 0] > MIN_STEP_WITH_TIP
    steps, along = steps[is_long], steps[is_long] / lengths[is_long]
    across, middles = along[:, ::-1] * (-1, 1), starts[:-1][is_long] + 0.55 * steps
    tips = np.hstack([middles + 5 * along, middles - 4 * along + 4 * across, middles - 4 * along - 4 * across])
    return "".join(["M{:.1f} {:.1f}L{:.1f} {:.1f}L{:.1f} {:.1f}z".format(*tip) for tip in tips.tolist()])


def _written(value):
    return _("unknown") if np.isnan(value) else number(value)


def _tuple(values):
    """Write one number in four digits, several in three: there is no room for more."""
    if len(values) == 1:
        return _written(values[0])
    return f"({', '.join(_written(float(f'{value:.3g}')) for value in values)})"
