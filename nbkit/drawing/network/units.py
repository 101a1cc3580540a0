"""A net as columns of units: lines as wide as weights are large, and in each unit a small map of what it says."""

from itertools import pairwise

import numpy as np

from nbkit.drawing import theme
from nbkit.drawing.chart.frame import class_colours, data_uri
from nbkit.drawing.markup import attribute, escape
from nbkit.formatting import number
from nbkit.messages import _

LARGEST = 36  # pixels, of a unit
WIDEST = 5.0  # pixels, of a line
MAP = 16  # points across the map of a unit
BIAS = 9  # pixels, of the mark for the largest bias
PLUS = f'<g style="stroke:{theme.css_colour("value")};fill:none">'
MINUS = f'<g style="stroke:{theme.css_colour("gradient")};fill:none" stroke-dasharray="5 3">'


class UnitsView:
    """Draws one net again and again while it learns.

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
        self.names, self.inputs, self.bottom = names, inputs, top + height
        pitch = height / max(sizes)
        self.size = min(LARGEST, pitch * 0.82)
        xs = np.linspace(left + 30, left + width - 50, len(sizes))
        self.centers = [
            [(float(x), top + height * (i + 0.5) / count) for i in range(count)]
            for x, count in zip(xs, sizes, strict=True)
        ]
        self.still = "".join(self._words(top))

    def _words(self, top):
        for (x, y), name in zip(self.centers[0], self.inputs, strict=True):
            yield f'<text class="axis" x="{x - self.size / 2:.0f}" y="{y + 4:.0f}">{escape(name)}</text>'
        for column, name in zip(self.centers[1:], self.names, strict=True):
            yield f'<text class="axis" x="{column[0][0]:.0f}" y="{top - 8:g}">{escape(name)}</text>'

    def svg(self, lines, biases, maps, norms=None, asleep=None, chosen=None):
        """Return the picture as a part of a page.

        Parameters
        ----------
        lines : list of (d, k) array
            What the lines between two columns show: weights, or their gradients.
        biases : list of (k,) array
        maps : list of (MAP * MAP, k) array
            What each unit says over the plane, row by row from below.
        norms : dict of str to float
            Length of the gradient of a layer.
        asleep : dict of str to (k,) array of bool
            Units that learn nothing.
        chosen : (str, int)
            Layer and number of the unit that is marked.
        """
        parts = [self._lines(lines), self.still]
        for k, name in enumerate(self.names):
            sleepers = (asleep or {}).get(name, np.zeros(len(biases[k]), dtype=bool))
            parts.append(self._maps(self.centers[k + 1], maps[k]))
            largest = max(float(np.abs(biases[k]).max()), 1.0) if np.isfinite(biases[k]).all() else np.inf
            for i, (x, y) in enumerate(self.centers[k + 1]):
                marked = chosen == (name, i)
                parts.append(self._unit(x, y, f"{name}:{i}", sleepers[i], marked))
                parts.append(self._bias(x, y, biases[k][i], largest))
            parts.append(self._below(self.centers[k + 1][0][0], (norms or {}).get(name), sleepers))
        return "".join(parts)

    def _lines(self, lines):
        signs = {True: [PLUS], False: [MINUS]}
        for (left, right), weights in zip(pairwise(self.centers), lines, strict=True):
            weights = np.nan_to_num(weights, nan=0.0, posinf=1e300, neginf=-1e300)
            widths = WIDEST * np.abs(weights) / max(float(np.abs(weights).max()), 1e-300)
            for (i, j), width in np.ndenumerate(widths):
                (x, y), (to_x, to_y) = left[i], right[j]
                path = f'<path d="M{x:.0f} {y:.1f}L{to_x:.0f} {to_y:.1f}" stroke-width="{max(width, 0.3):.1f}"/>'
                signs[bool(weights[i, j] >= 0)].append(path)
        return "".join("".join(parts) + "</g>" for parts in signs.values())

    def _maps(self, centers, values):
        """Draw the maps of a column as one image, clear between the units: one PNG takes less time than many."""
        x, first = centers[0]
        pitch = centers[1][1] - first if len(centers) > 1 else self.size
        gap = round(MAP * (pitch / self.size - 1))
        pixels = np.zeros((len(centers), MAP + gap, MAP, 4))
        pixels[:, :MAP] = _pixels(values)
        scale = pitch / (MAP + gap)  # so that every unit has its place, whatever has been rounded
        top, side = first - scale * MAP / 2, scale * MAP
        image = data_uri(pixels.reshape(-1, MAP, 4)[: len(pixels) * (MAP + gap) - gap])
        return (
            f'<image x="{x - self.size / 2:.1f}" y="{top:.1f}" width="{self.size:.1f}" '
            f'height="{pitch * (len(centers) - 1) + side:.1f}" preserveAspectRatio="none" href="{image}"/>'
        )

    def _unit(self, x, y, item, sleeps, marked):
        half = self.size / 2
        place = f'x="{x - half:.1f}" y="{y - half:.1f}" width="{self.size:.1f}" height="{self.size:.1f}"'
        stroke, width = (theme.css_colour("text"), 3) if marked else (theme.css_colour("line"), 1.2)
        parts = [
            f'<rect {place} data-item="{attribute(item)}" rx="2" style="fill:none;stroke:{stroke};pointer-events:all;'
            f'cursor:pointer" stroke-width="{width}"/>',
        ]
        if sleeps:
            side, left, top = f"{self.size:.1f}", f"{x - half:.1f}", f"{y - half:.1f}"
            cross = f"M{left} {top}l{side} {side}m0-{side}l-{side} {side}"
            parts.append(f'<path d="{cross}" style="stroke:#1b1f24;pointer-events:none" stroke-width="1.6"/>')
        return "".join(parts)

    def _bias(self, x, y, bias, largest):
        """Mark the bias at the lower left corner: filled where positive, hollow where negative."""
        r = 1.5 + BIAS / 2 * min(abs(float(bias)) / largest, 1.0) if np.isfinite(bias) else BIAS / 2
        role = "value" if bias >= 0 else "gradient"
        fill = theme.css_colour(role) if bias >= 0 else "#ffffff"
        return (
            f'<circle cx="{x - self.size / 2:.1f}" cy="{y + self.size / 2:.1f}" r="{r:.1f}" stroke-width="1.5" '
            f'style="fill:{fill};stroke:{theme.css_colour(role)};pointer-events:none"/>'
        )

    def _below(self, x, norm, sleepers):
        if norm is None:
            return ""
        y = self.bottom + 18
        words = f'<text class="grad" x="{x:.0f}" y="{y:g}" data-norm="">{number(norm)}</text>'
        if sleepers.any():
            count = _("{} asleep").format(int(sleepers.sum()))
            words += f'<text class="shape" x="{x:.0f}" y="{y + 15:g}" data-asleep="">{count}</text>'
        return words


def _pixels(values):
    """Colour what (MAP * MAP, k) units say: one colour below 0, the other above, in full at twice the mean."""
    values = np.nan_to_num(values, nan=0.0, posinf=1e150, neginf=-1e150)
    usual = np.maximum(np.abs(values).mean(axis=0), 1e-300)
    yes = np.clip(0.5 + 0.25 * values / usual, 0.0, 1.0).T.reshape(-1)
    colours = class_colours(np.stack([1 - yes, yes], axis=1)).reshape(-1, MAP, MAP, 3)[:, ::-1]
    return np.concatenate([colours, np.ones_like(colours[..., :1])], axis=-1)
