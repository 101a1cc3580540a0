"""The playground's pace, its way back in the run, and the end of a run in which nothing changes any more."""

import asyncio

import numpy as np
import pytest

from nbkit import Settings, TrainingPlayground
from nbkit.experiment import PRESETS, Experiment
from nbkit.experiment.experiment import MIN_CALM_STEPS
from nbkit.widgets.training import playground_pace
from nbkit.widgets.training.playground_curves import LOSS_BOX, RIGHT_BOX
from nbkit.widgets.training.playground_pace import FASTER, FULL_SPEED, GROWTH_SECONDS, START_RATE, Pace, steps_due
from tests.widgets.training.playground import SMALL, same, weights


@pytest.fixture
def playground():
    return TrainingPlayground(SMALL)


# ---------------------------------------------------------------- slowly, then faster


def seconds_until(reached, pictures_per_second):
    """Pretend to run at the default speed, and return after how many seconds a number of steps is made."""
    step, pictures = 0.0, 0
    while step < reached:
        step += steps_due(int(step), 1 / pictures_per_second)
        pictures += 1
    return pictures / pictures_per_second


@pytest.mark.parametrize("pictures_per_second", [8, 15, 30])
def test_a_first_run_starts_slowly_and_has_learned_after_some_seconds(pictures_per_second):
    """The default experiment gets 95 % of its training points right in step 2490 or so."""
    first = Experiment(PRESETS[0].settings)
    first.advance(2600)
    assert first.judge().right >= 0.95
    assert seconds_until(10, pictures_per_second) == pytest.approx(1, abs=0.15)
    assert 8 < seconds_until(2600, pictures_per_second) < 15
    assert seconds_until(100_000, pictures_per_second) < 20


def test_from_step_to_step_the_pace_grows_evenly_on_a_logarithmic_axis():
    assert steps_due(0, 0.1) == pytest.approx(0.1 * START_RATE)
    assert steps_due(14_000, 0.1) == pytest.approx(14_000 * 0.1 / GROWTH_SECONDS)
    assert steps_due(14_000, 60.0) == steps_due(14_000, playground_pace.MAX_PICTURE_SECONDS)  # a page that slept


def test_the_default_is_to_start_slowly(playground):
    assert (playground.speed.value, playground.speed.label) == (FASTER, "slow, then fast")
    assert [value for _name, value in playground.speed.options] == [FASTER, 1, 10, 100, FULL_SPEED]


def test_a_picture_at_the_beginning_is_one_step_further(monkeypatch):
    clock = [0.0]
    monkeypatch.setattr(playground_pace, "perf_counter", lambda: clock[0])
    pace, experiment, steps = Pace(), Experiment(SMALL), []
    for _tick in range(10):
        clock[0] += 0.45 / START_RATE
        if pace.train(experiment, FASTER):
            pace.picture_shown()
            steps.append(experiment.step)
    assert steps == [1, 2, 3, 4]


# ---------------------------------------------------------------- the way back


def test_the_slider_goes_back_and_forth_in_the_run(playground):
    for _step in range(5):
        playground.advance(10)
    end, seen = weights(playground), playground.view.svg
    assert [label for label, _value in playground.past.options] == ["0", "10", "20", "30", "40", "50"]
    assert playground.past.label == "50"
    playground.past.value = 2
    assert playground.experiment.step == 20
    assert "step 20," in playground.status.value
    assert "has come to step 50" in playground.status.value
    assert playground.view.svg.marks["step in loss"].x == pytest.approx(np.log10(20))
    assert not same(end, weights(playground))
    playground.past.value = 5
    assert same(end, weights(playground))
    assert playground.view.svg == seen
    assert len(playground.past.options) == 6


def test_run_goes_on_from_where_one_looks(playground):
    for _step in range(3):
        playground.advance(10)
    playground.past.value = 1
    playground.step_button.click()
    assert [label for label, _value in playground.past.options] == ["0", "10", "11"]
    assert playground.past.label == "11"


def test_a_place_on_the_curve_leads_to_its_step(playground):
    for _step in range(3):
        playground.advance(10)
    for (left, top, width, height), area in ((LOSS_BOX, "past"), (RIGHT_BOX, "past")):
        for share, step in ((0.0, 0), (1.0, 30), ((1.3 + 0.5) / 3.5, 20)):
            place = {"area": area, "item": None, "x": left + share * width, "y": top + height / 2}
            playground.view._handle_custom_msg({"kind": "press", **place}, [])
            assert playground.experiment.step == step
    assert playground.message.value == ""


def test_a_run_starts_without_a_past(playground):
    assert playground.past.layout.display == "none"
    playground.advance(1)
    assert playground.past.layout.display is None
    playground.reset_button.click()
    assert playground.past.layout.display == "none"


def test_while_it_runs_the_slider_rests_and_a_touch_of_the_curve_pauses(playground):
    async def learner():
        playground.run_button.click()
        assert playground.past.disabled
        while playground.experiment.step < 20:
            await asyncio.sleep(0)
        place = {"area": "past", "item": None, "x": LOSS_BOX[0], "y": LOSS_BOX[1]}
        playground.view._handle_custom_msg({"kind": "press", **place}, [])

    asyncio.run(learner())
    assert not playground.running
    assert not playground.past.disabled
    assert playground.experiment.step == 0
    assert int(playground.past.options[-1][0]) >= 20


def test_one_can_look_back_from_a_run_that_blew_up():
    playground = TrainingPlayground(next(p.settings for p in PRESETS if "blows up" in p.name))
    playground.advance(3)
    playground.advance(2000)
    assert "Diverged" in playground.message.value
    shown = playground.view.svg.marks["units"].norms
    playground.past.value = 1
    assert (playground.message.value, playground.good_button.layout.display) == ("", "none")
    playground.past.value = 2
    assert "Diverged" in playground.message.value
    assert playground.view.svg.marks["units"].norms == shown


# ---------------------------------------------------------------- nothing changes any more


def run_to_its_end(playground):
    async def learner():
        playground.run()
        await asyncio.wait_for(playground.background.task, 120)

    asyncio.run(learner())
    assert not playground.running
    return playground.experiment.step


def test_a_run_in_which_nothing_changes_says_so_and_pauses():
    playground = TrainingPlayground(Settings(data="own points", points=((0, 0, 0), (0, 0, 1)), hidden=(), held_out=0))
    playground.speed.value = FULL_SPEED
    first = run_to_its_end(playground)
    assert first >= MIN_CALM_STEPS
    assert "Nothing changes any more: in the last 20000 steps the training loss fell by less than 0.001" in (
        playground.message.value
    )
    second = run_to_its_end(playground)  # Run goes on all the same, and then as long again
    assert second >= first + MIN_CALM_STEPS
