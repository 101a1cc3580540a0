"""How small should a nudge be? One input under a microscope, and the U that the errors make."""

from contextlib import contextmanager
from math import floor, isfinite, log10

import numpy as np

from nbkit.checks import one_of
from nbkit.drawing import theme
from nbkit.drawing.chart.frame import RIGHT_BOX, WIDTH, Frame, frame
from nbkit.drawing.chart.handle import handle, point_grip, touch_area
from nbkit.drawing.chart.marks import BACKWARD, BOTH_SIDES, ONE_SIDE, legend, readout, stroke
from nbkit.drawing.markup import join, tag
from nbkit.drawing.picture import Picture
from nbkit.drawing.text import text_width
from nbkit.formatting import number, power_of_ten
from nbkit.graph import graph_of
from nbkit.messages import _, kind_of
from nbkit.widgets.kit.explorer import Explorer, steps, toggle

EPSILONS = tuple(sorted(float(f"{digit}e-{k}") for k in range(1, 16) for digit in (1, 3)))[:-1]
SIDES = {"one": _("one side"), "two": _("both sides")}
DASHES = {"one": ONE_SIDE, "two": BOTH_SIDES}
DIGITS = {"float64": 16, "float32": 7}  # that are written of an output near 1
STRAIGHT = {"float64": 1e-9, "float32": 1e-4}  # the error on a straight line is rounding, and below this
MICROSCOPE_REACH = 2.5  # nudges to either side
CURVE_PLACES = np.linspace(-MICROSCOPE_REACH, MICROSCOPE_REACH, 151)  # in nudges
HEIGHT = 364
MICROSCOPE = (52.0, 28.0, 294.0, 222.0)  # left, top, width, height in pixels
BOLD = f"font-weight:bold;fill:{theme.css_colour('value')}"


class NudgeLab(Explorer):
    """Nudge one input of a graph by ε, on one side or on both, and compare with the gradient of the graph.

    Left stands the output under a microscope that is always a few ε wide, right the error against ε. ε moves by its
    slider, or by the point on the right.

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
    numbers : "float64" or "float32"
        In which the graph computes: with about 16 digits or with about 7.

    Attributes
    ----------
    eps, sides, numbers, view, status : widgets
    x, gradient : float
        Where the input stands, and dL/dx there by ``backward``.
    ends : pair of float
        The output at the right and at the left end of the nudge.
    estimate, error : float
        The difference of both divided by their distance, and how far that is from the gradient.
    errors : dict of str to array
        For "one" and "two" sides, the error at every ε of the slider, in the chosen kind of numbers.
    """

    def __init__(self, graph, name=None, eps=0.1, sides="one", numbers="float64"):
        self.graph = graph_of(graph, "NudgeLab")
        self.name = self._chosen(name)
        if not isinstance(eps, float) or eps not in EPSILONS:
            rule = _("eps must be 1 or 3 times a power of ten from 1e-15 to 1e-1, got {}")
            raise ValueError(rule.format(kind_of(eps)))
        self.eps = steps(_("ε"), eps, EPSILONS, short)
        options = [(title, key) for key, title in SIDES.items()]
        tips = [_("forward difference"), _("central difference")]
        self.sides = toggle(options, one_of("sides", sides, SIDES), tooltips=tips)
        tips = [_("about 16 digits"), _("about 7 digits")]
        self.numbers = toggle(list(DIGITS), one_of("numbers", numbers, DIGITS), tooltips=tips)
        self.leaves = {v: v.value for v in self.graph.variables if v.layer is None}
        self.x = float(self.graph.inputs[self.name].value)
        self._put_back()
        self.gradient = float(self.graph.inputs[self.name].grad)
        self.all_errors = {kind: self._all_errors(kind) for kind in DIGITS}
        self._make_frames()
        super().__init__(self.eps, (self.sides, self.numbers))
        self.view.on_value(self.safely(self._by_hand))

    @property
    def errors(self):
        return self.all_errors[self.numbers.value]

    @contextmanager
    def _computing_in(self, kind):
        """Let the graph compute in this kind of numbers in a ``with`` block, and put it back at the end."""
        for v, value in self.leaves.items():
            v.value = value if kind == "float64" else np.asarray(value, dtype=kind)[()]
        try:
            yield
        finally:
            self._put_back()

    @np.errstate(all="ignore")
    def _all_errors(self, kind):
        """Return the error at every ε for both ways, in this kind of numbers."""
        with self._computing_in(kind):
            return {sides: np.array([self._nudge(eps, sides)[2] for eps in EPSILONS]) for sides in SIDES}

    def _by_hand(self, event):
        """Follow the point on the curve of the errors."""
        self.eps.value = EPSILONS[round(event.value)]

    def _chosen(self, name):
        """Return the name of the input to nudge, or say why there is none."""
        if self.graph.output.shape:
            rule = _("NudgeLab needs a graph that ends in one number, this one ends in shape {}")
            raise ValueError(rule.format(self.graph.output.shape))
        numbers = [known for known, v in self.graph.inputs.items() if not v.shape and not v.constant]
        if not numbers or not isinstance(name, str | None) or name not in (None, *numbers):
            rule = _("NudgeLab nudges an input that is a number, one of {known}; got {got}")
            raise ValueError(rule.format(known=", ".join(numbers) or _("none"), got=kind_of(name)))
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
        for v, value in self.leaves.items():
            v.value = value
        self._output(self.x)
        self.graph.backward()

    @np.errstate(all="ignore")
    def compute(self):
        """Nudge as the controls say, and look at the output near the input."""
        eps = self.eps.value
        self.place, self.both = EPSILONS.index(eps), self.sides.value == "two"
        with self._computing_in(self.numbers.value):
            self.center = self._output(self.x)
            self.ends, self.estimate, self.error = self._nudge(eps, self.sides.value)
            self.near_x = [(self._output(self.x + k * eps) - self.center) / eps for k in CURVE_PLACES]

    def sentence(self):
        """Say on which side of the U the present ε stands."""
        errors = self.errors[self.sides.value]
        if not np.isfinite(self.error):
            return _("The output is too large for {}: it overflows.").format(self.numbers.value)
        best = int(np.flatnonzero(errors == np.nanmin(errors))[-1])
        if np.nanmin(errors) * 10 > np.nanmax(errors):
            return _("The error hardly depends on ε. Is there a kink just here?")
        rounding = STRAIGHT[self.numbers.value] * max(1.0, abs(self.gradient))  # on a straight line the best is 0
        if self.error <= max(10 * errors[best], rounding):
            return _("About as good as it gets.")
        if self.place > best:
            return _("ε is large: between the two points the curve is not straight.")
        if self.ends[0] == self.ends[1]:
            return _("ε is too small: both outputs are the same number.")
        return _("ε is small: the two outputs differ in their last digits only, and those are rounded.")

    # ------------------------------------------------------------ the picture

    def _make_frames(self):
        """Make what the sliders do not change: both frames, and the height of each error."""
        top = 1.4 * MICROSCOPE_REACH * max(abs(self.gradient), 0.5)
        ticks = self._name_of_place, number
        # not the shared `frame`: what writes its ticks belongs to this widget
        places, changes = (-MICROSCOPE_REACH, MICROSCOPE_REACH), (-top, top)
        self.microscope = Frame(MICROSCOPE, places, changes, "", _("change of the output, in ε"), ticks)
        with np.errstate(divide="ignore"):
            logs = {
                (kind, sides): np.log10(errors)
                for kind, both in self.all_errors.items()
                for sides, errors in both.items()
            }
        drawn = np.concatenate([heights[np.isfinite(heights)] for heights in logs.values()])
        low, high = (floor(drawn.min()) - 0.5, drawn.max() + 0.5) if drawn.size else (-17.0, 0.0)
        high = max(high, low + 4)
        ticks = power_of_ten, power_of_ten
        self.u_shape = frame(RIGHT_BOX, (-15.4, -0.6), (low, high), _("ε"), _("error"), ticks)
        inside = self.u_shape.inside  # an error that is NaN, after an overflow, stands at the top
        self.heights = {way: inside(np.where(np.isnan(heights), high, heights)) for way, heights in logs.items()}

    def _name_of_place(self, k):
        """Name the place that is `k` nudges away from the input."""
        k = round(k)
        return f"{'+' if k > 0 else '−'}{abs(k) if abs(k) > 1 else ''}ε" if k else self.name

    @np.errstate(all="ignore")
    def picture(self):
        words = _(
            "ε = {eps}, {how}, {numbers}: the nudge says {estimate}, backward says {gradient}; the error is {error}."
        )
        words = words.format(
            eps=short(self.eps.value), how=SIDES[self.sides.value], numbers=self.numbers.value,
            estimate=f"{self.estimate:.10g}",
            gradient=f"{self.gradient:.10g}", error=f"{self.error:.1e}",
        )  # fmt: skip
        rows = [
            (
                _("by nudging: difference ÷ 2ε") if self.both else _("by nudging: difference ÷ ε"),
                f"{self.estimate:.11g}",
                "estimate",
            ),
            (_("by backward: gradient"), f"{self.gradient:.11g}", "gradient"),
            (_("error: how far apart"), f"{self.error:.1e}", "error"),
        ]
        rows = [(name, text.replace("-", "−"), key) for name, text, key in rows]
        numbers = readout(RIGHT_BOX[0], 306, rows, column=190, pitch=20)
        parts = [self._output_near_x(), self._errors(), self._ends(), numbers]
        return Picture(_("Nudge"), words, parts, WIDTH, HEIGHT, role="group")

    def _output_near_x(self):
        """Show the output, its slope by `backward`, and the line through both ends of the nudge."""
        chart, at = self.microscope, np.array([1.0, -1.0 if self.both else 0.0])
        ends = (np.array(self.ends) - self.center) / self.eps.value
        lines = [  # later ones lie above: the output must stay in sight
            (_("by backward"), "then", stroke("gradient", BACKWARD, 4), "backward", self.gradient * CURVE_PLACES),
            (_("output"), "now", stroke("value"), "output", self.near_x),
            (
                _("by nudging"),
                "then",
                stroke("text", DASHES[self.sides.value], 1.6),
                "nudging",
                ends[1] + self.estimate * (CURVE_PLACES - at[1]),
            ),
        ]
        drawn = [chart.line(kind, CURVE_PLACES, chart.inside(y), key, **look) for _name, kind, look, key, y in lines]
        dots = [chart.dot(x, y, key) for x, y, key in zip(at, ends, ("right end", "left end"), strict=True)]
        return [chart.svg, drawn, dots, legend([line[:3] for line in lines], MICROSCOPE[0])]

    def _errors(self):
        """Show the error of both ways against ε, with a point at the present ε; the chosen way is bold."""
        chart, x, now, kind = self.u_shape, np.log10(EPSILONS), self.sides.value, self.numbers.value
        bold, plain = (("text", 2.6), ("quiet", 1.2))
        looks = {}
        for sides, dashes in DASHES.items():
            role, width = bold if sides == now else plain
            looks[sides] = stroke(role, dashes, width)
        lines = [chart.line("then", x, self.heights[kind, sides], sides, **looks[sides]) for sides in SIDES]
        names = [(title, "then", looks[sides]) for sides, title in SIDES.items()]
        if kind == "float32":  # a thin line keeps what the chosen way reaches in float64
            thin = stroke("quiet", None, 1)
            lines.append(chart.line("then", x, self.heights["float64", now], "float64", **thin))
            names.append(("float64", "then", thin))
        point = self._point(chart, x, self.heights[kind, now][self.place])
        return [chart.svg, lines, point, legend(names, RIGHT_BOX[0])]

    def _point(self, chart, x, height):
        """Draw the point at the present ε, which can be dragged from one ε to the next."""
        places = chart.x(x)
        at = float(places[self.place]), float(chart.y(height))
        words = _("ε = {eps}, error {error}").format(eps=short(self.eps.value), error=f"{self.error:.1e}")
        return handle(
            "eps", touch_area(*at), point_grip(*at), label=_("ε on the curve of the errors"), words=words,
            value=self.place, low=0, high=len(EPSILONS) - 1, step=1, page=2,
            drag=lambda pixels: int(np.abs(places - at[0] - pixels).argmin()), x=x[self.place], y=height,
        )  # fmt: skip

    def _ends(self):
        """Write both outputs in full, in bold from the first digit on that differs."""
        digits = DIGITS[self.numbers.value]
        has_size = self.center and isfinite(self.center)
        decimals = max(0, min(20, digits - floor(log10(abs(self.center))))) if has_size else digits + 1
        texts = [f"{end:.{decimals}f}".replace("-", "−") for end in self.ends]
        aligned = len({len(text) for text in texts}) == 1  # 10.01 and 9.99 have no digit in common
        differ = [i for i, (one, other) in enumerate(zip(*texts, strict=True)) if one != other] if aligned else [0]
        cut = min(differ, default=len(texts[0]))
        places = [f"{self.name} + ε", f"{self.name} − ε" if self.both else self.name]
        rows = []
        for place, key, text in zip(places, ("right", "left"), texts, strict=True):
            digits = join([text[:cut], tag("tspan", text[cut:], style=BOLD) if text[cut:] else ""])
            rows.append((_("at {}").format(place), digits, key))
        column = max(text_width(name) for name, _digits, _key in rows) + 4
        return readout(MICROSCOPE[0], 314, rows, column=column, pitch=22, key="ends")


def short(eps):
    """Write a power of ten, or three times one, as ``3e-5``."""
    return f"{eps:.0e}".replace("e-0", "e-")
