"""Own points in the playground: they are set, moved and removed on the plane."""

import asyncio
import threading

import numpy as np
import pytest

from nbkit import Settings, TrainingPlayground
from nbkit.widgets.training.own_points import ERASE
from tests.widgets.training.playground import OWN, SMALL, press, same, weights


@pytest.fixture
def playground():
    return TrainingPlayground(SMALL)


def test_points_are_added_moved_and_removed():
    playground = TrainingPlayground(OWN)
    playground.controls.tool.value = 1
    press(playground, 0.25, -0.75)
    assert playground.settings.points[2] == (pytest.approx(0.25, abs=2e-3), pytest.approx(-0.75, abs=2e-3), 1)
    press(playground, 0.25, -0.75, item="2")  # takes hold of it
    press(playground, -0.9, 0.9, item="2", kind="drag")
    press(playground, -0.9, 0.9, item="2", kind="drop")
    assert playground.settings.points[2][:2] == (pytest.approx(-0.9, abs=2e-3), pytest.approx(0.9, abs=2e-3))
    assert len(playground.experiment.data.x) == 3
    playground.controls.tool.value = ERASE
    press(playground, -0.5, 0.0, item="0")
    assert len(playground.settings.points) == 2
    press(playground, 0.9, 0.9)  # erasing where there is nothing
    assert len(playground.settings.points) == 2
    playground.controls.tool.value = 0
    press(playground, 0.5, 0.0, item="0", kind="delete")  # the Delete key works in every mode
    assert len(playground.settings.points) == 1


def test_points_move_while_the_net_goes_on_learning():
    playground = TrainingPlayground(OWN)
    playground.advance(20)
    before = weights(playground)
    press(playground, 0.7, 0.7)
    assert same(before, weights(playground))
    assert playground.experiment.step == 20
    playground.advance(5)
    assert playground.experiment.step == 25


def test_without_points_it_asks_for_some():
    playground = TrainingPlayground(Settings(data="own points"))
    assert "click into the plane" in playground.status.value
    for button in (playground.run_button, playground.step_button, playground.epoch_button):
        button.click()
        assert "no points yet" in playground.message.value
    press(playground, 0.0, 0.0)
    assert len(playground.settings.points) == 1
    playground.step_button.click()
    assert playground.experiment.step == 1
    playground.controls.clear.click()
    assert playground.settings.points == ()
    assert playground.snapshot().startswith("<svg")


def test_any_data_can_be_made_ones_own(playground):
    x = playground.experiment.data.x.copy()
    playground.controls.adopt.click()
    assert playground.settings.data == "own points"
    np.testing.assert_allclose(playground.experiment.data.x, x, atol=5e-4)
    press(playground, 0.0, 0.0)
    assert len(playground.experiment.data.x) == len(x) + 1


def test_a_plane_of_made_data_cannot_be_changed(playground):
    press(playground, 0.0, 0.0)
    assert playground.settings == SMALL


def test_points_may_be_set_from_another_thread_in_the_middle_of_a_run():
    playground = TrainingPlayground(OWN)
    errors = []
    playground.background.failed = errors.append
    started = threading.Event()

    async def run():
        playground.run()
        started.set()
        await playground.background.task

    loop = threading.Thread(target=asyncio.run, args=[run()])
    loop.start()
    assert started.wait(60)
    for k in range(20):
        press(playground, 0.04 * k - 0.4, 0.5)
        press(playground, 0.04 * k - 0.4, 0.5, kind="drop")
    playground.pause()
    loop.join(60)
    assert (errors, playground.message.value, len(playground.settings.points)) == ([], "", 22)


def test_the_picture_says_which_points_are_held_out_and_what_the_dots_are():
    playground = TrainingPlayground(OWN.replace(held_out=0.0))
    assert "hollow: held out" not in playground.view.svg
    playground.use(OWN.replace(held_out=0.5))
    assert playground.experiment.held_out_mask.any()
    assert "hollow: held out" in playground.view.svg
    assert "dots: biases" in playground.view.svg
