"""What the bug hunt says and shows beside its graph: a verdict that can be read, two loss curves, a log."""

import inspect

import numpy as np

from nbkit.drawing.chart.frame import LossCurve, page
from nbkit.drawing.markup import escape
from nbkit.formatting import number
from nbkit.messages import _
from nbkit.widgets.training.loss_axis import ends_beyond, top_for

CHART = (52.0, 28.0, 300.0, 150.0)  # left, top, width, height of the frame, in pixels
SIZE = (370, 222)
SIGNS = {True: "✓", False: "✗", None: "…"}


def reading(graph, v, error):
    """Help to read an error: how many times the truth it is, and which number stands there.

    Parameters
    ----------
    graph : Graph
    v : Variable or None
        The node that is wrong, or None for the graph as a whole.
    error : GradientError

    Returns
    -------
    str
        Empty where the error names no place.
    """
    if error.index is None:
        return ""
    if error.numeric:
        words = _("backward ÷ central differences = {}").format(number(error.backward / error.numeric))
    else:
        words = _("the truth is 0: nothing goes back there")
    value = _argument(graph, v, error.argument)
    if value is not None:
        place = str(list(error.index)) if error.index else ""
        there = number(np.asarray(value)[error.index])
        words += _("; there {argument} = {value}").format(argument=error.argument + place, value=there)
    return words


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
    text = f"<b>{escape(text)}</b>" if bold else escape(text)
    text += f" <code>{escape(code)}</code>" if code else ""
    return f"<p style='margin:2px 0;line-height:1.4'>{'' if sign is None else sign + ' '}{text}</p>"


def log_of(entries):
    """Write the log of a case: what was tried, and what came of it.

    Parameters
    ----------
    entries : sequence of (bool or None, str)
        Right, wrong, or neither.
    """
    if not entries:
        return paragraph(_("Log: nothing tried yet."))
    lines = "".join(f"<li>{SIGNS[right]} {escape(text)}</li>" for right, text in entries)
    return paragraph(_("Log:")) + f"<ol style='margin:0;line-height:1.4'>{lines}</ol>"


def curves(right, losses, trouble=""):
    """Draw how a net trains with right layers, and with those of the box; say in words how they end.

    Parameters
    ----------
    right, losses : (steps,) arrays
    trouble : str
        Why there are no losses, or fewer.

    Returns
    -------
    svg, words : str
    """
    losses = losses[: np.argmin(np.isfinite(losses))] if not np.isfinite(losses).all() else losses
    chart = LossCurve(len(right), top_for(right, losses), CHART)
    runs = ((_("right layers"), right), (_("this code"), losses))
    beyond = ends_beyond(chart.frame, [(name, 1 + np.arange(len(run)), run) for name, run in runs])
    words = trouble or _words(right, losses)
    width, height = SIZE
    return page([chart.svg(runs), beyond], _("Training"), words, height=height, width=width), words


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
    """Write a loss with four decimals at most: below that it is 0 for every purpose."""
    return number(round(float(loss), 4))
