"""What `WeightSliders` shows: the plane, the net, where descent would push, the outputs, and the loss so far."""

from functools import lru_cache

import numpy as np

from nbkit.drawing import theme
from nbkit.drawing.chart.frame import DecisionPlane, Frame, page, text_at
from nbkit.drawing.markup import attribute, escape
from nbkit.drawing.network.diagram import NetGraph
from nbkit.formatting import number
from nbkit.messages import _

WIDTH = 900
PLANE = (46.0, 28.0, 206.0, 196.0)  # left, top, width, height in pixels
NET = (268.0, 30.0, 356.0, 232.0)
ROWS = (640.0, 34.0)  # left and top of the rows of pushes
LINE_LEFT, LINE_RIGHT, LONGEST = 706.0, 806.0, 34.0  # a row's line, and its longest arrow
FLAT = 1e-3  # a gradient below it has a shorter arrow, even where it is the largest
NUMBERS = 892.0  # right end of a row's number
LOWER = 84.0  # height of the charts below
GAP = 6.0  # between the rows of one unit and the next
VALUE, GRADIENT, LINE, QUIET = (theme.css_colour(role) for role in ("value", "gradient", "line", "quiet"))
SMALL = ' style="font-size:11px"'
SCORES = (-0.5, 1.5)  # what the chart of outputs has room for
TOPS = (0.15, 0.3, 0.6, 1.2, 2.5)  # of the axis of the loss
REACHES = (100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000)  # steps on the axis of descent


class ParameterRow:
    """One parameter as a row shows it: its name, its unit, where it stands, and the gradient there."""

    def __init__(self, name, group, value, gradient):
        self.name, self.group, self.value, self.gradient = name, group, value, gradient


class WeightPicture:
    """The whole picture of `WeightSliders`.

    Parameters
    ----------
    x : (n, 2) array
    labels : (n,) array of int
    sizes : sequence of int
        Units a layer, inputs first.
    features, classes : pairs of str
    y_label : str
        What the outputs are called.
    groups : int
        Units with parameters: between their rows stands a gap.
    rows : int
        Parameters.
    reach : float
        Value at the right end of a row's line.
    """

    def __init__(self, x, labels, sizes, features, classes, y_label, groups, rows, reach):
        self.x, self.labels, self.reach = x, labels, reach
        self.plane = DecisionPlane(x, labels, features, classes, box=PLANE)
        self.pitch = 18.0 if rows <= 13 else 15.0
        self.upper = max(272.0, ROWS[1] + rows * self.pitch + groups * GAP)
        self.net = NetGraph(sizes, NET)
        self.outputs = Frame(
            (PLANE[0], self.upper + 36, PLANE[2], LOWER), (0, len(x)), SCORES, "", y_label, (_no_tick, number)
        )
        self.height = self.upper + 36 + LOWER + 46

    def svg(self, shares, layers, dead, pushes, outputs, right, loss, hand, descent, words):
        """Return the picture as it is now: see `WeightSliders.show` for what each part is."""
        parts = [
            self.plane.svg(shares),
            self.net.svg([layer.params["W"] for layer in layers], [layer.params["b"] for layer in layers], dead),
            self._pushes(pushes),
            self._outputs(outputs, right),
            self._losses(hand, descent),
            self._score(loss, right),
        ]
        return page(parts, _("Weights to move"), words, self.height, WIDTH)

    def _pushes(self, pushes):
        """Draw a row a parameter: a dot where it stands, an arrow to where descent would push it."""
        scale = LONGEST / max(FLAT, *(abs(push.gradient) for push in pushes))
        parts = [text_at(LINE_LEFT - 66, 18, "tick", _("arrows: where descent would push each slider"))]
        top, group = ROWS[1], pushes[0].group
        for i, push in enumerate(pushes):
            if push.group != group:
                top, group = top + GAP, push.group
            parts.append(self._push(push, top + (i + 0.5) * self.pitch, scale))
        return "".join(parts)

    def _push(self, push, y, scale):
        middle, half = (LINE_LEFT + LINE_RIGHT) / 2, (LINE_RIGHT - LINE_LEFT) / 2
        x = middle + half * float(np.clip(push.value / self.reach, -1, 1))
        length = -push.gradient * scale  # against the gradient; to the right is larger
        way = 1 if length > 0 else -1
        parts = [
            text_at(LINE_LEFT - 10, y + 4, "tick", push.name, ' text-anchor="end"'),
            f'<path d="M{LINE_LEFT:g} {y:.1f}H{LINE_RIGHT:g}M{middle:g} {y - 3:.1f}v6" '
            f'style="stroke:{LINE};stroke-opacity:.5;fill:none"/>',
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" style="fill:{VALUE}"/>',
        ]
        if abs(length) >= 0.75:
            head = min(7.0, abs(length))
            parts.append(
                f'<path data-push="{attribute(push.name)}" d="M{x:.1f} {y:.1f}H{x + length - way * head:.1f}v-4'
                f'L{x + length:.1f} {y:.1f}l{-way * head:.1f} 4v-4z" '
                f'style="stroke:{GRADIENT};stroke-width:1.5;fill:{GRADIENT}"/>'
            )
        sign = "" if push.gradient >= 0 else "+"
        number_text = sign + _brief(-push.gradient)
        more = f' style="text-anchor:end;font-size:11px" data-number="push {escape(push.name)}"'
        return "".join([*parts, text_at(NUMBERS, y + 4, "grad", number_text, more)])

    def _outputs(self, outputs, right):
        """Draw a bar a row of the data, a dashed line where it should end, and whether it is on the right side of ½."""
        frame = self.outputs
        left, top, width, height = frame.box
        half, bottom = frame.y(0.5), top + height
        parts = [
            frame.svg,
            text_at(left, top - 6, "tick", _("bars: outputs, dashed: targets")),
            f'<path d="M{left:g} {half:.1f}h{width:g}" style="stroke:{LINE};stroke-width:1.5"/>',
        ]
        for i, (row, label, output, good) in enumerate(zip(self.x, self.labels, outputs, right, strict=True)):
            x, middle, wide = frame.x(i + 0.22), frame.x(i + 0.5), frame.x(0.56) - frame.x(0)
            ends = frame.y(np.clip([0.0, output], *SCORES))
            target = frame.y(label)
            parts.append(
                f'<rect data-output="{i}" x="{x:.1f}" y="{ends.min():.1f}" width="{wide:.1f}" '
                f'height="{max(1.0, abs(ends[1] - ends[0])):.1f}" style="fill:{VALUE};fill-opacity:.75"/>'
                f'<path d="M{x - 4:.1f} {target:.1f}h{wide + 8:.1f}" stroke-dasharray="4 3" '
                f'style="stroke:{theme.css_colour("text")};stroke-width:2"/>'
            )
            name = f"{' '.join(number(value) for value in row)} {'✓' if good else '✗'}"
            parts.append(text_at(middle, bottom + 15, "name", name, f'{SMALL} data-number="case{i}"'))
            output = number(round(float(output), 2))
            parts.append(text_at(middle, bottom + 31, "val", output, f'{SMALL} data-number="output{i}"'))
        return "".join(parts)

    def _losses(self, hand, descent):
        """Draw the loss move by move, and beside it, from where the hand left off, step by step."""
        largest = max(max(hand), max(descent, default=0.0))
        top = next((top for top in TOPS if top >= largest), TOPS[-1])
        y = self.upper + 36
        reach = next((reach for reach in REACHES if reach >= len(descent) - 1), REACHES[-1])
        moves = _frame((314.0, y, 130.0, LOWER), max(len(hand) - 1, 10), top, _("your moves"), "hand")
        steps = _frame((484.0, y, 160.0, LOWER), reach, top, _("steps of descent"), "")
        return "".join(
            [
                moves.svg,
                steps.svg,
                _curve(moves, hand, top, "then", "hand"),
                _curve(steps, descent, top, "now", "descent"),
            ]
        )

    def _score(self, loss, right):
        middle, y = 780.0, self.upper + 66
        good = _("{k} of {n} right").format(k=int(np.sum(right)), n=len(right))
        return "".join(
            text_at(middle, y + down, "name", text, f' style="font-size:{size}px;font-weight:bold" data-number="{key}"')
            for down, text, size, key in ((0, good, 20, "right"), (30, _("loss {}").format(_brief(loss)), 20, "loss"))
        )


@lru_cache(maxsize=64)
def _frame(box, reach, top, x_label, kind):
    """A frame of the losses; most of them are asked for again and again."""
    ticks = (_no_tick if kind else number, number)
    return Frame(box, (0, reach), (0, top), x_label, _("loss") if kind else "", ticks)


def _curve(frame, losses, top, kind, who):
    if not losses:
        return ""
    at = np.unique(np.linspace(0, len(losses) - 1, 160).astype(int))
    loss = np.minimum(np.nan_to_num(np.asarray(losses)[at], nan=top, posinf=top), top)
    end = f'<circle cx="{frame.x(at[-1]):.1f}" cy="{frame.y(loss[-1]):.1f}" r="3" style="fill:{VALUE}"/>'
    return frame.line(kind, at, loss, f' data-line="{who}"') + end


def _no_tick(_value):
    return ""


def _brief(x):
    """Write a number in three digits, and in one where it is tiny: there is little room beside a row."""
    x = float(x) + 0.0
    return number(float(f"{x:.3g}")) if not x or abs(x) >= 1e-3 else f"{x:.0e}".replace("e-0", "e-").replace("-", "−")
