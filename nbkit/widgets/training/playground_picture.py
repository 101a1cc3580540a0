"""The picture of the playground: plane, net, loss and accuracy on one page."""

import math

import numpy as np

from nbkit.drawing.chart.frame import DecisionPlane, Frame, grid_over, legend, page
from nbkit.drawing.network.units import MAP, UnitsView
from nbkit.messages import _
from nbkit.widgets.training.loss_axis import ends_beyond, top_for

WIDTH, HEIGHT = 960, 540
PLANE = (48.0, 30.0, 330.0, 320.0)
UNITS = (420.0, 46.0, 530.0, 290.0)
LOSS = (48.0, 412.0, 410.0, 84.0)
RIGHT = (530.0, 412.0, 410.0, 84.0)
REACH = np.array([[-1.0, -1.0], [1.0, 1.0]])  # of the plane for own points
MOST = 400  # moments that a curve remembers; beyond, every second one is let go
HELD_OUT = ' stroke-dasharray="5 3"'
LINES = ((_("training"), "now", ""), (_("held out"), "then", HELD_OUT))


class Track:
    """What a run was like: step, losses and accuracies at moments spread evenly over it."""

    def __init__(self):
        self.moments, self.every, self.seen = [], 1, 0

    def add(self, judgement):
        """Remember a judgement; a second one of the same step takes the place of the first."""
        moment = judgement[:5]
        if self.moments and self.moments[-1][0] >= moment[0]:
            self.moments = [known for known in self.moments if known[0] < moment[0]]
        self.moments.append(moment)
        if len(self.moments) > MOST:
            self.moments = [*self.moments[:-1:2], self.moments[-1]]

    def columns(self):
        """Return (step, loss, right, held-out loss, held-out right), an array each."""
        return np.array(self.moments, dtype=float).reshape(-1, 5).T


class PlaygroundPicture:
    """Draws one experiment; what does not change with the weights is made once.

    Parameters
    ----------
    experiment : Experiment
    """

    def __init__(self, experiment):
        net = experiment.net
        layers = [layer for layer in net.layers if layer.params]
        self.names = [layer.name for layer in layers]
        sizes = [2, *(layer.params["b"].size for layer in layers)]
        self.units = UnitsView(sizes, self.names, ("x₁", "x₂"), UNITS)
        self.make_plane(experiment)
        self.frames = {}

    def make_plane(self, experiment):
        """Draw the points anew."""
        data, out = experiment.data, experiment.out
        self.own = experiment.settings.data == "own points"
        held_out = (data.x[out], data.t[out]) if out.any() else None
        self.plane = DecisionPlane(
            data.x[~out], data.t[~out], data.features, data.classes, held_out, PLANE, REACH if self.own else None
        )
        everything = np.concatenate([data.x, REACH]) if self.own else data.x
        self.coarse = grid_over(everything, size=MAP)[2]
        frame = self.plane.frame
        self.grips = frame.hit_area("plane") if self.own else ""
        if self.own:
            places = zip(frame.x(data.x[:, 0]), frame.y(data.x[:, 1]), strict=True)
            self.grips += "".join(
                f'<circle data-item="{i}" data-on="plane" cx="{x:.1f}" cy="{y:.1f}" r="8" '
                'style="fill:none;pointer-events:all;cursor:grab;touch-action:none"/>'
                for i, (x, y) in enumerate(places)
            )

    def svg(self, experiment, judgement, track, words, *, gradients=False, chosen=None):
        """Return the page.

        Parameters
        ----------
        experiment : Experiment
        judgement : Judgement or None
            None where there are no points yet.
        track : Track
        words : str
            The description of the picture, for those who cannot see it.
        gradients : bool
            Whether the lines of the net show gradients, not weights.
        chosen : (str, int), optional
            The unit that is marked.
        """
        layers = [layer for layer in experiment.net.layers if layer.params]
        numbers = [layer.grads if gradients and layer.grads else layer.params for layer in layers]
        net = self.units.svg(
            [each["W"] for each in numbers],
            [layer.params["b"] for layer in layers],
            experiment.units(self.coarse),
            judgement and judgement.norms,
            judgement and judgement.asleep,
            chosen,
        )
        parts = [self.plane.svg(experiment.probabilities(self.plane.grid)), self.grips, net, self._curves(track)]
        words_below = (
            _("lines: ") + (_("gradients") if gradients else _("weights")) + "  ",
            _("below a layer: length of its gradient"),
        )
        x, y = UNITS[0] + 4, UNITS[1] - 30
        parts.append(f'<text class="tick" x="{x:g}" y="{y:g}">{"; ".join(map(str.strip, words_below))}</text>')
        return page(parts, _("Training playground"), words, HEIGHT, WIDTH)

    def _curves(self, track):
        step, loss, right, held_out_loss, held_out_right = track.columns()
        end = 100 * 2 ** math.ceil(math.log2(max(step[-1] if len(step) else 0, 100) / 100))
        top = top_for(loss, held_out_loss)
        chart = ((LOSS, _("loss"), top, loss, held_out_loss), (RIGHT, _("right"), 1.0, right, held_out_right))
        parts = []
        for box, name, highest, *both in chart:
            frame = self._frame(box, end, highest, name)
            parts.append(frame.svg)
            curves = []
            for (which, kind, more), values in zip(LINES, both, strict=True):
                shown = ~np.isnan(values)
                if shown.any():
                    parts.append(frame.line(kind, step[shown], np.clip(values[shown], 0, highest), more))
                    curves.append((which, step[shown], values[shown]))
            parts.append(ends_beyond(frame, curves))
        return "".join([*parts, legend(LINES, LOSS[0], LOSS[1] - 10)])

    def _frame(self, box, end, highest, name):
        key = box, end, highest
        if key not in self.frames:
            self.frames = {known: frame for known, frame in self.frames.items() if known[0] != box}
            self.frames[key] = Frame(box, (0, end), (0, highest), _("step"), name)
        return self.frames[key]
