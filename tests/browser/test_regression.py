"""The line and its dot of chapter 07 in a real page: whichever of them a hand moves, the other follows."""

import pytest

from tests.browser.lab import cells_of
from tests.browser.widgets import Widget


@pytest.fixture
def explorer(lab, page):
    words = "weight = np.array", "RegressionExplorer(weight"
    found = Widget(lab, page, *cells_of("07_gradient_descent.ipynb", *words))
    assert found.numbers("line", "loss", "ratio") == ["y = 0 · x + 0", "27.77", "126"]
    return found


def test_steps_go_downhill_and_one_is_enough_when_standardised(explorer):
    explorer.press("One step")
    assert explorer.number("line") == "y = 0.831 · x + 0.141"  # 0.02 times the slopes 41.56 and 7.05
    assert explorer.readout("slope w").text_content() == "0.84"  # the next stop
    explorer.press("10 steps", "100 steps")
    assert "After 111 steps" in explorer.words
    explorer.press("standardised", "Back to the start")
    explorer.slide("learning rate lr", *["ArrowRight"] * 5)  # 0.05, 0.1, 0.2, 0.5, 1
    explorer.press("One step")
    assert explorer.numbers("line", "loss", "ratio") == ["y = 2.34 · x + 7.05", "0.1836", "1"]


def test_the_dot_is_dragged_and_the_line_follows(explorer):
    (x, y), (left, top, width, height) = explorer.spot("[data-item=dot]", 0.5, 0.5), explorer.box("[data-area=land]")
    explorer.drag((x, y), (left + width / 2, top + height / 2))  # the middle of the bowl: half the way down
    w, b = (float(explorer.readout(name).text_content()) for name in ("slope w", "height b"))
    assert (w, b) == pytest.approx((0.39, 1.615), abs=0.08)  # a pixel is worth 0.07
    assert explorer.number("line") == f"y = {w:.3g} · x + {b:.3g}"
    explorer.slide("height b", "Home")
    assert explorer.number("line").startswith(f"y = {w:.3g} · x + −")


def test_an_end_of_the_line_is_dragged_and_moved_by_keys(explorer):
    x, y = explorer.spot("[data-item=right]", 0.5, 0.5)
    explorer.drag((x, y), (x + 20, y - 60))  # the other end stays: both numbers change
    line = explorer.number("line")
    assert line != "y = 0 · x + 0"
    explorer.keys("ArrowUp", "ArrowUp", on=explorer.locator("[data-item=left]"))
    assert explorer.number("line") != line
    assert explorer.locator("[data-item=left]").get_attribute("aria-label") == "left end of the line"
    assert explorer.locator("[data-item=left]").get_attribute("aria-valuetext").startswith("y = ")


def test_squares_can_be_shown(explorer):
    before = explorer.pictures
    explorer.press("squares")
    assert explorer.pictures != before
