"""A line through points and its dot in the bowl of the loss, under one hand: move either, or let it go downhill."""

import math

import numpy as np

from nbkit.checks import one_of, real
from nbkit.descent.regression import SCALES, LineFit
from nbkit.formatting import number, one_two_five, rounded_down, three_digits
from nbkit.functions import check_finite
from nbkit.messages import _, as_name, in_a_row
from nbkit.widgets.descent.regression_picture import RegressionPicture, reach_of
from nbkit.widgets.kit.explorer import Explorer, button, row, slider, steps, toggle
from nbkit.widgets.kit.snapped_slider import SnappedSlider

LEARNING_RATES = one_two_five(-3, 0)
SCALE_NAMES = {"as measured": _("as measured"), "centred": _("centred"), "standardised": _("standardised")}
LEAPS = {_("One step"): 1, _("10 steps"): 10, _("100 steps"): 100}
MAX_LR, FAR = 1000.0, 1e100  # of a rate, of w and b: far beyond all use, and still nothing overflows
MAX_TRAIL = 2000  # places that are kept; the walk goes on without the oldest
POINTS = (  # what ten parcels weigh, and what they cost to send: made up
    (0.5, 1.2, 2.3, 3.1, 4.4, 5.2, 6.4, 7.5, 8.6, 9.8),
    (3.9, 3.4, 5.6, 5.2, 7.4, 6.6, 8.9, 8.5, 10.6, 10.4),
)


class RegressionExplorer(Explorer):
    """Fit a line y = w x + b by hand or step by step, and see it as a dot in the bowl of its loss.

    Left stand the points with the line and the gap of each point, right the loss over w and b as lines of equal loss.
    w and b move by their sliders, by an end of the line, or by the dot. Gradients come from `Affine` and `MSELoss`,
    steps from `SGD`.

    Parameters
    ----------
    x, y : sequences of numbers, optional
        The points, 2 to 100; ten parcels where both are left out.
    scale : "as measured", "centred" or "standardised"
        What is done to x: see `LineFit`.
    w, b : float
        The line to begin with, on that scale.
    lr : float
        Learning rate to begin with.
    names : pair of str
        What x and y are called on their axes.

    Attributes
    ----------
    w, b, lr, scale, squares, buttons, view, status : widgets
        `buttons` are those that step, the last one goes back to the start.
    fit : LineFit
        The points on the scale that is chosen.
    place : (2,) array
        w and b, exactly: the sliders stand at the next stop.
    trail : list of (w, b)
        The places since a hand put the dot somewhere, the last one is `place`.
    """

    def __init__(self, x=None, y=None, *, scale="as measured", w=0.0, b=0.0, lr=0.01, names=("x", "y")):
        if (x is None) != (y is None):
            raise TypeError(_("RegressionExplorer takes both, x and y, or neither"))
        x, y = POINTS if x is None else (x, y)
        scale, lr = one_of("scale", scale, SCALES), real("lr", lr, above=0, high=MAX_LR)
        self.names = _checked_names(names)
        self.fits = {name: LineFit(x, y, name) for name in SCALES}
        self.reach, self.pictures = reach_of(self.fits.values()), {}
        self.fit, self.trail = self.fits[scale], [tuple(real(name, x, -FAR, FAR) for name, x in (("w", w), ("b", b)))]
        self._make_controls(scale, lr)
        self._enter()
        super().__init__((self.scale, self.squares), (self.w, self.b, self.lr), row(*self.buttons))
        self.view.on_value(self.safely(self._by_hand))
        self.view.on_pointer(self.safely(self._pointed))

    def _make_controls(self, scale, lr):
        options = [(SCALE_NAMES[name], name) for name in SCALES]
        self.scale = toggle(options, scale, description=_("x"))
        self.scale.add_class("widget-inline-hbox")
        self.squares = toggle([(_("gaps"), False), (_("squares"), True)], False, description=_("show"))
        self.squares.add_class("widget-inline-hbox")
        self.w, self.b = (
            slider(label, 0.0, -1.0, 1.0, 0.01, kind=SnappedSlider, readout_format=".2f")
            for label in (_("slope w"), _("height b"))
        )
        self.lr = steps(_("learning rate lr"), lr, sorted({*LEARNING_RATES, lr}))
        leaps = [button(name, self.safely(lambda _button, n=n: self.step(n))) for name, n in LEAPS.items()]
        self.buttons = [*leaps, button(_("Back to the start"), self.safely(lambda _button: self.back()))]

    # ------------------------------------------------------------ where it stands

    @property
    def place(self):
        return np.array(self.trail[-1])

    @place.setter
    def place(self, place):
        place = check_finite(place, _("place"))
        if place.shape != (2,):
            raise ValueError(_("place must hold two numbers, w and b, got shape {}").format(place.shape))
        self._put([real(name, x, -FAR, FAR) for name, x in zip("wb", place, strict=True)])
        self.show()

    def _put(self, place):
        """Begin anew at a place: a hand has moved the line."""
        self.trail = [tuple(float(value) for value in place)]
        self._follow()

    def _follow(self):
        """Let the sliders stand where the line is."""
        for control, value in zip((self.w, self.b), self.place, strict=True):
            control.put(float(value))

    def _enter(self):
        """Fit the sliders to the bowl of this scale."""
        for control, value, (low, high) in zip((self.w, self.b), self.place, self.drawing.ranges, strict=True):
            step = rounded_down((high - low) / 1000)
            control.put(float(value), math.floor(low / step) * step, math.ceil(high / step) * step, step)

    def step(self, n=1):
        """Make `n` steps of gradient descent."""
        walked = self.fit.walk(self.place, self.lr.value, n)
        self.trail = [*self.trail, *(tuple(place.tolist()) for place in walked)][-MAX_TRAIL:]
        self._follow()
        self.show()

    def back(self):
        """Go back to where a hand put the line last."""
        self._put(self.trail[0])
        self.show()

    # ------------------------------------------------------------ what a hand does

    def moved(self, change):
        """Handle the move of a control."""
        if change.owner is self.scale:
            before, self.fit = self.fit, self.fits[self.scale.value]
            self.trail = [tuple(self.fit.same_line(self.place, before).tolist())]
            self._enter()
        elif change.owner in (self.w, self.b):
            moved = 0 if change.owner is self.w else 1
            place = self.place
            place[moved] = change.owner.exact
            self.trail = [tuple(place.tolist())]
        self.show()

    def _by_hand(self, event):
        """Follow an end of the line; the other one stays."""
        i = ("left", "right").index(event.item)
        w, b = self.place
        ends = [(x, w * x + b) for x in self.drawing.ends]
        if event.value != ends[i][1]:
            ends[i] = ends[i][0], event.value
            self._put(self.fit.through(*ends))
            self.show()

    def _pointed(self, event):
        """Put the dot at a place in the bowl."""
        if event.area != "land" or event.kind == "delete":
            return
        values = self.drawing.bowl.values(event.x, event.y)
        controls = self.w, self.b
        self._put([round(v / control.step) * control.step for v, control in zip(values, controls, strict=True)])
        self.show()

    # ------------------------------------------------------------ what is shown

    @property
    def drawing(self):
        """What draws the bowl of this scale."""
        if self.fit.scale not in self.pictures:
            x, y = self.names
            if self.fit.scale != "as measured":
                x = _("{x}, {scale}").format(x=x, scale=SCALE_NAMES[self.fit.scale])
            self.pictures[self.fit.scale] = RegressionPicture(self.fit, self.reach, (x, y))
        return self.pictures[self.fit.scale]

    def compute(self):
        with np.errstate(all="ignore"):  # a walk may diverge
            self.look = self.fit.look(self.place)
            self.ahead = [self.place, *self.fit.walk(self.place, self.lr.value, 1)][-1]

    def picture(self):
        words = _("A line through {n} points, x {scale}: w = {w}, b = {b}. {rest}")
        w, b = (number(value) for value in self.place)
        words = words.format(n=len(self.fit.y), scale=SCALE_NAMES[self.fit.scale], w=w, b=b, rest=self.sentence())
        return self.drawing.svg(self.place, self.look, self.trail, self.ahead, self.squares.value, words)

    def sentence(self):
        loss, lr = number(self.look.loss), self.lr.value
        n = len(self.trail) - 1
        if not n:
            return _("The loss is {loss}. Move the line or the dot, or make a step.").format(loss=loss)
        across = lr * self.fit.curvatures[0]
        first = _("After {n} steps the loss is {loss}.") if n > 1 else _("After one step the loss is {loss}.")
        if across > 2:
            then = _("lr × the largest curvature is {across}, above 2: it diverges.")
        else:
            then = _("lr × curvature is {across} across and {along} along.")
        along = three_digits(lr * self.fit.curvatures[1])
        return in_a_row([first, then]).format(n=n, loss=loss, across=three_digits(across), along=along)


def _checked_names(names):
    names = [as_name(str(name)) for name in names] if isinstance(names, tuple | list) else []
    if len(names) != 2:
        raise ValueError(_("names must be two, of x and of y, got {}").format(", ".join(names) or _("none")))
    return tuple(names)
