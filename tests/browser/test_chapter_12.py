"""Chapter 12 in a real page: hunt a bug with mouse and keyboard, and follow a NaN to where it begins."""

import pytest

from tests.browser.test_learner import slider

HUNT = ".jp-OutputArea-output:has(.nbkit-code-box)"
TRACER = ".jp-OutputArea-output:has(.nbkit-graph-view)"


@pytest.fixture(scope="module")
def page(lab, module_page):
    lab.open(module_page, "12_bug_hunt.ipynb")
    assert lab.run_all(module_page) == []
    return module_page


@pytest.fixture
def hunt(page):
    return page.locator(HUNT)


def press(hunt, name):
    hunt.get_by_role("button", name=name, exact=True).click()


def wait_for(hunt, words):
    hunt.locator(f'.widget-html-content:has-text("{words}")').first.wait_for()


def wait_for_marks(hunt, right, wrong, unknown):
    hunt.page.wait_for_function(
        """([hunt, counts]) => ['right', 'wrong', 'unknown'].every((mark, i) =>
            document.querySelector(hunt).querySelectorAll(`svg .mark-${mark}`).length === counts[i])""",
        arg=[HUNT, [right, wrong, unknown]],
    )


def pick(hunt, number):
    hunt.locator("select").select_option(index=number - 1)


def cells(page):
    return page.evaluate("() => window.jupyterapp.shell.currentWidget.content.widgets.length")


def test_a_bug_is_found_node_by_node_mended_and_checked_again(hunt, page):
    pick(hunt, 2)
    wait_for(hunt, "The loss falls")
    wait_for_marks(hunt, 0, 0, 4)
    for right, wrong in ((1, 0), (2, 0), (2, 1)):
        press(hunt, "Check next node")
        wait_for_marks(hunt, right, wrong, 4 - right - wrong)
    wait_for(hunt, "ReLU: gradient of x at index (0, 2)")

    code = hunt.get_by_role("textbox", name="code of the suspects")
    code.focus()
    page.keyboard.press("Control+End")  # ... return dout * self.y
    for _letter in "self.y":
        page.keyboard.press("Backspace")
    page.keyboard.type("(self.y > 0)")
    wait_for(hunt, "The code has changed: check again.")
    wait_for_marks(hunt, 0, 0, 4)
    page.keyboard.press("Control+Enter")
    wait_for_marks(hunt, 4, 0, 0)
    wait_for(hunt, "All nodes are right")
    wait_for(hunt, "solved: 1 of 9 (2)")
    wait_for(hunt, "number for number")
    assert hunt.locator("ol li").all_text_contents()[-1] == "✓ all nodes right"


def test_writing_in_the_box_is_writing_and_nothing_else(hunt, page):
    pick(hunt, 1)
    wait_for(hunt, "A square room")
    press(hunt, "Reset the code")
    code = hunt.get_by_role("textbox", name="code of the suspects")
    before = cells(page), page.locator(".jp-InputPrompt").all_text_contents()
    code.focus()
    page.keyboard.press("Control+End")
    page.keyboard.press("Enter")
    page.keyboard.type("dd")  # in a notebook's command mode: delete the cell
    page.keyboard.press("Tab")
    page.keyboard.type("bamxc")
    assert code.input_value().endswith("return dx\n        dd    bamxc")
    page.keyboard.press("Shift+Enter")  # in a notebook: run the cell
    wait_for(hunt, "SyntaxError in line 11")
    hunt.locator(".nbkit-gutter .marked:text-is('▶ 11')").wait_for()
    page.keyboard.press("Home")
    page.keyboard.press("Shift+Tab")
    assert code.input_value().endswith("return dx\n    dd    bamxc")
    assert page.evaluate("() => document.activeElement.tagName") == "TEXTAREA"
    page.keyboard.press("Escape")
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("() => document.activeElement.textContent") == "Show me"
    assert (cells(page), page.locator(".jp-InputPrompt").all_text_contents()) == before

    press(hunt, "Reset the code")
    page.wait_for_function("() => document.querySelector('.nbkit-code-box textarea').value.endsWith('return dx')")
    press(hunt, "Check all nodes")
    wait_for_marks(hunt, 1, 1, 0)
    wait_for(hunt, "backward ÷ central differences = 0.5; there x = 3")


def test_a_clicked_node_is_checked_and_show_me_shows_the_line(hunt):
    pick(hunt, 9)
    wait_for(hunt, "One × object")
    hunt.locator("svg [data-item]").first.click()
    wait_for_marks(hunt, 1, 0, 3)
    wait_for(hunt, "agrees with central differences")
    press(hunt, "Check all nodes")
    wait_for_marks(hunt, 4, 1, 0)
    wait_for(hunt, "Each node is right by itself, but together")
    press(hunt, "Show me")
    hunt.locator(".nbkit-gutter .marked:text-is('▶ 9')").wait_for()
    wait_for(hunt, "Each use needs a memory of its own")
    press(hunt, "Check all nodes")
    wait_for_marks(hunt, 4, 0, 0)
    wait_for(hunt, "solved: 1 of 9 (2)")  # shown is not solved


def test_the_tracer_follows_a_nan_to_where_it_begins(page):
    area = page.locator(TRACER).last
    assert area.locator("svg .mark-wrong").count() == 0
    handle = slider(area, "a")
    handle.focus()
    page.keyboard.press("End")
    area.locator(".widget-html-content:has-text('Exp makes ∞ of 1000')").wait_for()
    assert area.locator("svg .mark-wrong").count() == 1
    assert "exp" in area.locator("svg .mark-wrong").text_content()
    page.keyboard.press("Home")
    area.locator(".widget-html-content:has-text('Log makes −∞ of 0')").wait_for()
    assert "log" in area.locator("svg .mark-wrong").text_content()
    for _press in range(27):  # to -730
        page.keyboard.press("ArrowRight")
    area.locator(".widget-html-content:has-text('Log sends −∞ back to x')").wait_for()
    page.keyboard.press("ArrowRight")
    for _press in range(10):
        page.keyboard.press("ArrowRight")
    area.locator(".widget-html-content:has-text('All values and all gradients are finite')").wait_for()
    assert area.locator("svg .mark-wrong").count() == 0
