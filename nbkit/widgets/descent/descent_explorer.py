"""A loss to walk down on: choose the learning rate, the optimizer and the start, and see where the steps lead."""

import math

import ipywidgets

from nbkit.checks import whole
from nbkit.descent.landscapes import LANDSCAPES, Landscape, find_landscape
from nbkit.descent.outcome import verdict
from nbkit.descent.walk import look_at, walk_down
from nbkit.drawing.markup import join, tag
from nbkit.formatting import one_two_five
from nbkit.messages import _
from nbkit.optimizers import OPTIMIZERS, make_optimizer
from nbkit.widgets.descent.descent_picture import DescentPicture
from nbkit.widgets.kit.explorer import Explorer, dropdown, slider, steps, toggle
from nbkit.widgets.kit.snapped_slider import SnappedSlider

LEARNING_RATES = one_two_five(-4, 1)
MIN_WALK_STEPS, MAX_WALK_STEPS = 6, 100  # fewer show no pattern, more cost time at every move
OWN_LOSS = _("your own loss")


class DescentExplorer(Explorer):
    """Walk downhill on a loss of one or two weights, and see what each step promised and what it brought.

    The path is computed at every move of a control; a press or a drag on the picture moves the start. The gradients
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
    looked : Step or None
        The step that is looked at; None where the walk has none.
    """

    def __init__(self, loss="bowl", *, range=None, start=None, optimizer="SGD", lr=0.1, steps=40, compare=False):
        make_optimizer(optimizer, lr)  # refuses what it cannot use
        self.steps = whole("steps", steps, MIN_WALK_STEPS, MAX_WALK_STEPS)
        first = _first(loss, range, start)
        self.landscapes, self.pictures = {first.name: first}, {}
        self.entered = self.walked = None
        self._make_controls(first.name, optimizer, float(lr), bool(compare))
        super().__init__((self.loss, self.optimizer, self.compare), (self.lr, self.step), self.starts)
        self.view.on_pointer(self.safely(self._pointed))

    def _make_controls(self, name, optimizer, lr, compare):
        names = list(LANDSCAPES) if name in LANDSCAPES else [name, *LANDSCAPES]
        self.loss = dropdown(_("loss"), names, value=name, label_width=3, width=14)
        self.optimizer = toggle(list(OPTIMIZERS), optimizer, button_width="8em", layout={"margin": "2px 12px"})
        self.compare = ipywidgets.Checkbox(compare, description=_("compare all three"), indent=False)
        self.lr = steps(_("learning rate lr"), lr, sorted({*LEARNING_RATES, lr}), label_width=8)
        self.step = slider(_("look at step"), 1, 1, self.steps, label_width=6.5, width=25)
        self.starts = tuple(
            slider(label, 0.0, 0.0, 100.0, 0.1, label_width=5, width=22, kind=SnappedSlider, readout_format=".2f")
            for label in (_("start w"), _("start w₂"))
        )

    # ------------------------------------------------------------ where it walks

    @property
    def landscape(self):
        """The loss that is walked on."""
        name = self.loss.value
        if name not in self.landscapes:
            self.landscapes[name] = find_landscape(name)
        return self.landscapes[name]

    @property
    def start(self):
        """Where the walk begins, one number per weight; given another, the sliders follow, and grow where needed."""
        return tuple(slider.exact for slider in self.starts[: len(self.landscape.names)])

    @start.setter
    def start(self, start):
        self._put(self.landscape.checked(start))
        self.show()

    def _put(self, place, ranges=None):
        """Move the sliders of the start."""
        ranges = ranges or [(control.min, control.max) for control in self.starts]
        for control, value, (low, high) in zip(self.starts, place, ranges, strict=False):
            control.put(value, min(low, value), max(high, value), _tidy((high - low) / 100))

    def _enter(self, landscape):
        """Fit the sliders of the start to a landscape."""
        self.entered = landscape
        self._put(landscape.start, landscape.ranges)
        self.starts[0].description = _("start {}").format(landscape.names[0])
        self.starts[1].layout.display = None if len(landscape.names) == 2 else "none"

    def _pointed(self, event):
        """Begin the walk at a place on the picture; on a curve only the place along it counts."""
        if event.area != "land" or event.kind == "delete":
            return
        values = self.drawing.land.values(event.x, event.y)
        for control, value in zip(self.starts, values, strict=False):
            control.exact = round(value / control.step) * control.step
        if event.kind == "drop":  # not before: a slider that is set in the middle of a drag lags behind it
            self._put(self.start)
        self.show()

    # ------------------------------------------------------------ what is shown

    def compute(self):
        if self.landscape is not self.entered:
            self._enter(self.landscape)
        others = [name for name in OPTIMIZERS if name != self.optimizer.value] if self.compare.value else []
        asked = self.landscape, self.start, (*others, self.optimizer.value), self.lr.value
        if asked != self.walked:
            walks = walk_down(*asked, self.steps)
            self.found = [(walk.optimizer, *verdict(walk, self.landscape)) for walk in walks[::-1]]
            self.walks, self.walked = walks, asked
        self.walk, self.kind = self.walks[-1], self.found[0][1]
        k = min(self.step.value, self.walk.steps)
        self.looked = look_at(self.walk, k) if k else None

    @property
    def drawing(self):
        """What draws the walks on this loss."""
        if self.landscape not in self.pictures:
            self.pictures[self.landscape] = DescentPicture(self.landscape)
        return self.pictures[self.landscape]

    def picture(self):
        rule = _("{optimizer} {verdict}. {more}")
        words = " ".join(rule.format(optimizer=name, verdict=kind, more=more) for name, kind, more in self.found)
        return self.drawing.svg(self.walks, self.looked, words)

    def sentence(self):
        return join([tag("div", f"{name} ", tag("b", kind), f". {more}") for name, kind, more in self.found])

    def say(self, text):
        self.status.value = text


def _first(loss, range, start):
    """Return the landscape to begin with."""
    if callable(loss):
        return Landscape(OWN_LOSS, loss, (-3, 3) if range is None else range, start)
    found = find_landscape(loss)
    if range is None and start is None:
        return found
    return Landscape(found.name, found.function, found.ranges if range is None else range,
                     found.start if start is None else start)  # fmt: skip


def _tidy(width):
    """Round a width down to 1, 2 or 5 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(width))
    return max(digit * power for digit in (1, 2, 5) if digit * power <= width * (1 + 1e-9))
