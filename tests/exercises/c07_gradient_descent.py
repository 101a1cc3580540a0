"""Answers to the exercises of chapter 07: usual mistakes, each with a word of its diagnosis, and right ones."""

import numpy as np

from nbkit import Momentum, Variable


def descend(gradient, w, lr, steps):
    for _ in range(steps):
        w = w - lr * gradient(w)
    return w


def in_place(gradient, w, lr, steps):
    for _ in range(steps):
        w -= lr * gradient(w)
    return w


def in_place_momentum(w, v, g, lr, momentum):
    v = momentum * v - lr * g
    w += v
    return w, v


def until_flat(gradient, w, lr, steps, small=1e-6):
    for _ in range(steps):
        if np.abs(gradient(w)).max() < small:
            break
        w = w - lr * gradient(w)
    return w


def number_by_number(gradient, w, lr, steps):
    for _ in range(steps):
        slopes, new = gradient(w), []
        for i in range(len(w)):
            new.append(w[i] - lr * slopes[i])
        w = np.array(new)
    return w


def again(gradient, w, lr, steps):
    return again(gradient, w - lr * gradient(w), lr, steps - 1) if steps else w


def loop_of_dots(gradient, w, lr, steps):
    for _ in range(steps):
        ...
    return w


def speed_of_dots(w, v, g, lr, momentum):
    v = ...
    return w + v, v


def place_of_dots(w, v, g, lr, momentum):
    v = momentum * v - lr * g
    w = ...
    return w, v


def by_hand(**changed):
    """The right answers with one of them changed."""
    return tuple(({"w1": 1.6, "w2": 0.4, "predicted": 5.2, "actual": 3.96} | changed).values())


def epoch(**changed):
    return tuple(({"steps": 10, "rest": 6, "all": 400} | changed).values())


MISTAKES = {
    "07.by_hand": [
        (by_hand(w1=2.4, actual=...), "w1: That is uphill"),
        (by_hand(w1=99), "w1: 99 is not it"),
        ((1.6, 0.4), "Hand in 4 numbers"),
        (1.6, "Hand in 4 numbers"),
    ],
    "07.border": [
        (0.5, "to a distance of 2 from the bottom"),
        (-1 / 3, "above 0"),
        (0, "above 0"),
        (np.inf, "no finite number"),
        ([0.3, 0.3], "should be one number"),
    ],
    "07.descend": [
        (in_place, "has changed w"),
        (lambda gradient, w, lr, steps: descend(gradient, w, 0.1, steps), "lr = 0.05, steps = 5, the end[0] should be"),
        (lambda gradient, w, lr, steps: descend(gradient, w, lr, 3), "lr = 0.05, steps = 5, the end[0] should be"),
        (lambda gradient, w, lr, steps: descend(gradient, w, lr, max(steps, 1)), "steps = 0, the end[0] should be"),
        (lambda gradient, w, lr, steps: descend(lambda w: np.array([2, 6]) * w, w, lr, steps), "your code stopped"),
        (lambda gradient, w, lr, steps: print(descend(gradient, w, lr, steps)), "hands nothing back"),
        (lambda gradient, w, lr, steps: w * 7, "yours led to 14, −7"),
        (lambda gradient, w, lr, steps: 1.0, "shape of w"),
        (lambda gradient, w, lr, steps: descend(gradient, w, lr, min(steps, 20)), "steps = 150, the end[1] should be"),
        (until_flat, "steps = 3, the end[0] should be"),
        (lambda gradient, w, lr, steps: until_flat(gradient, w, lr, steps, 0.1), "the end["),
        (
            lambda gradient, w, lr, steps: descend(lambda w: np.clip(gradient(w), -100, 100), w, lr, steps),
            "w = [50, −7], lr = 1e−06, steps = 2, the end[0] should be",
        ),
        (
            lambda gradient, w, lr, steps: descend(gradient, w, lr, steps) + 1e-5,
            "w[0] should be 1.024, it is 1.02401",
        ),
        (0.5, "a function"),
    ],
    "07.momentum": [
        (lambda w, v, g, lr, m: print(w + m * v - lr * g), "hands nothing back"),
        (in_place_momentum, "changed w, which belongs to its caller"),
        (lambda w, v, g, lr, m: (w + 0.9 * v - lr * g, 0.9 * v - lr * g), "momentum = 0.6, w[0] should be"),
        (lambda w, v, g, lr, m: (w + m * v - 0.1 * g, m * v - 0.1 * g), "lr = 0.5, momentum = 0.6, w[0] should be"),
        (lambda w, v, g, lr, m: (w + m * v - lr * g, v * 7), "v[0] should be"),
        (lambda w, v, g, lr, m: (w * 7, v), "w[0] should be"),
        (lambda w, v, g, lr, m: w + m * v - lr * g, "two arrays"),
        (lambda w, v, g, lr, m: (1.0, 2.0), "shape of w"),
        (lambda w, v, g, lr, m: (w + m * v - min(lr, 5) * g, m * v - min(lr, 5) * g), "lr = 30"),
        (lambda w, v, g, lr, m: (w + m * v - lr * g.clip(-99, 99), m * v - lr * g.clip(-99, 99)), "w[1] should be"),
        (lambda w, v, g, lr, m: (w + np.where(g == 0, 0, m * v - lr * g), m * v - lr * g), "w[0] should be"),
    ],
    "07.epoch": [
        (epoch(all=7), "7 is not it"),
        (epoch(all=400.5), "400.5 is not it"),
        (epoch(steps=10.00004), "10.00004 is not it"),
        ((10, 6), "Hand in 3 numbers"),
    ],
}


def by_optimizer(w, v, g, lr, momentum):
    """nbkit's own Momentum, given a past: in its first step from rest v becomes −lr·g."""
    rule, place, speed = Momentum(lr, momentum), w.copy(), v.copy()
    rule.step([(place, np.zeros_like(g))])
    rule.memory[0][0][:] = speed
    rule.step([(place, g)])
    return place, rule.memory[0][0]


RIGHT = {
    "07.by_hand": [
        [1.6, 0.4, 5.2, 3.96],
        np.array([1.6, 0.4, 5.2, 3.96]),
        (Variable(1.6), 0.4, np.float64(5.2), np.array(3.96)),
        {"w1": 1.6, "w2": 0.4, "predicted": 5.2, "actual": 3.96},
        {"predicted decrease": 5.2, "actual_decrease": 3.96, "w2": 0.4, "w1": 1.6},
        np.array([[1.6], [0.4], [5.2], [3.96]]),
    ],
    "07.border": [0.333, Variable(1 / 3), np.float64(2 / 6), np.array(1 / 3), [1 / 3]],
    "07.descend": [
        lambda gradient, w, lr, steps: descend(gradient, w, lr, steps).tolist(),
        lambda gradient, w, lr, steps: in_place(gradient, w.copy(), lr, steps),
        lambda gradient, w, lr, steps, show=False: Variable(descend(gradient, w, lr, steps)),
        number_by_number,
        again,
        lambda gradient, w, lr, steps: descend(gradient, w - lr * gradient(w), lr, steps - 1) if steps else w,
    ],
    "07.momentum": [
        by_optimizer,
        lambda w, v, g, lr, m: [(w + m * v - lr * g).tolist(), (m * v - lr * g).tolist()],
        lambda w, v, g, lr, m: np.array([w + m * v - lr * g, m * v - lr * g]),
        lambda w, v, g, lr, m: (Variable(w + m * v - lr * g), Variable(m * v - lr * g)),
    ],
    "07.epoch": [[10, 6, 400], np.array([10, 6, 400]), (10.0, np.int64(6), Variable(400))],
}
NOT_TRIED = {
    "07.by_hand": [by_hand(actual=...), by_hand(w1=..., w2=...), (..., ..., ..., ...)],
    "07.descend": [loop_of_dots],
    "07.momentum": [
        lambda w, v, g, lr, momentum: (..., ...),
        lambda w, v, g, lr, momentum: (w + momentum * v - lr * g, ...),
        speed_of_dots,
        place_of_dots,
    ],
    "07.epoch": [epoch(all=...), epoch(rest=None)],
}


def slope(rng):
    """Draw a gradient: a function of arrays of any shape."""
    a, b = rng.normal(size=2)
    return [lambda w: a * w, lambda w: np.sin(w) + b, lambda w: 0.3 * w + 0.1 * a * np.sum(w)][rng.integers(3)]


def some_shape(rng):
    return tuple(rng.integers(1, 4, rng.integers(1, 3)))


def descent(rng):
    """Draw all that a descent takes: valleys of any steepness, with learning rates that suit them."""
    size, gradient = 10.0 ** rng.integers(-6, 6), slope(rng)
    inputs = 3 * rng.normal(size=some_shape(rng)), rng.uniform(0.01, 2.0) / size, int(rng.integers(0, 7))
    return lambda w: size * gradient(w), *inputs


def momentum(rng):
    arrays = [3 * rng.normal(size=shape) * 10.0 ** rng.integers(0, 4) for shape in [some_shape(rng)] * 3]
    arrays = [np.where(rng.random(array.shape) < 0.1, 0.0, array) for array in arrays]
    return *arrays, rng.uniform(0.01, 2.0) * 10.0 ** rng.integers(-1, 3), rng.uniform(0, 1) * rng.integers(2)


DOMAIN = {"07.descend": descent, "07.momentum": momentum}
