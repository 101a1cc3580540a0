"""What the tests of the playground share."""

import numpy as np

from nbkit import Settings
from nbkit.widgets.kit.views import PointerEvent

SMALL = Settings(data="circles", hidden=(3,), lr=0.5)
OWN = Settings(data="own points", hidden=(2,), held_out=0.0, points=((-0.5, 0.0, 0), (0.5, 0.0, 1)))


def weights(playground):
    return {name: param.copy() for name, param in playground.experiment.net.parameters().items()}


def same(one, other):
    return all(np.array_equal(a, other[name]) for name, a in one.items())


def press(playground, x, y, item=None, kind="press"):
    """Point at the plane at a place in units of the data."""
    plane = playground.drawing.plane.frame
    message = PointerEvent(kind, "plane", item, float(plane.x(x)), float(plane.y(y)))._asdict()
    playground.view._handle_custom_msg(message, [])
