"""One activation to move along: its curve, its slope, and what remains of a gradient after many in a row."""

from math import ceil, isfinite

import numpy as np

from nbkit.checks import one_of, real, whole
from nbkit.drawing.chart.frame import LEFT_BOX, RIGHT_BOX, WIDTH, frame
from nbkit.drawing.chart.handle import handle, point_grip, touch_area
from nbkit.drawing.chart.marks import HALO, legend, readout, stroke, text_at
from nbkit.drawing.picture import Picture
from nbkit.formatting import number, power_of_ten, three_digits
from nbkit.graph import Graph, Variable
from nbkit.layers import LeakyReLU, ReLU, Sigmoid, Tanh
from nbkit.messages import _, kind_of, spoken
from nbkit.widgets.kit.explorer import Explorer, slider, toggle

X_REACH = 6.0  # of the slider to either side, unless x lies further out
X_STEP = 0.1
MAX_CHAIN_LAYERS = 20
CURVE_POINTS = 241
MAX_WRITTEN_OUT = 1e10  # a longer number is written with a power of ten
HEIGHT = 520
BAR_BOX = (46.0, 332.0, 300.0, 142.0)  # left, top, width, height in pixels
DECADES = 8  # that the axis of the gradients shows, or as many times this as their smallest needs
MAX_DECADES = 32  # smaller gradients stand at the end of the axis
VALUE, SLOPE, TANGENT = stroke("value"), stroke("gradient"), stroke("gradient", "6 4")


class ActivationExplorer(Explorer):
    """Move x: see f(x), the tangent, the slope f'(x), and what remains of a gradient of 1 after n layers.

    x moves by its slider, or by the points on both curves.
    The n layers are recorded in a graph and walked back: x goes into the first, and each feeds the next.

    Parameters
    ----------
    layers : dict of str to Layer, optional
        To pick from, each working on every number by itself; ReLU, LeakyReLU, Sigmoid and Tanh where left out.
    kind : str, optional
        Name of the layer to begin with; the first one where left out.
    x : float
        To begin with.
    n : int
        Layers in a row to begin with, 1 to 20.

    Attributes
    ----------
    kind, x, n, view, status : widgets
        The picker, both sliders, the picture and a sentence.
    value, slope : float
        f(x) and f'(x).
    values : list of float
        x and what each of the n layers makes of it.
    left : list of float
        The gradient at the right end, which is 1, and after walking back through 1, 2, ... n layers.
    """

    def __init__(self, layers=None, kind=None, x=1.0, n=5):
        self.layers = _checked(layers)
        first = next(iter(self.layers)) if kind is None else one_of("kind", kind, self.layers)
        x, n = real("x", x), whole("n", n, 1, MAX_CHAIN_LAYERS)
        reach = max(X_REACH, abs(x))
        self.kind = toggle(list(self.layers), first)
        self.x = slider(_("x"), x, -reach, reach, X_STEP)
        self.n = slider(_("layers n"), n, 1, MAX_CHAIN_LAYERS)
        self.drawn = None  # what both curves were made for
        super().__init__(self.kind, (self.x, self.n))
        self.view.on_value(self.safely(self._by_hand))

    def _by_hand(self, event):
        """Follow a point on a curve."""
        self.x.value = event.value

    def compute(self):
        """Run the layers as the controls say, forward and back."""
        layer, x = self.layers[self.kind.value], float(self.x.value)
        self.values, self.left = chain(layer, x, self.n.value)
        self.value, self.slope = self.values[1], chain(layer, x, 1)[1][1]
        wanted = self.kind.value, float(self.x.min), float(self.x.max)
        if self.drawn != wanted:
            self._make_curves(layer, *wanted[1:])
            self.drawn = wanted

    def sentence(self):
        left = abs(self.left[-1])
        if left == 0:
            return _("Nothing remains of the gradient: on the way back a slope was 0. Layers before it learn nothing.")
        if left > 0.999:
            return _("The gradient gets through whole.")
        if left >= 0.01:
            return _("{} % of the gradient remains.").format(number(100 * left))
        return _("Hardly anything remains of the gradient: one part in {}.").format(_whole(1 / left))

    def picture(self):
        x = self.x.value
        names = {
            "x": _("x"), "value": _("f(x)"), "slope": _("slope f′(x)"),
            "last": _("value into the last layer"), "left": _("what remains of a gradient of 1"),
        }  # fmt: skip
        numbers = (x, self.value, self.slope, self.values[-2], self.left[-1])
        texts = {key: number(value) for key, value in zip(names, numbers, strict=True)}
        rows = [(name, texts[key], key) for key, name in names.items()]
        words = _(
            "{kind} at x = {x}: f(x) = {value}, slope {slope}; of a gradient of 1, {left} remains after {n} layers."
        ).format(kind=self.kind.value, n=self.n.value, **texts)
        parts = [
            self.curve_frame.svg, self.curve_line, self._tangent(), self._point("value", self.curve_frame, self.value),
            self.curve_legend,
            self.slope_frame.svg, self.slope_line, self._point("slope", self.slope_frame, self.slope),
            self.slope_legend,
            self._bars(),
            readout(RIGHT_BOX[0], 350, rows, column=242, bold=["left"]),
            text_at(RIGHT_BOX[0], 464, "tick", _("x goes into the first layer; each feeds the next.")),
            text_at(RIGHT_BOX[0], 482, "tick", _("Drag a point on a curve to move x.")),
        ]  # fmt: skip
        return Picture(_("Activation"), words, parts, WIDTH, HEIGHT, role="group")

    def _point(self, key, chart, y):
        """Draw the point at x on a curve, which can be dragged along it."""
        x, names = self.x.value, {"value": _("x on the curve of f"), "slope": _("x on the curve of the slope")}
        place = float(chart.x(x)), float(chart.y(chart.inside(y)))
        words = _("x = {x}, there {y}").format(x=number(x), y=number(y))
        return handle(
            key, touch_area(*place), point_grip(*place), label=names[key], words=words, value=x, low=self.x.min,
            high=self.x.max, step=X_STEP, drag=chart.per_pixel[0], x=x, y=y,
        )  # fmt: skip

    def _bars(self):
        """Draw a bar for what remains after each layer, on an axis of powers of ten; one that is 0 says so."""
        with np.errstate(divide="ignore"):
            powers = np.log10(np.abs(self.left))
        finite = powers[np.isfinite(powers)]  # never empty: the first one is 1
        down, up = (DECADES * ceil(power / DECADES - 1e-9) for power in (max(-finite.min(), 1), finite.max()))
        heights = -min(down, MAX_DECADES) - 0.5, min(up, MAX_DECADES) + 0.5
        ticks = number, power_of_ten
        chart = frame(BAR_BOX, (-0.7, MAX_CHAIN_LAYERS + 0.7), heights, _("layers walked back through"), "", ticks)
        bottom, last = BAR_BOX[1] + BAR_BOX[3], len(powers) - 1
        words = _("what remains of the gradient, in powers of ten")
        if -np.inf in powers:
            words = _("what remains of the gradient; 0: nothing at all")
        parts = [chart.svg, chart.bars(powers, "gradient", "left"), text_at(BAR_BOX[0], BAR_BOX[1] - 10, "tick", words)]
        zeros = np.flatnonzero(powers == -np.inf)
        parts += [text_at(chart.x(k), bottom - 3, "grad", "0", data_zero=k, style=HALO) for k in zeros]
        if powers[last] > -np.inf:
            place = chart.x(last) + 8, chart.y(chart.inside(powers[last])) + 5
            parts.append(text_at(*place, "grad", three_digits(self.left[last]), style="text-anchor:start"))
        return parts

    def _make_curves(self, layer, low, high):
        """Make what x and n do not change: both curves in their frames, and their legends."""
        near = np.linspace(-X_REACH, X_REACH, CURVE_POINTS)  # a kink stays sharp where the slider's range is wide
        x = np.unique(np.concatenate([np.linspace(low, high, CURVE_POINTS), near[(near > low) & (near < high)]]))
        y, slopes = run(layer, x)
        self.curve_frame = frame(LEFT_BOX, (low, high), _y_range(y), _("x"), _("f(x)"))
        self.slope_frame = frame(RIGHT_BOX, (low, high), _y_range(slopes), _("x"), _("f′(x)"))
        self.curve_line = self.curve_frame.curve("now", x, y, "f", **VALUE)
        self.slope_line = self.slope_frame.curve("now", x, slopes, "slopes", **SLOPE)
        names = (_("f"), "now", VALUE), (_("tangent: its slope is f′(x)"), "then", TANGENT)
        self.curve_legend = legend(names, LEFT_BOX[0])
        self.slope_legend = legend([(_("f′, the slope of f"), "then", SLOPE)], RIGHT_BOX[0])

    def _tangent(self):
        """Draw the tangent at x, only as far as the frame reaches."""
        if not (isfinite(self.slope) and isfinite(self.value)):
            return ""
        chart, x = self.curve_frame, self.x.value
        ends = np.array(chart.x_range)
        if self.slope:
            ends = np.clip(ends, *sorted(x + (np.array(chart.y_range) - self.value) / self.slope))
        y = chart.inside(self.value + self.slope * (ends - x))
        return chart.line("then", ends, y, "tangent", **TANGENT, data_mark="tangent")


def _whole(parts):
    """Write a number of parts with two digits that count: ``3 800 000``, in thousands, as long as that can be read."""
    gap = "\u202f" if spoken().is_spaced else ","
    return f"{float(f'{parts:.2g}'):,.0f}".replace(",", gap) if parts < MAX_WRITTEN_OUT else number(parts)


def run(layer, x):
    """Return what `layer` makes of `x`, and the slope there by its own ``backward``."""
    start = Variable(x, "x")
    with np.errstate(all="ignore"):
        graph = Graph(layer(start))
        graph.backward()
    return graph.output.value, start.grad


def chain(layer, x, n):
    """Record `n` layers in a row and walk back: the values from x on, and the gradients from the right end on."""
    links = [Variable(x, "x")]
    with np.errstate(all="ignore"):
        for _link in range(n):
            links.append(layer(links[-1]))
    Graph(links[-1]).backward()
    return [float(v.value) for v in links], [float(v.grad) for v in reversed(links)]


def _checked(layers):
    """Return the layers to pick from, each of which runs on every number by itself."""
    if layers is None:
        return {"ReLU": ReLU(), "LeakyReLU": LeakyReLU(0.1), "Sigmoid": Sigmoid(), "Tanh": Tanh()}
    if not isinstance(layers, dict) or not layers:
        raise TypeError(_("layers should be a dict of names and layers, got {}").format(kind_of(layers)))
    for name, layer in layers.items():
        try:
            shapes = {np.shape(part) for part in run(layer, np.array([-1.0, 0.5, 2.0]))}
        except Exception as error:
            raise TypeError(_("{name!r} does not run: {error}").format(name=name, error=error)) from error
        if shapes != {(3,)}:
            raise ValueError(_("{!r} does not work on every number by itself").format(name))
    return dict(layers)


def _y_range(y):
    """Return the range of a y axis that holds `y`, and 0 to 1 as well."""
    finite = y[np.isfinite(y)]
    low, high = (min(0.0, finite.min()), max(1.0, finite.max())) if finite.size else (0.0, 1.0)
    return low - 0.08 * (high - low), high + 0.08 * (high - low)
