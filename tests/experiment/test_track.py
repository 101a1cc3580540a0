"""What an experiment remembers of its past, and how it goes back to it."""

import math

import numpy as np
import pytest

from nbkit import Experiment, Settings
from nbkit.experiment.experiment import CALM_FALL, MIN_CALM_STEPS, Judgement
from nbkit.experiment.track import MAX_MOMENTS, State, Track

QUICK = Settings(data="circles", hidden=(3,), lr=0.5, optimizer="Adam")


def track_of(steps, losses=None):
    track = Track()
    for i, step in enumerate(steps):
        loss = 1.0 if losses is None else losses[i]
        track.add(Judgement(step, loss, 0.5, 1.0, 0.5, {}, {}), State(step, 0.0, {}, ""))
    return track


def run_of(*stops):
    """An experiment that was judged at steps."""
    experiment = Experiment(QUICK)
    experiment.judge()
    for stop in stops:
        experiment.advance(stop - experiment.step)
        experiment.judge()
    return experiment


def parameters(experiment):
    return np.concatenate([param.ravel() for param in experiment.net.parameters().values()])


# ---------------------------------------------------------------- the track


def test_a_track_keeps_a_bounded_number_of_moments_and_the_beginning_in_full():
    steps = track_of(range(20_000)).columns()[0]
    assert len(steps) <= MAX_MOMENTS + 1
    assert steps[:10].tolist() == list(range(10))
    assert steps[-1] == 19_999
    assert np.diff(np.log(steps[1:])).max() < 0.8  # on a logarithmic axis no gap is wider than that from 1 to 2


def test_after_a_way_back_what_came_later_is_forgotten():
    track = track_of([0, 5, 10, 20])
    track.add(Judgement(10, 1.0, 0.5, 1.0, 0.5, {}, {}), State(10, 0.0, {}, ""))
    assert track.columns()[0].tolist() == [0, 5, 10]


@pytest.mark.parametrize(("step", "index"), [(0, 0), (1, 1), (3, 1), (4, 2), (60, 3), (10**9, 3)])
def test_the_moment_next_to_a_step_is_found_by_its_ratio(step, index):
    assert track_of([0, 1, 10, 100]).near(step) == index  # 3 is nearer to 1, and 4 to 10


def test_the_fall_is_between_the_smallest_losses():
    track = track_of([0, 10, 20, 30], [1.0, 0.5, 0.7, 0.2])
    assert track.fall(0, 10) == pytest.approx(0.3)
    assert track.fall(20, 20) == pytest.approx(0.5)  # what was before 20 does not count


# ---------------------------------------------------------------- an experiment looks back


def test_looking_back_and_returning_changes_nothing():
    looked, straight = run_of(10, 20, 43), run_of(10, 20, 43)
    for i in (1, 0, 3):
        looked.go_to(i)
        assert looked.step == [0, 10, 20, 43][i]
        assert looked.looking_back == (i < 3)
    for experiment in (looked, straight):
        experiment.advance(30)
    np.testing.assert_array_equal(parameters(looked), parameters(straight))
    assert looked.epochs == straight.epochs
    assert not looked.altered


def test_an_earlier_moment_shows_what_was_measured_there():
    experiment = run_of(10)
    seen, kept = experiment.judge(), parameters(experiment)
    experiment.advance(30)
    experiment.go_to(1)  # the present state, which was not judged yet, is kept
    np.testing.assert_array_equal(parameters(experiment), kept)
    assert experiment.judge()[:5] == seen[:5]
    assert experiment.track.columns()[0].tolist() == [0, 10, 40]


GO_ON = {
    "a step": lambda experiment: experiment.advance(1),
    "a bias": lambda experiment: experiment.set_parameter("output.b", (0,), 0.25),
    "a setting": lambda experiment: experiment.changed(experiment.settings.replace(lr=0.1)),
}


@pytest.mark.parametrize("how", GO_ON)
def test_what_is_changed_in_an_earlier_moment_goes_on_from_there(how):
    experiment = run_of(10, 20, 30)
    experiment.go_to(1)
    GO_ON[how](experiment)
    experiment.judge()
    assert experiment.track.columns()[0].tolist() in ([0, 10], [0, 10, 11])
    assert experiment.altered
    assert not experiment.looking_back
    step = experiment.step
    experiment.advance(4)
    assert experiment.step == step + 4


def test_an_epoch_from_an_earlier_moment_is_a_whole_one():
    experiment = run_of(3, 5)
    experiment.go_to(1)
    assert experiment.rest_of_epoch() == experiment.run.per_epoch


def test_the_last_good_state_is_never_one_that_was_forgotten():
    experiment = run_of(10, 200)
    experiment.go_to(0)
    experiment.set_parameter("output.b", (0,), 50.0)
    experiment.judge()
    assert experiment.rollback() == 0


# ---------------------------------------------------------------- a divergence

WILD = Settings(data="circles", hidden=(8, 8), activation="ReLU", loss="squared error", lr=3.0)


def test_the_last_finite_numbers_stay_after_a_divergence():
    experiment = Experiment(WILD)
    experiment.judge()
    experiment.advance(5000)
    assert experiment.judge().loss == math.inf
    shown = experiment.last_finite()
    assert experiment.step - 24 <= shown.step < experiment.step
    assert math.isfinite(shown.loss)
    assert shown.saturated["hidden 2"].all()
    assert shown.norms["output"] > 1e10
    assert experiment.blown in experiment.error
    assert experiment.judge().loss == math.inf  # it has diverged all the same
    assert experiment.judge().held_out_loss == math.inf
    with pytest.raises(ValueError, match="go back first"):
        experiment.set_parameter("output.b", (0,), 0.0)


def test_one_can_look_back_from_a_divergence_and_return_to_it():
    experiment = Experiment(WILD)
    experiment.judge()
    experiment.advance(3)
    experiment.judge()
    experiment.advance(5000)
    experiment.judge()
    error, step = experiment.error, experiment.step
    experiment.go_to(1)
    assert (experiment.step, experiment.error) == (3, "")
    experiment.go_to(2)
    assert (experiment.step, experiment.error) == (step, error)
    experiment.go_to(0)
    experiment.changed(WILD.replace(lr=0.05)).advance(100)
    assert (experiment.step, experiment.error) == (100, "")


# ---------------------------------------------------------------- a run that has settled


def settled(losses, step, changed_in=0):
    experiment = Experiment(QUICK)
    experiment.track = track_of(losses, list(losses.values()))
    experiment.step, experiment.changed_in = step, changed_in
    return experiment.calm_steps


def test_a_loss_that_still_falls_is_not_calm():
    half = MIN_CALM_STEPS // 2
    assert settled({0: 1.0, half: 0.5, 2 * half: 0.5}, 2 * half) == 0  # it fell within the last steps
    assert settled({0: 1.0, half: 0.5, 3 * half: 0.5}, 3 * half) == MIN_CALM_STEPS
    assert settled({0: 1.0, half: 0.5, 3 * half: 0.5 - 2 * CALM_FALL}, 3 * half) == 0
    assert settled({0: 1.0, half: 0.5}, half) == 0  # too early to tell


def test_late_in_a_run_half_of_all_steps_count():
    many = 10 * MIN_CALM_STEPS
    assert settled({0: 1.0, many // 2: 0.5, many: 0.5}, many) == many // 2


def test_after_a_change_it_takes_as_many_steps_again():
    end = 4 * MIN_CALM_STEPS
    assert settled({0: 0.5, end: 0.6}, end, changed_in=end - 100) == 0
    assert settled({0: 0.5, end // 2: 0.7, end: 0.7}, end, changed_in=end // 2) == end // 2
    assert settled({0: 0.5, end // 2: 0.7, end: 0.6}, end, changed_in=end // 2) == 0  # above the old loss, and falling
