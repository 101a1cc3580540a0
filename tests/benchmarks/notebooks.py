"""How long each notebook runs in a fresh kernel, and how much memory that kernel takes at its peak.

All notebooks, or those whose names begin as the arguments say: ``python -m tests.benchmarks.notebooks 09``.
"""

import math
import os
import sys
import tempfile
from pathlib import Path
from time import perf_counter

import nbclient
import nbformat

from nbkit.server import use_one_thread
from tests.benchmarks.plot import Plot
from tests.benchmarks.timing import ROOT, Table, show
from tests.kernels import peak

GOAL = 200  # MB
# A learner has no peers installed: chapter 13 would load one, and scikit-learn what another brings along.
NO_PEER = """class NoPeer:
    def find_spec(name, path=None, target=None):
        if name in ("torch", "pandas"):
            raise ModuleNotFoundError(name)
import sys
sys.meta_path.insert(0, NoPeer)
del sys, NoPeer"""


def run(path):
    """Return seconds for all cells, the kernel's start not counted, and its peak memory in MB."""
    use_one_thread()
    notebook = nbformat.read(path, as_version=4)
    with tempfile.TemporaryDirectory() as folder:
        client = nbclient.NotebookClient(notebook, resources={"metadata": {"path": str(path.parent)}})
        if os.name != "nt":  # of twenty kernels that start at once, two may be given the same port; files are their own
            client.config.KernelManager.update(transport="ipc", ip=f"{folder}/kernel")
        with client.setup_kernel():
            client.kc.execute(NO_PEER, silent=True)
            start = perf_counter()
            for index, cell in enumerate(notebook.cells):
                client.execute_cell(cell, index)
            return perf_counter() - start, peak(client.km.provisioner.pid) or math.nan


def tables(names=()):
    paths = sorted(path for path in Path(ROOT, "notebooks").glob("*.ipynb") if path.stem.startswith(tuple(names) or ""))
    found = {path.stem: run(path) for path in paths}
    rows = [(name, f"{seconds:.1f}", f"{megabytes:.0f}") for name, (seconds, megabytes) in found.items()]
    seconds, megabytes = zip(*found.values(), strict=True)
    reached = sum(one <= GOAL for one in megabytes)
    note = (
        f"All cells of all of these together: {sum(seconds):.0f} s. Goal: at most {GOAL} MB. Reached in {reached} of "
        f"{len(found)} notebooks."
    )
    plot = Plot("peak memory of the kernel, MB", list(found), {"MB": list(megabytes)}, GOAL)
    return [Table("Notebooks in fresh kernels", ("notebook", "seconds", "peak MB"), rows, (note,), plot)]


if __name__ == "__main__":
    show(tables(sys.argv[1:]))
