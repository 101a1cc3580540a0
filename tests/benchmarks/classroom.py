"""A class on one machine: 1 to 20 kernels run notebook 09 at once, and each tells its time and its memory."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import perf_counter

import numpy as np

from tests.benchmarks.notebooks import run
from tests.benchmarks.timing import ROOT, Table, show

CLASSES = (1, 5, 10, 20)
NOTEBOOK = Path(ROOT, "notebooks", "09_iris.ipynb")


def tables(classes=CLASSES):
    rows = []
    for learners in classes:
        start = perf_counter()
        with ThreadPoolExecutor(learners) as pool:
            found = list(pool.map(run, [NOTEBOOK] * learners))
        whole = perf_counter() - start
        seconds, megabytes = np.array(found).T
        rows.append((learners, f"{whole:.0f}", f"{60 * learners / whole:.1f}", f"{np.median(seconds):.0f}",
                     f"{seconds.max():.0f}", f"{megabytes.max():.0f}", f"{megabytes.sum() / 1024:.1f}"))  # fmt: skip
    header = ("kernels", "all done s", "notebooks a minute", "median s", "slowest s", "peak MB each",
              "peak GB together")  # fmt: skip
    note = (
        "All begin at the same moment: the worst case. The kernels' start counts in the first column of seconds only."
    )
    return [Table("A class on one machine: notebook 09", header, rows, (note,))]


if __name__ == "__main__":
    show(tables())
