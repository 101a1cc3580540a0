"""A graph of arrays written out in single numbers: every multiplication and addition becomes a node of its own."""

import copy
from functools import reduce

import numpy as np

from nbkit import layers
from nbkit.graph import Graph, Variable, note_origin
from nbkit.graphtools.numpy_code import names_of_parameters
from nbkit.layer import Elementwise, Rearrangement, Target
from nbkit.messages import _


class Scalars:
    """The same function as a graph of arrays, on Variables that hold one number each.

    Composite layers are opened first. Make it anew whenever values change: `Shift` keeps the recorded maximum's place.

    Parameters
    ----------
    graph : Graph

    Attributes
    ----------
    opened : Graph
        The given graph with all composite layers written out.
    graph : Graph
        Of numbers. An input ``x`` of shape (2, 3) has become ``x[0,0]``, ``x[0,1]`` ...
    parts : dict of Variable to array of Variable
        The numbers of each variable of `opened`, in its shape.
    origins : dict of Variable to Variable
        For each operation on numbers the operation of `opened` that it belongs to.

    Raises
    ------
    ValueError
        If the output of `graph` is no single number.
    TypeError
        If there is a layer that is not known to work on single numbers.
    """

    def __init__(self, graph):
        if np.size(graph.output.value) != 1:
            rule = _("a graph in single numbers has one number at its end, got shape {}")
            raise ValueError(rule.format(graph.output.shape))
        self.opened, _origins = opened_fully(graph)
        self.parts, self.origins = {}, {}
        names = names_of_parameters(self.opened)
        for v in self.opened.variables:
            if v.layer is None:
                self.parts[v] = _leaves(v, names[v.source] if v.source else v.name)
                continue
            self.parts[v] = _written_out(v.layer, [self.parts[i] for i in v.inputs])
            for part in self.parts[v].flat:
                note_origin(part, v, self.origins)
        (output,) = self.parts[self.opened.output].flat
        self.graph = Graph(output)

    def value(self, v):
        """Return the numbers of a variable of `opened` as an array."""
        return self._gathered(v, lambda part: part.value)

    def gradient(self, v):
        """Return their gradients as an array, 0 where none has arrived."""
        return self._gathered(v, lambda part: 0.0 if part.grad is None else part.grad)

    def _gathered(self, v, what):
        found = np.array([float(what(part)) for part in self.parts[v].flat])
        return found.reshape(self.parts[v].shape)

    def nodes(self, v):
        """List the operations on numbers that do the work of `v`; where there is none, those that hold its value."""
        found = [part for part, origin in self.origins.items() if origin is v]
        return found or list(self.parts[v].flat)


def opened_fully(graph):
    """Return a graph with all composite layers written out, and for each operation that of `graph` it is part of."""
    origins = {v: v for v in graph.variables if v.layer is not None}
    while composite := [v for v in graph.variables if v.layer is not None and v.layer.is_composite]:
        graph, parts = graph.opened(composite)
        origins = {part: origins[whole] for part, whole in parts.items()}
    return graph, origins


def _leaves(v, name):
    """Make a Variable for each number of a leaf, named by its place."""
    value = np.asarray(v.value)

    def leaf(index):
        place = f"[{','.join(map(str, index))}]" if index else ""
        return Variable(float(value[index]), name and name + place, constant=v.constant)

    return _filled(value.shape, leaf)


def _written_out(layer, inputs):
    """Do with numbers what a layer does with arrays."""
    kind = type(layer)
    if isinstance(layer, Elementwise):
        shape = np.broadcast_shapes(*(x.shape for x in inputs))
        stretched = [np.broadcast_to(x, shape) for x in inputs]
        return _filled(shape, lambda index: layer.owner(*(x[index] for x in stretched)))
    if isinstance(layer, Rearrangement):
        places = np.arange(inputs[0].size).reshape(inputs[0].shape)
        return inputs[0].reshape(-1)[..., copy.copy(layer).forward(places).astype(int)]
    if kind is layers.MatMul:
        return _matmul(*inputs)
    if kind is layers.Sum:
        return _sum(inputs[0], layer)
    if kind is layers.Shift:
        return _shift(inputs[0])
    if kind is Target:
        return _constants(layer.forward(_values(inputs[0])), inputs[0])
    raise TypeError(_("{} cannot be written out in single numbers").format(layer))


def _filled(shape, make):
    parts = np.empty(shape, dtype=object)
    for index in np.ndindex(shape):
        parts[index] = make(index)
    return parts


def _values(parts):
    return np.array([float(part.value) for part in parts.flat]).reshape(parts.shape)[()]


def _constants(values, parts):
    """Make the numbers that a loss compares with, named like the given ones where the shape is the same."""
    values = np.asarray(values)
    named = parts.shape == values.shape
    return _filled(
        values.shape, lambda index: Variable(float(values[index]), parts[index].name if named else None, constant=True)
    )


def _total(numbers):
    return reduce(lambda total, x: layers.Add()(total, x), numbers)


def _matmul(x, w):
    rows, columns = x.reshape(-1, x.shape[-1]), w[:, None] if w.ndim == 1 else w
    if columns.ndim != 2:
        raise TypeError(_("a stack of matrices cannot be written out in single numbers"))

    def product(index):
        row, column = rows[index[0]], columns[:, index[1]]
        return _total([layers.Mul()(a, b) for a, b in zip(row, column, strict=True)])

    shape = len(rows), columns.shape[1]
    return _filled(shape, product).reshape(x.shape[:-1] + w.shape[1:])


def _sum(x, layer):
    axes = range(x.ndim) if layer.axis is None else [axis % x.ndim for axis in np.atleast_1d(layer.axis)]
    kept = tuple(1 if axis in axes else size for axis, size in enumerate(x.shape))

    def along(index):
        return _total(x[(*(slice(None) if axis in axes else i for axis, i in enumerate(index)), ...)].flat)

    parts = _filled(kept, along)
    return parts if layer.keepdims else parts.reshape([kept[axis] for axis in range(x.ndim) if axis not in axes])


def _shift(x):
    largest = np.asarray(_values(x).argmax(axis=-1))
    return _filled(x.shape, lambda index: layers.Sub()(x[index], x[(*index[:-1], largest[index[:-1]])]))
