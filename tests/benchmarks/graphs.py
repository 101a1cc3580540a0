"""Graphs of 10 to 10,000 operations: record, walk back, replay, lay out, draw; micrograd, autograd and dot beside."""

import shutil
import sys
from functools import partial

import numpy as np

import nbkit
from nbkit.drawing.graph.layout import place
from nbkit.drawing.graph.renderer import GraphRenderer
from tests.benchmarks.plot import Plot
from tests.benchmarks.timing import Table, show, spread, take_turns, timed

SIZES = (10, 100, 1_000, 10_000)
DRAWN = (10, 30, 100, 300, 1_000)  # beyond, no picture can be read, and no layout program is quick
BLOCK = 0.05  # seconds that a side runs in one block, about
X, Y = 0.5, 0.25


def formula(x, y, size):
    """Use x and y again and again in `size` operations."""
    v = x
    for _ in range(size // 2):
        v = v * y + x
    return v


def with_nbkit(size):
    """Return functions that record, that walk back, that do both and return the gradients, and that replay."""

    def record():
        return nbkit.Graph(formula(nbkit.Variable(X, "x"), nbkit.Variable(Y, "y"), size))

    graph = record()
    return {
        "record": record,
        "backward": graph.backward,
        "both": lambda: tuple(map(float, record().backward().values())),
        "replay": lambda: graph.forward(x=X),
    }


def with_micrograd(size):
    from micrograd.engine import Value

    def both():
        x, y = Value(X), Value(Y)
        formula(x, y, size).backward()
        return x.grad, y.grad

    result = formula(Value(X), Value(Y), size)
    return {"record": lambda: formula(Value(X), Value(Y), size), "backward": result.backward, "both": both}


def with_autograd(size):
    from autograd import grad

    both = grad(lambda both: formula(both[0], both[1], size))
    return {"both": lambda: tuple(map(float, both((X, Y))))}


MAKERS = {"nbkit": with_nbkit, "micrograd": with_micrograd, "autograd": with_autograd}
COLUMNS = [("nbkit", "record"), ("nbkit", "backward"), ("nbkit", "replay"), ("micrograd", "record"),
           ("micrograd", "backward"), ("autograd", "both")]  # fmt: skip


def sides(size):
    """Return all actions by (side, action) after their gradients agreed, and who is missing."""
    actions, missing = {}, set()
    for name, make in MAKERS.items():
        try:
            actions |= {(name, action): call for action, call in make(size).items()}
        except ImportError:
            missing.add(name)
    for name in MAKERS.keys() - missing:
        np.testing.assert_allclose(actions[name, "both"](), actions["nbkit", "both"](), rtol=1e-9)
    return actions, missing


def walks():
    """Record, backward and replay on all sides, per node."""
    sys.setrecursionlimit(max(sys.getrecursionlimit(), 5 * SIZES[-1]))  # micrograd sorts by recursion
    rows, first, missing, micro = [], None, set(), {f"{name} {action}": [] for name, action in COLUMNS}
    for size in SIZES:
        actions, absent = sides(size)
        missing |= absent
        each = {key: spent / size for key, spent in take_turns(actions, 11, seconds=BLOCK).items()}
        first = each["nbkit", "both"] if first is None else first
        shown = [f"{np.median(each[key]) * 1e6:.2f}" if key in each else "missing" for key in COLUMNS]
        for name, action in COLUMNS:
            micro[f"{name} {action}"].append(np.median(each.get((name, action), np.nan)) * 1e6)
        against = [
            spread(each["micrograd", action] / each["nbkit", action]) if ("micrograd", action) in each else "missing"
            for action in ("record", "backward", "both")
        ]
        rows.append((f"{size:,}", *shown, *against, spread(each["nbkit", "record"] / each["nbkit", "replay"]),
                     spread(each["nbkit", "both"] / first)))  # fmt: skip
    header = ("operations", *(f"{name} {action} µs" for name, action in COLUMNS), "record: micrograd / nbkit",
              "backward: micrograd / nbkit", "both: micrograd / nbkit", "nbkit: record / replay",
              f"growth from {SIZES[0]}")  # fmt: skip
    notes = ["Gradients agree to 1e-9 before any time counts. Microseconds per node; ratios with their quartiles; "
             "autograd records and walks back in one. nbkit brings the nodes in order once, when they are recorded, "
             "micrograd in each backward. Goal: ratios of 0.5 to micrograd, for record and backward."]  # fmt: skip
    if missing:
        notes.append(f"Missing: {', '.join(sorted(missing))}. `pip install -r tests/benchmarks/requirements.txt`")
    plot = Plot("microseconds per node", [f"{size:,} operations" for size in SIZES], micro)
    return Table("Graphs: record, backward, replay", header, rows, tuple(notes), plot)


def many_values(points=64, size=100):
    """Walk one formula for many values: nbkit takes them as one array, micrograd walks a graph for each."""
    rng = np.random.default_rng(0)
    x, y = nbkit.Variable(rng.normal(size=points), "x"), nbkit.Variable(rng.normal(size=points), "y")
    graph = nbkit.Graph(formula(x, y, size))
    header = ("values", "operations", "nbkit backward µs per number", "micrograd backward µs per number",
              "micrograd / nbkit (quartiles)")  # fmt: skip
    title = "Graphs: one formula for many values"
    try:
        from micrograd.engine import Value
    except ImportError:
        return Table(title, header, [(points, size, *["missing"] * 3)])
    results = [(Value(a), Value(b)) for a, b in zip(x.value.tolist(), y.value.tolist(), strict=True)]
    ends = [formula(a, b, size) for a, b in results]

    def walk_all():
        for end in ends:
            end.backward()

    walk_all()
    np.testing.assert_allclose([a.grad for a, _b in results], graph.backward()["x"], rtol=1e-9)
    each = {k: v / (points * size) * 1e6 for k, v in take_turns({"nbkit": graph.backward, "micrograd": walk_all}, 11,
            seconds=BLOCK).items()}  # fmt: skip
    ours, theirs = (f"{np.median(each[name]):.3f}" for name in ("nbkit", "micrograd"))
    note = "The formula of the table above at 64 places: one graph of arrays beside 64 graphs of numbers."
    return Table(title, header, [(points, size, ours, theirs, spread(each["micrograd"] / each["nbkit"]))], (note,))


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
    return GraphRenderer(graph).picture()


def dot_picture(graph):
    """Draw the same nodes and edges with the graphviz package."""
    import graphviz

    dot = graphviz.Digraph(graph_attr={"rankdir": "LR"})
    for v in graph.variables:
        dot.node(graph.id(v), v.layer.symbol if v.layer else v.name or str(v.value))
        for i, sent in zip(v.inputs, v.dinputs, strict=False):
            dot.edge(graph.id(i), graph.id(v), f"{i.value:.4g}\n{sent:.4g}")
    return dot.pipe(format="svg")


def dot_is_here():
    try:
        import graphviz  # noqa: F401
    except ImportError:
        return False
    return shutil.which("dot") is not None


def pictures():
    """Draw a chain for the first time (layout and SVG), in turns with the package, then again with new numbers."""
    peer, rows = dot_is_here(), []
    for n in DRAWN:
        graph = chain(n)
        sides = {"nbkit": partial(first_picture, graph)} | ({"graphviz": partial(dot_picture, graph)} if peer else {})
        first = take_turns(sides, 5, seconds=BLOCK)
        renderer, again = GraphRenderer(graph), []
        for x in np.linspace(0.1, 0.9, 21):  # no number is the one of the picture before
            graph.forward(x=x)
            graph.backward()
            again.append(timed(renderer.picture))
        rival, against = "missing", "missing"
        if peer:
            rival = f"{np.median(first['graphviz']) * 1e3:.0f}"
            against = spread(first["graphviz"] / first["nbkit"])
        rows.append((f"{n:,}", f"{np.median(first['nbkit']) * 1e3:.1f}", rival, against,
                     f"{np.median(again) * 1e3:.2f}", f"{np.median(again) / n * 1e6:.0f}"))  # fmt: skip
    header = ("operations", "first picture ms", "graphviz package ms", "graphviz / nbkit (quartiles)",
              "new numbers ms", "new numbers µs per operation")  # fmt: skip
    notes = [
        "Goals, for 1,000 operations: no longer than the graphviz package, and 50 µs per operation for new numbers."
    ]
    if not peer:
        notes.append("The peer is missing: it needs the graphviz package and Graphviz's own `dot` command.")
    return Table("Graphs: pictures", header, rows, tuple(notes))


def tables():
    return [walks(), many_values(), pictures()]


if __name__ == "__main__":
    show(tables())
