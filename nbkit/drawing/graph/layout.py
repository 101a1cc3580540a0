"""The size of each part of a graph, and its place, computed by Graphviz once for every shape of graph."""

from functools import lru_cache
from math import hypot
from typing import NamedTuple

import numpy as np

from nbkit.drawing.text import LINE_HEIGHT, text_width
from nbkit.formatting import table

CELL = 64  # pixels for a number inside a small table
CELL_FONT = 11  # pixels
NODE_SIDE = 40.0  # pixels, of a round node with one sign
SUM_WIDTH = 84.0  # pixels
CLEARANCE = 5.0  # pixels between a node and the lines that pass it
NODE_PADDING = 6.0  # pixels at least, from a text to the rim of a round node with one sign
MANY_BOXES = 100  # from here on a less polished layout is better than a long wait


class Box(NamedTuple):
    """The size of a thing: `kind` is "box", "circle" or "label" (an edge's text, through which its line runs)."""

    id: str
    kind: str
    width: float
    height: float
    below: float = 0.0  # pixels below a node in which the sum of its gradients will stand

    @property
    def room(self):
        """Width and height that are kept free, on all sides alike, so that lines still aim at its middle."""
        if self.kind == "label":
            return self.width, self.height
        width = max(self.width, SUM_WIDTH) if self.below else self.width
        return width + 2 * CLEARANCE, self.height + 2 * max(self.below, CLEARANCE)


def node_box(node):
    """Return the size of a node; below one that fans out there is room for the sum of its gradients."""
    width = max((text_width(line) for line in node.lines), default=0)
    height, below = LINE_HEIGHT * len(node.lines), LINE_HEIGHT * node.fans_out
    if node.round:
        side = max(NODE_SIDE, height + 16)
        fits = width <= side - 2 * NODE_PADDING
        return Box(node.id, "circle", side if fits else width + 22, side, below)
    if not node.lines:
        return Box(node.id, "box", 12.0, 12.0)
    return Box(node.id, "box", max(46.0, width + 20), max(30.0, height + 12), below)


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
    look = {"rankdir": "LR", "nodesep": "0.14", "ranksep": "0.23", "ordering": "in"}
    plan = pygraphviz.AGraph(directed=True, strict=False, **look, **haste)
    by_id = {box.id: box for box in boxes}
    names = {box.id: str(k) for k, box in enumerate(boxes)}  # an id may hold anything, such as the name of a parameter
    for box in boxes:
        shape = "ellipse" if box.kind == "circle" else "box"
        width, height = box.room
        plan.add_node(names[box.id], label="", shape=shape, fixedsize="true", width=width / 72, height=height / 72)
    for tail, head in edges:
        ports = {"tailport": "e"} if by_id[tail].kind == "label" else {}
        ports |= {"headport": "w"} if by_id[head].kind == "label" else {}
        plan.add_edge(names[tail], names[head], arrowhead="none", **ports)
    plan.layout("dot")
    _left, _bottom, width, height = map(float, plan.graph_attr["bb"].split(","))

    def point(text):
        x, y = map(float, text.split(","))
        return round(x, 1), round(height - y, 1)

    centers = {box.id: point(plan.get_node(names[box.id]).attr["pos"]) for box in boxes}
    curves = {}
    for tail, head in edges:
        points = [point(text) for text in plan.get_edge(names[tail], names[head]).attr["pos"].split()]
        points = [*_onto_rim(points[0], centers[tail], by_id[tail])[::-1], *points]
        points += _onto_rim(points[-1], centers[head], by_id[head])
        curves[tail, head] = _path(points)
    return Layout(round(width, 1), round(height, 1), centers, curves)


def _onto_rim(start, center, box):
    """Go on from where a line meets the room of a node to its rim, as a curve that is straight."""
    dx, dy = start[0] - center[0], start[1] - center[1]
    across, down = 2 * abs(dx) / box.width, 2 * abs(dy) / box.height
    far = hypot(across, down) if box.kind == "circle" else max(across, down)  # 1 on the rim
    if far <= 1 or box.kind == "label":
        return []
    end = round(center[0] + dx / far, 1), round(center[1] + dy / far, 1)
    return [start, end, end]


def _path(points):
    """Write control points as SVG path data: a start, then triples for cubic curves."""
    (x, y), *rest = points
    return f"M{x:g} {y:g}C" + " ".join(f"{x:g} {y:g}" for x, y in rest)
