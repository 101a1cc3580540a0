"""A picture that can be touched: pointer and keyboard reach Python, and the notebook does not react."""

import pytest

PAD = """from nbkit.drawing.chart.frame import Frame, page
from nbkit.widgets.kit.panel import Panel
from nbkit.widgets.kit.svg_view import SvgView


class Pad(Panel):
    def __init__(self):
        self.view, self.told = SvgView(), []
        self.frame = Frame((46, 28, 300, 222), (0, 3), (0, 1), "x", "y")
        super().__init__([self.view])
        self.view.on_touch(self.guard(self.touched))
        self.show(1.5, 0.5)

    def show(self, x, y):
        dot = f'<circle data-item="dot" data-on="plane" cx="{self.frame.x(x):.0f}" cy="{self.frame.y(y):.0f}" r="8"/>'
        self.view.svg = page([self.frame.svg, self.frame.pad("plane"), dot], "Pad", "Touch it")

    def touched(self, touch):
        self.told.append(f"{touch.hand} {touch.pad} {touch.item}")
        x, y = self.frame.values(touch.x, touch.y)
        self.show(x, y)
        self.tell(f"{' | '.join(self.told[-3:])} at {x:.2f} {y:.2f}")

    def still_picture(self):
        return self.view.svg


Pad()"""

# A picture that notes in which thread of the kernel it is clicked.
THREADS = """from threading import current_thread
panel = Pad()
panel.view.on_touch(lambda _touch: print(current_thread().name, file=open("threads", "a")))
panel"""


@pytest.fixture
def pad(lab, page):
    lab.show(page, PAD)
    page.locator("svg circle[data-item]").wait_for()
    return page


def message(page, words):
    page.locator(f".nbkit-message:has-text('{words}')").wait_for()


def spot(page, x, y):
    """Where data (x, y) stands on the screen."""
    box = page.locator("[data-pad]").bounding_box()
    return box["x"] + box["width"] * x / 3, box["y"] + box["height"] * (1 - y)


def drag(page, start, end):
    """Drag from one place to the other; where they are is asked before, as the picture is swapped on the way."""
    places = spot(page, *start), spot(page, *end)
    page.mouse.move(*places[0])
    page.mouse.down()
    page.mouse.move(*places[1], steps=20)
    page.mouse.up()


def test_a_press_and_a_drag_are_heard_where_they_happen(lab, pad):
    pad.mouse.click(*spot(pad, 0.6, 0.9))
    message(pad, "press plane None | drop plane None at 0.60 0.90")
    lab.settle(pad)
    drag(pad, (0.6, 0.9), (2.4, 0.2))
    message(pad, "drag plane dot | drop plane dot at 2.40 0.20")
    lab.settle(pad)
    dot, area = pad.locator("circle[data-item]").bounding_box(), spot(pad, 2.4, 0.2)
    assert dot["x"] + dot["width"] / 2 == pytest.approx(area[0], abs=1.5)


def test_the_kernel_handles_events_in_the_thread_of_the_cells(lab, page):
    """In whatever thread JupyterLab wants them: two threads could let a second click come first."""
    lab.show(page, PAD, THREADS)
    picture = page.locator("[data-pad]").last
    for k in range(5):
        picture.click(position={"x": 20 + 30 * k, "y": 20})
    lab.settle(page)
    assert set((lab.root / "threads").read_text().split()) == {"MainThread"}


def test_a_drag_goes_on_where_something_in_the_picture_is_selected(pad):
    """A browser would begin to drag what is selected, and take the pointer away from the picture."""
    pad.evaluate("() => getSelection().selectAllChildren(document.querySelector('.nbkit-svg-view svg'))")
    drag(pad, (0.6, 0.9), (2.4, 0.2))
    message(pad, "drag plane None | drop plane None at 2.40 0.20")


def test_the_keyboard_does_all_that_a_pointer_does(pad):
    cells = pad.locator(".jp-Cell").count()
    pad.locator("div[role=application]").focus()
    pad.keyboard.press("Enter")  # the cross starts in the middle, on the dot
    message(pad, "press plane dot | drop plane dot at 1.50 0.50")
    for _ in range(5):
        pad.keyboard.press("ArrowRight")  # 40 of 300 pixels
    pad.locator(".nbkit-cursor").wait_for()
    pad.keyboard.press("Enter")
    message(pad, "press plane None | drop plane None at 1.90 0.50")
    pad.keyboard.press("Delete")
    message(pad, "delete plane dot at 1.90 0.50")
    assert pad.locator(".jp-Cell").count() == cells
