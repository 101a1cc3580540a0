"""Training to watch: boundary, loss and weights follow the learning rate, the hidden units and the batch size."""

import math

import ipywidgets
import numpy as np

from nbkit.drawing.chart.frame import CURVE, CURVE_BELOW_NAMES, HEIGHT, DecisionPlane, LossCurve, page
from nbkit.drawing.markup import escape
from nbkit.drawing.network.weights import weight_maps
from nbkit.experiment.run import Choice, Run, class_numbers, networks, sizes
from nbkit.formatting import number, one_two_five
from nbkit.messages import _
from nbkit.widgets.kit.background import Background
from nbkit.widgets.kit.panel import Panel
from nbkit.widgets.kit.running import Running
from nbkit.widgets.kit.svg_view import SvgView

PICTURES = 60  # of one whole run, if nobody pauses it
MEMORY = 3  # earlier runs that stay visible


class TrainingExplorer(Running, Panel):
    """Run, pause, step and restart a training; a moved slider starts again from the same weights.

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

    def __init__(
        self, net, data, *, lr=0.1, epochs=100, batch_size=None, optimizer="SGD", rng=0,
        held_out=None, columns=(0, 1), features=("x₁", "x₂"), classes=None,
        widths=(), width=None, batch_sizes=(), weights=None,
    ):  # fmt: skip
        self.data, self.held_out, self.weights = data, held_out, weights
        self.settings = {"optimizer": optimizer, "epochs": epochs, "rng": rng}
        widths, batch_sizes = sizes(widths, "widths"), sizes(batch_sizes, "batch_sizes")
        (width,) = sizes(width, "width") if width is not None else widths[:1] or [None]
        (batch_size,) = sizes(len(data[0]) if batch_size is None else batch_size, "batch_size")
        self.options = {"width": sorted({*widths, width}), "batch_size": sorted({*batch_sizes, batch_size})}
        self.choice = Choice(lr, width, batch_size)
        self.nets = networks(net, self.options["width"], rng)
        self._try_all_options()
        self.earlier = []
        self.background = Background(self._tick, self.label_run_button, self.show_error, ready=lambda: self.view.ready)
        self.present = self._new_run()
        self._make_charts(list(columns), features, classes)
        self._make_controls()
        buttons = (self.run_button, self.step_button, self.restart_button)
        sliders = {"lr": self.lr, "width": self.width, "batch_size": self.batch_size}
        sliders = {name: slider for name, slider in sliders.items() if slider is not None}
        controls = ipywidgets.HBox([*sliders.values(), *buttons], layout={"flex_flow": "row wrap"})
        super().__init__([controls, self.view, self.status])
        self.show()
        for name, slider in sliders.items():
            slider.observe(self.safely(lambda change, name=name: self._choose(name, change.new)), "value")
        for button, action in zip(buttons, (self.toggle, self.step, self.restart), strict=True):
            button.on_click(self.safely(lambda _button, action=action: action()))

    @property
    def net(self):
        """The untrained network that the present run started from."""
        return self.nets[self.choice.width]

    def _try_all_options(self):
        """Let every network and every batch size begin a run: what does not work shows before anything is made."""
        for width in self.nets:
            self._new_run(self.choice._replace(width=width))
        for batch_size in self.options["batch_size"]:
            self._new_run(self.choice._replace(batch_size=batch_size))

    def _new_run(self, choice=None):
        choice = choice or self.choice
        return Run(self.nets[choice.width], self.data, choice, name=self._name(choice), **self.settings)

    def _name(self, choice):
        """Write into a legend what the sliders can change."""
        name = _("lr {}").format(number(choice.lr))
        if len(self.options["width"]) > 1:
            name += _(", units {}").format(choice.width)
        if len(self.options["batch_size"]) > 1:
            name += _(", batch {}").format(choice.batch_size)
        return name

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
            self.settings["epochs"], 1.5 * max(net.loss(x, t) for net in self.nets.values()),
            CURVE_BELOW_NAMES if stacked else CURVE, unit, stacked,
        )  # fmt: skip
        for width in self.nets:
            self._maps(self._new_run(self.choice._replace(width=width)))  # names or room that do not fit show here

    def _make_controls(self):
        self.lr = _slider(_learning_rates(self.choice.lr), self.choice.lr, _("learning rate"))
        self.width = _slider(self.options["width"], self.choice.width, _("hidden units"))
        self.batch_size = _slider(self.options["batch_size"], self.choice.batch_size, _("batch size"))
        self.run_button = ipywidgets.Button(description=_("Run"), icon="play", layout={"width": "7em"})
        self.step_button = ipywidgets.Button(description=_("Step"), icon="step-forward", layout={"width": "7em"})
        self.restart_button = ipywidgets.Button(description=_("Restart"), icon="refresh", layout={"width": "7em"})
        self.status = ipywidgets.HTML()
        self.view = SvgView()

    def run(self):
        """Train on in the kernel's own loop, so that other cells and sliders still work; a finished run starts anew."""
        if self.present.finished:
            self.restart()
        self.background.start()

    def _tick(self):
        self.advance(-(-self.present.steps // PICTURES))
        return not self.present.finished

    def step(self):
        """Pause, and make one single step."""
        self.pause()
        if not self.present.finished:
            self.advance(1)

    def restart(self):
        """Pause, keep the curve for comparison, and go back to the first weights."""
        self.pause()
        run = self.present
        if len(run.losses) > run.steps / 4 or run.trouble:  # a run cut short compares badly
            self.earlier = [*self.earlier, run][-MEMORY:]
        self.present = self._new_run()
        self.show()

    def _choose(self, name, value):
        self.choice = self.choice._replace(**{name: value})
        self.restart()
        self.run()

    def advance(self, steps):
        """Make at most `steps` steps and show where they lead; a run that blows up says so."""
        self.present.advance(steps)
        self.show()
        if self.present.trouble:
            self.show_message(self.present.trouble)

    def show(self):
        """Draw everything anew, and write where the run is."""
        self.view.show(self._picture(self.present))
        self.status.value = escape(self._words(self.present))

    def _picture(self, run):
        maps, height = self._maps(run)
        runs = [(one.name, one.whole, one.per_epoch) for one in (*self.earlier, run)]
        charts = [self.plane.svg(run.probabilities(self.grid)), self.curve.svg(runs), maps]
        return page(charts, _("Training"), self._words(run), HEIGHT + height)

    def _maps(self, run):
        """Draw the weights, if they are asked for, and return how many pixels they take."""
        if self.weights is None:
            return "", 0
        weights = run.weights()
        one = weights and weights[-1][1].shape[1] == 1  # a single output says how likely the second class is
        return weight_maps(weights, self.weights, self.classes[1:] if one else self.classes, HEIGHT)

    def _words(self, run):
        words = _("learning rate {}, ").format(number(run.choice.lr))
        if len(self.options["width"]) > 1:
            words += _("hidden units {}, ").format(run.choice.width)
        if len(self.options["batch_size"]) > 1:
            words += _("batch size {}, ").format(run.choice.batch_size)
        return words + run.words(self.data, self.held_out)

    def snapshot(self):
        """The end of a whole run: what the learner will see after pressing Run."""
        run = self._new_run()
        run.advance(run.steps)
        return self._picture(run)


def _learning_rates(lr):
    """Two decades on either side of `lr` in steps that are easy to read: 1, 2, 5, 10, 20, 50, ..."""
    middle = math.floor(math.log10(lr))
    return sorted({*one_two_five(middle - 2, middle + 2), lr})


def _slider(options, value, description):
    """Make a slider, or none where there is nothing to choose."""
    if len(options) < 2:
        return None
    return ipywidgets.SelectionSlider(
        options=[(number(option), option) for option in options], value=value, description=description,
        style={"description_width": "7em"}, layout={"width": "22em"},
    )  # fmt: skip
