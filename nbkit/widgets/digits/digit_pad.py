"""A small sheet on which a digit is drawn, and what a network makes of it at every stroke."""

import ipywidgets
import numpy as np

from nbkit.checks import whole
from nbkit.descent.inputs import SURE, input_gradients
from nbkit.drawing.picture import Picture
from nbkit.formatting import number
from nbkit.functions import check_finite
from nbkit.messages import _, in_a_row, kind_of
from nbkit.widgets.digits import digit_picture, hidden_picture
from nbkit.widgets.digits.digit_picture import BARS, BARS_BESIDE_UNITS, HEIGHT, N_CLASSES, chance, place_on_sheet
from nbkit.widgets.digits.hidden import hidden_units
from nbkit.widgets.digits.inputs import check_net, checked_digits
from nbkit.widgets.digits.making import Making, is_sure
from nbkit.widgets.digits.past import Past
from nbkit.widgets.digits.raster import Raster
from nbkit.widgets.kit.explorer import button, dropdown, toggle
from nbkit.widgets.kit.running import Running
from nbkit.widgets.kit.views import SvgView

DECISION = -1  # a choice of `target` beside the ten classes
SHIFTS = {"left": (-1, 0), "right": (1, 0), "up": (0, -1), "down": (0, 1)}
MIN_FULL_OUTPUT = 1.0  # a unit that shows as much is drawn in full, unless units of this network show more
MAX_STEPS = 200  # that Play makes: a network that is not sure by then never will be
UNIT = "unit "  # what the ``data-item`` of a hidden unit begins with


class DigitPad(Running):
    """Draw a digit on 8 by 8 pixels, or load one, and see how a network reads it.

    The pen writes on a raster four times as fine, whose 4 by 4 blocks become shades, as in the data of
    `nbkit.datasets.digits`. Where asked for, each pixel shows dL/dx, L being the loss if a class of your choice were
    the truth: **+** where more ink makes that class likelier (dL/dx < 0), **−** where it makes it less likely. The
    pixels can follow −dL/dx step by step, until the network is sure of that class. Each change can be taken back.

    A `Sequential` of `Affine`, activations and `Affine` with at most 100 hidden units shows these units as well.

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
    hidden : Hidden or None
        What its hidden units look for and show.
    chosen : int or None
        Number of the hidden unit, from 0, whose weights are shown on the sheet.
    gradient : (64,) array or None
        dL/dx for `target`, if `marks` asks for it.
    truth : int or None
        Label of the digit that was loaded, until the sheet is empty.
    making : Making
        The steps along −dL/dx that the pixels have made since they were drawn or loaded.
    past : Past
        What lay on the sheet before each change.
    tool, index, target, marks : widgets
        Pen or rubber; number of the digit to load; the class that L takes for the truth, and that is stepped to;
        whether dL/dx is shown.
    clear_button, undo_button, previous_button, next_button, fit_button, invert_button : Button
    step_button, run_button, as_drawn_button : Button
    shift_buttons : dict of str to Button
        "left", "right", "up", "down".
    """

    run_label = _("Play")
    pause_between_ticks = 0.12  # seconds: each step can be seen

    def __init__(self, net, data=None, index=0):
        check_net(net)
        self.x, self.t = checked_digits(data)
        last = max(len(self.x) - 1, 0)
        index = whole("index", index, 0, last)
        self.net, self.raster, self.truth, self.pen_at = net, Raster(), None, None
        self.chosen, self.making, self.past, self.loaded = None, Making(self.raster), Past(), index
        self._make_controls(index, last)
        if len(self.x):
            self.raster.pixels, self.truth = self.x[index], int(self.t[index])
        self.full_output = self._largest_output()
        view = SvgView()
        super().__init__(
            (self.tool, self.clear_button, self.undo_button),
            (self.index, self.previous_button, self.next_button),
            view,
            (self.target, self.step_button, self.run_button, self.as_drawn_button),
            (self.marks, self.fit_button, self.invert_button),
            tuple(self.shift_buttons.values()),
            view=view,  # the sentence comes last: it may take more lines, and no button moves away from a pointer
        )
        self.view.on_pointer(self.safely(self.follow))

    # ------------------------------------------------------------ controls

    def _make_controls(self, index, last):
        self.previous_button = self._button(_("Previous"), "step-backward", self._turn, -1)
        self.next_button = self._button(_("Next"), "step-forward", self._turn, 1)
        self.index = ipywidgets.BoundedIntText(index, min=0, max=last, description=_("held-out no."))
        self.index.add_class("nbkit-long")
        for control in (self.previous_button, self.next_button, self.index):
            control.disabled = not len(self.x)
        self.tool = toggle([(_("Pen"), "pen"), (_("Rubber"), "rubber")], "pen")
        self.clear_button = self._button(_("Clear"), "trash", self.clear)
        self.undo_button = self._button(_("Undo"), "undo", self.undo)
        self.fit_button = self._button(_("Fit"), "arrows-alt", self.fit)
        self.invert_button = self._button(_("Invert"), "adjust", self.invert)
        names = {"left": _("Move left"), "right": _("Move right"), "up": _("Move up"), "down": _("Move down")}
        self.shift_buttons = {
            way: self._button(name, f"arrow-{way}", self.shift, *SHIFTS[way]) for way, name in names.items()
        }
        classes, has_gradient = [(str(k), k) for k in range(N_CLASSES)], callable(self.net)
        options = [*classes, (_("its decision"), DECISION)]
        self.target = dropdown(_("target digit"), options, value=3, disabled=not has_gradient)
        words = _("mark what ink does (−dL/dx)")
        self.marks = ipywidgets.Checkbox(False, description=words, indent=False, disabled=not has_gradient)
        self.marks.add_class("nbkit-long")
        self.step_button = self._button(_("Step"), "step-forward", self.step)
        self.run_button = self._button(self.run_label, "play", self.toggle)
        self.as_drawn_button = self._button(_("As I drew it"), "pencil", self.as_drawn)
        for control in (self.step_button, self.run_button):
            control.disabled = not has_gradient

    def _button(self, label, icon, action, *arguments):
        return button(label, self.safely(lambda _button: action(*arguments)), icon=icon)

    def listen(self, handlers):
        """Load the digit whose number is chosen, or show other signs; the tool changes nothing yet."""
        load = {self.index: lambda change: self.load(change["new"])}
        super().listen({**load, self.marks: self._show_gradient, self.target: self._show_gradient})

    def _show_gradient(self, _change):
        if self.marks.value:
            self.chosen = None  # the sheet has room for one kind of signs
        self.show()

    def show(self):
        super().show()
        empty = not self.pixels.any()
        for control in (self.clear_button, self.fit_button, *self.shift_buttons.values()):
            control.disabled = empty
        self.undo_button.disabled = not self.past.states
        self.as_drawn_button.disabled = not self.making.steps

    # ------------------------------------------------------------ what a user does

    def load(self, index):
        """Put digit number `index` of the data on the sheet."""
        if not 0 <= index < len(self.x):
            raise ValueError(_("there are {n} digits to load, got number {got}").format(n=len(self.x), got=index))
        if self.index.value != index:
            self.index.value = index  # calls this again
            return
        self._change(self._put, index)

    def _put(self, index):
        self.raster.pixels, self.truth, self.loaded = self.x[index], int(self.t[index]), index

    def _turn(self, by):
        self.load((self.index.value + by) % len(self.x))

    def draw(self, points, erase=False):
        """Draw a line through `points`, (x, y) pairs in pixels: x to the right, y down, both from 0 to 8."""
        points = check_finite(points, "points")
        if points.ndim != 2 or points.shape[1] != 2 or not len(points):
            raise ValueError(_("points must be (x, y) pairs, got shape {}").format(points.shape))
        self._change(self._stroke, points, erase)

    def _stroke(self, points, erase):
        ends = points[1:] if len(points) > 1 else points  # a single point is a dot
        for start, end in zip(points, ends, strict=False):
            self.raster.stroke(start, end, erase)

    def follow(self, event):
        """Follow a pointer, or the keyboard's cross: on the sheet with the pen or the rubber, on a unit by choosing."""
        if event.item is not None:
            self._press_unit(event)
            return
        here = place_on_sheet(event.x, event.y)
        erase = event.kind == "delete" or self.tool.value == "rubber"
        goes_on = event.kind not in ("press", "delete") and self.pen_at is not None
        before = self.pen_at if goes_on else here
        self.pen_at = None if event.kind in ("drop", "delete") else here
        self._change(self._stroke, check_finite([before, here], "points"), erase, goes_on=goes_on)

    def clear(self):
        """Empty the sheet."""
        self._change(self.raster.clear)

    def fit(self):
        """Stretch the drawing to the full height, in the middle, as the digits of the data are."""
        self._change(self.raster.fit)

    def invert(self):
        """Swap ink and background."""
        self._change(self.raster.invert)

    def shift(self, right, down):
        """Move the drawing by whole pixels; what leaves the sheet comes back by `undo` only."""
        self._change(self.raster.shift, right, down)

    def _change(self, action, *arguments, goes_on=False):
        """Let a hand change the sheet, and show it: what is there now is what was drawn."""
        self.pause()
        before = self._state()
        action(*arguments)
        self.making.forget()
        self._keep(before, goes_on)
        self.show()

    # ------------------------------------------------------------ and takes back

    def _state(self):
        return self.raster.cells.copy(), self.truth, self.loaded, self.making.state

    def _keep(self, before, goes_on=False):
        """Remember the state `before` a change, if it was one; one that `goes_on` is taken back as a whole."""
        if not goes_on:
            self.past.begin()
        if not np.array_equal(before[0], self.raster.cells):
            self.past.keep(before)

    def undo(self):
        """Take back the last change of the sheet: a stroke, a button, a digit that was loaded, or steps of Play."""
        self.pause()
        self.pen_at = None
        if self.past.states:
            self.raster.cells, self.truth, self.loaded, self.making.state = self.past.take_back()
            with self.quietly():
                self.index.value = self.loaded
        self.show()

    # ------------------------------------------------------------ hidden units

    def choose(self, unit):
        """Show on the sheet what a hidden unit looks for; None for no unit."""
        if unit is not None and (self.hidden is None or unit not in range(len(self.hidden.shows))):
            n = 0 if self.hidden is None else len(self.hidden.shows)
            raise ValueError(_("there are {n} hidden units to choose, got {got}").format(n=n, got=kind_of(unit)))
        self.chosen = unit
        self.show()

    def _press_unit(self, event):
        if event.kind != "press":
            return
        text = event.item.removeprefix(UNIT)
        unit = int(text) if event.item.startswith(UNIT) and text.isdecimal() else event.item
        self.choose(None if unit == self.chosen else unit)

    def _largest_output(self):
        """Return the largest output of a hidden unit for the digits of the data, the full scale of the picture."""
        rows = self.x if len(self.x) else self.pixels[None]
        hidden = hidden_units(self.net, rows)
        return MIN_FULL_OUTPUT if hidden is None else max(MIN_FULL_OUTPUT, np.abs(hidden.shows).max())

    # ------------------------------------------------------------ make it another digit

    @property
    def aim(self):
        """The class that `target` stands for."""
        return self.decision if self.target.value == DECISION else self.target.value

    def step(self):
        """Let the pixels make one step along −dL/dx towards `target`, and return whether they could."""
        return self._step()

    def _step(self, goes_on=False):
        k, before = self.aim, self._state()
        if is_sure(self.y, k):
            words = _("The network is sure that this is a {k}: its probability is at least {sure}.")
        elif self.making.step(self.net, k):
            self._keep(before, goes_on)
            self.show()
            return True
        else:
            words = _("No pixel can make this more of a {k} to the network.")
        self.pause()
        self.show_message(words.format(k=k, sure=SURE))
        return False

    def run(self):
        """Make steps until the network is sure; all of them are taken back at once."""
        self.past.begin()
        super().run()

    def tick(self):
        """Make the next step of Play, and return whether there is another one."""
        if not self._step(goes_on=True) or is_sure(self.y, self.aim):
            return False
        if self.making.steps % MAX_STEPS:
            return True
        words = _("{n} steps, and the network is not sure yet: Play goes on.")
        self.show_message(words.format(n=self.making.steps))
        return False

    def as_drawn(self):
        """Show the digit again as it was before its first step."""
        self.pause()
        before = self._state()
        self.making.take_back()
        self._keep(before)
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
        """Ask the network, and for the gradient of its loss where signs are wanted."""
        if not self.pixels.any():
            self.truth = None  # nothing is left of the digit that was loaded
        rows = self.pixels[None]
        self.y = check_finite(self.net.probabilities(rows)[0], _("probabilities"))
        hidden = hidden_units(self.net, rows)
        self.hidden = None if hidden is None else hidden._replace(shows=hidden.shows[0])
        if self.hidden is None or (self.chosen or 0) >= len(self.hidden.shows):
            self.chosen = None  # the network is another one by now
        if self.hidden is not None:
            self.full_output = max(self.full_output, np.abs(self.hidden.shows).max())
        self.asked = self.aim if self.marks.value else None
        self.gradient = None if self.asked is None else input_gradients(self.net, rows, np.array([self.asked]))[0]

    def picture(self):
        bars = BARS if self.hidden is None else BARS_BESIDE_UNITS
        effect, it = self._effect()
        parts = [
            digit_picture.sheet(self.pixels, it),
            hidden_picture.column(self.hidden, self.full_output, self.chosen, bars.ends()) if self.hidden else (),
            digit_picture.signs(effect),
            digit_picture.legend() if self.hidden or it else (),
            digit_picture.bars(self.y, self.decision, self.truth, bars),
        ]
        return Picture(_("A digit and what the network says"), self.sentence(), parts, bars.right, HEIGHT)

    def _effect(self):
        """Return what more ink in each pixel does, as far as it is asked for, and what it does that to."""
        if self.chosen is not None:
            return self.hidden.looks_for[:, self.chosen], _("the sheet; it: what unit {} shows").format(self.chosen)
        if self.gradient is None:
            return None, ""
        return -self.gradient, _("the sheet; it: the probability of {}").format(self.asked)

    def sentence(self):
        sentences = [_("The network says {k}, with probability {y}.").format(k=self.decision, y=chance(self.y.max()))]
        if self.truth is not None:
            right = _("The label of the digit that was loaded is {}: right.")
            wrong = _("The label of the digit that was loaded is {}: wrong.")
            sentences.append((right if self.truth == self.decision else wrong).format(self.truth))
        if not self.pixels.any():
            sentences.append(_("And yet the sheet is empty."))
        if self.making.steps:
            moved = self.making.moved
            words = _("Steps along −dL/dx: {n}. Shades have changed by {mean} in the mean, by {most} at most.")
            far = {"mean": number(round(moved.mean(), 3)), "most": number(round(moved.max(), 2))}
            sentences.append(words.format(n=self.making.steps, **far))
        if self.chosen is not None:
            sentences.append(self._about_unit())
        elif self.gradient is not None:
            largest = number(float(f"{np.abs(self.gradient).max():.2g}"))
            words = _(
                "L is the loss as if {k} were the truth. "
                "+: dL/dx is negative, more ink lowers L and makes {k} likelier; −: the reverse. "
                "The largest dL/dx is {largest}."
            )
            sentences.append(words.format(k=self.asked, largest=largest))
        return in_a_row(sentences)

    def _about_unit(self):
        shows, weights = self.hidden.shows[self.chosen], self.hidden.speaks_for[self.chosen]
        words = _("Unit {unit} shows {shows}. Its largest weight speaks for {best}, its lowest against {worst}.")
        numbers = {"shows": number(float(f"{shows:.2g}")), "best": weights.argmax(), "worst": weights.argmin()}
        return words.format(unit=self.chosen, **numbers)
