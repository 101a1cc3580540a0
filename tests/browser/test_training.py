"""Chapter 09 in a real page: each slider trains anew, and boundary, curve, weights and counts follow."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.lab import cells_of
from tests.browser.widgets import Widget

FAST = "\nexplorer.background.pause = lambda: 0.005\nexplorer"  # seconds between two pictures
PARTS = (
    "data = iris()", "def most_similar(", "import train_test_split", "x_train, x_test", "scaler = ", "def make_net(",
    "cuts, splits = ", "TrainingExplorer(",
)  # fmt: skip


class Training(Widget):
    """The explorer of the chapter, named `explorer`."""

    @property
    def status(self):
        return self.locator(".widget-html-content:has-text('learning rate')")

    @property
    def weights(self):
        return self.texts("[data-weight]")

    @property
    def plane(self):
        return self.locator("svg.nbkit image").get_attribute("href")

    def come_to(self, words):
        """Wait until the page says this of the run, and shows all that it has to show by then."""
        expect(self.status).to_have_text(re.compile(words))
        self.ask("print(explorer.running)")  # what the kernel has sent before this answer has come before it
        self.settle()

    def choose(self, label, key, words):
        """Move a slider by one key and wait until its run has come to its end."""
        self.slider(label).focus()
        self.page.keyboard.press(key)
        self.come_to(rf"{words}\b.*step (\d+) of \1,")


@pytest.fixture
def explorer(lab, page):
    *cells, last = cells_of("09_iris.ipynb", *PARTS)
    return Training(lab, page, *cells, last.replace("TrainingExplorer(", "explorer = TrainingExplorer(") + FAST)


def test_step_run_pause_and_restart(explorer):
    start = explorer.weights
    assert len(start) == 4 * 8 + 8 * 3
    explorer.button("Step").click()
    explorer.come_to("step 1 of 240")
    assert explorer.weights != start
    explorer.ask("brief, explorer.background.pause = explorer.background.pause, lambda: 5")  # seconds between pictures
    explorer.press("Run", "Pause")
    assert explorer.ask("print(explorer.running)") == "False"
    made = int(explorer.ask("print(len(explorer.present.losses))"))
    assert 1 <= made < 240
    assert f"step {made} of 240" in explorer.status.text_content()
    explorer.ask("explorer.background.pause = brief")
    explorer.button("Run").click()
    explorer.come_to("step 240 of 240")
    assert max(abs(float(w.replace("−", "-"))) for w in explorer.weights) > 1
    explorer.press("Restart")
    assert "step 0 of 240" in explorer.status.text_content()
    assert explorer.weights == start


def test_the_learning_rate_trains_anew_and_names_its_run(explorer):
    before = explorer.plane
    explorer.choose("learning rate", "ArrowRight", "learning rate 0.2")
    assert explorer.plane != before
    assert any(re.fullmatch(r"lr 0.2, units \d+, batch \d+", text) for text in explorer.texts("svg.nbkit text"))
    first = explorer.locator("polyline.now").get_attribute("points")
    explorer.choose("learning rate", "ArrowLeft", "learning rate 0.1")
    assert explorer.count("polyline.then") == 1  # the earlier run stays for comparison
    assert explorer.locator("polyline.now").get_attribute("points") != first


def test_a_batch_of_one_shakes_the_curve_and_all_rows_calm_it(explorer):
    before = explorer.plane
    explorer.choose("batch size", "Home", "batch size 1")
    assert "step 3360 of 3360" in explorer.status.text_content()
    assert explorer.plane != before
    # Single losses jump further than their means fall.
    assert explorer.box("polyline.each")[3] > 1.5 * explorer.box("polyline.now")[3]
    explorer.choose("batch size", "End", "batch size 84")
    assert explorer.count("polyline.each") == 0
    assert explorer.count("polyline.then") >= 1


def test_hidden_units_are_the_columns_of_the_weights(explorer):
    explorer.choose("hidden units", "Home", "hidden units 1")
    assert len(explorer.weights) == 4 + 3
    explorer.choose("hidden units", "End", "hidden units 32")
    assert len(explorer.weights) == 4 * 32 + 32 * 3
    assert set(explorer.weights) <= {"+", "−", "0"}
    picture, last = explorer.box("svg.nbkit"), explorer.box("[data-weight='hidden 0 31']")
    assert last[0] + last[2] < picture[0] + picture[2]
