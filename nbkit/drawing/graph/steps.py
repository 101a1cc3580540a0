"""The steps of a graph, forward and backward: what happens in each, in sentences, and what holds for each node."""

import inspect
import re
from collections import Counter, defaultdict
from functools import cache, lru_cache
from typing import NamedTuple

import numpy as np

from nbkit import layer, layers
from nbkit.drawing.graph.names import beginning, listed
from nbkit.drawing.graph.scene import given_names
from nbkit.drawing.markup import truncated
from nbkit.formatting import number, shape_text, table
from nbkit.graphtools import detail
from nbkit.messages import _

WORD = re.compile(r"\b(?!log\b)[a-z]{3,} ")  # in a formula: no letter, and no name of a function


class Schedule(NamedTuple):
    """When each thing happens."""

    forward: dict  # of Variable to int: the step in which the layer that made it runs forward
    backward: dict  # the one in which that layer runs backward
    turn: int  # the step between the two passes, in which a gradient is put at the output
    fan_outs: dict  # for the node whose backward completes it: each value that several edges carry, and who takes it


class Facts(NamedTuple):
    """What is told of a node that is asked for."""

    name: str
    rule: str
    slopes: list  # its local derivatives, with the numbers put in


def schedule_of(graph):
    """Give every node of `graph` its steps: forward in topological order, then backward in the opposite one."""
    made = [v for v in graph.variables if v.layer is not None]
    turn = len(made) + 1
    forward = {v: step for step, v in enumerate(made, 1)}
    backward = {v: turn + step for step, v in enumerate(reversed(made), 1)}
    takers, fan_outs = defaultdict(list), defaultdict(list)
    for v in made:
        for i in v.inputs:
            if not i.constant:
                takers[i].append(v)
    for i, found in takers.items():
        if len(found) > 1:
            fan_outs[found[0]].append((i, found[::-1]))  # the first to run forward is the last to run backward
    return Schedule(forward, backward, turn, fan_outs)


# ---------------------------------------------------------------- a sentence for each step, with a line for each number


def sentences(graph, times, names, slopes):
    """Say what happens in each step, from 0, the inputs alone, to the last, with `names_in` and `all_slopes` of it."""
    steps = [_("The inputs have their values; no node has run yet.")]
    steps += [forward_sentence(v, names) for v in times.forward]
    if graph.output.grad is not None:
        text = _("The turn: the gradient of the output with respect to itself is {}.")
        steps.append(text.format(written(graph.output.grad)))
        steps += ["\n".join([*_sent(v, names, slopes[v]), *_sums(v, times, names)]) for v in times.backward]
    return steps


def brief(value):
    """A number with four digits, or the shape of an array."""
    return shape_text(value) or _four_digits(float(value))


_four_digits = lru_cache(maxsize=8192)(number)  # each number stands in several sentences, and beside its line


def written(value):
    """A number with four digits, an array of at most 3 by 3 with its numbers, or the shape of a larger one."""
    if not shape_text(value):
        return _four_digits(float(value))
    rows = [f"[{', '.join(row)}]" for row in table(value)]
    return shape_text(value) if not rows else rows[0] if np.ndim(value) == 1 else f"[{', '.join(rows)}]"


def title(v):
    """Symbol of the node that made `v`, in one line, with the name of its layer."""
    symbol = (v.layer.symbol or type(v.layer).__name__).replace("\n", " ")
    return " ".join([symbol, *map(truncated, given_names(v.layer))])


def forward_sentence(v, names):
    """Say what the node that made `v` computed: ``The × of apple and count computes 100 × 2 = 200``."""
    node = beginning(names[v])
    if v.shape or not v.layer.formula:
        inputs = listed([written(i.value) for i in v.inputs])
        return _("{node} makes {value} of {inputs}").format(node=node, value=written(v.value), inputs=inputs)
    formula = _(v.layer.formula).format(**_numbers(v))
    return _("{node} computes {formula} = {value}").format(node=node, formula=formula, value=written(v.value))


def _sent(v, names, slopes):
    """Say what the node of `v` got from the right, and in a line for each what it sent where."""
    node = beginning(names[v])
    if v.grad is None:  # a layer of the learner's to the right of it has sent nothing
        return [_("{node} gets no gradient from the right").format(node=node)]
    shown = slopes and len(v.dinputs) == len(v.inputs) and all(d is not None for d in v.dinputs)
    words = _("to {name}: {dout} × {slope} = {sent}") if shown else _("to {name}: {sent}")
    targets, dout, lines = targets_of(v, names), _in_brackets(v.grad), []
    for slot, (slope, d) in enumerate(zip(slopes if shown else v.inputs, v.dinputs, strict=False)):
        if slot in targets and d is not None:
            lines.append(words.format(name=targets[slot], dout=dout, slope=slope, sent=written(d)))
    for name, d in v.layer.grads.items():
        lines.append(_("to {name}: {sent}").format(name=truncated(name), sent=written(d)))
    rule = _("{node} gets the gradient {dout} from the right and sends to the left:")
    if not lines:
        rule = _("{node} gets the gradient {dout} from the right and sends nothing to the left")
    return [rule.format(node=node, dout=written(v.grad)), *lines]


def targets_of(v, names):
    """Name whom the node of `v` sends a gradient, by the place among its inputs; one that it takes twice is counted."""
    if len(set(v.inputs)) == len(v.inputs):
        return {slot: names[i] for slot, i in enumerate(v.inputs) if not i.constant}
    many, seen, targets = Counter(v.inputs), Counter(), {}
    for slot, i in enumerate(v.inputs):
        seen[i] += 1
        if not i.constant:
            name = names[i]
            if many[i] > 1:
                name = _("{name}, line {number}").format(name=name, number=seen[i])
            targets[slot] = name
    return targets


@np.errstate(all="ignore")  # an infinite number is shown, not warned of
def all_slopes(times):
    """The local derivatives of each node in words; none where they cannot be written in numbers."""
    return {v: slopes_in_words(v) if _has_numbers(v) else [] for v in times.forward}


def slopes_in_words(v):
    """The local derivative for each input of the node that made `v`, with the numbers put in."""
    numbers = _numbers(v)
    if any("{slope}" in slope for slope in v.layer.local_derivatives):
        numbers["slope"] = _in_brackets(v.layer.backward(1.0))
    return [_(slope).format(**numbers) for slope in v.layer.local_derivatives]


def _has_numbers(v):
    """Tell whether the local derivatives of the node that made `v` can be written in numbers."""
    return not v.shape and v.layer.local_derivatives and not any(i.shape for i in v.inputs)


def _sums(v, times, names):
    """Tell the sum where, with this step, all gradients have arrived at a value that several edges use."""
    lines = []
    for i, takers in times.fan_outs.get(v, ()):
        if i.grad is None:
            continue
        users = dict.fromkeys(takers)  # one may take it twice
        met = [d for user in users for j, d in zip(user.inputs, user.dinputs, strict=False) if j is i]
        met = [d for d in met if d is not None]
        text = _("{n} gradients meet at {name}, their sum is {total}")
        if not np.ndim(i.grad):
            text = _("{n} gradients meet at {name}: {terms} = {total}")
        terms = " + ".join(map(_in_brackets, met))
        lines.append(text.format(n=len(met), name=names[i], terms=terms, total=written(i.grad)))
    return lines


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
    text = written(value)
    return f"({text})" if text.startswith("−") else text


# ---------------------------------------------------------------- what is told of one node


def node_facts(v, slopes=()):
    """Return the `Facts` of the node that made `v`, with its `slopes_in_words`; only its name where they are None."""
    if slopes is None:
        return Facts(title(v), "", [])
    words = _("local derivative for {name}: {slope}")
    inputs = zip(argument_names(v.layer), slopes, v.inputs, strict=False)
    told = [words.format(name=truncated(i.name or name), slope=slope) for name, slope, i in inputs if not i.constant]
    return Facts(title(v), _(english_rule(type(v.layer))), told)


def english_texts():
    """List for the catalogue what nbkit's layers say of themselves: learners read their code, so it has no ``_``."""
    classes = {kind for module in (layer, layers, detail) for kind in vars(module).values() if isinstance(kind, type)}
    kinds = [kind for kind in classes if issubclass(kind, layer.Layer)]
    formulas = {text for kind in kinds for text in (kind.formula, *kind.local_derivatives)}
    return sorted({*map(english_rule, kinds), *filter(WORD.search, formulas)})


@cache
def english_rule(kind):
    """The first sentence of a layer's own documentation: what it computes and what it sends back."""
    rule = (inspect.getdoc(kind) or "").split("\n\n")[0]
    for code, shown in (("\n", " "), ("``", ""), ("**", "^"), ("*", "×")):
        rule = rule.replace(code, shown)
    return rule.strip()
