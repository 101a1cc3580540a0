"""What makes a thing stand in formulas: each operator calls the layer of its name, and the layer lets it record."""

from nbkit import layers


class Operand:
    """Base of all that may stand beside ``+ - * / ** @``; a subclass says in ``record`` what a layer does to it."""

    __array_ufunc__ = None  # numpy_array * operand asks the operand, not every single element

    def __add__(self, other):
        return layers.Add()(self, other)

    def __radd__(self, other):
        return layers.Add()(other, self)

    def __sub__(self, other):
        return layers.Sub()(self, other)

    def __rsub__(self, other):
        return layers.Sub()(other, self)

    def __mul__(self, other):
        return layers.Mul()(self, other)

    def __rmul__(self, other):
        return layers.Mul()(other, self)

    def __truediv__(self, other):
        return layers.Div()(self, other)

    def __rtruediv__(self, other):
        return layers.Div()(other, self)

    def __pow__(self, other):
        return layers.Pow()(self, other)

    def __rpow__(self, other):
        return layers.Pow()(other, self)

    def __matmul__(self, other):
        return layers.MatMul()(self, other)

    def __rmatmul__(self, other):
        return layers.MatMul()(other, self)

    def __neg__(self):
        return layers.Neg()(self)
