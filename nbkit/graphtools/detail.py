"""One network at four levels: as a single node, as layers, as operations on arrays, as operations on numbers."""

from typing import NamedTuple

import numpy as np

from nbkit.graph import Graph, Variable
from nbkit.graphtools.numpy_code import names_of_parameters, tape
from nbkit.graphtools.scalars import Scalars, opened_fully
from nbkit.layer import Layer
from nbkit.messages import _, kind_of
from nbkit.network import Sequential

LEVELS = ("net", "layers", "nodes", "numbers")


class Net(Layer):
    """A whole network with its loss as one layer: its backward walks a graph of its own.

    The parameters are those of `net`, as ``W1, b1, W2 ...``.
    """

    symbol = _("net")
    targets = ("t",)

    def __init__(self, net):
        super().__init__()
        self.net = net
        owners = [layer for layer in net.layers if layer.params]
        self.places = {
            f"{name}{number}" if len(owners) > 1 else name: (layer, name)
            for number, layer in enumerate(owners, 1)
            for name in layer.params
        }
        self.params = {name: layer.params[own] for name, (layer, own) in self.places.items()}

    def forward(self, x, t):
        for name, (layer, own) in self.places.items():
            layer.params[own] = self.params[name]
        loss = self.net(Variable(x, "x"), t)
        return self.save_for_backward(np.float64(loss.value), loss)

    def backward(self, dout):
        dout, loss = self.saved(dout)
        dx = Graph(loss).backward(dout)["x"]
        self.grads = {name: layer.grads[own] for name, (layer, own) in self.places.items()}
        return dx

    def expand(self, x, t):
        return self.net(x, t)


class Level(NamedTuple):
    """A network at one level of detail.

    Attributes
    ----------
    name : str
        One of `LEVELS`.
    graph : Graph
    steps : list of Statement
        The lines of NumPy that compute it; at the level of numbers those of the level of nodes.
    nodes : list of list of Variable
        The nodes of `graph` that each line computes.
    covers : list of frozenset of int
        For each line, which lines at the level of nodes do the same work.
    value : float
    gradients : dict of str to array
        Of ``x`` and of all parameters, by name.
    """

    name: str
    graph: object
    steps: list
    nodes: list
    covers: list
    value: float
    gradients: dict

    def line_of(self, variable):
        """Return the number of the line that computes a node; None for a leaf."""
        return next((k for k, nodes in enumerate(self.nodes) if variable in nodes), None)


def zoom_levels(net, x, t):
    """Record a network with its loss at four levels, each with its values and gradients.

    Parameters
    ----------
    net : Sequential
        With a loss.
    x : (n, d) array
    t : array
        What the loss takes.

    Returns
    -------
    dict of str to Level
        By the names in `LEVELS`, from far to near.

    Raises
    ------
    TypeError
        If `net` is no Sequential, or has a layer that cannot be written out in numbers.
    RuntimeError
        If it has no loss.
    """
    if not isinstance(net, Sequential):
        raise TypeError(_("zoom_levels takes a Sequential, got {}").format(kind_of(net)))
    whole, layers = (_recorded(function, x, t) for function in (Net(net), net))
    nodes, origins = opened_fully(layers)
    lines = tape(nodes)
    alone = [frozenset([k]) for k in range(len(lines))]
    parts = [frozenset(k for k, line in enumerate(lines) if origins[line.variable] is step.variable)
             for step in tape(layers)]  # fmt: skip
    scalars = Scalars(nodes)
    levels = (
        _level(whole, LEVELS[0], [frozenset(range(len(lines)))]),
        _level(layers, LEVELS[1], parts),
        _level(nodes, LEVELS[2], alone),
        _level_of_numbers(scalars, lines, alone),
    )
    return {level.name: level for level in levels}


def largest_difference(levels):
    """Return how far apart the levels are at most, in their values and in all gradients."""
    first, *others = levels.values()
    return max(
        *(abs(first.value - other.value) for other in others),
        *(float(np.abs(first.gradients[k] - other.gradients[k]).max()) for other in others for k in first.gradients),
    )


def _recorded(function, x, t):
    loss = function(Variable(x, "x"), Variable(t, "t"))
    loss.name = "loss"
    return Graph(loss)


def _level(graph, name, covers):
    graph.backward()
    steps = tape(graph)
    if name == LEVELS[0]:
        steps = [steps[0]._replace(code="net(x, t)")]
        gradients = graph.output.layer.grads
    else:
        gradients = {known: owner.grads[own] for (owner, own), known in names_of_parameters(graph).items()}
    # Copies: the levels share their layers, and each walk sets their gradients anew
    gradients = {known: np.array(gradient) for known, gradient in ({"x": graph.inputs["x"].grad} | gradients).items()}
    nodes = [[step.variable] for step in steps]
    return Level(name, graph, steps, nodes, covers, float(graph.output.value), gradients)


def _level_of_numbers(scalars, steps, covers):
    graph = scalars.graph
    graph.backward()
    names = names_of_parameters(scalars.opened)
    leaves = {v: names[v.source] if v.source else v.name for v in scalars.opened.variables if v.layer is None}
    gradients = {name: scalars.gradient(v) for v, name in leaves.items() if name == "x" or v.source}
    nodes = [scalars.nodes(step.variable) for step in steps]
    return Level(LEVELS[3], graph, steps, nodes, covers, float(graph.output.value), gradients)
