"""A graph whose inputs move, that plays step by step, whose layers open and whose edges can be nudged."""

from collections import Counter

import ipywidgets
import numpy as np

from nbkit.checks import one_of, whole
from nbkit.formatting import number
from nbkit.graph import graph_of
from nbkit.messages import _
from nbkit.quiz.answer import parse
from nbkit.widgets.graphs.expandable import ExpandableGraph
from nbkit.widgets.graphs.guesses import Guesses, can_be_asked
from nbkit.widgets.graphs.inputs import input_sliders, values_of
from nbkit.widgets.kit.explorer import dropdown, row
from nbkit.widgets.kit.graph_view import GraphView
from nbkit.widgets.kit.views import Html

# What came of a nudge: of a line with one number, or of all numbers of an array.
ONE_EXACT = _("The output changes by {change}. The gradient says {expected} (gradient × ε): exactly that.")
ONE_BENT = _(
    "The output changes by {change}. The gradient says {expected} (gradient × ε): off by {rest}, "
    "because the function bends. A smaller ε is off by less."
)
ALL_EXACT = _(
    "ε is added to all {n} numbers of this line at once. The output changes by {change}. "
    "The gradients say {expected} (their sum × ε): exactly that."
)
ALL_BENT = _(
    "ε is added to all {n} numbers of this line at once. The output changes by {change}. "
    "The gradients say {expected} (their sum × ε): off by {rest}, because the function bends. "
    "A smaller ε is off by less."
)


class GraphExplorer(ExpandableGraph):
    """Sliders on the inputs of a graph, its picture that plays step by step, and a row to nudge an edge.

    Where all values are single numbers the player asks, if it is told to, for what each node sends back before it
    does.

    Parameters
    ----------
    graph : Graph or Variable
        Of numbers or batches. Its layers may be opened and closed in the picture.
    ranges : dict of str to (low, high, step), optional
        For the sliders, by input name. Where left out: from 0 to twice the value (from -1 to 1 for 0).
    gradients : bool
        Also carry gradients back and show them, and offer the nudge.
    step : int, "turn" or "end"
        Where the player opens: 0 before any node has run, "turn" where backward begins, "end" with all numbers.

    Attributes
    ----------
    graph : Graph
        As it is shown now, with open layers written out.
    inputs : dict of str to FloatSlider
        One for each named input that is a number.
    view : GraphView
    edge, eps, verdict : widgets
        The nudge: which edge, by how much (text such as "0.01" or "1/2"), and what came of it.

    Raises
    ------
    ValueError
        If `ranges` names no input or leaves its value out, or there is no such step.
    """

    def __init__(self, graph, ranges=None, gradients=True, step=0):
        graph = graph_of(graph, "GraphExplorer")
        self.inputs = input_sliders({name: v.value for name, v in graph.inputs.items()}, ranges)
        self.gradients = gradients
        self.edge = dropdown(_("nudge"), [])
        self.eps = ipywidgets.Text("0.01", description=_("by ε ="))  # a box for numbers would hide what is none
        self.eps.add_class("nbkit-short")
        view, self.verdict = GraphView(), Html()
        nudge = row(self.edge, self.eps, self.verdict)
        nudge.layout.display = None if gradients else "none"
        super().__init__(graph, *self.inputs.values(), view, nudge, view=view, status=self.verdict)
        view.step = self._first_step(step)
        self.say(self.sentence())
        view.observe(self.safely(lambda _change: self.say(self.sentence())), "step")
        view.on_guess(self.safely(self.guess))

    def _first_step(self, step):
        times = self.renderer.times
        if isinstance(step, str):
            one_of("step", step, ("turn", "end") if self.gradients else ("end",))
            return times.turn if step == "turn" else -1
        return whole("step", step, 0, times.turn + len(times.backward) if self.gradients else times.turn - 1)

    def rebuild(self):
        super().rebuild()
        self.compute()  # which edges carry a gradient, backward tells
        edges = [edge for edge in self.renderer.scene.edges if edge.target is not None and edge.slot >= 0]
        self.edges = {edge.id: edge for edge in edges if self.gradients and edge.gradient is not None}
        with self.quietly():
            self._offer(self._edge_names())
        self.guesses = Guesses(self.graph, self.renderer) if self.gradients and can_be_asked(self.graph) else None
        self.view.questions = self.guesses.by_step() if self.guesses else {}

    def _offer(self, names):
        """Let an edge be chosen by its name; the old one stays, or one that begins where it did."""
        old = self.edge.label or ""
        tail = old.partition(" → ")[0]
        same = [name for name in names if name == old] or [name for name in names if name.partition(" → ")[0] == tail]
        self.edge.options = list(names.items())
        self.edge.value = names[same[0]] if same else next(iter(names.values()), None)

    def _edge_names(self):
        """Name each edge by its two ends; those that share both are counted."""
        nodes = {node.id: " ".join(node.lines) for node in self.renderer.scene.nodes}
        names = {id_: f"{nodes[edge.tail]} → {nodes[edge.head]}" for id_, edge in self.edges.items()}
        alike, seen = Counter(names.values()), Counter()
        for id_, name in names.items():
            if alike[name] > 1:
                seen[name] += 1
                names[id_] = _("{edge}, no. {number}").format(edge=name, number=seen[name])
        return {name: id_ for id_, name in names.items()}

    def compute(self):
        """Run forward with the values of the sliders, and backward."""
        self.graph.forward(**values_of(self.inputs))
        if self.gradients:
            self.graph.backward()

    def show(self):
        super().show()
        if self.guesses and self.guesses.given:  # they were about other numbers
            self.guesses = Guesses(self.graph, self.renderer)
            self.view.guesses = {}

    def guess(self, id_, text):
        """Judge the answer to a question of the player; return a `Verdict`."""
        if self.guesses is None:
            raise ValueError(_("nothing is asked about this graph"))
        verdict = self.guesses.answer(id_, text)
        self.view.guesses = self.guesses.given
        return verdict

    def picture(self):
        return self.renderer.picture(gradients=self.gradients)

    def still(self):
        return self.renderer.picture(gradients=self.gradients, step=self.seen)

    def sentence(self):
        """Compare what a nudge does to the output with what the gradient of the edge says."""
        edge = self.edges.get(self.edge.value)
        if edge is None:
            return ""
        try:
            eps = parse(self.eps.value)
        except ValueError as error:
            return _("✗ ε: {error}").format(error=error)
        if not eps:
            return _("With ε = 0 nothing is nudged: type another number, such as 0.01.")
        if self.seen is not None and self.seen < self.renderer.times.backward[edge.target]:
            return _("Play on: as soon as this line has its gradient, the nudge is compared with it.")
        change = self.graph.nudge(edge.target, edge.slot, eps)
        expected = float((edge.gradient * eps).sum())
        size = float(np.abs(self.graph.output.value).max())
        change = change if abs(change) > 1e-15 * size else 0.0  # the last digit of the output is no answer
        rest = change - expected if abs(change - expected) > 1e-10 * size else 0.0
        n = np.size(edge.gradient)
        text = (ONE_BENT if rest else ONE_EXACT) if n == 1 else (ALL_BENT if rest else ALL_EXACT)
        return text.format(change=number(change), expected=number(expected), rest=number(rest), n=n)
