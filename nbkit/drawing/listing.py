"""Lines of code as a picture beside a graph: the line that runs now is marked, and any line can be clicked."""

from typing import NamedTuple

from nbkit.drawing import theme
from nbkit.drawing.markup import tag, truncated
from nbkit.drawing.picture import Mark, Picture
from nbkit.drawing.text import text_width
from nbkit.messages import _

FIRST_ROW_TOP = 26  # pixels above the first line: the names of the columns stand there
ROW_HEIGHT = 24  # pixels from one line to the next
CODE_LEFT = 34  # pixels: where the code begins; the marker of a line stands left of it
COLUMN_GAP = 26  # pixels between two columns
LETTER_WIDTH = 7.83  # pixels: the width of a character at 13 pixels, in a font in which all are equally wide
CODE = f"font-family:'DejaVu Sans Mono',Menlo,Consolas,monospace;fill:{theme.css_colour('text')};white-space:pre"
MARKED = f"fill:{theme.css_colour('input')};stroke:{theme.css_colour('value')}"
UNMARKED = "fill:transparent;stroke:transparent"


class Row(NamedTuple):
    """A line of code."""

    code: str
    cells: tuple = ()  # what stands beside it: texts, each with its style, "val", "grad" or "shape"
    sign: str = ""  # stands before a line that is marked, such as "▶"


def code_listing(rows, heads, title, words, widths=()):
    """Draw lines of code, one below the other.

    Parameters
    ----------
    rows : sequence of Row
        Each can be clicked; its ``data-item`` is its number from 0.
    heads : sequence of str
        Names of the columns: of the code, and of each cell.
    title, words : str
    widths : sequence of float, optional
        Least widths of the columns in pixels, so that changing numbers do not move them.

    Returns
    -------
    Picture
        Its marks are the lines, ``row 0``, ``row 1``, ..., with what each `Row` holds.
    """
    rows = [row._replace(code=truncated(row.code)) for row in rows]
    columns = [max([LETTER_WIDTH * len(row.code) for row in rows] + [text_width(heads[0])])]
    for k, head in enumerate(heads[1:]):
        columns.append(max(text_width(text) for text in [head, *(row.cells[k][0] for row in rows)]))
    columns = [max(width, *widths[k : k + 1], 0.0) for k, width in enumerate(columns)]
    starts = [CODE_LEFT + sum(columns[:k]) + COLUMN_GAP * k for k in range(len(columns))]
    width = round(starts[-1] + columns[-1] + 14)
    names = [tag("text", head, class_="tick", x=f"{x:.1f}", y=18) for x, head in zip(starts, heads, strict=True)]
    lines = [_line(number, row, starts, width) for number, row in enumerate(rows)]
    return Picture(title, words, [names, *lines], width, FIRST_ROW_TOP + ROW_HEIGHT * len(rows) + 8)


def _line(number, row, starts, width):
    top, marked = FIRST_ROW_TOP + ROW_HEIGHT * number, bool(row.sign)
    below, weight = top + 16, "bold" if marked else None
    name = _("{code} (now)").format(code=row.code) if marked else row.code
    style = f"{MARKED if marked else UNMARKED};stroke-width:1.5;pointer-events:all"
    parts = [tag("title", name), tag("rect", x=6, y=top, width=width - 12, height=ROW_HEIGHT - 2, rx=4, style=style)]
    if marked:
        parts.append(tag("text", row.sign, class_="val", x=19, y=below))
    parts.append(tag("text", row.code, x=f"{starts[0]:.1f}", y=below, style=CODE, font_weight=weight))
    for x, (text, kind) in zip(starts[1:], row.cells, strict=True):
        style = "text-anchor:start;font-size:13px"
        parts.append(tag("text", text, class_=kind, x=f"{x:.1f}", y=below, style=style))
    line = tag("g", *parts, data_item=number, data_row=number, style="cursor:pointer")
    return Mark(line, f"row {number}", **row._asdict())
