"""Answers to the exercises of chapter 02: usual mistakes, each with a word of its diagnosis, and right ones."""

import numpy as np

from nbkit import Graph, Mul, Sub, Variable


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


class OneWay:
    def forward(self, x, y):
        return x * y


class Narrow:
    def forward(self, x):
        return x

    def backward(self, dout):
        return dout, dout


class NoDout:
    def forward(self, x, y):
        return x * y

    def backward(self):
        return 1, 1


class Forgets:
    def forward(self, x, y):
        self.x, self.y = x, y
        return x * y

    def backward(self, dout):
        dx, dy = dout * self.y, dout * self.x  # noqa: F841


class Prints(Forgets):
    def backward(self, dout):
        print(dout * self.y, dout * self.x)


class ForgetsForward:
    def forward(self, x, y):
        x - y

    def backward(self, dout):
        return dout, -dout


class OnlyBackward(ForgetsForward):
    def forward(self, x, y): ...


class OnlyForward:
    def forward(self, x, y):
        return x - y

    def backward(self, dout): ...


class Empty(OnlyForward):
    def forward(self, x, y):
        pass


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


class Named(OnlyForward):
    def __init__(self, name):
        self.name = name


class WrongHalf(OnlyForward):
    def forward(self, x, y):
        return abs(x - y)


class Unwritten(OnlyForward):
    def backward(self, dout):
        raise NotImplementedError


BILL = {"pear": 4.32, "pear count": 86.4, "melon": 2.16, "melon count": 129.6, "tax": 560}


_x = Variable(5, "x")
CUBE = Graph(_x * _x * _x).backward()


def but(**wrong):
    return BILL | {name.replace("_", " "): value for name, value in wrong.items()}


MISTAKES = {
    "02.mul": [
        (product(lambda x, y, dout: (dout * x, dout * y)), "swaps"),
        (product(lambda x, y, dout: (y, x)), "dout is missing"),
        (product(lambda x, y, dout: (x, y)), "neither swapped"),
        (product(lambda x, y, dout: (dout, dout)), "what + does"),
        (product(lambda x, y, dout: (dout + y, dout + x)), "multiplied"),
        (product(lambda x, y, dout: (dout * x * y, dout * x * y)), "leave out"),
        (product(lambda x, y, dout: (dout * y, x)), "second forgot dout"),
        (product(lambda x, y, dout: (y, dout * x)), "first forgot dout"),
        (product(lambda x, y, dout: dout * y), "two numbers"),
        (product(lambda x, y, dout: (dout * y, dout * x, dout)), "these are 3"),
        (product(lambda x, y, dout: (7, 8)), "yours gives (7, 8)"),
        (product(lambda x, y, dout: (dout * y, "x")), "dy is text"),
        (product(lambda x, y, dout: (7.7, ...)), "should give dx = 2.2, yours is 7.7"),
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
        (Prints, "backward hands nothing back"),
        (product(lambda x, y, dout: (y * dout, x * dout), forward=lambda self, x, y: x + y), "should give 200"),
        (
            product(lambda x, y, dout: (1, 1), forward=lambda self, x, y: [x, y]),
            "forward's result should be one number",
        ),
        (Amnesia, "AttributeError"),
        (OneWay, "no backward"),
        (Narrow, "(self, x, y)"),
        (NoDout, "(self, dout)"),
        (Mul(), "the class itself"),
        (lambda dout: dout, "a class"),
        ((2.2, 110), "a class"),
    ],
    "02.sub": [
        (difference(lambda x, y, dout: (dout, dout)), "falls"),
        (difference(lambda x, y, dout: (-dout, dout)), "changed places"),
        (difference(lambda x, y, dout: (-dout, -dout)), "first one needs no minus"),
        (difference(lambda x, y, dout: (1, -1)), "dout is missing"),
        (difference(lambda x, y, dout: (1, 1)), "so is the minus"),
        (difference(lambda x, y, dout: (dout * y, -dout * x)), "slope of ×"),
        (difference(lambda x, y, dout: (dout * y, dout * x)), "backward of ×"),
        (difference(lambda x, y, dout: (dout * x, -dout * y)), "play no part"),
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
        (ForgetsForward, "forward hands nothing back"),
        (Sub(), "the class itself"),
    ],
    "02.bill": [
        (but(pear=4), "tax is missing"),
        (but(pear_count=80), "tax is missing"),
        (but(pear=1.08), "not yet multiplied"),
        (but(pear=86.4, pear_count=4.32), "swaps"),
        (but(melon=120), "its own value"),
        (but(melon=2 * 120 * 1.08), "both inputs"),
        (but(melon=2 + 1.08), "multiplied"),
        (but(melon=2 * 560), "560 goes to the tax"),
        (but(melon=2 * 604.8), "whole bill"),
        (but(tax=1.08), "tax got itself"),
        (but(tax=604.8), "604.8 is the bill"),
        (but(tax=1), "still to be multiplied"),
        (but(tax=17), "17 is not it"),
        (but(tax=560.01), "560.01 is not it"),
        (but(melon_count=17), "Four of five are right. melon count: 17"),
        ({"pear": 4, "pear count": 80, "melon": 2, "melon count": 120, "tax": 560}, "One of five is right"),
        ((4, 86.4, 2.16, 129.6, 560), "tax is missing"),
        (but(pear=..., melon=2), "Three of five are right. melon has the other input"),
        (but(pear="four"), "pear is text"),
        (but(tax="560"), "tax is text"),
        (but(pear=True), "pear should be one number"),
        ({"pear": 4.32}, "no gradient for pear count"),
        (4.32, "a dict"),
    ],
    "02.cube": [
        (25, "one single edge"),
        (50, "third edge"),
        (125, "value of"),
        (15625, "we *add*"),
        (625, "there are three"),
        (10, "gradient of x·x"),
        (35, "still be multiplied"),
        (15, "3 × 5"),
        (3, "number of paths"),
        ((25, 25, 25), "Hand in their sum"),
        ([10, 10, 25], "not all right"),
        ((25, 25, ...), "Hand in one number"),
        ({"x": 25}, "one single edge"),
        ({"x": 75, "y": 0}, "one number"),
        ("75", "is text"),
        (True, "one number"),
        (np.nan, "finite"),
        (7, "7 is not it"),
        ("a lot", "is text"),
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
        product(lambda x, y, dout: ...),
        product(lambda x, y, dout: (..., ...)),
        product(lambda x, y, dout: (dout * y, ...)),
        product(lambda x, y, dout: (..., dout * x)),
    ],
    "02.sub": [
        difference(lambda x, y, dout: ...),
        difference(lambda x, y, dout: (..., ...)),
        OnlyForward,
        OnlyBackward,
        Empty,
        Unwritten,
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
