"""A loss axis that makes room for a loss that grows, and says where the rest of it has gone."""

import numpy as np

from nbkit.drawing.chart.frame import text_at
from nbkit.formatting import number
from nbkit.messages import _

ROOM = (1.25, 2.0, 3.0)  # tops of the axis, in first losses: few, so that the frame seldom has to be drawn anew


def top_for(*curves):
    """Return the top of an axis for losses: above all of them, but at most three times the first one.

    Parameters
    ----------
    *curves : arrays
        The first loss of the first one is what the others are measured by; NaN and ∞ need no room.
    """
    finite = [curve[np.isfinite(curve)] for curve in curves]
    first = float(finite[0][0]) if len(finite[0]) else 0.0
    first = first if first > 0 else 1.0
    largest = max((float(curve.max()) for curve in finite if len(curve)), default=first)
    return first * next((room for room in ROOM if largest <= room * first), ROOM[-1])


def ends_beyond(frame, curves):
    """Write the last value of each curve that ends above the frame, with an arrow, where it leaves the picture.

    Parameters
    ----------
    frame : Frame
    curves : sequence of (name, x, values)
        Without NaN.
    """
    cut = [(name, x[-1], values[-1]) for name, x, values in curves if len(values) and values[-1] > frame.y_range[1]]
    left, top, width, _height = frame.box
    parts = []
    for row, (name, x, value) in enumerate(cut):
        across = min(float(frame.x(x)), left + width)
        anchor, gap = ("end", -4) if across > left + width / 2 else ("start", 4)
        words = _("{name} ↑ {value}").format(name=name, value=number(value))
        parts.append(text_at(across + gap, top + 14 + 13 * row, "tick", words, f' text-anchor="{anchor}"'))
    return "".join(parts)
