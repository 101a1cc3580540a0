"""A formula to type: it runs once, is recorded, and stands there as a graph and as a list of steps."""

import ipywidgets
import numpy as np

from nbkit.drawing.graph.steps import brief
from nbkit.drawing.listing import Row, code_listing
from nbkit.drawing.markup import join, tag, truncated
from nbkit.graphtools.formula import FormulaError, trace_and_count
from nbkit.graphtools.non_finite import first_non_finite
from nbkit.graphtools.numpy_code import tape
from nbkit.messages import _, in_a_row, listed
from nbkit.widgets.graphs.expandable import ExpandableGraph
from nbkit.widgets.graphs.inputs import input_sliders, values_of
from nbkit.widgets.kit.graph_view import GraphView
from nbkit.widgets.kit.views import Html, SvgView

COLUMN_WIDTHS = (250.0, 90.0, 90.0)  # pixels at least, of code, values and gradients


class TraceLab(ExpandableGraph):
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
    status : Html
        What is wrong with the formula, if anything; then graph and steps stay those of the last good one.
    graph : Graph
        As it is shown now, with open layers written out.
    steps : list of Statement
    """

    def __init__(self, formula="x * y + tanh(x)", inputs=None, ranges=None):
        self.values = dict({"x": 2.0, "y": 3.0} if inputs is None else inputs)
        graph, self.folded = trace_and_count(formula, self.values)  # refuses bad inputs, before anything is made
        self.inputs = input_sliders(self.values, ranges)
        self.formula = ipywidgets.Text(formula, description=_("formula (Enter draws it)"), continuous_update=False)
        self.refusal, self.recorded = None, formula  # what is wrong with the text in the field; the last good one
        view, status, self.lines = GraphView(), Html(), SvgView(layout={"overflow": "auto"})
        super().__init__(graph, self.formula, status, *self.inputs.values(), view, self.lines, view=view, status=status)
        view.observe(self.safely(lambda _change: self._show_lines()), "step")
        self.lines.on_pointer(self.safely(self._clicked))

    def moved(self, change):
        if change.owner is self.formula:
            self.read(change.new)
        else:
            self.show()

    def read(self, formula):
        """Record another formula with the present values; a bad one is explained, and nothing else changes."""
        try:
            graph, folded = trace_and_count(formula, self.values)
        except FormulaError as error:
            self.refusal = _pointed(formula, error, self.recorded)
            self.say(self.refusal)
            return
        self.refusal, self.recorded, self.folded = None, formula, folded
        step = 0 if self.seen is not None else -1  # who has seen it all goes on so
        with self.view.hold_sync():
            self.take(graph)
            self.show()
            self.view.step, self.view.chosen = step, ""

    def rebuild(self):
        super().rebuild()
        self.steps = tape(self.graph)

    def compute(self):
        """Compute forward and backward with the values of the sliders, and look for what is not finite."""
        self.values |= values_of(self.inputs)
        used = {name: value for name, value in self.values.items() if name in self.graph.inputs}
        self.trouble = first_non_finite(self.graph, **used)

    def picture(self):
        self._show_lines()
        return self.renderer.picture()

    def sentence(self):
        return self.refusal or in_a_row(self._words())

    def _words(self):
        """Say what was recorded and what was not, and where numbers stop being finite."""
        n = len(tape(self.closed))
        if n > 1:
            yield _("{n} operations were recorded.").format(n=n)
        else:
            yield _("1 operation was recorded.") if n else _("Nothing was recorded: this is an input as it is.")
        if self.folded == 1:
            yield _("One more, on numbers alone, was worked out at once.")
        elif self.folded:
            yield _("{n} more, on numbers alone, were worked out at once.").format(n=self.folded)
        left_out = [name for name in self.values if name not in self.closed.inputs]
        if left_out:
            text = _("Not in {formula}: {names}.")  # something else may stand in the field by now
            yield text.format(formula=truncated(self.recorded), names=listed(left_out))
        if self.trouble is not None:
            yield self.trouble.told(self.renderer.names)
            if not np.isfinite(self.graph.output.value).all():
                yield _("The result is no finite number here, so nothing that backward sends is a gradient.")

    # ------------------------------------------------------------ the list of steps

    def _clicked(self, event):
        if event.kind == "press" and event.item is not None:
            self.view.step = self.renderer.times.forward[self.steps[int(event.item)].variable]

    def _show_lines(self):
        rows, words = [self._row(step) for step in self.steps], "; ".join(step.line for step in self.steps)
        heads = _("the tape: what was recorded"), _("value"), _("gradient")
        self.lines.svg = code_listing(rows, heads, _("List of steps"), words, COLUMN_WIDTHS)

    def _row(self, step):
        """Make a line with its numbers, as far as the picture has played."""
        v, times, now = step.variable, self.renderer.times, self.view.step
        forward, backward, end = times.forward[v], times.backward[v], times.turn + len(times.backward)
        now = now if 0 <= now < end else end
        sign = "▶" if now == forward else "◀" if now == backward else ""
        value = brief(v.value) if now >= forward else "·"
        # The gradient of a value is complete when the node that made it runs backward.
        gradient = brief(v.grad) if now >= backward and v.grad is not None else "·"
        return Row(step.line, ((value, "val"), (gradient, "grad")), sign)

    def snapshot(self):
        return self.lines.svg.below(self.still())


def _pointed(formula, error, recorded):
    """Show a formula with a mark under the place where it goes wrong, and say which one the picture still shows."""
    text, mark = " ".join(formula.splitlines()), " " * (error.column - 1) + "^"
    lines = tag("pre", f"{text}\n{mark}", style="margin:0;line-height:1.25", role="alert")
    still = _("The picture is still that of {formula}.").format(formula=truncated(recorded))
    return join([lines, tag("b", f"✗ {error}"), tag("div", still)])
