"""The ground that is walked on: a curve, or height lines seen from above, drawn once for each loss."""

import numpy as np

from nbkit.drawing import theme
from nbkit.drawing.chart.contours import contours
from nbkit.drawing.chart.frame import frame
from nbkit.drawing.markup import join, tag
from nbkit.drawing.picture import Mark
from nbkit.messages import _
from nbkit.widgets.descent.looks import CROSS, LAND_BOX, MAX_PIXEL


class Ground:
    """A landscape in its frame."""

    def __init__(self, landscape):
        self.landscape, self.is_curve = landscape, len(landscape.names) == 1
        self.lowest, highest = np.nanmin(landscape.heights), np.nanmax(landscape.heights)
        self.span = max(highest - self.lowest, 1e-9)
        if self.is_curve:
            heights = self.lowest - 0.05 * self.span, highest + 0.05 * self.span
            self.frame = frame(LAND_BOX, landscape.ranges[0], heights, landscape.names[0], _("loss"))
            self.drawn, self.labels = self._curve(), []
        else:
            self.frame = frame(LAND_BOX, *landscape.ranges, *landscape.names)
            self.drawn, self.labels = self._height_lines()
            self.curve = None
        self.area = self.frame.hit_area("land")

    def pixels(self, places, losses):
        """Return where (n, d) places stand on the picture, x and y, not further out than can be drawn."""
        first = self.frame.x(places[:, 0])
        second = self.frame.y(losses if self.is_curve else places[:, 1])
        return tuple(np.clip(np.where(np.isnan(p), MAX_PIXEL, p), -MAX_PIXEL, MAX_PIXEL) for p in (first, second))

    def _curve(self):
        heights = np.nan_to_num(self.landscape.heights, nan=self.lowest, posinf=self.lowest + 2 * self.span)
        left, _top, width, _height = LAND_BOX
        self.curve = {"left": left, "width": width, "y": self.frame.y(heights).round(1).tolist()}
        look = {"data_mark": "curve", "style": f"stroke:{theme.css_colour('quiet')}"}
        return self.frame.line("now", self.landscape.axes[0], heights, "curve", **look)

    def _height_lines(self):
        """Draw lines of equal loss and a cross at the lowest place, and apart the numbers on the lines."""
        x, y = self.landscape.axes
        heights = np.nan_to_num(self.landscape.heights, nan=self.lowest + self.span, posinf=self.lowest + self.span)
        lines, labels = contours(self.frame, x, y, heights)
        row, column = np.unravel_index(np.argmin(heights), heights.shape)
        cross = f"M{self.frame.x(x[column]) - 5:.1f} {self.frame.y(y[row]):.1f}h10m-5-5v10"
        return Mark(join([lines, tag("path", d=cross, **CROSS)]), lines.key, **lines.data), labels
