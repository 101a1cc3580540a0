"""The size of each part of a graph, and its place, computed by Graphviz once for every shape of graph."""

from collections import defaultdict
from functools import cache, lru_cache
from math import hypot
from typing import NamedTuple

import numpy as np

from nbkit.drawing.graph.engine import lay_out
from nbkit.drawing.text import LINE_HEIGHT, text_width
from nbkit.formatting import table

CELL = 64  # pixels for a number inside a small table
CELL_FONT = 11  # pixels
NODE_SIDE = 40.0  # pixels, of a round node with one sign
SUM_WIDTH = 84.0  # pixels
CLEARANCE = 5.0  # pixels between a node and the lines that pass it
NODE_PADDING = 6.0  # pixels at least, from a text to the rim of a round node with one sign
MANY_BOXES = 100  # from here on a less polished layout is better than a long wait
GAP = 16.0  # pixels between a node and the label that is placed with it


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
    return Box(edge.id, "label", *(_label_size(np.shape(edge.value), shapes) if numbers else (20.0, 10.0)))


@cache
def _label_size(shape, shapes):
    """Return the width and height of an array of this shape, with its shape or without."""
    rows = table(np.zeros(shape))
    lines = len(rows) + (len(shape) > 0 and (shapes or not rows))  # above the edge, and as many below it
    cells = max((len(row) for row in rows), default=0)
    width = max(92.0, cells * CELL + 16.0, text_width(f"← {shape}") + 8)
    return width, 2 * (lines * LINE_HEIGHT + 5.0)


class Layout(NamedTuple):
    """Where everything stands, in pixels from the top left corner."""

    width: float
    height: float
    centers: dict  # (x, y) of the middle of each box, by its id
    curves: dict  # SVG path data of each line, by the ids of its ends


class Spot(NamedTuple):
    """What Graphviz places as one: a box, and in a large graph the label of its only edge, at its right."""

    box: Box
    label: Box | None = None

    @property
    def room(self):
        width, height = self.box.room
        return (width + GAP + self.label.width, max(height, self.label.height)) if self.label else (width, height)


@lru_cache(maxsize=256)
def place(boxes, edges):
    """Lay a tuple of boxes out from left to right with Graphviz's ``dot``; `edges` are pairs of their ids."""
    spots, by_id = _spots(boxes, edges), {box.id: box for box in boxes}
    number = {box.id: k for k, spot in enumerate(spots) for box in spot if box}  # of the spot in which a box stands
    between = [(tail, head) for tail, head in edges if number[tail] != number[head]]
    found = lay_out(_plan(spots, [(number[tail], number[head]) for tail, head in between]))
    _left, _bottom, width, height = map(float, found["bb"].split(","))

    def point(text):
        x, y = map(float, text.split(","))
        return round(x, 1), round(height - y, 1)

    centers, curves = {}, {}
    for spot, item in zip(spots, found["objects"], strict=True):
        (box, label), (x, y), half = spot, point(item["pos"]), spot.room[0] / 2
        centers[box.id] = x, y
        if label:
            left, right = round(x - half + box.room[0] / 2, 1), round(x + half - label.width / 2, 1)
            centers[box.id], centers[label.id] = (left, y), (right, y)
            start, end = (left + box.width / 2, y), (right - label.width / 2, y)
            curves[box.id, label.id] = _path([start, start, end, end])
    lines = {(item["tail"], item["head"]): item["pos"].split() for item in found.get("edges", ())}
    for tail, head in between:
        points = [point(text) for text in lines[number[tail], number[head]]]
        points = [*_onto_rim(points[0], centers[tail], by_id[tail])[::-1], *points]
        points += _onto_rim(points[-1], centers[head], by_id[head])
        curves[tail, head] = _path(points)
    return Layout(round(width, 1), round(height, 1), centers, curves)


def _spots(boxes, edges):
    """Put a node and the label of its only edge together where there are many: that halves what must be placed."""
    if len(boxes) <= MANY_BOXES:
        return [Spot(box) for box in boxes]
    heads = defaultdict(list)
    for tail, head in edges:
        heads[tail].append(head)
    labels = {box.id: box for box in boxes if box.kind == "label"}
    only = {id_: labels[ends[0]] for id_, ends in heads.items() if len(ends) == 1 and ends[0] in labels}
    placed = {label.id for label in only.values()}
    return [Spot(box, only.get(box.id)) for box in boxes if box.id not in placed]


def _plan(spots, edges):
    """Write spots and the edges between them, pairs of their numbers, in Graphviz's own language."""
    # Graphviz is given sizes, no text: so it needs no font, and every machine gives the same picture.
    lines = ['rankdir=LR nodesep=0.14 ranksep=0.23 ordering=in node [label="" fixedsize=true] edge [arrowhead=none]']
    if len(spots) > MANY_BOXES:
        lines.append("nslimit=1 mclimit=0.3")
    for k, spot in enumerate(spots):
        shape = "ellipse" if spot.box.kind == "circle" and not spot.label else "box"
        width, height = spot.room
        lines.append(f"{k} [shape={shape} width={width / 72} height={height / 72}]")
    # A line leaves a label on its right and arrives at its left; where a label follows a node, the node has the left.
    out = [":e" if spot.label or spot.box.kind == "label" else "" for spot in spots]
    into = [":w" if port else "" for port in out]
    lines += [f"{tail}{out[tail]} -> {head}{into[head]}" for tail, head in edges]
    return "\n".join(["digraph {", *lines, "}"])


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
