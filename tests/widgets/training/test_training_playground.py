"""The playground without a browser: every control does what it says, and nothing half."""

import asyncio
import re
import threading

import numpy as np
import pytest

from nbkit import Settings, TrainingPlayground
from nbkit.experiment import PRESETS
from nbkit.widgets.kit.svg_view import Touch
from nbkit.widgets.training.playground_controls import ERASE
from nbkit.widgets.training.playground_picture import LOSS, MOST, Track

SMALL = Settings(data="circles", hidden=(3,), lr=0.5)
OWN = Settings(data="own points", hidden=(2,), held_out=0.0, points=((-0.5, 0.0, 0), (0.5, 0.0, 1)))


@pytest.fixture
def desk():
    return TrainingPlayground(SMALL)


def weights(desk):
    return {name: param.copy() for name, param in desk.experiment.net.parameters().items()}


def same(one, other):
    return all(np.array_equal(a, other[name]) for name, a in one.items())


def press(desk, x, y, item=None, hand="press"):
    """Touch the plane at a place in units of the data."""
    frame = desk.picture.plane.frame
    message = Touch(hand, "plane", item, float(frame.x(x)), float(frame.y(y)))._asdict()
    desk.view._handle_custom_msg(message, [])


# ---------------------------------------------------------------- running


def test_step_epoch_and_reset(desk):
    start = weights(desk)
    desk.step_button.click()
    assert desk.experiment.step == 1
    assert "step 1," in desk.status.value
    desk.epoch_button.click()
    assert desk.experiment.step == desk.experiment.per_epoch
    assert "epoch 1," in desk.status.value
    desk.reset_button.click()
    assert desk.experiment.step == 0
    assert same(start, weights(desk))


def test_another_batch_leaves_the_epochs_that_were_counted(desk):
    for epoch, batch in enumerate((1, 16, 1000), 1):
        desk.controls.by_name["batch_size"].value = batch
        assert f"epoch {epoch - 1}," in desk.status.value
        desk.epoch_button.click()
        assert f"epoch {epoch}," in desk.status.value


def test_run_and_pause_while_other_work_goes_on(desk):
    async def learner():
        desk.run_button.click()
        assert desk.run_button.description == "Pause"
        while desk.experiment.step < 50:
            await asyncio.sleep(0)
        desk.controls.by_name["lr"].value = 0.01  # a slider moves in the middle of the run
        task = desk.background.task
        desk.run_button.click()
        paused = desk.experiment.step
        await asyncio.wait_for(task, 60)  # whatever was under way has ended
        assert desk.experiment.step == paused
        assert desk.run_button.description == "Run"

    asyncio.run(learner())
    assert desk.experiment.optimizer.lr == 0.01


@pytest.mark.parametrize("speed", [1, 10, 100])
def test_the_speed_is_steps_a_picture(desk, speed):
    desk.speed.value = speed
    for pictures in range(1, 4):
        desk._tick()
        assert desk.experiment.step == pictures * speed


def test_closing_stops_the_run():
    async def learner():
        desk = TrainingPlayground(SMALL)
        desk.run_button.click()
        task = desk.background.task
        while not desk.experiment.step:
            await asyncio.sleep(0)
        desk.close()
        await asyncio.wait_for(task, 60)

    asyncio.run(learner())


def test_points_may_be_set_from_another_thread_in_the_middle_of_a_run():
    desk = TrainingPlayground(OWN)
    errors = []
    desk.background.failed = errors.append
    started = threading.Event()

    async def run():
        desk.run()
        started.set()
        await desk.background.task

    loop = threading.Thread(target=asyncio.run, args=[run()])
    loop.start()
    assert started.wait(60)
    for k in range(20):
        press(desk, 0.04 * k - 0.4, 0.5)
        press(desk, 0.04 * k - 0.4, 0.5, hand="drop")
    desk.pause()
    loop.join(60)
    assert (errors, desk.message.value, len(desk.settings.points)) == ([], "", 22)


def busy(desk):
    """Let the page be as far behind as it may."""
    desk.view._handle_custom_msg({"arrived": desk.view.number}, [])
    while desk.view.ready:
        desk.view.show(desk.view.svg)


def test_training_goes_on_while_the_page_is_busy_and_pause_shows_how_far_it_got():
    desk = TrainingPlayground(Settings(data="xor", hidden=(3,)))
    busy(desk)
    before = desk.view.svg

    async def run():
        desk.run()
        while desk.experiment.step < 500:
            await asyncio.sleep(0.001)
        assert desk.view.svg == before
        desk.pause()

    asyncio.run(run())
    assert f"step {desk.experiment.step}," in desk.status.value
    assert desk.view.svg != before


def test_a_run_of_so_many_steps_a_picture_waits_for_the_page():
    desk = TrainingPlayground(Settings(data="xor", hidden=(3,)))
    desk.speed.value = 10
    busy(desk)

    async def run():
        desk.run()
        for _ in range(20):
            await asyncio.sleep(0.002)
        assert desk.experiment.step == 0
        desk.view._handle_custom_msg({"arrived": desk.view.number}, [])
        while not desk.experiment.step:
            await asyncio.sleep(0.002)
        desk.pause()

    asyncio.run(run())
    assert desk.experiment.step == 10


def test_a_run_that_blows_up_offers_the_way_back():
    desk = TrainingPlayground(next(p.settings for p in PRESETS if "blows up" in p.name))
    assert desk.good_button.layout.display == "none"
    desk.advance(2000)
    assert "Diverged in step" in desk.message.value
    assert desk.good_button.layout.display is None
    desk.run_button.click()  # there is nothing to run on with
    assert not desk.running
    desk.good_button.click()
    assert desk.good_button.layout.display == "none"
    assert np.isfinite(desk.judgement.loss)
    assert "Back in step 0" in desk.message.value


def test_the_curve_keeps_a_bounded_number_of_moments():
    track = Track()
    for step in range(5000):
        track.add((step, 1.0, 0.5, 1.0, 0.5))
    steps = track.columns()[0]
    assert len(steps) <= MOST + 1
    assert (steps[0], steps[-1]) == (0, 4999)
    track.add((100, 1.0, 0.5, 1.0, 0.5))  # after a way back, what came later is forgotten
    assert track.columns()[0][-1] == 100


# ---------------------------------------------------------------- every control


@pytest.mark.parametrize(
    ("name", "value", "setting"),
    [
        ("data", "spiral", "data"), ("noise", 0.3, "noise"), ("held_out", 0.5, "held_out"),
        ("activation", "ReLU", "activation"), ("loss", "squared error", "loss"), ("optimizer", "Adam", "optimizer"),
        ("lr", 0.02, "lr"), ("batch_size", 4, "batch_size"), ("weight_decay", 0.1, "weight_decay"), ("seed", 7, "seed"),
    ],
)  # fmt: skip
def test_every_control_changes_its_setting_and_the_line(desk, name, value, setting):
    before = desk.line.value
    desk.controls.by_name[name].value = value
    assert getattr(desk.settings, setting) == value
    assert desk.line.value == desk.settings.line != before
    assert desk.experiment.settings == desk.settings
    desk.advance(2)
    assert desk.experiment.step == 2
    assert desk.message.value == ""


def test_layers_and_units(desk):
    desk.controls.by_name["layers"].value = 3
    assert len(desk.settings.hidden) == 3
    desk.controls.units[1].value = 7
    assert desk.settings.hidden[1] == 7
    assert [u.layout.display for u in desk.controls.units] == [None, None, None, "none"]
    assert [layer.params["b"].size for layer in desk.experiment.net.layers if layer.params][1] == 7
    desk.controls.by_name["layers"].value = 0
    assert desk.settings.hidden == ()
    assert desk.controls.by_name["activation"].layout.display == "none"


def test_presets_show_their_comment_and_set_all_controls(desk):
    for preset in PRESETS:
        desk.preset.value = preset
        assert desk.settings == preset.settings
        assert preset.comment in desk.comment.value
        assert desk.controls.by_name["lr"].value == preset.settings.lr
        assert desk.message.value == ""


def test_controls_without_meaning_hide(desk):
    shown = lambda name: desk.controls.by_name[name].layout.display is None  # noqa: E731
    assert shown("noise")
    desk.controls.by_name["data"].value = "iris, petals"
    assert not shown("noise")
    assert desk.controls.hand.layout.display == "none"
    assert desk.controls.says.layout.display == "none"
    desk.controls.by_name["data"].value = "own points"
    assert desk.controls.hand.layout.display is None
    assert desk.controls.says.layout.display is None


@pytest.mark.parametrize(
    "settings",
    [
        SMALL,
        SMALL.but(hidden=(4, 4)),
        OWN,
        Settings(data="iris, petals", hidden=()),
        Settings(data="spiral", activation="LeakyReLU", optimizer="Momentum"),
    ],
)
def test_each_row_of_controls_fits_a_page(settings):
    """In a window of 1,100 pixels 928 are left for an output; letters have 13 pixels, and margins 2 on each side."""
    rows = TrainingPlayground(settings).controls.rows
    for row in rows:
        shown = [each for each in row.children if each.layout.display is None]
        widths = [13 * float(each.layout.width.removesuffix("em")) + 4 for each in shown if each.layout.width]
        buttons = [6.5 * 13 * len(each.options) for each in shown if each.layout.width is None]
        assert sum(widths) + sum(buttons) <= 928
    hand = next(row for row in rows if row.children[1:2] and "erase" in getattr(row.children[1], "options", [[]])[-1])
    assert [type(each).__name__ for each in hand.children] == ["Label", "ToggleButtons", "Button"]


def test_lines_show_weights_or_gradients(desk):
    desk.advance(5)
    before = desk.view.svg
    desk.lines.value = True
    assert "lines: gradients" in desk.view.svg
    assert desk.view.svg != before


# ---------------------------------------------------------------- biases


def test_a_unit_that_is_pressed_gets_a_slider_for_its_bias(desk):
    desk.view._handle_custom_msg({"hand": "press", "pad": None, "item": "hidden 1:2", "x": 0, "y": 0}, [])
    assert desk.bias.description == "bias of hidden 1, unit 3"
    assert desk.bias.layout.display is None
    before, loss = weights(desk), desk.judgement.loss
    desk.bias.value = 2.0
    now = weights(desk)
    assert now["hidden 1.b"].tolist() == [*before["hidden 1.b"][:2], 2.0]
    assert desk.judgement.loss != loss
    assert "changed by hand" in desk.export()
    desk.advance(3)
    desk.choose("hidden 1:0")
    shown, bias = desk.bias.value, desk.experiment.net.parameters()["hidden 1.b"][0]
    assert shown == pytest.approx(bias, abs=desk.bias.step / 2)
    assert shown != bias  # it stands at a stop, and the weight stays as it is


def test_choosing_changes_no_bias(desk):
    before = weights(desk)
    for item in ("hidden 1:0", "output:0", "hidden 1:1"):
        desk.choose(item)
    assert same(before, weights(desk))
    desk.controls.by_name["layers"].value = 0  # the chosen unit is gone
    assert desk.bias.layout.display == "none"


def test_a_bias_beyond_the_slider_is_shown_as_it_is(desk):
    desk.experiment.net.parameters()["output.b"][0] = -12.3
    desk.choose("output:0")
    assert desk.bias.value == -12.3
    assert desk.experiment.net.parameters()["output.b"][0] == -12.3


# ---------------------------------------------------------------- own points


def test_points_are_added_moved_and_removed():
    desk = TrainingPlayground(OWN)
    desk.controls.hand.value = 1
    press(desk, 0.25, -0.75)
    assert desk.settings.points[2] == (pytest.approx(0.25, abs=2e-3), pytest.approx(-0.75, abs=2e-3), 1)
    press(desk, 0.25, -0.75, item="2")  # takes hold of it
    press(desk, -0.9, 0.9, item="2", hand="drag")
    press(desk, -0.9, 0.9, item="2", hand="drop")
    assert desk.settings.points[2][:2] == (pytest.approx(-0.9, abs=2e-3), pytest.approx(0.9, abs=2e-3))
    assert len(desk.experiment.data.x) == 3
    desk.controls.hand.value = ERASE
    press(desk, -0.5, 0.0, item="0")
    assert len(desk.settings.points) == 2
    press(desk, 0.9, 0.9)  # erasing where there is nothing
    assert len(desk.settings.points) == 2
    desk.controls.hand.value = 0
    press(desk, 0.5, 0.0, item="0", hand="delete")  # the Delete key works in every mode
    assert len(desk.settings.points) == 1


def test_points_move_while_the_net_goes_on_learning():
    desk = TrainingPlayground(OWN)
    desk.advance(20)
    before = weights(desk)
    press(desk, 0.7, 0.7)
    assert same(before, weights(desk))
    assert desk.experiment.step == 20
    desk.advance(5)
    assert desk.experiment.step == 25


def test_without_points_it_asks_for_some():
    desk = TrainingPlayground(Settings(data="own points"))
    assert "click into the plane" in desk.status.value
    for button in (desk.run_button, desk.step_button, desk.epoch_button):
        button.click()
        assert "no points yet" in desk.message.value
    press(desk, 0.0, 0.0)
    assert len(desk.settings.points) == 1
    desk.step_button.click()
    assert desk.experiment.step == 1
    desk.controls.clear.click()
    assert desk.settings.points == ()
    assert desk.snapshot().startswith("<svg")


def test_any_data_can_be_made_ones_own(desk):
    x = desk.experiment.data.x.copy()
    desk.controls.adopt.click()
    assert desk.settings.data == "own points"
    np.testing.assert_allclose(desk.experiment.data.x, x, atol=5e-4)
    press(desk, 0.0, 0.0)
    assert len(desk.experiment.data.x) == len(x) + 1


def test_a_plane_of_made_data_cannot_be_changed(desk):
    press(desk, 0.0, 0.0)
    assert desk.settings == SMALL


# ---------------------------------------------------------------- bad input


def test_a_missing_file_changes_nothing_and_what_was_typed_stays(desk, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    desk.advance(5)
    data, path = desk.controls.by_name["data"], desk.controls.by_name["path"]
    data.value = "CSV file"
    assert desk.settings.data == "circles"  # nothing happens before there is a path
    path.value = ' "nowhere.csv" '
    assert desk.message.value.endswith(f"there is no file 'nowhere.csv' in the folder {str(tmp_path)!r}")
    assert desk.settings == SMALL
    assert (data.value, path.value, path.layout.display) == ("CSV file", ' "nowhere.csv" ', None)
    assert desk.experiment.step == 5


def test_while_a_file_waits_the_other_controls_work_on(desk, tmp_path):
    data, path, lr = (desk.controls.by_name[name] for name in ("data", "path", "lr"))
    for typed in ("", "nowhere.csv"):
        data.value = "CSV file"
        path.value = typed
        for value in (0.5, 0.05):
            lr.value = value
            assert (desk.settings.lr, desk.settings.data, desk.message.value) == (value, "circles", "")
            assert (data.value, path.value) == ("CSV file", typed)
        desk.controls.by_name["layers"].value = 2
        desk.controls.by_name["layers"].value = 1
    written = tmp_path / "points.csv"
    written.write_text("1,2,a\n3,4,b\n5,x,a\n")
    path.value = str(written)
    assert "line 3" in desk.message.value
    assert (data.value, path.value, desk.settings.data) == ("CSV file", str(written), "circles")
    written.write_text("1,2,a\n3,4,b\n5,6,a\n")
    path._handle_custom_msg({"event": "submit"}, [])  # Enter, once the file is mended
    assert desk.settings.data == "CSV file"
    assert desk.experiment.data.x.tolist() == [[1, 2], [3, 4], [5, 6]]
    path.value = "gone.csv"
    assert (data.value, path.value) == ("CSV file", "gone.csv")
    assert desk.experiment.data.x.tolist() == [[1, 2], [3, 4], [5, 6]]
    data.value = "spiral"
    assert (desk.settings.data, path.layout.display) == ("spiral", "none")


def test_other_settings_take_the_place_of_what_waits(desk):
    desk.controls.by_name["data"].value = "CSV file"
    desk.controls.by_name["path"].value = "nowhere.csv"
    desk.use(SMALL.but(data="xor", lr=0.2))
    assert (desk.controls.by_name["data"].value, desk.controls.by_name["path"].value) == ("xor", "")
    assert not desk.controls.waiting


@pytest.mark.parametrize("typed", [" {} ", '"{}"', "'{}'", "“{}”"])
def test_a_path_may_come_with_blanks_and_quotes(desk, tmp_path, typed):
    path = tmp_path / "my data.csv"
    path.write_text("1,2,a\n3,4,b\n")
    desk.controls.by_name["data"].value = "CSV file"
    desk.controls.by_name["path"].value = typed.format(path)
    assert desk.experiment.data.classes == ("a", "b")
    exec(desk.export(), {})


def test_a_file_is_read(desk, tmp_path):
    path = tmp_path / "points.csv"
    path.write_text("".join(f"{i},{i % 3},{'ab'[i % 2]}\n" for i in range(20)))
    desk.controls.by_name["data"].value = "CSV file"
    desk.controls.by_name["path"].value = str(path)
    assert desk.experiment.data.classes == ("a", "b")
    desk.advance(3)
    assert desk.experiment.step == 3


@pytest.mark.parametrize("text", ["", "{", '{"lr": -1}', '{"data": "CSV file", "path": "nowhere.csv"}', "import os"])
def test_a_line_that_cannot_be_used_changes_nothing(desk, text):
    desk.advance(4)
    before = weights(desk)
    desk.line.value = text
    assert desk.message.value != ""
    assert (desk.settings, desk.experiment.step) == (SMALL, 4)
    assert same(before, weights(desk))
    assert desk.line.value == text  # to be mended


def test_a_line_is_restored(desk):
    other = Settings(data="spiral", hidden=(5, 2), lr=0.07, optimizer="Adam")
    desk.line.value = other.line
    assert desk.settings == other
    assert desk.controls.by_name["lr"].value == 0.07  # not among the usual steps of the slider
    assert TrainingPlayground(other.line).settings == other


def test_settings_of_the_wrong_kind_are_refused():
    with pytest.raises(ValueError, match="cannot be read"):
        TrainingPlayground("spiral")


# ---------------------------------------------------------------- to take away


def test_export_rebuilds_the_net_and_writes_its_weights(desk, tmp_path):
    desk.advance(37)
    made = {}
    exec(desk.export(tmp_path / "mine"), made)
    assert same(weights(desk), made["net"].parameters())
    made["net"].parameters()["hidden 1.W"][...] = 0
    made["net"].load(tmp_path / "mine.npz")
    assert same(weights(desk), made["net"].parameters())


def test_the_buttons_show_code_and_save(desk, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    desk.code_button.click()
    assert desk.code.layout.display is None
    assert desk.code.value == desk.export()
    desk.save_button.click()
    assert (tmp_path / "playground.npz").exists()
    assert "playground.npz" in desk.message.value


def test_a_disk_that_cannot_be_written_is_told(desk, monkeypatch):
    def refuse(*_arguments, **_more):
        raise PermissionError("read-only")

    monkeypatch.setattr(np, "savez", refuse)
    desk.save_button.click()
    assert "read-only" in desk.message.value


# ---------------------------------------------------------------- the picture


def test_the_picture_says_what_the_status_says(desk):
    desk.advance(10)
    description = re.search(r"<desc>(.*?)</desc>", desk.view.svg)[1]
    assert description == desk.status.value


def test_the_still_picture_is_after_a_run_and_leaves_the_desk_alone(desk):
    before = weights(desk)
    assert desk.snapshot() != desk.view.svg
    assert same(before, weights(desk))
    assert desk.experiment.step == 0


def loss_chart(desk):
    """The ticks of the loss axis, and what is written in the charts about cut curves."""
    svg = desk.view.svg
    ticks = re.findall(r'text-anchor="end" x="43" y="([\d.]+)">([\d.]+)<', svg)  # of the plane above as well
    return [float(tick) for y, tick in ticks if float(y) > LOSS[1]], re.findall(r">([^<]+ ↑ [^<]+)</text>", svg)


def test_a_growing_held_out_loss_is_seen_to_grow():
    desk = TrainingPlayground(next(p.settings for p in PRESETS if p.name == "learned by heart"))
    first = desk.judgement.loss
    for _part in range(20):
        desk.advance(100)
    assert 2 * first < desk.judgement.held_out_loss < 3 * first
    ticks, words = loss_chart(desk)
    assert max(ticks) > 2 * first
    assert words == []
    (dashed,) = re.findall(r'class="then" points="([^"]+)" stroke-dasharray="5 3"/>.*?class="frame"', desk.view.svg)
    heights = [float(point.split(",")[1]) for point in dashed.split()]
    assert heights[-1] == min(heights)  # the end is the highest place of the curve
    assert heights[-1] < heights[-8] - 3  # and it still climbs


def test_a_loss_beyond_the_frame_is_written_beside_its_curve():
    desk = TrainingPlayground(next(p.settings for p in PRESETS if "blows up" in p.name))
    first = desk.judgement.loss
    assert loss_chart(desk)[1] == []
    for _step in range(6):
        desk.advance(1)
    ticks, words = loss_chart(desk)
    assert max(ticks) <= 3 * first
    assert words == ["training ↑ 5050", "held out ↑ 5049"]
    desk.good_button.click()
    desk.reset_button.click()
    assert loss_chart(desk)[1] == []


def test_a_run_needs_few_different_frames_for_its_loss(desk):
    """A frame with its ticks takes a while to make, and twenty pictures per second are drawn."""
    made = {id(desk.picture.frames[key]) for key in desk.picture.frames}
    for _picture in range(30):
        desk.advance(1)
        made |= {id(frame) for frame in desk.picture.frames.values()}
    assert len(made) <= 4  # two charts, and perhaps a higher top


def test_names_of_classes_are_escaped(tmp_path):
    path = tmp_path / "points.csv"
    path.write_text("<x>,&y,c\n" + "".join(f"{i},{i % 3},{['<script>', 'b&b'][i % 2]}\n" for i in range(9)))
    svg = TrainingPlayground(Settings(data="CSV file", path=str(path))).view.svg
    assert "<script>" not in svg
    assert "&lt;script&gt;" in svg
