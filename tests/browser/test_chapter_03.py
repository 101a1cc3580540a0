"""Chapters 00 and 03 in a real page: move each slider, and see numbers and pictures follow."""

from tests.browser.lab import cells_of, slider

CHAPTER = "03_gradient_check.ipynb"


def test_the_set_up_check_says_works_when_a_move_has_arrived(lab, page):
    lab.show(page, *cells_of("00_start_here.ipynb", "SetupCheck()"))
    area = page.locator(".jp-OutputArea-output:has([role=status])")
    area.locator("[data-apple]").last.wait_for()
    assert area.locator("[data-apple]").count() == 3
    assert "Not moved yet" in area.inner_text()
    assert "numpy" in area.inner_text()
    slider(area, "move me").press("ArrowRight")
    lab.settle(page)
    assert "✓ It works" in area.inner_text()
    assert area.locator("[data-apple]").count() == 4


def test_a_smaller_nudge_moves_estimate_mark_and_words(lab, page):
    lab.show(page, *cells_of(CHAPTER, "NudgeLab(x * x * x)"))
    area = page.locator(".jp-OutputArea-output:has([data-mark=eps])")
    mark, handle = area.locator("[data-mark=eps]"), slider(area, "ε")

    def number(key):
        return area.locator(f"[data-number={key}]").text_content()

    assert number("estimate") == "3.31"
    right = float(mark.get_attribute("cx"))
    handle.press("ArrowLeft")
    handle.press("ArrowLeft")
    lab.settle(page)
    assert number("estimate") == "3.0301"
    assert float(mark.get_attribute("cx")) < right
    area.get_by_role("button", name="both sides", exact=True).click()
    lab.settle(page)
    assert number("estimate") == "3.0001"
    assert number("error") == "1.0e−04"
    handle.press("Home")
    lab.settle(page)
    assert "ε is small" in area.inner_text()


def test_more_inputs_cost_more_calls_but_hardly_more_backward(lab, page):
    lab.show(page, *cells_of(CHAPTER, "def weighted_sum", "counter = CostCounter("))
    area = page.locator(".jp-OutputArea-output:has([data-calls])")

    def calls():
        return [area.locator(f"[data-calls={way}]").text_content() for way in ("two", "one", "forward", "backward")]

    assert calls() == ["380", "209", "380", "38"]
    slider(area, "inputs n").press("End")
    lab.settle(page)
    assert calls() == ["9900", "5049", "9900", "198"]
