"""The window of chapter 13 in a real page: dragged, pressed on the map, moved by keys; and a weight under a hand."""

import pytest

from tests.browser.lab import cells_of
from tests.browser.widgets import Widget


@pytest.fixture
def explorer(lab, page):
    return Widget(lab, page, *cells_of("13_from_layers_to_autodiff.ipynb", "ink =", "ConvolutionExplorer(three"))


def place(explorer):
    return explorer.readout("row").text_content(), explorer.readout("column").text_content()


def test_a_dragged_window_takes_its_sum_to_the_place_of_the_map(explorer):
    assert explorer.number("sum") == "sum = −3"  # three pixels of ink above none
    assert place(explorer) == ("0", "2")
    x, y = explorer.spot("[data-area=picture]", 3.5 / 8, 1.5 / 8)  # in the middle of the window
    cell = 256 / 8
    explorer.drag((x, y), (x, y + 5 * cell))
    assert place(explorer) == ("5", "2")
    assert explorer.number("sum") == "sum = 3"
    assert "goes to row 5, column 2" in explorer.words
    explorer.click_at(explorer.spot("[data-area=map]", 4.5 / 6, 2.5 / 6))
    assert place(explorer) == ("2", "4")


def test_keys_move_the_grips_and_a_weight(explorer):
    explorer.keys("ArrowDown", on=explorer.locator("[data-item=row]"))
    explorer.keys("ArrowLeft", on=explorer.locator("[data-item=column]"))
    assert place(explorer) == ("1", "1")
    assert explorer.number("sum") == "sum = −1"  # 1 1 0 above, 0 0 0 below: row 1 of the three is .##..##.
    explorer.keys("ArrowUp", "ArrowUp", on=explorer.locator("[data-item='w0,0']"))
    assert explorer.number("sum") == "sum = −0.5"
    assert "changed by hand" in explorer.locator("svg").inner_html()


def test_padding_and_a_larger_kernel_change_the_size_of_the_map(explorer):
    assert explorer.number("size") == "8 − 3 + 1 = 6"
    explorer.press("mean 5 × 5", exact=True)
    assert explorer.number("size") == "8 − 5 + 1 = 4"
    explorer.slide("padding", *["ArrowRight"] * 4)
    assert explorer.number("size") == "8 + 2 · 4 − 5 + 1 = 12"
