"""Chapter 04 in a real page: move x, change the activation, add layers, and see tangent, bars and numbers follow."""

from tests.browser.test_learner import slider


def number(area, key):
    return area.locator(f"[data-number={key}]").text_content()


def test_a_moved_x_moves_tangent_and_numbers(lab, page):
    lab.open(page, "04_activations.ipynb")
    assert lab.run_all(page) == []
    area = page.locator(".jp-OutputArea-output:has([data-mark=tangent])").first
    assert number(area, "slope") == "0.1966"  # of the sigmoid at x = 1
    tangent, dot = area.locator("[data-mark=tangent]"), area.locator("[data-mark=value]")
    points, place = tangent.get_attribute("points"), dot.bounding_box()
    slider(area, "x").focus()
    page.keyboard.press("End")
    area.locator("[data-number=x]:text-is('6')").wait_for()
    assert number(area, "value") == "0.9975"
    assert tangent.get_attribute("points") != points
    assert dot.bounding_box()["x"] > place["x"]
    assert area.locator("[data-bar]").count() == 6
    slider(area, "layers n").focus()
    page.keyboard.press("Home")
    area.locator("[data-bar]").nth(2).wait_for(state="detached")
    assert number(area, "left") == number(area, "slope") == "0.002467"
    area.get_by_role("button", name="ReLU", exact=True).click()
    area.locator("[data-number=value]:text-is('6')").wait_for()
    assert number(area, "left") == "1"
