"""The quiz as a learner does it: type into the picture with the keyboard alone, and read what comes back."""

import pytest

from tests.browser.lab import THEMES

SOURCE = """\
from nbkit import GraphQuiz, Variable
quiz = GraphQuiz(Variable(100, "apple") * Variable(2, "count") * Variable(1.1, "tax"), rng=1)
quiz"""


@pytest.fixture(scope="module", params=THEMES)
def opened(request, lab, module_page):
    """A page with a notebook that makes one quiz, in each theme."""
    lab.open(module_page, lab.write("quiz.ipynb", SOURCE, "1 + 1"))
    lab.set_theme(module_page, request.param)
    return module_page


@pytest.fixture
def page(opened):
    return opened


@pytest.fixture
def quiz(lab, page):
    """The quiz, made anew for each test, in a page where no mouse is used."""
    assert lab.run_all(page) == []
    area = page.locator(".nbkit-graph-quiz")
    area.locator("input").first.wait_for()
    return area


def box(quiz, name):
    return quiz.locator(f".nbkit-box:has(input[aria-label^='{name}'])")


def wait_for_mark(quiz, name, mark):
    quiz.locator(f".nbkit-box[data-mark='{mark}'] input[aria-label^='{name}']").wait_for()


def cells(page):
    return page.evaluate("() => window.jupyterapp.shell.currentWidget.content.widgets.length")


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)


def focused(page):
    return page.evaluate(
        "() => document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent"
    )


def test_a_quiz_is_done_by_keyboard_alone(quiz, page):
    quiz.locator("input").first.focus()
    assert focused(page) == "gradient on the edge from × to ×"
    page.keyboard.type("1,1")
    press(page, "Enter")
    wait_for_mark(quiz, "gradient on the edge from × to ×", "right")
    press(page, "Tab", "Tab")
    assert focused(page) == "gradient on the edge from apple to ×"
    page.keyboard.type("2")
    press(page, "Enter")
    wait_for_mark(quiz, "gradient on the edge from apple to ×", "wrong")
    told = quiz.locator("[aria-live=polite]")
    assert "forgot to multiply by the gradient from the right" in told.inner_text()
    assert focused(page) == "gradient on the edge from apple to ×, wrong"
    page.keyboard.type(".3")  # what was typed is still there
    press(page, "ArrowLeft", "Delete")
    page.keyboard.type("2")
    assert box(quiz, "gradient on the edge from apple to ×").get_attribute("data-mark") == ""
    press(page, "Enter")
    wait_for_mark(quiz, "gradient on the edge from apple to ×", "right")
    assert quiz.locator("input").nth(2).input_value() == "2.2"
    assert quiz.locator(".nbkit-score").inner_text() == "2 of 4 right, 0 hints"


def test_buttons_are_reached_and_pressed_by_keyboard(quiz, page):
    quiz.locator("input").nth(2).focus()
    page.keyboard.type("0.5")  # typed but not checked: it must survive what happens in other boxes
    press(page, "Tab")
    page.keyboard.type("100")
    press(page, "Tab", "Tab")
    assert focused(page) == "Hint"
    press(page, "Enter")
    quiz.locator("text=/Rule of the × that takes apple and count/").wait_for()
    press(page, "Tab", "Space")
    wait_for_mark(quiz, "gradient on the edge from count to ×", "revealed")
    assert quiz.locator("input").nth(3).input_value() == "110"
    assert quiz.locator("input").nth(2).input_value() == "0.5"
    press(page, "Shift+Tab", "Shift+Tab")
    assert focused(page) == "Check"
    press(page, "Enter")
    wait_for_mark(quiz, "gradient on the edge from apple to ×", "wrong")
    assert quiz.locator(".nbkit-score").inner_text() == "0 of 4 right, 1 revealed, 1 hint"
    before = quiz.locator("text.val").all_text_contents()
    press(page, "Tab", "Tab", "Tab")
    assert focused(page) == "New numbers"
    press(page, "Enter")
    quiz.locator("text=/New numbers. Boxes to fill: 4/").wait_for()
    assert quiz.locator("text.val").all_text_contents() != before
    assert (
        quiz.locator("input").evaluate_all("boxes => boxes.map(b => b.value + b.parentElement.dataset.mark)")
        == [""] * 4
    )
    assert focused(page) == "New numbers"


def test_the_notebook_does_not_react_to_what_is_typed(quiz, page):
    count = cells(page)
    first = quiz.locator("input").first
    first.focus()
    page.keyboard.type("bddaxyz")
    assert first.input_value() == "bddaxyz"
    press(page, "Enter")
    wait_for_mark(quiz, "gradient on the edge from × to ×", "wrong")
    assert "not a number" in quiz.locator("[aria-live=polite]").inner_text()
    for _button in range(5):  # the keys are not for the notebook either where a button has the focus
        press(page, "Tab")
        page.keyboard.type("bddax")
    quiz.get_by_role("button", name="Hint").focus()
    page.keyboard.type("bddaxm")
    press(page, "ArrowDown", "ArrowUp")
    page.wait_for_timeout(300)
    assert cells(page) == count
    assert page.evaluate("() => window.jupyterapp.shell.currentWidget.content.mode") is not None
    assert focused(page) == "Hint"


def test_a_new_picture_keeps_focus_cursor_and_typed_text(quiz, page):
    page.evaluate("() => { window.keptBox = document.querySelector('.nbkit-box input'); }")
    quiz.locator("input").nth(1).focus()
    page.keyboard.type("123")
    press(page, "ArrowLeft")
    run = "quiz.view.svg = quiz.view.svg + ' '"
    page.evaluate(
        "code => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.requestExecute({code}).done", run
    )
    page.wait_for_function("() => !window.keptBox.isConnected")
    assert focused(page) == "gradient on the edge from tax to ×"
    page.keyboard.type("0")
    assert quiz.locator("input").nth(1).input_value() == "1203"


def test_an_answer_given_in_python_is_shown(quiz, page):
    run = "quiz.answer('v0-v2-0', '2.2'); quiz.answer('v1-v2-1', 'what?')"
    page.evaluate(
        "code => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.requestExecute({code}).done", run
    )
    wait_for_mark(quiz, "gradient on the edge from apple to ×", "right")
    wait_for_mark(quiz, "gradient on the edge from count to ×", "wrong")
    assert quiz.locator("input").evaluate_all("boxes => boxes.map(b => b.value)") == ["", "", "2.2", "what?"]
