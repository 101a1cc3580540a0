"""A graph whose inputs move, and a mark on the node where the first infinite number or NaN comes from."""

from nbkit.drawing.graph.renderer import GraphRenderer
from nbkit.drawing.markup import tag
from nbkit.graph import graph_of
from nbkit.graphtools.non_finite import first_non_finite
from nbkit.messages import _
from nbkit.widgets.graphs.inputs import input_sliders, values_of
from nbkit.widgets.kit.explorer import Explorer
from nbkit.widgets.kit.graph_view import GraphView
from nbkit.widgets.kit.views import Html


class NanTracer(Explorer):
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
    trouble : NonFinite or None
        What was found.
    """

    def __init__(self, graph, ranges=None):
        self.graph = graph_of(graph, "NanTracer")
        self.inputs = input_sliders({name: v.value for name, v in self.graph.inputs.items()}, ranges)
        self.renderer, status = GraphRenderer(self.graph), Html()
        super().__init__(*self.inputs.values(), status, view=GraphView(step=-1), status=status)

    def compute(self):
        """Replay the graph with the values of the sliders, and find where the trouble begins."""
        self.trouble = first_non_finite(self.graph, **values_of(self.inputs))

    def picture(self):
        return self.renderer.picture(marks={self.trouble.variable: "wrong"} if self.trouble else {})

    def sentence(self):
        if self.trouble is None:
            return tag("b", _("✓ All values and all gradients are finite."))
        return tag("b", f"✗ {self.trouble.told(self.renderer.names)}")
