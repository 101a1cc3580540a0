"""Chapter 10 in a real page: draw with mouse, finger and keyboard, erase, make another digit, and see what is said."""

import pytest

from tests.browser.lab import cells_of
from tests.browser.widgets import Widget

SHEET = "[data-area=sheet]"
# A handler that notes in which thread of the kernel it runs.
THREADS = """from threading import current_thread
pad.view.on_pointer(lambda _event: print(current_thread().name, file=open("threads", "a")))"""
# Much shorter than in the chapter, and good enough to read a clear digit.
QUICK = """for record in train(net, (x_train, t_train), SGD(0.5), batch_size=32, epochs=8, rng=0):
    pass"""


class Pad(Widget):
    """The pad of the chapter, named `pad`, with held-out digit number 7."""

    @property
    def says(self):
        return self.locator(".widget-html-content").last.text_content()

    @property
    def units(self):
        """How long the bars of the hidden units are."""
        return self.locator("[data-shows]").evaluate_all("all => all.map(bar => Number(bar.getAttribute('width')))")

    @property
    def ink(self):
        """The squares that are not empty."""
        return set(self.locator("[data-pixel]").evaluate_all("all => all.map(p => Number(p.dataset.pixel))"))

    def square(self, x, y):
        """Where (x, y) in squares of the sheet stands on the screen."""
        return self.spot(SHEET, x / 8, y / 8)

    def draw(self, *places):
        self.drag(*[self.square(*place) for place in places], steps=8)


@pytest.fixture
def pad(lab, page):
    parts = cells_of("10_digits.ipynb", "data = digits()", "x_train, x_test", "def make_net(")
    pad = Pad(lab, page, *parts, QUICK, "pad = DigitPad(net, (x_test, t_test), index=7)\npad")
    pad.area.scroll_into_view_if_needed()
    pad.settle()
    assert pad.area.get_by_label("held-out no.").input_value() == "7"
    return pad


def test_a_digit_is_drawn_with_the_mouse_read_and_erased(pad):
    assert "The label of the digit that was loaded" in pad.says
    tops = {pad.button(name).bounding_box()["y"] for name in ("Pen", "Rubber", "Clear", "Undo")}
    assert len(tops) == 1  # equally high
    pad.press("Clear")
    assert "the sheet is empty" in pad.says
    assert pad.ink == set()
    pad.draw((2.2, 0.9), (5.8, 0.9), (3.6, 7.3))
    assert {3, 4, 5, 60} <= pad.ink  # 60 is where the pen was lifted
    assert {0, 56, 63}.isdisjoint(pad.ink)
    assert "The network says 7" in pad.says
    assert pad.box("[data-bar='7']")[2] > pad.box("[data-bar='1']")[2]
    pad.press("Rubber")
    pad.draw((2, 7.5), (6, 7.5))
    assert 60 not in pad.ink
    pad.press("Undo")
    assert 60 in pad.ink
    pad.press("Pen")
    pad.draw((7.5, 7.5), (7.5, 6.5))
    assert 63 in pad.ink
    pad.press("Undo")
    assert 63 not in pad.ink
    pad.press("Undo", "Undo")
    assert "The label of the digit that was loaded" in pad.says
    assert pad.button("Undo").is_disabled()


def test_a_drag_goes_on_where_something_in_the_picture_is_selected(pad):
    """A browser would begin to drag what is selected, and take the pointer away from the picture."""
    pad.press("Clear")
    pad.page.evaluate("() => getSelection().selectAllChildren(document.querySelector('.nbkit-svg-view svg'))")
    pad.draw((1.5, 0.5), (6.5, 0.5))
    assert {1, 2, 3, 4, 5, 6} <= pad.ink


def test_events_are_handled_in_the_thread_of_the_cells_and_in_their_order(lab, pad):
    """In whatever thread JupyterLab wants them: two threads could let a second click come first."""
    assert pad.ask(THREADS) == ""
    pad.press("Clear")
    pad.click_at(*[pad.square(x, 4) for x in (1, 2, 3, 4, 5)])
    assert set((lab.root / "threads").read_text().split()) == {"MainThread"}


def test_the_keyboard_draws_and_erases(pad):
    cells = pad.page.locator(".jp-Cell").count()
    pad.click_at(pad.square(4, 4))  # the cross stands where the mouse was last
    pad.press("Clear")
    assert pad.ink == set()
    pad.keys("Enter", on=pad.locator("div[role=application]"))
    before = pad.ink
    assert 27 in before
    pad.keys(*["ArrowRight"] * 4, "Enter")
    assert before < pad.ink
    assert pad.ink & {37, 38}
    pad.keys("Delete")
    assert 37 not in pad.ink
    assert pad.ink
    assert pad.page.locator(".jp-Cell").count() == cells  # no key was for the notebook


def test_other_digits_are_loaded_and_the_gradient_is_shown(pad):
    index, marks = pad.area.get_by_label("held-out no."), pad.area.get_by_label("mark what ink does")
    pad.press("Next")
    assert index.input_value() == "8"
    pad.press("Previous", "Previous")
    assert index.input_value() == "6"
    index.fill("38")
    pad.keys("Enter", on=index)
    verdict = pad.ask("print(t_test[38], 'right' if pad.decision == t_test[38] else 'wrong', sep=': ')")
    assert f"loaded is {verdict}" in pad.says
    assert pad.count("[data-mark]") == 0
    pad.area.get_by_label("target digit").select_option("4")
    marks.check()
    pad.settle()
    assert "makes 4 likelier" in pad.says
    signs = pad.locator("[data-mark]").evaluate_all("marks => marks.map(mark => mark.dataset.mark[0])")
    assert set(signs) == {"+", "-"}
    marks.uncheck()
    pad.settle()
    assert pad.count("[data-mark]") == 0


def test_hidden_units_follow_the_pen_and_a_pressed_one_shows_its_weights(pad):
    pad.press("Clear")
    before = pad.units
    assert len(before) == 50
    pad.draw((1.5, 0.5), (6.5, 0.5), (3, 7))
    assert pad.units != before
    ink, loudest = pad.ink, int(pad.ask("print(pad.hidden.shows.argmax())"))
    unit = pad.locator(f"[data-item='unit {loudest}']")
    assert unit.locator("title").text_content().startswith(f"unit {loudest} shows ")
    pad.click(f"[data-item='unit {loudest}']")
    assert f"Unit {loudest} shows" in pad.says
    assert pad.count("[data-mark]") > 5
    pad.keys("Enter", on=pad.locator("div[role=application]"))  # the cross stands where the mouse was
    assert pad.count("[data-mark]") == 0
    assert pad.ink == ink


def test_a_digit_becomes_a_3_step_by_step_and_back(pad):
    ink = pad.ink
    pad.area.get_by_label("target digit").select_option("3")
    pad.keys("Enter", on=pad.button("Step"))
    assert "Steps along −dL/dx: 1." in pad.says
    pad.button("Play").click()
    pad.locator("[data-decision='3']").wait_for()
    pad.button("Play").wait_for()  # it has stopped by itself
    pad.settle()
    assert float(pad.ask("print(pad.y[3])")) >= 0.99
    assert pad.ink != ink
    pad.press("As I drew it")
    assert pad.ink == ink
    assert "Steps" not in pad.says


def test_a_finger_draws_and_does_not_scroll(pad):
    """What a touch screen sends; the page is asked not to take it for scrolling."""
    pad.press("Clear")
    assert pad.locator(SHEET).evaluate("sheet => getComputedStyle(sheet).touchAction") == "none"
    places = [dict(zip(("x", "y"), pad.square(x, 4), strict=True)) for x in (1, 3, 5, 7)]
    fingers = pad.page.context.new_cdp_session(pad.page)
    for kind, points in [
        ("touchStart", places[:1]),
        *[("touchMove", [place]) for place in places[1:]],
        ("touchEnd", []),
    ]:
        fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
        pad.settle()
    assert {33, 35, 37} <= pad.ink or {25, 27, 29} <= pad.ink
