"""What can be read off a graph before it runs: what must be kept, what it costs, and what may run side by side."""

from contextlib import contextmanager

import numpy as np

from nbkit.layer import Layer


def schedule(graph):
    """Sort the operations of a graph by when they can run at the earliest, if everybody helps.

    Operations of one level need nothing of each other, so they may run at the same time; each needs something of the
    level before.

    Returns
    -------
    list of list of Variable
        As many levels as the longest way from an input to the output has operations.
    """
    depth, found = {}, []
    for v in graph.variables:
        depth[v] = 0 if v.layer is None else 1 + max((depth[i] for i in v.inputs), default=0)
        if v.layer is not None:
            if depth[v] > len(found):
                found.append([])
            found[depth[v] - 1].append(v)
    return found


def saved_bytes(graph):
    """Count what reverse mode must keep until backward: the arrays in the memories of all layers, each once.

    Returns
    -------
    dict of Variable to int
        Bytes that the layer of each node keeps and no layer before it does. Inputs and parameters are not counted:
        they are there anyway.
    """
    there_anyway = [v.value for v in graph.variables if v.layer is None]
    there_anyway += [param for v in graph.variables if v.layer is not None for param in v.layer.params.values()]
    known = {id(_owner(array)) for array in there_anyway}
    kept = {}
    for v in graph.variables:
        if v.layer is not None:
            shape_and_things = v.layer.memory or ((), ())
            arrays = {id(_owner(a)): _owner(a) for a in shape_and_things[1] if isinstance(a, np.ndarray | np.floating)}
            kept[v] = sum(a.nbytes for place, a in arrays.items() if place not in known)
            known |= set(arrays)
    return kept


@contextmanager
def count_calls():
    """Count every run of a layer inside a ``with`` block, forward and backward.

    Counted is what remembers and what recalls, as all layers of nbkit do: once for each forward and each backward.

    Yields
    ------
    dict of str to int
        ``"forward"`` and ``"backward"``, growing as layers run.
    """
    counts = {"forward": 0, "backward": 0}
    remember, recall = Layer.save_for_backward, Layer.saved

    def counted_remember(self, *args):
        counts["forward"] += 1
        return remember(self, *args)

    def counted_recall(self, *args):
        counts["backward"] += 1
        return recall(self, *args)

    Layer.save_for_backward, Layer.saved = counted_remember, counted_recall
    try:
        yield counts
    finally:
        Layer.save_for_backward, Layer.saved = remember, recall


def _owner(array):
    """Return the array that holds the numbers of a view."""
    while getattr(array, "base", None) is not None:
        array = array.base
    return array
