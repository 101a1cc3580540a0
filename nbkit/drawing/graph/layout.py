"""The size of each part of a graph, and its place, computed by Graphviz once for every shape of graph."""

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from nbkit.drawing.text import LINE_HEIGHT, text_width
from nbkit.formatting import table

CELL = 80  # pixels for a number inside a small table
MIN_SUM_WIDTH = 84.0  # pixels, of a node that shows the sum of its gradients
MANY_BOXES = 100  # from here on a less polished layout is better than a long wait


class Box(NamedTuple):
    """The size of a thing: `kind` is "box", "circle" or "label" (an edge's text, through which its line runs)."""

    id: str
    kind: str
    width: float
    height: float


def node_box(node):
    """Return the size of a node; one that fans out has a line more, for the sum of its gradients."""
    width = max((text_width(line) for line in node.lines), default=0)
    height = LINE_HEIGHT * (len(node.lines) + node.fans_out)
    if node.fans_out:
        width = max(width, MIN_SUM_WIDTH)
    if node.round:
        side = max(40.0, height + 16)
        return Box(node.id, "circle", max(side, width + 22), side)
    if not node.lines:
        return Box(node.id, "box", 12.0, 12.0)
    return Box(node.id, "box", max(46.0, width + 20), max(30.0, height + 12))


def label_box(edge, shapes=True, numbers=True):
    """Return the size of an edge's numbers; it depends on their shape only, so that new numbers move nothing."""
    if not numbers:
        return Box(edge.id, "label", 20.0, 10.0)
    rows = table(np.zeros(np.shape(edge.value)))
    lines = len(rows) + (np.ndim(edge.value) > 0 and (shapes or not rows))  # above the edge, and as many below it
    cells = max((len(row) for row in rows), default=0)
    width = max(92.0, cells * CELL + 16.0, text_width(f"← {np.shape(edge.value)}") + 8)
    return Box(edge.id, "label", width, 2 * (lines * LINE_HEIGHT + 5.0))


class Layout(NamedTuple):
    """Where everything stands, in pixels from the top left corner."""

    width: float
    height: float
    centers: dict  # (x, y) of the middle of each box, by its id
    curves: dict  # SVG path data of each line, by the ids of its ends


@lru_cache(maxsize=256)
def place(boxes, edges):
    """Lay a tuple of boxes out from left to right with Graphviz's ``dot``; `edges` are pairs of their ids."""
    import pygraphviz

    # Graphviz is given sizes, no text: so it needs no font, and every machine gives the same picture.
    haste = {"nslimit": "1", "mclimit": "0.3"} if len(boxes) > MANY_BOXES else {}
    look = {"rankdir": "LR", "nodesep": "0.14", "ranksep": "0.3", "ordering": "in"}
    plan = pygraphviz.AGraph(directed=True, strict=False, **look, **haste)
    kinds = {box.id: box.kind for box in boxes}
    names = {box.id: str(k) for k, box in enumerate(boxes)}  # an id may hold anything, such as the name of a parameter
    for box in boxes:
        shape = "ellipse" if box.kind == "circle" else "box"
        plan.add_node(
            names[box.id], label="", shape=shape, fixedsize="true", width=box.width / 72, height=box.height / 72
        )
    for tail, head in edges:
        ports = {"tailport": "e"} if kinds[tail] == "label" else {}
        ports |= {"headport": "w"} if kinds[head] == "label" else {}
        plan.add_edge(names[tail], names[head], arrowhead="none", **ports)
    plan.layout("dot")
    _left, _bottom, width, height = map(float, plan.graph_attr["bb"].split(","))

    def point(text):
        x, y = map(float, text.split(","))
        return round(x, 1), round(height - y, 1)

    centers = {box.id: point(plan.get_node(names[box.id]).attr["pos"]) for box in boxes}
    curves = {(tail, head): _path(plan.get_edge(names[tail], names[head]).attr["pos"], point) for tail, head in edges}
    return Layout(round(width, 1), round(height, 1), centers, curves)


def _path(spline, point):
    """Turn Graphviz's control points into SVG path data: a start, then triples for cubic curves."""
    start, *rest = [point(text) for text in spline.split()]
    return f"M{start[0]:g} {start[1]:g}C" + " ".join(f"{x:g} {y:g}" for x, y in rest)
