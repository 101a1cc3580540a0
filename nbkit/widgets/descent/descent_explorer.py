"""A loss to walk down on: choose the learning rate, the optimizer and the start, and see where the steps lead."""

import math

import ipywidgets
import numpy as np

from nbkit.descent.landscapes import LANDSCAPES, Landscape, find_landscape
from nbkit.descent.outcome import verdict
from nbkit.descent.walk import look_at, walk_down
from nbkit.drawing.markup import escape
from nbkit.formatting import number, one_two_five
from nbkit.messages import _, kind_of
from nbkit.optimizers import OPTIMIZERS, make_optimizer
from nbkit.widgets.descent.descent_picture import DescentPicture
from nbkit.widgets.kit.panel import Panel
from nbkit.widgets.kit.snapped_slider import SnappedSlider, snap
from nbkit.widgets.kit.svg_view import SvgView

RATES = one_two_five(-4, 1)
STEPS = (6, 100)  # fewer show no habit, more cost time at every move
OWN = _("your own loss")


class DescentExplorer(Panel):
    """Walk downhill on a loss of one or two weights, and see what each step promised and what it brought.

    The path is walked anew at every move of a control; a press or a drag on the picture moves the start. The gradients
    are those of the recorded graph, the steps those of nbkit's optimizers.

    Parameters
    ----------
    loss : str or callable
        A name from ``nbkit.descent.landscapes.LANDSCAPES``, or a function of one or two Variables.
    range : (low, high), or a pair of them, optional
        What is shown of each weight; for a function of your own, from -3 to 3 where left out.
    start : number or pair of numbers, optional
    optimizer : "SGD", "Momentum" or "Adam"
    lr : float
        Learning rate to begin with.
    steps : int
        Length of a walk, from 6 to 100.
    compare : bool
        Show the other two optimizers too.

    Attributes
    ----------
    loss, optimizer, lr, step, compare, starts, view, status : widgets
        `starts` are the sliders of both weights; the second is hidden where there is one weight only.
    walk : Walk
        Of the chosen optimizer. `kind` is the name for how it ends.
    """

    def __init__(self, loss="bowl", *, range=None, start=None, optimizer="SGD", lr=0.1, steps=40, compare=False):
        make_optimizer(optimizer, lr)  # refuses what it cannot use
        self.steps = _whole(steps)
        first = _first(loss, range, start)
        self.landscapes = {first.name: first}
        self.pictures, self.walked = {}, None
        names = (
            [first.name, *(name for name in LANDSCAPES if name != first.name)] if callable(loss) else list(LANDSCAPES)
        )
        self._make_controls(names, first.name, optimizer, float(lr), bool(compare))
        self.view, self.status = SvgView(), ipywidgets.HTML()
        rows = ((self.loss, self.optimizer, self.compare), (self.lr, self.step), self.starts)
        super().__init__(
            [*(ipywidgets.HBox(row, layout={"flex_flow": "row wrap"}) for row in rows), self.view, self.status]
        )
        self._quiet = False
        self._enter(first)
        self.show()
        self.loss.observe(self.safely(self._loss_chosen), "value")
        moved = self.safely(lambda _change: self.show())
        for control in (self.optimizer, self.compare, self.lr, self.step):
            control.observe(moved, "value")
        for slider in self.starts:
            slider.observe(self.safely(self._slid), "value")
        self.view.on_touch(self.safely(self._touched))

    def _make_controls(self, names, name, optimizer, lr, compare):
        self.loss = ipywidgets.Dropdown(
            options=names,
            value=name,
            description=_("loss"),
            style={"description_width": "3em"},
            layout={"width": "14em"},
        )
        self.optimizer = ipywidgets.ToggleButtons(
            options=list(OPTIMIZERS), value=optimizer, style={"button_width": "8em"}, layout={"margin": "2px 12px"}
        )
        self.compare = ipywidgets.Checkbox(compare, description=_("compare all three"), indent=False)
        self.lr = ipywidgets.SelectionSlider(
            options=[(number(rate), rate) for rate in sorted({*RATES, lr})], value=lr,
            description=_("learning rate lr"), style={"description_width": "8em"}, layout={"width": "28em"},
        )  # fmt: skip
        self.step = ipywidgets.IntSlider(
            1, min=1, max=self.steps, description=_("look at step"), style={"description_width": "6.5em"},
            layout={"width": "25em"},
        )  # fmt: skip
        self.starts = tuple(
            SnappedSlider(
                0.0, description=description, readout_format=".2f", style={"description_width": "5em"},
                layout={"width": "22em"},
            )
            for description in (_("start w"), _("start w₂"))
        )  # fmt: skip

    # ------------------------------------------------------------ where it walks

    @property
    def landscape(self):
        """The loss that is walked on."""
        return self.landscapes[self.loss.value]

    @property
    def start(self):
        """Where the walk begins, one number per weight; given another, the sliders follow, and grow where needed."""
        return self._start

    @start.setter
    def start(self, start):
        self._put(self.landscape.checked(start))
        self.show()

    def _put(self, place, ranges=None):
        """Move the sliders of the start to the stops next to it, and do not draw in between."""
        self._start, self._quiet = tuple(place), True
        try:
            for slider, value, (low, high) in zip(self.starts, place, ranges or self._reach(), strict=False):
                step = _tidy((high - low) / 100)
                low, high = min(low, value), max(high, value)
                with slider.hold_sync():
                    slider.min, slider.max = min(slider.min, low), max(slider.max, high)
                    slider.value = snap(value, low, high, step)
                    slider.min, slider.max, slider.step = low, high, step
        finally:
            self._quiet = False

    def _reach(self):
        return [(slider.min, slider.max) for slider in self.starts]

    def _slid(self, _change):
        """Follow the sliders of the start, but not the page's echo of what they were set to, which may come late."""
        if self._quiet:
            return
        pairs = zip(self._start, self.starts, strict=False)
        place = tuple(s.value if abs(s.value - old) > s.step / 2 else old for old, s in pairs)
        if place != self._start:
            self._start = place
            self.show()

    def _loss_chosen(self, change):
        if change.new not in self.landscapes:
            self.landscapes[change.new] = find_landscape(change.new)
        self._enter(self.landscape)
        self.show()

    def _enter(self, landscape):
        """Fit the sliders of the start to a landscape."""
        self._put(landscape.start, landscape.ranges)
        self.starts[0].description = _("start {}").format(landscape.names[0])
        self.starts[1].layout.display = None if len(landscape.names) == 2 else "none"

    def _touched(self, touch):
        """Begin the walk where a hand points; on a curve only the place along it counts."""
        if touch.pad != "land" or touch.hand == "delete":
            return
        values = self._picture().land.values(touch.x, touch.y)
        place = [round(value / s.step) * s.step for value, s in zip(values, self.starts, strict=False)]
        place = tuple(place[: len(self.landscape.names)])
        if touch.hand == "drop":  # not before: a slider that is set while a hand is moving lags behind it
            self._put(place)
        self._start = place
        self.show()

    # ------------------------------------------------------------ what is shown

    def show(self):
        """Walk anew, and draw it."""
        others = [name for name in OPTIMIZERS if name != self.optimizer.value] if self.compare.value else []
        asked = self.landscape, self.start, (*others, self.optimizer.value), self.lr.value
        if asked != self.walked:
            walks = walk_down(*asked, self.steps)
            self.found = [(walk.optimizer, *verdict(walk, self.landscape)) for walk in walks[::-1]]
            self.walks, self.walked = walks, asked
        self.walk, self.kind = self.walks[-1], self.found[0][1]
        self.looked_at = min(self.step.value, self.walk.steps)
        words = " ".join(f"{name} {kind}. {more}" for name, kind, more in self.found)
        self.view.svg = self._picture().svg(self.walks, self.looked_at, words)
        self.status.value = "".join(
            f"<div>{escape(name)} <b>{escape(kind)}</b>. {escape(more)}</div>" for name, kind, more in self.found
        )

    def _picture(self):
        if self.landscape not in self.pictures:
            self.pictures[self.landscape] = DescentPicture(self.landscape)
        return self.pictures[self.landscape]

    @property
    def looked(self):
        """The step that is looked at, as a `Step`; None where the walk has none."""
        return look_at(self.walk, self.looked_at - 1) if self.looked_at else None

    def snapshot(self):
        return self.view.svg


def _first(loss, range, start):
    """Return the landscape to begin with."""
    if callable(loss):
        return Landscape(OWN, loss, (-3, 3) if range is None else range, start)
    found = find_landscape(loss)
    if range is None and start is None:
        return found
    return Landscape(found.name, found.function, found.ranges if range is None else range,
                     found.start if start is None else start)  # fmt: skip


def _whole(steps):
    low, high = STEPS
    if isinstance(steps, bool) or not isinstance(steps, int | np.integer) or not low <= steps <= high:
        raise ValueError(
            _("steps must be a whole number from {low} to {high}, got {got}").format(
                low=low, high=high, got=kind_of(steps)
            )
        )
    return int(steps)


def _tidy(width):
    """Round a width down to 1, 2 or 5 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(width))
    return max(digit * power for digit in (1, 2, 5) if digit * power <= width * (1 + 1e-9))
