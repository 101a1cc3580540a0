"""A name that attacks, in every widget of a real page: it is read as text, nothing runs and nothing is fetched."""

from urllib.parse import urlsplit

import pytest

EVIL = (
    "<img src='/evil-image' onerror='window.evil=1;alert(1)'></title></desc></metadata></style></text></g></svg>"
    "<script src='/evil-script'></script><script>window.evil=2;alert(2)</script>"
)
FIRST = f"""import numpy as np
from nbkit import *
from nbkit.plots import decision_regions
evil = {EVIL!r}
data = datasets.xor()
x, t = data.x, data.t.reshape(-1, 1)
def graph():
    a, b = Variable(2.0, evil), Variable(3.0, "b")
    end = Sigmoid(name=evil)(a * b) + a
    end.name = evil
    return Graph(end)
def net():
    return Sequential([Affine.random(2, 3, 0, name=evil), ReLU(), Affine.random(3, 1, 1)], SigmoidWithLoss())
with open("points.csv", "w") as file:
    print(f'1,2,"{{evil[:40]}}"', '3,4,"<b>bold</b>"', '2,2,"<b>bold</b>"', sep="\\n", file=file)
names = {{"features": (evil, "b"), "classes": (evil, "b")}}"""
CELLS = {
    "Drawing": "draw(graph())",
    "GraphExplorer": "explorer = GraphExplorer(graph()); explorer.tell(evil); explorer",
    "GraphQuiz": "quiz = GraphQuiz(graph(), blanks='forward'); quiz.answer('v2', evil); quiz",
    "OrderLab": "lab = OrderLab(graph()); lab.show_right_order(); lab",
    "NudgeLab": "NudgeLab(graph())",
    "NanTracer": "NanTracer(Log(name=evil)(Variable(0.0, evil)))",
    "ActivationExplorer": "ActivationExplorer({evil: Sigmoid(name=evil)})",
    "SoftmaxExplorer": "SoftmaxExplorer((1.0, 2.0), classes=(evil, 'b'))",
    "WeightSliders": "WeightSliders(**names)",
    "SeedGallery": "SeedGallery({evil: Recipe(lambda rng: net(), 0.1, 3)}, (x, t), seeds=4, **names)",
    "TrainingExplorer": "TrainingExplorer(net(), (x, t), epochs=2, weights=(evil, 'b'), **names)",
    "TrainingPlayground": "TrainingPlayground(Settings(data='CSV file', path='points.csv', held_out=0.0))",
    "ZoomLab": "ZoomLab(Sequential([Affine(np.ones((2, 1)), [1.0], name=evil)], MSELoss()), x[:1], t[:1])",
    "TraceLab": "trace = TraceLab(); trace.formula.value = f'x * {evil}'; trace",
    "BugHunt": "hunt = BugHunt(); hunt.box.value = f'raise ValueError({evil!r})'; hunt.check_all(); hunt",
    "figure": "decision_regions(lambda p: np.tile([0.5, 0.5], (len(p), 1)), x, data.t, **names)",
    "verdict": "check('01.bill', evil)",
    "error": "Settings(data=evil)",
}


def listen(page):
    """Keep what a page asks for and what pops up in it."""
    page.asked, page.dialogs = [], []
    page.on("request", lambda request: page.asked.append(request.url))
    page.on("dialog", lambda dialog: (page.dialogs.append(dialog.message), dialog.dismiss()))
    return page


@pytest.fixture(scope="module")
def page(lab, module_page):
    listen(module_page)
    lab.open(module_page, lab.write("evil.ipynb", FIRST, *CELLS.values()))
    wrong = lab.run_all(module_page)
    assert len(wrong) == 1, wrong  # the last cell, on purpose
    assert "data must be one of" in wrong[0]
    module_page.wait_for_timeout(1500)
    return module_page


@pytest.mark.parametrize("name", CELLS)
def test_a_name_that_attacks_is_shown_as_text(page, name):
    page.evaluate("i => document.querySelectorAll('.jp-CodeCell')[i].scrollIntoView()", 1 + list(CELLS).index(name))
    cell = page.locator(".jp-CodeCell").nth(1 + list(CELLS).index(name))
    cell.locator(".jp-OutputArea-output").first.wait_for()
    assert cell.locator(".jp-OutputArea-output script").count() == 0
    assert cell.locator("img[src^='/evil'], [onerror], [onload], [onclick]").count() == 0
    if name not in ("Drawing", "figure"):  # which the page shows as images
        shown = cell.locator(".jp-OutputArea-output").first.evaluate(
            "e => e.textContent + [...e.querySelectorAll('[aria-label], [title]')]"
            ".map(x => x.getAttribute('aria-label') + x.title).join()"
        )
        assert ("<b>bold</b>" if name == "TrainingPlayground" else EVIL[:20]) in shown


def test_nothing_of_it_ran_and_nothing_was_asked_for(lab, page):
    assert page.dialogs == []
    assert page.evaluate("() => window.evil ?? null") is None
    assert [url for url in page.asked if "evil-" in urlsplit(url).path] == []
    assert [url for url in page.asked if not url.startswith((lab.address, "data:", "blob:"))] == []
    assert page.asked


def test_the_probe_itself_would_be_seen(lab, page):
    """Put the same text into a page as markup: dialog and request must come."""
    other = listen(page.context.new_page())
    other.route("**/probe", lambda route: route.fulfill(body="<p>a page of its own</p>", content_type="text/html"))
    other.goto(f"{lab.address}/probe")
    with other.expect_request("**/evil-image"):
        other.evaluate("evil => { document.body.innerHTML = evil }", EVIL)
    other.wait_for_function("() => window.evil === 1")
    assert other.dialogs == ["1"]
    other.close()
