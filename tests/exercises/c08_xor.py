"""Answers to the exercises of chapter 08: usual mistakes, each with a word of its diagnosis, and right ones."""

import numpy as np

from nbkit import Affine, MSELoss, ReLU, Sequential, Variable
from nbkit.exercises.kinds import rules_of

ONES = [[1, 1], [1, 1]]


def new_name(parameter, gradient, lr):
    parameter = parameter - lr * gradient


def new_array(parameter, gradient, lr):
    return parameter - lr * gradient


def spoiled(parameter, gradient, lr):
    gradient *= lr
    parameter -= gradient


def always_a_tenth(parameter, gradient, lr):
    parameter -= 0.1 * gradient


def sideways(parameter, gradient, lr):
    parameter += 17


def first_number_only(parameter, gradient, lr):
    parameter.flat[0] -= lr * gradient.flat[0]


def first_row_only(parameter, gradient, lr):
    parameter[0] -= lr * gradient[0]


def shown(parameter, gradient, lr):
    print(parameter - lr * gradient)


def five_rows_only(parameter, gradient, lr):
    parameter[:5] -= lr * gradient[:5]


def no_long_step(parameter, gradient, lr):
    parameter -= min(lr, 5) * gradient


def where_not_zero(parameter, gradient, lr):
    parameter[parameter != 0] -= lr * gradient[parameter != 0]


def step_of_dots(parameter, gradient, lr):
    parameter -= ...


def change_of_dots(parameter, gradient, lr):
    change = ...
    parameter -= lr * change


def decisions_of_dots(scores, labels):
    decisions = ...
    return np.sum(decisions == labels)


MISTAKES = {
    "08.by_hand": [
        ((ONES, [0, 0], [[1], [0]], [0]), "OR"),
        ((ONES, [0, 0], [[1], [0]], [0]), "bends"),
        ((ONES, [-1, -1], [[1], [0]], [0]), "AND"),
        ((ONES, [0, -1], [[-1], [2]], [1]), "turned round"),
        ((ONES, [-9, -9], [[1], [-2]], [0]), "off in all four"),
        ((ONES, [0, -1], [[1], [-2]], [9]), "on in all four"),
        (([[1, 0], [0, 1]], [0, 0], [[1], [0]], [0]), "ignores the second"),
        (([[1, 0], [0, 1]], [0, 0], [[0], [1]], [0]), "ignores the first"),
        (([[1, 0], [0, 1]], [0, 0], [[-1], [-1]], [1]), "should be 0, 1, 1, 0"),
        ((ONES, [0, -1], [1, -2], [0]), "column"),
        ((ONES, [0, -1], [[1], [-2]], 0), "b2 should have shape"),
        (([1, 1], [0, -1], [[1], [-2]], [0]), "W1 should have shape"),
        ((ONES, [0, "x"], [[1], [-2]], [0]), "numbers only"),
        ((ONES, [0, np.nan], [[1], [-2]], [0]), "finite"),
        (([[1e308, 1e308]] * 2, [0, -1], [[1], [-2]], [0]), "too large"),
        ((ONES, [0, -1]), "four arrays"),
        ({"W1": ONES, "b1": [0, -1]}, "four arrays"),
        ((ONES, "0, -1", [[1], [-2]], [0]), "b1 is text"),
        ((ONES, [0, True], [[1], [-2]], [0]), "b1 should hold numbers only"),
        ((ONES, [0, -1], [[1], [-2, 0]], [0]), "W2 should hold numbers only"),
        ((ONES, [0, -1, 0], ..., [0]), "b1 should have shape"),
        (Sequential([Affine(ONES, [0, -1]), ReLU(), Affine([[1], [-2]], [0])], MSELoss()), "four arrays"),
    ],
    "08.step": [
        (lambda p, g, lr: p.__isub__(g * lr if p.ndim == 2 else g), "learning rate is missing"),
        (new_name, "makes a new array"),
        (new_array, "in a new array"),
        (spoiled, "gradient was changed"),
        (always_a_tenth, "should lead to"),
        (five_rows_only, "At parameter[5, 0]"),
        (no_long_step, "lr = 12, the step should lead to"),
        (where_not_zero, "from 0, with gradient"),
        (sideways, "should lead to"),
        (first_number_only, "At parameter[0, 1]: from 2, with gradient −1 and lr = 0.1"),
        (first_row_only, "At parameter[1, 0]"),
        (shown, "has not changed"),
        (0.1, "a function"),
        (lambda parameter: None, "3 arguments"),
    ],
    "08.count": [
        (lambda s, t: 0, "the count should be 1, yours is 0"),  # no diagnosis of a usual mistake is true of it
        (lambda s, t: np.sum((s[:20, 0] > 0.5) == t[:20]), "of shape (150, 1), labels of shape (150,), the count"),
        (lambda s, t: np.sum((s[:, 0] > 0.50001) == t), "the count should be"),
        (lambda s, t: 6, "yours is 6"),
        (lambda s, t: (s[:, 0] > 0.5) == t, "one number"),
        (lambda s, t: len(t) + 4, "the count should be"),
        (lambda s, t: np.sum((np.round(s[:, 0], 2) > 0.5) == t), "the count should be"),
        (lambda s, t: print(np.sum((s[:, 0] > 0.5) == t)), "`return`"),
        (6, "a function"),
    ],
    "08.dead": [
        (lambda a: 1, "the count should be"),
        (lambda a: np.sum(a.max(axis=0) <= 1e-6), "the count should be"),
        (lambda a: np.sum(a[:10].max(axis=0) <= 0), "the count should be"),
        (lambda a: np.sum((a <= 0).mean(axis=0) > 0.9), "the count should be"),
        (lambda a: a.max(axis=0) <= 0, "one entry for each"),
        (lambda a: np.sum(np.round(a.max(axis=0), 2) <= 0), "the count should be"),
        (lambda a: print(np.sum(a.max(axis=0) <= 0)), "`return`"),
        (lambda a: 2, "yours is 2"),
        (lambda a: 17 * a.shape[1], "the count should be"),
        (2, "a function"),
    ],
}


def with_index(parameter, gradient, lr):
    """A step written in another way, which returns something as well."""
    parameter[:] = parameter - lr * gradient
    return parameter


class Stepper:
    """A step may also be taken by a callable object or by a bound method."""

    def __call__(self, parameter, gradient, lr):
        parameter -= lr * gradient

    def lazy(self, parameter, gradient, lr):
        pass


def with_loops(parameter, gradient, lr):
    for place in np.ndindex(parameter.shape):
        parameter[place] -= lr * gradient[place]


def with_out(parameter, gradient, lr=0.1):
    np.subtract(parameter, np.multiply(lr, gradient), out=parameter)


def counted_in_a_loop(scores, labels):
    right = 0
    for score, label in zip(scores, labels, strict=True):
        decision = 1 if score[0] > 0.5 else 0
        if decision == label:
            right += 1
    return right


def dead_in_a_loop(arriving):
    return sum(all(number <= 0 for number in column) for column in arriving.T)


RIGHT = {
    "08.by_hand": [
        ([[1, -1], [-1, 1]], [0, 0], [[1], [1]], [0]),  # the network of the text
        (ONES, [0, -1], [[1], [-2]], [0]),
        (ONES, [-1, 0], [[-2], [1]], [0]),  # units change places
        ([[-1, 1], [-1, 1]], [1, -1], [[-1], [-1]], [1]),  # neither at 0 nor at 2
        (np.array(ONES) * 5.0, np.array([0.0, -5.0]), np.array([[0.3], [-0.6]]), np.array([0.0])),  # not exact
        [ONES, [0, -1], [[1], [-2]], [0]],
        {"W1": ONES, "b1": [0, -1], "W2": [[1], [-2]], "b2": [0]},
        {"b2": (0,), "W2": [[1], [-2]], "b1": (0, -1), "W1": ONES},
        tuple(Variable(np.array(part, dtype=float)) for part in (ONES, [0, -1], [[1], [-2]], [0])),
    ],
    "08.step": [
        Stepper(),
        with_index,
        with_loops,
        with_out,
    ],  # no function first: it could not be spoiled, a step may return anything
    "08.count": [
        lambda s, t: np.sum((s[:, 0] > 0.5) == t),
        counted_in_a_loop,
        lambda s, t: int(np.sum((s > 0.5).ravel() == t)),
        lambda s, t: float(np.sum((s > 0.5) == t[:, None])),
        lambda s, t: Variable(float(np.sum((s[:, 0] > 0.5) == t))),
        lambda s, t: np.array([np.count_nonzero((s[:, 0] > 0.5) == t)]),
        lambda s, t, threshold=0.5: len(t) - np.sum((s[:, 0] > threshold) != t),
    ],
    "08.dead": [
        lambda a: np.sum(a.max(axis=0) <= 0),
        dead_in_a_loop,
        lambda a: int(np.sum((a <= 0).all(axis=0))),
        lambda a: float(np.sum(~(a > 0).any(axis=0))),
        lambda a: np.array(np.sum(np.maximum(a, 0).sum(axis=0) == 0)),
        lambda a, border=0: a.shape[1] - np.count_nonzero(a.max(axis=0) > border),
    ],
}
NOT_TRIED = {
    "08.by_hand": [
        (ONES, ..., [[1], [-2]], [0]),
        (ONES, [0, ...], [[1], [-2]], [0]),
        (None, None, None, None),
        {"W1": ..., "b1": ..., "W2": ..., "b2": ...},
    ],
    "08.step": [Stepper().lazy, step_of_dots, change_of_dots],
    "08.count": [decisions_of_dots],
}


def lights(answer):
    """Tell whether a network by hand decides all four cases rightly, whatever was handed in."""
    try:
        parts = list(answer.values()) if isinstance(answer, dict) else answer
        arrays = [np.array(part) for part in parts]
        shapes = [array.shape for array in arrays]
        if shapes != [(2, 2), (2,), (2, 1), (1,)] or any(array.dtype.kind not in "if" for array in arrays):
            return False
        if any(isinstance(x, bool) for part in parts for row in part for x in np.atleast_1d(np.array(row, object))):
            return False
        W1, b1, W2, b2 = arrays
        with np.errstate(all="ignore"):
            scores = [np.maximum([a, b] @ W1 + b1, 0) @ W2 + b2 for a in (0, 1) for b in (0, 1)]
        return [bool(score[0] > 0.5) for score in scores] == [False, True, True, False]
    except (TypeError, ValueError):
        return False


HOLDS = {"08.by_hand": lights}


def drawn_step(rng):
    shape = tuple(rng.integers(1, 5, rng.integers(1, 3)))
    size = 10.0 ** rng.integers(-2, 4)
    return size * rng.normal(size=shape), size * rng.normal(size=shape), float(rng.uniform(0.001, 3))


def drawn_scores(rng):
    n = rng.integers(1, 7)
    near = 0.5 + rng.choice([-0.004, -0.002, 0, 0.002, 0.004], n)
    scores = np.where(rng.random(n) < 0.3, near, rng.normal(0.5, 10.0 ** rng.integers(-1, 4), n))
    return scores.reshape(-1, 1), rng.integers(0, 2, n)


def drawn_arriving(rng):
    shape = rng.integers(1, 6), rng.integers(1, 6)
    table = rng.normal(rng.uniform(-1.5, 0.3), 1, shape) * 10.0 ** rng.integers(-3, 4, shape[1])
    return (np.where(rng.random(shape) < 0.1, 0.0, table),)


DOMAIN = {"08.step": drawn_step, "08.count": drawn_scores, "08.dead": drawn_arriving}


def _steps(mistakes):
    for diagnosis, wrong in rules_of(mistakes):

        def step(parameter, gradient, lr, wrong=wrong):
            parameter[:] = wrong(parameter.copy(), gradient, lr)

        yield diagnosis, step


BUILT = {"08.step": _steps}
