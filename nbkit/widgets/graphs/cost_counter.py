"""What a gradient costs: every call of a layer is counted, for nudges, forward mode and one walk backward."""

import numpy as np

from nbkit.checks import whole
from nbkit.drawing import theme
from nbkit.drawing.chart.frame import HEIGHT, LEFT_BOX, RIGHT_BOX, WIDTH, frame
from nbkit.drawing.chart.marks import BACKWARD, BOTH_SIDES, ONE_SIDE, legend, stroke, text_at
from nbkit.drawing.markup import join, tag
from nbkit.drawing.picture import Mark, Picture
from nbkit.drawing.text import TICK, text_width
from nbkit.graph import Graph, Variable
from nbkit.graphtools.cost import gradient_costs
from nbkit.messages import _, in_a_row, kind_of
from nbkit.widgets.kit.explorer import Explorer, slider

COUNTED_BEFOREHAND = 8  # numbers of inputs, for the curves
WAYS = {  # name, class and look of the line of each way, from expensive to cheap; those that only go forward are blue
    "two": (_("both sides"), "then", stroke("value", BOTH_SIDES, 2.6)),
    "one": (_("one side"), "then", stroke("value", ONE_SIDE, 2)),
    # a pale band: forward mode takes as many calls as both sides do, whose dashes lie upon it
    "forward": (_("forward mode"), "then", stroke("value", None, 9) | {"stroke_opacity": 0.35}),
    "backward": (_("reverse mode"), "then", stroke("gradient", BACKWARD, 2.6)),
}
FORWARD_FILL, BACKWARD_FILL = (f"fill:{theme.css_colour(role)}" for role in ("value", "gradient"))
SLOPES_FILL = f"{FORWARD_FILL};fill-opacity:.4"  # of forward mode: they are found on the way forward
LEFT_ALIGNED = f"fill:{theme.css_colour('text')};text-anchor:start"


class CostCounter(Explorer):
    """A slider for the number of inputs, and what all their gradients cost in four ways, counted call by call.

    Parameters
    ----------
    build : callable
        Takes n and returns the Variable at the end of a graph with n named inputs, all of them numbers.
    largest : int
        End of the slider; it begins at 1.
    n : int
        To begin with.

    Attributes
    ----------
    n, view, status : widgets
    costs : dict of str to Cost
        For the present n, as in `gradient_costs`.
    curves : dict of int to such dicts
        What was counted so far, by n.
    """

    def __init__(self, build, largest=50, n=10):
        if not callable(build):
            raise TypeError(_("build must be a function from n to a Variable, got {}").format(kind_of(build)))
        self.build, self.curves = build, {}
        largest = whole("largest", largest, 2)
        n = whole("n", n, 1, largest)
        for some in {*np.linspace(1, largest, COUNTED_BEFOREHAND).round().astype(int).tolist(), n}:
            self._count(some)
        highest = max(cost.calls for cost in self.curves[largest].values())
        self.frame = frame(RIGHT_BOX, (0, largest), (0, 1.05 * highest), _("number of inputs n"), "")
        self.n = slider(_("inputs n"), n, 1, largest)
        super().__init__(self.n)

    def _count(self, n):
        """Count for n inputs, once."""
        if n not in self.curves:
            end = self.build(n)
            if not isinstance(end, Variable):
                raise TypeError(_("build must return a Variable, got {}").format(kind_of(end)))
            graph = Graph(end)
            if len(graph.inputs) != n or any(v.shape for v in graph.variables):
                rule = _("build({n}) must make a graph from {n} named numbers to one number, got inputs {got}")
                raise ValueError(rule.format(n=n, got=", ".join(graph.inputs)))
            self.curves[n] = gradient_costs(graph)
        return self.curves[n]

    def compute(self):
        """Count for the present n."""
        self.costs = self._count(self.n.value)

    @property
    def agree(self):
        """Whether the four ways have found the same numbers, to five digits."""
        true = self.costs["backward"].gradient
        return all(np.allclose(cost.gradient, true, rtol=1e-5, atol=1e-5) for cost in self.costs.values())

    def sentence(self):
        calls = {way: self.costs[way].calls for way in WAYS}
        text = _(
            "n = {n}: {two} calls by nudging both sides, {one} by nudging one side, {forward} in forward mode, "
            "{backward} in reverse mode."
        )
        if calls["two"] == calls["backward"]:
            then = _("Both sides cost as much as reverse mode.")
        else:
            then = _("Both sides cost {times} times as much as reverse mode.")
        words = in_a_row([text, then]).format(n=self.n.value, times=f"{calls['two'] / calls['backward']:.3g}", **calls)
        found = _("All four found the same gradients.") if self.agree else _("They found different gradients.")
        return in_a_row([words, found])

    def picture(self):
        return Picture(_("Cost of all gradients"), self.sentence(), [self._bars(), self._curves()], WIDTH, HEIGHT)

    def _bars(self):
        """Draw a bar of calls for each way: what goes forward in one colour, what goes backward in another."""
        left, top, width, _height = LEFT_BOX
        scale = (width - 70) / max(cost.calls for cost in self.costs.values())
        title = _("calls of layers to find all gradients, n = {}").format(self.n.value)
        marks = [text_at(left, 18, "axis", title, style=LEFT_ALIGNED)]
        for row, way in enumerate(WAYS):
            cost, start, y = self.costs[way], left, top + 16 + 61 * row
            name, passes = _words(way, cost)
            parts = [text_at(left, y, "name", name, style=LEFT_ALIGNED)]
            second = SLOPES_FILL if way == "forward" else BACKWARD_FILL
            for calls, fill in ((cost.calls_forward, FORWARD_FILL), (cost.calls_backward, second)):
                place = {"x": f"{start:.1f}", "y": y + 7, "width": f"{calls * scale:.1f}", "height": 18}
                parts.append(tag("rect", **place, style=fill))
                start += calls * scale
            look = {"style": LEFT_ALIGNED, "data_calls": way, "font_weight": "bold"}
            parts.append(tag("text", cost.calls, x=float(start + 8), y=y + 21, **look))
            parts.append(text_at(left, y + 39, "tick", passes))
            marks.append(Mark(join(parts), way, calls=cost.calls, passes=passes))
        names = (
            (_("forward pass"), FORWARD_FILL),
            (_("slopes of forward mode"), SLOPES_FILL),
            (_("backward pass"), BACKWARD_FILL),
        )
        return [*marks, _fills(names, left, HEIGHT - 10)]

    def _curves(self):
        """Draw the calls of each way against n, with a dot at the present n."""
        counted = sorted(self.curves)
        left, top, _width, height = RIGHT_BOX
        # further left than the frame's own label: the ticks have up to five digits
        place = f"translate({left - 46:g} {top + height / 2:g}) rotate(-90)"
        lines, dots = [], []
        for way, (_name, kind, look) in WAYS.items():
            calls = [self.curves[n][way].calls for n in counted]
            lines.append(self.frame.line(kind, counted, calls, f"{way} against n", **look))
            dots.append(self.frame.dot(self.n.value, self.costs[way].calls, r=4.5))
        return [
            lines[::-1],  # the dashes of the first over the band of the third: they coincide
            self.frame.svg, tag("text", _("calls of layers"), class_="axis", transform=place), dots,
            legend(WAYS.values(), left - 66, tight=True),
        ]  # fmt: skip


def _fills(names, x, y):
    """Say what the fillings of the bars are, from `x` to the right."""
    parts = []
    for name, fill in names:
        parts.append(tag("rect", x=float(x), y=y - 10, width=14, height=11, style=fill))
        parts.append(text_at(x + 19, y, "tick", name))
        x += 19 + text_width(name, TICK) + 12
    return parts


def _words(way, cost):
    """Name a way, and say what it took."""
    if way == "backward":
        return _("reverse mode"), _("{a} pass forward + {b} backward: calls {c} + {d}").format(
            a=cost.passes_forward, b=cost.passes_backward, c=cost.calls_forward, d=cost.calls_backward
        )
    if way == "forward":
        return _("forward mode, one input at a time"), _("passes forward: {a}; calls: values {b} + slopes {c}").format(
            a=cost.passes_forward, b=cost.calls_forward, c=cost.calls_backward
        )
    name = _("nudge each input on both sides") if way == "two" else _("nudge each input on one side")
    return name, _("passes forward: {a}").format(a=cost.passes_forward)
