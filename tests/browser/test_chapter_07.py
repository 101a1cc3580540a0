"""Chapter 07 in a real page: keyboard, mouse and pickers walk downhill, and divergence is called by its name."""

import re

import pytest

from tests.browser.test_learner import slider


@pytest.fixture(scope="module")
def page(lab, module_page):
    lab.open(module_page, "07_gradient_descent.ipynb")
    assert lab.run_all(module_page) == []
    return module_page


def widget(page, place):
    """The output of the `place`-th explorer of the notebook, scrolled to where a mouse can reach it."""
    area = page.locator(".jp-OutputArea-output:has([data-pad])").nth(place)
    area.scroll_into_view_if_needed()
    return area


def says(area, *words):
    for word in words:
        area.locator(f".widget-html-content:has-text('{word}')").wait_for()


def number(area, key):
    return area.locator(f"[data-number={key}]").text_content()


def press(page, key, times):
    for _press in range(times):
        page.keyboard.press(key)


def start(area):
    box = area.locator("[data-item=start]").bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def pad(area, across, down):
    """A place on the picture, in shares of its frame."""
    box = area.locator("[data-pad]").bounding_box()
    return box["x"] + across * box["width"], box["y"] + down * box["height"]


def test_the_learning_rate_creeps_bounces_and_diverges(page):
    area = widget(page, 0)
    says(area, "SGD converges")
    assert (number(area, "predicted"), number(area, "actual")) == ("1.6", "1.44")
    slider(area, "learning rate lr").focus()
    press(page, "ArrowRight", 3)  # 0.2, 0.5, 1
    says(area, "SGD bounces for ever", "lr × curvature is 2")
    assert number(area, "actual") == "0"
    page.keyboard.press("ArrowRight")
    says(area, "SGD diverges", "Step 1 leaves the picture")
    assert number(area, "actual") == "−32"  # from 4 to 36
    press(page, "ArrowLeft", 8)  # down to 0.005
    says(area, "SGD creeps")


def test_the_step_that_is_looked_at_follows_its_slider(page):
    area = widget(page, 1)
    before = number(area, "title"), area.locator("[data-mark=promise]").get_attribute("d")
    slider(area, "look at step").focus()
    press(page, "ArrowRight", 2)
    area.locator("[data-number=title]:has-text('Step 3 of 40')").wait_for()
    assert before != (number(area, "title"), area.locator("[data-mark=promise]").get_attribute("d"))


def ring_comes(page, area, low, high):
    """Wait until the ring of the start stands between two places across the page."""
    between = """([area, low, high]) => {
        const box = area.querySelector('[data-item=start]').getBoundingClientRect();
        const middle = box.x + box.width / 2;
        return low < middle && middle < high;
    }"""
    page.wait_for_function(between, arg=[area.element_handle(), low, high])


def test_a_click_a_drag_and_a_slider_move_the_start(page):
    area = widget(page, 2)
    says(area, "not the lowest place")
    left, right = pad(area, 0.1, 0.5), pad(area, 0.8, 0.3)
    page.mouse.click(*left)
    ring_comes(page, area, left[0] - 4, left[0] + 4)  # it stands on the curve there
    area.locator(".widget-html-content:has-text('SGD converges'):not(:has-text('lowest'))").wait_for()
    page.mouse.move(*start(area))
    page.mouse.down()
    page.mouse.move(*right, steps=15)
    page.mouse.up()
    ring_comes(page, area, right[0] - 4, right[0] + 4)
    says(area, "not the lowest place")
    slider(area, "start w").focus()
    press(page, "ArrowLeft", 20)
    ring_comes(page, area, left[0], right[0] - 12)


def test_another_loss_can_be_chosen(page):
    area = widget(page, 2)
    area.locator("select").select_option("saddle")
    area.locator("[data-mark=height]").first.wait_for()
    slider(area, "start w₂").wait_for()
    area.locator("select").select_option("plateau")
    area.locator("[data-mark=curve]").wait_for()
    says(area, "SGD creeps")
    assert area.locator("[data-mark=height]").count() == 0


def test_optimizers_are_chosen_and_compared(page):
    area = widget(page, 3)
    says(area, "SGD creeps")
    area.get_by_role("button", name="Momentum", exact=True).click()
    says(area, "Momentum overshoots and comes back")
    assert area.locator("[data-number=bend]").count() == 0
    assert area.locator("[data-path]").count() == 1
    area.get_by_role("checkbox").check()
    area.locator("[data-path=Adam]").wait_for()
    says(area, "Momentum overshoots", "Adam creeps", "SGD creeps")


def test_the_keyboard_moves_the_start_on_the_picture(page):
    area = widget(page, 4)
    before = start(area)
    area.locator("div[role=application]").focus()
    press(page, "ArrowRight", 4)
    page.keyboard.press("Enter")
    area.locator("[data-number=title]:has-text('0.')").wait_for()
    assert re.search(r"from w = \(0\.\d+, ", number(area, "title"))
    assert start(area) != before
