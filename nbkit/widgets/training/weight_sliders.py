"""Every weight and bias of a small net under the hand: the boundary, the outputs and the loss follow."""

import math
from typing import NamedTuple

import ipywidgets
import numpy as np

from nbkit.drawing.markup import escape
from nbkit.drawing.network.diagram import unit_names
from nbkit.experiment.dead_units import dead_units
from nbkit.experiment.small_net import SPREAD, checked_data, checked_net, default_net
from nbkit.formatting import number, one_two_five
from nbkit.layers import Affine, SigmoidWithLoss
from nbkit.messages import _
from nbkit.optimizers import SGD
from nbkit.widgets.kit.background import Background
from nbkit.widgets.kit.panel import Panel
from nbkit.widgets.kit.snapped_slider import SnappedSlider, snap
from nbkit.widgets.kit.svg_view import SvgView
from nbkit.widgets.training.weight_picture import ParameterRow, WeightPicture

REACH = 4.0  # of the sliders, unless a weight lies further out at the beginning
STEP = 0.1
WIDEST = 19  # em of a slider; narrower where there is less room
NARROW, NARROWER = 45, 27  # em of a page on which sliders stand in two columns, and in one
RATES = one_two_five(-2, 0)
TICK = 25  # steps of descent between two pictures
FOLLOW = 8  # pictures between two updates of the sliders: each slider is a message of its own
LONGEST = 5000  # steps of descent, then it asks
ENOUGH = 0.002  # loss at which descent is done
STUCK = 1e-6  # largest gradient at which nothing moves any more
LARGEST = 1e6  # loss beyond which descent has blown up
UNDO = 60  # states that are kept


class State(NamedTuple):
    """All that `Undo` brings back: parameters, and the two lines of losses."""

    values: list
    hand: list
    descent: list


class WeightSliders(Panel):
    """Move each weight and bias of a small net by hand, then let gradient descent finish from there.

    The picture shows the plane with its boundary, the net with its weights, an arrow for each slider against its
    gradient, the outputs beside their targets, and the loss: first along the moves of the hand, then along descent.

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
    hand, descent : lists of float
        Losses after the moves of the hand since the start, and after each step of the last descent.
    lr, finish_button, step_button, random_button, zero_button, undo_button, view, status : widgets
    """

    def __init__(self, net=None, data=None, *, features=("x₁", "x₂"), classes=("off", "on"), lr=0.1, seed=4):
        self.seed = seed
        if net is None:
            net, self.seed = default_net(seed), seed + 1
        self.x, self.t = checked_data(data)
        self.net = checked_net(net, self.x, self.t)
        if lr not in RATES:
            raise ValueError(_("lr must be one of {rule}, got {got}").format(rule=", ".join(map(str, RATES)), got=lr))
        self.affines = [layer for layer in self.net.layers if isinstance(layer, Affine)]
        largest = max(np.abs(param).max() for param in self.net.parameters().values())
        self.reach = max(REACH, float(math.ceil(largest)))  # for good: a page answers a new range with an old value
        self.past, self.held, self.fresh = [], None, True
        self.hand, self.descent, self.by_descent = [], [], False
        self.background = Background(self._tick, self._label_finish_button, self._failed, ready=lambda: self.view.ready)
        self._make_sliders()
        self._make_controls(lr)
        self._make_picture(features, classes)
        self._measure()
        self.hand = [self.loss]
        buttons = (self.finish_button, self.step_button, self.random_button, self.zero_button, self.undo_button)
        tools = ipywidgets.HBox([*buttons, self.lr], layout={"flex_flow": "row wrap"})
        super().__init__([self.grid, tools, self.view, self.status])
        self.follow()
        self.show()
        actions = (self.toggle, self.step, self.random_start, self.zero_start, self.undo)
        for button, action in zip(buttons, actions, strict=True):
            button.on_click(self.safely(lambda _button, action=action: action()))
        for name, slider in self.sliders.items():
            slider.before_change = self.safely(self.pause)  # also where descent has just moved it to that value
            slider.observe(self.safely(lambda change, name=name: self._moved(name, change["new"])), "value")

    # ------------------------------------------------------------ pieces

    def _make_sliders(self):
        """Make a row of sliders per unit: the weights of what comes in, then its bias."""
        sizes = [self.x.shape[1], *(len(layer.params["b"]) for layer in self.affines)]
        self.sizes, names = sizes, unit_names(sizes)
        self.sliders, self.places, self.shown, rows = {}, {}, {}, []
        for layer, tails, heads in zip(self.affines, names, names[1:], strict=False):
            for j, head in enumerate(heads):
                places = {f"{tail}→{head}": (layer, "W", (i, j)) for i, tail in enumerate(tails)}
                places[_("bias {}").format(head)] = (layer, "b", (j,))
                self.places |= places
                made = {name: _slider(name, self.reach) for name in places}
                self.sliders |= made
                self.shown |= dict.fromkeys(places, 0.0)
                rows.append(list(made.values()))
        width = _width(max(map(len, rows)))
        for slider in self.sliders.values():
            slider.layout.width = width
        self.grid = ipywidgets.VBox([ipywidgets.HBox(row, layout={"flex_flow": "row wrap"}) for row in rows])

    def _make_controls(self, lr):
        def button(text, icon, width="8em"):
            return ipywidgets.Button(description=text, icon=icon, layout={"width": width})

        self.finish_button = button(_("Let descent finish"), "play", "12em")
        self.step_button = button(_("One step"), "step-forward")
        self.random_button = button(_("New random start"), "random", "12em")
        self.zero_button = button(_("Start from zeros"), "circle-o", "11em")
        self.undo_button = button(_("Undo"), "undo", "6em")
        self.undo_button.disabled = True
        self.lr = ipywidgets.SelectionSlider(
            options=[(number(rate), rate) for rate in RATES], value=lr, description="lr",
            style={"description_width": "2em"}, layout={"width": "14em"},
        )  # fmt: skip
        self.view, self.status = SvgView(), ipywidgets.HTML()

    def _make_picture(self, features, classes):
        self.squeezed = isinstance(self.net.loss_layer, SigmoidWithLoss)
        label = _("probability") if self.squeezed else _("score")
        groups = sum(self.sizes[1:])
        self.picture = WeightPicture(
            self.x,
            self.t[:, 0].astype(int),
            self.sizes,
            features,
            classes,
            label,
            groups,
            len(self.places),
            self.reach,
        )

    # ------------------------------------------------------------ what the net says now

    def _measure(self):
        """Ask the net for its loss, its gradients and its decisions."""
        with np.errstate(all="ignore"):
            self.loss = self.net.loss(self.x, self.t)
            self.net.backward()
            scores = self.net(self.x)
            self.outputs = (self.net.loss_layer.probabilities(scores)[:, 1] if self.squeezed else scores[:, 0]).copy()
            self.right = (self.net.loss_layer.decide(scores) == self.t)[:, 0]

    def gradient(self, name):
        """Return the gradient of the loss for the parameter under slider `name`."""
        layer, kind, index = self.places[name]
        return float(layer.grads[kind][index])

    def value(self, name):
        """Return the parameter under slider `name`: after descent it has more digits than the slider shows."""
        layer, kind, index = self.places[name]
        return float(layer.params[kind][index])

    def show(self):
        """Draw everything anew."""
        with np.errstate(all="ignore"):
            shares = np.nan_to_num(self.net.loss_layer.probabilities(self.net(self.picture.plane.grid)), nan=0.5)
        pushes = [
            ParameterRow(name, (id(layer), index[-1]), self.value(name), self.gradient(name))
            for name, (layer, _kind, index) in self.places.items()
        ]
        svg = self.picture.svg(
            shares, self.affines, dead_units(self.net, self.x), pushes, self.outputs, self.right, self.loss,
            self.hand, self.descent, self._words(),
        )  # fmt: skip
        self.view.show(svg)
        self.status.value = f"<span>{escape(self._words())}</span>"

    def _words(self):
        """Say how far it is, and what to try."""
        k, n, loss = int(self.right.sum()), len(self.right), number(self.loss)
        start = _("{k} of {n} right, loss {loss}. ").format(k=k, n=n, loss=loss)
        if self.by_descent:
            return start + self._words_of_descent()
        if k < n:
            return start + _("Challenge: get {n} of {n} by hand.").format(n=n)
        by_hand = len(self.hand) > 1 and not self.descent
        if self.loss < ENOUGH:
            words = (
                _("All right, by hand! Nothing is left to do: the loss is below {}.")
                if by_hand
                else _("All right, and nothing is left to do: the loss is below {}.")
            )
            return start + words.format(number(ENOUGH))
        if by_hand:
            return start + _("All right, by hand! Now make the loss smaller, or let descent finish.")
        return start + _("All right. Now make the loss smaller, or let descent finish.")

    def _words_of_descent(self):
        """Say how far descent has come, and from where; or why it makes no step."""
        steps = len(self.descent) - 1
        if not steps and self.loss < ENOUGH:
            return _("Nothing is left for descent to do: the loss is below {} already.").format(number(ENOUGH))
        if not steps and self._largest_gradient() < STUCK:
            return _("Descent can make no step from here: no gradient is left.")
        if not steps:
            return _("Descent begins here.")
        if len(self.hand) > 1:
            if steps == 1:
                return _("Descent has made 1 step from where your hand left off.")
            return _("Descent has made {} steps from where your hand left off.").format(steps)
        if steps == 1:
            return _("Descent has made 1 step from this start.")
        return _("Descent has made {} steps from this start.").format(steps)

    def _largest_gradient(self):
        return max(abs(self.gradient(name)) for name in self.places)

    def snapshot(self):
        return self.view.svg

    # ------------------------------------------------------------ the hand

    def _moved(self, name, value):
        """Take a weight from its slider; a hand on a slider pauses descent."""
        if abs(value - self.shown[name]) < STEP / 4:  # not a hand: the widget moved it
            return
        self.background.stop()
        if self.held != name:  # one drag is one thing to undo
            self._remember()
            self.held = name
        if self.by_descent:
            self.hand.append(self.loss)  # where descent has led to
        layer, kind, index = self.places[name]
        layer.params[kind][index] = round(value, 4)
        self.by_descent, self.fresh = False, True
        self._measure()
        self.hand.append(self.loss)
        self.follow()
        self.show()

    def _values(self):
        return [param.copy() for param in self.net.parameters().values()]

    def _remember(self):
        self.past = [*self.past, State(self._values(), list(self.hand), list(self.descent))][-UNDO:]
        self.undo_button.disabled = False

    def _put(self, values):
        for param, value in zip(self.net.parameters().values(), values, strict=True):
            param[...] = value
        self._measure()
        self.follow()

    def undo(self):
        """Go back to before the last move, step, descent or start."""
        self.pause()
        if not self.past:
            return
        state, self.held = self.past.pop(), None
        self.hand, self.descent, self.by_descent, self.fresh = list(state.hand), list(state.descent), False, True
        self.undo_button.disabled = not self.past
        self._put(state.values)
        self.show()

    def follow(self):
        """Move every slider to the stop next to its weight, or to its end where the weight lies beyond."""
        for name, slider in self.sliders.items():
            self.shown[name] = snap(self.value(name), -self.reach, self.reach, STEP)
            if abs(slider.value - self.shown[name]) > STEP / 4:
                slider.value = self.shown[name]

    def random_start(self):
        """Draw all weights and biases anew, each seed once."""
        rng = np.random.default_rng(self.seed)
        self._start([rng.normal(0, SPREAD, param.shape) for param in self._values()])
        self.seed += 1

    def zero_start(self):
        """Set all weights and biases to 0."""
        self._start([0 * param for param in self._values()])

    def _start(self, values):
        self.pause()
        self._remember()
        self.held, self.descent, self.by_descent, self.fresh = None, [], False, True
        self._put(values)
        self.hand = [self.loss]
        self.show()

    # ------------------------------------------------------------ descent

    @property
    def running(self):
        """Whether descent is under way."""
        return self.background.running

    def stop(self):
        self.background.stop()

    def toggle(self):
        """Let descent finish from here, or pause it."""
        if self.running:
            self.pause()
        else:
            self._begin(anew=len(self.descent) > LONGEST)
            self.background.start()

    def pause(self):
        """Stop descent where it is, with the sliders at its weights."""
        if self.running:
            self.background.stop()
            self.follow()

    def step(self):
        """Make one single step of descent."""
        self.pause()
        self._begin()
        self.show_message(self._descend(1))
        self.follow()
        self.show()

    def _begin(self, anew=False):
        if self.fresh or anew:
            self._remember()
            self.descent, self.fresh = [self.loss], False
        self.by_descent, self.held, self.ticks = True, None, 0

    def _descend(self, steps):
        """Make at most `steps` steps; return why there should be no more, or nothing."""
        for _step in range(steps):
            if not math.isfinite(self.loss) or self.loss > LARGEST:
                return self._blown_up()
            if self.loss < ENOUGH:
                return _("Descent is done: the loss is below {}.").format(number(ENOUGH))
            if self._largest_gradient() < STUCK:
                return _("Descent stops: no gradient is left, nothing pushes any slider.")
            with np.errstate(all="ignore"):
                SGD(self.lr.value).step(self.net.params_and_grads())
            self._measure()
            self.descent.append(self.loss)
        return ""

    def _blown_up(self):
        """Bring back the weights with which this descent began: nobody can do anything with these."""
        steps, state = len(self.descent) - 1, self.past.pop()
        self.undo_button.disabled = not self.past
        self.hand, self.descent, self.by_descent, self.fresh = state.hand, state.descent, False, True
        self._put(state.values)
        return _(
            "Descent blew up in step {step}: lr {lr} is too large here. The weights are back where it began."
        ).format(step=steps, lr=number(self.lr.value))

    def _tick(self):
        reason = self._descend(TICK)
        if not reason and len(self.descent) > LONGEST:
            reason = _("{} steps made: press again to go on.").format(number(LONGEST))
        self.ticks += 1
        if reason:
            self.follow()
            self.show_message(reason)
        elif self.ticks % FOLLOW == 0:
            self.follow()
        self.show()
        return not reason

    def _failed(self, error):
        self.follow()
        self.show_error(error)

    def _label_finish_button(self, running):
        self.finish_button.description = _("Pause") if running else _("Let descent finish")
        self.finish_button.icon = "pause" if running else "play"


def _slider(name, reach):
    return SnappedSlider(
        0.0, min=-reach, max=reach, step=STEP, description=name, readout_format=".1f",
        style={"description_width": "4em"}, layout={"max_width": f"{WIDEST}em", "margin": "2px"},
    )  # fmt: skip


def _width(columns):
    """Return a CSS width that makes so many columns, but two or one on a narrow page.

    A difference to the width of the page, taken a thousand times, is far below 0 or far above anything.
    """
    steps = [f"min({share}%, ({below}em - 100%) * 1000)" for share, below in ((48, NARROW), (98, NARROWER))]
    return f"max({96 / columns:.4g}%, {', '.join(steps)})"
