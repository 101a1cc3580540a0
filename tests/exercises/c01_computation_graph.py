"""Answers to the exercises of chapter 01: usual mistakes, each with a word of its diagnosis, and right ones."""

from nbkit import Variable


def shop(formula):
    price, count, coupon = Variable(250, "price"), Variable(4, "count"), Variable(100, "coupon")
    return formula(price, count, coupon)


MISTAKES = {
    "01.bill": [
        (560, "before tax"),
        (320 * 1.08 + 240, "only one"),
        ((80 + 120) * 6 * 1.08, "added first"),
        (7, "is not it"),
        ("a lot", "one number"),
    ],
    "01.graph": [
        (900, "plain number"),
        (shop(lambda p, c, k: p * c + k), "added"),
        (shop(lambda p, c, k: (p - k) * c), "single piece"),
        (shop(lambda p, c, k: k - p * c), "turned"),
        (shop(lambda p, c, k: p * c), "coupon"),
        (shop(lambda p, c, k: p * c * k), "says 100000"),
        ("price", "text"),
    ],
    "01.order": [
        (["+", "apples ×", "oranges ×", "tax ×"], "The + ran"),
        (["apples ×", "oranges ×", "tax ×", "+"], "tax × ran"),
        (["apples ×", "+", "tax ×"], "each once"),
        ("apples ×", "list"),
    ],
}
RIGHT = {
    "01.bill": [604.8],
    "01.graph": [shop(lambda p, c, k: p * c - k)],
    "01.order": [["apples ×", "oranges ×", "+", "tax ×"]],
}
