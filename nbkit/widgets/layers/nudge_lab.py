"""How small should a nudge be? One input under a microscope, and the U that the errors make."""

from math import floor, log10

import ipywidgets
import numpy as np

from nbkit.drawing import theme
from nbkit.drawing.chart.frame import CURVE, Frame, legend, page, power_of_ten
from nbkit.drawing.graph.scene import text_width
from nbkit.drawing.markup import escape
from nbkit.formatting import number
from nbkit.graph import Graph, Variable
from nbkit.messages import _, kind_of
from nbkit.widgets.kit.panel import Panel
from nbkit.widgets.kit.svg_view import SvgView

EPSILONS = tuple(sorted(float(f"{digit}e-{k}") for k in range(1, 16) for digit in (1, 3)))[:-1]
LABELS = tuple(f"{eps:.0e}".replace("e-0", "e-") for eps in EPSILONS)
METHODS = ("one", "two")
REACH = 2.5  # nudges to either side that the microscope shows
SAMPLES = 151  # points of the curve under the microscope
HEIGHT = 364
MICROSCOPE = (52.0, 28.0, 294.0, 222.0)  # left, top, width, height in pixels
SOLID = f' style="stroke:{theme.css_colour("text")}"'
GRADIENT = f' stroke-dasharray="6 4" style="stroke:{theme.css_colour("gradient")};stroke-width:2"'
OTHER = ' stroke-dasharray="2 3"'


class NudgeLab(Panel):
    """Nudge one input of a graph by ε, on one side or on both, and compare with the gradient of the graph.

    Left stands the output under a microscope that is always a few ε wide, right the error against ε.

    Parameters
    ----------
    graph : Graph or Variable
        Its output is one number.
    name : str, optional
        The input to nudge, a number; the first one where left out.
    eps : float
        To begin with: 1e-15, 3e-15, 1e-14, ... or 1e-1.
    sides : "one" or "two"
        On which sides of the input: forward difference or central difference.

    Attributes
    ----------
    eps, sides, view, status : widgets
    x, gradient : float
        Where the input stands, and dL/dx there by ``backward``.
    ends : pair of float
        The output at the right and at the left end of the nudge.
    estimate, error : float
        The difference of both divided by their distance, and how far that is from the gradient.
    errors : dict of str to array
        For "one" and "two" sides, the error at every ε of the slider.
    """

    def __init__(self, graph, name=None, eps=0.1, sides="one"):
        self.graph = Graph(graph) if isinstance(graph, Variable) else graph
        if not isinstance(self.graph, Graph):
            raise TypeError(_("NudgeLab takes a Graph or a Variable, got {}").format(kind_of(graph)))
        self.name = self._choose(name)
        self.eps, self.sides = _controls(eps, sides)
        self.x = float(self.graph.inputs[self.name].value)
        self.center = self._output(self.x)
        self._put_back()
        self.gradient = float(self.graph.inputs[self.name].grad)
        with np.errstate(all="ignore"):
            self.errors = {sides: np.array([self._nudge(eps, sides)[2] for eps in EPSILONS]) for sides in METHODS}
        self._make_frames()
        self.view, self.status = SvgView(), ipywidgets.HTML()
        controls = ipywidgets.HBox([self.eps, self.sides], layout={"flex_flow": "row wrap"})
        super().__init__([controls, self.view, self.status])
        self.show()
        moved = self.safely(lambda _change: self.show())
        self.eps.observe(moved, "value")
        self.sides.observe(moved, "value")

    def _choose(self, name):
        if self.graph.output.shape:
            raise ValueError(
                _("NudgeLab needs a graph that ends in one number, this one ends in shape {}").format(
                    self.graph.output.shape
                )
            )
        numbers = [known for known, v in self.graph.inputs.items() if not v.shape and not v.constant]
        if not numbers or name not in (None, *numbers):
            raise ValueError(
                _("NudgeLab nudges an input that is a number, one of {known}; got {got!r}").format(
                    known=", ".join(numbers) or _("none"), got=name
                )
            )
        return name or numbers[0]

    def _output(self, x):
        return float(self.graph.forward(**{self.name: x}))

    def _nudge(self, eps, sides):
        """Return (outputs at both ends, estimate of the gradient, its error)."""
        distance, left = (2 * eps, self.x - eps) if sides == "two" else (eps, self.x)
        ends = self._output(self.x + eps), self._output(left)
        estimate = (ends[0] - ends[1]) / distance
        return ends, estimate, abs(estimate - self.gradient)

    def _put_back(self):
        """Leave the graph with the values that it was given, and with their gradients."""
        self._output(self.x)
        self.graph.backward()

    def show(self):
        """Nudge as the controls say, and draw what comes of it."""
        with np.errstate(all="ignore"):
            self.ends, self.estimate, self.error = self._nudge(self.eps.value, self.sides.value)
            self.view.svg = self._picture()
        self._put_back()
        self.status.value = f"<span>{escape(self._verdict())}</span>"

    def snapshot(self):
        return self.view.svg

    # ------------------------------------------------------------ words

    @property
    def place(self):
        """Place of the present ε on the slider, from small to large."""
        return EPSILONS.index(self.eps.value)

    def _words(self):
        how = _("both sides") if self.sides.value == "two" else _("one side")
        return _("ε = {eps}, {how}: the nudge says {estimate}, backward says {gradient}; the error is {error}.").format(
            eps=LABELS[self.place], how=how, estimate=f"{self.estimate:.10g}",
            gradient=f"{self.gradient:.10g}", error=f"{self.error:.1e}",
        )  # fmt: skip

    def _verdict(self):
        """Say on which side of the U the present ε stands."""
        errors = self.errors[self.sides.value]
        best = int(np.flatnonzero(errors == np.nanmin(errors))[-1])
        if np.nanmin(errors) * 10 > np.nanmax(errors):
            return _("The error hardly depends on ε. Is there a kink just here?")
        if self.error <= max(
            10 * errors[best], 1e-9 * max(1.0, abs(self.gradient))
        ):  # on a straight line the best is 0
            return _("About as good as it gets.")
        if self.place > best:
            return _("ε is large: between the two points the curve is not straight.")
        return _("ε is small: the two outputs differ in their last digits only, and those are rounded.")

    # ------------------------------------------------------------ the picture

    def _make_frames(self):
        """Make what no move of the slider changes: both frames, and the height of each error."""
        top = 1.4 * REACH * max(abs(self.gradient), 0.5)
        self.microscope = Frame(
            MICROSCOPE, (-REACH, REACH), (-top, top), "", _("change of the output, in ε"), (self._point, number)
        )
        with np.errstate(divide="ignore"):
            logs = {sides: np.log10(errors) for sides, errors in self.errors.items()}
        drawn = np.concatenate([heights[np.isfinite(heights)] for heights in logs.values()])
        low, high = (floor(drawn.min()) - 0.5, drawn.max() + 0.5) if drawn.size else (-17.0, 0.0)
        high = max(high, low + 4)
        self.u_shape = Frame(CURVE, (-15.4, -0.6), (low, high), _("ε"), _("error"), (power_of_ten, power_of_ten))
        # an error of 0 lies on the bottom line, an infinite one on the top line
        self.heights = {sides: np.clip(np.nan_to_num(heights, nan=high), low, high) for sides, heights in logs.items()}

    def _point(self, k):
        """Name the point that is `k` nudges away from where the input stands."""
        k = round(k)
        return f"{'+' if k > 0 else '−'}{abs(k) if abs(k) > 1 else ''}ε" if k else escape(self.name)

    def _picture(self):
        parts = [self._output_near_x(), self._errors(), self._readout()]
        return page(parts, _("Nudge"), self._words(), HEIGHT)

    def _output_near_x(self):
        """Show the output, its slope by `backward`, and the line through both ends of the nudge."""
        frame, (low, high) = self.microscope, self.microscope.y_range
        eps, k = self.eps.value, np.linspace(-REACH, REACH, SAMPLES)
        output = [(self._output(self.x + step * eps) - self.center) / eps for step in k]
        at = np.array([1.0, -1.0 if self.sides.value == "two" else 0.0])
        ends = (np.array(self.ends) - self.center) / eps
        lines = (  # a later one lies above the earlier ones: the output must stay in sight
            (_("by backward"), "then", GRADIENT, self.gradient * k),
            (_("output"), "now", "", output),
            (_("by nudging"), "then", SOLID, ends[1] + self.estimate * (k - at[1])),
        )
        parts = [frame.line(kind, k, np.clip(np.nan_to_num(y), low, high), more) for _name, kind, more, y in lines]
        for x, y in zip(at, np.clip(ends, low, high), strict=True):
            parts.append(_dot(frame, x, y))
        return frame.svg + "".join(parts) + legend(lines, MICROSCOPE[0])

    def _errors(self):
        """Show the error of both ways against ε, with a dot at the present ε."""
        frame, x, sides = self.u_shape, np.log10(EPSILONS), self.sides.value
        other = METHODS[1 - METHODS.index(sides)]
        titles = {"one": _("one side"), "two": _("both sides")}
        parts = [
            frame.line("then", x, self.heights[other], OTHER),
            frame.line("now", x, self.heights[sides]),
            _dot(frame, x[self.place], self.heights[sides][self.place], ' data-mark="eps"'),
        ]
        return (
            frame.svg + "".join(parts) + legend([(titles[sides], "now", ""), (titles[other], "then", OTHER)], CURVE[0])
        )

    def _readout(self):
        """Write both outputs in full, the digits that differ in bold, and what follows from them."""
        decimals = max(0, min(20, 16 - floor(log10(abs(self.center))))) if self.center else 17
        digits = [f"{end:.{decimals}f}".replace("-", "−") for end in self.ends]
        apart = abs(self.ends[0] - self.ends[1])
        telling = decimals + floor(log10(apart)) + 1 if 0 < apart < np.inf else 0  # digits from the right that tell
        both = self.sides.value == "two"
        names = [_("at {}").format(f"{self.name} + ε"), _("at {}").format(f"{self.name} − ε" if both else self.name)]
        column = MICROSCOPE[0] + max(map(text_width, names)) + 4
        parts = []
        for y, name, text in zip((314, 336), names, digits, strict=True):
            cut = len(text) - min(telling, len(text))
            bold = f'<tspan style="font-weight:bold;fill:{theme.css_colour("value")}">{text[cut:]}</tspan>'
            parts.append(_text(MICROSCOPE[0], y, escape(name)) + _text(column, y, text[:cut] + bold))
        rows = (
            (_("difference ÷ 2ε") if both else _("difference ÷ ε"), f"{self.estimate:.11g}", "estimate"),
            (_("gradient by backward"), f"{self.gradient:.11g}", "gradient"),
            (_("error"), f"{self.error:.1e}", "error"),
        )
        for y, (name, text, key) in zip((306, 326, 346), rows, strict=True):
            parts.append(_text(CURVE[0], y, name))
            parts.append(_text(CURVE[0] + 160, y, text.replace("-", "−"), f' data-number="{key}"'))
        return "".join(parts)


def _controls(eps, sides):
    """Make the slider for ε and the switch for the sides."""
    if eps not in EPSILONS or sides not in METHODS:
        raise ValueError(
            _("eps must be 1 or 3 times a power of ten from 1e-15 to 1e-1, and sides one or two; "
              "got {eps} and {sides!r}").format(eps=eps, sides=sides)
        )  # fmt: skip
    slider = ipywidgets.SelectionSlider(
        options=list(zip(LABELS, EPSILONS, strict=True)), value=eps, description=_("ε"),
        style={"description_width": "2em"}, layout={"width": "28em"},
    )  # fmt: skip
    switch = ipywidgets.ToggleButtons(
        options=[(_("one side"), "one"), (_("both sides"), "two")], value=sides,
        tooltips=[_("forward difference"), _("central difference")], style={"button_width": "7em"},
    )  # fmt: skip
    return slider, switch


def _dot(frame, x, y, more=""):
    return (
        f'<circle cx="{frame.x(x):.1f}" cy="{frame.y(y):.1f}" r="5.5" style="fill:{theme.css_colour("text")}"{more}/>'
    )


def _text(x, y, text, more=""):
    return f'<text x="{x:g}" y="{y}" style="fill:{theme.css_colour("text")}"{more}>{text}</text>'
