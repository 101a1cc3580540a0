"""Chapter 05 in a real page: move a size and see every shape follow; make it not fit and read the reason."""

from tests.browser.test_learner import slider

LAB = """from nbkit import AffineExplorer
AffineExplorer(n=4, d=3, k=2)"""


def test_sizes_move_shapes_and_what_does_not_fit_is_explained(lab, module_page):
    page = module_page
    lab.open(page, lab.write("affine.ipynb", LAB))
    assert lab.run_all(page) == []
    area = page.locator(".jp-OutputArea-output:has([data-line=dW])").first
    rule = area.locator("[data-line=dW]")
    assert rule.text_content() == "dW = xᵀ @ dout: (3, 4) @ (4, 2) = (3, 2)"

    slider(area, "samples n").focus()
    page.keyboard.press("ArrowRight")
    area.locator("[data-line=dW]:text-is('dW = xᵀ @ dout: (3, 5) @ (5, 2) = (3, 2)')").wait_for()
    area.locator("svg.nbkit text.val:text-is('(5, 3)')").first.wait_for()

    area.get_by_label("the rows of W follow d").click()
    rows = slider(area, "rows of W")
    area.locator(".widget-inline-hbox:has(.widget-label:text-is('rows of W')) .noUi-target:not([disabled])").wait_for()
    rows.focus()
    page.keyboard.press("ArrowRight")
    area.locator("text=/the columns of x must be as many as the rows of w, got shapes/").wait_for()
    area.locator("text=/3 is not 4/").wait_for()
    assert rule.text_content() == "dW = xᵀ @ dout: (3, 5) @ (5, 2) = (3, 2)"

    area.get_by_label("the rows of W follow d").click()
    area.locator("text=/It fits/").wait_for()
    area.locator("text=/the columns of x must be/").wait_for(state="detached")
