"""From a graph to a picture: values above the lines, gradients below, the same bytes for the same graph."""

from functools import lru_cache
from itertools import zip_longest
from math import atan2, degrees

from nbkit.drawing import theme
from nbkit.drawing.graph.layout import CELL, CELL_FONT, label_box, node_box, place
from nbkit.drawing.graph.names import names_in
from nbkit.drawing.graph.scene import scene_of
from nbkit.drawing.graph.steps import all_slopes, brief, node_facts, schedule_of, sentences
from nbkit.drawing.graph.words import describe
from nbkit.drawing.markup import Markup, as_json, element, escape, join, tag
from nbkit.drawing.picture import Mark, Picture
from nbkit.drawing.text import FONT, LINE_HEIGHT, rise
from nbkit.formatting import exact, number, shape_text, table
from nbkit.messages import _

PICTURE_MARGIN = 10  # pixels around the graph
MAX_UNSCALED_WIDTH = 880  # pixels: about the width of a notebook page, which does not shrink a picture by itself
MIN_SCALE = 0.7  # of the natural size: what is wider still scrolls instead of becoming too small to read

# A sum stands below its node, where a line may run.
HALO = theme.halo(4)

HOLE = Markup("\0")  # where a number will stand: no text in markup can hold it
SIGNS = {"val": "", "grad": "← "}  # before a number
# Only what is seen says its number in full: a player hides a label whose step is yet to come, with its title.
TITLES = {
    kind: tag("title", escape(words).format(HOLE))
    for kind, words in {"val": _("value {}"), "grad": _("gradient {}")}.items()
}

# Beside the colour, which is never the only cue.
VERDICT_SIGNS = {"right": "✓", "wrong": "✗", "unknown": "?", "chosen": "▶"}
VERDICT_STYLE = theme.css_variables(theme.IN_THE_DARK, theme.DARK_VERDICTS) + theme.css_rules(
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


class GraphRenderer:
    """Draws one graph repeatedly: all that does not depend on its numbers is made once.

    Parameters
    ----------
    graph : Graph
    shapes : bool
        Write the shape of an array beside its numbers.
    numbers : bool
        Leave room for numbers on the edges.

    Attributes
    ----------
    scene : Scene
    times : Schedule
    names : dict of Variable to str
        What sentences call each node.
    boxes : dict of str to Box
        The size of each node and edge, by its id.
    layout : Layout
    view_box : (left, top, width, height)
        Of the picture, in pixels of the layout.
    lines, outlines : dict of str to Markup
        The line of each edge, and the shape of each node, by its id.
    """

    def __init__(self, graph, *, shapes=True, numbers=True):
        self.graph, self.shapes = graph, shapes
        self.scene, self.times = scene_of(graph), schedule_of(graph)
        self.names, self.until = names_in(self.scene), None
        self.boxes = {node.id: node_box(node) for node in self.scene.nodes}
        self.boxes |= {edge.id: label_box(edge, shapes, numbers) for edge in self.scene.edges}
        ends = tuple(pair for edge in self.scene.edges for pair in ((edge.tail, edge.id), (edge.id, edge.head)))
        self.layout = place(tuple(self.boxes.values()), ends)
        width, height = (side + 2 * PICTURE_MARGIN for side in (self.layout.width, self.layout.height))
        self.view_box = (-PICTURE_MARGIN, -PICTURE_MARGIN, width, height)
        self.lines = {edge.id: self._line(edge) for edge in self.scene.edges}
        self.outlines = {node.id: self._outline(node) for node in self.scene.nodes if node.lines}
        self.frames = {}  # what stands around the numbers of an edge
        self.drawn = {}  # nodes in which no number stands
        self.complete = {i: self.times.backward[v] for v, met in self.times.fan_outs.items() for i, _n in met}

    def picture(self, *, values=True, gradients=True, marks=None, clickable=(), extra=(), step=None):
        """Return a `Picture` with the present numbers.

        Its marks are the nodes (``sign``, ``clickable``) and the edges (``value``, ``gradient``, None where they are
        not shown), by their ids.

        Parameters
        ----------
        values, gradients : bool
            What the edges show.
        marks : dict of Variable to str, optional
            A sign for some nodes: "right", "wrong", "unknown" or "chosen".
        clickable : set of str or True
            Ids of the nodes whose clicks an `SvgView` reports, by ``data-item``; True for all.
        extra : sequence of Markup
            Drawn in front of the rest.
        step : int, optional
            Leave out the numbers that come after this step, for a still picture of a player.
        """
        self.until = step
        marks, (_left, _top, width, height) = marks or {}, self.view_box
        scale = min(1.0, max(MIN_SCALE, MAX_UNSCALED_WIDTH / width))
        parts = [tag("metadata", self.script(gradients))]
        parts += [self._edge(edge, values, gradients) for edge in self.scene.edges]
        for node in self.scene.nodes:
            if node.lines:
                is_clickable = clickable is True or node.id in clickable
                parts.append(self._node(node, gradients, marks.get(node.variable), is_clickable))
        return Picture(
            _("Computation graph"),
            describe(self.graph, values and self._is_seen(self.times.turn - 1)),
            [*parts, *extra],
            scale * width,
            scale * height,
            sheet=theme.STYLE + (VERDICT_STYLE if marks else ""),
            view_box=self.view_box,
        )

    def script(self, gradients):
        """Return what a page needs to play the graph by itself: a sentence for each step, the facts of each node."""
        slopes = all_slopes(self.times)
        steps = sentences(self.graph, self.times, self.names, slopes)
        told = slopes if gradients else {}
        nodes = {self.graph.id(v): node_facts(v, told.get(v))._asdict() for v in self.times.forward}
        return as_json({"steps": steps, "turn": self.times.turn, "nodes": nodes})

    def _is_seen(self, step):
        """Tell whether what comes in a step is in the picture."""
        return self.until is None or step <= self.until

    # ------------------------------------------------------------ edges

    def _line(self, edge):
        """Draw the edge's line through its numbers, with an arrow tip where it arrives."""
        (x, y), half = self.layout.centers[edge.id], self.boxes[edge.id].width / 2
        left, right = self.layout.curves[edge.tail, edge.id], self.layout.curves[edge.id, edge.head]
        line = tag("path", class_="line", d=f"{left}M{x - half:g} {y:g}H{x + half:g}{right}")
        return join([line, tag("path", class_="tip", d="M-8 -4L0 0L-8 4Z", transform=tip_at(right))])

    def _steps(self, edge):
        """Return the steps in which its value and its gradient appear."""
        return self.times.forward.get(edge.source, 0), self.times.backward.get(edge.target, self.times.turn)

    def _edge(self, edge, values, gradients):
        (arrives, returns), gradient = self._steps(edge), edge.gradient
        sent = gradient is not None or self.graph.output.grad is None  # before backward nothing is known of it
        value = edge.value if values and self._is_seen(arrives) else None
        gradient = gradient if gradients and self._is_seen(returns) else None
        shown, texts = [], []
        for kind, x in (("val", value), ("grad", gradient)):
            if x is not None:
                is_array = bool(shape_text(x))
                shown.append((kind, is_array))
                texts += [self._table(edge, kind, x)] if is_array else [exact(x), brief(x)]
        key = (edge.id, sent, *shown)
        if key not in self.frames:
            self.frames[key] = self._frame(edge, sent, shown)
        pieces = self.frames[key]
        filled = [part for pair in zip_longest(pieces, texts, fillvalue="") for part in pair]
        return Mark(join(filled), edge.id, value=value, gradient=gradient)

    def _frame(self, edge, sent, shown):
        """Return an edge in pieces; between them belong its numbers, each in full and short, or its arrays.

        It says when its ends act, going left only if a gradient is `sent`.
        """
        (arrives, returns), times = self._steps(edge), self.times
        acts = {arrives, times.forward.get(edge.target)}
        if sent:
            acts |= {returns, times.backward.get(edge.source)}
        labels = [HOLE if is_array else self._label(edge, kind) for kind, is_array in shown]
        ends = {"data_tail": edge.tail, "data_head": edge.head}
        acts = " ".join(map(str, sorted(acts - {0, None})))
        return tag("g", self.lines[edge.id], labels, data_edge=edge.id, **ends, data_at=acts).split(HOLE)

    def _label(self, edge, kind):
        """Make room for a number: a value above its line, a gradient below it."""
        (x, y), step = self.layout.centers[edge.id], self._steps(edge)[kind == "grad"]
        place = {"x": float(x), "y": float(y - 6 if kind == "val" else y + LINE_HEIGHT)}
        return tag("g", TITLES[kind], tag("text", SIGNS[kind], HOLE, class_=kind, **place), data_from=step)

    def _table(self, edge, kind, value):
        """Write an array row by row below its shape, or its shape alone."""
        (x, y), prefix, shape = self.layout.centers[edge.id], SIGNS[kind], shape_text(value)
        rows = table(value)
        lines = [("shape" if rows else kind, float(x), prefix + shape)] if self.shapes or not rows else []
        for row in rows:
            start = x - (len(row) - 1) * CELL / 2
            cells = [
                element("tspan", font_size=CELL_FONT, x=float(start + j * CELL))(cell) for j, cell in enumerate(row)
            ]
            lines.append((kind, None, cells))
        first = y - 6 - LINE_HEIGHT * (len(lines) - 1) if kind == "val" else y + LINE_HEIGHT
        texts = []
        for j, (which, left, text) in enumerate(lines):
            texts.append(element("text", class_=which, x=left, y=float(first + LINE_HEIGHT * j))(text))
        before, after = TITLES[kind].split(HOLE)
        return tag("g", [before, exact(value), after], texts, data_from=self._steps(edge)[kind == "grad"])

    # ------------------------------------------------------------ nodes

    def _outline(self, node):
        (x, y), (_id, _kind, width, height, _below) = self.layout.centers[node.id], self.boxes[node.id]
        radius = min(width, height) / 2 if node.round else 6
        place = {"x": x - width / 2, "y": y - height / 2, "width": float(width), "height": float(height)}
        return tag("rect", class_="op" if node.round else "in", **place, rx=float(radius))

    def text_in(self, node):
        """Return the lines of a node's text in its middle."""
        x, y = self.layout.centers[node.id]
        first = y - LINE_HEIGHT * (len(node.lines) - 1) / 2 + FONT * 0.36
        return join(
            tag("text", line, class_="name", x=float(x), y=float(first + LINE_HEIGHT * j))
            for j, line in enumerate(node.lines)
        )

    def _node(self, node, gradients, mark, is_clickable):
        shows_sum, key = gradients and node.fans_out and node.variable.grad is not None, (node.id, mark, is_clickable)
        if shows_sum and self._is_seen(self.complete[node.variable]):
            return self._draw_node(node, True, mark, is_clickable)
        if key not in self.drawn:
            self.drawn[key] = self._draw_node(node, False, mark, is_clickable)
        return self.drawn[key]

    def _draw_node(self, node, shows_sum, mark, is_clickable):
        v, (x, y), times = node.variable, self.layout.centers[node.id], self.times
        parts = [self.outlines[node.id], self.text_in(node)]
        if shows_sum:
            text = _("sum {}").format(number(v.grad))
            place = {"x": float(x), "y": float(y + self.boxes[node.id].height / 2 + FONT + rise(text))}
            parts.append(tag("text", text, class_="grad", data_from=self.complete[v], style=HALO, **place))
        if mark:
            box = self.boxes[node.id]
            corner_x, corner_y = float(x + 0.35 * box.width), float(y - 0.42 * box.height)
            parts.append(tag("circle", cx=corner_x, cy=corner_y, r=9))
            parts.append(tag("text", VERDICT_SIGNS[mark], class_="sign", x=corner_x, y=corner_y + 4.5))
        look = {"class_": mark and f"mark-{mark}", "data_node": node.id}
        if v in times.forward:
            look["data_at"] = f"{times.forward[v]} {times.backward[v]}"
        if is_clickable:
            look |= {"data_item": node.id, "style": "cursor:pointer"}
        return Mark(tag("g", *parts, **look), node.id, sign=mark, clickable=is_clickable)


@lru_cache(maxsize=4096)
def tip_at(curve):
    """Place an arrow tip at the end of a curve, turned as the curve arrives."""
    points = [tuple(map(float, pair)) for pair in zip(*[iter(curve[1:].replace("C", " ").split())] * 2, strict=True)]
    (x1, y1), (x0, y0) = points[-1], next((p for p in reversed(points[:-1]) if p != points[-1]), points[0])
    return f"translate({x1:g} {y1:g}) rotate({degrees(atan2(y1 - y0, x1 - x0)):.0f})"
