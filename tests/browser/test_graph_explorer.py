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
STROKES = "all => all.map(e => getComputedStyle(e)).map(look => [look.stroke, look.strokeDasharray])"
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

    @property
    def lines(self):
        """Colour and dashes of the lines that act."""
        return {*map(tuple, self.locator(".acting > .line").evaluate_all(STROKES))}

    def shown(self, kind):
        """The numbers of a kind, "val" or "grad", that can be seen now."""
        return self.locator(f"text.{kind}").evaluate_all(VISIBLE)


@pytest.fixture
def explorer(lab, page):
    return Explorer(lab, page, CELL)


def test_the_transport_goes_step_by_step(explorer):
    assert explorer.counter == "the start"
    assert sorted(explorer.shown("val")) == ["0.5", "0.5", "2"]
    assert explorer.shown("grad") == []
    assert explorer.button("Step back").is_disabled()
    explorer.press("Step on")
    assert explorer.sentence == "The × computes 0.5 × 2 = 1"
    assert "1" in explorer.shown("val")
    assert explorer.count("g[data-node].acting") == 1
    assert explorer.lines == {("rgb(0, 81, 143)", "none")}
    explorer.slide("x", "ArrowRight")  # a moved slider keeps the step
    assert explorer.sentence == "The × computes 0.6 × 2 = 1.2"
    assert explorer.counter == "forward 1 of 3"
    assert explorer.shown("grad") == []
    explorer.slide("x", "ArrowLeft")
    explorer.press("Last step", "Step back")
    assert explorer.counter == "backward 2 of 3"
    assert "← 0.1966" in explorer.shown("grad")
    assert explorer.lines == {("rgb(163, 60, 0)", "7px, 4px")}  # another colour, and dashes
    explorer.press("Step back", "Step back")
    assert explorer.counter == "the turn"


def test_keys_play_it_and_the_notebook_does_not_listen(explorer, page):
    cells = page.locator(".jp-Cell").count()
    explorer.keys("Home", on=explorer.picture)
    assert explorer.counter == "the start"
    explorer.keys(*["ArrowRight"] * 3, "ArrowLeft")
    assert explorer.counter == "forward 2 of 3"
    assert explorer.ask("print(explorer.view.step)") == "2"
    explorer.keys("End")
    assert explorer.counter == "backward 3 of 3"
    explorer.keys("ArrowLeft", "ArrowLeft")
    explorer.area.get_by_label("Speed").select_option("fast")
    explorer.keys("Space", on=explorer.picture)  # two steps to go
    explorer.locator(".nbkit-counter:text-is('backward 3 of 3')").wait_for()
    explorer.button("Play").wait_for()
    explorer.settle()
    assert explorer.ask("print(explorer.view.step)") == "-1"
    assert page.locator(".jp-Cell").count() == cells
    assert page.locator(".jp-Cell.jp-mod-selected").count() == 1


def test_toggles_hide_and_show(explorer):
    explorer.press("Last step")
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
    assert "local derivative" not in explorer.locator(".nbkit-facts").inner_text()  # it needs what σ has yet to compute
    explorer.press("Last step")
    assert "local derivative for x: 0.7311 × (1 − 0.7311)" in explorer.locator(".nbkit-facts").inner_text()
    explorer.press("Open this node")
    assert explorer.node("exp").count() == 1
    assert explorer.node("σ").count() == 0
    assert explorer.locator(".nbkit-facts strong").inner_text() == "÷"  # its last part
    assert explorer.button("Close it again").is_visible()
    assert explorer.counter == "the turn"
    assert "← 0.3932" not in explorer.shown("grad")
    explorer.press("Last step")
    assert "← 0.3932" in explorer.shown("grad")  # x gets the same as before, 2 × 0.1966
    explorer.slide("w", "ArrowRight")  # an opened graph follows the sliders, too
    assert {"2.5", "1.25"} <= set(explorer.shown("val"))
    explorer.node("exp").click()
    explorer.press("Close it again")
    assert explorer.node("exp").count() == 0
    assert explorer.node("σ").count() == 1
    assert explorer.button("Open this node").is_visible()


def test_a_nudge_is_compared(explorer):
    explorer.press("Last step")
    field = explorer.field("by ε =")
    field.fill("0.1")
    explorer.keys("Enter", on=field)
    assert "changes by 0.03747. The gradient says 0.03932 (gradient × ε): off by −0.001856, because" in explorer.words
    explorer.area.get_by_role("combobox", name="nudge").select_option(index=1)
    explorer.settle()
    assert "changes by 0.009716. The gradient says 0.009831 (gradient × ε): off by −0.0001143" in explorer.words


def test_downloads(explorer, page):
    for kind, start in (("SVG", b"<svg"), ("PNG", b"\x89PNG")):
        explorer.locator(".nbkit-save > summary").click()
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
    explorer = Explorer(lab, page, *cells_of("06_softmax_and_loss.ipynb", "GraphExplorer(graph"))
    explorer.press("Softmax loss", "Open this node")
    explorer.locator(".nbkit-picture.more-left:not(.more-right)").wait_for()  # at the turn: the right end, and more
    explorer.press("First step")
    explorer.locator(".nbkit-picture.more-right:not(.more-left)").wait_for()
    explorer.area.get_by_label("fit the width").check()
    assert explorer.picture.evaluate("e => e.scrollWidth - e.clientWidth") == 0
    explorer.area.get_by_label("fit the width").uncheck()
    assert explorer.count("text.name:text-is('log')") == 1
    forward, seen, places = explorer.button("Step on"), [], []
    while forward.is_enabled():
        forward.click()
        acting, place = explorer.picture.evaluate(ACTING)
        seen += acting
        places.append(place)
    assert seen == [True] * 18  # nine nodes, there and back
    assert len(set(places)) > 2


def test_numbers_are_guessed_before_they_are_sent(explorer, page):
    """At the + the gradient 1 goes on to both sides; σ multiplies it by 0.7311 · 0.2689."""
    explorer.area.get_by_label("guess first").check()
    explorer.keys(*["ArrowRight"] * 4, on=explorer.picture)
    assert explorer.counter == "the turn"
    fields = explorer.locator(".nbkit-guess input")
    assert fields.evaluate_all("all => all.map(field => field.getAttribute('aria-label'))") == ["to the σ", "to x"]
    assert explorer.texts("text.nbkit-unknown") == ["← ?", "← ?"]
    explorer.keys("ArrowRight")  # to the first field, and not to the next step
    assert explorer.counter == "the turn"
    explorer.press("Check")
    assert "This box is still empty" in explorer.locator(".nbkit-said").inner_text()
    expect(fields.first).to_be_focused()
    cells = page.locator(".jp-Cell").count()
    explorer.write("1")
    explorer.keys("Enter")  # the next field has the focus
    assert explorer.shown("grad").count("← ?") == 1  # a right answer is written into its place
    assert explorer.shown("grad").count("← 1") == 2  # beside the one of the turn
    expect(fields.first).to_have_css("border-color", "rgb(26, 127, 55)")
    explorer.press("Check")
    assert "This box is still empty" in explorer.locator(".nbkit-said").inner_text()
    explorer.write("bb2")
    explorer.keys("Enter")
    assert "not a number" in explorer.locator(".nbkit-said").inner_text()
    explorer.type_over(fields.nth(1), "1")
    assert explorer.counter == "backward 1 of 3"
    assert page.locator(".jp-Cell").count() == cells
    explorer.write("0,7311")
    explorer.keys("Enter")
    assert fields.get_attribute("aria-label") == "to the ×, wrong"
    expect(fields).to_have_css("border-color", "rgb(179, 38, 30)")
    assert "← 0.1966" not in explorer.shown("grad")
    explorer.type_over(fields, "0.1966")
    assert explorer.counter == "backward 2 of 3"
    assert "← 0.1966" in explorer.shown("grad")
    explorer.slide("x", "ArrowRight")  # other numbers: the question stays
    assert fields.count() == 3
    explorer.press("Show me")
    assert explorer.counter == "backward 3 of 3"
    assert not explorer.locator(".nbkit-guess").is_visible()
    explorer.press("First step", "Step on")
    explorer.area.get_by_label("guess first").uncheck()
    explorer.press(*["Step on"] * 4)
    assert explorer.counter == "backward 1 of 3"
