"""Positions for boxes and curves, computed by Graphviz, once for every shape of graph."""

from functools import lru_cache
from typing import NamedTuple

MANY = 100  # boxes: from here on a less polished layout is better than a long wait


class Box(NamedTuple):
    """A thing that takes room: `kind` is "box", "circle" or "label" (an edge's text, through which its line runs)."""

    id: str
    kind: str
    width: float
    height: float


class Layout(NamedTuple):
    """Where everything stands, in pixels from the top left corner.

    Attributes
    ----------
    width, height : float
    centers : dict of str to (float, float)
        Middle of each box.
    curves : dict of (str, str) to str
        SVG path data of each line, by the ids of its ends.
    """

    width: float
    height: float
    centers: dict
    curves: dict


@lru_cache(maxsize=256)
def place(boxes, edges):
    """Lay boxes out from left to right with Graphviz's ``dot``.

    No text is handed over, only sizes: so no font is looked for, and every machine gives the same picture.

    Parameters
    ----------
    boxes : tuple of Box
    edges : tuple of (str, str)
        Pairs of box ids.

    Returns
    -------
    Layout
    """
    import pygraphviz

    haste = {"nslimit": "1", "mclimit": "0.3"} if len(boxes) > MANY else {}
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
