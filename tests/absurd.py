"""Absurd answers to exercises: things of every kind, alone, given by a function, or in place of a part of an answer."""

import inspect

import numpy as np

from nbkit import Layer, Settings, Variable


class Nasty:
    """An answer that fights back: it can neither be shown nor compared, and made of anything."""

    def __init__(self, *_arguments):
        pass

    def __repr__(self):
        raise RuntimeError("no repr")

    def __eq__(self, other):
        raise RuntimeError("no comparison")

    __hash__ = None


class Explosive:
    """Cannot even be made."""

    def __init__(self, *_arguments):
        raise KeyError("no")

    def forward(self, *inputs):
        return inputs

    backward = forward


class Raises:
    """Whatever is asked of it fails, in the way that it was told."""

    def __init__(self, error):
        object.__setattr__(self, "error", error)

    def fail(self, *_arguments, **_named):
        raise object.__getattribute__(self, "error")

    __getattribute__ = __call__ = __array__ = __len__ = __iter__ = __float__ = __bool__ = __eq__ = __lt__ = fail
    __repr__ = __str__ = __add__ = __radd__ = __mul__ = __getitem__ = fail
    __hash__ = None


class Mute(Exception):
    """An error that cannot even be told."""

    def __str__(self):
        raise ValueError("no words")


class BadDict(dict):
    def values(self):
        raise RuntimeError("no values")


class Endless:
    """Claims to hold much, and says much."""

    shape = property(lambda self: (10**9,) * 1000)

    def __len__(self):
        return 10**9

    def __repr__(self):
        return "z" * 10**6


ERRORS = (RuntimeError("no"), Mute(), SystemExit(3), MemoryError(), ValueError("y" * 10**6), AttributeError("gone"),
          RecursionError("deep"), StopIteration())  # fmt: skip
CIRCLE = []
CIRCLE.append(CIRCLE)
DEEP = []
for _level in range(3000):
    DEEP = [DEEP]


def broken(*inputs):
    raise KeyError("broken")


def raises(error):
    """Return a function that raises an error, whatever it is given."""
    return lambda *_inputs: Raises(error).fail()


def things():
    """Return what no exercise asks for, made anew each time: a judge may change or use up what it gets."""
    ones, nan = np.ones, np.nan
    return [
        None, ..., True, -1, 17, 10**400, 1e308, np.inf, nan, 1j,
        "text", "1", "circles", "{}{", b"1", [], {}, (), range(4), (n for n in range(3)), object(), Nasty(),
        [1, [2, 3]], [None] * 4, (None, None), (None, 1, None), (1, 2), (1, 2, 3), (1, 2, 3, 4), [1j] * 4, [1e300] * 3,
        [-1, 99, 5], (np.inf, nan), (np.inf, nan, 1), (nan,) * 4, (10**400, 1), (10**400, 2), (10**400, 1, 2),
        ("a", "b"), ("a", "b", "c"), ("a", "b", "c", "d"), ["a"] * 10, (True, "3"), (Nasty(), 1), (Nasty(), 1, 2, 3),
        [Nasty()], [Nasty()] * 2, [Nasty()] * 3, [Nasty()] * 4, {1, 2}, {"+"},
        {1: 2}, {1: "x"}, {...: 1}, {"lr": 1}, {"x": Nasty()}, {"Amber": ...}, {"Blue": Nasty()},
        ones(2), ones(3), ones(4), ones((3, 3)), ones((4, 3)), ones((5, 3)), ones((300, 300)), np.zeros((1000, 1000)),
        nan * ones(2), nan * ones(3), nan * ones(4), nan * ones(5), nan * ones((2, 3)), nan * ones((3, 3)),
        np.full(10, np.inf), np.array([17]), np.array("text"), np.array([None, 1], dtype=object),
        (ones(2), ones(2)), (ones(2),) * 3, (ones(2), "text"), (ones((2, 2)),) * 4, (ones((5, 3)), ones((3, 3))),
        (nan * ones((5, 3)), ones((3, 3))), Variable(3.0), Variable([1.0, 2.0], "price"), Variable(ones((4, 3)), "x"),
        int, str, object, type, Nasty, Explosive, Layer, Settings, Settings().replace, print, len, np.sum, np.add,
        broken,
        Endless(), BadDict(a=1), CIRCLE, DEEP, "x" * 10**5, range(10**5), np.ma.masked, np.datetime64("NaT"),
        np.zeros(2, "i,f"), *map(Raises, ERRORS[:3]), *map(raises, ERRORS),
        lambda: 1, lambda *inputs: 2, lambda *inputs: None, lambda *inputs: 1 / 0, lambda a, b, c, d, e: 1,
    ]  # fmt: skip


def answers(right):
    """Yield pairs (where, answer) of absurd answers to the exercise with that right answer."""
    for number, thing in enumerate(things()):
        named = f"thing {number} ({type(thing).__name__})"
        yield named, thing
        yield f"{named} from a function", lambda *inputs, thing=thing: thing
        for where, answer in spoiled(right, thing):
            yield f"{named} {where}", answer


def spoiled(right, thing):
    """Yield pairs (where, answer): a right answer in which the thing has taken the place of a part."""
    if isinstance(right, dict):
        yield "everywhere", dict.fromkeys(right, thing)
    if isinstance(right, dict | list | tuple):
        for place in right if isinstance(right, dict) else range(len(right)):
            yield f"at {place!r}", put(right, place, thing)
            if inspect.isclass(right[place]):
                for where, part in spoiled(right[place], thing):
                    yield f"{where} at {place!r}", put(right, place, part)
    elif inspect.isclass(right):
        for method in [name for name in ("forward", "backward", "__truediv__") if hasattr(right, name)]:
            for where, function in functions(getattr(right, method), thing):
                yield f"{where} {method}", type("Absurd", (right,), {method: function})
    elif inspect.isfunction(right):
        yield from functions(right, thing)


def functions(right, thing):
    """Yield pairs (where, function): the thing is given by it, or is one part of what the right function gives."""
    yield "from", lambda *inputs: thing
    for place in range(3):
        yield f"as part {place} from", lambda *inputs, place=place: put(right(*inputs), place, thing)


def put(whole, place, thing):
    """Return a copy with a thing at that place; what has no such place becomes a list with the thing in it."""
    if isinstance(whole, dict):
        return whole | {place: thing}
    parts = list(whole) if isinstance(whole, list | tuple) else []
    parts[place : place + 1] = [thing]
    return tuple(parts) if isinstance(whole, tuple) else parts
