"""Exercises of chapter 05: the way back through x @ W + b, its shapes, and the error term of a hidden layer."""

import numpy as np

from nbkit.exercises.answers import as_array, as_number, by_name, filled, is_open, nothing_open
from nbkit.exercises.compare import close, first_difference
from nbkit.exercises.core import exercise
from nbkit.exercises.kinds import judge_function, name_mistake
from nbkit.exercises.learner_code import call_method, instantiate, is_stub
from nbkit.exercises.trials import as_one, drawn, forward_first, judge_untouched, try_layer
from nbkit.exercises.verdicts import Wrong
from nbkit.functions import sigmoid
from nbkit.messages import _, kind_of


def _draw(rng, *shapes):
    """Draw numbers that no two rules turn into the same result."""
    return [np.round(rng.normal(size=shape), 2) for shape in shapes]


# ---------------------------------------------------------------- 05.affine: the layer as a class

SQUARE = 3, 3, 3  # n, d, k: where all sizes agree, even a wrong product gives numbers
SIZES = (4, 3, 2), (2, 3, 4), (3, 1, 2), (1, 4, 3), (2, 2, 1), (1, 1, 1)
ORDER = _("forward: rows of x meet columns of W, so it is x @ W, in this order and nothing turned over.")


@exercise(
    "05.affine",
    _("Three gradients, each in the shape of what it belongs to: dx (n, d), dW (d, k), db (k,). What fits?"),
    _("dout is (n, k). To get (n, d) for dx, it has to meet something of shape (k, d): that is W turned over, W.T."),
    _("dW = x.T @ dout, and b was added to each row, so db = dout.sum(axis=0)."),
    rules={
        "dx": lambda x, W, dout: dout @ W.T,
        "dW": lambda x, W, dout: x.T @ dout,
        "db": lambda x, W, dout: dout.sum(axis=0),
    },
    mistakes={
        "forward": {
            _("forward: the bias is missing: x @ W + b."): lambda x, W, b: x @ W,
            ORDER: [lambda x, W, b: W @ x + b, lambda x, W, b: x @ W.T + b, lambda x, W, b: W.T @ x + b],
            _("forward: * multiplies entry by entry. A weighted sum needs @: x @ W + b."): lambda x, W, b: x * W + b,
        },
        "dx": {
            _("dx: W must be turned over. dout (n, k) @ W.T (k, d) gives (n, d)."): lambda x, W, dout: dout @ W,
            _("dx: the two have changed places. dout stands left: dout @ W.T."): lambda x, W, dout: W.T @ dout,
            _("dx: the two have changed places, and W must be turned over: dout @ W.T."): lambda x, W, dout: W @ dout,
            _("dx came out turned over: this is (dout @ W.T).T. Swap the two factors."): lambda x, W, dout: W @ dout.T,
            _("dx: dout is missing. What arrives from the right is a factor."): lambda x, W, dout: W.T,
            _("dx: dout went on unchanged, as through a +. But x was multiplied by W."): lambda x, W, dout: dout,
            _("The first one is dW. Return dx, dW, db in this order."): lambda x, W, dout: x.T @ dout,
            _("dx: * multiplies entry by entry. A weighted sum needs @."): lambda x, W, dout: dout * W,
        },
        "dW": {
            _("dW: x must be turned over. x.T (d, n) @ dout (n, k) gives (d, k)."): lambda x, W, dout: x @ dout,
            _("dW came out turned over, (k, d): this is (x.T @ dout).T. Swap the two factors."):
                lambda x, W, dout: dout.T @ x,
            _("dW: the two have changed places. x.T stands left: x.T @ dout."): lambda x, W, dout: dout @ x.T,
            _("dW: the two have changed places, and x must be turned over: x.T @ dout."): lambda x, W, dout: dout @ x,
            _("dW: no mean here. The gradients of the rows are added, not averaged."):
                lambda x, W, dout: x.T @ dout / len(x),
            _("dW: dout is missing. What arrives from the right is a factor."):
                [lambda x, W, dout: x.T, lambda x, W, dout: x.T @ np.ones_like(dout)],
            _("The second one is db. Return dx, dW, db in this order."): lambda x, W, dout: dout.sum(axis=0),
            _("dW: * multiplies entry by entry. Here rows meet columns: that is @."): lambda x, W, dout: x * dout,
        },
        "db": {
            _("db: one row for each sample. b was added to every row, so its gradients are summed."):
                lambda x, W, dout: dout,
            _("db: summed along the wrong axis. The batch is axis 0, b has k entries."):
                lambda x, W, dout: dout.sum(axis=1),
            _("db: no mean here. Where a value fans out, its gradients are *added*."):
                lambda x, W, dout: dout.mean(axis=0),
            _("db: everything was summed to one number. Sum over the batch only, axis=0."):
                lambda x, W, dout: dout.sum(),
            _("db: the slope 1 is right, but dout is missing."): lambda x, W, dout: np.ones(W.shape[1]),
            _("db: you counted the rows. Add up the rows of dout instead."):
                lambda x, W, dout: np.full(W.shape[1], len(x)),
            _("db: this is the first row of dout only. All rows of the batch are added."): lambda x, W, dout: dout[0],
            _("db: the numbers are right, but the shape is (1, k), and b has (k,). Leave out keepdims."):
                lambda x, W, dout: dout.sum(axis=0, keepdims=True),
        },
    },
    praise=_("Right: dx = dout Wᵀ, dW = xᵀ dout, db = dout summed over the batch."),
)  # fmt: skip
def judge_affine(answer, rules, mistakes):
    n, d, k = SQUARE
    x, W, b, dout = _draw(np.random.default_rng(5), (n, d), (d, k), (k,), (n, k))
    given = [part.copy() for part in (x, W, b, dout)]
    layer = instantiate(answer, *given[1:3])
    half = None if is_stub(answer.backward) else _("backward is there. Still open: forward.")
    out = as_array(call_method(layer, "forward", given[0], stub=half), "forward")
    name_mistake([out], mistakes["forward"], [(x, W, b)])
    if out.shape != (n, k):
        text = _("forward should give shape {rule} for x {x} and W {W}, yours has {got}.")
        raise Wrong(text.format(rule=(n, k), x=x.shape, W=W.shape, got=out.shape))
    stub = _("Right so far. Still open: backward.")
    with forward_first(lambda: answer(W.copy(), b.copy()), lambda x: x @ W + b, [((x,), dout), ((x[:2],), dout)], "x"):
        back = call_method(layer, "backward", given[3], stub=stub)
    result, still = _three(back)
    judge_untouched("x, W, b, dout", (x, W, b, dout), given)
    for name, part in result.items():
        got, want = as_array(part, name), rules[name](x, W, dout)
        if not close(got, want):
            name_mistake([got], mistakes[name], [(x, W, dout)])
            raise Wrong(_difference(name, want, got))
    nothing_open(still)
    for sizes, factor in [*((sizes, 1) for sizes in SIZES), ((4, 3, 2), 1000), ((2, 3, 2), 0)]:
        _try_affine(answer, rules, sizes, factor)
    _judge_weights(answer)


def _difference(name, want, got):
    if got.shape != want.shape:
        return _("{name} should have the shape of {of}, {rule}; yours has {got}.").format(
            name=name, of=name[1:], rule=want.shape, got=got.shape
        )
    place, right, wrong = first_difference(want, got)
    return _("{name} has the right shape, but {name}[{place}] should be {rule}, yours is {got}.").format(
        name=name, place=", ".join(map(str, place)), rule=right, got=wrong
    )


def _three(result):
    """Return the gradients that a backward gave and the names of those that are still dots, or say what it gave."""
    if isinstance(result, np.ndarray) and result.dtype.kind == "O":
        result = list(result)
    if not isinstance(result, tuple | list) or len(result) != 3:
        got = _("these are {}").format(len(result)) if isinstance(result, tuple | list) else kind_of(result)
        raise Wrong(_("backward should return three arrays, `return dx, dW, db`; got: {}.").format(got))
    parts = dict(zip(("dx", "dW", "db"), result, strict=True))
    still = [name for name, part in parts.items() if part is ...]
    return {name: part for name, part in parts.items() if name not in still}, still


def _judge_weights(cls):
    """Two layers must not share one W."""
    rng = np.random.default_rng(9)
    (x, W, b, dout), (_x, other, more, _dout) = [[drawn(rng, *s) for s in ((2, 3), (3, 2), (2,), (2, 2))] for _ in "ab"]
    layer = cls(W.copy(), b.copy())
    cls(other, more)
    out = as_array(call_method(layer, "forward", x.copy()), "forward")
    dx = as_array(_three(call_method(layer, "backward", dout.copy()))[0]["dx"], "dx")
    if not (close(out, x @ W + b) and close(dx, dout @ W.T)):
        raise Wrong(_("Two objects of your class share their weights: keep W and b in self."))


def _try_affine(cls, rules, sizes, factor):
    """Run the learner's class beside the rules on batches of two sizes."""
    n, d, k = sizes
    rng = np.random.default_rng(6)
    W, b = drawn(rng, d, k) * factor, drawn(rng, k)
    given = W.copy(), b.copy()
    try_layer(
        lambda: cls(*given),
        lambda x: x @ W + b,
        lambda dout, x: tuple(rule(x, W, dout) for rule in rules.values()),
        [((drawn(rng, rows, d) * factor,), drawn(rng, rows, k) * factor) for rows in (n, n + 2)],
        "x",
        result=tuple(rules),
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
    ask = _("Hand in a dict with the names {names}, this is {got}.")
    shapes = by_name(answer, SHAPES, ask, _("There is no shape for {}."))
    given, still = filled({name: ... if _is_half(shape) else shape for name, shape in shapes.items()})
    for name in still:
        _judge_half(name, shapes[name])
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
        text = _("{name}: ({sizes}) is not it. Which sizes does it have: samples 150, features 4, units 3?")
        raise Wrong(text.format(name=name, sizes=sizes))


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


def _slope(z):
    return sigmoid(z) * (1 - sigmoid(z))


def _delta_trials(delta, W, z):
    rng = np.random.default_rng(8)
    trials = [(delta, W, z), (-1000 * delta, W.T + 100, z - 1), (0 * delta, W, z), (delta, W, 0 * z)]
    trials += [(drawn(rng, n, k), drawn(rng, h, k), drawn(rng, n, h)) for n, h, k in SIZES]
    return [*trials, (drawn(rng, 2, 4), drawn(rng, 3, 4), 4 * drawn(rng, 2, 3))]


DELTA_PROBE = tuple(_draw(np.random.default_rng(7), (3, 3), (3, 3), (3, 3)))

exercise(
    "05.delta",
    _("Two steps to the left: first back through the weights W of the layer on the right, then through the bend f."),
    _("Back through x @ W is delta @ W.T. Back through the sigmoid: multiply, entry by entry, by its slope at z."),
    _("The slope of the sigmoid at z is s * (1 - s) with s = sigmoid(z), so: (delta @ W.T) * s * (1 - s)."),
    judge=judge_function,
    rule=lambda delta, W, z: (delta @ W.T) * _slope(z),
    mistakes={
        _("f' is missing: you came back through W, but not yet through the sigmoid."): lambda delta, W, z: delta @ W.T,
        _("You took the slope at a = sigmoid(z). The slope belongs to what went *into* the bend: z."):
            lambda delta, W, z: (delta @ W.T) * _slope(sigmoid(z)),
        _("z (1 − z): the rule a (1 − a) wants the *output* of the sigmoid, a = sigmoid(z)."):
            lambda delta, W, z: (delta @ W.T) * z * (1 - z),
        _("W must be turned over: the way back through x @ W is delta @ W.T."):
            lambda delta, W, z: (delta @ W) * _slope(z),
        _("This is the order of the column form. Here samples are rows: delta stands left, delta @ W.T."):
            lambda delta, W, z: (W.T @ delta) * _slope(z),
        _("Here samples are rows: delta stands left, and W is turned over, delta @ W.T."):
            lambda delta, W, z: (W @ delta) * _slope(z),
        _("W must be turned over, and f'(z) is missing."): lambda delta, W, z: delta @ W,
        _("⊙ multiplies entry by entry: write * instead of the last @."):
            lambda delta, W, z: delta @ W.T @ _slope(z),
        _("This multiplies by f(z), the output. The way back needs the slope, f'(z)."):
            lambda delta, W, z: (delta @ W.T) * sigmoid(z),
        _("f'(z) was added. Along a path we multiply."): lambda delta, W, z: (delta @ W.T) + _slope(z),
        _("This is the slope of ReLU. Here the bend is a sigmoid."): lambda delta, W, z: (delta @ W.T) * (z > 0),
        _("This is f'(z) alone. What comes from the right is a factor: delta @ W.T."): lambda delta, W, z: _slope(z),
        _("The weights are missing: before f'(z) the way leads back through W."):
            lambda delta, W, z: delta * _slope(z),
    },
    probes=[DELTA_PROBE],
    trials=_delta_trials(*DELTA_PROBE),
    names="delta, W, z",
    result="δ",
    called="δ",
    shape=_("δ should have the shape of z, {want}; yours has {got}."),
    praise=_("Right: back through the weights, then through the bend: (δ Wᵀ) ⊙ f'(z)."),
)  # fmt: skip


# ---------------------------------------------------------------- 05.mean_square: a column against a row

PREDICTED, MEASURED = np.array([[1.0], [2.5], [3.0], [5.0]]), np.array([1.5, 2.0, 2.0, 4.0])
PREDICTED_ROW = PREDICTED.reshape(-1)


def _columns_and_rows():
    """Return trials in all four pairs of shapes."""
    rng = np.random.default_rng(10)
    for n in (1, 2, 5):
        for one, other in (((n, 1), (n,)), ((n,), (n, 1)), ((n,), (n,)), ((n, 1), (n, 1))):
            yield drawn(rng, *one), drawn(rng, *other)
    yield 3000 * drawn(rng, 3, 1), 3000 * drawn(rng, 3)
    yield MEASURED[:, None], MEASURED
    yield np.array([2, 4, 6]), np.array([[1], [4], [8]])


def _differences(y, t):
    return np.ravel(y) - np.ravel(t)


def _judge_other_shapes(at):
    """Look at the pairs of shapes that a cure of the first one alone leaves as they were."""
    want = (_differences(PREDICTED, MEASURED) ** 2).mean()
    if not close(at(PREDICTED, MEASURED), want):
        return  # a trial will tell
    for y, t in ((PREDICTED_ROW, MEASURED), (PREDICTED_ROW, MEASURED[:, None]), (PREDICTED, MEASURED[:, None])):
        try:
            right = close(at(y, t), want)
        except IndexError:  # a column was picked from a row
            right = False
        if not right:
            text = _("Right where y is a column and t is a row. But for y with shape {y} and t with shape {t} it goes "
                     "wrong. Bring *both* to one shape.")  # fmt: skip
            raise Wrong(text.format(y=y.shape, t=t.shape))


exercise(
    "05.mean_square",
    _("Look at `(y - t).shape` for a column and a row: (n, n). Bring both to one shape before you subtract."),
    _("`y.reshape(-1)` is a plain row (n,), whichever of the two shapes y had. The same with t."),
    _("error = y.reshape(-1) - t.reshape(-1), and then the mean of error**2."),
    judge=judge_function,
    rule=lambda y, t: (_differences(y, t) ** 2).mean(),
    mistakes={
        _("That is the mean of 16 squares: NumPy subtracted each of the 4 truths from each of the 4 predictions. Bring "
          "both to one shape first."): lambda y, t: ((y - t) ** 2).mean(),
        _("These are 16 squares, not 4: NumPy stretched column and row to (4, 4). Bring both to one shape first."):
            [lambda y, t: ((y - t) ** 2).sum() / len(y), lambda y, t: ((y - t) ** 2).sum()],
        _("The sum is right. Now divide by the number of samples: take the mean."):
            lambda y, t: (_differences(y, t) ** 2).sum(),
        _("Half of it would make the gradient simpler, but here the whole mean square is asked for."):
            lambda y, t: (_differences(y, t) ** 2).mean() / 2,
        _("The mean first, then the square: errors of both signs cancel. Square each error, then take the mean."):
            [lambda y, t: _differences(y, t).mean() ** 2, lambda y, t: (y - t).mean() ** 2],
        _("The square is missing: errors of both signs cancel."): lambda y, t: _differences(y, t).mean(),
        _("These are sizes, not squares: error**2 in the place of abs(error)."):
            lambda y, t: np.abs(_differences(y, t)).mean(),
        _("This is the root of the mean square. Leave the root out."):
            lambda y, t: np.sqrt((_differences(y, t) ** 2).mean()),
    },
    probes=[(PREDICTED, MEASURED)],
    trials=list(_columns_and_rows()),
    names="y, t",
    result=_("the mean square"),
    read=as_one,
    unpack=lambda result: as_number(result, _("The mean square")),
    then=_judge_other_shapes,
    praise=_("Right: one difference for each sample, whichever shapes come."),
)  # fmt: skip
