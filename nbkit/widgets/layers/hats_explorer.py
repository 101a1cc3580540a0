"""A curve rebuilt from hats of ReLUs: how many there are moves the gap, and one of them moves by hand."""

from math import floor, log2, log10, pi

import numpy as np

from nbkit.checks import real, whole
from nbkit.drawing.chart.frame import WIDTH, frame
from nbkit.drawing.chart.handle import handle, point_grip, touch_area
from nbkit.drawing.chart.marks import legend, stroke, text_at
from nbkit.drawing.markup import join
from nbkit.drawing.picture import Mark, Picture
from nbkit.experiment.hats import Hats, values
from nbkit.formatting import number, power_of_ten
from nbkit.messages import _, in_a_row, shortened
from nbkit.widgets.kit.explorer import Explorer, slider

MIN_HATS, MAX_HATS = 2, 64
MOVES = 10  # of one hat, to either side
PLACE_TO_MOVE = 0.7  # of that hat, from the first to the last: there the course's own curve is high
SMALLEST_GAP = 1e-6  # of the axis
MAX_NAME_CHARACTERS = 24
HEIGHT = 336
CURVE_BOX = (46.0, 28.0, 404.0, 240.0)  # left, top, width, height in pixels
GAP_BOX = (524.0, 28.0, 196.0, 240.0)
CURVE, HAT, SUM = stroke("text", "5 4", 1.5), stroke("line", width=1), stroke("value", width=3)
GAP = stroke("gradient", width=3)


class HatsExplorer(Explorer):
    """Add up hats of ReLUs, each as high as a curve at its peak, and see how far the sum is from the curve.

    Left stand the curve, the hats and their sum, with the largest gap; right the gap against the number of hats, on
    axes of doublings and of powers of ten. The number moves by its slider, or by the point on the right; one hat moves
    up and down by a slider, or by its peak.

    Parameters
    ----------
    curve : callable
        Takes an array of x and returns one of the same shape.
    low, high : float
        Ends of the stretch that the hats cover.
    n : int
        Hats to begin with, 2 to 64.
    name : str
        What the curve is called.

    Attributes
    ----------
    n, lift, view, status : widgets
        The number of hats, and how far one of them is moved.
    hats : Hats
        The present ones.
    here : int
        Which of them can be moved, from 0.
    gap, at : float
        The largest distance of sum and curve, and where it is.
    gaps : dict of int to float
        For each number of hats, with no hat moved.
    """

    def __init__(self, curve=np.sin, low=-pi, high=pi, n=4, name="sin(x)"):
        low, high = real("low", low), real("high", high)
        if not low < high:
            raise ValueError(_("low must be smaller than high, got {low} and {high}").format(low=low, high=high))
        n = whole("n", n, MIN_HATS, MAX_HATS)
        self.curve, self.ends, self.name = curve, (low, high), shortened(str(name), MAX_NAME_CHARACTERS)
        self.gaps = {k: Hats(curve, low, high, k).gap()[0] for k in range(MIN_HATS, MAX_HATS + 1)}
        self._make_frames()
        self.n = slider(_("number of hats"), n, MIN_HATS, MAX_HATS)
        self.lift = slider(_("move one hat by"), 0.0, -self.reach, self.reach, self.step)
        super().__init__(self.n, self.lift)
        self.view.on_value(self.safely(self._by_hand))

    def _by_hand(self, event):
        """Follow the peak of a hat, or the point on the curve of the gaps."""
        if event.item == "hat":
            self.lift.value = event.value
        else:
            self.n.value = round(event.value)

    def moved(self, change):
        """Let every height be that of the curve again where other hats stand there."""
        if change.owner is self.n:
            with self.quietly():
                self.lift.value = 0.0
        self.show()

    def compute(self):
        """Ask for hats, sum and gap."""
        self.hats = Hats(self.curve, *self.ends, self.n.value)
        self.here = round(PLACE_TO_MOVE * (self.n.value - 1))
        self.hats.heights[self.here] += self.lift.value
        self.gap, self.at = self.hats.gap()

    def sentence(self):
        text = _("{n} hats, made of {bends} ReLUs: the largest gap is {gap}, at x = {at}.")
        gap, at = number(self.gap), number(round(self.at, 2))
        text = text.format(n=self.n.value, bends=len(self.hats.bends), gap=gap, at=at)
        if not self.lift.value:
            return text
        left, right = (number(round(float(self.hats.bends[k]), 2)) for k in (self.here, self.here + 2))
        more = _("The moved hat changes the sum from x = {left} to {right}, and nowhere else.")
        return in_a_row([text, more.format(left=left, right=right)])

    # ------------------------------------------------------------ the picture

    def picture(self):
        parts = [*self._curves(), *self._gap_curve()]
        return Picture(_("Hats"), self.sentence(), parts, WIDTH, HEIGHT, role="group")

    def _make_frames(self):
        """Make what no control changes: the curve in its frame, and the curve of the gaps."""
        x = Hats(self.curve, *self.ends, MIN_HATS).x
        y = values(self.curve, x)
        low, high = min(float(y.min()), 0.0), max(float(y.max()), 0.0)
        self.reach = 10.0 ** floor(log10(max(high - low, SMALLEST_GAP))) / 2
        self.step = self.reach / MOVES
        heights = low - 1.2 * self.reach, high + 1.2 * self.reach
        self.chart = frame(CURVE_BOX, self.ends, heights, _("x"), "")
        self.curve_line = self.chart.line("then", x, y, "curve", **CURVE)
        sizes, gaps = np.log2(list(self.gaps)), [_power(gap) for gap in self.gaps.values()]
        lowest, highest = floor(min(gaps)) - 0.2, max(gaps) + 0.5
        ticks = _doublings, power_of_ten
        self.gap_chart = frame(GAP_BOX, (0.8, 6.2), (lowest, highest), _("number of hats"), _("largest gap"), ticks)
        self.gap_line = self.gap_chart.line("now", sizes, np.array(gaps), "gaps", **stroke("gradient", width=1.5))
        names = (self.name, "then", CURVE), (_("hats"), "now", HAT), (_("their sum"), "now", SUM)
        self.legend = legend([*names, (_("largest gap"), "now", GAP)], CURVE_BOX[0])

    def _curves(self):
        """Draw the hats thin, their sum thick, and the gap where it is largest."""
        chart, hats, here = self.chart, self.hats, self.here
        low, high = self.ends
        inside = np.clip(hats.bends, low, high)  # half of each outer hat lies beyond the ends
        heights, lines = hats.hats(inside), []
        for k in range(len(hats.peaks)):
            look = stroke("text", width=2) if k == here else HAT
            lines.append(chart.line("now", inside[k : k + 3], heights[k : k + 3, k], **look))
        total = chart.inside(hats.total(hats.peaks))
        both = np.array([float(hats.total([self.at])[0]), float(values(self.curve, np.array([self.at]))[0])])
        return [
            chart.svg, chart.rule("line", y=0), Mark(join(lines), "hats", heights=heights), self.curve_line,
            chart.line("now", hats.peaks, total, "sum", **SUM),
            chart.line("now", np.full(2, self.at), chart.inside(both), "gap_line", **GAP),
            self.legend, self._peak_to_drag(float(total[here])),
            text_at(CURVE_BOX[0], HEIGHT - 14, "tick", _("Drag the peak up or down, or the point along its curve.")),
        ]  # fmt: skip

    def _peak_to_drag(self, y):
        """Draw the handle at the peak of one hat."""
        x, lift = float(self.hats.peaks[self.here]), self.lift.value
        place = float(self.chart.x(x)), float(self.chart.y(y))
        label = _("peak of hat {}").format(self.here + 1)
        words = _("moved by {lift}, height {y}").format(lift=number(lift), y=number(y))
        return handle(
            "hat", touch_area(*place), point_grip(*place, vertical=True), label=label, words=words,
            value=lift, low=-self.reach, high=self.reach, step=self.step, vertical=True,
            drag=self.chart.per_pixel[1], page=5 * self.step, x=x, y=y,
        )  # fmt: skip

    def _gap_curve(self):
        """Draw the gap of every number of hats, and the present one as a point to drag."""
        chart, n = self.gap_chart, self.n.value
        x, y = log2(n), float(chart.inside(_power(self.gap)))
        place = float(chart.x(x)), float(chart.y(y))

        def dragged(pixels):
            return float(min(max(2.0 ** (x + pixels * chart.per_pixel[0]), MIN_HATS), MAX_HATS))

        point = handle(
            "count", touch_area(*place), point_grip(*place), label=_("number of hats, on the curve of the gap"),
            words=_("{n} hats, gap {gap}").format(n=n, gap=number(self.gap)), value=n, low=MIN_HATS, high=MAX_HATS,
            step=1, drag=dragged, x=x, y=y,
        )  # fmt: skip
        words = _("largest gap = {}").format(number(self.gap))
        bold = text_at(GAP_BOX[0] + GAP_BOX[2] / 2, 18, "name", words, data_number="gap", style="font-weight:bold")
        return [chart.svg, self.gap_line, point, Mark(bold, "gap", gap=self.gap)]


def _power(gap):
    return log10(max(gap, SMALLEST_GAP))


def _doublings(value):
    return number(2**value) if value == round(value) else ""
