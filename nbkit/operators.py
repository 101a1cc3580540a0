"""Operators for what can be recorded: ``+ - * / ** @`` call the layer of their name, which lets the operand record."""

import numpy as np

from nbkit import layers
from nbkit.messages import _

# numpy_array * operand arrives as np.multiply: the layer that records it.
RECORDED = {np.add: layers.Add, np.subtract: layers.Sub, np.multiply: layers.Mul, np.true_divide: layers.Div,
            np.power: layers.Pow, np.matmul: layers.MatMul, np.negative: layers.Neg}  # fmt: skip
# What else is tried, and what to write instead; {v} is the operand.
INSTEAD = {
    "exp": "Exp()({v})", "log": "Log()({v})", "tanh": "Tanh()({v})", "sqrt": "{v} ** 0.5", "square": "{v} ** 2",
    "float_power": "{v} ** 2", "pow": "{v} ** 2", "reciprocal": "1 / {v}", "exp2": "2 ** {v}",
    "sum": "Sum()({v})", "mean": "Sum()({v}) / n", "average": "Sum()({v}) / n", "add.reduce": "Sum()({v})",
    "maximum": "ReLU()({v})", "relu": "ReLU()({v})", "fmax": "ReLU()({v})", "sigmoid": "Sigmoid()({v})",
    "dot": "{v} @ w", "matmul": "{v} @ w", "inner": "{v} @ w", "vdot": "{v} @ w", "einsum": "{v} @ w",
    "tensordot": "{v} @ w", "mm": "{v} @ w",
    "transpose": "Transpose()({v})", "T": "Transpose()({v})", "swapaxes": "Transpose()({v})", "mT": "Transpose()({v})",
    "permute_dims": "Transpose()({v})", "matrix_transpose": "Transpose()({v})",
    "reshape": "Flatten()({v})", "flatten": "Flatten()({v})", "ravel": "Flatten()({v})", "view": "Flatten()({v})",
    "take": "Take(indices)({v})", "divide": "{v} / w", "subtract": "{v} - w", "multiply": "{v} * w", "add": "{v} + w",
    "backward": "Graph({v}).backward()", "forward": "Graph({v}).forward()", "gradient": "Graph({v}).backward()",
    **{name: f"{{v}}.value.{name}" for name in ("dtype", "ndim", "size")},
    **dict.fromkeys(("item", "numpy", "detach", "tolist", "data", "astype", "copy", "round", "max", "min", "argmax",
                     "argmin", "std", "var", "abs", "absolute", "clip"), "{v}.value"),
}  # fmt: skip


def instead_of(name, thing):
    """Return what to write instead of a function or method that nbkit does not record."""
    called = getattr(thing, "name", None)
    called = called if called and called.isidentifier() and len(called) <= 20 else "v"
    return INSTEAD.get(name, "{v}.value").format(v=called)


class OperatorMixin:
    """Base of all operands of ``+ - * / ** @``; a subclass says in ``record`` what a layer does to it.

    It is called as ``record(layer, inputs, fresh=False)``: a `fresh` layer was made for this one use.
    """

    def __array_ufunc__(self, ufunc, method, *inputs, out=None, **options):
        """Record ``numpy_array * operand``; of other functions of NumPy, say what to write instead."""
        if method == "__call__" and not options:
            if ufunc in RECORDED and (out is None or out[0] is inputs[0]):  # out: array += operand
                return RECORDED[ufunc]()(*inputs)
            if ufunc in (np.equal, np.not_equal):
                return ufunc is np.not_equal  # an array and an operand are never one thing
        raise TypeError(self._cannot(ufunc.__name__ if method == "__call__" else f"{ufunc.__name__}.{method}"))

    def __array_function__(self, function, _types, inputs, options):
        """Let NumPy ask for the shape; of functions that no layer records, say what to write instead."""
        if function in (np.shape, np.ndim, np.size):
            operand = inputs[0] if inputs else options["a"]
            if isinstance(operand, OperatorMixin):
                return function(operand.value)
        raise TypeError(self._cannot(function.__name__))

    def _cannot(self, name):
        return _("np.{name} cannot record a {kind}: write {instead} instead").format(
            name=name, kind=type(self).__name__, instead=instead_of(name, self)
        )

    def __getattr__(self, name):
        kind = type(self).__name__
        if name in INSTEAD:
            instead = instead_of(name, self)
            rule = _("a {kind} has no {name}: write {instead} instead")
            raise AttributeError(rule.format(kind=kind, name=name, instead=instead))
        raise AttributeError(_("a {kind} has no {name}").format(kind=kind, name=name))

    def __float__(self):
        rule = _("a {kind} is no bare number: take its .value, or write Exp()(v) where you meant math.exp(v)")
        raise TypeError(rule.format(kind=type(self).__name__))

    def __abs__(self):
        raise TypeError(self._cannot("abs"))

    def _refuse_order(self, _other):
        rule = _("a {kind} is neither larger nor smaller than anything: compare {value}")
        raise TypeError(rule.format(kind=type(self).__name__, value=instead_of("max", self)))

    __lt__ = __le__ = __gt__ = __ge__ = _refuse_order

    def _made(self, layer, *inputs):
        """Record a layer that was made for this one use."""
        return self.record(layer, inputs, fresh=True)

    def __add__(self, other):
        return self._made(layers.Add(), self, other)

    def __radd__(self, other):
        return self._made(layers.Add(), other, self)

    def __sub__(self, other):
        return self._made(layers.Sub(), self, other)

    def __rsub__(self, other):
        return self._made(layers.Sub(), other, self)

    def __mul__(self, other):
        return self._made(layers.Mul(), self, other)

    def __rmul__(self, other):
        return self._made(layers.Mul(), other, self)

    def __truediv__(self, other):
        return self._made(layers.Div(), self, other)

    def __rtruediv__(self, other):
        return self._made(layers.Div(), other, self)

    def __pow__(self, other):
        return self._made(layers.Pow(), self, other)

    def __rpow__(self, other):
        return self._made(layers.Pow(), other, self)

    def __matmul__(self, other):
        return self._made(layers.MatMul(), self, other)

    def __rmatmul__(self, other):
        return self._made(layers.MatMul(), other, self)

    def __neg__(self):
        return self._made(layers.Neg(), self)
