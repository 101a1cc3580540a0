"""A recorded graph as a list of steps: for every operation the line of NumPy that computes it."""

import keyword
import re
import unicodedata
from typing import NamedTuple

import numpy as np

from nbkit import layers
from nbkit.layer import Target

TEMPLATES = {
    layers.Add: "{} + {}",
    layers.Sub: "{} - {}",
    layers.Mul: "{} * {}",
    layers.Div: "{} / {}",
    layers.Pow: "{} ** {}",
    layers.MatMul: "{} @ {}",
    layers.Neg: "-{}",
    layers.Exp: "np.exp({})",
    layers.Log: "np.log({})",
    layers.Shift: "{0} - {0}.max(axis=-1, keepdims=True)",
    layers.Flatten: "{0}.reshape(len({0}), -1)",
    layers.Transpose: "np.swapaxes({}, -1, -2)",
    layers.ReLU: "np.maximum({}, 0)",
    layers.Sigmoid: "1 / (1 + np.exp(-{}))",
    layers.Tanh: "np.tanh({})",
    Target: "{}",
}


class Statement(NamedTuple):
    """One line of a tape.

    Attributes
    ----------
    variable : Variable
        What the line makes.
    name : str
        Of the result: its own name where it has one, else ``v1, v2, ...``, counted over the operations.
    code : str
        What computes it, from names that stand further up, such as ``"v1 + np.tanh(x)"``.
    line : str
        Both: ``"v2 = v1 + np.tanh(x)"``.
    """

    variable: object
    name: str
    code: str

    @property
    def line(self):
        return f"{self.name} = {self.code}"


def tape(graph):
    """List the operations of a graph in the order in which they run, each as a line of Python.

    Put the inputs and parameters under their names into a namespace with NumPy as ``np``, and the lines compute the
    graph. A layer for which there is no short line is written as a call, ``SoftmaxWithLoss(x, t)``. A name that cannot
    stand in a line of Python is written as one that can, ``apple price`` as ``apple_price``: see `names_of_leaves`.

    Parameters
    ----------
    graph : Graph

    Returns
    -------
    list of Step
        The operations only: the n-th step is the n-th that runs.
    """
    names, parameters, steps = names_of_leaves(graph), names_of_parameters(graph), []
    taken = {*_reserved(graph), *names.values(), *parameters.values()}
    for v in graph.variables:
        if v.layer is not None:
            own = _identifier(v.name or "")
            names[v] = own if own == v.name and own not in taken else _free(f"v{len(steps) + 1}", taken)
            taken.add(names[v])
            steps.append(Statement(v, names[v], _code(v, names, parameters)))
    return steps


def names_of_parameters(graph):
    """Name the parameters of all layers: ``W`` and ``b``, or with a number for each layer that has some.

    Returns
    -------
    dict of (Layer, str) to str
        By the layer (the owner of all its uses) and the name of the parameter there.
    """
    owners = []
    for v in graph.variables:
        found = v.source[0] if v.source else v.layer.owner if v.layer is not None and v.layer.params else None
        if found is not None and found not in owners:
            owners.append(found)
    taken, many = _reserved(graph), len(owners) > 1
    return {
        (owner, name): _free(f"{_identifier(name)}{number if many else ''}", taken)
        for number, owner in enumerate(owners, 1)
        for name in owner.params
    }


def names_of_leaves(graph):
    """Name what stands at the left end of a graph, as the lines of its tape do.

    An input has its own name where that can stand in a line, and a bare number is itself, in brackets where it is
    below 0.

    Returns
    -------
    dict of Variable to str
    """
    parameters, names = names_of_parameters(graph), {}
    taken = {*_reserved(graph), *parameters.values()}
    for v in graph.variables:
        if v.layer is not None:
            continue
        if v.source is not None:
            names[v] = parameters[v.source]
        elif v.name:
            names[v] = _free(_identifier(v.name), taken)
        elif not v.shape:
            text = f"{float(v.value):.12g}".replace("inf", "np.inf").replace("nan", "np.nan")
            names[v] = f"({text})" if text.startswith("-") else text
        else:
            names[v] = _free("c0", taken)
    return names


def _reserved(graph):
    """Names that have a meaning in a line already."""
    return {"np", *keyword.kwlist, *(type(v.layer).__name__ for v in graph.variables if v.layer is not None)}


def _identifier(name):
    """Write any text as Python writes a name: a name may hold anything, and must not be run as code."""
    text = re.sub(r"\W", "_", unicodedata.normalize("NFKC", name))
    return text if text.isidentifier() else re.sub(r"[^\w]|[^\x00-\x7f]", "_", f"_{text}")


def _free(name, taken):
    """Change a name until nothing else is called like this, and remember it as taken."""
    while name in taken:
        name += "_"
    taken.add(name)
    return name


def _code(v, names, parameters):
    layer, inputs = v.layer, [names[i] for i in v.inputs]
    own = [parameters[layer.owner, name] for name in layer.params]
    kind = type(layer)
    if kind in TEMPLATES:
        return TEMPLATES[kind].format(*inputs)
    if kind is layers.Affine:
        return "{} @ {} + {}".format(*inputs, *own)
    if kind is layers.Sum:
        more = "" if layer.axis is None else f", axis={layer.axis}"
        return f"np.sum({inputs[0]}{more}{', keepdims=True' if layer.keepdims else ''})"
    if kind is layers.MSELoss:
        rows = np.shape(v.inputs[0].value)
        return "np.sum(({} - {}) ** 2) / {}".format(*inputs, 2 * (rows[0] if rows else 1))
    if kind is layers.LeakyReLU:
        return f"np.where({inputs[0]} > 0, {inputs[0]}, {layer.slope:g} * {inputs[0]})"
    return f"{kind.__name__}({', '.join([*inputs, *own])})"
