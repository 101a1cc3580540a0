"""One of each widget of the course, and a widget in the page as a user has it."""

import json
import re

WIDGETS = {
    "GraphExplorer": "GraphExplorer(x * (x + y))",
    "GraphQuiz": "GraphQuiz(x * (x + y), rng=0)",
    "OrderLab": "OrderLab(x * (x + y))",
    "NudgeLab": "NudgeLab(x * x * x)",
    "ProductExplorer": "ProductExplorer()",
    "BugHunt": "BugHunt(2)",
    "CostCounter": "CostCounter(lambda n: sum(Variable(i, f'x{i}') * 2 for i in range(n)))",
    "DescentExplorer": "DescentExplorer()",
    "RegressionExplorer": "RegressionExplorer()",
    "SetupCheck": "SetupCheck()",
    "ActivationExplorer": "ActivationExplorer()",
    "AffineExplorer": "AffineExplorer()",
    "SoftmaxExplorer": "SoftmaxExplorer()",
    "ConvolutionExplorer": "ConvolutionExplorer()",
    "HatsExplorer": "HatsExplorer()",
    "DigitPad": "DigitPad(reader, (np.eye(64)[:10], np.arange(10)))",
    "RejectExplorer": "RejectExplorer({who: [(np.linspace(low, 1, 50), np.arange(50) % 9 > 0)] "
    "for who, low in [('known', 0.3), ('new', 0.2)]})",
    "WeightSliders": "WeightSliders()",
    "HiddenPlane": "HiddenPlane(steps=100)",
    "SeedGallery": "SeedGallery(seeds=4)",
    "TrainingExplorer": "TrainingExplorer(net, (data.x, data.t), classes=data.classes)",
    "NanTracer": "NanTracer((x - y) ** 0.5)",
    "TrainingPlayground": "TrainingPlayground()",
    "TraceLab": "TraceLab()",
    "ZoomLab": "ZoomLab(Sequential([Affine.random(2, 2, 0)], MSELoss()), [[1, 2]], [[0, 1]])",
    "TrainingExplorer, all sliders": "TrainingExplorer(make, (data.x, data.t), widths=(2, 30), batch_sizes=(1,), "
    "weights=data.features)",
}
# The first cell, after which a cell can make any of them.
FIRST = """import numpy as np
from nbkit import *
x, y = Variable(2, "x"), Variable(3, "y")
data = datasets.xor()
net = Sequential([Affine.random(2, 2, 0)], SoftmaxWithLoss())
reader = Sequential([Affine.random(64, 10, 0)], SoftmaxWithLoss())
def make(width, rng):
    return Sequential([Affine.random(2, width, rng), Tanh(), Affine.random(width, 2, rng)], SoftmaxWithLoss())"""
PANEL = ".jp-OutputArea-output:has(> .nbkit-panel)"
# Shows a view alone in a plain page, without a kernel; `put` gives it another value, as the kernel would. What it has
# shown is noted in `shown`.
ALONE = """([module, sheet, state]) => {
    const address = URL.createObjectURL(new Blob([module], { type: 'text/javascript' }));
    document.head.append(Object.assign(document.createElement('style'), { textContent: sheet }));
    return import(address).then(({ default: { render } }) => {
        const heard = {};
        window.put = (name, value) => { state[name] = value; heard['change:' + name]?.(); };
        const model = { get: name => state[name], set: put, save_changes() {}, send() {}, off() {},
                        on: (event, handler) => { heard[event] = handler; } };
        const el = document.body.appendChild(document.createElement('div'));
        render({ el, model });
        window.shown = [];
        new MutationObserver(() => { window.shown.push(el.textContent.trim()); })
            .observe(el, { childList: true, characterData: true, subtree: true });
    });
}"""


def alone(page, view):
    """Show a view in a plain page."""
    state = {name: value for name, value in view.get_state().items() if not name.startswith("_") and name != "layout"}
    page.evaluate(ALONE, [view._esm, str(getattr(view, "_css", "") or ""), state])


class Widget:
    """A panel in the page; each method that does something comes back when the page shows what came of it."""

    def __init__(self, lab, page, *cells):
        if cells:
            lab.show(page, *cells)
        self.lab, self.page = lab, page
        self.area = page.locator(PANEL).last
        self.locator = self.area.locator

    def settle(self):
        self.lab.settle(self.page)

    def ask(self, code):
        """Run code in the kernel, and return what it printed."""
        return self.lab.ask(self.page, code)

    # ------------------------------------------------------------ what a user does

    def press(self, *names, exact=False):
        """Click buttons one after the other."""
        for name in names:
            self.button(name, exact).click()
        self.settle()

    def keys(self, *keys, on=None):
        """Press keys one after the other, on what has the focus or on a place."""
        if on is not None:
            on.focus()
        for key in keys:
            self.page.keyboard.press(key)
        self.settle()

    def slide(self, label, *keys):
        """Press keys on a slider."""
        self.keys(*keys, on=self.slider(label))

    def write(self, text):
        """Type on the keyboard."""
        self.page.keyboard.type(text)
        self.settle()

    def type_over(self, box, text):
        """Type into a box, or a slider's number, in the place of what stands there."""
        box.click()
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)
        self.keys("Enter")

    def click(self, place, **where):
        """Click the first thing at a CSS selector."""
        self.locator(place).first.click(**where)
        self.settle()

    def click_at(self, *spots):
        """Click places on the screen."""
        for x, y in spots:
            self.page.mouse.click(x, y)
        self.settle()

    def drag(self, *spots, steps=15):
        """Drag with the mouse through places on the screen, and wait at each: a slow page skips some on the way."""
        self.page.mouse.move(*spots[0])
        self.page.mouse.down()
        for x, y in spots[1:]:
            self.page.mouse.move(x, y, steps=steps)
            self.settle()
        self.page.mouse.up()
        self.settle()

    def select(self, label, *, at=None):
        """Choose from the drop-down list of the panel, or from that at a CSS selector."""
        self.locator(at or "select").first.select_option(**({"label": label} if isinstance(label, str) else label))
        self.settle()

    # ------------------------------------------------------------ what a user sees

    def button(self, name, exact=False):
        return self.area.get_by_role("button", name=name, exact=exact)

    def slider(self, label):
        """The handle of the slider with this label."""
        return self.field(label, ".noUi-handle")

    def field(self, label, kind="input"):
        """What stands in one row with a label."""
        row = f".widget-inline-hbox:has(> .widget-label:text-is('{label}'))"
        return self.locator(f"{row} {kind}").first

    def readout(self, label):
        return self.field(label, ".widget-readout")

    def number(self, key):
        """The text in the picture that has this ``data-number``."""
        return self.locator(f"[data-number='{key}']").text_content()

    def numbers(self, *keys):
        return [self.number(key) for key in keys]

    def texts(self, place):
        return self.locator(place).all_text_contents()

    def count(self, place):
        return self.locator(place).count()

    def box(self, place):
        """Left, top, width and height on the screen of the first thing at a CSS selector, in a picture that stands."""
        return tuple(self.locator(place).first.bounding_box().values())

    def spot(self, place, across, down):
        """A place on the screen, in shares of a thing's width and height from its upper left corner."""
        x, y, width, height = self.box(place)
        return x + across * width, y + down * height

    @property
    def words(self):
        """All sentences of the panel."""
        return " ".join(" ".join(self.texts(".widget-html-content")).split())

    @property
    def pictures(self):
        """All that the pictures show."""
        return self.locator("svg.nbkit").evaluate_all("all => all.map(svg => svg.innerHTML).join()")

    @property
    def counter(self):
        return self.locator(".nbkit-counter").text_content()


class Playground(Widget):
    """The playground, named `playground` in the kernel."""

    CELL = """from nbkit import TrainingPlayground
playground = TrainingPlayground('{"data": "circles", "hidden": [3], "lr": 0.5}')
playground"""
    REACHED = """([area, least]) => Number(/step (\\d+), epoch/.exec(area.textContent)?.[1]) >= least"""

    def __init__(self, lab, page, *cells):
        super().__init__(lab, page, *cells)
        self.area.wait_for()
        lab.rendered(page)

    @property
    def settings(self):
        return json.loads(self.ask("print(playground.settings.to_json())"))

    def says(self, words):
        """Wait for a message."""
        self.locator(f".nbkit-message:has-text('{words}')").wait_for()

    @property
    def step(self):
        return int(re.search(r"step (\d+), epoch", self.area.text_content())[1])

    def run_to(self, step):
        """Press Run, and come back when the training has got so far; it goes on."""
        self.button("Run").click()
        self.wait_for_step(step)

    def wait_for_step(self, step):
        self.page.wait_for_function(self.REACHED, arg=[self.area.element_handle(), step])

    def pause(self):
        """Press Pause, and return the step in which it stands still."""
        self.button("Pause").click()
        return self.rests()

    def rests(self):
        """Return the step in which it stands still; kernel and page agree about it."""
        self.button("Run").wait_for()
        self.settle()
        running, made = self.ask("print(playground.running, playground.experiment.step)").split()
        assert (running, int(made)) == ("False", self.step)
        return self.step

    def changes(self, action, *arguments):
        """Do something that must change the picture."""
        self.settle()
        before = self.pictures
        action(*arguments)
        self.settle()
        assert self.pictures != before
