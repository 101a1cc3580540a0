"""Slider key press to changed picture in a real JupyterLab: every widget with a slider, a bare echo, and other ways."""

import tempfile
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from playwright.sync_api import sync_playwright

from tests.benchmarks.plot import Plot
from tests.benchmarks.press import AS_SHIPPED, press_in_turns, sliders_in
from tests.benchmarks.timing import Table, show, spread
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
from nbkit.formatting import number
from nbkit.drawing.graph.renderer import GraphRenderer
def pyplot_graph(n):
    graph = Graph(chain(n))
    renderer = GraphRenderer(graph)
    def show(x):
        graph.forward(x=x)
        graph.backward()
        figure, ax = plt.subplots(figsize=(9, 3))
        for edge in renderer.scene.edges:
            ends = [renderer.layout.centers[name] for name in (edge.tail, edge.id, edge.head)]
            ax.plot(*zip(*ends, strict=True), color="grey", zorder=1)
            ax.text(*ends[1], f"{number(edge.value)} / {number(edge.gradient)}", fontsize=6)
        for node in renderer.scene.nodes:
            ax.annotate(" ".join(node.lines), renderer.layout.centers[node.id], bbox={"boxstyle": "round"})
        ax.axis("off")
        plt.show()
    return ipywidgets.interact(show, x=ipywidgets.FloatSlider(0, min=0, max=1e6, step=1))
_ = pyplot_graph(20)"""

# A curve by a library that draws in the page; optional.
BQPLOT = """import bqplot.pyplot as bq
bq_grid = np.linspace(0, 6, 200)
bq_figure = bq.figure()
bq_line = bq.plot(bq_grid, np.sin(bq_grid))
bq_slider = ipywidgets.FloatSlider(0, min=0, max=1e6, step=0.1, description="bqplot")
bq_slider.observe(lambda change: setattr(bq_line, "y", np.sin(bq_grid + change.new)), "value")
ipywidgets.VBox([bq_slider, bq_figure])"""

# A figure of matplotlib that stays in the page; beside it, in the same kernel, pyplot's other pictures do not appear.
IPYMPL = """%matplotlib widget
import ipywidgets, numpy as np
import matplotlib.pyplot as plt
grid = np.linspace(0, 6, 200)
with plt.ioff():
    figure, ax = plt.subplots()
(line,) = ax.plot(grid, np.sin(grid))
def move(change):
    line.set_ydata(np.sin(grid + change.new))
    figure.canvas.draw_idle()
slider = ipywidgets.FloatSlider(0, min=0, max=1e6, step=0.1, description="ipympl")
slider.observe(move, "value")
ipywidgets.VBox([slider, figure.canvas])"""

EXPLORERS = {
    f"GraphExplorer, {n} nodes": f'GraphExplorer(chain({n}), {{"x": (0, 1e6, 1)}})'
    for n in (5, 20, 40)  # operations
}
NET = "Sequential([Affine.random(2, 8, 0), Tanh(), Affine.random(8, 1, 1)], SigmoidWithLoss())"
OTHERS = {
    "SetupCheck": "SetupCheck()",
    "NudgeLab": 'NudgeLab(Variable(1.0, "x") ** 3)',
    "ProductExplorer": "ProductExplorer()",
    "CostCounter": "CostCounter(lambda n: sum(Variable(i, f'x{i}') * 2 for i in range(n)))",
    "ActivationExplorer": "ActivationExplorer()",
    "AffineExplorer": "AffineExplorer()",
    "SoftmaxExplorer": "SoftmaxExplorer()",
    "ConvolutionExplorer": "ConvolutionExplorer()",
    "HatsExplorer": "HatsExplorer()",
    "DescentExplorer": "DescentExplorer()",
    "RegressionExplorer": "RegressionExplorer()",
    "RejectExplorer": "RejectExplorer({who: [(np.linspace(low, 1, 50), np.arange(50) % 9 > 0)] "
    "for who, low in [('known', 0.3), ('new', 0.2)]})",
    "WeightSliders": "WeightSliders()",
    "HiddenPlane": "HiddenPlane()",
    "TrainingExplorer": f"TrainingExplorer({NET}, (datasets.moons().x, datasets.moons().t[:, None]))",
    "TrainingPlayground": "TrainingPlayground()",
    "NanTracer": 'NanTracer(Variable(2.0, "x") ** 0.5, {"x": (0, 1e6, 1)})',
    "TraceLab": 'TraceLab("x * y + tanh(x)", {"x": 2.0, "y": 3.0}, {"x": (0, 1e6, 1), "y": (-4, 4, 0.1)})',
    "ZoomLab": "ZoomLab(Sequential([Affine([[0.5], [1.5]], [0.1]), Sigmoid()], MSELoss()), [[1.0, 2.0]], [[0.0]])",
}
PYPLOT_NAME = "interact + pyplot, 20 nodes"
IMPORTS = "from nbkit import *\nimport numpy as np\n"


def notebooks():
    """Return the sources of the cells of each notebook by what they show, and the names of those not installed."""
    first = {"echo": ECHO, **EXPLORERS, **{name: IMPORTS + source for name, source in OTHERS.items()}}
    first |= {PYPLOT_NAME: PYPLOT, "bqplot": IMPORTS + BQPLOT}
    second = {"echo beside ipympl": ECHO, "ipympl": IPYMPL}
    missing = [name for name in ("bqplot", "ipympl") if find_spec(name) is None]
    return [{name: cells[name] for name in cells if name not in missing} for cells in (first, second)], missing


# 300 presses, 60 per second; resolves with the pictures that came per second, and the milliseconds from the last press
# until the last value is painted.
DRAG = """async index => {
    const cell = [...document.querySelectorAll('.jp-CodeCell')][index];
    const handle = cell.querySelector('.noUi-handle');
    let pictures = 0;
    const watch = new MutationObserver(() => pictures++);  // once for all that a picture changes
    watch.observe(cell.querySelector('.nbkit-picture'), { childList: true, characterData: true, subtree: true });
    const begin = performance.now();
    for (let i = 0; i < 300; i++) {
        handle.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight', code: 'ArrowRight', bubbles: true }));
        await new Promise(done => setTimeout(done, 1000 / 60));
    }
    const start = performance.now();
    watch.disconnect();
    pictures *= 1000 / (start - begin);
    const last = String(Math.round(handle.getAttribute('aria-valuenow')));
    const shown = () => [...cell.querySelectorAll('text.val')].some(text => text.textContent === last);
    while (!shown() && performance.now() - start < 20000) await new Promise(requestAnimationFrame);
    return [pictures, performance.now() - start];
}"""


def first_sliders(page, names):
    """Return of the cell of each name the first slider that changes a picture."""
    found = {}
    for slider in sliders_in(page):
        if slider["wanted"] == "picture":
            found.setdefault(slider["cell"], slider)
    return [found[cell] for cell in range(1, len(names) + 1)]


def measure(browser, lab, all_cells):
    """Return milliseconds of every press over the echo's median on the same page, and what dragging gave."""
    spent, drags, over = {}, {}, {}
    for number, cells in enumerate(all_cells):
        page = browser.new_page(viewport={"width": 1200, "height": 1600})
        lab.open(page, lab.write(f"live{number}.ipynb", GRAPH, *cells.values()))
        problems = lab.run_all(page)
        assert problems == [], problems
        page.wait_for_timeout(2000)
        names = list(cells)
        pressed = press_in_turns(page, first_sliders(page, names), PRESSES)
        found = {name: ms[:, 0] for name, ms in zip(names, pressed, strict=True)}
        spent |= found
        over |= {name: ms / np.median(found[names[0]]) for name, ms in found.items()}
        drags |= {name: page.evaluate(DRAG, names.index(name) + 1) for name in EXPLORERS if name in names}
        page.close()
    return spent, over, drags


def tables():
    all_cells, missing = notebooks()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        lab = Lab(Path(folder), windowing=AS_SHIPPED)
        browser = playwright.chromium.launch(executable_path=find_browser(), args=list(FLAGS))
        try:
            spent, over, drags = measure(browser, lab, all_cells)
        finally:
            browser.close()
            lab.close()
    echo, pyplot = np.median(spent["echo"]), np.median(spent[PYPLOT_NAME])
    rows = [
        (name, spread(ms, "{:.0f}"), f"{np.median(over[name]):.2f}", f"{np.median(ms) / pyplot:.2f}")
        for name, ms in spent.items()
    ]
    rows += [(name, *["missing"] * 3) for name in missing]
    header = ("what", "median ms (quartiles)", "over the page's echo", "over interact + pyplot")
    plot = Plot("milliseconds from a key press to the picture", list(spent),
                {"median": [np.median(ms) for ms in spent.values()]})  # fmt: skip
    dragged = [
        (name, f"{pictures:.0f}", f"{late:.0f}", f"{late / echo:.1f}") for name, (pictures, late) in drags.items()
    ]
    return [
        Table("Slider to changed picture", header, rows, (), plot),
        Table(
            "Dragging for 5 s, 60 moves per second", ("what", "pictures per second", "ms to settle", "echoes"), dragged
        ),
    ]


if __name__ == "__main__":
    show(tables())
