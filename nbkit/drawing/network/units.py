"""A net as columns of units: lines as wide as weights are large, and in each unit a small map of its output.

All numbers with a sign have the colours of `nbkit.drawing.chart.signed`: weights, biases, gradients and outputs.
"""

import math
from functools import lru_cache
from itertools import pairwise

import numpy as np

from nbkit.drawing import theme
from nbkit.drawing.chart.handle import handle
from nbkit.drawing.chart.signed import CLEAR, DASHES, sign_role, signed_image, signed_shades
from nbkit.drawing.markup import join, tag
from nbkit.drawing.network.diagram import unit_places, weight_line, weight_name
from nbkit.drawing.picture import Mark
from nbkit.formatting import number
from nbkit.messages import _

MAX_UNIT_SIZE = 36  # pixels
LETTER = 6.0  # pixels
MAX_LINE_WIDTH = 5.0  # pixels
MAX_BIAS_SIZE = 9  # pixels, of the mark for the largest bias
MAP_SIZE = 16  # points across the map of a unit
HIT_WIDTH = 11  # pixels, of the strip along a line by which a pointer takes it
MAX_TAB_STOPS = 60  # of a net with more lines none can be reached with Tab: a keyboard would not come to an end of them
WEIGHT_REACH, WEIGHT_STEP = 5.0, 0.05  # of what a hand can set, unless a weight lies further out
WEIGHT_PER_PIXEL = 0.02
PICTURES_PER_READING = 8  # of a net that learns, between two in which a screen reader finds new weights
STRIP = "fill:none;pointer-events:stroke;cursor:ns-resize"
CHOSEN = f"stroke:{theme.css_colour('text')};stroke-opacity:.35;fill:none"


class UnitsView:
    """Draws one net repeatedly while it learns.

    Parameters
    ----------
    sizes : sequence of int
        Numbers of inputs, of the units of each hidden layer, and of outputs.
    names : sequence of str
        Of the layers after the inputs.
    inputs : sequence of str
        Names; those that are longer than three letters get more room at the left.
    box : (left, top, width, height)
        In pixels; a line of words stands above it, three below.

    Attributes
    ----------
    lines : dict of str to (int, int, int)
        For each line by its name, such as "x₁→hidden 1, unit 2": which two columns it joins, and which units of them.
    """

    def __init__(self, sizes, names, inputs, box):
        left, top, width, height = box
        self.names, self.bottom = names, top + height
        self.size = min(MAX_UNIT_SIZE, 0.82 * height / max(sizes))
        room = LETTER * max(0, max(map(len, inputs)) - 3)
        self.places = unit_places(sizes, left + 30 + room, left + width - 50, top, height)
        self.ends = [[(round(x), y) for x, y in column] for column in self.places]  # of the lines
        self.labels = join(
            [
                _label(x - self.size / 2 - 4, y + 4, name, style="text-anchor:end")
                for (x, y), name in zip(self.places[0], inputs, strict=True)
            ]
            + [
                _label(column[0][0], top - 8, layer_label(name))
                for column, name in zip(self.places[1:], names, strict=True)
            ]
        )
        self.grounds = join([_ground(place, self.size) for column in self.places[1:] for place in column])
        columns = [
            list(inputs),
            *([unit_name(name, i) for i in range(k)] for name, k in zip(names, sizes[1:], strict=True)),
        ]
        self.lines = {
            weight_name(tail, head): (k, i, j)
            for k, (tails, heads) in enumerate(pairwise(columns))
            for i, tail in enumerate(tails)
            for j, head in enumerate(heads)
        }
        self.inputs = []
        self.strips = {name: self._strip(name) for name in self.lines}
        self.held, self.age = "", 0  # the handles as they were drawn some pictures ago, and how many those are

    def show_inputs(self, values):
        """Draw from now on what the inputs are over the plane, (MAP_SIZE * MAP_SIZE, d): they learn nothing."""
        grounds = [_ground(place, self.size) for place in self.places[0]]
        frames = [_input_frame(place, self.size) for place in self.places[0]]
        drawn = join([*grounds, self._maps(self.places[0], values, 0.0), *frames])
        self.inputs = Mark(drawn, "inputs", maps=values)

    def svg(self, lines, biases, maps, norms=None, saturated=None, chosen=None, *, full=None, line=None, handles=None,
            hover=None, blown=None):  # fmt: skip
        """Return the parts of the picture, among them a mark ``units`` of the arguments.

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
        full : list of float, optional
            For each layer, the output that has the full colour; 0, or nothing, for the largest one of each unit.
        line : str, optional
            The name of the line that is marked.
        handles : list of (d, k) array, optional
            The weights, where a hand can move them.
        hover : callable, optional
            ``hover(name)`` is what a line says under the pointer.
        blown : str, optional
            The name of the first layer whose numbers are no longer finite.
        """
        parts = [
            self._marked(line),
            self._lines(lines),
            self._handles(handles, hover),
            self.labels,
            self.grounds,
            self.inputs,
        ]
        for k, (name, places, b, values) in enumerate(zip(self.names, self.places[1:], biases, maps, strict=True)):
            crossed = (saturated or {}).get(name, np.zeros(len(b), dtype=bool))
            parts.append(self._maps(places, values, full[k] if full else 0.0))
            largest = max(float(np.abs(b).max()), 1.0) if np.isfinite(b).all() else np.inf
            for i, place in enumerate(places):
                parts.append(_unit(place, self.size, f"{name}:{i}", bool(crossed[i]), chosen == (name, i)))
                parts.append(_bias(place, self.size, f"{_bias_radius(b[i], largest):.1f}", sign_role(b[i])))
            if norms and name in norms:
                parts.append(self._words_below(places[0][0], norms[name], int(np.sum(crossed))))
            if name == blown:
                parts.append(_label(places[0][0], self.bottom + 48, _("first ∞ here"), "name", data_blown=""))
        facts = {"lines": lines, "biases": biases, "maps": maps, "norms": norms, "saturated": saturated}
        return [*parts, Mark("", "units", **facts, chosen=chosen, full=full, line=line, blown=blown)]

    def _lines(self, lines):
        groups = {"positive": [], "negative": []}
        for tails, heads, weights in zip(self.ends, self.ends[1:], lines, strict=False):
            weights = _finite(weights, 1e300)
            widths = MAX_LINE_WIDTH * np.abs(weights) / max(float(np.abs(weights).max()), 1e-300)
            for (i, j), width in np.ndenumerate(widths):
                group = groups[sign_role(weights[i, j])]
                group.append(weight_line(tails[i], heads[j], f"{max(width, 0.3):.1f}"))
        return [
            tag("g", *paths, style=f"stroke:{theme.css_colour(role)};fill:none",
                stroke_dasharray=DASHES if role == "negative" else None)
            for role, paths in groups.items()
        ]  # fmt: skip

    def _marked(self, line):
        if line is None:
            return []
        k, i, j = self.lines[line]
        return weight_line(self.ends[k][i], self.ends[k + 1][j], HIT_WIDTH, style=CHOSEN)

    def _handles(self, weights, hover):
        """Let each weight be dragged up and down on its line."""
        if weights is None:
            return []
        make = _tab_stop if len(self.lines) <= MAX_TAB_STOPS else _grip
        numbers = np.concatenate([W.ravel() for W in weights]).tolist()  # in the order of `lines`
        if hover:
            self.age = 0
            return [make(name, self._strip(name, hover(name)), weight)
                    for name, weight in zip(self.lines, numbers, strict=True)]  # fmt: skip
        # In a net that learns a hand takes each weight as it is, a screen reader need not hear of every change.
        if self.age == 0:
            self.held = join(map(make, self.lines, self.strips.values(), numbers))
        self.age = (self.age + 1) % PICTURES_PER_READING
        return [self.held, *(_grip(name, "", weight) for name, weight in zip(self.lines, numbers, strict=True))]

    def read_again(self):
        """Let a screen reader hear the weights of the next picture: a hand has set one."""
        self.age = 0

    def _strip(self, name, words=None):
        """Return an unseen strip along a line, which says `words` under the pointer."""
        k, i, j = self.lines[name]
        (x, y), (to_x, to_y) = self.ends[k][i], self.ends[k + 1][j]
        look = {"class_": "handle glow", "data_item": name, "stroke_width": HIT_WIDTH, "style": STRIP}
        return tag("path", *([tag("title", words)] if words else []), d=f"M{x} {y:.1f}L{to_x} {to_y:.1f}", **look)

    def _maps(self, places, values, full):
        """Draw the maps of a column as one image, clear between the units."""
        x, first = places[0]
        pitch = places[1][1] - first if len(places) > 1 else self.size
        gap = round(MAP_SIZE * (pitch / self.size - 1))
        shades = np.full((len(places), MAP_SIZE + gap, MAP_SIZE), CLEAR, dtype=np.uint8)
        shades[:, :MAP_SIZE] = _shades(values, full)
        image = signed_image(shades.reshape(-1, MAP_SIZE)[: len(shades) * (MAP_SIZE + gap) - gap])
        side = pitch / (MAP_SIZE + gap) * MAP_SIZE  # so that every unit has its place, whatever has been rounded
        place = {
            "x": f"{x - self.size / 2:.1f}", "y": f"{first - side / 2:.1f}",
            "width": f"{self.size:.1f}", "height": f"{pitch * (len(places) - 1) + side:.1f}",
        }  # fmt: skip
        return tag("image", **place, preserveAspectRatio="none", href=image)

    def _words_below(self, x, norm, n):
        words = [_label(x, self.bottom + 18, number(norm), data_norm="")]
        if n:
            words.append(_label(x, self.bottom + 33, _("{} asleep").format(n), "shape", data_saturated=""))
        return words


def unit_name(layer, i):
    """Name a unit, by its layer and its number from 0."""
    return _("{layer}, unit {i}").format(layer=layer_label(layer), i=i + 1)


def layer_label(name):
    """Return how a reader calls a layer whose name stands in exported code: "hidden 1", "output"."""
    kind, _space, place = name.partition(" ")
    if kind == "hidden" and place:
        return _("hidden {}").format(place)
    return _("output") if name == "output" else name


def reach_of(weight):
    """How far a hand can move a weight or bias to either side."""
    return max(WEIGHT_REACH, float(math.ceil(abs(weight))))


def _tab_stop(name, strip, weight):
    """Return the handle of a line, which a keyboard reaches with Tab."""
    facts = _facts(weight)
    return handle(name, strip, label=name, words=number(weight), **facts) if facts else strip


def _grip(name, strip, weight):
    """Return the handle of a line for a pointer alone."""
    facts = _facts(weight)
    return Mark(strip, name, page=10 * WEIGHT_STEP, label=name, **facts) if facts else strip


def _facts(weight):
    """Say where a weight stands and can go; nothing where it is not finite."""
    if not math.isfinite(weight):
        return {}
    reach = reach_of(weight)
    return {
        "value": weight, "low": -reach, "high": reach, "step": WEIGHT_STEP, "drag": WEIGHT_PER_PIXEL, "vertical": True,
    }  # fmt: skip


def _label(x, y, text, kind="axis", **look):
    return tag("text", text, class_=kind, x=f"{x:.0f}", y=f"{y:g}" if look else f"{y:.0f}", **look)


def _bias_radius(bias, largest):
    return 1.5 + MAX_BIAS_SIZE / 2 * min(abs(bias) / largest, 1.0) if np.isfinite(bias) else MAX_BIAS_SIZE / 2


def _input_frame(place, size):
    """Frame the map of an input, lighter than a unit: there is nothing to choose in it."""
    left, top = (f"{middle - size / 2:.1f}" for middle in place)
    style, side = f"fill:none;stroke:{theme.css_colour('line')};pointer-events:none", f"{size:.1f}"
    return tag("rect", x=left, y=top, width=side, height=side, style=style)


@lru_cache(maxsize=1024)
def _bias(place, size, r, role):
    """Mark the bias at the lower left corner: filled where positive, hollow where negative."""
    colour = theme.css_colour(role)
    fill = colour if role == "positive" else theme.css_colour("ground")
    style = f"fill:{fill};stroke:{colour};pointer-events:none"
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
    cross, style = f"M{left} {top}l{side} {side}m0-{side}l-{side} {side}", f"stroke:{theme.css_colour('text')}"
    return join([frame, tag("path", class_="cross", d=cross, style=f"{style};pointer-events:none", stroke_width=1.6)])


def _ground(place, size):
    """Hide the lines behind a unit, whose map is clear where its output is 0."""
    left, top = (f"{middle - size / 2:.1f}" for middle in place)
    return tag("rect", class_="ground", x=left, y=top, width=f"{size:.1f}", height=f"{size:.1f}")


def _shades(values, full):
    """Colour the maps of k outputs on the signed scale, in full from `full` on, or at the largest of each."""
    values = _finite(values, 1e150).T.reshape(-1, MAP_SIZE, MAP_SIZE)[:, ::-1]
    return signed_shades(values, full or np.maximum(np.abs(values).max(axis=(1, 2), keepdims=True), 1e-300))


def _finite(values, most):
    """Return 0 for NaN, and nothing beyond `most`: a third of the time of `numpy.nan_to_num`."""
    return np.clip(np.where(np.isnan(values), 0.0, values), -most, most)
