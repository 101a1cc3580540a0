"""What the playground says in sentences."""

import math

from nbkit.formatting import number
from nbkit.messages import _


def status_words(experiment, judged):
    """Say how far a training is, and how good."""
    if judged is None:
        return _("No points yet: click into the plane.")
    words = _("step {step}, epoch {epoch}, training: loss {loss}, right {right} %")
    if not math.isnan(judged.held_out_right):
        words = _(
            "step {step}, epoch {epoch}, training: loss {loss}, right {right} %; "
            "held out: loss {held_out_loss}, right {held_out_right} %"
        )
    said = words.format(
        step=judged.step, epoch=number(round(experiment.epochs, 1)),
        loss=number(judged.loss), right=number(round(100 * judged.right, 1)),
        held_out_loss=number(judged.held_out_loss), held_out_right=number(round(100 * judged.held_out_right, 1)),
    )  # fmt: skip
    if experiment.looking_back:
        rule = _("{said}. The run has come to step {last}; Run, Step or any change goes on from here instead.")
        return rule.format(said=said, last=experiment.track.moments[-1].step)
    return said


def last_finite_words(experiment, judged):
    """Say why a run has ended, and what the picture shows."""
    words = _("{error} The picture shows step {step}, the last one seen with finite numbers.")
    return words.format(error=experiment.error, step=judged.step)


def calm_words(fall, steps):
    """Say that nothing changes any more."""
    words = _(
        "Nothing changes any more: in the last {steps} steps the training loss fell by less than {fall}. So the run "
        "pauses here. Change something, or press Run to go on all the same."
    )
    return words.format(steps=number(float(f"{steps:.2g}")), fall=number(fall))


def own_settings_words(preset):
    """Say where settings come from that are none of the experiments."""
    return _("Your own settings, begun with: {}.").format(preset.name) if preset else _("Your own settings.")
