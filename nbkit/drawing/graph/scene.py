"""What a picture of a graph holds: boxes, round nodes, and the edges whose numbers are shown."""

import inspect
from collections import Counter, defaultdict
from typing import NamedTuple

from nbkit import layers
from nbkit.drawing.markup import truncated
from nbkit.formatting import number, superscript

# How a number that is part of the formula is written into its node: as the right operand, as the left one.
FOLDED = {
    layers.Add: ("+{}", "+{}"),
    layers.Sub: ("−{}", "{}−x"),
    layers.Mul: ("×{}", "×{}"),
    layers.Div: ("÷{}", "{}/x"),
    layers.Pow: ("x{}", "{}ˣ"),
}


class Node(NamedTuple):
    """A box or a round node."""

    id: str
    lines: tuple  # its text
    round: bool  # an operation; a box is an input or the end
    variable: object  # the Variable that it stands for, or None
    fans_out: bool = False  # whether several edges leave it, so that a sum of gradients has to be shown


class Edge(NamedTuple):
    """A value on its way from one node to another."""

    id: str
    tail: str
    head: str
    source: object  # the Variable or the (layer, parameter name) that it carries
    target: object  # the Variable that it goes into; None for the output's edge
    slot: int  # its place among the inputs of the layer it feeds

    @property
    def value(self):
        if isinstance(self.source, tuple):
            layer, name = self.source
            return layer.params[name]
        return self.source.value

    @property
    def gradient(self):
        """The gradient that comes back along this very edge; ``None`` where there is none."""
        if isinstance(self.source, tuple):
            layer, name = self.source
            return layer.grads.get(name) if self.target.grad is not None else None
        if self.target is None:
            return self.source.grad
        if self.source.constant or self.slot >= len(self.target.dinputs):
            return None
        return self.target.dinputs[self.slot]


class Scene(NamedTuple):
    """All that one picture holds, in an order that depends on the graph alone."""

    nodes: tuple
    edges: tuple


def scene_of(graph):
    """List the nodes and edges of a picture of `graph`; numbers such as the 1 of ``+1`` stand in their node's text."""
    nodes, edges, users = [], [], defaultdict(list)
    for v in graph.variables:
        for i in v.inputs:
            users[i].append(v)
    for v in graph.variables:
        id_ = graph.id(v)
        if v.layer is None:
            if not users[v] or not all(_folds(v, user) for user in users[v]):
                nodes.append(Node(id_, (_leaf_label(v, users[v], id_),), False, v))
            continue
        folded = [i for i in v.inputs if _folds(i, v)]
        nodes.append(Node(id_, _operation_lines(v, folded), True, v))
        for slot, i in enumerate(v.inputs):
            if not _folds(i, v):
                edges.append(Edge(f"{graph.id(i)}-{id_}-{slot}", graph.id(i), id_, i, v, slot))
        for name in v.layer.params:
            nodes.append(Node(f"{id_}.{name}", (name,), False, None))
            edges.append(Edge(f"{id_}.{name}-{id_}", f"{id_}.{name}", id_, (v.layer, name), v, -1))
    leaving = Counter(edge.tail for edge in edges)
    nodes = [node._replace(fans_out=leaving[node.id] > 1 and not node.variable.shape) for node in nodes]
    end = graph.id(graph.output)
    nodes.append(Node("end", (graph.output.name,) if graph.output.name and graph.output.layer else (), False, None))
    edges.append(Edge(f"{end}-end", end, "end", graph.output, None, -1))
    return Scene(tuple(node._replace(lines=tuple(map(truncated, node.lines))) for node in nodes), tuple(edges))


def _folds(i, v):
    """Tell whether input `i` is a bare number that the node of `v` can carry in its symbol."""
    return (
        type(v.layer) in FOLDED and i.constant and i.layer is None and not i.name and not i.shape
        and sum(j is not i for j in v.inputs) == 1
    )  # fmt: skip


def _leaf_label(v, users, id_):
    """Name of an input; where it has none, the number itself or what the first layer that takes it calls it."""
    if v.name:
        return v.name
    if v.constant and not v.shape:
        return number(v.value)
    if not users or not v.constant:
        return id_
    names = list(inspect.signature(users[0].layer.forward).parameters)
    return names[min(users[0].inputs.index(v), len(names) - 1)]


def _operation_lines(v, folded):
    layer = v.layer
    symbol = layer.symbol or type(layer).__name__
    if folded:
        right, left = FOLDED[type(layer)]
        text = number(folded[0].value)
        is_right = v.inputs[1] is folded[0]
        if isinstance(layer, layers.Pow) and is_right:
            text = superscript(text)
        elif text.startswith("−"):
            text = f"({text})"
        symbol = (right if is_right else left).format(text)
    return (*symbol.split("\n"), *given_names(layer))


def given_names(layer):
    """Return the name of a layer in a list, or none where it says no more than the symbol, such as "ReLU 2"."""
    return [layer.name] if layer.name and not layer.name.startswith(type(layer).__name__) else []
