"""Answers to the exercises of chapter 12: usual mistakes, each with a word of its diagnosis, and right ones."""

import numpy as np

from nbkit import Layer, Tanh, Variable
from nbkit.bugs import lineup
from nbkit.exercises.kinds import rules_of
from nbkit.gradcheck import check_nodes


def layer(backward, forward=np.tanh):
    """A learner's class: `backward` gets dout, x and y."""

    class SoftSwitch(Layer):
        def forward(self, x):
            self.x, self.y = x, np.tanh(x)
            return forward(x)

        def backward(self, dout):
            return backward(dout, self.x, self.y)

    return SoftSwitch


def in_place(dout, slope):
    dout *= slope
    return dout


def mean(y, t):
    return np.mean(y == t)


def refusing(share, same=lambda y, t: y.shape == t.shape, error=ValueError):
    def accuracy(y, t):
        if not same(y, t):
            raise error("shapes")
        return share(y, t)

    return accuracy


class Adding(Layer):
    """Each backward adds to what the last one has found."""

    def __init__(self):
        self.dx = 0

    def forward(self, x):
        self.y = np.tanh(x)
        return self.y

    def backward(self, dout):
        self.dx = self.dx + dout * (1 - self.y**2)
        return self.dx


class Spoiling(Adding):
    """Writes into the output, which the next layer has as its x."""

    def backward(self, dout):
        self.y **= 2
        return dout * (1 - self.y)


class Shared(Layer):
    """All objects have one memory."""

    def forward(self, x):
        Shared.y = np.tanh(x)
        return Shared.y

    def backward(self, dout):
        return dout * (1 - Shared.y**2)


class First(Layer):
    """Remembers its first walk."""

    def forward(self, x):
        if not hasattr(self, "y"):
            self.y = np.tanh(x)
        return np.tanh(x)

    def backward(self, dout):
        return dout * (1 - self.y**2)


class SlopeOfDots(Adding):
    def backward(self, dout):
        slope = ...
        return dout * slope


def stretched(y, t):
    if y.shape != t.shape:
        ValueError("not the same shape")
    return np.mean(y == t)


def refusal_of_dots(y, t):
    if y.shape != t.shape:
        return ...
    return np.mean(y == t)


def share_of_dots(y, t):
    if y.shape != t.shape:
        raise ValueError
    ...


MISTAKES = {
    "12.mend": [
        (Adding, "when backward is called a second time"),
        (Spoiling, "changed what forward has returned"),
        (Shared, "two by turns"),
        (First, "when the same object is used again"),
        (layer(lambda dout, x, y: np.clip(dout, -1000, 1000) * (1 - y**2)), "dx["),
        (layer(lambda dout, x, y: np.where(dout == 0, 1, dout) * (1 - y**2)), "dx[0, 0] should be 0"),
        (layer(lambda dout, x, y: dout * (1 - y**2) if y.ndim < 4 else dout), "x of shape (2, 3, 3, 4)"),
        (layer(lambda dout, x, y: in_place(dout, 1 - y**2)), "still changes the dout"),
        (layer(lambda dout, x, y: dout * 7), "dx[0, 0] should be 0.7864, yours is 7"),
        (layer(lambda dout, x, y: dout * (1 - np.abs(y) * y)), "dx["),
        (layer(lambda dout, x, y: np.round(dout * (1 - y**2), 2)), "dx["),
        (
            layer(
                lambda dout, x, y: np.reshape(
                    [[d * (1 - v * v) for d, v in zip(*pair, strict=True)] for pair in zip(dout, y, strict=True)],
                    y.shape,
                )
            ),
            "stopped with",
        ),
        (layer(lambda dout, x, y: dout[0]), "backward should return the shape of x"),
        (layer(lambda dout, x, y: "text"), "backward is text"),
        (layer(lambda dout, x, y: [["a"]]), "numbers only"),
        (layer(lambda dout, x, y: in_place(dout, 1 - y)), "still changes the dout"),
        (layer(lambda dout, x, y: dout * (1 - y**2), forward=np.sin), "forward was right"),
        (layer(lambda dout, x, y: dout)(), "Hand in the class itself"),
    ],
    "12.guilty": [
        ({"Blue": "x"}, "Blue is guilty, and not alone"),
        ({"Ebony": "b"}, "Ebony is guilty, and not alone"),
        ({}, "Somebody is guilty"),
        (
            {"Amber": "x", "Blue": "x"},
            "Amber is innocent: this backward agrees with central differences. A wrong gradient",
        ),
        ({"Coral": "x"}, "Coral is innocent: this backward agrees with central differences."),
        ({"Dune": "x"}, "Dune is innocent: this backward agrees with central differences."),
        ({"Amber": "W"}, "arrives there, but from the right"),
        ({"Blue": ..., "Amber": "x"}, "Amber is innocent"),
        ([("Blue", "x")], "Blue is guilty, and not alone"),
        ({"blue": "x"}, "nobody called blue"),
        ({"Blue ": "x"}, "nobody called 'Blue '"),
        ({"Amber": None, "Blue": "x", "Ebony": "W"}, "Ebony: guilty, yes"),
        ({"Fern": "x"}, "Fern is innocent: this backward agrees with central differences."),
        ({"Blue": "x", "Ebony": "W"}, "Ebony: guilty, yes, but the gradient of W is right"),
        ({"Blue": "x", "Ebony": "db"}, "the argument is x, W or b, got 'db'"),
        ({"Tanh": "x"}, "nobody called Tanh"),
        (["Blue", "Ebony"], "Hand in a dict"),
        ({"Blue": 0}, "Hand in a dict"),
        ("Blue", "Hand in a dict"),
    ],
    "12.accuracy": [
        (mean, "compared each with each"),
        (stretched, "compared each with each"),
        (lambda y, t: mean(y, t) if y.shape == t.shape else 0, "t with shape (6,) it says 0, but should raise"),
        (lambda y, t: mean(y, t) if y.shape == t.shape else ValueError("shapes"), "it returns an error"),
        (
            lambda y, t: mean(y, t) if y.shape == t.shape else "shapes differ",
            "returns text 'shapes differ', but should",
        ),
        (refusing(mean, lambda y, t: y.shape[:2] == t.shape[:2]), "should raise a ValueError"),
        (refusing(mean, lambda y, t: y.shape == t.shape or y.shape in ((), (1,))), "should raise a ValueError"),
        (refusing(mean, lambda y, t: y.shape == t.shape or y.size == 0), "should raise a ValueError"),
        (refusing(lambda y, t: mean(y.astype(np.uint8), t.astype(np.uint8))), "the share should be"),
        (refusing(lambda y, t: mean(y.astype(int), t.astype(int))), "the share should be"),
        (refusing(lambda y, t: mean(y[:20], t[:20])), "the share should be"),
        (refusing(lambda y, t: 7), "Yours says 7"),
        (refusing(mean, lambda y, t: len(y) == len(t)), "Their len is the same, their shape is not"),
        (refusing(lambda y, t: mean(y.ravel(), t.ravel()), lambda y, t: y.size == t.size), "lays both out flat"),
        (refusing(mean, error=AssertionError), "python -O"),
        (refusing(mean, lambda y, t: y.ndim == t.ndim), "should raise a ValueError"),
        (refusing(mean, lambda y, t: y.shape == t.shape and y.ndim == 1), "shapes"),
        (lambda y, t: mean(y, t) if y.shape == t.shape else None, "returns nothing"),
        (refusing(mean, lambda y, t: y.ndim == t.ndim and len(y) == len(t)), "(6, 3) it says"),
        (refusing(mean, lambda y, t: y.size == t.size and y.ndim == t.ndim), "should raise a ValueError"),
        (refusing(lambda y, t: (y == t).sum() / len(y)), "by the number of rows"),
        (refusing(mean, error=TypeError), "stops with TypeError. Who calls it should get a ValueError"),
        (refusing(mean, error=IndexError), "stops with IndexError"),
        (refusing(lambda y, t: np.mean(np.abs(y) == np.abs(t))), "the share should be"),
        (refusing(lambda y, t: print(mean(y, t))), "hands nothing back"),
        (0.5, "a function"),
    ],
}


def with_a_copy(dout, x, y):
    dx = dout.copy()
    dx *= 1 - y**2
    return dx


def with_a_default(y, t, words="y and t must have one shape"):
    if y.shape != t.shape:
        raise ValueError(words)
    return np.mean(y == t)


class ShapeError(ValueError):
    pass


def by_assertion_of_its_own(y, t):
    if not y.shape == t.shape:
        raise ShapeError
    return np.count_nonzero(y == t) / np.size(t)


RIGHT = {
    "12.mend": [
        Tanh,
        layer(lambda dout, x, y: dout / np.cosh(x) ** 2),
        layer(with_a_copy),
        layer(lambda dout, x, y: (dout * (1 - y**2)).tolist(), forward=lambda x: np.tanh(x).tolist()),
        layer(lambda dout, x, y: Variable(dout * (1 - y**2))),
        layer(lambda dout, x, y, factor=1: factor * dout * (1 - np.tanh(x) ** 2)),
    ],
    "12.guilty": [
        {"Ebony": "b", "Blue": "x"},
        [("Blue", "x"), ("Ebony", "b")],
        (["Ebony", "b"], ["Blue", "x"]),
        {("Ebony", "b"), ("Blue", "x")},
        {"Amber": None, "Blue": "x", "Coral": None, "Dune": None, "Ebony": "b", "Fern": None},
        {"Blue": ["x"], "Ebony": ("b",)},
        {v.layer.name: error for v, error in check_nodes(lineup()).items()},
    ],
    "12.accuracy": [
        refusing(mean),
        refusing(lambda y, t: (y == t).sum() / y.size),
        refusing(lambda y, t: np.array(mean(y, t))),
        refusing(lambda y, t: float(sum(a == b for a, b in zip(y.ravel(), t.ravel(), strict=True)) / y.size)),
        with_a_default,
        by_assertion_of_its_own,
    ],
}


NOT_TRIED = {
    "12.mend": [SlopeOfDots, layer(lambda dout, x, y: in_place(dout, 1 - x**2))],
    "12.guilty": [{"Blue": ...}, {"Blue": "x", "Ebony": ...}, {"Blue": "x", "Ebony": None}],
    "12.accuracy": [refusal_of_dots, share_of_dots],
}


def walk(rng):
    """A batch, or an array of any other shape, and what comes back to it."""
    shape = tuple(rng.integers(1, 5, rng.integers(0, 4)))
    x = rng.normal(0, 2, shape) if rng.random() < 0.8 else rng.integers(-3, 4, shape)
    return {"forward": (np.asarray(x),), "dout": np.asarray(rng.normal(0, 10.0 ** rng.integers(0, 4), shape))}


def decisions(rng):
    """Decisions and truth of one shape, or of two that differ."""
    shape = tuple(rng.integers(1, 5, rng.integers(1, 4)))
    other = shape
    if rng.random() < 0.4:
        other = shape[::-1] if rng.random() < 0.5 else (*shape, 1) if rng.random() < 0.5 else (*shape[:-1], 1)
    kind = rng.integers(5)
    if kind == 0:
        return rng.random(shape) < 0.5, rng.random(other) < 0.5
    low, high = ((-1, 2), (0, 4), (-900, 900), (-9, 9))[kind - 1]
    y, t = rng.integers(low, high, shape), rng.integers(low, high, other)
    if kind == 4:  # quarters, of which some are nearly alike
        y, t = y / 4 + rng.choice([0, 0, 1e-4], shape), t / 4 + rng.choice([0, 0, 1e-4], other)
    if shape == other:  # a good part of them right
        t = np.where(rng.random(shape) < 0.5, y, t)
    return y, t


DOMAIN = {"12.mend": walk, "12.accuracy": decisions}


def _mended(mistakes):
    return [(diagnosis, layer(wrong)) for diagnosis, wrong in rules_of(mistakes)]


BUILT = {"12.mend": _mended, "12.accuracy": lambda mistakes, **_data: rules_of(mistakes)}
