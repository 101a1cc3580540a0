"""The graph explorer in a real page: every control by mouse and by keyboard, without a kernel where none is needed."""

from pathlib import Path

import pytest

from nbkit import GraphExplorer, Sigmoid, Variable
from nbkit.widgets.kit.graph_view import GraphView
from nbkit.widgets.kit.svg_view import SvgView
from tests.browser.lab import slider

SHOP = """from nbkit import GraphExplorer, Sigmoid, Variable
x, w = Variable(0.5, "x"), Variable(2, "w")
y = Sigmoid()(x * w) + x
y.name = "y"
explorer = GraphExplorer(y, {"x": (-2, 2, 0.1), "w": (-4, 4, 0.5)})
explorer"""
VISIBLE = "texts => texts.filter(t => getComputedStyle(t).visibility === 'visible').map(t => t.textContent)"


class Explorer:
    """The widget in the page; each method that does something waits until the page shows what came of it."""

    def __init__(self, lab, page):
        lab.show(page, SHOP)
        self.lab, self.page = lab, page
        self.area = page.locator(".jp-OutputArea-output:has(.nbkit-graph-view)")
        self.locator = self.area.locator
        self.picture = self.locator(".nbkit-picture")
        self.picture.locator("svg.nbkit").wait_for()
        self.locator("select").last.wait_for()

    def settle(self):
        self.lab.settle(self.page)

    def press(self, name):
        self.area.get_by_role("button", name=name).click()
        self.settle()

    def keys(self, place, *names):
        place.focus()
        for name in names:
            self.page.keyboard.press(name)
        self.settle()

    def node(self, sign):
        return self.locator(f"g[data-node]:has(text:text-is('{sign}'))")

    def shown(self, kind):
        """The numbers of a kind, "val" or "grad", that can be seen now."""
        return self.locator(f"text.{kind}").evaluate_all(VISIBLE)

    @property
    def counter(self):
        return self.locator(".nbkit-counter").text_content()

    @property
    def sentence(self):
        return self.locator(".nbkit-sentence").text_content()


@pytest.fixture
def explorer(lab, page):
    return Explorer(lab, page)


def test_the_transport_goes_step_by_step(explorer):
    assert explorer.counter == "step 7 of 7"
    explorer.press("First step")
    assert explorer.counter == "step 0 of 7"
    assert sorted(explorer.shown("val")) == ["0.5", "0.5", "2"]
    assert explorer.shown("grad") == []
    assert explorer.area.get_by_role("button", name="Back").is_disabled()
    explorer.press("Forward")
    assert explorer.sentence == "×: 0.5 × 2 = 1"
    assert "1" in explorer.shown("val")
    assert explorer.locator("g[data-node].acting").count() == 1
    explorer.press("Last step")
    explorer.press("Back")
    assert explorer.counter == "step 6 of 7"
    assert "← 0.1966" in explorer.shown("grad")


def test_keys_play_it_and_the_notebook_does_not_listen(explorer, lab, page):
    cells = page.locator(".jp-Cell").count()
    explorer.keys(explorer.picture, "Home")
    assert explorer.counter == "step 0 of 7"
    explorer.keys(explorer.picture, *["ArrowRight"] * 3, "ArrowLeft")
    assert explorer.counter == "step 2 of 7"
    assert lab.ask(page, "print(explorer.view.step)") == "2"
    explorer.keys(explorer.picture, "End")
    assert explorer.counter == "step 7 of 7"
    explorer.keys(explorer.picture, *["ArrowLeft"] * 2)
    explorer.area.get_by_label("Speed").select_option("fast")
    explorer.keys(explorer.picture, "Space")  # two steps to go
    explorer.locator(".nbkit-counter:text-is('step 7 of 7')").wait_for()
    explorer.area.get_by_role("button", name="Play").wait_for()
    explorer.settle()
    assert lab.ask(page, "print(explorer.view.step)") == "-1"
    assert page.locator(".jp-Cell").count() == cells
    assert page.locator(".jp-Cell.jp-mod-selected").count() == 1


def test_toggles_hide_and_show(explorer):
    for name, kind in (("values", "val"), ("gradients", "grad")):
        box, seen = explorer.area.get_by_label(name), []
        for wanted in (True, False, True):
            box.set_checked(wanted)
            explorer.settle()
            seen.append(explorer.shown(kind))
        assert seen[0]
        assert seen[1] == []
        assert seen[2] == seen[0]


def test_a_node_tells_its_formula_and_opens_and_closes(explorer):
    explorer.keys(explorer.node("σ"), "Enter")
    assert "local derivative for x: 0.7311 × (1 − 0.7311)" in explorer.locator(".nbkit-facts").inner_text()
    explorer.press("Open this node")
    assert explorer.node("exp").count() == 1
    assert explorer.node("σ").count() == 0
    assert "← 0.3932" in explorer.shown("grad")  # x gets the same as before, 2 × 0.1966

    explorer.keys(slider(explorer.area, "w"), "ArrowRight")  # an opened graph follows the sliders, too
    assert {"2.5", "1.25"} <= set(explorer.shown("val"))

    explorer.node("exp").click()
    explorer.press("Close it again")
    assert explorer.node("exp").count() == 0
    assert explorer.node("σ").count() == 1


def test_a_moved_slider_keeps_the_step(explorer):
    explorer.press("First step")
    explorer.press("Forward")
    explorer.keys(slider(explorer.area, "x"), "ArrowRight")
    assert explorer.sentence == "×: 0.6 × 2 = 1.2"
    assert explorer.counter == "step 1 of 7"
    assert explorer.shown("grad") == []


def test_a_nudge_is_compared(explorer):
    verdict = explorer.area.get_by_text("output changes by")
    explorer.locator(".widget-inline-hbox:has(.widget-label:text-is('by ε =')) input").fill("0.1")
    explorer.page.keyboard.press("Enter")
    explorer.settle()
    of_x = "output changes by 0.03747; gradient × ε = 0.03932; difference −0.001856"
    assert verdict.text_content() == of_x
    explorer.area.get_by_role("combobox", name="nudge").select_option(index=1)
    explorer.settle()
    of_w = "output changes by 0.009716; gradient × ε = 0.009831; difference −0.0001143"
    assert verdict.text_content() == of_w


def test_downloads(explorer, page):
    for kind, start in (("SVG", b"<svg"), ("PNG", b"\x89PNG")):
        with page.expect_download() as waiting:
            explorer.press(kind)
        assert Path(waiting.value.path()).read_bytes().startswith(start)


# ------------------------------------------------------------ the module of the widget alone, without any kernel

SHOW = """([module, sheet, svg]) => {
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


@pytest.fixture
def plain(browser):
    """An empty page without JupyterLab."""
    with browser.new_context(viewport={"width": 500, "height": 500}) as context:
        yield context.new_page()


def show(page, graph):
    """Show the picture of a graph in a plain page, and return its SVG."""
    svg = GraphExplorer(graph).view.svg
    page.evaluate(SHOW, [GraphView._esm, GraphView._css, svg])
    return svg


def counter(page):
    return page.locator(".nbkit-counter").text_content()


def test_stepping_needs_no_kernel(plain):
    show(plain, Variable(100, "apple") * Variable(2, "count"))
    plain.get_by_role("button", name="First step").click()
    plain.get_by_role("button", name="Forward").click()
    assert plain.locator(".nbkit-sentence").text_content() == "×: 100 × 2 = 200"
    assert counter(plain) == "step 1 of 3"


def test_play_runs_to_the_end_and_pause_stops_it(plain):
    """The clock of the page goes only where the test lets it: milliseconds after Play are exact."""
    plain.clock.install(time=0)
    plain.goto("about:blank")
    plain.clock.pause_at(3600)  # seconds: later than the page can have come by itself
    x, w = Variable(0.5, "x"), Variable(2, "w")
    show(plain, Sigmoid()(x * w) + x)

    def after(milliseconds):
        plain.clock.run_for(milliseconds)
        return counter(plain)

    def can(name):
        return plain.get_by_role("button", name=name).count() == 1

    plain.get_by_label("Speed").select_option("fast")
    plain.locator(".nbkit-picture").focus()
    plain.keyboard.press("Space")
    assert counter(plain) == "step 0 of 7"
    assert can("Pause")
    assert [after(499), after(1), after(499), after(1)] == [f"step {k} of 7" for k in (0, 1, 1, 2)]
    plain.keyboard.press("Space")
    assert can("Play")
    assert after(60_000) == "step 2 of 7"
    plain.keyboard.press("Space")
    assert after(500) == "step 3 of 7"
    plain.get_by_label("Speed").select_option("slow")
    assert [after(2399), after(1)] == ["step 3 of 7", "step 4 of 7"]
    plain.get_by_label("Speed").select_option("normal")
    assert [after(1199), after(1)] == ["step 4 of 7", "step 5 of 7"]
    assert after(2 * 1200) == "step 7 of 7"
    assert after(1200) == "step 7 of 7"
    assert can("Play")
    assert after(60_000) == "step 7 of 7"


IN_SIGHT = """k => {
    const picture = document.querySelector('.nbkit-picture').getBoundingClientRect();
    const nodes = [...document.querySelectorAll('g[data-node][data-at]')];
    const acting = nodes.filter(node => node.dataset.at.split(' ').includes(String(k)));
    return acting.map(node => node.getBoundingClientRect())
        .map(box => picture.left <= box.left && box.right <= picture.right);
}"""
SCROLLED = "document.querySelector('.nbkit-picture').scrollLeft"


def test_the_node_that_acts_is_scrolled_into_sight(plain):
    """A graph four times as wide as the page, walked with the keys there and back."""
    y = Variable(2, "x")
    for factor in range(2, 22):
        y = y * factor
    svg = show(plain, y)
    assert plain.evaluate("document.querySelector('.nbkit-picture').scrollWidth") > 1500
    plain.locator(".nbkit-picture").focus()
    plain.keyboard.press("Home")
    seen, places = [], []
    for k in range(1, 42):
        plain.keyboard.press("ArrowRight")
        seen += plain.evaluate(IN_SIGHT, k)
        places.append(plain.evaluate(SCROLLED))
    assert seen == [True] * 40  # 20 nodes twice; between them the output gets its 1
    assert max(places) > 1000
    assert places[:2] == [0, 0]  # what is in sight stays where it is
    assert len(set(places)) < 20
    plain.keyboard.press("Home")
    assert plain.evaluate(SCROLLED) == 0
    # A reader who looks elsewhere is left alone by new numbers.
    plain.evaluate("document.querySelector('.nbkit-picture').scrollLeft = 700")
    plain.evaluate("svg => put('svg', svg)", svg.replace("<desc>", "<desc>again "))
    assert plain.evaluate(SCROLLED) == 700


# Two pictures with one style sheet and a third with another; tells which sheets were in use, and how many there are.
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
def test_a_style_sheet_stays_as_long_as_it_is_the_same(plain, view):
    """For one that comes or goes, the browser works out the style of the whole page again: 30 ms in JupyterLab."""
    look = '<svg class="nbkit" viewBox="0 0 9 9"><style>.nbkit text {{fill: {}}}</style><text>{}</text></svg>'
    pictures = [look.format("red", 1), look.format("red", 2), look.format("blue", 3)]
    red, blue = "rgb(255, 0, 0)", "rgb(0, 0, 255)"
    seen = plain.evaluate(SHEETS, [view._esm, *pictures])
    assert seen == [[0, 0, red, "1"], [0, 0, red, "2"], [2, 0, blue, "3"], [3, 0, None, None]]


# ------------------------------------------------------------ the server of the course

THREADS = """import numpy, threadpoolctl
print({pool["num_threads"] for pool in threadpoolctl.threadpool_info()})"""


def test_the_server_of_the_course_sends_at_once_and_its_kernels_have_one_thread(lab, page):
    assert "nbkit.server | extension was successfully loaded" in lab.log.read_text()
    assert lab.ask(page, THREADS) == "{1}"
