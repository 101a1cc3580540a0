"""A picture of a graph in words, for those who cannot see it."""

from nbkit.drawing.graph.scene import scene_of
from nbkit.drawing.markup import truncated
from nbkit.formatting import number
from nbkit.messages import _, listed, listed_apart

MAX_ARROWS = 30  # a longer list would not be listened to


def describe(graph, values=True):
    """Say what the picture shows: the result, or without numbers its arrows."""
    names = listed(map(truncated, graph.inputs)) or _("no named inputs")
    n = sum(v.layer is not None for v in graph.variables)
    operations = _("one operation") if n == 1 else _("{} operations").format(n)
    if not values:
        return _("Computation graph with {operations}. Inputs: {names}. Arrows: {arrows}.").format(
            operations=operations, names=names, arrows=_arrows(graph)
        )
    value = graph.output.shape or number(graph.output.value)
    return _("Computation graph with {operations}. Inputs: {names}. Result: {value}.").format(
        operations=operations, names=names, value=value
    )


def _arrows(graph):
    """List which node feeds which."""
    called = {node.variable: " ".join(node.lines) for node in scene_of(graph).nodes if node.variable is not None}
    pairs = [f"{called[w]} → {called[v]}" for v in graph.variables for w in v.inputs if w in called and v in called]
    return listed_apart([*pairs[:MAX_ARROWS], *(["…"] if len(pairs) > MAX_ARROWS else [])])
