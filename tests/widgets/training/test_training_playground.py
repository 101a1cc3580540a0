"""The playground without a browser: training, biases, the picture, and what can be taken away."""

import asyncio
import re

import numpy as np
import pytest

from nbkit import Settings, TrainingPlayground
from nbkit.drawing.chart.frame import frame
from nbkit.experiment import PRESETS
from nbkit.widgets.training.playground_pace import FULL_SPEED
from nbkit.widgets.training.training_playground import PICTURES_PER_JUDGEMENT
from tests.widgets.training.playground import SMALL, same, weights


@pytest.fixture
def playground():
    return TrainingPlayground(SMALL)


# ---------------------------------------------------------------- running


def test_step_epoch_and_reset(playground):
    start = weights(playground)
    playground.step_button.click()
    assert playground.experiment.step == 1
    assert "step 1," in playground.status.value
    playground.epoch_button.click()
    assert playground.experiment.step == playground.experiment.run.per_epoch
    assert "epoch 1," in playground.status.value
    playground.reset_button.click()
    assert playground.experiment.step == 0
    assert same(start, weights(playground))


def test_another_batch_leaves_the_epochs_that_were_counted(playground):
    for epoch, batch in enumerate((1, 16, 1000), 1):
        playground.controls.by_name["batch_size"].value = batch
        assert f"epoch {epoch - 1}," in playground.status.value
        playground.epoch_button.click()
        assert f"epoch {epoch}," in playground.status.value


def test_run_and_pause_while_other_work_goes_on(playground):
    async def learner():
        playground.run_button.click()
        assert playground.run_button.description == "Pause"
        while playground.experiment.step < 50:
            await asyncio.sleep(0)
        playground.controls.by_name["lr"].value = 0.01  # a slider moves in the middle of the run
        task = playground.background.task
        playground.run_button.click()
        paused = playground.experiment.step
        await asyncio.wait_for(task, 60)  # whatever was under way has ended
        assert playground.experiment.step == paused
        assert playground.run_button.description == "Run"

    asyncio.run(learner())
    assert playground.experiment.optimizer.lr == 0.01


@pytest.mark.parametrize("speed", [1, 10, 100])
def test_the_speed_is_steps_a_picture(playground, speed):
    playground.speed.value = speed
    for pictures in range(1, 4):
        playground.tick()
        assert playground.experiment.step == pictures * speed


@pytest.mark.parametrize("gradients", [False, True])
def test_at_full_speed_numbers_come_with_every_third_picture_and_with_the_last_one(playground, gradients):
    """A net that is seen oftener than it is judged; once it stands, words, curves and judgement are of its step.

    Gradients that lines show are those of all points: they come from a judgement, of each picture then.
    """
    playground.speed.value, playground.lines.value = FULL_SPEED, gradients
    every = 1 if gradients else PICTURES_PER_JUDGEMENT
    shown, seen = [], playground.view.show

    def show(picture):
        shown.append(playground.judgement.step)
        assert f"step {playground.judgement.step}," in playground.sentence()
        assert picture.words == playground.sentence()
        seen(picture)

    playground.view.show = show

    async def learner():
        playground.run_button.click()
        while len(shown) < 4 * PICTURES_PER_JUDGEMENT:
            await asyncio.sleep(0)
        assert len(set(shown)) == pytest.approx(len(shown) / every, abs=1)
        playground.run_button.click()

    asyncio.run(learner())
    assert playground.judgement.loss == playground.experiment.judge().loss
    assert f"step {playground.experiment.step}," in playground.status.value
    assert playground.experiment.track.moments[-1].step == playground.experiment.step


def test_closing_stops_the_run():
    async def learner():
        playground = TrainingPlayground(SMALL)
        playground.run_button.click()
        task = playground.background.task
        while not playground.experiment.step:
            await asyncio.sleep(0)
        playground.close()
        await asyncio.wait_for(task, 60)

    asyncio.run(learner())


def busy(playground):
    """Let the page be as far behind as it may."""
    playground.view._handle_custom_msg({"kind": "arrived", "number": playground.view.number}, [])
    while playground.view.ready:
        playground.view.show(playground.view.svg)


def test_training_goes_on_while_the_page_is_busy_and_pause_shows_how_far_it_got():
    playground = TrainingPlayground(Settings(data="xor", hidden=(3,)))
    playground.speed.value = FULL_SPEED
    busy(playground)
    before = playground.view.svg

    async def run():
        playground.run()
        while playground.experiment.step < 500:
            await asyncio.sleep(0.001)
        assert playground.view.svg == before
        playground.pause()

    asyncio.run(run())
    assert f"step {playground.experiment.step}," in playground.status.value
    assert playground.view.svg != before


def test_a_run_of_so_many_steps_a_picture_waits_for_the_page():
    playground = TrainingPlayground(Settings(data="xor", hidden=(3,)))
    playground.speed.value = 10
    busy(playground)

    async def run():
        playground.run()
        for _ in range(20):
            await asyncio.sleep(0.002)
        assert playground.experiment.step == 0
        playground.view._handle_custom_msg({"kind": "arrived", "number": playground.view.number}, [])
        while not playground.experiment.step:
            await asyncio.sleep(0.002)
        playground.pause()

    asyncio.run(run())
    assert playground.experiment.step == 10


def test_what_blew_up_stays_in_the_picture():
    """The numbers that the experiment tells to watch are those of the last finite step."""
    playground = TrainingPlayground(next(p.settings for p in PRESETS if "blows up" in p.name))
    playground.advance(2000)
    units = playground.view.svg.marks["units"]
    assert units.saturated["hidden 2"].all()
    assert units.norms["output"] > 1e10
    assert np.isfinite(units.biases[-1]).all()
    assert f"shows step {playground.judgement.step}," in playground.message.value
    assert playground.judgement.step < playground.experiment.step
    assert cut_curves(playground) == ["training ↑ ∞", "held out ↑ ∞"]


def test_a_run_that_blows_up_offers_the_way_back():
    playground = TrainingPlayground(next(p.settings for p in PRESETS if "blows up" in p.name))
    assert playground.good_button.layout.display == "none"
    playground.advance(2000)
    assert "Diverged in step" in playground.message.value
    assert playground.good_button.layout.display is None
    playground.run_button.click()  # there is nothing to run on with
    assert not playground.running
    assert "Diverged in step" in playground.message.value
    playground.good_button.click()
    assert playground.good_button.layout.display == "none"
    assert np.isfinite(playground.judgement.loss)
    assert "Back in step 0" in playground.message.value


# ---------------------------------------------------------------- to take away


def test_export_rebuilds_the_net_and_writes_its_weights(playground, tmp_path):
    playground.advance(37)
    made = {}
    exec(playground.export(tmp_path / "mine"), made)
    assert same(weights(playground), made["net"].parameters())
    made["net"].parameters()["hidden 1.W"][...] = 0
    made["net"].load(tmp_path / "mine.npz")
    assert same(weights(playground), made["net"].parameters())


def test_the_buttons_show_code_and_save(playground, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    playground.code_button.click()
    assert playground.code.layout.display is None
    assert playground.code.value == playground.export()
    playground.save_button.click()
    assert (tmp_path / "playground.npz").exists()
    assert "playground.npz" in playground.message.value


def test_a_disk_that_cannot_be_written_is_told(playground, monkeypatch):
    def refuse(*_arguments, **_more):
        raise PermissionError("read-only")

    monkeypatch.setattr(np, "savez", refuse)
    playground.save_button.click()
    assert "read-only" in playground.message.value


# ---------------------------------------------------------------- the picture


def test_lines_show_weights_or_gradients(playground):
    playground.advance(5)
    before = playground.view.svg
    playground.lines.value = True
    assert "lines: gradients" in playground.view.svg
    assert playground.view.svg != before


def test_the_picture_says_what_the_status_says(playground):
    playground.advance(10)
    assert playground.status.value == f"<span>{playground.view.svg.words}</span>"


def test_the_still_picture_is_after_a_run_and_changes_nothing(playground):
    before = weights(playground)
    assert playground.snapshot() != playground.view.svg
    assert same(before, weights(playground))
    assert playground.experiment.step == 0


def cut_curves(playground):
    """Return what is written in the charts about curves that leave them."""
    return re.findall(r">([^<]+ ↑ [^<]+)</text>", playground.view.svg)


def test_a_growing_held_out_loss_is_seen_to_grow():
    playground = TrainingPlayground(next(p.settings for p in PRESETS if p.name == "learned by heart"))
    first = playground.judgement.loss
    for _part in range(20):
        playground.advance(100)
    held_out = playground.view.svg.marks["loss held out"].y
    assert held_out[-1] == playground.judgement.held_out_loss
    assert 2 * first < held_out[-1] < 3 * first
    assert held_out[-1] == max(held_out)  # and it still climbs
    assert cut_curves(playground) == []  # it has its place in the frame


def test_a_loss_beyond_the_frame_is_written_beside_its_curve():
    playground = TrainingPlayground(next(p.settings for p in PRESETS if "blows up" in p.name))
    assert cut_curves(playground) == []
    for _step in range(6):
        playground.advance(1)
    assert cut_curves(playground) == ["training ↑ 5050", "held out ↑ 5049"]
    playground.good_button.click()
    playground.reset_button.click()
    assert cut_curves(playground) == []


def test_a_run_needs_few_different_frames(playground):
    """A frame with its ticks takes a while to make, and twenty pictures per second are drawn."""
    before = frame.cache_info().misses
    for _picture in range(30):
        playground.advance(1)
    assert frame.cache_info().misses - before <= 4  # two charts, and perhaps a higher top


def test_names_of_classes_are_escaped(tmp_path):
    path = tmp_path / "points.csv"
    path.write_text("<x>,&y,c\n" + "".join(f"{i},{i % 3},{['<script>', 'b&b'][i % 2]}\n" for i in range(9)))
    svg = TrainingPlayground(Settings(data="CSV file", path=str(path))).view.svg
    assert "<script>" not in svg
    assert "&lt;script&gt;" in svg
