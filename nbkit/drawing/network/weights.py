"""Weights as heat maps, one for each Affine layer, in which every hidden unit has a column of its own."""

import numpy as np

from nbkit.drawing import theme
from nbkit.drawing.chart.frame import WIDTH
from nbkit.drawing.chart.marks import text_at
from nbkit.drawing.chart.signed import sign_role, signed_legend
from nbkit.drawing.markup import join, tag
from nbkit.drawing.picture import Mark
from nbkit.formatting import exact, number
from nbkit.messages import _

CELLS_LEFT = 152  # pixels: names of the rows stand left of it
COLUMNS_WIDTH = WIDTH - CELLS_LEFT - 28
MAX_CELL_WIDTH, CELL_HEIGHT = 60, 20  # pixels
SIGN_WIDTH, NUMBER_WIDTH = 14, 44  # pixels: from here on a cell has room for a sign, and for a number
TITLE_HEIGHT, NUMBERS_HEIGHT, NOTE_HEIGHT = 30, 16, 32  # pixels: above each map, of units' numbers, below all
FULL_COLOUR = 2.0  # a weight as large as this has the full colour, unless another one is larger
OPACITY = 0.45  # of the full colour: the text on it stays readable in light and dark


def weight_maps(layers, inputs, outputs, top=0):
    """Draw weight matrices below one another.

    The first one has a row per input and a column per unit. Those that follow are transposed, so that a unit's
    outgoing weights stand in the column of its incoming ones.

    Parameters
    ----------
    layers : sequence of (str, (d, k) array)
        Names and weights, from the input to the output.
    inputs, outputs : sequence of str
        Names of the features, and of the outputs of the last layer.
    top : float
        Where the picture begins, in pixels.

    Returns
    -------
    svg : Mark
        Its ``cells`` are the texts by (name, i, j).
    height : float
        In pixels.

    Raises
    ------
    ValueError
        If there are no weights, names do not fit, or there are more columns than the picture has room for.
    """
    _check(layers, inputs, outputs)
    sizes = np.concatenate([np.abs(W).ravel() for _name, W in layers])
    full = max(FULL_COLOUR, sizes[np.isfinite(sizes)].max(initial=0.0))
    parts, cells, y, columns = [], {}, top, inputs
    for place, (name, W) in enumerate(layers):
        is_last = place == len(layers) - 1
        units = outputs if is_last else [_("unit {}").format(i + 1) for i in range(W.shape[1])]
        rows, columns = (columns, units) if not place else (units, columns)
        W = W if not place else W.T
        width = min(MAX_CELL_WIDTH, COLUMNS_WIDTH / W.shape[1])
        parts.append(text_at(12, y + 20, "tick", _title(name, place, _("output") if is_last else _("unit"))))
        y += TITLE_HEIGHT
        if not place and not is_last:
            parts += [text_at(CELLS_LEFT + (i + 0.5) * width, y + 10, "shape", i + 1) for i in range(W.shape[1])]
            y += NUMBERS_HEIGHT
        texts = []
        for i, row in enumerate(W):
            texts.append(text_at(CELLS_LEFT - 8, y + 14, "tick", rows[i], style="text-anchor:end"))
            for j, w in enumerate(row):
                cells[name, i, j] = _short(w, width)
                hover = f"{columns[j]}, {rows[i]}: {exact(w)}"
                parts.append(_cell(CELLS_LEFT + j * width, y, width, w, full, hover))
                look = {"data_weight": f"{name} {i} {j}", "pointer_events": "none", "style": "font-size:11px"}
                texts.append(text_at(CELLS_LEFT + (j + 0.5) * width, y + 14, "name", cells[name, i, j], **look))
            y += CELL_HEIGHT
        parts, columns = [*parts, *texts], units
    parts.append(signed_legend(12, y + 20, full))
    return Mark(join(parts), "weights", cells=cells), y + NOTE_HEIGHT - top


def _title(name, place, unit):
    title = _("{name}, W transposed: a row for each {unit}, a column for each row above")
    if place == 0:
        title = _("{name}, W: a row for each input, a column for each {unit}")
    elif place == 1:
        title = _("{name}, W transposed: a row for each {unit}, each column goes on from the unit above it")
    return title.format(name=name, unit=unit)


def _cell(x, y, width, w, full, hover):
    strength = min(abs(w) / full, 1.0) if np.isfinite(w) else 1.0
    style = f"fill:{theme.css_colour(sign_role(w))};fill-opacity:{OPACITY * strength:.2f}"
    place = {"x": f"{x:.1f}", "y": float(y), "width": f"{width - 1:.1f}", "height": CELL_HEIGHT - 1}
    return tag("rect", tag("title", hover), **place, style=style)


def _short(w, width):
    """Write a weight in two digits, or only its sign where there is no room for more."""
    sign = "+" if w > 0 else ""
    if width >= NUMBER_WIDTH:
        return sign + number(float(f"{w:.2g}"))
    return sign if w > 0 else "−" if w < 0 else "0" if w == 0 else "?"


def _check(layers, inputs, outputs):
    if not layers:
        raise ValueError(_("a picture of weights needs a network with at least one Affine layer"))
    (_first, W), (_last, V) = layers[0], layers[-1]
    if (len(inputs), len(outputs)) != (len(W), V.shape[1]):
        raise ValueError(
            _("there must be {rule} names of inputs and outputs, got {got}").format(
                rule=(len(W), V.shape[1]), got=(len(inputs), len(outputs))
            )
        )
    columns = max(W.shape[1], *(len(V) for _name, V in layers[1:]), 0)
    if columns * SIGN_WIDTH > COLUMNS_WIDTH:
        raise ValueError(
            _("a picture of weights has room for {most} units in a layer, got {got}").format(
                most=COLUMNS_WIDTH // SIGN_WIDTH, got=columns
            )
        )
