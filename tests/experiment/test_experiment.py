"""An experiment: training that can be changed on the way, blows up, and goes back to its last good state."""

import math

import numpy as np
import pytest

from nbkit import Experiment, Settings
from nbkit.experiment.settings import ACTIVATIONS, LOSSES
from nbkit.optimizers import OPTIMIZERS

OWN = ((0.0, 0.0, 0), (1.0, 1.0, 0), (0.0, 1.0, 1), (1.0, 0.0, 1))
QUICK = Settings(data="circles", hidden=(3,), lr=0.5)


def weights(experiment):
    return {name: param.copy() for name, param in experiment.net.parameters().items()}


def same(one, other):
    return all(np.array_equal(a, other[name]) for name, a in one.items())


def test_the_seed_changes_the_start_and_not_the_data():
    one, two = Experiment(QUICK), Experiment(QUICK.replace(seed=1))
    np.testing.assert_array_equal(one.data.x, two.data.x)
    np.testing.assert_array_equal(one.held_out_mask, two.held_out_mask)
    assert not same(weights(one), weights(two))


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("data", ["xor", "iris, sepals"])
def test_every_kind_of_net_learns(activation, loss, data):
    settings = Settings(data=data, noise=0.05, hidden=(6,), activation=activation, loss=loss, optimizer="Adam", lr=0.02)
    experiment = Experiment(settings)
    before = experiment.judge()
    experiment.advance(600)
    after = experiment.judge()
    assert after.loss < 0.8 * before.loss
    assert after.right > 0.7  # of three species of iris by their sepals, and of XOR
    assert after.step == 600


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_the_same_settings_make_the_same_run(optimizer):
    runs = [Experiment(QUICK.replace(optimizer=optimizer)) for _ in range(2)]
    runs[0].advance(57)
    for steps in (1, 6, 50):  # in pieces, and judged in between
        runs[1].judge()
        runs[1].advance(steps)
    assert same(weights(runs[0]), weights(runs[1]))


def test_epochs_are_counted_as_they_pass_whatever_the_batch_was():
    experiment = Experiment(QUICK)
    rows = int((~experiment.held_out_mask).sum())
    for i, batch in enumerate((16, 1, 1000), 1):
        experiment = experiment.changed(experiment.settings.replace(batch_size=batch))
        assert experiment.epochs == i - 1
        experiment.advance(experiment.rest_of_epoch())
        assert experiment.epochs == i
    assert experiment.step == math.ceil(rows / 16) + rows + 1
    experiment = experiment.changed(experiment.settings.replace(optimizer="Adam", batch_size=rows // 2))
    assert experiment.rest_of_epoch() == math.ceil(rows / (rows // 2))
    experiment.advance(1)
    assert experiment.rest_of_epoch() == math.ceil(rows / (rows // 2)) - 1
    assert experiment.epochs == pytest.approx(3 + 1 / math.ceil(rows / (rows // 2)))


def test_what_is_right_is_counted_by_hand():
    experiment = Experiment(Settings(data="own points", points=OWN, hidden=(), held_out=0.0))
    experiment.net.parameters()["output.W"][...] = [[1.0], [0.0]]  # "x1 above 0.5": right in two of four
    experiment.net.parameters()["output.b"][...] = -0.5
    judged = experiment.judge()
    assert judged.right == 0.5
    assert math.isnan(judged.held_out_right)
    yes = 1 / (1 + np.exp(-0.5))  # every score is +-0.5; half of the answers are right
    assert judged.loss == pytest.approx(-(np.log(yes) + np.log(1 - yes)) / 2)


# ---------------------------------------------------------------- changes on the way


@pytest.mark.parametrize("change", [{"lr": 0.01}, {"weight_decay": 0.1}, {"batch_size": 3}, {"optimizer": "Adam"}])
def test_some_settings_change_and_the_weights_stay(change):
    experiment = Experiment(QUICK)
    experiment.advance(10)
    before = weights(experiment)
    after = experiment.changed(QUICK.replace(**change))
    assert after is experiment
    assert same(before, weights(after))
    assert (after.step, after.altered) == (10, True)
    after.advance(5)
    assert after.step == 15
    assert not same(before, weights(after))


@pytest.mark.parametrize(
    "change",
    [{"data": "moons"}, {"hidden": (4,)}, {"activation": "ReLU"}, {"seed": 3}, {"noise": 0.2}, {"held_out": 0.5},
     {"loss": "squared error"}],
)  # fmt: skip
def test_other_settings_begin_anew(change):
    experiment = Experiment(QUICK)
    experiment.advance(10)
    after = experiment.changed(QUICK.replace(**change))
    assert after is not experiment
    assert (after.step, experiment.step) == (0, 10)


def test_a_new_lr_counts_from_the_next_step():
    experiment = Experiment(QUICK.replace(batch_size=10**6))
    experiment.advance(3)
    before = weights(experiment)
    experiment.judge()
    gradient = experiment.net.layers[0].grads["W"].copy()
    experiment.changed(experiment.settings.replace(lr=0.25)).advance(1)
    np.testing.assert_allclose(
        experiment.net.parameters()["hidden 1.W"], before["hidden 1.W"] - 0.25 * gradient, rtol=1e-12
    )


def test_points_come_and_go_while_the_net_stays():
    experiment = Experiment(Settings(data="own points", points=OWN, held_out=0.0))
    experiment.advance(5)
    before = weights(experiment)
    again = experiment.changed(experiment.settings.replace(points=(*OWN, (0.5, 0.5, 1))))
    assert again is experiment
    assert same(before, weights(again))
    assert len(again.x) == 5
    third = again.changed(again.settings.replace(points=(*OWN, (0.5, 0.5, 2))))  # a third class needs other outputs
    assert third is not again
    assert third.net.layers[-1].params["b"].size == 3


def test_without_points_there_is_nothing_to_learn_from():
    experiment = Experiment(Settings(data="own points"))
    for action in (lambda: experiment.advance(1), experiment.rest_of_epoch):
        with pytest.raises(ValueError, match="no points yet"):
            action()


# ---------------------------------------------------------------- runs that blow up

WILD = Settings(data="circles", hidden=(8, 8), activation="ReLU", loss="squared error", lr=3.0)


def test_a_run_that_blows_up_says_where_and_stops():
    experiment = Experiment(WILD)
    experiment.judge()
    experiment.advance(5000)
    assert experiment.error.startswith(f"Diverged in step {experiment.step}:")
    assert "no longer finite" in experiment.error
    stopped = experiment.step
    experiment.advance(10)
    assert experiment.step == stopped
    judged = experiment.judge()
    assert not math.isfinite(judged.loss)
    assert np.isfinite(experiment.probabilities(experiment.data.x)).all()


def test_the_last_good_state_comes_back():
    experiment = Experiment(WILD.replace(lr=0.1))
    experiment.judge()
    experiment.advance(5 * experiment.rest_of_epoch())
    good, kept, step = experiment.judge(), weights(experiment), experiment.step
    experiment.changed(WILD.replace(lr=100.0, batch_size=1)).advance(5000)
    assert experiment.error
    experiment.judge()
    assert experiment.rollback() == step
    assert same(kept, weights(experiment))
    assert experiment.judge()[:5] == good[:5]
    assert (experiment.error, experiment.epochs) == ("", 5)
    experiment.changed(WILD.replace(lr=0.1)).advance(experiment.rest_of_epoch())
    assert experiment.epochs == pytest.approx(6)
    assert math.isfinite(experiment.judge().loss)


def test_other_settings_do_not_hide_that_a_run_blew_up():
    experiment = Experiment(WILD.replace(lr=1000.0))
    experiment.advance(5000)
    error, step = experiment.error, experiment.step
    for change in ({"batch_size": 5}, {"optimizer": "Adam"}, {"lr": 0.01}):
        experiment = experiment.changed(experiment.settings.replace(**change))
        experiment.advance(10)
        assert (experiment.error, experiment.step) == (error, step)


def test_without_a_good_state_there_is_nothing_to_go_back_to():
    with pytest.raises(ValueError, match="no good state"):
        Experiment(QUICK).rollback()


# ---------------------------------------------------------------- what is remembered


def test_what_is_judged_is_on_the_track_once():
    experiment = Experiment(QUICK)
    for steps in (0, 5, 0):
        experiment.advance(steps)
        judged = experiment.judge()
    assert experiment.track.columns()[0].tolist() == [0, 5]
    assert experiment.track.columns()[1][-1] == judged.loss
