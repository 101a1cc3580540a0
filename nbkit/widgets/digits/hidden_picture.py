"""How hidden units look: small pictures of their weights, each the clearer the more its unit shows."""

from functools import lru_cache
from math import ceil, sqrt

import numpy as np

from nbkit.drawing.chart.marks import text_at
from nbkit.drawing.chart.signed import DASHES, sign_role, signed_pixels
from nbkit.drawing.markup import join, tag
from nbkit.drawing.network.diagram import weight_line
from nbkit.drawing.picture import Mark
from nbkit.drawing.pixels import full_image
from nbkit.drawing.theme import css_colour
from nbkit.formatting import number
from nbkit.messages import _
from nbkit.widgets.digits.digit_picture import LEGEND_BASELINE, SHEET_SIDE, SHEET_TOP, UNITS_LEFT, title_at
from nbkit.widgets.digits.raster import PIXELS_ACROSS

GAP_ACROSS, GAP_DOWN = 2, 3  # between two units, in pixels of their weights' pictures; below each is room for a bar
MAX_SIDE = 40.0  # pixels of a unit's picture
FAINTEST = 0.15  # opacity of a unit that shows nothing: what it looks for can still be seen
FULL_COLOUR = 0.5  # share of the largest weight that has the full colour: few weights are as large
MAX_LINE_WIDTH = 6.0  # pixels, of the largest weight to a class


class Grid:
    """Where `n` units stand in a square box of pixels."""

    def __init__(self, n, left, top, side):
        self.n = n
        self.columns = ceil(sqrt(1.1 * n))  # somewhat more columns than rows, as rows need room for bars
        self.rows = ceil(n / self.columns)
        across, down = (self.columns, PIXELS_ACROSS + GAP_ACROSS), (self.rows, PIXELS_ACROSS + GAP_DOWN)
        fitting = min(side / (count * pitch) for count, pitch in (across, down))
        self.scale = min(fitting, MAX_SIDE / PIXELS_ACROSS)
        self.side = self.scale * PIXELS_ACROSS
        self.left, self.top = left, top
        self.right = left + self.columns * self.scale * (PIXELS_ACROSS + GAP_ACROSS) - self.scale * GAP_ACROSS

    def corner(self, unit):
        """Return where the picture of a unit begins, in pixels."""
        row, column = divmod(unit, self.columns)
        pitch = self.scale * (PIXELS_ACROSS + GAP_ACROSS), self.scale * (PIXELS_ACROSS + GAP_DOWN)
        return self.left + column * pitch[0], self.top + row * pitch[1]


def units(grid, hidden, full, chosen=None):
    """Draw the units; bars and clearness are in full where a unit shows `full`. One of them may be `chosen`."""
    veils, frames, bars = [], [], {"positive": [], "negative": []}
    side, height = f"{grid.side:.1f}", f"{max(grid.scale * GAP_DOWN - 5, 2):.1f}"
    words = _("unit {unit} shows {shown}: press to see what it looks for")
    for unit, shown in enumerate(hidden.shows.tolist()):
        (x, y), share = grid.corner(unit), min(abs(shown) / full, 1.0)
        place = {"x": f"{x:.1f}", "y": f"{y:.1f}", "width": side, "height": side}
        veils.append(tag("rect", **place, fill_opacity=f"{(1 - FAINTEST) * (1 - sqrt(share)):.2f}"))
        title = tag("title", words.format(unit=unit, shown=number(float(f"{shown:.3g}"))))
        frames.append(tag("rect", title, **place, data_item=f"unit {unit}"))
        length = grid.side * share
        start = x if shown >= 0 else x + grid.side - length  # below 0 a bar begins at the other end
        bar = {"x": f"{start:.1f}", "y": f"{y + grid.side + 2:.1f}", "width": f"{length:.1f}", "height": height}
        bars[sign_role(shown)].append(tag("rect", **bar, data_shows=unit))
    parts = [
        _weights(grid, hidden.looks_for),
        tag("g", veils, style=f"fill:{css_colour('ground')}"),
        tag(
            "g",
            frames,
            style=f"fill:none;stroke:{css_colour('line')};stroke-width:.8;pointer-events:all;cursor:pointer",
        ),
        *(tag("g", some, style=f"fill:{css_colour(role)};pointer-events:none") for role, some in bars.items()),
    ]
    if chosen is not None:
        x, y = grid.corner(chosen)
        look = f"fill:none;stroke:{css_colour('text')};stroke-width:3;pointer-events:none"
        parts.append(tag("rect", x=x, y=y, width=grid.side, height=grid.side, data_chosen=chosen, style=look))
    return Mark(join(parts), "units", shows=hidden.shows.copy(), full=full, chosen=chosen)


def _weights(grid, looks_for):
    """Place one image with the weights of all units: while a digit is drawn it stays the same."""
    look = {"preserveAspectRatio": "none", "style": "image-rendering:pixelated"}
    columns, rows = grid.columns, grid.rows
    pixels = columns * (PIXELS_ACROSS + GAP_ACROSS) - GAP_ACROSS, rows * (PIXELS_ACROSS + GAP_DOWN) - GAP_DOWN
    size = {"width": f"{pixels[0] * grid.scale:.2f}", "height": f"{pixels[1] * grid.scale:.2f}"}
    address = _image(np.ascontiguousarray(looks_for, dtype=float).tobytes(), columns, rows)
    return tag("image", x=grid.left, y=grid.top, **size, **look, href=address)


@lru_cache(maxsize=4)
def _image(weights, columns, rows):
    """Pack weights, the bytes of a (64, h) array, as one PNG, clear between the units."""
    weights = np.frombuffer(weights).reshape(PIXELS_ACROSS**2, -1).T
    cells = np.zeros((rows * columns, PIXELS_ACROSS + GAP_DOWN, PIXELS_ACROSS + GAP_ACROSS, 4))
    coloured = signed_pixels(weights, FULL_COLOUR * np.abs(weights).max() or 1.0)
    cells[: len(weights), :PIXELS_ACROSS, :PIXELS_ACROSS] = coloured.reshape(-1, PIXELS_ACROSS, PIXELS_ACROSS, 4)
    high, wide = cells.shape[1:3]
    image = cells.reshape(rows, columns, high, wide, 4).swapaxes(1, 2).reshape(rows * high, columns * wide, 4)
    return full_image(image[:-GAP_DOWN, :-GAP_ACROSS])


def voices(grid, unit, weights, ends):
    """Draw a line from a unit to the place of each class, as wide as its weight (k,) is large; dashed: below 0."""
    x, y = grid.corner(unit)
    tail = x + grid.side, y + grid.side / 2
    lines = []
    for weight, end in zip(weights.tolist(), ends, strict=True):
        width = max(MAX_LINE_WIDTH * abs(weight) / (np.abs(weights).max() or 1.0), 0.5)
        style = f"stroke:{css_colour(sign_role(weight))};fill:none;pointer-events:none"
        lines.append(weight_line(tail, end, f"{width:.1f}", DASHES if weight < 0 else None, style))
    return Mark(join(lines), "voices", unit=unit, weights=weights.copy())


def column(hidden, full, chosen, ends):
    """Return the parts of the column of `Hidden` units: with lines to the `ends`, one a class, from one `chosen`."""
    grid = Grid(len(hidden.shows), UNITS_LEFT, SHEET_TOP, SHEET_SIDE)
    parts = [title_at(UNITS_LEFT, _("{n} hidden units; it: what each shows, its bar").format(n=grid.n))]
    parts.append(units(grid, hidden, full, chosen))
    pale = _("pale: shows little now")
    if chosen is None:
        return [*parts, text_at(UNITS_LEFT, LEGEND_BASELINE, "tick", pale)]
    words = _("{pale}; line to a digit: raises its score, dashed: lowers it").format(pale=pale)
    parts.append(text_at(UNITS_LEFT, LEGEND_BASELINE, "tick", words))
    return [*parts, voices(grid, chosen, hidden.speaks_for[chosen], ends)]
