"""What a picture of a graph costs, from 10 to 1,000 nodes: nbkit beside the `graphviz` package, which calls `dot`."""

import shutil
from functools import partial

import numpy as np

import nbkit
from nbkit.drawing.layout import place
from nbkit.drawing.svg import Painter
from tests.benchmarks.timing import report, timed

SIZES = (10, 30, 100, 300, 1000)
BLOCKS = 3


def chain(n):
    """Record a chain of `n` operations, each with an input of its own."""
    y = nbkit.Variable(0.5, "x")
    for i in range(n):
        w = nbkit.Variable(1.01, f"w{i}")
        y = y * w if i % 2 else y + w
    graph = nbkit.Graph(y)
    graph.backward()
    return graph


def first_picture(graph):
    place.cache_clear()
    return Painter(graph).svg()


def dot_picture(graph):
    """Draw the same nodes and edges with the graphviz package."""
    import graphviz

    dot = graphviz.Digraph(graph_attr={"rankdir": "LR"})
    for v in graph.variables:
        dot.node(graph.id(v), v.layer.symbol if v.layer else v.name or str(v.value))
        for i, sent in zip(v.inputs, v.dinputs, strict=False):
            dot.edge(graph.id(i), graph.id(v), f"{i.value:.4g}\n{sent:.4g}")
    return dot.pipe(format="svg")


def peer_is_here():
    try:
        import graphviz  # noqa: F401
    except ImportError:
        return False
    return shutil.which("dot") is not None


def milliseconds(action):
    return np.median([timed(action) for _ in range(BLOCKS)]) * 1e3


def main():
    peer = peer_is_here()
    rows = []
    for n in SIZES:
        graph = chain(n)
        painter = Painter(graph)
        first, again = milliseconds(partial(first_picture, graph)), milliseconds(painter.svg)
        rival = f"{milliseconds(partial(dot_picture, graph)):.0f}" if peer else "missing"
        rows.append((n, f"{first:.1f}", f"{again:.2f}", f"{again / n * 1e3:.0f}", rival))
    header = ("operations", "first picture ms", "new numbers ms", "µs an operation", "graphviz package ms")
    report("Pictures", header, rows)
    if not peer:
        print("\nThe peer is missing: it needs the graphviz package and Graphviz's own dot command.")


if __name__ == "__main__":
    main()
