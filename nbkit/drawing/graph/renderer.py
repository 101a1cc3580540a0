"""From a graph to SVG text: values above the lines, gradients below, the same bytes for the same graph."""

import json
from functools import lru_cache
from math import atan2, degrees

from nbkit.drawing import theme
from nbkit.drawing.graph.layout import place
from nbkit.drawing.graph.scene import CELL, FONT, LINE, describe, label_box, node_box, scene_of
from nbkit.drawing.graph.steps import node_facts, schedule_of, sentences
from nbkit.drawing.markup import attribute, escape
from nbkit.formatting import exact, number, shape_text, table
from nbkit.messages import _

MARGIN = 10
WIDEST = 880  # pixels: a notebook page has about this much room, and does not shrink a picture by itself
SMALLEST = 0.7  # of the natural size: what is wider still is scrolled, not shrunk until nobody can read it

DARK = "body[data-jp-theme-light='false']"
STYLE = (
    f".nbkit{{max-width:100%;height:auto;font-family:'DejaVu Sans',Verdana,sans-serif;font-size:{FONT}px}}"
    + theme.css_variables(f"{DARK} .nbkit", theme.DARK)
    + theme.css_rules(
        ("ground", "fill", "ground", ""),
        ("in", "fill", "input", ""),
        ("op", "fill", "operation", ""),
        ("in,.nbkit .op", "stroke", "line", ";stroke-width:1.5"),
        ("line", "stroke", "line", ";stroke-width:1.5;stroke-linecap:round;fill:none"),
        ("tip", "fill", "line", ""),
        ("name", "fill", "text", ";text-anchor:middle"),
        ("val", "fill", "value", ";font-weight:bold;text-anchor:middle"),
        ("grad", "fill", "gradient", ";font-style:italic;text-anchor:middle"),
        ("shape", "fill", "quiet", ";font-size:11px;text-anchor:middle"),
    )
)
MARKS = {
    "right": "✓",
    "wrong": "✗",
    "unknown": "?",
    "chosen": "▶",
}  # the sign beside the colour, which is never the only cue
MARK_STYLE = theme.css_variables(f"{DARK} .nbkit", theme.DARK_VERDICTS) + theme.css_rules(
    ("mark-right rect", "stroke", "right", ";stroke-width:3"),
    ("mark-wrong rect", "stroke", "wrong", ";stroke-width:4"),
    ("mark-unknown rect", "stroke", "quiet", ";stroke-width:1.5;stroke-dasharray:4 3"),
    ("mark-chosen rect", "stroke", "value", ";stroke-width:4"),
    ("sign", "fill", "ground", ";font-size:12px;font-weight:bold;text-anchor:middle"),
    *(
        (f"mark-{mark} circle", "fill", role, "")
        for mark, role in (("right", "right"), ("wrong", "wrong"), ("unknown", "quiet"), ("chosen", "value"))
    ),
)


def svg_of(graph, *, values=True, gradients=True, shapes=True):
    """Return a picture of `graph` as SVG text; who draws the same graph again keeps a `GraphRenderer`.

    Parameters
    ----------
    graph : Graph
    values, gradients, shapes : bool
        What the edges show; gradients appear only after a ``backward``.

    Returns
    -------
    str
    """
    numbers = values or (gradients and graph.output.grad is not None)
    return GraphRenderer(graph, shapes=shapes, numbers=numbers).svg(values=values, gradients=gradients)


class GraphRenderer:
    """Draws one graph again and again: all that does not depend on its numbers is made once.

    Parameters
    ----------
    graph : Graph
    shapes : bool
        Write the shape of an array beside its numbers.
    numbers : bool
        Leave room for numbers on the edges.
    touch : bool
        Let an `SvgView` tell when a node is pressed, by its id as ``data-item``.
    """

    def __init__(self, graph, *, shapes=True, numbers=True, touch=False):
        self.graph, self.shapes = graph, shapes
        self.scene, self.times = scene_of(graph), schedule_of(graph)
        self.complete = {i: self.times.backward[v] for v, met in self.times.fan_outs.items() for i, _n in met}
        boxes = {node.id: node_box(node) for node in self.scene.nodes}
        boxes |= {edge.id: label_box(edge, shapes, numbers) for edge in self.scene.edges}
        ends = tuple(pair for edge in self.scene.edges for pair in ((edge.tail, edge.id), (edge.id, edge.head)))
        self.layout = place(tuple(boxes.values()), ends)
        self.lines = {edge.id: _line(edge, boxes[edge.id], self.layout) for edge in self.scene.edges}
        self.shapes_of_nodes = {
            node.id: _outline(node, boxes[node.id], self.layout.centers[node.id], self.times, touch)
            for node in self.scene.nodes
            if node.lines
        }

    def svg(self, *, values=True, gradients=True, marks=None):
        """Return the picture with the present numbers.

        Parameters
        ----------
        values, gradients : bool
            What the edges show.
        marks : dict of Variable to str, optional
            A sign for some nodes: "right", "wrong", "unknown" or "chosen".
        """
        marks = marks or {}
        width, height = self.layout.width + 2 * MARGIN, self.layout.height + 2 * MARGIN
        scale = min(1.0, max(SMALLEST, WIDEST / width))
        return "".join(
            [
                f'<svg xmlns="http://www.w3.org/2000/svg" class="nbkit" role="img" width="{scale * width:g}" '
                f'height="{scale * height:g}" viewBox="{-MARGIN} {-MARGIN} {width:g} {height:g}">'
                f"<title>{_('Computation graph')}</title><desc>{escape(describe(self.graph, values))}</desc>"
                f"<style>{STYLE}{MARK_STYLE if marks else ''}</style>"
                f"<metadata>{escape(self._script(gradients))}</metadata>"
                f'<rect class="ground" x="{-MARGIN}" y="{-MARGIN}" width="{width:g}" height="{height:g}" rx="6"/>',
                *(self._edge(edge, values, gradients) for edge in self.scene.edges),
                *(self._node(node, gradients, marks.get(node.variable)) for node in self.scene.nodes if node.lines),
                "</svg>",
            ]
        )

    def _script(self, gradients):
        """What the browser needs to play the graph by itself: a sentence for each step, the facts about each node."""
        nodes = {self.graph.id(v): node_facts(v, gradients) for v in self.times.forward}
        script = {"steps": sentences(self.graph, self.times), "nodes": nodes}
        return json.dumps(script, ensure_ascii=False, separators=(",", ":"))

    def _edge(self, edge, values, gradients):
        x, y = self.layout.centers[edge.id]
        value, gradient, times = edge.value, edge.gradient, self.times
        arrives, returns = times.forward.get(edge.source, 0), times.backward.get(edge.target, times.turn)
        parts = [self.lines[edge.id]]
        if values:
            parts.append(f'<g data-from="{arrives}">{_label(value, x, y, "val", "", self.shapes)}</g>')
        if gradients and gradient is not None:
            parts.append(f'<g data-from="{returns}">{_label(gradient, x, y, "grad", "← ", self.shapes)}</g>')
        hover = _("value {}").format(exact(value))
        if gradient is not None:
            hover += "\n" + _("gradient {}").format(exact(gradient))
        acts = {arrives, returns, times.forward.get(edge.target), times.backward.get(edge.source)} - {0, None}
        at = " ".join(map(str, sorted(acts)))
        return f'<g data-edge="{attribute(edge.id)}" data-at="{at}">{"".join(parts)}<title>{escape(hover)}</title></g>'

    def _node(self, node, gradients, mark):
        v, (x, y) = node.variable, self.layout.centers[node.id]
        lines = [("name", 0, escape(line)) for line in node.lines]
        if gradients and node.fans_out and v.grad is not None:
            lines.append(("grad", self.complete[v], _("sum {}").format(number(v.grad))))
        first = y - LINE * (len(lines) - 1) / 2 + FONT * 0.36
        text = "".join(
            f'<text class="{kind}" data-from="{step}" x="{x:g}" y="{first + LINE * j:g}">{line}</text>'
            for j, (kind, step, line) in enumerate(lines)
        )
        if mark is None:
            return f"{self.shapes_of_nodes[node.id]}{text}</g>"
        rectangle = node_box(node)
        corner_x, corner_y = x + 0.35 * rectangle.width, y - 0.42 * rectangle.height
        sign = (
            f'<circle cx="{corner_x:g}" cy="{corner_y:g}" r="9"/>'
            f'<text class="sign" x="{corner_x:g}" y="{corner_y + 4.5:g}">{MARKS[mark]}</text>'
        )
        return f'<g class="mark-{mark}">{self.shapes_of_nodes[node.id]}{text}{sign}</g></g>'


def _outline(node, box, center, times, touch=False):
    """Open the group of a node and draw its shape."""
    (x, y), w, h = center, box.width, box.height
    radius = min(w, h) / 2 if node.round else 6
    v = node.variable
    at = f' data-at="{times.forward[v]} {times.backward[v]}"' if v in times.forward else ""
    at += f' data-item="{attribute(node.id)}" style="cursor:pointer"' if touch else ""
    return (
        f'<g data-node="{attribute(node.id)}"{at}><rect class="{"op" if node.round else "in"}" x="{x - w / 2:g}" '
        f'y="{y - h / 2:g}" width="{w:g}" height="{h:g}" rx="{radius:g}"/>'
    )


def _line(edge, box, layout):
    """Draw the edge's line through its numbers, with an arrow tip where it arrives."""
    x, y = layout.centers[edge.id]
    left, right = layout.curves[edge.tail, edge.id], layout.curves[edge.id, edge.head]
    return (
        f'<path class="line" d="{left}M{x - box.width / 2:g} {y:g}H{x + box.width / 2:g}{right}"/>'
        f'<path class="tip" d="M-8 -4L0 0L-8 4Z" transform="{_tip(right)}"/>'
    )


@lru_cache(maxsize=4096)
def _tip(curve):
    """Place an arrow tip at the end of a curve, turned as the curve arrives."""
    points = [tuple(map(float, pair)) for pair in zip(*[iter(curve[1:].replace("C", " ").split())] * 2, strict=True)]
    (x1, y1), (x0, y0) = points[-1], next((p for p in reversed(points[:-1]) if p != points[-1]), points[0])
    return f"translate({x1:g} {y1:g}) rotate({degrees(atan2(y1 - y0, x1 - x0)):.0f})"


def _label(value, x, y, kind, prefix, shapes):
    """Write a value above its line, or a gradient below it: a number, a small table, or a shape alone."""
    shape = shape_text(value)
    if not shape:
        dy = -6 if kind == "val" else LINE
        return f'<text class="{kind}" x="{x:g}" y="{y + dy:g}">{prefix}{number(value)}</text>'
    rows = table(value)
    lines = []
    if shapes or not rows:
        lines.append(f'<text class="{"shape" if rows else kind}" x="{x:g}" y="{{y:g}}">{prefix}{shape}</text>')
        prefix = ""
    for row in rows:
        start = x - (len(row) - 1) * CELL / 2
        cells = "".join(f'<tspan font-size="12" x="{start + j * CELL:g}">{cell}</tspan>' for j, cell in enumerate(row))
        lines.append(f'<text class="{kind}" y="{{y:g}}">{cells}</text>')
    first = y - 6 - LINE * (len(lines) - 1) if kind == "val" else y + LINE
    return "".join(line.format(y=first + LINE * j) for j, line in enumerate(lines))
