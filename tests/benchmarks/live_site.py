"""The course in a browser tab: what comes over the line, the wait for the first live widget, and how it moves then.

It builds the whole website, so ``NBKIT_PYODIDE`` names a Pyodide, as for the tests in ``tests/live``. Everything is
served from this machine, so the line costs no time.
"""

import os
import tempfile
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter

import numpy as np
import psutil
from playwright.sync_api import sync_playwright

from nbkit.web import build
from tests.benchmarks import playground
from tests.benchmarks.live import ECHO
from tests.benchmarks.press import press_in_turns, sliders_in
from tests.benchmarks.timing import Table, show, spread
from tests.browser.lab import FLAGS, NOTEBOOKS, Lab, cells_of, find_browser
from tests.live.host import Host
from tests.live.lite import MISSING, Lite

GOAL_MB, GOAL_SECONDS, GOAL_MOVE = 25, 10, 33
ROUNDS = 3
PRESSES = 40
SIZE = {"width": 1200, "height": 1400}
FIRST, EXPLORER, PLAYGROUND = "00_start_here.ipynb", "GraphExplorer(bill", "11_playground.ipynb"
BESIDE = {"shown": "the notebook is there to read", "alive": "a key moves the first widget's picture"}

HANDLE = ".nbkit-panel .noUi-handle"
APPLES = "count => document.querySelectorAll('.nbkit-panel [data-apple=here]').length === count"


@contextmanager
def browsing(playwright, profile):
    """A browser with the cache of a folder, as one that is opened again."""
    options = {"executable_path": find_browser(), "args": list(FLAGS), "viewport": SIZE}
    context = playwright.chromium.launch_persistent_context(profile, **options)
    try:
        yield context.pages[0]
    finally:
        context.close()


def open_first(page, host):
    """Open chapter 00; return megabytes over the line, and seconds until it is shown, and until a widget has moved."""
    host.forget()
    start = perf_counter()
    page.goto(Lite(f"{host.address}live").url(FIRST))
    page.set_default_timeout(300_000)
    page.locator("#nbkit-live-cover").wait_for(state="detached")
    shown = perf_counter() - start
    page.locator(".jp-Notebook .jp-Cell").first.click()
    for _heading_import_widget in range(3):  # as a reader does who does not wait for Python
        page.keyboard.press("Shift+Enter")
    page.locator(HANDLE).first.wait_for()
    page.wait_for_function(APPLES, arg=3)
    page.locator(HANDLE).first.press("ArrowRight")
    page.wait_for_function(APPLES, arg=4, polling="raf")
    return sum(host.sent.values()) / 1e6, shown, perf_counter() - start


def opening(playwright, host):
    """Open it in a browser that has never been here, and again in the same browser, in turns."""
    found = {"cold": [], "warm": []}
    for _round in range(ROUNDS):
        with tempfile.TemporaryDirectory() as profile:
            for state in found.values():
                with browsing(playwright, profile) as page:
                    state.append(open_first(page, host))
    cold, warm = (np.array(rows).T for rows in found.values())
    what = ("MB over the line", *(f"seconds until {words}" for words in BESIDE.values()))
    rows = [(name, *(spread(one, "{:.1f}") for one in pair)) for name, *pair in zip(what, cold, warm, strict=True)]
    reached = np.median(cold[0]) <= GOAL_MB and np.median(cold[2]) <= GOAL_SECONDS
    note = (
        f"Medians (quartiles) of {ROUNDS} openings; cold: a browser that has never been here, warm: the same one, "
        f"closed and opened again. Goals for a cold one: {GOAL_MB} MB and {GOAL_SECONDS} s; "
        f"{'' if reached else 'not '}reached."
    )
    header = ("chapter 00", "cold", "warm")
    return Table("The course in a browser tab: opening it", header, rows, (note,))


def megabytes_of_tab():
    """Return the memory of the largest process that shows a page, in which its kernel runs, too."""
    found = [0]
    for process in psutil.Process().children(recursive=True):
        try:
            if "--type=renderer" in process.cmdline():
                found.append(process.memory_info().rss)
        except psutil.Error:  # it has just ended
            continue
    return max(found) / 1e6


def sliders(lite, page):
    """Press a slider of chapter 00's GraphExplorer and of an echo beside it; return a row for each."""
    lite.show(page, *cells_of(FIRST, "apple, count =", EXPLORER), ECHO)
    first = {}
    for slider in sliders_in(page):
        if slider["wanted"] == "picture":
            first.setdefault(slider["cell"], slider)
    names = ("GraphExplorer of chapter 00", "beside: an echo of ipywidgets")
    pressed = press_in_turns(page, list(first.values()), PRESSES, warm=5)
    return [
        (name, spread(ms[:, 0], "{:.0f}"), f"{np.quantile(ms[:, 0], 0.95):.0f}")
        for name, ms in zip(names, pressed, strict=True)
    ]


def training(lab, page):
    """Train in the playground of an open notebook; return a column of medians."""
    lab.show(page, playground.PLAYGROUND)
    pictures, steps, still, _alone = playground.measure(lab, page, rounds=4)
    return spread(pictures, "{:.0f}"), spread(steps, "{:.0f}"), spread(still, "{:.0f}")


def with_server(playwright):
    """The same training in JupyterLab with a server."""
    with tempfile.TemporaryDirectory() as folder:
        lab = Lab(Path(folder))
        browser = playwright.chromium.launch(executable_path=find_browser(), args=list(FLAGS))
        try:
            page = browser.new_page(viewport=SIZE)
            lab.open(page, lab.write("playground.ipynb", ""))
            return training(lab, page)
        finally:
            browser.close()
            lab.close()


def size_of(folder):
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


def alive(playwright, host):
    """Return the tables of what a widget does once it lives, and of what the tab and the site take."""
    lite, memory = Lite(f"{host.address}live"), []
    with tempfile.TemporaryDirectory() as profile, browsing(playwright, profile) as page:
        lite.open(page, FIRST)
        lite.run_all(page)
        memory.append(megabytes_of_tab())
        moves = sliders(lite, page)
    with tempfile.TemporaryDirectory() as profile, browsing(playwright, profile) as page:
        lite.open(page, PLAYGROUND)
        lite.run_all(page)
        memory.append(megabytes_of_tab())
        columns = [training(lite, page)]
    columns.append(with_server(playwright))
    goal = f"Goal: {GOAL_MOVE} ms. From a key press to the frame in which the picture changes; {PRESSES} presses each."
    what = ("pictures per second", "training steps per second", "milliseconds from Pause to standstill")
    sizes = [
        ("memory of the tab, chapter 00 run, MB", f"{memory[0]:.0f}"),
        ("memory of the tab, chapter 11 run, MB", f"{memory[1]:.0f}"),
        ("size of the site, MB", f"{size_of(host.root):.0f}"),
        ("of this the browser edition, MB", f"{size_of(host.root / 'live'):.0f}"),
    ]
    return [
        Table("The course in a browser tab: a moved slider", ("slider", "median ms (quartiles)", "95th percentile"),
              moves, (goal,)),
        Table("The course in a browser tab: the playground", ("what", "in a tab", "with a server"),
              list(zip(what, *columns, strict=True)),
              ("As in the benchmark of the playground. Goal: no slower than with a server.",)),
        Table("The course in a browser tab: memory and disk", ("what", ""), sizes,
              ("Memory is that of the process that shows the page and runs its kernel. It has no goal.",)),
    ]  # fmt: skip


def tables():
    pyodide = os.environ.get("NBKIT_PYODIDE")
    if not pyodide:
        return [Table("The course in a browser tab", ("what", ""), [("the site", "missing")], (MISSING,))]
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        site = Path(folder, "site")
        build(sorted(NOTEBOOKS.glob("*.ipynb")), site, stored=True, live=True, pyodide=pyodide)
        host = Host(site)
        try:
            return [opening(playwright, host), *alive(playwright, host)]
        finally:
            host.close()


if __name__ == "__main__":
    show(tables())
