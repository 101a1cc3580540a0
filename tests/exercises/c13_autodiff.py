"""Answers to the exercises of chapter 13: usual mistakes, each with a word of its diagnosis, and right ones."""

import numpy as np

from nbkit import LeakyReLU, ReLU, Sigmoid, Tanh
from nbkit.exercises.kinds import rules_of
from tests.chapter import Chapter

CHAPTER = Chapter("13_from_layers_to_autodiff.ipynb")
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


Div = layer(right_dx, right_dy)
MY = own()


def divisible(method):
    return type("Divisible", (MY["MyVariable"],), {"__truediv__": method})


GOOD = divisible(lambda self, other: MY["record"](Div(), self, other))


class OneGradient(Div):
    def backward(self, dout):
        return dout / self.y


class Fixed:
    def forward(self, x, y):
        return x / y

    def backward(self, dout):
        return dout / 4, -dout * 6 / 16


class Pair(Div):
    def backward(self, dout):
        return np.array([dout / self.y, -dout * self.x / self.y**2])


class Output:
    """Keeps the output and what stands below the line."""

    def forward(self, x, y, digits=None):
        self.below, self.out = y, x / y
        return self.out

    def backward(self, dout):
        return [dout / self.below, -dout * self.out / self.below]


def sharing():
    """Make an answer whose divisions all remember the same layer."""
    shared = Div()
    return divided(Div, divisible(lambda self, other: MY["record"](shared, self, other)))


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


class Mixing(skip(lambda self, dout: self.layer.backward(np.ones_like(dout)) * dout + dout)):
    """Takes the layer for one that works number by number."""


class AddingSkip(skip(None)):
    gathered = 0

    def backward(self, dout):
        self.gathered = self.gathered + self.layer.backward(dout) + dout
        return self.gathered


class SharedSkip:
    def __init__(self, layer):
        SharedSkip.layer = layer

    def forward(self, x):
        return SharedSkip.layer.forward(x) + x

    def backward(self, dout):
        return SharedSkip.layer.backward(dout) + dout


class CopyingSkip(skip(None)):
    def backward(self, dout):
        dx = dout.copy()
        dx += self.layer.backward(dout)
        return dx


class PastOfDots(skip(None)):
    def backward(self, dout):
        through, past = self.layer.backward(dout), ...
        return through + past


class AddingDiv(Div):
    dx = dy = 0

    def backward(self, dout):
        self.dx, self.dy = self.dx + dout / self.y, self.dy - dout * self.x / self.y**2
        return self.dx, self.dy


class HalfDiv(Div):
    def backward(self, dout):
        dx, dy = dout / self.y, ...
        return dx, dy


def only_its_value(self, other):
    """Remembers nothing of a division by a plain number."""
    if isinstance(other, MY["MyVariable"]):
        return MY["record"](Div(), self, other)
    return MY["MyVariable"](self.value / other)


def no_division_by_itself(self, other):
    return MY["MyVariable"](1.0) if self is other else MY["record"](Div(), self, other)


def recorded_dots(self, other):
    return MY["record"](..., self, other)


MISTAKES = {
    "13.divide": [
        (divided(AddingDiv), "when backward is called a second time"),
        (divided(layer(lambda x, y, d: d / (y + 1e-5), right_dy)), "yours gives (1.249997, −1.875)"),
        (divided(layer(right_dx, lambda x, y, d: right_dy(x, y, d) if x != y else 0)), "x = 3.7, y = 3.7"),
        (divided(layer(right_dx, lambda x, y, d: right_dy(x, y, d) if abs(y) != 1 else 0)), "x = 2.5, y = 1,"),
        (divided(layer(lambda x, y, d: np.clip(d / y, -1000, 1000), right_dy)), "dx should be −35000"),
        (divided(layer(right_dx, lambda x, y, d: -d * x / max(y**2, 1e-4))), "y = 0.002"),
        (divided(Div, divisible(only_its_value)), "no gradient would come back to x"),
        (divided(Div, divisible(no_division_by_itself)), "x / x should be 1, and remember x twice"),
        (divided(layer(lambda x, y, d: 7, right_dy)), "yours gives (7, −1.875)"),
        (divided(layer(right_dx, right_dy, lambda x, y: y / x)), "forward(6, 4) should give 1.5, yours gives 0.6667"),
        (divided(OneGradient), "two gradients"),
        (divided(Fixed), "For x = −3.5, y = 1.25, dout = 0.4, dx should be 0.32"),
        (divided(Div()), "class itself"),
        (divided(Div, MY["MyVariable"]), "no __truediv__"),
        (divided(Div, GOOD(3.0)), "class itself"),
        (
            divided(Div, divisible(lambda self, other: MY["record"](layer(right_dx, right_dx)(), self, other))),
            "Is it your DivLayer?",
        ),
        (divided(Div, divisible(lambda self, other: MY["record"](MY["MulLayer"](), self, other))), "DivLayer that is"),
        (
            divided(Div, divisible(lambda self, other: MY["record"](Div(), MY["MyVariable"](self.value), other))),
            "remembers copies",
        ),
        (divided(Div, divisible(lambda self, other: print(self.value / other.value))), "__truediv__ hands nothing"),
        (divided(..., divisible(lambda self, other: MY["record"](Div(), other, self))), "right order"),
        (divided(layer(lambda x, y, d: None, right_dy)), "the gradient of x"),
        (divided(layer(right_dx, lambda x, y, d: "7")), "that of y is text"),
        (divided(layer(right_dx, lambda x, y, d: -d * abs(x) / y**2)), "dy should be"),
        (divided(layer(right_dx, lambda x, y, d: -d * x / abs(y) / y)), "dy should be"),
        (divided(layer(right_dx, right_dy, lambda x, y: x // y if x == 7 else x / y)), "should be 3.5, yours is 3"),
        (divided(Div, divisible(lambda self, other: self.value / other.value)), "remembers nothing"),
        (divided(Div, divisible(lambda self, other: MY["record"](Div(), other, self))), "right order"),
        (divided(Div, divisible(lambda self, other: type(self)(self.value / other.value))), "remember its layer"),
        (
            divided(Div, divisible(lambda self, other: type(self)(self.value / other.value, Div(), [self, other]))),
            "stopped with AttributeError",
        ),
        (Div, "Hand in both"),
    ],
    "13.skip": [
        (Mixing, "not for a layer that mixes its inputs"),
        (AddingSkip, "when backward is called a second time"),
        (SharedSkip, "two by turns"),
        (skip(lambda self, dout: [self.layer.backward(dout), self.layer.backward(dout)][0] + dout), "2 times: once"),
        (skip(lambda self, dout: self.layer.backward(dout) + np.clip(dout, -1000, 1000)), "For f(x) = 5x: "),
        (skip(lambda self, dout: self.layer.backward(dout) + np.where(dout == 0, 1, dout)), "should be 0, yours is 1"),
        (skip(lambda self, dout: 6 * dout), "never asked"),
        (skip(lambda self, dout: [self.layer.backward(dout), 6 * dout][1]), "not for tanh"),
        (skip(in_place), "changes the dout"),
        (skip(lambda self, dout: (self.layer.backward(dout), dout)), "Add the shares"),
        (skip(lambda self, dout: 7 * dout), "dx[0, 0] should be 3, yours is 3.5"),
        (skip(lambda self, dout: "text"), "backward's result is text"),
        (skip(lambda self, dout: None), "backward hands nothing back"),
        (skip(lambda self, dout: print(self.layer.backward(dout) + dout)), "backward hands nothing back"),
        (skip(lambda self, dout: np.array([self.layer.backward(row) + row for row in dout])), "For f(x) = 5x: "),
        (skip(lambda self, dout: (self.layer.backward(dout) + dout).round(1)), "For f(x) = 5x: "),
        (OtherForward, "f(x) + x"),
        (lambda layer: None, "class itself"),
    ],
    "13.walks": [
        ((100, 2), "Forward mode: 100 is not it"),
        ((13, 5), "Reverse mode: 5 is not it"),
        (13, "two numbers"),
        ([13, 2, 2], "two numbers"),
        ((..., 13), "*all* gradients"),
        ((26, ...), "nudging* to both sides"),
        ((13.00001, 2), "Forward mode: 13.00001 is not it"),
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
        ([4, 2, ...], "Level 2: 2 is not it"),
        ([..., 1, 1, 1, 1], "Level 5: 1 is not it"),
        ([4, 1, 1, 1, ...], "nothing is left for level 5"),
        ([], "a number for each level"),
    ],
}
RIGHT = {
    "13.divide": [
        divided(Div),
        divided(layer(lambda x, y, d: d / y, lambda x, y, d: -(d / y) * (x / y))),
        divided(layer(lambda x, y, d: np.float64(d / y), lambda x, y, d: np.array(-d * x / y**2))),
        divided(Pair),
        divided(Output),
    ],
    "13.skip": [
        skip(lambda self, dout: dout + self.layer.backward(dout)),
        skip(lambda self, dout: np.add(self.layer.backward(dout.copy()), dout).tolist()),
        CopyingSkip,
        skip(lambda self, dout, factor=1: sum([self.layer.backward(dout), factor * dout])),
    ],
    "13.walks": [
        [13.0, 2],
        (13, 2),
        np.array([13, 2]),
        {"forward": 13, "reverse": 2},
        {"reverse_mode": 2, "forward_mode": 13},
    ],
    "13.levels": [
        np.array([4, 1, 1, 1]),
        (4, 1, 1, 1),
        [4.0, 1, 1, 1],
        {2: 1, 1: 4, 3: 1, 4: 1},
        np.array([[4], [1], [1], [1]]),
    ],
}


class Blank:
    def forward(self, x, y): ...

    def backward(self, dout): ...


class BlankSkip(skip(None)):
    def backward(self, dout): ...


class BlankVariable(MY["MyVariable"]):
    def __truediv__(self, other): ...


NOT_TRIED = {
    "13.divide": [
        divided(Blank, BlankVariable),
        divided(Div, BlankVariable),
        divided(Div, ...),
        divided(HalfDiv),
        divided(Div, divisible(recorded_dots)),
        divided(..., GOOD),
    ],
    "13.skip": [BlankSkip, PastOfDots],
    "13.walks": [(13, ...), [..., 2], (None, 2)],
    "13.levels": [[4, ..., 1, 1], [..., 1, 1, 1], [4, 1, 1, ...]],
}


def fresh(rng, size=5):
    """Two numbers to divide and what comes back: floats or whole numbers, none of the divisors near 0."""
    if rng.random() < 0.3:
        return int(rng.integers(-9, 10)), int(rng.choice([-1, 1]) * rng.integers(1, 9)), int(rng.integers(-5, 6))
    x, y, dout = rng.normal(size=3) * 10.0 ** rng.integers(0, size, 3)
    return x, y + np.sign(y) * 0.05, dout


def division(rng):
    """Divide with the layer alone, two objects by turns, and with two Variables."""
    x, y, dout = fresh(rng)
    a, b, _dout = fresh(rng)

    def run(answer):
        one, other = answer["layer"](), answer["layer"]()
        one.forward(b, y)
        results = [one.forward(x, y), other.forward(a, b), one.backward(dout), other.backward(dout)]
        above, below = answer["variable"](x), answer["variable"](y)
        quotient, second = above / below, answer["variable"](a) / b
        kept = quotient.inputs[0] is above and quotient.inputs[1] is below
        results += [quotient.value, second.value, float(kept), [v.value for v in quotient.inputs]]
        return [*results, quotient.layer.backward(dout), second.layer.backward(dout)]

    return run


INNER = (lambda: Tanh(), lambda: Sigmoid(), lambda: ReLU(), lambda: LeakyReLU())


def shortcut(rng):
    """Put the skip connection around a layer, twice by turns."""
    kind, shape = INNER[rng.integers(len(INNER))], tuple(rng.integers(1, 5, rng.integers(0, 4)))
    x, other, dout = (np.asarray(rng.normal(0, 10.0 ** rng.integers(0, 4), shape)) for _array in range(3))

    def run(answer):
        one, second, arrays = answer(kind()), answer(kind()), [part.copy() for part in (x, other, dout)]
        one.forward(other.copy())
        results = [one.forward(arrays[0]), second.forward(arrays[1])]
        return [*results, one.backward(arrays[2]), second.backward(dout.copy()), arrays]

    return run


DOMAIN = {"13.divide": division, "13.skip": shortcut}


def _divisions(mistakes, **_data):
    for diagnosis, wrong in rules_of(mistakes):
        parts = (lambda x, y, dout, place=place, wrong=wrong: wrong(dout, x, y, x / y)[place] for place in (0, 1))
        yield diagnosis, divided(layer(*parts))


def _skips(mistakes):
    for diagnosis, wrong in rules_of(mistakes):
        yield diagnosis, skip(lambda self, dout, wrong=wrong: wrong(self.layer.backward, dout, self.x))


BUILT = {"13.divide": _divisions, "13.skip": _skips}
