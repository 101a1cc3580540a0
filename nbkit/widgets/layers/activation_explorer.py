"""One activation to move along: its curve, its slope, and what many of them in a row leave of a gradient."""

from math import isfinite

import numpy as np

from nbkit.checks import one_of, real, whole
from nbkit.drawing.chart.frame import LEFT_BOX, RIGHT_BOX, WIDTH, frame
from nbkit.drawing.chart.marks import legend, readout, stroke, text_at
from nbkit.drawing.picture import Picture
from nbkit.formatting import number
from nbkit.graph import Graph, Variable
from nbkit.layers import LeakyReLU, ReLU, Sigmoid, Tanh
from nbkit.messages import _, kind_of
from nbkit.widgets.kit.explorer import Explorer, slider, toggle

X_REACH = 6.0  # of the slider to either side, unless x lies further out
MAX_CHAIN_LAYERS = 20
CURVE_POINTS = 241
HEIGHT = 484
BAR_BOX = (46.0, 326.0, 300.0, 112.0)  # left, top, width, height in pixels
SLOPE, TANGENT = stroke("gradient"), stroke("gradient", "6 4")


class ActivationExplorer(Explorer):
    """Move x: see f(x), the tangent, the slope f'(x), and what is left of a gradient of 1 after n layers in a row.

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
        self.x = slider(_("x"), x, -reach, reach, 0.1, label_width=2)
        self.n = slider(_("layers n"), n, 1, MAX_CHAIN_LAYERS, label_width=5, width=22)
        self.drawn = None  # what both curves were made for
        super().__init__(self.kind, (self.x, self.n))

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
            return _("Nothing is left: on the way back a slope was 0. What lies further left learns nothing.")
        if left > 0.999:
            return _("The gradient gets through whole.")
        if left >= 0.01:
            return _("{} % of the gradient is left.").format(number(100 * left))
        return _("Hardly anything is left: one part in {}.").format(number(1 / left))

    def picture(self):
        x = self.x.value
        names = {
            "x": _("x"), "value": _("f(x)"), "slope": _("slope f′(x)"),
            "last": _("value into the last layer"), "left": _("left of a gradient of 1"),
        }  # fmt: skip
        numbers = (x, self.value, self.slope, self.values[-2], self.left[-1])
        texts = {key: number(value) for key, value in zip(names, numbers, strict=True)}
        words = _("{kind} at x = {x}: f(x) = {value}, slope {slope}; after {n} layers {left} of a gradient 1.").format(
            kind=self.kind.value, n=self.n.value, **texts
        )
        bar_frame = frame(BAR_BOX, (-0.7, MAX_CHAIN_LAYERS + 0.7), (0, 1.08), _("layers walked back through"),
                          _("gradient left"))  # fmt: skip
        parts = [
            self.curve_frame.svg, self.curve_line, self._tangent(), self.curve_frame.dot(x, self.value, "value"),
            self.curve_legend,
            self.slope_frame.svg, self.slope_line, self.slope_frame.dot(x, self.slope, "slope"),
            self.slope_legend,
            bar_frame.svg, bar_frame.bars(self.left, "gradient", "left"),
            readout(RIGHT_BOX[0], 344, [(name, texts[key], key) for key, name in names.items()], bold=["left"]),
            text_at(RIGHT_BOX[0], 458, "tick", _("x goes into the first layer; each feeds the next.")),
        ]  # fmt: skip
        return Picture(_("Activation"), words, parts, WIDTH, HEIGHT)

    def _make_curves(self, layer, low, high):
        """Make what x and n do not change: both curves in their frames, and their legends."""
        near = np.linspace(-X_REACH, X_REACH, CURVE_POINTS)  # a kink stays sharp where the slider's range is wide
        x = np.unique(np.concatenate([np.linspace(low, high, CURVE_POINTS), near[(near > low) & (near < high)]]))
        y, slopes = run(layer, x)
        self.curve_frame = frame(LEFT_BOX, (low, high), _y_range(y), _("x"), _("f(x)"))
        self.slope_frame = frame(RIGHT_BOX, (low, high), _y_range(slopes), _("x"), _("f′(x)"))
        self.curve_line = self.curve_frame.curve("now", x, y, "f")
        self.slope_line = self.slope_frame.curve("now", x, slopes, "slopes", **SLOPE)
        names = (_("f"), "now", {}), (_("tangent: its slope is f′(x)"), "then", TANGENT)
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
