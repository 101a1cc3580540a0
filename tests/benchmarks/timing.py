"""Fair timing: the rivals take turns, every block gives one ratio, and the medians are compared."""

import os
import platform
import subprocess
import sys
from pathlib import Path
from time import perf_counter

import numpy as np

import nbkit

ROOT = Path(__file__).parents[2]


def timed(action, repeats=1):
    """Return the mean wall time of one call of `action`, in seconds."""
    start = perf_counter()
    for _ in range(repeats):
        action()
    return (perf_counter() - start) / repeats


def run_fresh(code):
    """Run `code` in a new Python process and return what it prints."""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def take_turns(rivals, blocks, repeats=1):
    """Time every rival once a block, so that a slow moment of the machine hits all of them alike.

    Parameters
    ----------
    rivals : dict of str to callable
    blocks : int
        An untimed block comes first; the order is reversed from one block to the next.
    repeats : int
        Calls a rival and block.

    Returns
    -------
    dict of str to (blocks,) array
        Seconds a call.
    """
    seconds = {name: [] for name in rivals}
    for block in range(blocks + 1):
        for name in list(rivals)[:: 1 if block % 2 else -1]:
            spent = timed(rivals[name], repeats)
            if block:
                seconds[name].append(spent)
    return {name: np.array(spent) for name, spent in seconds.items()}


def spread(values, form="{:.2f}"):
    """Show the median, and the quartiles as its spread: ``"1.40 (1.38 to 1.45)"``."""
    low, middle, high = (form.format(q) for q in np.quantile(values, [0.25, 0.5, 0.75]))
    return f"{middle} ({low} to {high})"


def report(title, header, rows):
    """Print where and with what was measured, and a table of the medians."""
    versions = f"Python {platform.python_version()}, nbkit {nbkit.__version__}, NumPy {np.__version__}"
    print(f"{title}\n{versions}, {platform.system()}, {os.cpu_count()} cores\n")
    table = [header, *rows]
    widths = [max(len(str(row[i])) for row in table) for i in range(len(header))]
    for row in table:
        print("  ".join(str(cell).ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
