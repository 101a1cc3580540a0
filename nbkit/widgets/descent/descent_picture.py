"""The picture of walks downhill: the ground with the paths on it, the losses, and one step in numbers."""

import numpy as np

from nbkit.descent.walk import look_at
from nbkit.drawing import theme
from nbkit.drawing.chart.frame import frame
from nbkit.drawing.markup import Markup, as_json, tag
from nbkit.drawing.picture import Mark, Picture
from nbkit.drawing.text import TICK, text_width
from nbkit.formatting import number
from nbkit.messages import _
from nbkit.widgets.descent.ground import Ground
from nbkit.widgets.descent.looks import (
    CROSS,
    DESCENT_STYLE,
    DOWNHILL,
    END_OF_CLIP,
    HEIGHT,
    LAND_BOX,
    LEGEND_LINE,
    LOSS_BOX,
    PATH_LOOKS,
    TANGENT,
    WIDTH,
    clip,
    in_button_order,
)
from nbkit.widgets.descent.one_step import StepPictures
from nbkit.widgets.descent.story import Story
from nbkit.widgets.descent.track import Track

ROOM_ABOVE = 0.6  # of the chart of losses, in heights of the start: always the same, so that it gives nothing away
LOSS_PITCH = 84  # pixels between the losses that are written above their chart
RING_RADIUS = 11  # pixels
RING_STYLE = "fill:none;stroke-width:2;cursor:grab;touch-action:none;pointer-events:all"


class DescentPicture:
    """Draws walks on one landscape repeatedly: all that does not depend on the walks is made once."""

    def __init__(self, landscape):
        self.landscape, self.ground = landscape, Ground(landscape)
        self.walks = None

    @property
    def land(self):
        """The frame of the ground."""
        return self.ground.frame

    def look_at(self, walks, steps):
        """Take walks from one start, the chosen optimizer's last, as they go on for `steps` steps."""
        if walks is self.walks:
            return
        self.walks, self.walk, self.steps = walks, walks[-1], steps
        self.last = max(walk.steps for walk in walks)  # fewer than `steps` where all have diverged
        losses = self._loss_frame(steps)
        self.tracks = [Track(walk, self.ground, losses) for walk in walks]
        self.step = StepPictures(self.tracks[-1], self.ground)
        self.story = Story(walks, self.landscape)
        self.fixed = [losses.svg, self._legend()]

    def svg(self, k, words, number):
        """Return the picture after step `k`, with what is said there, and the number of the walks for `frames`."""
        below, above, table, bars = self.step.drawn(k)
        *others, chosen = self.tracks
        ground = self.ground
        parts = [
            tag("metadata", as_json(self._facts(number) | self._told(k))),
            self.land.svg,
            clip(), ground.drawn, [track.path(k) for track in others], below, chosen.path(k), above, ground.labels,
            END_OF_CLIP, self.fixed, self._losses_in_words(k), [track.loss_curve(k) for track in self.tracks],
            ground.area, self._ring(),
            clip(style="pointer-events:none"), [track.ball(k) for track in self.tracks], END_OF_CLIP, table, bars,
        ]  # fmt: skip
        return Picture(_("Downhill"), words, parts, WIDTH, HEIGHT, sheet=DESCENT_STYLE)

    def lines(self, k):
        """Return what is said after step `k`, above the picture."""
        return self.story.lines(k, look_at(self.walk, k) if 0 < k <= self.walk.steps else None)

    # ------------------------------------------------------------ for the page

    def frames(self, number):
        """Return what the page needs to play: the walks in pixels, and what changes with each step."""
        return {
            "number": number, "walks": [track.data() for track in self.tracks], "curve": self.ground.curve,
            "frames": [self._frame(k) for k in range(self.last + 1)], "end": self.story.end,
        }  # fmt: skip

    def _frame(self, k):
        frame = self.step.frame(min(k, self.walk.steps))
        frame["texts"] |= {f"loss {walk.optimizer}": _loss_text(walk, k) for walk in self.walks}
        return frame | self._told(k)

    def _facts(self, number):
        """Return what the page has to know of the walks before their frames come."""
        return {"number": number, "steps": self.last, "diverged": self.last < self.steps, "rows": self.story.rows}

    def _told(self, k):
        return {"lines": self.lines(k), "ends": self.story.ends(k)}

    # ------------------------------------------------------------ beside the ground

    def _loss_frame(self, steps):
        """Return the frame for loss against step; what is higher than it runs along its top."""
        lowest, first = self.ground.lowest, self.walk.losses[0]
        top = first if np.isfinite(first) else lowest + self.ground.span
        top = max(top + ROOM_ABOVE * (top - lowest), lowest + 0.02 * self.ground.span)
        heights = lowest - 0.05 * (top - lowest), top
        return frame(LOSS_BOX, (0, max(10, steps)), heights, _("step"), _("loss"))

    def _losses_in_words(self, k):
        """Write above the chart what the loss of each walk is now."""
        parts, x = [], LOSS_BOX[0] + 4
        for walk in in_button_order(self.walks):
            colour, _dashes, marker = PATH_LOOKS[walk.optimizer]
            parts.append(tag("path", d=f"M{x:g} 15{marker}", style=f"fill:{colour}"))
            key = f"loss {walk.optimizer}"
            text = tag("text", _loss_text(walk, k), class_="tick", x=x + 9, y=LEGEND_LINE, data_number=key)
            parts.append(Mark(text, f"{key} in words", text=_loss_text(walk, k)))
            x += LOSS_PITCH
        return parts

    def _ring(self):
        """Draw the start, which can be dragged, where it is in sight."""
        x, y = self.tracks[-1].x[0], self.tracks[-1].y[0]
        left, top, width, height = LAND_BOX
        if not (left <= x <= left + width and top <= y <= top + height):
            return []
        look = f"stroke:{theme.css_colour('text')};{RING_STYLE}"
        place = {"cx": f"{x:.1f}", "cy": f"{y:.1f}", "r": RING_RADIUS}
        return Mark(tag("circle", data_item="start", data_on="land", **place, style=look), "start", x=x, y=y)

    def _legend(self):
        """Say above the picture what its lines are: each with the marker at its places."""
        entries = []
        for walk in in_button_order(self.walks):
            colour, dashes, marker = PATH_LOOKS[walk.optimizer]
            line = {"style": f"stroke:{colour};stroke-width:1.8", "stroke_dasharray": dashes}
            entries.append((walk.optimizer, 24, "h24", line, marker, f"fill:{colour}"))
        if self.ground.is_curve:
            entries.append((_("tangent"), 24, "h24", TANGENT))
        else:
            entries += [(_("downhill"), 24, "h24", DOWNHILL), (_("lowest"), 10, "h10m-5-5v10", CROSS)]
        parts, x = [], LAND_BOX[0]
        for name, length, path, look, *marker in entries:
            parts.append(tag("path", d=f"M{x:g} 15{path}", **look))
            if marker:
                parts.append(tag("path", d=f"M{x + length / 2:g} 15{marker[0]}", style=marker[1]))
            parts.append(tag("text", name, class_="tick", x=x + length + 5, y=LEGEND_LINE))
            x += length + 16 + text_width(name, TICK)
        names = [name for name, *_look in entries]
        return Mark(Markup("").join(parts), "legend", names=names)


def _loss_text(walk, k):
    return number(walk.losses[min(k, walk.steps)])
