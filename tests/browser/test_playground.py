"""The playground in a real page: every control, and running beside other work."""

import pytest

from nbkit.widgets.kit.views import MAX_UNSEEN
from tests.browser.widgets import Playground

PLANE = "rect[data-area=plane]"
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
LINE = "x₁→hidden 1, unit 2"
WEIGHT = "print(playground.experiment.net.parameters()['{}'][{}])"
HEARS = "least => Number(document.activeElement.getAttribute('aria-valuenow')) > least"  # of the focused handle
NAMED = "name => [...document.querySelectorAll('.noUi-handle')].some(one => one.ariaLabel === name)"
WAITING = "print(playground.view.number - playground.view.arrived)"


@pytest.fixture
def playground(lab, page):
    return Playground(lab, page, Playground.CELL)


# ---------------------------------------------------------------- every control


def choose(playground, label, choice):
    playground.field(label, "select").select_option(label=choice)


def enter(playground, label, text):
    field = playground.field(label)
    field.fill(text)
    field.press("Enter")


def test_sliders_and_pickers_reach_the_settings_and_the_picture(playground):
    before = playground.settings
    for label, key in (("noise", "ArrowRight"), ("held out", "ArrowLeft")):
        playground.changes(playground.slide, label, key)
    for label, key in (("lr", "ArrowLeft"), ("batch", "ArrowLeft"), ("weight decay", "End")):  # show in later steps
        playground.slide(label, key)
    for label, choice in (("activation", "ReLU"), ("loss", "squared error")):
        playground.changes(choose, playground, label, choice)
    choose(playground, "optimizer", "Adam")
    playground.changes(enter, playground, "seed", "3")
    expected = {"noise": 0.15, "held_out": 0.2, "weight_decay": 3.0, "lr": 0.3, "batch_size": 8, "activation": "ReLU",
                "loss": "squared error", "optimizer": "Adam", "seed": 3}  # fmt: skip
    assert playground.settings == {**before, **expected}
    playground.changes(choose, playground, "data", "iris, petals")
    assert playground.count("[data-item^='output:']") == 3


def test_layers_and_units(playground):
    playground.changes(enter, playground, "hidden layers", "2")
    playground.changes(enter, playground, "units 2", "5")
    assert playground.count("[data-item^='hidden 2:']") == 5


def test_buttons_step_run_pause_and_reset(playground):
    playground.changes(playground.press, "Step")
    assert playground.rests() == 1
    playground.changes(playground.press, "Epoch")
    epoch = playground.rests()
    assert epoch > 2
    playground.run_to(epoch + 10)
    assert playground.pause() >= epoch + 10
    playground.changes(playground.press, "Reset")
    assert playground.rests() == 0


def test_the_speed_can_be_slow(playground):
    """At one step a picture, every step is shown."""
    speed = playground.field("speed", "select")
    assert speed.evaluate("box => box.selectedOptions[0].label").split() == ["slow,", "then", "fast"]
    choose(playground, "speed", "slow: 1 step")
    playground.settle()
    shown = int(playground.ask("print(playground.view.number)"))
    playground.run_to(3)
    assert 3 <= playground.pause() <= int(playground.ask("print(playground.view.number)")) - shown


def test_a_preset_shows_its_comment(playground):
    playground.changes(choose, playground, "experiment", "the spiral, learned")
    playground.locator("text=Two layers of eight").wait_for()
    assert playground.count("[data-item^='hidden 2:']") == 8


def test_a_pressed_unit_fills_the_plane_and_lets_its_numbers_be_moved(page, playground):
    playground.changes(playground.press, "Epoch")
    before = playground.ask(BIASES)
    playground.changes(playground.click, "[data-item='hidden 1:1']")
    assert playground.locator("svg .name:text-is('hidden 1, unit 2')").count() == 1
    assert playground.ask(BIASES) == before  # the slider shows it, rounded, and does not change it
    playground.changes(playground.slide, "bias", "End")
    playground.changes(playground.slide, "from x₁", "ArrowRight")
    page.wait_for_function(NAMED, arg="from x₁")  # what a screen reader calls a slider that has come later
    playground.changes(playground.click, "[data-item='net']")
    assert playground.locator("svg .name:text-is('what the net says')").count() == 1
    playground.changes(choose, playground, "lines show", "gradients")


def test_a_line_of_the_net_is_dragged_by_mouse_and_moved_by_keys(playground):
    def weight():
        return float(playground.ask("print(playground.experiment.net.parameters()['hidden 1.W'][0, 1])"))

    start, spot = weight(), playground.spot(f"path[data-item='{LINE}']", 0.5, 0.5)
    playground.changes(playground.drag, spot, (spot[0], spot[1] - 50))
    up = weight()
    assert up > start + 0.5
    handle = playground.locator(f"g.handle[data-item='{LINE}']")
    handle.focus()
    playground.changes(playground.keys, "ArrowDown")
    assert start < weight() < up
    assert handle.evaluate("handle => handle === document.activeElement")
    assert f"{LINE}: weight" in handle.locator("title").text_content()


def test_a_line_of_the_net_is_dragged_by_a_finger(page, playground):
    finger = page.context.new_cdp_session(page)
    x, y = playground.spot(f"path[data-item='{LINE}']", 0.5, 0.5)

    def touch(kind, *places):
        points = [{"x": x, "y": y} for x, y in places]
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    def drag():
        touch("touchStart", (x, y))
        touch("touchMove", (x, y - 30))
        touch("touchEnd")

    playground.changes(drag)
    assert playground.ask("print(playground.choice.chosen.line, playground.experiment.altered)") == f"{LINE} True"


def test_a_run_can_be_looked_back_at_and_goes_on_from_there(playground):
    playground.run_to(30)
    end = playground.pause()
    label = "back in the run: step"
    assert playground.readout(label).text_content() == str(end)
    playground.changes(playground.slide, label, "Home")
    assert playground.step == 0
    playground.changes(playground.slide, label, "End")
    assert playground.step == end
    playground.changes(playground.type_over, playground.readout(label), "20")  # the nearest step that is kept
    assert 15 < playground.step < 25
    left, top, _width, height = playground.box("rect[data-area=past]")
    playground.changes(playground.click_at, (left + 1, top + height / 2))
    assert playground.step == 0
    playground.changes(playground.press, "Step")
    assert playground.rests() == 1
    assert playground.readout(label).text_content() == "1"


@pytest.mark.parametrize("width", [1100, 700])
def test_run_and_the_picture_are_in_sight_together(page, playground, width):
    page.set_viewport_size({"width": width, "height": 900})
    playground.settle()
    playground.area.evaluate("area => area.scrollIntoView()")
    assert playground.locator("button").first.text_content().strip() == "Run"
    top, picture = playground.box("button")[1], playground.box("svg.nbkit")
    assert top > 0
    assert picture[1] + picture[3] < 900
    assert picture[1] - top < 270


def test_a_line_of_settings_can_be_pasted(playground):
    playground.changes(enter, playground, "settings", '{"data": "moons", "hidden": [6]}')
    assert playground.settings == {"data": "moons", "hidden": [6]}
    enter(playground, "settings", "{nonsense")
    playground.says("cannot be read")
    playground.settle()
    assert playground.settings == {"data": "moons", "hidden": [6]}
    assert playground.field("settings").input_value() == "{nonsense"  # what was typed stays, to be mended


def test_code_and_weights_can_be_taken_away(lab, playground):
    playground.press("Step", "Show as code")
    assert "Sequential(" in playground.locator("textarea").input_value()
    playground.button("Save the weights").click()
    playground.says("playground.npz")
    assert (lab.root / "playground.npz").exists()


def test_own_points_are_set_moved_and_erased(page, playground):
    playground.changes(choose, playground, "data", "own points")
    playground.locator(PLANE).scroll_into_view_if_needed()

    def spot(x, y):
        return playground.spot(PLANE, x, y)

    playground.changes(playground.click_at, spot(0.3, 0.3))
    playground.press("green square")
    playground.changes(playground.click_at, spot(0.7, 0.7))
    before = playground.settings["points"]
    assert [label for _x, _y, label in before] == [0, 1]
    playground.changes(playground.drag, spot(0.3, 0.3), spot(0.3, 0.8))
    after = playground.settings["points"]
    assert (after[0][1] < before[0][1], after[1]) == (True, before[1])
    place = spot(0.5, 0.2)  # asked before: a running picture is another one the next moment
    playground.run_to(10)
    playground.click_at(place)
    playground.pause()
    assert len(playground.settings["points"]) == 3
    playground.press("erase")
    playground.changes(playground.click_at, place)
    assert len(playground.settings["points"]) == 2
    playground.changes(playground.press, "Remove all")
    assert "points" not in playground.settings


def test_made_points_become_ones_own(playground):
    playground.changes(playground.press, "Make these points mine")
    assert len(playground.settings["points"]) == 200


def test_a_run_that_blows_up_stops_and_offers_the_way_back(playground):
    choose(playground, "experiment", "learning rate 3, and why it blows up")
    choose(playground, "speed", "full speed")
    playground.button("Run").click()
    playground.says("is the first layer whose numbers are no longer finite. The picture shows step")
    playground.settle()
    assert playground.count(".cross") > 8  # those that the experiment tells to watch are still there
    playground.button("Back to the last good state").click()
    playground.says("Back in step")


# ---------------------------------------------------------------- beside other work


def test_a_training_and_other_cells_run_side_by_side(playground):
    playground.run_to(10)
    assert playground.ask("print(sum(range(10)))") == "45"
    playground.wait_for_step(playground.step + 10)
    playground.pause()


def test_pause_and_step_pressed_while_a_cell_computes_are_not_lost(lab, page, playground):
    playground.run_to(10)
    page.evaluate(START, BUSY)
    page.wait_for_function(SAID, arg="computing")
    playground.button("Pause").click()
    playground.button("Step").click()
    (lab.root / "enough").touch()
    page.wait_for_function(SAID, arg="done")
    made = playground.rests()
    playground.changes(playground.press, "Step")
    assert playground.rests() == made + 1


def test_a_cell_that_runs_again_stops_the_old_run(lab, page, playground):
    playground.run_to(10)
    assert lab.run_cell(page, 0) == ""
    assert Playground(lab, page).rests() == 0


def at_full_speed(playground, settings):
    """Run at full speed with other settings; how many lines there are says whether a keyboard reaches them."""
    enter(playground, "settings", settings)
    choose(playground, "speed", "full speed")
    playground.run_to(100)
    playground.area.evaluate("area => area.scrollIntoView()")


def test_a_line_is_grabbed_while_it_runs_at_full_speed(page, playground):
    """The pointer keeps hold of it while pictures come; the weight is where the hand has put it, within a few steps."""
    at_full_speed(playground, '{"data": "spiral", "hidden": [8, 8], "lr": 0.001}')
    line = "x₁→hidden 1, unit 1"  # no other one crosses its middle
    (x, y), weight = playground.spot(f"path[data-item='{line}']", 0.5, 0.5), WEIGHT.format("hidden 1.W", "0, 0")
    start = float(playground.ask(weight))
    page.mouse.move(x, y)
    page.mouse.down()
    playground.settle()
    playground.wait_for_step(playground.step + 100)  # pictures come between
    page.mouse.move(x, y - 50, steps=5)
    page.mouse.up()
    playground.settle()
    assert playground.ask("print(playground.running, playground.choice.chosen.line)") == f"True {line}"
    assert float(playground.ask(weight)) == pytest.approx(start + 1, abs=0.3)
    playground.pause()


def test_a_handle_keeps_the_focus_and_hears_keys_while_it_runs_at_full_speed(page, playground):
    at_full_speed(playground, '{"data": "spiral", "hidden": [8], "lr": 0.001}')
    handle = playground.locator(f"g.handle[data-item='{LINE}']")
    handle.focus()
    playground.wait_for_step(playground.step + 300)
    assert handle.evaluate("handle => handle === document.activeElement")
    playground.keys("End")
    assert float(playground.ask(WEIGHT.format("hidden 1.W", "0, 1"))) == pytest.approx(5, abs=0.3)
    page.wait_for_function(HEARS, arg=4.7)
    assert handle.evaluate("handle => handle === document.activeElement")
    playground.pause()


# ---------------------------------------------------------------- for a minute


@pytest.mark.soak
def test_a_minute_of_running_leaves_memory_flat(page, playground):
    session = page.context.new_cdp_session(page)

    def kernel_and_page():
        session.send("HeapProfiler.collectGarbage")
        return int(playground.ask(MEMORY)), session.send("Runtime.getHeapUsage")["usedSize"]

    playground.button("Run").click()
    page.wait_for_timeout(10_000)  # the curve has as many moments as it keeps
    before = kernel_and_page()
    page.wait_for_timeout(60_000)
    after = kernel_and_page()
    playground.button("Pause").click()
    assert after[0] - before[0] < 5 * 1024  # kB
    assert after[1] - before[1] < 5 * 1024**2


@pytest.mark.soak
def test_on_a_slow_machine_no_pictures_pile_up(page, playground):
    """A page that takes eight times as long for everything has a few pictures on their way, however long it runs."""
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": 8})
    playground.run_to(2000)
    waiting = [int(playground.ask(WAITING)) for _ in range(5)]
    playground.pause()
    assert max(waiting) <= MAX_UNSEEN
