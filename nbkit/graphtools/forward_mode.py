"""Forward mode: numbers that carry their derivative along, by the local derivatives of the same layers."""

import copy

import numpy as np

from nbkit.functions import as_float
from nbkit.messages import _, kind_of
from nbkit.operators import OperatorMixin


class Dual(OperatorMixin):
    """A number and how fast it changes when one chosen input changes: ``value + tangent ε`` with ε² = 0.

    Parameters
    ----------
    value : float
    tangent : float
        1 for the input that is asked about, 0 for all others.

    Raises
    ------
    TypeError
        For arrays: one derivative per entry is what reverse mode is for.
    """

    def __init__(self, value, tangent=0.0):
        value, tangent = as_float(value), as_float(tangent)
        if value.ndim or tangent.ndim:
            raise TypeError(_("a Dual carries one number and one slope, got {}").format(kind_of(value)))
        self.value, self.tangent = float(value), float(tangent)

    def __repr__(self):
        return _("Dual({value:.4g}, slope {slope:.4g})").format(value=self.value, slope=self.tangent)

    def record(self, layer, inputs, *, fresh=False):
        """Run `layer` on the values, and add up what each input's tangent brings: the chain rule from left to right.

        The local derivatives come from the layer's own ``backward``.
        """
        duals = [x if isinstance(x, Dual) else Dual(x) for x in inputs]
        use = layer if fresh else copy.copy(layer)
        with np.errstate(all="ignore"):
            value = use.forward(*(x.value for x in duals))
            local = use.backward(np.float64(1.0))
            local = local if isinstance(local, tuple) else (local,)
            # an input that does not change brings nothing, however steep the layer is there
            tangent = sum(float(d) * x.tangent for d, x in zip(local, duals, strict=False) if x.tangent)
        return Dual(value, tangent)


def jvp(function, values, name):
    """Return the value of ``function(**values)`` and its slope with respect to one input, in a single forward walk.

    Parameters
    ----------
    function : callable
        Of numbers, by name; made of operators and nbkit's layers.
    values : dict of str to float
    name : str
        The input that is asked about.

    Returns
    -------
    (float, float)

    Raises
    ------
    ValueError
        If there is no input of that name.
    """
    if name not in values:
        rule = _("there is no input called {got!r}, there are {known}")
        raise ValueError(rule.format(got=name, known=", ".join(values)))
    result = function(**{known: Dual(value, known == name) for known, value in values.items()})
    if not isinstance(result, Dual):
        raise TypeError(_("the function must return a number made from its inputs, got {}").format(kind_of(result)))
    return result.value, result.tangent
