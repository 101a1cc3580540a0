"""Chapter 09 in a real page: each slider trains anew, and boundary, curve, weights and counts follow."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.lab import cells_of, slider

STATUS = ".widget-html-content:has-text('learning rate')"
PARTS = "data = iris()", "x_train, x_test", "scaler = ", "def make_net(", "folds, splits = ", "TrainingExplorer("


@pytest.fixture
def area(lab, page):
    """The explorer of the chapter, named `explorer`, after the cells that it needs."""
    *cells, last = cells_of("09_iris.ipynb", *PARTS)
    lab.show(page, *cells, last.replace("TrainingExplorer(", "explorer = TrainingExplorer(") + "\nexplorer")
    return page.locator(".jp-OutputArea-output:has([data-weight])")


def weights(area):
    return area.locator("[data-weight]").all_text_contents()


def plane(area):
    return area.locator("svg.nbkit image").get_attribute("href")


def press(area, name):
    area.locator(f".widget-button:has-text('{name}')").click()


def come_to(lab, page, area, words):
    """Wait until the page says this of the run, and shows all that it has to show by then."""
    expect(area.locator(STATUS)).to_have_text(re.compile(words))
    lab.ask(page, "print(explorer.running)")  # what the kernel has sent before this answer has come before it
    lab.settle(page)


def choose(lab, page, area, label, key, words):
    """Move a slider by one key and wait until its run has come to its end."""
    slider(area, label).focus()
    page.keyboard.press(key)
    come_to(lab, page, area, rf"{words}\b.*step (\d+) of \1,")


def test_step_run_pause_and_restart(lab, page, area):
    start = weights(area)
    assert len(start) == 4 * 8 + 8 * 3
    press(area, "Step")
    come_to(lab, page, area, "step 1 of 240")
    assert weights(area) != start
    lab.ask(page, "brief, explorer.background.pause = explorer.background.pause, 5")  # seconds between two pictures
    press(area, "Run")
    press(area, "Pause")
    lab.settle(page)
    assert lab.ask(page, "print(explorer.running)") == "False"
    made = int(lab.ask(page, "print(len(explorer.present.losses))"))
    assert 1 <= made < 240
    assert f"step {made} of 240" in area.locator(STATUS).text_content()
    lab.ask(page, "explorer.background.pause = brief")
    press(area, "Run")
    come_to(lab, page, area, "step 240 of 240")
    trained = weights(area)
    assert max(abs(float(w.replace("−", "-"))) for w in trained) > 1
    press(area, "Restart")
    lab.settle(page)
    assert "step 0 of 240" in area.locator(STATUS).text_content()
    assert weights(area) == start


def test_the_learning_rate_trains_anew_and_names_its_run(lab, page, area):
    before = plane(area)
    choose(lab, page, area, "learning rate", "ArrowRight", "learning rate 0.2")
    assert plane(area) != before
    named = area.locator("svg.nbkit text").all_text_contents()
    assert any(re.fullmatch(r"lr 0.2, units \d+, batch \d+", text) for text in named)
    first = area.locator("polyline.now").get_attribute("points")
    choose(lab, page, area, "learning rate", "ArrowLeft", "learning rate 0.1")
    assert area.locator("polyline.then").count() == 1  # the earlier run stays for comparison
    assert area.locator("polyline.now").get_attribute("points") != first


def test_a_batch_of_one_shakes_the_curve_and_all_rows_calm_it(lab, page, area):
    before = plane(area)
    choose(lab, page, area, "batch size", "Home", "batch size 1")
    assert "step 3360 of 3360" in area.locator(STATUS).text_content()
    assert plane(area) != before
    heights = [
        area.locator(f"polyline.{kind}").first.evaluate("line => line.getBBox().height") for kind in ("each", "now")
    ]
    assert heights[0] > 1.5 * heights[1]  # single losses jump further than their means fall
    choose(lab, page, area, "batch size", "End", "batch size 84")
    assert area.locator("polyline.each").count() == 0
    assert area.locator("polyline.then").count() >= 1


def test_hidden_units_are_the_columns_of_the_weights(lab, page, area):
    choose(lab, page, area, "hidden units", "Home", "hidden units 1")
    assert len(weights(area)) == 4 + 3
    choose(lab, page, area, "hidden units", "End", "hidden units 32")
    assert len(weights(area)) == 4 * 32 + 32 * 3
    assert set(weights(area)) <= {"+", "−", "0"}
    boxes = area.locator("svg.nbkit").bounding_box(), area.locator("[data-weight='hidden 0 31']").bounding_box()
    assert boxes[1]["x"] + boxes[1]["width"] < boxes[0]["x"] + boxes[0]["width"]
