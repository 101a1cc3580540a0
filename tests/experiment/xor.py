"""XOR's four rows, and nets that learn them: for tests of runs over many seeds and of the widgets that show them."""

import numpy as np

from nbkit import Affine, MSELoss, ReLU, Sequential, SigmoidWithLoss, Tanh

X = np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]])
T = np.array([[0], [1], [1], [0]])


def tanh(rng):
    layers = [Affine.random(2, 4, rng, "xavier"), Tanh(), Affine.random(4, 1, rng, "xavier")]
    return Sequential(layers, SigmoidWithLoss())


def relu(rng):
    return Sequential([Affine.random(2, 3, rng), ReLU(), Affine.random(3, 1, rng)], MSELoss())
