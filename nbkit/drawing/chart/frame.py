"""The frame of a chart, and the marks in it, placed in units of the data."""

from functools import lru_cache

import numpy as np

from nbkit.drawing import theme
from nbkit.drawing.markup import Markup, join, tag
from nbkit.drawing.picture import Mark
from nbkit.formatting import number, round_numbers

WIDTH, HEIGHT = 740, 300  # pixels of a picture with two charts side by side
LEFT_BOX = (46.0, 28.0, 300.0, 222.0)  # left, top, width, height of the frame of each chart, in pixels
RIGHT_BOX = (412.0, 28.0, 300.0, 222.0)
MAX_SERIES_POINTS = 240  # a longer series is thinned: a chart has no more pixels
BAR_WIDTH = 10  # pixels
MOST_GAPS = 5  # between the ticks of an axis
HIT_AREA_STYLE = "fill:none;pointer-events:all;cursor:crosshair;touch-action:none"


class Frame:
    """The frame of a chart: ticks, grid and axis labels are written once, data is placed in pixels.

    Parameters
    ----------
    box : (left, top, width, height)
        In pixels.
    x_range, y_range : (low, high)
        In units of the data.
    x_label, y_label : str
    ticks : pair of callable
        Write the numbers at the ticks of x and y: `nbkit.formatting.power_of_ten` where the data are logarithms.

    Attributes
    ----------
    svg : Markup
        The empty frame.
    """

    def __init__(self, box, x_range, y_range, x_label, y_label, ticks=(number, number)):
        self.box, self.x_range, self.y_range = box, x_range, y_range
        left, top, width, height = box
        bottom, (write_x, write_y) = top + height, ticks
        parts = [tag("rect", class_="frame", x=left, y=top, width=width, height=height)]
        for value in round_numbers(*x_range, most=MOST_GAPS):
            x = f"{self.x(value):.1f}"
            parts.append(tag("path", class_="grid", d=f"M{x} {top:g}V{bottom:g}"))
            if text := write_x(value):  # an axis may have no numbers
                parts.append(tag("text", text, class_="tick", text_anchor="middle", x=x, y=bottom + 15))
        for value in round_numbers(*y_range, most=MOST_GAPS):
            y = self.y(value)
            parts.append(tag("path", class_="grid", d=f"M{left:g} {y:.1f}H{left + width:g}"))
            if text := write_y(value):
                parts.append(tag("text", text, class_="tick", text_anchor="end", x=left - 5, y=f"{y + 4:.1f}"))
        upwards = f"translate({left - 34:g} {top + height / 2:g}) rotate(-90)"
        parts.append(tag("text", x_label, class_="axis", x=left + width / 2, y=bottom + 34))
        parts.append(tag("text", y_label, class_="axis", transform=upwards))
        self.svg = join(parts)

    # ------------------------------------------------------------ from data to pixels and back

    def x(self, value):
        """Pixels from the left for a value on the x axis."""
        low, high = self.x_range
        return self.box[0] + (np.asarray(value) - low) / (high - low) * self.box[2]

    def y(self, value):
        """Pixels from the top for a value on the y axis."""
        low, high = self.y_range
        return self.box[1] + (high - np.asarray(value)) / (high - low) * self.box[3]

    def values(self, x, y):
        """Return the data values at a place in pixels, not beyond the frame: the way back from `x` and `y`."""
        left, top, width, height = self.box
        across = np.clip((x - left) / width, 0, 1)
        up = np.clip((top + height - y) / height, 0, 1)
        (x_low, x_high), (y_low, y_high) = self.x_range, self.y_range
        return float(x_low + across * (x_high - x_low)), float(y_low + up * (y_high - y_low))

    @property
    def per_pixel(self):
        """Units of the data for each pixel, to the right and upwards."""
        return np.ptp(self.x_range) / self.box[2], np.ptp(self.y_range) / self.box[3]

    def inside(self, y):
        """Return heights that the frame can show: what lies beyond runs along its edge, NaN along its top."""
        y = np.asarray(y, dtype=float)
        return np.clip(np.where(np.isnan(y), np.inf, y), *self.y_range)

    # ------------------------------------------------------------ marks

    def line(self, kind, x, y, key=None, **look):
        """Draw a line of class `kind` through data points; `look` holds further attributes."""
        # Numbers of Python are written in half the time that those of NumPy take.
        places = zip(self.x(x).tolist(), self.y(y).tolist(), strict=True)
        points = " ".join([f"{px:.1f},{py:.1f}" for px, py in places])
        return _mark(tag("polyline", class_=kind, points=points, **look), key, x=x, y=y)

    def curve(self, kind, x, y, key=None, **look):
        """Draw a curve as far as the frame reaches, broken where it jumps."""
        heights = np.clip(np.nan_to_num(y), *self.y_range)
        cuts = np.flatnonzero(np.abs(np.diff(heights)) > np.ptp(self.y_range) / 4) + 1
        pieces = zip(np.split(x, cuts), np.split(heights, cuts), strict=True)
        return _mark(join([self.line(kind, *piece, **look) for piece in pieces]), key, x=x, y=y)

    def series(self, kind, y, x=None, key=None, points=MAX_SERIES_POINTS, **look):
        """Draw a long series, thinned to `points` and clipped at the frame's edge; without `x`, at 1, 2, 3, ..."""
        y = np.asarray(y, dtype=float)
        x = np.arange(1, len(y) + 1) if x is None else np.asarray(x)
        few = np.linspace(0, len(y) - 1, points).astype(int) if len(y) > points else slice(None)
        return _mark(self.line(kind, x[few], self.inside(y[few]), **look) if len(y) else Markup(), key, x=x, y=y)

    def dot(self, x, y, key=None, r=5.5, role="text", **look):
        """Mark one point; one beyond the frame stands at its edge."""
        look = {"style": f"fill:{theme.css_colour(role)}", "data_mark": key, **look}
        place = {"cx": f"{self.x(x):.1f}", "cy": f"{self.y(self.inside(y)):.1f}"}
        return _mark(tag("circle", **place, r=float(r), **look), key, x=float(x), y=float(y))

    def bars(self, heights, role, key=None):
        """Draw a bar at 0, 1, 2, ... for each height, up from the bottom; an infinite one reaches the top."""
        bottom, parts = self.box[1] + self.box[3], []
        for k, height in enumerate(self.inside(heights)):
            x, y = float(self.x(k)), float(self.y(height))
            place = {"x": f"{x - BAR_WIDTH / 2:.1f}", "y": f"{y:.1f}"}
            size = {"width": BAR_WIDTH, "height": f"{bottom - y:.1f}"}
            parts.append(tag("rect", **place, **size, data_bar=k, style=f"fill:{theme.css_colour(role)}"))
        return _mark(join(parts), key, heights=list(heights))

    def rule(self, kind, *, x=None, y=None, key=None, **look):
        """Draw a line right across the frame, upright at `x` or level at `y`."""
        left, top, width, height = self.box
        d = f"M{left:g} {self.y(y):.1f}h{width:g}" if x is None else f"M{self.x(x):.1f} {top:g}v{height:g}"
        return _mark(tag("path", class_=kind, d=d, **look), key, x=x, y=y)

    def hit_area(self, name):
        """Cover the frame with an area that reports clicks and drags: see `nbkit.widgets.kit.views`."""
        left, top, width, height = self.box
        return tag("rect", data_area=name, x=left, y=top, width=width, height=height, style=HIT_AREA_STYLE)


@lru_cache(maxsize=128)
def frame(box, x_range, y_range, x_label, y_label, ticks=(number, number)):
    """Return a `Frame`, cached by its arguments: most frames are needed repeatedly."""
    return Frame(box, x_range, y_range, x_label, y_label, ticks)


def no_tick(_value):
    """Write nothing at a tick: for an axis that has other names."""
    return ""


def _mark(markup, key, **data):
    """Return a mark, or plain markup where it has no key."""
    return markup if key is None else Mark(markup, key, **data)
