"""The graph explorer in a real page: every control by mouse and by keyboard, without a kernel where none is needed."""

import re
from pathlib import Path

import pytest

from nbkit import GraphExplorer, Variable
from nbkit.widgets.graph_view import GraphView
from nbkit.widgets.svg_view import SvgView
from tests.browser.lab import THEMES

SHOP = """from nbkit import GraphExplorer, Sigmoid, Variable
x, w = Variable(0.5, "x"), Variable(2, "w")
y = Sigmoid()(x * w) + x
y.name = "y"
explorer = GraphExplorer(y, {"x": (-2, 2, 0.1), "w": (-4, 4, 0.5)})
explorer"""


@pytest.fixture(scope="module", params=THEMES)
def opened(request, lab, module_page):
    """A page with a notebook that makes one explorer, in each theme."""
    lab.open(module_page, lab.write("explorer.ipynb", SHOP, "explorer.view.step"))
    lab.set_theme(module_page, request.param)
    return module_page


@pytest.fixture
def page(opened):
    return opened


@pytest.fixture
def area(lab, page):
    """The explorer, made anew for each test."""
    assert lab.run_all(page) == []
    return page.locator(".jp-OutputArea-output:has(.nbkit-graph-view)").first


def counter(area):
    return area.locator(".nbkit-counter").text_content()


def shown(area, kind):
    """Numbers that can be seen now."""
    return area.locator(f"text.{kind}").evaluate_all(
        "texts => texts.filter(t => getComputedStyle(t).visibility === 'visible').map(t => t.textContent)"
    )


def press(area, name):
    area.get_by_role("button", name=name).click()


def test_the_transport_goes_step_by_step(area):
    assert counter(area) == "step 7 of 7"
    press(area, "First step")
    assert counter(area) == "step 0 of 7"
    assert sorted(shown(area, "val")) == ["0.5", "0.5", "2"]
    assert shown(area, "grad") == []
    assert area.get_by_role("button", name="Back").is_disabled()
    press(area, "Forward")
    assert area.locator(".nbkit-sentence").text_content() == "×: 0.5 × 2 = 1"
    assert "1" in shown(area, "val")
    assert area.locator("g[data-node].acting").count() == 1
    press(area, "Last step")
    press(area, "Back")
    assert counter(area) == "step 6 of 7"
    assert "← 0.1966" in shown(area, "grad")


def test_keys_play_it_and_the_notebook_does_not_listen(area, page):
    cells = page.locator(".jp-Cell").count()
    area.locator(".nbkit-picture").focus()
    page.keyboard.press("Home")
    assert counter(area) == "step 0 of 7"
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowLeft")
    assert counter(area) == "step 2 of 7"
    page.keyboard.press("End")
    assert counter(area) == "step 7 of 7"
    assert page.locator(".jp-Cell").count() == cells
    assert page.locator(".jp-Cell.jp-mod-selected").count() == 1


def test_play_runs_to_the_end_and_pause_stops_it(area, page):
    area.get_by_label("Speed").select_option("fast")
    area.locator(".nbkit-picture").focus()
    page.keyboard.press("Space")
    area.locator(".nbkit-counter:not(:text-is('step 0 of 7'))").wait_for()
    page.keyboard.press("Space")
    paused = counter(area)
    assert paused not in ("step 0 of 7", "step 7 of 7")
    page.wait_for_timeout(700)
    assert counter(area) == paused
    page.keyboard.press("Space")
    area.locator(".nbkit-counter:text-is('step 7 of 7')").wait_for(timeout=10_000)
    area.get_by_role("button", name="Play").wait_for()


def test_toggles_hide_and_show(area):
    for name, kind in (("values", "val"), ("gradients", "grad")):
        box = area.get_by_label(name)
        assert shown(area, kind)
        box.uncheck()
        assert shown(area, kind) == []
        box.check()
        assert shown(area, kind)


def test_a_node_tells_its_formula_and_opens_and_closes(area, page):
    sigma = area.locator("g[data-node]:has(text:text-is('σ'))")
    sigma.focus()
    page.keyboard.press("Enter")
    facts = area.locator(".nbkit-facts")
    assert "local derivative for x: 0.7311 × (1 − 0.7311)" in facts.inner_text()
    press(area, "Open this node")
    area.locator("text.name:text-is('exp')").wait_for()
    assert area.locator("text.name:text-is('σ')").count() == 0
    assert "← 0.3932" in shown(area, "grad")  # x gets the same as before, 2 × 0.1966
    area.locator("g[data-node]:has(text:text-is('exp'))").click()
    press(area, "Close it again")
    area.locator("text.name:text-is('σ')").wait_for()


def test_sliders_still_move_an_opened_graph(area, page):
    area.locator("g[data-node]:has(text:text-is('σ'))").click()
    press(area, "Open this node")
    area.locator("text.name:text-is('exp')").wait_for()
    handle = area.locator(".widget-inline-hbox:has(.widget-label:text-is('w')) .noUi-handle")
    handle.focus()
    page.keyboard.press("ArrowRight")
    area.locator("text.val:text-is('2.5')").wait_for()
    assert "1.25" in shown(area, "val")


def test_a_moved_slider_keeps_the_step(area, page):
    press(area, "First step")
    press(area, "Forward")
    handle = area.locator(".widget-inline-hbox:has(.widget-label:text-is('x')) .noUi-handle")
    handle.focus()
    page.keyboard.press("ArrowRight")
    area.locator(".nbkit-sentence:text-is('×: 0.6 × 2 = 1.2')").wait_for()
    assert counter(area) == "step 1 of 7"
    assert shown(area, "grad") == []


def test_a_nudge_is_compared(area, page):
    area.locator(".widget-inline-hbox:has(.widget-label:text-is('by ε =')) input").fill("0.1")
    page.keyboard.press("Enter")
    area.locator("text=/output changes by/").wait_for()
    before = area.locator("text=/output changes by/").text_content()
    area.get_by_role("combobox", name="nudge").select_option(index=1)
    page.wait_for_function(
        "old => ![...document.querySelectorAll('.widget-html-content')].some(e => e.textContent === old)", arg=before
    )


def test_downloads(area, page, tmp_path):
    for kind, start in (("SVG", b"<svg"), ("PNG", b"\x89PNG")):
        with page.expect_download() as waiting:
            press(area, kind)
        assert Path(waiting.value.path()).read_bytes().startswith(start)


def test_stepping_needs_no_kernel(browser, tmp_path):
    """The module of the widget, alone in a plain page with a picture and no kernel at all."""
    svg = GraphExplorer(Variable(100, "apple") * Variable(2, "count")).view.svg
    script = GraphView._esm.replace("export default { render };", "")
    model = "const state = {svg: SVG, step: -1, doors: {}}, on = {};".replace("SVG", repr(svg).replace("</", "<\\/"))
    page = browser.new_context().new_page()
    page.set_content(
        f"<!doctype html><div id=place></div><script type=module>{script};{model}"
        "render({model: {get: k => state[k], set: (k, v) => { state[k] = v; on['change:' + k]?.(); },"
        "save_changes() {}, on: (e, f) => { on[e] = f; }, off() {}, send() {}}, el: document.getElementById('place')});"
        "</script>"
    )
    page.get_by_role("button", name="First step").click()
    page.get_by_role("button", name="Forward").click()
    assert page.locator(".nbkit-sentence").text_content() == "×: 100 × 2 = 200"
    assert re.fullmatch(r"step 1 of 3", page.locator(".nbkit-counter").text_content())
    page.context.close()


WIDE = """([module, sheet, svg]) => {
    const address = URL.createObjectURL(new Blob([module], { type: 'text/javascript' }));
    document.head.append(Object.assign(document.createElement('style'), { textContent: sheet }));
    return import(address).then(({ default: { render } }) => {
        const heard = {};
        window.state = { svg, step: -1, doors: {} };
        window.put = (name, value) => { state[name] = value; heard['change:' + name](); };
        const model = { get: name => state[name], set: put, save_changes() {}, send() {},
                        on: (event, tell) => { heard[event] = tell; } };
        render({ el: document.body.appendChild(document.createElement('div')), model });
    });
}"""
IN_SIGHT = """k => {
    const picture = document.querySelector('.nbkit-picture').getBoundingClientRect();
    const nodes = [...document.querySelectorAll('g[data-node][data-at]')];
    const acting = nodes.filter(node => node.dataset.at.split(' ').includes(String(k)));
    return acting.map(node => node.getBoundingClientRect())
        .map(box => picture.left <= box.left && box.right <= picture.right);
}"""
SCROLLED = "document.querySelector('.nbkit-picture').scrollLeft"


def test_the_node_that_acts_is_scrolled_into_sight(browser):
    """A graph four times as wide as the page, walked with the keys there and back."""
    y = Variable(2, "x")
    for factor in range(2, 22):
        y = y * factor
    page = browser.new_context(viewport={"width": 500, "height": 500}).new_page()
    page.goto("about:blank")
    svg = GraphExplorer(y).view.svg
    page.evaluate(WIDE, [GraphView._esm, GraphView._css, svg])
    assert page.evaluate("document.querySelector('.nbkit-picture').scrollWidth") > 1500
    page.locator(".nbkit-picture").focus()
    page.keyboard.press("Home")
    seen, places = [], []
    for k in range(1, 42):
        page.keyboard.press("ArrowRight")
        seen += page.evaluate(IN_SIGHT, k)
        places.append(page.evaluate(SCROLLED))
    assert seen == [True] * 40  # 20 nodes twice; between them the output gets its 1
    assert max(places) > 1000
    assert places[:2] == [0, 0]  # what is in sight stays where it is
    assert len(set(places)) < 20
    page.keyboard.press("Home")
    assert page.evaluate(SCROLLED) == 0
    # A reader who looks elsewhere is left alone by new numbers.
    page.evaluate("document.querySelector('.nbkit-picture').scrollLeft = 700")
    page.evaluate("svg => put('svg', svg)", svg.replace("<desc>", "<desc>again "))
    assert page.evaluate(SCROLLED) == 700
    page.context.close()


# Two pictures with one style sheet and a third with another; tells which sheets were in use, and how many there are.
THREADS = """import numpy, threadpoolctl
print(*(pool["num_threads"] for pool in threadpoolctl.threadpool_info()))"""
SHEETS = """([module, ...pictures]) => {
    const address = URL.createObjectURL(new Blob([module], { type: 'text/javascript' }));
    return import(address).then(({ default: { render } }) => {
        const state = { svg: pictures[0], step: -1, doors: {} }, heard = {};
        const el = document.body.appendChild(document.createElement('div'));
        render({ el, model: { get: name => state[name], on: (event, tell) => { heard[event] = tell; }, send() {} } });
        const seen = [];
        for (const svg of [...pictures, '']) {
            state.svg = svg;
            heard['change:svg']();
            const [sheet, ...more] = el.querySelectorAll('style');
            const text = el.querySelector('svg.nbkit text');
            seen.push([sheet, more.length, text && getComputedStyle(text).fill, text?.textContent]);
        }
        return seen.map(([sheet, ...rest]) => [seen.findIndex(other => other[0] === sheet), ...rest]);
    });
}"""


@pytest.mark.parametrize("view", [GraphView, SvgView])
def test_a_style_sheet_stays_as_long_as_it_is_the_same(browser, view):
    """For one that comes or goes, the browser works out the style of the whole page again: 30 ms in JupyterLab."""
    look = '<svg class="nbkit" viewBox="0 0 9 9"><style>.nbkit text {{fill: {}}}</style><text>{}</text></svg>'
    pictures = [look.format("red", 1), look.format("red", 2), look.format("blue", 3)]
    page = browser.new_context().new_page()
    page.goto("about:blank")
    red, blue = "rgb(255, 0, 0)", "rgb(0, 0, 255)"
    seen = page.evaluate(SHEETS, [view._esm, *pictures])
    assert seen == [[0, 0, red, "1"], [0, 0, red, "2"], [2, 0, blue, "3"], [3, 0, None, None]]
    page.context.close()


def test_the_server_of_the_course_sends_at_once_and_its_kernels_have_one_thread(lab, page):
    assert "nbkit.server | extension was successfully loaded" in lab.log.read_text()
    lab.open(page, lab.write("threads.ipynb", THREADS))
    assert lab.run_cell(page, 0).strip() == "1"
