"""A name for how a walk downhill ends: it creeps, converges, bounces, diverges, or does something else."""

import math

import numpy as np

from nbkit.descent.walk import GONE_WIDTHS, look_at
from nbkit.formatting import number, power_of_ten
from nbkit.messages import _, in_a_row

ZERO = 1e-9  # a gradient this small, or a change of the loss, counts as none
SAME_PLACE = 4e-3  # share of a step by which two steps may miss the place from where they started
NEGLIGIBLE = 1e-3  # share of the picture's width, or of the drop, that counts as nothing
LEVEL_SLOPE = 0.02  # share of the steepest slope on the way below which the landscape counts as flat
LITTLE_LEFT = 0.005  # share of the whole drop in the last third of a walk that has as good as arrived
NEAR_BOTTOM = 0.01  # share of the loss above the lowest that may be left of a walk which is near the bottom
DIVERGED_HEIGHT = 10.0  # times as high as the start, and swinging higher: a walk diverges before it ends at infinity
MIN_PATTERN_STEPS = 6  # shorter walks show no pattern


def verdict(walk, landscape):
    """Name how a walk on a landscape ends, and say why.

    Returns
    -------
    kind : str
        What the optimizer does: "stands still", "diverges", "goes on falling", "is thrown out", "bounces for ever",
        "converges", "overshoots and comes back", "creeps", "creeps the rest of the way", "is on its way" or
        "jumps about".
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
    if np.abs(walk.gradients[0]).max() > ZERO:
        return None
    return _("stands still"), _("The gradient is 0 here, so no step has a length. Flat is not the same as lowest.")


def _diverges(walk, landscape):
    """It left for good, or the loss rises in swings that grow."""
    losses, n = walk.losses, walk.steps
    lost = not math.isfinite(losses[-1]) or np.abs(walk.places[-1]).max() >= GONE_WIDTHS * width(landscape)
    if lost and losses[np.isfinite(losses)][-1] < losses[0]:
        return _("goes on falling"), _("It falls to the end: perhaps this loss has no lowest point.")
    third, lowest = max(1, (n + 1) // 3), np.nanmin(landscape.heights)
    late, middle = losses[-third:].max(), losses[-2 * third : -third].max(initial=losses[0])
    higher = n >= MIN_PATTERN_STEPS and late > middle and late - lowest > DIVERGED_HEIGHT * (losses[0] - lowest)
    steady = n >= MIN_PATTERN_STEPS and walk.optimizer == "SGD"  # the others may rise for a while and come back
    rising = steady and (np.diff(losses)[-third:] > 0).all() and turns(walk)[-third:].all()
    if not (lost or higher or rising):
        return None
    lengths = np.linalg.norm(np.diff(walk.places, axis=0), axis=1)
    words = [_("Every step is longer than the one before.")] if n > 1 and (np.diff(lengths) > 0).all() else []
    return _("diverges"), in_a_row([*words, _how_it_diverges(walk, landscape)])


def _how_it_diverges(walk, landscape):
    outside = first_outside(walk, landscape)
    if math.isfinite(walk.losses[-1]):
        if outside:
            text = _("Step {k} leaves the picture; after step {n} the loss is {loss}, at the start it was {first}.")
        else:
            text = _(
                "The loss rises first in step {k}; after step {n} the loss is {loss}, at the start it was {first}."
            )
    elif outside:
        text = _("Step {k} leaves the picture; step {n} ends where the loss is too large for a float.")
    else:
        text = _("The loss rises first in step {k}; step {n} ends where the loss is too large for a float.")
    return _filled(text, walk, k=outside or 1 + int(np.argmax(np.diff(walk.losses) > 0)))


def _thrown(walk, landscape):
    outside = first_outside(walk, landscape)
    if not outside or not is_outside(walk.places[-1], landscape) or not _settled(walk, landscape):
        return None
    return _("is thrown out"), _("Step {} leaves the picture, and the ground out there is almost flat.").format(outside)


def _bounces(walk, landscape):
    """From side to side, and back to the same place."""
    if walk.steps < MIN_PATTERN_STEPS:
        return None
    there, back = (np.abs(walk.places[-1] - walk.places[-1 - k]).max() for k in (1, 2))
    if back > SAME_PLACE * there or there < NEGLIGIBLE * width(landscape):
        return None
    words = [_("Each step lands on the other side, and the next one lands back.")]
    if walk.optimizer == "SGD":
        curvature = look_at(walk, walk.steps).curvature
        words.append(_("Here lr × curvature is {}.").format(number(round(walk.lr * curvature, 3))))
    return _("bounces for ever"), in_a_row(words)


def _arrives(walk, landscape):
    if not _settled(walk, landscape):
        return None
    drop, left = np.ptp(walk.losses), np.abs(walk.losses - walk.losses[-1])
    k = int(np.flatnonzero(left > 0.01 * drop)[-1]) + 1 if drop else 1
    words = [_("One step does it.") if k == 1 else _("From step {} on, less than 1 % of the way is left.").format(k)]
    lowest, highest = np.nanmin(landscape.heights), np.nanmax(landscape.heights)
    if walk.losses[-1] - lowest > 0.02 * (highest - lowest):
        words.append(_("But this is not the lowest place in the picture."))
    swings = k > 1 and (turns(walk) & (left[:-1] > NEGLIGIBLE * drop)).any()
    return (_("overshoots and comes back") if swings else _("converges")), in_a_row(words)


def _swings(walk, _landscape):
    """Not there yet, but lower than before, and past the bottom on the way."""
    late = slice(-max(2, walk.steps // 3), None)
    turned = turns(walk)
    high = walk.losses[late].max()
    if high > walk.losses[0] and high > walk.losses.max() / 2:
        return None
    if walk.optimizer == "SGD" and turned[late].all():
        text = _(
            "Each step lands on the other side, a little lower; "
            "after step {n} the loss is {loss}, at the start it was {first}."
        )
    elif walk.optimizer != "SGD" and turned.any():
        text = _(
            "Its speed carries it past the bottom; after step {n} the loss is {loss}, at the start it was {first}."
        )
    else:
        return None
    return _("overshoots and comes back"), _filled(text, walk)


def _goes_down(walk, landscape):
    """Not there yet, and lower with nearly every step."""
    late = slice(-max(2, walk.steps // 3), None)
    if (np.diff(walk.losses)[late] > ZERO).any() or walk.losses[-1] > walk.losses[0]:
        return None
    if np.abs(np.diff(walk.places[-2:], axis=0)).max() < 0.01 * width(landscape):
        if near_bottom(walk, landscape)[-1]:
            text = _(
                "At most 1 % of the loss above the lowest is left, but its steps are tiny now; "
                "after step {n} the loss is {loss}, at the start it was {first}."
            )
            return _("creeps the rest of the way"), _filled(text, walk)
        text = _("Its steps are tiny now; after step {n} the loss is {loss}, at the start it was {first}.")
        return _("creeps"), _filled(text, walk)
    text = _("Not there yet; after step {n} the loss is {loss}, at the start it was {first}.")
    return _("is on its way"), _filled(text, walk)


# ---------------------------------------------------------------- what the rules look at


def width(landscape):
    """Return the longer side of what is shown."""
    return max(high - low for low, high in landscape.ranges)


def near_bottom(walk, landscape):
    """Tell for each place of a walk whether at most 1 % of the loss above the lowest in the picture is left."""
    lowest = np.nanmin(landscape.heights)
    return walk.losses - lowest <= NEAR_BOTTOM * (walk.losses[0] - lowest)  # NaN is not


def turns(walk):
    """Tell for each step whether the slope along it had turned round by its end: it went past a bottom."""
    moves = np.diff(walk.places, axis=0)
    return (walk.gradients[1:] * moves).sum(axis=1) > ZERO * np.abs(walk.gradients[:-1] * moves).sum(axis=1)


def is_outside(place, landscape):
    """Tell whether a place lies beyond what is shown."""
    return any(not low <= x <= high for x, (low, high) in zip(place, landscape.ranges, strict=True))


def first_outside(walk, landscape):
    """Return the number of the step that first leaves the picture; 0 if none does, or the walk began outside."""
    outside = [is_outside(place, landscape) for place in walk.places]
    return outside.index(True) if any(outside) else 0


def _settled(walk, landscape):
    """Tell whether a walk has come to rest: short moves, a flat landscape, a loss that stays."""
    losses, third = walk.losses, max(2, walk.steps // 3)
    moves = np.abs(np.diff(walk.places[-4:], axis=0)).max(initial=0.0)
    calm = np.abs(walk.gradients[-1]) <= LEVEL_SLOPE * np.abs(walk.gradients).max(axis=0)
    late = np.ptp(losses[-third:]) <= LITTLE_LEFT * np.ptp(losses)
    return bool(moves < NEGLIGIBLE * width(landscape) and calm.all() and late)


def _filled(text, walk, **more):
    """Fill a sentence with the last step, the loss after it and the loss at the start."""
    return text.format(n=walk.steps, loss=_short(walk.losses[-1]), first=_short(walk.losses[0]), **more)


def _short(loss):
    if 1e6 <= abs(loss) < math.inf:
        return _("about {}").format(power_of_ten(round(math.log10(abs(loss)))))
    return number(loss)
