"""Chapter 13 in a real page: formulas are typed and traced, lines and nodes are pressed, levels are changed."""

import pytest

from tests.browser.lab import cells_of, slider

CHAPTER = "13_from_layers_to_autodiff.ipynb"


class Area:
    """A widget of the chapter in the page; each method that does something waits until the page shows the answer."""

    def __init__(self, lab, page, cell):
        lab.show(page, *cells_of(CHAPTER, cell))
        self.lab, self.page = lab, page
        self.area = page.locator(".jp-OutputArea-output:has([data-row])")
        self.locator = self.area.locator
        self.locator("[data-row]").first.wait_for()
        self.locator("[data-node]").first.wait_for()

    def settle(self):
        self.lab.settle(self.page)

    def click(self, place):
        self.locator(place).first.click()
        self.settle()

    def press(self, name):
        self.area.get_by_role("button", name=name).click()
        self.settle()

    def keys(self, *names):
        for name in names:
            self.page.keyboard.press(name)
        self.settle()

    def enter(self, formula):
        field = self.area.get_by_role("textbox").first
        field.fill(formula)
        field.press("Enter")
        self.settle()

    @property
    def lines(self):
        rows = "rows => rows.map(row => [...row.querySelectorAll('text')].map(text => text.textContent).join(' '))"
        return [" ".join(row.split()) for row in self.locator("[data-row]").evaluate_all(rows)]

    @property
    def words(self):
        return " ".join(self.locator(".widget-html-content").all_inner_texts())

    def signed(self, sign):
        """The numbers of the lines with this sign."""
        return [k for k, line in enumerate(self.lines) if sign in line]

    @property
    def marked(self):
        """How many lines and how many nodes are marked."""
        return len(self.signed("▶")), self.locator(".mark-chosen").count()


@pytest.fixture
def trace(lab, page):
    return Area(lab, page, "TraceLab(")


@pytest.fixture
def zoom(lab, page):
    return Area(lab, page, "ZoomLab(net")


def test_a_typed_formula_becomes_graph_and_tape_and_a_bad_one_is_pointed_at(trace):
    assert trace.lines == ["v1 = x * y 6 1", "v2 = np.tanh(x) 0.964 1", "v3 = v1 + v2 6.964 1"]
    trace.enter("(x + y) * (x + y)")
    good = ["v1 = x + y 5 5", "v2 = x + y 5 5", "v3 = v1 * v2 25 1"]
    assert trace.lines == good
    assert trace.locator("g[data-node] text:text-is('+')").count() == 2

    trace.enter("x * foo(y)")
    assert trace.locator("pre:has-text('^')").count() == 1
    assert "column 5: there is no function called foo" in trace.words
    assert trace.lines == good
    trace.enter("(x + y) * (x - y)")
    assert trace.lines == ["v1 = x + y 5 −1", "v2 = x - y −1 5", "v3 = v1 * v2 −5 1"]
    assert trace.locator("pre").count() == 0

    slider(trace.area, "x").focus()
    trace.keys("ArrowRight")
    assert trace.lines == ["v1 = x + y 5.1 −0.9", "v2 = x - y −0.9 5.1", "v3 = v1 * v2 −4.59 1"]


def test_steps_mark_lines_and_lines_lead_to_steps(trace):
    trace.press("First step")
    trace.press("Forward")
    assert trace.signed("▶") == [0]
    assert trace.locator("g[data-node].acting text:text-is('×')").count() == 1
    trace.click("[data-row='2']")
    assert trace.locator(".nbkit-counter").text_content() == "step 3 of 7"
    assert trace.signed("▶") == [2]
    trace.press("Last step")
    trace.press("Back")
    assert trace.signed("◀") == [1]


def test_an_opened_node_is_opened_on_the_tape(trace):
    trace.enter("sigmoid(x)")
    (line,) = trace.lines
    assert line.startswith("v1 = 1 / (1 + np.exp(-x))")
    trace.click("g[data-node]:has(text:text-is('σ'))")
    trace.press("Open this node")
    assert trace.lines[1].startswith("v2 = np.exp(v1)")
    assert len(trace.lines) == 4


def test_a_pressed_line_marks_its_nodes_and_the_mark_stays(zoom):
    zoom.click("[data-row='0']")
    assert zoom.marked == (1, 1)
    for level, nodes, marked in (("3 nodes", 13, (2, 2)), ("4 numbers", 23, (2, 8)), ("1 the net", 1, (1, 1))):
        zoom.press(level)
        assert f"Nodes: {nodes}." in zoom.words
        assert zoom.marked == marked
    assert "✓ All four levels" in zoom.words


def test_a_pressed_node_marks_its_line_and_far_ones_are_brought_into_sight(zoom):
    zoom.press("4 numbers")
    zoom.click("g[data-item]:has(text:text-is('exp'))")
    (line,) = zoom.signed("▶")
    assert "v4 = np.exp(v3)" in zoom.lines[line]
    assert zoom.marked == (1, 2)
    view = zoom.locator("div:has(> div > svg [data-node])")  # the frame in which a wide picture is scrolled
    before = view.evaluate("e => e.scrollLeft")
    zoom.click("[data-row='12']")  # the last line: its node stands at the right end
    assert zoom.signed("▶") == [12]
    assert view.evaluate("e => e.scrollLeft") > before
    box, frame = zoom.locator(".mark-chosen").first.bounding_box(), view.bounding_box()
    assert frame["x"] <= box["x"] <= frame["x"] + frame["width"]


def test_the_keyboard_presses_a_line(zoom):
    zoom.press("2 layers")
    assert "Nodes: 4." in zoom.words
    zoom.click("[data-row='1']")
    assert zoom.signed("▶") == [1]
    zoom.locator("div[role=application]:has([data-row])").focus()
    # The cross is where the pointer was; a line is 24 pixels high.
    zoom.keys("ArrowDown", "ArrowDown", "ArrowDown", "Enter")
    assert zoom.signed("▶") == [2]
    assert zoom.marked == (1, 1)


def test_a_moved_input_changes_value_and_loss(zoom):
    before = zoom.locator("text=/All four levels/").inner_text()
    slider(zoom.area, "x[0,1]").focus()
    zoom.keys("ArrowRight")
    assert zoom.locator("text.val tspan:text-is('2.1')").count() >= 1
    after = zoom.locator("text=/All four levels/").inner_text()
    assert after != before
    assert after.startswith("✓")
