"""A small sheet of paper on which a digit is drawn, and what a network reads on it at every stroke."""

import ipywidgets
import numpy as np

from nbkit.drawing.chart.frame import page
from nbkit.drawing.markup import escape
from nbkit.formatting import number
from nbkit.functions import as_labels, check_finite
from nbkit.graph import Graph, Variable
from nbkit.messages import _, kind_of
from nbkit.widgets.digits import digit_picture
from nbkit.widgets.digits.digit_picture import CLASSES, HEIGHT, WIDTH, chance, place_on_sheet
from nbkit.widgets.digits.raster import SIZE, Raster
from nbkit.widgets.kit.panel import Panel
from nbkit.widgets.kit.svg_view import SvgView

NOTHING, DECISION = -2, -1  # choices of `marks` beside the ten classes


class DigitPad(Panel):
    """Draw a digit on 8 by 8 pixels, or load one, and see the ten probabilities that a network gives it.

    A pen writes on a paper four times as fine, whose 4 by 4 blocks become shades, as in the data of
    `nbkit.datasets.digits`. Where asked for, each pixel shows dL/dx, L being the loss if a class of one's choice were
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
        if isinstance(index, bool) or not isinstance(index, int | np.integer) or not 0 <= index <= last:
            raise ValueError(_("index must be a whole number from 0 to {last}, got {got!r}").format(
                last=last, got=index
            ))  # fmt: skip
        self.net, self.ink, self.truth, self.pen_at = net, Raster(), None, None
        self._make_controls(int(index), last)
        self.view, self.status = SvgView(), ipywidgets.HTML()
        super().__init__([*self._rows(), self.view, self.status])
        self._listen()
        if len(self.x):
            self.load(int(index))
        else:
            self.show()

    # ------------------------------------------------------------ controls

    def _make_controls(self, index, last):
        self.previous_button = _button(_("Previous"), "step-backward")
        self.next_button = _button(_("Next"), "step-forward")
        self.index = ipywidgets.BoundedIntText(
            index, min=0, max=last, description=_("held-out no."),
            style={"description_width": "7.5em"}, layout={"width": "13.5em"},
        )  # fmt: skip
        for control in (self.previous_button, self.next_button, self.index):
            control.disabled = not len(self.x)
        self.tool = ipywidgets.ToggleButtons(
            options=[(_("Pen"), "pen"), (_("Rubber"), "rubber")], style={"button_width": "6em"},
            layout={"margin": "2px 0"},  # as high as the buttons beside it
        )  # fmt: skip
        self.clear_button = _button(_("Clear"), "trash")
        self.fit_button = _button(_("Fit"), "arrows-alt")
        self.invert_button = _button(_("Invert"), "adjust")
        names = {"left": _("Left"), "right": _("Right"), "up": _("Up"), "down": _("Down")}
        self.shift_buttons = {way: _button(name, f"arrow-{way}") for way, name in names.items()}
        self.marks = ipywidgets.Dropdown(
            options=[(_("nothing"), NOTHING), (_("its decision"), DECISION), *((str(k), k) for k in range(CLASSES))],
            description=_("show dL/dx for"), style={"description_width": "8em"}, layout={"width": "18em"},
            disabled=not callable(self.net),
        )  # fmt: skip

    def _rows(self):
        """Lay the controls out in three rows that wrap on a narrow page."""
        rows = (
            (self.index, self.previous_button, self.next_button, self.marks),
            (self.tool, self.clear_button, self.fit_button, self.invert_button),
            tuple(self.shift_buttons.values()),
        )
        return [ipywidgets.HBox(row, layout={"flex_flow": "row wrap"}) for row in rows]

    def _listen(self):
        def press(button, action, *arguments):
            button.on_click(self.safely(lambda _button: action(*arguments)))

        press(self.previous_button, self._turn, -1)
        press(self.next_button, self._turn, 1)
        press(self.clear_button, self.clear)
        press(self.fit_button, self.fit)
        press(self.invert_button, self.invert)
        for way, by in {"left": (-1, 0), "right": (1, 0), "up": (0, -1), "down": (0, 1)}.items():
            press(self.shift_buttons[way], self.shift, *by)
        self.index.observe(self.safely(lambda change: self.load(change["new"])), "value")
        self.marks.observe(self.safely(lambda _change: self.show()), "value")
        self.view.on_touch(self.safely(self.touched))

    # ------------------------------------------------------------ what a hand does

    def load(self, index):
        """Put digit number `index` of the data on the sheet."""
        if not 0 <= index < len(self.x):
            raise ValueError(_("there are {n} digits to load, got number {got}").format(n=len(self.x), got=index))
        self.ink.pixels, self.truth = self.x[index], int(self.t[index])
        if self.index.value != index:
            self.index.value = index  # calls this again
        else:
            self.show()

    def _turn(self, by):
        at = (self.index.value + by) % len(self.x)
        if at == self.index.value:
            self.load(at)
        self.index.value = at

    def draw(self, points, erase=False):
        """Draw a line through `points`, (x, y) pairs in pixels: x to the right, y down, both from 0 to 8."""
        points = check_finite(points, "points")
        if points.ndim != 2 or points.shape[1] != 2 or not len(points):
            raise ValueError(_("points must be (x, y) pairs, got shape {}").format(points.shape))
        ends = points[1:] if len(points) > 1 else points  # a single point is a dot
        for start, end in zip(points, ends, strict=False):
            self.ink.stroke(start, end, erase)
        self.show()

    def touched(self, touch):
        """Follow a pointer or the keyboard's cross with the pen, or with the rubber."""
        here = place_on_sheet(touch.x, touch.y)
        erase = touch.hand == "delete" or self.tool.value == "rubber"
        before = here if touch.hand in ("press", "delete") or self.pen_at is None else self.pen_at
        self.pen_at = None if touch.hand in ("drop", "delete") else here
        self.draw([before, here], erase)

    def clear(self):
        """Take an empty sheet."""
        self.ink.clear()
        self.show()

    def fit(self):
        """Stretch the drawing to the full height, in the middle, as the digits of the data are."""
        self.ink.fit()
        self.show()

    def invert(self):
        """Swap ink and paper."""
        self.ink.invert()
        self.show()

    def shift(self, right, down):
        """Move the drawing by whole pixels; what leaves the sheet is lost."""
        self.ink.shift(right, down)
        self.show()

    # ------------------------------------------------------------ what the network says

    @property
    def pixels(self):
        return self.ink.pixels

    @property
    def decision(self):
        """The class with the largest probability."""
        return int(np.argmax(self.y))

    def show(self):
        """Ask the network, and draw the sheet with its answer."""
        if not self.pixels.any():
            self.truth = None  # nothing is left of the digit that was loaded
        self.y = check_finite(self.net.probabilities(self.pixels[None])[0], _("probabilities"))
        self.asked = {NOTHING: None, DECISION: self.decision}.get(self.marks.value, self.marks.value)
        self.gradient = None if self.asked is None else self._gradient(self.asked)
        words = self._words()
        parts = [
            digit_picture.sheet(self.pixels),
            digit_picture.marks(self.gradient),
            digit_picture.bars(self.y, self.decision, self.truth),
        ]
        self.view.svg = page(parts, _("A digit and what the network says"), words, HEIGHT, WIDTH)
        self.status.value = f"<span>{escape(words)}</span>"

    def _gradient(self, k):
        """Record the network on the pixels and walk back from the loss that it would have if `k` were the truth."""
        x = Variable(self.pixels[None], "x")
        return Graph(self.net(x, np.array([k]))).backward()["x"][0]

    def snapshot(self):
        return self.view.svg

    def _words(self):
        words = _("The network says {k}, with probability {y}.").format(k=self.decision, y=chance(self.y.max()))
        if self.truth is not None:
            verdict = _("right") if self.truth == self.decision else _("wrong")
            words += _(" The label of the digit that was loaded is {t}: {verdict}.").format(
                t=self.truth, verdict=verdict
            )
        if not self.pixels.any():
            words += _(" And yet the sheet is empty.")
        if self.gradient is not None:
            words += _(" + more ink here makes {k} likelier, − less likely; the largest dL/dx is {g}.").format(
                k=self.asked, g=number(float(f"{np.abs(self.gradient).max():.2g}"))
            )
        return words


def _check_net(net):
    """Refuse what cannot turn 64 shades into 10 probabilities."""
    ask = getattr(net, "probabilities", None)
    if not callable(ask):
        raise TypeError(_("DigitPad needs a net with probabilities, such as a Sequential, got {}").format(kind_of(net)))
    y = np.asarray(ask(np.zeros((1, SIZE * SIZE))))
    if y.shape != (1, CLASSES):
        raise ValueError(
            _("the net must turn (n, 64) shades into (n, 10) probabilities, of one row it made shape {}").format(
                y.shape
            )
        )


def _checked(data):
    """Return pictures and labels, or say why they cannot be loaded."""
    if data is None:
        return np.empty((0, SIZE * SIZE)), np.empty(0, dtype=int)
    if not isinstance(data, tuple | list) or len(data) != 2:
        raise TypeError(_("data must be a pair (x, t), got {}").format(kind_of(data)))
    x, t = check_finite(data[0], "x"), as_labels(data[1])
    if x.ndim != 2 or x.shape[1] != SIZE * SIZE or t.shape != (len(x),) or not len(x):
        raise ValueError(
            _("data must be (n, 64) shades and (n,) labels, at least one, got {x} and {t}").format(x=x.shape, t=t.shape)
        )
    if x.min() < 0 or x.max() > 1:
        raise ValueError(
            _("shades must lie between 0 and 1, got {low} to {high}").format(low=number(x.min()), high=number(x.max()))
        )
    bad = t[~np.isin(t, range(CLASSES))]
    if len(bad):
        raise ValueError(_("labels must be whole numbers from 0 to 9, got {}").format(number(bad[0])))
    return x.copy(), t.astype(int)


def _button(name, icon):
    return ipywidgets.Button(description=name, icon=icon, layout={"width": "7em"})
