"""What one node of a graph costs, to record and to walk back, while the graph grows."""

import numpy as np

import nbkit
from tests.benchmarks.timing import report, spread, take_turns

SIZES = (100, 1_000, 10_000)


def record_and_backward(size):
    """Record `size` operations on numbers, in which x and y are used again and again, and carry gradients back."""
    x, y = nbkit.Variable(0.5, "x"), nbkit.Variable(0.25, "y")
    v = x
    for _ in range(size // 2):
        v = v * y + x
    return nbkit.Graph(v).backward()


def main(blocks=11):
    seconds = take_turns({size: lambda size=size: record_and_backward(size) for size in SIZES}, blocks)
    each = {size: spent / size for size, spent in seconds.items()}
    rows = [
        (f"{size:,}", f"{np.median(spent) * 1e6:.2f}", spread(spent / each[SIZES[0]])) for size, spent in each.items()
    ]
    report("Record and backward", ("nodes", "µs a node", f"ratio to {SIZES[0]} nodes (quartiles)"), rows)


if __name__ == "__main__":
    main()
