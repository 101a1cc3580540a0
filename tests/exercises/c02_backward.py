"""Answers to the exercises of chapter 02: usual mistakes, each with a word of its diagnosis, and right ones."""

import numpy as np

from nbkit import Mul, Sub, Variable


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


BILL = {"pear": 4.32, "pear count": 86.4, "melon": 2.16, "melon count": 129.6, "tax": 560}


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
        (product(lambda x, y, dout: (dout * y, "x")), "should be numbers"),
        (product(lambda x, y, dout: (y * dout, x * dout), forward=lambda self, x, y: x + y), "should give 200"),
        (product(lambda x, y, dout: (1, 1), forward=lambda self, x, y: [x, y]), "forward should return one number"),
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
        (product(lambda x, y, dout: (dout, -dout)), "should give 900"),
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
        (but(melon_count=17), "Four of five are right. melon count: 17"),
        ({"pear": 4, "pear count": 80, "melon": 2, "melon count": 120, "tax": 560}, "1 of five are right"),
        ((4, 86.4, 2.16, 129.6, 560), "tax is missing"),
        (but(pear=...), "Still open: pear"),
        (but(pear="four"), "one number"),
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
        ((25, 25, 25), "added"),
        (np.nan, "finite"),
        (7, "7 is not it"),
        ("a lot", "one number"),
    ],
}


RIGHT = {
    "02.mul": [
        Mul,  # nbkit's own, with arrays for numbers
        product(lambda x, y, dout: [y * dout, x * dout]),
    ],
    "02.sub": [Sub],
    "02.bill": [BILL, tuple(BILL.values()), BILL | {"total": 604.8}],
    "02.cube": [np.float64(75), Variable(75)],
}
NOT_TRIED = {
    "02.mul": [
        product(lambda x, y, dout: None),
        product(lambda x, y, dout: ...),
        product(lambda x, y, dout: (..., ...)),
    ],
    "02.sub": [
        difference(lambda x, y, dout: None),
        difference(lambda x, y, dout: ...),
        difference(lambda x, y, dout: (..., ...)),
    ],
}
