"""Chapter 09 in a real page: each slider trains anew, and boundary, curve, weights and counts follow."""

import re

import pytest

from tests.browser.test_learner import STATUS, slider


@pytest.fixture(scope="module")
def chapter(lab, module_page):
    """Chapter 09, run once: opening and running it is the slow part."""
    lab.open(module_page, "09_iris.ipynb")
    assert lab.run_all(module_page) == []
    return module_page


@pytest.fixture
def area(chapter):
    return chapter.locator(".jp-OutputArea-output:has([data-weight])").first


def weights(area):
    return area.locator("[data-weight]").all_text_contents()


def plane(area):
    return area.locator("svg.nbkit image").get_attribute("href")


def press(page, area, label, key, words):
    """Move a slider by one key and wait until its run has come to its end."""
    slider(area, label).focus()
    page.keyboard.press(key)
    area.locator(STATUS).filter(has_text=re.compile(rf"{words}\b.*step (\d+) of \1,")).wait_for()


def test_run_moves_the_weights_and_restart_brings_them_back(chapter, area):
    start = weights(area)
    assert len(start) == 4 * 8 + 8 * 3
    area.locator(".widget-button:has-text('Step')").click()
    area.locator(f"{STATUS}:has-text('step 1 of 240')").wait_for()
    assert weights(area) != start
    area.locator(".widget-button:has-text('Run')").click()
    area.locator(f"{STATUS}:has-text('step 240 of 240')").wait_for()
    trained = weights(area)
    assert max(abs(float(w.replace("−", "-"))) for w in trained) > 1
    area.locator(".widget-button:has-text('Restart')").click()
    area.locator(f"{STATUS}:has-text('step 0 of 240')").wait_for()
    assert weights(area) == start


def test_a_batch_of_one_shakes_the_curve_and_all_rows_calm_it(chapter, area):
    before = plane(area)
    press(chapter, area, "batch size", "Home", "batch size 1")
    assert "step 3360 of 3360" in area.locator(STATUS).text_content()
    assert plane(area) != before
    heights = [
        area.locator(f"polyline.{kind}").first.evaluate("line => line.getBBox().height") for kind in ("each", "now")
    ]
    assert heights[0] > 1.5 * heights[1]  # single losses jump further than their means fall
    press(chapter, area, "batch size", "End", "batch size 84")
    assert area.locator("polyline.each").count() == 0
    assert area.locator("polyline.then").count() >= 1


def test_hidden_units_are_the_columns_of_the_weights(chapter, area):
    press(chapter, area, "hidden units", "Home", "hidden units 1")
    assert len(weights(area)) == 4 + 3
    press(chapter, area, "hidden units", "End", "hidden units 32")
    assert len(weights(area)) == 4 * 32 + 32 * 3
    assert set(weights(area)) <= {"+", "−", "0"}
    boxes = area.locator("svg.nbkit").bounding_box(), area.locator("[data-weight='hidden 0 31']").bounding_box()
    assert boxes[1]["x"] + boxes[1]["width"] < boxes[0]["x"] + boxes[0]["width"]


def test_the_learning_rate_names_its_run(chapter, area):
    press(chapter, area, "learning rate", "ArrowRight", "learning rate 0.2")
    named = area.locator("svg.nbkit text").all_text_contents()
    assert any(re.fullmatch(r"lr 0.2, units \d+, batch \d+", text) for text in named)
