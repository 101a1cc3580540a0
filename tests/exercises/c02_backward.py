"""Answers to the exercises of chapter 02: usual mistakes, each with a word of its diagnosis, and right ones."""

import numpy as np

from nbkit import Graph, Mul, Sub, Variable
from nbkit.exercises.kinds import rules_of


def product(backward, forward=lambda self, x, y: x * y):
    """A class for × that remembers its inputs and goes back by `backward(x, y, dout)`."""

    class MulLayer:
        def forward(self, x, y):
            self.x, self.y = x, y
            return forward(self, x, y)

        def backward(self, dout):
            return backward(self.x, self.y, dout)

    return MulLayer


def difference(backward):
    return product(backward, forward=lambda self, x, y: x - y)


def forgetful():
    """Make a class that keeps its inputs on itself, so that all its objects share them."""

    class MulLayer:
        def forward(self, x, y):
            MulLayer.x, MulLayer.y = x, y
            return x * y

        def backward(self, dout):
            return dout * MulLayer.y, dout * MulLayer.x

    return MulLayer


class Amnesia:
    def forward(self, x, y):
        return x * y

    def backward(self, dout):
        return dout * self.y, dout * self.x


class Forgets:
    def forward(self, x, y):
        self.x, self.y = x, y
        return x * y

    def backward(self, dout):
        dx, dy = dout * self.y, dout * self.x  # noqa: F841


class Keeps:
    """Keeps what the way back needs in a tuple, and takes more than it must."""

    def __init__(self, name="mine"):
        self.name = name

    def forward(self, x, y, verbose=False):
        self.cache = (x, y)
        return x * y

    def backward(self, dout=1):
        x, y = self.cache
        return np.array([dout * y, dout * x])


class Pops(Forgets):
    """Keeps a stack, and takes off it what it needs."""

    def __init__(self):
        self.kept = []

    def forward(self, x, y):
        self.kept.append((x, y))
        return x * y

    def backward(self, dout):
        x, y = self.kept.pop()
        return dout * y, dout * x


class AddsUp(Forgets):
    total = 0

    def backward(self, dout):
        self.total += dout
        return self.total * self.y, self.total * self.x


class Static:
    @staticmethod
    def forward(x, y):
        return x - y

    @staticmethod
    def backward(dout):
        return dout, -dout


class NoSelf:
    def forward(x, y):
        return x - y

    def backward(dout):
        return dout, -dout


class Named(Sub):
    def __init__(self, name):
        self.name = name


class WrongHalf:
    def forward(self, x, y):
        return abs(x - y)

    def backward(self, dout): ...


BILL = {"pear": 4.32, "pear count": 86.4, "melon": 2.16, "melon count": 129.6, "tax": 560}


_x = Variable(5, "x")
CUBE = Graph(_x * _x * _x).backward()


def but(**wrong):
    return BILL | {name.replace("_", " "): value for name, value in wrong.items()}


MISTAKES = {
    "02.mul": [
        (product(lambda x, y, dout: dout * y), "two numbers"),
        (product(lambda x, y, dout: (dout * y, dout * x, dout)), "these are 3"),
        (product(lambda x, y, dout: (7, 8)), "yours gives (7, 8)"),
        (product(lambda x, y, dout: (dout * y, "x")), "dy is text"),
        (product(lambda x, y, dout: (7.7, ...)), "should give (2.2, ...), dout times the other"),
        (product(lambda x, y, dout: (dout * y, dout * x) if dout else (1, 1)), "dout = 0, dx should be 0"),
        (product(lambda x, y, dout: (dout * y, dout * x) if dout > 0 else None), "every way through it"),
        (product(lambda x, y, dout: (dout * y, dout * x if x < 1e6 else 1)), "x = 7.654e+06"),
        (product(lambda x, y, dout: (y * dout, x * dout), forward=lambda self, x, y: min(x * y, 1e6)), "9.445e+09"),
        (AddsUp, "a second time"),
        (product(lambda x, y, dout: (dout * y, None)), "gives nothing for dy"),
        (product(lambda x, y, dout: (dout * y, dout * abs(x))), "yours gives (−6, −8)"),
        (product(lambda x, y, dout: (dout * round(y), dout * x)), "should give (−1.25, −2.5)"),
        (product(lambda x, y, dout: (dout * y, dout * min(x, 100))), "should be −975"),
        (product(lambda x, y, dout: (y * dout, x * dout), forward=lambda self, x, y: abs(x * y)), "yours gives 15"),
        (Forgets, "backward hands nothing back"),
        (product(lambda x, y, dout: (y * dout, x * dout), forward=lambda self, x, y: x + y), "should give 200"),
        (
            product(lambda x, y, dout: (1, 1), forward=lambda self, x, y: [x, y]),
            "forward's result should be one number",
        ),
        (Amnesia, "AttributeError"),
        (Mul(), "the class itself"),
    ],
    "02.sub": [
        (difference(lambda x, y, dout: (dout, 0)), "yours gives (1.1, 0)"),
        (difference(lambda x, y, dout: dout), "two numbers"),
        (product(lambda x, y, dout: (dout, -dout)), "should give 98"),
        (difference(lambda x, y, dout: np.float16([dout, -dout])), "yours gives (1.09"),
        (NoSelf, "(self, x, y)"),
        (Named, "without arguments"),
        (WrongHalf, "forward should be −7, yours is 7"),
        (
            product(lambda x, y, dout: (dout, -dout), forward=lambda self, x, y: abs(x - y)),
            "should give −7, yours gives 7",
        ),
        (product(lambda x, y, dout: (dout, -dout), forward=lambda self, x, y: y - x), "yours gives −98"),
        (product(lambda x, y, dout: (dout, -abs(dout)), forward=lambda self, x, y: x - y), "yours gives (−2, −2)"),
        (Sub(), "the class itself"),
    ],
    "02.bill": [
        ((4, 86.4, 2.16, 129.6, 560), "tax is missing"),
        (but(pear=86.4, pear_count=4.32), "swaps"),
        (but(tax=17), "17 is not it"),
        (but(tax=560.01), "560.01 is not it"),
        (but(melon_count=17), "Four of five are right. melon count: 17"),
        ({"pear": 4, "pear count": 80, "melon": 2, "melon count": 120, "tax": 560}, "One of five is right"),
        (but(pear=..., melon=2), "Three of five are right. melon has the other input"),
        ({"pear": 4.32}, "no gradient for pear count"),
        (4.32, "a dict"),
    ],
    "02.cube": [
        ({"x": 25}, "one single edge"),
        ((25, 25, 25), "Hand in their sum"),
        ([10, 10, 25], "not all right"),
        ((25, 25, ...), "Hand in one number"),
        ({"x": 75, "y": 0}, "one number"),
        (np.nan, "finite"),
        (7, "7 is not it"),
    ],
}


RIGHT = {
    "02.mul": [
        Mul,  # nbkit's own, with arrays for numbers
        product(lambda x, y, dout: [y * dout, x * dout]),
        product(lambda x, y, dout: (np.float64(y * dout), Variable(x * dout))),
        Keeps,
        Pops,
    ],
    "02.sub": [
        Sub,
        Static,
        difference(lambda x, y, dout: np.array([dout, -dout])),
        difference(lambda x, y, dout: (dout * 1, dout * -1)),
    ],
    "02.bill": [
        BILL,
        tuple(BILL.values()),
        np.array(list(BILL.values())),
        BILL | {"total": 604.8},
        {name: Variable(value) for name, value in BILL.items()},
        {name: np.array(value) for name, value in BILL.items()},
    ],
    "02.cube": [75, 75.0, np.float64(75), np.array(75), Variable(75), CUBE],
}
NOT_TRIED = {
    "02.mul": [
        product(lambda x, y, dout: (..., ...)),
        product(lambda x, y, dout: (dout * y, ...)),
        product(lambda x, y, dout: (..., dout * x)),
    ],
    "02.sub": [
        difference(lambda x, y, dout: (..., ...)),
    ],
    "02.bill": [but(pear=...), but(pear=None, tax=None), (4.32, 86.4, 2.16, 129.6, ...)],
}


def numbers(rng):
    """Draw x, y and dout: of any sign and size, whole or not, 0 now and then, equal now and then."""
    x, y, dout = (rng.normal(size=3) * 10.0 ** rng.integers(-2, 4, 3)).tolist()
    whole = rng.integers(-9, 10, 3).tolist()
    x, y, dout = [(x, y, dout), whole, (whole[0], y, 1), (x, x, dout)][rng.integers(4)]
    return {"make": (), "forward": (x, y), "dout": dout}


DOMAIN = {"02.mul": numbers, "02.sub": numbers}


def bills(mistakes):
    for name, wrong_numbers in mistakes.items():
        for diagnosis, wrong in rules_of(wrong_numbers):
            yield f"Four of five are right. {diagnosis}", BILL | {name: wrong}


BUILT = {"02.bill": bills}
