"""Many seeds of a recipe: what is counted are plain training loops, and the interval is SciPy's."""

import numpy as np
import pytest
from scipy.stats import binomtest

from nbkit import SGD, Affine, History, MSELoss, Recipe, Sequential, SigmoidWithLoss, Tanh, train
from nbkit.experiment.seeds import SeedGroup, SeedRun, check_recipes, is_close, recipes_for_xor, wilson_interval
from tests.experiment.xor import T, X, relu, tanh

RECIPES = {"tanh": Recipe(tanh, lr=0.5, steps=300, enough=0.1), "relu": Recipe(relu, lr=0.2, steps=200, enough=0.03)}


def group(name, seeds=16):
    return SeedGroup(RECIPES[name], seeds, (X, T))


@pytest.mark.parametrize("name", RECIPES)
def test_runs_learn_as_plain_loops_do_that_never_stop_early(name):
    make, lr, steps, *_rest = RECIPES[name]
    runs = group(name)
    for _part in range(steps // 10):
        runs.advance(10)
    assert runs.finished
    for seed, run in enumerate(runs.runs):
        net = make(np.random.default_rng(seed))
        History(train(net, (X, T), SGD(lr), epochs=steps))
        assert run.seed == seed
        assert run.learned == bool(((net.predict(X) > (0.5 if make is relu else 0)) == T).all())
        assert run.dead_count == (int((net.layers[0](X).max(axis=0) <= 0).sum()) if make is relu else 0)


def test_counts_with_and_without_dead_units_add_up():
    runs = group("relu")
    assert runs.count() == (0, 0)  # nothing is counted before all have ended
    runs.advance(200)
    learned, dead = (np.array([getattr(run, name) for run in runs.runs]) for name in ("learned", "dead_count"))
    assert runs.count() == (learned.sum(), 16)
    assert runs.count(dead=(True,)) == (learned[dead > 0].sum(), (dead > 0).sum())
    assert runs.count(dead=(False,)) == (learned[dead == 0].sum(), (dead == 0).sum())


def test_more_seeds_go_on_where_these_end_and_the_counts_go_on_too():
    runs = group("tanh", 5)
    with pytest.raises(ValueError, match="let these seeds end first"):
        runs.more()
    runs.advance(300)
    runs.more()
    assert [run.seed for run in runs.runs] == [5, 6, 7, 8, 9]
    assert runs.count()[1] == 5
    runs.advance(300)
    assert runs.count()[1] == 10


def test_the_count_of_the_first_seeds_stays_when_more_follow():
    runs = group("relu", seeds=6)
    assert runs.first_count is None
    runs.advance(RECIPES["relu"].steps)
    first = sum(run.learned for run in runs.runs)
    assert runs.first_count == first
    runs.more()
    assert runs.first_count == first
    runs.advance(RECIPES["relu"].steps)
    assert runs.first_count == first
    assert runs.count() == (first + sum(run.learned for run in runs.runs), 12)


@pytest.mark.parametrize(("guess", "close"), [(10, False), (11, True), (15, True), (19, True), (20, False)])
def test_a_guess_is_close_where_so_few_seeds_cannot_tell_it_from_the_truth(guess, close):
    low, high = binomtest(15, 25).proportion_ci(method="wilson")
    assert is_close(guess, 15, 25) == (low <= guess / 25 <= high) == close


def test_a_run_that_blows_up_has_not_learned():
    run = SeedRun(Recipe(relu, lr=50.0, steps=300), 0, (X, T))
    assert run.loss == run.net.loss(X, T)  # before the first step
    run.finish()
    assert (run.finished, run.learned, run.loss) == (True, False, np.inf)
    assert run.error


def test_stopping_early_hides_no_wrong_decision():
    """A wrong decision costs ½·½² or log 2 in its row, so more than `enough` in the mean over four rows."""
    for recipe in recipes_for_xor().values():
        loss = recipe.make(np.random.default_rng(0)).loss_layer
        dearest = np.log(2) / 4 if isinstance(loss, SigmoidWithLoss) else 0.5**2 / 8
        assert 0 < recipe.enough < dearest
    runs = group("tanh", 6)
    runs.advance(300)
    assert all(run.learned and run.losses[-1] < 0.1 <= run.losses[-2] for run in runs.runs)
    assert min(len(run.losses) for run in runs.runs) < 300


@pytest.mark.parametrize(("k", "n"), [(0, 5), (5, 5), (15, 25), (25, 25), (1, 100), (95, 100)])
def test_the_interval_is_wilsons(k, n):
    low, high = binomtest(k, n).proportion_ci(0.95, method="wilson")
    assert wilson_interval(k, n) == pytest.approx((low, high), abs=2e-5)


@pytest.mark.parametrize(
    ("recipes", "kind", "rule"),
    [
        ({}, ValueError, "1 to 5 names"),
        (dict.fromkeys("abcdef", RECIPES["tanh"]), ValueError, "1 to 5 names"),
        ([RECIPES["tanh"]], ValueError, "1 to 5 names"),
        ({"a": tanh}, TypeError, "names to Recipe"),
        ({1: RECIPES["tanh"]}, TypeError, "names to Recipe"),
        ({"a": Recipe(lambda rng: 3, 0.1)}, TypeError, "'a': make.rng. must return a Sequential"),
        ({"a": Recipe("net", 0.1)}, TypeError, "must return a Sequential"),
        ({"a": Recipe(tanh, 0)}, ValueError, "recipe 'a': the learning rate"),
        ({"a": Recipe(tanh, 0.1, 0)}, ValueError, "recipe 'a': epochs"),
        ({"a": Recipe(tanh, 0.1, 10, "sgd")}, ValueError, "one of SGD, Momentum, Adam"),
        ({"a": Recipe(tanh, 0.1, enough=-1)}, ValueError, "recipe 'a': enough must be a number of at least 0, got -1"),
        ({"a": Recipe(lambda rng: Sequential([Tanh()]), 0.1)}, RuntimeError, "'a': this network has no loss"),
        (
            {"a": Recipe(lambda rng: Sequential([Affine.random(3, 1, rng)], MSELoss()), 0.1)},
            ValueError,
            "recipe 'a': .*expects 3 features",
        ),
    ],
)
def test_recipes_that_cannot_run_are_refused(recipes, kind, rule):
    with pytest.raises(kind, match=rule):
        check_recipes(recipes, (X, T))
