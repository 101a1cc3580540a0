"""The picture of the playground: the plane, or what one unit says over it; the net; loss and share of right answers."""

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from nbkit.drawing import theme
from nbkit.drawing.chart.marks import text_at
from nbkit.drawing.chart.plane import DecisionPlane, decision_boundaries, grid_over
from nbkit.drawing.chart.signed import signed_image, signed_legend, signed_shades
from nbkit.drawing.markup import join, tag
from nbkit.drawing.network.units import MAP_SIZE, UnitsView, unit_name
from nbkit.drawing.picture import Mark, Picture
from nbkit.experiment.features import symbols
from nbkit.formatting import number
from nbkit.layers import Sigmoid, Tanh
from nbkit.messages import _
from nbkit.widgets.training.playground_curves import LOSS_BOX, curves

WIDTH, HEIGHT = 960, 556
PLANE_BOX = (48.0, 52.0, 330.0, 304.0)  # left, top, width, height in pixels
UNITS_BOX = (420.0, 66.0, 530.0, 266.0)
WORDS_LEFT, FIRST_LINE, SECOND_LINE, CHOSEN_LINE = UNITS_BOX[0] + 4, 18, 38, LOSS_BOX[1] - 26
LEGEND_WIDTH = 222.0  # pixels, of the samples of both signs
HEADING_LINE = PLANE_BOX[1] - 10
BACK_SIZE = (112.0, 20.0)  # of the way back from a unit, in pixels
MAX_RUNNING_LINES = 200  # of a net with more of them none can be taken while it runs: they would slow it down
OWN_POINTS_REACH = np.array([[-1.0, -1.0], [1.0, 1.0]])  # corners that the plane holds at least
WHOLE_NET = "net"  # the data-item of the way back from a unit to the answer of the whole net
TO_THE_RIGHT = {"style": "text-anchor:start"}


class Chosen(NamedTuple):
    """What a user has chosen in the net: `unit` is layer and number, `line` the name of one that leads to it."""

    unit: tuple | None = None
    line: str | None = None
    in_plane: bool = False  # whether the plane shows what the unit says


NOTHING = Chosen()


class PlaygroundPicture:
    """Draws one experiment; what does not change with the weights is made once."""

    def __init__(self, experiment):
        layers, inputs = (
            [layer for layer in experiment.net.layers if layer.params],
            symbols(experiment.settings.features),
        )
        self.names = [layer.name for layer in layers]
        sizes = [len(inputs), *(layer.params["b"].size for layer in layers)]
        self.units = UnitsView(sizes, self.names, inputs, UNITS_BOX)
        bounded = any(isinstance(layer, Tanh | Sigmoid) for layer in experiment.net.layers)
        self.full = [*([1.0 if bounded else 0.0] * (len(layers) - 1)), 0.0]  # 0 stands for the largest output
        self.drawn_curves = None  # with the last moment in them, and the step that was looked back at
        self.legends = {gradients: _legend(gradients, bounded) for gradients in (False, True)}
        self.make_plane(experiment)

    def make_plane(self, experiment):
        """Draw the points anew."""
        data, out = experiment.data, experiment.held_out_mask
        held_out = (data.x[out], data.t[out]) if out.any() else None
        reach = OWN_POINTS_REACH if experiment.settings.data == "own points" else None
        self.plane = DecisionPlane(data.x[~out], data.t[~out], data.features, data.classes, held_out, PLANE_BOX, reach)
        self.map_grid = grid_over(data.x if reach is None else np.concatenate([data.x, reach]), size=MAP_SIZE)[2]
        self.units.show_inputs(experiment.inputs(self.map_grid))
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

    def svg(self, experiment, judgement, words, *, gradients=False, chosen=NOTHING, still=True):
        """Return the picture; `judgement` is None without points, `still` says whether it may be read for a while."""
        layers = [layer for layer in experiment.net.layers if layer.params]
        weights = [layer.params["W"] for layer in layers]
        slopes = [layer.grads["W"] if layer.grads else None for layer in layers]
        shown = slopes if gradients and layers[0].grads else weights

        def says(name):
            k, i, j = self.units.lines[name]
            return _line_words(name, weights[k][i, j], None if slopes[k] is None else slopes[k][i, j])

        units = self.units.svg(
            shown, [layer.params["b"] for layer in layers], experiment.units(self.map_grid),
            judgement and judgement.norms, judgement and judgement.saturated, chosen.unit,
            full=self.full, line=chosen.line, hover=says if still else None,
            handles=weights if still or len(self.units.lines) <= MAX_RUNNING_LINES else None,
            blown=experiment.blown if experiment.error else None,
        )  # fmt: skip
        parts = [
            self._plane(experiment, chosen), self.handles, units, self.legends[gradients],
            text_at(WORDS_LEFT, CHOSEN_LINE, "name", says(chosen.line), **TO_THE_RIGHT) if chosen.line else [],
            self._curves(experiment),
        ]  # fmt: skip
        return Picture(_("Training playground"), words, parts, WIDTH, HEIGHT, role="group")

    def _curves(self, experiment):
        """Draw the curves anew where their last moment, or the step that is looked back at, is another one."""
        moments = experiment.track.moments
        last = moments[-1] if moments else None
        behind = experiment.step if last and experiment.step < last.step else None
        if self.drawn_curves is None or self.drawn_curves[0] is not last or self.drawn_curves[1] != behind:
            self.drawn_curves = last, behind, curves(experiment.track, experiment.step)
        return self.drawn_curves[2]

    def _plane(self, experiment, chosen):
        """Draw what the whole net says at each place, or what the chosen unit does."""
        if not chosen.in_plane:
            return [_heading(_("what the net says")), self.plane.svg(experiment.probabilities(self.plane.grid))]
        layer, i = chosen.unit
        k = self.names.index(layer)
        values = experiment.units(self.plane.grid)[k][:, i]
        return _unit_plane(self.plane, unit_name(layer, i), np.clip(np.nan_to_num(values), -1e150, 1e150), self.full[k])


def _unit_plane(plane, name, values, full):
    """Draw a unit's outputs on the signed scale, and where they are 0."""
    full = full or max(float(np.abs(values).max()), 1e-300)
    size = (len(plane.second), len(plane.first))
    left, top, width, height = plane.frame.box
    image = signed_image(signed_shades(values.reshape(size)[::-1], full))
    place = {"x": left, "y": top, "width": width, "height": height}
    zero = decision_boundaries(np.stack([-values, values], axis=1) / full, size, plane.first, plane.second)
    look = {"style": f"stroke:{theme.css_colour('text')};stroke-width:1.5;fill:none"}
    mark = Mark(tag("image", **place, preserveAspectRatio="none", href=image), "unit", name=name, values=values,
                full=full)  # fmt: skip
    lines = [plane.frame.line("boundary", *line.T, **look) for line in zero]
    written = number(float(f"{full:.2g}"))
    return [
        mark, *lines, plane.frame.svg, plane.points,
        _heading(name, _("full colour: {}").format(written)), _way_back(),
    ]  # fmt: skip


def _heading(words, more=""):
    """Say above the plane what it shows."""
    left, bold = PLANE_BOX[0], {"style": "text-anchor:start;font-weight:bold"}
    right = left + PLANE_BOX[2] - BACK_SIZE[0] - 8
    rest = text_at(right, HEADING_LINE, "tick", more, style="text-anchor:end") if more else []
    return Mark(join([text_at(left, HEADING_LINE, "name", words, **bold), rest]), "heading", words=words)


@lru_cache(maxsize=1)
def _way_back():
    (width, height), right = BACK_SIZE, PLANE_BOX[0] + PLANE_BOX[2]
    left, top = right - width, PLANE_BOX[1] - height - 4
    style = f"fill:{theme.css_colour('ground')};stroke:{theme.css_colour('text')};cursor:pointer"
    box = tag("rect", x=left, y=top, width=width, height=height, rx=4, style=style)
    word = text_at(left + width / 2, top + 14.5, "axis", _("× the whole net"), style="pointer-events:none")
    return tag("g", box, word, data_item=WHOLE_NET)


def _legend(gradients, bounded):
    """Say beside the net what its colours, widths and numbers are."""
    if gradients:
        lines = _("lines: gradients, the widest is its layer's largest")
    else:
        lines = _("lines: weights, the widest is its layer's largest")
    if bounded:
        squares = _("squares: full colour where a hidden unit says 1, others at their largest number; dots: biases")
    else:
        squares = _("squares: full colour at the largest number that each of them says; dots: biases")
    right, bottom = WORDS_LEFT + LEGEND_WIDTH, UNITS_BOX[1] + UNITS_BOX[3]
    rows = (
        (right, FIRST_LINE, lines), (WORDS_LEFT, SECOND_LINE, squares),
        (WORDS_LEFT, bottom + 12, _("length of")), (WORDS_LEFT, bottom + 25, _("gradient:")),
    )  # fmt: skip
    return join([signed_legend(WORDS_LEFT, FIRST_LINE), *(text_at(x, y, "tick", words) for x, y, words in rows)])


def _line_words(name, weight, gradient):
    """Say what a line stands for."""
    if gradient is None:
        return _("{line}: weight {weight}").format(line=name, weight=number(weight))
    words = _("{line}: weight {weight}, gradient {gradient}")
    return words.format(line=name, weight=number(weight), gradient=number(gradient))
