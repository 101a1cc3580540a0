"""One recipe tried with many seeds: the runs of training side by side, and how many of them learn."""

import math
from typing import NamedTuple

import numpy as np

from nbkit.experiment.dead_units import dead_units
from nbkit.layers import Affine, MSELoss, ReLU, SigmoidWithLoss, Tanh
from nbkit.messages import _, kind_of
from nbkit.network import Sequential
from nbkit.optimizers import make_optimizer
from nbkit.training import Diverged, train


class Recipe(NamedTuple):
    """All that a run of training needs, apart from its seed.

    Attributes
    ----------
    make : callable
        ``make(rng)`` returns a new Sequential with a loss, its weights drawn from the generator `rng`.
    lr : float
    steps : int
        Steps of full-batch training, at most.
    optimizer : "SGD", "Momentum" or "Adam"
    enough : float
        A run stops early below this loss. To count fairly choose it so small that no decision can be wrong there:
        for n rows 1/(8 n) with `MSELoss`, log(2)/n with `SigmoidWithLoss`. 0 never stops early.
    """

    make: object
    lr: float
    steps: int = 4000
    optimizer: str = "SGD"
    enough: float = 0.0


def _small(rng):
    hidden = Affine(rng.normal(0, 0.1, (2, 3)), rng.normal(0, 0.1, 3), "hidden")
    return Sequential([hidden, ReLU(), Affine(rng.normal(0, 0.1, (3, 1)), rng.normal(0, 0.1, 1), "output")], MSELoss())


def _he(rng):
    layers = [Affine.random(2, 8, rng, "he", "hidden"), ReLU(), Affine.random(8, 1, rng, "he", "output")]
    return Sequential(layers, SigmoidWithLoss())


def _xavier(rng):
    layers = [Affine.random(2, 4, rng, "xavier", "hidden"), Tanh(), Affine.random(4, 1, rng, "xavier", "output")]
    return Sequential(layers, SigmoidWithLoss())


def recipes_for_xor():
    """Return three recipes for the four rows of exclusive or, by name.

    The first is that of the tutorial DeepLearningStudy, whose lr of 0.01 for a sum over four rows is 0.04 here.
    """
    return {
        _("3 ReLU, small start, ½MSE"): Recipe(_small, lr=0.04, enough=0.03),
        _("8 ReLU, He, cross-entropy"): Recipe(_he, lr=0.5, enough=0.1),
        _("4 tanh, Xavier, cross-entropy"): Recipe(_xavier, lr=0.5, enough=0.1),
    }


class SeedRun:
    """One seed of a recipe.

    Attributes
    ----------
    seed : int
    net : Sequential
        As far as it is trained.
    losses : list of float
        Before each step that was made.
    done : bool
    learned : bool
        Done, and every row is decided right.
    trouble : str
        Why it stopped, if its numbers blew up.
    """

    def __init__(self, recipe, seed, data):
        self.recipe, self.seed, self.data = recipe, seed, data
        self.net = recipe.make(np.random.default_rng(seed))
        self.records = train(self.net, data, make_optimizer(recipe.optimizer, recipe.lr), epochs=recipe.steps)
        self.losses, self.done, self.learned, self.trouble = [], False, False, ""

    def advance(self, steps):
        """Make at most `steps` steps."""
        try:
            for _step in range(0 if self.done else steps):
                record = next(self.records, None)
                if record is None:
                    self._end()
                    return
                self.losses.append(record.loss)
                if record.loss < self.recipe.enough:
                    self._end()
                    return
        except Diverged as error:
            self.trouble = str(error)
            self.done = True

    def _end(self):
        self.done, self.records = True, iter(())
        self.learned = bool(self.right().all())

    def right(self):
        """Return for each row whether it is decided right, (n,) array of bool."""
        x, t = self.data
        with np.errstate(all="ignore"):
            decided = self.net.loss_layer.decide(self.net(x))
        return (decided == t).reshape(len(x), -1).all(axis=1)

    @property
    def loss(self):
        """The last loss that is known; infinite after a blow-up."""
        return math.inf if self.trouble else self.losses[-1] if self.losses else self.net.loss(*self.data)

    @property
    def dead(self):
        """For each hidden layer a (k,) array of bool: which of its units are dead. See `dead_units`."""
        with np.errstate(all="ignore"):
            return dead_units(self.net, self.data[0])[:-1]

    @property
    def dead_count(self):
        return int(sum(flags.sum() for flags in self.dead))


class SeedGroup:
    """The runs of one recipe that are on show, and the counts of all groups of runs that ended since the beginning.

    A group counts when all of its runs have ended: those that end early are mostly those that learn.

    Attributes
    ----------
    runs : list of SeedRun
    """

    def __init__(self, recipe, seeds, data):
        self.recipe, self.data, self.size = recipe, data, seeds
        self.earlier = []
        self.runs = self._make(0)

    def _make(self, first):
        return [SeedRun(self.recipe, seed, self.data) for seed in range(first, first + self.size)]

    @property
    def done(self):
        return all(run.done for run in self.runs)

    def advance(self, steps):
        """Let every run that is not done make `steps` steps."""
        for run in self.runs:
            run.advance(steps)

    def more(self):
        """Go on to as many new seeds.

        Raises
        ------
        ValueError
            If not all runs have ended.
        """
        if not self.done:
            raise ValueError(_("let these seeds end first: the ones that end early are mostly the ones that learn"))
        self.earlier = self._ended()
        self.runs = self._make(self.runs[-1].seed + 1)

    def _ended(self):
        """For each run of a group that has ended: has it a dead unit, has it learned."""
        return self.earlier + ([(run.dead_count > 0, run.learned) for run in self.runs] if self.done else [])

    def count(self, dead=(False, True)):
        """Return how many runs have learned, and how many there are; with a dead unit or without, or both."""
        learned = [good for flag, good in self._ended() if flag in dead]
        return sum(learned), len(learned)


def wilson_interval(k, n, z=1.96):
    """Return the shares that would not be surprised by `k` of `n`: Wilson's 95 % interval.

    ``(p + z²/2n ± z sqrt(p (1 - p) / n + z²/4n²)) / (1 + z²/n)`` with p = k/n (Wilson 1927).

    Returns
    -------
    (low, high) : floats from 0 to 1
    """
    p, square = k / n, z * z / n
    half = z * math.sqrt(p * (1 - p) / n + square / (4 * n))
    return max(0.0, (p + square / 2 - half) / (1 + square)), min(1.0, (p + square / 2 + half) / (1 + square))


def check_recipes(recipes, data):
    """Refuse recipes that cannot be run on `data`, before the first step of any.

    Raises
    ------
    TypeError, ValueError
        With the name of the recipe.
    """
    if not isinstance(recipes, dict) or not 1 <= len(recipes) <= 5:
        raise ValueError(_("recipes must be a dict of 1 to 5 names and recipes, got {}").format(kind_of(recipes)))
    for name, recipe in recipes.items():
        if not isinstance(name, str) or not isinstance(recipe, Recipe):
            raise TypeError(_("recipes must map names to Recipe, got {}: {}").format(kind_of(name), kind_of(recipe)))
        if not callable(recipe.make) or not isinstance(recipe.make(np.random.default_rng(0)), Sequential):
            raise TypeError(_("recipe {!r}: make(rng) must return a Sequential").format(name))
        if isinstance(recipe.enough, bool) or not isinstance(recipe.enough, int | float) or not recipe.enough >= 0:
            raise ValueError(_("recipe {!r}: enough must be a loss of at least 0, got {}").format(name, recipe.enough))
        try:
            first = SeedRun(recipe, 0, data)
            first.net.loss_layer.probabilities(first.net(data[0]))
            first.right()
        except (TypeError, ValueError, RuntimeError) as error:
            raise type(error)(_("recipe {!r}: {}").format(name, error)) from None
