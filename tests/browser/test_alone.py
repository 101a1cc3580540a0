"""The module of a view alone in a plain page: without a kernel, and with a clock that goes where the test lets it."""

import json

import numpy as np
import pytest

from nbkit import ConvolutionExplorer, Graph, GraphExplorer, HatsExplorer, Log, Sigmoid, Variable
from nbkit.drawing.graph.renderer import GraphRenderer
from nbkit.widgets.kit.graph_view import GraphView
from nbkit.widgets.kit.views import CodeBox, SvgView
from tests.browser.widgets import alone
from tests.drawing.parsed import parsed

IN_SIGHT = """k => {
    const picture = document.querySelector('.nbkit-picture').getBoundingClientRect();
    const nodes = [...document.querySelectorAll('g[data-node][data-at]')];
    const acting = nodes.filter(node => node.dataset.at.split(' ').includes(String(k)));
    return acting.map(node => node.getBoundingClientRect())
        .map(box => picture.left <= box.left && box.right <= picture.right);
}"""
# Presses keys, and tells which numbers are on their way before time goes by.
TRAVELLERS = """keys => {
    const picture = document.querySelector('.nbkit-picture');
    for (const key of keys) picture.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
    return [...document.querySelectorAll('.nbkit-token')].map(token => token.textContent);
}"""
SCROLLED = "document.querySelector('.nbkit-picture').scrollLeft"
SHOWN = "() => new Promise(done => { queueMicrotask(() => done(window.shown.splice(0))); })"
# Shows pictures one after the other, and tells of each which style sheet it uses, how many more there are, and how its
# text looks.
SHEETS = """pictures => {
    const seen = [];
    for (const svg of pictures) {
        put('svg', svg);
        const [sheet, ...more] = document.querySelectorAll('div style');
        const text = document.querySelector('svg.nbkit text');
        seen.push([sheet, more.length, text && getComputedStyle(text).fill, text?.textContent]);
    }
    return seen.map(([sheet, ...rest]) => [seen.findIndex(other => other[0] === sheet), ...rest]);
}"""
# Shows another picture, and tells whether it is what a page would make of it, and whether its frame is the old one.
BECOMES = """svg => {
    const frame = () => document.querySelector('svg.nbkit .frame');
    const before = frame(), fresh = Object.assign(document.createElement('template'), { innerHTML: svg }).content;
    put('svg', svg);
    fresh.querySelector('style').remove();
    return [document.querySelector('svg.nbkit').isEqualNode(fresh.firstElementChild), frame() === before];
}"""
PICTURE = "<svg class='nbkit' viewBox='0 0 9 9'><style>.nbkit text {{fill: {}}}</style><text>{}</text></svg>"

# Shows a picture, and tells what is then on the page.
PUT = """svg => {
    const before = document.querySelector('svg.nbkit');
    put('svg', svg);
    const after = document.querySelector('svg.nbkit');
    return {
        texts: [...after.querySelectorAll('text, title')].map(part => part.textContent),
        names: [...after.querySelectorAll('g[data-at][data-node]')].map(node => node.getAttribute('aria-label')),
        sentence: document.querySelector('.nbkit-sentence').textContent,
        kept: before === after,
    };
}"""


@pytest.fixture
def plain(browser):
    """An empty page without JupyterLab, in which time stands still until the test moves it."""
    with browser.new_context(viewport={"width": 500, "height": 500}) as context:
        page = context.new_page()
        page.clock.install(time=0)
        page.goto("about:blank")
        page.clock.pause_at(3600)  # seconds: later than the page can have come by itself
        yield page


class Transport:
    """The picture of a graph with its buttons."""

    def __init__(self, page, graph):
        self.page, self.view = page, GraphExplorer(graph).view
        alone(page, self.view)
        self.picture = page.locator(".nbkit-picture")

    def button(self, name):
        return self.page.get_by_role("button", name=name)

    def after(self, milliseconds):
        """Let time go by, and return what the counter says."""
        self.page.clock.run_for(milliseconds)
        return self.counter

    @property
    def counter(self):
        return self.page.locator(".nbkit-counter").text_content()


def test_play_runs_to_the_end_and_pause_stops_it(plain):
    x, w = Variable(0.5, "x"), Variable(2, "w")
    graph = Transport(plain, Sigmoid()(x * w) + x)
    speed, after = plain.get_by_label("Speed"), graph.after
    start, one, two, three, turn, back, end = (
        "the start", "forward 1 of 3", "forward 2 of 3", "forward 3 of 3", "the turn", "backward 1 of 3",
        "backward 3 of 3",
    )  # fmt: skip
    speed.select_option("fast")
    graph.picture.press("Space")
    assert graph.counter == start
    assert graph.button("Pause").is_visible()
    assert [after(499), after(1), after(499), after(1)] == [start, one, one, two]
    graph.picture.press("Space")
    assert graph.button("Play").is_visible()
    assert after(60_000) == two
    graph.picture.press("Space")
    assert after(500) == three
    speed.select_option("slow")
    assert [after(2399), after(1)] == [three, turn]
    speed.select_option("normal")
    assert [after(1199), after(1)] == [turn, back]
    assert [after(2 * 1200), after(1200)] == [end] * 2
    assert graph.button("Play").is_visible()
    assert after(60_000) == end


def test_numbers_travel_with_a_step_and_never_queue(plain):
    """x · x + x at 3: what goes in, what comes out, and at last the three gradients that meet at x."""
    x = Variable(3, "x")
    graph = Transport(plain, x * x + x)

    def travellers(*keys):
        return plain.evaluate(TRAVELLERS, keys)

    assert travellers("ArrowRight") == ["3", "3", "9"]
    assert travellers("ArrowRight") == ["9", "3", "12"]
    assert travellers("ArrowRight") == ["1"]  # the turn
    assert travellers("ArrowLeft") == []
    assert travellers("ArrowRight", "ArrowRight") == ["1", "1", "1"]
    assert travellers("ArrowRight") == ["1", "3", "3", "3", "3", "1"]
    assert travellers("Home") == []
    assert travellers("End") == []
    assert travellers("Home", "ArrowRight", "ArrowRight") == ["9", "3", "12"]  # nothing is left of the step before
    plain.evaluate("svg => put('svg', svg)", graph.view.svg)  # other numbers
    assert plain.locator(".nbkit-token").count() == 0


def test_the_node_that_acts_is_scrolled_into_sight(plain):
    """A graph four times as wide as the page, walked with the keys there and back."""
    y = Variable(2, "x")
    for factor in range(2, 22):
        y = y * factor
    graph = Transport(plain, y)
    assert graph.picture.evaluate("picture => picture.scrollWidth") > 1500
    seen, places = [], []
    for k in range(1, 42):
        graph.picture.press("ArrowRight")
        seen += plain.evaluate(IN_SIGHT, k)
        places.append(plain.evaluate(SCROLLED))
    assert seen == [True] * 40  # 20 nodes twice; between them the output gets its 1
    assert max(places) > 1000
    assert places[:2] == [0, 0]  # what is in sight stays where it is
    assert len(set(places)) < 20
    graph.picture.press("Home")
    assert plain.evaluate(SCROLLED) == 0
    # A reader who looks elsewhere is left alone by new numbers.
    plain.evaluate(f"{SCROLLED} = 700")
    plain.evaluate("svg => put('svg', svg)", graph.view.svg.replace("<desc>", "<desc>again "))
    assert plain.evaluate(SCROLLED) == 700


@pytest.mark.parametrize("view", [GraphView, SvgView])
def test_a_style_sheet_stays_as_long_as_it_is_the_same(plain, view):
    """For one that comes or goes, the browser works out the style of the whole page again: 30 ms in JupyterLab."""
    red, blue = "rgb(255, 0, 0)", "rgb(0, 0, 255)"
    pictures = [PICTURE.format("red", 1), PICTURE.format("red", 2), PICTURE.format("blue", 3), ""]
    alone(plain, view(svg=pictures[0]))
    seen = plain.evaluate(SHEETS, pictures)
    assert seen == [[0, 0, red, "1"], [0, 0, red, "2"], [2, 0, blue, "3"], [3, 0, None, None]]


def test_a_picture_becomes_the_next_one_around_what_both_have(plain):
    """Parts come and go, among them of another kind; the frame of a chart is not made again, nor laid out."""
    hats, rows = HatsExplorer(), ConvolutionExplorer()
    alone(plain, SvgView(svg=hats.view.svg))
    for hats.n.value in (3, 12, 1):
        assert plain.evaluate(BECOMES, hats.view.svg) == [True, True]
    for rows.padding.value in (0, 2, 1):
        assert plain.evaluate(BECOMES, rows.view.svg)[0]
    assert plain.evaluate(BECOMES, hats.view.svg) == [True, False]


def test_new_numbers_come_into_the_picture_that_stands_there(plain):
    """The page shows what a fresh one would; where nothing but texts is new, all else stays."""

    def graph_of(name, swapped=False):
        a, y, log = Variable(2, name), Variable(3, "y"), Log()(Variable(1, "x"))
        graph = Graph((a + y) * log if swapped else a * y + log)
        graph.backward()
        return graph

    name, seen = "a < b & c", []
    graph = graph_of(name)
    renderer = GraphRenderer(graph)
    shown = [(renderer.picture(), True)]
    for values in ({"y": 5}, {"x": -1.5}, {"y": np.inf, "x": 0}):
        graph.forward(**values)
        graph.backward()
        shown.append((renderer.picture(), True))
    shown.append((renderer.picture(marks={graph.output: "wrong"}), False))
    graph.forward(x=1)
    shown.append((renderer.picture(), False))  # without gradients
    shown += [(GraphRenderer(graph_of(*more)).picture(), kept)
              for more, kept in (((name,), False), ((name, True), True), ((name.upper(), True), True))]  # fmt: skip
    alone(plain, GraphView(svg=shown[0][0], step=-1))
    for svg, kept in shown + shown[::-1]:
        found, fresh = plain.evaluate(PUT, svg), parsed(svg)
        seen.append(found["kept"] == kept)
        assert found["texts"] == ["".join(part.itertext()) for part in fresh.iter() if part.tag in ("text", "title")]
        script = json.loads(fresh.find("metadata").text)
        assert found["sentence"] == script["steps"][-1]
        assert found["names"] == [f"{node['name']}: show its formula" for node in script["nodes"].values()]
    assert all(seen[: len(shown)])


def test_a_handle_with_the_focus_stays_while_parts_before_and_behind_it_come_and_go(plain):
    """It would lose the focus if it left the page, and a screen reader would read all of it again."""
    handle = "<g class='handle' role='slider' data-item='{0}' tabindex='0' aria-valuenow='{1}'><path/></g>"
    other = handle.format("b", 0)

    def picture(value, before, behind):
        handles = other + handle.format("a", value) + other.replace("'b'", "'c'")
        parts = "<path/>" * before + handles + "<text/>" * behind
        return f"<svg class='nbkit' viewBox='0 0 9 9'><style></style>{parts}</svg>"

    alone(plain, SvgView(svg=picture(0, 1, 1)))
    plain.evaluate("() => { window.kept = document.querySelector('[data-item=a]'); window.kept.focus(); }")
    plain.evaluate("() => window.kept.addEventListener('blur', () => { window.lost = true; })")
    for value, before, behind in [(1, 3, 0), (2, 0, 4), (3, 2, 2)]:
        assert plain.evaluate(BECOMES, picture(value, before, behind))[0]
        now = plain.evaluate("() => [document.activeElement === window.kept, window.kept.ariaValueNow, window.lost]")
        assert now == [True, str(value), None]


def test_new_numbers_come_into_a_large_picture(plain):
    """The script of its steps is longer than the text that a browser keeps in one piece, 65,536 characters."""
    y = Variable(2, "x")
    for factor in range(2, 402):
        y = y + factor
    graph = Graph(y)
    renderer = GraphRenderer(graph)
    alone(plain, GraphView(svg=renderer.picture(), step=-1))
    graph.forward(x=3)
    picture = renderer.picture()
    assert len(parsed(picture).find("metadata").text) > 65_536
    assert plain.evaluate(PUT, picture)["kept"]


# ---------------------------------------------------------------- readers who want little motion


def test_a_picture_that_changes_by_itself_does_so_once_a_second(plain):
    def put(*words):
        for word in words:
            plain.evaluate("svg => put('svg', svg)", PICTURE.format("red", word))
        return plain.evaluate(SHOWN)

    def after(milliseconds):
        plain.clock.run_for(milliseconds)
        return plain.evaluate(SHOWN)

    plain.emulate_media(reduced_motion="reduce")
    alone(plain, SvgView(svg=PICTURE.format("red", 0)))
    after(1000)
    sheet = ".nbkit text {fill: red}"
    assert put("1") == [f"{sheet}1"]
    assert put("2", "3") == []
    assert after(999) == []
    assert after(1) == [f"{sheet}3"]
    plain.dispatch_event("body", "keydown")
    assert put("4") == [f"{sheet}4"]  # what a user has moved is seen at once
    assert after(1001) == []
    plain.emulate_media(reduced_motion="no-preference")
    assert put("5") == [f"{sheet}5"]
    assert put("6") == [f"{sheet}6"]


def test_play_takes_one_step_and_nothing_goes_on_by_itself(plain):
    plain.emulate_media(reduced_motion="reduce")
    graph = Transport(plain, Variable(100, "apple") * Variable(2, "count"))
    graph.button("One step").click()
    assert graph.counter == graph.after(10_000) == "forward 1 of 1"
    assert plain.locator(".nbkit-token").count() == 0
    assert plain.locator(".nbkit-sentence").text_content() == "The × computes 100 × 2 = 200"
    graph.button("Last step").click()
    graph.button("One step").click()
    assert graph.counter == "the start"
    plain.emulate_media(reduced_motion="no-preference")
    graph.button("Play").click()
    plain.emulate_media(reduced_motion="reduce")  # in the middle
    graph.button("One step").wait_for()
    assert graph.after(10_000) == "the start"


# ---------------------------------------------------------------- code


CODE = """\
class Net2(Layer):  # no "text"
    '''Says # much
    of it'''

    def for_x(self, n=1e-3):
        letters = rf"a\\"b#" + 'c
        return None if x2 in [0x1f, 2] else "open
    \"\"\"to the end: def"""


def test_python_has_colours_by_what_it_is(plain):
    alone(plain, CodeBox(value=CODE))
    assert plain.locator("pre").evaluate("copy => copy.textContent") == CODE
    pieces = plain.locator("pre span").evaluate_all("spans => spans.map(span => [span.className, span.textContent])")
    assert [tuple(piece) for piece in pieces] == [
        ("keyword", "class"), ("defined", "Net2"), ("comment", '# no "text"'),
        ("string", "'''Says # much\n    of it'''"),
        ("keyword", "def"), ("defined", "for_x"), ("number", "1e-3"),
        ("string", 'rf"a\\"b#"'), ("string", "'c"),
        ("keyword", "return"), ("keyword", "None"), ("keyword", "if"), ("keyword", "in"),
        ("number", "0x1f"), ("number", "2"), ("keyword", "else"), ("string", '"open'),
        ("string", '"""to the end: def'),
    ]  # fmt: skip
