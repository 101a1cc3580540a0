"""What one optimizer leaves behind: its path with a marker at each place, its ball, its losses; up to any step."""

import numpy as np

from nbkit.drawing import theme
from nbkit.drawing.markup import join, tag
from nbkit.drawing.picture import Mark
from nbkit.widgets.descent.looks import BALL_SCALE, PATH_LOOKS

MIN_STEP_WITH_TIP = 22  # pixels of a step that has room for an arrow tip


class Track:
    """One walk in pixels, on the ground and in the chart of losses."""

    def __init__(self, walk, ground, losses):
        self.walk, self.name = walk, walk.optimizer
        self.colour, self.dashes, self.marker = PATH_LOOKS[walk.optimizer]
        self.x, self.y = ground.pixels(walk.places, walk.losses)
        self.losses = losses
        self.loss_x, self.loss_y = losses.x(np.arange(walk.steps + 1)), losses.y(losses.inside(walk.losses))
        points = [f"{x:.1f} {y:.1f}" for x, y in zip(self.x.tolist(), self.y.tolist(), strict=True)]
        self.signs = [
            f"M{point}{self.marker}{tip}" for point, tip in zip(points[1:], _tips(self.x, self.y), strict=True)
        ]
        self.points = points

    def data(self):
        """Return what the page needs to draw the walk up to any step."""
        pixels = {"x": self.x, "y": self.y, "lossX": self.loss_x, "lossY": self.loss_y}
        return {
            "name": self.name, "signs": self.signs, **{name: p.round(1).tolist() for name, p in pixels.items()},
        }  # fmt: skip

    def path(self, k):
        """Draw the steps up to `k`, a marker at each place, and a tip in each step that has room for one."""
        k = min(k, self.walk.steps)
        look = {"style": f"stroke:{self.colour};stroke-width:1.8;fill:none", "stroke_dasharray": self.dashes}
        d = "M" + "L".join(self.points[: k + 1])
        line = tag("path", data_path=self.name, data_part=f"path {self.name}", d=d, **look)
        signs = tag("path", data_part=f"signs {self.name}", d="".join(self.signs[:k]), style=f"fill:{self.colour}")
        facts = {"colour": self.colour, "dashes": self.dashes, "x": self.x[: k + 1], "y": self.y[: k + 1]}
        return Mark(join([line, signs]), f"path {self.name}", **facts)

    def ball(self, k):
        """Draw the ball at its place after step `k`."""
        k = min(k, self.walk.steps)
        place = f"translate({self.points[k]})"
        edge = f"stroke:{theme.css_colour('ground')};stroke-width:.7"
        shape = tag(
            "path", d=f"M0 0{self.marker}", transform=f"scale({BALL_SCALE})", style=f"fill:{self.colour};{edge}"
        )
        ball = tag("g", shape, data_part=f"ball {self.name}", transform=place)
        return Mark(ball, f"ball {self.name}", x=self.x[k], y=self.y[k])

    def loss_curve(self, k):
        """Draw the losses up to step `k`, and the marker at the last of them."""
        k = min(k, self.walk.steps)
        look = {"style": f"stroke:{self.colour}", "stroke_dasharray": self.dashes}
        losses, steps, key = self.walk.losses[: k + 1], np.arange(k + 1), f"losses {self.name}"
        line = self.losses.series("now", losses, steps, key, data_part=key, **look)
        place = f"translate({self.loss_x[k]:.1f} {self.loss_y[k]:.1f}) scale(1.4)"
        look = {"transform": place, "style": f"fill:{self.colour}"}
        dot = tag("path", data_part=f"loss {self.name}", d=f"M0 0{self.marker}", **look)
        return [line, Mark(dot, f"loss {self.name}", x=k, y=self.walk.losses[k], top=self.loss_y[k])]


def _tips(x, y):
    """Return an arrow tip as path data for the middle of each step that is long enough for one, and else nothing."""
    starts = np.stack([x, y], axis=1)
    steps = np.diff(starts, axis=0)
    lengths = np.hypot(*steps.T)[:, None]
    along = steps / np.maximum(lengths, MIN_STEP_WITH_TIP)
    across, middles = along[:, ::-1] * (-1, 1), starts[:-1] + 0.55 * steps
    tips = np.hstack([middles + 5 * along, middles - 4 * along + 4 * across, middles - 4 * along - 4 * across])
    written = ["M{:.1f} {:.1f}L{:.1f} {:.1f}L{:.1f} {:.1f}z".format(*tip) for tip in tips.tolist()]
    return [tip if length > MIN_STEP_WITH_TIP else "" for tip, length in zip(written, lengths[:, 0], strict=True)]
