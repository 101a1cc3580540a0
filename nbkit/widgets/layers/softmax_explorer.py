"""Scores to move, and what softmax and its loss make of them: probabilities, one loss, one arrow per score."""

import ipywidgets
import numpy as np

from nbkit.drawing import theme
from nbkit.drawing.chart.frame import Frame, page, text_at
from nbkit.drawing.markup import escape
from nbkit.formatting import number
from nbkit.functions import check_finite
from nbkit.layers import SoftmaxWithLoss
from nbkit.messages import _
from nbkit.widgets.kit.panel import Panel
from nbkit.widgets.kit.svg_view import SvgView

CLASSES = (2, 5)  # how few and how many a picture has room for
REACH = 10.0  # of the sliders, unless a score lies further out
LARGEST = 1000.0
SAMPLES = 81  # points of the curve on the right
LONGEST = 9  # characters of a class's name below its bar
HEIGHT = 366
BARS = (52.0, 28.0, 350.0, 132.0)  # left, top, width, height in pixels
ARROWS = (52.0, 218.0, 350.0, 128.0)
LOSS = (466.0, 28.0, 250.0, 240.0)
VALUE, GRADIENT, LINE = (theme.css_colour(role) for role in ("value", "gradient", "line"))
TRUTH = f' stroke-dasharray="4 3" style="stroke:{LINE};stroke-width:1.5;fill:none"'
TANGENT = f' stroke-dasharray="6 4" style="stroke:{GRADIENT};stroke-width:2"'


class SoftmaxExplorer(Panel):
    """Move the scores of a few classes and see their probabilities, the loss, and the gradient of each score.

    Above stand the probabilities as bars, below them the gradients y − t as arrows; right the loss against the
    score of the true class, with its slope. All numbers come from `SoftmaxWithLoss`.

    Parameters
    ----------
    scores : sequence of 2 to 5 numbers
        From -1000 to 1000.
    t : int
        Number of the true class.
    classes : sequence of str, optional
        Their names.

    Attributes
    ----------
    sliders : list of FloatSlider
        One for each score.
    truth, view, status : widgets
        `truth.value` is the number of the true class.
    y, gradient : (k,) arrays
        Probabilities, and dL/dx for each score.
    loss : float
        In nats.
    """

    def __init__(self, scores=(2.0, 1.0, 0.1), t=0, classes=None):
        scores = _checked(scores)
        self.classes = _names(classes, len(scores))
        if isinstance(t, bool) or t not in range(len(scores)):
            raise ValueError(_("t must be a class number from 0 to {last}, got {t}").format(last=len(scores) - 1, t=t))
        self.layer = SoftmaxWithLoss()
        self.sliders = [_slider(name) for name in self.classes]
        self.truth = ipywidgets.ToggleButtons(
            options=[(name, i) for i, name in enumerate(self.classes)], value=int(t), description=_("truth"),
            style={"button_width": "auto", "description_width": "6em"},
        )  # fmt: skip
        self.truth.add_class("widget-inline-hbox")  # the buttons stand beside their name, as sliders do, not below it
        self.view, self.status = SvgView(), ipywidgets.HTML()
        super().__init__([*self.sliders, self.truth, self.view, self.status])
        self._quiet = False
        self.scores = scores
        moved = self.safely(lambda _change: None if self._quiet else self.show())
        for control in (*self.sliders, self.truth):
            control.observe(moved, "value")

    @property
    def scores(self):
        """The scores as an array; given others, the sliders follow, and grow where they do not reach."""
        return np.array([slider.value for slider in self.sliders])

    @scores.setter
    def scores(self, scores):
        scores = _checked(scores)
        if len(scores) != len(self.sliders):
            raise ValueError(_("there are {k} classes, got {n} scores").format(k=len(self.sliders), n=len(scores)))
        self._quiet = True
        try:
            for slider, score in zip(self.sliders, scores, strict=True):
                slider.min, slider.max = min(slider.min, score), max(slider.max, score)
                slider.value = score
        finally:
            self._quiet = False
        self.show()

    def show(self):
        """Ask the layer for all numbers, and draw them."""
        scores, t = self.scores, self.truth.value
        self.y = self.layer.probabilities(scores)
        self.loss = float(self.layer.forward(scores, t))
        self.gradient = self.layer.backward()
        self.view.svg = page([self._bars(), self._arrows(), self._curve()], _("Softmax"), self._words(), HEIGHT)
        self.status.value = f"<span>{escape(self._words())}</span>"

    def snapshot(self):
        return self.view.svg

    def _words(self):
        """Say where the loss comes from, and what a step of learning would do."""
        name, y = self.classes[self.truth.value], self.y[self.truth.value]
        if not y:
            first = _("The probability of {name} is rounded to 0; the loss, found from the scores, is {loss}.")
        else:
            first = _("{name} is true and got {y}: the loss is −log({y}) = {loss}.")
        if np.abs(self.gradient).max() < 0.01:
            then = _("Hardly any gradient: there is little left to learn.")
        else:
            then = _("Going against the gradient raises the score of {name} and lowers the others.")
        return f"{first} {then}".format(name=name, y=number(y), loss=number(self.loss))

    # ------------------------------------------------------------ the picture

    def _bars(self):
        """Draw a bar per class, and a dashed one as high as the truth has it."""
        k, t = len(self.classes), self.truth.value
        frame = Frame(BARS, (0, k), (0, 1.2), "", _("probability y"), (_no_tick, _tenth))
        bottom, left, width = frame.y(0), frame.x(t + 0.2), frame.x(0.6) - frame.x(0)
        whole = bottom - frame.y(1)
        parts = [
            frame.svg,
            f'<rect x="{left:.1f}" y="{frame.y(1):.1f}" width="{width:.1f}" height="{whole:.1f}"{TRUTH}/>',
            text_at(BARS[0], 18, "tick", _("solid: probability y, dashed: truth t")),
        ]
        for i, (name, y, score) in enumerate(zip(self.classes, self.y, self.scores, strict=True)):
            top, middle = frame.y(y), frame.x(i + 0.5)
            parts.append(
                f'<rect data-bar="{i}" x="{frame.x(i + 0.2):.1f}" y="{top:.1f}" width="{width:.1f}" '
                f'height="{bottom - top:.1f}" style="fill:{VALUE};fill-opacity:{0.9 if i == t else 0.55}"/>'
            )
            parts.append(text_at(middle, top - 5, "val", _brief(y), f' data-number="y{i}"'))
            short = name if len(name) <= LONGEST else name[: LONGEST - 1] + "…"
            for y_text, kind, text in (
                (bottom + 17, "name", short),
                (bottom + 33, "shape", _("score {}").format(number(score))),
                (bottom + 47, "shape", f"t = {int(i == t)}"),
            ):
                parts.append(text_at(middle, y_text, kind, text))
        return "".join(parts)

    def _arrows(self):
        """Draw the gradient of each score as an arrow from 0, right below its bar."""
        frame = Frame(ARROWS, (0, len(self.classes)), (-1.6, 1.6), "", _("gradient y − t"), (_no_tick, number))
        zero = frame.y(0)
        parts = [frame.svg, f'<path class="line" d="M{ARROWS[0]:g} {zero:.1f}h{ARROWS[2]:g}"/>']
        for i, gradient in enumerate(self.gradient):
            x, tip = frame.x(i + 0.5), frame.y(gradient)
            down = 1 if gradient < 0 else -1
            head = min(8.0, abs(tip - zero))  # a short arrow is all head
            parts.append(
                f'<path data-arrow="{i}" d="M{x:.1f} {zero:.1f}V{tip - down * head:.1f}m-6 0h12L{x:.1f} {tip:.1f}z" '
                f'style="stroke:{GRADIENT};stroke-width:2.5;fill:{GRADIENT}"/>'
            )
            sign = "+" if gradient > 0 else ""
            below = 18 if down > 0 else -8
            parts.append(text_at(x, tip + below, "grad", sign + _brief(gradient), f' data-number="gradient{i}"'))
        return "".join(parts)

    def _curve(self):
        """Draw the loss while the score of the true class alone moves: its slope is the arrow of that class."""
        t, scores = self.truth.value, self.scores
        low, high = self.sliders[t].min, self.sliders[t].max
        line = np.linspace(low, high, SAMPLES)
        moved = np.tile(scores, (SAMPLES, 1))
        moved[:, t] = line
        losses = np.array([float(SoftmaxWithLoss().forward(row, t)) for row in moved])
        top = max(1.0, 1.08 * losses.max())
        name = self.classes[t]
        frame = Frame(LOSS, (low, high), (0, top), _("score of {}").format(name), _("loss"))
        fall = max(-self.gradient[t], 1e-12)  # the line is cut where it leaves the frame
        left, right = np.array([top - self.loss, self.loss]) / fall
        ends = scores[t] + np.clip([-left, right], low - scores[t], high - scores[t])
        return "".join(
            (
                frame.svg,
                text_at(LOSS[0], 18, "tick", _("dashed: slope {}").format(_brief(self.gradient[t]))),
                frame.line("now", line, losses),
                frame.line("then", ends, self.loss + self.gradient[t] * (ends - scores[t]), TANGENT),
                f'<circle data-mark="loss" cx="{frame.x(scores[t]):.1f}" cy="{frame.y(self.loss):.1f}" r="5.5" '
                f'style="fill:{theme.css_colour("text")}"/>',
                text_at(LOSS[0] + LOSS[2] / 2, 336, "name", _("loss = {}").format(number(self.loss)),
                      ' style="font-weight:bold" data-number="loss"'),
            )
        )  # fmt: skip


def _checked(scores):
    """Return scores as floats, or refuse what no picture has room for."""
    scores = check_finite(scores, _("scores"))
    low, high = CLASSES
    if scores.ndim != 1 or not low <= len(scores) <= high:
        raise ValueError(
            _("SoftmaxExplorer takes {low} to {high} scores in a row, got shape {shape}").format(
                low=low, high=high, shape=scores.shape
            )
        )
    if np.abs(scores).max() > LARGEST:
        raise ValueError(_("scores must lie between −{0} and {0}").format(number(LARGEST)))
    return scores.astype(float)


def _names(classes, k):
    names = [_("class {}").format(i) for i in range(k)] if classes is None else [str(name) for name in classes]
    if len(names) != k or len(set(names)) != k:
        raise ValueError(_("classes must be {k} different names, got {got}").format(k=k, got=", ".join(names)))
    return names


def _slider(name):
    return ipywidgets.FloatSlider(
        0.0, min=-REACH, max=REACH, step=0.1, description=name, readout_format=".1f",
        style={"description_width": "6em"}, layout={"width": "30em"},
    )  # fmt: skip


def _no_tick(_value):
    return ""


def _tenth(value):
    return number(round(value, 1))


def _brief(x):
    """Write a number in three digits, and in one where it is tiny: there is little room above a bar."""
    return number(float(f"{x:.3g}")) if not x or abs(x) >= 1e-3 else f"{x:.0e}".replace("e-0", "e-").replace("-", "−")
