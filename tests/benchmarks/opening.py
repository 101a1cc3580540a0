"""From a click to a notebook that answers: open each notebook in a real JupyterLab, and run it to its first picture."""

import tempfile
from pathlib import Path
from time import perf_counter

from playwright.sync_api import sync_playwright

from tests.benchmarks.plot import Plot
from tests.benchmarks.timing import Table, show
from tests.browser.lab import FLAGS, IDLE, NOTEBOOKS, Lab, find_browser

GOAL = 1.0  # seconds to the first picture

# Runs the first cells, one after the other, until one has shown a picture; resolves with the milliseconds it took.
FIRST_PICTURE = """async () => {
    const picture = 'svg.nbkit, .jp-OutputArea-output img';
    const { content } = window.jupyterapp.shell.currentWidget;
    const start = performance.now();
    for (let i = 0; i < content.widgets.length; i++) {
        content.activeCellIndex = i;
        await window.jupyterapp.commands.execute('notebook:run-cell');
        const area = content.widgets[i].node.querySelector('.jp-OutputArea');
        for (let wait = 0; wait < 200 && area; wait++) {
            if (area.querySelector(picture)) break;
            const outputs = [...content.model.cells][i].sharedModel.outputs ?? [];
            if (!outputs.some(o => String(o.data?.['text/html'] ?? '').includes('<img'))) break;
            await new Promise(done => setTimeout(done, 5));
        }
        if (area?.querySelector(picture)) return performance.now() - start;
    }
    return NaN;
}"""


def measure(lab, page, name):
    """Return seconds until the kernel of a freshly opened notebook is idle, and from there to the first picture."""
    start = perf_counter()
    page.goto(f"{lab.address}/doc/workspaces/auto-o/tree/{name}?token=test&reset")
    page.wait_for_selector(".jp-Notebook .jp-Cell")
    page.wait_for_function(IDLE)
    opened = perf_counter() - start
    return opened, page.evaluate(FIRST_PICTURE) / 1000


def tables():
    rows = []
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        lab = Lab(Path(folder))
        browser = playwright.chromium.launch(executable_path=find_browser(), args=list(FLAGS))
        page = browser.new_page(viewport={"width": 1200, "height": 1000})
        try:
            names = sorted(path.name for path in NOTEBOOKS.glob("*.ipynb"))
            measure(lab, page, names[0])  # the first page also fetches JupyterLab itself
            for name in names:
                opened, picture = measure(lab, page, name)
                rows.append((name.removesuffix(".ipynb"), f"{opened:.1f}", f"{picture:.2f}"))
                lab.shut_down(page)
        finally:
            browser.close()
            lab.close()
    header = ("notebook", "open to interactive s", "from the first cell's start to the first picture s")
    sides = {"open to interactive": [float(row[1]) for row in rows], "first picture": [float(row[2]) for row in rows]}
    plot = Plot("seconds", [row[0] for row in rows], sides, GOAL)
    return [Table("Opening a notebook in JupyterLab", header, rows, (), plot)]


if __name__ == "__main__":
    show(tables())
