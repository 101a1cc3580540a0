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
# Names of the parts of the picture that glow.
GLOWING = """all => all.map(part => !['none', 'rgba(0, 0, 0, 0)'].includes(getComputedStyle(part).stroke)
    && (part.dataset.of ?? part.closest('[data-item]')?.dataset.item))"""
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
    def plane(self):
        return self.locator("svg.nbkit image").get_attribute("href")

    def line(self, name):
        """What can be dragged in the picture for a weight or bias."""
        return self.locator(f"[data-item='{name}']")

    def glowing(self):
        """The names of what is marked: sliders, and things in the picture with how often they are."""
        sliders = self.texts(".nbkit-related .widget-label")
        parts = self.locator(".glow").evaluate_all(GLOWING)
        return sliders, sorted(filter(None, parts))

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
        self.ask("sliders.background.pause = lambda: 0.5")  # seconds between 25 steps and the next, of 5,000
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
    assert top + height < tops[0]
    assert tops[-1] - top < 700
    assert boxes[-1][-1][0] + 200 < 1200


@pytest.mark.parametrize("width", [400, 700, 1100])
def test_every_track_is_long_enough_to_be_used(weights, width):
    weights.page.set_viewport_size({"width": width, "height": 900})
    lengths = weights.locator(".noUi-target").evaluate_all("all => all.map(one => one.offsetWidth)")
    assert len(lengths) == 14
    assert min(lengths) >= 160


def test_a_dragged_slider_redraws_the_plane_and_undo_takes_it_back_in_one(weights):
    before = weights.plane, weights.readouts
    left, top, width, height = weights.slider("h₃→y").bounding_box().values()
    x, y = left + width / 2, top + height / 2
    weights.drag((x, y), (x + 30, y))
    assert weights.plane != before[0]
    assert weights.readouts != before[1]
    weights.press("Undo")
    assert weights.button("Undo").is_disabled()
    assert (weights.plane, weights.readouts) == before


@pytest.mark.parametrize(("name", "part", "down"), [("x₁→h₃", "text", 60), ("bias h₁", "circle[style*=ground]", -60)])
def test_a_weight_is_dragged_by_its_line_and_a_bias_by_its_circle(weights, name, part, down):
    before = weights.plane, weights.readouts
    value = float(weights.ask(f"print(sliders.value('{name}'))"))
    scale = weights.box("svg.nbkit")[2] / 900
    x, y = weights.spot(f"[data-item='{name}'] {part}", 0.5, 0.5)
    weights.drag((x, y), (x + 5, y + down / 2), (x, y + down * scale))
    after = float(weights.ask(f"print(sliders.value('{name}'))"))
    assert after == pytest.approx(value - down * 4 / 100, abs=0.06)  # the nearest stop
    assert weights.readout(name).text_content().replace("−", "-") == f"{after:.1f}"
    assert weights.line(name).get_attribute("aria-valuenow") == f"{after:g}"
    assert weights.plane != before[0]
    weights.press("Undo")
    assert weights.button("Undo").is_disabled()
    assert (weights.plane, weights.readouts) == before


def test_the_keyboard_moves_a_line_which_keeps_the_focus(weights):
    weights.press("Start from zeros")
    weights.keys("ArrowUp", "ArrowUp", "ArrowDown", "ArrowUp", on=weights.line("h₁→y"))
    assert weights.line("h₁→y").get_attribute("aria-valuetext") == "0.2"
    weights.keys("Tab", "Home")
    assert weights.readout("h₂→y").text_content() == "−4.0"
    assert weights.ask("print(sliders.value('h₁→y'), sliders.value('h₂→y'))") == "0.2 -4.0"


def test_a_line_its_row_and_its_slider_are_marked_together(weights):
    weights.page.mouse.move(*weights.spot("[data-item='x₂→h₂'] text", 0.5, 0.5))
    assert weights.glowing() == (["x₂→h₂"], ["x₂→h₂"] * 2)
    weights.page.mouse.move(0, 0)
    assert weights.glowing() == ([], [])
    weights.keys("ArrowRight", on=weights.slider("bias y"))  # a new picture
    assert weights.glowing() == (["bias y"], ["bias y"] * 2)


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


def test_a_guess_by_keyboard_alone_stands_beside_the_truth(gallery):
    box = gallery.field("your guess: how many of 9?")
    box.focus()
    gallery.page.keyboard.type("9")
    gallery.page.keyboard.press("Enter")  # runs
    expect(gallery.locator(".widget-html-content").last).to_contain_text("You guessed 9")
    assert gallery.ask("print(gallery.running, gallery.guesses)") == "False {'small': 9}"
    assert box.is_disabled()
    assert "your guess" in gallery.texts("svg.nbkit text")
    gallery.press("Restart")
    gallery.type_over(box, "many")
    assert "whole number from 0 to 9" in gallery.locator(".nbkit-message").text_content()
    assert box.input_value() == "many"


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
