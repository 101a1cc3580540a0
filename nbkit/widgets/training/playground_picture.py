"""The picture of the playground: plane, net, loss and accuracy."""

import math

import numpy as np

from nbkit.drawing.chart.frame import frame
from nbkit.drawing.chart.marks import legend, text_at
from nbkit.drawing.chart.plane import DecisionPlane, grid_over
from nbkit.drawing.chart.series import ends_beyond, top_for
from nbkit.drawing.markup import join, tag
from nbkit.drawing.network.units import MAP_SIZE, UnitsView
from nbkit.drawing.picture import Picture
from nbkit.experiment.experiment import MAX_MOMENTS
from nbkit.messages import _

WIDTH, HEIGHT = 960, 540
PLANE_BOX = (48.0, 30.0, 330.0, 320.0)  # left, top, width, height in pixels
UNITS_BOX = (420.0, 46.0, 530.0, 290.0)
LOSS_BOX = (48.0, 412.0, 410.0, 84.0)
ACCURACY_BOX = (530.0, 412.0, 410.0, 84.0)
OWN_POINTS_REACH = np.array([[-1.0, -1.0], [1.0, 1.0]])  # corners that the plane holds at least
MIN_AXIS_STEPS = 100  # the axis doubles as often as it has to
CURVES = ((_("training"), "now", {}), (_("held out"), "then", {"stroke_dasharray": "5 3"}))


class PlaygroundPicture:
    """Draws one experiment; what does not change with the weights is made once."""

    def __init__(self, experiment):
        layers = [layer for layer in experiment.net.layers if layer.params]
        sizes = [2, *(layer.params["b"].size for layer in layers)]
        self.units = UnitsView(sizes, [layer.name for layer in layers], ("x₁", "x₂"), UNITS_BOX)
        self.legend = legend(CURVES, LOSS_BOX[0], LOSS_BOX[1] - 10)
        self.make_plane(experiment)

    def make_plane(self, experiment):
        """Draw the points anew."""
        data, out = experiment.data, experiment.held_out_mask
        held_out = (data.x[out], data.t[out]) if out.any() else None
        reach = OWN_POINTS_REACH if experiment.settings.data == "own points" else None
        self.plane = DecisionPlane(data.x[~out], data.t[~out], data.features, data.classes, held_out, PLANE_BOX, reach)
        self.map_grid = grid_over(data.x if reach is None else np.concatenate([data.x, reach]), size=MAP_SIZE)[2]
        self.handles = [] if reach is None else self._handles(data.x)

    def _handles(self, x):
        """Let the plane be clicked, and its points be dragged."""
        places = zip(self.plane.frame.x(x[:, 0]).tolist(), self.plane.frame.y(x[:, 1]).tolist(), strict=True)
        look = {"style": "fill:none;pointer-events:all;cursor:grab;touch-action:none"}
        points = [
            tag("circle", data_item=i, data_on="plane", cx=f"{x:.1f}", cy=f"{y:.1f}", r=8, **look)
            for i, (x, y) in enumerate(places)
        ]
        return join([self.plane.frame.hit_area("plane"), *points])

    def svg(self, experiment, judgement, words, *, gradients=False, chosen=None):
        """Return the picture; `judgement` is None without points, `chosen` is layer and number of the marked unit."""
        layers = [layer for layer in experiment.net.layers if layer.params]
        numbers = [layer.grads if gradients and layer.grads else layer.params for layer in layers]
        units = self.units.svg(
            [each["W"] for each in numbers],
            [layer.params["b"] for layer in layers],
            experiment.units(self.map_grid),
            judgement and judgement.norms,
            judgement and judgement.saturated,
            chosen,
        )
        if gradients:
            lines = _("lines: gradients; below a layer: length of its gradient")
        else:
            lines = _("lines: weights; below a layer: length of its gradient")
        parts = [
            self.plane.svg(experiment.probabilities(self.plane.grid)), self.handles, units,
            self.legend, _curves(experiment.track), text_at(UNITS_BOX[0] + 4, UNITS_BOX[1] - 30, "tick", lines),
        ]  # fmt: skip
        return Picture(_("Training playground"), words, parts, WIDTH, HEIGHT)


def _curves(track):
    """Draw loss and accuracy against the step, each on the training data and on the held-out data."""
    step, loss, right, held_out_loss, held_out_right = track.columns()
    end = MIN_AXIS_STEPS * 2 ** math.ceil(math.log2(max(step[-1] if len(step) else 0, MIN_AXIS_STEPS) / MIN_AXIS_STEPS))
    top = top_for(loss, held_out_loss)
    parts = []
    for box, name, highest, *both in (
        (LOSS_BOX, _("loss"), top, loss, held_out_loss), (ACCURACY_BOX, _("right"), 1.0, right, held_out_right),
    ):  # fmt: skip
        chart, drawn = frame(box, (0, end), (0, highest), _("step"), name), []
        parts.append(chart.svg)
        for (which, kind, look), values in zip(CURVES, both, strict=True):
            shown = ~np.isnan(values)
            key, x, y = f"{name} {which}", step[shown], values[shown]
            parts.append(chart.series(kind, y, x, key, points=MAX_MOMENTS + 1, **look))
            drawn.append((which, x, y))
        parts.append(ends_beyond(chart, drawn))
    return parts
