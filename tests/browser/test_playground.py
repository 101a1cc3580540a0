"""The playground in a real page: every control, running beside other work, and leaving in the middle of a run."""

import json
import re
import time

import psutil
import pytest

from nbkit.widgets.svg_view import ON_THEIR_WAY
from tests.browser.conftest import fresh_page
from tests.browser.lab import RUN_CELL

DESK = """from nbkit import TrainingPlayground
desk = TrainingPlayground('{"data": "circles", "hidden": [3], "lr": 0.5}')
desk"""
ASK = "print(desk.settings.line)"
BUSY = """import time
end = time.perf_counter() + 2
while time.perf_counter() < end:
    pass
print("done")"""
WAITING = "print(desk.view.number - desk.view.arrived)"
MADE = "print(desk.experiment.step)"
MEMORY = """import gc, pathlib
gc.collect()
print(pathlib.Path("/proc/self/status").read_text().split("VmRSS:")[1].split()[0])"""
PLANE = """() => {
    const plane = document.querySelector("rect[data-pad='plane']");
    plane.scrollIntoView({ block: 'center' });
    const { x, y, width, height } = plane.getBoundingClientRect();
    return [x, y, width, height];
}"""


class Desk:
    """The page with the playground in its first cell."""

    def __init__(self, lab, page, name="desk.ipynb"):
        self.lab, self.page = lab, page
        lab.open(page, lab.write(name, DESK, ASK, BUSY, MEMORY, WAITING, MADE))
        self.fresh()

    def fresh(self):
        assert self.run_cell(0) == ""
        self.area = self.page.locator(".jp-OutputArea-output:has([data-item='output:0'])").first
        self.area.wait_for()

    def run_cell(self, index):
        return self.lab.run_cell(self.page, index).strip()

    @property
    def settings(self):
        return json.loads(self.run_cell(1))

    def button(self, name):
        return self.area.locator(f"button:has-text('{name}')")

    def field(self, label, kind="input"):
        row = f".widget-inline-hbox:has(> .widget-label:text-is('{label}'))"
        return self.area.locator(f"{row} {kind}").first

    def slider(self, label):
        return self.field(label, ".noUi-handle")

    def step(self):
        words = self.area.locator(".widget-html-content:has-text('step')").first.text_content()
        return int(re.search(r"step (\d+)", words)[1])

    def wait_for_step(self, at_least):
        deadline = time.monotonic() + 20
        while self.step() < at_least:
            assert time.monotonic() < deadline, f"still in step {self.step()}"
            self.page.wait_for_timeout(30)

    def run_to(self, step):
        """Press Run, and come back when the training has got so far; it goes on."""
        self.button("Run").click()
        self.wait_for_step(step)

    def stands_still(self):
        """Whether no step is made for a while, once the button says that it could run again."""
        self.button("Run").wait_for()
        self.lab.settle(self.page)
        before = self.step()
        self.page.wait_for_timeout(400)
        return self.step() == before

    def changes(self, action):
        """Do something, and wait until the picture is another one."""
        before = self.area.locator("svg.nbkit").first.inner_html()
        action()
        self.page.wait_for_function(
            "([area, before]) => area.querySelector('svg.nbkit').innerHTML !== before",
            arg=[self.area.element_handle(), before],
        )
        self.lab.settle(self.page)  # the words come after the picture


@pytest.fixture(scope="module")
def opened(lab, module_page):
    return Desk(lab, module_page)


@pytest.fixture
def desk(opened):
    opened.fresh()
    return opened


# ---------------------------------------------------------------- every control


def test_sliders_and_pickers_reach_the_settings_and_the_picture(desk):
    before = desk.settings
    for label, key in (("noise", "ArrowRight"), ("held out", "ArrowLeft")):
        desk.changes(lambda label=label, key=key: desk.slider(label).press(key))
    for label, key in (("lr", "ArrowLeft"), ("batch", "ArrowLeft"), ("weight decay", "End")):  # show in later steps
        desk.slider(label).press(key)
    for label, choice in (("activation", "ReLU"), ("loss", "squared error")):
        desk.changes(lambda label=label, choice=choice: desk.field(label, "select").select_option(label=choice))
    desk.field("optimizer", "select").select_option(label="Adam")
    desk.field("seed").fill("3")
    desk.changes(lambda: desk.field("seed").press("Enter"))
    after = desk.settings
    expected = {"noise": 0.15, "held_out": 0.2, "weight_decay": 3.0, "lr": 0.3, "batch_size": 8, "activation": "ReLU",
                "loss": "squared error", "optimizer": "Adam", "seed": 3}  # fmt: skip
    assert after == {**before, **expected}
    desk.changes(lambda: desk.field("data", "select").select_option(label="iris, petals"))
    assert desk.area.locator("[data-item^='output:']").count() == 3


def test_layers_and_units(desk):
    desk.field("hidden layers").fill("2")
    desk.changes(lambda: desk.field("hidden layers").press("Enter"))
    desk.field("units 2").fill("5")
    desk.changes(lambda: desk.field("units 2").press("Enter"))
    assert desk.area.locator("[data-item^='hidden 2:']").count() == 5


def test_buttons_step_run_pause_and_reset(desk):
    desk.changes(desk.button("Step").click)
    assert desk.step() == 1
    desk.changes(desk.button("Epoch").click)
    epoch = desk.step()
    assert epoch > 2
    desk.run_to(epoch + 100)
    desk.button("Pause").click()
    assert desk.stands_still()
    desk.changes(desk.button("Reset").click)
    assert desk.step() == 0


def test_the_speed_can_be_slow(desk):
    speed = desk.field("speed", "select")
    assert speed.evaluate("box => box.selectedOptions[0].label").split() == ["full", "speed"]
    speed.select_option(label="1 step a picture")
    desk.run_to(3)
    desk.button("Pause").click()
    assert desk.stands_still()
    assert desk.step() < 1000


def test_a_preset_shows_its_comment(desk):
    desk.changes(lambda: desk.field("experiment", "select").select_option(label="the spiral, learned"))
    desk.area.locator("text=Two layers of eight").wait_for()
    assert desk.area.locator("[data-item^='hidden 2:']").count() == 8


def test_a_pressed_unit_lets_its_bias_be_moved(desk):
    desk.changes(desk.area.locator("[data-item='hidden 1:1']").click)
    handle = desk.slider("bias of hidden 1, unit 2")
    desk.changes(lambda: handle.press("End"))
    assert desk.run_cell(1) != ""
    desk.changes(lambda: desk.field("lines show", "select").select_option(label="gradients"))


def test_a_line_of_settings_can_be_pasted(desk):
    line = desk.field("settings")
    line.fill('{"data": "moons", "hidden": [6]}')
    desk.changes(lambda: line.press("Enter"))
    assert desk.settings == {"data": "moons", "hidden": [6]}
    line.fill("{nonsense")
    line.press("Enter")
    desk.area.locator(".nbkit-message:has-text('cannot be read')").wait_for()
    assert desk.settings == {"data": "moons", "hidden": [6]}
    assert json.loads(line.input_value()) == {"data": "moons", "hidden": [6]}


def test_code_and_weights_can_be_taken_away(desk):
    desk.button("Step").click()
    desk.button("Show as code").click()
    text = desk.area.locator("textarea")
    text.wait_for()
    assert "Sequential(" in text.input_value()
    desk.button("Save the weights").click()
    desk.area.locator(".nbkit-message:has-text('playground.npz')").wait_for()
    assert (desk.lab.root / "playground.npz").exists()


def test_own_points_are_set_moved_and_erased(desk):
    page = desk.page
    desk.changes(lambda: desk.field("data", "select").select_option(label="own points"))
    desk.button("erase").wait_for()  # the row of colours pushes the picture down

    def spot(x, y):
        left, top, width, height = page.evaluate(PLANE)
        return left + x * width, top + y * height

    desk.changes(lambda: page.mouse.click(*spot(0.3, 0.3)))
    desk.button("red").click()
    desk.changes(lambda: page.mouse.click(*spot(0.7, 0.7)))
    assert [point[2] for point in desk.settings["points"]] == [0, 1]

    def drag():
        page.mouse.move(*spot(0.3, 0.3))
        page.mouse.down()
        page.mouse.move(*spot(0.3, 0.8), steps=8)
        page.mouse.up()

    before = desk.settings["points"]
    desk.changes(drag)
    page.wait_for_timeout(300)
    after = desk.settings["points"]
    assert (after[0][1] < before[0][1], after[1]) == (True, before[1])
    desk.run_to(50)
    desk.changes(lambda: page.mouse.click(*spot(0.5, 0.2)))  # in the middle of the run
    desk.button("Pause").click()
    assert len(desk.settings["points"]) == 3
    desk.button("erase").click()
    desk.changes(lambda: page.mouse.click(*spot(0.5, 0.2)))
    assert len(desk.settings["points"]) == 2
    desk.changes(desk.button("Remove all").click)
    assert "points" not in desk.settings


def test_made_points_become_ones_own(desk):
    desk.changes(desk.button("Make these points mine").click)
    assert len(desk.settings["points"]) == 200


def test_a_run_that_blows_up_stops_and_offers_the_way_back(desk):
    desk.field("experiment", "select").select_option(label="learning rate 3, and why it blows up")
    desk.button("Run").click()
    desk.area.locator(".nbkit-message:has-text('is the first layer whose numbers are no longer finite')").wait_for()
    desk.button("Run").wait_for()
    desk.button("Back to the last good state").click()
    desk.area.locator(".nbkit-message:has-text('Back in step')").wait_for()


# ---------------------------------------------------------------- beside other work


def test_other_cells_run_meanwhile(desk):
    desk.run_to(100)
    assert desk.run_cell(2) == "done"  # a cell that computes for two seconds
    desk.wait_for_step(desk.step() + 100)  # and the training goes on
    desk.button("Pause").click()
    assert desk.stands_still()


def test_run_pause_and_step_pressed_while_a_cell_computes_are_not_lost(desk):
    desk.run_to(100)
    desk.page.evaluate("index => { window.busy = (" + RUN_CELL + ")(index); }", 2)
    desk.page.wait_for_timeout(300)
    desk.button("Pause").click()
    desk.button("Step").click()
    desk.page.evaluate("() => window.busy")
    assert desk.stands_still()
    desk.button("Run").wait_for()
    before = desk.step()
    desk.changes(desk.button("Step").click)
    assert desk.step() == before + 1


def test_a_cell_that_runs_again_stops_the_old_run(desk):
    desk.run_to(100)
    desk.fresh()
    assert desk.stands_still()
    assert desk.step() == 0


def test_a_minute_of_running_leaves_memory_flat(desk):
    session = desk.page.context.new_cdp_session(desk.page)

    def page_bytes():
        session.send("HeapProfiler.collectGarbage")
        return session.send("Runtime.getHeapUsage")["usedSize"]

    desk.button("Run").click()
    desk.page.wait_for_timeout(10_000)  # the curve has as many moments as it keeps
    kernel, page = int(desk.run_cell(3)), page_bytes()
    desk.page.wait_for_timeout(60_000)
    grown = int(desk.run_cell(3)) - kernel, page_bytes() - page
    desk.button("Pause").click()
    assert grown[0] < 5 * 1024  # kB
    assert grown[1] < 5 * 1024**2


def test_on_a_slow_machine_no_pictures_pile_up(desk):
    """A page that takes eight times as long for everything has a few pictures on their way, however long it runs."""
    session = desk.page.context.new_cdp_session(desk.page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": 8})
    desk.run_to(2000)
    waiting = [int(desk.run_cell(4)) for _ in range(5)]
    desk.button("Pause").click()
    assert desk.stands_still()
    assert max(waiting) <= ON_THEIR_WAY
    assert desk.step() == int(desk.run_cell(5))
    session.send("Emulation.setCPUThrottlingRate", {"rate": 1})


# ---------------------------------------------------------------- leaving in the middle


def kernels(lab):
    return [
        child
        for child in psutil.Process(lab.server.pid).children(recursive=True)
        if "ipykernel" in str(child.cmdline())
    ]


def wait_until(condition):
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_closing_the_page_or_restarting_the_kernel_leaves_nothing_behind(browser, lab):
    before = {kernel.pid for kernel in kernels(lab)}
    with fresh_page(browser, lab) as page:
        desk = Desk(lab, page, "leaving.ipynb")
        desk.run_to(100)
        (old,) = [kernel.pid for kernel in kernels(lab) if kernel.pid not in before]
        page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()")
        wait_until(lambda: not psutil.pid_exists(old))
        page.wait_for_function(
            "() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.status === 'idle'"
        )
        desk.fresh()  # the notebook can be used at once
        desk.run_to(100)
        page.goto("about:blank")  # the page is gone, the kernel trains on for nobody
        page.wait_for_timeout(1000)
        lab.open(page, "leaving.ipynb")
        desk.fresh()  # the same kernel: the cell runs again, and the old run is closed
        assert desk.stands_still()
    wait_until(lambda: {kernel.pid for kernel in kernels(lab)} == before)
    assert lab.raised() == set()
