"""The curve of a loss, and an axis that makes room for one that grows."""

import itertools
import math

import numpy as np

from nbkit.drawing.chart.frame import MAX_SERIES_POINTS, RIGHT_BOX, frame
from nbkit.drawing.chart.marks import DASHES, HALO, text_at
from nbkit.drawing.markup import join, tag
from nbkit.drawing.text import TICK, text_width
from nbkit.formatting import number, power_of_ten
from nbkit.messages import _

BOX_BELOW_NAMES = (412.0, 73.0, 300.0, 177.0)  # with room for four names, one below the other
AXIS_TOPS = (1.25, 2.0, 3.0)  # in first losses: few, so that the frame seldom changes
LOG_START = -0.5  # where step 0 stands on a logarithmic axis: left of step 1
MIN_LOG_END = 3  # it reaches step 1000 from the start, and then a power of ten more as often as it has to
LOG_STEPS = _("step (1, 10, 100, ... equally far apart)")
MAX_PLAIN_POWER = 4  # of ten that is written with all its zeros


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
        Top of the loss axis; a line ends where it leaves the frame, and its last value stands there.
    box : (left, top, width, height)
        Of the frame, in pixels.
    x_label : str, optional
        "step" where left out.
    stacked : bool
        Whether the names of the runs stand below one another, as long ones must.
    log : bool
        Whether the x axis is a logarithmic one of steps, which shows the beginning of a long run.
    """

    def __init__(self, length, highest, box=RIGHT_BOX, x_label=None, stacked=False, log=False):
        self.stacked, self.log = stacked, log
        if log:
            across, ticks = (LOG_START, math.log10(length)), (log_tick, number)
            self.frame = frame(box, across, (0, highest), LOG_STEPS, _("loss"), ticks)
        else:
            self.frame = loss_frame(length, highest, box, x_label)

    def svg(self, runs):
        """Return the chart for `runs`, of which the last is the present one: (name, losses), or (name, losses, steps).

        Where the x axis has several `steps` per unit, the line goes through the means of the losses in each unit, and
        the present run shows every single loss behind it.
        """
        parts, x, y, beyond = [self.frame.svg], self.frame.box[0], 18, []
        for i, (name, losses, *steps) in enumerate(runs):
            present, unit = i == len(runs) - 1, steps[0] if steps else 1
            kind, look = ("now", {}) if present else ("then", {"stroke_dasharray": DASHES[i % len(DASHES)]})
            if len(losses):
                places, losses = (np.arange(len(losses)) + 1) / unit, np.asarray(losses)
                if unit > 1 and present:
                    parts.append(self._line("each", losses, places))
                places, losses = _means(places, unit), _means(losses, unit)
                if self.log:  # as close to each other on this axis as at its start
                    few = np.unique(np.geomspace(1, len(losses), MAX_SERIES_POINTS).astype(int)) - 1
                    places, losses = log_steps(places[few]), losses[few]
                parts.append(self._line(kind, losses, places, **look))
                inside = np.flatnonzero(losses <= self.frame.y_range[1])
                leaves = inside[-1] + 1 if len(inside) else 0  # where the line leaves the frame for good
                beyond.append((name, places[leaves : leaves + 1], losses[-1:]))
            parts.append(tag("path", class_=kind, d=f"M{x:g} {y - 4}h22", **look))
            parts.append(tag("text", name, class_="tick", x=float(x + 26), y=y))
            x, y = (x, y + 15) if self.stacked else (x + 36 + text_width(name, TICK), y)
        return join([*parts, ends_beyond(self.frame, [end for end in beyond if len(end[1])])])

    def _line(self, kind, losses, places, **look):
        """Draw losses, but not what lies above the frame: along its top it would look like a loss that stays."""
        if len(losses) > MAX_SERIES_POINTS:
            few = np.linspace(0, len(losses) - 1, MAX_SERIES_POINTS).astype(int)
            losses, places = losses[few], places[few]
        pieces = inside_pieces(losses, self.frame.y_range[1])
        return join([self.frame.series(kind, losses[piece], places[piece], **look) for piece in pieces])


def inside_pieces(values, top):
    """Return slices of a series that lie up to `top`, each with the value before and after it that lies beyond."""
    beyond = ~(np.asarray(values) <= top)
    cuts = [0, *np.flatnonzero(beyond[:-1] & beyond[1:]) + 1, len(beyond)]
    return [slice(start, end) for start, end in itertools.pairwise(cuts) if not beyond[start:end].all()]


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


def ends_beyond(frame, curves, top=None):
    """Write the last value of each curve (name, x, values without NaN) that ends above the frame, with an arrow.

    `top` is the value at the frame's upper edge, where its axis has no plain values.
    """
    top_value = frame.y_range[1] if top is None else top
    cut = [(name, x[-1], values[-1]) for name, x, values in curves if len(values) and values[-1] > top_value]
    left, top, width, _height = frame.box
    parts = []
    for row, (name, x, value) in enumerate(cut):
        across = min(float(frame.x(x)), left + width)
        anchor, gap = ("end", -4) if across > left + width / 2 else ("start", 4)
        words = _("{name} ↑ {value}").format(name=name, value=number(value))
        parts.append(text_at(across + gap, top + 14 + 13 * row, "tick", words, text_anchor=anchor, style=HALO))
    return join(parts)


# ---------------------------------------------------------------- a logarithmic axis, on which the start is seen


def log_steps(steps):
    """Return the places of steps on a logarithmic axis."""
    return np.log10(np.maximum(steps, 10**LOG_START))


def log_range(step):
    """Return the range of a logarithmic axis on which steps up to `step` have a place."""
    return LOG_START, max(MIN_LOG_END, math.ceil(math.log10(max(step, 1))))


def log_tick(place):
    """Write the step at a tick, where it is a power of ten."""
    if place != round(place):
        return ""
    return power_of_ten(place) if place > MAX_PLAIN_POWER else f"{10**place:.0f}"
