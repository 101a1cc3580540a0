"""Judges numbers typed into a quiz: each usual mistake is made on purpose, through the layers, and compared."""

import copy
import math
from itertools import combinations
from typing import NamedTuple

import numpy as np

from nbkit import layers
from nbkit.formatting import number
from nbkit.messages import _
from nbkit.quiz.answer import MAX_ANSWER, is_near, matches, parse, parse_or_nan
from nbkit.quiz.questions import Questions

# By the number of their inputs: the operations that are taken for one another.
LOOKALIKES = {1: (layers.Exp, layers.Log, layers.Neg), 2: (layers.Add, layers.Sub, layers.Mul, layers.Div)}


class Verdict(NamedTuple):
    """What is said about an answer: `state` is "right", "wrong", "empty" or "revealed", `mistake` a diagnosis."""

    state: str
    text: str
    mistake: str = ""

    def __bool__(self):
        return self.state == "right"


class Mistake(NamedTuple):
    """A usual mistake, the number that it gives, and its diagnosis."""

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


class Judge(Questions):
    """Judges what is typed into the blanks of one quiz."""

    def verdict(self, blank, text, answers):
        """Return a `Verdict` on `text`, whatever it is; `answers` are wrong numbers in other boxes, by their ids."""
        try:
            answer = parse(text)
        except ValueError as error:
            return Verdict("wrong" if str(text).strip() else "empty", str(error), "not a number")
        if self.is_right(blank, answer):
            return Verdict("right", _("Right: {}.").format(blank.name))
        if "," in str(text) and self.is_right(blank, parse_or_nan(str(text).replace(",", ""))):
            return Verdict("wrong", _("Leave the comma out: here it is read as a decimal point."), "comma")
        for mistake in (self._carried(blank, answers), *self.mistakes(blank)):
            if matches(answer, mistake.number):
                return Verdict("wrong", mistake.text, mistake.name)
        if is_near(answer, blank.expected):
            return Verdict("wrong", _("Close, but rounded too much: give four digits."), "rounding")
        return Verdict("wrong", self._unknown(blank), "unknown")

    def is_right(self, blank, answer):
        """Right is the exact number, and what follows from the numbers of the picture, rounded as they are shown."""
        fair = self._around(blank, lambda _id, true: parse(number(true)) if abs(true) < MAX_ANSWER else true)
        return matches(answer, blank.expected) or (is_near(fair, blank.expected) and matches(answer, fair))

    def _around(self, blank, look):
        """Compute a blank from the numbers around it, as ``look(id, true number)`` gives them."""
        v = blank.variable
        if blank.kind == "sum":
            edges = [edge for edge in self.leaving(v) if edge.gradient is not None]
            return sum(look(edge.id, float(edge.gradient)) for edge in edges)
        inputs = [look(self.graph.id(i), float(i.value)) for i in v.inputs]
        if blank.kind == "value":
            return computed(v.layer, inputs)
        return sent(v.layer, inputs, look(self.gradient_id(v), float(v.grad)), blank.edge.slot)

    def _carried(self, blank, answers):
        """The mistake that was made in a box that comes before this one."""
        here = {id_: wrong for id_, wrong in answers.items() if id_ != blank.id}
        carried = self._around(blank, lambda id_, true: here.get(id_, true))
        said = _("This follows from another number that you typed, but that one is not right yet. Mend it first.")
        return Mistake("carried", carried, said)

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
        gradients = self.edge_gradients(v)
        if len(gradients) < 2:
            return
        text = _("One path is missing: {n} gradients come back to {node}. Add them first, then go on.")
        for part in parts(gradients):
            yield Mistake("missing path", onward(sum(part)), text.format(n=len(gradients), node=node))
        text = _("The gradients that come back to {} were multiplied. Where paths meet, add them; then go on.")
        yield Mistake("multiplied paths", onward(math.prod(gradients)), text.format(node))

    def _sum_mistakes(self, blank):
        gradients, name = self.edge_gradients(blank.variable), self.long_label(blank.variable)
        text = _("A path is missing: {n} gradients come back to {name}, and its gradient is the sum of all of them.")
        for part in parts(gradients):
            yield Mistake("missing path", sum(part), text.format(n=len(gradients), name=name))
        text = _("You multiplied the gradients that meet at {}. Each path does its own share: add them.").format(name)
        yield Mistake("multiplied paths", math.prod(gradients), text)
        text = _("That is the value of {}. Asked is the sum of the gradients that come back to it.").format(name)
        yield Mistake("value", float(blank.variable.value), text)

    def ambiguity(self):
        """Count mistakes that give the right number, and those taken for another one or numbers long to type."""
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


def parts(gradients):
    """All choices of some, but not all, of the gradients that meet; of many only the likely ones."""
    sizes = range(1, len(gradients)) if len(gradients) <= 4 else (1, len(gradients) - 1)
    return [part for size in sizes for part in combinations(gradients, size)]
