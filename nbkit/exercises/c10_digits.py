"""Exercises of chapter 10: count parameters, find the surest mistakes, judge digit by digit, end-to-end training."""

from itertools import pairwise

import numpy as np

from nbkit.exercises.answers import as_array, as_number
from nbkit.exercises.compare import apart, first_difference, row
from nbkit.exercises.core import exercise
from nbkit.exercises.kinds import judge_function, judge_numbers
from nbkit.exercises.verdicts import Wrong
from nbkit.messages import _

# ---------------------------------------------------------------- 1: count parameters

SIZES = [7, 5, 4, 3]  # 7*5 + 5 + 5*4 + 4 + 4*3 + 3 = 79


def _count(sizes):
    return sum(d * k + k for d, k in pairwise(sizes))


def _weights(sizes):
    return sum(d * k for d, k in pairwise(sizes))


def _tell_count(inputs, want, got):
    (sizes,) = inputs
    raise Wrong(
        _("For {sizes} it should be {sum} = {rule}; yours gives {got}.").format(
            sizes=sizes, sum=" + ".join(f"({d}·{k} + {k})" for d, k in pairwise(sizes)), rule=want,
            got=apart(want, got)[1],
        )
    )  # fmt: skip


exercise(
    "10.parameters",
    _("An Affine layer from d to k numbers has a weight for each pair, d · k, and a bias for each output, k."),
    _("Neighbours in the list make a layer: zip(sizes[:-1], sizes[1:]) goes through them. Add up d * k + k."),
    judge=judge_function,
    rule=_count,
    mistakes={
        _("These are the weights alone. Each output has a bias, too."): _weights,
        _("A bias for each number of the *input*, too: the pixels have none."): lambda s: _weights(s) + sum(s),
        _("A bias belongs to each output of a layer, not to each input: d·k + k."):
            lambda s: _weights(s) + sum(s[:-1]),
        _("One bias for a whole layer: each of its outputs has its own."): lambda s: _weights(s) + len(s) - 1,
        _("Biases: not one for each stage, but one for each output of each layer."): lambda s: _weights(s) + len(s),
        _("These are the units. Each unit has a weight for each number that it is given, and a bias."): sum,
        _("All sizes multiplied. Each layer has its own d·k; the layers are added up."): np.prod,
        _("This is the first layer alone."): lambda s: _count(s[:2]),
        _("This is the last layer alone."): lambda s: _count(s[-2:]),
        _("This jumps from the first size to the last. Go layer by layer."): lambda s: _count([s[0], s[-1]]),
    },
    probes=[(SIZES,)],
    trials=[
        ([64, 50, 10],), ([2, 1],), ([1, 1],), ([1, 6],), ([3, 3, 3, 3],), ([1, 2, 1, 5, 1, 2],),
        ([784, 100, 100, 100, 10],), ([3072, 40, 1],), ([5, 4, 3, 2, 1, 2, 3, 4, 5, 6, 7, 8],),
    ],
    names="sizes",
    unpack=as_number,
    otherwise=_tell_count,
    praise=_("Right: a weight for each pair, a bias for each output; 64-50-10 makes 3760."),
)  # fmt: skip


# ---------------------------------------------------------------- 2: the surest mistakes

# Ten answers: what was decided, how sure, and the truth. Rows 1, 3, 4, 6 and 9 are wrong.
DECIDED = np.array([3, 8, 0, 1, 5, 7, 9, 2, 4, 6])
SURE = np.array([0.99, 0.55, 0.90, 0.97, 0.62, 0.50, 0.81, 0.985, 0.70, 0.93])
LABELS = np.array([3, 3, 0, 7, 9, 7, 4, 2, 4, 8])


def _chances():
    """Probabilities in which the decision has its share, the truth the next largest and the rest is spread evenly."""
    y = np.tile((1 - SURE)[:, None] * 0.4 / 8, (1, 10))
    n = np.arange(len(SURE))
    y[n, LABELS] = (1 - SURE) * 0.6
    y[n, DECIDED] = 0
    y[n, DECIDED] = 1 - y.sum(axis=1)
    return y


def _wrong_rows(y, t):
    return np.flatnonzero(y.argmax(axis=1) != t)


def _places(y, t):
    """Return places among the wrong rows, the surest first."""
    return np.argsort(-y.max(axis=1)[_wrong_rows(y, t)])


def _ranked(y, t):
    return _wrong_rows(y, t)[_places(y, t)]


def _surest(y, t):
    return _ranked(y, t)[:3]


def _row_numbers(result, _name):
    """Return row numbers as an array, or say that they are none."""
    numbers = as_array(result, truths=True)
    if np.asarray(getattr(result, "value", result)).dtype.kind == "b":
        raise Wrong(_("This is a table of True and False: np.flatnonzero turns it into row numbers."))
    if np.isfinite(numbers).all() and (numbers == np.round(numbers)).all():
        return numbers
    if numbers.shape == (3,):
        raise Wrong(_("These look like probabilities. The numbers of the rows are wanted: argsort, not sort."))
    raise Wrong(_("The answer should be three row numbers, whole numbers."))


def _tell_rows(inputs, _want, got):
    right = [i for i in got if i not in _wrong_rows(*inputs)]
    if right:
        raise Wrong(_("Row {} was decided right (or is not there): keep only the wrong ones.").format(row(right[:1])))
    raise Wrong(_("Wrong ones they are, but not the surest three in their order; yours are {}.").format(row(got)))


def _tables():
    """Probabilities and labels: few rows and many, all wrong or some, and the first ones turned over."""
    rng = np.random.default_rng(0)
    tables = [(_chances()[::-1].copy(), LABELS[::-1].copy())]
    for n, right in ((3, 0.0), (5, 0.2), (12, 0.5), (40, 0.8), (40, 0.0), (150, 0.5)):
        scores = rng.normal(0.0, 2.0, (n, 10))
        y = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
        decided = y.argmax(axis=1)
        keep = np.arange(n) < round(right * n)
        order = rng.permutation(n)
        t = np.where(keep, decided, (decided + rng.integers(1, 10, n)) % 10)
        tables.append((y[order], t[order]))
    near = np.full((6, 10), 0.1) + np.outer(np.arange(6.0) + 1, np.where(np.arange(10) == 4, 9e-6, -1e-6))
    return [*tables, (near, np.array([3, 9, 4, 0, 4, 1]))]  # hardly sure, and one hardly more than another


exercise(
    "10.surest",
    _("First find the wrong rows: np.flatnonzero(y.argmax(axis=1) != t). How sure it was is y.max(axis=1)."),
    _("np.argsort sorts upwards, so sort the negative values; then use the answer as places among the wrong rows."),
    judge=judge_function,
    rule=_surest,
    mistakes={
        _("These are the surest decisions of all, and most are right. Only wrong ones count."):
            lambda y, t: np.argsort(-y.max(axis=1))[:3],
        _("These are places in the list of the wrong ones. Look there: wrong[places]"): lambda y, t: _places(y, t)[:3],
        _("These are the three *least* sure mistakes: argsort sorts upwards."): lambda y, t: _ranked(y, t)[::-1][:3],
        _("The right three, but the surest comes first."): lambda y, t: _surest(y, t)[::-1],
        _("The right three, but sorted by row; the surest comes first."): lambda y, t: np.sort(_surest(y, t)),
        _("These are the first three wrong rows, in no order of sureness."): lambda y, t: _wrong_rows(y, t)[:3],
        _("These are all wrong rows: the three surest are wanted."): _wrong_rows,
        _("In the right order, but only the first three are wanted."): _ranked,
        _("These are the digits that were decided. The row numbers are wanted."):
            lambda y, t: y.argmax(axis=1)[_surest(y, t)],
        _("These are the labels of the rows. The row numbers are wanted."): lambda y, t: t[_surest(y, t)],
        _("These are the three decisions that were least sure, right or wrong."):
            lambda y, t: np.argsort(y.max(axis=1))[:3],
    },
    probes=[(_chances(), LABELS)],
    trials=_tables(),
    names="y, t",
    result=_("the answer"),
    read=_row_numbers,
    shape=_("Three row numbers are wanted, this has shape {got}."),
    otherwise=_tell_rows,
    praise=_("Right: rows 3, 9 and 6. Look at such mistakes first; wrong labels are often found this way."),
)  # fmt: skip


# ---------------------------------------------------------------- 3: digit by digit

TRUTH = np.array([0, 0, 1, 1, 1, 2, 3, 3, 4, 4, 4, 4, 5, 5, 6, 6, 6, 7, 7, 8, 8, 8, 9, 9, 9])
SAID = np.array([0, 0, 1, 8, 1, 2, 3, 5, 4, 9, 4, 4, 5, 5, 6, 6, 0, 7, 9, 1, 8, 8, 9, 3, 3])


def _counts(digits):
    return np.bincount(digits, minlength=10)


def _hits(decisions, labels):
    return _counts(labels[decisions == labels])


def _by_digit(decisions, labels):
    return _hits(decisions, labels) / _counts(labels)


def _shares(result, name=None):
    """Return ten numbers as an array, those of a dict by its keys 0 to 9."""
    if isinstance(result, dict):
        result = [result[k] for k in range(10)] if set(result) == set(range(10)) else list(result.values())
    shares = as_array(result, name)
    return shares.reshape(10) if shares.shape in ((10, 1), (1, 10)) else shares


def _tell_share(inputs, want, got):
    (k,), right, wrong = first_difference(want, got)
    raise Wrong(
        _("Of the {n} digits {k} here, {hits} were decided right: {rule}. Yours says {got}.").format(
            n=_counts(inputs[1])[k], k=k, hits=_hits(*inputs)[k], rule=right, got=wrong
        )
    )


def _decisions():
    """Decisions and labels: in any order, each digit once or often, all right or none, some never decided."""
    rng = np.random.default_rng(0)
    once = rng.permutation(10)
    trials = [(once.copy(), once.copy()), ((once + 1) % 10, once.copy()), (np.full(10, 3), once.copy())]
    for n in (7, 25, 90, 400):
        labels = rng.permutation(np.concatenate([np.arange(10), rng.integers(0, 10, n)]))
        slips = rng.random(len(labels)) < 0.4
        trials.append((np.where(slips, rng.integers(0, 10, len(labels)), labels), labels))
    return trials


exercise(
    "10.by_digit",
    _("labels == k picks the digits that are a k. Among those, how often does the decision say k?"),
    _("For one digit: np.mean(decisions[labels == k] == k). Do this for k from 0 to 9."),
    judge=judge_function,
    rule=_by_digit,
    mistakes={
        _("This is the accuracy of all together. Ten numbers are wanted, one for each digit."):
            lambda decisions, labels: np.mean(decisions == labels),
        _("Of those *decided* as k, the share that is a k. Wanted: of those that *are* a k."):
            lambda decisions, labels: _hits(decisions, labels) / _counts(decisions),
        _("These are counts. Divide by how many there are of each digit."): _hits,
        _("Divided by the number of all digits; divide by how many there are of *this* digit."):
            lambda decisions, labels: _hits(decisions, labels) / len(labels),
        _("These are the shares that went wrong."): lambda decisions, labels: 1 - _by_digit(decisions, labels),
        _("This is in percent; the shares should lie between 0 and 1."):
            lambda decisions, labels: 100 * _by_digit(decisions, labels),
        _("This says how common each digit is; the decisions are not in it."):
            lambda decisions, labels: _counts(labels) / len(labels),
        _("How often k was said, right or wrong, over how often it is there: count only the right ones."):
            lambda decisions, labels: _counts(decisions) / _counts(labels),
        _("This counts every 'not a k' that was decided as 'not a k', too. Look only at those that are a k."):
            lambda decisions, labels: [np.mean((decisions == k) == (labels == k)) for k in range(10)],
        _("Right, but from 9 down to 0."): lambda decisions, labels: _by_digit(decisions, labels)[::-1],
    },
    probes=[(SAID, TRUTH)],
    trials=_decisions(),
    names="decisions, labels",
    result=_("the list"),
    read=_shares,
    shape=_("Ten numbers are wanted, one for each digit; this has shape {got}."),
    otherwise=_tell_share,
    praise=_("Right. One number for all can hide a digit that is hardly ever read."),
)  # fmt: skip


# ---------------------------------------------------------------- 4: end to end

exercise(
    "10.end_to_end",
    _("Only the decision: that is the output layer, from 50 numbers to 10, weights and biases."),
    _("End to end everything learns that has parameters: the hidden layer, 64 · 50 + 50, as well."),
    judge=judge_numbers,
    ask=_("Hand in two numbers, (decision only, end to end)."),
    parts={
        _("decision only"): (510, {
            _("the ten biases are missing."): 500,
            _("this is the hidden layer, which stays as it is. The output layer learns."): 3250,
            _("this is all of them, but the hidden layer stays as it is."): 3760,
            _("the output layer does learn."): 0,
            _("50 numbers go into the output layer; it has a weight for each pair, and biases."): 50,
            _("these are the scores. Count the weights and biases that make them."): 10,
        }, _("from 50 numbers to 10, so 50 · 10 weights and 10 biases; {} is not it.")),
        _("end to end"): (3760, {
            _("the 60 biases are missing."): 3700,
            _("this is the hidden layer alone. The output layer learns as well."): 3250,
            _("these are the weights of the hidden layer alone."): 3200,
            _("the 50 biases of the hidden layer are missing."): 3710,
            _("the hidden layer learns as well."): 510,
        }, _("64 · 50 + 50 of the hidden layer and 510 of the output layer; {} is not it.")),
    },
    together={_("The two numbers have changed places."): (3760, 510)},
    prefix=str.capitalize,
    praise=_("Right: 510 and 3760. End to end, the loss also teaches the 3250 that look at the pixels."),
)  # fmt: skip
