"""Chapter 12 in a real page: hunt a bug with mouse and keyboard, and follow a NaN to where it begins."""

import pytest

from tests.browser.lab import cells_of
from tests.browser.widgets import Widget

CHAPTER = "12_bug_hunt.ipynb"
# Pixels that a list has left beside its longest title, with 30 for the arrow.
ROOM = """list => {
    const pen = Object.assign(document.createElement('canvas').getContext('2d'), { font: getComputedStyle(list).font });
    return list.clientWidth - 30 - Math.max(...[...list.options].map(option => pen.measureText(option.text).width));
}"""
ACTIVE = "() => document.activeElement.tagName + document.activeElement.textContent"


class Hunt(Widget):
    @property
    def code(self):
        return self.area.get_by_role("textbox", name="code of the suspects")

    @property
    def marks(self):
        """How many nodes are marked as right, as wrong and as not checked."""
        return tuple(self.count(f"svg .mark-{mark}") for mark in ("right", "wrong", "unknown"))

    @property
    def marked_lines(self):
        return self.texts(".nbkit-gutter .marked")


@pytest.fixture
def hunt(lab, page):
    return Hunt(lab, page, *cells_of(CHAPTER, "BugHunt("))


def test_a_bug_is_found_node_by_node_mended_and_checked_again(hunt):
    hunt.select({"index": 1})
    assert "The loss falls" in hunt.words
    assert hunt.marks == (0, 0, 4)
    for marks in ((1, 0, 3), (2, 0, 2), (2, 1, 1)):
        hunt.press("Check next node")
        assert hunt.marks == marks
    assert "ReLU: gradient of x at index (0, 2)" in hunt.words

    hunt.keys("Control+End", *["Backspace"] * len("self.y"), on=hunt.code)  # ... return dout * self.y
    hunt.write("(self.y > 0)")
    assert "The code has changed: check again." in hunt.words
    assert hunt.marks == (0, 0, 4)
    hunt.keys("Control+Enter")
    assert hunt.marks == (4, 0, 0)
    for words in ("Solved in 0:", "All nodes are right", "Solved 1 of 9.", "number for number"):
        assert words in hunt.words
    assert hunt.texts("ol li")[-1] == "✓ all nodes right"
    assert hunt.texts("svg text.tick")[-3:] == ["right layers", "with the bug", "your code"]

    hunt.button("Check all nodes").focus()
    hunt.keys("Control+Enter")  # checks here, too, and does not run the cell again
    assert "Solved 1 of 9." in hunt.words

    hunt.press("Next case")
    assert "Training makes the loss larger" in hunt.words
    assert hunt.texts("select option:checked") == ["3\xa0·\xa0a\xa0line\xa0through\xa0eight\xa0points"]
    hunt.click(".nbkit-score-card button:has-text('✓ 2')")  # back, to what was written there
    assert hunt.code.input_value().endswith("(self.y > 0)")


def test_the_box_has_colours_and_a_loop_without_end_gives_the_kernel_back(hunt, page):
    assert page.evaluate("() => document.querySelector('.nbkit-editor pre').textContent") == hunt.code.input_value()
    assert hunt.texts("pre .keyword")[:4] == ["class", "def", "return", "def"]
    assert hunt.texts("pre .defined")[:2] == ["Square", "forward"]
    copy, area = hunt.box("pre"), hunt.box("textarea")
    assert copy == area  # letter over letter
    assert hunt.locator("select").evaluate(ROOM) >= 0

    hunt.ask("import nbkit.bugs.case as c; c.MAX_CHECK_SECONDS = 0.5")
    hunt.keys("Control+End", "Enter", "Shift+Tab", "Shift+Tab", on=hunt.code)
    hunt.write("while True: pass  # ha")
    assert hunt.texts("pre .comment") == ["# ha"]
    hunt.keys("Control+Enter")
    assert "is there a loop that never ends?" in hunt.words
    assert hunt.marked_lines == ["▶ 11"]
    hunt.select({"index": 2})
    hunt.press("Show me")
    assert hunt.marks == (2, 0, 0)
    hunt.select({"index": 0})
    assert hunt.code.input_value().endswith("while True: pass  # ha")


def test_writing_in_the_box_is_writing_and_nothing_else(hunt, page):
    assert "A square room" in hunt.words

    def notebook():
        cells = page.evaluate("() => window.jupyterapp.shell.currentWidget.content.widgets.length")
        return cells, page.locator(".jp-InputPrompt").all_text_contents()

    before = notebook()
    hunt.keys("Control+End", "Enter", on=hunt.code)
    hunt.write("dd")  # in a notebook's command mode: delete the cell
    hunt.keys("Tab")
    hunt.write("bamxc")
    assert hunt.code.input_value().endswith("return dx\n        dd    bamxc")
    hunt.keys("Shift+Enter")  # in a notebook: run the cell
    assert "SyntaxError in line 11" in hunt.words
    assert hunt.marked_lines == ["▶ 11"]
    hunt.keys("Home", "Shift+Tab")
    assert hunt.code.input_value().endswith("return dx\n    dd    bamxc")
    assert page.evaluate(ACTIVE).startswith("TEXTAREA")
    hunt.keys("Escape", "Shift+Tab")
    assert page.evaluate(ACTIVE).endswith("Show me")
    assert notebook() == before

    hunt.press("Reset the code")
    assert hunt.code.input_value().endswith("return dx")
    hunt.press("Back to my code")
    assert hunt.code.input_value().endswith("return dx\n    dd    bamxc")
    hunt.press("Reset the code")
    hunt.press("Check all nodes")
    assert hunt.marks == (1, 1, 0)
    assert "backward ÷ central differences = 0.5; there x = 3" in hunt.words


def test_a_clicked_node_is_checked_and_show_me_shows_the_line(hunt):
    hunt.select({"index": 8})
    assert "One × object" in hunt.words
    hunt.click("svg [data-item]")
    assert hunt.marks == (1, 0, 3)
    assert "agrees with central differences" in hunt.words
    hunt.press("Check all nodes")
    assert hunt.marks == (4, 1, 0)
    assert "Each node is right by itself, but together" in hunt.words
    hunt.press("Show me")
    assert hunt.marked_lines == ["▶ 9"]
    assert "Each use needs a memory of its own" in hunt.words
    assert hunt.marks == (4, 0, 0)
    assert "Solved 0 of 9 without help, 1 with help." in hunt.words  # shown is not solved


def test_the_tracer_follows_a_nan_to_where_it_begins(lab, page):
    tracer = Widget(lab, page, *cells_of(CHAPTER, "fragile = Graph(", "NanTracer(fragile"))
    finite = "✓ All values and all gradients are finite."

    def press(*keys):
        """Press keys on the slider; return what the tracer says and the texts of the nodes that it marks."""
        tracer.slide("a", *keys)
        return tracer.words, tracer.texts("svg .mark-wrong")

    assert press() == (finite, [])
    for key, words, node in (("End", "The exp of a makes ∞ of 1000", "exp"), ("Home", "The log makes −∞ of 0", "log")):
        said, (marked,) = press(key)
        assert words in said
        assert node in marked
    said, _marked = press(*["ArrowRight"] * 27)  # to -730
    assert "The log sends −∞ back to its input:" in said
    assert press(*["ArrowRight"] * 11) == (finite, [])
