"""A loss to walk down on: choose the learning rate, the optimizer and the start, and see a ball roll down."""

import ipywidgets

from nbkit.checks import whole
from nbkit.descent.landscapes import LANDSCAPES, Landscape, find_landscape
from nbkit.descent.walk import walk_down
from nbkit.formatting import number, one_two_five, rounded_down
from nbkit.messages import _, in_a_row
from nbkit.optimizers import OPTIMIZERS, make_optimizer
from nbkit.widgets.descent.descent_picture import DescentPicture
from nbkit.widgets.descent.walk_view import WalkView
from nbkit.widgets.kit.explorer import Explorer, dropdown, slider, steps, toggle
from nbkit.widgets.kit.snapped_slider import SnappedSlider

LEARNING_RATES = one_two_five(-4, 1)
MIN_WALK_STEPS, MAX_WALK_STEPS = 6, 100  # fewer show no pattern, more cost time at every move
OWN_LOSS = _("your own loss")


class DescentExplorer(Explorer):
    """Roll downhill on a loss of one or two weights, and see what each step promised and what it brought.

    The walk is computed at every move of a control, and played in the page; a press or a drag on the picture moves the
    start. The gradients are those of the recorded graph, the steps those of nbkit's optimizers.

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
        Let the other two optimizers race with it, from the same start.
    step : int
        Where it opens, from 0, the start.

    Attributes
    ----------
    loss, optimizer, lr, compare, starts, view : widgets
        `starts` are the sliders of both weights; the second is hidden where there is one weight only.
    step : int
        The step that is looked at, 0 for the start; the page plays through them. Where all walks have diverged before
        the last one asked for, it is at most the last that there is.
    walk : Walk
        Of the chosen optimizer.
    lines : list of [str, str]
        What is said at this step: words that stand out, and the rest of the line.
    """

    def __init__(
        self, loss="bowl", *, range=None, start=None, optimizer="SGD", lr=0.1, steps=40, compare=False, step=0
    ):
        make_optimizer(optimizer, lr)  # refuses what it cannot use
        self.steps = whole("steps", steps, MIN_WALK_STEPS, MAX_WALK_STEPS)
        opening = whole("step", step, 0, self.steps)
        first = _first(loss, range, start)
        key = OWN_LOSS if callable(loss) else loss
        self.landscapes, self.pictures = {key: first}, {}
        self.entered = self.walked = None
        self.number = 0  # of the walks that were made, so that picture and frames belong together
        self._make_controls(key, optimizer, float(lr), bool(compare))
        controls = (self.loss, self.optimizer, self.compare), (self.lr, *self.starts)
        super().__init__(*controls, view=WalkView(step=opening))
        self.status.layout.display = "none"  # the view says at each step what there is to say
        self.view.on_pointer(self.safely(self._pointed))
        self.view.on_frames(self.safely(self._send_frames))
        self._send_frames()  # a page may have no chance to ask while other cells run

    def _make_controls(self, key, optimizer, lr, compare):
        names = [(label, known) for known, (label, *_rest) in LANDSCAPES.items()]
        self.loss = dropdown(_("loss"), names if key in LANDSCAPES else [(key, key), *names], value=key)
        self.optimizer = toggle(list(OPTIMIZERS), optimizer)
        self.compare = ipywidgets.Checkbox(compare, description=_("all three race"), indent=False)
        self.lr = steps(_("learning rate lr"), lr, sorted({*LEARNING_RATES, lr}))
        self.starts = tuple(
            slider(label, 0.0, 0.0, 100.0, 0.1, kind=SnappedSlider, readout_format=".2f")
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
            control.put(value, min(low, value), max(high, value), rounded_down((high - low) / 100))

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
            control.put(round(value / control.step) * control.step)
        self.show()

    # ------------------------------------------------------------ what is shown

    def compute(self):
        if self.landscape is not self.entered:
            self._enter(self.landscape)
        others = [name for name in OPTIMIZERS if name != self.optimizer.value] if self.compare.value else []
        asked = self.landscape, self.start, (*others, self.optimizer.value), self.lr.value
        if asked != self.walked:
            self.walks, self.walked = walk_down(*asked, self.steps), asked
            self.number += 1
        self.walk = self.walks[-1]
        self.drawing.look_at(self.walks, self.steps)

    @property
    def step(self):
        return min(self.view.step, self.drawing.last)

    @step.setter
    def step(self, step):
        self.view.step = whole("step", step, 0, self.steps)
        self.show()

    @property
    def lines(self):
        return self.drawing.lines(self.step) + self.drawing.story.ends(self.step)

    @property
    def drawing(self):
        """What draws the walks on this loss."""
        if self.landscape not in self.pictures:
            self.pictures[self.landscape] = DescentPicture(self.landscape)
        return self.pictures[self.landscape]

    def picture(self):
        rule = _("{optimizer} goes down on the loss {loss}, with the learning rate {lr}. Step {k} of {n}. {words}")
        words = in_a_row(part for line in self.lines for part in line)
        facts = {"optimizer": self.walk.optimizer, "loss": self.landscape.name, "lr": number(self.walk.lr)}
        return self.drawing.svg(
            self.step, rule.format(**facts, k=self.step, n=self.drawing.last, words=words), self.number
        )

    def snapshot(self):
        return self.picture()

    def _send_frames(self):
        self.view.frames = self.drawing.frames(self.number)


def _first(loss, range, start):
    """Return the landscape to begin with."""
    if callable(loss):
        return Landscape(OWN_LOSS, loss, (-3, 3) if range is None else range, start)
    found = find_landscape(loss)
    if range is None and start is None:
        return found
    return Landscape(found.name, found.function, found.ranges if range is None else range,
                     found.start if start is None else start)  # fmt: skip
