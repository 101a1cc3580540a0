"""What a learner does: open a notebook, run it, move what can be moved, and see the picture follow."""

import re

import pytest

from tests.browser.axe import OURS, serious
from tests.browser.conftest import fresh_page
from tests.browser.lab import NOTEBOOKS, THEMES

NAMES = sorted(path.name for path in NOTEBOOKS.glob("*.ipynb"))
LEARNING_RATE = ".jp-OutputArea-output:has(.widget-label:text-is('learning rate'))"
STATUS = ".widget-html-content:has-text('learning rate')"


def numbers(area, kind):
    return area.locator(f"text.{kind}").all_text_contents()


def slider(area, label):
    return area.locator(f".widget-inline-hbox:has(.widget-label:text-is('{label}')) .noUi-handle")


@pytest.fixture(scope="module", params=NAMES)
def opened(request, browser, lab):
    """A page with one notebook of the course: the tests that share it go on where the one before left it."""
    with fresh_page(browser, lab) as page:
        lab.open(page, request.param)
        yield page


def test_an_untrusted_page_shows_pictures_before_anything_runs(opened):
    opened.wait_for_function("() => [...document.querySelectorAll('.jp-OutputArea-output img')].every(i => i.complete)")
    pictures = opened.locator(".jp-OutputArea-output img")
    widths = pictures.evaluate_all("images => images.map(i => i.naturalWidth)")
    assert widths
    assert min(widths) > 100
    assert min(len(words) for words in pictures.evaluate_all("images => images.map(i => i.alt)")) >= 20
    assert opened.locator(".jp-OutputArea-output:has-text('run this cell to touch it')").count() == 0


def test_every_notebook_runs_without_a_word_of_trouble(lab, opened):
    assert lab.run_all(opened) == []
    assert opened.locator("text=/Error displaying widget|Model not found/").count() == 0
    assert opened.locator(".widget-vbox svg.nbkit").count() >= 1


def test_axe_finds_nothing_serious_in_the_whole_notebook(lab, opened):
    light, dark = THEMES
    assert serious(opened, *OURS) == []
    lab.set_theme(opened, dark)
    try:
        assert serious(opened, *OURS, rules=["color-contrast"]) == []  # the others do not depend on the theme
    finally:
        lab.set_theme(opened, light)


def test_the_learning_rate_slider_trains_anew_and_the_picture_follows(opened):
    if not opened.locator(LEARNING_RATE).count():
        assert "TrainingExplorer(" not in opened.locator(".jp-Notebook").text_content()
        return
    area = opened.locator(LEARNING_RATE).first
    status = area.locator(STATUS)
    plane = area.locator("svg.nbkit image")
    before = plane.get_attribute("href"), status.text_content()
    total = re.search(r"step 0 of (\d+)", before[1])[1]
    handle = slider(area, "learning rate")
    handle.focus()
    opened.keyboard.press("ArrowRight")
    area.locator("polyline.now").wait_for()
    area.locator(f"{STATUS}:has-text('step {total} of {total}')").wait_for()
    assert plane.get_attribute("href") != before[0]
    first = area.locator("polyline.now").get_attribute("points")
    handle.focus()
    opened.keyboard.press("ArrowLeft")
    area.locator("polyline.then").wait_for()  # the earlier run stays for comparison
    assert area.locator("polyline.now").get_attribute("points") != first


def test_run_pause_step_and_restart(lab, opened):
    if not opened.locator(LEARNING_RATE).count():
        return
    area = opened.locator(LEARNING_RATE).first

    def press(name):
        area.locator(f".widget-button:has-text('{name}')").click()

    def step():
        return int(re.search(r"step (\d+) of", area.locator(STATUS).text_content())[1])

    press("Restart")
    area.locator(f"{STATUS}:has-text('step 0 of')").wait_for()
    press("Step")
    area.locator(f"{STATUS}:has-text('step 1 of')").wait_for()
    press("Run")
    press("Pause")
    area.locator(".widget-button:has-text('Run')").wait_for()
    lab.settle(opened)
    paused = step()
    assert paused >= 1
    opened.wait_for_timeout(300)
    assert step() == paused


@pytest.fixture(scope="module")
def bill(lab, module_page):
    """Chapter 01, run."""
    lab.open(module_page, "01_computation_graph.ipynb")
    assert lab.run_all(module_page) == []
    return module_page


def test_an_input_slider_moves_every_value_and_gradient(bill):
    area = bill.locator(".jp-OutputArea-output:has(.widget-vbox text.grad)").first
    before = numbers(area, "val"), numbers(area, "grad")
    assert {"100", "200", "715"} <= set(before[0])
    assert {"← 2.2", "← 110"} <= set(before[1])
    slider(area, "apple").focus()
    bill.keyboard.press("ArrowRight")
    area.locator("text.val:text-is('105')").wait_for()
    assert {"105", "210", "660", "726"} <= set(numbers(area, "val"))
    assert "← 115.5" in numbers(area, "grad")
    slider(area, "tax").focus()
    bill.keyboard.press("End")
    area.locator("text.grad:text-is('← 3')").wait_for()  # 2 apples with the highest tax


def test_a_number_can_be_typed_over(bill):
    area = bill.locator(".jp-OutputArea-output:has(.widget-vbox svg.nbkit)").first
    area.locator(".widget-inline-hbox:has(.widget-label:text-is('apple')) .widget-readout").click()
    bill.keyboard.press("Control+A")
    bill.keyboard.type("250")
    bill.keyboard.press("Enter")
    area.locator("text.val:text-is('550')").wait_for()


def test_a_live_picture_follows_the_theme_at_once(lab, bill):
    value = bill.locator(".widget-vbox svg.nbkit text.val").first
    colour = "e => getComputedStyle(e).fill"
    light = value.evaluate(colour)
    lab.set_theme(bill, "JupyterLab Dark")
    assert (light, value.evaluate(colour)) == ("rgb(0, 81, 143)", "rgb(124, 196, 255)")
