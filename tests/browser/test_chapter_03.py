"""Chapters 00 and 03 in a real page: move each slider, and see numbers and pictures follow."""

import pytest

from tests.browser.test_learner import slider


@pytest.fixture(scope="module")
def chapter(lab, module_page):
    """Chapter 03, run once: opening and running it is the slow part."""
    lab.open(module_page, "03_gradient_check.ipynb")
    assert lab.run_all(module_page) == []
    return module_page


def number(area, key):
    return area.locator(f"[data-number={key}]").text_content()


def test_the_set_up_check_says_works_when_a_move_has_arrived(lab, page):
    lab.open(page, "00_start_here.ipynb")
    assert lab.run_all(page) == []
    area = page.locator(".jp-OutputArea-output:has([role=status])").first
    assert area.locator("[data-apple]").count() == 3
    assert "Not moved yet" in area.inner_text()
    assert "numpy" in area.inner_text()
    slider(area, "move me").focus()
    page.keyboard.press("ArrowRight")
    area.locator("text=/✓ It works/").wait_for()
    assert area.locator("[data-apple]").count() == 4


def test_a_smaller_nudge_moves_estimate_mark_and_words(chapter):
    area = chapter.locator(".jp-OutputArea-output:has([data-mark=eps])").first
    mark = area.locator("[data-mark=eps]")
    assert number(area, "estimate") == "3.31"
    right = mark.bounding_box()
    handle = slider(area, "ε")
    handle.focus()
    chapter.keyboard.press("ArrowLeft")
    chapter.keyboard.press("ArrowLeft")
    area.locator("[data-number=estimate]:text-is('3.0301')").wait_for()
    assert mark.bounding_box()["x"] < right["x"]
    area.get_by_role("button", name="both sides", exact=True).click()
    area.locator("[data-number=estimate]:text-is('3.0001')").wait_for()
    assert number(area, "error") == "1.0e−04"
    handle.focus()
    chapter.keyboard.press("Home")
    area.locator("text=/ε is small/").wait_for()


def test_more_inputs_cost_more_calls_but_hardly_more_backward(chapter):
    area = chapter.locator(".jp-OutputArea-output:has([data-calls])").first
    calls = {way: area.locator(f"[data-calls={way}]") for way in ("two", "one", "backward")}
    assert {way: text.text_content() for way, text in calls.items()} == {"two": "380", "one": "209", "backward": "38"}
    slider(area, "inputs n").focus()
    chapter.keyboard.press("End")
    area.locator("[data-calls=two]:text-is('9900')").wait_for()
    assert (calls["one"].text_content(), calls["backward"].text_content()) == ("5049", "198")
