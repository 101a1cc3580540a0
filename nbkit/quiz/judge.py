"""Judges numbers typed into a quiz: each usual mistake is made on purpose, through the layers, and compared."""

import copy
import math
from collections import Counter
from itertools import combinations
from typing import NamedTuple

import numpy as np

from nbkit import layers
from nbkit.drawing.graph.scene import scene_of
from nbkit.drawing.graph.steps import argument_names, node_facts, schedule_of, slopes_in_words
from nbkit.formatting import number
from nbkit.messages import _
from nbkit.quiz.answer import LARGEST, is_near, matches, parse

LETTERS = ("xyz", "abc", "uvw", "pqr", "αβγ")  # for the inputs and the output of a rule: those that nothing is called

# By the number of their inputs: the operations that are taken for one another.
LOOKALIKES = {1: (layers.Exp, layers.Log, layers.Neg), 2: (layers.Add, layers.Sub, layers.Mul, layers.Div)}


class Blank(NamedTuple):
    """A number that the learner has to find.

    `kind` is "value" (above an edge), "gradient" (below it) or "sum" (in the node where a value fans out);
    `variable` is what has this value or sum, and for a gradient the node that sends it; `name` says it in words.
    """

    id: str
    kind: str
    variable: object
    edge: object
    name: str
    expected: float


class Verdict(NamedTuple):
    """What is said about an answer: `state` is "right", "wrong", "empty" or "revealed", `mistake` a diagnosis."""

    state: str
    text: str
    mistake: str = ""

    def __bool__(self):
        return self.state == "right"


class Mistake(NamedTuple):
    """A usual mistake, the number that it gives, and what to tell who made it."""

    name: str
    number: float
    text: str


@np.errstate(all="ignore")  # a mistake may well divide by 0
def computed(layer, inputs):
    """What a layer would compute from other inputs; NaN where it refuses them."""
    try:
        return float(copy.copy(layer).forward(*inputs))
    except (ArithmeticError, TypeError, ValueError):
        return math.nan


@np.errstate(all="ignore")
def sent(layer, inputs, dout, slot):
    """What a layer would send back to one of its inputs, for other numbers than its own; NaN where it refuses them."""
    twin = copy.copy(layer)  # the layer itself must not forget the numbers of the picture
    try:
        twin.forward(*inputs)
        dinputs = twin.backward(dout)
        return float((dinputs if isinstance(dinputs, tuple) else (dinputs,))[slot])
    except (ArithmeticError, IndexError, TypeError, ValueError):
        return math.nan


class Judge:
    """Knows the blanks of one quiz on the present numbers of a graph, and judges what is typed into them.

    Parameters
    ----------
    graph : Graph
        Of single numbers, after ``backward``. They must not change as long as the judge is asked.
    direction : "forward" or "backward"
        Whether values or gradients are asked.

    Attributes
    ----------
    blanks : dict of str to Blank
        In the order in which they can be computed.
    """

    def __init__(self, graph, direction):
        self.graph, self.scene = graph, scene_of(graph)
        self.edges = [edge for edge in self.scene.edges if not isinstance(edge.source, tuple)]
        self.labels = {node.id: " ".join(node.lines) or _("the end") for node in self.scene.nodes}
        self.names = self._name_edges()
        blanks = self._values() if direction == "forward" else self._gradients()
        self.blanks = {blank.id: blank for blank in blanks}

    # ------------------------------------------------------------ what is asked

    def _values(self):
        for v in self.graph.variables:
            if v.layer is not None:
                edge = self.leaving(v)[0]
                name = _("value on the edge {}").format(self.names[edge.id])
                yield Blank(self.graph.id(v), "value", v, edge, name, float(v.value))

    def _gradients(self):
        times = schedule_of(self.graph)
        for v in times.backward:
            for edge in self.edges:
                if edge.target is v and edge.gradient is not None:
                    name = _("gradient on the edge {}").format(self.names[edge.id])
                    yield Blank(edge.id, "gradient", v, edge, name, float(edge.gradient))
            for i, _n in times.fan_outs.get(v, ()):
                if i.grad is not None:
                    name = _("sum of the gradients that meet at {}").format(self.long_label(i))
                    yield Blank(self._sum_id(i), "sum", i, None, name, float(i.grad))

    def leaving(self, v):
        """The edges that carry the value of `v`."""
        return [edge for edge in self.edges if edge.source is v]

    def _sum_id(self, v):
        return f"{self.graph.id(v)}.sum"

    def _gradient_id(self, v):
        """Where the gradient stands that arrives at `v`: on its only edge, or in the node as a sum."""
        edges = self.leaving(v)
        return edges[0].id if len(edges) == 1 else self._sum_id(v)

    def shares(self, v):
        """The gradients that come back along the edges of `v`."""
        return [float(edge.gradient) for edge in self.leaving(v) if edge.gradient is not None]

    # ------------------------------------------------------------ in words

    def _name_edges(self):
        """Name every edge by its ends, in as many words as it takes to tell it from all others."""
        between = _("from {tail} to {head}")
        ordinals = (_("first"), _("second"), _("third"))
        spellings = (
            lambda e: between.format(tail=self.labels[e.tail], head=self.labels[e.head]),
            lambda e: between.format(tail=self.long_label(e.source), head=self.labels[e.head]),
            lambda e: between.format(tail=self.long_label(e.source), head=self.long_label(e.target)),
            lambda e: _("{edge} as its {nth} input").format(
                edge=between.format(tail=self.long_label(e.source), head=self.long_label(e.target)),
                nth=ordinals[e.slot] if e.slot < len(ordinals) else e.slot + 1,
            ),
        )
        names = {}
        for spell in spellings:
            texts = {edge.id: spell(edge) for edge in self.edges if edge.id not in names}
            counts = Counter(texts.values())
            names |= {id_: text for id_, text in texts.items() if counts[text] == 1}
        return texts | names

    def long_label(self, v):
        """What stands in the node of `v`, and for an operation also what it takes: ``× (apple, count)``."""
        if v is None:
            return self.labels["end"]
        taken = ", ".join(self.labels[edge.tail] for edge in self.edges if edge.target is v)
        label = self.labels.get(self.graph.id(v)) or number(v.value)  # a number may be written into another node
        return f"{label} ({taken})" if taken else label

    def node(self, v):
        """Name a node for a sentence: ``the × that takes apple and count``."""
        taken = [self.labels[edge.tail] for edge in self.edges if edge.target is v]
        *most, last = taken or [_("constants only")]
        listed = _("{some} and {last}").format(some=", ".join(most), last=last) if most else last
        return _("the {symbol} that takes {inputs}").format(symbol=self.labels[self.graph.id(v)], inputs=listed)

    # ------------------------------------------------------------ the verdict

    def verdict(self, blank, text, answers):
        """Judge `text` as an answer for `blank`.

        Parameters
        ----------
        blank : Blank
        text : str
            What was typed, whatever it is.
        answers : dict of str to float
            Wrong numbers that stand in other boxes, by the id of the blank.

        Returns
        -------
        Verdict
        """
        try:
            answer = parse(text)
        except ValueError as error:
            return Verdict("wrong" if str(text).strip() else "empty", str(error), "not a number")
        if self.is_right(blank, answer):
            return Verdict("right", _("Right: {}.").format(blank.name))
        for mistake in (*self._from_others(blank, text, answers), *self.mistakes(blank)):
            if matches(answer, mistake.number):
                return Verdict("wrong", mistake.text, mistake.name)
        if is_near(answer, blank.expected):
            return Verdict("wrong", _("Close, but rounded too much: give four digits."), "rounding")
        return Verdict("wrong", self._unknown(blank), "unknown")

    def is_right(self, blank, answer):
        """Right is the exact number, and what follows from the numbers of the picture, rounded as they are shown."""
        fair = self._around(blank, lambda _id, true: parse(number(true)) if abs(true) < LARGEST else true)
        return matches(answer, blank.expected) or (is_near(fair, blank.expected) and matches(answer, fair))

    def _is_right_text(self, blank, text):
        try:
            return self.is_right(blank, parse(text))
        except ValueError:
            return False

    def _around(self, blank, look):
        """Compute a blank from the numbers around it, as ``look(id, true number)`` gives them."""
        v = blank.variable
        if blank.kind == "sum":
            shares = [edge for edge in self.leaving(v) if edge.gradient is not None]
            return sum(look(edge.id, float(edge.gradient)) for edge in shares)
        inputs = [look(self.graph.id(i), float(i.value)) for i in v.inputs]
        if blank.kind == "value":
            return computed(v.layer, inputs)
        return sent(v.layer, inputs, look(self._gradient_id(v), float(v.grad)), blank.edge.slot)

    def _from_others(self, blank, text, answers):
        """Mistakes that lie outside of this box: in the way of writing, or in a box that comes before."""
        if "," in str(text) and self._is_right_text(blank, str(text).replace(",", "")):
            yield Mistake("comma", parse(text), _("Leave the comma out: here it is read as a decimal point."))
        here = {id_: wrong for id_, wrong in answers.items() if id_ != blank.id}
        carried = self._around(blank, lambda id_, true: here.get(id_, true))
        said = _("This follows from another number that you typed, but that one is not right yet. Mend it first.")
        yield Mistake("carried", carried, said)

    def _unknown(self, blank):
        node = self.node(blank.variable) if blank.kind != "sum" else ""
        return {
            "value": _("Not right yet. Compute what {node} makes of its inputs; a hint tells more."),
            "gradient": _("Not right yet. Multiply the gradient from the right of {node} by its local derivative."),
            "sum": _("Not right yet. Add all gradients that come back to this value."),
        }[blank.kind].format(node=node)

    # ------------------------------------------------------------ the usual mistakes, most specific first

    def mistakes(self, blank):
        """List the usual mistakes at a blank, the most specific first."""
        kinds = {"value": self._value_mistakes, "gradient": self._gradient_mistakes, "sum": self._sum_mistakes}
        found = [*kinds[blank.kind](blank)]
        found.append(
            Mistake(
                "sign", -blank.expected, _("The size is right, but the sign is turned. Is there a minus on the way?")
            )
        )
        for other in self.blanks.values():
            if other.id != blank.id:
                text = _("This number belongs elsewhere: {}.").format(other.name)
                found.append(Mistake("wrong place", other.expected, text))
        return found

    def _value_mistakes(self, blank):
        v, node = blank.variable, self.node(blank.variable)
        inputs = [float(i.value) for i in v.inputs]
        if len(inputs) == 2:
            text = _("The two inputs are swapped: at {} it matters which one comes first.").format(node)
            yield Mistake("order", computed(v.layer, inputs[::-1]), text)
        for kind in LOOKALIKES.get(len(inputs), ()):
            if type(v.layer) is not kind:
                text = _("Another operation gives this: you used {other}, but asked is {node}.")
                yield Mistake("operation", computed(kind(), inputs), text.format(other=kind.symbol, node=node))
        text = _("Something was left out: that is an input as it came, but {} uses all that it takes.").format(node)
        for i, value in zip(v.inputs, inputs, strict=True):
            if not i.constant:
                yield Mistake("forgot an input", value, text)
        if v.grad is not None:
            text = _("That is a gradient. Asked is the value: what {} makes of its inputs.").format(node)
            yield Mistake("gradient", float(v.grad), text)

    def _gradient_mistakes(self, blank):
        v, slot, node = blank.variable, blank.edge.slot, self.node(blank.variable)
        inputs, dout = [float(i.value) for i in v.inputs], float(v.grad)
        slope = sent(v.layer, inputs, 1.0, slot)
        yield from self._meeting_mistakes(v, node, lambda arriving: sent(v.layer, inputs, arriving, slot))
        text = _("You forgot to multiply by the gradient from the right: this is only the local derivative of {}.")
        yield Mistake("forgot the right", slope, text.format(node))
        if type(v.layer) is layers.Mul:
            text = _("This is the wrong input: {} multiplies by the other one, not by the value on this edge itself.")
            yield Mistake("own input", sent(v.layer, inputs[::-1], dout, slot), text.format(node))
        elif len(inputs) == 2:
            text = _("The two inputs are swapped: at {} it matters which one comes first.").format(node)
            yield Mistake("order", sent(v.layer, inputs[::-1], dout, slot), text)
        text = _("You passed the gradient from the right on unchanged: {} also has a local derivative.").format(node)
        if slope != -1:  # there the sign is what is missing
            yield Mistake("unchanged", dout, text)
        text = _("You added where the path multiplies: at {}, gradient from the right times local derivative.")
        yield Mistake("added", dout + slope, text.format(node))
        for kind in LOOKALIKES.get(len(inputs), ()):
            if type(v.layer) is not kind:
                text = _("You used the rule of {other}, but this is {node}.").format(other=kind.symbol, node=node)
                yield Mistake("rule", sent(kind(), inputs, dout, slot), text)
        text = _("That is the value above the edge. Asked is the gradient that {} sends back along it.").format(node)
        yield Mistake("value", float(blank.edge.value), text)

    def _meeting_mistakes(self, v, node, onward):
        """Where the output of a node fans out: what it would send on without adding all that comes back."""
        shares = self.shares(v)
        if len(shares) < 2:
            return
        text = _("One path is missing: {n} gradients come back to {node}. Add them first, then go on.")
        for part in parts(shares):
            yield Mistake("missing path", onward(sum(part)), text.format(n=len(shares), node=node))
        text = _("The gradients that come back to {} were multiplied. Where paths meet, add them; then go on.")
        yield Mistake("multiplied paths", onward(math.prod(shares)), text.format(node))

    def _sum_mistakes(self, blank):
        shares, name = self.shares(blank.variable), self.long_label(blank.variable)
        text = _("A path is missing: {n} gradients come back to {name}, and its gradient is the sum of all of them.")
        for part in parts(shares):
            yield Mistake("missing path", sum(part), text.format(n=len(shares), name=name))
        text = _("You multiplied the gradients that meet at {}. Each path does its own share: add them.").format(name)
        yield Mistake("multiplied paths", math.prod(shares), text)
        text = _("That is the value of {}. Asked is the sum of the gradients that come back to it.").format(name)
        yield Mistake("value", float(blank.variable.value), text)

    def ambiguity(self):
        """Say how unlucky the present numbers are; smaller is better.

        Returns
        -------
        unnoticed : int
            Mistakes that would give the right number.
        blurred : int
            Mistakes that would be taken for another one, and numbers that are long to type.
        """
        unnoticed = blurred = 0
        for blank in self.blanks.values():
            names = {}
            for mistake in filter(lambda m: math.isfinite(m.number), self.mistakes(blank)):
                unnoticed += matches(mistake.number, blank.expected)
                key = number(mistake.number)
                blurred += names.setdefault(key, mistake.name) != mistake.name
            text = number(blank.expected)
            blurred += 5 * (len(text) > 6 or not math.isclose(parse(text), blank.expected, rel_tol=1e-9))
        return unnoticed, blurred

    # ------------------------------------------------------------ hints

    @np.errstate(all="ignore")
    def hint(self, blank, level, hidden):
        """Help with a blank: level 1 tells the rule, level 2 puts the numbers in and leaves the work to do.

        Parameters
        ----------
        blank : Blank
        level : 1 or 2
        hidden : collection of str
            Ids of the blanks whose numbers are not known yet: a ``?`` stands for them.
        """
        help_ = {"value": self._value_hint, "gradient": self._gradient_hint, "sum": self._sum_hint}[blank.kind]
        return help_(blank, level, lambda id_, value: "?" if id_ in hidden else bracket(value))

    def _value_hint(self, blank, level, show):
        v = blank.variable
        if level == 1:
            return self._rule(v, _("the output is {formula}"))
        shown = [show(self.graph.id(i), i.value) for i in v.inputs]
        words = dict(zip(argument_names(v.layer), shown, strict=False))
        return _("With the numbers put in: {}").format(v.layer.formula.format(**words) or ", ".join(shown))

    def _gradient_hint(self, blank, level, show):
        v, slot = blank.variable, blank.edge.slot
        if level == 1:
            text = _("for {formula}, what goes back to {x} is the gradient from the right × {slope}")
            return self._rule(v, text, slot)
        inputs = [float(i.value) for i in v.inputs]
        slope = (
            slopes_in_words(v)[slot]
            if v.layer.local_derivatives
            else _("the local derivative {}").format(bracket(sent(v.layer, inputs, 1.0, slot)))
        )
        dout = show(self._gradient_id(v), v.grad)
        return _("With the numbers put in: gradient {dout} from the right × {slope}").format(dout=dout, slope=slope)

    def _sum_hint(self, blank, level, show):
        edges = [edge for edge in self.leaving(blank.variable) if edge.gradient is not None]
        if level == 1:
            text = _("{name} is used {n} times. Its gradient is the sum of what comes back along all of its edges.")
            return text.format(name=self.long_label(blank.variable), n=len(edges))
        return _("With the numbers put in: {}").format(" + ".join(show(edge.id, edge.gradient) for edge in edges))

    def _rule(self, v, text, slot=None):
        """The rule of a node, and who is who in it; a layer without words of its own has its documentation."""
        layer, names = v.layer, argument_names(v.layer)
        if not layer.formula or (slot is not None and not layer.local_derivatives):
            return _("Rule of {node}: {text}").format(node=self.node(v), text=" ".join(node_facts(v)[1:2]))
        free = next((three for three in LETTERS if not set(three) & set(self.labels.values())), LETTERS[-1])
        letters = dict(zip((*names, "out"), free, strict=False)) | {"slope": ""}
        told = {"formula": layer.formula.format(**letters)}
        if slot is not None:
            told |= {"x": letters[names[slot]], "slope": layer.local_derivatives[slot].format(**letters).strip()}
        pairs = zip(free, v.inputs, strict=False)
        who = ", ".join(_("{letter} is {name}").format(letter=a, name=self.long_label(i)) for a, i in pairs)
        return _("Rule of {node}: {text}. Here {who}.").format(node=self.node(v), text=text.format(**told), who=who)


def parts(shares):
    """All choices of some, but not all, of the gradients that meet; of many only the likely ones."""
    sizes = range(1, len(shares)) if len(shares) <= 4 else (1, len(shares) - 1)
    return [part for size in sizes for part in combinations(shares, size)]


def bracket(value):
    """A number with four digits, in brackets if it is below zero."""
    text = number(value)
    return f"({text})" if text.startswith("−") else text
