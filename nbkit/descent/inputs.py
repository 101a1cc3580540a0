"""Descent on what a network is given: its parameters stay as they are, and the input follows −dL/dx."""

import numpy as np

from nbkit.graph import Graph, Variable

SHADE = 1 / 16  # one of the shades in which pixels are counted
SURE = 0.99  # probability of a class from which on there is nothing left to gain


def input_gradients(net, x, t):
    """Return dL/dx of the loss that each row has by itself, as the network's own layers send it back.

    Parameters
    ----------
    net : Sequential
        With a loss.
    x : (n, d) array
    t : (n,) array
        A label for each row: not its own, if you want to know how it would become another.

    Returns
    -------
    (n, d) array
    """
    graph = Graph(net(Variable(x, "x"), np.asarray(t)))
    return len(x) * graph.backward()["x"]  # the loss of a batch is the mean over its rows


def step_towards(net, x, t, longest=SHADE, low=0.0, high=1.0):
    """Move each row one step along −dL/dx, so that its loss falls; no entry leaves the range.

    Parameters
    ----------
    net : Sequential
        With a loss.
    x : (n, d) array
    t : (n,) array
        The label towards which each row moves.
    longest : float
        By how much the entry with the largest gradient moves, of those that may move; all others move in proportion.
    low, high : float
        The range. An entry at its end moves only inwards.

    Returns
    -------
    (n, d) array
        A row in which nothing may move, or whose gradient is 0, is as it was.
    """
    gradients = input_gradients(net, x, t)
    ends = ((x <= low) & (gradients > 0)) | ((x >= high) & (gradients < 0))
    gradients = np.where(ends, 0.0, gradients)
    largest = np.abs(gradients).max(axis=1, keepdims=True)
    way = np.divide(gradients, largest, out=np.zeros_like(gradients), where=largest > 0)
    return np.clip(x - longest * way, low, high)
