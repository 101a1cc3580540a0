"""Answers to the exercises of chapter 03: usual mistakes, each with a word of its diagnosis, and right ones."""

import numpy as np

from nbkit import Layer


class Cube(Layer):
    def forward(self, x):
        self.x = x
        return x**3

    def backward(self, dout):
        return dout * 3 * self.x**2


def cube(backward, forward=None):
    """A Cube with another backward, a function of (self, dout)."""
    changes = {"backward": backward} | ({"forward": forward} if forward else {})
    return type("Cube", (Cube,), changes)


def central(f, x, eps=1e-5):
    x = np.array(x, dtype=float)
    result = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        high, low = x.copy(), x.copy()
        high[index] += eps
        low[index] -= eps
        result[index] = (f(high) - f(low)) / (2 * eps)
    return result


def all_at_once(f, x):
    return (f(x + 1e-5) - f(x - 1e-5)) / 2e-5


def by_row(f, x):
    rows = []
    for i in range(len(x)):
        high, low = x.copy(), x.copy()
        high[i] += 1e-5
        low[i] -= 1e-5
        rows.append((f(high) - f(low)) / 2e-5)
    return np.array(rows)


def by_row_into_array(f, x):
    return np.zeros_like(x) + by_row(f, x)[:, None]


def one_sided(f, x):
    result = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        high = x.astype(float)
        high[index] += 1e-5
        result[index] = (f(high) - f(x)) / 1e-5
    return result


def left_nudged(f, x):
    result = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        x[index] += 1e-5
        high = f(x)
        x[index] -= 2e-5
        result[index] = (high - f(x)) / 2e-5
    return result


def same_array(f, x):
    result = np.zeros(x.shape)
    x = x.astype(float)
    for index in np.ndindex(x.shape):
        high, low = x, x
        high[index] += 1e-5
        low[index] -= 1e-5
        result[index] = (f(high) - f(low)) / 2e-5
    return result


def integers_cut_off(f, x):
    result = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        high, low = x.copy(), x.copy()
        high[index] += 1e-5
        low[index] -= 1e-5
        result[index] = (f(high) - f(low)) / 2e-5
    return result


def in_place(self, dout):
    dout *= 3 * self.x**2
    return dout


MISTAKES = {
    "03.slope": [
        (lambda f, x, e: (f(x + e) - f(x)) / e, "forward difference"),
        (lambda f, x, e: (f(x) - f(x - e)) / e, "left only"),
        (lambda f, x, e: f(x + e) - f(x - e), "2 eps apart"),
        (lambda f, x, e: (f(x + e) - f(x - e)) / e, "Twice too large"),
        (lambda f, x, e: (f(x + e) - f(x - e)) / 2, "not by eps"),
        (lambda f, x, e: (f(x + e) - f(x - e)) / 2 * e, "multiplies by eps"),
        (lambda f, x, e: f(x + e) - f(x - e) / (2 * e), "difference into brackets"),
        (lambda f, x, e: f(x + e) - f(x - e) / 2 * e, "twice"),
        (lambda f, x, e: (f(x - e) - f(x + e)) / (2 * e), "sign is turned"),
        (lambda f, x, e: (f(x - e) + f(x + e)) / (2 * e), "added"),
        (lambda f, x, e: (f(x + e / 2) - f(x - e / 2)) / e, "half a nudge"),
        (lambda f, x, e: (f(x + 1e-5) - f(x - 1e-5)) / 2e-5, "its argument eps"),
        (lambda f, x, e: 3 * x**2, "never called f"),
        (lambda f, x, e: f(x), "slope is 3.01"),
        (lambda f, x: f(x), "3 arguments"),
        (3.01, "a function"),
    ],
    "03.gradient": [
        (all_at_once, "at once: this is the sum"),
        (lambda f, x: np.full(x.shape, all_at_once(f, x)), "so each got the sum"),
        (by_row, "whole row"),
        (by_row_into_array, "whole row"),
        (lambda f, x: central(f, x).ravel(), "their shape is"),
        (lambda f, x: np.zeros(5), "has (5,)"),
        (one_sided, "not to one"),
        (left_nudged, "has changed x"),
        (same_array, "no copy"),
        (integers_cut_off, "wrong for x of integers"),
        (lambda f, x: 2 * central(f, x), "Twice too large"),
        (lambda f, x: -central(f, x), "sign is turned"),
        (lambda f, x: 2e-5 * central(f, x), "Divide by the distance"),
        (lambda f, x: central(f, x) + 1, "at (0, 0)"),
        (lambda f, x: "text", "array of numbers"),
    ],
    "03.cube": [
        (cube(lambda self, dout: 3 * self.x**2), "ignores dout"),
        (cube(lambda self, dout: dout * 3 * self.x), "not by two"),
        (cube(lambda self, dout: dout * self.x**2), "3 is missing"),
        (cube(lambda self, dout: dout * 3 * self.x**3), "has to fall"),
        (cube(lambda self, dout: dout * 2 * self.x), "derivative of x²"),
        (cube(lambda self, dout: dout + 3 * self.x**2), "was added"),
        (cube(lambda self, dout: 3 * dout**2), "self.x"),
        (cube(lambda self, dout: dout * self.x**3), "times the output"),
        (cube(lambda self, dout: dout), "unchanged"),
        (cube(in_place), "changed the dout"),
        (cube(lambda self, dout: dout * 3 * abs(self.x) * self.x), "gradient check says"),
        (cube(lambda self, dout: None), "returns nothing yet"),
        (cube(Cube.backward, lambda self, x: x**2), "forward comes first"),
        (cube(Cube.backward, lambda self, x: 27.0), "shape ()"),
        (cube(Cube.backward, lambda self, x: {}["no"]), "Your code stopped"),
        (lambda x: x**3, "Hand in the class"),
        (27, "Hand in the class"),
    ],
    "03.cost": [
        ((2, 2000), "changed places"),
        ((1001, 2), "one-sided"),
        ((1000, 2), "to the right and to the left"),
        ((2001, 2), "no + 1"),
        ((26, 2), "26 is not it"),
        ((2000, 1), "forward once"),
        ((2000, 1000), "does not care"),
        ((2000, 3), "how many walks"),
        (2000, "two numbers"),
        (("many", 2), "one number"),
    ],
}


class Stub(Layer):
    def forward(self, x): ...

    def backward(self, dout): ...


RIGHT = {
    "03.slope": [lambda f, x, eps: 0.5 / eps * (f(x + eps) - f(x - eps))],
    "03.gradient": [central, lambda f, x: central(f, x, 1e-4), lambda f, x: central(f, x).tolist()],
    "03.cube": [Cube, Cube(), cube(lambda self, dout: (dout * 3 * self.x * self.x,))],
    "03.cost": [[2000, 2]],
}
NOT_TRIED = {"03.cube": [Stub], "03.cost": [(..., ...)]}
