"""What `HiddenPlane` shows: the data in the input plane, the same data as two hidden units see them, and the loss."""

from itertools import pairwise

import numpy as np

from nbkit.drawing.chart.frame import LEFT_BOX, RIGHT_BOX, WIDTH, Frame
from nbkit.drawing.chart.handle import handle, point_grip, touch_area
from nbkit.drawing.chart.marks import HALO, text_at
from nbkit.drawing.chart.plane import DecisionPlane
from nbkit.drawing.chart.series import LOG_START, LOG_STEPS, log_steps, log_tick
from nbkit.drawing.markup import join
from nbkit.drawing.picture import Mark, Picture
from nbkit.drawing.text import TICK, text_width
from nbkit.formatting import number, three_digits
from nbkit.messages import _, listed

HEIGHT = 448
LOSS_BOX = (46.0, 306.0, 666.0, 96.0)  # left, top, width, height in pixels
SIDE_POINTS = 25  # of a side of the dashed rectangle
FAR_X, FAR_Y = 30.0, 15.0  # pixels: points that are nearer to each other have one name for all
LOOK = {"stroke": "#1b1f24", "stroke_width": 1, "stroke_dasharray": "4 4", "fill": "none"}  # on the pale plane
INK = "fill:#1b1f24;paint-order:stroke;stroke:#ffffff;stroke-width:3;font-weight:bold"  # it is pale in every theme


class HiddenPicture:
    """The picture of one run; `moments` are those of `hidden_run`, `names` one for each row."""

    def __init__(self, moments, x, labels, names, features, classes):
        self.moments, self.names, self.labels, self.classes = moments, names, labels, classes
        self.input = DecisionPlane(x, labels, features, classes, box=LEFT_BOX)
        self.outline = _outline(x)
        seen = np.concatenate([moment.hidden for moment in moments])
        self.reach = np.stack([seen.min(axis=0), seen.max(axis=0)])
        losses = np.array([moment.loss for moment in moments])
        self.steps, self.losses = np.array([moment.step for moment in moments]), losses
        top = max(0.1, float(losses.max()) * 1.1)
        across = LOG_START, float(log_steps(self.steps[-1:])[0]) + 0.1
        self.chart = Frame(LOSS_BOX, across, (0, top), LOG_STEPS, _("loss"), (log_tick, number))
        self.places = self.chart.x(log_steps(self.steps))
        self.x = x

    def svg(self, i, words):
        """Return the picture at moment `i`."""
        moment = self.moments[i]
        hidden = DecisionPlane(moment.hidden, self.labels, ("h₁", "h₂"), self.classes, box=RIGHT_BOX, reach=self.reach)
        parts = [
            self.input.svg(moment.net.probabilities(self.input.grid)),
            self.input.frame.line("outline", *self.outline.T, **LOOK),
            self._names(self.input.frame, self.x, "input"),
            hidden.svg(moment.output.probabilities(hidden.grid)),
            hidden.frame.line("outline", *moment.move(self.outline).T, **LOOK),
            self._names(hidden.frame, moment.hidden, "hidden"),
            *(text_at(left + width, 18, "tick", text, style="text-anchor:end") for (left, _top, width, _height), text in
              ((LEFT_BOX, _("what comes in")), (RIGHT_BOX, _("what the hidden units make of it")))),
            self._curve(i),
        ]  # fmt: skip
        return Picture(_("Input plane and hidden plane"), words, parts, WIDTH, HEIGHT, role="group")

    def _names(self, chart, points, key):
        """Write the name of each point beside it; those that lie together have one text."""
        places = np.column_stack([chart.x(points[:, 0]), chart.y(points[:, 1])])
        texts, (left, top, width, _height) = [], chart.box
        for group in together(places):
            (west, north), (east, south) = np.sort(places[group], axis=0)[[0, -1]]
            text = listed(self.names[k] for k in group)
            fits = east + 16 + text_width(text, TICK) <= left + width
            x, anchor = (east + 11, "start") if fits else (west - 11, "end")
            y = north - 9 if north - 20 > top else south + 19
            texts.append((text_at(x, y, "name", text, style=f"{INK};text-anchor:{anchor}"), text))
        return Mark(join([drawn for drawn, _text in texts]), key, points=points, texts=[text for _drawn, text in texts])

    def _curve(self, i):
        """Draw the loss, and the point on it that goes through the run."""
        x, y = float(self.places[i]), float(self.chart.y(self.losses[i]))
        step, loss = number(int(self.steps[i])), three_digits(self.losses[i])
        nearest = lambda pixels: int(np.abs(self.places - x - pixels).argmin())  # noqa: E731
        words = _("step {step}, loss {loss}").format(step=step, loss=loss)
        right = x > LOSS_BOX[0] + 0.75 * LOSS_BOX[2]
        return [
            self.chart.svg, self.chart.line("now", log_steps(self.steps), self.losses, "loss"),
            handle(
                "moment", touch_area(x, y), point_grip(x, y), label=_("step of the training"), words=words, value=i,
                low=0, high=len(self.moments) - 1, step=1, drag=nearest, loss=self.losses[i], at=int(self.steps[i]),
            ),
            text_at(x + (-20 if right else 20), y - 10 if y > LOSS_BOX[1] + 24 else y + 20, "name", words,
                    style=f"{HALO};text-anchor:{'end' if right else 'start'}", data_number="moment"),
        ]  # fmt: skip


def together(places):
    """Return lists of points (n, 2) in pixels whose names would meet, each point in one of them, in order."""
    far = np.abs(places[:, None] - places) / (FAR_X, FAR_Y)
    near, groups, left = (far < 1).all(axis=2), [], list(range(len(places)))
    while left:
        group, new = [], [left[0]]
        while new:
            group += new
            left = [k for k in left if k not in new]
            new = [k for k in left if near[k, group].any()]
        groups.append(sorted(group))
    return groups


def _outline(x):
    """Return points along the sides of the rectangle around the data."""
    (left, bottom), (right, top) = x.min(axis=0), x.max(axis=0)
    corners = np.array([(left, bottom), (right, bottom), (right, top), (left, top), (left, bottom)])
    share = np.linspace(0, 1, SIDE_POINTS)[:, None]
    return np.concatenate([a + share * (b - a) for a, b in pairwise(corners)])
