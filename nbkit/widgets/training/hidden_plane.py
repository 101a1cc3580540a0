"""The plane of two hidden units beside the plane of the inputs, through a whole run of training."""

import numpy as np

from nbkit.checks import pair_of, whole
from nbkit.datasets import LAMP, xor
from nbkit.experiment.hidden_run import checked_hidden, hidden_run, moments_of
from nbkit.formatting import number, three_digits
from nbkit.layers import Affine, SigmoidWithLoss, Tanh
from nbkit.messages import _, in_a_row, kind_of
from nbkit.network import Sequential
from nbkit.widgets.kit.explorer import Explorer, slider
from nbkit.widgets.kit.explorer import steps as steps_slider
from nbkit.widgets.training.hidden_picture import HiddenPicture

MAX_SEEDS = 100
FOLDED = 0.05  # of the plane's width: points that are nearer to each other count as one


class HiddenPlane(Explorer):
    """Go through a run of training, and see the data in the plane of the inputs and in that of two hidden units.

    Left the inputs, right what the two hidden units make of them: a point for each row in both, and the dashed
    rectangle around the data, which the hidden layer bends. The output decides with straight lines in the right plane;
    the left one shows the same decisions. The slider *step*, or the point on the curve of the loss, goes through the
    run; *seed* takes another start.

    Parameters
    ----------
    make : callable or Sequential, optional
        ``make(seed)`` returns a Sequential with 2 inputs and 2 hidden units: `Affine`, an activation, and what
        follows. A net itself has one start only. Two units with tanh where left out.
    data : (x, t) pair, optional
        `x` with shape (n, 2), at most 12 rows, `t` as the loss takes it; exclusive or where left out.
    lr : float
    steps : int
        Of each run, at most 10,000.
    seeds : int
        How many starts there are to pick from: seeds 0, 1, 2, ...
    features, classes : sequences of str

    Attributes
    ----------
    step, seed, view, status : widgets
        `step.value` is the step on show, one of those at which the run is kept.
    moments : list
        Of the run on show, each with `step`, `loss`, `right`, `hidden` (n, 2) and `net`.
    """

    def __init__(self, make=None, data=None, *, lr=0.5, steps=1000, seeds=10, features=("x₁", "x₂"), classes=LAMP):
        if isinstance(make, Sequential):
            net, seeds = make, 1
            self.make = lambda _seed: net
        else:
            self.make = _two_tanh if make is None else make
        if not callable(self.make):
            raise TypeError(_("make must be a function make(seed), got {}").format(kind_of(make)))
        if data is None:
            data = xor()
            data = data.x, data.t.reshape(-1, 1)
        self.data, self.lr, self.run_steps = pair_of(data), lr, steps
        self.labels = checked_hidden(self.make(0), self.data, steps)
        self.drawn_with = self.data[0], self.labels, _row_names(self.data[0]), features, classes
        self.runs = {}  # by seed: moments and their picture
        self.seed = slider(_("seed"), 0, 0, whole("seeds", seeds, 1, MAX_SEEDS) - 1)
        if self.seed.max == 0:
            self.seed.layout.display = "none"  # there is nothing to pick
        self.stops = moments_of(steps)
        self.step = steps_slider(_("step"), 0, self.stops)
        super().__init__((self.step, self.seed))
        self.view.on_value(self.safely(self._by_hand))

    def _run(self, seed):
        """Return the moments and the picture of a run; each is made once."""
        if seed not in self.runs:
            moments = hidden_run(self.make(seed), self.data, self.lr, self.run_steps)
            self.runs[seed] = moments, HiddenPicture(moments, *self.drawn_with)
        return self.runs[seed]

    def _by_hand(self, event):
        """Follow the point on the curve."""
        self.step.value = self.moments[int(event.value)].step

    def compute(self):
        """Take the moment on show from its run; one that has diverged ends earlier."""
        self.moments, self.drawing = self._run(self.seed.value)
        self.index = min(self.stops.index(self.step.value), len(self.moments) - 1)
        self.moment = self.moments[self.index]

    def picture(self):
        return self.drawing.svg(self.index, self.sentence())

    def sentence(self):
        """Say how far the run is, and which points have fallen together."""
        moment = self.moment
        words = _("Step {step}: {k} of {n} right, loss {loss}.").format(
            step=number(moment.step),
            k=int(moment.right.sum()),
            n=len(moment.right),
            loss=three_digits(moment.loss),
        )
        return in_a_row([words, self._fold_words(folds(moment.hidden, self.drawing.reach))])

    def _fold_words(self, pairs):
        """Say which rows lie at one place, and what that means."""
        if len(pairs) > 1:
            return _("Several points lie together.")
        if not pairs:
            return ""
        (a, b), names = pairs[0], self.drawing.names
        alike = self.labels[a] == self.labels[b]
        rule = _("{a} and {b} lie together.") if alike else _("{a} and {b} lie together, and need different answers!")
        return rule.format(a=names[a], b=names[b])

    def snapshot(self):
        """Show the end of the run."""
        moments, drawing = self._run(self.seed.value)
        before, self.moment = self.moment, moments[-1]
        words, self.moment = self.sentence(), before
        return drawing.svg(len(moments) - 1, words)


def folds(points, reach):
    """Return the pairs of rows that lie together: nearer than a small share of the plane, whose corners are `reach`."""
    far = np.linalg.norm((points[:, None] - points) / np.maximum(np.ptp(reach, axis=0), 1e-9), axis=2)
    return [(a, b) for a in range(len(points)) for b in range(a + 1, len(points)) if far[a, b] < FOLDED]


def _row_names(x):
    """Name each row by its numbers: ``01`` where they are single digits."""
    digits = np.isin(x, range(10)).all()
    return [("" if digits else ", ").join(number(float(value)) for value in row) for row in x]


def _two_tanh(seed):
    rng = np.random.default_rng(seed)
    layers = [Affine.random(2, 2, rng, "xavier", "hidden"), Tanh(), Affine.random(2, 1, rng, "xavier", "output")]
    return Sequential(layers, SigmoidWithLoss())
