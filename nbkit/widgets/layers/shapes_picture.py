"""Arrays as blocks of cells: what fits in a product, and two that do not."""

from nbkit.drawing import theme
from nbkit.drawing.chart.frame import WIDTH
from nbkit.drawing.chart.marks import text_at
from nbkit.drawing.markup import join, tag
from nbkit.drawing.picture import Mark, Picture
from nbkit.messages import _

ENTRY_SIZE = 11  # pixels
LARGE_ENTRY_SIZE = 24  # pixels, of two arrays alone
MISFIT_HEIGHT = 226
MISFIT_TOP, X_LEFT, WORDS_LEFT = 36.0, 30.0, 430.0  # pixels
MISFIT_GAP = 76  # pixels between x and W
MISFIT_STYLE = theme.CHART_STYLE + theme.css_variables(theme.IN_THE_DARK, theme.DARK_VERDICTS)
WRONG = theme.css_colour("wrong")
WORDS = f"text-anchor:start;fill:{theme.css_colour('text')}"


def matrix(left, top, shape, name, room):
    """Draw an array as cells, in the middle of a square of `room` pixels, with its name below; gradients are dashed."""
    rows, columns = shape if len(shape) == 2 else (1, *shape)
    x, y = left + (room - columns * ENTRY_SIZE) / 2, top + (room - rows * ENTRY_SIZE) / 2
    middle, bottom = left + room / 2, top + room
    names = [text_at(middle, bottom + 18, "name", name), text_at(middle, bottom + 33, "shape", str(shape))]
    look = ("gradient", "3 2") if name.startswith("d") else ("value", None)
    return join([_cells(x, y, rows, columns, ENTRY_SIZE, *look), names])


def misfit(x, W):
    """Draw x beside a W of other shape than it needs: a column of x or a row of W without a partner is marked."""
    (n, d), (rows, k), size = x, W, LARGE_ENTRY_SIZE
    w_left = X_LEFT + d * size + MISFIT_GAP
    columns = [(X_LEFT + (j + 0.5) * size, MISFIT_TOP - 8, j) for j in range(d)]
    numbers = columns + [(w_left - 12, MISFIT_TOP + (i + 0.5) * size + 5, i) for i in range(rows)]
    alone = [(X_LEFT + j * size, MISFIT_TOP, size, n * size) for j in range(rows, d)]
    alone += [(w_left, MISFIT_TOP + i * size, k * size, size) for i in range(d, rows)]
    words = [
        *_("The rule: each column of x meets\nthe row of W that has its number.").splitlines(),
        _("columns of x: {}").format(d),
        _("rows of W: {}").format(rows),
        _("without a partner: {}, marked red").format(abs(rows - d)),
    ]
    red = {"style": f"fill:{WRONG};font-weight:bold"}
    marks = [
        Mark(join([_filled(*place) for place in alone]), "alone", of="W" if rows > d else "x", n=abs(rows - d)),
        Mark(_cells(X_LEFT, MISFIT_TOP, n, d, size, "value"), "x", shape=x),
        Mark(_cells(w_left, MISFIT_TOP, rows, k, size, "wrong", "5 2"), "W", shape=W),
        [text_at(left, top, "name", j + 1, **(red if j >= min(d, rows) else {})) for left, top, j in numbers],
        text_at(w_left - 48, MISFIT_TOP + 1.5 * size + 5, "name", "@"),
        text_at(X_LEFT + d * size / 2, MISFIT_TOP + n * size + 20, "name", f"x {x}"),
        text_at(w_left + k * size / 2, MISFIT_TOP + rows * size + 20, "name", f"W {W}", **red),
        [text_at(WORDS_LEFT, MISFIT_TOP + 16 + 24 * i, "name", text, style=WORDS) for i, text in enumerate(words)],
    ]
    return Picture(_("x and W do not fit"), " ".join(words), marks, WIDTH, MISFIT_HEIGHT, sheet=MISFIT_STYLE)


def _cells(x, y, rows, columns, size, role, dashes=None):
    """Draw the lines between the cells of an array."""
    across = [f"M{x:g} {y + i * size:g}h{columns * size}" for i in range(rows + 1)]
    down = [f"M{x + j * size:g} {y:g}v{rows * size}" for j in range(columns + 1)]
    look = {"style": f"fill:none;stroke:{theme.css_colour(role)};stroke-width:1.5", "stroke_dasharray": dashes}
    return tag("path", d="".join(across + down), **look)


def _filled(x, y, width, height):
    """Mark a column or a row that has no partner."""
    return tag("rect", x=x, y=y, width=width, height=height, style=f"fill:{WRONG};fill-opacity:.25")
