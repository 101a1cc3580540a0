"""A name that attacks, in every widget of a real page: it is read as text, nothing runs and nothing is fetched."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser.lab import PUT

EVIL = (
    "<img src='/evil-image' onerror='window.evil=1;alert(1)'></title></desc></metadata></style></text></g></svg>"
    "<script src='/evil-script'></script><script>window.evil=2;alert(2)</script>"
)
BEGINNING = EVIL[:20]  # as much as the shortest of the places shows
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
    "GraphExplorer": "explorer = GraphExplorer(graph()); explorer.show_message(evil); explorer",
    "GraphQuiz": "quiz = GraphQuiz(graph(), blanks='forward'); quiz.answer('v2', evil); quiz",
    "OrderLab": "lab = OrderLab(graph()); lab.show_right_order(); lab",
    "NudgeLab": "NudgeLab(graph())",
    "NanTracer": "NanTracer(Log(name=evil)(Variable(0.0, evil)))",
    "ActivationExplorer": "ActivationExplorer({evil: Sigmoid(name=evil)})",
    "SoftmaxExplorer": "SoftmaxExplorer((1.0, 2.0), classes=(evil, 'b'))",
    "ConvolutionExplorer": "ConvolutionExplorer(kernels={evil: [[1.0]]})",
    "HatsExplorer": "HatsExplorer(name=evil)",
    "RegressionExplorer": "RegressionExplorer(names=(evil, 'y'))",
    "RejectExplorer": "RejectExplorer({evil: [([0.6, 0.9], np.array([False, True]))]})",
    "WeightSliders": "WeightSliders(**names)",
    "HiddenPlane": "HiddenPlane(steps=9, **names)",
    "SeedGallery": "SeedGallery({evil: Recipe(lambda rng: net(), 0.1, 3)}, (x, t), seeds=4, **names)",
    "TrainingExplorer": "TrainingExplorer(net(), (x, t), epochs=2, weights=(evil, 'b'), **names)",
    "TrainingPlayground": "TrainingPlayground(Settings(data='CSV file', path='points.csv', held_out=0.0))",
    "ZoomLab": "ZoomLab(Sequential([Affine(np.ones((2, 1)), [1.0], name=evil)], MSELoss()), x[:1], t[:1])",
    "TraceLab": "trace = TraceLab(); trace.formula.value = f'x * {evil}'; trace",
    "BugHunt": "hunt = BugHunt(); hunt.box.value = f'raise ValueError({evil!r})'; hunt.check_all(); hunt",
    "figure": "decision_regions(lambda p: np.tile([0.5, 0.5], (len(p), 1)), x, data.t, **names)",
    "verdict": "check('12.guilty', {evil: 'x'})",
    "error": "Settings(data=evil)",
}
IMAGES = ("Drawing", "figure")  # which the page shows as images
PROBE = "from IPython.display import HTML; HTML(evil)"
LOADED = "() => [...document.images].every(image => image.complete)"
MARKUP = """() => [...document.querySelectorAll(
    '.jp-OutputArea-output script, .jp-CodeCell :is(img[src^="/evil"], [onerror], [onload], [onclick])'
)].map(element => element.outerHTML)"""


@pytest.fixture
def dialogs(page):
    """What pops up in the page."""
    dialogs = []

    def note(dialog):
        dialogs.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", note)
    yield dialogs
    page.remove_listener("dialog", note)


def findings(lab, page, dialogs):
    """Return what an attack has left: its elements, what it ran, and what it asked for."""
    page.wait_for_function(LOADED)
    lab.settle(page)  # with the handlers of images that could not be loaded
    ran = page.evaluate("() => 'evil' in window ? [`evil is ${window.evil}`] : []")
    asked = [path for path in (urlsplit(url).path for url in page.asked) if "evil-" in path]
    return page.evaluate(MARKUP) + ran + asked + dialogs


def test_a_name_that_attacks_is_shown_as_text_and_nothing_of_it_runs(lab, page, dialogs):
    page.evaluate(PUT, [FIRST, *CELLS.values()])
    (wrong,) = lab.run_all(page)  # the last cell, on purpose
    assert wrong.startswith(f"cell {len(CELLS)} raised ValueError: data must be one of")
    for place, name in enumerate(CELLS, 1):
        cell = page.locator(".jp-CodeCell").nth(place)
        if name in IMAGES:
            expect(cell.locator(".jp-OutputArea-output img"), name).to_be_attached()
            continue
        text = "<b>bold</b>" if name == "TrainingPlayground" else BEGINNING
        output = cell.locator(".jp-OutputArea-output")
        labels = output.locator(f'[aria-label*="{text}"], [title*="{text}"]')
        expect(output.filter(has_text=text).or_(labels).first, name).to_be_attached()
    assert findings(lab, page, dialogs) == []


def test_the_probe_itself_would_be_seen(lab, page, dialogs):
    """Put the same text into a cell's output as markup: elements, requests and dialogs must be found."""
    page.route("**/evil-*", lambda route: route.fulfill(body="", content_type="text/javascript"))
    lab.show(page, f"evil = {EVIL!r}", PROBE)
    page.wait_for_function("() => window.evil === 1")
    found = findings(lab, page, dialogs)
    page.unroute("**/evil-*")
    page.evaluate("() => { delete window.evil }")
    assert {"evil is 1", "/evil-image", "/evil-script", "1", "2"} <= set(found)
    assert any(element.startswith("<img") for element in found)
    assert any(element.startswith("<script") for element in found)
