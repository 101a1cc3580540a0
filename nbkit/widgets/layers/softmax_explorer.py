"""Scores to move, and what softmax and its loss make of them: probabilities, one loss, one arrow per score."""

import numpy as np

from nbkit.checks import whole
from nbkit.drawing import theme
from nbkit.drawing.chart.frame import WIDTH, frame, no_tick
from nbkit.drawing.chart.handle import TOUCH_SIZE, bar_grip, handle, point_grip, touch_area
from nbkit.drawing.chart.marks import HALO, stroke, text_at
from nbkit.drawing.markup import join, tag
from nbkit.drawing.picture import Mark, Picture
from nbkit.formatting import number, three_digits
from nbkit.functions import check_finite, score_for
from nbkit.graph import Graph, Variable
from nbkit.layers import SoftmaxWithLoss
from nbkit.messages import _, as_name, in_a_row, kind_of, shortened
from nbkit.widgets.kit.explorer import Explorer, slider, steps, toggle

MIN_BARS, MAX_BARS = 2, 5
SCORE_REACH = 10.0  # of the sliders, unless a score lies further out
SCORE_STEP = 0.1
MAX_SCORE = 1000.0
TEMPERATURES = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
ARROW_REACH = 1.6  # of the axis of the gradients, at a temperature of 1
CURVE_POINTS = 81
MAX_BAR_NAME_CHARACTERS = 9
MAX_REFUSED_CHARACTERS = 100  # of names that are refused
HEIGHT = 366
BAR_BOX = (52.0, 28.0, 350.0, 132.0)  # left, top, width, height in pixels
ARROW_BOX = (52.0, 218.0, 350.0, 128.0)
LOSS_BOX = (466.0, 28.0, 250.0, 240.0)
VALUE_COLOUR, GRADIENT_COLOUR, LINE_COLOUR = (theme.css_colour(role) for role in ("value", "gradient", "line"))
TRUTH_LOOK = {"stroke_dasharray": "4 3", "style": f"stroke:{LINE_COLOUR};stroke-width:1.5;fill:none"}


class SoftmaxExplorer(Explorer):
    """Move the scores of a few classes and see their probabilities, the loss, and the gradient of each score.

    A score moves by its slider, by the bar of its class, and that of the true class by the point on the curve.
    Above stand the probabilities as bars, below them the gradients y − t as arrows; right the loss against the
    score of the true class, with its slope. A temperature divides all scores before softmax, and so the gradients, too.
    All numbers come from `SoftmaxWithLoss`.

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
    truth, temperature, view, status : widgets
        `truth.value` is the number of the true class.
    y, gradient : (k,) arrays
        Probabilities, and dL/dx for each score.
    loss : float
        In nats.
    """

    def __init__(self, scores=(2.0, 1.0, 0.1), t=0, classes=None):
        scores = _checked(scores)
        self.classes = _names(classes, len(scores))
        t = whole("t", t, 0, len(scores) - 1)
        self.layer = SoftmaxWithLoss()
        self.sliders = [
            slider(_("score of {}").format(name), 0.0, -SCORE_REACH, SCORE_REACH, SCORE_STEP) for name in self.classes
        ]
        options = [(name, i) for i, name in enumerate(self.classes)]
        self.truth = toggle(options, t, description=_("truth"))
        self.truth.add_class("widget-inline-hbox")  # the buttons stand beside their name, as sliders do, not below it
        self.temperature = steps(_("temperature T"), 1.0, TEMPERATURES)
        self._move_to(scores)
        super().__init__(*self.sliders, self.truth, self.temperature)
        self.view.on_value(self.safely(self._by_hand))

    @property
    def scores(self):
        """The scores as an array; given others, the sliders follow, and grow where they do not reach."""
        return np.array([slider.value for slider in self.sliders])

    @scores.setter
    def scores(self, scores):
        scores = _checked(scores)
        if len(scores) != len(self.sliders):
            raise ValueError(_("there are {k} classes, got {n} scores").format(k=len(self.sliders), n=len(scores)))
        with self.quietly():
            self._move_to(scores)
        self.show()

    def _move_to(self, scores):
        for control, score in zip(self.sliders, scores, strict=True):
            control.min, control.max = min(control.min, score), max(control.max, score)
            control.value = score

    def _by_hand(self, event):
        """Follow a bar, or the point on the curve."""
        scores = self.scores
        i = self.truth.value if event.item == "loss" else int(event.item.removeprefix("y"))
        if event.value != scores[i]:
            scores[i] = event.value
            self.scores = scores

    def compute(self):
        """Ask the layer for all numbers, and a graph for the way back through the division by T."""
        scores, t, T = self.scores, self.truth.value, self.temperature.value
        self.y = self.layer.probabilities(scores / T)
        graph = Graph(self.layer(Variable(scores, "scores") / T, t))
        self.loss = float(graph.output.value)
        self.gradient = graph.backward()["scores"]

    def sentence(self):
        """Say where the loss comes from, and what a step of training would do."""
        name, y = self.classes[self.truth.value], self.y[self.truth.value]
        if not y:
            first = _("The probability of {name} is rounded to 0; the loss, found from the scores, is {loss}.")
        else:
            first = _("{name} is true and got {y}: the loss is −log({y}) = {loss}.")
        if np.abs(self.gradient).max() < 0.01:
            then = _("Hardly any gradient: there is little left to learn.")
        else:
            then = _("Going against the gradient raises the score of {name} and lowers the others.")
        T = self.temperature.value
        cooled = "" if T == 1 else _("The scores are divided by T = {T} first.")
        return in_a_row([cooled, first, then]).format(name=name, y=number(y), loss=number(self.loss), T=number(T))

    def picture(self):
        parts = [self._bars(), self._arrows(), self._losses()]
        return Picture(_("Softmax"), self.sentence(), parts, WIDTH, HEIGHT, role="group")

    def _bars(self):
        """Draw a bar per class, and a dashed one as high as the truth has it."""
        k, t = len(self.classes), self.truth.value
        chart = frame(BAR_BOX, (0, k), (0, 1.2), "", _("probability y"), (no_tick, _tenth))
        parts = [
            chart.svg, _bar(chart, t, 1, **TRUTH_LOOK),
            text_at(BAR_BOX[0], 18, "tick", _("solid: probability y, dashed: truth t")),
        ]  # fmt: skip
        for i, (name, score) in enumerate(zip(self.classes, self.scores, strict=True)):
            short = name if len(name) <= MAX_BAR_NAME_CHARACTERS else name[: MAX_BAR_NAME_CHARACTERS - 1] + "…"
            middle, bottom = chart.x(i + 0.5), chart.y(0)
            parts += [
                self._bar_to_drag(chart, i),
                text_at(middle, bottom + 17, "name", short),
                text_at(middle, bottom + 33, "shape", _("score {}").format(number(score))),
                text_at(middle, bottom + 47, "shape", f"t = {int(i == t)}"),
            ]  # fmt: skip
        return parts

    def _bar_to_drag(self, chart, i):
        """Draw the bar of class `i`: dragged to another probability, it moves the score."""
        y, T = float(self.y[i]), self.temperature.value
        others, per_pixel = np.delete(self.scores / T, i), chart.per_pixel[1]
        middle, end, bottom, text = chart.x(i + 0.5), chart.y(y), chart.y(0), three_digits(y)
        look = f"fill:{VALUE_COLOUR};fill-opacity:{0.9 if i == self.truth.value else 0.55}"
        top = end - TOUCH_SIZE / 2
        return handle(
            f"y{i}", _bar(chart, i, y, data_bar=i, style=look),
            touch_area(middle, (top + bottom) / 2, chart.x(0.8) - chart.x(0.2), bottom - top), bar_grip(middle, end),
            text_at(middle, end - 9, "val", text, data_number=f"y{i}", style=HALO),
            label=_("bar of {}: its score").format(self.classes[i]), **self._score(i), vertical=True,
            drag=lambda pixels: T * score_for(min(max(y + pixels * per_pixel, 0.0), 1.0), others), height=y, text=text,
        )  # fmt: skip

    def _score(self, i):
        """Return what every handle of the score of class `i` tells."""
        control = self.sliders[i]
        words = _("score {score}, probability {y}").format(score=number(control.value), y=three_digits(self.y[i]))
        return {"value": control.value, "low": control.min, "high": control.max, "step": SCORE_STEP, "words": words}

    def _arrows(self):
        """Draw the gradient of each score as an arrow from 0, right below its bar."""
        T = self.temperature.value
        reach, name = ARROW_REACH / min(T, 1.0), _("gradient y − t") if T == 1 else _("gradient (y − t)/T")
        chart = frame(ARROW_BOX, (0, len(self.classes)), (-reach, reach), "", name, (no_tick, number))
        return [chart.svg, chart.rule("line", y=0), *(_arrow(chart, i, g) for i, g in enumerate(self.gradient))]

    def _point_to_drag(self, chart, score):
        """Draw the point at the score of the true class."""
        x, y = float(chart.x(score)), float(chart.y(self.loss))
        name = self.classes[self.truth.value]
        return handle(
            "loss", touch_area(x, y), point_grip(x, y), label=_("score of {} on the curve of the loss").format(name),
            **self._score(self.truth.value), drag=chart.per_pixel[0], x=score, y=self.loss,
        )  # fmt: skip

    def _losses(self):
        """Draw the loss while the score of the true class alone moves: its slope is the arrow of that class."""
        t, scores = self.truth.value, self.scores
        score, slope = scores[t], self.gradient[t]
        low, high = self.sliders[t].min, self.sliders[t].max
        line = np.linspace(low, high, CURVE_POINTS)
        moved = np.tile(scores, (CURVE_POINTS, 1))
        moved[:, t] = line
        losses = np.array([float(SoftmaxWithLoss().forward(row, t)) for row in moved / self.temperature.value])
        top = max(1.0, 1.08 * losses.max())
        chart = frame(LOSS_BOX, (low, high), (0, top), _("score of {}").format(self.classes[t]), _("loss"))
        fall = max(-slope, 1e-12)  # the line is cut where it leaves the frame
        ends = score + np.clip([(self.loss - top) / fall, self.loss / fall], low - score, high - score)
        return [
            chart.svg,
            text_at(LOSS_BOX[0], 18, "tick", _("dashed: slope {}").format(three_digits(slope))),
            chart.line("now", line, losses, "losses"),
            chart.line("then", ends, self.loss + slope * (ends - score), "slope", **stroke("gradient", "6 4")),
            self._point_to_drag(chart, score),
            text_at(LOSS_BOX[0], 358, "tick", _("Drag a bar, or the point on the curve.")),
            text_at(LOSS_BOX[0] + LOSS_BOX[2] / 2, 336, "name", _("loss = {}").format(number(self.loss)),
                    style="font-weight:bold", data_number="loss"),
        ]  # fmt: skip


def _bar(chart, i, height, **look):
    """Draw the bar of class `i`."""
    left, right, top, bottom = chart.x(i + 0.2), chart.x(i + 0.8), chart.y(height), chart.y(0)
    size = {"width": f"{right - left:.1f}", "height": f"{bottom - top:.1f}"}
    return tag("rect", x=f"{left:.1f}", y=f"{top:.1f}", **size, **look)


def _arrow(chart, i, gradient):
    """Draw the arrow of class `i` from 0, and its number beyond the tip."""
    x, zero, tip = chart.x(i + 0.5), chart.y(0), chart.y(gradient)
    down = 1 if gradient < 0 else -1
    neck = tip - down * min(8.0, abs(tip - zero))  # a short arrow is all head
    d = f"M{x:.1f} {zero:.1f}V{neck:.1f}m-6 0h12L{x:.1f} {tip:.1f}z"
    arrow = tag("path", data_arrow=i, d=d, style=f"stroke:{GRADIENT_COLOUR};stroke-width:2.5;fill:{GRADIENT_COLOUR}")
    text = ("+" if gradient > 0 else "") + three_digits(gradient)
    words = text_at(x, tip + (18 if down > 0 else -8), "grad", text, data_number=f"gradient{i}")
    return Mark(join([arrow, words]), f"gradient{i}", gradient=gradient, text=text)


def _checked(scores):
    """Return 2 to 5 scores as floats, none of them huge."""
    scores = check_finite(scores, _("scores"))
    if scores.ndim != 1 or not MIN_BARS <= len(scores) <= MAX_BARS:
        rule = _("SoftmaxExplorer takes {low} to {high} scores in a row, got shape {shape}")
        raise ValueError(rule.format(low=MIN_BARS, high=MAX_BARS, shape=scores.shape))
    if np.abs(scores).max() > MAX_SCORE:
        raise ValueError(_("scores must lie between −{0} and {0}").format(number(MAX_SCORE)))
    return scores.astype(float)


def _names(classes, k):
    if classes is None:
        return [_("class {}").format(i) for i in range(k)]
    names = [as_name(str(name)) for name in classes] if isinstance(classes, list | tuple | np.ndarray) else []
    if len(names) != k or len(set(names)) != k:
        got = shortened(", ".join(names), MAX_REFUSED_CHARACTERS) or kind_of(classes)
        raise ValueError(_("classes must be {k} different names, got {got}").format(k=k, got=got))
    return names


def _tenth(value):
    return number(round(value, 1))
