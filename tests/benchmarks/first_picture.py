"""How long a cold start waits for the first picture, beside a process that only imports numpy."""

import numpy as np

from tests.benchmarks.timing import Table, run_fresh, show, spread, take_turns

PICTURE = """
import nbkit
apple, count, tax = nbkit.Variable(100, "apple"), nbkit.Variable(2, "count"), nbkit.Variable(1.1, "tax")
print(len(str(nbkit.draw(nbkit.Graph(apple * count * tax)).svg)))
"""
PROGRAMS = {"import numpy": "import numpy", "apple graph as SVG": PICTURE}


def tables(blocks=21):
    seconds = take_turns({name: lambda code=code: run_fresh(code) for name, code in PROGRAMS.items()}, blocks)
    rows = [
        (name, f"{np.median(spent) * 1e3:.0f}", spread(spent / seconds["import numpy"]))
        for name, spent in seconds.items()
    ]
    return [Table("First picture of a fresh process", ("program", "ms", "ratio to numpy (quartiles)"), rows)]


if __name__ == "__main__":
    show(tables())
