"""A name for how a walk downhill ends: it creeps, converges, bounces for ever, diverges, and a few more."""

import math

import numpy as np

from nbkit.descent.walk import FAR, look_at
from nbkit.drawing.chart.frame import power_of_ten
from nbkit.formatting import number
from nbkit.messages import _

FLAT = 1e-9  # a gradient this small, or a change of the loss, counts as none
SAME = 4e-3  # share of a step by which two steps may miss the place from where they started
NEAR = 1e-3  # share of the picture's width, or of the drop, that counts as nothing
CALM = 0.02  # share of the steepest slope on the way below which the ground counts as flat
DONE = 0.005  # share of the whole drop that a walk makes in its last third when there is little left to do
HIGH = 10.0  # times as high as the start, and swinging higher: the numbers need not run out to call it diverging
FEW = 6  # steps: shorter walks show no habit


def verdict(walk, landscape):
    """Name how a walk ends, and say why.

    Parameters
    ----------
    walk : Walk
    landscape : Landscape
        On which it was made.

    Returns
    -------
    kind : str
        What the optimizer does: "stands still", "diverges", "goes on falling", "is thrown out", "bounces for ever",
        "converges", "overshoots and comes back", "creeps", "is on its way" or "jumps about".
    words : str
        One or two sentences.
    """
    with np.errstate(all="ignore"):
        for judge in (_stands, _diverges, _thrown, _bounces, _arrives, _swings, _goes_down):
            found = judge(walk, landscape)
            if found:
                return found
    return _("jumps about"), _("It neither settles nor leaves. A smaller learning rate is calmer.")


def _stands(walk, _landscape):
    if np.abs(walk.gradients[0]).max() > FLAT:
        return None
    return _("stands still"), _("The gradient is 0 here, so no step has a length. Flat is not the same as lowest.")


def _diverges(walk, landscape):
    """Numbers ran out; or the loss rises in swings that grow."""
    losses, n = walk.losses, walk.steps
    lost = not math.isfinite(losses[-1]) or np.abs(walk.places[-1]).max() >= FAR * width(landscape)
    if lost and losses[np.isfinite(losses)][-1] < losses[0]:
        return _("goes on falling"), _("It falls to the end: perhaps this loss has no lowest point.")
    third, lowest = max(1, (n + 1) // 3), np.nanmin(landscape.heights)
    late, middle = losses[-third:].max(), losses[-2 * third : -third].max(initial=losses[0])
    higher = n >= FEW and late > middle and late - lowest > HIGH * (losses[0] - lowest)
    steady = n >= FEW and walk.optimizer == "SGD"  # the others may rise for a while and come back
    rising = steady and (np.diff(losses)[-third:] > 0).all() and turns(walk)[-third:].all()
    if not (lost or higher or rising):
        return None
    lengths = np.linalg.norm(np.diff(walk.places, axis=0), axis=1)
    words = _("Every step is longer than the one before. ") if n > 1 and (np.diff(lengths) > 0).all() else ""
    outside = first_outside(walk, landscape)
    if outside:
        words += _("Step {} leaves the picture; ").format(outside)
    else:
        words += _("The loss rises first in step {}; ").format(1 + int(np.argmax(np.diff(losses) > 0)))
    if not math.isfinite(losses[-1]):
        return _("diverges"), words + _("step {} ends where the loss is too large for a float.").format(n)
    return _("diverges"), words + _at_the_end(walk)


def _thrown(walk, landscape):
    outside = first_outside(walk, landscape)
    if not outside or not is_outside(walk.places[-1], landscape) or not _settled(walk, landscape):
        return None
    return _("is thrown out"), _("Step {} leaves the picture, and the ground out there is almost flat.").format(outside)


def _bounces(walk, landscape):
    """From side to side, and back to the same place."""
    if walk.steps < FEW:
        return None
    there, back = (np.abs(walk.places[-1] - walk.places[-1 - k]).max() for k in (1, 2))
    if back > SAME * there or there < NEAR * width(landscape):
        return None
    words = _("Each step lands on the other side, and the next one lands back.")
    if walk.optimizer == "SGD":
        curvature = look_at(walk, walk.steps - 1).curvature
        words += _(" Here lr × curvature is {}.").format(number(round(walk.lr * curvature, 3)))
    return _("bounces for ever"), words


def _arrives(walk, landscape):
    if not _settled(walk, landscape):
        return None
    drop, left = np.ptp(walk.losses), np.abs(walk.losses - walk.losses[-1])
    k = int(np.flatnonzero(left > 0.01 * drop)[-1]) + 1 if drop else 1
    words = _("One step does it.") if k == 1 else _("From step {} on, less than 1 % of the way is left.").format(k)
    lowest, highest = np.nanmin(landscape.heights), np.nanmax(landscape.heights)
    if walk.losses[-1] - lowest > 0.02 * (highest - lowest):
        words += _(" But this is not the lowest place in the picture.")
    swings = k > 1 and (turns(walk) & (left[:-1] > NEAR * drop)).any()
    return (_("overshoots and comes back") if swings else _("converges")), words


def _swings(walk, _landscape):
    """Not there yet, but lower than before, and past the bottom on the way."""
    late = slice(-max(2, walk.steps // 3), None)
    turned = turns(walk)
    high = walk.losses[late].max()
    if high > walk.losses[0] and high > walk.losses.max() / 2:
        return None
    if walk.optimizer == "SGD" and turned[late].all():
        words = _("Each step lands on the other side, a little lower; ")
        return _("overshoots and comes back"), words + _at_the_end(walk)
    if walk.optimizer != "SGD" and turned.any():
        return _("overshoots and comes back"), _("Its speed carries it past the bottom; ") + _at_the_end(walk)
    return None


def _goes_down(walk, landscape):
    """Not there yet, and lower with nearly every step."""
    late = slice(-max(2, walk.steps // 3), None)
    if (np.diff(walk.losses)[late] > FLAT).any() or walk.losses[-1] > walk.losses[0]:
        return None
    if np.abs(np.diff(walk.places[-2:], axis=0)).max() < 0.01 * width(landscape):
        return _("creeps"), _("Its steps are tiny now; ") + _at_the_end(walk)
    return _("is on its way"), _("Not there yet; ") + _at_the_end(walk)


# ---------------------------------------------------------------- what the judges look at


def width(landscape):
    """Return the longer side of what is shown."""
    return max(high - low for low, high in landscape.ranges)


def turns(walk):
    """Tell for each step whether the slope along it had turned round by its end: it went past a bottom."""
    moves = np.diff(walk.places, axis=0)
    return (walk.gradients[1:] * moves).sum(axis=1) > FLAT * np.abs(walk.gradients[:-1] * moves).sum(axis=1)


def is_outside(place, landscape):
    """Tell whether a place lies beyond what is shown."""
    return any(not low <= x <= high for x, (low, high) in zip(place, landscape.ranges, strict=True))


def first_outside(walk, landscape):
    """Return the number of the step that first leaves the picture; 0 if none does, or the walk began outside."""
    outside = [is_outside(place, landscape) for place in walk.places]
    return outside.index(True) if any(outside) else 0


def _settled(walk, landscape):
    """Tell whether there is as good as nothing left to do: short moves, flat ground, a loss that stays."""
    losses, third = walk.losses, max(2, walk.steps // 3)
    moves = np.abs(np.diff(walk.places[-4:], axis=0)).max(initial=0.0)
    calm = np.abs(walk.gradients[-1]) <= CALM * np.abs(walk.gradients).max(axis=0)
    late = np.ptp(losses[-third:]) <= DONE * np.ptp(losses)
    return bool(moves < NEAR * width(landscape) and calm.all() and late)


def _at_the_end(walk):
    return _("after step {n} the loss is {loss}, at the start it was {first}.").format(
        n=walk.steps, loss=_short(walk.losses[-1]), first=_short(walk.losses[0])
    )


def _short(loss):
    return number(loss) if abs(loss) < 1e6 else _("about {}").format(power_of_ten(round(math.log10(abs(loss)))))
