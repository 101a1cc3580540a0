"""What a learner does: open a notebook, run it, move every control, and see the picture follow."""

import re

import pytest

from tests.browser.lab import NOTEBOOKS

NAMES = sorted(path.name for path in NOTEBOOKS.glob("*.ipynb"))


def numbers(area, kind):
    return area.locator(f"text.{kind}").all_text_contents()


def slider(area, label):
    return area.locator(f".widget-inline-hbox:has(.widget-label:text-is('{label}')) .noUi-handle")


@pytest.mark.parametrize("name", NAMES)
def test_every_notebook_runs_without_a_word_of_trouble(lab, page, name):
    lab.open(page, name)
    assert lab.run_all(page) == []
    assert page.locator("text=/Error displaying widget|Model not found/").count() == 0
    assert page.locator(".widget-vbox svg.nbkit").count() >= 1


@pytest.mark.parametrize("name", NAMES)
def test_an_untrusted_page_shows_pictures_before_anything_runs(lab, page, name):
    lab.open(page, name)
    pictures = page.locator(".jp-OutputArea-output img")
    page.wait_for_function("() => [...document.querySelectorAll('.jp-OutputArea-output img')].every(i => i.complete)")
    widths = pictures.evaluate_all("images => images.map(i => i.naturalWidth)")
    assert len(widths) >= 4
    assert min(widths) > 100
    assert page.locator(".jp-OutputArea-output:has-text('run this cell to touch it')").count() == 0


def test_an_input_slider_moves_every_value_and_gradient(lab, page):
    lab.open(page, "01_computation_graph.ipynb")
    assert lab.run_all(page) == []
    area = page.locator(".jp-OutputArea-output:has(.widget-vbox text.grad)").first
    before = numbers(area, "val"), numbers(area, "grad")
    assert {"100", "200", "715"} <= set(before[0])
    assert {"← 2.2", "← 110"} <= set(before[1])
    handle = slider(area, "apple")
    handle.focus()
    page.keyboard.press("ArrowRight")
    area.locator("text.val:text-is('105')").wait_for()
    assert {"105", "210", "660", "726"} <= set(numbers(area, "val"))
    assert "← 115.5" in numbers(area, "grad")
    tax = slider(area, "tax")
    tax.focus()
    page.keyboard.press("End")
    area.locator("text.grad:text-is('← 3')").wait_for()  # 2 apples with the highest tax


def test_a_number_can_be_typed_over(lab, page):
    lab.open(page, "01_computation_graph.ipynb")
    assert lab.run_all(page) == []
    area = page.locator(".jp-OutputArea-output:has(.widget-vbox svg.nbkit)").first
    readout = area.locator(".widget-inline-hbox:has(.widget-label:text-is('apple')) .widget-readout")
    readout.click()
    page.keyboard.press("Control+A")
    page.keyboard.type("250")
    page.keyboard.press("Enter")
    area.locator("text.val:text-is('550')").wait_for()


@pytest.mark.parametrize("name", [name for name in NAMES if name[:2] in ("08", "09")])
def test_the_learning_rate_slider_trains_anew_and_the_picture_follows(lab, page, name):
    lab.open(page, name)
    assert lab.run_all(page) == []
    area = page.locator(".jp-OutputArea-output:has(.widget-vbox svg.nbkit polyline, .widget-vbox button)").first
    status = area.locator("text=/step \\d+ of \\d+/").first
    plane = area.locator("svg.nbkit image")
    before = plane.get_attribute("href"), status.text_content()
    assert re.search(r"step 0 of", before[1])
    handle = slider(area, "learning rate")
    handle.focus()
    page.keyboard.press("ArrowRight")
    area.locator("polyline.now").wait_for()
    total = re.search(r"of (\d+)", before[1])[1]
    area.locator(f"text=/step {total} of {total}|diverged/").first.wait_for(timeout=60_000)
    assert plane.get_attribute("href") != before[0]
    first = area.locator("polyline.now").get_attribute("points")
    handle.focus()
    page.keyboard.press("ArrowLeft")
    area.locator("polyline.then").wait_for()  # the earlier run stays for comparison
    assert area.locator("polyline.now").get_attribute("points") != first


def test_run_pause_step_and_restart(lab, page):
    lab.open(page, "08_xor.ipynb")
    assert lab.run_all(page) == []
    area = page.locator(".jp-OutputArea-output:has(.widget-vbox button)").first

    def step():
        return int(re.search(r"step (\d+) of", area.inner_text())[1])

    area.get_by_role("button", name="Step", exact=True).click()
    area.locator("text=/step 1 of/").first.wait_for()
    area.get_by_role("button", name="Run", exact=True).click()
    area.get_by_role("button", name="Pause", exact=True).click()
    area.get_by_role("button", name="Run", exact=True).wait_for()
    page.wait_for_timeout(300)
    paused = step()
    assert paused > 1
    page.wait_for_timeout(300)
    assert step() == paused
    area.get_by_role("button", name="Restart", exact=True).click()
    area.locator("text=/step 0 of/").first.wait_for()


def test_a_live_picture_follows_the_theme_at_once(lab, page):
    lab.open(page, "01_computation_graph.ipynb")
    assert lab.run_all(page) == []
    value = page.locator(".widget-vbox svg.nbkit text.val").first
    colour = "e => getComputedStyle(e).fill"
    light = value.evaluate(colour)
    page.evaluate("() => window.jupyterapp.commands.execute('apputils:change-theme', {theme: 'JupyterLab Dark'})")
    page.wait_for_function("() => document.body.dataset.jpThemeLight === 'false'")
    dark = value.evaluate(colour)
    assert (light, dark) == ("rgb(0, 81, 143)", "rgb(124, 196, 255)")
