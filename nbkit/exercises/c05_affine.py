"""Exercises of chapter 05: the way back through x @ W + b, its shapes, and the error term of a hidden layer."""

from types import SimpleNamespace

import numpy as np

from nbkit.exercises.core import (
    Wrong,
    as_array,
    call,
    call_method,
    close,
    exercise,
    filled,
    first_difference,
    is_open,
    is_stub,
    made,
    nothing_open,
)
from nbkit.exercises.trials import drawn, forward_first, judge_untouched, try_function, try_layer
from nbkit.functions import sigmoid
from nbkit.messages import _, kind_of


def _draw(rng, *shapes):
    """Draw numbers that no two rules turn into the same result."""
    return [np.round(rng.normal(size=shape), 2) for shape in shapes]


# ---------------------------------------------------------------- 05.affine: the layer as a class

SQUARE = 3, 3, 3  # n, d, k: where all sizes agree, even a wrong product gives numbers
SIZES = (4, 3, 2), (2, 3, 4), (3, 1, 2), (1, 4, 3), (2, 2, 1), (1, 1, 1)


@exercise(
    "05.affine",
    _("Three gradients, each in the shape of what it belongs to: dx (n, d), dW (d, k), db (k,). What fits?"),
    _("dout is (n, k). To get (n, d) for dx, it has to meet something of shape (k, d): that is W turned over, W.T."),
    _("dW = x.T @ dout, and b was added to each row, so db = dout.sum(axis=0)."),
)
def judge_affine(answer):
    t = _run_affine(answer)
    for name, part in t.result.items():
        got = as_array(part, name)
        if close(got, AFFINE_RULES[name](t)):
            continue
        for mistake, diagnosis in AFFINE_MISTAKES[name]:
            if close(got, mistake(t)):
                raise Wrong(diagnosis)
        raise Wrong(_difference(name, AFFINE_RULES[name](t), got))
    nothing_open(t.still)
    for sizes in SIZES:
        _try_affine(answer, sizes)
    _try_affine(answer, (4, 3, 2), factor=1000)
    _try_affine(answer, (2, 3, 2), factor=0)
    _judge_weights(answer)
    return _("Right: dx = dout Wᵀ, dW = xᵀ dout, db = dout summed over the batch.")


def _difference(name, want, got):
    if got.shape != want.shape:
        return _("{name} should have the shape of {of}, {rule}; yours has {got}.").format(
            name=name, of=name[1:], rule=want.shape, got=got.shape
        )
    place, right, wrong = first_difference(want, got)
    return _("{name} has the right shape, but {name}[{place}] should be {rule}, yours is {got}.").format(
        name=name, place=", ".join(map(str, place)), rule=right, got=wrong
    )


AFFINE_RULES = {
    "dx": lambda t: t.dout @ t.W.T,
    "dW": lambda t: t.x.T @ t.dout,
    "db": lambda t: t.dout.sum(axis=0),
}
AFFINE_MISTAKES = {
    "dx": (
        (lambda t: t.dout @ t.W, _("dx: W must be turned over. dout (n, k) @ W.T (k, d) gives (n, d).")),
        (lambda t: t.W.T @ t.dout, _("dx: the two have changed places. dout stands left: dout @ W.T.")),
        (lambda t: t.W @ t.dout, _("dx: the two have changed places, and W must be turned over: dout @ W.T.")),
        (lambda t: t.W @ t.dout.T, _("dx came out turned over: this is (dout @ W.T).T. Swap the two factors.")),
        (lambda t: t.W.T, _("dx: dout is missing. What arrives from the right is a factor.")),
        (lambda t: t.dout, _("dx: dout went on unchanged, as through a +. But x was multiplied by W.")),
        (lambda t: t.x.T @ t.dout, _("The first one is dW. Return dx, dW, db in this order.")),
        (lambda t: t.dout * t.W, _("dx: * multiplies entry by entry. A weighted sum needs @.")),
    ),
    "dW": (
        (lambda t: t.x @ t.dout, _("dW: x must be turned over. x.T (d, n) @ dout (n, k) gives (d, k).")),
        (lambda t: t.dout.T @ t.x, _("dW came out turned over, (k, d): this is (x.T @ dout).T. Swap the two factors.")),
        (lambda t: t.dout @ t.x.T, _("dW: the two have changed places. x.T stands left: x.T @ dout.")),
        (lambda t: t.dout @ t.x, _("dW: the two have changed places, and x must be turned over: x.T @ dout.")),
        (
            lambda t: t.x.T @ t.dout / len(t.x),
            _("dW: no mean here. The gradients of the rows are added, not averaged."),
        ),
        (lambda t: t.x.T, _("dW: dout is missing. What arrives from the right is a factor.")),
        (lambda t: t.x.T @ np.ones_like(t.dout), _("dW: dout is missing. What arrives from the right is a factor.")),
        (lambda t: t.dout.sum(axis=0), _("The second one is db. Return dx, dW, db in this order.")),
        (lambda t: t.x * t.dout, _("dW: * multiplies entry by entry. Here rows meet columns: that is @.")),
    ),
    "db": (
        (lambda t: t.dout, _("db: one row for each sample. b was added to every row, so its gradients are summed.")),
        (lambda t: t.dout.sum(axis=1), _("db: summed along the wrong axis. The batch is axis 0, b has k entries.")),
        (lambda t: t.dout.mean(axis=0), _("db: no mean here. Where a value fans out, its gradients are *added*.")),
        (lambda t: t.dout.sum(), _("db: everything was summed to one number. Sum over the batch only, axis=0.")),
        (lambda t: np.ones(t.W.shape[1]), _("db: the slope 1 is right, but dout is missing.")),
        (lambda t: np.full(t.W.shape[1], len(t.x)), _("db: you counted the rows. Add up the rows of dout instead.")),
        (lambda t: t.dout[0], _("db: this is the first row of dout only. All rows of the batch are added.")),
        (
            lambda t: t.dout.sum(axis=0, keepdims=True),
            _("db: the numbers are right, but the shape is (1, k), and b has (k,). Leave out keepdims."),
        ),
    ),
}


def _run_affine(cls):
    """Run the learner's class forward and backward on a square batch, and return what came out."""
    n, d, k = SQUARE
    x, W, b, dout = _draw(np.random.default_rng(5), (n, d), (d, k), (k,), (n, k))
    given = [part.copy() for part in (x, W, b, dout)]
    layer = made(cls, *given[1:3])
    half = None if is_stub(cls.backward) else _("backward is there. Still open: forward.")
    _judge_forward(as_array(call_method(layer, "forward", given[0], stub=half), _("forward")), x, W, b)
    stub = _("Right so far. Still open: backward.")
    with forward_first(lambda: cls(W.copy(), b.copy()), lambda x: x @ W + b, [((x,), dout), ((x[:2],), dout)], "x"):
        back = call_method(layer, "backward", given[3], stub=stub)
    result, still = _three(back)
    judge_untouched("x, W, b, dout", (x, W, b, dout), given)
    return SimpleNamespace(x=x, W=W, b=b, dout=dout, result=result, still=still)


def _judge_forward(out, x, W, b):
    for mistake, diagnosis in (
        (x @ W, _("forward: the bias is missing: x @ W + b.")),
        (W @ x + b, ORDER),
        (x @ W.T + b, ORDER),
        (W.T @ x + b, ORDER),
        (x * W + b, _("forward: * multiplies entry by entry. A weighted sum needs @: x @ W + b.")),
    ):
        if close(out, mistake):
            raise Wrong(diagnosis)
    if out.shape != (x @ W).shape:
        raise Wrong(
            _("forward should give shape {rule} for x {x} and W {W}, yours has {got}.").format(
                rule=(x @ W).shape, x=x.shape, W=W.shape, got=out.shape
            )
        )


ORDER = _("forward: rows of x meet columns of W, so it is x @ W, in this order and nothing turned over.")


def _three(result):
    """Return the gradients that a backward gave and the names of those that are still dots, or say what it gave."""
    if isinstance(result, np.ndarray) and result.dtype.kind == "O":
        result = list(result)
    if not isinstance(result, tuple | list) or len(result) != 3:
        got = _("these are {}").format(len(result)) if isinstance(result, tuple | list) else kind_of(result)
        raise Wrong(_("backward should return three arrays, `return dx, dW, db`; got: {}.").format(got))
    parts = dict(zip(AFFINE_RULES, result, strict=True))
    still = [name for name, part in parts.items() if part is ...]
    return {name: part for name, part in parts.items() if name not in still}, still


def _judge_weights(cls):
    """Two layers must not share one W."""
    rng = np.random.default_rng(9)
    (x, W, b, dout), (_x, other, more, _dout) = [[drawn(rng, *s) for s in ((2, 3), (3, 2), (2,), (2, 2))] for _ in "ab"]
    layer = cls(W.copy(), b.copy())
    cls(other, more)
    out = as_array(call_method(layer, "forward", x.copy()), _("forward"))
    dx = as_array(_three(call_method(layer, "backward", dout.copy()))[0]["dx"], "dx")
    if not (close(out, x @ W + b) and close(dx, dout @ W.T)):
        raise Wrong(_("Two objects of your class share their weights: keep W and b in self."))


def _try_affine(cls, sizes, factor=1):
    """Run the learner's class beside the rules on batches of two sizes."""
    n, d, k = sizes
    rng = np.random.default_rng(6)
    W, b = drawn(rng, d, k) * factor, drawn(rng, k)
    given = W.copy(), b.copy()
    try_layer(
        lambda: cls(*given),
        lambda x: x @ W + b,
        lambda dout, x: (dout @ W.T, x.T @ dout, dout.sum(axis=0)),
        [((drawn(rng, rows, d) * factor,), drawn(rng, rows, k) * factor) for rows in (n, n + 2)],
        "x",
        result=tuple(AFFINE_RULES),
    )
    judge_untouched("W, b", (W, b), given)


# ---------------------------------------------------------------- 05.shapes: which shape has what?

N, D, K = 150, 4, 3
SHAPES = {"W": (D, K), "b": (K,), "y": (N, K), "dout": (N, K), "dx": (N, D), "dW": (D, K), "db": (K,)}


@exercise(
    "05.shapes",
    _("Each column of W is one unit: it holds one weight for each of the 4 numbers of a flower."),
    _("A gradient always has the shape of what it belongs to: dW that of W, dout that of y."),
    _("b holds one number per unit, in a row without a second size: (3,), with a comma."),
)
def judge_shapes(answer):
    if isinstance(answer, list | tuple) and len(answer) == len(SHAPES):
        answer = dict(zip(SHAPES, answer, strict=True))
    if not isinstance(answer, dict):
        raise Wrong(
            _("Hand in a dict with the names {names}, this is {got}.").format(
                names=", ".join(SHAPES), got=kind_of(answer)
            )
        )
    missing = [name for name in SHAPES if name not in answer]
    if missing:
        raise Wrong(_("There is no shape for {}.").format(", ".join(missing)))
    given, still = filled({name: ... if _is_half(answer[name]) else answer[name] for name in SHAPES})
    for name in still:
        _judge_half(name, answer[name])
    for name, part in given.items():
        shape = _shape(part, name)
        if shape != SHAPES[name]:
            raise Wrong(_why_shape(name, shape))
    nothing_open(still)
    return _("Right: every gradient has the shape of what it belongs to.")


def _shape(thing, name):
    if isinstance(thing, np.ndarray) and thing.ndim == 1:
        thing = thing.tolist()
    if isinstance(thing, tuple | list) and all(map(_is_size, thing)):
        return tuple(map(int, thing))
    if _is_size(thing):
        raise Wrong(_("{name}: a shape is a tuple. With a single size it needs a comma: (3,).").format(name=name))
    raise Wrong(_("{name} should be a shape such as (150, 4), this is {got}.").format(name=name, got=kind_of(thing)))


def _judge_half(name, shape):
    """Judge those sizes of a shape that are there, where others are still open."""
    right = SHAPES[name]
    if not is_open(shape) and not (
        len(shape) == len(right)
        and all(is_open(size) or (_is_size(size) and size == want) for size, want in zip(shape, right, strict=True))
    ):
        sizes = ", ".join("..." if is_open(size) else str(size) for size in shape)
        raise Wrong(
            _("{name}: ({sizes}) is not it. Which sizes does it have: samples 150, features 4, units 3?").format(
                name=name, sizes=sizes
            )
        )


def _is_half(shape):
    return isinstance(shape, tuple | list) and any(map(is_open, shape))


def _is_size(thing):
    return isinstance(thing, int | np.integer) and not isinstance(thing, bool)


def _why_shape(name, shape):
    """Explain a wrong shape."""
    right = SHAPES[name]
    if name in ("b", "db"):
        if sorted(shape) == [1, K]:
            return _("{name}: b is a plain row of 3 numbers, without a second size.").format(name=name)
        if shape == (N, K):
            return _(
                "{name}: all samples share one b. It is stretched over the batch, and summed on the way back."
            ).format(name=name)
        if shape == (N,):
            return _("{name}: b belongs to the units, not to the samples.").format(name=name)
        if shape == (D,):
            return _("{name}: one number for each unit, not for each feature.").format(name=name)
    if shape == right[::-1]:
        return _("{name} is turned over. In x @ W + b, samples are rows of x, and units are columns of W.").format(
            name=name
        )
    if name.startswith("d") and name != "dout" and shape == (N, K):
        return _("{name}: this is the shape of dout. A gradient has the shape of what it belongs to.").format(name=name)
    if name in ("W", "dW") and N in shape:
        return _("{name}: the weights do not know how large the batch is. All samples share them.").format(name=name)
    return _("{name}: {shape} is not it. Which sizes does it have: samples 150, features 4, units 3?").format(
        name=name, shape=shape
    )


# ---------------------------------------------------------------- 05.delta: the error term of a hidden layer


@exercise(
    "05.delta",
    _("Two steps to the left: first back through the weights W of the layer on the right, then through the bend f."),
    _("Back through x @ W is delta @ W.T. Back through the sigmoid: multiply, entry by entry, by its slope at z."),
    _("The slope of the sigmoid at z is s * (1 - s) with s = sigmoid(z), so: (delta @ W.T) * s * (1 - s)."),
)
def judge_delta(answer):
    n, h, k = SQUARE
    delta, W, z = _draw(np.random.default_rng(7), (n, k), (h, k), (n, h))
    t = SimpleNamespace(delta=delta, W=W, z=z, s=sigmoid(z))
    got = as_array(call(answer, delta.copy(), W.copy(), z.copy()), "δ")
    for mistake, diagnosis in DELTA_MISTAKES:
        if close(got, mistake(t)):
            raise Wrong(diagnosis)
    if got.shape != z.shape:
        raise Wrong(_("δ should have the shape of z, {rule}; yours has {got}.").format(rule=z.shape, got=got.shape))
    rng = np.random.default_rng(8)
    trials = [(delta, W, z), (-1000 * delta, W.T + 100, z - 1), (0 * delta, W, z), (delta, W, 0 * z)]
    trials += [(drawn(rng, n, k), drawn(rng, h, k), drawn(rng, n, h)) for n, h, k in SIZES]
    far = drawn(rng, 2, 4), drawn(rng, 3, 4), 4 * drawn(rng, 2, 3)
    try_function(answer, lambda delta, W, z: (delta @ W.T) * _bend(z), [*trials, far], "delta, W, z", "δ")
    return _("Right: back through the weights, then through the bend: (δ Wᵀ) ⊙ f'(z).")


def _bend(z):
    return sigmoid(z) * (1 - sigmoid(z))


DELTA_MISTAKES = (
    (lambda t: t.delta @ t.W.T, _("f' is missing: you came back through W, but not yet through the sigmoid.")),
    (
        lambda t: (t.delta @ t.W.T) * _bend(t.s),
        _("You took the slope at a = sigmoid(z). The slope belongs to what went *into* the bend: z."),
    ),
    (
        lambda t: (t.delta @ t.W.T) * t.z * (1 - t.z),
        _("z (1 − z): the rule a (1 − a) wants the *output* of the sigmoid, a = sigmoid(z)."),
    ),
    (lambda t: (t.delta @ t.W) * _bend(t.z), _("W must be turned over: the way back through x @ W is delta @ W.T.")),
    (
        lambda t: (t.W.T @ t.delta) * _bend(t.z),
        _("This is the order of the column form. Here samples are rows: delta stands left, delta @ W.T."),
    ),
    (
        lambda t: (t.W @ t.delta) * _bend(t.z),
        _("Here samples are rows: delta stands left, and W is turned over, delta @ W.T."),
    ),
    (lambda t: t.delta @ t.W, _("W must be turned over, and f'(z) is missing.")),
    (lambda t: t.delta @ t.W.T @ _bend(t.z), _("⊙ multiplies entry by entry: write * instead of the last @.")),
    (lambda t: (t.delta @ t.W.T) * t.s, _("This multiplies by f(z), the output. The way back needs the slope, f'(z).")),
    (lambda t: (t.delta @ t.W.T) + _bend(t.z), _("f'(z) was added. Along a path we multiply.")),
    (lambda t: (t.delta @ t.W.T) * (t.z > 0), _("This is the slope of ReLU. Here the bend is a sigmoid.")),
    (lambda t: _bend(t.z), _("This is f'(z) alone. What comes from the right is a factor: delta @ W.T.")),
    (lambda t: t.delta * _bend(t.z), _("The weights are missing: before f'(z) the way leads back through W.")),
)
