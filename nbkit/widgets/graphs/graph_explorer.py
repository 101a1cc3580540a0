"""The course's instrument: a graph whose inputs move, that plays step by step, opens up and can be nudged."""

from collections import Counter

import ipywidgets
import numpy as np

from nbkit.drawing.graph.renderer import GraphRenderer
from nbkit.drawing.markup import escape
from nbkit.formatting import number
from nbkit.graph import Graph, Variable
from nbkit.messages import _, kind_of, shortened
from nbkit.widgets.kit.graph_view import GraphView
from nbkit.widgets.kit.panel import Panel


class GraphExplorer(Panel):
    """Sliders on the inputs of a graph, its picture with a transport, and a row to nudge an edge.

    Parameters
    ----------
    graph : Graph or Variable
        Of numbers or batches. Its layers may be opened and closed in the picture.
    ranges : dict of str to (low, high, step), optional
        For the sliders, by input name. Where left out: from 0 to twice the value (from -1 to 1 for 0).
    gradients : bool
        Also carry gradients back and show them, and offer the nudge.

    Attributes
    ----------
    graph : Graph
        As it is shown now, with open layers written out.
    inputs : dict of str to FloatSlider
        One for each named input that is a number; the number beside it can be typed over.
    view : GraphView
    edge, eps, verdict : widgets
        The nudge: which edge, by how much, and what came of it.
    """

    def __init__(self, graph, ranges=None, gradients=True):
        self.closed = Graph(graph) if isinstance(graph, Variable) else graph
        if not isinstance(self.closed, Graph):
            raise TypeError(_("GraphExplorer takes a Graph or a Variable, got {}").format(kind_of(graph)))
        self.inputs = sliders(self.closed, ranges or {})
        self.gradients = gradients
        self.opened = set()
        self.view = GraphView()
        self.edge = ipywidgets.Dropdown(description=_("nudge"), style={"description_width": "4em"})
        self.eps = ipywidgets.FloatText(0.01, description="by ε =", style={"description_width": "4em"})
        self.eps.layout.width = "11em"
        self.verdict = ipywidgets.HTML()
        self._arrange()
        nudge = ipywidgets.HBox([self.edge, self.eps, self.verdict], layout={"flex_flow": "row wrap"})
        super().__init__([*self.inputs.values(), self.view, *([nudge] if gradients else [])])
        moved = self.safely(self._input_moved)
        for slider in self.inputs.values():
            slider.observe(moved, "value")
        nudged = self.safely(lambda _change: self.nudge())
        self.edge.observe(nudged, "value")
        self.eps.observe(nudged, "value")
        knocked = self.safely(self._knocked)
        self.view.on_msg(lambda _view, message, _buffers: knocked(message))

    def _arrange(self):
        """Set up everything that depends on which layers are open, and show it."""
        self.graph, self.origins = self.closed.opened(self.opened)
        self.painter = GraphRenderer(self.graph)
        ids = {self.graph.id(v): v for v in self.graph.variables if v.layer is not None}
        doors = {id_: self._door(v) for id_, v in ids.items()}
        self.view.doors = {id_: state for id_, state in doors.items() if state}
        edges = [edge for edge in self.painter.scene.edges if edge.target is not None and edge.slot >= 0]
        self.edges = {edge.id: edge for edge in edges if not edge.source.constant}
        self.edge.options = self._edge_names()
        self.edge.index = 0 if self.edges else None
        self.update()

    def _door(self, v):
        if self.origins[v] in self.opened:
            return "open"
        return "closed" if v.layer.is_composite else None

    def _edge_names(self):
        """Name each edge by its two ends; those that share both are counted."""
        nodes = {node.id: " ".join(node.lines) for node in self.painter.scene.nodes}
        names = {id_: f"{nodes[edge.tail]} → {nodes[edge.head]}" for id_, edge in self.edges.items()}
        alike, seen = Counter(names.values()), Counter()
        for id_, name in names.items():
            if alike[name] > 1:
                seen[name] += 1
                names[id_] = _("{edge}, no. {number}").format(edge=name, number=seen[name])
        return [(name, id_) for id_, name in names.items()]

    def _input_moved(self, change):
        self.update(**{change.owner.description: change.new})

    def _knocked(self, message):
        """The browser asks to open a node or to close what it is a part of."""
        for action, change in (("open", self.open_node), ("close", self.close_node)):
            if action in message:
                return change(message[action])
        return None

    def open_node(self, id_):
        """Write the layer of a node out in single nodes, by the node's id, such as ``"v2"``."""
        node = self._node(id_)
        if not node.layer.is_composite:
            raise ValueError(_("{} is a single node: there is nothing to open").format(node.layer))
        self.opened = self.opened | {self.origins[node]}
        self._arrange()

    def close_node(self, id_):
        """Put the node of which `id_` is a part back into one."""
        self.opened = self.opened - {self.origins[self._node(id_)]}
        self._arrange()

    def _node(self, id_):
        for v in self.origins:
            if self.graph.id(v) == id_:
                return v
        raise ValueError(_("there is no node {} in this graph").format(shortened(repr(id_), 40)))

    def update(self, /, **values):
        """Set inputs by name, compute forward (and backward), and show the picture."""
        self.graph.forward(**values)
        if self.gradients:
            self.graph.backward()
            self.nudge()
        self.view.svg = self.painter.svg(gradients=self.gradients)

    def nudge(self):
        """Compare what a nudge does to the output with what the gradient of the edge says."""
        edge = self.edges.get(self.edge.value)
        if edge is None or edge.gradient is None:
            self.verdict.value = ""
            return
        change = self.graph.nudge(edge.target, edge.slot, self.eps.value)
        told = float((edge.gradient * self.eps.value).sum())
        size = float(np.abs(self.graph.output.value).max())
        change = change if abs(change) > 1e-15 * size else 0.0  # the last digit of the output is no answer
        rest = change - told if abs(change - told) > 1e-10 * size else 0.0
        text = _("output changes by {change}; gradient × ε = {told}; difference {rest}").format(
            change=number(change), told=number(told), rest=number(rest)
        )
        self.verdict.value = f"<span>{escape(text)}</span>"

    def first(self):
        """Show the inputs alone."""
        self.view.step = 0

    def forward_step(self):
        """Show one step more."""
        step = self.view.step + 1
        self.view.step = step if 0 < step < self.last_step else -1

    def back_step(self):
        """Show one step less."""
        self.view.step = max(0, (self.last_step if self.view.step < 0 else self.view.step) - 1)

    def last(self):
        """Show everything."""
        self.view.step = -1

    @property
    def last_step(self):
        """Number of the step that shows everything."""
        times = self.painter.times
        return times.turn + len(times.backward) if self.gradients else times.turn - 1

    def snapshot(self):
        return self.view.svg


def sliders(graph, ranges):
    """Make a slider for each named input of `graph` that is a number."""
    unknown = [name for name in ranges if name not in graph.inputs]
    if unknown:
        raise ValueError(
            _("ranges names {got}, but the inputs of the graph are {known}").format(
                got=", ".join(unknown), known=", ".join(graph.inputs)
            )
        )
    numbers = {name: v for name, v in graph.inputs.items() if not v.shape}
    return {name: slider(name, float(v.value), ranges.get(name)) for name, v in numbers.items()}


def slider(name, value, limits):
    low, high, step = limits or _limits(value)
    if not low <= value <= high or not step > 0:
        raise ValueError(
            _("the range of {name!r} must hold its value {value:g} and have a step above 0, got {limits}").format(
                name=name, value=value, limits=(low, high, step)
            )
        )
    return ipywidgets.FloatSlider(
        value, min=low, max=high, step=step, description=name, readout_format=f".{_decimals(step)}f",
        style={"description_width": "7em"}, layout={"width": "28em"},
    )  # fmt: skip


def _decimals(step):
    """Digits after the point that a step of this size asks for."""
    return next((d for d in range(6) if abs(round(step, d) - step) < 1e-9), 6)


def _limits(value):
    """A range with the value in its middle, or at least inside."""
    if value == 0:
        return -1.0, 1.0, 0.01
    low, high = sorted((0.0, 2 * value))
    return low, high, abs(value) / 50
