"""Slider key press to changed picture in a real JupyterLab: widgets, a bare echo, and interact with pyplot."""

import tempfile
from pathlib import Path

import numpy as np
from playwright.sync_api import sync_playwright

from tests.benchmarks.timing import report
from tests.browser.lab import FLAGS, Lab, find_browser

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

EXPLORERS = {
    f"GraphExplorer, {n} nodes": f'GraphExplorer(chain({n}), {{"x": (0, 1e6, 1)}})'
    for n in (5, 20, 40)  # operations
}
OTHERS = {
    name: f"from nbkit import {name}\n{name}()" for name in ("ActivationExplorer", "AffineExplorer", "SoftmaxExplorer")
}
WIDGETS = {"echo": ECHO, **EXPLORERS, **OTHERS, "interact + pyplot, 20 nodes": PYPLOT}

# One press on the slider of cell `index`; resolves with the milliseconds until the picture has changed and is painted.
PRESS = """([index, key]) => new Promise(done => {
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
    handle.dispatchEvent(new KeyboardEvent('keydown', { key, code: key, bubbles: true }));
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


def measure(page):
    """Press every widget's first slider in turn, up and down, and collect milliseconds by name."""
    spent = {name: [] for name in WIDGETS}
    for turn in range(PRESSES + 3):
        for index, name in enumerate(WIDGETS, 1):
            milliseconds = page.evaluate(PRESS, [index, "ArrowLeft" if turn % 2 else "ArrowRight"])
            page.wait_for_timeout(60)
            if turn >= 3:
                spent[name].append(milliseconds)
    places = [place for place, name in enumerate(WIDGETS, 1) if name.startswith("GraphExplorer")]
    return spent, {list(WIDGETS)[place - 1]: page.evaluate(DRAG, place) for place in places}


def main():
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        lab = Lab(Path(folder))
        browser = playwright.chromium.launch(executable_path=find_browser(), args=list(FLAGS))
        page = browser.new_page(viewport={"width": 1200, "height": 1600})
        try:
            lab.open(page, lab.write("live.ipynb", GRAPH, *WIDGETS.values()))
            problems = lab.run_all(page)
            assert problems == [], problems
            page.wait_for_timeout(2000)
            spent, settle = measure(page)
        finally:
            browser.close()
            lab.close()
    echo = np.median(spent["echo"])
    rows = []
    for name, ms in spent.items():
        low, middle, high = np.percentile(ms, [25, 50, 75])
        rows.append((name, f"{middle:.0f}", f"{low:.0f} to {high:.0f}", f"{middle / echo:.2f}"))
    report("Slider to changed picture", ("what", "median ms", "quartiles", "over echo"), rows)
    print("\nAfter 5 s of 60 moves a second, the last value stands in the picture:")
    for name, late in settle.items():
        print(f"{name}: {late:.0f} ms after the last move, {late / echo:.1f} echoes")


if __name__ == "__main__":
    main()
