"""Chapters 00 to 06 in a real page: move a slider, press a button, and see numbers, pictures and words follow."""

import json

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
    tangent, dot = explorer.locator("[data-mark=tangent]"), "[data-item=value]"
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


def test_more_hats_close_the_gap_and_one_that_is_pulled_opens_it(chapter):
    explorer = chapter("04_activations.ipynb", "HatsExplorer(n=")
    assert explorer.number("gap") == "largest gap = 0.4373"
    explorer.slide("number of hats", *["ArrowRight"] * 4)
    assert explorer.number("gap") == "largest gap = 0.09658"
    x, y = explorer.spot("[data-item=hat]", 0.5, 0.5)
    explorer.drag((x, y), (x, y - 0.3 * 240 / 3.2))
    assert explorer.readout("move one hat by").text_content() == "0.30"
    assert explorer.number("gap") == "largest gap = 0.3"
    assert "and nowhere else" in explorer.words
    explorer.keys("ArrowDown", on=explorer.locator("[data-item=hat]"))
    assert explorer.readout("move one hat by").text_content() == "0.25"
    x, y = explorer.spot("[data-item=count]", 0.5, 0.5)
    explorer.drag((x, y), (x + 196 / 5.4, y))  # a doubling
    assert explorer.readout("number of hats").text_content() == "16"
    assert explorer.readout("move one hat by").text_content() == "0.00"
    assert explorer.number("gap") == "largest gap = 0.02173"


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
    assert "The columns of x must be as many as the rows of W, but 3 is not 4" in words
    assert "3 is not 4" in words
    assert explorer.texts(rule) == []
    (red,) = explorer.locator("text:text-is('W (4, 2)')").all()
    explanation, verdict = explorer.box(".nbkit-message"), explorer.box(".widget-html-content")
    assert max(explanation[1], verdict[1]) < red.bounding_box()["y"]  # words stand above what they are about
    assert not explorer.locator(".nbkit-graph-view").is_visible()
    follow.click()
    explorer.settle()
    words = explorer.area.inner_text()
    assert "It fits" in words
    assert "the columns of x must be" not in words
    assert explorer.texts(rule) == bigger
    assert explorer.locator(".nbkit-graph-view").is_visible()


def test_a_moved_score_moves_bars_loss_and_arrows(chapter):
    explorer = chapter("06_softmax_and_loss.ipynb", "SoftmaxExplorer(scores=")
    assert explorer.numbers("y1", "gradient1", "loss") == ["0.242", "−0.758", "loss = 1.417"]
    bar, arrow = explorer.box("[data-bar='1']"), explorer.box("[data-arrow='1']")
    explorer.slide("score of dog", *["ArrowRight"] * 10)  # from 1.0 to 2.0, as high as the cat
    assert explorer.numbers("y0", "y1", "gradient1", "loss") == ["0.465", "0.465", "−0.535", "loss = 0.7653"]
    assert explorer.box("[data-bar='1']")[3] > bar[3]
    assert explorer.box("[data-arrow='1']")[3] < arrow[3]
    explorer.slide("temperature T", "ArrowRight")
    assert explorer.readout("temperature T").text_content() == "2"
    assert explorer.numbers("y0", "y1", "gradient1") == ["0.419", "0.419", "−0.291"]  # e¹, e¹ and e^0.05
    explorer.slide("temperature T", "ArrowLeft")
    explorer.press("hen", exact=True)
    assert explorer.numbers("y1", "gradient1", "gradient2") == ["0.465", "+0.465", "−0.93"]
    assert "raises the score of hen" in explorer.words


# ---------------------------------------------------------------- values that are moved in the picture

SOFTMAX = """from nbkit import SoftmaxExplorer
explorer, heard = SoftmaxExplorer((2, 1, 0.1), t=1, classes=("cat", "dog", "hen")), []
for slider in explorer.sliders:  # keeps what the page tells about the sliders
    slider.set_state = heard.append
explorer"""
DOG, POINT = "[data-item=y1]", "[data-item=loss]"


@pytest.fixture
def softmax(lab, page):
    return Widget(lab, page, SOFTMAX)


def scores(softmax):
    return json.loads(softmax.ask("print(explorer.scores.round(6).tolist())"))


def test_a_bar_is_dragged_and_its_slider_follows(softmax):
    x, y = softmax.spot(f"{DOG} .grip", 0.5, 0.5)
    height = softmax.box("[data-bar='1']")[3]
    softmax.ask("heard.clear()")  # at first the page brings 0.1 to its own stop
    softmax.drag((x + 9, y + 2), (x + 40, y - 50))  # not on its middle: it moves as far as the pointer
    assert softmax.box("[data-bar='1']")[3] == pytest.approx(height + 52, abs=3)
    cat, dog, hen = scores(softmax)
    assert (cat, hen) == (2, 0.1)
    assert dog > 2
    assert softmax.readout("score of dog").text_content() == f"{dog:.1f}"
    assert softmax.ask("print(heard)") == "[]"  # the page had nothing to correct


def test_a_finger_drags_the_point_and_the_page_does_not_scroll(softmax):
    x, y = softmax.spot(POINT, 0.5, 0.5)
    touch(softmax, (x, y), (x + 20, y - 30), (x + 50, y - 90))
    assert scores(softmax) == [2, pytest.approx(1 + 50 * 20 / 250, abs=0.11), 0.1]
    assert softmax.spot(POINT, 0.5, 0)[0] == pytest.approx(x + 50, abs=2)


def touch(widget, *spots):
    """Put a finger on the first place, move it through the others, and lift it."""
    finger = widget.page.context.new_cdp_session(widget.page)
    for k, (x, y) in enumerate(spots):
        kind = "touchMove" if k else "touchStart"
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
        widget.settle()
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    widget.settle()
    finger.detach()


def test_keys_move_a_bar_which_keeps_the_focus(softmax):
    page, cells = softmax.page, softmax.page.locator(".jp-Cell").count()
    softmax.locator(DOG).focus()
    page.evaluate("() => { window.focused = document.activeElement; }")
    softmax.keys("ArrowUp", "ArrowRight", "ArrowDown", "PageUp")
    assert scores(softmax) == [2, 2.1, 0.1]
    assert page.evaluate("() => document.activeElement === window.focused")  # not another one in its place
    assert softmax.locator(DOG).get_attribute("aria-valuetext") == "score 2.1, probability 0.49"
    assert softmax.locator(DOG).get_attribute("aria-valuenow") == "2.1"
    assert softmax.count(DOG) == 1
    softmax.keys("Home")
    assert scores(softmax)[1] == -10
    softmax.keys("Tab", "Tab", "End")  # past the bar of the hen
    assert scores(softmax) == [2, 10, 0.1]
    assert softmax.count("[role=application]") == 0  # without areas there is no need of a cross
    assert page.locator(".jp-Cell").count() == cells  # no key was for the notebook


def test_a_point_on_a_curve_is_dragged(chapter):
    explorer = chapter("04_activations.ipynb", "ActivationExplorer(kind=")
    x, y = explorer.spot("[data-item=value]", 0.5, 0.5)
    explorer.drag((x, y), (x - 25, y))  # a unit of x
    assert explorer.numbers("x", "value", "slope") == ["0", "0.5", "0.25"]
    assert explorer.readout("x").text_content() == "0.0"
    explorer.keys("ArrowLeft", on=explorer.locator("[data-item=slope]"))
    assert explorer.number("x") == "−0.1"


def test_eps_is_dragged_along_its_curve(chapter):
    lab = chapter("03_gradient_check.ipynb", "NudgeLab(x * x * x)")
    x, y = lab.spot("[data-item=eps]", 0.5, 0.5)
    lab.drag((x, y), (x - 5 * 300 / 14.8, y + 60))  # five decades
    assert lab.readout("ε").text_content() == "1e-6"
    assert lab.number("error") == "3.0e−06"


def test_the_same_curve_in_float32_is_worse_and_best_at_a_larger_eps(chapter):
    lab = chapter("03_gradient_check.ipynb", 'numbers="float32"')
    assert lab.number("error") == "4.1e−03"
    lab.press("float64")
    assert float(lab.number("error").replace("−", "-")) < 1e-8
    assert lab.count("text:text-is('float64')") == 0  # its own line needs no name
    lab.press("float32")
    lab.slide("ε", *["ArrowRight"] * 5)
    assert lab.readout("ε").text_content() == "3e-3"
    assert float(lab.number("error").replace("−", "-")) < 5e-5


def test_the_outer_corner_of_a_rectangle_is_dragged_and_the_corner_shrinks_faster_than_the_strips(chapter):
    explorer = chapter("02_backward.ipynb", "ProductExplorer(x=3")
    assert explorer.numbers("y·dx", "x·dy", "dx·dy", "share") == ["2", "3", "1", "17 %"]
    x, y = explorer.spot("[data-item=nudge]", 0.5, 0.5)
    explorer.drag((x, y), (x - 0.9 * 46, y + 60))
    assert explorer.numbers("y·dx", "x·dy", "dx·dy", "share") == ["0.2", "0.3", "0.01", "2 %"]
    assert explorer.readout("nudge").text_content() == "0.1"
    explorer.keys("Home", on=explorer.locator("[data-item=nudge]"))
    assert explorer.number("share") == "0.2 %"
    explorer.press("x alone")
    assert explorer.numbers("dx·dy", "rate") == ["0", "2"]
    assert explorer.count("[data-part='x·dy']") == 0


def test_the_buttons_of_the_true_class_stand_in_line_with_the_sliders(chapter):
    explorer = chapter("06_softmax_and_loss.ipynb", "SoftmaxExplorer(scores=")
    word, button, name = (
        place.bounding_box()
        for place in (
            explorer.area.get_by_text("truth", exact=True),
            explorer.button("cat", exact=True),
            explorer.area.get_by_text("score of dog", exact=True).first,
        )
    )
    assert word["y"] == pytest.approx(name["y"], abs=3)  # as the sliders' names do, above what they name
    assert 0 < button["y"] - word["y"] < 2 * word["height"]
    assert button["x"] == pytest.approx(word["x"], abs=8)


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
