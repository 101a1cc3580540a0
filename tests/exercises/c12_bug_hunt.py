"""Answers to the exercises of chapter 12: usual mistakes, each with a word of its diagnosis, and right ones."""

import numpy as np

from nbkit import Layer, Tanh


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


MISTAKES = {
    "12.mend": [
        (layer(lambda dout, x, y: in_place(dout, 1 - y**2)), "still changes the dout"),
        (layer(lambda dout, x, y: dout * (1 - x**2)), "1 − y², not 1 − x²"),
        (layer(lambda dout, x, y: dout * (1 - y)), "square is missing"),
        (layer(lambda dout, x, y: dout * y**2), "1 *minus* y²"),
        (layer(lambda dout, x, y: dout * (y**2 - 1)), "sign is turned"),
        (layer(lambda dout, x, y: dout * y * (1 - y)), "slope of the sigmoid"),
        (layer(lambda dout, x, y: dout * (1 - np.tanh(y) ** 2)), "taken twice"),
        (layer(lambda dout, x, y: dout), "goes back unchanged"),
        (layer(lambda dout, x, y: 1 - y**2), "not multiplied by dout"),
        (layer(lambda dout, x, y: dout * 7), "yours gives 7"),
        (layer(lambda dout, x, y: None), "backward returns nothing"),
        (layer(lambda dout, x, y: dout[0]), "backward should return the shape of x"),
        (layer(lambda dout, x, y: "text"), "array of numbers"),
        (layer(lambda dout, x, y: dout * (1 - y**2), forward=np.sin), "forward was right"),
        (layer(lambda dout, x, y: dout, forward=lambda x: None), "forward returns nothing"),
        (layer(lambda dout, x, y: dout)(), "Hand in the class itself"),
        (np.tanh, "a class with forward and backward"),
    ],
    "12.guilty": [
        ({"Blue": "x"}, "Blue is guilty, and not alone"),
        ({"Ebony": "b"}, "Ebony is guilty, and not alone"),
        ({}, "Somebody is guilty"),
        (
            {"Amber": "x", "Blue": "x"},
            "Amber is innocent: this backward agrees with central differences. A wrong gradient",
        ),
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
        (refusing(lambda y, t: (y == t).sum()), "how many are right"),
        (refusing(lambda y, t: 100 * mean(y, t)), "in percent"),
        (refusing(lambda y, t: np.mean(y != t)), "share of the *wrong*"),
        (refusing(lambda y, t: np.sum(y != t)), "how many are wrong"),
        (refusing(lambda y, t: 7), "Yours says 7"),
        (refusing(mean, lambda y, t: len(y) == len(t)), "Their len is the same, their shape is not"),
        (refusing(lambda y, t: mean(y.ravel(), t.ravel()), lambda y, t: y.size == t.size), "lays both out flat"),
        (refusing(mean, error=AssertionError), "python -O"),
        (refusing(mean, lambda y, t: y.ndim == t.ndim), "should raise a ValueError"),
        (refusing(mean, lambda y, t: y.shape == t.shape and y.ndim == 1), "shapes"),
        (lambda y, t: mean(y, t) if y.shape == t.shape else None, "returns nothing"),
        (lambda y: 1, "take 2 arguments"),
        (0.5, "a function"),
    ],
}


def with_a_copy(dout, x, y):
    dx = dout.copy()
    dx *= 1 - y**2
    return dx


RIGHT = {
    "12.mend": [Tanh, layer(lambda dout, x, y: dout / np.cosh(x) ** 2), layer(with_a_copy)],
    "12.guilty": [{"Ebony": "b", "Blue": "x"}],
    "12.accuracy": [refusing(mean), refusing(lambda y, t: (y == t).sum() / y.size)],
}
