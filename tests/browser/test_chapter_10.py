"""Chapter 10 in a real page: draw with mouse and keyboard, rub out, move, and see what the network says."""

import pytest
from playwright.sync_api import expect


@pytest.fixture(scope="module")
def opened(lab, module_page):
    lab.open(module_page, "10_digits.ipynb")
    assert lab.run_all(module_page) == []
    module_page.locator("[data-pad=sheet]").first.wait_for()
    return module_page


@pytest.fixture
def pad(opened):
    """The first pad of the chapter, on the sheet that it begins with."""
    area = opened.locator(".jp-OutputArea-output:has([data-pad=sheet])").first
    area.scroll_into_view_if_needed()
    press(area, "Clear")
    says(area, "the sheet is empty")
    for name, number in {"Next": "8", "Previous": "7"}.items():  # only the last test leaves number 7
        press(area, name)
        expect(area.get_by_label("held-out no.")).to_have_value(number, timeout=20_000)
    says(area, "The label of the digit that was loaded")
    return area


def press(area, name):
    area.locator("button", has_text=name).click()  # their icons are part of their names


def says(area, words):
    area.locator(f".widget-html-content:has-text('{words}')").wait_for()


def inked(area):
    return [int(pixel.get_attribute("data-pixel")) for pixel in area.locator("[data-pixel]").all()]


def spot(area, x, y):
    """Where (x, y) in squares of the sheet stands on the screen."""
    box = None
    while box is None:  # as it is while the picture is being swapped
        box = area.locator("[data-pad=sheet]").bounding_box()
    return box["x"] + box["width"] * x / 8, box["y"] + box["height"] * y / 8


def drag(page, area, *places):
    """Pull the pen through places; where they are is asked before, as the picture is swapped on the way."""
    first, *others = [spot(area, *place) for place in places]
    page.mouse.move(*first)
    page.mouse.down()
    for place in others:
        page.mouse.move(*place, steps=8)
    page.mouse.up()


def bar(area, k):
    return float(area.locator(f"[data-bar='{k}']").get_attribute("width"))


def test_a_digit_is_drawn_with_the_mouse_and_read(opened, pad):
    press(pad, "Clear")
    says(pad, "the sheet is empty")
    assert inked(pad) == []
    drag(opened, pad, (2.2, 0.9), (5.8, 0.9), (3.6, 7.3))
    pad.locator("[data-pixel='60']").wait_for()  # where the pen was lifted
    says(pad, "The network says 7")
    assert {3, 4, 5, 60} <= set(inked(pad))
    assert {0, 56, 63}.isdisjoint(inked(pad))
    assert bar(pad, 7) > bar(pad, 1)

    press(pad, "Rubber")
    drag(opened, pad, (2, 7.5), (6, 7.5))
    pad.locator("[data-pixel='60']").wait_for(state="detached")
    press(pad, "Pen")


def test_pen_and_rubber_stand_as_high_as_the_buttons_beside_them(pad):
    tops = {pad.locator("button", has_text=name).bounding_box()["y"] for name in ("Pen", "Rubber", "Clear", "Fit")}
    assert len(tops) == 1


def test_the_keyboard_draws_and_rubs_out(opened, pad):
    opened.mouse.click(*spot(pad, 4, 4))  # the cross stands where the mouse was last
    press(pad, "Clear")
    says(pad, "the sheet is empty")
    pad.locator("div[role=application]").focus()
    opened.keyboard.press("Enter")
    pad.locator("[data-pixel='27']").wait_for()
    before = inked(pad)
    for _square in range(4):
        opened.keyboard.press("ArrowRight")
    opened.keyboard.press("Enter")
    pad.locator("[data-pixel='38'], [data-pixel='37']").first.wait_for()
    assert set(before) < set(inked(pad))
    opened.keyboard.press("Delete")
    pad.locator("[data-pixel='37']").wait_for(state="detached")
    assert inked(pad)


def test_moving_inverting_and_fitting_change_the_sheet(pad):
    def pixel(i):
        style = pad.locator(f"[data-pixel='{i}']").get_attribute("style")
        return style.split("fill-opacity:")[1]

    shade = pixel(36)
    for name, place in {"Right": 37, "Down": 45, "Left": 44, "Up": 36}.items():
        press(pad, name)
        pad.locator(f"[data-pixel='{place}'][style*='fill-opacity:{shade}']").wait_for()
    assert 0 not in inked(pad)
    press(pad, "Invert")
    pad.locator("[data-pixel='0']").wait_for()
    press(pad, "Clear")
    says(pad, "the sheet is empty")


def test_fit_stretches_a_small_drawing(opened, pad):
    press(pad, "Clear")
    says(pad, "the sheet is empty")
    opened.mouse.click(*spot(pad, 4, 4))
    pad.locator("[data-pixel='27']").wait_for()
    assert 3 not in inked(pad)
    press(pad, "Fit")
    pad.locator("[data-pixel='11']").wait_for()


def test_other_digits_are_loaded_and_the_gradient_is_shown(pad):
    index = pad.get_by_label("held-out no.")
    press(pad, "Next")
    expect(index).to_have_value("8", timeout=20_000)
    index.fill("38")
    index.press("Enter")
    says(pad, "loaded is 4: wrong")
    assert pad.locator("[data-mark]").count() == 0
    pad.get_by_label("show dL/dx for").select_option("4")
    pad.locator("[data-mark]").first.wait_for()
    says(pad, "makes 4 likelier")
    signs = {mark.get_attribute("data-mark")[0] for mark in pad.locator("[data-mark]").all()}
    assert signs == {"+", "-"}
    pad.get_by_label("show dL/dx for").select_option("nothing")
    pad.locator("[data-mark]").first.wait_for(state="detached")
