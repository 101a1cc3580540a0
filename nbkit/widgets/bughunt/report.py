"""What the bug hunt says and shows beside its graph: how to read an error, two loss curves, a log."""

import inspect
import math
import re

import numpy as np

from nbkit.drawing import theme
from nbkit.drawing.chart.frame import frame
from nbkit.drawing.chart.marks import DASHES, legend
from nbkit.drawing.chart.series import ends_beyond
from nbkit.drawing.markup import join, tag
from nbkit.drawing.picture import Picture
from nbkit.formatting import number, power_of_ten
from nbkit.messages import _

CHART_BOX = (52.0, 28.0, 300.0, 150.0)  # left, top, width, height of the frame, in pixels
CHART_SIZE = (370, 222)  # width and height of the picture
LOWEST_LOSS = 1e-4  # of the axis: a smaller loss is drawn at its end, and called less than this
MAX_LOSS_POWER = 6  # of ten, at the top of the axis
MAX_PLAIN_POWER = 3  # of ten that is written with all its zeros
RUN_TIME = 900  # milliseconds in which a new curve runs from left to right
SHEET = (
    theme.CHART_STYLE
    + theme.css_variables(theme.IN_THE_DARK, theme.DARK_VERDICTS)
    + theme.css_rules(("was", "stroke", "wrong", ";stroke-width:1.8;fill:none"))
    + "@media (prefers-reduced-motion:no-preference){.nbkit polyline.now{animation:nbkit-run "
    + f"{RUN_TIME}ms ease-out}}}}@keyframes nbkit-run{{from{{clip-path:inset(-4px 100% -4px 0)}}"
    + "to{clip-path:inset(-4px 0 -4px 0)}}"
)
PARAGRAPH = "margin:2px 0;line-height:1.4"
CHECK_SIGNS = {True: "✓", False: "✗", None: "…"}


def verdict(error):
    """Write an error as the pictures write numbers: with a minus, not with a hyphen."""
    return re.sub(r"(?<!\S)-(?=\d|inf)|(?<=\de)-(?=\d)", "−", str(error))


def origin(errors):
    """Say which gradient from the right the numbers of errors belong to, as it is not the one of the picture."""
    drawn = [error.dout for error in errors if error.dout is not None]
    if not drawn:
        return ""
    if len(drawn) == 1 and not np.ndim(drawn[0]):
        text = _("Both numbers are for a gradient of {dout} from the right, drawn at random for this check.")
        return text.format(dout=number(drawn[0]))
    return _("The numbers are for gradients from the right that are drawn at random for each check.")


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
    return tag("p", *parts, style=PARAGRAPH)


def solution(case, score, number):
    """Say that a case is solved, what was wrong, and what mends it."""
    if number in score.solved:
        words = _("Solved in {time}! All nodes are right, and so is the graph as a whole.").format(
            time=score.time(number)
        )
    else:
        words = _("Now all nodes are right, and so is the graph as a whole.")
    lines = [paragraph(words, sign=CHECK_SIGNS[True], bold=True), _named(_("What was wrong"), case.found)]
    lines.append(_named(_("What mends it"), case.mended))
    if score.next is None:
        lines.append(paragraph(_("You have been through all {n} cases.").format(n=len(score.titles)), bold=True))
    return join(lines)


def _named(name, text):
    """Write a paragraph with its name in front."""
    return tag("p", tag("b", _("{name}:").format(name=name)), " ", text, style=PARAGRAPH)


def log_of(entries):
    """Write the log of a case: (right, wrong or None; text) of each entry."""
    if not entries:
        return paragraph(_("Log: what each check of all nodes has found will stand here."))
    lines = [tag("li", f"{CHECK_SIGNS[right]} {text}") for right, text in entries]
    return join([paragraph(_("Log:")), tag("ol", lines, style="margin:0;line-height:1.4")])


def curves(right, bug, yours=None, trouble="", stale=False):
    """Draw the losses of three runs, or say in the picture's words what went wrong.

    Parameters
    ----------
    right, bug : (steps,) array
        With right layers and with the bug.
    yours : (steps,) array, optional
        With the code of the box; None where that is the code with the bug.
    trouble : str
        What ended the training with the code of the box, if anything did.
    stale : bool
        Whether the box holds another code by now: then no curve is its own.
    """
    right, bug, own = (_finite(losses) for losses in (right, bug, bug if yours is None else yours))
    chart = frame(CHART_BOX, (0, len(right)), _powers(right, bug, own), _("step"), _("loss"), (number, _loss_tick))
    runs = [
        (_("right layers"), "then", DASHES[0], right),
        (_("with the bug"), "was" if stale or yours is not None else "now", DASHES[1], bug),
    ]
    if yours is not None:
        runs.append((_("before your change"), "then", DASHES[2], own) if stale else (_("your code"), "now", "", own))
    looks = [{"stroke_dasharray": None if kind == "now" else dashes} for _name, kind, dashes, _losses in runs]
    lines = [(name, kind, look) for (name, kind, *_rest), look in zip(runs, looks, strict=True)]
    drawn = [
        chart.series(kind, np.log10(np.maximum(run, LOWEST_LOSS)), **look)
        for (_name, kind, _dash, run), look in zip(runs, looks, strict=True)
    ]
    ends = [(name, 1 + np.arange(len(run)), run) for name, _kind, _dashes, run in runs]
    beyond = ends_beyond(chart, ends, 10.0 ** chart.y_range[1])
    parts = [chart.svg, legend(lines, CHART_BOX[0], tight=True), drawn, beyond]
    if stale:
        words = _("You have changed the code: a check draws the curve of the new one.")
    else:
        words = trouble or _words(right, own)
    return Picture(_("Training"), words, parts, *CHART_SIZE, sheet=SHEET)


def _powers(*curves):
    """Return the range of an axis of powers of ten for losses: whole powers, so that both ends have a tick."""
    losses = np.maximum(np.concatenate(curves), LOWEST_LOSS)
    low, high = math.floor(np.log10(losses.min())), math.ceil(np.log10(losses.max()))
    return low, min(max(high, low + 1), MAX_LOSS_POWER)


def _loss_tick(power):
    """Write the loss at a tick, where it is a power of ten."""
    if power != round(power):
        return ""
    if 10.0**power <= LOWEST_LOSS:
        return _("≤ {}").format(power_of_ten(power))
    return number(10.0**power) if -MAX_PLAIN_POWER <= power <= MAX_PLAIN_POWER else power_of_ten(power)


def _finite(losses):
    """Return the losses up to the first one that is no number."""
    return losses if np.isfinite(losses).all() else losses[: np.argmin(np.isfinite(losses))]


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
    """Write a loss with four decimals at most; of a smaller one say that it is smaller."""
    if 0 < loss < LOWEST_LOSS:
        return _("less than {}").format(number(LOWEST_LOSS))
    return number(round(float(loss), 4))
