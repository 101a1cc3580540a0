"""A graph for the learner to judge: six layers in a row, of which two have a wrong backward."""

import numpy as np

from nbkit.graph import Graph, Variable
from nbkit.layers import Affine, MSELoss, ReLU, Tanh


class _HastyTanh(Tanh):
    """Forgets the square: 1 − y where it should be 1 − y²."""

    def backward(self, dout):
        dout, y = self.saved(dout)
        return dout * (1.0 - y)


class _AveragingAffine(Affine):
    """Takes the mean over the batch for its bias, where the rows should be added."""

    def backward_params(self, dout):
        super().backward_params(dout)
        self.grads["b"] = self.grads["b"] / len(dout)


# They look like all others, so that only a check tells them apart.
_HastyTanh.__name__, _AveragingAffine.__name__ = "Tanh", "Affine"


def lineup():
    """Return a `Graph` of six named layers, of which two have a wrong backward."""
    rng = np.random.default_rng(3)

    def affine(kind, d, k, name):
        return kind(rng.normal(0, 1, (d, k)).round(2), rng.normal(0, 1, k).round(2), name)

    row = (
        affine(Affine, 2, 3, "Amber"),
        _HastyTanh("Blue"),
        affine(Affine, 3, 4, "Coral"),
        ReLU("Dune"),
        affine(_AveragingAffine, 4, 1, "Ebony"),
    )
    y = Variable(rng.normal(0, 1, (5, 2)).round(2), "x")
    for layer in row:
        y = layer(y)
    return Graph(MSELoss("Fern")(y, Variable(rng.normal(0, 1, (5, 1)).round(2), "t")))
