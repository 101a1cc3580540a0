"""The graph explorer in a real page: every control by mouse and by keyboard."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.lab import THEMES, cells_of
from tests.browser.widgets import Widget

CELL = """from nbkit import GraphExplorer, Sigmoid, Variable
x, w = Variable(0.5, "x"), Variable(2, "w")
y = Sigmoid()(x * w) + x
y.name = "y"
explorer = GraphExplorer(y, {"x": (-2, 2, 0.1), "w": (-4, 4, 0.5)})
explorer"""
VISIBLE = "texts => texts.filter(t => getComputedStyle(t).visibility === 'visible').map(t => t.textContent)"
# Whether each node that acts now is in sight, and how far the picture is scrolled.
ACTING = """picture => {
    const { left, right } = picture.getBoundingClientRect();
    const boxes = [...picture.querySelectorAll('g[data-node].acting')].map(node => node.getBoundingClientRect());
    return [boxes.map(box => left <= box.left && box.right <= right), picture.scrollLeft];
}"""


class Explorer(Widget):
    @property
    def picture(self):
        return self.locator(".nbkit-picture")

    @property
    def sentence(self):
        return self.locator(".nbkit-sentence").text_content()

    def node(self, sign):
        return self.locator(f"g[data-node]:has(text:text-is('{sign}'))")

    def shown(self, kind):
        """The numbers of a kind, "val" or "grad", that can be seen now."""
        return self.locator(f"text.{kind}").evaluate_all(VISIBLE)


@pytest.fixture
def explorer(lab, page):
    return Explorer(lab, page, CELL)


def test_the_transport_goes_step_by_step(explorer):
    assert explorer.counter == "step 7 of 7"
    explorer.press("First step")
    assert explorer.counter == "step 0 of 7"
    assert sorted(explorer.shown("val")) == ["0.5", "0.5", "2"]
    assert explorer.shown("grad") == []
    assert explorer.button("Back").is_disabled()
    explorer.press("Forward")
    assert explorer.sentence == "×: 0.5 × 2 = 1"
    assert "1" in explorer.shown("val")
    assert explorer.count("g[data-node].acting") == 1
    explorer.slide("x", "ArrowRight")  # a moved slider keeps the step
    assert explorer.sentence == "×: 0.6 × 2 = 1.2"
    assert explorer.counter == "step 1 of 7"
    assert explorer.shown("grad") == []
    explorer.slide("x", "ArrowLeft")
    explorer.press("Last step", "Back")
    assert explorer.counter == "step 6 of 7"
    assert "← 0.1966" in explorer.shown("grad")


def test_keys_play_it_and_the_notebook_does_not_listen(explorer, page):
    cells = page.locator(".jp-Cell").count()
    explorer.keys("Home", on=explorer.picture)
    assert explorer.counter == "step 0 of 7"
    explorer.keys(*["ArrowRight"] * 3, "ArrowLeft")
    assert explorer.counter == "step 2 of 7"
    assert explorer.ask("print(explorer.view.step)") == "2"
    explorer.keys("End")
    assert explorer.counter == "step 7 of 7"
    explorer.keys("ArrowLeft", "ArrowLeft")
    explorer.area.get_by_label("Speed").select_option("fast")
    explorer.keys("Space", on=explorer.picture)  # two steps to go
    explorer.locator(".nbkit-counter:text-is('step 7 of 7')").wait_for()
    explorer.button("Play").wait_for()
    explorer.settle()
    assert explorer.ask("print(explorer.view.step)") == "-1"
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
        assert seen[1:] == [[], seen[0]]


def test_a_node_tells_its_formula_and_opens_and_closes(explorer):
    explorer.keys("Enter", on=explorer.node("σ"))
    assert "local derivative for x: 0.7311 × (1 − 0.7311)" in explorer.locator(".nbkit-facts").inner_text()
    explorer.press("Open this node")
    assert explorer.node("exp").count() == 1
    assert explorer.node("σ").count() == 0
    assert "← 0.3932" in explorer.shown("grad")  # x gets the same as before, 2 × 0.1966
    explorer.slide("w", "ArrowRight")  # an opened graph follows the sliders, too
    assert {"2.5", "1.25"} <= set(explorer.shown("val"))
    explorer.node("exp").click()
    explorer.press("Close it again")
    assert explorer.node("exp").count() == 0
    assert explorer.node("σ").count() == 1


def test_a_nudge_is_compared(explorer):
    field = explorer.field("by ε =")
    field.fill("0.1")
    explorer.keys("Enter", on=field)
    assert "output changes by 0.03747; gradient × ε = 0.03932; difference −0.001856" in explorer.words
    explorer.area.get_by_role("combobox", name="nudge").select_option(index=1)
    explorer.settle()
    assert "output changes by 0.009716; gradient × ε = 0.009831; difference −0.0001143" in explorer.words


def test_downloads(explorer, page):
    for kind, start in (("SVG", b"<svg"), ("PNG", b"\x89PNG")):
        with page.expect_download() as waiting:
            explorer.press(kind)
        assert Path(waiting.value.path()).read_bytes().startswith(start)


def test_a_live_picture_follows_the_theme_at_once(lab, page, explorer):
    value = explorer.locator("svg.nbkit text.val").first
    expect(value).to_have_css("fill", "rgb(0, 81, 143)")
    lab.set_theme(page, THEMES[1])
    expect(value).to_have_css("fill", "rgb(124, 196, 255)")


def test_the_opened_loss_follows_the_steps(lab, page):
    """It is wider than the page: the node that acts is scrolled into sight."""
    explorer = Explorer(lab, page, *cells_of("06_softmax_and_loss.ipynb", "GraphExplorer(graph)"))
    explorer.press("Softmax loss", "Open this node", "First step")
    assert explorer.count("text.name:text-is('log')") == 1
    forward, seen, places = explorer.button("Forward"), [], []
    while forward.is_enabled():
        forward.click()
        acting, place = explorer.picture.evaluate(ACTING)
        seen += acting
        places.append(place)
    assert seen == [True] * 17  # nine nodes, there and back; the last step shows everything
    assert len(set(places)) > 2
