"""How the convolution explorer looks: the picture with its window, the kernel, the products, and the map of sums."""

import numpy as np

from nbkit.drawing.chart.frame import HIT_AREA_STYLE, WIDTH
from nbkit.drawing.chart.handle import handle, touch_area
from nbkit.drawing.chart.marks import HALO, text_at
from nbkit.drawing.chart.signed import sign_role
from nbkit.drawing.markup import join, tag
from nbkit.drawing.picture import Mark, Picture
from nbkit.drawing.theme import css_colour
from nbkit.formatting import number
from nbkit.messages import _

HEIGHT = 470
TOP = 66.0  # pixels, of all three columns
PICTURE_LEFT, PICTURE_SIDE = 42.0, 256.0
KERNEL_LEFT, KERNEL_SIDE = 334.0, 180.0
PRODUCTS_TOP = 280.0
MAP_LEFT, MAP_SIDE = 548.0, 186.0
GRIP_WAY = 16.0  # pixels from the picture to a grip
ROOM_FOR_SIGNS = 44.0  # pixels across a cell
SMALLEST_WRITTEN = 23.0  # pixels across a cell that has room for a number
FULLEST = 0.65  # opacity of the largest number
CELL_STYLE = f"stroke:{css_colour('line')};stroke-opacity:.35;stroke-width:1"
WINDOW_STYLE = f"fill:none;stroke:{css_colour('text')};stroke-width:3;pointer-events:none"
SIGN_STYLE = f"fill:{css_colour('quiet')};pointer-events:none"
EDGE = f"fill:{css_colour('ground')};stroke:{css_colour('text')};stroke-width:1.2"


class ConvolutionPicture:
    """Draws what a `ConvolutionExplorer` has computed; a weight moves between `low` and `high`."""

    def __init__(self, explorer, low, high, step):
        self.explorer, self.span = explorer, {"low": low, "high": high, "step": step}
        self.n, self.k, self.places = (len(part) for part in (explorer.framed, explorer.weights, explorer.map))
        self.row, self.column = explorer.row.value, explorer.column.value
        self.cell, self.map_cell = PICTURE_SIDE / self.n, MAP_SIDE / self.places
        self.kernel_cell = KERNEL_SIDE / self.k

    def place(self, area, x, y):
        """Turn a place on the picture or the map into a row and a column, also beyond its rim."""
        left, side = (PICTURE_LEFT, self.cell) if area == "picture" else (MAP_LEFT, self.map_cell)
        return int((y - TOP) // side), int((x - left) // side)

    # ------------------------------------------------------------ in words

    def size(self):
        """Say how the size of the map follows."""
        n, p = len(self.explorer.pixels), self.explorer.padding.value
        framed = f"{n} + 2 · {p}" if p else f"{n}"
        return f"{framed} − {self.k} + 1 = {self.places}"

    def sentence(self):
        rule = _(
            "{products} products; their sum {total} goes to row {row}, column {column} of the map. "
            "The map is {size} places wide and high."
        )
        facts = {"total": number(self.explorer.total), "row": self.row, "column": self.column, "size": self.size()}
        return rule.format(products=self.k**2, **facts)

    # ------------------------------------------------------------ drawn

    def svg(self):
        parts = [
            self._picture(), self._window(), self._grip("column"), self._grip("row"),
            self._kernel(), self._products(), self._map(),
        ]  # fmt: skip
        return Picture(_("Convolution"), self.sentence(), parts, WIDTH, HEIGHT, role="group")

    def _picture(self):
        n, padding = len(self.explorer.pixels), self.explorer.padding.value
        title = _("picture {n} × {n}").format(n=n)
        parts = [text_at(PICTURE_LEFT, 18, "tick", title + (_(", padding {}").format(padding) if padding else ""))]
        full = max(1.0, np.abs(self.explorer.pixels).max())
        for (i, j), shade in np.ndenumerate(self.explorer.framed):
            is_rim = not (padding <= i < padding + n and padding <= j < padding + n)
            parts.append(self._pixel(i, j, shade / full, is_rim))
        parts.append(_area("picture", PICTURE_LEFT, PICTURE_SIDE))
        bottom = TOP + PICTURE_SIDE
        hints = [_("Drag the window, or press a place of the map."), _("Drag a weight up or down.")]
        parts += [text_at(PICTURE_LEFT, bottom + 24 + 18 * i, "tick", hint) for i, hint in enumerate(hints)]
        return Mark(join(parts), "picture", pixels=self.explorer.framed.copy())

    def _pixel(self, i, j, shade, is_rim):
        role = "text" if shade >= 0 else "negative"
        look = f"fill:{css_colour(role)};fill-opacity:{0.85 * abs(shade):.3g};{CELL_STYLE}"
        x, y, side = PICTURE_LEFT + j * self.cell, TOP + i * self.cell, self.cell
        square = tag("rect", x=f"{x:.1f}", y=f"{y:.1f}", width=f"{side:.1f}", height=f"{side:.1f}", style=look)
        if not is_rim:
            return square
        dot = tag("circle", cx=f"{x + side / 2:.1f}", cy=f"{y + side / 2:.1f}", r=1.5, style=SIGN_STYLE)
        return join([square, dot])  # a zero of the rim

    def _window(self):
        side = f"{self.k * self.cell:.1f}"
        x, y = PICTURE_LEFT + self.column * self.cell, TOP + self.row * self.cell
        frame = tag("rect", x=f"{x:.1f}", y=f"{y:.1f}", width=side, height=side, rx=2, style=WINDOW_STYLE)
        return Mark(frame, "window", row=self.row, column=self.column, size=self.k)

    def _grip(self, way):
        """Draw the grip beside the picture that moves the window along one way."""
        control = getattr(self.explorer, way)
        middle = (control.value + self.k / 2) * self.cell
        is_row = way == "row"
        x, y = (PICTURE_LEFT - GRIP_WAY, TOP + middle) if is_row else (PICTURE_LEFT + middle, TOP - GRIP_WAY)
        tips = tag("path", d="M-9 -4.5l-6 4.5 6 4.5zM9 -4.5l6 4.5 -6 4.5z", style=f"fill:{css_colour('text')}")
        bar = tag("rect", class_="grip", x=-8, y=-5, width=16, height=10, rx=4, style=EDGE)
        turned = tag("g", tips, bar, transform=f"translate({x:.1f} {y:.1f}) rotate({90 if is_row else 0})")
        value = control.max - control.value if is_row else control.value  # an arrow up must move it up
        label = _("row of the window") if is_row else _("column of the window")
        return handle(
            way, touch_area(x, y), turned, label=label, value=value, low=0, high=max(control.max, 1e-9),
            step=1, page=self.k, drag=1 / self.cell, vertical=is_row, words=number(control.value),
        )  # fmt: skip

    def _kernel(self):
        title = _("× kernel {k} × {k}").format(k=self.k)
        changed = _(", changed by hand") if self.explorer.is_changed else ""
        parts = [text_at(KERNEL_LEFT, TOP - 12, "tick", title + changed)]
        full = max(np.abs(self.explorer.weights).max(), 1e-12)
        for (i, j), weight in np.ndenumerate(self.explorer.weights):
            x, y, side = KERNEL_LEFT + j * self.kernel_cell, TOP + i * self.kernel_cell, self.kernel_cell
            middle = x + side / 2, y + side / 2
            text = _short(weight)
            signs = "" if side < ROOM_FOR_SIGNS else tag(
                "path", d=f"M{middle[0]:.1f} {y + 3:.1f}l4 5h-8zM{middle[0]:.1f} {y + side - 3:.1f}l4 -5h-8z",
                style=SIGN_STYLE,
            )  # fmt: skip
            parts.append(handle(
                f"w{i},{j}", _square(x, y, side, weight / full),
                tag("rect", class_="touch", x=f"{x:.1f}", y=f"{y:.1f}", width=f"{side:.1f}", height=f"{side:.1f}",
                    style="fill:none;pointer-events:all"),
                signs, _text(*middle, text),
                label=_("weight in row {}, column {}").format(i, j), value=float(weight), **self.span,
                drag=(self.span["high"] - self.span["low"]) / 240, vertical=True, words=number(weight), text=text,
            ))  # fmt: skip
        return parts

    def _products(self):
        parts = [text_at(KERNEL_LEFT, PRODUCTS_TOP - 12, "tick", _("= products: pixel × weight"))]
        pixels = self.explorer.framed[self.row : self.row + self.k, self.column : self.column + self.k]
        full = max(np.abs(self.explorer.weights).max(), np.abs(self.explorer.products).max(), 1e-12)
        for (i, j), product in np.ndenumerate(self.explorer.products):
            x, y, side = KERNEL_LEFT + j * self.kernel_cell, PRODUCTS_TOP + i * self.kernel_cell, self.kernel_cell
            parts.append(_square(x, y, side, product / full))
            if side < ROOM_FOR_SIGNS:
                parts.append(_text(x + side / 2, y + side / 2, _short(product)))
            else:
                small = f"{_short(pixels[i, j])} × {_short(self.explorer.weights[i, j])}"
                parts.append(text_at(x + side / 2, y + side / 2 - 8, "shape", small, style=HALO))
                parts.append(_text(x + side / 2, y + side / 2 + 9, _short(product)))
        return Mark(join(parts), "products", products=self.explorer.products.copy())

    def _map(self):
        parts = [
            text_at(MAP_LEFT, TOP - 30, "tick", _("map of the sums, size")),
            text_at(MAP_LEFT, TOP - 12, "tick", self.size(), data_number="size"),
        ]
        full, side = max(np.abs(self.explorer.map).max(), 1e-12), self.map_cell
        for (i, j), value in np.ndenumerate(self.explorer.map):
            x, y = MAP_LEFT + j * side, TOP + i * side
            parts.append(_square(x, y, side, value / full))
            if side >= SMALLEST_WRITTEN:
                parts.append(_text(x + side / 2, y + side / 2, _short(value)))
            elif abs(value) > full / 4:  # a sign, so that the colour is not the only cue
                parts.append(_text(x + side / 2, y + side / 2, "+" if value > 0 else "−"))
        x, y = MAP_LEFT + self.column * side, TOP + self.row * side
        here = tag("rect", x=f"{x:.1f}", y=f"{y:.1f}", width=f"{side:.1f}", height=f"{side:.1f}", style=WINDOW_STYLE)
        bottom = PRODUCTS_TOP + KERNEL_SIDE / 2
        total = number(self.explorer.total)
        said = [
            text_at(MAP_LEFT, bottom - 10, "tick", _("Σ: all products added up")),
            text_at(MAP_LEFT, bottom + 14, "sum", _("sum = {}").format(total), data_number="sum",
                    style=f"font-weight:bold;fill:{css_colour('text')}"),
            text_at(MAP_LEFT, bottom + 36, "tick", _("to row {}, column {}").format(self.row, self.column)),
        ]  # fmt: skip
        drawn = join([*parts, here, *said, _area("map", MAP_LEFT, MAP_SIDE)])
        return Mark(drawn, "map", values=self.explorer.map.copy(), row=self.row, column=self.column, text=total)


def _area(name, left, side):
    return tag("rect", data_area=name, x=left, y=TOP, width=side, height=side, style=HIT_AREA_STYLE)


def _square(x, y, side, share):
    """Draw a cell in the colour of its sign, the fuller the larger its share of the largest."""
    fill = f"fill:{css_colour(sign_role(share))};fill-opacity:{FULLEST * min(abs(share), 1.0):.3g};{CELL_STYLE}"
    return tag("rect", x=f"{x:.1f}", y=f"{y:.1f}", width=f"{side:.1f}", height=f"{side:.1f}", style=fill)


def _text(x, y, text):
    """Write a number in the middle of a cell, a long one smaller."""
    size = 12 if len(text) < 4 else 10.5
    return text_at(x, y + 4, "name", text, style=f"{HALO};font-size:{size}px;pointer-events:none")


def _short(x):
    """Write a number in two digits: a cell is small."""
    return number(float(f"{x:.2g}"))
