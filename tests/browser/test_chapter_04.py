"""Chapter 04 in a real page: move x, change the activation, add layers, and see tangent, bars and numbers follow."""

from tests.browser.lab import cells_of, slider


def test_a_moved_x_moves_tangent_and_numbers(lab, page):
    lab.show(page, *cells_of("04_activations.ipynb", "ActivationExplorer(kind="))
    area = page.locator(".jp-OutputArea-output:has([data-mark=tangent])")
    tangent, dot = area.locator("[data-mark=tangent]"), area.locator("[data-mark=value]")

    def number(key):
        return area.locator(f"[data-number={key}]").text_content()

    assert number("slope") == "0.1966"  # of the sigmoid at x = 1
    points, place = tangent.get_attribute("points"), float(dot.get_attribute("cx"))
    slider(area, "x").press("End")
    lab.settle(page)
    assert [number(key) for key in ("x", "value")] == ["6", "0.9975"]
    assert tangent.get_attribute("points") != points
    assert float(dot.get_attribute("cx")) > place
    assert area.locator("[data-bar]").count() == 6
    slider(area, "layers n").press("Home")
    lab.settle(page)
    assert area.locator("[data-bar]").count() == 2
    assert number("left") == number("slope") == "0.002467"
    area.get_by_role("button", name="ReLU", exact=True).click()
    lab.settle(page)
    assert [number(key) for key in ("value", "left")] == ["6", "1"]
