"""Chapter 13 in a real page: formulas are typed and traced, lines and nodes are pressed, levels are changed."""

import pytest

from tests.browser.test_learner import slider
from tests.chapter import Chapter


@pytest.fixture(scope="module")
def chapter(lab, module_page):
    """The two widgets of the chapter, as its cells make them: to run the whole chapter is the slow part."""
    code = [cell.source for cell in Chapter("13_from_layers_to_autodiff.ipynb").cells if cell.cell_type == "code"]
    trace = next(source for source in code if source.startswith("TraceLab("))
    zoom = next(source for source in code if "ZoomLab(net" in source)
    lab.open(module_page, lab.write("two_labs.ipynb", code[0], trace, zoom))
    assert lab.run_all(module_page) == []
    return module_page


@pytest.fixture
def trace(chapter):
    return chapter.locator(".jp-OutputArea-output:has(.nbkit-graph-view)").first


@pytest.fixture
def zoom(chapter):
    return chapter.locator(".jp-OutputArea-output:has(.widget-toggle-button)").first


def type_formula(page, area, formula):
    field = area.get_by_role("textbox").first
    field.fill(formula)
    field.press("Enter")


def tape(area):
    return [" ".join(row.split()) for row in area.locator("[data-row]").evaluate_all("rows => rows.map(r => "
            "[...r.querySelectorAll('text')].map(t => t.textContent).join(' '))")]  # fmt: skip


def wait_for_line(area, text):
    area.locator(f"[data-row] text:text-is('{text}')").wait_for()


def test_a_typed_formula_becomes_graph_and_tape(chapter, trace):
    assert tape(trace) == ["v1 = x * y 6 1", "v2 = np.tanh(x) 0.964 1", "v3 = v1 + v2 6.964 1"]
    type_formula(chapter, trace, "(x + y) * (x + y)")
    wait_for_line(trace, "v3 = v1 * v2")
    assert tape(trace) == ["v1 = x + y 5 5", "v2 = x + y 5 5", "v3 = v1 * v2 25 1"]
    assert trace.locator("g[data-node] text:text-is('+')").count() == 2
    slider(trace, "x").focus()
    chapter.keyboard.press("ArrowRight")
    wait_for_line(trace, "26.01")


def test_a_bad_formula_is_pointed_at_and_the_graph_stays(chapter, trace):
    type_formula(chapter, trace, "x * y")
    wait_for_line(trace, "v1 = x * y")
    type_formula(chapter, trace, "x * foo(y)")
    trace.locator("pre:has-text('^')").wait_for()
    assert "column 5: there is no function called foo" in trace.locator(".widget-html-content").first.inner_text()
    assert tape(trace)[0].startswith("v1 = x * y")
    type_formula(chapter, trace, "x - y")
    wait_for_line(trace, "v1 = x - y")
    assert trace.locator("pre").count() == 0


def test_steps_mark_lines_and_lines_lead_to_steps(chapter, trace):
    type_formula(chapter, trace, "x * y + tanh(x)")
    wait_for_line(trace, "v2 = np.tanh(x)")
    trace.get_by_role("button", name="First step").click()
    trace.get_by_role("button", name="Forward").click()
    trace.locator("[data-row='0']:has-text('▶')").wait_for()
    assert trace.locator("g[data-node].acting text:text-is('×')").count() == 1
    trace.locator("[data-row='2']").click()
    trace.locator(".nbkit-counter:text-is('step 3 of 7')").wait_for()
    trace.locator("[data-row='2']:has-text('▶')").wait_for()
    trace.get_by_role("button", name="Last step").click()
    trace.get_by_role("button", name="Back").click()
    trace.locator("[data-row='1']:has-text('◀')").wait_for()


def test_an_opened_node_is_opened_on_the_tape(chapter, trace):
    type_formula(chapter, trace, "sigmoid(x)")
    wait_for_line(trace, "v1 = 1 / (1 + np.exp(-x))")
    trace.locator("g[data-node]:has(text:text-is('σ'))").click()
    trace.get_by_role("button", name="Open this node").click()
    wait_for_line(trace, "v2 = np.exp(v1)")
    assert len(tape(trace)) == 4


def level(area, name):
    area.get_by_role("button", name=name).click()


def marked(area):
    """How many lines and how many nodes are marked."""
    return area.locator("[data-row]:has-text('▶')").count(), area.locator(".mark-chosen").count()


def test_a_pressed_line_marks_its_nodes_and_the_mark_stays(zoom):
    zoom.locator("[data-row='0']").click()
    zoom.locator(".mark-chosen").first.wait_for()
    assert marked(zoom) == (1, 1)
    level(zoom, "3 nodes")
    zoom.locator("text=/Nodes: 13/").wait_for()
    assert marked(zoom) == (2, 2)
    level(zoom, "4 numbers")
    zoom.locator("text=/Nodes: 23/").wait_for()
    assert marked(zoom) == (2, 8)
    level(zoom, "1 the net")
    zoom.locator("text=/Nodes: 1\\./").wait_for()
    assert marked(zoom) == (1, 1)
    assert "✓ All four levels" in zoom.inner_text()


def test_a_pressed_node_marks_its_line_and_far_ones_are_brought_into_sight(zoom):
    level(zoom, "4 numbers")
    zoom.locator("g[data-item]:has(text:text-is('exp'))").first.click()
    zoom.locator("[data-row]:has-text('▶ v4 = np.exp(v3)'), [data-row]:has-text('▶v4 = np.exp(v3)')").wait_for()
    assert marked(zoom) == (1, 2)
    view = zoom.locator("div:has(> div > svg [data-node])")  # the frame in which a wide picture is scrolled
    before = view.evaluate("e => e.scrollLeft")
    zoom.locator("[data-row='12']").click()  # the last line: its node stands at the right end
    zoom.locator("[data-row='12']:has-text('▶')").wait_for()
    assert view.evaluate("e => e.scrollLeft") > before
    box, frame = zoom.locator(".mark-chosen").first.bounding_box(), view.bounding_box()
    assert frame["x"] <= box["x"] <= frame["x"] + frame["width"]


def test_the_keyboard_presses_a_line(chapter, zoom):
    level(zoom, "2 layers")
    zoom.locator("text=/Nodes: 4\\./").wait_for()
    zoom.locator("[data-row='1']").click()
    zoom.locator("[data-row='1']:has-text('▶')").wait_for()
    zoom.locator("div[role=application]:has([data-row])").focus()
    for _press in range(3):  # the cross is where the pointer was; a line is 24 pixels high
        chapter.keyboard.press("ArrowDown")
    chapter.keyboard.press("Enter")
    zoom.locator("[data-row='2']:has-text('▶')").wait_for()
    assert marked(zoom) == (1, 1)


def test_a_moved_input_changes_value_and_loss(chapter, zoom):
    before = zoom.locator("text=/All four levels/").inner_text()
    slider(zoom, "x[0,1]").focus()
    chapter.keyboard.press("ArrowRight")
    zoom.locator("text.val tspan:text-is('2.1')").wait_for()
    after = zoom.locator("text=/All four levels/").inner_text()
    assert after != before
    assert after.startswith("✓")
