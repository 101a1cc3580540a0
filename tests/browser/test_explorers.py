"""Chapters 00 to 06 in a real page: move a slider, press a button, and see numbers, pictures and words follow."""

import pytest

from tests.browser.lab import cells_of
from tests.browser.widgets import Widget


@pytest.fixture
def chapter(lab, page):
    """Return a function that shows the cells of a chapter in which these words stand."""
    return lambda name, *words: Widget(lab, page, *cells_of(name, *words))


def test_the_set_up_check_says_works_when_a_move_has_arrived(chapter):
    check = chapter("00_start_here.ipynb", "SetupCheck()")
    assert check.count("[data-apple]") == 3
    assert "Not moved yet" in check.area.inner_text()
    check.slide("move me", "ArrowRight")
    assert "✓ It works" in check.area.inner_text()
    assert check.count("[data-apple]") == 4


def test_a_moved_x_moves_tangent_and_numbers(chapter):
    explorer = chapter("04_activations.ipynb", "ActivationExplorer(kind=")
    tangent, dot = explorer.locator("[data-mark=tangent]"), "[data-mark=value]"
    assert explorer.number("slope") == "0.1966"  # of the sigmoid at x = 1
    points, left = tangent.get_attribute("points"), explorer.box(dot)[0]
    explorer.slide("x", "End")
    assert explorer.numbers("x", "value") == ["6", "0.9975"]
    assert tangent.get_attribute("points") != points
    assert explorer.box(dot)[0] > left
    assert explorer.count("[data-bar]") == 6
    explorer.slide("layers n", "Home")
    assert explorer.count("[data-bar]") == 2
    assert explorer.numbers("left", "slope") == ["0.002467"] * 2
    explorer.press("ReLU", exact=True)
    assert explorer.numbers("value", "left") == ["6", "1"]


def test_sizes_move_shapes_and_what_does_not_fit_is_explained(chapter):
    explorer = chapter("05_affine.ipynb", "AffineExplorer(n=")
    rule, follow = "[data-line=dW]", explorer.area.get_by_label("the rows of W follow d")
    assert explorer.texts(rule) == ["dW = xᵀ @ dout: (3, 4) @ (4, 2) = (3, 2)"]
    explorer.slide("samples n", "ArrowRight")
    bigger = ["dW = xᵀ @ dout: (3, 5) @ (5, 2) = (3, 2)"]
    assert explorer.texts(rule) == bigger
    assert "(5, 3)" in explorer.texts("svg.nbkit text.val")

    follow.click()
    explorer.settle()  # only then is the slider free
    explorer.slide("rows of W", "ArrowRight")
    words = explorer.area.inner_text()
    assert "the columns of x must be as many as the rows of w, got shapes" in words
    assert "3 is not 4" in words
    assert explorer.texts(rule) == bigger
    follow.click()
    explorer.settle()
    words = explorer.area.inner_text()
    assert "It fits" in words
    assert "the columns of x must be" not in words


def test_a_moved_score_moves_bars_loss_and_arrows(chapter):
    explorer = chapter("06_softmax_and_loss.ipynb", "SoftmaxExplorer(scores=")
    assert explorer.numbers("y1", "gradient1", "loss") == ["0.242", "−0.758", "loss = 1.417"]
    bar, arrow = explorer.box("[data-bar='1']"), explorer.box("[data-arrow='1']")
    explorer.slide("dog", *["ArrowRight"] * 10)  # from 1.0 to 2.0, as high as the cat
    assert explorer.numbers("y0", "y1", "gradient1", "loss") == ["0.465", "0.465", "−0.535", "loss = 0.7653"]
    assert explorer.box("[data-bar='1']")[3] > bar[3]
    assert explorer.box("[data-arrow='1']")[3] < arrow[3]
    explorer.press("hen", exact=True)
    assert explorer.numbers("y1", "gradient1", "gradient2") == ["0.465", "+0.465", "−0.93"]
    assert "raises the score of hen" in explorer.words


def test_the_buttons_of_the_true_class_stand_in_line_with_the_sliders(chapter):
    explorer = chapter("06_softmax_and_loss.ipynb", "SoftmaxExplorer(scores=")
    word, button, name = (
        place.bounding_box()
        for place in (
            explorer.area.get_by_text("truth", exact=True),
            explorer.button("cat", exact=True),
            explorer.area.get_by_text("dog", exact=True).first,
        )
    )
    assert word["y"] < button["y"] + button["height"] / 2 < word["y"] + word["height"]
    assert abs(word["x"] + word["width"] - name["x"] - name["width"]) < 3


# ---------------------------------------------------------------- the order of backward

LAB = """from nbkit import OrderLab, Variable
x, y = Variable(2, "x"), Variable(3, "y")
s = x * y
s.name = "s"
z = s * s + s
z.name = "z"
OrderLab(z)"""


def test_a_wrong_order_is_seen_and_a_right_one_too(lab, page):
    order = Widget(lab, page, LAB)

    def gradients():
        return sorted(order.texts("text.grad"))

    assert gradients() == ["← 1"]
    order.press("C · + makes z")
    assert order.button("C · + makes z").is_disabled()
    order.press("A · × makes s")
    assert "when only 1 of 3 gradients had arrived: it passed on 3 instead of 39 to x" in order.area.inner_text()
    assert order.texts("[data-mark='v2']") == ["✗ 1 of 3"]
    order.press("B · × makes s × s")
    assert "✗ Wrong" in order.area.get_by_role("status").text_content()
    assert order.texts("td") == ["x", "3", "39", "✗", "y", "2", "26", "✗"]
    assert order.count("[data-lost]") == 2
    assert gradients() == ["sum 1", "← 1", "← 1", "← 1", "← 2", "← 3", "← 6", "← 6"]

    order.press("Reset")
    assert order.area.get_by_role("status").count() == 0
    assert gradients() == ["← 1"]
    order.press("C · + makes z", "B · × makes s × s", "A · × makes s")
    assert "Right: every node waited" in order.area.inner_text()
    right = gradients()
    assert right == ["sum 13", "← 1", "← 1", "← 1", "← 26", "← 39", "← 6", "← 6"]
    assert order.count("[data-lost], [data-wrong]") == 0
    order.press("Reset", "Show a right order")
    assert gradients() == right
