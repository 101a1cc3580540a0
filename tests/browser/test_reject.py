"""The reject option in a real page: the threshold by its slider, by the point on a line, and by the keyboard."""

import pytest

from tests.browser.widgets import Widget

# Of 100 answers as sure as 0.00, 0.01, ..., 0.99 every fourth is wrong; the new ones are half as sure.
CELL = """import numpy as np
from nbkit import RejectExplorer
sure, right = np.arange(100) / 100, np.arange(100) % 4 > 0
explorer = RejectExplorer({"known": [(sure, right)], "new": [(sure / 2, right)]}, threshold=0.2)
explorer"""


@pytest.fixture
def explorer(lab, page):
    return Widget(lab, page, CELL)


def test_the_threshold_moves_by_slider_point_and_keyboard(explorer):
    assert explorer.numbers("group0", "group1") == [
        "80.0 % answered, 25.0 % of these wrong", "60.0 % answered, 25.0 % of these wrong"
    ]  # fmt: skip
    explorer.slide("threshold", *["ArrowRight"] * 5)
    assert explorer.number("group0") == "75.0 % answered, 24.0 % of these wrong"
    x, y = explorer.spot("[data-item=mean0]", 0.5, 0.5)
    explorer.drag((x, y), (x - 60, y))  # to the left fewer are answered
    threshold = float(explorer.readout("threshold").text_content())
    assert threshold > 0.3
    assert explorer.number("group0").startswith(f"{100 * (1 - threshold):.1f} % answered")
    assert explorer.spot("[data-item=mean0]", 0.5, 0.5)[0] == pytest.approx(x - 60, abs=4)
    explorer.keys("ArrowUp", on=explorer.locator("[data-item=mean1]"))
    assert explorer.readout("threshold").text_content() == f"{threshold + 0.01:.2f}"
    assert explorer.locator("[data-item=mean1]").get_attribute("aria-valuetext") == explorer.number("group1")
