"""Loss and share of right answers against the step, from the start of a run on: each place leads back to its step."""

import numpy as np

from nbkit.drawing import theme
from nbkit.drawing.chart.frame import frame
from nbkit.drawing.chart.marks import legend
from nbkit.drawing.chart.series import LOG_STEPS, ends_beyond, log_range, log_steps, log_tick, top_for
from nbkit.drawing.markup import tag
from nbkit.experiment.track import MAX_MOMENTS
from nbkit.formatting import number
from nbkit.messages import _

LOSS_BOX = (48.0, 428.0, 410.0, 84.0)  # left, top, width, height in pixels
RIGHT_BOX = (530.0, 428.0, 410.0, 84.0)
PAST = "past"  # the name of the area in which a pointer goes back to an earlier step
# Neutral: the colours of the net beside them tell signs.
CURVES = (
    (_("training"), "now", {"style": f"stroke:{theme.css_colour('text')}"}),
    (_("held out"), "then", {"stroke_dasharray": "5 3"}),
)


def curves(track, step):
    """Draw all moments of a track, with a line at `step` where it is not the last one."""
    steps, loss, right, held_out_loss, held_out_right = track.columns()
    last = steps[-1] if len(steps) else 0
    parts, across = [legend(CURVES, LOSS_BOX[0], LOSS_BOX[1] - 10)], log_range(last)
    for box, name, highest, *both in (
        (LOSS_BOX, _("loss"), top_for(loss, held_out_loss), loss, held_out_loss),
        (RIGHT_BOX, _("right"), 1.0, right, held_out_right),
    ):
        chart, drawn = frame(box, across, (0, highest), LOG_STEPS, name, (log_tick, number)), []
        parts.append(chart.svg)
        for (which, kind, look), values in zip(CURVES, both, strict=True):
            shown = ~np.isnan(values)
            x, y = log_steps(steps[shown]), values[shown]
            parts.append(chart.series(kind, y, x, f"{name} {which}", points=MAX_MOMENTS + 1, **look))
            drawn.append((which, x, y))
        parts.append(ends_beyond(chart, drawn))
        if step < last:
            parts.append(chart.rule("then", x=log_steps(step), key=f"step in {name}"))
        parts.append(_hit_area(box))
    return parts


def step_at(track, x, y):
    """Return the step at a place in one of the charts, in pixels."""
    steps = track.columns()[0]
    box = LOSS_BOX if x < (LOSS_BOX[0] + LOSS_BOX[2] + RIGHT_BOX[0]) / 2 else RIGHT_BOX
    chart = frame(box, log_range(steps[-1]), (0, 1.0), LOG_STEPS, "", (log_tick, number))
    return 10 ** chart.values(x, y)[0]


def _hit_area(box):
    left, top, width, height = box
    style = "fill:none;pointer-events:all;cursor:ew-resize;touch-action:pan-y"  # a finger still scrolls up and down
    return tag("rect", data_area=PAST, x=left, y=top, width=width, height=height, style=style)
