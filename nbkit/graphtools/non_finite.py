"""Where did the NaN come from? The first node of a graph whose numbers are not finite."""

import inspect
from itertools import chain
from typing import NamedTuple

import numpy as np

from nbkit.formatting import number
from nbkit.messages import _


class NonFinite(NamedTuple):
    """The first number that is not finite.

    Attributes
    ----------
    variable : Variable
        The node, or the input, where it first stands.
    kind : str
        The word for a value or a gradient.
    argument : str or None
        For a gradient, which argument of the layer's ``forward`` gets it; for a value, the parameter that holds it
        already, if it is one.
    index : tuple of int
        Where in the array; empty for a number.
    number : float
    rule : str
        What is said of it, with the places of its `words`.
    words : dict of str to object
    """

    variable: object
    kind: str
    argument: str | None
    index: tuple
    number: float
    rule: str
    words: dict

    @property
    def sentence(self):
        """All of this in words."""
        return self.rule.format(**self.words)

    def told(self, names):
        """Say all of this as a picture calls its nodes, by their variables, such as ``the ÷``."""
        node = names.get(self.variable) if self.variable.layer is not None else None
        text = self.rule.format(**self.words | ({"layer" if "layer" in self.words else "name": node} if node else {}))
        return text[:1].upper() + text[1:]


def first_non_finite(graph, /, **values):
    """Replay a graph forward and backward, and find the first number that is infinite or NaN.

    Values are searched from left to right, then gradients from right to left. The graph keeps those of this replay.

    Parameters
    ----------
    graph : Graph
    **values : number or array
        For its named inputs, as in `Graph.forward`.

    Returns
    -------
    NonFinite or None
        None where all numbers are finite.

    Raises
    ------
    ValueError
        If there is no input of such a name, or a shape differs. Nothing is changed then.
    """
    graph.forward(**values)
    graph.backward()
    in_values = map(_bad_value, graph.variables)
    in_gradients = map(_bad_gradient, reversed(graph.variables))
    return next(filter(None, chain(in_values, in_gradients)), None)


def _bad_value(v):
    for name, param in v.layer.params.items() if v.layer is not None else ():
        if (index := _bad_index(param)) is not None:
            sentence = _("{layer}: its parameter {name} holds {number} before anything is computed.")
            return _found(sentence, v, _("value"), name, index, param, layer=v.layer, name=name)
    index = _bad_index(v.value)
    if index is None:
        return None
    if v.layer is None:
        sentence = _("The input {name} is {number} from the start.")
        return _found(sentence, v, _("value"), None, index, v.value, name=v.name or _("without a name"))
    came = ", ".join(_written(i.value, index) for i in v.inputs)
    sentence = _("{layer} makes {number} of {came}: all that went in was finite.")
    return _found(sentence, v, _("value"), None, index, v.value, layer=v.layer, came=came)


def _bad_gradient(v):
    """Look at what a node sends back, and at the sum of what has arrived at it."""
    if v.grad is not None and (index := _bad_index(v.grad)) is not None:
        sentence = _("The gradients that meet at {name} are finite one by one, and their sum is {number}.")
        return _found(sentence, v, _("gradient"), None, index, v.grad, name=v.layer or v.name)
    if v.layer is None or v.grad is None:
        return None
    names = list(inspect.signature(v.layer.forward).parameters)
    sent = list(zip(names, v.dinputs, strict=False))
    for name, gradient in [*sent, *v.layer.grads.items()]:
        if (index := _bad_index(gradient)) is not None:
            if name in v.layer.grads:
                sentence = _("{layer} sends {number} back to {name}: the values and the gradient it got are finite.")
            elif len(sent) == 1:  # its own name for it would be taken for one of the graph's
                sentence = _("{layer} sends {number} back to its input: the values and the gradient it got are finite.")
            else:
                sentence = _(
                    "{layer} sends {number} back to input {n} of {count}: the values and the gradient it got "
                    "are finite."
                )
            words = {"layer": v.layer, "name": name, "n": [*dict(sent), name].index(name) + 1, "count": len(sent)}
            return _found(sentence, v, _("gradient"), name, index, gradient, **words)
    return None


def _bad_index(numbers):
    bad = np.argwhere(~np.isfinite(numbers))
    return tuple(map(int, bad[0])) if len(bad) else None


def _found(rule, v, kind, argument, index, numbers, **words):
    bad = float(np.asarray(numbers)[index])
    written = _("{number} at index {index}").format(number=number(bad), index=index) if index else number(bad)
    return NonFinite(v, kind, argument, index, bad, rule, {"number": written, **words})


def _written(value, index):
    """Write a number; of an array the entry at `index` where it has one, its shape elsewhere."""
    value = np.asarray(value)
    if value.shape and len(index) == value.ndim and all(i < n for i, n in zip(index, value.shape, strict=True)):
        value = value[index]
    if value.shape:
        return _("an array of shape {}").format(value.shape)
    return number(value)
