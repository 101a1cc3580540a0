"""From a click to a notebook that answers: open each notebook in a real JupyterLab, and run it to its first picture.

``python -m tests.benchmarks.opening 02 11`` opens these chapters alone.
"""

import sys
import tempfile
from pathlib import Path
from time import perf_counter

import numpy as np
from playwright.sync_api import sync_playwright

from tests.benchmarks.plot import Plot
from tests.benchmarks.timing import Table, show
from tests.browser.lab import FLAGS, IDLE, NOTEBOOKS, Lab, find_browser

GOAL = 1.0  # seconds to the first picture
ROUNDS = 3  # openings of each notebook
CALM = 1000  # milliseconds in which JupyterLab settles down after it has opened a notebook; a reader takes longer
BESIDE = {  # what a first picture costs without nbkit
    "beside: a button of ipywidgets": ("import numpy\nimport ipywidgets", "ipywidgets.Button()"),
    "beside: a line of pyplot": ("import numpy\nimport matplotlib.pyplot as plt", "plt.plot([1, 2]);"),
}

# Runs the first cells, one after the other, until one has shown a picture; resolves with the milliseconds it took. What
# counts is what the learner sees: an image that is there in full, or the live picture of a widget, whose still picture
# JupyterLab never shows beside it.
FIRST_PICTURE = """async () => {
    const { content } = window.jupyterapp.shell.currentWidget;
    const shown = area =>
        area.querySelector('svg.nbkit, .jupyter-button') ||
        [...area.querySelectorAll('.jp-OutputArea-output img')].some(image => image.complete && image.naturalWidth);
    const start = performance.now();
    for (let i = 0; i < content.widgets.length; i++) {
        content.activeCellIndex = i;
        await window.jupyterapp.commands.execute('notebook:run-cell');
        const outputs = [...content.model.cells][i].sharedModel.outputs ?? [];
        if (!/widget-view|<img|"image\\//.test(JSON.stringify(outputs))) continue;
        const area = content.widgets[i].node.querySelector('.jp-OutputArea');
        for (let wait = 0; wait < 2000; wait++) {
            if (shown(area)) return performance.now() - start;
            await new Promise(done => setTimeout(done, 5));
        }
    }
    return NaN;
}"""


def measure(lab, page, name):
    """Return seconds until the kernel of a freshly opened notebook is idle, and from its first cell to a picture."""
    start = perf_counter()
    page.goto(f"{lab.address}/doc/workspaces/auto-o/tree/{name}?token=test&reset")
    page.wait_for_selector(".jp-Notebook .jp-Cell")
    page.wait_for_function(IDLE)
    opened = perf_counter() - start
    page.wait_for_timeout(CALM)
    picture = page.evaluate(FIRST_PICTURE) / 1000
    lab.shut_down(page)
    return opened, picture


def tables(chapters=("",), rounds=ROUNDS):
    names = sorted(path.name for path in NOTEBOOKS.glob("*.ipynb") if path.name.startswith(tuple(chapters)))
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        lab = Lab(Path(folder))
        browser = playwright.chromium.launch(executable_path=find_browser(), args=list(FLAGS))
        page = browser.new_page(viewport={"width": 1200, "height": 1000})
        try:
            names += [lab.write(f"{name.replace(' ', '_')}.ipynb", *cells) for name, cells in BESIDE.items()]
            measure(lab, page, names[0])  # the first page also fetches JupyterLab itself
            found = np.median([[measure(lab, page, name) for name in names] for _ in range(rounds)], axis=0)
        finally:
            browser.close()
            lab.close()
    cases = [name.removesuffix(".ipynb") for name in names[: -len(BESIDE)]] + list(BESIDE)
    header = ("notebook", "open to interactive s", "from the first cell's start to the first picture s")
    rows = [(case, f"{opened:.1f}", f"{picture:.2f}") for case, (opened, picture) in zip(cases, found, strict=True)]
    sides = {"open to interactive": list(found[:, 0]), "first picture": list(found[:, 1])}
    reached = sum(picture <= GOAL for picture in found[: -len(BESIDE), 1])
    notes = (
        f"Medians of {rounds} openings, each with a kernel of its own. A chapter's first picture may come after a "
        f"dozen cells. Goal: {GOAL:g} s to the first picture. "
        f"Reached in {reached} of {len(names) - len(BESIDE)} chapters.",
    )
    return [Table("Opening a notebook in JupyterLab", header, rows, notes, Plot("seconds", cases, sides, GOAL))]


if __name__ == "__main__":
    show(tables(sys.argv[1:] or ("",)))
