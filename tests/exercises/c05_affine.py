"""Answers to the exercises of chapter 05: usual mistakes, each with a word of its diagnosis, and right ones."""

import numpy as np

from nbkit import Affine, MSELoss, Variable
from nbkit.exercises.kinds import rules_of
from nbkit.functions import sigmoid


def product(x, W, b):
    return x @ W + b


def affine(backward, forward=product):
    """A class that goes back by `backward(x, W, dout)`."""

    class MyAffine:
        def __init__(self, W, b):
            self.W, self.b = W, b

        def forward(self, x):
            self.x = x
            return forward(x, self.W, self.b)

        def backward(self, dout):
            return backward(self.x, self.W, dout)

    return MyAffine


def dx(x, W, dout):
    return dout @ W.T


def dW(x, W, dout):
    return x.T @ dout


def db(x, W, dout):
    return dout.sum(axis=0)


def three(first=dx, second=dW, third=db):
    return affine(lambda *of: (first(*of), second(*of), third(*of)))


def careless(x, W, dout):
    gradients = dx(x, W, dout), dW(x, W, dout), db(x, W, dout)
    dout *= 2
    return gradients


def right(x, W, dout):
    return dx(x, W, dout), dW(x, W, dout), db(x, W, dout)


class Loops:
    """The same sums, entry by entry."""

    def __init__(self, W, b):
        self.W, self.b = W, b

    def forward(self, x):
        self.x = x
        n, d, k = len(x), *self.W.shape
        return [[sum(x[i, m] * self.W[m, j] for m in range(d)) + self.b[j] for j in range(k)] for i in range(n)]

    def backward(self, dout):
        n, d, k = len(dout), *self.W.shape
        first = np.zeros((n, d))
        for i, m, j in np.ndindex(n, d, k):
            first[i, m] += dout[i, j] * self.W[m, j]
        second = [[sum(self.x[i, m] * dout[i, j] for i in range(n)) for j in range(k)] for m in range(d)]
        return first, second, [sum(dout[i, j] for i in range(n)) for j in range(k)]


class Stub:
    def __init__(self, W, b):
        self.W, self.b = W, b

    def forward(self, x): ...

    def backward(self, dout): ...


class Half(Stub):
    def forward(self, x):
        return x @ self.W + self.b


class WrongHalf(Half):
    def forward(self, x):
        return x @ self.W + (self.b if len(x) == 3 else 0)


class SharedWeights(Stub):
    def __init__(self, W, b):
        SharedWeights.W, SharedWeights.b = W, b

    def forward(self, x):
        self.x = x
        return x @ self.W + self.b

    def backward(self, dout):
        return right(self.x, self.W, dout)


def in_objects(x, W, dout):
    parts = np.empty(3, dtype=object)
    parts[:] = right(x, W, dout)
    return parts


def in_place(y, t):
    y = y.reshape(-1)  # still the same numbers
    y -= t.reshape(-1)
    return (y**2).mean()


class Unmade:
    def forward(self, x):
        return x

    def backward(self, dout):
        return dout, dout, dout


SHAPES = {"W": (4, 3), "b": (3,), "y": (150, 3), "dout": (150, 3), "dx": (150, 4), "dW": (4, 3), "db": (3,)}


def slope(z):
    return sigmoid(z) * (1 - sigmoid(z))


MISTAKES = {
    "05.affine": [
        (three(third=lambda x, W, dout: np.ones(7)), "db should have the shape of b, (3,); yours has (7,)"),
        (three(third=lambda x, W, dout: dout[0] + dout[1] + dout[2]), "For x = "),
        (three(first=lambda x, W, dout: None), "dx should hold numbers only"),
        (affine(lambda *of: (None, None, None)), "hands nothing back"),
        (three(third=lambda x, W, dout: 2 * db(x, W, dout)), "right shape, but db[0]"),
        (three(second=lambda x, W, dout: "text"), "dW is text"),
        (affine(lambda x, W, dout: (dout @ W.T).reshape(3, 3)), "three arrays"),
        (three(second=lambda x, W, dout: (x.T @ dout).reshape(3, 3)), "ValueError"),
        (affine(dx), "three arrays"),
        (affine(lambda *of: (dx(*of), dW(*of))), "these are 2"),
        (affine(careless), "belongs to its caller"),
        (affine(right, forward=lambda x, W, b: (x @ W + b).sum(axis=0)), "forward should give shape (3, 3)"),
        (affine(right, forward=lambda x, W, b: x @ W - b), "forward[0, 0] should be"),
        (affine(right, forward=lambda x, W, b: "text"), "forward is text"),
        (WrongHalf, "forward[0, 0] should be"),
        (SharedWeights, "share their weights"),
        (three(second=lambda x, W, dout: dW(x, W, dout) if x.any() else np.ones(W.shape)), "dW[0, 0] should be 0"),
        (three(first=lambda x, W, dout: np.clip(dx(x, W, dout), -500, 500)), "yours is −500"),
        (Unmade, "(W, b)"),
        (Affine(np.ones((2, 2)), np.ones(2)), "the class itself"),
        (Affine, "three arrays"),  # nbkit's own keeps two of the three in grads
    ],
    "05.shapes": [
        (SHAPES | {"W": (3, 4)}, "W is turned over"),
        (SHAPES | {"W": (150, 3)}, "how large the batch is"),
        (SHAPES | {"b": (3, 1)}, "without a second size"),
        (SHAPES | {"b": 3}, "needs a comma"),
        (SHAPES | {"b": (150, 3)}, "share one b"),
        (SHAPES | {"db": (150,)}, "not to the samples"),
        (SHAPES | {"db": (4,)}, "not for each feature"),
        (SHAPES | {"y": (3, 150)}, "y is turned over"),
        (SHAPES | {"dx": (150, 3)}, "the shape of dout"),
        (SHAPES | {"dW": (3, 4)}, "dW is turned over"),
        (SHAPES | {"dout": (1,)}, "(1,) is not it"),
        (SHAPES | {"dx": "wide"}, "should be a shape"),
        (SHAPES | {"b": ("3",)}, "should be a shape"),
        (SHAPES | {"b": (3.0,)}, "should be a shape"),
        (SHAPES | {"W": (2, 3), "dx": ...}, "(2, 3) is not it"),
        (SHAPES | {"W": (3, ...)}, "W: (3, ...) is not it"),
        (SHAPES | {"b": (..., 3)}, "b: (..., 3) is not it"),
        ({"W": (4, 3)}, "no shape for b"),
        ((4, 3), "a dict"),
    ],
    "05.delta": [
        (lambda delta, W, z: ((delta @ W.T) * slope(z)).sum(axis=0), "shape of z"),
        (lambda delta, W, z: 2 * (delta @ W.T) * slope(z), "δ[0, 0] should be"),
        (lambda delta, W, z: print((delta @ W.T) * slope(z)), "hands nothing back"),
        (lambda delta, W, z: (delta @ W.T) * slope(z[:3, :3]), "ValueError"),
        (lambda delta, W, z: (delta @ W.T) * slope(z).mean(), "δ[0, 0] should be"),
        (lambda delta, W, z: np.where(z == 0, 0, (delta @ W.T) * slope(z)), "yours is 0"),
        (lambda delta, W, z: (np.clip(delta, -10, 10) @ W.T) * slope(z), "δ[0, 0] should be"),
    ],
    "05.mean_square": [
        (lambda y, t: ((y - t) ** 2).mean(), "mean of 16 squares"),
        (lambda y, t: ((y.T - t) ** 2).mean(), "y with shape (4,) and t with shape (4, 1)"),
        (lambda y, t: y.sum() - t.sum(), "For y = "),
        (lambda y, t: ((y - t.reshape(-1, 1)) ** 2).mean(), "y with shape (4,) and t with shape (4,)"),
        (lambda y, t: ((y.reshape(-1) - t) ** 2).mean(), "y with shape (4,) and t with shape (4, 1)"),
        (lambda y, t: ((y[:, 0] - t) ** 2).mean(), "y with shape (4,) and t with shape (4,)"),
        (lambda y, t: (y.reshape(-1) - t.reshape(-1)) ** 2, "The mean square should be one number"),
        (lambda y, t: ((y.ravel() - t.ravel()) ** 2).sum() / 4, "the mean square should be"),
        (lambda y, t: np.diag((y - t) ** 2).mean() if y.ndim > t.ndim else 0.0, "Bring *both* to one shape"),
        (lambda y, t: (np.clip(y.ravel() - t.ravel(), -99, 99) ** 2).mean(), "the mean square should be"),
        (in_place, "belongs to its caller"),
        (lambda y, t: "x", "The mean square is text"),
        (0.5, "a function"),
    ],
}


RIGHT = {
    "05.affine": [
        affine(right),
        affine(lambda *of: [dx(*of), dW(*of), np.ones(len(of[0])) @ of[2]]),
        affine(right, forward=lambda x, W, b: b + np.einsum("nd,dk->nk", x, W)),
        affine(lambda *of: tuple(part.tolist() for part in right(*of))),
        affine(lambda *of: tuple(map(Variable, right(*of))), forward=lambda x, W, b: Variable(x @ W + b)),
        Loops,
        affine(in_objects),
    ],
    "05.shapes": [
        SHAPES,
        {name: list(shape) for name, shape in SHAPES.items()},
        {name: np.array(shape) for name, shape in SHAPES.items()},
        {name: np.zeros(shape).shape for name, shape in SHAPES.items()},
        SHAPES | {"x": (150, 4)},
        list(SHAPES.values()),
    ],
    "05.delta": [
        lambda delta, W, z: np.einsum("nk,hk->nh", delta, W) * slope(z),
        lambda delta, W, z: (W @ delta.T).T * np.exp(-z) / (1 + np.exp(-z)) ** 2,
        lambda delta, W, z: ((delta @ W.T) * slope(z)).tolist(),
        lambda delta, W, z: Variable((delta @ W.T) * slope(z)),
        lambda delta, W, z, rate=1: rate * (delta @ W.T) * slope(z),
        lambda delta, W, z: [[row @ W[j] * slope(z[i, j]) for j in range(len(W))] for i, row in enumerate(delta)],
    ],
    "05.mean_square": [
        lambda y, t: ((y.reshape(-1) - t.reshape(-1)) ** 2).mean(),
        lambda y, t: ((y.reshape(-1, 1) - t.reshape(-1, 1)) ** 2).mean(),
        lambda y, t: Variable(((y.ravel() - t.ravel()) ** 2).mean()),
        lambda y, t: np.linalg.norm(y.flatten() - t.flatten()) ** 2 / len(y),
        lambda y, t: [sum((float(a) - float(b)) ** 2 for a, b in zip(y.flat, t.flat, strict=True)) / len(t)],
        lambda y, t: 2 * MSELoss().forward(y.reshape(t.shape), t),
        lambda y, t: np.square(y.reshape(t.shape) - t).mean(),
    ],
}
NOT_TRIED = {
    "05.affine": [
        affine(lambda *of: (..., ..., ...)),
        affine(lambda *of: (dx(*of), ..., ...)),
    ],
    "05.shapes": [SHAPES | {"dx": ...}, SHAPES | {"dx": None, "db": ...}, SHAPES | {"W": (4, ...)}],
}


def walk(rng):
    n, d, k = rng.integers(1, 6, 3)
    W, b, x, dout = (rng.normal(0, 2, shape) for shape in ((d, k), k, (n, d), (n, k)))
    far = rng.choice([1, 1, 1000])
    return {"make": (W, b), "forward": (x * far,), "dout": dout * far}


def hidden(rng):
    n, h, k = rng.integers(1, 6, 3)
    delta, W, z = (rng.normal(0, rng.choice([0.5, 2, 4]), shape) for shape in ((n, k), (h, k), (n, h)))
    return delta * rng.choice([1, 1, 1000]), W, z


def predictions(rng):
    n = rng.integers(1, 6)
    y, t = rng.normal(0, rng.choice([1, 1, 3000]), (2, n))
    return [(y[:, None], t), (y, t[:, None]), (y, t), (y[:, None], t[:, None])][rng.integers(4)]


DOMAIN = {"05.affine": walk, "05.delta": hidden, "05.mean_square": predictions}


def _affine_built(mistakes, rules):
    for part, wrong_rules in mistakes.items():
        for diagnosis, rule in rules_of(wrong_rules):
            if part == "forward":
                yield diagnosis, affine(right, forward=rule)
            else:
                chosen = rules | {part: rule}
                yield diagnosis, affine(lambda *of, chosen=chosen: tuple(wrong(*of) for wrong in chosen.values()))


BUILT = {"05.affine": _affine_built}
