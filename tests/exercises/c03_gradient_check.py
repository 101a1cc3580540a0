"""Answers to the exercises of chapter 03: usual mistakes, each with a word of its diagnosis, and right ones."""

import numpy as np

from nbkit import Layer, Variable, numerical_gradient
from nbkit.exercises.kinds import rules_of


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


def put_back_nearly(f, x):
    result = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        x[index] += 1e-5
        high = f(x)
        x[index] -= 2e-5
        low = f(x)
        x[index] += 1e-5
        result[index] = (high - low) / 2e-5
    return result


def put_back(f, x):
    """In place, but with the old value kept."""
    x, result = np.array(x, dtype=float), np.zeros(np.shape(x))
    for index in np.ndindex(x.shape):
        old = x[index]
        x[index] = old + 1e-5
        high = f(x)
        x[index] = old - 1e-5
        result[index] = (high - f(x)) / 2e-5
        x[index] = old
    return result


def tiny_forward(f, x):
    """Close enough to pass for central, by numbers alone."""
    result = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        high = x.astype(float)
        high[index] += 1e-7
        result[index] = (f(high) - f(x)) / 1e-7
    return result


def two_loops(f, x):
    result = np.zeros(x.shape)
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            high, low = x.astype(float), x.astype(float)
            high[i, j] += 1e-5
            low[i, j] -= 1e-5
            result[i, j] = (f(high) - f(low)) / 2e-5
    return result


def two_by_three(f, x):
    result = np.zeros((2, 3))
    for i in range(2):
        for j in range(3):
            high, low = x.astype(float), x.astype(float)
            high[i, j] += 1e-5
            low[i, j] -= 1e-5
            result[i, j] = (f(high) - f(low)) / 2e-5
    return result


def flat(f, x):
    """By numbers in a row, each put back into the shape."""
    start = np.array(x, dtype=float).ravel()
    steps = 1e-5 * np.eye(len(start))
    return np.array([f((start + s).reshape(x.shape)) - f((start - s).reshape(x.shape)) for s in steps]).reshape(
        x.shape
    ) / (2e-5)


def flat_into_f(f, x):
    return central(lambda row: f(row), x.ravel()).reshape(x.shape)


def integers_cut_off(f, x):
    result = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        high, low = x.copy(), x.copy()
        high[index] += 1e-5
        low[index] -= 1e-5
        result[index] = (f(high) - f(low)) / 2e-5
    return result


def by_ravel(f, x):
    """Nudges in a row that is x itself only where x lies in memory row by row."""
    x = np.array(x, dtype=float)
    row, result = x.ravel(), np.zeros(x.size)
    for i in range(x.size):
        old = row[i]
        row[i] = old + 1e-5
        high = f(x)
        row[i] = old - 1e-5
        result[i] = (high - f(x)) / 2e-5
        row[i] = old
    return result.reshape(x.shape)


def by_flat(f, x):
    x, result = np.asarray(x, dtype=float), np.zeros(np.shape(x))
    for k in range(x.size):
        high, low = x.copy(), x.copy()
        high.flat[k] += 1e-5
        low.flat[k] -= 1e-5
        result.flat[k] = (f(high) - f(low)) / 2e-5
    return result


def only_right_of_zero(f, x, eps):
    return (f(x + eps) - f(x - eps)) / (2 * eps) if x > 0 else None


def with_memory():
    """Make a function that looks up what it has found at a place, for whatever f."""
    known = {}

    def slope(f, x, eps):
        for at in (x + eps, x - eps):
            known.setdefault(at, f(at))
        return (known[x + eps] - known[x - eps]) / (2 * eps)

    return slope


def in_place(self, dout):
    dout *= 3 * self.x**2
    return dout


class SpoilsOutput(Layer):
    def forward(self, x):
        self.x, self.y = x, 1.0 * x**3
        return self.y

    def backward(self, dout):
        self.y *= 0
        return dout * 3 * self.x**2


class WrongHalf(Layer):
    def forward(self, x):
        return x**3 if x.ndim < 3 else x

    def backward(self, dout): ...


class Pops:
    def __init__(self):
        self.kept = []

    def forward(self, x):
        self.kept.append(x)
        return x**3

    def backward(self, dout):
        return dout * 3 * self.kept.pop() ** 2


MISTAKES = {
    "03.slope": [
        (lambda f, x, e: (f(x + 1e-5) - f(x - 1e-5)) / 2e-5, "its argument eps"),
        (lambda f, x, e: 3 * x**2, "never called f"),
        (lambda f, x, e: f(x), "slope is 3.01"),
        (with_memory(), "For x² − 3x at 1"),
        (only_right_of_zero, "every way through it"),
        (lambda f, x, e: (f(x + max(e, 1e-4)) - f(x - max(e, 1e-4))) / (2 * max(e, 1e-4)), "For sin 2000x"),
        (lambda f, x, e: np.clip((f(x + e) - f(x - e)) / (2 * e), -100, 100), "slope is 580000. Yours says 100"),
        (lambda f, x, e: (f(x + e) - f(x - e)) / (2 * e) * x, "For x⁴ at 2 with eps = 0.5"),
        (lambda f, x, e: (f(x + e * x) - f(x - e * x)) / (2 * e * x), "at 0"),
        (lambda f, x, e: abs(f(x + e) - f(x - e)) / (2 * e), "For 1/x at 0.256 with eps = 0.053"),
        (lambda f, x, e: print((f(x + e) - f(x - e)) / (2 * e)), "hands nothing back"),
        (3.01, "a function"),
    ],
    "03.gradient": [
        (all_at_once, "at once: this is the sum"),
        (lambda f, x: np.full(x.shape, all_at_once(f, x)), "so each got the sum"),
        (by_row, "whole row"),
        (by_row_into_array, "whole row"),
        (same_array, "no copy"),
        (lambda f, x: central(f, x).ravel(), "their shape is"),
        (lambda f, x: np.zeros(5) + f(x), "has (5,)"),
        (lambda f, x: 2 * x, "never called f"),
        (put_back_nearly, "only nearly"),
        (tiny_forward, "one side only"),
        (two_loops, "stopped with IndexError"),
        (two_by_three, "stopped with IndexError"),
        (flat_into_f, "gives it one of shape (6,)"),
        (one_sided, "not to one"),
        (left_nudged, "has changed x"),
        (integers_cut_off, "wrong for x of integers"),
        (by_ravel, "should be 44.66, yours is 0"),
        (lambda f, x: central(f, x, 0.1), "Is eps 1e-5"),
        (lambda f, x: np.clip(central(f, x), -1e3, 1e3), "yours is 1000"),
        (lambda f, x: central(f, x) + 1, "at (0, 0)"),
    ],
    "03.cube": [
        (cube(in_place), "changed the dout"),
        (cube(lambda self, dout: dout * 3 * abs(self.x) * self.x), "gradient check says"),
        (cube(Cube.backward, lambda self, x: x**2), "forward comes first"),
        (cube(Cube.backward, lambda self, x: 3 * x**2), "for x = 1 it should give 1, yours gives 3"),
        (cube(Cube.backward, lambda self, x: abs(x) ** 3), "for x = −2 it should give −8, yours gives 8"),
        (cube(Cube.backward, lambda self, x: 27.0), "yours has ()"),
        (cube(Cube.backward, lambda self, x: {}["no"]), "Your code stopped"),
        (cube(lambda self, dout: np.where(dout == 0, 1, dout) * 3 * self.x**2), "dx[2] should be 0"),
        (cube(lambda self, dout: np.clip(dout * 3 * self.x**2, -1e5, 1e5)), "yours is −100000"),
        (cube(lambda self, dout: dout * 3 * self.x**2 if (self.x > 0).any() else dout), "For x = [−1.24]"),
        (SpoilsOutput, "what forward has returned"),
        (WrongHalf, "forward[0, 0, 0] should be"),
        (lambda x: x**3, "Hand in the class"),
        (27, "Hand in the class"),
    ],
    "03.cost": [
        ((26, 2), "26 is not it"),
        ((2000, 3), "how many walks"),
        ((..., 1), "forward once"),
        ((1000, ...), "to the right and to the left"),
        (2000, "two numbers"),
        ((2000, 2, 2), "two numbers"),
        ((2000.5, 2), "2000.5 is not it"),
    ],
}


class Plain:
    """No Layer of nbkit."""

    def forward(self, x):
        self.x = x
        return x * x * x

    def backward(self, dout):
        return dout * 3 * self.x * self.x


def nudged(f, x, eps, sides=2):
    right, left = f(x + eps), f(x - eps)
    return np.array([(right - left) / (sides * eps)])


RIGHT = {
    "03.slope": [
        lambda f, x, eps: 0.5 / eps * (f(x + eps) - f(x - eps)),
        lambda f, x, eps: ((f(x + eps) - f(x)) / eps + (f(x) - f(x - eps)) / eps) / 2,
        lambda f, x, eps: Variable((f(x + eps) - f(x - eps)) / (2 * eps)),
        nudged,
    ],
    "03.gradient": [
        central,
        lambda f, x: central(f, x, 1e-4),
        lambda f, x: central(f, x).tolist(),
        lambda f, x: Variable(central(f, x)),
        put_back,
        flat,
        by_flat,
        lambda f, x: central(f, x).astype(object),
        lambda f, x: numerical_gradient(f, x),
    ],
    "03.cube": [
        Cube,
        Cube(),
        Plain,
        Plain(),
        Pops,
        cube(lambda self, dout: (dout * 3 * self.x * self.x,)),
        cube(lambda self, dout: np.asarray(dout * 3 * self.x**2).tolist()),
    ],
    "03.cost": [
        [2000, 2],
        np.array([2000, 2]),
        (2e3, np.int64(2)),
        {"nudging": 2000, "reverse": Variable(2)},
        {"reverse": 2, "nudging": 2000},
    ],
}
NOT_TRIED = {
    "03.cost": [(..., ...), (2000, ...), (None, 2)],
}


def smooth(rng):
    """Draw a smooth function of a number."""
    a, b, c = rng.normal(size=3)
    return [lambda x: a * x**3 + b * x * x + c, lambda x: a * np.sin(b * x) + c * x, lambda x: np.exp(0.3 * a * x) - b][
        rng.integers(3)
    ]


def surface(rng):
    """Draw a smooth function of an array of any shape, to one number."""
    a, b = rng.normal(size=2)
    return lambda x: float(np.sum(np.sin(a * np.arange(np.size(x)).reshape(np.shape(x)) + x)) + b * np.sum(x * x))


def some_array(rng):
    shape = tuple(rng.integers(1, 4, rng.integers(0, 4)))
    return rng.integers(-5, 6, shape) if rng.integers(3) == 0 else rng.normal(size=shape) * 2


DOMAIN = {
    "03.slope": lambda rng: (smooth(rng), rng.normal() * 3, 10.0 ** rng.uniform(-2, 0.4)),
    "03.gradient": lambda rng: (surface(rng), some_array(rng)),
    "03.cube": lambda rng: {
        "forward": ((x := some_array(rng)),),
        "dout": rng.normal(size=x.shape) * 10.0 ** rng.integers(0, 5),
    },
}


def _gradients(mistakes):
    for diagnosis, wrong in rules_of(mistakes):
        yield diagnosis, lambda f, x, wrong=wrong: wrong(numerical_gradient(f, x))


def _cubes(mistakes):
    for diagnosis, wrong in rules_of(mistakes):
        yield diagnosis, cube(lambda self, dout, wrong=wrong: wrong(dout, self.x, self.x**3))


BUILT = {"03.slope": rules_of, "03.gradient": _gradients, "03.cube": _cubes}
