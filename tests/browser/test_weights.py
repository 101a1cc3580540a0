"""Chapter 08 in a real page: weights are moved by hand, descent goes on from there, and seeds are counted."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.widgets import Widget

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
still = gallery.view.svg
gallery.snapshot = lambda: still  # the end of a whole run would take minutes
gallery"""
DRAWN = """import re
print(gallery.running, re.search('points="([^"]*)"[^>]*data-line="chosen"', gallery.view.svg)[1])"""


class Sliders(Widget):
    """The weight sliders, named `sliders`."""

    @property
    def readouts(self):
        return self.texts(".widget-vbox .widget-vbox .widget-readout")

    @property
    def status(self):
        return self.locator(".widget-html-content").last

    @property
    def steps(self):
        found = re.search(r"has made (\d+) steps", self.status.text_content())
        return int(found[1]) if found else 0

    @property
    def descent(self):
        """Whether descent is under way in the kernel, and how many steps it has made."""
        return self.ask("print(sliders.running, len(sliders.descent) - 1)")

    def let_descend(self):
        """Begin a descent that takes a minute at least, and wait until it is under way."""
        self.ask("sliders.background.pause = 0.5")  # seconds between 25 steps and the next, of 5,000
        self.slide("lr", "Home")  # the smallest rate
        self.button("Let descent finish").click()
        expect(self.status).to_have_text(re.compile("has made [1-9]"))


@pytest.fixture
def weights(lab, page):
    return Sliders(lab, page, SLIDERS)


def test_all_sliders_are_in_sight_together_with_the_picture(weights):
    rows = [[f"x₁→h{i}", f"x₂→h{i}", f"bias h{i}"] for i in "₁₂₃"] + [["h₁→y", "h₂→y", "h₃→y", "bias y"]]
    boxes = [[weights.box(f".widget-label:text-is('{name}')") for name in row] for row in rows]
    assert all(len({round(top) for _left, top, _width, _height in row}) == 1 for row in boxes)  # one row per unit
    tops = [row[0][1] for row in boxes]
    assert tops == sorted(set(tops))
    assert all(len({round(row[k][0]) for row in boxes}) == 1 for k in range(3))  # like below like
    _left, top, _width, height = weights.box("svg.nbkit")
    assert top + height - tops[0] < 700
    assert boxes[-1][-1][0] + 200 < 1200


def test_a_drag_redraws_the_plane_and_undo_takes_it_back_in_one(weights):
    plane = weights.locator("svg.nbkit image")
    before = plane.get_attribute("href"), weights.readouts
    left, top, width, height = weights.slider("h₃→y").bounding_box().values()
    x, y = left + width / 2, top + height / 2
    weights.drag((x, y), (x + 30, y))
    assert plane.get_attribute("href") != before[0]
    assert weights.readouts != before[1]
    weights.press("Undo")
    assert weights.button("Undo").is_disabled()
    assert (plane.get_attribute("href"), weights.readouts) == before


def test_descent_finishes_from_where_the_user_left_off_and_the_sliders_follow(weights):
    weights.slide("bias y", "ArrowRight")
    before = weights.readouts
    weights.button("Let descent finish").click()
    weights.locator(".nbkit-message:has-text('Descent is done')").wait_for()
    made = weights.descent
    weights.settle()
    assert made == f"False {weights.steps}"
    assert weights.steps > 100
    assert "4 of 4 right" in weights.status.text_content()
    assert sum(a != b for a, b in zip(before, weights.readouts, strict=True)) >= 5
    assert weights.descent == made  # what the page sends back is not taken for a move of the user
    assert weights.count("[data-line=descent]") == 1


def test_pause_works_at_once_and_one_step_goes_on(weights):
    weights.let_descend()
    weights.press("Pause")
    paused = weights.steps
    assert 0 < paused < 5000
    assert weights.descent == f"False {paused}"
    weights.press("One step")
    assert weights.steps == paused + 1


def test_a_moved_slider_pauses_descent(weights):
    weights.let_descend()
    weights.slide("h₁→y", "ArrowRight")
    assert weights.descent.startswith("False")
    assert weights.button("Let descent finish").is_visible()
    before = float(weights.ask("print(sliders.value('h₁→y'))"))
    weights.keys("ArrowRight")  # the sliders have followed the weights, and the user goes on from there
    assert float(weights.ask("print(sliders.value('h₁→y'))")) == pytest.approx(before + 0.1, abs=0.051)
    assert "by hand" in weights.status.text_content()


def test_new_starts(weights):
    before = weights.readouts
    weights.press("Start from zeros")
    assert weights.number("loss") == "loss 0.25"
    assert set(weights.readouts) == {"0.0"}
    assert weights.count("[data-push]") == 1
    weights.press("New random start")
    assert weights.number("loss") != "loss 0.25"
    assert weights.readouts != before
    assert weights.count("[data-push]") > 4


# ---------------------------------------------------------------- SeedGallery


@pytest.fixture
def gallery(lab, page):
    """The gallery, before anything has been trained."""
    return Widget(lab, page, GALLERY)


def finish(gallery, words):
    """Press Run, and wait for what is said at the end."""
    gallery.button("Run").click()
    expect(gallery.locator(".widget-html-content").last).to_contain_text(words)


def test_the_gallery_counts_how_many_seeds_learn(gallery):
    first = gallery.locator("[data-item='seed 0'] image").get_attribute("href")
    finish(gallery, "of 9 seeds learned")
    assert gallery.ask("print(gallery.running)") == "False"
    gallery.settle()
    assert gallery.locator("[data-item='seed 0'] image").get_attribute("href") != first
    learned, failed = (gallery.count(f"[data-state='{state}']") for state in ("learned", "not learned"))
    assert learned > 0
    assert learned + failed == 9
    assert gallery.texts("[data-tally]") == [f"{learned} of 9"]


def test_the_gallery_trains_while_the_kernel_is_free_and_pauses_at_once(lab, page):
    gallery = Widget(lab, page, ENDLESS, "print('this cell has run')")
    gallery.button("Run").click()
    gallery.locator("[data-line=chosen]").wait_for()
    assert lab.run_cell(page, 1) == "this cell has run\n"
    assert gallery.ask("print(gallery.running)") == "True"
    gallery.press("Pause")
    running, points = gallery.ask(DRAWN).split(maxsplit=1)
    assert running == "False"
    assert gallery.locator("[data-line=chosen]").get_attribute("points") == points
    assert gallery.button("Run").is_visible()
    assert gallery.count("[data-state=training]") == 9


def test_a_small_picture_opens_by_mouse_slider_and_keyboard(gallery):
    gallery.click("[data-item='seed 4'] image")
    assert "seed 4" in gallery.number("chosen")
    assert gallery.count("[data-chosen='4']") == 1
    gallery.slide("enlarge no.", "ArrowRight")
    assert "seed 5" in gallery.number("chosen")
    gallery.keys(*["ArrowDown"] * 12, "Enter", on=gallery.locator("div[role=application]"))
    assert "seed 5" not in gallery.number("chosen")


def test_another_recipe_and_more_seeds(gallery):
    gallery.select({"index": 2})
    assert "no ReLU here" in gallery.area.text_content()
    finish(gallery, "9 of 9 seeds learned.")
    gallery.press("9 more seeds")
    assert "seed 9" in gallery.number("chosen")
    expect(gallery.locator("[data-tally]")).to_have_text("18 of 18")
