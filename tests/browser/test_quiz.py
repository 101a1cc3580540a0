"""The quiz as a learner does it: type into the picture with the keyboard alone, and read what comes back."""

import pytest

from tests.browser.widgets import Widget

SOURCE = """\
from nbkit import GraphQuiz, Variable
quiz = GraphQuiz(Variable(100, "apple") * Variable(2, "count") * Variable(1.1, "tax"), rng=1)
quiz"""
FOCUSED = "() => document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent"
NOTEBOOK = """() => {
    const { mode, model } = window.jupyterapp.shell.currentWidget.content;
    return [mode, ...[...model.cells].map(cell => cell.sharedModel.source)];
}"""
PRODUCT, TAX, APPLE, COUNT = (
    f"gradient on the edge from {edge}" for edge in ("× to ×", "tax to ×", "apple to ×", "count to ×")
)


class Quiz(Widget):
    """The quiz in a page where no mouse is used."""

    @property
    def boxes(self):
        return self.locator(".nbkit-box input")

    def do(self, code):
        assert self.ask(code) == ""
        self.settle()

    def mark(self, name):
        return self.locator(f".nbkit-box:has(input[aria-label^='{name}'])").get_attribute("data-mark")

    @property
    def typed(self):
        return self.boxes.evaluate_all("boxes => boxes.map(box => box.value)")

    @property
    def focused(self):
        return self.page.evaluate(FOCUSED)

    @property
    def told(self):
        return self.locator("[aria-live=polite]").first.inner_text()

    @property
    def score(self):
        return self.locator(".nbkit-score").inner_text()


@pytest.fixture
def quiz(lab, page):
    return Quiz(lab, page, SOURCE)


def test_a_quiz_is_done_by_keyboard_alone(quiz):
    quiz.boxes.first.focus()
    assert quiz.focused == PRODUCT
    quiz.write("1,1")
    quiz.keys("Enter")
    assert quiz.mark(PRODUCT) == "right"
    quiz.keys("Tab", "Tab")
    assert quiz.focused == APPLE
    quiz.write("2")
    quiz.keys("Enter")
    assert quiz.mark(APPLE) == "wrong"
    assert "forgot to multiply by the gradient from the right" in quiz.told
    assert quiz.focused == f"{APPLE}, wrong"
    quiz.write(".3")  # what was typed is still there
    quiz.keys("ArrowLeft", "Delete")
    quiz.write("2")
    assert quiz.mark(APPLE) == ""
    quiz.keys("Enter")
    assert quiz.mark(APPLE) == "right"
    assert quiz.typed[2] == "2.2"
    assert quiz.score == "2 of 4 right, 0 hints"


def test_buttons_are_reached_and_pressed_by_keyboard(quiz):
    quiz.boxes.nth(2).focus()
    quiz.write("0.5")  # typed but not checked: it must survive what happens in other boxes
    quiz.keys("Tab")
    quiz.write("100")
    quiz.keys("Tab", "Tab")
    assert quiz.focused == "Hint"
    quiz.keys("Enter")
    assert "Rule of the × that takes apple and count" in quiz.told
    quiz.keys("Tab", "Space")
    assert quiz.mark(COUNT) == "revealed"
    assert quiz.typed[2:] == ["0.5", "110"]
    quiz.keys("Shift+Tab", "Shift+Tab")
    assert quiz.focused == "Check"
    quiz.keys("Enter")
    assert quiz.mark(APPLE) == "wrong"
    assert quiz.score == "0 of 4 right, 1 revealed, 1 hint"
    before = quiz.texts("text.val")
    quiz.keys("Tab", "Tab", "Tab")
    assert quiz.focused == "New numbers"
    quiz.keys("Enter")
    assert quiz.told.startswith("New numbers. Boxes to fill: 4")
    assert quiz.texts("text.val") != before
    assert quiz.typed == [quiz.mark(name) for name in (PRODUCT, TAX, APPLE, COUNT)] == [""] * 4
    assert quiz.focused == "New numbers"


def test_the_notebook_does_not_react_to_what_is_typed(quiz, page):
    quiz.boxes.first.focus()
    notebook = page.evaluate(NOTEBOOK)
    quiz.write("bddaxyz")
    assert quiz.typed[0] == "bddaxyz"
    quiz.keys("Enter")
    assert quiz.mark(PRODUCT) == "wrong"
    assert "not a number" in quiz.told
    for _button in range(5):  # the keys are not for the notebook either where a button has the focus
        quiz.keys("Tab")
        quiz.write("bddax")
    assert quiz.focused == "Hint"
    quiz.write("bddaxm")
    quiz.keys("ArrowDown", "ArrowUp")
    assert page.evaluate(NOTEBOOK) == notebook
    assert quiz.focused == "Hint"


def test_a_new_picture_keeps_focus_cursor_and_typed_text(quiz, page):
    page.evaluate("() => { window.keptBox = document.querySelector('.nbkit-box input'); }")
    quiz.boxes.nth(1).focus()
    quiz.write("123")
    quiz.keys("ArrowLeft")
    quiz.do("quiz.view.svg = quiz.view.svg + ' '")
    assert not page.evaluate("window.keptBox.isConnected")
    assert quiz.focused == TAX
    quiz.write("0")
    assert quiz.typed[1] == "1203"


def test_an_answer_given_in_python_is_shown(quiz):
    quiz.do("quiz.answer('v0-v2-0', '2.2'); quiz.answer('v1-v2-1', 'what?')")
    assert (quiz.mark(APPLE), quiz.mark(COUNT)) == ("right", "wrong")
    assert quiz.typed == ["", "", "2.2", "what?"]
