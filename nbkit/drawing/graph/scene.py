"""What a picture of a graph holds: boxes, round nodes, and the edges whose numbers are shown."""

import inspect
import unicodedata
from collections import Counter
from typing import NamedTuple

import numpy as np

from nbkit import layers
from nbkit.drawing.graph.layout import Box
from nbkit.drawing.markup import label
from nbkit.formatting import number, table
from nbkit.messages import _

FONT = 13  # pixels
LINE = 16  # pixels from one line of text to the next
CELL = 80  # pixels for a number inside a small table
SUPERSCRIPTS = str.maketrans("0123456789.−", "⁰¹²³⁴⁵⁶⁷⁸⁹·⁻")

# How a number that is part of the formula is written into its node: as the right operand, as the left one.
FOLDED = {
    layers.Add: ("+{}", "+{}"),
    layers.Sub: ("−{}", "{}−x"),
    layers.Mul: ("×{}", "×{}"),
    layers.Div: ("÷{}", "{}/x"),
    layers.Pow: ("x{}", "{}ˣ"),
}


class Node(NamedTuple):
    """A box or a round node.

    `lines` is its text, `round` tells operations from inputs, `variable` is what it stands for, if anything, and
    `fans_out` tells whether several edges leave it, so that a sum of gradients has to be shown.
    """

    id: str
    lines: tuple
    round: bool
    variable: object
    fans_out: bool = False


class Edge(NamedTuple):
    """A value on its way from one node to another: `slot` is its place among the inputs of the layer it feeds.

    `source` is the Variable or the (layer, parameter name) that it carries, `target` the Variable it goes into;
    the output's edge goes nowhere and has no target.
    """

    id: str
    tail: str
    head: str
    source: object
    target: object
    slot: int

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
    """List the nodes and edges of a picture of `graph`.

    A number that is part of the formula is written into its node (``+1``, ``x²``) instead of getting a box; the
    parameters of a layer get boxes of their own.
    """
    nodes, edges = [], []
    for v in graph.variables:
        id_ = graph.id(v)
        if v.layer is None:
            if not _is_folded_everywhere(v, graph):
                nodes.append(Node(id_, (_leaf_label(v, graph),), False, v))
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
    return Scene(tuple(node._replace(lines=tuple(map(label, node.lines))) for node in nodes), tuple(edges))


def _folds(i, v):
    """Tell whether input `i` is a bare number that the node of `v` can carry in its symbol."""
    return (
        type(v.layer) in FOLDED and i.constant and i.layer is None and not i.name and not i.shape
        and sum(j is not i for j in v.inputs) == 1
    )  # fmt: skip


def _is_folded_everywhere(leaf, graph):
    users = [v for v in graph.variables if leaf in v.inputs]
    return bool(users) and all(_folds(leaf, v) for v in users)


def _leaf_label(v, graph):
    """Name of an input; where it has none, the number itself or what the layer that takes it calls it."""
    if v.name:
        return v.name
    if v.constant and not v.shape:
        return number(v.value)
    for user in graph.variables:
        for slot, i in enumerate(user.inputs):
            if i is v:
                names = list(inspect.signature(user.layer.forward).parameters)
                return names[min(slot, len(names) - 1)] if v.constant else graph.id(v)
    return graph.id(v)


def _operation_lines(v, folded):
    layer = v.layer
    symbol = layer.symbol or type(layer).__name__
    if folded:
        right, left = FOLDED[type(layer)]
        text = number(folded[0].value)
        is_right = v.inputs[1] is folded[0]
        if isinstance(layer, layers.Pow) and is_right:
            text = text.translate(SUPERSCRIPTS)
        elif text.startswith("−"):
            text = f"({text})"
        symbol = (right if is_right else left).format(text)
    given = layer.name and not layer.name.startswith(type(layer).__name__)  # "ReLU 2" says no more than the symbol
    return (*symbol.split("\n"), *((layer.name,) if given else ()))


def text_width(text, size=FONT):
    """Estimate the width of a line of text in pixels, generously: no font is asked."""
    return sum(size * (1.05 if unicodedata.east_asian_width(c) in "WF" else 0.66) for c in text)


def node_box(node):
    """Return the room that a node takes; one that fans out has a line more, for the sum of its gradients."""
    width = max((text_width(line) for line in node.lines), default=0)
    height = LINE * (len(node.lines) + node.fans_out)
    if node.fans_out:
        width = max(width, 84.0)
    if node.round:
        side = max(40.0, height + 16)
        return Box(node.id, "circle", max(side, width + 22), side)
    if not node.lines:
        return Box(node.id, "box", 12.0, 12.0)
    return Box(node.id, "box", max(46.0, width + 20), max(30.0, height + 12))


def label_rows(edge, shapes=True):
    """Return how many lines of numbers an edge shows above its line (and as many below), and the cells in a row."""
    rows = table(np.zeros(np.shape(edge.value)))
    return len(rows) + (bool(np.ndim(edge.value)) and (shapes or not rows)), max((len(row) for row in rows), default=0)


def label_box(edge, shapes=True, numbers=True):
    """Return the room of an edge's numbers; it depends on their shape only, so that a moved slider moves nothing."""
    if not numbers:
        return Box(edge.id, "label", 20.0, 10.0)
    lines, cells = label_rows(edge, shapes)
    width = max(92.0, cells * CELL + 16.0, text_width(f"← {np.shape(edge.value)}") + 8)
    return Box(edge.id, "label", width, 2 * (lines * LINE + 5.0))


MOST_ARROWS = 30  # that anybody would listen to


def describe(graph, values=True):
    """Say in words what the picture shows, for those who cannot see it: its result, or without numbers its arrows."""
    names = ", ".join(map(label, graph.inputs)) or _("no named inputs")
    n = sum(v.layer is not None for v in graph.variables)
    operations = _("one operation") if n == 1 else _("{} operations").format(n)
    if not values:
        return _("Computation graph with {operations}. Inputs: {names}. Arrows: {arrows}.").format(
            operations=operations, names=names, arrows=_arrows(graph)
        )
    return _("Computation graph with {operations}. Inputs: {names}. Result: {value}.").format(
        operations=operations,
        names=names,
        value=number(graph.output.value) if not graph.output.shape else graph.output.shape,
    )


def _arrows(graph):
    """Say who feeds whom."""
    called = {node.variable: " ".join(node.lines) for node in scene_of(graph).nodes if node.variable is not None}
    pairs = [f"{called[w]} → {called[v]}" for v in graph.variables for w in v.inputs if w in called and v in called]
    return "; ".join(pairs[:MOST_ARROWS]) + ("; …" if len(pairs) > MOST_ARROWS else "")
