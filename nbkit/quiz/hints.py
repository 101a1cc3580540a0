"""Help with a blank of a quiz: the rule, then the rule with the numbers put in."""

import numpy as np

from nbkit.drawing.graph.steps import argument_names, node_facts, slopes_in_words
from nbkit.formatting import number
from nbkit.messages import _
from nbkit.quiz.judge import sent

LETTERS = ("xyz", "abc", "uvw", "pqr", "αβγ")  # for inputs and output of a rule: the first that are no labels


@np.errstate(all="ignore")
def hint(questions, blank, level, hidden):
    """Return the rule of a blank (level 1), or the rule with numbers (level 2), ``?`` for those with `hidden` ids."""
    help_ = {"value": _value_hint, "gradient": _gradient_hint, "sum": _sum_hint}[blank.kind]
    return help_(questions, blank, level, lambda id_, value: "?" if id_ in hidden else bracket(value))


def _value_hint(questions, blank, level, show):
    v = blank.variable
    if level == 1:
        return _rule(questions, v, _("Rule of {node}: the output is {formula}. Here {who}."))
    shown = [show(questions.graph.id(i), i.value) for i in v.inputs]
    words = dict(zip(argument_names(v.layer), shown, strict=False))
    return _("With the numbers put in: {}").format(_(v.layer.formula).format(**words) or ", ".join(shown))


def _gradient_hint(questions, blank, level, show):
    v, slot = blank.variable, blank.edge.slot
    if level == 1:
        text = _(
            "Rule of {node}: for {formula}, what goes back to {x} is the gradient from the right × {slope}. Here {who}."
        )
        return _rule(questions, v, text, slot)
    inputs = [float(i.value) for i in v.inputs]
    slope = (
        slopes_in_words(v)[slot]
        if v.layer.local_derivatives
        else _("the local derivative {}").format(bracket(sent(v.layer, inputs, 1.0, slot)))
    )
    dout = show(questions.gradient_id(v), v.grad)
    return _("With the numbers put in: gradient {dout} from the right × {slope}").format(dout=dout, slope=slope)


def _sum_hint(questions, blank, level, show):
    edges = [edge for edge in questions.leaving(blank.variable) if edge.gradient is not None]
    if level == 1:
        text = _("{name} is used {n} times. Its gradient is the sum of what comes back along all of its edges.")
        return text.format(name=questions.long_label(blank.variable), n=len(edges))
    return _("With the numbers put in: {}").format(" + ".join(show(edge.id, edge.gradient) for edge in edges))


def _rule(questions, v, text, slot=None):
    """Fill `text` with the rule of a node and what its letters mean; else quote the layer's documentation."""
    layer, names = v.layer, argument_names(v.layer)
    if not layer.formula or (slot is not None and not layer.local_derivatives):
        return _("Rule of {node}: {text}").format(node=questions.node(v), text=node_facts(v).rule)
    free = next((three for three in LETTERS if not set(three) & set(questions.labels.values())), LETTERS[-1])
    letters = dict(zip((*names, "out"), free, strict=False)) | {"slope": ""}
    words = {"node": questions.node(v), "formula": _(layer.formula).format(**letters)}
    if slot is not None:
        words |= {"x": letters[names[slot]], "slope": _(layer.local_derivatives[slot]).format(**letters).strip()}
    pairs = zip(free, v.inputs, strict=False)
    who = ", ".join(_("{letter} is {name}").format(letter=a, name=questions.long_label(i)) for a, i in pairs)
    return text.format(who=who, **words)


def bracket(value):
    """A number with four digits, in brackets if it is below zero."""
    text = number(value)
    return f"({text})" if text.startswith("−") else text
