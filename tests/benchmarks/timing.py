"""Fair timing: the rivals take turns, every block gives one ratio, and the medians are compared."""

import os
import platform
import re
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from timeit import timeit
from typing import NamedTuple

import numpy as np

import nbkit
from tests.benchmarks.plot import Plot

ROOT = Path(__file__).parents[2]


def timed(action, repeats=1):
    """Return the mean wall time of one call of `action`, in seconds; Python collects no garbage meanwhile."""
    return timeit(action, number=repeats) / repeats


def run_fresh(code):
    """Run `code` in a new Python process and return what it prints."""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def take_turns(rivals, blocks, repeats=1, seconds=None):
    """Time every rival once per block, so that a slow moment of the machine hits all of them alike.

    Parameters
    ----------
    rivals : dict of str to callable
    blocks : int
        An untimed block comes first; the order is reversed from one block to the next.
    repeats : int
        Calls per rival and block.
    seconds : float, optional
        Takes the place of `repeats`: each rival makes as many calls as fill about this time, at least one.

    Returns
    -------
    dict of str to (blocks,) array
        Seconds per call.
    """
    counts = {
        name: repeats if seconds is None else max(1, round(seconds / timed(action, 2)))
        for name, action in rivals.items()
    }
    spent = {name: [] for name in rivals}
    for block in range(blocks + 1):
        for name in list(rivals)[:: 1 if block % 2 else -1]:
            found = timed(rivals[name], counts[name])
            if block:
                spent[name].append(found)
    return {name: np.array(found) for name, found in spent.items()}


def spread(values, form="{:.2f}"):
    """Show the median, and the quartiles as its spread: ``"1.40 (1.38 to 1.45)"``."""
    low, middle, high = (form.format(q) for q in np.quantile(values, [0.25, 0.5, 0.75]))
    return f"{middle} ({low} to {high})"


class Table(NamedTuple):
    """What one benchmark found.

    Attributes
    ----------
    title : str
    header : tuple of str
    rows : list of tuple
    notes : tuple of str
        Sentences below it: what was made sure of before any time counted, and who is missing.
    plot : Plot or None
        The same as a picture.
    """

    title: str
    header: tuple
    rows: list
    notes: tuple = ()
    plot: Plot | None = None

    def text(self):
        """Write it for a terminal."""
        table = [self.header, *self.rows]
        widths = [max(len(str(row[i])) for row in table) for i in range(len(self.header))]
        lines = ["  ".join(str(cell).ljust(width) for cell, width in zip(row, widths, strict=True)) for row in table]
        return "\n".join([self.title, *(line.rstrip() for line in lines), *self.notes])

    @property
    def picture(self):
        """Where the plot is saved, seen from the root of the project."""
        name = "_".join(re.findall(r"\w+", self.title.lower()))
        return f"tests/benchmarks/plots/{name}.svg"

    def markdown(self):
        """Write it for BENCHMARKS.md."""
        rows = [self.header, ["---"] * len(self.header), *self.rows]
        lines = ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows]
        picture = [f"![{self.plot.axis}, as in the table above]({self.picture})"] if self.plot else []
        return "\n\n".join([f"## {self.title}", "\n".join(lines), *self.notes, *picture])


PEERS = ("torch", "autograd", "micrograd", "graphviz", "scikit-learn", "bqplot", "ipympl", "matplotlib", "jupyterlab")


def machine():
    """Say where and with what was measured."""
    return (
        f"Python {platform.python_version()}, nbkit {nbkit.__version__}, NumPy {np.__version__}, "
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores"
    )


def installed():
    """Return the version of each peer, or "missing"."""
    found = {}
    for name in PEERS:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "missing"
    return found


def show(tables):
    """Print tables as they come."""
    print(machine())
    for table in tables:
        print(f"\n{table.text()}", flush=True)
