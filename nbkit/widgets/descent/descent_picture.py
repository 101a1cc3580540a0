"""The picture of walks downhill: a curve or height lines with the path on them, the losses, and one step in numbers."""

import numpy as np

from nbkit.descent.walk import look_at
from nbkit.drawing import theme
from nbkit.drawing.chart.frame import Frame, page
from nbkit.drawing.graph.renderer import DARK
from nbkit.drawing.graph.scene import text_width
from nbkit.drawing.markup import escape
from nbkit.formatting import number
from nbkit.messages import _

WIDTH, HEIGHT = 760, 384
LAND = (54.0, 30.0, 370.0, 308.0)  # left, top, width, height in pixels
LOSS = (492.0, 30.0, 254.0, 124.0)
TABLE = (446.0, 222.0)  # left, first line of text
ROW, NUMBERS, BARS, BAR = 23, 148, 222, 76  # pixels: between rows, to the numbers, to the bars, longest bar
APART = 40  # pixels between the numbers on the height lines
FARTHEST = 1e4  # pixels: what lies further out is drawn no further
HEIGHT_LINES = (0.01, 0.04, 0.09, 0.16, 0.25, 0.36, 0.49, 0.64, 0.81)  # shares of the area that lie below each
TEXT, GROUND, VALUE, GRADIENT, QUIET = (
    theme.css_colour(role) for role in ("text", "ground", "value", "gradient", "quiet")
)
# Of the paths of the optimizers, in light and dark: the hues of the first classes, with the contrast of a text.
LIGHT_PATHS = {"sgd": theme.CLASSES[0], "momentum": "#c25500", "adam": theme.CLASSES[2]}
DARK_PATHS = {"sgd": "#56b4e9", "momentum": "#ff9d57", "adam": "#3ecf9f"}
PATH_STYLE = theme.css_variables(f"{DARK} .nbkit", DARK_PATHS)
# Of each optimizer: colour, dashes, and the mark at its places as a path around the origin.
LOOKS = {
    name: (f"var(--nbkit-{name.lower()}, {LIGHT_PATHS[name.lower()]})", dashes, mark)
    for name, dashes, mark in (
        ("SGD", "", "m-3.2 0a3.2 3.2 0 1 0 6.4 0a3.2 3.2 0 1 0-6.4 0z"),
        ("Momentum", "7 3", "m-3-3h6v6h-6z"),
        ("Adam", "2 3", "m0-4.2l4.2 4.2l-4.2 4.2l-4.2-4.2z"),
    )
}
LINES = f' data-mark="height" style="stroke:{QUIET};stroke-opacity:.5;stroke-width:1"'
CROSS = f'style="stroke:{TEXT};stroke-width:1.5"'
TANGENT = f'style="stroke:{GRADIENT};stroke-width:2;fill:none" stroke-dasharray="6 4"'
# Round dots, which no path has: the way downhill runs along the step that is looked at.
DOWNHILL = f'style="stroke:{TEXT};stroke-width:3;stroke-linecap:round;fill:none" stroke-dasharray="0.1 6"'
SHORTEST, BEYOND = 80, 50  # pixels: of the way downhill, and how far it goes on behind that step at least


class DescentPicture:
    """Draws walks on one landscape again and again: all that does not depend on the walks is made once.

    Parameters
    ----------
    landscape : Landscape
    """

    def __init__(self, landscape):
        self.landscape = landscape
        low, high = np.nanmin(landscape.heights), np.nanmax(landscape.heights)
        self.lowest, self.span = low, max(high - low, 1e-9)
        if len(landscape.names) == 1:
            heights = low - 0.05 * self.span, high + 0.05 * self.span
            self.land = Frame(LAND, landscape.ranges[0], heights, landscape.names[0], _("loss"))
            self.ground, self.labels = self._curve(), ""
        else:
            self.land = Frame(LAND, *landscape.ranges, *landscape.names)
            self.ground, self.labels = self._height_lines()
        self.losses, self.made_for = None, None

    def svg(self, walks, k, words):
        """Return the picture.

        Parameters
        ----------
        walks : sequence of Walk
            From one start; the last is the one that is looked at.
        k : int
            Number of its steps up to the one that is looked at, from 1; 0 where it has none.
        words : str
            Describes the picture to those who cannot see it.
        """
        walk = walks[-1]
        inside = [self.ground, *(self._path(other, 0) for other in walks[:-1]), self._path(walk, k)]
        if k:
            inside.append(self._promise(look_at(walk, k - 1)))
        inside.append(self.labels)
        left, top, width, height = LAND
        box = f'x="{left:g}" y="{top:g}" width="{width:g}" height="{height:g}" '
        box += f'viewBox="{left:g} {top:g} {width:g} {height:g}"'
        parts = [
            self.land.svg,
            f"<svg {box}>{''.join(inside)}</svg>",  # an inner svg cuts off what leaves the frame
            self._legend(walks), self.land.hit_area("land"),
            self._start(walk), self._losses(walks, k), self._table(walk, k),
        ]  # fmt: skip
        picture = page(parts, _("Downhill"), words, HEIGHT, WIDTH)
        # Into the one style sheet that there is: a browser keeps that one, and would read a second anew each time.
        return picture.replace("</style>", f"{PATH_STYLE}</style>", 1)

    # ------------------------------------------------------------ the ground

    def _curve(self):
        heights = np.nan_to_num(self.landscape.heights, nan=self.lowest, posinf=self.lowest + 2 * self.span)
        return self.land.line("now", self.landscape.axes[0], heights, f' data-mark="curve" style="stroke:{QUIET}"')

    def _height_lines(self):
        """Draw lines of equal loss and a cross at the lowest place, and apart the number on every second line."""
        import contourpy

        x, y = self.landscape.axes
        heights = np.nan_to_num(self.landscape.heights, posinf=self.lowest + self.span)
        levels = np.unique([float(f"{level:.2g}") for level in np.quantile(heights, HEIGHT_LINES)])
        lines = contourpy.contour_generator(x, y, heights)
        parts, labels, taken = [], [], []
        for i, level in enumerate(levels):
            pieces = [piece for piece in lines.lines(level) if len(piece) > 3]
            parts += [self.land.line("then", *piece.T, LINES) for piece in pieces]
            if pieces and i % 2:
                labels.append(self._height_label(max(pieces, key=len), level, taken))
        row, column = np.unravel_index(np.argmin(heights), heights.shape)
        px, py = self.land.x(x[column]), self.land.y(y[row])
        cross = f'<path d="M{px - 5:.1f} {py:.1f}h10m-5-5v10" {CROSS}/>'
        return "".join([*parts, cross]), "".join(labels)

    def _height_label(self, piece, level, taken):
        """Write the loss onto its line, as high as there is room: well inside the frame, and away from the others."""
        px, py = self.land.x(piece[:, 0]), self.land.y(piece[:, 1])
        left, top, width, height = LAND
        free = (px > left + 24) & (px < left + width - 24) & (py > top + 14) & (py < top + height - 10)
        for x, y in taken:
            free &= np.hypot(px - x, py - y) > APART
        if not free.any():
            return ""
        place = np.flatnonzero(free)[np.argmin(py[free])]
        taken.append((px[place], py[place]))
        halo = f'style="paint-order:stroke;stroke:{GROUND};stroke-width:6px;stroke-linejoin:round"'
        return (
            f'<text class="tick" data-mark="label" text-anchor="middle" x="{px[place]:.1f}" '
            f'y="{py[place] + 4:.1f}" {halo}>{number(level)}</text>'
        )

    # ------------------------------------------------------------ the way

    def pixels(self, places, losses):
        """Return where places stand on the picture, x and y, not further out than can be drawn."""
        first = self.land.x(places[:, 0])
        second = self.land.y(losses if len(self.landscape.names) == 1 else places[:, 1])
        return tuple(np.clip(np.nan_to_num(p, nan=FARTHEST), -FARTHEST, FARTHEST) for p in (first, second))

    def _path(self, walk, k):
        """Draw all steps, an arrow in each that has room for one, a mark at each place, and step `k` thicker."""
        colour, dashes, mark = LOOKS[walk.optimizer]
        x, y = self.pixels(walk.places, walk.losses)
        marks = "".join(f"M{px:.1f} {py:.1f}{mark}" for px, py in zip(x[1:], y[1:], strict=True))
        step = f"M{x[k - 1]:.1f} {y[k - 1]:.1f}L{x[k]:.1f} {y[k]:.1f}"
        thick = f'<path d="{step}" style="stroke:{colour};stroke-width:5"/>'
        return (
            f'<polyline data-path="{walk.optimizer}" points="{_points(x, y)}" '
            f'style="stroke:{colour};stroke-width:1.8;fill:none" stroke-dasharray="{dashes or "none"}"/>'
            f'{thick if k else ""}<path d="{marks}{_tips(x, y)}" style="fill:{colour}"/>'
        )

    def _promise(self, step):
        """Draw what the gradient says at the beginning of a step: the tangent, or the way straight downhill."""
        if not np.isfinite(step.gradient).all() or not np.isfinite(step.move).all():
            return ""
        return self._tangent(step) if len(self.landscape.names) == 1 else self._downhill(step)

    def _downhill(self, step):
        """Point against the gradient, from the height line away, and further than the step leads."""
        frame = self.land
        across, up = (frame.x(1) - frame.x(0)) * step.gradient[0], (frame.y(1) - frame.y(0)) * step.gradient[1]
        (x, x_end), (y, y_end) = self.pixels(np.array([step.place, step.place + step.move]), np.full(2, step.loss))
        length = max(SHORTEST, np.hypot(x_end - x, y_end - y) + BEYOND)
        scale = -length / max(float(np.hypot(across, up)), 1e-300)
        return f'<path data-mark="promise" d="M{x:.1f} {y:.1f}l{scale * across:.1f} {scale * up:.1f}" {DOWNHILL}/>'

    def _tangent(self, step):
        """Draw the tangent, and where the step ends how far it falls and how far the curve does."""
        (w,), (slope,), (move,) = step.place, step.gradient, step.move
        beyond = np.sign(move) * 0.08 * np.ptp(self.land.x_range)
        ends = np.array([w - beyond, w + move + beyond])
        x, y = self.pixels(ends[:, None], step.loss + slope * (ends - w))
        levels = step.loss - np.array([0.0, step.predicted, step.actual])
        (at, *_same), (level, predicted, came) = self.pixels(np.full((3, 1), w + move), levels)
        bar = 'style="stroke:{};stroke-width:4;opacity:.8"'
        return (
            f'<path data-mark="promise" d="M{x[0]:.1f} {y[0]:.1f}L{x[1]:.1f} {y[1]:.1f}" {TANGENT}/>'
            f'<path d="M{at - 4:.1f} {level:.1f}V{predicted:.1f}" {bar.format(GRADIENT)}/>'
            f'<path d="M{at + 4:.1f} {level:.1f}V{came:.1f}" {bar.format(VALUE)}/>'
        )

    def _start(self, walk):
        (x,), (y,) = self.pixels(walk.places[:1], walk.losses[:1])
        left, top, width, height = LAND
        if not (left <= x <= left + width and top <= y <= top + height):
            return ""
        return (
            f'<circle data-item="start" data-on="land" cx="{x:.1f}" cy="{y:.1f}" r="8" '
            f'style="fill:{GROUND};fill-opacity:.6;stroke:{TEXT};stroke-width:2;cursor:grab;touch-action:none"/>'
        )

    def _legend(self, walks):
        """Say above the picture what its lines are."""
        parts, x = [], LAND[0]
        for walk in walks:
            colour, dashes, mark = LOOKS[walk.optimizer]
            parts.append(
                f'<path d="M{x:g} 15h24" style="stroke:{colour};stroke-width:1.8" '
                f'stroke-dasharray="{dashes or "none"}"/><path d="M{x + 12:g} 15{mark}" style="fill:{colour}"/>'
                f'<text class="tick" x="{x + 29:g}" y="19">{walk.optimizer}</text>'
            )
            x += 44 + text_width(walk.optimizer, 11)
        curve = len(self.landscape.names) == 1
        text, look = (_("tangent"), TANGENT) if curve else (_("downhill"), DOWNHILL)
        parts.append(f'<path d="M{x:g} 15h24" {look}/><text class="tick" x="{x + 29:g}" y="19">{text}</text>')
        if not curve:
            x += 44 + text_width(text, 11)
            parts.append(f'<path d="M{x:g} 15h10m-5-5v10" {CROSS}/>')
            parts.append(f'<text class="tick" x="{x + 15:g}" y="19">{_("lowest")}</text>')
        return "".join(parts)

    # ------------------------------------------------------------ loss and numbers

    def _losses(self, walks, k):
        """Draw loss against step; what is higher than the chart runs along its top."""
        walk, longest = walks[-1], max(10, *(other.steps for other in walks))
        top = walk.losses[0] if np.isfinite(walk.losses[0]) else self.lowest + self.span
        room = 0.1 if (walk.losses <= top).all() else 3.0  # three times as high: enough to see a loss grow
        top = max(top + room * (top - self.lowest), self.lowest + 0.02 * self.span)
        if self.made_for != (top, longest):
            self.losses = Frame(
                LOSS, (0, longest), (self.lowest - 0.05 * (top - self.lowest), top), _("step"), _("loss")
            )
            self.made_for = top, longest
        frame, parts = self.losses, [self.losses.svg]
        for other in walks:
            colour, dashes, _mark = LOOKS[other.optimizer]
            losses = np.clip(np.nan_to_num(other.losses, nan=np.inf), *frame.y_range)
            more = f' data-losses="{other.optimizer}" style="stroke:{colour}" stroke-dasharray="{dashes or "none"}"'
            parts.append(frame.line("now", np.arange(other.steps + 1), losses, more))
        x, y = float(frame.x(k)), float(frame.y(np.clip(np.nan_to_num(walk.losses[k], nan=np.inf), *frame.y_range)))
        parts.append(f'<circle data-mark="loss" cx="{x:.1f}" cy="{y:.1f}" r="4.5" style="fill:{TEXT}"/>')
        return "".join(parts)

    def _table(self, walk, k):
        """Write one step in numbers, promised and actual decrease as bars too."""
        x, y = TABLE
        if not k:
            return _line(x, y, _("There is no step to look at."), bold=True)
        step = look_at(walk, k - 1)
        rows = [
            (_("gradient g"), _tuple(step.gradient), "gradient", None),
            (_("step Δw"), _tuple(step.move), "move", None),
            (_("predicted decrease"), _written(step.predicted), "predicted", GRADIENT),
            (_("actual decrease"), _written(step.actual), "actual", VALUE),
            (_("lr × curvature"), _written(round(walk.lr * step.curvature, 6)), "bend", None),
        ]
        title = _("Step {k} of {n}, from {name} = {place}").format(
            k=k, n=walk.steps, name="w", place=_tuple(step.place)
        )
        parts = [_line(x, y, title, "title", bold=True)]
        for i, (name, text, key, bar) in enumerate(rows[: 5 if walk.optimizer == "SGD" else 4], 1):
            parts.append(_line(x, y + ROW * i, name) + _line(x + NUMBERS, y + ROW * i, text, key))
            if bar:
                parts.append(_bar(x + BARS, y + ROW * i, key, step, bar))
        rule = _("predicted = −g·Δw = lr·‖g‖²") if walk.optimizer == "SGD" else _("predicted = −g·Δw")
        note = f'<text class="tick" x="{x:g}" y="{HEIGHT - 20}">{rule}</text>'
        return "".join([*parts, note])


def _bar(x, y, key, step, colour):
    """Draw a decrease as a bar beside the other one; hollow where it is none, but a rise."""
    decrease, longest = getattr(step, key), max(abs(step.predicted), abs(step.actual))
    if not np.isfinite(longest) or not longest:
        return ""
    return (
        f'<rect data-bar="{key}" x="{x:g}" y="{y - 10:g}" width="{abs(decrease) / longest * BAR:.1f}" height="11" '
        f'style="fill:{colour if decrease > 0 else GROUND};stroke:{colour};stroke-width:1.5"/>'
    )


def _points(x, y):
    return " ".join(f"{px:.1f},{py:.1f}" for px, py in zip(x, y, strict=True))


def _tips(x, y):
    """Put an arrow tip into the middle of each step that is long enough for one, as path data."""
    dx, dy = np.diff(x), np.diff(y)
    length = np.hypot(dx, dy)
    tips = []
    for i in np.flatnonzero(length > 22):
        ux, uy = dx[i] / length[i], dy[i] / length[i]
        mx, my = x[i] + 0.55 * dx[i], y[i] + 0.55 * dy[i]
        corners = ((5 * ux, 5 * uy), (-4 * ux - 4 * uy, -4 * uy + 4 * ux), (-4 * ux + 4 * uy, -4 * uy - 4 * ux))
        tips.append("M" + "L".join(f"{mx + a:.1f} {my + b:.1f}" for a, b in corners) + "z")
    return "".join(tips)


def _written(value):
    return _("unknown") if np.isnan(value) else number(value)


def _tuple(values):
    """Write one number in four digits, several in three: there is no room for more."""
    if len(values) == 1:
        return _written(values[0])
    return f"({', '.join(_written(float(f'{value:.3g}')) for value in values)})"


def _line(x, y, text, key="", bold=False):
    weight = ";font-weight:bold" if bold else ""
    mark = f' data-number="{key}"' if key else ""
    return f'<text x="{x:g}" y="{y:g}" style="fill:{TEXT}{weight}"{mark}>{escape(text)}</text>'
