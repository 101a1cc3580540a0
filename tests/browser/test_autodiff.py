"""Chapter 13 in a real page: formulas are typed and traced, lines and nodes are pressed, levels are changed."""

import pytest

from tests.browser.lab import cells_of
from tests.browser.widgets import Widget


class Lines(Widget):
    """A widget of the chapter: a graph beside lines of code."""

    def __init__(self, lab, page, cell):
        super().__init__(lab, page, *cells_of("13_from_layers_to_autodiff.ipynb", cell))

    def enter(self, formula):
        field = self.area.get_by_role("textbox").first
        field.fill(formula)
        self.keys("Enter", on=field)

    @property
    def lines(self):
        rows = "rows => rows.map(row => [...row.querySelectorAll('text')].map(text => text.textContent).join(' '))"
        return [" ".join(row.split()) for row in self.locator("[data-row]").evaluate_all(rows)]

    def signed(self, sign):
        """The numbers of the lines with this sign."""
        return [k for k, line in enumerate(self.lines) if sign in line]

    @property
    def marked(self):
        """How many lines and how many nodes are marked."""
        return len(self.signed("▶")), self.count(".mark-chosen")


@pytest.fixture
def trace(lab, page):
    return Lines(lab, page, "TraceLab(")


@pytest.fixture
def zoom(lab, page):
    return Lines(lab, page, "ZoomLab(net")


def test_a_typed_formula_becomes_graph_and_tape_and_a_bad_one_is_pointed_at(trace):
    assert trace.lines == ["v1 = x * y · ·", "v2 = np.tanh(x) · ·", "v3 = v1 + v2 · ·"]
    trace.press("Last step")
    assert trace.lines == ["◀ v1 = x * y 6 1", "v2 = np.tanh(x) 0.964 1", "v3 = v1 + v2 6.964 1"]
    trace.enter("(x + y) * (x + y)")
    good = ["◀ v1 = x + y 5 5", "v2 = x + y 5 5", "v3 = v1 * v2 25 1"]
    assert trace.lines == good
    assert trace.count("g[data-node] text:text-is('+')") == 2
    trace.enter("x * foo(y)")
    assert trace.count("pre:has-text('^')") == 1
    assert "column 5: there is no function called foo" in trace.words
    assert trace.lines == good
    trace.enter("(x + y) * (x - y)")
    assert trace.lines == ["◀ v1 = x + y 5 −1", "v2 = x - y −1 5", "v3 = v1 * v2 −5 1"]
    assert trace.count("pre") == 0
    trace.slide("x", "ArrowRight")
    assert trace.lines == ["◀ v1 = x + y 5.1 −0.9", "v2 = x - y −0.9 5.1", "v3 = v1 * v2 −4.59 1"]


def test_steps_mark_lines_and_lines_lead_to_steps(trace):
    trace.press("Step on")
    assert trace.signed("▶") == [0]
    assert trace.count("g[data-node].acting text:text-is('×')") == 1
    trace.click("[data-row='2']")
    assert trace.counter == "forward 3 of 3"
    assert trace.signed("▶") == [2]
    trace.press("Last step", "Step back")
    assert trace.signed("◀") == [1]


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
    frame = "div:has(> div > svg [data-node])"  # in which a wide picture is scrolled
    before = zoom.locator(frame).evaluate("e => e.scrollLeft")
    zoom.click("[data-row='12']")  # the last line: its node stands at the right end
    assert zoom.signed("▶") == [12]
    assert zoom.locator(frame).evaluate("e => e.scrollLeft") > before
    left, _top, width, _height = zoom.box(frame)
    assert left <= zoom.box(".mark-chosen")[0] <= left + width
