"""Chapter 05 in a real page: move a size and see every shape follow; make it not fit and read the reason."""

from tests.browser.lab import cells_of, slider


def test_sizes_move_shapes_and_what_does_not_fit_is_explained(lab, page):
    lab.show(page, *cells_of("05_affine.ipynb", "AffineExplorer(n="))
    area = page.locator(".jp-OutputArea-output:has([data-line=dW])")
    rule, follow = area.locator("[data-line=dW]"), area.get_by_label("the rows of W follow d")
    assert rule.text_content() == "dW = xᵀ @ dout: (3, 4) @ (4, 2) = (3, 2)"

    slider(area, "samples n").press("ArrowRight")
    lab.settle(page)
    bigger = "dW = xᵀ @ dout: (3, 5) @ (5, 2) = (3, 2)"
    assert rule.text_content() == bigger
    assert "(5, 3)" in area.locator("svg.nbkit text.val").all_text_contents()

    follow.click()
    lab.settle(page)
    slider(area, "rows of W").press("ArrowRight")
    lab.settle(page)
    words = area.inner_text()
    assert "the columns of x must be as many as the rows of w, got shapes" in words
    assert "3 is not 4" in words
    assert rule.text_content() == bigger

    follow.click()
    lab.settle(page)
    words = area.inner_text()
    assert "It fits" in words
    assert "the columns of x must be" not in words
