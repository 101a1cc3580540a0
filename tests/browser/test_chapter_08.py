"""The widgets of chapter 08 in a real page: a hand on every control, and something to see for it."""

import re

import pytest

from tests.browser.test_learner import slider

SLIDERS = """from nbkit import WeightSliders
sliders = WeightSliders()
sliders"""
GALLERY = """from nbkit import SeedGallery
gallery = SeedGallery(seeds=9)
gallery"""
ASK = "print('kernel says', len(sliders.hand), len(sliders.past), sliders.hand[-1] == sliders.loss)"


@pytest.fixture(scope="module")
def opened(lab, module_page):
    lab.open(module_page, lab.write("widgets_08.ipynb", SLIDERS, GALLERY, ASK))
    assert lab.run_all(module_page) == []
    return module_page


@pytest.fixture
def weights(lab, opened):
    """The weight sliders, as they were at first."""
    area = opened.locator(".jp-OutputArea-output:has([data-number=loss])").first
    while area.locator(".widget-button:has-text('Undo')").is_enabled():
        press(area, "Undo")
        lab.settle(opened)
    return area


@pytest.fixture
def gallery(opened):
    """The gallery, before anything has been trained."""
    area = opened.locator(".jp-OutputArea-output:has([data-item='seed 0'])").first
    area.locator("select").select_option(index=0)
    area.locator("text=hidden units").wait_for()
    press(area, "Restart")
    area.locator(".widget-html-content:has-text('not trained yet')").wait_for()
    return area


def press(area, name):
    area.locator(f".widget-button:has-text('{name}')").click()


def number(area, key):
    return area.locator(f"[data-number='{key}']").text_content()


def says(area, words):
    area.locator(f".widget-html-content:has-text('{words}')").wait_for()


def steps(area):
    found = re.search(r"has made (\d+) steps", area.locator(".widget-html-content").last.text_content())
    return int(found[1]) if found else 0


def readouts(area):
    return area.locator(".widget-vbox .widget-vbox .widget-readout").all_text_contents()


# ---------------------------------------------------------------- WeightSliders


def test_all_sliders_are_in_sight_together_with_the_picture(opened, weights):
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


def test_a_key_on_a_slider_moves_outputs_loss_and_arrows(opened, weights):
    before = number(weights, "output0"), number(weights, "loss"), number(weights, "push h₃→y")
    slider(weights, "bias y").focus()
    opened.keyboard.press("ArrowRight")
    weights.locator(f"[data-number=loss]:not(:text-is('{before[1]}'))").wait_for()
    assert number(weights, "output0") != before[0]
    assert number(weights, "push h₃→y") != before[2]
    for _press in range(4):
        opened.keyboard.press("ArrowRight")
    weights.locator("[data-number=output0]:text-matches('0\\.7')").wait_for()
    assert (number(weights, "case0"), number(weights, "case1")) == ("0 0 ✗", "0 1 ✓")
    assert weights.locator("[data-line=hand]").get_attribute("points").count(" ") >= 1


def test_a_drag_redraws_the_plane_and_undo_takes_it_back_in_one(lab, opened, weights):
    plane = weights.locator("svg.nbkit image")
    before = plane.get_attribute("href"), readouts(weights)
    box = slider(weights, "h₃→y").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    opened.mouse.move(x, y)
    opened.mouse.down()
    opened.mouse.move(x + 30, y, steps=10)
    opened.mouse.up()
    lab.settle(opened)
    assert plane.get_attribute("href") != before[0]
    assert readouts(weights) != before[1]
    press(weights, "Undo")
    weights.locator(".widget-button:has-text('Undo'):disabled").wait_for()
    lab.settle(opened)
    assert (plane.get_attribute("href"), readouts(weights)) == before


def test_descent_finishes_from_where_the_hand_left_off_and_the_sliders_follow(lab, opened, weights):
    slider(weights, "bias y").focus()
    opened.keyboard.press("ArrowRight")
    lab.settle(opened)
    before = readouts(weights)
    press(weights, "Let descent finish")
    opened.locator(".nbkit-message:has-text('Descent is done')").wait_for()
    says(weights, "4 of 4 right")
    made = steps(weights)
    assert made > 100
    lab.settle(opened)
    assert sum(a != b for a, b in zip(before, readouts(weights), strict=True)) >= 5
    assert steps(weights) == made  # what the page sends back is not taken for a hand
    assert weights.locator("[data-line=descent]").count() == 1


def test_pause_works_at_once_and_one_step_goes_on(lab, opened, weights):
    slider(weights, "lr").focus()
    opened.keyboard.press("Home")  # the smallest rate: descent takes long
    press(weights, "Let descent finish")
    opened.wait_for_function("() => /has made [1-9]/.test(document.body.textContent)")
    press(weights, "Pause")
    weights.locator(".widget-button:has-text('Let descent finish')").wait_for()
    lab.settle(opened)
    paused = steps(weights)
    assert 0 < paused < 5000
    opened.wait_for_timeout(300)
    assert steps(weights) == paused
    press(weights, "One step")
    says(weights, f"has made {paused + 1} steps")


def test_a_hand_on_a_slider_pauses_descent(opened, weights):
    press(weights, "Let descent finish")
    says(weights, "has made")
    slider(weights, "h₁→y").focus()
    opened.keyboard.press("ArrowRight")
    weights.locator(".widget-button:has-text('Let descent finish')").wait_for()
    opened.keyboard.press("ArrowRight")  # the sliders have followed the weights, and the hand goes on from there
    says(weights, "by hand")


def test_new_starts(lab, opened, weights):
    before = readouts(weights)
    press(weights, "Start from zeros")
    opened.wait_for_function("() => document.body.textContent.includes('loss 0.25')")
    lab.settle(opened)
    assert set(readouts(weights)) == {"0.0"}
    assert weights.locator("[data-push]").count() == 1
    press(weights, "New random start")
    weights.locator("[data-number=loss]:not(:text-is('loss 0.25'))").wait_for()
    lab.settle(opened)
    assert readouts(weights) != before
    assert weights.locator("[data-push]").count() > 4


# ---------------------------------------------------------------- SeedGallery


def test_the_gallery_trains_while_the_kernel_is_free(lab, opened, gallery):
    first = gallery.locator("[data-item='seed 0'] image").get_attribute("href")
    press(gallery, "Run")
    gallery.locator("[data-state=learned]").first.wait_for()
    assert gallery.locator("[data-item='seed 0'] image").get_attribute("href") != first
    lab.run_cell(opened, 2)
    assert gallery.locator("[data-state=training]").count()  # the other cell has answered meanwhile
    gallery.locator("[data-state=training]").first.wait_for(state="detached")
    assert gallery.locator("[data-state=learned]").count() + gallery.locator("[data-state='not learned']").count() == 9
    assert re.fullmatch(r"\d of 9", gallery.locator("[data-tally]").text_content())


def test_pause_stops_the_gallery_at_once(lab, opened, gallery):
    press(gallery, "Run")
    gallery.locator("[data-line=chosen]").wait_for()
    press(gallery, "Pause")
    gallery.locator(".widget-button:has-text('Run')").wait_for()
    lab.settle(opened)
    line = gallery.locator("[data-line=chosen]").get_attribute("points")
    opened.wait_for_timeout(300)
    assert gallery.locator("[data-line=chosen]").get_attribute("points") == line
    assert gallery.locator("[data-state=training]").count() == 9


def test_a_small_picture_opens_by_mouse_slider_and_keyboard(opened, gallery):
    gallery.locator("[data-item='seed 4'] image").click()
    gallery.locator("[data-number=chosen]:has-text('seed 4')").wait_for()
    gallery.locator("[data-chosen='4']").wait_for()
    slider(gallery, "enlarge no.").focus()
    opened.keyboard.press("ArrowRight")
    gallery.locator("[data-number=chosen]:has-text('seed 5')").wait_for()
    gallery.locator("div[role=application]").focus()
    for _press in range(12):
        opened.keyboard.press("ArrowDown")
    opened.keyboard.press("Enter")
    gallery.locator("[data-number=chosen]:not(:has-text('seed 5'))").wait_for()


def test_another_recipe_and_more_seeds(opened, gallery):
    gallery.locator("select").select_option(index=2)
    gallery.locator("text=no ReLU here").wait_for()
    press(gallery, "Run")
    says(gallery, "9 of 9 seeds learned.")
    press(gallery, "9 more seeds")
    gallery.locator("[data-number=chosen]:has-text('seed 9'), [data-number=chosen]:has-text('seed 1')").first.wait_for()
    gallery.locator("[data-tally]:has-text('18 of 18')").wait_for()
