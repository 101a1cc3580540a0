"""A plane of two features that a classifier colours, cheap enough to draw at each step of a training.

`nbkit.plots` makes the figures that stand still; a figure of matplotlib takes tens of milliseconds to draw, this takes
about one.
"""

from functools import cache

import numpy as np

from nbkit.drawing import theme
from nbkit.drawing.chart.frame import LEFT_BOX, Frame
from nbkit.drawing.chart.marks import class_legend, class_look, class_sign
from nbkit.drawing.markup import join, tag
from nbkit.drawing.pixels import full_image, indexed_image
from nbkit.functions import check_finite
from nbkit.messages import _, as_name, kind_of

BOUNDARY = {"stroke": "#1b1f24", "stroke_width": 1.5, "fill": "none"}  # the coloured plane is pale in every theme
DATA_MARGIN = 0.15  # of the range of the data, around them
GRID_SIZE = 48  # points of the grid in each direction


def grid_over(x, size=100):
    """Return a grid over two columns of data: ``(x values, y values, (size*size, 2) points)``."""
    x = check_finite(x, "x")
    if x.ndim != 2 or x.shape[1] != 2 or not len(x):
        raise ValueError(_("a picture of decisions needs points with 2 features, got x with shape {}").format(x.shape))
    low, high = x.min(axis=0), x.max(axis=0)
    # Where all points have one and the same value, the frame still needs two ends that differ.
    around = DATA_MARGIN * np.maximum(high - low, 1e-9 * np.maximum(1.0, np.abs(high)))
    first, second = np.linspace(low - around, high + around, size).T
    return first, second, np.stack(np.meshgrid(first, second), axis=-1).reshape(-1, 2)


def class_colours(probabilities):
    """Mix the class colours by probability, paled so that points stand out: (m, k) -> (m, 3), 0 to 1."""
    colours = np.array([[int(c[i : i + 2], 16) for i in (1, 3, 5)] for c in theme.CLASSES[: probabilities.shape[1]]])
    return 1 - 0.55 * (1 - probabilities @ colours / 255)


@cache
def _two_classes():
    """Return the colours from certainly the first class to certainly the second, (256, 3)."""
    second = np.linspace(0.0, 1.0, 256)
    return (255 * class_colours(np.stack([1 - second, second], axis=1))).round().astype(np.uint8)


def margins(probabilities):
    """Say how far each class but the first is ahead of the best other one: (m, k) -> (m, k - 1), 0 where two meet."""
    if probabilities.shape[1] == 2:
        return probabilities[:, 1:] - probabilities[:, :1]  # what comes of the rule below, in a tenth of the time
    second, first = np.partition(probabilities, -2, axis=1)[:, -2:].T
    return np.where(first == probabilities.T, first - second, probabilities.T - first).T[:, 1:]


def decision_boundaries(probabilities, size, x=None, y=None):
    """Return the lines between classes, each a (points, 2) array, for (m, k) `probabilities` on a grid.

    `size` is (rows, columns) of the grid, `x` and `y` are the coordinates of its columns and rows, by default 0, 1, ...
    """
    import contourpy

    heights = (margin.reshape(size) for margin in margins(probabilities).T)
    return [line for height in heights for line in contourpy.contour_generator(x, y, height).lines(0.0)]


def coloured(box, probabilities, size):
    """Return an image that fills `box`, for (m, k) `probabilities` on a grid of (rows, columns), lowest row first."""
    left, top, width, height = box
    if probabilities.shape[1] == 2:
        shades = np.rint(255 * probabilities[:, 1]).astype(np.uint8)
        image = indexed_image(shades.reshape(size)[::-1], _two_classes())
    else:
        image = full_image(class_colours(probabilities).reshape(*size, 3)[::-1])
    place = {"x": left, "y": top, "width": width, "height": height}
    return tag("image", **place, preserveAspectRatio="none", href=image)


class DecisionPlane:
    """Draws points of two features on a plane that a classifier colours.

    Parameters
    ----------
    x : (n, 2) array
    t : (n,) array of int
    features : pair of str
    classes : sequence of str
    held_out : (x, t) pair, optional
        Points that are not trained on, drawn hollow.
    box : (left, top, width, height)
        Of the frame, in pixels.
    reach : (m, 2) array, optional
        Points that the plane shows in any case.

    Attributes
    ----------
    grid : (m, 2) array
        The points at which `svg` wants probabilities.
    """

    def __init__(self, x, t, features, classes, held_out=None, box=LEFT_BOX, reach=None):
        for role, names in (("features", features), ("classes", classes)):
            if not isinstance(names, str | list | tuple | np.ndarray) or (role == "features" and len(names) != 2):
                rule = _("{role} must be names in a list, two of features; got {got}")
                raise ValueError(rule.format(role=role, got=kind_of(names)))
        for name in (*features, *classes):
            as_name(str(name))
        everything = [x, *([] if held_out is None else [held_out[0]]), *([] if reach is None else [reach])]
        self.first, self.second, self.grid = grid_over(np.concatenate(everything), size=GRID_SIZE)
        self.frame = Frame(box, self.first[[0, -1]], self.second[[0, -1]], *features)
        hollow = [] if held_out is None else self._points(*held_out, solid=False)
        names = class_legend(classes, box[0], held_out is not None)
        self.points = join([self._points(x, t, solid=True), hollow, names])

    def _points(self, x, t, solid):
        parts = []
        for k in np.unique(t):
            px, py = self.frame.x(x[t == k, 0]), self.frame.y(x[t == k, 1])
            sign = class_sign(k, 4.5 if len(x) > 20 else 8)
            path = "".join(f"M{a:.1f} {b:.1f}{sign}" for a, b in zip(px, py, strict=True))
            parts.append(tag("path", d=path, **class_look(k, solid)))
        return parts

    def svg(self, probabilities):
        """Return the chart for (m, k) `probabilities` at the points of ``grid``."""
        size = (len(self.second), len(self.first))
        lines = decision_boundaries(probabilities, size, self.first, self.second)
        drawn = [self.frame.line("boundary", *line.T, **BOUNDARY) for line in lines]
        return join([coloured(self.frame.box, probabilities, size), *drawn, self.frame.svg, self.points])
