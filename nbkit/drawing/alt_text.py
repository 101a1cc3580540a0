"""A figure of matplotlib in words, for those who cannot see it."""

import numpy as np

from nbkit.formatting import number
from nbkit.messages import _

MOST = 40  # words that stand in a figure are told up to here


def alt_text(figure):
    """Say what a figure shows: its titles and axes, each line with its ends, points, bars, pictures and words.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        What was given to its ``set_label`` is told instead: whoever draws a figure knows best what is to be seen.

    Returns
    -------
    str
        Numbers have two digits: enough to hear how high a line is.
    """
    return figure.get_label() or _("Figure. {}").format(" ".join(_axes_in_words(ax) for ax in figure.axes))


def _axes_in_words(ax):
    told = [ax.get_title(), _axis_names(ax), *map(_line, ax.lines), *map(_bars, ax.containers)]
    told += [*map(_collection, ax.collections), *(_picture(image.get_array()) for image in ax.images)]
    words = [text.get_text().replace("\n", " ") for text in ax.texts if text.get_text()]
    if words:
        more = ", …" if len(words) > MOST else ""
        told.append(_("In it stands: {}").format(", ".join(words[:MOST]) + more))
    return " ".join(f"{part}." for part in told if part)


def _axis_names(ax):
    x, y = (_axis(axis) for axis in (ax.xaxis, ax.yaxis))
    return _("{y} against {x}").format(x=x, y=y) if x and y else x or y


def _axis(axis):
    """Name an axis, and where its ticks have names instead of numbers, name those too."""
    name, ticks = axis.get_label_text(), [tick.get_text() for tick in axis.get_ticklabels()]
    return f"{name} ({', '.join(ticks)})" if name and any(tick.isalpha() for tick in ticks) else name


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
    told = _("{name}: starts with {first} at {start}, ends with {last} at {end}").format(
        name=name, first=_short(y[0]), start=_short(x[0]), last=_short(y[-1]), end=_short(x[-1])
    )
    if not np.isfinite(y).any():
        return told
    low, high = np.nanmin(y), np.nanmax(y)
    if low < min(y[0], y[-1]):
        told += _(", lowest {y} at {x}").format(y=_short(low), x=_short(x[np.nanargmin(y)]))
    if high > max(y[0], y[-1]):
        told += _(", highest {y} at {x}").format(y=_short(high), x=_short(x[np.nanargmax(y)]))
    return told


def _bars(container):
    heights = [bar.get_height() for bar in container if hasattr(bar, "get_height")]
    if not heights:
        return ""
    return _("Bars: {}").format(", ".join(map(_short, heights)))


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
