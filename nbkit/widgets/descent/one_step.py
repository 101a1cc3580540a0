"""One step of a walk: what the gradient promised on the picture, and its numbers with two bars beside it."""

import numpy as np

from nbkit.descent.outcome import is_outside
from nbkit.descent.walk import look_at
from nbkit.drawing import theme
from nbkit.drawing.chart.marks import readout, text_at
from nbkit.drawing.markup import tag
from nbkit.drawing.picture import Mark
from nbkit.formatting import number
from nbkit.messages import _
from nbkit.widgets.descent.looks import BARS_BOX, DOWNHILL, GAP, MAX_PIXEL, TABLE_PLACE, TANGENT

ROW_PITCH, NUMBERS_OFFSET = 22, 148  # pixels, in the table
BAR_HEIGHT, BAR_PITCH, BAR_MARGIN = 11, 19, 7  # pixels
ZERO_SHARE = 0.4  # of the frame of the bars lies left of zero, where the loss rises
MIN_DOWNHILL, BEYOND_STEP = 80, 50  # pixels: of the way downhill, and how far it goes on behind the step at least
UNKNOWN = "?"  # of a number that the step to come will bring


class StepPictures:
    """Draws any step of one walk: 0 is the start, which has a promise, but nothing that came of it."""

    def __init__(self, track, ground):
        self.track, self.walk, self.ground = track, track.walk, ground
        self.rules = {"curvature": _("lr × curvature")} if track.name == "SGD" else {}
        self.promises = self._tangents() if ground.is_curve else self._downhill()

    def frame(self, k):
        """Return what differs from step to step: attributes by the name of the part, texts by their key."""
        step = look_at(self.walk, max(k, 1)) if self.walk.steps else None
        return {"parts": self._parts(k, step), "texts": self._texts(k, step)}

    def drawn(self, k):
        """Draw step `k` as four parts: below the paths, above them, the table, the bars."""
        k = min(k, self.walk.steps)
        frame = self.frame(k)
        parts, texts = frame["parts"], frame["texts"]
        below = tag("path", class_="kept", data_part="step", style=f"stroke:{self.track.colour};stroke-width:5",
                    **parts["step"])  # fmt: skip
        look = TANGENT if self.ground.is_curve else DOWNHILL
        facts = {name: values[max(k, 1) - 1] for name, values in self.facts.items()} if self.walk.steps else {}
        promise = tag("path", data_part="promise", data_mark="promise", **look, **parts["promise"])
        gap = tag("path", class_="kept", data_part="gap", **GAP, **parts["gap"])
        return below, [Mark(promise, "promise", **facts), gap], self._table(texts), self._bars(parts, texts)

    # ------------------------------------------------------------ on the ground

    @np.errstate(all="ignore")
    def _tangents(self):
        """Return the tangent of each step as path data: from a little before its start to a little beyond its end.

        Where a step begins outside the picture there is none: what is in sight of it would touch the curve nowhere.
        """
        w, slope, move = self.walk.places[:-1, 0], self.walk.gradients[:-1, 0], np.diff(self.walk.places[:, 0])
        loss, beyond = self.walk.losses[:-1], np.sign(move) * 0.08 * np.ptp(self.ground.frame.x_range)
        ends = np.stack([w - beyond, w + move + beyond, w + move], axis=1)
        heights = loss[:, None] + slope[:, None] * (ends - w[:, None])
        from_start = self._from_start(w, loss, ends, heights)
        x, y = (at[:-1, None] + way for at, way in zip((self.track.x, self.track.y), from_start, strict=True))
        self.promised = x[:, 2], y[:, 2]  # where each step would end if the ground were straight
        self.facts = {"x": x[:, :2], "y": y[:, :2]}
        lines = [f"M{a:.1f} {c:.1f}L{b:.1f} {d:.1f}" for (a, b), (c, d) in zip(x[:, :2], y[:, :2], strict=True)]
        begins_outside = [is_outside(place, self.ground.landscape) for place in self.walk.places[:-1]]
        return ["" if outside else line for outside, line in zip(begins_outside, self._finite(lines), strict=True)]

    def _from_start(self, w, loss, ends, heights):
        """Return the ways from the start of each step to points of its tangent, in pixels; cut with the slope kept."""
        land = self.ground.frame
        across, up = land.x(ends) - land.x(w)[:, None], land.y(heights) - land.y(loss)[:, None]
        share = np.minimum(1, MAX_PIXEL / np.maximum(1, np.maximum(np.abs(across), np.abs(up))))
        return across * share, up * share

    @np.errstate(all="ignore")
    def _downhill(self):
        """Return the way against the gradient of each step, further than the step leads."""
        land, walk = self.ground.frame, self.walk
        across = (land.x(1) - land.x(0)) * walk.gradients[:-1, 0]
        up = (land.y(1) - land.y(0)) * walk.gradients[:-1, 1]
        x, y = self.track.x, self.track.y
        lengths = np.maximum(MIN_DOWNHILL, np.hypot(np.diff(x), np.diff(y)) + BEYOND_STEP)
        scale = -lengths / np.maximum(np.hypot(across, up), 1e-300)
        right, down = scale * across, scale * up
        self.facts = {"right": right, "down": down}
        starts, ways = zip(x, y, strict=False), zip(right, down, strict=True)
        lines = [f"M{a:.1f} {b:.1f}l{c:.1f} {d:.1f}" for (a, b), (c, d) in zip(starts, ways, strict=False)]
        return self._finite(lines)

    def _finite(self, lines):
        """Leave out what a gradient or a step that is not finite would draw."""
        finite = np.isfinite(self.walk.gradients[:-1]).all(axis=1) & np.isfinite(np.diff(self.walk.places, axis=0)).all(
            1
        )
        return [line if is_finite else "" for line, is_finite in zip(lines, finite, strict=True)]

    def _parts(self, k, step):
        """Return the attributes of all that moves with the step."""
        promise = self.promises[max(k, 1) - 1] if step else ""
        parts = {"promise": {"d": promise}, "gap": {"d": self._gap(k)}, "step": {"d": ""}}
        if k:
            parts["step"]["d"] = f"M{self.track.points[k - 1]}L{self.track.points[k]}"
        falls = {"predicted bar": step.predicted if step else 0.0, "actual bar": step.actual if k else 0.0}
        parts |= {key: _bar(fall, list(falls.values())) for key, fall in falls.items()}
        parts["actual bar"]["class"] = "rise" if falls["actual bar"] <= 0 else "fall"
        return parts

    def _gap(self, k):
        """Draw at the end of step `k` what lies between its promise and what came: from the tangent to the curve."""
        if not k or not self.ground.is_curve or not self.promises[k - 1]:
            return ""
        x, y = (pixels[k - 1] for pixels in self.promised)
        return f"M{x:.1f} {y:.1f}V{self.track.y[k]:.1f}M{x - 5:.1f} {y:.1f}h10"

    # ------------------------------------------------------------ in numbers

    def _texts(self, k, step):
        """Return the numbers of step `k`; at the start those of the first one, as far as they are known before it."""
        texts = dict.fromkeys(("gradient", "move", "predicted", "actual", *self.rules), UNKNOWN)
        if step is None:
            return texts | {"title": _("There is no step to look at.")}
        title = _("Step {k}, from w = {place}") if k else _("The first step, from w = {place}")
        texts["title"] = title.format(k=k, place=as_text(step.place))
        texts |= {"gradient": as_text(step.gradient), "move": as_text(step.move), "predicted": written(step.predicted)}
        if k:
            texts["actual"] = written(step.actual)
            texts |= {key: written(round(self.walk.lr * step.curvature, 6)) for key in self.rules}
        return texts

    def _table(self, texts):
        x, y = TABLE_PLACE
        look = f"fill:{theme.css_colour('text')};font-weight:bold"
        title = tag("text", texts["title"], x=x, y=y, style=look, data_number="title")
        names = {"gradient": _("gradient g"), "move": _("step Δw"), **self.rules}
        rows = [(name, texts[key], key) for key, name in names.items()]
        table = readout(x, y + ROW_PITCH, rows, column=NUMBERS_OFFSET, pitch=ROW_PITCH)
        numbers = table.numbers | {key: texts[key] for key in ("predicted", "actual")}
        return [Mark(title, "title", text=texts["title"]), Mark(table, "numbers", numbers=numbers)]

    def _bars(self, parts, texts):
        """Draw the decrease of the loss as two bars in a frame of their own: falls to the right, rises to the left."""
        left, top, width, height = BARS_BOX
        zero = left + ZERO_SHARE * width
        drawn = [
            tag("rect", class_="frame", x=left, y=top, width=width, height=height),
            tag("path", class_="grid", d=f"M{zero:g} {top:g}v{height:g}"),
            text_at(TABLE_PLACE[0], top - 24, "axis", _("What the step does to the loss"), style="text-anchor:start"),
            text_at(zero - 6, top - 6, "tick", _("← rises"), text_anchor="end"),
            text_at(zero + 6, top - 6, "tick", _("falls →")),
        ]
        for i, (key, name) in enumerate((("predicted", _("predicted")), ("actual", _("actual")))):
            y, bar = top + BAR_MARGIN + BAR_PITCH * i, parts[f"{key} bar"]
            colour = theme.css_colour("text") if key == "predicted" else self.track.colour
            look = {"y": y, "height": BAR_HEIGHT, "style": f"fill:{colour};stroke:{colour};stroke-width:1.5"}
            look["class_"] = bar.get("class", "promised")
            shape = tag("rect", data_part=f"{key} bar", data_bar=key, x=bar["x"], width=bar["width"], **look)
            drawn.append(text_at(TABLE_PLACE[0], y + 10, "tick", name))
            drawn.append(text_at(left + width + 8, y + 10, "tick", texts[key], data_number=key))
            drawn.append(Mark(shape, f"{key} bar", width=float(bar["width"]), is_rise=look["class_"] == "rise"))
        rule = _("predicted = −g·Δw = lr·‖g‖²") if self.rules else _("predicted = −g·Δw")
        return [*drawn, text_at(TABLE_PLACE[0], top + height + 18, "tick", rule)]


def _bar(fall, falls):
    """Return the attributes of a bar for a fall of the loss, beside the other one; one for a rise is hollow."""
    left, _top, width, _height = BARS_BOX
    zero, room = left + ZERO_SHARE * width, (ZERO_SHARE * width - 3, (1 - ZERO_SHARE) * width - 3)
    sizes = [abs(f) / room[f > 0] for f in falls]
    scale = float(np.max(sizes))
    length = abs(fall) / scale if scale and np.isfinite(scale) else 0.0
    x = zero if fall > 0 else zero - length
    return {"x": f"{x:.1f}", "width": f"{length:.1f}"}


def written(value):
    """Write a number, or that there is none."""
    return _("unknown") if np.isnan(value) else number(value)


def as_text(values):
    """Write one number in four digits, several in three: there is no room for more."""
    if len(values) == 1:
        return written(values[0])
    return f"({', '.join(written(float(f'{value:.3g}')) for value in values)})"
