"""A small sheet on which a digit is drawn, and what a network reads on it at every stroke."""

import ipywidgets
import numpy as np

from nbkit.checks import pair_of, whole
from nbkit.drawing.picture import Picture
from nbkit.formatting import number
from nbkit.functions import check_finite
from nbkit.graph import Graph, Variable
from nbkit.messages import _, kind_of
from nbkit.widgets.digits import digit_picture
from nbkit.widgets.digits.digit_picture import HEIGHT, N_CLASSES, WIDTH, chance, place_on_sheet
from nbkit.widgets.digits.raster import PIXELS_ACROSS, Raster
from nbkit.widgets.kit.explorer import Explorer, button, dropdown, toggle

NO_MARKS, DECISION = -2, -1  # choices of `marks` beside the ten classes
SHIFTS = {"left": (-1, 0), "right": (1, 0), "up": (0, -1), "down": (0, 1)}


class DigitPad(Explorer):
    """Draw a digit on 8 by 8 pixels, or load one, and see the ten probabilities that a network gives it.

    The pen writes on a raster four times as fine, whose 4 by 4 blocks become shades, as in the data of
    `nbkit.datasets.digits`. Where asked for, each pixel shows dL/dx, L being the loss if a class of your choice were
    the truth: **+** where more ink makes that class likelier (dL/dx < 0), **−** where it makes it less likely.

    Parameters
    ----------
    net : Sequential
        Takes rows of 64 shades from 0 to 1, gives 10 probabilities. Any object with such a ``probabilities`` will do;
        if it cannot be called on a `Variable` and a label, there is no dL/dx.
    data : (x, t) pair, optional
        Digits to load, (n, 64) shades and (n,) labels, best from a held-out part.
    index : int
        Which of them to begin with; an empty sheet where there is no `data`.

    Attributes
    ----------
    pixels : (64,) array
        The shades that the network is given.
    y : (10,) array
        Its probabilities.
    gradient : (64,) array or None
        dL/dx, if `marks` asks for it.
    truth : int or None
        Label of the digit that was loaded, until the sheet is empty.
    tool, marks, index : widgets
        Pen or rubber; for which class dL/dx is shown; number of the digit to load.
    previous_button, next_button, clear_button, fit_button, invert_button : Button
    shift_buttons : dict of str to Button
        "left", "right", "up", "down".
    """

    def __init__(self, net, data=None, index=0):
        _check_net(net)
        self.x, self.t = _checked(data)
        last = max(len(self.x) - 1, 0)
        index = whole("index", index, 0, last)
        self.net, self.raster, self.truth, self.pen_at = net, Raster(), None, None
        self._make_controls(index, last)
        if len(self.x):
            self.raster.pixels, self.truth = self.x[index], int(self.t[index])
        super().__init__(
            (self.index, self.previous_button, self.next_button, self.marks),
            (self.tool, self.clear_button, self.fit_button, self.invert_button),
            tuple(self.shift_buttons.values()),
        )
        self.view.on_pointer(self.safely(self.follow))

    # ------------------------------------------------------------ controls

    def _make_controls(self, index, last):
        self.previous_button = self._button(_("Previous"), "step-backward", self._turn, -1)
        self.next_button = self._button(_("Next"), "step-forward", self._turn, 1)
        look = {"style": {"description_width": "7.5em"}, "layout": {"width": "13.5em"}}
        self.index = ipywidgets.BoundedIntText(index, min=0, max=last, description=_("held-out no."), **look)
        for control in (self.previous_button, self.next_button, self.index):
            control.disabled = not len(self.x)
        tools = [(_("Pen"), "pen"), (_("Rubber"), "rubber")]
        layout = {"margin": "2px 0"}  # as high as the buttons beside it
        self.tool = toggle(tools, "pen", button_width="6em", layout=layout)
        self.clear_button = self._button(_("Clear"), "trash", self.clear)
        self.fit_button = self._button(_("Fit"), "arrows-alt", self.fit)
        self.invert_button = self._button(_("Invert"), "adjust", self.invert)
        names = {"left": _("Left"), "right": _("Right"), "up": _("Up"), "down": _("Down")}
        self.shift_buttons = {
            way: self._button(name, f"arrow-{way}", self.shift, *SHIFTS[way]) for way, name in names.items()
        }
        options = [(_("nothing"), NO_MARKS), (_("its decision"), DECISION), *((str(k), k) for k in range(N_CLASSES))]
        self.marks = dropdown(
            _("show dL/dx for"), options, label_width=8, width=18, value=NO_MARKS, disabled=not callable(self.net)
        )

    def _button(self, label, icon, action, *arguments):
        return button(label, self.safely(lambda _button: action(*arguments)), icon=icon, width="7em")

    def listen(self, handlers):
        """Load the digit whose number is chosen, or draw other marks; the tool changes nothing yet."""
        super().listen({self.index: lambda change: self.load(change["new"]), self.marks: lambda _change: self.show()})

    # ------------------------------------------------------------ what a user does

    def load(self, index):
        """Put digit number `index` of the data on the sheet."""
        if not 0 <= index < len(self.x):
            raise ValueError(_("there are {n} digits to load, got number {got}").format(n=len(self.x), got=index))
        self.raster.pixels, self.truth = self.x[index], int(self.t[index])
        if self.index.value != index:
            self.index.value = index  # calls this again
        else:
            self.show()

    def _turn(self, by):
        self.load((self.index.value + by) % len(self.x))

    def draw(self, points, erase=False):
        """Draw a line through `points`, (x, y) pairs in pixels: x to the right, y down, both from 0 to 8."""
        points = check_finite(points, "points")
        if points.ndim != 2 or points.shape[1] != 2 or not len(points):
            raise ValueError(_("points must be (x, y) pairs, got shape {}").format(points.shape))
        ends = points[1:] if len(points) > 1 else points  # a single point is a dot
        for start, end in zip(points, ends, strict=False):
            self.raster.stroke(start, end, erase)
        self.show()

    def follow(self, event):
        """Follow a pointer, or the keyboard's cross, with the pen or the rubber."""
        here = place_on_sheet(event.x, event.y)
        erase = event.kind == "delete" or self.tool.value == "rubber"
        before = here if event.kind in ("press", "delete") or self.pen_at is None else self.pen_at
        self.pen_at = None if event.kind in ("drop", "delete") else here
        self.draw([before, here], erase)

    def clear(self):
        """Empty the sheet."""
        self.raster.clear()
        self.show()

    def fit(self):
        """Stretch the drawing to the full height, in the middle, as the digits of the data are."""
        self.raster.fit()
        self.show()

    def invert(self):
        """Swap ink and background."""
        self.raster.invert()
        self.show()

    def shift(self, right, down):
        """Move the drawing by whole pixels; what leaves the sheet is lost."""
        self.raster.shift(right, down)
        self.show()

    # ------------------------------------------------------------ what the network says

    @property
    def pixels(self):
        return self.raster.pixels

    @property
    def decision(self):
        """The class with the largest probability."""
        return int(np.argmax(self.y))

    def compute(self):
        """Ask the network, and for the gradient of its loss where marks are wanted."""
        if not self.pixels.any():
            self.truth = None  # nothing is left of the digit that was loaded
        self.y = check_finite(self.net.probabilities(self.pixels[None])[0], _("probabilities"))
        self.asked = {NO_MARKS: None, DECISION: self.decision}.get(self.marks.value, self.marks.value)
        self.gradient = None if self.asked is None else self._gradient(self.asked)

    def picture(self):
        parts = [
            digit_picture.sheet(self.pixels),
            digit_picture.marks(self.gradient),
            digit_picture.bars(self.y, self.decision, self.truth),
        ]
        return Picture(_("A digit and what the network says"), self.sentence(), parts, WIDTH, HEIGHT)

    def sentence(self):
        sentences = [_("The network says {k}, with probability {y}.").format(k=self.decision, y=chance(self.y.max()))]
        if self.truth is not None:
            right = _("The label of the digit that was loaded is {}: right.")
            wrong = _("The label of the digit that was loaded is {}: wrong.")
            sentences.append((right if self.truth == self.decision else wrong).format(self.truth))
        if not self.pixels.any():
            sentences.append(_("And yet the sheet is empty."))
        if self.gradient is not None:
            largest = number(float(f"{np.abs(self.gradient).max():.2g}"))
            words = _("+ more ink here makes {k} likelier, − less likely; the largest dL/dx is {largest}.")
            sentences.append(words.format(k=self.asked, largest=largest))
        return " ".join(sentences)

    def _gradient(self, k):
        """Record the network on the pixels and walk back from the loss that it would have if `k` were the truth."""
        x = Variable(self.pixels[None], "x")
        return Graph(self.net(x, np.array([k]))).backward()["x"][0]


def _check_net(net):
    """Refuse what cannot turn 64 shades into 10 probabilities."""
    ask = getattr(net, "probabilities", None)
    if not callable(ask):
        raise TypeError(_("DigitPad needs a net with probabilities, such as a Sequential, got {}").format(kind_of(net)))
    y = np.asarray(ask(np.zeros((1, PIXELS_ACROSS * PIXELS_ACROSS))))
    if y.shape != (1, N_CLASSES):
        rule = _("the net must turn (n, 64) shades into (n, 10) probabilities, of one row it made shape {}")
        raise ValueError(rule.format(y.shape))


def _checked(data):
    """Return pictures and labels, or say why they cannot be loaded."""
    if data is None:
        return np.empty((0, PIXELS_ACROSS * PIXELS_ACROSS)), np.empty(0, dtype=int)
    x, t = pair_of(data)
    if x.ndim != 2 or x.shape[1] != PIXELS_ACROSS * PIXELS_ACROSS or t.ndim != 1:
        rule = _("data must be (n, 64) shades and (n,) labels, got {x} and {t}")
        raise ValueError(rule.format(x=x.shape, t=t.shape))
    if x.min() < 0 or x.max() > 1:
        rule = _("shades must lie between 0 and 1, got {low} to {high}")
        raise ValueError(rule.format(low=number(x.min()), high=number(x.max())))
    bad = t[~np.isin(t, range(N_CLASSES))]
    if len(bad):
        raise ValueError(_("labels must be whole numbers from 0 to 9, got {}").format(number(bad[0])))
    return x.copy(), t.astype(int)
