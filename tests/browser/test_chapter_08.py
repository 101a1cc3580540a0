"""The widgets of chapter 08 in a real page: every control is used, and something is seen for it."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.lab import slider

SLIDERS = """from nbkit import WeightSliders
sliders = WeightSliders()
sliders"""
GALLERY = """from nbkit import SeedGallery
from nbkit.experiment.seeds import recipes_for_xor
small, he, tanh = recipes_for_xor().values()
gallery = SeedGallery({"small": small._replace(steps=1000, lr=0.2), "He": he, "tanh": tanh}, seeds=9)
gallery"""
ENDLESS = """from nbkit import SeedGallery
from nbkit.experiment.seeds import recipes_for_xor
tanh = list(recipes_for_xor().values())[-1]
gallery = SeedGallery({"endless": tanh._replace(steps=1_000_000, enough=0)}, seeds=9)
gallery.still_picture = gallery.view.svg.__str__  # the end of a whole run would take minutes
gallery"""
DRAWN = """import re
print(gallery.running, len(gallery.batch.runs[0].losses), end=" ")
print(re.search('points="([^"]*)"[^>]*data-line="chosen"', gallery.view.svg)[1])"""


@pytest.fixture
def weights(lab, page):
    """The weight sliders, as they are at first."""
    lab.show(page, SLIDERS)
    return page.locator(".jp-OutputArea-output:has([data-number=loss])")


def shown(lab, page, source):
    """Show a gallery of nine seeds and return its area."""
    lab.show(page, source, "print('this cell has run')")
    return page.locator(".jp-OutputArea-output:has([data-item='seed 0'])")


@pytest.fixture
def gallery(lab, page):
    """The gallery, before anything has been trained."""
    return shown(lab, page, GALLERY)


def press(area, name):
    area.locator(f".widget-button:has-text('{name}')").click()


def number(area, key):
    return area.locator(f"[data-number='{key}']").text_content()


def status(area):
    return area.locator(".widget-html-content").last


def steps(area):
    found = re.search(r"has made (\d+) steps", status(area).text_content())
    return int(found[1]) if found else 0


def descent(lab, page):
    """Whether descent is under way in the kernel, and how many steps it has made."""
    return lab.ask(page, "print(sliders.running, len(sliders.descent) - 1)")


def readouts(area):
    return area.locator(".widget-vbox .widget-vbox .widget-readout").all_text_contents()


def let_descend(lab, page, area):
    """Begin a descent that takes a minute at least, and wait until it is under way."""
    lab.ask(page, "sliders.background.pause = 0.5")  # seconds between 25 steps and the next, of 5,000
    slider(area, "lr").focus()
    page.keyboard.press("Home")  # the smallest rate
    press(area, "Let descent finish")
    expect(status(area)).to_have_text(re.compile("has made [1-9]"))


# ---------------------------------------------------------------- WeightSliders


def test_all_sliders_are_in_sight_together_with_the_picture(weights):
    rows = [[f"x₁→h{i}", f"x₂→h{i}", f"bias h{i}"] for i in "₁₂₃"] + [["h₁→y", "h₂→y", "h₃→y", "bias y"]]
    label = ".widget-label:text-is('{}')"
    boxes = [[weights.locator(label.format(name)).bounding_box() for name in row] for row in rows]
    assert all(len({round(box["y"]) for box in row}) == 1 for row in boxes)  # a row a unit
    tops = [row[0]["y"] for row in boxes]
    assert tops == sorted(set(tops))
    assert all(len({round(row[k]["x"]) for row in boxes}) == 1 for k in range(3))  # like below like
    picture = weights.locator("svg.nbkit").bounding_box()
    assert picture["y"] + picture["height"] - tops[0] < 700
    assert boxes[-1][-1]["x"] + 200 < 1200


def test_a_key_on_a_slider_moves_outputs_loss_and_arrows(lab, page, weights):
    keys = "output0", "loss", "push h₃→y"
    before = [number(weights, key) for key in keys]
    slider(weights, "bias y").focus()
    page.keyboard.press("ArrowRight")
    lab.settle(page)
    assert all(old != number(weights, key) for old, key in zip(before, keys, strict=True))
    for _press in range(4):
        page.keyboard.press("ArrowRight")
    lab.settle(page)
    assert "0.7" in number(weights, "output0")
    assert (number(weights, "case0"), number(weights, "case1")) == ("0 0 ✗", "0 1 ✓")
    assert weights.locator("[data-line=hand]").get_attribute("points").count(" ") >= 1


def test_a_drag_redraws_the_plane_and_undo_takes_it_back_in_one(lab, page, weights):
    plane = weights.locator("svg.nbkit image")
    before = plane.get_attribute("href"), readouts(weights)
    box = slider(weights, "h₃→y").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 30, y, steps=10)
    page.mouse.up()
    lab.settle(page)
    assert plane.get_attribute("href") != before[0]
    assert readouts(weights) != before[1]
    press(weights, "Undo")
    lab.settle(page)
    assert weights.locator(".widget-button:has-text('Undo')").is_disabled()
    assert (plane.get_attribute("href"), readouts(weights)) == before


def test_descent_finishes_from_where_the_hand_left_off_and_the_sliders_follow(lab, page, weights):
    slider(weights, "bias y").focus()
    page.keyboard.press("ArrowRight")
    lab.settle(page)
    before = readouts(weights)
    press(weights, "Let descent finish")
    page.locator(".nbkit-message:has-text('Descent is done')").wait_for()
    made = descent(lab, page)
    lab.settle(page)
    assert made == f"False {steps(weights)}"
    assert steps(weights) > 100
    assert "4 of 4 right" in status(weights).text_content()
    assert sum(a != b for a, b in zip(before, readouts(weights), strict=True)) >= 5
    assert descent(lab, page) == made  # what the page sends back is not taken for a move of the user
    assert weights.locator("[data-line=descent]").count() == 1


def test_pause_works_at_once_and_one_step_goes_on(lab, page, weights):
    let_descend(lab, page, weights)
    press(weights, "Pause")
    lab.settle(page)
    paused = steps(weights)
    assert 0 < paused < 5000
    assert descent(lab, page) == f"False {paused}"
    assert weights.locator(".widget-button:has-text('Let descent finish')").count() == 1
    press(weights, "One step")
    lab.settle(page)
    assert steps(weights) == paused + 1


def test_a_hand_on_a_slider_pauses_descent(lab, page, weights):
    let_descend(lab, page, weights)
    slider(weights, "h₁→y").focus()
    page.keyboard.press("ArrowRight")
    lab.settle(page)
    assert descent(lab, page).startswith("False")
    assert weights.locator(".widget-button:has-text('Let descent finish')").count() == 1
    before = float(lab.ask(page, "print(sliders.value('h₁→y'))"))
    page.keyboard.press("ArrowRight")  # the sliders have followed the weights, and the user goes on from there
    lab.settle(page)
    assert float(lab.ask(page, "print(sliders.value('h₁→y'))")) == pytest.approx(before + 0.1, abs=0.051)
    assert "by hand" in status(weights).text_content()


def test_new_starts(lab, page, weights):
    before = readouts(weights)
    press(weights, "Start from zeros")
    lab.settle(page)
    assert number(weights, "loss") == "loss 0.25"
    assert set(readouts(weights)) == {"0.0"}
    assert weights.locator("[data-push]").count() == 1
    press(weights, "New random start")
    lab.settle(page)
    assert number(weights, "loss") != "loss 0.25"
    assert readouts(weights) != before
    assert weights.locator("[data-push]").count() > 4


# ---------------------------------------------------------------- SeedGallery


def test_the_gallery_counts_how_many_seeds_learn(lab, page, gallery):
    first = gallery.locator("[data-item='seed 0'] image").get_attribute("href")
    press(gallery, "Run")
    expect(status(gallery)).to_have_text(re.compile("of 9 seeds learned"))
    assert lab.ask(page, "print(gallery.running)") == "False"
    lab.settle(page)
    assert gallery.locator("[data-item='seed 0'] image").get_attribute("href") != first
    counts = {state: gallery.locator(f"[data-state='{state}']").count() for state in ("learned", "not learned")}
    assert counts["learned"] > 0
    assert sum(counts.values()) == 9
    assert gallery.locator("[data-tally]").text_content() == f"{counts['learned']} of 9"


def test_the_gallery_trains_while_the_kernel_is_free_and_pauses_at_once(lab, page):
    gallery = shown(lab, page, ENDLESS)
    press(gallery, "Run")
    gallery.locator("[data-line=chosen]").wait_for()
    assert lab.run_cell(page, 1) == "this cell has run\n"
    assert lab.ask(page, "print(gallery.running)") == "True"
    press(gallery, "Pause")
    lab.settle(page)
    running, _steps, points = lab.ask(page, DRAWN).split(maxsplit=2)
    assert running == "False"
    assert gallery.locator("[data-line=chosen]").get_attribute("points") == points
    assert gallery.locator(".widget-button:has-text('Run')").count() == 1
    assert gallery.locator("[data-state=training]").count() == 9


def test_a_small_picture_opens_by_mouse_slider_and_keyboard(lab, page, gallery):
    gallery.locator("[data-item='seed 4'] image").click()
    lab.settle(page)
    assert "seed 4" in number(gallery, "chosen")
    assert gallery.locator("[data-chosen='4']").count() == 1
    slider(gallery, "enlarge no.").focus()
    page.keyboard.press("ArrowRight")
    lab.settle(page)
    assert "seed 5" in number(gallery, "chosen")
    gallery.locator("div[role=application]").focus()
    for _press in range(12):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    lab.settle(page)
    assert "seed 5" not in number(gallery, "chosen")


def test_another_recipe_and_more_seeds(lab, page, gallery):
    gallery.locator("select").select_option(index=2)
    lab.settle(page)
    assert gallery.locator("text=no ReLU here").count() == 1
    press(gallery, "Run")
    expect(status(gallery)).to_contain_text("9 of 9 seeds learned.")
    press(gallery, "9 more seeds")
    lab.settle(page)
    assert "seed 9" in number(gallery, "chosen")
    expect(gallery.locator("[data-tally]").filter(has_text="18 of 18")).to_have_count(1)
