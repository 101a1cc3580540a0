"""Exercises of chapter 02: a solution passes, each usual mistake gets a diagnosis of its own, no answer raises."""

import numpy as np
import pytest

from nbkit import Mul, Sub, Variable, check
from nbkit.exercises.core import EXERCISES
from tests.chapter import Chapter, Nasty

CHAPTER = Chapter("02_backward.ipynb")
NAMES = ["02.mul", "02.bill", "02.sub", "02.cube"]


def test_the_chapter_and_the_judges_name_the_same_exercises():
    assert list(CHAPTER.places) == NAMES
    assert {name for name in EXERCISES if name.startswith("02.")} == set(NAMES)


# ---------------------------------------------------------------- mistakes


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


class Forgetful:
    """Keeps its inputs on the class, so that all objects share them."""

    def forward(self, x, y):
        Forgetful.x, Forgetful.y = x, y
        return x * y

    def backward(self, dout):
        return dout * Forgetful.y, dout * Forgetful.x


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


# Each mistake with a word that its diagnosis must contain.
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
        (Forgetful, "share one memory"),
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


@pytest.mark.parametrize(
    ("name", "answer", "word"),
    [
        pytest.param(name, *mistake, id=f"{name}-{number}")
        for name, mistakes in MISTAKES.items()
        for number, mistake in enumerate(mistakes)
    ],
)
def test_a_usual_mistake_is_diagnosed(name, answer, word):
    verdict = check(name, answer)
    assert verdict.state == "wrong", verdict
    assert word in verdict.text


# ---------------------------------------------------------------- other right answers


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("02.mul", Mul),  # nbkit's own, with arrays for numbers
        ("02.mul", product(lambda x, y, dout: [y * dout, x * dout])),
        ("02.sub", Sub),
        ("02.bill", tuple(BILL.values())),
        ("02.bill", BILL | {"total": 604.8}),
        ("02.cube", np.float64(75)),
        ("02.cube", Variable(75)),
    ],
)
def test_other_forms_are_accepted(name, answer):
    assert check(name, answer), check(name, answer)


@pytest.mark.parametrize("name", ["02.mul", "02.sub"])
def test_a_pair_of_dots_is_not_tried(name):
    form = product if name == "02.mul" else difference
    for nothing in (None, ..., (..., ...)):
        assert check(name, form(lambda x, y, dout, nothing=nothing: nothing)).state == "not tried"


# ---------------------------------------------------------------- absurd answers


class Explosive:
    def __init__(self):
        raise KeyError("no")

    def forward(self, x, y):
        return x * y

    def backward(self, dout):
        return dout, dout


RESULTS = [
    "text", "1", b"1", np.nan, np.inf, 1e308, 10**400, True, 1j, [], {}, (), [1, [2, 3]], (None, None), range(4),
    Nasty(), [Nasty(), Nasty()], np.ones((3, 3)), np.array("text"), np.array([2]), Variable(3.0),
    Variable([1.0, 2.0], "x"), (np.ones(2), np.ones(2)), (np.inf, np.nan), {1, 2}, object(), len,
]  # fmt: skip
ABSURD = [
    *RESULTS, print, int, object, type, Nasty, Explosive, lambda: 1, dict.fromkeys(BILL, Nasty()),
    dict.fromkeys(BILL, np.nan), dict.fromkeys(BILL, 10**400), dict.fromkeys(BILL, (1, 2)), {Ellipsis: 1},
    *[product(lambda x, y, dout, result=result: result) for result in RESULTS],
    *[difference(lambda x, y, dout, result=result: result) for result in RESULTS],
    *[product(lambda x, y, dout: (1, 2), forward=lambda self, x, y, result=result: result) for result in RESULTS],
]  # fmt: skip


@pytest.mark.filterwarnings("ignore")  # what NumPy thinks of an absurd answer is not the question
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("answer", ABSURD, ids=map(str, range(len(ABSURD))))
def test_no_answer_makes_a_check_raise(name, answer):
    verdict = check(name, answer)
    assert verdict.state in ("wrong", "not tried")
    assert repr(verdict)
