"""Weights as heat maps, one for each Affine layer, in which every hidden unit has a column of its own."""

import numpy as np

from nbkit.drawing import theme
from nbkit.drawing.chart.frame import WIDTH, text_at
from nbkit.drawing.markup import attribute, escape
from nbkit.formatting import exact, number
from nbkit.messages import _

LEFT = 152  # pixels: names of the rows stand left of it
ROOM = WIDTH - LEFT - 28
CELL = (60, 20)  # largest width, and height of a cell in pixels
NARROWEST = 14  # a sign still fits
NUMBER = 44  # from this width on there is room for a number
TITLE, NUMBERS, NOTE = 30, 16, 32  # heights in pixels: above each map, of the numbers of units, below all
LEAST = 2.0  # a weight as large as this has the full colour, unless another one is larger
OPACITY = 0.45  # of the full colour: the text on it stays readable in light and dark


def weight_maps(layers, inputs, outputs, top=0):
    """Draw weight matrices below one another.

    The first one has a row for each input and a column for each unit. Those that follow are transposed, so that
    each unit's outgoing weights stand in the column of its incoming ones. A weight shows its sign and its size in
    words and in colour; the mouse over it shows it in full.

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
    svg : str
    height : float
        In pixels.

    Raises
    ------
    ValueError
        If there are no weights, names do not fit, or there are more columns than the picture has room for.
    """
    _check(layers, inputs, outputs)
    sizes = np.concatenate([np.abs(W).ravel() for _name, W in layers])
    full = max(LEAST, sizes[np.isfinite(sizes)].max(initial=0.0))
    parts, y = [], top
    for place, (name, W) in enumerate(layers):
        last = place == len(layers) - 1
        units = outputs if last else [_("unit {}").format(i + 1) for i in range(W.shape[1])]
        if not place:
            columns, title = units, _("{name}, W: a row for each input, a column for each {unit}")
        else:
            W, title = W.T, _("{name}, W transposed: a row for each {unit}, {columns}")
        below = _("each column goes on from the unit above it") if place == 1 else _("a column for each row above")
        unit = _("output") if last else _("unit")
        parts.append(text_at(12, y + 20, "tick", title.format(name=name, unit=unit, columns=below)))
        y += TITLE
        width = min(CELL[0], ROOM / W.shape[1])
        if not place and not last:
            parts += [text_at(LEFT + (i + 0.5) * width, y + 10, "shape", i + 1) for i in range(W.shape[1])]
            y += NUMBERS
        parts.append(_map(name, W, (inputs if not place else units, columns), (y, width), full))
        columns, y = units, y + len(W) * CELL[1]
    words = _("+ and blue: positive, − and orange: negative, the stronger the larger; full colour: {}")
    parts.append(text_at(12, y + 20, "tick", words.format(number(float(f"{full:.2g}")))))
    return "".join(parts), y + NOTE - top


def _map(name, W, names, place, full):
    """Draw one matrix as cells, with the names of its rows at the left."""
    (rows, columns), (top, width), height = names, place, CELL[1]
    cells, texts = [], []
    for i, row in enumerate(W):
        y = top + i * height
        texts.append(text_at(LEFT - 8, y + 14, "tick", rows[i], ' style="text-anchor:end"'))
        for j, w in enumerate(row):
            x = LEFT + j * width
            strength = min(abs(w) / full, 1.0) if np.isfinite(w) else 1.0
            colour = theme.css_colour("gradient" if w < 0 else "value")
            cells.append(
                f'<rect x="{x:.1f}" y="{y:g}" width="{width - 1:.1f}" height="{height - 1}" '
                f'style="fill:{colour};fill-opacity:{OPACITY * strength:.2f}">'
                f"<title>{escape(f'{columns[j]}, {rows[i]}: {exact(w)}')}</title></rect>"
            )
            mark = f' data-weight="{attribute(name)} {i} {j}" pointer-events="none" style="font-size:11px"'
            texts.append(text_at(x + width / 2, y + 14, "name", _brief(w, width), mark))
    return "".join((*cells, *texts))


def _brief(w, width):
    """Write a weight in two digits, or only its sign where there is no room for more."""
    sign = "+" if w > 0 else ""
    if width >= NUMBER:
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
    if columns * NARROWEST > ROOM:
        raise ValueError(
            _("a picture of weights has room for {most} units in a layer, got {got}").format(
                most=ROOM // NARROWEST, got=columns
            )
        )
