"""A graph whose inputs can be moved: every value, and every gradient, follows at once."""

import ipywidgets

from nbkit._text import _, kind_of
from nbkit.drawing.svg import svg_of
from nbkit.graph import Graph, Variable
from nbkit.widgets.panel import Panel
from nbkit.widgets.svg_view import SvgView


class GraphExplorer(Panel):
    """Sliders on the inputs of a graph above its picture.

    Parameters
    ----------
    graph : Graph or Variable
    ranges : dict of str to (low, high, step), optional
        For the sliders, by input name. Where left out: from 0 to twice the value (from -1 to 1 for 0).
    gradients : bool
        Also carry gradients back and show them.

    Attributes
    ----------
    graph : Graph
    inputs : dict of str to FloatSlider
        One for each named input that is a number; the number beside it can be typed over.
    view : SvgView
    """

    def __init__(self, graph, ranges=None, gradients=True):
        self.graph = Graph(graph) if isinstance(graph, Variable) else graph
        if not isinstance(self.graph, Graph):
            raise TypeError(_("GraphExplorer takes a Graph or a Variable, got {}").format(kind_of(graph)))
        ranges = ranges or {}
        unknown = [name for name in ranges if name not in self.graph.inputs]
        if unknown:
            raise ValueError(
                _("ranges names {got}, but the inputs of the graph are {known}").format(
                    got=", ".join(unknown), known=", ".join(self.graph.inputs)
                )
            )
        self.gradients = gradients
        self.inputs = {
            name: _slider(name, float(v.value), ranges.get(name))
            for name, v in self.graph.inputs.items()
            if not v.shape
        }
        self.view = SvgView()
        self.update()
        super().__init__([*self.inputs.values(), self.view])
        changed = self.guard(self._input_changed)
        for slider in self.inputs.values():
            slider.observe(changed, "value")

    def _input_changed(self, change):
        self.update(**{change.owner.description: change.new})

    def update(self, **values):
        """Set inputs by name, compute forward (and backward), and show the picture."""
        self.graph.forward(**values)
        if self.gradients:
            self.graph.backward()
        self.view.svg = svg_of(self.graph, gradients=self.gradients)

    def still_picture(self):
        return self.view.svg


def _slider(name, value, limits):
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
