"""A net as columns of units: lines as wide as weights are large, and in each unit a small map of its output."""

from functools import lru_cache

import numpy as np

from nbkit.drawing import theme
from nbkit.drawing.chart.plane import class_colours
from nbkit.drawing.markup import join, tag
from nbkit.drawing.network.diagram import unit_places, weight_line
from nbkit.drawing.picture import Mark
from nbkit.drawing.raster import data_uri
from nbkit.formatting import number
from nbkit.messages import _

MAX_UNIT_SIZE = 36  # pixels
MAX_LINE_WIDTH = 5.0  # pixels
MAX_BIAS_SIZE = 9  # pixels, of the mark for the largest bias
MAP_SIZE = 16  # points across the map of a unit


class UnitsView:
    """Draws one net repeatedly while it learns.

    Parameters
    ----------
    sizes : sequence of int
        Numbers of inputs, of the units of each hidden layer, and of outputs.
    names : sequence of str
        Of the layers after the inputs.
    inputs : sequence of str
    box : (left, top, width, height)
        In pixels; a line of words stands above it, two below.
    """

    def __init__(self, sizes, names, inputs, box):
        left, top, width, height = box
        self.names, self.bottom = names, top + height
        self.size = min(MAX_UNIT_SIZE, 0.82 * height / max(sizes))
        self.places = unit_places(sizes, left + 30, left + width - 50, top, height)
        self.ends = [[(round(x), y) for x, y in column] for column in self.places]  # of the lines
        self.labels = join(
            [_label(x - self.size / 2, y + 4, name) for (x, y), name in zip(self.places[0], inputs, strict=True)]
            + [_label(column[0][0], top - 8, name) for column, name in zip(self.places[1:], names, strict=True)]
        )

    def svg(self, lines, biases, maps, norms=None, saturated=None, chosen=None):
        """Return the picture, a mark ``units`` of the arguments.

        Parameters
        ----------
        lines : list of (d, k) array
            Weights, or their gradients, between two columns.
        biases : list of (k,) array
        maps : list of (MAP_SIZE * MAP_SIZE, k) array
            The output of each unit over the plane, row by row from below.
        norms, saturated : dict, optional
            By layer: the length of its gradient, and which of its units learn nothing, a (k,) array of bool.
        chosen : (str, int), optional
            Layer and number of the unit that is marked.
        """
        parts = [self._lines(lines), self.labels]
        for name, places, b, values in zip(self.names, self.places[1:], biases, maps, strict=True):
            crossed = (saturated or {}).get(name, np.zeros(len(b), dtype=bool))
            parts.append(self._maps(places, values))
            largest = max(float(np.abs(b).max()), 1.0) if np.isfinite(b).all() else np.inf
            for i, place in enumerate(places):
                parts.append(_unit(place, self.size, f"{name}:{i}", bool(crossed[i]), chosen == (name, i)))
                parts.append(_bias(place, self.size, f"{_bias_radius(b[i], largest):.1f}", bool(b[i] >= 0)))
            if norms and name in norms:
                parts.append(self._words_below(places[0][0], norms[name], int(np.sum(crossed))))
        return Mark(join(parts), "units", lines=lines, biases=biases, norms=norms, saturated=saturated, chosen=chosen)

    def _lines(self, lines):
        positive, negative = [], []
        for tails, heads, weights in zip(self.ends, self.ends[1:], lines, strict=False):
            weights = _finite(weights, 1e300)
            widths = MAX_LINE_WIDTH * np.abs(weights) / max(float(np.abs(weights).max()), 1e-300)
            for (i, j), width in np.ndenumerate(widths):
                group = positive if weights[i, j] >= 0 else negative
                group.append(weight_line(tails[i], heads[j], f"{max(width, 0.3):.1f}"))
        return [
            tag("g", positive, style=f"stroke:{theme.css_colour('value')};fill:none"),
            tag("g", negative, style=f"stroke:{theme.css_colour('gradient')};fill:none", stroke_dasharray="5 3"),
        ]

    def _maps(self, places, values):
        """Draw the maps of a column as one image, clear between the units: one PNG takes less time than many."""
        x, first = places[0]
        pitch = places[1][1] - first if len(places) > 1 else self.size
        gap = round(MAP_SIZE * (pitch / self.size - 1))
        pixels = np.zeros((len(places), MAP_SIZE + gap, MAP_SIZE, 4))
        pixels[:, :MAP_SIZE] = _pixels(values)
        image = data_uri(pixels.reshape(-1, MAP_SIZE, 4)[: len(pixels) * (MAP_SIZE + gap) - gap])
        side = pitch / (MAP_SIZE + gap) * MAP_SIZE  # so that every unit has its place, whatever has been rounded
        place = {
            "x": f"{x - self.size / 2:.1f}", "y": f"{first - side / 2:.1f}",
            "width": f"{self.size:.1f}", "height": f"{pitch * (len(places) - 1) + side:.1f}",
        }  # fmt: skip
        return tag("image", **place, preserveAspectRatio="none", href=image)

    def _words_below(self, x, norm, n):
        words = [_label(x, self.bottom + 18, number(norm), "grad", data_norm="")]
        if n:
            words.append(_label(x, self.bottom + 33, _("{} asleep").format(n), "shape", data_saturated=""))
        return words


def _label(x, y, text, kind="axis", **look):
    return tag("text", text, class_=kind, x=f"{x:.0f}", y=f"{y:g}" if look else f"{y:.0f}", **look)


def _bias_radius(bias, largest):
    return 1.5 + MAX_BIAS_SIZE / 2 * min(abs(bias) / largest, 1.0) if np.isfinite(bias) else MAX_BIAS_SIZE / 2


@lru_cache(maxsize=1024)
def _bias(place, size, r, is_positive):
    """Mark the bias at the lower left corner: filled where positive, hollow where negative."""
    colour = theme.css_colour("value" if is_positive else "gradient")
    style = f"fill:{colour if is_positive else '#ffffff'};stroke:{colour};pointer-events:none"
    corner = {"cx": f"{place[0] - size / 2:.1f}", "cy": f"{place[1] + size / 2:.1f}"}
    return tag("circle", **corner, r=r, stroke_width=1.5, style=style)


@lru_cache(maxsize=1024)
def _unit(place, size, item, is_crossed, is_chosen):
    """Draw the frame of a unit, which can be clicked; one that learns nothing is crossed out."""
    left, top = (f"{middle - size / 2:.1f}" for middle in place)
    side, (role, width) = f"{size:.1f}", ("text", 3) if is_chosen else ("line", 1.2)
    style = f"fill:none;stroke:{theme.css_colour(role)};pointer-events:all;cursor:pointer"
    frame = tag("rect", x=left, y=top, width=side, height=side, data_item=item, rx=2, style=style, stroke_width=width)
    if not is_crossed:
        return frame
    cross = f"M{left} {top}l{side} {side}m0-{side}l-{side} {side}"
    return join([frame, tag("path", d=cross, style="stroke:#1b1f24;pointer-events:none", stroke_width=1.6)])


def _pixels(values):
    """Colour the maps of k outputs: one colour below 0, the other above, in full at twice the mean."""
    values = _finite(values, 1e150)
    usual = np.maximum(np.abs(values).mean(axis=0), 1e-300)
    yes = np.clip(0.5 + 0.25 * values / usual, 0.0, 1.0).T.reshape(-1)
    colours = class_colours(np.stack([1 - yes, yes], axis=1)).reshape(-1, MAP_SIZE, MAP_SIZE, 3)[:, ::-1]
    return np.concatenate([colours, np.ones_like(colours[..., :1])], axis=-1)


def _finite(values, most):
    """Return 0 for NaN, and nothing beyond `most`: a third of the time of `numpy.nan_to_num`."""
    return np.clip(np.where(np.isnan(values), 0.0, values), -most, most)
