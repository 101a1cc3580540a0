"""What `WeightSliders` shows: the plane, the net whose lines can be dragged, where descent would push, the outputs, and
the loss so far.

Blue is positive and orange negative, in lines, dots and bars; all else is neutral.
"""

import numpy as np

from nbkit.drawing import theme
from nbkit.drawing.chart.frame import frame, no_tick
from nbkit.drawing.chart.handle import handle
from nbkit.drawing.chart.marks import stroke, text_at
from nbkit.drawing.chart.plane import DecisionPlane
from nbkit.drawing.chart.series import ends_beyond
from nbkit.drawing.chart.signed import sign_role, signed_legend
from nbkit.drawing.markup import join, tag
from nbkit.drawing.network.diagram import NetGraph
from nbkit.drawing.picture import Mark, Picture
from nbkit.experiment.measures import dead_units, outputs, probabilities
from nbkit.formatting import number
from nbkit.layers import Affine
from nbkit.messages import _

WIDTH = 900
PLANE_BOX = (46.0, 28.0, 206.0, 196.0)  # left, top, width, height in pixels
NET_LEFT, NET_TOP, NET_WIDTH, NET_WORDS_HEIGHT = 272.0, 36.0, 356.0, 24.0  # a line of words stands below it
LEGEND_TOP = 18.0
DRAG_LENGTH = 100.0  # pixels up or down for as far as a slider reaches from its middle
ROWS_TOP, LINE_LEFT, LINE_RIGHT, NUMBERS_RIGHT = 34.0, 706.0, 806.0, 892.0  # of the rows of parameters
FEW_ROWS, WIDE_PITCH, NARROW_PITCH, UNIT_GAP = 13, 18.0, 15.0, 6.0  # pixels from row to row, and between units
ROWS_LEFT, ROW_GLOW = 652.0, 15  # pixels: where a marked row begins, and how high it is
MAX_ARROW, MIN_ARROW, ARROW_HEAD = 34.0, 0.75, 7.0  # pixels
FLAT_GRADIENT = 1e-3  # a gradient below it has a shorter arrow, even where it is the largest
CHARTS_HEIGHT, MOVES_LEFT, MOVES_WIDTH, STEPS_LEFT, STEPS_WIDTH, SCORE_X = 84.0, 314.0, 130.0, 484.0, 160.0, 780.0
CURVE_POINTS = 160
OUTPUT_RANGE = (-0.5, 1.5)
LOSS_TOPS = (0.15, 0.3, 0.6, 1.2, 2.5)  # of the axis of the loss: few, as those of the steps
STEP_ENDS = (100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000)
TEXT_COLOUR, LINE_COLOUR = theme.css_colour("text"), theme.css_colour("line")


class WeightPicture:
    """The whole picture of `WeightSliders`.

    `units` are the names of each unit's parameters, each of which goes from `-reach` to `reach` by `step`.
    """

    def __init__(self, x, labels, sizes, features, classes, y_label, units, reach, step):
        self.x, self.labels, self.reach, self.step = x, labels, reach, step
        self.plane = DecisionPlane(x, labels, features, classes, box=PLANE_BOX)
        rows = sum(map(len, units))
        pitch = WIDE_PITCH if rows <= FEW_ROWS else NARROW_PITCH
        self.heights = {}  # of the rows
        for k, names in enumerate(units):
            for name in names:
                self.heights[name] = ROWS_TOP + UNIT_GAP * k + pitch * (len(self.heights) + 0.5)
        upper = max(300.0, ROWS_TOP + rows * pitch + len(units) * UNIT_GAP)
        self.net_box = (NET_LEFT, NET_TOP, NET_WIDTH, upper - NET_WORDS_HEIGHT - NET_TOP)
        self.net, self.charts_top = NetGraph(sizes, self.net_box, self._handle), upper + 26
        self.row_names, self.net_words = self._row_names(), self._net_words()
        box = (PLANE_BOX[0], self.charts_top, PLANE_BOX[2], CHARTS_HEIGHT)
        self.outputs = frame(box, (0, len(x)), OUTPUT_RANGE, "", y_label, (no_tick, number))
        self.targets = self._targets()
        self.height = self.charts_top + CHARTS_HEIGHT + 46

    def svg(self, net, values, gradients, loss, right, moves, descent, words):
        """Return the picture; `moves` and `descent` are the losses after each move and after each step of descent."""
        affines = [layer.params for layer in net.layers if isinstance(layer, Affine)]
        parts = [
            self.plane.svg(probabilities(net, self.plane.grid)),
            self.net_words,
            self.net.svg([params["W"] for params in affines], [params["b"] for params in affines],
                         dead_units(net, self.x)),
            self._rows(values, gradients),
            self._outputs(outputs(net, self.x), right),
            self._losses(moves, descent),
            self._score(loss, right),
        ]  # fmt: skip
        return Picture(_("Weights to move"), words, parts, WIDTH, self.height, role="group")

    # ------------------------------------------------------------ parameters

    def _handle(self, name, *parts, value, **shown):
        """Let a weight or bias of the net be dragged up and down."""
        span = {"low": -self.reach, "high": self.reach, "step": self.step, "drag": self.reach / DRAG_LENGTH}
        text = number(round(value, 2))
        return handle(name, *parts, label=name, words=text, value=value, vertical=True, **span, **shown)

    def _net_words(self):
        """Say what the colours of the lines mean, and how they are changed."""
        left, top, _width, height = self.net_box
        words = _("drag a line up or down: its weight; a circle: its bias")
        return join([signed_legend(left, LEGEND_TOP), text_at(left, top + height + 14, "tick", words)])

    def _row_names(self):
        """Write the names of the rows, and draw their lines."""
        parts, middle = [], (LINE_LEFT + LINE_RIGHT) / 2
        for name, y in self.heights.items():
            line, across = (
                f"M{LINE_LEFT:g} {y:.1f}H{LINE_RIGHT:g}M{middle:g} {y - 3:.1f}v6",
                f"M{ROWS_LEFT:g} {y:.1f}H{NUMBERS_RIGHT:g}",
            )
            parts.append(tag("path", class_="glow", data_of=name, d=across, stroke_width=ROW_GLOW))
            parts.append(text_at(LINE_LEFT - 10, y + 4, "tick", name, text_anchor="end"))
            parts.append(tag("path", d=line, style=f"stroke:{LINE_COLOUR};stroke-opacity:.5;fill:none"))
        words = _("arrows: where descent would push each of them")
        return join([text_at(NUMBERS_RIGHT, 18, "tick", words, text_anchor="end"), *parts])

    def _rows(self, values, gradients):
        """Draw in each row a dot where the parameter stands, and an arrow to where descent would push it."""
        scale = MAX_ARROW / max(FLAT_GRADIENT, *map(abs, gradients.values()))
        arrows = {name: -gradient * scale for name, gradient in gradients.items()}  # to the right is larger
        arrows = {name: length for name, length in arrows.items() if abs(length) >= MIN_ARROW}
        texts = {name: ("" if gradient >= 0 else "+") + _brief(-gradient) for name, gradient in gradients.items()}
        parts, middle, half = [self.row_names], (LINE_LEFT + LINE_RIGHT) / 2, (LINE_RIGHT - LINE_LEFT) / 2
        for name, y in self.heights.items():
            x = middle + half * min(max(values[name] / self.reach, -1.0), 1.0)
            style = f"fill:{theme.css_colour(sign_role(values[name]))}"
            parts.append(tag("circle", cx=f"{x:.1f}", cy=f"{y:.1f}", r=3.5, style=style))
            if name in arrows:
                parts.append(_arrow(x, y, arrows[name], name))
            look = {"style": "text-anchor:end;font-size:11px", "data_number": f"push {name}"}
            parts.append(text_at(NUMBERS_RIGHT, y + 4, "name", texts[name], **look))
        return Mark(join(parts), "rows", arrows=arrows, texts=texts)

    # ------------------------------------------------------------ outputs and losses

    def _targets(self):
        """Draw what is behind and beside the bars of the outputs: a dashed line where each should end."""
        left, top, _width, _height = self.outputs.box
        lines = []
        for i, label in enumerate(self.labels):
            start, end, y = *self.outputs.x([i + 0.22, i + 0.78]), self.outputs.y(label)
            lines.append(tag("path", d=f"M{start - 4:.1f} {y:.1f}h{end - start + 8:.1f}", **stroke("text", "4 3")))
        half = self.outputs.rule("rule", y=0.5, style=f"stroke:{LINE_COLOUR};stroke-width:1.5")
        words = text_at(left, top - 6, "tick", _("bars: outputs, dashed: targets"))
        return join([self.outputs.svg, words, half]), join(lines)

    def _outputs(self, values, right):
        """Draw a bar per row of the data, and say whether it decides right."""
        chart = self.outputs
        bottom, zero = chart.box[1] + chart.box[3], float(chart.y(0.0))
        texts = [number(round(float(value), 2)) for value in values]
        cases = [
            f"{' '.join(map(number, row))} {'✓' if good else '✗'}" for row, good in zip(self.x, right, strict=True)
        ]
        bars, words, small, bold = [], [], {"style": "font-size:11px"}, {"style": "font-size:11px;font-weight:bold"}
        for i, end in enumerate(chart.y(chart.inside(values)).tolist()):
            x, middle, right_end = chart.x([i + 0.22, i + 0.5, i + 0.78]).tolist()
            place = {"x": f"{x:.1f}", "y": f"{min(zero, end):.1f}", "width": f"{right_end - x:.1f}"}
            place["height"] = f"{max(1.0, abs(end - zero)):.1f}"
            colour = theme.css_colour(sign_role(values[i]))
            bars.append(tag("rect", data_output=i, **place, style=f"fill:{colour};fill-opacity:.75"))
            if not OUTPUT_RANGE[0] <= values[i] <= OUTPUT_RANGE[1]:  # the bar is cut off there: it should be longer
                sign, y = ("↑", end + 14) if values[i] > 0 else ("↓", end - 4)
                bars.append(text_at(middle, y, "name", sign, data_cut=i, **bold))
            words.append(text_at(middle, bottom + 15, "name", cases[i], data_number=f"case{i}", **small))
            words.append(text_at(middle, bottom + 31, "name", texts[i], data_number=f"output{i}", **bold))
        behind, targets = self.targets
        return Mark(join([behind, bars, targets, words]), "outputs", values=values, texts=texts, cases=cases)

    def _losses(self, moves, descent):
        """Draw the loss move by move, and beside it, from where the last move led, step by step."""
        largest = max(max(moves), max(descent, default=0.0))
        top = next((top for top in LOSS_TOPS if top >= largest), LOSS_TOPS[-1])
        end = next((end for end in STEP_ENDS if end >= len(descent) - 1), STEP_ENDS[-1])
        box = (MOVES_LEFT, self.charts_top, MOVES_WIDTH, CHARTS_HEIGHT)
        by_hand = frame(box, (0, max(len(moves) - 1, 10)), (0, top), _("your moves"), _("loss"), (no_tick, number))
        box = (STEPS_LEFT, self.charts_top, STEPS_WIDTH, CHARTS_HEIGHT)
        by_descent = frame(box, (0, end), (0, top), _("steps of descent"), "")
        curves = _curve(by_hand, moves, "then", "moves"), _curve(by_descent, descent, "now", "descent")
        return [by_hand.svg, by_descent.svg, *curves]

    def _score(self, loss, right):
        texts = {
            "right": _("{k} of {n} right").format(k=int(np.sum(right)), n=len(right)),
            "loss": _("loss {}").format(_brief(loss)),
        }
        look = {"style": "font-size:20px;font-weight:bold"}
        lines = [
            text_at(SCORE_X, self.charts_top + 30 + 30 * i, "name", text, data_number=key, **look)
            for i, (key, text) in enumerate(texts.items())
        ]
        return Mark(join(lines), "score", texts=texts)


def _arrow(x, y, length, name):
    way, head = (1 if length > 0 else -1), min(ARROW_HEAD, abs(length))
    tip = x + length
    d = f"M{x:.1f} {y:.1f}H{tip - way * head:.1f}v-4L{tip:.1f} {y:.1f}l{-way * head:.1f} 4v-4z"
    return tag("path", data_push=name, d=d, style=f"stroke:{TEXT_COLOUR};stroke-width:1.5;fill:{TEXT_COLOUR}")


def _curve(chart, losses, kind, key):
    """Draw losses, and a dot at the last of them; one that is off the scale is written there."""
    if not losses:
        return []
    line = chart.series(kind, losses, np.arange(len(losses)), key, points=CURVE_POINTS, data_line=key)
    cut = ends_beyond(chart, [(_("loss"), [len(losses) - 1], losses)])
    return [line, chart.dot(len(losses) - 1, losses[-1], r=3), cut]


def _brief(x):
    """Write a number in three digits, and in one where it is tiny: there is little room beside a row."""
    x = float(x) + 0.0
    return number(float(f"{x:.3g}")) if not x or abs(x) >= 1e-3 else f"{x:.0e}".replace("e-0", "e-").replace("-", "−")
