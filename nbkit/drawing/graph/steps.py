"""The steps of a graph, forward and backward: what happens in each, in a sentence, and what holds for each node."""

import inspect
from collections import Counter
from functools import cache
from typing import NamedTuple

import numpy as np

from nbkit.drawing.graph.scene import given_names
from nbkit.drawing.markup import truncated
from nbkit.formatting import number, shape_text
from nbkit.messages import _


class Schedule(NamedTuple):
    """When each thing happens."""

    forward: dict  # of Variable to int: the step in which the layer that made it runs forward
    backward: dict  # the one in which that layer runs backward
    turn: int  # the step between the two passes, in which a gradient is put at the output
    fan_outs: dict  # for the node whose backward completes it: each value that several edges carry, and their number


def schedule_of(graph):
    """Give every node of `graph` its steps: forward in topological order, then backward in the opposite one."""
    made = [v for v in graph.variables if v.layer is not None]
    turn = len(made) + 1
    forward = {v: step for step, v in enumerate(made, 1)}
    backward = {v: turn + step for step, v in enumerate(reversed(made), 1)}
    edges = Counter(i for v in made for i in v.inputs if not i.constant)
    last = {i: v for v in backward for i in v.inputs}  # later steps overwrite earlier ones
    fan_outs = {}
    for i, n in edges.items():
        if n > 1:
            fan_outs.setdefault(last[i], []).append((i, n))
    return Schedule(forward, backward, turn, fan_outs)


def sentences(graph, times):
    """Say what happens in each step, from 0, the inputs alone, to the last that has numbers."""
    steps = [_("The inputs have their values; no node has run yet."), *map(forward_sentence, times.forward)]
    if graph.output.grad is not None:
        steps.append(_("The output's gradient with respect to itself is {}.").format(brief(graph.output.grad)))
        with np.errstate(all="ignore"):  # an infinite number is shown, not warned of
            steps += ["; ".join([backward_sentence(v), *_sums(v, times)]) for v in times.backward]
    return steps


def brief(value):
    """A number with four digits, or the shape of an array."""
    return shape_text(value) or number(value)


def title(v):
    """Symbol of the node that made `v`, in one line, with the name of its layer."""
    symbol = (v.layer.symbol or type(v.layer).__name__).replace("\n", " ")
    return " ".join([symbol, *map(truncated, given_names(v.layer))])


def forward_sentence(v):
    """Say what the node that made `v` computed: ``×: 100 × 2 = 200``."""
    if v.shape or not v.layer.formula:
        inputs = ", ".join(brief(i.value) for i in v.inputs)
        return f"{title(v)}: {inputs} → {brief(v.value)}"
    return f"{title(v)}: {v.layer.formula.format(**_numbers(v))} = {number(v.value)}"


def backward_sentence(v):
    """Say what the node sent back: ``×: gradient 1.1 from the right × the other input 2 = 2.2``, for each input."""
    if v.grad is None:  # a layer of the learner's to the right of it has sent nothing
        return _("{node}: no gradient comes from the right").format(node=title(v))
    sent = [(i, d) for i, d in zip(v.inputs, v.dinputs, strict=False) if d is not None]
    if not _has_numbers(v) or len(sent) < len(v.inputs):
        sent = ", ".join(brief(d) for i, d in sent if not i.constant)
        return _("{node}: gradient {dout} from the right → {sent} to the left").format(
            node=title(v), dout=brief(v.grad), sent=sent or _("nothing")
        )
    parts, dout = [], _in_brackets(v.grad)
    for i, slope, dinput in zip(v.inputs, slopes_in_words(v), v.dinputs, strict=True):
        if not i.constant:
            words = _("gradient {dout} from the right × {slope} = {sent}")
            if i.name:
                words = _("gradient {dout} from the right × {slope} = {sent} to {name}")
            parts.append(words.format(dout=dout, slope=slope, sent=number(dinput), name=truncated(i.name or "")))
    return f"{title(v)}: " + "; ".join(parts)


def slopes_in_words(v):
    """The local derivative for each input of the node that made `v`, with the numbers put in."""
    numbers = _numbers(v)
    if any("{slope}" in slope for slope in v.layer.local_derivatives):
        numbers["slope"] = _in_brackets(v.layer.backward(1.0))
    return [slope.format(**numbers) for slope in v.layer.local_derivatives]


def _has_numbers(v):
    """Tell whether the local derivatives of the node that made `v` can be written in numbers."""
    return not v.shape and v.layer.local_derivatives and not any(i.shape for i in v.inputs)


def _sums(v, times):
    """Tell the sum where, with this step, all gradients have arrived at a value that several edges use."""
    return [
        _("{n} gradients meet at {name}, their sum is {total}").format(
            n=n, name=truncated(i.name or _("one value")), total=brief(i.grad)
        )
        for i, n in times.fan_outs.get(v, ())
        if i.grad is not None
    ]


def _numbers(v):
    """The numbers to put into a formula, by the names of the layer's arguments."""
    numbers = {name: _in_brackets(i.value) for name, i in zip(argument_names(v.layer), v.inputs, strict=False)}
    numbers["out"] = _in_brackets(v.value)
    return numbers


def argument_names(layer):
    """Names of the arguments of the layer's ``forward``."""
    return _argument_names(type(layer))


@cache
def _argument_names(kind):
    return tuple(name for name in inspect.signature(kind.forward).parameters if name != "self")


def _in_brackets(value):
    """Numbers below zero stand in brackets inside a formula."""
    text = brief(value)
    return f"({text})" if text.startswith("−") else text


@np.errstate(all="ignore")
def node_facts(v, local_derivatives=True):
    """List the name, the rule and the local derivatives of the node that made `v`, or only what it computes."""
    if not local_derivatives:
        return [title(v), forward_sentence(v)]
    lines = [title(v), _rule(type(v.layer))]
    if _has_numbers(v):
        lines += [
            _("local derivative for {name}: {slope}").format(name=truncated(i.name or name), slope=slope)
            for name, slope, i in zip(argument_names(v.layer), slopes_in_words(v), v.inputs, strict=True)
            if not i.constant
        ]
    return [line for line in lines if line]


@cache
def _rule(kind):
    """The first sentence of a layer's own documentation: what it computes and what it sends back."""
    rule = (inspect.getdoc(kind) or "").split("\n\n")[0]
    for written, shown in (("\n", " "), ("``", ""), ("**", "^"), ("*", "×")):
        rule = rule.replace(written, shown)
    return rule.strip()
