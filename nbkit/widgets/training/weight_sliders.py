"""Every weight of a small net under the hand, on its line and on a slider: boundary, outputs and loss follow."""

import math
from typing import NamedTuple

import ipywidgets
import numpy as np

from nbkit.checks import one_of
from nbkit.datasets import LAMP
from nbkit.drawing.network.diagram import bias_name, unit_names, weight_name
from nbkit.experiment.measures import decided_right
from nbkit.experiment.small_net import DONE_LOSS, START_STD, Descent, checked_data, checked_net, xor_net
from nbkit.formatting import number, one_two_five
from nbkit.layers import Affine, SigmoidWithLoss
from nbkit.messages import _
from nbkit.widgets.kit.explorer import button, row, slider, steps
from nbkit.widgets.kit.running import Running
from nbkit.widgets.kit.snapped_slider import SnappedSlider
from nbkit.widgets.kit.views import Html, SvgView
from nbkit.widgets.training.weight_picture import WeightPicture

WEIGHT_REACH = 4.0  # of the sliders, unless a weight lies further out at the beginning
SLIDER_STEP = 0.1
LEARNING_RATES = one_two_five(-2, 0)
DESCENT_STEPS_PER_PICTURE = 25
PICTURES_PER_SYNC = 8  # pictures between two updates of the sliders: each slider is a message of its own
MAX_DESCENT_STEPS = 5000  # then it asks
MAX_UNDO_STATES = 60


class State(NamedTuple):
    """All that `undo` brings back: parameters, and the losses of moves and descent."""

    values: list
    moves: list
    descent: list


class WeightSliders(Running):
    """Move each weight and bias of a small net by hand, then let gradient descent finish from there.

    The picture shows the plane with its boundary, the net with its weights, an arrow for each of them against its
    gradient, the outputs beside their targets, and the loss: first along the moves by hand, then along descent. A
    weight is moved by its slider, or by its line in the picture: dragged up or down, or by the arrow keys.

    Parameters
    ----------
    net : Sequential, optional
        `Affine` layers with activations between them, 2 inputs, one output, at most 21 parameters, ending in
        `MSELoss` or `SigmoidWithLoss`. The widget works on a copy. A 2-3-1 net with ReLU where left out.
    data : (x, t) pair, optional
        `x` with shape (n, 2), at most 8 rows, and `t`, each 0 or 1; exclusive or where left out.
    features, classes : pairs of str
    lr : float
        Learning rate of descent to begin with.
    seed : int
        For the next random start; and for the first one where no net is given.

    Attributes
    ----------
    net : Sequential
        With the weights as they are now.
    sliders : dict of str to FloatSlider
        By name, such as ``"x₁→h₂"`` and ``"bias y"``.
    loss : float
    right : (n,) array of bool
        Which rows are on the right side of ½.
    moves, descent : lists of float
        Losses after the moves by hand since the start, and after each step of the last descent.
    lr, finish_button, step_button, random_button, zero_button, undo_button, view, status : widgets
    """

    run_label = _("Let descent finish")

    def __init__(self, net=None, data=None, *, features=("x₁", "x₂"), classes=LAMP, lr=0.1, seed=4):
        self.seed = seed
        if net is None:
            net, self.seed = xor_net(seed=seed), seed + 1
        self.x, self.t = checked_data(data)
        self.net = checked_net(net, self.x, self.t)
        self.lr = steps("lr", one_of("lr", lr, LEARNING_RATES), LEARNING_RATES)
        largest = max(np.abs(param).max() for param in self.net.parameters().values())
        self.reach = max(
            WEIGHT_REACH, float(math.ceil(largest))
        )  # for good: a page answers a new range with an old value
        self.past, self.held = [], None  # states, and the slider whose moves are one thing to undo
        self.descending, self.descent, self.ticks = None, [], 0  # the last descent, while nothing else was done since
        rows = self._make_sliders()
        buttons = self._make_buttons()
        probability = isinstance(self.net.loss_layer, SigmoidWithLoss)
        label, labels = _("probability") if probability else _("score"), self.t[:, 0].astype(int)
        units = [[slider.description for slider in box.children] for box in rows]
        self.drawing = WeightPicture(
            self.x, labels, self.sizes, features, classes, label, units, self.reach, SLIDER_STEP
        )
        self._measure()
        self.moves = [self.loss]
        self.sync_sliders()
        view, status = SvgView(), Html()
        super().__init__(row(*buttons, self.lr), view, status, ipywidgets.VBox(rows), view=view, status=status)
        self.on_press(buttons)
        self.listen(dict.fromkeys(self.sliders.values(), self._slid))
        self.view.on_value(self.safely(self._dragged))
        for control in self.sliders.values():
            control.before_change = self.safely(self.pause)  # also where descent has just moved it to that value

    def _make_sliders(self):
        """Make a row of sliders per unit: the weights of what comes in, then its bias."""
        affines = [layer for layer in self.net.layers if isinstance(layer, Affine)]
        self.sizes = [self.x.shape[1], *(len(layer.params["b"]) for layer in affines)]
        self.sliders, self.places, rows, names = {}, {}, [], unit_names(self.sizes)
        for layer, tails, heads in zip(affines, names, names[1:], strict=False):
            for j, head in enumerate(heads):
                places = {weight_name(tail, head): (layer, "W", (i, j)) for i, tail in enumerate(tails)}
                places[bias_name(head)] = (layer, "b", (j,))
                span = 0.0, -self.reach, self.reach, SLIDER_STEP
                made = {name: slider(name, *span, kind=SnappedSlider) for name in places}
                self.places, self.sliders = self.places | places, self.sliders | made
                rows.append(row(*made.values()))
        return rows

    def _make_buttons(self):
        """Make the buttons, and return what each does."""
        self.finish_button = self.run_button = button(self.run_label, icon="play")
        self.step_button = button(_("One step"), icon="step-forward")
        self.random_button = button(_("New random start"), icon="random")
        self.zero_button = button(_("Start from zeros"), icon="circle-o")
        self.undo_button = button(_("Undo"), icon="undo", disabled=True)
        return {
            self.finish_button: self.toggle, self.step_button: self.step, self.random_button: self.random_start,
            self.zero_button: self.zero_start, self.undo_button: self.undo,
        }  # fmt: skip

    # ------------------------------------------------------------ what the net says now

    @np.errstate(all="ignore")
    def _measure(self):
        """Compute loss, gradients and decisions."""
        self.loss = self.net.loss(self.x, self.t)
        self.net.backward()
        self.right = decided_right(self.net, (self.x, self.t))

    def gradient(self, name):
        """Return the gradient of the loss for the parameter under slider `name`."""
        layer, kind, index = self.places[name]
        return float(layer.grads[kind][index])

    def value(self, name):
        """Return the parameter under slider `name`: after descent it has more digits than the slider shows."""
        layer, kind, index = self.places[name]
        return float(layer.params[kind][index])

    def picture(self):
        values = {name: self.value(name) for name in self.places}
        gradients = {name: self.gradient(name) for name in self.places}
        return self.drawing.svg(
            self.net, values, gradients, self.loss, self.right, self.moves, self.descent, self.sentence()
        )

    def sentence(self):
        """Say how many rows are right, and what to try."""
        k, n = int(self.right.sum()), len(self.right)
        start = _("{k} of {n} right, loss {loss}. ").format(k=k, n=n, loss=number(self.loss))
        if self.descending:
            return start + self._words_of_descent()
        if k < n:
            return start + _("Challenge: get {n} of {n} by hand.").format(n=n)
        by_hand, done = len(self.moves) > 1 and not self.descent, number(DONE_LOSS)
        if self.loss < DONE_LOSS and by_hand:
            return start + _("All right, by hand! Nothing is left to do: the loss is below {}.").format(done)
        if self.loss < DONE_LOSS:
            return start + _("All right, and nothing is left to do: the loss is below {}.").format(done)
        if by_hand:
            return start + _("All right, by hand! Now make the loss smaller, or let descent finish.")
        return start + _("All right. Now make the loss smaller, or let descent finish.")

    def _words_of_descent(self):
        """Say how far descent has come, and from where; or why it makes no step."""
        made = self.descending.step
        if not made:
            words = {
                "done": _("Nothing is left for descent to do: the loss is below {} already.").format(number(DONE_LOSS)),
                "stuck": _("Descent can make no step from here: no gradient is left."),
            }
            return words.get(self.descending.outcome, _("Descent begins here."))
        if len(self.moves) > 1:
            if made == 1:
                return _("Descent has made 1 step from where your hand left off.")
            return _("Descent has made {} steps from where your hand left off.").format(made)
        if made == 1:
            return _("Descent has made 1 step from this start.")
        return _("Descent has made {} steps from this start.").format(made)

    # ------------------------------------------------------------ moves and starts

    def moved(self, _change):
        """The learning rate counts from the next step on; each slider of a parameter has a handler of its own."""

    def _slid(self, change):
        """Take a weight from its slider."""
        self._move(change.owner.description, change.new)

    def _dragged(self, event):
        """Take a weight from its line in the picture: each drag is one thing to undo, and so are keys in a row."""
        if event.kind == "press":
            self.pause()  # what the hand holds stands still
            self.held = None
        elif abs(event.value - self.value(event.item)) > SLIDER_STEP / 1000:
            self._move(event.item, event.value)

    def _move(self, name, value):
        """Give a parameter another value, which pauses descent."""
        self.background.stop()
        if self.held != name:  # one drag is one thing to undo
            self._save()
            self.held = name
        if self.descending:
            self.moves.append(self.loss)  # where descent has led to
        layer, kind, index = self.places[name]
        layer.params[kind][index] = round(value, 4)
        self.descending = None
        self._measure()
        self.moves.append(self.loss)
        self.sync_sliders()
        self.show()

    def sync_sliders(self):
        """Move every slider to the stop next to its weight, or to its end where the weight lies beyond."""
        for name, control in self.sliders.items():
            control.put(self.value(name))

    def _values(self):
        return [param.copy() for param in self.net.parameters().values()]

    def _put(self, values):
        for param, value in zip(self.net.parameters().values(), values, strict=True):
            param[...] = value
        self.held = self.descending = None
        self._measure()
        self.sync_sliders()

    def _save(self):
        self.past = [*self.past, State(self._values(), list(self.moves), list(self.descent))][-MAX_UNDO_STATES:]
        self.undo_button.disabled = False

    def _restore(self):
        values, self.moves, self.descent = self.past.pop()
        self.undo_button.disabled = not self.past
        self._put(values)

    def undo(self):
        """Go back to before the last move, step, descent or start."""
        self.pause()
        if self.past:
            self._restore()
            self.show()

    def random_start(self):
        """Draw all weights and biases anew, each seed once."""
        rng = np.random.default_rng(self.seed)
        self._start([rng.normal(0, START_STD, param.shape) for param in self._values()])
        self.seed += 1

    def zero_start(self):
        """Set all weights and biases to 0."""
        self._start([0 * param for param in self._values()])

    def _start(self, values):
        self.pause()
        self._save()
        self._put(values)
        self.moves, self.descent = [self.loss], []
        self.show()

    # ------------------------------------------------------------ descent

    def run(self):
        """Let descent finish from here; one that has made all its steps begins anew."""
        if len(self.descent) > MAX_DESCENT_STEPS:
            self.descending = None
        self._begin()
        self.background.start()

    def pause(self):
        """Stop descent where it is, with the sliders at its weights."""
        if self.running:
            self.background.stop()
            self.sync_sliders()

    def step(self):
        """Make one single step of descent."""
        self.pause()
        self._begin()
        self.show_message(self._descend(1))
        self.sync_sliders()
        self.show()

    def _begin(self):
        if self.descending is None:
            self._save()
            self.descending = Descent(self.net, (self.x, self.t), self.lr.value)
            self.descent = self.descending.curve
        self.held, self.ticks = None, 0

    def _descend(self, steps):
        """Make at most `steps` steps; return why there should be no more, or nothing."""
        self.descending.optimizer.lr = self.lr.value
        outcome = self.descending.advance(steps)
        self.descent = self.descending.curve
        self._measure()
        if outcome == "diverged":
            return self._diverged()
        if outcome == "done":
            return _("Descent is done: the loss is below {}.").format(number(DONE_LOSS))
        return _("Descent stops: no gradient is left, nothing pushes any slider.") if outcome else ""

    def _diverged(self):
        """Bring back the weights with which this descent began."""
        made = self.descending.step
        self._restore()
        return _(
            "Descent blew up in step {step}: lr {lr} is too large here. The weights are back where it began."
        ).format(step=made, lr=number(self.lr.value))

    def tick(self):
        reason = self._descend(DESCENT_STEPS_PER_PICTURE)
        if not reason and len(self.descent) > MAX_DESCENT_STEPS:
            reason = _("{} steps made: press again to go on.").format(number(MAX_DESCENT_STEPS))
        self.ticks += 1
        if reason or self.ticks % PICTURES_PER_SYNC == 0:
            self.sync_sliders()
        if reason:
            self.show_message(reason)
        self.show()
        return not reason

    def failed(self, error):
        self.sync_sliders()
        self.show_error(error)
