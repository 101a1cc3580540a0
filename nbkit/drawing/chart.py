"""Live charts as SVG text: a plane coloured by a classifier, and the curve of a loss, cheap enough to redraw at once.

`nbkit.plots` makes the figures that stand still; a figure of matplotlib takes tens of milliseconds to draw, these
take about one.
"""

import base64
import io
from xml.sax.saxutils import escape

import numpy as np

from nbkit._text import _
from nbkit.drawing import palette
from nbkit.drawing.numbers import number
from nbkit.drawing.scene import SUPERSCRIPTS, text_width
from nbkit.drawing.svg import STYLE as GRAPH_STYLE
from nbkit.functions import check_finite

BOUNDARY = ' stroke="#1b1f24" stroke-width="1.5" fill="none"'  # the coloured plane is pale in every theme
DASHES = ("5 3", "1.5 3", "9 3 2 3")  # of earlier runs, so that no colour is needed to tell them apart
STYLE = GRAPH_STYLE + palette.css_rules(
    ("frame", "stroke", "line", ";fill:none"),
    ("grid", "stroke", "line", ";stroke-opacity:.3;fill:none"),
    ("tick", "fill", "quiet", ";font-size:11px"),
    ("axis", "fill", "text", ";font-size:12px;text-anchor:middle"),
    ("now", "stroke", "value", ";stroke-width:2;fill:none;stroke-linejoin:round"),
    ("then", "stroke", "quiet", ";stroke-width:1.4;fill:none"),
)
HEIGHT = 300
PLANE = (46.0, 28.0, 300.0, 222.0)  # left, top, width, height of the frame of each chart, in pixels
CURVE = (412.0, 28.0, 300.0, 222.0)
WIDTH = 740


def grid_over(x, margin=0.15, size=100):
    """Return a grid over two columns of data: ``(x values, y values, (size*size, 2) points)``."""
    x = check_finite(x, "x")
    if x.ndim != 2 or x.shape[1] != 2 or not len(x):
        raise ValueError(_("a picture of decisions needs points with 2 features, got x with shape {}").format(x.shape))
    low, high = x.min(axis=0), x.max(axis=0)
    pad = margin * np.maximum(high - low, 1e-9)
    first, second = np.linspace(low - pad, high + pad, size).T
    return first, second, np.stack(np.meshgrid(first, second), axis=-1).reshape(-1, 2)


def blend(probabilities):
    """Mix the class colours by probability, paled so that points stand out: (m, k) -> (m, 3), 0 to 1."""
    colours = np.array([[int(c[i : i + 2], 16) for i in (1, 3, 5)] for c in palette.CLASSES[: probabilities.shape[1]]])
    return 1 - 0.55 * (1 - probabilities @ colours / 255)


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


class Plane:
    """Points of two features on a plane that a classifier colours.

    Parameters
    ----------
    x : (n, 2) array
    t : (n,) array of int
    features : pair of str
    classes : sequence of str
    held_out : (x, t) pair, optional
        Points that are not trained on, drawn hollow.
    """

    def __init__(self, x, t, features, classes, held_out=None):
        everything = x if held_out is None else np.concatenate([x, held_out[0]])
        self.first, self.second, self.grid = grid_over(everything, size=48)
        self.frame = Frame(PLANE, self.first[[0, -1]], self.second[[0, -1]], *features)
        self.points = self._points(x, t, solid=True)
        if held_out is not None:
            self.points += self._points(*held_out, solid=False)
        self.points += _legend(classes)

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
        left, top, width, height = PLANE
        size = (len(self.second), len(self.first))
        image = _data_uri(blend(probabilities).reshape(*size, 3)[::-1])
        parts = [
            f'<image x="{left:g}" y="{top:g}" width="{width:g}" height="{height:g}" preserveAspectRatio="none" '
            f'href="{image}"/>'
        ]
        if probabilities.shape[1] == 2:
            parts.append(self._boundary(probabilities[:, 1].reshape(size)))
        return "".join([*parts, self.frame.svg, self.points])

    def _boundary(self, yes):
        import contourpy

        lines = contourpy.contour_generator(self.first, self.second, yes).lines(0.5)
        return "".join(self.frame.line("boundary", *line.T, BOUNDARY) for line in lines)


def _mark(k, r):
    """Shape of class `k` as relative path data with radius `r`: the colour is never the only cue."""
    return (
        f"m{-r} 0a{r} {r} 0 1 0 {2 * r} 0a{r} {r} 0 1 0{-2 * r} 0z",
        f"m{-r}{-r}h{2 * r}v{2 * r}h{-2 * r}z",
        f"m0{-1.2 * r}l{1.2 * r} {1.2 * r}l{-1.2 * r} {1.2 * r}l{-1.2 * r}{-1.2 * r}z",
        f"m0{-1.2 * r}l{1.1 * r} {2 * r}h{-2.2 * r}z",
    )[k % 4]


def _mark_colours(k, solid):
    colour = palette.CLASSES[k % len(palette.CLASSES)]
    fill, stroke, width = (colour, "#ffffff", 1) if solid else ("#ffffff", colour, 1.8)
    return f'fill="{fill}" stroke="{stroke}" stroke-width="{width}"'


def _legend(classes):
    parts, x = [], PLANE[0]
    for k, name in enumerate(classes):
        parts.append(f'<path d="M{x + 5:g} 14{_mark(k, 5)}" {_mark_colours(k, True)}/>')
        parts.append(f'<text class="tick" x="{x + 15:g}" y="18">{escape(name)}</text>')
        x += 26 + text_width(name, 11)
    return "".join(parts)


def _data_uri(pixels):
    """Pack (rows, columns, 3) colours from 0 to 1 as a PNG that stands inside the SVG."""
    from PIL import Image

    file = io.BytesIO()
    Image.fromarray((pixels * 255).round().astype(np.uint8)).save(file, "png", compress_level=1)
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()


class Curve:
    """Loss against step, the present run over the ones before it.

    Parameters
    ----------
    steps : int
        Length of a whole run.
    highest : float
        Top of the loss axis; what lies above is drawn along the top.
    """

    def __init__(self, steps, highest):
        self.highest = highest
        self.frame = Frame(CURVE, (0, steps), (0, highest), _("step"), _("loss"))

    def svg(self, runs):
        """Return the chart for `runs`, (name, losses) pairs of which the last is the present one."""
        parts, x = [self.frame.svg], CURVE[0]
        for i, (name, losses) in enumerate(runs):
            present = i == len(runs) - 1
            kind, more = ("now", "") if present else ("then", f' stroke-dasharray="{DASHES[i % len(DASHES)]}"')
            if len(losses):
                steps = np.unique(np.linspace(0, len(losses) - 1, 240).astype(int))
                loss = np.minimum(np.asarray(losses)[steps], self.highest)
                parts.append(self.frame.line(kind, steps + 1, loss, more))
            parts.append(f'<path class="{kind}" d="M{x:g} 14h22"{more}/>')
            parts.append(f'<text class="tick" x="{x + 26:g}" y="18">{escape(name)}</text>')
            x += 36 + text_width(name, 11)
        return "".join(parts)


def page(parts, title, description, height=HEIGHT):
    """Put charts into one SVG picture with its style and its words."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="nbkit" role="img" width="{WIDTH}" height="{height}" '
        f'viewBox="0 0 {WIDTH} {height}"><title>{escape(title)}</title><desc>{escape(description)}</desc>'
        f'<style>{STYLE}</style><rect class="ground" width="{WIDTH}" height="{height}" rx="6"/>{"".join(parts)}</svg>'
    )
