"""Chapter 08's hidden plane in a real page: slider, drag and keys go through the run, and both planes follow."""

import pytest

from tests.browser.widgets import Widget

PLANE = """from nbkit import HiddenPlane
plane = HiddenPlane(steps=1000)
plane"""
POINT = "[data-item=moment]"


@pytest.fixture
def plane(lab, page):
    return Widget(lab, page, PLANE)


def step(plane):
    return int(plane.ask("print(plane.step.value)"))


def test_the_slider_folds_two_points_together(plane):
    assert "Step 0: " in plane.words
    assert plane.number("moment") == "step 0, loss 0.697"
    plane.slide("step", "End")
    assert plane.number("moment").startswith("step 1000, loss 0.00")
    assert "00 and 11 lie together." in plane.words
    plane.slide("seed", "ArrowRight")
    assert "01 and 11 lie together, and need different answers!" in plane.words


def test_the_point_on_the_curve_is_dragged_and_the_slider_follows(plane):
    x, y = plane.spot(f"{POINT} .grip", 0.5, 0.5)
    plane.drag((x, y), (x + 300, y))
    half = step(plane)
    assert 1 < half < 1000
    assert plane.readout("step").text_content() == str(half)
    assert f"Step {half}: " in plane.words


def test_keys_go_through_the_run_and_the_point_keeps_the_focus(plane):
    plane.locator(POINT).focus()
    plane.keys("ArrowRight", "ArrowRight")
    assert step(plane) == 2
    plane.keys("End")
    assert plane.locator(POINT).get_attribute("aria-valuetext").startswith("step 1000, loss")
    plane.keys("Home")
    assert step(plane) == 0
