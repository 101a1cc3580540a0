"""Running a cell again and again, and dragging for seconds: nothing piles up."""

import json

import pytest

EXPLORER = """from nbkit import GraphExplorer, Variable
x, w = Variable(3, "x"), Variable(2, "w")
GraphExplorer((x * w + x) * w, {"x": (0, 2000, 1)})"""

COUNT = """import gc, json, pathlib
from ipywidgets.widgets.widget import _instances
gc.collect()
status = pathlib.Path("/proc/self/status")
rss = int(status.read_text().split("VmRSS:")[1].split()[0]) if status.exists() else 0
print(json.dumps({"widgets": len(_instances), "comms": len(get_ipython().kernel.comm_manager.comms), "kB": rss}))"""

# How many models the page's widget manager still knows, and how many graph pictures stand in the page.
IN_THE_PAGE = """() => document.querySelectorAll('.nbkit-graph-view').length"""


@pytest.fixture(scope="module")
def page(lab, module_page):
    lab.open(module_page, lab.write("again.ipynb", EXPLORER, COUNT))
    return module_page


def test_a_cell_that_runs_200_times_leaves_one_widget(lab, page):
    for _ in range(20):  # caches fill, the interpreter settles
        lab.run_cell(page, 0)
    first = json.loads(lab.run_cell(page, 1))
    for _ in range(200):
        lab.run_cell(page, 0)
    last = json.loads(lab.run_cell(page, 1))
    assert last["widgets"] == first["widgets"]
    assert last["comms"] == first["comms"]
    assert last["kB"] - first["kB"] < 5 * 1024
    assert page.evaluate(IN_THE_PAGE) == 1


def test_a_long_drag_leaves_no_backlog(lab, page):
    """300 key presses in 5 seconds: a moment after the last one, the picture shows the last value."""
    lab.run_cell(page, 0)
    area = page.locator(".jp-OutputArea-output:has(.nbkit-graph-view)").first
    handle = area.locator(".widget-inline-hbox:has(.widget-label:text-is('x')) .noUi-handle")
    handle.focus()
    page.evaluate(
        """async () => {
            const handle = document.activeElement;
            const press = { key: 'ArrowRight', code: 'ArrowRight', bubbles: true };
            for (let i = 0; i < 300; i++) {
                handle.dispatchEvent(new KeyboardEvent('keydown', press));
                await new Promise(done => setTimeout(done, 1000 / 60));
            }
        }"""
    )
    area.locator("text.val:text-is('303')").first.wait_for(timeout=2_000)
