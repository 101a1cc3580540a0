"""The quiz as a learner does it: type into the picture with the keyboard alone, and read what comes back."""

import pytest

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


class Quiz:
    """The quiz in a page where no mouse is used; keys return when the page shows what came of them."""

    def __init__(self, lab, page):
        lab.show(page, SOURCE)
        self.lab, self.page = lab, page
        self.locator = page.locator(".nbkit-graph-quiz").locator
        self.boxes = self.locator("input")
        self.boxes.first.wait_for()

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)
        self.lab.settle(self.page)

    def type(self, text):
        self.page.keyboard.type(text)
        self.lab.settle(self.page)

    def ask(self, code):
        assert self.lab.ask(self.page, code) == ""
        self.lab.settle(self.page)

    def mark(self, name):
        return self.locator(f".nbkit-box:has(input[aria-label^='{name}'])").get_attribute("data-mark")

    @property
    def texts(self):
        return self.boxes.evaluate_all("boxes => boxes.map(box => box.value)")

    @property
    def focused(self):
        return self.page.evaluate(FOCUSED)

    @property
    def told(self):
        return self.locator("[aria-live=polite]").inner_text()

    @property
    def score(self):
        return self.locator(".nbkit-score").inner_text()


@pytest.fixture
def quiz(lab, page):
    return Quiz(lab, page)


def test_a_quiz_is_done_by_keyboard_alone(quiz):
    quiz.boxes.first.focus()
    assert quiz.focused == PRODUCT
    quiz.type("1,1")
    quiz.press("Enter")
    assert quiz.mark(PRODUCT) == "right"
    quiz.press("Tab", "Tab")
    assert quiz.focused == APPLE
    quiz.type("2")
    quiz.press("Enter")
    assert quiz.mark(APPLE) == "wrong"
    assert "forgot to multiply by the gradient from the right" in quiz.told
    assert quiz.focused == f"{APPLE}, wrong"
    quiz.type(".3")  # what was typed is still there
    quiz.press("ArrowLeft", "Delete")
    quiz.type("2")
    assert quiz.mark(APPLE) == ""
    quiz.press("Enter")
    assert quiz.mark(APPLE) == "right"
    assert quiz.texts[2] == "2.2"
    assert quiz.score == "2 of 4 right, 0 hints"


def test_buttons_are_reached_and_pressed_by_keyboard(quiz):
    quiz.boxes.nth(2).focus()
    quiz.type("0.5")  # typed but not checked: it must survive what happens in other boxes
    quiz.press("Tab")
    quiz.type("100")
    quiz.press("Tab", "Tab")
    assert quiz.focused == "Hint"
    quiz.press("Enter")
    assert "Rule of the × that takes apple and count" in quiz.told
    quiz.press("Tab", "Space")
    assert quiz.mark(COUNT) == "revealed"
    assert quiz.texts[2:] == ["0.5", "110"]
    quiz.press("Shift+Tab", "Shift+Tab")
    assert quiz.focused == "Check"
    quiz.press("Enter")
    assert quiz.mark(APPLE) == "wrong"
    assert quiz.score == "0 of 4 right, 1 revealed, 1 hint"
    before = quiz.locator("text.val").all_text_contents()
    quiz.press("Tab", "Tab", "Tab")
    assert quiz.focused == "New numbers"
    quiz.press("Enter")
    assert quiz.told.startswith("New numbers. Boxes to fill: 4")
    assert quiz.locator("text.val").all_text_contents() != before
    assert quiz.texts == [""] * 4
    assert [quiz.mark(name) for name in (PRODUCT, TAX, APPLE, COUNT)] == [""] * 4
    assert quiz.focused == "New numbers"


def test_the_notebook_does_not_react_to_what_is_typed(quiz, page):
    quiz.boxes.first.focus()
    notebook = page.evaluate(NOTEBOOK)
    quiz.type("bddaxyz")
    assert quiz.texts[0] == "bddaxyz"
    quiz.press("Enter")
    assert quiz.mark(PRODUCT) == "wrong"
    assert "not a number" in quiz.told
    for _button in range(5):  # the keys are not for the notebook either where a button has the focus
        quiz.press("Tab")
        quiz.type("bddax")
    assert quiz.focused == "Hint"
    quiz.type("bddaxm")
    quiz.press("ArrowDown", "ArrowUp")
    assert page.evaluate(NOTEBOOK) == notebook
    assert quiz.focused == "Hint"


def test_a_new_picture_keeps_focus_cursor_and_typed_text(quiz, page):
    page.evaluate("() => { window.keptBox = document.querySelector('.nbkit-box input'); }")
    quiz.boxes.nth(1).focus()
    quiz.type("123")
    quiz.press("ArrowLeft")
    quiz.ask("quiz.view.svg = quiz.view.svg + ' '")
    assert not page.evaluate("window.keptBox.isConnected")
    assert quiz.focused == TAX
    quiz.type("0")
    assert quiz.texts[1] == "1203"


def test_an_answer_given_in_python_is_shown(quiz):
    quiz.ask("quiz.answer('v0-v2-0', '2.2'); quiz.answer('v1-v2-1', 'what?')")
    assert (quiz.mark(APPLE), quiz.mark(COUNT)) == ("right", "wrong")
    assert quiz.texts == ["", "", "2.2", "what?"]
