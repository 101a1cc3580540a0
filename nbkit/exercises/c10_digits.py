"""Exercises of chapter 10: count parameters, find the surest mistakes, judge digit by digit, end-to-end training."""

from itertools import pairwise

import numpy as np

from nbkit.exercises.core import (
    Wrong,
    apart,
    as_array,
    as_number,
    call,
    close,
    exercise,
    filled,
    first_difference,
    listed,
    nothing_open,
    row,
)
from nbkit.exercises.trials import try_function
from nbkit.messages import _

SIZES = [7, 5, 4, 3]  # 7*5 + 5 + 5*4 + 4 + 4*3 + 3 = 79
OTHER_SIZES = (
    [64, 50, 10], [2, 1], [1, 1], [1, 6], [3, 3, 3, 3], [1, 2, 1, 5, 1, 2], [784, 100, 100, 100, 10], [3072, 40, 1],
    [5, 4, 3, 2, 1, 2, 3, 4, 5, 6, 7, 8],
)  # fmt: skip


@exercise(
    "10.parameters",
    _("An Affine layer from d to k numbers has a weight for each pair, d · k, and a bias for each output, k."),
    _("Neighbours in the list make a layer: zip(sizes[:-1], sizes[1:]) goes through them. Add up d * k + k."),
)
def judge_parameters(answer):
    got = as_number(call(answer, list(SIZES)))
    if close(got, _count(SIZES)):
        try_function(answer, _count, [(list(sizes),) for sizes in OTHER_SIZES], "sizes")
        return _("Right: a weight for each pair, a bias for each output; 64-50-10 makes 3760.")
    weights = sum(d * k for d, k in pairwise(SIZES))
    mistakes = (
        (weights, _("These are the weights alone. Each output has a bias, too.")),
        (weights + sum(SIZES), _("A bias for each number of the *input*, too: the pixels have none.")),
        (weights + sum(SIZES[:-1]), _("A bias belongs to each output of a layer, not to each input: d·k + k.")),
        (weights + len(SIZES) - 1, _("One bias for a whole layer: each of its outputs has its own.")),
        (weights + len(SIZES), _("Biases: not one for each stage, but one for each output of each layer.")),
        (sum(SIZES), _("These are the units. Each unit has a weight for each number that it is given, and a bias.")),
        (np.prod(SIZES), _("All sizes multiplied. Each layer has its own d·k; the layers are added up.")),
        (_count(SIZES[:2]), _("This is the first layer alone.")),
        (_count(SIZES[-2:]), _("This is the last layer alone.")),
        (SIZES[0] * SIZES[-1] + SIZES[-1], _("This jumps from the first size to the last. Go layer by layer.")),
    )
    for value, diagnosis in mistakes:
        if close(got, value):
            raise Wrong(diagnosis)
    raise Wrong(
        _("For {sizes} it should be {sum} = {rule}; yours gives {got}.").format(
            sizes=SIZES,
            sum=" + ".join(f"({d}·{k} + {k})" for d, k in pairwise(SIZES)),
            rule=_count(SIZES),
            got=apart(_count(SIZES), got)[1],
        )
    )


def _count(sizes):
    return sum(d * k + k for d, k in pairwise(sizes))


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


@exercise(
    "10.surest",
    _("First find the wrong rows: np.flatnonzero(y.argmax(axis=1) != t). How sure it was is y.max(axis=1)."),
    _("np.argsort sorts upwards, so sort the negative values; then use the answer as places among the wrong rows."),
)
def judge_surest(answer):
    y = _chances()
    got = _whole_numbers(call(answer, y.copy(), LABELS.copy()), _("three row numbers"))
    sure, wrong = y.max(axis=1), np.flatnonzero(DECIDED != LABELS)
    best = wrong[np.argsort(-sure[wrong])]
    if got.shape == (3,) and (got == best[:3]).all():
        try_function(answer, _surest, _tables(), "y, t", _("the answer"), read=_read_rows)
        return _("Right: rows 3, 9 and 6. Look at such mistakes first; wrong labels are often found this way.")
    mistakes = (
        (np.argsort(-sure)[:3], _("These are the surest decisions of all, and most are right. Only wrong ones count.")),
        (np.argsort(-sure[wrong])[:3], _("These are places in the list of the wrong ones. Look there: wrong[places]")),
        (best[::-1][:3], _("These are the three *least* sure mistakes: argsort sorts upwards.")),
        (best[:3][::-1], _("The right three, but the surest comes first.")),
        (np.sort(best[:3]), _("The right three, but sorted by row; the surest comes first.")),
        (wrong[:3], _("These are the first three wrong rows, in no order of sureness.")),
        (wrong, _("These are all wrong rows: the three surest are wanted.")),
        (best, _("In the right order, but only the first three are wanted.")),
        (DECIDED[best[:3]], _("These are the digits that were decided. The row numbers are wanted.")),
        (LABELS[best[:3]], _("These are the labels of the rows. The row numbers are wanted.")),
        (np.argsort(sure)[:3], _("These are the three decisions that were least sure, right or wrong.")),
    )  # fmt: skip
    for rows, diagnosis in mistakes:
        if got.shape == rows.shape and (got == rows).all():
            raise Wrong(diagnosis)
    if got.shape != (3,):
        raise Wrong(_("Three row numbers are wanted, this has shape {}.").format(got.shape))
    right = [i for i in got if i not in wrong]
    if right:
        raise Wrong(_("Row {} was decided right (or is not there): keep only the wrong ones.").format(row(right[:1])))
    raise Wrong(_("Wrong ones they are, but not the surest three in their order; yours are {}.").format(row(got)))


def _read_rows(result, _name):
    return _whole_numbers(result, _("three row numbers"))


def _surest(y, t):
    wrong = np.flatnonzero(y.argmax(axis=1) != t)
    return wrong[np.argsort(-y.max(axis=1)[wrong])][:3]


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


def _whole_numbers(result, wanted):
    """Return row numbers as an array, or say that they are none."""
    numbers = as_array(result, truths=True)
    if np.asarray(getattr(result, "value", result)).dtype.kind == "b":
        raise Wrong(_("This is a table of True and False: np.flatnonzero turns it into row numbers."))
    if not np.isfinite(numbers).all() or (numbers != np.round(numbers)).any():
        if numbers.shape == (3,):
            raise Wrong(_("These look like probabilities. The numbers of the rows are wanted: argsort, not sort."))
        raise Wrong(_("The answer should be {}, whole numbers.").format(wanted))
    return numbers


def _rule_by_digit(decisions, labels):
    return np.array([np.mean(decisions[labels == k] == k) for k in range(10)])


def _shares(result, name=None):
    """Return ten numbers as an array, those of a dict by its keys 0 to 9."""
    if isinstance(result, dict):
        result = [result[k] for k in range(10)] if set(result) == set(range(10)) else list(result.values())
    shares = as_array(result, name)
    return shares.reshape(10) if shares.shape in ((10, 1), (1, 10)) else shares


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


TRUTH = np.array([0, 0, 1, 1, 1, 2, 3, 3, 4, 4, 4, 4, 5, 5, 6, 6, 6, 7, 7, 8, 8, 8, 9, 9, 9])
SAID = np.array([0, 0, 1, 8, 1, 2, 3, 5, 4, 9, 4, 4, 5, 5, 6, 6, 0, 7, 9, 1, 8, 8, 9, 3, 3])


@exercise(
    "10.by_digit",
    _("labels == k picks the digits that are a k. Among those, how often does the decision say k?"),
    _("For one digit: np.mean(decisions[labels == k] == k). Do this for k from 0 to 9."),
)
def judge_by_digit(answer):
    shares = _shares(call(answer, SAID.copy(), TRUTH.copy()))
    said, truth = SAID, TRUTH
    right = _rule_by_digit(said, truth)
    if shares.shape == () and close(shares, np.mean(SAID == TRUTH)):
        raise Wrong(_("This is the accuracy of all together. Ten numbers are wanted, one for each digit."))
    if shares.shape != (10,):
        raise Wrong(_("Ten numbers are wanted, one for each digit; this has shape {}.").format(shares.shape))
    if close(shares, right):
        try_function(answer, _rule_by_digit, _decisions(), "decisions, labels", _("the list"), read=_shares)
        return _("Right. One number for all can hide a digit that is hardly ever read.")
    hits, are, often = (np.bincount(digits, minlength=10) for digits in (TRUTH[SAID == TRUTH], TRUTH, SAID))
    mistakes = (
        (hits / often, _("Of those *decided* as k, the share that is a k. Wanted: of those that *are* a k.")),
        (hits, _("These are counts. Divide by how many there are of each digit.")),
        (hits / len(TRUTH), _("Divided by the number of all digits; divide by how many there are of *this* digit.")),
        (1 - right, _("These are the shares that went wrong.")),
        (100 * right, _("This is in percent; the shares should lie between 0 and 1.")),
        (are / len(TRUTH), _("This says how common each digit is; the decisions are not in it.")),
        (
            often / are,
            _("How often k was said, right or wrong, over how often it is there: count only the right ones."),
        ),
        (
            [np.mean((said == k) == (truth == k)) for k in range(10)],
            _("This counts every 'not a k' that was decided as 'not a k', too. Look only at those that are a k."),
        ),
        (right[::-1], _("Right, but from 9 down to 0.")),
    )
    for wrong, diagnosis in mistakes:
        if close(shares, wrong):
            raise Wrong(diagnosis)
    (k,), rule, got = first_difference(right, shares)
    raise Wrong(
        _("Of the {n} digits {k} here, {hits} were decided right: {rule}. Yours says {got}.").format(
            n=are[k], k=k, hits=hits[k], rule=rule, got=got
        )
    )  # fmt: skip


@exercise(
    "10.end_to_end",
    _("Only the decision: that is the output layer, from 50 numbers to 10, weights and biases."),
    _("End to end everything learns that has parameters: the hidden layer, 64 · 50 + 50, as well."),
)
def judge_end_to_end(answer):
    names = _("decision only"), _("end to end")
    answer = listed(answer, names)
    if answer is None or len(answer) != 2:
        raise Wrong(_("Hand in two numbers, (decision only, end to end)."))
    there, still = filled(dict(zip(names, answer, strict=True)))
    there = {name: as_number(part, name) for name, part in there.items()}
    decision, whole = (there.get(name) for name in names)
    if (decision, whole) == (3760, 510):
        raise Wrong(_("The two numbers have changed places."))
    if decision is not None:
        _judge_decision_only(decision)
    if whole is not None:
        _judge_whole(whole)
    nothing_open(still)
    return _("Right: 510 and 3760. End to end, the loss also teaches the 3250 that look at the pixels.")


def _judge_decision_only(decision):
    for value, diagnosis in (
        (500, _("Decision only: the ten biases are missing.")),
        (3250, _("Decision only: this is the hidden layer, which stays as it is. The output layer learns.")),
        (3760, _("Decision only: this is all of them, but the hidden layer stays as it is.")),
        (0, _("Decision only: the output layer does learn.")),
        (50, _("Decision only: 50 numbers go into the output layer; it has a weight for each pair, and biases.")),
        (10, _("Decision only: these are the scores. Count the weights and biases that make them.")),
    ):
        if close(decision, value):
            raise Wrong(diagnosis)
    if not close(decision, 510):
        rule = _("Decision only: from 50 numbers to 10, so 50 · 10 weights and 10 biases; {} is not it.")
        raise Wrong(rule.format(apart(510, decision)[1]))


def _judge_whole(whole):
    for value, diagnosis in (
        (3700, _("End to end: the 60 biases are missing.")),
        (3250, _("End to end: this is the hidden layer alone. The output layer learns as well.")),
        (3200, _("End to end: these are the weights of the hidden layer alone.")),
        (3710, _("End to end: the 50 biases of the hidden layer are missing.")),
        (510, _("End to end: the hidden layer learns as well.")),
    ):
        if close(whole, value):
            raise Wrong(diagnosis)
    if not close(whole, 3760):
        rule = _("End to end: 64 · 50 + 50 of the hidden layer and 510 of the output layer; {} is not it.")
        raise Wrong(rule.format(apart(3760, whole)[1]))
