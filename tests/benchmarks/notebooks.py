"""How long each notebook runs in a fresh kernel, and how much memory that kernel takes at its peak."""

from pathlib import Path
from time import perf_counter

import nbclient
import nbformat

from tests.benchmarks.timing import ROOT, report

PEAK = "import resource; print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)"


def run(path):
    """Return seconds for all cells, the kernel's start not counted, and its peak memory in MB."""
    notebook = nbformat.read(path, as_version=4)
    client = nbclient.NotebookClient(notebook, resources={"metadata": {"path": str(path.parent)}})
    with client.setup_kernel():
        start = perf_counter()
        for index, cell in enumerate(notebook.cells):
            client.execute_cell(cell, index)
        seconds = perf_counter() - start
        last = nbformat.v4.new_code_cell(PEAK)
        notebook.cells.append(last)
        client.execute_cell(last, len(notebook.cells) - 1)
    return seconds, int(last.outputs[0].text)


def main():
    rows = []
    for path in sorted(Path(ROOT, "notebooks").glob("*.ipynb")):
        seconds, megabytes = run(path)
        rows.append((path.stem, f"{seconds:.1f}", megabytes))
    report("Notebooks", ("notebook", "seconds", "peak MB"), rows)


if __name__ == "__main__":
    main()
