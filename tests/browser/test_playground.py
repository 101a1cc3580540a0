"""The playground in a real page: every control, and running beside other work."""

import pytest

from nbkit.widgets.kit.svg_view import ON_THEIR_WAY
from tests.browser.playground import PLAYGROUND, Playground

PLANE = """() => {
    const plane = document.querySelector("rect[data-pad='plane']");
    plane.scrollIntoView({ block: 'center' });
    const { x, y, width, height } = plane.getBoundingClientRect();
    return [x, y, width, height];
}"""
# A cell that computes until the test lets it come to its end.
BUSY = """import pathlib
print("computing")
while not pathlib.Path("enough").exists():
    pass
print("done")"""
START = """code => {
    window.said = '';
    const future = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.requestExecute({ code });
    future.onIOPub = ({ content }) => { window.said += content.text ?? ''; };
}"""
SAID = "word => window.said.includes(word)"
MEMORY = """import gc, pathlib
gc.collect()
print(pathlib.Path("/proc/self/status").read_text().split("VmRSS:")[1].split()[0])"""
BIASES = "print(*(v for name, b in playground.experiment.net.parameters().items() if name.endswith('.b') for v in b))"
WAITING = "print(playground.view.number - playground.view.arrived)"


@pytest.fixture
def playground(lab, page):
    lab.show(page, PLAYGROUND)
    return Playground(lab, page)


# ---------------------------------------------------------------- every control


def test_sliders_and_pickers_reach_the_settings_and_the_picture(playground):
    before = playground.settings
    for label, key in (("noise", "ArrowRight"), ("held out", "ArrowLeft")):
        playground.changes(lambda label=label, key=key: playground.slider(label).press(key))
    for label, key in (("lr", "ArrowLeft"), ("batch", "ArrowLeft"), ("weight decay", "End")):  # show in later steps
        playground.slider(label).press(key)
    for label, choice in (("activation", "ReLU"), ("loss", "squared error")):
        picker = playground.field(label, "select")
        playground.changes(lambda picker=picker, choice=choice: picker.select_option(label=choice))
    playground.field("optimizer", "select").select_option(label="Adam")
    playground.field("seed").fill("3")
    playground.changes(lambda: playground.field("seed").press("Enter"))
    after = playground.settings
    expected = {"noise": 0.15, "held_out": 0.2, "weight_decay": 3.0, "lr": 0.3, "batch_size": 8, "activation": "ReLU",
                "loss": "squared error", "optimizer": "Adam", "seed": 3}  # fmt: skip
    assert after == {**before, **expected}
    playground.changes(lambda: playground.field("data", "select").select_option(label="iris, petals"))
    assert playground.area.locator("[data-item^='output:']").count() == 3


def test_layers_and_units(playground):
    playground.field("hidden layers").fill("2")
    playground.changes(lambda: playground.field("hidden layers").press("Enter"))
    playground.field("units 2").fill("5")
    playground.changes(lambda: playground.field("units 2").press("Enter"))
    assert playground.area.locator("[data-item^='hidden 2:']").count() == 5


def test_buttons_step_run_pause_and_reset(playground):
    playground.changes(playground.button("Step").click)
    assert playground.rests() == 1
    playground.changes(playground.button("Epoch").click)
    epoch = playground.rests()
    assert epoch > 2
    playground.run_to(epoch + 100)
    playground.button("Pause").click()
    assert playground.rests() >= epoch + 100
    playground.changes(playground.button("Reset").click)
    assert playground.rests() == 0


def test_the_speed_can_be_slow(lab, page, playground):
    """At one step per picture, every step is shown."""
    speed = playground.field("speed", "select")
    assert speed.evaluate("box => box.selectedOptions[0].label").split() == ["full", "speed"]
    speed.select_option(label="1 step per picture")
    lab.settle(page)
    shown = int(lab.ask(page, "print(playground.view.number)"))
    playground.run_to(3)
    playground.button("Pause").click()
    assert 3 <= playground.rests() <= int(lab.ask(page, "print(playground.view.number)")) - shown


def test_a_preset_shows_its_comment(playground):
    playground.changes(lambda: playground.field("experiment", "select").select_option(label="the spiral, learned"))
    playground.area.locator("text=Two layers of eight").wait_for()
    assert playground.area.locator("[data-item^='hidden 2:']").count() == 8


def test_a_pressed_unit_lets_its_bias_be_moved(lab, page, playground):
    playground.changes(playground.button("Epoch").click)
    before = lab.ask(page, BIASES)
    playground.changes(playground.area.locator("[data-item='hidden 1:1']").click)
    assert lab.ask(page, BIASES) == before  # the slider shows it, rounded, and does not change it
    playground.changes(lambda: playground.slider("bias of hidden 1, unit 2").press("End"))
    playground.changes(lambda: playground.field("lines show", "select").select_option(label="gradients"))


def test_a_line_of_settings_can_be_pasted(lab, page, playground):
    line = playground.field("settings")
    line.fill('{"data": "moons", "hidden": [6]}')
    playground.changes(lambda: line.press("Enter"))
    assert playground.settings == {"data": "moons", "hidden": [6]}
    line.fill("{nonsense")
    line.press("Enter")
    playground.says("cannot be read")
    lab.settle(page)
    assert playground.settings == {"data": "moons", "hidden": [6]}
    assert line.input_value() == "{nonsense"  # what was typed stays, to be mended


def test_code_and_weights_can_be_taken_away(lab, playground):
    playground.button("Step").click()
    playground.button("Show as code").click()
    text = playground.area.locator("textarea")
    text.wait_for()
    assert "Sequential(" in text.input_value()
    playground.button("Save the weights").click()
    playground.says("playground.npz")
    assert (lab.root / "playground.npz").exists()


def test_own_points_are_set_moved_and_erased(lab, page, playground):
    playground.changes(lambda: playground.field("data", "select").select_option(label="own points"))

    def spot(x, y):
        left, top, width, height = page.evaluate(PLANE)
        return left + x * width, top + y * height

    playground.changes(lambda: page.mouse.click(*spot(0.3, 0.3)))
    playground.button("red").click()
    playground.changes(lambda: page.mouse.click(*spot(0.7, 0.7)))
    assert [point[2] for point in playground.settings["points"]] == [0, 1]

    def drag():
        page.mouse.move(*spot(0.3, 0.3))
        page.mouse.down()
        page.mouse.move(*spot(0.3, 0.8), steps=8)
        page.mouse.up()

    before = playground.settings["points"]
    playground.changes(drag)
    after = playground.settings["points"]
    assert (after[0][1] < before[0][1], after[1]) == (True, before[1])
    playground.run_to(50)
    page.mouse.click(*spot(0.5, 0.2))  # in the middle of the run
    lab.settle(page)
    playground.button("Pause").click()
    playground.rests()
    assert len(playground.settings["points"]) == 3
    playground.button("erase").click()
    playground.changes(lambda: page.mouse.click(*spot(0.5, 0.2)))
    assert len(playground.settings["points"]) == 2
    playground.changes(playground.button("Remove all").click)
    assert "points" not in playground.settings


def test_made_points_become_ones_own(playground):
    playground.changes(playground.button("Make these points mine").click)
    assert len(playground.settings["points"]) == 200


def test_a_run_that_blows_up_stops_and_offers_the_way_back(playground):
    playground.field("experiment", "select").select_option(label="learning rate 3, and why it blows up")
    playground.button("Run").click()
    playground.says("is the first layer whose numbers are no longer finite")
    playground.rests()
    playground.button("Back to the last good state").click()
    playground.says("Back in step")


# ---------------------------------------------------------------- beside other work


def test_a_training_and_other_cells_run_side_by_side(lab, page, playground):
    playground.run_to(100)
    assert lab.ask(page, "print(sum(range(10)))") == "45"
    playground.wait_for_step(playground.step() + 100)
    playground.button("Pause").click()
    playground.rests()


def test_pause_and_step_pressed_while_a_cell_computes_are_not_lost(lab, page, playground):
    playground.run_to(100)
    page.evaluate(START, BUSY)
    page.wait_for_function(SAID, arg="computing")
    playground.button("Pause").click()
    playground.button("Step").click()
    (lab.root / "enough").touch()
    page.wait_for_function(SAID, arg="done")
    made = playground.rests()
    playground.changes(playground.button("Step").click)
    assert playground.rests() == made + 1


def test_a_cell_that_runs_again_stops_the_old_run(lab, page, playground):
    playground.run_to(100)
    assert lab.run_cell(page, 0) == ""
    assert Playground(lab, page).rests() == 0


# ---------------------------------------------------------------- for a minute


@pytest.mark.soak
def test_a_minute_of_running_leaves_memory_flat(lab, page, playground):
    session = page.context.new_cdp_session(page)

    def kernel_and_page():
        session.send("HeapProfiler.collectGarbage")
        return int(lab.ask(page, MEMORY)), session.send("Runtime.getHeapUsage")["usedSize"]

    playground.button("Run").click()
    page.wait_for_timeout(10_000)  # the curve has as many moments as it keeps
    before = kernel_and_page()
    page.wait_for_timeout(60_000)
    after = kernel_and_page()
    playground.button("Pause").click()
    assert after[0] - before[0] < 5 * 1024  # kB
    assert after[1] - before[1] < 5 * 1024**2


@pytest.mark.soak
def test_on_a_slow_machine_no_pictures_pile_up(lab, page, playground):
    """A page that takes eight times as long for everything has a few pictures on their way, however long it runs."""
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": 8})
    playground.run_to(2000)
    waiting = [int(lab.ask(page, WAITING)) for _ in range(5)]
    playground.button("Pause").click()
    playground.rests()
    assert max(waiting) <= ON_THEIR_WAY
