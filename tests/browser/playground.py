"""The playground in a page, as the tests of two files use it."""

import json
import re

import psutil

PLAYGROUND = """from nbkit import TrainingPlayground
playground = TrainingPlayground('{"data": "circles", "hidden": [3], "lr": 0.5}')
playground"""
AREA = ".jp-OutputArea-output:has([data-item='output:0'])"
STEP = r"step (\d+), epoch"
WAIT_FOR_STEP = """([area, least]) => Number(/step (\\d+), epoch/.exec(area.textContent)?.[1]) >= least"""


class Playground:
    """The playground that the first cell of the open notebook has made."""

    def __init__(self, lab, page):
        self.lab, self.page = lab, page
        self.area = page.locator(AREA).first
        self.area.wait_for()
        lab.rendered(page)

    @property
    def settings(self):
        return json.loads(self.lab.ask(self.page, "print(playground.settings.line)"))

    def button(self, name):
        return self.area.locator(f"button:has-text('{name}')")

    def field(self, label, kind="input"):
        row = f".widget-inline-hbox:has(> .widget-label:text-is('{label}'))"
        return self.area.locator(f"{row} {kind}").first

    def slider(self, label):
        return self.field(label, ".noUi-handle")

    def says(self, words):
        self.area.locator(f".nbkit-message:has-text('{words}')").wait_for()

    def step(self):
        return int(re.search(STEP, self.area.text_content())[1])

    def run_to(self, step):
        """Press Run, and come back when the training has got so far; it goes on."""
        self.button("Run").click()
        self.wait_for_step(step)

    def wait_for_step(self, step):
        self.page.wait_for_function(WAIT_FOR_STEP, arg=[self.area.element_handle(), step])

    def rests(self):
        """Return the step in which it stands still; kernel and page agree about it."""
        self.button("Run").wait_for()
        self.lab.settle(self.page)
        running, made = self.lab.ask(self.page, "print(playground.running, playground.experiment.step)").split()
        assert running == "False"
        assert self.step() == int(made)
        return int(made)

    def picture(self):
        return self.area.locator("svg.nbkit").first.inner_html()

    def changes(self, action):
        """Do something that must change the picture."""
        self.lab.settle(self.page)
        before = self.picture()
        action()
        self.lab.settle(self.page)
        assert self.picture() != before


def kernels(lab):
    """Return the process of each kernel that the server runs."""
    children = psutil.Process(lab.server.pid).children(recursive=True)
    return {child.pid for child in children if is_kernel(child)}


def is_kernel(process):
    try:
        return "ipykernel" in str(process.cmdline())
    except psutil.Error:  # it has ended just now
        return False
