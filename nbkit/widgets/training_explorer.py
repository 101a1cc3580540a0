"""Training to watch under a learning-rate slider: the boundary and the loss follow every move."""

import asyncio
import copy
import math

import ipywidgets
import numpy as np

from nbkit._text import _
from nbkit.drawing.chart import Curve, Plane, page
from nbkit.drawing.numbers import number
from nbkit.optimizers import make_optimizer
from nbkit.training import Diverged, train
from nbkit.widgets.panel import Panel
from nbkit.widgets.svg_view import SvgView

PICTURES = 60  # of one whole run, if nobody pauses it
PAUSE = 0.02  # seconds between two pictures, in which the kernel is free for sliders and other cells
MEMORY = 3  # earlier runs that stay visible


class Run:
    """One training run of a copy of `net`: its losses so far, and why it stopped if it blew up."""

    def __init__(self, net, data, optimizer, **settings):
        self.net = copy.deepcopy(net)
        self.optimizer = optimizer
        self.records = train(self.net, data, optimizer, **settings)
        self.losses = []
        self.trouble = ""

    @property
    def name(self):
        return f"lr {number(self.optimizer.lr)}"

    def advance(self, steps):
        """Make at most `steps` steps."""
        try:
            for _step, record in zip(range(steps), self.records, strict=False):
                self.losses.append(record.loss)
        except Diverged as error:
            self.losses.append(np.inf)
            self.trouble = str(error)


class TrainingExplorer(Panel):
    """Run, pause, step and restart a training; moving the learning rate starts again from the same weights.

    Parameters
    ----------
    net : Sequential
        With a loss. Every run trains a copy that starts from its weights; `net` itself is left as it is.
    data : (x, t) pair
        What it is trained on; `x` has any number of features.
    lr : float
        Learning rate to begin with; the slider reaches about two decades to either side.
    epochs : int
        Length of a run.
    batch_size : int, optional
        All rows where left out.
    optimizer : str
        "SGD", "Momentum" or "Adam".
    rng : int
        Seed for the order of the rows, the same in every run.
    held_out : (x, t) pair, optional
        Rows that are judged but not trained on, drawn hollow.
    columns : pair of int
        The two features that span the plane; the others stand at their mean there.
    features : pair of str
        Names of these two.
    classes : sequence of str, optional

    Attributes
    ----------
    lr, run_button, step_button, restart_button, status, view : widgets
    present : Run
        What is shown now; ``present.net`` is the network as far as it is trained.
    """

    def __init__(
        self, net, data, *, lr=0.1, epochs=100, batch_size=None, optimizer="SGD", rng=0,
        held_out=None, columns=(0, 1), features=("x₁", "x₂"), classes=None,
    ):  # fmt: skip
        self.net, self.data, self.held_out, self.optimizer = net, data, held_out, optimizer
        self.settings = {"epochs": epochs, "batch_size": batch_size, "rng": rng}
        self.earlier, self.task = [], None
        self.present = self._new_run(lr)
        self.steps = epochs * -(-len(data[0]) // (batch_size or len(data[0])))
        self._make_charts(list(columns), features, classes)
        self._make_controls(lr)
        buttons = (self.run_button, self.step_button, self.restart_button)
        controls = ipywidgets.HBox([self.lr, *buttons], layout={"flex_flow": "row wrap"})
        super().__init__([controls, self.view, self.status])
        self.show()
        self.lr.observe(self.guard(self._lr_moved), "value")
        for button, action in zip(buttons, (self.toggle, self.step, self.restart), strict=True):
            button.on_click(self.guard(lambda _button, action=action: action()))

    def _new_run(self, lr):
        return Run(self.net, self.data, make_optimizer(self.optimizer, lr), **self.settings)

    def _make_charts(self, columns, features, classes):
        x, t = self.data
        labels = _labels(t)
        held_out = None if self.held_out is None else (self.held_out[0][:, columns], _labels(self.held_out[1]))
        classes = classes if classes is not None else tuple(map(str, range(labels.max() + 1)))
        self.plane = Plane(x[:, columns], labels, features, classes, held_out)
        self.grid = np.tile(x.mean(axis=0), (len(self.plane.grid), 1))
        self.grid[:, columns] = self.plane.grid
        self.curve = Curve(self.steps, 1.5 * self.net.loss(x, t))

    def _make_controls(self, lr):
        self.lr = ipywidgets.SelectionSlider(
            options=[(number(rate), rate) for rate in _learning_rates(lr)], value=lr, description=_("learning rate"),
            style={"description_width": "7em"}, layout={"width": "22em"},
        )  # fmt: skip
        self.run_button = ipywidgets.Button(description=_("Run"), icon="play", layout={"width": "7em"})
        self.step_button = ipywidgets.Button(description=_("Step"), icon="step-forward", layout={"width": "7em"})
        self.restart_button = ipywidgets.Button(description=_("Restart"), icon="refresh", layout={"width": "7em"})
        self.status = ipywidgets.HTML()
        self.view = SvgView()

    @property
    def running(self):
        """Whether a run is under way."""
        return self.task is not None and not self.task.done()

    @property
    def finished(self):
        """Whether the present run has made all its steps or has blown up."""
        return len(self.present.losses) >= self.steps or bool(self.present.trouble)

    def stop(self):
        self.pause()

    def toggle(self):
        """Run, or pause a run that is under way."""
        if self.running:
            self.pause()
        else:
            self.run()

    def run(self):
        """Train on in the kernel's own loop, so that other cells and sliders still work; a finished run starts anew."""
        if self.finished:
            self.restart()
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:  # a plain script: nobody can press a button meanwhile
            self.advance(self.steps)
        else:
            self._label_run_button(running=True)
            self.task = loop.create_task(self._run())

    async def _run(self):
        try:
            while not self.finished:
                self.advance(-(-self.steps // PICTURES))
                await asyncio.sleep(PAUSE)
            self._label_run_button(running=False)
        except Exception as error:  # the error of a task would be lost
            self._label_run_button(running=False)
            self.tell(f"{type(error).__name__}: {error}")

    def pause(self):
        """Stop where it is; ``run`` goes on from here."""
        if self.running:
            self.task.cancel()
        self.task = None
        self._label_run_button(running=False)

    def step(self):
        """Pause, and make one single step."""
        self.pause()
        if not self.finished:
            self.advance(1)

    def restart(self):
        """Pause, keep the curve for comparison, and go back to the first weights."""
        self.pause()
        if len(self.present.losses) > self.steps / 4 or self.present.trouble:  # a run cut short compares badly
            self.earlier = [*self.earlier, self.present][-MEMORY:]
        self.present = self._new_run(self.lr.value)
        self.show()

    def _lr_moved(self, _change):
        self.restart()
        self.run()

    def advance(self, steps):
        """Make at most `steps` steps and show where they lead; a run that blows up says so."""
        self.present.advance(steps)
        self.show()
        if self.present.trouble:
            self.tell(self.present.trouble)

    def _label_run_button(self, running):
        self.run_button.description = _("Pause") if running else _("Run")
        self.run_button.icon = "pause" if running else "play"

    def show(self):
        """Draw boundary and curve anew, and write where the run is."""
        self.view.svg = self._picture(self.present)
        self.status.value = self._words(self.present)

    def _picture(self, run):
        with np.errstate(all="ignore"):
            shares = np.nan_to_num(run.net.loss_layer.probabilities(run.net(self.grid)), nan=0.5)
        runs = [(run.name, self._whole(run)) for run in (*self.earlier, run)]
        return page([self.plane.svg(shares), self.curve.svg(runs)], _("Training"), self._words(run))

    def _whole(self, run):
        """Losses of a run; one that blew up stays at infinity to the end."""
        return run.losses + [np.inf] * (self.steps - len(run.losses)) if run.trouble else run.losses

    def _words(self, run):
        words = _("learning rate {lr}, step {step} of {steps}, loss {loss}, right on training data: {right}").format(
            lr=number(run.optimizer.lr), step=len(run.losses), steps=self.steps,
            loss=number(run.losses[-1]) if run.losses else "–", right=_right(run.net, self.data),
        )  # fmt: skip
        if self.held_out is not None:
            words += _(", on held-out data: {right}").format(right=_right(run.net, self.held_out))
        return words

    def still_picture(self):
        """The end of a whole run: what the learner will see after pressing Run."""
        run = self._new_run(self.lr.value)
        run.advance(self.steps)
        return self._picture(run)


def _right(net, data):
    """Count right decisions, as ``146/150``."""
    x, t = data
    with np.errstate(all="ignore"):
        y = net.loss_layer.decide(net(x))
    return f"{int((_labels(y) == _labels(t)).sum())}/{len(x)}"


def _learning_rates(lr):
    """Two decades on either side of `lr` in steps that are easy to read: 1, 2, 5, 10, 20, 50, ..."""
    middle = math.floor(math.log10(lr))
    rates = {float(f"{digit}e{exponent}") for exponent in range(middle - 2, middle + 3) for digit in (1, 2, 5)}
    return sorted({*rates, lr})


def _labels(t):
    """Class numbers from labels, a column of them, or one-hot rows."""
    t = np.asarray(t)
    if t.ndim == 2:
        t = t.argmax(axis=1) if t.shape[1] > 1 else t[:, 0]
    return t.astype(int)
