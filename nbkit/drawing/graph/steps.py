"""The story of a graph: what happens in each step of forward and backward, told in sentences."""

import inspect
from collections import Counter
from functools import cache
from typing import NamedTuple

import numpy as np

from nbkit.drawing.markup import label
from nbkit.formatting import number, shape_text
from nbkit.messages import _


class Schedule(NamedTuple):
    """When each thing happens.

    Attributes
    ----------
    forward, backward : dict of Variable to int
        The step in which the layer that made a variable runs forward, and the one in which it runs backward.
    turn : int
        The step between the two walks, in which a gradient is put at the output.
    meetings : dict of Variable to list of (Variable, int)
        For the node whose backward completes it: each value that several edges carry, and how many they are.
    """

    forward: dict
    backward: dict
    turn: int
    fan_outs: dict


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
    """Say in one sentence what happens in each step, from 0, the inputs alone, to the last that has numbers."""
    told = [_("The inputs have their values; no node has run yet.")]
    told += [forward_sentence(v) for v in times.forward]
    if graph.output.grad is not None:
        told.append(_("The output's gradient with respect to itself is {}.").format(brief(graph.output.grad)))
        with np.errstate(all="ignore"):  # an infinite number is shown, not warned of
            told += [backward_sentence(v) + _meeting(v, times) for v in times.backward]
    return told


def brief(value):
    """A number with four digits, or the shape of an array."""
    return shape_text(value) or number(value)


def title(v):
    """Symbol of the node that made `v`, in one line, with the name of its layer."""
    symbol = (v.layer.symbol or type(v.layer).__name__).replace("\n", " ")
    given = v.layer.name and not v.layer.name.startswith(type(v.layer).__name__)
    return f"{symbol} {label(v.layer.name)}" if given else symbol


def forward_sentence(v):
    """Say what the node that made `v` computed: ``×: 100 × 2 = 200``."""
    if v.shape or not v.layer.formula:
        inputs = ", ".join(brief(i.value) for i in v.inputs)
        return f"{title(v)}: {inputs} → {brief(v.value)}"
    return f"{title(v)}: {v.layer.formula.format(**_words(v))} = {number(v.value)}"


def backward_sentence(v):
    """Say what the node sent back: ``×: gradient 1.1 from the right × the other input 2 = 2.2``, for each input."""
    if v.grad is None:  # a layer of the learner's to the right of it has sent nothing
        return _("{node}: no gradient comes from the right").format(node=title(v))
    sent = [(i, d) for i, d in zip(v.inputs, v.dinputs, strict=False) if d is not None]
    if v.shape or not v.layer.local_derivatives or any(i.shape for i in v.inputs) or len(sent) < len(v.inputs):
        sent = ", ".join(brief(d) for i, d in sent if not i.constant)
        return _("{node}: gradient {dout} from the right → {sent} to the left").format(
            node=title(v), dout=brief(v.grad), sent=sent or _("nothing")
        )
    dout = _bracket(v.grad)
    parts = [
        _("gradient {dout} from the right × {slope} = {sent}").format(dout=dout, slope=slope, sent=number(dinput))
        + (_(" to {}").format(label(i.name)) if i.name else "")
        for i, slope, dinput in zip(v.inputs, slopes_in_words(v), v.dinputs, strict=True)
        if not i.constant
    ]
    return f"{title(v)}: " + "; ".join(parts)


def slopes_in_words(v):
    """The local derivative for each input of the node that made `v`, with the numbers put in."""
    words = _words(v)
    if any("{slope}" in slope for slope in v.layer.local_derivatives):
        words["slope"] = _bracket(v.layer.backward(1.0))
    return [slope.format(**words) for slope in v.layer.local_derivatives]


def _meeting(v, times):
    """Tell the sum where, with this step, all gradients have arrived at a value that several edges use."""
    return "".join(
        _("; {n} gradients meet at {name}, their sum is {total}").format(
            n=n, name=label(i.name or _("one value")), total=brief(i.grad)
        )
        for i, n in times.fan_outs.get(v, ())
        if i.grad is not None
    )


def _words(v):
    """The numbers to put into a formula, by the names of the layer's arguments."""
    words = dict(zip(argument_names(v.layer), (_bracket(i.value) for i in v.inputs), strict=False))
    return words | {"out": _bracket(v.value)}


def argument_names(layer):
    """Names of the arguments of the layer's ``forward``."""
    return [name for name in _signature(type(layer)) if name != "self"]


@cache
def _signature(kind):
    return tuple(inspect.signature(kind.forward).parameters)


def _bracket(value):
    """Numbers below zero stand in brackets inside a formula."""
    text = brief(value)
    return f"({text})" if text.startswith("−") else text


@np.errstate(all="ignore")
def node_facts(v, local_derivatives=True):
    """Say what holds for the node that made `v`: its name, its rule, its local derivatives with the numbers put in.

    Without `local_derivatives` it says only what is computed: nothing that chapter 01 has not explained.
    """
    if not local_derivatives:
        return [title(v), forward_sentence(v)]
    lines = [title(v), _rule(type(v.layer))]
    if not v.shape and v.layer.local_derivatives and not any(i.shape for i in v.inputs):
        lines += [
            _("local derivative for {name}: {slope}").format(name=label(i.name or name), slope=slope)
            for name, slope, i in zip(argument_names(v.layer), slopes_in_words(v), v.inputs, strict=True)
            if not i.constant
        ]
    return [line for line in lines if line]


@cache
def _rule(kind):
    """The first sentence of a layer's own documentation: what it computes and what it sends back."""
    return (
        (inspect.getdoc(kind) or "")
        .split("\n\n")[0]
        .replace("\n", " ")
        .replace("``", "")
        .replace("**", "^")
        .replace("*", "×")
        .strip()
    )
