"""Training to watch: boundary, loss and weights follow the learning rate, the hidden units and the batch size."""

import copy
import math

import numpy as np

from nbkit.checks import wholes
from nbkit.drawing.chart.frame import HEIGHT, RIGHT_BOX, WIDTH
from nbkit.drawing.chart.plane import DecisionPlane
from nbkit.drawing.chart.series import BOX_BELOW_NAMES, LossCurve
from nbkit.drawing.network.weights import weight_maps
from nbkit.drawing.picture import Picture
from nbkit.experiment.measures import class_numbers
from nbkit.experiment.run import Choice, Run, networks
from nbkit.formatting import number, one_two_five
from nbkit.messages import _, listed
from nbkit.optimizers import make_optimizer
from nbkit.widgets.kit.explorer import button, row, steps
from nbkit.widgets.kit.running import Running

GROWTH = 0.12  # of a run so far: as many steps are made for the next picture, so that its beginning is seen
MIN_PICTURES_PER_RUN = 40  # if all had as many steps
MAX_LINEAR_STEPS = 100  # a longer run has a logarithmic axis of steps
MIN_WIDTH, MAX_WIDTH = 444, 900  # pixels, of a picture without weights, which has room to grow
MAX_EARLIER_RUNS = 3  # runs that stay visible
LEGEND_WORDS = {"lr": _("lr {}"), "width": _("units {}"), "batch_size": _("batch {}")}
SENTENCE_WORDS = {"lr": _("learning rate {}"), "width": _("hidden units {}"), "batch_size": _("batch size {}")}


class TrainingExplorer(Running):
    """Run, pause, step and restart a training; a moved slider starts again from the same weights.

    It opens with the data and with what the untrained network makes of them. A run begins with single steps and goes
    faster and faster. One that diverges leaves the picture as it was before.

    Parameters
    ----------
    net : Sequential, or callable
        With a loss. Every run trains a copy that starts from its weights; `net` itself is left as it is. With
        `widths` it is a function ``net(width, rng)`` that makes such a network with `width` hidden units.
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
        Seed for the order of the rows, and for ``net(width, rng)``: the same in every run.
    held_out : (x, t) pair, optional
        Rows that are judged but not trained on, drawn hollow.
    columns : pair of int
        The two features that span the plane; the others stand at their mean there.
    features : pair of str
        Names of these two.
    classes : sequence of str, optional
    widths, batch_sizes : sequence of int
        What the sliders for hidden units and batch size offer; no slider where there are none.
    width : int, optional
        Hidden units to begin with, the first of `widths` where left out.
    weights : sequence of str, optional
        Names of all features: shows the weights below the charts, a row for each feature.

    Attributes
    ----------
    lr, width, batch_size : widgets
        The sliders; None where there is no such slider.
    run_button, step_button, restart_button, status, view : widgets
    choice : Choice
        What the sliders say.
    present : Run
        What is shown now; ``present.net`` is the network as far as it is trained.
    """

    pause_between_ticks = 0.04  # seconds: a whole run takes some four of them, so that it can be watched

    def __init__(
        self, net, data, *, lr=0.1, epochs=100, batch_size=None, optimizer="SGD", rng=0,
        held_out=None, columns=(0, 1), features=("x₁", "x₂"), classes=None,
        widths=(), width=None, batch_sizes=(), weights=None,
    ):  # fmt: skip
        self.data, self.held_out, self.weights = data, held_out, weights
        self.optimizer, self.epochs, self.rng = optimizer, epochs, rng
        widths, batch_sizes = wholes("widths", widths, 1), wholes("batch_sizes", batch_sizes, 1)
        (width,) = wholes("width", width, 1) if width is not None else widths[:1] or [None]
        (batch_size,) = wholes("batch_size", len(data[0]) if batch_size is None else batch_size, 1)
        self.options = {"width": sorted({*widths, width}), "batch_size": sorted({*batch_sizes, batch_size})}
        self.choice = Choice(lr, width, batch_size)
        self.nets = networks(net, self.options["width"], rng)
        self._try_all_options()
        self.earlier, self.present, self.before = [], self._new_run(), None
        self._make_charts(list(columns), features, classes)
        self.lr = _slider(_learning_rates(lr), lr, _("learning rate"))
        self.width = _slider(self.options["width"], width, _("hidden units"))
        self.batch_size = _slider(self.options["batch_size"], batch_size, _("batch size"))
        self.run_button = button(self.run_label, icon="play")
        self.step_button = button(_("Step"), icon="step-forward")
        self.restart_button = button(_("Restart"), icon="refresh")
        buttons = {self.run_button: self.toggle, self.step_button: self.step, self.restart_button: self.restart}
        super().__init__(row(*buttons), row(*filter(None, (self.lr, self.width, self.batch_size))))
        self.on_press(buttons)

    @property
    def net(self):
        """The untrained network that the present run started from."""
        return self.nets[self.choice.width]

    def _try_all_options(self):
        """Let every network and every batch size begin a run: what does not work raises before anything is made."""
        for width in self.nets:
            self._new_run(self.choice._replace(width=width))
        for batch_size in self.options["batch_size"]:
            self._new_run(self.choice._replace(batch_size=batch_size))

    def _new_run(self, choice=None):
        choice = choice or self.choice
        net, optimizer = copy.deepcopy(self.nets[choice.width]), make_optimizer(self.optimizer, choice.lr)
        return Run(
            net, self.data, optimizer, batch_size=choice.batch_size, epochs=self.epochs, rng=self.rng, choice=choice
        )

    def _phrases(self, choice, words):
        """Write what the sliders can change, each in its words."""
        shown = ["lr", *(name for name, options in self.options.items() if len(options) > 1)]
        return [words[name].format(number(getattr(choice, name))) for name in shown]

    def _make_charts(self, columns, features, classes):
        x, t = self.data
        labels = class_numbers(t)
        held_out = None if self.held_out is None else (self.held_out[0][:, columns], class_numbers(self.held_out[1]))
        self.classes = classes if classes is not None else tuple(map(str, range(labels.max() + 1)))
        self.plane = DecisionPlane(x[:, columns], labels, features, self.classes, held_out)
        self.grid = np.tile(x.mean(axis=0), (len(self.plane.grid), 1))
        self.grid[:, columns] = self.plane.grid
        in_batches = min(self.options["batch_size"]) < len(x)
        unit = _("epoch (thin: each batch, bold: mean)") if in_batches else None
        stacked = any(len(options) > 1 for options in self.options.values())
        self.curve = LossCurve(
            self.epochs, 1.5 * max(net.loss(x, t) for net in self.nets.values()),
            BOX_BELOW_NAMES if stacked else RIGHT_BOX, unit, stacked,
            log=not in_batches and self.epochs > MAX_LINEAR_STEPS,
        )  # fmt: skip
        for width in self.nets:
            self._maps(self._new_run(self.choice._replace(width=width)))  # raises here where names or sizes do not fit

    # ------------------------------------------------------------ running

    def run(self):
        """Train on in the kernel's own loop, so that other cells and sliders still work; a finished run starts anew."""
        if self.present.finished:
            self.restart()
        self.background.start()

    def tick(self):
        most = math.ceil(self.present.steps / MIN_PICTURES_PER_RUN)
        self.advance(min(most, max(1, round(GROWTH * self.present.step))))
        return not self.present.finished

    def step(self):
        """Pause, and make one single step."""
        self.pause()
        if not self.present.finished:
            self.advance(1)

    def restart(self):
        """Pause, keep the curve for comparison with other settings, and go back to the first weights."""
        self.pause()
        run = self.present
        if run.step > run.steps / 4 or run.error:  # a run cut short compares badly
            others = [one for one in self.earlier if one.choice != run.choice]
            self.earlier = [*others, run][-MAX_EARLIER_RUNS:]
        self.present = self._new_run()
        self.show()

    def moved(self, change):
        """Start again with what the sliders say now."""
        name = next(name for name in Choice._fields if getattr(self, name) is change.owner)
        self.choice = self.choice._replace(**{name: change.new})
        self.restart()
        self.run()

    def advance(self, steps):
        """Make at most `steps` steps and show where they lead; a run that blows up says so."""
        self.present.advance(steps)
        self.show()
        if self.present.error:
            words = _("{error}. The picture keeps what the network said before.")
            self.show_message(words.format(error=self.present.error))

    # ------------------------------------------------------------ what is shown

    def picture(self):
        return self._picture(self.present)

    def sentence(self):
        return self._words(self.present)

    def snapshot(self):
        """The end of a whole run: what the learner will see after pressing Run."""
        return self._picture(self._new_run().finish())

    def _picture(self, run):
        plane, maps, height = self._plane_and_maps(run)
        others = [one for one in self.earlier if one.choice != run.choice]  # the same settings make the same curve
        runs = [(listed(self._phrases(one.choice, LEGEND_WORDS)), one.curve, one.per_epoch) for one in (*others, run)]
        parts = [plane, self.curve.svg(runs), maps]
        picture = Picture(_("Training"), self._words(run), parts, WIDTH, HEIGHT + height)
        return picture if maps else picture.at_least(MIN_WIDTH, MAX_WIDTH)

    def _plane_and_maps(self, run):
        """Draw what the network says by now; of one that has diverged, what it said when it was drawn last."""
        if run.error and self.before and self.before[0] is run:
            return self.before[1]
        drawn = self.plane.svg(run.probabilities(self.grid)), *self._maps(run)
        if run is self.present:
            self.before = run, drawn
        return drawn

    def _maps(self, run):
        """Draw the weights, where they were asked for, and return how many pixels they take."""
        if self.weights is None:
            return "", 0
        weights = [(layer.name, layer.params["W"]) for layer in run.net.layers if "W" in layer.params]
        one = weights and weights[-1][1].shape[1] == 1  # a single output says how likely the second class is
        return weight_maps(weights, self.weights, self.classes[1:] if one else self.classes, HEIGHT)

    def _words(self, run):
        return listed([*self._phrases(run.choice, SENTENCE_WORDS), *run.status(self.data, self.held_out)])


def _learning_rates(lr):
    """Two decades on either side of `lr` in steps that are easy to read: 1, 2, 5, 10, 20, 50, ..."""
    middle = math.floor(math.log10(lr))
    return sorted({*one_two_five(middle - 2, middle + 2), lr})


def _slider(options, value, label):
    """Make a slider, or none where there is nothing to choose."""
    return steps(label, value, options) if len(options) > 1 else None
