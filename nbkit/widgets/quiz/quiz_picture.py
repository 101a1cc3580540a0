"""The picture of a quiz: a box for every number that is asked, and no trace of the answers."""

from nbkit.drawing.graph.renderer import MARGIN, STYLE, WIDEST
from nbkit.drawing.graph.scene import FONT, LINE
from nbkit.drawing.markup import attribute, escape
from nbkit.formatting import number
from nbkit.messages import _

ZOOM, SMALLEST = 1.2, 0.85  # a box to type in wants more room than a number to read; below that the picture scrolls


def picture(painter, blanks, direction, still=False):
    """Draw the graph with a box for every blank.

    What is asked is not hidden but never written: neither the painter's own text nor its story is used here.

    Parameters
    ----------
    painter : Painter
        Whose geometry is used.
    blanks : dict of str to Blank
        In the order in which Tab goes through the boxes.
    direction : "forward" or "backward"
    still : bool
        Draw boxes with a question mark, for a page in which nobody can type.
    """
    width, height = painter.layout.width + 2 * MARGIN, painter.layout.height + 2 * MARGIN
    zoom = min(ZOOM, max(SMALLEST, WIDEST / width))
    name = escape(_("Computation graph with {} numbers to find").format(len(blanks)))
    return "".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" class="nbkit" role="group" aria-label="{name}" '
            f'width="{zoom * width:g}" height="{zoom * height:g}" style="min-width:{SMALLEST * width:g}px" '
            f'viewBox="{-MARGIN} {-MARGIN} {width:g} {height:g}"><style>{STYLE}</style>'
            f'<rect class="ground" x="{-MARGIN}" y="{-MARGIN}" width="{width:g}" height="{height:g}" rx="6"/>',
            *(_edge(painter, edge, blanks, direction) for edge in painter.scene.edges),
            *(_node(painter, node, blanks) for node in painter.scene.nodes if node.lines),
            *(_box(painter, blank, still) for blank in blanks.values()),
            "</svg>",
        ]
    )


def _edge(painter, edge, blanks, direction):
    """Draw a line with the numbers that are given; a value that is asked elsewhere shows there and here."""
    (x, y), v, shown = painter.layout.centers[edge.id], edge.source, ""
    asked = blanks.get(painter.graph.id(v))
    if direction == "backward" or v.layer is None:
        shown = f'<text class="val" x="{x:g}" y="{y - 6:g}">{number(v.value)}</text>'
    elif asked.edge.id != edge.id:
        shown = f'<text class="val" data-same="{asked.id}" x="{x:g}" y="{y - 6:g}">?</text>'
    if direction == "backward" and edge.target is None:
        shown += f'<text class="grad" x="{x:g}" y="{y + LINE:g}">← {number(edge.gradient)}</text>'
    return f"<g>{painter.lines[edge.id]}{shown}</g>"


def _node(painter, node, blanks):
    """Draw a node; one with a sum to find leaves room below its name."""
    x, y = painter.layout.centers[node.id]
    has_sum = f"{node.id}.sum" in blanks
    first = y - LINE * (len(node.lines) + has_sum - 1) / 2 + FONT * 0.36
    text = "".join(
        f'<text class="name" x="{x:g}" y="{first + LINE * k:g}">{escape(line)}</text>'
        for k, line in enumerate(node.lines)
    )
    return f"{painter.shapes_of_nodes[node.id]}{text}</g>"


def _box(painter, blank, still):
    """Draw the box of a blank where its number would stand, with the sign that tells what kind of number it is."""
    x, y = painter.layout.centers[painter.graph.id(blank.variable) if blank.kind == "sum" else blank.edge.id]
    sign = ""
    if blank.kind == "value":
        left, top, width, height = x - 40, y - 23.5, 80, 21
    elif blank.kind == "gradient":
        left, top, width, height = x - 30, y + 2.5, 76, 21
        sign = f'<text class="grad" x="{x - 38:g}" y="{y + LINE + 1.5:g}">←</text>'
    else:
        lines = next(len(node.lines) for node in painter.scene.nodes if node.variable is blank.variable)
        left, top, width, height = x - 15, y + LINE * lines / 2 - 7, 58, 18
        sign = f'<text class="shape" x="{x - 30:g}" y="{top + 13:g}">{_("sum")}</text>'
    if still:
        middle = f'x="{left + width / 2:g}" y="{top + height / 2 + FONT * 0.36:g}"'
        return (
            f'{sign}<rect class="ground" x="{left:g}" y="{top:g}" width="{width:g}" height="{height:g}" rx="4"/>'
            f'<rect class="line" x="{left:g}" y="{top:g}" width="{width:g}" height="{height:g}" rx="4"/>'
            f'<text class="shape" {middle}>?</text>'
        )
    return (
        f'{sign}<foreignObject x="{left:g}" y="{top:g}" width="{width:g}" height="{height:g}">'
        f'<div xmlns="http://www.w3.org/1999/xhtml" class="nbkit-box {blank.kind}" data-blank="{attribute(blank.id)}">'
        f'<input type="text" autocomplete="off" spellcheck="false" maxlength="60" placeholder="?" '
        f'aria-label="{attribute(blank.name)}"/><span aria-hidden="true"></span></div></foreignObject>'
    )
