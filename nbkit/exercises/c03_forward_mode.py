"""Exercise of chapter 03: forward mode, the speed of a quotient."""

import numpy as np

from nbkit.exercises.answers import as_number
from nbkit.exercises.core import exercise
from nbkit.exercises.kinds import judge_function
from nbkit.exercises.trials import as_one
from nbkit.exercises.verdicts import Wrong
from nbkit.messages import _, kind_of

PAIRS = [  # (value, speed) of u and of v
    ((6.0, 1.0), (2.0, 0.5)), ((3.0, 4.0), (-2.0, 1.0)), ((-5.0, 2.5), (0.5, -3.0)), ((1.0, 1.0), (4.0, 0.0)),
    ((3.0, 0.0), (-2.0, 1.0)), ((0.0, -1.5), (0.3, 7.0)), ((7, 2), (5, 3)), ((-120.0, 0.03), (-17.0, 250.0)),
    ((2.5, 1.0), (2.5, 1.0)), ((0.001, -40.0), (1e-3, 0.2)), ((8e5, 300.0), (-1200.0, 9e4)),
]  # fmt: skip


def _quotient(u, v):
    return u[0] / v[0], (u[1] * v[0] - u[0] * v[1]) / v[0] ** 2


def _wrong_speed(speed):
    """Make a wrong rule of one for the speed alone."""
    return lambda u, v: (u[0] / v[0], speed(*u, *v))


def _pair(result):
    """Return (value, speed), or say what came instead."""
    result = result.tolist() if isinstance(result, np.ndarray) else result
    if not isinstance(result, tuple | list) or len(result) != 2:
        raise Wrong(_("Return a pair, the value and the speed; this is {}.").format(kind_of(result)))
    return tuple(as_number(part, name) for part, name in zip(result, (_("The value"), _("The speed")), strict=True))


exercise(
    "03.divide",
    _("Two things move the quotient: u, and v. How fast would it move if only u did? And if only v did? Add the two."),
    _("The local slopes of u ÷ v are 1 ÷ v and −u ÷ v². Each is multiplied by the speed of its own input."),
    _("The speed is u[1] / v[0] - u[0] * v[1] / v[0] ** 2. Return it behind the value, u[0] / v[0]."),
    judge=judge_function,
    rule=_quotient,
    mistakes={
        _("The speed takes u as the only one that moves. v moves, too: add −u ÷ v² times the speed of v."):
            _wrong_speed(lambda u, du, v, dv: du / v),
        _("The speeds were divided. Each speed is multiplied by its own local slope, and the two are added."):
            _wrong_speed(lambda u, du, v, dv: du / dv),
        _("The sign: when v grows, u ÷ v falls. Its share has a minus."):
            _wrong_speed(lambda u, du, v, dv: du / v + u * dv / v**2),
        _("The sign is turned: the share of u is positive, the share of v negative."):
            _wrong_speed(lambda u, du, v, dv: u * dv / v**2 - du / v),
        _("The square is missing: the slope of u ÷ v for v is −u ÷ v²."): [
            _wrong_speed(lambda u, du, v, dv: (du - u * dv) / v),
            _wrong_speed(lambda u, du, v, dv: (du * v - u * dv) / v),
        ],
        _("The square was forgotten altogether: divide by v²."):
            _wrong_speed(lambda u, du, v, dv: du * v - u * dv),
        _("This is the speed of a product. The local slopes of u ÷ v are 1 ÷ v and −u ÷ v²."):
            _wrong_speed(lambda u, du, v, dv: du * v + u * dv),
        _("The speeds are missing: these are the local slopes, added. Multiply each by the speed of its input."):
            _wrong_speed(lambda u, du, v, dv: 1 / v - u / v**2),
        _("The speeds were subtracted. Each has to be multiplied by its local slope first."):
            _wrong_speed(lambda u, du, v, dv: du - dv),
        _("Both are right, in the wrong order: first the value, then the speed."):
            lambda u, v: _quotient(u, v)[::-1],
        _("u and v have changed places: this is v ÷ u."):
            lambda u, v: _quotient(v, u),
    },
    probes=PAIRS[:3],
    trials=PAIRS,
    names="u, v",
    result=(_("the value"), _("the speed")),
    unpack=_pair,
    read=as_one,
    praise=_("Right: one walk from left to right brings the quotient and its slope."),
)  # fmt: skip
