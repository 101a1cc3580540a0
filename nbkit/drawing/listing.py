"""Lines of code as a picture beside a graph: the line that runs now is marked, and any line can be pressed."""

from typing import NamedTuple

from nbkit.drawing import theme
from nbkit.drawing.chart.frame import page
from nbkit.drawing.graph.scene import text_width
from nbkit.drawing.markup import escape, label

ROW = 24  # pixels from one line to the next
LEFT = 34  # where the code begins; the sign stands before it
GAP = 26  # between two columns
LETTER = 7.83  # pixels: the width of a character at 13 pixels, in a font in which all are equally wide
TEXT = theme.css_colour("text")
CODE = "font-family:'DejaVu Sans Mono',Menlo,Consolas,monospace"


class Row(NamedTuple):
    """A line of code.

    Attributes
    ----------
    code : str
    cells : tuple of (str, str)
        What stands beside it, each text with its style: "val", "grad" or "shape".
    sign : str
        Stands before a line that is marked, such as "▶"; empty for the others.
    """

    code: str
    cells: tuple = ()
    sign: str = ""


def listing(rows, heads, title, description, widths=()):
    """Draw lines of code, one below the other.

    Parameters
    ----------
    rows : sequence of Row
        Each can be pressed; its ``data-item`` is its number from 0.
    heads : sequence of str
        Names of the columns: of the code, and of each cell.
    title, description : str
    widths : sequence of float, optional
        Least widths of the columns in pixels, so that changing numbers do not move them.

    Returns
    -------
    str
        SVG.
    """
    rows = [row._replace(code=label(row.code)) for row in rows]
    code = max([LETTER * len(row.code) for row in rows] + [text_width(heads[0])])
    columns = [code]
    for k, head in enumerate(heads[1:]):
        columns.append(max(text_width(text) for text in [head, *(row.cells[k][0] for row in rows)]))
    columns = [max(width, *widths[k : k + 1], 0.0) for k, width in enumerate(columns)]
    starts = [LEFT + sum(columns[:k]) + GAP * k for k in range(len(columns))]
    width = round(starts[-1] + columns[-1] + 14)
    parts = [
        f'<text class="tick" x="{x:.1f}" y="18">{escape(head)}</text>' for x, head in zip(starts, heads, strict=True)
    ]
    parts += [_row(number, row, starts, width) for number, row in enumerate(rows)]
    return page(parts, title, description, height=26 + ROW * len(rows) + 8, width=width)


def _row(number, row, starts, width):
    top = 26 + ROW * number
    marked = bool(row.sign)
    fill, stroke = (theme.css_colour("input"), theme.css_colour("value")) if marked else ("transparent", "transparent")
    weight = ' font-weight="bold"' if marked else ""
    name = f"{row.code}{' (now)' if marked else ''}"
    parts = [
        f'<g data-item="{number}" data-row="{number}" style="cursor:pointer"><title>{escape(name)}</title>'
        f'<rect x="6" y="{top}" width="{width - 12}" height="{ROW - 2}" rx="4" '
        f'style="fill:{fill};stroke:{stroke};stroke-width:1.5;pointer-events:all"/>',
        f'<text class="val" x="19" y="{top + 16}">{escape(row.sign)}</text>' if marked else "",
        f'<text x="{starts[0]:.1f}" y="{top + 16}" style="{CODE};fill:{TEXT};white-space:pre"{weight}>'
        f"{escape(row.code)}</text>",
    ]
    for x, (text, kind) in zip(starts[1:], row.cells, strict=True):
        parts.append(
            f'<text class="{kind}" x="{x:.1f}" y="{top + 16}" style="text-anchor:start;font-size:13px">'
            f"{escape(text)}</text>"
        )
    return "".join(parts) + "</g>"


def stacked(pictures, gap=8):
    """Put SVG pictures one below the other into one, for a page without a kernel."""
    placed, top, widest = [], 0.0, 0.0
    for svg in pictures:
        width, height = (float(svg.split(f'{side}="', 1)[1].split('"', 1)[0]) for side in ("width", "height"))
        placed.append(svg.replace("<svg ", f'<svg y="{top:g}" ', 1))
        top, widest = top + height + gap, max(widest, width)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="nbkit" role="group" width="{widest:g}" height="{top - gap:g}" '
        f'viewBox="0 0 {widest:g} {top - gap:g}">{"".join(placed)}</svg>'
    )
