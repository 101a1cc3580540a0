"""A graph whose inputs move, that plays step by step, whose layers open and whose edges can be nudged."""

from collections import Counter

import ipywidgets
import numpy as np

from nbkit.formatting import number
from nbkit.graph import graph_of
from nbkit.messages import _
from nbkit.widgets.graphs.expandable import ExpandableGraph
from nbkit.widgets.graphs.inputs import input_sliders, values_of
from nbkit.widgets.kit.explorer import row
from nbkit.widgets.kit.views import GraphView, Html


class GraphExplorer(ExpandableGraph):
    """Sliders on the inputs of a graph, its picture that plays step by step, and a row to nudge an edge.

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
        One for each named input that is a number.
    view : GraphView
    edge, eps, verdict : widgets
        The nudge: which edge, by how much, and what came of it.
    """

    def __init__(self, graph, ranges=None, gradients=True):
        graph = graph_of(graph, "GraphExplorer")
        self.inputs = input_sliders({name: v.value for name, v in graph.inputs.items()}, ranges)
        self.gradients = gradients
        look = {"style": {"description_width": "4em"}}
        self.edge = ipywidgets.Dropdown(description=_("nudge"), **look)
        self.eps = ipywidgets.FloatText(0.01, description=_("by ε ="), layout={"width": "11em"}, **look)
        view, self.verdict = GraphView(), Html()
        nudge = row(self.edge, self.eps, self.verdict)
        nudge.layout.display = None if gradients else "none"
        super().__init__(graph, *self.inputs.values(), view, nudge, view=view, status=self.verdict)

    def rebuild(self):
        super().rebuild()
        edges = [edge for edge in self.renderer.scene.edges if edge.target is not None and edge.slot >= 0]
        self.edges = {edge.id: edge for edge in edges if not edge.source.constant}
        with self.quietly():
            self.edge.options = self._edge_names()
            self.edge.index = 0 if self.edges else None

    def _edge_names(self):
        """Name each edge by its two ends; those that share both are counted."""
        nodes = {node.id: " ".join(node.lines) for node in self.renderer.scene.nodes}
        names = {id_: f"{nodes[edge.tail]} → {nodes[edge.head]}" for id_, edge in self.edges.items()}
        alike, seen = Counter(names.values()), Counter()
        for id_, name in names.items():
            if alike[name] > 1:
                seen[name] += 1
                names[id_] = _("{edge}, no. {number}").format(edge=name, number=seen[name])
        return [(name, id_) for id_, name in names.items()]

    def compute(self):
        """Run forward with the values of the sliders, and backward."""
        self.graph.forward(**values_of(self.inputs))
        if self.gradients:
            self.graph.backward()

    def picture(self):
        return self.renderer.picture(gradients=self.gradients)

    def sentence(self):
        """Compare what a nudge does to the output with what the gradient of the edge says."""
        edge = self.edges.get(self.edge.value)
        if edge is None or edge.gradient is None:
            return ""
        change = self.graph.nudge(edge.target, edge.slot, self.eps.value)
        expected = float((edge.gradient * self.eps.value).sum())
        size = float(np.abs(self.graph.output.value).max())
        change = change if abs(change) > 1e-15 * size else 0.0  # the last digit of the output is no answer
        rest = change - expected if abs(change - expected) > 1e-10 * size else 0.0
        text = _("output changes by {change}; gradient × ε = {expected}; difference {rest}")
        return text.format(change=number(change), expected=number(expected), rest=number(rest))
