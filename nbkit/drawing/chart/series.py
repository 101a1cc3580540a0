"""The curve of a loss, and an axis that makes room for one that grows."""

import numpy as np

from nbkit.drawing.chart.frame import RIGHT_BOX, frame
from nbkit.drawing.chart.marks import DASHES, text_at
from nbkit.drawing.markup import join, tag
from nbkit.drawing.text import TICK, text_width
from nbkit.formatting import number
from nbkit.messages import _

BOX_BELOW_NAMES = (412.0, 73.0, 300.0, 177.0)  # with room for four names, one below the other
AXIS_TOPS = (1.25, 2.0, 3.0)  # in first losses: few, so that the frame seldom changes


def loss_frame(length, highest, box=RIGHT_BOX, x_label=None):
    """Return the frame of a loss from 0 to `highest`, against so many steps, or what `x_label` names."""
    return frame(box, (0, length), (0, highest), x_label or _("step"), _("loss"))


class LossCurve:
    """Loss against step or epoch, the present run over the ones before it.

    Parameters
    ----------
    length : int
        Of a whole run, in units of the x axis.
    highest : float
        Top of the loss axis; what lies above is drawn along the top.
    box : (left, top, width, height)
        Of the frame, in pixels.
    x_label : str, optional
        "step" where left out.
    stacked : bool
        Whether the names of the runs stand below one another, as long ones must.
    """

    def __init__(self, length, highest, box=RIGHT_BOX, x_label=None, stacked=False):
        self.stacked, self.frame = stacked, loss_frame(length, highest, box, x_label)

    def svg(self, runs):
        """Return the chart for `runs`, of which the last is the present one: (name, losses), or (name, losses, steps).

        Where the x axis has several `steps` per unit, the line goes through the means of the losses in each unit, and
        the present run shows every single loss behind it.
        """
        parts, x, y = [self.frame.svg], self.frame.box[0], 18
        for i, (name, losses, *steps) in enumerate(runs):
            present, unit = i == len(runs) - 1, steps[0] if steps else 1
            kind, look = ("now", {}) if present else ("then", {"stroke_dasharray": DASHES[i % len(DASHES)]})
            if len(losses):
                places, losses = (np.arange(len(losses)) + 1) / unit, np.asarray(losses)
                if unit > 1 and present:
                    parts.append(self.frame.series("each", losses, places))
                parts.append(self.frame.series(kind, _means(losses, unit), _means(places, unit), **look))
            parts.append(tag("path", class_=kind, d=f"M{x:g} {y - 4}h22", **look))
            parts.append(tag("text", name, class_="tick", x=float(x + 26), y=y))
            x, y = (x, y + 15) if self.stacked else (x + 36 + text_width(name, TICK), y)
        return join(parts)


def _means(values, unit):
    """Mean of each `unit` values in a row; the last of them may be fewer."""
    starts = np.arange(0, len(values), unit)
    return np.add.reduceat(values, starts) / np.diff(starts, append=len(values))


def top_for(*curves):
    """Return the top of an axis for losses: above all that are finite, but at most three times the very first one."""
    finite = [curve[np.isfinite(curve)] for curve in curves]
    first = float(finite[0][0]) if len(finite[0]) else 0.0
    first = first if first > 0 else 1.0
    largest = max((float(curve.max()) for curve in finite if len(curve)), default=first)
    return first * next((top for top in AXIS_TOPS if largest <= top * first), AXIS_TOPS[-1])


def ends_beyond(frame, curves):
    """Write the last value of each curve (name, x, values without NaN) that ends above the frame, with an arrow."""
    cut = [(name, x[-1], values[-1]) for name, x, values in curves if len(values) and values[-1] > frame.y_range[1]]
    left, top, width, _height = frame.box
    parts = []
    for row, (name, x, value) in enumerate(cut):
        across = min(float(frame.x(x)), left + width)
        anchor, gap = ("end", -4) if across > left + width / 2 else ("start", 4)
        words = _("{name} ↑ {value}").format(name=name, value=number(value))
        parts.append(text_at(across + gap, top + 14 + 13 * row, "tick", words, text_anchor=anchor))
    return join(parts)
