"""What a graph costs: what may run side by side, what must be kept for backward, and how often layers are called."""

from collections import Counter
from contextlib import contextmanager
from threading import RLock, get_ident
from typing import NamedTuple

import numpy as np

from nbkit.gradcheck import numerical_gradient
from nbkit.graphtools.forward_mode import Dual
from nbkit.layer import Layer

NUDGE = 1e-6
COUNTING_LOCK = RLock()  # two threads must not swap the methods of `Layer` at the same time


def schedule(graph):
    """Sort the operations of a graph by the earliest time at which they can run, with enough workers.

    Operations of one level are independent of each other; each needs something of the level before.

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
    """Count what reverse mode must keep until backward: the arrays that layers have saved, each once.

    Returns
    -------
    dict of Variable to int
        Bytes that the layer of each node saves and no layer before it does, without inputs and parameters.
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


def _owner(array):
    """Return the array that holds the numbers of a view."""
    while getattr(array, "base", None) is not None:
        array = array.base
    return array


@contextmanager
def count_calls():
    """Count every run of a layer inside a ``with`` block, forward and backward, in this thread.

    A run is counted where the layer calls ``save_for_backward`` or ``saved``, as all layers of nbkit do once each.

    Yields
    ------
    dict of str to int
        ``"forward"`` and ``"backward"``, growing as layers run.
    """
    counts, here = {"forward": 0, "backward": 0}, get_ident()

    def counted(method, way):
        def run(*args):
            counts[way] += get_ident() == here
            return method(*args)

        return run

    with COUNTING_LOCK:
        save_for_backward, saved = Layer.save_for_backward, Layer.saved
        Layer.save_for_backward, Layer.saved = counted(save_for_backward, "forward"), counted(saved, "backward")
        try:
            yield counts
        finally:
            Layer.save_for_backward, Layer.saved = save_for_backward, saved


class Cost(NamedTuple):
    """What one way to all gradients costs, in passes through the graph and in calls of layers."""

    passes_forward: int
    passes_backward: int
    calls_forward: int
    calls_backward: int
    gradient: np.ndarray

    @property
    def calls(self):
        return self.calls_forward + self.calls_backward


def gradient_costs(graph):
    """Return the `Cost` of the gradients of all inputs of a graph of numbers, by four ways.

    They are ``"two"`` and ``"one"`` (sides on which each input is nudged), ``"forward"`` and ``"backward"`` mode.
    """
    start, passes = np.array([v.value for v in graph.inputs.values()]), Counter()

    def output(x):
        passes["forward"] += 1
        return graph.forward(**dict(zip(graph.inputs, x, strict=True)))

    def two_sides():
        return numerical_gradient(output, start, eps=NUDGE)

    def one_side():
        here = output(start)
        return np.array([(output(x) - here) / NUDGE for x in start + NUDGE * np.eye(len(start))])

    def forward_mode():
        return np.array([tangent(moving) for moving in graph.inputs.values()])

    def tangent(moving):
        passes["forward"] += 1
        duals = {v: Dual(value, float(v is moving)) for v, value in zip(graph.inputs.values(), start, strict=True)}
        for v in graph.variables:
            if v.layer is None:
                duals.setdefault(v, Dual(v.value))
            else:
                duals[v] = duals[v.inputs[0]].record(v.layer, [duals[i] for i in v.inputs])
        return duals[graph.output].tangent

    def reverse_mode():
        output(start)
        passes["backward"] += 1
        return np.array(list(graph.backward().values()))

    costs = {}
    for name, way in {"two": two_sides, "one": one_side, "forward": forward_mode, "backward": reverse_mode}.items():
        passes.clear()
        with count_calls() as calls:
            gradient = way()
        costs[name] = Cost(passes["forward"], passes["backward"], calls["forward"], calls["backward"], gradient)
    return costs
