"""Answers to the exercises of chapter 04: usual mistakes, each with a word of its diagnosis, and right ones."""

import numpy as np

from nbkit import Layer, LeakyReLU, ReLU, Sigmoid, Tanh, Variable


def rectified(x):
    return np.maximum(x, 0)


def squashed(x):
    return 1 / (1 + np.exp(-x))


def leaked(x):
    return np.where(x > 0, x, 0.1 * x)


def layer(forward, backward):
    """A class that goes forward by `forward(x)` and back by `backward(x, y, dout)`."""

    class Node:
        def forward(self, x):
            self.x, self.y = x, forward(x)
            return self.y

        def backward(self, dout):
            return backward(self.x, self.y, dout)

    return Node


def relu(backward):
    return layer(rectified, backward)


def sigmoid(backward):
    return layer(squashed, backward)


def leaky(backward):
    return layer(leaked, backward)


def tanh(backward):
    return layer(np.tanh, backward)


def hasty(x, y, dout):
    dout[x <= 0] = 0
    return dout


def in_place(x):
    x[x < 0] = 0
    return x


def forgetful():
    """Make a class that keeps its switches on itself, so that all its objects share them."""

    class Node:
        def forward(self, x):
            Node.on = x > 0
            return rectified(x)

        def backward(self, dout):
            return dout * Node.on

    return Node


def looped(x, dout):
    """ReLU's way back with a loop for one axis only."""
    return np.array([d if value > 0 else 0 for value, d in zip(x, dout, strict=True)])


class Keyword:
    def __init__(self, slope=0.1):
        self.slope = slope

    def forward(self, x, factor=1):
        self.factor = np.where(x > 0, factor, self.slope)
        return x * self.factor

    def backward(self, dout, factor=1):
        return dout * self.factor * factor


class Loops:
    """ReLU number by number, in arrays of any shape."""

    def forward(self, x):
        self.on = [value > 0 for value in x.ravel()]
        return np.reshape([max(value, 0) for value in x.ravel()], x.shape)

    def backward(self, dout):
        return np.reshape([d if on else 0 for d, on in zip(dout.ravel(), self.on, strict=True)], dout.shape)


class Pops:
    def __init__(self):
        self.kept = []

    def forward(self, x):
        self.kept.append(x)
        return leaked(x)

    def backward(self, dout):
        return np.where(self.kept.pop() > 0, dout, 0.1 * dout)


class Mask:
    """ReLU by a mask, in arrays of its own."""

    def forward(self, x):
        self.off, y = x <= 0, x.copy()
        y[self.off] = 0
        return y

    def backward(self, dout):
        dx = dout.copy()
        dx[self.off] = 0
        return dx


class SpoilsOutput:
    def forward(self, x):
        self.y = squashed(x)
        return self.y

    def backward(self, dout):
        dx = dout * self.y * (1 - self.y)
        self.y *= 2
        return dx


class WrongHalf:
    def forward(self, x):
        return rectified(x) if x.ndim < 3 else x

    def backward(self, dout): ...


class Hasty(Layer):
    """The ReLU of the chapter that is to be mended."""

    def forward(self, x):
        self.off = x <= 0
        return np.maximum(x, 0)

    def backward(self, dout):
        dout[self.off] = 0
        return dout


def mended(backward):
    """Return a class that goes back by `backward(off, dout)`."""

    class MendedReLU(Hasty):
        def backward(self, dout):
            return backward(self.off, dout)

    return MendedReLU


def zeroed(off, dx):
    dx[off] = 0
    return dx


def first_in_place(off, dout):
    dx = dout
    dx[off] = 0
    return dx.copy()


class TwiceInGraphs(Hasty):
    """Right alone, and twice as much where a graph sends its ones."""

    def backward(self, dout):
        return np.where(self.off, 0, dout) * (2 if (dout == 1).all() else 1)


def fed(n):
    """The values and slopes of `n` sigmoids in a row, from 0."""
    values, slopes = [0.0], []
    for _layer in range(n):
        values.append(squashed(values[-1]))
        slopes.append(values[-1] * (1 - values[-1]))
    return values, slopes


MISTAKES = {
    "04.relu": [
        (relu(lambda x, y, dout: x > 0), "dout is missing"),
        (relu(hasty), "written into dout"),
        (relu(lambda x, y, dout: dout + (x > 0)), "yours gives [5, −2, −7, 3]"),
        (relu(lambda x, y, dout: dout.sum()), "has shape ()"),
        (relu(lambda x, y, dout: looped(x, dout)), "For x = [["),
        (
            relu(lambda x, y, dout: np.array([d * (v > 0) for d, v in zip(dout, x, strict=True)])[:4]),
            "should have shape",
        ),
        (relu(lambda x, y, dout: dout * (x > 1)), "dx[2] should be 1.245, yours is 0"),
        (relu(lambda x, y, dout: "x"), "backward is text"),
        (relu(lambda x, y, dout: dout if x > 0 else 0), "ValueError"),
        (layer(in_place, lambda x, y, dout: dout * (x > 0)), "written into x"),
        (layer(np.abs, lambda x, y, dout: dout * (x > 0)), "should give [0, 1.5, 0, 3]"),
        (layer(lambda x: x > 0, lambda x, y, dout: dout * y), "yours gives [0, 1, 0, 1]"),
        (layer(lambda x: np.clip(x, 0, 100), lambda x, y, dout: dout * (x > 0)), "yours is 100"),
        (layer(lambda x: np.where(x == 0, 9, rectified(x)), lambda x, y, dout: dout * (x > 0)), "yours gives [9, 9, 1"),
        (relu(lambda x, y, dout: dout * (x / abs(x) + 1) / 2), "yours gives NaN"),
        (relu(lambda x, y, dout: np.where(x == 0, -dout, dout * (x > 0))), "something from 0 to 2, yours gives −2"),
        (relu(lambda x, y, dout: np.clip(dout, -1e3, 1e3) * (x > 0)), "should be −4000, yours is −1000"),
        (relu(lambda x, y, dout: dout * (x > 0) if dout.ndim == 1 else None), "every way through it"),
        (WrongHalf, "For x = [[["),
        (ReLU(), "the class itself"),
    ],
    "04.sigmoid": [
        (sigmoid(lambda x, y, dout: 2 * dout), "yours gives [10"),
        (SpoilsOutput, "what forward has returned"),
        (sigmoid(lambda x, y, dout: np.where(x == 0, 1, dout * y * (1 - y))), "For x = [0, 0, 1, 0]"),
        (sigmoid(lambda x, y, dout: np.where(dout == 0, 1, dout) * y * (1 - y)), "dx[0, 0] should be 0"),
        (layer(lambda x: 1 / (1 + np.exp(x)), lambda x, y, dout: dout * y * (1 - y)), "forward([−2"),
    ],
    "04.leaky": [
        (leaky(lambda x, y, dout: dout * y / x), "something from 0.2 to 2, yours gives NaN"),
        (leaky(lambda x, y, dout: np.where(x == 0, 0, np.where(x > 0, dout, 0.1 * dout))), "0.2 to 2, yours gives 0"),
        (layer(rectified, lambda x, y, dout: dout * (x > 0)), "should give [−0.2, 1.5, −0.05, 3]"),
        (LeakyReLU, "yours gives"),  # its slope is 0.01
        (leaky(lambda x, y, dout: np.where(x[0] > 0, dout, 0.1 * dout)), "yours gives"),
    ],
    "04.tanh": [
        (sigmoid(lambda x, y, dout: dout * (1 - y**2)), "forward([−2"),
    ],
    "04.mend": [
        (Hasty, "still writes into dout"),
        (mended(lambda off, dout: zeroed(off, dout[:])), "only a second name"),
        (mended(first_in_place), "still writes into dout"),
        (mended(lambda off, dout: zeroed(off, dout.reshape(dout.shape))), "still writes into dout"),
        (TwiceInGraphs, "has the slopes −2, 2 at x"),
        (mended(lambda off, dout: np.where(off, 0, dout).sum()), "has shape ()"),
        (mended(lambda off, dout: dout.copy()), "the zeros are gone"),
        (mended(lambda off, dout: np.where(off, 0, 2 * dout)), "yours gives [0, −6, 0, 4]"),
        (Hasty(), "the class itself"),
    ],
    "04.five": [
        (7, "7 is not it"),
        (0.001, "rounded too far"),
        (0.00068, "rounded too far"),
        (np.nan, "finite"),
    ],
}


RIGHT = {
    "04.relu": [
        ReLU,
        relu(lambda x, y, dout: np.where(x >= 0, dout, 0)),  # the other choice at 0
        relu(lambda x, y, dout: list(dout * (y > 0))),
        relu(lambda x, y, dout: tuple(dout * (y > 0))),
        relu(lambda x, y, dout: Variable(dout * (y > 0))),
        layer(lambda x: np.maximum(x, 0).tolist(), lambda x, y, dout: (dout * (x > 0)).tolist()),
        layer(lambda x: Variable(np.maximum(x, 0)), lambda x, y, dout: dout * (x > 0)),
        layer(lambda x: (x + abs(x)) / 2, lambda x, y, dout: dout * (np.sign(x) + 1) / 2),
        Loops,
        Mask,
        relu(lambda x, y, dout: (dout * (y > 0),)),
        relu(lambda x, y, dout: dout * np.heaviside(x, 0.5)),
    ],
    "04.sigmoid": [Sigmoid, sigmoid(lambda x, y, dout: dout * np.exp(-x) / (1 + np.exp(-x)) ** 2)],
    "04.leaky": [
        type("Tenth", (LeakyReLU,), {"__init__": lambda self: LeakyReLU.__init__(self, 0.1)}),
        Keyword,
        Pops,
        layer(lambda x: np.maximum(0.1 * x, x).tolist(), lambda x, y, dout: [*np.where(x > 0, dout, dout / 10)]),
    ],
    "04.tanh": [
        Tanh,
        tanh(lambda x, y, dout: dout / np.cosh(x) ** 2),
        tanh(lambda x, y, dout: (dout * (1 - y * y)).tolist()),
    ],
    "04.mend": [
        mended(lambda off, dout: np.where(off, 0, dout)),
        mended(lambda off, dout: zeroed(off, dout.copy())),
        mended(lambda off, dout: dout * ~off),
        mended(lambda off, dout: dout * (1 - off)),
        mended(lambda off, dout: zeroed(off, np.array(dout))),
        mended(lambda off, dout: dout - dout * off),
        ReLU,
        relu(lambda x, y, dout: Variable(np.where(x > 0, dout, 0))),
        Loops,
    ],
    "04.five": [
        np.float64(np.prod(fed(5)[1])),
        Variable(np.prod(fed(5)[1])),
        {"x": np.prod(fed(5)[1])},  # as Graph.backward returns it
        float(f"{np.prod(fed(5)[1]):.3g}"),
        np.array(np.prod(fed(5)[1])),
    ],
}


def walk(rng):
    """Inputs of one walk: an array of up to three axes, and what arrives on the way back."""
    shape = tuple(rng.integers(1, 5, rng.integers(1, 4)))
    x = rng.normal(0, rng.choice([0.5, 2.0, 8.0]), shape)
    dout = rng.normal(0, rng.choice([3, 3000]), shape)
    return {"make": (), "forward": (np.where(np.abs(x) < 1e-6, 1e-3, x),), "dout": dout}


def far(rng):
    """The same, and now and then far from 0: there an exp would overflow."""
    drawn = walk(rng)
    return drawn | {"forward": (drawn["forward"][0] * rng.choice([1, 1, 5000]),)}


DOMAIN = {"04.relu": far, "04.mend": far, "04.sigmoid": walk, "04.leaky": far, "04.tanh": walk}
