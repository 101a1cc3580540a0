"""Key press to changed picture for every slider of the course, quiet and beside two busy processes."""

import re
import subprocess
import sys
import tempfile
from collections import Counter
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import nbformat
import numpy as np
from playwright.sync_api import sync_playwright

from nbkit.widgets import MODULE_OF
from tests.benchmarks.live import ECHO
from tests.benchmarks.press import AS_SHIPPED, press_in_turns, sliders_in
from tests.benchmarks.timing import Table, show
from tests.browser.lab import FLAGS, NOTEBOOKS, Lab, find_browser

PRESSES = {"quiet": 10, "busy": 5}  # of each slider
GOALS = {"quiet": (20, 33), "busy": (50, 100)}  # milliseconds: of the median and the 95th percentile
TITLES = {"quiet": "Every slider of the course", "busy": "Every slider, beside two busy processes"}
BUSY = 2


class Slider(NamedTuple):
    """A slider of a chapter, with (presses, 2) milliseconds, until seen and until painted, by the load beside it."""

    name: str
    wanted: str
    spent: dict

    def median(self, load):
        return float(np.median(self.spent[load][:, 0]))

    def late(self, load):
        return float(np.quantile(self.spent[load][:, 0], 0.95))


@contextmanager
def load_of(load):
    """Let processes that do nothing of use run beside a ``with`` block."""
    count = BUSY if load == "busy" else 0
    processes = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(count)]
    try:
        yield
    finally:
        for process in processes:
            process.kill()
            process.wait()


def with_echo(path):
    """Add a bare echo to a notebook, as its last cell."""
    notebook = nbformat.read(path, as_version=4)
    notebook.cells.append(nbformat.v4.new_code_cell(ECHO))
    nbformat.write(notebook, path)
    return [cell.source for cell in notebook.cells if cell.cell_type == "code"]


def measured(browser, lab, name):
    """Return the sliders of one chapter, its echo, and the names of those that do not answer each press."""
    sources = with_echo(lab.root / name)
    page = browser.new_page(viewport={"width": 1200, "height": 1000})
    lab.open(page, name)
    problems = lab.run_all(page)
    assert problems == [], problems
    found = sliders_in(page)
    names = [f"{widget_of(sources[slider['cell']])}: {slider['name']}" for slider in found]
    moving = [(name, slider) for name, slider in zip(names, found, strict=True) if slider["wanted"]]
    spent = {}
    for load, presses in PRESSES.items():
        with load_of(load):
            spent[load] = press_in_turns(page, [slider for _name, slider in moving], presses)
    lab.shut_down(page)
    page.close()
    sliders = [
        Slider(name, slider["wanted"], {load: spent[load][i] for load in PRESSES})
        for i, (name, slider) in enumerate(moving)
        if all(spent[load][i] is not None for load in PRESSES)
    ]
    timed = [slider.name for slider in sliders]
    still = list((Counter(names) - Counter(timed)).elements())
    return sliders[:-1], sliders[-1], still


def widget_of(source):
    """Return the name of the widget that a cell makes."""
    return next((name for name in re.findall(r"\b([A-Z]\w+)\(", source) if name in MODULE_OF), "")


def row(chapter, sliders, echo, still, load):
    """Return what is told of some sliders: how many there are, how many keep to the goals, which is the slowest."""
    medians, lates = ([value(slider, load) for slider in sliders] for value in (Slider.median, Slider.late))
    median, late = GOALS[load]
    slowest, latest = int(np.argmax(medians)), int(np.argmax(lates))
    return (
        chapter, len(sliders) + still, f"{np.median(medians):.0f}", f"{np.median(echo[:, 0]):.0f}",
        f"{medians[slowest]:.0f}, {sliders[slowest].name}", f"{lates[latest]:.0f}, {sliders[latest].name}",
        f"{sum(one <= median for one in medians)}", f"{sum(one <= late for one in lates)}",
    )  # fmt: skip


def table(chapters, load):
    median, late = GOALS[load]
    header = (
        "chapter", "sliders", "median of the medians, ms", "echo", "slowest median", "slowest 95th percentile",
        f"at most {median} in the median", f"at most {late} at the 95th percentile",
    )  # fmt: skip
    rows = [row(name, sliders, echo.spent[load], len(still), load) for name, (sliders, echo, still) in chapters.items()]
    together = [slider for sliders, _echo, _still in chapters.values() for slider in sliders]
    echoes = np.concatenate([echo.spent[load] for _sliders, echo, _still in chapters.values()])
    painting = np.concatenate([np.diff(slider.spent[load]) for slider in together])
    rows.append(row("all", together, echoes, sum(len(still) for *_others, still in chapters.values()), load))
    moving = [(name, slider) for name, (sliders, *_) in chapters.items() for slider in sliders]
    texts = [f"{name}, {slider.name}" for name, slider in moving if slider.wanted == "text"]
    stills = [f"{name}, {one}" for name, (*_others, still) in chapters.items() for one in still]
    notes = [f"The frame that shows the change begins then, and takes {np.median(painting):.1f} ms more in the median."]
    if load == "busy":
        return Table(TITLES[load], header, rows, tuple(notes))
    notes += [
        "Sliders of ipywidgets, handles in pictures, and ranges of the page.",
        f"These answer in words, as they change no picture by themselves: {'; '.join(texts) or 'none'}.",
        "These change nothing by themselves, or not at every press, and are counted, but not timed: "
        f"{'; '.join(stills) or 'none'}.",
    ]
    return Table(TITLES[load], header, rows, tuple(notes))


def tables(chapters=()):
    names = [path.name for path in sorted(NOTEBOOKS.glob("[0-9]*.ipynb"))]
    found = {}
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        lab = Lab(Path(folder), windowing=AS_SHIPPED)
        browser = playwright.chromium.launch(executable_path=find_browser(), args=list(FLAGS))
        try:
            for name in names:
                if chapters and name[:2] not in chapters:
                    continue
                sliders, echo, still = measured(browser, lab, name)
                if sliders or still:
                    found[name[:2]] = sliders, echo, still
        finally:
            browser.close()
            lab.close()
    return [table(found, load) for load in PRESSES]


if __name__ == "__main__":
    show(tables(sys.argv[1:]))
