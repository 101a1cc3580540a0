"""Exercises of chapter 13: a solution passes, each usual mistake gets a diagnosis of its own, no answer raises."""

import numpy as np
import pytest

from nbkit import Graph, Variable, check
from nbkit.exercises.core import EXERCISES
from tests.chapter import Chapter, Nasty

CHAPTER = Chapter("13_from_layers_to_autodiff.ipynb")
NAMES = ["13.divide", "13.skip", "13.walks", "13.levels"]
OWN = ("class AddLayer", "class MulLayer", "class MyVariable", "def record", "def order_of", "def backward")


def cells_of_the_learner():
    """The cells in which the chapter builds its Variable, by their first line."""
    code = [cell.source for cell in CHAPTER.cells if cell.cell_type == "code"]
    found = {start: [source for source in code if source.startswith(start)] for start in OWN}
    assert all(len(sources) == 1 for sources in found.values())
    return [sources[0] for sources in found.values()]


def own():
    namespace = {}
    exec("\n".join(cells_of_the_learner()), namespace)
    return namespace


def test_the_chapter_and_the_judges_name_the_same_exercises():
    assert list(CHAPTER.places) == NAMES
    assert {name for name in EXERCISES if name.startswith("13.")} == set(NAMES)


# ---------------------------------------------------------------- the learner's Variable


def test_it_has_not_quite_thirty_lines():
    lines = [line for source in cells_of_the_learner()[2:] for line in source.splitlines() if line.strip()]
    assert len(lines) == 29


def test_it_agrees_with_nbkit():
    mine = own()
    x, y, z = (mine["MyVariable"](v) for v in (1.5, -2.0, 0.5))
    made = (x * y + z) * (x + x * z) * 3.0 + y
    mine["backward"](made)
    twins = [Variable(v, name) for v, name in ((1.5, "x"), (-2.0, "y"), (0.5, "z"))]
    a, b, c = twins
    twin = (a * b + c) * (a + a * c) * 3.0 + b
    Graph(twin).backward()
    assert made.value == pytest.approx(float(twin.value), rel=1e-15)
    assert [v.grad for v in (x, y, z)] == pytest.approx([float(v.grad) for v in twins], rel=1e-14)


# ---------------------------------------------------------------- mistakes


def layer(dx, dy, forward=lambda x, y: x / y):
    """A division whose backward returns what two functions of (x, y, dout) say."""

    class DivLayer:
        def forward(self, x, y):
            self.x, self.y = x, y
            return forward(x, y)

        def backward(self, dout):
            return dx(self.x, self.y, dout), dy(self.x, self.y, dout)

    return DivLayer


def right_dx(x, y, dout):
    return dout / y


def right_dy(x, y, dout):
    return -dout * x / y**2


RIGHT = layer(right_dx, right_dy)
MY = own()


def divisible(method):
    return type("Divisible", (MY["MyVariable"],), {"__truediv__": method})


GOOD = divisible(lambda self, other: MY["record"](RIGHT(), self, other))


class OneGradient(RIGHT):
    def backward(self, dout):
        return dout / self.y


class NoBackward:
    def forward(self, x, y):
        return x / y


class Fixed:
    def forward(self, x, y):
        return x / y

    def backward(self, dout):
        return dout / 4, -dout * 6 / 16


SHARED = RIGHT()


def divided(cls, variable=GOOD):
    return {"layer": cls, "variable": variable}


def skip(function):
    """A skip connection whose backward is a function of (the object, dout)."""

    class Skip:
        def __init__(self, layer):
            self.layer = layer

        def forward(self, x):
            self.x = x
            return self.layer.forward(x) + x

        def backward(self, dout):
            return function(self, dout)

    return Skip


def in_place(self, dout):
    dout += self.layer.backward(dout.copy())
    return dout


class OtherForward(skip(lambda self, dout: self.layer.backward(dout) + dout)):
    def forward(self, x):
        return self.layer.forward(x)


MISTAKES = {
    "13.divide": [
        (divided(layer(right_dx, lambda x, y, d: d * x / y**2)), "wrong sign"),
        (divided(layer(right_dx, lambda x, y, d: -d * x / y)), "the square"),
        (divided(layer(right_dx, lambda x, y, d: -d / y**2)), "x is missing"),
        (divided(layer(right_dx, lambda x, y, d: -d * x * x / y**2)), "one x too many"),
        (divided(layer(right_dx, lambda x, y, d: d / x)), "names swapped"),
        (divided(layer(lambda x, y, d: d * y, lambda x, y, d: d * x)), "product"),
        (divided(layer(lambda x, y, d: d, lambda x, y, d: -d)), "difference"),
        (divided(layer(lambda x, y, d: 1 / y, lambda x, y, d: -x / y**2)), "`dout` is not in them"),
        (divided(layer(lambda x, y, d: 1 / y, right_dy)), "missing in the gradient of x"),
        (divided(layer(right_dx, lambda x, y, d: -x / y**2)), "missing in the gradient of y"),
        (divided(layer(right_dy, right_dx)), "wrong order"),
        (divided(layer(lambda x, y, d: d * y, lambda x, y, d: -d * x * y**2)), "not multiplied"),
        (divided(layer(lambda x, y, d: 7, right_dy)), "yours returns 7"),
        (divided(layer(right_dx, right_dy, lambda x, y: y / x)), "6 / 4 is 1.5, yours gives 0.6667"),
        (divided(OneGradient), "two gradients"),
        (divided(NoBackward), "has no backward"),
        (divided(Fixed), "wrong for 3 / 2"),
        (divided(RIGHT()), "class itself"),
        (divided(RIGHT, MY["MyVariable"]), "no __truediv__"),
        (divided(RIGHT, GOOD(3.0)), "class itself"),
        (divided(RIGHT, divisible(lambda self, other: self.value / other.value)), "remembers nothing"),
        (divided(RIGHT, divisible(lambda self, other: MY["record"](RIGHT(), other, self))), "right order"),
        (divided(RIGHT, divisible(lambda self, other: type(self)(self.value / other.value))), "remember its layer"),
        (divided(RIGHT, divisible(lambda self, other: MY["record"](SHARED, self, other))), "share one layer"),
        (divided(RIGHT, divisible(lambda self, other: type(self)(self.value / other.value, RIGHT(), [self, other]))),
         "stopped with AttributeError"),
        (RIGHT, "Hand in both"),
    ],
    "13.skip": [
        (skip(lambda self, dout: self.layer.backward(dout)), "Only the way through"),
        (skip(lambda self, dout: dout), "Only the shortcut"),
        (skip(lambda self, dout: self.layer.backward(dout) + 1), "not 1"),
        (skip(lambda self, dout: self.layer.backward(dout) * dout), "multiplied"),
        (skip(lambda self, dout: self.layer.backward(dout) - dout), "added in forward"),
        (skip(lambda self, dout: self.layer.backward(dout) + self.x), "`dout`, not x"),
        (skip(lambda self, dout: self.layer.backward(self.x) + self.x), "computed from x"),
        (skip(lambda self, dout: self.layer.backward(self.x) + dout), "should be given `dout`, not x"),
        (skip(lambda self, dout: 2 * self.layer.backward(dout)), "Twice through the layer"),
        (skip(lambda self, dout: (self.layer.backward(dout) + dout) / 2), "not averaged"),
        (skip(lambda self, dout: self.layer.backward(self.layer.backward(dout) + dout)), "One walk through"),
        (skip(lambda self, dout: 6.0 + 0 * dout), "multiply by `dout`"),
        (skip(lambda self, dout: 6 * dout), "never asked"),
        (skip(lambda self, dout: [self.layer.backward(dout), 6 * dout][1]), "not for tanh"),
        (skip(in_place), "changes the dout"),
        (skip(lambda self, dout: (self.layer.backward(dout), dout)), "Add the shares"),
        (skip(lambda self, dout: 7 * dout), "yours is 3.5, −14, 7"),
        (skip(lambda self, dout: "text"), "one array of numbers"),
        (OtherForward, "f(x) + x"),
        (lambda layer: None, "class itself"),
    ],
    "13.walks": [
        ((26, 2), "nudging* to both sides"),
        ((14, 2), "nudging to one side"),
        ((1, 2), "one parameter only"),
        ((2, 2), "other one's number"),
        ((12, 2), "none of them is for free"),
        ((13, 1), "walk to the right"),
        ((13, 13), "*all* gradients"),
        ((13, 26), "*all* gradients"),
        ((2, 13), "other way round"),
        ((100, 2), "Forward mode: 100 is not it"),
        ((13, 5), "Reverse mode: 5 is not it"),
        (13, "two numbers"),
    ],
    "13.levels": [
        ([1, 1, 1, 4], "wrong end"),
        ([7], "Not all at once"),
        ([1] * 7, "one after the other"),
        ([2, 2, 2, 1], "too late"),
        ([3, 1, 2, 1], "too late"),
        ([3, 2, 1, 1], "too late"),
        ([4, 1, 1], "add up to 6"),
        ([4, 3], "need inputs only"),
        (4, "a list"),
    ],
}  # fmt: skip


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
    assert word in verdict.text, verdict


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("13.divide", divided(layer(lambda x, y, d: d * y**-1, lambda x, y, d: -(d / y) * (x / y)))),
        ("13.skip", skip(lambda self, dout: dout + self.layer.backward(dout))),
        ("13.walks", [13.0, 2]),
        ("13.levels", (4, 1, 1, 1)),
        ("13.levels", np.array([4, 1, 1, 1])),
    ],
    ids=range(5),
)
def test_other_forms_are_accepted(name, answer):
    assert check(name, answer), check(name, answer)


# ---------------------------------------------------------------- absurd answers


RESULTS = [
    "text", b"1", np.nan, np.inf, 10**400, True, 1j, [], {}, (), [1, [2, 3]], range(4), Nasty(), np.ones((3, 3)),
    np.array("text"), Variable(3.0), object(), len, [Nasty()] * 2, (None, None),
]  # fmt: skip
ABSURD = [
    *RESULTS, print, int, object, type, Nasty, lambda: 1, lambda *_a: 1 / 0, (1, 2, 3), ("a", "b"), {Ellipsis: 1},
    *[divided(cls) for cls in (int, Nasty, None, 3, len, object)],
    *[divided(RIGHT, cls) for cls in (int, Nasty, None, 3, len, object, str)],
    *[divided(layer(lambda *_a, r=r: r, right_dy)) for r in RESULTS],
    *[divided(layer(right_dx, right_dy, lambda *_a, r=r: r)) for r in RESULTS],
    *[divided(RIGHT, divisible(lambda *_a, r=r: r)) for r in RESULTS],
    *[skip(lambda *_a, r=r: r) for r in RESULTS],
]  # fmt: skip


@pytest.mark.filterwarnings("ignore")  # what NumPy thinks of an absurd answer is not the question
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("answer", ABSURD, ids=map(str, range(len(ABSURD))))
def test_no_answer_makes_a_check_raise(name, answer):
    verdict = check(name, answer)
    assert verdict.state in ("wrong", "not tried")
    assert repr(verdict)
