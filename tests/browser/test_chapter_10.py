"""Chapter 10 in a real page: draw with mouse and keyboard, rub out, move, and see what the network says."""

import pytest

from tests.browser.lab import cells_of

# Much shorter than in the chapter, and good enough to read a clear digit.
QUICK = """for record in train(net, (x_train, t_train), SGD(0.5), batch_size=32, epochs=8, rng=0):
    pass"""
PARTS = "data = digits()", "x_train, x_test", "def make_net("


@pytest.fixture
def pad(lab, page):
    """The pad of the chapter, named `pad`, with held-out digit number 7."""
    imports, digits, split, make_net = cells_of("10_digits.ipynb", *PARTS)
    made = "pad = DigitPad(net, (x_test, t_test), index=7)\npad"
    lab.show(page, imports, digits, split, make_net, QUICK, made)
    area = page.locator(".jp-OutputArea-output:has([data-pad=sheet])")
    area.scroll_into_view_if_needed()
    lab.settle(page)
    assert area.get_by_label("held-out no.").input_value() == "7"
    return area


def says(area):
    return area.locator(".widget-html-content").last.text_content()


def inked(area):
    return set(area.locator("[data-pixel]").evaluate_all("pixels => pixels.map(p => Number(p.dataset.pixel))"))


def shade(area, pixel):
    style = area.locator(f"[data-pixel='{pixel}']").get_attribute("style")
    return style.split("fill-opacity:")[1]


def spot(area, x, y):
    """Where (x, y) in squares of the sheet stands on the screen."""
    box = area.locator("[data-pad=sheet]").bounding_box()
    return box["x"] + box["width"] * x / 8, box["y"] + box["height"] * y / 8


def bar(area, k):
    return float(area.locator(f"[data-bar='{k}']").get_attribute("width"))


@pytest.fixture
def press(lab, page, pad):
    """Return a function that presses one button of the pad after the other."""

    def press(*names):
        for name in names:
            pad.locator("button", has_text=name).click()  # their icons are part of their names
        lab.settle(page)

    return press


@pytest.fixture
def drag(lab, page, pad):
    """Return a function that pulls the pen through places, and waits for the ink at each: a slow page skips some."""

    def drag(*places):
        first, *others = [spot(pad, *place) for place in places]
        page.mouse.move(*first)
        page.mouse.down()
        for place in others:
            page.mouse.move(*place, steps=8)
            lab.settle(page)
        page.mouse.up()
        lab.settle(page)

    return drag


def test_a_digit_is_drawn_with_the_mouse_read_and_rubbed_out(pad, press, drag):
    assert "The label of the digit that was loaded" in says(pad)
    names = "Pen", "Rubber", "Clear", "Fit"
    assert len({pad.locator("button", has_text=name).bounding_box()["y"] for name in names}) == 1  # equally high

    press("Clear")
    assert "the sheet is empty" in says(pad)
    assert inked(pad) == set()
    drag((2.2, 0.9), (5.8, 0.9), (3.6, 7.3))
    assert {3, 4, 5, 60} <= inked(pad)  # 60 is where the pen was lifted
    assert {0, 56, 63}.isdisjoint(inked(pad))
    assert "The network says 7" in says(pad)
    assert bar(pad, 7) > bar(pad, 1)

    press("Rubber")
    drag((2, 7.5), (6, 7.5))
    assert 60 not in inked(pad)
    press("Pen")
    drag((2, 7.5), (6, 7.5))
    assert 60 in inked(pad)


def test_the_keyboard_draws_and_rubs_out(lab, page, pad, press):
    page.mouse.click(*spot(pad, 4, 4))  # the cross stands where the mouse was last
    press("Clear")
    assert inked(pad) == set()
    pad.locator("div[role=application]").focus()
    page.keyboard.press("Enter")
    lab.settle(page)
    before = inked(pad)
    assert 27 in before
    for _square in range(4):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    lab.settle(page)
    after = inked(pad)
    assert before < after
    assert after & {37, 38}
    page.keyboard.press("Delete")
    lab.settle(page)
    assert 37 not in inked(pad)
    assert inked(pad)


def test_moving_inverting_and_fitting_change_the_sheet(page, pad, press):
    before = shade(pad, 36)
    for name, place in {"Right": 37, "Down": 45, "Left": 44, "Up": 36}.items():
        press(name)
        assert shade(pad, place) == before
    assert 0 not in inked(pad)
    press("Invert")
    assert 0 in inked(pad)

    press("Clear")
    assert "the sheet is empty" in says(pad)
    page.mouse.click(*spot(pad, 4, 4))
    press()
    assert 27 in inked(pad)
    assert {3, 11}.isdisjoint(inked(pad))
    press("Fit")
    assert 11 in inked(pad)


def test_other_digits_are_loaded_and_the_gradient_is_shown(lab, page, pad, press):
    index, marks = pad.get_by_label("held-out no."), pad.get_by_label("show dL/dx for")
    press("Next")
    assert index.input_value() == "8"
    press("Previous", "Previous")
    assert index.input_value() == "6"
    index.fill("38")
    index.press("Enter")
    lab.settle(page)
    verdict = lab.ask(page, "print(t_test[38], 'right' if pad.decision == t_test[38] else 'wrong', sep=': ')")
    assert f"loaded is {verdict}" in says(pad)
    assert pad.locator("[data-mark]").count() == 0
    marks.select_option("4")
    lab.settle(page)
    assert "makes 4 likelier" in says(pad)
    signs = pad.locator("[data-mark]").evaluate_all("marks => marks.map(mark => mark.dataset.mark[0])")
    assert set(signs) == {"+", "-"}
    marks.select_option("nothing")
    lab.settle(page)
    assert pad.locator("[data-mark]").count() == 0
