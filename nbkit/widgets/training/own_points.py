"""The points of an experiment as the learner's own: to take over, to set, to move, to erase."""

import numpy as np

from nbkit.experiment.settings import MAX_CLASSES, MAX_OWN_POINTS
from nbkit.messages import _

ERASE = "erase"  # what a click does, where it is not the class of a new point


def adopted(experiment):
    """Return the present points of an experiment as (x1, x2, class) triples."""
    data = experiment.data
    if len(data.x) > MAX_OWN_POINTS or len(data.classes) > MAX_CLASSES:
        raise ValueError(_("own points are at most {}, of 3 classes").format(MAX_OWN_POINTS))
    x = np.round((data.x - experiment.mean) / experiment.std, 3)
    return tuple((float(a), float(b), int(k)) for (a, b), k in zip(x, data.t, strict=True))


def edited(points, event, place, tool):
    """Return the (x1, x2, class) triples after a `PointerEvent` at `place`; `tool` is the class to set, or `ERASE`."""
    points, place = list(points), tuple(round(x, 3) for x in place)
    if event.kind == "press" and event.item is None and tool != ERASE:
        return (*points, (*place, tool))
    if event.item not in map(str, range(len(points))):
        return tuple(points)
    i = int(event.item)
    if event.kind == "delete" or (event.kind == "press" and tool == ERASE):
        del points[i]
    elif event.kind == "drag" and tool != ERASE:
        points[i] = (*place, points[i][2])
    return tuple(points)
