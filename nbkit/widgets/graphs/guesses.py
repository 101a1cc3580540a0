"""What a player asks before each backward step, and what is said about the answers."""

import math

from nbkit.drawing.graph.steps import targets_of
from nbkit.messages import _, shortened
from nbkit.quiz.answer import parse_or_nan
from nbkit.quiz.inputs import refuse_what_cannot_be_asked
from nbkit.quiz.judge import Judge


def can_be_asked(graph):
    """Tell whether a graph is one of single numbers, without parameters."""
    try:
        refuse_what_cannot_be_asked(graph)
    except ValueError:
        return False
    return True


class Guesses:
    """The questions about one graph and its present numbers.

    Parameters
    ----------
    graph : Graph
        That `can_be_asked`, after ``backward``.
    renderer : GraphRenderer
        Of this graph: what its sentences call the nodes, the questions call them, too.

    Attributes
    ----------
    given : dict of str to dict
        The answers, as a `GraphView` shows them.
    """

    def __init__(self, graph, renderer):
        self.judge, self.renderer, self.given = Judge(graph, "backward"), renderer, {}

    def by_step(self):
        """Return the questions before each backward step, by its number: an id, and what stands before its field."""
        times, asked = self.renderer.times, {}
        for v, step in times.backward.items():
            complete = [i for i, _n in times.fan_outs.get(v, ())]
            for blank in self.judge.blanks.values():
                if (blank.variable in complete) if blank.kind == "sum" else blank.variable is v:
                    asked.setdefault(str(step), []).append([blank.id, self._label(blank)])
        return asked

    def _label(self, blank):
        names = self.renderer.names
        if blank.kind == "sum":
            return _("sum at {name}").format(name=names[blank.variable])
        return _("to {name}").format(name=targets_of(blank.variable, names)[blank.edge.slot])

    def answer(self, id_, text):
        """Judge what was typed in answer to a question, by its id, and note it in `given`."""
        if id_ not in self.judge.blanks:
            raise ValueError(_("there is no question {}").format(shortened(repr(id_), 40)))
        wrong = {other: parse_or_nan(guess["text"]) for other, guess in self.given.items() if guess["state"] == "wrong"}
        wrong = {other: x for other, x in wrong.items() if not math.isnan(x)}
        verdict = self.judge.verdict(self.judge.blanks[id_], text, wrong)
        self.given = self.given | {id_: {"text": text, "state": verdict.state, "said": verdict.text}}
        return verdict
