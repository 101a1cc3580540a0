"""One activation under the hand: its curve, its slope, and what many of them in a row leave of a gradient."""

from math import isfinite

import ipywidgets
import numpy as np

from nbkit.drawing import theme
from nbkit.drawing.chart.frame import CURVE, PLANE, Frame, legend, page
from nbkit.drawing.markup import escape
from nbkit.formatting import number
from nbkit.graph import Graph, Variable
from nbkit.layers import LeakyReLU, ReLU, Sigmoid, Tanh
from nbkit.messages import _, kind_of
from nbkit.widgets.kit.panel import Panel
from nbkit.widgets.kit.svg_view import SvgView

REACH = 6.0  # the slider runs from -REACH to REACH, further where x asks for it
MOST = 20  # layers in a row
SAMPLES = 241  # points of a curve
HEIGHT = 484
BARS = (46.0, 326.0, 300.0, 112.0)  # left, top, width, height in pixels
GRADIENT = f' style="stroke:{theme.css_colour("gradient")};stroke-width:2"'
TANGENT = f' stroke-dasharray="6 4"{GRADIENT}'


class ActivationExplorer(Panel):
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
        self.kind, self.x, self.n = _controls(list(self.layers), kind, x, n)
        self.view, self.status = SvgView(), ipywidgets.HTML()
        self.drawn = None  # what both frames were made for
        controls = ipywidgets.HBox([self.x, self.n], layout={"flex_flow": "row wrap"})
        super().__init__([self.kind, controls, self.view, self.status])
        self.show()
        moved = self.safely(lambda _change: self.show())
        for control in (self.kind, self.x, self.n):
            control.observe(moved, "value")

    def show(self):
        """Run the layers as the controls say, forward and back, and draw what comes of it."""
        layer, x = self.layers[self.kind.value], float(self.x.value)
        self.values, self.left = chain(layer, x, self.n.value)
        self.value, self.slope = self.values[1], chain(layer, x, 1)[1][1]
        if self.drawn != (self.kind.value, self.x.min, self.x.max):
            self._make_frames(layer)
            self.drawn = (self.kind.value, self.x.min, self.x.max)
        self.view.svg = page([self._curve(), self._slopes(), self._bars(), self._readout()], _("Activation"),
                             self._words(), HEIGHT)  # fmt: skip
        self.status.value = f"<span>{escape(self._verdict())}</span>"

    def snapshot(self):
        return self.view.svg

    # ------------------------------------------------------------ words

    def _words(self):
        return _("{kind} at x = {x}: f(x) = {value}, slope {slope}; after {n} layers {left} of a gradient 1.").format(
            kind=self.kind.value, x=number(self.x.value), value=number(self.value), slope=number(self.slope),
            n=self.n.value, left=number(self.left[-1]),
        )  # fmt: skip

    def _verdict(self):
        """Say in words what is left."""
        left = abs(self.left[-1])
        if left == 0:
            return _("Nothing is left: on the way back a slope was 0. What lies further left learns nothing.")
        if left > 0.999:
            return _("The gradient gets through whole.")
        if left >= 0.01:
            return _("{} % of the gradient is left.").format(number(100 * left))
        return _("Hardly anything is left: one part in {}.").format(number(1 / left))

    # ------------------------------------------------------------ the picture

    def _make_frames(self, layer):
        """Make what no move of x or n changes: both curves in their frames."""
        low, high = float(self.x.min), float(self.x.max)
        x = np.linspace(low, high, SAMPLES)
        near = np.linspace(-REACH, REACH, SAMPLES)  # the bend stays sharp where the slider runs far
        x = np.unique(np.concatenate([x, near[(near > low) & (near < high)]]))
        y, slopes = run(layer, x)
        self.curve_frame = Frame(PLANE, (low, high), _room(y), _("x"), _("f(x)"))
        self.slope_frame = Frame(CURVE, (low, high), _room(slopes), _("x"), _("f′(x)"))
        self.bar_frame = Frame(BARS, (-0.7, MOST + 0.7), (0, 1.08), _("layers walked back through"), _("gradient left"))
        self.curve_line = _pieces(self.curve_frame, x, y)
        self.slope_line = _pieces(self.slope_frame, x, slopes, GRADIENT)

    def _curve(self):
        """Show f, its tangent at x, and the point where they touch."""
        frame, x = self.curve_frame, self.x.value
        low, high = frame.y_range
        ends = np.array(frame.x_range, dtype=float)
        if self.slope and isfinite(self.slope):  # only as far as the frame
            ends = np.clip(ends, *sorted(x + (np.array([low, high]) - self.value) / self.slope))
        tangent = ""
        if isfinite(self.slope) and isfinite(self.value):
            y = np.clip(self.value + self.slope * (ends - x), low, high)
            tangent = frame.line("then", ends, y, TANGENT + ' data-mark="tangent"')
        key = legend(((_("f"), "now", ""), (_("tangent: its slope is f′(x)"), "then", TANGENT)), PLANE[0])
        return frame.svg + self.curve_line + tangent + _dot(frame, x, self.value, "value") + key

    def _slopes(self):
        """Show the slope of f everywhere, and at x."""
        frame = self.slope_frame
        key = legend(((_("f′, the slope of f"), "then", GRADIENT),), CURVE[0])
        return frame.svg + self.slope_line + _dot(frame, self.x.value, self.slope, "slope") + key

    def _bars(self):
        """Show the gradient on its way: a bar for each layer that it has walked back through."""
        frame, parts = self.bar_frame, []
        bottom = float(frame.y(0))
        for k, left in enumerate(self.left):
            size = min(abs(left), frame.y_range[1]) if isfinite(left) else frame.y_range[1]
            x, y = float(frame.x(k)), float(frame.y(size))
            parts.append(
                f'<rect x="{x - 5:.1f}" y="{y:.1f}" width="10" height="{bottom - y:.1f}" data-bar="{k}" '
                f'style="fill:{theme.css_colour("gradient")}"/>'
            )
        return frame.svg + "".join(parts)

    def _readout(self):
        rows = (
            (_("x"), self.x.value, "x"),
            (_("f(x)"), self.value, "value"),
            (_("slope f′(x)"), self.slope, "slope"),
            (_("value into the last layer"), self.values[-2], "last"),
            (_("left of a gradient of 1"), self.left[-1], "left"),
        )
        parts = []
        for y, (name, value, key) in zip(range(344, 344 + 21 * len(rows), 21), rows, strict=True):
            bold = ";font-weight:bold" if key == "left" else ""
            ink = f'style="fill:{theme.css_colour("text")}{bold}"'
            parts.append(f'<text x="{CURVE[0]:g}" y="{y}" {ink}>{name}</text>')
            parts.append(f'<text x="{CURVE[0] + 200:g}" y="{y}" {ink} data-number="{key}">{number(value)}</text>')
        note = _("x goes into the first layer; each feeds the next.")
        parts.append(f'<text class="tick" x="{CURVE[0]:g}" y="458">{note}</text>')
        return "".join(parts)


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
    """Return the layers to pick from, or say what is wrong with them."""
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


def _controls(names, kind, x, n):
    """Make the picker and both sliders."""
    if kind not in (None, *names):
        raise ValueError(_("kind must be one of {known}, got {got!r}").format(known=", ".join(names), got=kind))
    if not isfinite(x) or n not in range(1, MOST + 1):
        raise ValueError(_("x must be finite and n from 1 to {most}, got {x} and {n}").format(most=MOST, x=x, n=n))
    reach = max(REACH, abs(x))
    kind = ipywidgets.ToggleButtons(options=names, value=kind or names[0], style={"button_width": "7em"})
    place = ipywidgets.FloatSlider(
        x, min=-reach, max=reach, step=0.1, description=_("x"), readout_format=".1f",
        style={"description_width": "2em"}, layout={"width": "24em"},
    )  # fmt: skip
    count = ipywidgets.IntSlider(
        n, min=1, max=MOST, description=_("layers n"), style={"description_width": "5em"}, layout={"width": "22em"}
    )
    return kind, place, count


def _room(y):
    """Return the range of a y axis that holds `y`, and 0 to 1 as well."""
    finite = y[np.isfinite(y)]
    low, high = (min(0.0, finite.min()), max(1.0, finite.max())) if finite.size else (0.0, 1.0)
    return low - 0.08 * (high - low), high + 0.08 * (high - low)


def _pieces(frame, x, y, more=""):
    """Draw a curve, broken where it jumps."""
    low, high = frame.y_range
    y = np.clip(np.nan_to_num(y), low, high)
    cuts = np.flatnonzero(np.abs(np.diff(y)) > (high - low) / 4) + 1
    pieces = zip(np.split(x, cuts), np.split(y, cuts), strict=True)
    return "".join(frame.line("now", *piece, more) for piece in pieces)


def _dot(frame, x, y, mark):
    y = np.clip(np.nan_to_num(y), *frame.y_range)
    return (
        f'<circle cx="{frame.x(x):.1f}" cy="{frame.y(y):.1f}" r="5.5" style="fill:{theme.css_colour("text")}" '
        f'data-mark="{mark}"/>'
    )
