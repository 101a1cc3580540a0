"""A formula to type: it runs once, is recorded, and stands there as a graph and as a list of steps."""

import ipywidgets
import numpy as np

from nbkit.drawing.graph.renderer import GraphRenderer
from nbkit.drawing.listing import Row, listing, stacked
from nbkit.drawing.markup import escape
from nbkit.formatting import number, shape_text
from nbkit.graphtools.formula import FormulaError, trace_and_count
from nbkit.graphtools.non_finite import first_non_finite
from nbkit.graphtools.numpy_code import tape
from nbkit.messages import _
from nbkit.widgets.graphs.graph_explorer import slider
from nbkit.widgets.kit.graph_view import GraphView
from nbkit.widgets.kit.panel import Panel
from nbkit.widgets.kit.svg_view import SvgView

CELL = 90.0  # pixels: least width of a column of numbers


class TraceLab(Panel):
    """Type a formula and see what is recorded of it, as a picture that plays and as lines of NumPy, side by side.

    A step of the picture marks its line, and a pressed line takes the picture to its step. Nothing that is typed is
    run by Python: only formulas of the inputs are understood (see `nbkit.trace`).

    Parameters
    ----------
    formula : str
        To begin with.
    inputs : dict of str to number or array
        What the names in a formula stand for. Numbers get sliders.
    ranges : dict of str to (low, high, step), optional
        For the sliders, by input name. Where left out: from 0 to twice the value (from -1 to 1 for 0).

    Attributes
    ----------
    formula : Text
        Read when Enter is pressed, or the field is left.
    inputs : dict of str to FloatSlider
    view : GraphView
    lines : SvgView
        The list of steps.
    status : HTML
        What is wrong with the formula, if anything; then graph and steps stay those of the last good one.
    graph : Graph
        As it is shown now, with open layers written out.
    steps : list of Step
    """

    def __init__(self, formula="x * y + tanh(x)", inputs=None, ranges=None):
        self.values = dict({"x": 2.0, "y": 3.0} if inputs is None else inputs)
        recorded = trace_and_count(formula, self.values)  # refuses bad inputs, before anything is made
        ranges = _checked_ranges(ranges or {}, self.values)
        self.inputs = {
            name: slider(name, float(value), ranges.get(name))
            for name, value in self.values.items()
            if not np.shape(value)
        }
        self.formula = ipywidgets.Text(
            formula, description=_("formula"), continuous_update=False, layout={"width": "36em"},
            style={"description_width": "7em"},
        )  # fmt: skip
        self.view, self.lines, self.status = GraphView(), SvgView(layout={"overflow": "auto"}), ipywidgets.HTML()
        super().__init__([self.formula, self.status, *self.inputs.values(), self.view, self.lines])
        self._show_graph(*recorded)
        self.formula.observe(self.safely(lambda change: self.read(change.new)), "value")
        moved = self.safely(lambda change: self.update(**{change.owner.description: change.new}))
        for control in self.inputs.values():
            control.observe(moved, "value")
        self.view.observe(self.safely(lambda _change: self._show_lines()), "step")
        knocked = self.safely(self._knocked)
        self.view.on_msg(lambda _view, message, _buffers: knocked(message))
        self.lines.on_touch(self.safely(self._touched))

    def read(self, formula):
        """Record another formula with the present values; a bad one is explained, and nothing else changes."""
        try:
            recorded = trace_and_count(formula, self.values)
        except FormulaError as error:
            self.refused, self.status.value = True, _pointed(formula, error)
            return
        self._show_graph(*recorded)

    def _show_graph(self, recorded, folded):
        self.closed, self.opened, self.refused = recorded, set(), False
        self.words = _counted(len(tape(recorded)), folded)
        left_out = [name for name in self.values if name not in recorded.inputs]
        if left_out:
            self.words += " " + _("Not in this formula: {}.").format(", ".join(left_out))
        self._arrange()
        self.view.step = -1

    def _arrange(self):
        """Set up everything that depends on which layers are open, and show it."""
        self.graph, self.origins = self.closed.opened(self.opened)
        self.painter, self.steps = GraphRenderer(self.graph), tape(self.graph)
        doors = {step.variable: self._door(step.variable) for step in self.steps}
        self.view.doors = {self.graph.id(v): state for v, state in doors.items() if state}
        self.update()

    def _door(self, v):
        if self.origins[v] in self.opened:
            return "open"
        return "closed" if v.layer.is_composite else None

    def _knocked(self, message):
        """The browser asks to open a node or to close what it is a part of."""
        for action, change in (("open", self.opened.add), ("close", self.opened.discard)):
            for step in self.steps:
                if message.get(action) == self.graph.id(step.variable) and self._door(step.variable):
                    change(self.origins[step.variable])
                    self._arrange()
                    return

    def update(self, /, **values):
        """Set inputs by name, compute forward and backward, and show picture and steps."""
        used = {name: value for name, value in values.items() if name in self.graph.inputs}
        trouble = first_non_finite(self.graph, **used)  # computes forward and backward, and looks at all numbers
        self.values |= values
        self.view.svg = self.painter.svg()
        self._show_lines()
        if not self.refused:  # else it says what is wrong with what stands in the field
            self.status.value = f"<span>{escape(self.words + self._told_of(trouble))}</span>"

    def _told_of(self, trouble):
        """Say where numbers stop being finite: where the result is none, what backward sends is no gradient."""
        if trouble is None:
            return ""
        if np.isfinite(self.graph.output.value).all():
            return f" {trouble.sentence}"
        words = _("The result is no finite number here, so nothing that backward sends is a gradient.")
        return f" {trouble.sentence} {words}"

    # ------------------------------------------------------------ the list of steps

    def _touched(self, touch):
        if touch.hand == "press" and touch.item is not None:
            self.view.step = self.painter.times.forward[self.steps[int(touch.item)].variable]

    def _show_lines(self):
        now = self.view.step
        rows = [self._row(step, now) for step in self.steps]
        words = "; ".join(step.line for step in self.steps)
        self.lines.svg = listing(
            rows, (_("the tape: what was recorded"), _("value"), _("gradient")), _("List of steps"), words,
            (250.0, CELL, CELL),
        )  # fmt: skip

    def _row(self, step, now):
        """A line with its numbers, as far as the picture has come."""
        v, times = step.variable, self.painter.times
        forward, backward = times.forward[v], times.backward[v]
        last = now < 0 or now >= times.turn + len(times.backward)
        sign = "" if last else "▶" if now == forward else "◀" if now == backward else ""
        # The gradient of a value is complete when the node that made it runs backward.
        known = last or now >= backward
        return Row(
            step.line,
            (
                (_brief(v.value) if last or now >= forward else "·", "val"),
                (_brief(v.grad) if known and v.grad is not None else "·", "grad"),
            ),
            sign,
        )

    def snapshot(self):
        return stacked([self.view.svg, self.lines.svg])


def _counted(n, folded):
    """Say how many operations were recorded, and why those on bare numbers are not among them."""
    if n > 1:
        words = _("{n} operations were recorded.").format(n=n)
    else:
        words = _("1 operation was recorded.") if n else _("Nothing was recorded: this is an input as it is.")
    if folded == 1:
        words += " " + _("One more, on numbers alone, was worked out at once.")
    elif folded:
        words += " " + _("{n} more, on numbers alone, were worked out at once.").format(n=folded)
    return words


def _brief(value):
    return shape_text(value) or number(value)


def _checked_ranges(ranges, values):
    unknown = [name for name in ranges if name not in values or np.shape(values[name])]
    numbers = [name for name, value in values.items() if not np.shape(value)]
    if unknown and not numbers:
        raise ValueError(_("ranges names {got}, but no input is a number").format(got=", ".join(map(str, unknown))))
    if unknown:
        raise ValueError(
            _("ranges names {got}, but the inputs that are numbers are {known}").format(
                got=", ".join(map(str, unknown)), known=", ".join(numbers)
            )
        )
    return ranges


def _pointed(formula, error):
    """The formula with a mark under the place where it goes wrong."""
    text = " ".join(formula.splitlines())
    mark = " " * (error.column - 1) + "^"
    return (
        f'<pre style="margin:0;line-height:1.25" role="alert">{escape(text)}\n{escape(mark)}</pre>'
        f"<b>✗ {escape(str(error))}</b>"
    )
