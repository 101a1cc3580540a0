"""What a gradient costs: every call of a layer is counted, for nudges, forward mode and one walk backward."""

from typing import NamedTuple

import ipywidgets
import numpy as np

from nbkit.drawing import theme
from nbkit.drawing.chart.frame import CURVE, PLANE, Frame, page
from nbkit.drawing.graph.scene import text_width
from nbkit.drawing.markup import escape
from nbkit.gradcheck import numerical_gradient
from nbkit.graph import Graph, Variable
from nbkit.graphtools.forward_mode import Dual
from nbkit.messages import _, kind_of
from nbkit.widgets.kit.panel import Panel
from nbkit.widgets.kit.svg_view import SvgView

EPS = 1e-6
POINTS = 8  # numbers of inputs that are counted beforehand, for the curves
KINDS = {  # class and colour of each way, from expensive to cheap
    "two": ("then", "line", ' stroke-dasharray="5 3"'),
    "one": ("then", "quiet", ' stroke-dasharray="2 3"'),
    "forward": ("then", "gradient", ' stroke-dasharray="12 2"'),
    "backward": ("now", "value", ""),
}


class Cost(NamedTuple):
    """What one way to all gradients cost: passes and calls of layers, to the right and to the left."""

    passes_forward: int
    passes_backward: int
    calls_forward: int
    calls_backward: int
    gradient: np.ndarray

    @property
    def calls(self):
        return self.calls_forward + self.calls_backward


class CountedGraph:
    """A graph of numbers whose layers count how often they are called.

    Recording gave each node a layer object of its own, and only these are wrapped: no other graph is counted.

    Parameters
    ----------
    graph : Graph
    """

    def __init__(self, graph):
        self.graph = graph
        self.start = np.array([v.value for v in graph.inputs.values()])
        self.reset()
        for v in graph.variables:
            if v.layer is not None:
                v.layer.forward = self._counted(v.layer.forward, "forward")
                v.layer.backward = self._counted(v.layer.backward, "backward")

    def reset(self):
        self.calls = {"forward": 0, "backward": 0}
        self.passes = {"forward": 0, "backward": 0}

    def _counted(self, method, way):
        def counted(*args):
            self.calls[way] += 1
            return method(*args)

        return counted

    def output(self, x):
        """Run forward with one number for each input."""
        self.passes["forward"] += 1
        return self.graph.forward(**dict(zip(self.graph.inputs, x, strict=True)))

    def nudge_two(self):
        """Nudge every input to both sides."""
        return numerical_gradient(self.output, self.start, eps=EPS)

    def nudge_one(self):
        """Nudge every input to one side, and compare with the output where nothing was nudged."""
        here = self.output(self.start)
        return np.array([(self.output(x) - here) / EPS for x in self.start + EPS * np.eye(len(self.start))])

    def walk_forward(self):
        """Run forward once for each input, with values that carry along how fast they change when this input does."""
        gradient = []
        start = dict(zip(self.graph.inputs.values(), self.start, strict=True))
        for moving in start:
            self.passes["forward"] += 1
            duals = {}
            for v in self.graph.variables:
                if v.layer is None:
                    duals[v] = Dual(start.get(v, v.value), float(v is moving))
                else:
                    duals[v] = duals[v.inputs[0]].record(v.layer, [duals[i] for i in v.inputs])
            gradient.append(duals[self.graph.output].tangent)
        return np.array(gradient)

    def walk_back(self):
        """Run forward once and backward once."""
        self.output(self.start)
        self.passes["backward"] += 1
        return np.array(list(self.graph.backward().values()))

    def cost(self, way):
        """Count one way from zero: "two" or "one" sides, "forward" mode, or "backward", which is reverse mode."""
        self.reset()
        ways = {
            "two": self.nudge_two, "one": self.nudge_one, "forward": self.walk_forward, "backward": self.walk_back,
        }  # fmt: skip
        gradient = ways[way]()
        return Cost(
            self.passes["forward"], self.passes["backward"], self.calls["forward"], self.calls["backward"], gradient
        )


class CostCounter(Panel):
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
        For the present n: "two" and "one" (sides on which each input is nudged), "forward" mode, and "backward",
        which is reverse mode.
    curves : dict of int to such dicts
        What was counted so far, by n.
    """

    def __init__(self, build, largest=50, n=10):
        if not callable(build):
            raise TypeError(_("build must be a function from n to a Variable, got {}").format(kind_of(build)))
        if not 1 <= n <= largest or largest < 2:
            raise ValueError(_("n must lie between 1 and largest, got {n} and {largest}").format(n=n, largest=largest))
        self.build, self.largest, self.curves = build, largest, {}
        for some in sorted({*np.linspace(1, largest, POINTS).round().astype(int).tolist(), n}):
            self._count(some)
        self.highest = max(cost.calls for cost in self.curves[largest].values())
        self.frame = Frame(CURVE, (0, largest), (0, 1.05 * self.highest), _("number of inputs n"), "")
        self.n = ipywidgets.IntSlider(
            n, min=1, max=largest, description=_("inputs n"), style={"description_width": "5em"},
            layout={"width": "30em"},
        )  # fmt: skip
        self.view, self.status = SvgView(), ipywidgets.HTML()
        super().__init__([self.n, self.view, self.status])
        self.show()
        self.n.observe(self.safely(lambda _change: self.show()), "value")

    def _count(self, n):
        if n not in self.curves:
            end = self.build(n)
            if not isinstance(end, Variable):
                raise TypeError(_("build must return a Variable, got {}").format(kind_of(end)))
            graph = Graph(end)
            if len(graph.inputs) != n or any(v.shape for v in graph.variables):
                raise ValueError(
                    _("build({n}) must make a graph from {n} named numbers to one number, got inputs {got}").format(
                        n=n, got=", ".join(graph.inputs)
                    )
                )
            counted = CountedGraph(graph)
            self.curves[n] = {way: counted.cost(way) for way in KINDS}
        return self.curves[n]

    def show(self):
        """Count for the present n, and draw bars and curves."""
        self.costs = self._count(self.n.value)
        self.view.svg = self._picture()
        self.status.value = f"<span>{escape(self._words())}</span>"

    def snapshot(self):
        return self.view.svg

    @property
    def agree(self):
        """Whether the four ways have found the same numbers, to five digits."""
        *others, true = (self.costs[way].gradient for way in KINDS)
        return all(np.allclose(found, true, rtol=1e-5, atol=1e-5) for found in others)

    def _words(self):
        text = _(
            "{n} inputs: {two} calls by nudging both sides, {one} by nudging one side, {forward} in forward mode, "
            "{back} in reverse mode. Both sides cost {times} times as much as reverse mode."
        )
        two, one, forward, back = (self.costs[way].calls for way in KINDS)
        found = _("All four found the same gradients.") if self.agree else _("They found different gradients.")
        words = text.format(n=self.n.value, two=two, one=one, forward=forward, back=back, times=f"{two / back:.3g}")
        return f"{words} {found}"

    def _picture(self):
        return page([self._bars(), self._curves()], _("Cost of all gradients"), self._words())

    def _bars(self):
        left, top, width, _height = PLANE
        longest = max(cost.calls for cost in self.costs.values())
        parts = [_text(left, 18, _("calls of layers to find all gradients, n = {}").format(self.n.value), "axis")]
        for row, way in enumerate(KINDS):
            cost, y = self.costs[way], top + 16 + 61 * row
            title, passes = self._title(way)
            parts.append(_text(left, y, title))
            start = left
            for calls, role in ((cost.calls_forward, "value"), (cost.calls_backward, "gradient")):
                size = calls / longest * (width - 70)
                parts.append(
                    f'<rect x="{start:.1f}" y="{y + 7}" width="{size:.1f}" height="18" '
                    f'style="fill:{theme.css_colour(role)}"/>'
                )
                start += size
            parts.append(_text(start + 8, y + 21, str(cost.calls), more=f' data-calls="{way}" font-weight="bold"'))
            parts.append(_text(left, y + 39, passes, "tick"))
        return "".join(parts)

    def _title(self, way):
        cost = self.costs[way]
        if way == "backward":
            return _("reverse mode"), _("{a} pass forward + {b} backward: {c} + {d} calls").format(
                a=cost.passes_forward, b=cost.passes_backward, c=cost.calls_forward, d=cost.calls_backward
            )
        if way == "forward":
            return _("forward mode, one input at a time"), _("{a} passes forward: {b} values + {c} slopes").format(
                a=cost.passes_forward, b=cost.calls_forward, c=cost.calls_backward
            )
        name = _("nudge each input on both sides") if way == "two" else _("nudge each input on one side")
        return name, _("{a} passes forward").format(a=cost.passes_forward)

    def _curves(self):
        counted = sorted(self.curves)
        parts, lines = [self.frame.svg], []
        names = {"two": _("both sides"), "one": _("one side"), "forward": _("forward"), "backward": _("reverse")}
        x, top, _width, height = CURVE
        # further from the frame than its own label would be: the ticks have up to five digits
        place = f'transform="translate({x - 46:g} {top + height / 2:g}) rotate(-90)"'
        parts.append(f'<text class="axis" {place}>{_("calls of layers")}</text>')
        x -= 12
        for way, (kind, role, more) in KINDS.items():
            more += f' style="stroke:{theme.css_colour(role)}"'
            calls = [self.curves[n][way].calls for n in counted]
            lines.append(self.frame.line(kind, counted, calls, more))
            px, py = self.frame.x(self.n.value), self.frame.y(self.costs[way].calls)
            parts.append(f'<circle cx="{px:.1f}" cy="{py:.1f}" r="4.5" style="fill:{theme.css_colour("text")}"/>')
            parts.append(f'<path class="{kind}" d="M{x:g} 14h18"{more}/>' + _text(x + 21, 18, names[way], "tick"))
            x += 24 + text_width(names[way], 11)
        return "".join([*reversed(lines), *parts])  # the dashes of the first over those of the third: they may coincide


def _text(x, y, text, kind="", more=""):
    style = "" if kind == "tick" else f' style="fill:{theme.css_colour("text")};text-anchor:start"'
    return f'<text class="{kind}" x="{x:g}" y="{y:g}"{style}{more}>{text}</text>'
