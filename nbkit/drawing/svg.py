"""From a graph to SVG text: values above the lines, gradients below, the same bytes for the same graph."""

from functools import lru_cache
from xml.sax.saxutils import escape

from nbkit._text import _
from nbkit.drawing import palette
from nbkit.drawing.layout import place
from nbkit.drawing.numbers import exact, number, shape_text, table
from nbkit.drawing.scene import CELL, FONT, LINE, describe, label_box, node_box, scene_of

MARGIN = 10

STYLE = (
    f".nbkit{{max-width:100%;height:auto;font-family:'DejaVu Sans',Verdana,sans-serif;font-size:{FONT}px}}"
    + palette.css_variables("body[data-jp-theme-light='false'] .nbkit", palette.DARK)
    + "".join(
        f".nbkit .{name}{{{what}:{palette.LIGHT[role]};{what}:{palette.paint(role)}{more}}}"
        for name, what, role, more in (
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
)


def svg_of(graph, *, values=True, gradients=True, shapes=True):
    """Return a picture of `graph` as SVG text.

    Parameters
    ----------
    graph : Graph
    values, gradients, shapes : bool
        What the edges show; gradients appear only after a ``backward``.

    Returns
    -------
    str
    """
    scene = scene_of(graph)
    boxes = tuple(node_box(node) for node in scene.nodes) + tuple(label_box(edge, shapes) for edge in scene.edges)
    lines = tuple(pair for edge in scene.edges for pair in ((edge.tail, edge.id), (edge.id, edge.head)))
    layout = place(boxes, lines)
    by_id = {box.id: box for box in boxes}
    width, height = layout.width + 2 * MARGIN, layout.height + 2 * MARGIN
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="nbkit" role="img" width="{width:g}" height="{height:g}" '
        f'viewBox="{-MARGIN} {-MARGIN} {width:g} {height:g}">',
        f"<title>{_('Computation graph')}</title><desc>{escape(describe(graph))}</desc><style>{STYLE}</style>",
        f'<rect class="ground" x="{-MARGIN}" y="{-MARGIN}" width="{width:g}" height="{height:g}" rx="6"/>',
    ]
    parts += [_edge(edge, by_id[edge.id], layout, values, gradients, shapes) for edge in scene.edges]
    parts += [_node(node, by_id[node.id], layout.centers[node.id], gradients) for node in scene.nodes]
    return "".join(parts) + "</svg>"


def _edge(edge, box, layout, values, gradients, shapes):
    x, y = layout.centers[edge.id]
    gradient = edge.gradient
    parts = [_line(edge, box, layout)]
    if values:
        parts.append(_label(edge.value, x, y, "val", "", shapes))
    if gradients and gradient is not None:
        parts.append(_label(gradient, x, y, "grad", "← ", shapes))
    hover = _("value {}").format(exact(edge.value))
    if gradient is not None:
        hover += "\n" + _("gradient {}").format(exact(gradient))
    return f'<g data-edge="{edge.id}">{"".join(parts)}<title>{escape(hover)}</title></g>'


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
    from math import atan2, degrees

    points = [tuple(map(float, pair)) for pair in zip(*[iter(curve[1:].replace("C", " ").split())] * 2, strict=True)]
    (x1, y1), (x0, y0) = points[-1], next((p for p in reversed(points[:-1]) if p != points[-1]), points[0])
    return f"translate({x1:g} {y1:g}) rotate({degrees(atan2(y1 - y0, x1 - x0)):.0f})"


def _label(value, x, y, kind, prefix, shapes):
    """Write a value above its line, or a gradient below it: a number, a small table, or a shape alone."""
    rows = table(value)
    shape = shape_text(value)
    if not shape:
        dy = -6 if kind == "val" else LINE
        return f'<text class="{kind}" x="{x:g}" y="{y + dy:g}">{prefix}{number(value)}</text>'
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


def _node(node, box, center, gradients):
    if not node.lines:
        return ""
    x, y = center
    w, h = box.width, box.height
    radius = min(w, h) / 2 if node.round else 6
    lines = [("name", escape(line)) for line in node.lines]
    if gradients and node.fans_out and node.variable.grad is not None:
        lines.append(("grad", _("sum {}").format(number(node.variable.grad))))
    first = y - LINE * (len(lines) - 1) / 2 + FONT * 0.36
    text = "".join(
        f'<text class="{kind}" x="{x:g}" y="{first + LINE * j:g}">{line}</text>' for j, (kind, line) in enumerate(lines)
    )
    return (
        f'<g data-node="{escape(node.id)}"><rect class="{"op" if node.round else "in"}" x="{x - w / 2:g}" '
        f'y="{y - h / 2:g}" width="{w:g}" height="{h:g}" rx="{radius:g}"/>{text}</g>'
    )
