"""A graph whose inputs move, and a mark on the node where the first infinite number or NaN comes from."""

import ipywidgets

from nbkit.drawing.graph.renderer import GraphRenderer
from nbkit.drawing.markup import escape
from nbkit.graph import Graph, Variable
from nbkit.graphtools.non_finite import first_non_finite
from nbkit.messages import _, kind_of
from nbkit.widgets.graphs.graph_explorer import sliders
from nbkit.widgets.kit.graph_view import GraphView
from nbkit.widgets.kit.panel import Panel


class NanTracer(Panel):
    """Move the inputs until something breaks: the first node whose value or gradient is not finite is marked.

    Parameters
    ----------
    graph : Graph or Variable
    ranges : dict of str to (low, high, step), optional
        For the sliders, by input name. Where left out: from 0 to twice the value (from -1 to 1 for 0).

    Attributes
    ----------
    inputs : dict of str to FloatSlider
        One for each named input that is a number.
    view, status : widgets
    trouble : Trouble or None
        What was found.
    """

    def __init__(self, graph, ranges=None):
        self.graph = Graph(graph) if isinstance(graph, Variable) else graph
        if not isinstance(self.graph, Graph):
            raise TypeError(_("NanTracer takes a Graph or a Variable, got {}").format(kind_of(graph)))
        self.inputs = sliders(self.graph, ranges or {})
        self.painter, self.view, self.status = GraphRenderer(self.graph), GraphView(), ipywidgets.HTML()
        super().__init__([*self.inputs.values(), self.status, self.view])
        self.update()
        moved = self.safely(lambda change: self.update(**{change.owner.description: change.new}))
        for slider in self.inputs.values():
            slider.observe(moved, "value")

    def update(self, /, **values):
        """Set some inputs, replay, and mark where the trouble begins."""
        self.trouble = first_non_finite(self.graph, **values)
        marks = {} if self.trouble is None else {self.trouble.variable: "wrong"}
        self.view.svg = self.painter.svg(marks=marks)
        words = _("All values and all gradients are finite.") if self.trouble is None else self.trouble.sentence
        sign = "✓" if self.trouble is None else "✗"
        self.status.value = f"<b>{sign} {escape(words)}</b>"

    def snapshot(self):
        return self.view.svg
