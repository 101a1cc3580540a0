"""The picture of a quiz: a box for every number that is asked, and no trace of the answers."""

from nbkit.drawing.graph.renderer import MAX_UNSCALED_WIDTH
from nbkit.drawing.markup import element, tag
from nbkit.drawing.picture import Picture
from nbkit.drawing.text import FONT, LINE_HEIGHT
from nbkit.drawing.theme import STYLE
from nbkit.formatting import number
from nbkit.messages import _

ZOOM, MIN_ZOOM = 1.2, 0.85  # a box to type in needs more room than a number to read; below that the picture scrolls
XHTML = "http://www.w3.org/1999/xhtml"


def quiz_picture(renderer, blanks, direction, still=False):
    """Draw the graph with a box for every blank, in the order of Tab, or with a question mark where it is `still`."""
    # The answers are not hidden but never written: the renderer gives its geometry only.
    _left, _top, width, height = renderer.view_box
    zoom = min(ZOOM, max(MIN_ZOOM, MAX_UNSCALED_WIDTH / width))
    parts = [_edge(renderer, edge, blanks, direction) for edge in renderer.scene.edges]
    for node in renderer.scene.nodes:
        if node.lines:
            parts.append(tag("g", renderer.outlines[node.id], renderer.text_in(node), data_node=node.id))
    parts += [_box(renderer, blank, still) for blank in blanks.values()]
    words = _("Computation graph with {} numbers to find").format(len(blanks))
    return Picture(
        _("Quiz"), words, parts, zoom * width, zoom * height,
        role="group", sheet=STYLE, view_box=renderer.view_box, look=f"min-width:{MIN_ZOOM * width:g}px",
    )  # fmt: skip


def _edge(renderer, edge, blanks, direction):
    """Draw a line with the numbers that are given; a value that is asked elsewhere shows there and here."""
    (x, y), v, shown = renderer.layout.centers[edge.id], edge.source, []
    asked = blanks.get(renderer.graph.id(v))
    if direction == "backward" or v.layer is None:
        shown.append(tag("text", number(v.value), class_="val", x=float(x), y=float(y - 6)))
    elif asked.edge.id != edge.id:
        shown.append(tag("text", "?", class_="val", data_same=asked.id, x=float(x), y=float(y - 6)))
    if direction == "backward" and edge.target is None:
        shown.append(tag("text", f"← {number(edge.gradient)}", class_="grad", x=float(x), y=float(y + LINE_HEIGHT)))
    return tag("g", renderer.lines[edge.id], shown)


def _box(renderer, blank, still):
    """Draw the box of a blank where its number would stand, with the symbol of its kind of number."""
    x, y = renderer.layout.centers[renderer.graph.id(blank.variable) if blank.kind == "sum" else blank.edge.id]
    symbol, asked = [], "?"
    if blank.kind == "value":
        left, top, width, height = x - 40, y - 23.5, 80, 21
    elif blank.kind == "gradient":
        left, top, width, height = x - 30, y + 2.5, 76, 21
        symbol = tag("text", "←", class_="grad", x=x - 38.0, y=y + LINE_HEIGHT + 1.5)
    else:
        below = y + renderer.boxes[renderer.graph.id(blank.variable)].height / 2
        left, top, width, height, asked = x - 29, below + 3, 58, 18, _("sum ?")
    place = {"x": float(left), "y": float(top), "width": width, "height": height}
    if still:
        middle = {"x": left + width / 2, "y": top + height / 2 + FONT * 0.36}
        sides = [tag("rect", class_=kind, **place, rx=4) for kind in ("ground", "line")]
        return [symbol, sides, tag("text", asked, class_="shape", **middle)]
    field = tag(
        "input", type="text", autocomplete="off", spellcheck="false", maxlength=60, placeholder=asked,
        aria_label=blank.name,
    )  # fmt: skip
    box = tag(
        "div", field, element("span", aria_hidden="true")(),  # in HTML, an empty one has an end all the same
        xmlns=XHTML, class_=f"nbkit-box {blank.kind}", data_blank=blank.id,
    )  # fmt: skip
    return [symbol, tag("foreignObject", box, **place)]
