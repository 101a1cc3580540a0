"""A product as the area of a rectangle: two strips are its slopes, and the corner between them may be forgotten."""

import numpy as np

from nbkit.checks import one_of, real
from nbkit.drawing import theme
from nbkit.drawing.chart.frame import WIDTH, frame
from nbkit.drawing.chart.handle import handle, point_grip, touch_area
from nbkit.drawing.chart.marks import HALO, readout, text_at
from nbkit.drawing.markup import join, tag
from nbkit.drawing.picture import Mark, Picture
from nbkit.formatting import number
from nbkit.layers import Mul
from nbkit.messages import _
from nbkit.widgets.kit.explorer import Explorer, slider, steps, toggle

NUDGES = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0)
MOVING = {"x": _("x alone"), "y": _("y alone"), "both": _("both")}
LOW, X_HIGH, Y_HIGH = 1.0, 6.0, 4.0  # of the sliders
BOX = (52.0, 14.0, 368.0, 276.0)  # left, top, width, height in pixels: one unit is as long across as upwards
HEIGHT = 336
THIN = 0.5  # units: a strip that has no room for its name
RIGHT = 462.0  # where the numbers stand
BAR = (RIGHT, 248.0, 250.0, 22.0)
LOOKS = {  # fill and its opacity: the strips are slopes, which have the colour of gradients
    "area": ("value", 0.16), "y·dx": ("gradient", 0.75), "x·dy": ("gradient", 0.4), "dx·dy": ("text", 0.85),
}  # fmt: skip


class ProductExplorer(Explorer):
    """Let x, y or both grow by a nudge and see what the area x·y gains: two strips, and a corner between them.

    The nudge moves by its slider, or by the outer corner of the rectangle. All numbers come from `Mul`.

    Parameters
    ----------
    x, y : float
        Sides of the rectangle: from 1 to 6, and from 1 to 4.
    nudge : float
        One of 0.01, 0.02, 0.05, 0.1, ... 2.
    moving : "x", "y" or "both"
        What grows.

    Attributes
    ----------
    x, y, nudge, moving, view, status : widgets
    parts : dict of str to float
        What the area gains: "y·dx" and "x·dy", gradient times nudge, and "dx·dy".
    change : float
        The area after the nudge minus the area before.
    share : float
        The corner's share of the change.
    """

    def __init__(self, x=3.0, y=2.0, nudge=1.0, moving="both"):
        x, y = real("x", x, LOW, X_HIGH), real("y", y, LOW, Y_HIGH)
        self.x, self.y = slider("x", x, LOW, X_HIGH, 0.5), slider("y", y, LOW, Y_HIGH, 0.5)
        self.nudge = steps(_("nudge"), one_of("nudge", nudge, NUDGES), NUDGES)
        options = [(title, key) for key, title in MOVING.items()]
        self.moving = toggle(options, one_of("moving", moving, MOVING), description=_("moving"))
        self.moving.add_class("widget-inline-hbox")  # the buttons stand beside their name, as sliders do, not below it
        super().__init__((self.x, self.y), (self.nudge, self.moving))
        self.view.on_value(self.safely(self._by_hand))

    def _by_hand(self, event):
        """Follow the outer corner."""
        self.nudge.value = NUDGES[round(event.value)]

    def compute(self):
        """Ask × for the area before and after, and for both slopes."""
        x, y, moving, layer = self.x.value, self.y.value, self.moving.value, Mul()
        self.dx, self.dy = (self.nudge.value if moving in (name, "both") else 0.0 for name in "xy")
        self.area = float(layer.forward(x, y))
        self.slopes = [float(slope) for slope in layer.backward(1.0)]
        corner = float(Mul().forward(self.dx, self.dy))
        self.parts = {"y·dx": self.slopes[0] * self.dx, "x·dy": self.slopes[1] * self.dy, "dx·dy": corner}
        self.change = float(Mul().forward(x + self.dx, y + self.dy)) - self.area
        self.share = corner / self.change

    def sentence(self):
        """Say what the area has gained, and what of it the slopes do not know."""
        nudge, change = number(self.nudge.value), number(self.change)
        if self.moving.value != "both":
            text = _("{name} alone grows by {nudge}: one strip, {change}. Change ÷ nudge is {slope}, the other side.")
            return text.format(
                name=self.moving.value, nudge=nudge, change=change, slope=number(self.change / self.nudge.value)
            )
        text = _(
            "Both grow by {nudge}: the area grows by {change}. The two strips are {strips}, the corner is {corner}."
        )
        strips, corner = number(self.change - self.parts["dx·dy"]), number(self.parts["dx·dy"])
        return text.format(nudge=nudge, change=change, strips=strips, corner=corner)

    # ------------------------------------------------------------ the picture

    def picture(self):
        return Picture(_("A product as an area"), self.sentence(), [self._area(), self._numbers()], WIDTH, HEIGHT,
                       role="group")  # fmt: skip

    def _area(self):
        """Draw the rectangle, the strips and the corner, each with its name, and the handle on the outer corner."""
        x, y, dx, dy = self.x.value, self.y.value, self.dx, self.dy
        chart = frame(BOX, (0, 8), (0, 6), "x", "y")
        places = {"area": (0, 0, x, y), "y·dx": (x, 0, dx, y), "x·dy": (0, y, x, dy), "dx·dy": (x, y, dx, dy)}
        drawn = [_rectangle(chart, name, *place) for name, place in places.items() if place[2] and place[3]]
        names = [_name(chart, x / 2, y / 2, f"x·y = {number(self.area)}")]
        names += [_name(chart, x + _middle(dx), y / 2, "y·dx", turned=True)] if dx else []
        names += [_name(chart, x / 2, y + _middle(dy), "x·dy")] if dy else []
        return [chart.svg, drawn, names, self._corner(chart)]

    def _corner(self, chart):
        """Draw the handle: it goes as far as the nudge, across, or upwards where y alone moves."""
        upwards = not self.dx
        place = NUDGES.index(self.nudge.value)
        at = float(chart.x(self.x.value + self.dx)), float(chart.y(self.y.value + self.dy))
        per_pixel = chart.per_pixel[1 if upwards else 0]
        return handle(
            "nudge", touch_area(*at), point_grip(*at, vertical=upwards), label=_("outer corner: the nudge"),
            words=_("nudge {nudge}, change {change}").format(
                nudge=number(self.nudge.value), change=number(self.change)
            ),
            value=place, low=0, high=len(NUDGES) - 1, step=1, page=2, vertical=upwards,
            drag=lambda pixels: int(np.abs(np.array(NUDGES) - NUDGES[place] - pixels * per_pixel).argmin()),
            x=self.x.value + self.dx, y=self.y.value + self.dy,
        )  # fmt: skip

    def _numbers(self):
        """Write what the area gains, and draw the shares of the change: they stay in sight when the nudge is small."""
        strips = zip((_("strip y·dx"), _("strip x·dy"), _("corner dx·dy")), self.parts.items(), strict=True)
        rows = [(name, number(gain), key) for name, (key, gain) in strips]
        rows += [
            (_("change of the area"), number(self.change), "change"),
            (_("change ÷ nudge"), number(self.change / self.nudge.value), "rate"),
            (_("corner ÷ change"), f"{100 * self.share:.2g} %", "share"),
        ]
        left, top, width, height = BAR
        parts, start = [], left
        for name, gain in self.parts.items():
            size = width * gain / self.change
            fill, opacity = LOOKS[name]
            place = {"x": f"{start:.1f}", "y": top, "width": f"{size:.1f}", "height": height}
            bar = tag("rect", **place, style=f"fill:{theme.css_colour(fill)};fill-opacity:{opacity}")
            parts.append(Mark(bar, f"share of {name}", share=gain / self.change))
            if size > 40:  # pixels, room for the name
                parts.append(text_at(start + size / 2, top + 16, "name", name, style=HALO))
            start += size
        title = text_at(left, top - 10, "tick", _("shares of the change:"))
        help_ = text_at(left, HEIGHT - 22, "tick", _("Drag the outer corner of the rectangle."))
        return [readout(left, 32, rows, bold=("share",), pitch=30), title, parts, help_]


def _rectangle(chart, name, x, y, width, height):
    """Fill a rectangle, in units of the data, with the look of its name."""
    fill, opacity = LOOKS[name]
    left, right, top, bottom = chart.x(x), chart.x(x + width), chart.y(y + height), chart.y(y)
    place = {"x": f"{left:.1f}", "y": f"{top:.1f}", "width": f"{right - left:.1f}", "height": f"{bottom - top:.1f}"}
    look = f"fill:{theme.css_colour(fill)};fill-opacity:{opacity};stroke:{theme.css_colour('ground')};stroke-width:0.8"
    return Mark(tag("rect", **place, style=look, data_part=name), name, x=x, y=y, width=width, height=height)


def _middle(width):
    """Return where in a strip its name stands: beyond a strip that is too thin for it."""
    return width / 2 if width >= THIN else width + THIN / 2


def _name(chart, x, y, text, turned=False):
    """Write the name of a part in its middle."""
    at = float(chart.x(x)), float(chart.y(y))
    if not turned:
        return text_at(at[0], at[1] + 5, "name", text, style=HALO)
    words = tag(
        "text", text, class_="name", transform=f"translate({at[0] + 5:.1f} {at[1]:.1f}) rotate(-90)", style=HALO
    )
    return join([words])
