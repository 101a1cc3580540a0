"""A threshold to move: networks answer only where they are sure enough; how many answers, how many of these wrong."""

import numpy as np

from nbkit.checks import real
from nbkit.drawing import theme
from nbkit.drawing.chart.frame import HEIGHT, LEFT_BOX, RIGHT_BOX, WIDTH, frame
from nbkit.drawing.chart.handle import handle, point_grip, touch_area
from nbkit.drawing.chart.marks import stroke, text_at
from nbkit.drawing.markup import join, tag
from nbkit.drawing.picture import Mark, Picture
from nbkit.experiment.rejection import THRESHOLDS, Rejection
from nbkit.messages import _, listed_apart, shortened
from nbkit.widgets.kit.explorer import Explorer, slider

MAX_GROUPS, MAX_NAME_CHARACTERS = 2, 30
STEP, HIGHEST = 0.01, float(THRESHOLDS[-1])
RUN, MEAN = stroke("line", width=0.8), stroke("value", width=2.5)
DOT = f"fill:{theme.css_colour('gradient')};fill-opacity:0.75"


class RejectExplorer(Explorer):
    """Move the threshold of a reject option, and see how many answers are given and how many of these are wrong.

    Each group of networks has a chart: a thin line and a dot for each network, a thick line for their mean. The
    threshold moves by its slider, or by the point on a thick line: to the left fewer are answered.

    Parameters
    ----------
    groups : dict of str to sequence of (sure, right)
        One or two groups by name; of each network two rows of the same length: the largest probability of each answer,
        and whether it is right.
    threshold : float
        From 0 to 0.99.

    Attributes
    ----------
    threshold, view, status : widgets
    groups : dict of str to Rejection
    """

    def __init__(self, groups, threshold=0.9):
        if not isinstance(groups, dict) or not 1 <= len(groups) <= MAX_GROUPS:
            raise ValueError(_("RejectExplorer takes one or two groups of networks by name, in a dict"))
        self.groups = {shortened(str(name), MAX_NAME_CHARACTERS): Rejection(runs) for name, runs in groups.items()}
        if len(self.groups) < len(groups):
            raise ValueError(_("the groups need different names"))
        self.means = {name: group.means() for name, group in self.groups.items()}
        self._make_frames()
        threshold = real(_("threshold"), threshold, 0, HIGHEST)
        self.threshold = slider(_("threshold"), threshold, 0.0, HIGHEST, STEP)
        super().__init__(self.threshold)
        self.view.on_value(self.safely(self._by_hand))

    def _by_hand(self, event):
        """Follow the point on a thick line."""
        self.threshold.value = event.value

    def _make_frames(self):
        """Draw once what no move changes: the frames, a line for each network, and their mean."""
        lowest = min(answered.min() for answered, _wrong in self.means.values())
        worst = max(np.nanmax(group.wrong) for group in self.groups.values())
        across, up = (float(np.floor(90 * lowest)), 101.0), (0.0, max(1.0, 110 * worst))
        labels = _("% answered"), _("% of these wrong")
        self.charts, self.still = {}, []
        for box, (name, group) in zip((LEFT_BOX, RIGHT_BOX), self.groups.items(), strict=False):
            chart = self.charts[name] = frame(box, across, up, *labels)
            runs = [_line(chart, *run, **RUN) for run in zip(group.answered, group.wrong, strict=True)]
            mean = chart.line("now", *(100 * part for part in self.means[name]), **MEAN)
            self.still += [chart.svg, text_at(box[0], 18, "tick", name), *runs, mean]

    def compute(self):
        """Look up where all networks are at the threshold."""
        self.place = round(self.threshold.value / STEP)
        self.found = {name: [float(part[self.place]) for part in means] for name, means in self.means.items()}

    def sentence(self):
        """Say for each group what is answered, what is wrong, and how far the networks lie apart."""
        told = []
        for name, (answered, wrong) in self.found.items():
            group = self.groups[name]
            shares, mistakes = group.answered[:, self.place], group.wrong[:, self.place]
            text = _("{name}: {answered} % answered ({low} to {high}), {wrong} % of these wrong (up to {worst})")
            told.append(text.format(
                name=name, answered=_percent(answered), low=_percent(shares.min()), high=_percent(shares.max()),
                wrong=_percent(wrong), worst=_percent(np.nanmax(mistakes, initial=0.0)),
            ))  # fmt: skip
        return _("Threshold {}, mean and spread. {}.").format(f"{self.threshold.value:.2f}", listed_apart(told))

    def picture(self):
        live = [self._group(i, name) for i, name in enumerate(self.groups)]
        return Picture(_("Reject option"), self.sentence(), [*self.still, *live], WIDTH, HEIGHT + 12, role="group")

    def _group(self, i, name):
        """Draw the dots of a group, the point that can be dragged, and its numbers."""
        chart, group, (answered, wrong) = self.charts[name], self.groups[name], self.found[name]
        across, up = 100 * group.answered[:, self.place], 100 * group.wrong[:, self.place]
        dots = [tag("circle", cx=f"{chart.x(x):.1f}", cy=f"{chart.y(chart.inside(y)):.1f}", r=3.5, style=DOT)
                for x, y in zip(across, np.nan_to_num(up), strict=True) if x >= chart.x_range[0]]  # fmt: skip
        x, y = float(chart.x(100 * answered)), float(chart.y(100 * wrong))
        words = _("{answered} % answered, {wrong} % of these wrong")
        words = words.format(answered=_percent(answered), wrong=_percent(wrong))
        grip = handle(
            f"mean{i}", touch_area(x, y), point_grip(x, y), label=_("threshold, on the line of {}").format(name),
            value=self.threshold.value, low=0.0, high=HIGHEST, step=STEP, words=words,
            drag=lambda pixels: self._nearest(name, 100 * answered + pixels * chart.per_pixel[0]),
            answered=answered, wrong=wrong,
        )  # fmt: skip
        told = text_at(chart.box[0] + chart.box[2] / 2, HEIGHT + 4, "name", words, data_number=f"group{i}")
        return [Mark(join([*dots, told]), f"group{i}", answered=across, wrong=up, words=words), grip]

    def _nearest(self, name, percent):
        """Return the threshold at which a group answers nearest to so many percent."""
        answered, here = 100 * self.means[name][0], self.place
        off = np.abs(answered - percent)
        best = np.flatnonzero(off <= off.min() + 1e-9)  # many thresholds may answer all
        return float(THRESHOLDS[best[np.abs(best - here).argmin()]])


def _line(chart, answered, wrong, **look):
    """Draw the line of one network as far as it answers, within the frame."""
    shown = ~np.isnan(wrong) & (100 * answered >= chart.x_range[0])
    return chart.line("then", 100 * answered[shown], 100 * wrong[shown], **look)


def _percent(share):
    return f"{100 * share:.1f}"
