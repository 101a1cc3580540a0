"""Slider key press to changed picture in a real JupyterLab: GraphExplorer, a bare echo, and interact with pyplot."""

import tempfile
from pathlib import Path

import numpy as np
from playwright.sync_api import sync_playwright

from tests.benchmarks.timing import report
from tests.browser.lab import FLAGS, Lab, find_browser

SIZES = (5, 20, 40)  # operation nodes
PRESSES = 30

ECHO = """import ipywidgets
slider, picture = ipywidgets.FloatSlider(0, min=0, max=1e6, step=1, description="echo"), ipywidgets.HTML()
def show(change):
    picture.value = f"<svg width=20 height=20><title>{change.new}</title></svg>"
slider.observe(show, "value")
ipywidgets.VBox([slider, picture])"""

GRAPH = """from nbkit import Graph, GraphExplorer, Variable
def chain(n):
    x, w = Variable(0, "x"), Variable(1.01, "w")
    y = x
    for i in range(n):
        y = y * w if i % 2 else y + x
    return y"""

EXPLORER = 'GraphExplorer(chain({n}), {{"x": (0, 1e6, 1)}})'

# What most courses do: a new pyplot figure for every move.
PYPLOT = """import matplotlib.pyplot as plt
from nbkit.drawing.numbers import number
from nbkit.drawing.svg import Painter
def pyplot_graph(n):
    graph = Graph(chain(n))
    painter = Painter(graph)
    def show(x):
        graph.forward(x=x)
        graph.backward()
        figure, ax = plt.subplots(figsize=(9, 3))
        for edge in painter.scene.edges:
            ends = [painter.layout.centers[name] for name in (edge.tail, edge.id, edge.head)]
            ax.plot(*zip(*ends, strict=True), color="grey", zorder=1)
            ax.text(*ends[1], f"{number(edge.value)} / {number(edge.gradient)}", fontsize=6)
        for node in painter.scene.nodes:
            ax.annotate(" ".join(node.lines), painter.layout.centers[node.id], bbox={"boxstyle": "round"})
        ax.axis("off")
        plt.show()
    return ipywidgets.interact(show, x=ipywidgets.FloatSlider(0, min=0, max=1e6, step=1))
_ = pyplot_graph(20)"""

# One press on the slider of cell `index`; resolves with the milliseconds until the picture has changed and is painted.
PRESS = """index => new Promise(done => {
    const cell = [...document.querySelectorAll('.jp-CodeCell')][index];
    const handle = cell.querySelector('.noUi-handle');
    const start = performance.now();
    const watch = new MutationObserver(changes => {
        const added = changes.flatMap(change => [...change.addedNodes]);
        if (!added.some(node => node.matches?.('svg, img') || node.querySelector?.('svg, img'))) return;
        watch.disconnect();
        requestAnimationFrame(() => done(performance.now() - start));
    });
    watch.observe(cell.querySelector('.jp-Cell-outputArea'), { childList: true, subtree: true });
    handle.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight', code: 'ArrowRight', bubbles: true }));
})"""

# 300 presses, 60 a second; resolves with the milliseconds from the last press until the last value is painted.
DRAG = """async index => {
    const cell = [...document.querySelectorAll('.jp-CodeCell')][index];
    const handle = cell.querySelector('.noUi-handle');
    for (let i = 0; i < 300; i++) {
        handle.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight', code: 'ArrowRight', bubbles: true }));
        await new Promise(done => setTimeout(done, 1000 / 60));
    }
    const start = performance.now();
    const last = String(Math.round(handle.getAttribute('aria-valuenow')));
    const shown = () => [...cell.querySelectorAll('text.val')].some(text => text.textContent === last);
    while (!shown() && performance.now() - start < 20000) await new Promise(requestAnimationFrame);
    return performance.now() - start;
}"""


def main():
    explorers = [EXPLORER.format(n=n) for n in SIZES]
    names = ["echo", *(f"GraphExplorer, {n} nodes" for n in SIZES), "interact + pyplot, 20 nodes"]
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        lab = Lab(Path(folder))
        browser = playwright.chromium.launch(executable_path=find_browser(), args=list(FLAGS))
        page = browser.new_page(viewport={"width": 1200, "height": 1600})
        try:
            lab.open(page, lab.write("live.ipynb", GRAPH, ECHO, *explorers, PYPLOT))
            problems = lab.run_all(page)
            assert problems == [], problems
            page.wait_for_timeout(2000)
            spent = {name: [] for name in names}
            for turn in range(PRESSES + 3):
                for index, name in enumerate(names, 1):
                    milliseconds = page.evaluate(PRESS, index)
                    page.wait_for_timeout(60)
                    if turn >= 3:
                        spent[name].append(milliseconds)
            settle = {n: page.evaluate(DRAG, 2 + i) for i, n in enumerate(SIZES)}
        finally:
            browser.close()
            lab.close()
    echo = np.median(spent["echo"])
    rows = [
        (
            name,
            f"{np.median(ms):.0f}",
            f"{np.percentile(ms, 25):.0f} to {np.percentile(ms, 75):.0f}",
            f"{np.median(ms) / echo:.2f}",
        )
        for name, ms in spent.items()
    ]
    report("Slider to changed picture", ("what", "median ms", "quartiles", "over echo"), rows)
    print("\nAfter 5 s of 60 moves a second, the last value stands in the picture:")
    for n, late in settle.items():
        print(f"GraphExplorer, {n} nodes: {late:.0f} ms after the last move, {late / echo:.1f} echoes")


if __name__ == "__main__":
    main()
