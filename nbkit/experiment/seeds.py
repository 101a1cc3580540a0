"""One recipe tried with many seeds: the runs of training side by side, and how many of them learn."""

import math
from typing import NamedTuple

import numpy as np

from nbkit.checks import real
from nbkit.experiment.measures import dead_units, decided_right
from nbkit.experiment.run import Run
from nbkit.experiment.small_net import xor_net
from nbkit.layers import Affine, ReLU, SigmoidWithLoss, Tanh
from nbkit.messages import _, kind_of
from nbkit.network import Sequential
from nbkit.optimizers import make_optimizer


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
    return xor_net(Affine, ReLU, rng, spread=0.1)


def _he(rng):
    layers = [Affine.random(2, 8, rng, "he", "hidden"), ReLU(), Affine.random(8, 1, rng, "he", "output")]
    return Sequential(layers, SigmoidWithLoss())


def _xavier(rng):
    layers = [Affine.random(2, 4, rng, "xavier", "hidden"), Tanh(), Affine.random(4, 1, rng, "xavier", "output")]
    return Sequential(layers, SigmoidWithLoss())


def recipes_for_xor():
    """Return three recipes for the four rows of XOR, by name."""
    return {  # the first from DeepLearningStudy: its lr of 0.01 for a sum over four rows is 0.04 for their mean
        _("3 ReLU, small start, ½MSE"): Recipe(_small, lr=0.04, enough=0.03),
        _("8 ReLU, He, cross-entropy"): Recipe(_he, lr=0.5, enough=0.1),
        _("4 tanh, Xavier, cross-entropy"): Recipe(_xavier, lr=0.5, enough=0.1),
    }


class SeedRun(Run):
    """The run of one `seed` of a recipe; it has `learned` once it has finished and decides every row right."""

    def __init__(self, recipe, seed, data):
        net = recipe.make(np.random.default_rng(seed))
        optimizer = make_optimizer(recipe.optimizer, recipe.lr)
        super().__init__(net, data, optimizer, epochs=recipe.steps, enough=recipe.enough)
        self.seed, self.learned = seed, False
        self.loss = net.loss(*data)

    def advance(self, steps):
        if not self.finished:
            super().advance(steps)
            self.learned = self.finished and not self.error and bool(self.right().all())

    def right(self):
        """Return for each row whether it is decided right, (n,) array of bool."""
        return decided_right(self.net, self.data)

    @property
    def dead(self):
        """For each hidden layer a (k,) array of bool: which of its units are dead. See `dead_units`."""
        return dead_units(self.net, self.data[0])[:-1]

    @property
    def dead_count(self):
        return int(sum(flags.sum() for flags in self.dead))


class SeedGroup:
    """The `runs` of one recipe on display, and the counts of all groups whose runs have ended."""

    def __init__(self, recipe, seeds, data):
        self.recipe, self.data, self.size = recipe, data, seeds
        self.earlier = []
        self.runs = self._make(0)

    def _make(self, first):
        return [SeedRun(self.recipe, seed, self.data) for seed in range(first, first + self.size)]

    @property
    def finished(self):
        return all(run.finished for run in self.runs)

    def advance(self, steps):
        """Let every run that has not ended make `steps` steps."""
        for run in self.runs:
            run.advance(steps)

    def more(self):
        """Go on to as many new seeds, once all runs have ended."""
        if not self.finished:
            raise ValueError(_("let these seeds end first: the ones that end early are mostly the ones that learn"))
        self.earlier = self._ended()
        self.runs = self._make(self.runs[-1].seed + 1)

    def _ended(self):
        """For each run of a group that has ended as a whole, for early ends mostly learn: dead units?, learned?"""
        return self.earlier + ([(run.dead_count > 0, run.learned) for run in self.runs] if self.finished else [])

    @property
    def first_count(self):
        """How many of the very first runs have learned; None until all of them have ended."""
        first = self._ended()[: self.size]
        return sum(learned for _dead, learned in first) if first else None

    def count(self, dead=(False, True)):
        """Return how many runs have learned, and how many there are; with a dead unit or without, or both."""
        learned = [good for flag, good in self._ended() if flag in dead]
        return sum(learned), len(learned)


def wilson_interval(k, n):
    """Return (low, high) of Wilson's 95 % interval of a share: (p + z²/2n ± z √(p(1 − p)/n + z²/4n²)) / (1 + z²/n)."""
    z = 1.96  # 95 % of a normal distribution lie within as many standard deviations
    p, square = k / n, z * z / n
    half = z * math.sqrt(p * (1 - p) / n + square / (4 * n))
    return max(0.0, (p + square / 2 - half) / (1 + square)), min(1.0, (p + square / 2 + half) / (1 + square))


def is_close(guess, k, n):
    """Whether a guess of `k` of `n` cannot be told from the truth by so few seeds: it lies in Wilson's interval."""
    low, high = wilson_interval(k, n)
    return low <= guess / n <= high


def check_recipes(recipes, data):
    """Refuse recipes that cannot be run on `data`, by their names, before the first step of any."""
    if not isinstance(recipes, dict) or not 1 <= len(recipes) <= 5:
        raise ValueError(_("recipes must be a dict of 1 to 5 names and recipes, got {}").format(kind_of(recipes)))
    for name, recipe in recipes.items():
        if not isinstance(name, str) or not isinstance(recipe, Recipe):
            raise TypeError(_("recipes must map names to Recipe, got {}: {}").format(kind_of(name), kind_of(recipe)))
        if not callable(recipe.make) or not isinstance(recipe.make(np.random.default_rng(0)), Sequential):
            raise TypeError(_("recipe {!r}: make(rng) must return a Sequential").format(name))
        try:
            real("enough", recipe.enough, 0)
            first = SeedRun(recipe, 0, data)
            first.probabilities(data[0])
            first.right()
        except (TypeError, ValueError, RuntimeError) as error:
            raise type(error)(_("recipe {!r}: {}").format(name, error)) from None
