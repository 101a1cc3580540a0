"""Live charts as SVG text: a plane coloured by a classifier, and the curve of a loss, cheap enough to redraw at once.

`nbkit.plots` makes the figures that stand still; a figure of matplotlib takes tens of milliseconds to draw, these
take about one.
"""

import base64
import io

import numpy as np

from nbkit.drawing import theme
from nbkit.drawing.graph.renderer import STYLE as GRAPH_STYLE
from nbkit.drawing.graph.scene import SUPERSCRIPTS, text_width
from nbkit.drawing.markup import escape
from nbkit.formatting import number
from nbkit.functions import check_finite
from nbkit.messages import _, as_name

BOUNDARY = ' stroke="#1b1f24" stroke-width="1.5" fill="none"'  # the coloured plane is pale in every theme
DASHES = ("5 3", "1.5 3", "9 3 2 3")  # of earlier runs, so that no colour is needed to tell them apart
STYLE = GRAPH_STYLE + theme.css_rules(
    ("frame", "stroke", "line", ";fill:none"),
    ("grid", "stroke", "line", ";stroke-opacity:.3;fill:none"),
    ("tick", "fill", "quiet", ";font-size:11px"),
    ("axis", "fill", "text", ";font-size:12px;text-anchor:middle"),
    ("now", "stroke", "value", ";stroke-width:2;fill:none;stroke-linejoin:round"),
    ("then", "stroke", "quiet", ";stroke-width:1.4;fill:none"),
    ("each", "stroke", "value", ";stroke-width:1;stroke-opacity:.45;fill:none"),
)
TRIANGLE = ((0, -1.2), (1.1, 0.8), (-1.1, 0.8))
PLUS = ((-0.4, -1.2), (0.4, -1.2), (0.4, -0.4), (1.2, -0.4), (1.2, 0.4), (0.4, 0.4),
        (0.4, 1.2), (-0.4, 1.2), (-0.4, 0.4), (-1.2, 0.4), (-1.2, -0.4), (-0.4, -0.4))  # fmt: skip
CORNERS = (  # of the marks of each class, for a radius of 1; the first class has a circle
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
HEIGHT = 300
PLANE = (46.0, 28.0, 300.0, 222.0)  # left, top, width, height of the frame of each chart, in pixels
CURVE = (412.0, 28.0, 300.0, 222.0)
CURVE_BELOW_NAMES = (412.0, 73.0, 300.0, 177.0)  # with room for four names, one below the other
WIDTH = 740


def grid_over(x, margin=0.15, size=100):
    """Return a grid over two columns of data: ``(x values, y values, (size*size, 2) points)``."""
    x = check_finite(x, "x")
    if x.ndim != 2 or x.shape[1] != 2 or not len(x):
        raise ValueError(_("a picture of decisions needs points with 2 features, got x with shape {}").format(x.shape))
    low, high = x.min(axis=0), x.max(axis=0)
    # Where all points have one and the same value, the frame still needs two ends that differ.
    pad = margin * np.maximum(high - low, 1e-9 * np.maximum(1.0, np.abs(high)))
    first, second = np.linspace(low - pad, high + pad, size).T
    return first, second, np.stack(np.meshgrid(first, second), axis=-1).reshape(-1, 2)


def class_colours(probabilities):
    """Mix the class colours by probability, paled so that points stand out: (m, k) -> (m, 3), 0 to 1."""
    colours = np.array([[int(c[i : i + 2], 16) for i in (1, 3, 5)] for c in theme.CLASSES[: probabilities.shape[1]]])
    return 1 - 0.55 * (1 - probabilities @ colours / 255)


def margins(probabilities):
    """Say how far each class but the first is ahead of the best other one: (m, k) -> (m, k - 1), 0 where two meet."""
    second, first = np.partition(probabilities, -2, axis=1)[:, -2:].T
    return np.where(first == probabilities.T, first - second, probabilities.T - first).T[:, 1:]


def decision_boundaries(probabilities, size, x=None, y=None):
    """Draw the lines between two colours: to some eyes they are one.

    Parameters
    ----------
    probabilities : (m, k) array
        At the points of a grid.
    size : (rows, columns)
        Of the grid.
    x, y : (columns,) and (rows,) array, optional
        Where they stand; they are counted from 0 where these are left out.

    Returns
    -------
    list of (points, 2) array
    """
    import contourpy

    heights = (lead.reshape(size) for lead in margins(probabilities).T)
    return [line for height in heights for line in contourpy.contour_generator(x, y, height).lines(0.0)]


class Frame:
    """The frame of a chart: ticks, grid and axis labels are written once, data is placed in pixels.

    Parameters
    ----------
    box : (left, top, width, height)
        In pixels.
    x_range, y_range : (low, high)
        In units of the data.
    x_label, y_label : str
    ticks : pair of callable
        Write the numbers at the ticks of x and y: `power_of_ten` where the data are logarithms.
    """

    def __init__(self, box, x_range, y_range, x_label, y_label, ticks=(number, number)):
        self.box = box
        self.x_range, self.y_range = x_range, y_range
        left, top, width, height = box
        bottom, (write_x, write_y) = top + height, ticks
        parts = [f'<rect class="frame" x="{left:g}" y="{top:g}" width="{width:g}" height="{height:g}"/>']
        for value in _ticks(*x_range):
            x = self.x(value)
            parts.append(f'<path class="grid" d="M{x:.1f} {top:g}V{bottom:g}"/>')
            parts.append(
                f'<text class="tick" text-anchor="middle" x="{x:.1f}" y="{bottom + 15:g}">{write_x(value)}</text>'
            )
        for value in _ticks(*y_range):
            y = self.y(value)
            parts.append(f'<path class="grid" d="M{left:g} {y:.1f}H{left + width:g}"/>')
            parts.append(
                f'<text class="tick" text-anchor="end" x="{left - 5:g}" y="{y + 4:.1f}">{write_y(value)}</text>'
            )
        middle = top + height / 2
        parts.append(f'<text class="axis" x="{left + width / 2:g}" y="{bottom + 34:g}">{escape(x_label)}</text>')
        parts.append(
            f'<text class="axis" transform="translate({left - 36:g} {middle:g}) rotate(-90)">{escape(y_label)}</text>'
        )
        self.svg = "".join(parts)

    def x(self, value):
        """Pixels from the left for a value on the x axis."""
        low, high = self.x_range
        return self.box[0] + (np.asarray(value) - low) / (high - low) * self.box[2]

    def y(self, value):
        """Pixels from the top for a value on the y axis."""
        low, high = self.y_range
        return self.box[1] + (high - np.asarray(value)) / (high - low) * self.box[3]

    def values(self, x, y):
        """Return the data values at a place in pixels, not beyond the frame: the way back from `x` and `y`."""
        left, top, width, height = self.box
        across = np.clip((x - left) / width, 0, 1)
        up = np.clip((top + height - y) / height, 0, 1)
        (x_low, x_high), (y_low, y_high) = self.x_range, self.y_range
        return float(x_low + across * (x_high - x_low)), float(y_low + up * (y_high - y_low))

    def hit_area(self, name):
        """Cover the frame with an area that reports where a hand touches it: see `nbkit.widgets.kit.svg_view`."""
        left, top, width, height = self.box
        return (
            f'<rect data-pad="{name}" x="{left:g}" y="{top:g}" width="{width:g}" height="{height:g}" '
            f'style="fill:none;pointer-events:all;cursor:crosshair;touch-action:none"/>'
        )

    def line(self, kind, x, y, more=""):
        """Draw a line through data points."""
        points = " ".join(f"{px:.1f},{py:.1f}" for px, py in zip(self.x(x), self.y(y), strict=True))
        return f'<polyline class="{kind}" points="{points}"{more}/>'


def power_of_ten(exponent):
    """Write the tick of a logarithmic axis: ``10⁻⁵`` for -5."""
    return "10" + number(exponent).translate(SUPERSCRIPTS)


def _ticks(low, high):
    from matplotlib.ticker import MaxNLocator

    ticks = MaxNLocator(nbins=5, steps=[1, 2, 5, 10]).tick_values(low, high)
    return ticks[(ticks >= low) & (ticks <= high)]


class DecisionPlane:
    """Points of two features on a plane that a classifier colours.

    Parameters
    ----------
    x : (n, 2) array
    t : (n,) array of int
    features : pair of str
    classes : sequence of str
    held_out : (x, t) pair, optional
        Points that are not trained on, drawn hollow.
    box : (left, top, width, height)
        Of the frame, in pixels.
    reach : (m, 2) array, optional
        Places that the plane shows in any case.
    """

    def __init__(self, x, t, features, classes, held_out=None, box=PLANE, reach=None):
        for name in (*features, *classes):
            as_name(str(name))
        everything = np.concatenate(
            [x, *([] if held_out is None else [held_out[0]]), *([] if reach is None else [reach])]
        )
        self.first, self.second, self.grid = grid_over(everything, size=48)
        self.frame = Frame(box, self.first[[0, -1]], self.second[[0, -1]], *features)
        self.points = self._points(x, t, solid=True)
        if held_out is not None:
            self.points += self._points(*held_out, solid=False)
        self.points += _legend(classes, box[0])

    def _points(self, x, t, solid):
        parts = []
        for k in np.unique(t):
            px, py = self.frame.x(x[t == k, 0]), self.frame.y(x[t == k, 1])
            mark = _mark(k, 4.5 if len(x) > 20 else 8)
            path = "".join(f"M{a:.1f} {b:.1f}{mark}" for a, b in zip(px, py, strict=True))
            parts.append(f'<path d="{path}" {_mark_colours(k, solid)}/>')
        return "".join(parts)

    def svg(self, probabilities):
        """Return the chart for (m, k) `probabilities` at the points of ``grid``."""
        size = (len(self.second), len(self.first))
        lines = decision_boundaries(probabilities, size, self.first, self.second)
        drawn = [self.frame.line("boundary", *line.T, BOUNDARY) for line in lines]
        return "".join([coloured(self.frame.box, probabilities, size), *drawn, self.frame.svg, self.points])


def coloured(box, probabilities, size):
    """Return an image that fills `box`, for (m, k) `probabilities` on a grid of (rows, columns), lowest row first."""
    left, top, width, height = box
    image = data_uri(class_colours(probabilities).reshape(*size, 3)[::-1])
    return (
        f'<image x="{left:g}" y="{top:g}" width="{width:g}" height="{height:g}" preserveAspectRatio="none" '
        f'href="{image}"/>'
    )


def _mark(k, r):
    """Shape of class `k` as relative path data with radius `r`: the colour is never the only cue."""
    shape = k % (len(CORNERS) + 1)
    if not shape:
        return f"m{-r} 0a{r} {r} 0 1 0 {2 * r} 0a{r} {r} 0 1 0{-2 * r} 0z"
    corners = r * np.array(CORNERS[shape - 1])
    return "m" + "l".join(f"{x:g} {y:g}" for x, y in np.diff(corners, axis=0, prepend=[[0, 0]])) + "z"


def _mark_colours(k, solid):
    colour = theme.CLASSES[k % len(theme.CLASSES)]
    fill, stroke, width = (colour, "#ffffff", 1) if solid else ("#ffffff", colour, 1.8)
    return f'fill="{fill}" stroke="{stroke}" stroke-width="{width}"'


def _legend(classes, x):
    parts = []
    for k, name in enumerate(classes):
        parts.append(f'<path d="M{x + 5:g} 14{_mark(k, 5)}" {_mark_colours(k, True)}/>')
        parts.append(f'<text class="tick" x="{x + 15:g}" y="18">{escape(name)}</text>')
        x += 26 + text_width(name, 11)
    return "".join(parts)


def legend(lines, x, y=18.0):
    """Say above a chart what its lines are: (name, class, more, ...) of each, from `x` to the right."""
    parts = []
    for name, kind, more, *_rest in lines:
        parts.append(f'<path class="{kind}" d="M{x:g} {y - 4:g}h20"{more}/>')
        parts.append(f'<text class="tick" x="{x + 24:g}" y="{y:g}">{escape(name)}</text>')
        x += 36 + text_width(name, 11)
    return "".join(parts)


def text_at(x, y, kind, text, more=""):
    """Write a line of text of class `kind`, with `more` attributes."""
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}"{more}>{escape(str(text))}</text>'


def data_uri(pixels):
    """Pack (rows, columns, 3) colours from 0 to 1, or 4 with opacity, as a PNG that stands inside the SVG."""
    from PIL import Image

    file = io.BytesIO()
    Image.fromarray((pixels * 255).round().astype(np.uint8)).save(file, "png", compress_level=1)
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()


class LossCurve:
    """Loss against step or epoch, the present run over the ones before it.

    Parameters
    ----------
    length : int
        Of a whole run, in units of the x axis.
    highest : float
        Top of the loss axis; what lies above is drawn along the top.
    box : (left, top, width, height)
        Of the frame, in pixels.
    x_label : str, optional
        "step" where left out.
    stacked : bool
        Whether the names of the runs stand below one another, as long ones must.
    """

    def __init__(self, length, highest, box=CURVE, x_label=None, stacked=False):
        self.highest, self.stacked = highest, stacked
        self.frame = Frame(box, (0, length), (0, highest), x_label or _("step"), _("loss"))

    def svg(self, runs):
        """Return the chart for `runs`, of which the last is the present one.

        Parameters
        ----------
        runs : sequence of (name, losses) or (name, losses, steps)
            `steps` in one unit of the x axis, 1 where left out. Where they are more, the line goes through the means
            of the losses in each unit, and the present run shows every single loss behind it.
        """
        parts, x, y = [self.frame.svg], self.frame.box[0], 18
        for i, (name, losses, *steps) in enumerate(runs):
            present, unit = i == len(runs) - 1, steps[0] if steps else 1
            kind, more = ("now", "") if present else ("then", f' stroke-dasharray="{DASHES[i % len(DASHES)]}"')
            if len(losses):
                places, losses = (np.arange(len(losses)) + 1) / unit, np.asarray(losses)
                if unit > 1 and present:
                    parts.append(self._line("each", places, losses))
                parts.append(self._line(kind, _means(places, unit), _means(losses, unit), more))
            parts.append(f'<path class="{kind}" d="M{x:g} {y - 4}h22"{more}/>')
            parts.append(f'<text class="tick" x="{x + 26:g}" y="{y}">{escape(name)}</text>')
            x, y = (x, y + 15) if self.stacked else (x + 36 + text_width(name, 11), y)
        return "".join(parts)

    def _line(self, kind, places, losses, more=""):
        few = np.unique(np.linspace(0, len(losses) - 1, 240).astype(int))
        return self.frame.line(kind, places[few], np.minimum(losses[few], self.highest), more)


def _means(values, unit):
    """Mean of each `unit` values in a row; the last of them may be fewer."""
    starts = np.arange(0, len(values), unit)
    return np.add.reduceat(values, starts) / np.diff(starts, append=len(values))


def page(parts, title, description, height=HEIGHT, width=WIDTH):
    """Put charts into one SVG picture with its style and its words."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="nbkit" role="img" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}"><title>{escape(title)}</title><desc>{escape(description)}</desc>'
        f'<style>{STYLE}</style><rect class="ground" width="{width}" height="{height}" rx="6"/>{"".join(parts)}</svg>'
    )
