"""Chapter 12 in a real page: hunt a bug with mouse and keyboard, and follow a NaN to where it begins."""

import pytest

from tests.browser.lab import cells_of, slider

CHAPTER = "12_bug_hunt.ipynb"


class Hunt:
    """The chapter's BugHunt in the page; each method that does something waits until the page shows the answer."""

    def __init__(self, lab, page):
        lab.show(page, *cells_of(CHAPTER, "BugHunt("))
        self.lab, self.page = lab, page
        self.area = page.locator(".jp-OutputArea-output:has(.nbkit-code-box)")
        self.code = self.area.get_by_role("textbox", name="code of the suspects")
        self.area.locator("svg [data-item]").first.wait_for()

    def settle(self):
        self.lab.settle(self.page)

    def pick(self, number):
        self.area.locator("select").select_option(index=number - 1)
        self.settle()

    def press(self, name):
        self.area.get_by_role("button", name=name, exact=True).click()
        self.settle()

    def keys(self, *names):
        for name in names:
            self.page.keyboard.press(name)
        self.settle()

    def write(self, text):
        self.page.keyboard.type(text)
        self.settle()

    @property
    def words(self):
        return " ".join(" ".join(self.area.locator(".widget-html-content").all_text_contents()).split())

    @property
    def marks(self):
        """How many nodes are marked as right, as wrong and as not checked."""
        return tuple(self.area.locator(f"svg .mark-{mark}").count() for mark in ("right", "wrong", "unknown"))

    @property
    def marked_lines(self):
        return self.area.locator(".nbkit-gutter .marked").all_text_contents()


@pytest.fixture
def hunt(lab, page):
    return Hunt(lab, page)


def test_a_bug_is_found_node_by_node_mended_and_checked_again(hunt):
    hunt.pick(2)
    assert "The loss falls" in hunt.words
    assert hunt.marks == (0, 0, 4)
    for marks in ((1, 0, 3), (2, 0, 2), (2, 1, 1)):
        hunt.press("Check next node")
        assert hunt.marks == marks
    assert "ReLU: gradient of x at index (0, 2)" in hunt.words

    hunt.code.focus()
    hunt.keys("Control+End", *["Backspace"] * len("self.y"))  # ... return dout * self.y
    hunt.write("(self.y > 0)")
    assert "The code has changed: check again." in hunt.words
    assert hunt.marks == (0, 0, 4)
    hunt.keys("Control+Enter")
    assert hunt.marks == (4, 0, 0)
    for words in ("All nodes are right", "solved: 1 of 9 (2)", "number for number"):
        assert words in hunt.words
    assert hunt.area.locator("ol li").all_text_contents()[-1] == "✓ all nodes right"


def test_writing_in_the_box_is_writing_and_nothing_else(hunt):
    assert "A square room" in hunt.words
    page = hunt.page

    def notebook():
        cells = page.evaluate("() => window.jupyterapp.shell.currentWidget.content.widgets.length")
        return cells, page.locator(".jp-InputPrompt").all_text_contents()

    before = notebook()
    hunt.code.focus()
    hunt.keys("Control+End", "Enter")
    hunt.write("dd")  # in a notebook's command mode: delete the cell
    hunt.keys("Tab")
    hunt.write("bamxc")
    assert hunt.code.input_value().endswith("return dx\n        dd    bamxc")
    hunt.keys("Shift+Enter")  # in a notebook: run the cell
    assert "SyntaxError in line 11" in hunt.words
    assert hunt.marked_lines == ["▶ 11"]
    hunt.keys("Home", "Shift+Tab")
    assert hunt.code.input_value().endswith("return dx\n    dd    bamxc")
    assert page.evaluate("() => document.activeElement.tagName") == "TEXTAREA"
    hunt.keys("Escape", "Shift+Tab")
    assert page.evaluate("() => document.activeElement.textContent") == "Show me"
    assert notebook() == before

    hunt.press("Reset the code")
    assert hunt.code.input_value().endswith("return dx")
    hunt.press("Check all nodes")
    assert hunt.marks == (1, 1, 0)
    assert "backward ÷ central differences = 0.5; there x = 3" in hunt.words


def test_a_clicked_node_is_checked_and_show_me_shows_the_line(hunt):
    hunt.pick(9)
    assert "One × object" in hunt.words
    hunt.area.locator("svg [data-item]").first.click()
    hunt.settle()
    assert hunt.marks == (1, 0, 3)
    assert "agrees with central differences" in hunt.words
    hunt.press("Check all nodes")
    assert hunt.marks == (4, 1, 0)
    assert "Each node is right by itself, but together" in hunt.words
    hunt.press("Show me")
    assert hunt.marked_lines == ["▶ 9"]
    assert "Each use needs a memory of its own" in hunt.words
    hunt.press("Check all nodes")
    assert hunt.marks == (4, 0, 0)
    assert "solved: 0 of 9" in hunt.words  # shown is not solved


def test_the_tracer_follows_a_nan_to_where_it_begins(lab, page):
    lab.show(page, *cells_of(CHAPTER, "fragile = Graph(", "NanTracer(fragile"))
    area = page.locator(".jp-OutputArea-output:has(.nbkit-graph-view)")
    handle = slider(area, "a")
    handle.focus()

    def press(*keys):
        """Press keys on the slider; return what the tracer says and the texts of the nodes that it marks."""
        for key in keys:
            page.keyboard.press(key)
        lab.settle(page)
        status = area.locator(".widget-html-content").text_content()
        return status, area.locator("svg .mark-wrong").all_text_contents()

    finite = "✓ All values and all gradients are finite."
    assert press() == (finite, [])
    status, (marked,) = press("End")
    assert "Exp makes ∞ of 1000" in status
    assert "exp" in marked
    status, (marked,) = press("Home")
    assert "Log makes −∞ of 0" in status
    assert "log" in marked
    status, marked = press(*["ArrowRight"] * 27)  # to -730
    assert "Log sends −∞ back to its input:" in status
    assert press(*["ArrowRight"] * 11) == (finite, [])
