"""Running a cell again and again, and a long drag: nothing piles up."""

import json

import pytest

from tests.browser.widgets import Widget

EXPLORER = """from nbkit import GraphExplorer, Variable
x, w = Variable(3, "x"), Variable(2, "w")
GraphExplorer((x * w + x) * w, {"x": (0, 2000, 1)})"""
COUNT = """import gc, json, pathlib
from ipywidgets.widgets.widget import _instances
gc.collect()
status = pathlib.Path("/proc/self/status")
rss = int(status.read_text().split("VmRSS:")[1].split()[0]) if status.exists() else 0
print(json.dumps({"widgets": len(_instances), "comms": len(get_ipython().kernel.comm_manager.comms), "kB": rss}))"""
# Three keys per frame, faster than anybody types, and the most requests that had no answer at a time.
DRAG = """async () => {
    const handle = document.activeElement;
    let most = 0;
    for (let i = 0; i < 300; i++) {
        handle.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight', code: 'ArrowRight', bubbles: true }));
        if (i % 3 === 2) await new Promise(done => requestAnimationFrame(done));
        most = Math.max(most, window.unanswered.size);
    }
    return most;
}"""


def run_again(lab, page, times):
    """Run the cell so often and return what there is in the kernel; in the page there is one picture."""
    for _ in range(times):
        lab.run_cell(page, 0)
    lab.settle(page)
    assert page.locator(".nbkit-graph-view").count() == 1
    return json.loads(lab.ask(page, COUNT))


def test_a_cell_that_runs_again_leaves_one_widget(lab, page):
    lab.show(page, EXPLORER)
    first = run_again(lab, page, 1)
    last = run_again(lab, page, 5)
    assert (last["widgets"], last["comms"]) == (first["widgets"], first["comms"])


@pytest.mark.soak
def test_a_cell_that_runs_200_times_leaves_one_widget_and_no_memory(lab, page):
    lab.show(page, EXPLORER)
    first = run_again(lab, page, 20)  # caches fill, the interpreter settles
    last = run_again(lab, page, 200)
    assert (last["widgets"], last["comms"]) == (first["widgets"], first["comms"])
    assert last["kB"] - first["kB"] < 5 * 1024


def test_a_long_drag_leaves_no_backlog(lab, page):
    """However slow the kernel is, the page asks for few values at a time, and at last for the last one."""
    explorer = Widget(lab, page, EXPLORER)
    explorer.slider("x").focus()
    assert page.evaluate(DRAG) <= 2
    explorer.settle()
    assert "303" in explorer.texts("text.val")
