"""Answers to the exercises of chapter 01: usual mistakes, each with a word of its diagnosis, and right ones."""

import numpy as np

from nbkit import Graph, ReLU, Variable
from nbkit.exercises.kinds import rules_of


def shop(formula, price=250, count=4, coupon=100):
    return formula(Variable(price, "price"), Variable(count, "count"), Variable(coupon, "coupon"))


def bill(p, c, k):
    return p * c - k


MISTAKES = {
    "01.bill": [
        (604.81, "604.81 is not it"),
        (7, "is not it"),
        ([320, 240, 560, 604.8], "one number"),
    ],
    "01.graph": [
        (900, "plain number"),
        (shop(bill, price=0, count=0, coupon=0), "price has the value 0"),
        (shop(bill, count=3), "count has the value 3"),
        (shop(bill, coupon=[100, 100]), "coupon should be one number"),
        (shop(lambda p, c, k: p * c * Variable(1, "tax") - k), "more inputs than the three that are asked for: 'tax'"),
        (shop(lambda p, c, k: p * c * Variable(1) - k), "one without a name"),
        (shop(lambda p, c, k: ReLU()(p * c - k)), "With price 2.5, count 2 and coupon 30 your graph says 0"),
        (shop(lambda p, c, k: p * c - 100), "no input called coupon"),
        (shop(lambda p, c, k: p * 4 - k), "no input called count"),
        (shop(lambda p, c, k: p * c - k + (p - 250) * (p - 10) * (p - 2.5)), "With price 1730"),
        (shop(lambda p, c, k: p * c), "coupon"),
        (shop(lambda p, c, k: p * c * k), "says 100000"),
        ("price", "text"),
    ],
    "01.order": [
        (["+", "apples ×", "oranges ×", "tax ×"], "The + ran"),
        (["apples ×", "oranges ×", "tax ×", "+"], "tax × ran"),
        (["apples ×", "+", "tax ×"], "each once"),
        ("apples ×", "list"),
        (["apples ×", "oranges ×", "+", "+"], "each once"),
        (["+", ..., ..., "apples ×"], "The + ran"),
        ([..., "tax ×", ..., "+"], "tax × ran"),
        (["tax ×", ..., ..., ...], "tax × ran"),
        (["+", ..., ..., ...], "The + ran"),
        ([..., ..., ..., "+"], "tax × ran"),
        ([..., ..., "apples ×", ...], "apples × comes too late"),
        ({"apples ×", "oranges ×", "+", "tax ×"}, "list"),
        ([1, 2, 3, 4], "list"),
    ],
}
RIGHT = {
    "01.bill": [604.8, np.float64(604.8), np.array(604.8), Variable(604.8), (4 * 80 + 2 * 120) * 1.08],
    "01.graph": [
        shop(bill),
        Graph(shop(bill)),
        shop(lambda p, c, k: c * p - k),
        shop(lambda p, c, k: -k + p * c),
        shop(bill, price=250.0, count=np.int64(4), coupon=np.array(100)),
    ],
    "01.order": [
        ["apples ×", "oranges ×", "+", "tax ×"],
        ("oranges ×", "apples ×", "+", "tax ×"),
        np.array(["oranges ×", "apples ×", "+", "tax ×"]),
        ["apples x", "oranges x", "+", "tax x"],
        ["apples *", "oranges*", " + ", "Tax X"],
        ["apples ✕", "oranges ✖", "+", "tax ✕"],
    ],
}
NOT_TRIED = {
    "01.order": [[..., "oranges ×", "+", "tax ×"], ["apples ×", "oranges ×", ..., ...], ["apples ×", None, None, None]]
}
FRUITS = ["apples ×", "oranges ×"]
HOLDS = {"01.order": lambda steps: list(steps) in ([*FRUITS, "+", "tax ×"], [*FRUITS[::-1], "+", "tax ×"])}
BUILT = {"01.graph": lambda mistakes: [(diagnosis, shop(wrong)) for diagnosis, wrong in rules_of(mistakes)]}
