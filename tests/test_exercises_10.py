"""Exercises of chapter 10: a solution passes, each usual mistake gets a diagnosis of its own, no answer raises."""

from itertools import pairwise

import numpy as np
import pytest

from nbkit import Affine, Variable, check
from nbkit.exercises.core import EXERCISES
from tests.chapter import Chapter, Nasty

CHAPTER = Chapter("10_digits.ipynb")
NAMES = ["10.parameters", "10.surest", "10.by_digit", "10.end_to_end"]


def test_the_chapter_and_the_judges_name_the_same_exercises():
    assert list(CHAPTER.places) == NAMES
    assert {name for name in EXERCISES if name.startswith("10.")} == set(NAMES)


# ---------------------------------------------------------------- mistakes


def pairs(sizes):
    return list(pairwise(sizes))


def weights(sizes):
    return sum(d * k for d, k in pairs(sizes))


def missed(y, t):
    return np.flatnonzero(y.argmax(axis=1) != t)


def ranked(y, t):
    wrong = missed(y, t)
    return wrong[np.argsort(-y.max(axis=1)[wrong])]


def shares(says, is_):
    return np.array([np.mean(says[is_ == k] == k) for k in range(10)])


def number(digits):
    return np.bincount(digits, minlength=10)


MISTAKES = {
    "10.parameters": [
        (weights, "weights alone"),
        (lambda s: weights(s) + sum(s), "*input*, too"),
        (lambda s: weights(s) + sum(s[:-1]), "not to each input"),
        (lambda s: weights(s) + len(s) - 1, "One bias for a whole layer"),
        (lambda s: weights(s) + len(s), "not one for each stage"),
        (sum, "These are the units"),
        (np.prod, "All sizes multiplied"),
        (lambda s: s[0] * s[1] + s[1], "first layer alone"),
        (lambda s: s[-2] * s[-1] + s[-1], "last layer alone"),
        (lambda s: s[0] * s[-1] + s[-1], "jumps"),
        (lambda s: 79, "for [64, 50, 10] it says 79 and not 3760"),
        (lambda s: 7, "= 79; yours gives 7"),
        (lambda s: s, "one number"),
        (3760, "a function"),
        (lambda: 1, "take 1 argument"),
    ],
    "10.surest": [
        (lambda y, t: np.argsort(-y.max(axis=1))[:3], "surest decisions of all"),
        (lambda y, t: np.argsort(-y.max(axis=1)[missed(y, t)])[:3], "wrong[places]"),
        (lambda y, t: missed(y, t)[np.argsort(y.max(axis=1)[missed(y, t)])][:3], "*least* sure mistakes"),
        (lambda y, t: ranked(y, t)[:3][::-1], "the surest comes first"),
        (lambda y, t: np.sort(ranked(y, t)[:3]), "sorted by row"),
        (lambda y, t: missed(y, t)[:3], "first three wrong rows"),
        (missed, "all wrong rows"),
        (ranked, "only the first three"),
        (lambda y, t: y.argmax(axis=1)[ranked(y, t)[:3]], "digits that were decided"),
        (lambda y, t: t[ranked(y, t)[:3]], "labels of the rows"),
        (lambda y, t: np.argsort(y.max(axis=1))[:3], "least sure, right or wrong"),
        (lambda y, t: y.max(axis=1)[ranked(y, t)[:3]], "look like probabilities"),
        (lambda y, t: y.argmax(axis=1) != t, "True and False"),
        (lambda y, t: [3, 9, 2], "Row 2 was decided right"),
        (lambda y, t: [3, 9, 1], "not the surest three"),
        (lambda y, t: [3, 9, 6], "another order"),
        (lambda y, t: 3, "has shape ()"),
        (lambda y, t: "rows", "three row numbers"),
        (lambda y: 1, "take 2 arguments"),
    ],
    "10.by_digit": [
        (lambda d, t: np.mean(d == t), "all together"),
        (lambda d, t: number(t[d == t]) / number(d), "*decided* as k"),
        (lambda d, t: number(t[d == t]), "These are counts"),
        (lambda d, t: number(t[d == t]) / len(t), "number of all digits"),
        (lambda d, t: 1 - shares(d, t), "went wrong"),
        (lambda d, t: 100 * shares(d, t), "percent"),
        (lambda d, t: number(t) / len(t), "how common"),
        (lambda d, t: number(d) / number(t), "count only the right ones"),
        (lambda d, t: [np.mean((d == k) == (t == k)) for k in range(10)], "'not a k'"),
        (lambda d, t: shares(d, t)[::-1], "from 9 down to 0"),
        (lambda d, t: [1] * 10, "Of the 3 digits 1 here, 2 were decided right: 0.6667. Yours says 1."),
        (lambda d, t: shares(d, t)[:9], "shape (9,)"),
        (lambda d, t: "all", "ten numbers"),
        (lambda d: 1, "take 2 arguments"),
    ],
    "10.end_to_end": [
        ((3760, 510), "changed places"),
        ((500, 3700), "ten biases"),
        ((3250, 3760), "stays as it is. The output layer learns"),
        ((3760, 3760), "this is all of them"),
        ((0, 3760), "does learn"),
        ((50, 3760), "50 numbers go into"),
        ((10, 3760), "the scores"),
        ((7, 3760), "7 is not it"),
        ((510, 3700), "60 biases"),
        ((510, 3250), "hidden layer alone"),
        ((510, 3200), "weights of the hidden layer alone"),
        ((510, 3710), "50 biases"),
        ((510, 510), "learns as well"),
        ((510, 7), "7 is not it"),
        (510, "two numbers"),
        ((510, "all"), "one number"),
    ],
}


@pytest.mark.parametrize(
    ("name", "answer", "word"),
    [
        pytest.param(name, *mistake, id=f"{name}-{i}")
        for name, mistakes in MISTAKES.items()
        for i, mistake in enumerate(mistakes)
    ],
)
@pytest.mark.filterwarnings("error")
def test_a_usual_mistake_is_diagnosed(name, answer, word):
    verdict = check(name, answer)
    assert verdict.state == "wrong", verdict
    assert word in verdict.text, verdict


def test_half_an_answer_is_not_tried():
    assert check("10.end_to_end", (510, ...)).state == "not tried"


# ---------------------------------------------------------------- other right answers


def count_by_making(sizes):
    """An independent count: make the layers and ask them."""
    layers = [Affine.random(d, k, rng=0) for d, k in pairs(sizes)]
    return sum(array.size for layer in layers for array in layer.params.values())


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("10.parameters", count_by_making),
        ("10.surest", lambda y, t: ranked(y, t)[:3].tolist()),
        ("10.surest", lambda y, t: sorted(missed(y, t), key=lambda i: -y[i].max())[:3]),
        ("10.by_digit", shares),
        ("10.by_digit", lambda d, t: dict(enumerate(shares(d, t)))),
        ("10.by_digit", lambda d, t: number(t[d == t]) / number(t)),
        ("10.end_to_end", [510.0, Variable(3760)]),
    ],
    ids=range(7),
)
def test_other_forms_are_accepted(name, answer):
    assert check(name, answer), check(name, answer)


def test_digit_by_digit_is_what_scikit_learn_calls_recall():
    from sklearn.metrics import recall_score

    verdict = check("10.by_digit", lambda d, t: recall_score(t, d, average=None, labels=range(10)))
    assert verdict, verdict


# ---------------------------------------------------------------- absurd answers


RESULTS = [
    "text", b"1", np.nan, np.inf, 1e308, 10**400, True, 1j, [], {}, (), [1, [2, 3]], (None, None), range(4), Nasty(),
    [Nasty(), Nasty()], np.ones((3, 3)), np.full(3, np.nan), np.full(10, np.inf), np.ones(3), np.array("text"),
    Variable(3.0), {1, 2}, object(), len, [1e300] * 3, ["a"] * 10, [-1, 99, 5],
]  # fmt: skip
ABSURD = [
    *RESULTS, print, int, object, type, Nasty, lambda: 1, lambda *_arrays: 1 / 0, (Nasty(), 1), (1, 2, 3), ("a", "b"),
    (10**400, 1), (np.nan, np.inf), {Ellipsis: 1},
    *[lambda x, result=result: result for result in RESULTS],
    *[lambda x, t, result=result: result for result in RESULTS],
]  # fmt: skip


@pytest.mark.filterwarnings("ignore")  # what NumPy thinks of an absurd answer is not the question
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("answer", ABSURD, ids=map(str, range(len(ABSURD))))
def test_no_answer_makes_a_check_raise(name, answer):
    verdict = check(name, answer)
    assert verdict.state in ("wrong", "not tried")
    assert repr(verdict)
