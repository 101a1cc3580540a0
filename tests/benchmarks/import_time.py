"""What `import nbkit` costs in a fresh process, beside `import numpy` alone."""

import numpy as np

from tests.benchmarks.timing import Table, run_fresh, show, spread, take_turns

PROGRAMS = {
    "import numpy": "import numpy",
    "import nbkit": "import nbkit",
    "import nbkit, first use of Sequential and Variable": "import nbkit; nbkit.Sequential; nbkit.Variable",
}
HEAVY = ("matplotlib", "sklearn", "pygraphviz", "ipywidgets")


def tables(blocks=21):
    seconds = take_turns({name: lambda code=code: run_fresh(code) for name, code in PROGRAMS.items()}, blocks)
    rows = []
    for name, code in PROGRAMS.items():
        loaded = run_fresh(f"{code}; import sys; print(*(m for m in {HEAVY} if m in sys.modules), sep=', ')")
        beyond = (seconds[name] - seconds["import numpy"]) * 1e3
        rows.append((name, f"{np.median(seconds[name]) * 1e3:.0f}", spread(beyond, "{:+.0f}"), loaded or "none"))
    header = ("program", "whole process ms", "beyond numpy ms (quartiles)", f"loaded of {', '.join(HEAVY)}")
    return [Table("Import in a fresh process", header, rows)]


if __name__ == "__main__":
    show(tables())
