"""What the bug hunt says and shows beside its graph: how to read an error, two loss curves, a log."""

import inspect

import numpy as np

from nbkit.drawing.chart.series import LossCurve, ends_beyond, top_for
from nbkit.drawing.markup import join, tag
from nbkit.drawing.picture import Picture
from nbkit.formatting import number
from nbkit.messages import _

CHART_BOX = (52.0, 28.0, 300.0, 150.0)  # left, top, width, height of the frame, in pixels
CHART_SIZE = (370, 222)  # width and height of the picture
CHECK_SIGNS = {True: "✓", False: "✗", None: "…"}


def reading(graph, v, error):
    """Explain the error of node `v`, or of the whole graph for None: its ratio to the truth, and the number there."""
    if error.index is None:
        return ""
    names = {"ratio": number(error.backward / error.numeric) if error.numeric else None}
    value = _argument(graph, v, error.argument)
    if value is not None:
        names["argument"] = error.argument + (str(list(error.index)) if error.index else "")
        names["value"] = number(np.asarray(value)[error.index])
    return _reading(bool(error.numeric), value is not None).format(**names)


def _reading(has_ratio, has_value):
    """Return the sentence for what is known of an error."""
    if has_ratio and has_value:
        return _("backward ÷ central differences = {ratio}; there {argument} = {value}")
    if has_ratio:
        return _("backward ÷ central differences = {ratio}")
    if has_value:
        return _("the truth is 0: nothing goes back there; there {argument} = {value}")
    return _("the truth is 0: nothing goes back there")


def _argument(graph, v, name):
    """Find the value of an argument by the name that an error gives it."""
    if v is None:
        return graph.inputs[name].value if name in graph.inputs else None
    if name in v.layer.params:
        return v.layer.params[name]
    names = list(inspect.signature(v.layer.forward).parameters)
    return v.inputs[names.index(name)].value if name in names[: len(v.inputs)] else None


def paragraph(text, sign=None, bold=False, code=""):
    """Write a text as a paragraph of HTML, with a sign in front of it where there is a verdict, and code behind it."""
    parts = [f"{sign} " if sign else "", tag("b", text) if bold else text, [" ", tag("code", code)] if code else ""]
    return tag("p", *parts, style="margin:2px 0;line-height:1.4")


def log_of(entries):
    """Write the log of a case: (right, wrong or None; text) of each entry."""
    if not entries:
        return paragraph(_("Log: nothing tried yet."))
    lines = [tag("li", f"{CHECK_SIGNS[right]} {text}") for right, text in entries]
    return join([paragraph(_("Log:")), tag("ol", lines, style="margin:0;line-height:1.4")])


def curves(right, losses, trouble=""):
    """Draw the losses with right layers, and with those of the box, or say in the picture's words what went wrong."""
    losses = losses[: np.argmin(np.isfinite(losses))] if not np.isfinite(losses).all() else losses
    chart = LossCurve(len(right), top_for(right, losses), CHART_BOX)
    runs = ((_("right layers"), right), (_("this code"), losses))
    beyond = ends_beyond(chart.frame, [(name, 1 + np.arange(len(run)), run) for name, run in runs])
    words = trouble or _words(right, losses)
    return Picture(_("Training"), words, [chart.svg(runs), beyond], *CHART_SIZE)


def _words(right, losses):
    if len(losses) == len(right) and np.array_equal(right, losses):
        return _("The same curve as with right layers, number for number; it ends at {}.").format(_four(right[-1]))
    if len(losses) < 2:
        return _("The training broke off after its first step.") if len(losses) else _("The first loss is no number.")
    if len(losses) < len(right):
        return _("The training broke off after {} steps.").format(len(losses))
    return _("Loss after {steps} steps: {loss}; with right layers {right}.").format(
        steps=len(right), loss=_four(losses[-1]), right=_four(right[-1])
    )


def _four(loss):
    """Write a loss with four decimals at most: a smaller one counts as 0."""
    return number(round(float(loss), 4))
