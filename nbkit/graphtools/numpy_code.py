"""A recorded graph as a list of statements: for every operation the line of NumPy that computes it."""

import keyword
import re
import unicodedata
from typing import NamedTuple


class Statement(NamedTuple):
    """One line of a tape: ``line`` is ``"v2 = v1 + np.tanh(x)"``, made of the `name` and `code` of a `variable`."""

    variable: object
    name: str
    code: str

    @property
    def line(self):
        return f"{self.name} = {self.code}"


def tape(graph):
    """List the operations of a graph in the order in which they run, each as a line of Python.

    In a namespace with NumPy as ``np`` and with inputs and parameters by name, the lines compute the graph. A layer
    without a short line is written as a call, ``SoftmaxWithLoss(x, t)``; a name that Python cannot hold as one that it
    can, ``apple price`` as ``apple_price``.

    Parameters
    ----------
    graph : Graph

    Returns
    -------
    list of Statement
        Each with its ``variable``, ``name``, ``code`` and ``line``. A result has its own name or ``v1, v2, ...``.
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
    """Return {(layer, parameter): name}: ``W`` and ``b``, or with a number for each layer that has some."""
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
    """Return {leaf: name} as statements write them; a bare number is itself, in brackets where it is below 0."""
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
    """Return the names that have a meaning in a line already."""
    return {"np", *keyword.kwlist, *(type(v.layer).__name__ for v in graph.variables if v.layer is not None)}


def _identifier(name):
    """Turn any text into a name of Python: what stands in a name must not be run as code."""
    text = re.sub(r"\W", "_", unicodedata.normalize("NFKC", name))
    return text if text.isidentifier() else re.sub(r"[^\w]|[^\x00-\x7f]", "_", f"_{text}")


def _free(name, taken):
    """Lengthen a name until it is not taken, and take it."""
    while name in taken:
        name += "_"
    taken.add(name)
    return name


def _code(v, names, parameters):
    layer, inputs = v.layer, [names[i] for i in v.inputs]
    own = {name: parameters[layer.owner, name] for name in layer.params}
    if layer.numpy:
        return layer.numpy.format(*inputs, layer=layer, **own)
    return f"{type(layer).__name__}({', '.join([*inputs, *own.values()])})"
