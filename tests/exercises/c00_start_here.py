"""Answers to the exercises of chapter 00: usual mistakes, each with a word of its diagnosis, and right ones."""

import numpy as np


def prints(x):
    print(2 * x)


MISTAKES = {
    "00.number": [
        (150, "one of each"),
        (750, "added first"),
        (300, "Add the other"),
        (100, "Add the other"),
        ("400 yen", "quotes"),
        ("400", "quotes"),
        (7, "is not it"),
        ([400, 1], "one number"),
    ],
    "00.function": [
        (prints, "hands nothing back"),
        (6, "without brackets"),
        (lambda x: x * x, "x times x"),
        (lambda x: x + 2, "adds 2"),
        (lambda x: 4, "whatever x is"),
        (lambda x: 3 * x, "says 15"),
        (lambda x: "2x", "one number"),
        (lambda x, y: 2 * x, "1 argument"),
        ("double", "a function"),
    ],
}
RIGHT = {
    "00.number": [400, 400.0, np.int64(400)],
    "00.function": [lambda x: x + x],
}
