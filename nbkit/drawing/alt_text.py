"""A figure of matplotlib in words, for those who cannot see it."""

import numpy as np

from nbkit.formatting import number
from nbkit.messages import _, in_a_row, listed

MAX_TEXTS = 40  # of those that stand in a figure


def alt_text(figure):
    """Say what a figure shows: its titles and axes, each line with its ends, points, bars, pictures and words.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        A label that was given to it with ``set_label`` is returned instead.

    Returns
    -------
    str
        Numbers have two significant digits.
    """
    return figure.get_label() or _("Figure. {}").format(in_a_row(_axes(ax) for ax in figure.axes))


def _axes(ax):
    parts = [ax.get_title(), _axis_names(ax), *map(_line, ax.lines), *map(_bars, ax.containers)]
    parts += [*map(_collection, ax.collections), *(_picture(image.get_array()) for image in ax.images)]
    words = [text.get_text().replace("\n", " ") for text in ax.texts if text.get_text()]
    if words:
        more = ["…"] if len(words) > MAX_TEXTS else []
        parts.append(_("In it stands: {}").format(listed([*words[:MAX_TEXTS], *more])))
    return in_a_row(_("{}.").format(part) for part in parts if part)


def _axis_names(ax):
    x, y = (_axis(axis) for axis in (ax.xaxis, ax.yaxis))
    return _("{y} against {x}").format(x=x, y=y) if x and y else x or y


def _axis(axis):
    """Name an axis, and where its ticks have names instead of numbers, name those too."""
    name, ticks = axis.get_label_text(), [tick.get_text() for tick in axis.get_ticklabels()]
    if not name or not any(tick.isalpha() for tick in ticks):
        return name
    return _("{name} ({ticks})").format(name=name, ticks=listed(ticks))


def _name(artist, otherwise):
    label = str(artist.get_label())
    return otherwise if not label or label.startswith("_") else label


def _line(line):
    x, y = (np.asarray(values, dtype=float) for values in line.get_data())
    if not len(x):
        return ""
    name = _name(line, _("A line") if len(x) > 1 else _("A mark"))
    if len(x) == 1:
        return _("{name}: at {x}, {y}").format(name=name, x=_short(x[0]), y=_short(y[0]))
    places = {"first": 0, "last": -1}
    if np.isfinite(y).any():
        places |= {"low": np.nanargmin(y), "high": np.nanargmax(y)}
    numbers = {key: _short(y[i]) for key, i in places.items()} | {f"{key}_x": _short(x[i]) for key, i in places.items()}
    falls = "low" in places and y[places["low"]] < min(y[0], y[-1])
    rises = "high" in places and y[places["high"]] > max(y[0], y[-1])
    return _course(falls, rises).format(name=name, **numbers)


def _course(falls, rises):
    """Return the sentence for a line that falls below both of its ends, rises above them, both, or neither."""
    if falls and rises:
        return _(
            "{name}: starts with {first} at {first_x}, ends with {last} at {last_x}, "
            "lowest {low} at {low_x}, highest {high} at {high_x}"
        )
    if falls:
        return _("{name}: starts with {first} at {first_x}, ends with {last} at {last_x}, lowest {low} at {low_x}")
    if rises:
        return _("{name}: starts with {first} at {first_x}, ends with {last} at {last_x}, highest {high} at {high_x}")
    return _("{name}: starts with {first} at {first_x}, ends with {last} at {last_x}")


def _bars(container):
    heights = [bar.get_height() for bar in container if hasattr(bar, "get_height")]
    if not heights:
        return ""
    return _("Bars: {}").format(listed(map(_short, heights)))


def _collection(collection):
    kind = type(collection).__name__
    if kind == "PathCollection":
        return _("Points, {name}: {n}").format(name=_name(collection, _("no name")), n=len(collection.get_offsets()))
    if kind == "QuadMesh":
        return _("Coloured fields")
    return _("Height lines") if kind.endswith("ContourSet") else ""


def _picture(pixels):
    return _("A picture of {} by {} pixels").format(*np.shape(pixels)[:2])


def _short(x):
    return number(float(f"{x:.2g}"))
