"""Nets for the tests of `WeightSliders`, and the marks of its picture."""

from itertools import pairwise

import numpy as np

from nbkit import Affine, MSELoss, ReLU, Sequential
from tests.experiment.xor import T, X

NAMES = [
    *(f"{kind}h{i}" for i in "₁₂₃" for kind in ("x₁→", "x₂→", "bias ")),
    "h₁→y", "h₂→y", "h₃→y", "bias y",
]  # fmt: skip


def net(*sizes, rng=0, loss=MSELoss, activation=ReLU):
    rng = np.random.default_rng(rng)
    layers = []
    for d, k in pairwise(sizes):
        layers += [Affine(rng.normal(0, 0.5, (d, k)), rng.normal(0, 0.5, k)), activation()]
    return Sequential(layers[:-1], loss())


def marks(widget):
    return widget.view.svg.marks


def plain_loss(values):
    """½MSE of the 2-3-1 net, written out without nbkit."""
    w = dict(zip(NAMES, values, strict=True))
    score = w["bias y"]
    for i in "₁₂₃":
        score = score + w[f"h{i}→y"] * np.maximum(
            X[:, 0] * w[f"x₁→h{i}"] + X[:, 1] * w[f"x₂→h{i}"] + w[f"bias h{i}"], 0
        )
    return np.sum((score - T[:, 0]) ** 2) / 8
