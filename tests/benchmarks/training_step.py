"""One training step through nbkit.Sequential, beside the same net in straight-line NumPy."""

import numpy as np

import nbkit
from tests.benchmarks.timing import report, spread, take_turns

SIZES = {(2, 3, 2): 4, (4, 10, 3): 16, (64, 100, 10): 64}  # features, hidden units, classes: rows in a batch
LR = 0.1


def straight_line(W1, b1, W2, b2, x, t):
    """Make a step of the two-layer ReLU net without any layers: only what must be computed."""
    n = len(x)
    rows = np.arange(n)

    def step(W1=W1, b1=b1, W2=W2, b2=b2):  # as arguments, since -= would make them new local names
        h = x @ W1 + b1
        a = np.maximum(h, 0.0)
        scores = a @ W2 + b2
        e = np.exp(scores - scores.max(axis=1, keepdims=True))
        y = e / e.sum(axis=1, keepdims=True)
        loss = -np.log(y[rows, t]).sum() / n

        y[rows, t] -= 1.0
        y /= n
        dh = (y @ W2.T) * (h > 0)
        W2 -= LR * (a.T @ y)
        b2 -= LR * y.sum(axis=0)
        W1 -= LR * (x.T @ dh)
        b1 -= LR * dh.sum(axis=0)
        return loss

    return step


def with_nbkit(W1, b1, W2, b2, x, t):
    """Make the same step of the same net from nbkit's layers."""
    net = nbkit.Sequential([nbkit.Affine(W1, b1), nbkit.ReLU(), nbkit.Affine(W2, b2)], nbkit.SoftmaxWithLoss())
    optimizer = nbkit.SGD(LR)

    def step():
        loss = net.loss(x, t)
        net.backward()
        optimizer.step(net.params_and_grads())
        return loss

    return step


def rivals(d, hidden, k, n, rng):
    """Return a step for each side, both from the same start weights on the same data."""
    x, t = rng.normal(size=(n, d)), rng.integers(k, size=n)
    W1, W2 = rng.normal(0.0, np.sqrt(2 / d), (d, hidden)), rng.normal(0.0, np.sqrt(2 / hidden), (hidden, k))
    sides = {"nbkit": with_nbkit, "NumPy": straight_line}
    return {name: make(W1.copy(), np.zeros(hidden), W2.copy(), np.zeros(k), x, t) for name, make in sides.items()}


def main(blocks=41, repeats=200):
    rows = []
    for (d, hidden, k), n in SIZES.items():
        steps = rivals(d, hidden, k, n, np.random.default_rng(0))
        for _ in range(50):
            losses = [step() for step in steps.values()]
        np.testing.assert_allclose(*losses, rtol=0, atol=1e-9)
        seconds = take_turns(steps, blocks, repeats)
        micro = [f"{np.median(spent) * 1e6:.1f}" for spent in seconds.values()]
        rows.append((f"{d}-{hidden}-{k}", n, *micro, spread(seconds["nbkit"] / seconds["NumPy"])))
    report("One training step", ("net", "batch", *(f"{name} µs" for name in seconds), "ratio (quartiles)"), rows)


if __name__ == "__main__":
    main()
