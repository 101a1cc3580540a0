"""Exercises: a solution passes, each usual mistake gets a diagnosis of its own, and no answer whatever raises."""

import inspect
import re
from pathlib import Path

import matplotlib
import nbformat
import numpy as np
import pytest

from nbkit import Affine, MSELoss, ReLU, Sequential, Variable, check, hint
from nbkit.exercises.core import EXERCISES, call
from tests.chapter import Nasty, before_exercises

FOLDER = Path(__file__).parents[1] / "notebooks"
NOTEBOOKS = {path.name: nbformat.read(path, as_version=4).cells for path in sorted(FOLDER.glob("*.ipynb"))}
CHECK = re.compile(r"""check\(\s*["']([^"']+)["']""")
FOLD = re.compile(r"<details><summary>Solution</summary>\s*```python\n(.*?)```.*</details>", re.DOTALL)


def exercise_cells():
    """Yield (notebook, place, name) of each code cell that checks an answer."""
    for notebook, cells in NOTEBOOKS.items():
        for place, cell in enumerate(cells):
            if cell.cell_type == "code":
                for name in CHECK.findall(cell.source):
                    yield notebook, place, name


PLACES = {name: (notebook, place) for notebook, place, name in exercise_cells()}


def run(code, namespace):
    """Run code and return the value of its last line, an expression."""
    *body, last = code.strip().splitlines()
    exec("\n".join(body), namespace)
    return eval(last, namespace)


def first_cell(notebook):
    """Run what a learner has certainly run before any exercise, and return the names: see `before_exercises`."""
    namespace = {}
    exec(before_exercises(NOTEBOOKS[notebook]), namespace)
    return namespace


# ---------------------------------------------------------------- notebooks and judges belong together


def test_every_check_has_its_exercise_and_every_exercise_its_check():
    assert sorted(name for _notebook, _place, name in exercise_cells()) == sorted(EXERCISES)


@pytest.mark.parametrize("name", PLACES)
def test_the_exercise_stands_in_its_chapter_and_is_marked(name):
    notebook, place = PLACES[name]
    assert name.split(".")[0] == notebook[:2]
    assert "exercise" in NOTEBOOKS[notebook][place].metadata.get("tags", [])


@pytest.mark.parametrize("name", PLACES)
def test_the_stub_says_not_tried(name):
    notebook, place = PLACES[name]
    with matplotlib.rc_context():
        verdict = run(NOTEBOOKS[notebook][place].source, first_cell(notebook))
    assert verdict.state == "not tried"
    assert not verdict


@pytest.mark.parametrize("name", PLACES)
def test_the_solution_in_the_fold_is_right(name):
    notebook, place = PLACES[name]
    fold = FOLD.search(NOTEBOOKS[notebook][place + 1].source)
    assert fold, "no solution below the exercise"
    code = fold[1].strip()
    assert CHECK.match(code.splitlines()[-1])[1] == name
    with matplotlib.rc_context():
        verdict = run(code, first_cell(notebook))
    assert verdict.state == "right", verdict
    assert repr(verdict).startswith("✓")


# ---------------------------------------------------------------- 01


def shop(formula):
    price, count, coupon = Variable(250, "price"), Variable(4, "count"), Variable(100, "coupon")
    return formula(price, count, coupon)


# ---------------------------------------------------------------- 08

ONES = [[1, 1], [1, 1]]


def uphill(parameter, gradient, lr):
    parameter += lr * gradient


def no_lr(parameter, gradient, lr):
    parameter -= gradient


def new_name(parameter, gradient, lr):
    parameter = parameter - lr * gradient


def new_array(parameter, gradient, lr):
    return parameter - lr * gradient


def divided(parameter, gradient, lr):
    parameter -= gradient / lr


def replaced(parameter, gradient, lr):
    parameter[...] = -lr * gradient


def spoiled(parameter, gradient, lr):
    gradient *= lr
    parameter -= gradient


def always_a_tenth(parameter, gradient, lr):
    parameter -= 0.1 * gradient


def sideways(parameter, gradient, lr):
    parameter += 17


# ---------------------------------------------------------------- 09


def scaled(mean, std):
    return lambda train, test: tuple((table - mean(train, test)) / std(train, test) for table in (train, test))


def both(train, test):
    return np.concatenate([train, test])


def own_mean(train, test):
    return tuple((table - table.mean(axis=0)) / table.std(axis=0) for table in (train, test))


def in_place(train, test):
    mean, std = train.mean(axis=0), train.std(axis=0)
    for table in (train, test):
        table -= mean
        table /= std
    return train, test


def commonest(labels):
    return np.bincount(labels).argmax()


# Each mistake with a word that its diagnosis must contain.
MISTAKES = {
    "01.bill": [
        (560, "before tax"),
        (320 * 1.08 + 240, "only one"),
        ((80 + 120) * 6 * 1.08, "added first"),
        (7, "is not it"),
        ("a lot", "one number"),
    ],
    "01.graph": [
        (900, "plain number"),
        (shop(lambda p, c, k: p * c + k), "added"),
        (shop(lambda p, c, k: (p - k) * c), "single piece"),
        (shop(lambda p, c, k: k - p * c), "turned"),
        (shop(lambda p, c, k: p * c), "coupon"),
        (shop(lambda p, c, k: p * c * k), "says 100000"),
        ("price", "text"),
    ],
    "01.order": [
        (["+", "apples ×", "oranges ×", "tax ×"], "The + ran"),
        (["apples ×", "oranges ×", "tax ×", "+"], "tax × ran"),
        (["apples ×", "+", "tax ×"], "each once"),
        ("apples ×", "list"),
    ],
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
        (Sequential([Affine(ONES, [0, -1]), ReLU(), Affine([[1], [-2]], [0])], MSELoss()), "four arrays"),
    ],
    "08.step": [
        (uphill, "uphill"),
        (no_lr, "learning rate is missing"),
        (new_name, "makes a new array"),
        (new_array, "in a new array"),
        (divided, "Divided"),
        (replaced, "old value is gone"),
        (spoiled, "gradient was changed"),
        (always_a_tenth, "should lead to"),
        (sideways, "should lead to"),
        (0.1, "a function"),
        (lambda parameter: None, "3 arguments"),
    ],
    "08.count": [
        (lambda s, t: np.sum((s[:, 0] >= 0.5) == t), ">="),
        (lambda s, t: np.sum((s > 0.5) == t), "each label"),
        (lambda s, t: np.sum((s >= 0.5) == t), "each label"),
        (lambda s, t: np.mean((s[:, 0] > 0.5) == t), "share"),
        (lambda s, t: np.mean((s > 0.5) == t), "each label"),
        (lambda s, t: np.sum((s[:, 0] > 0.5) != t), "wrong decisions"),
        (lambda s, t: np.sum(s > 0.5), "did not look at the labels"),
        (lambda s, t: np.sum((s[:, 0] > 0.5) & (t == 1)), "both are 1"),
        (lambda s, t: np.sum(s[:, 0] == t), "scores themselves"),
        (lambda s, t: 6, "for any scores"),
        (lambda s, t: (s[:, 0] > 0.5) == t, "one number"),
        (lambda s, t: len(t) + 4, "the count is"),
        (6, "a function"),
    ],
    "08.dead": [
        (lambda a: np.sum(a.max(axis=0) < 0), "<= 0, not < 0"),
        (lambda a: np.sum(a.min(axis=0) <= 0), "in *some* case"),
        (lambda a: np.sum((a <= 0).any(axis=0)), "shows 0 in all of them"),
        (lambda a: np.sum((a < 0).any(axis=0)), "never gets anything above 0"),
        (lambda a: np.sum(a.max(axis=0) > 0), "units that live"),
        (lambda a: np.sum(a.max(axis=1) <= 0), "cases (rows)"),
        (lambda a: np.sum(a <= 0), "single numbers"),
        (lambda a: np.sum(a.sum(axis=0) <= 0), "not its sum"),
        (lambda a: np.mean(a.max(axis=0) <= 0), "share"),
        (lambda a: np.sum((a == 0).all(axis=0)), "exactly 0 arrives"),
        (lambda a: a.max(axis=0) <= 0, "one entry for each"),
        (lambda a: 2, "for any table"),
        (lambda a: 17 * a.shape[1], "are dead; yours says 85"),
        (2, "a function"),
    ],
    "09.standardise": [
        (scaled(lambda a, b: both(a, b).mean(axis=0), lambda a, b: both(a, b).std(axis=0)), "leak"),
        (own_mean, "own mean"),
        (scaled(lambda a, b: a.mean(axis=0), lambda a, b: 1), "forgot to divide"),
        (scaled(lambda a, b: 0, lambda a, b: a.std(axis=0)), "forgot to subtract"),
        (scaled(lambda a, b: a.mean(), lambda a, b: a.std()), "whole table"),
        (scaled(lambda a, b: a.mean(axis=1), lambda a, b: a.std(axis=1)), "axis=0"),
        (scaled(lambda a, b: a.mean(axis=0), lambda a, b: a.var(axis=0)), "variance"),
        (scaled(lambda a, b: b.mean(axis=0), lambda a, b: b.std(axis=0)), "those of `train`"),
        (lambda a, b: (a - a.mean(axis=0) / a.std(axis=0), b - a.mean(axis=0) / a.std(axis=0)), "Brackets"),
        (lambda a, b: ((a - a.mean(axis=0)) / a.std(axis=0), b), "left as it was"),
        (lambda a, b: ((a - a.mean(axis=0)) / a.std(axis=0), 2 * b), "the other is not"),
        (lambda a, b: own_mean(a, b)[::-1], "changed places"),
        (lambda a, b: own_mean(a, b)[0], "two tables"),
        (lambda a, b: (a, b), "mean 0"),
        (lambda a, b: (a.T, b), "keep their shapes"),
        (lambda a, b: ("a", "b"), "numbers only"),
        (in_place, "have changed"),
        (lambda a, b: [table - table.mean(axis=1, keepdims=True) for table in (a, b)], "mean 0"),
    ],
    "09.baseline": [
        (lambda a, b: np.mean(b == commonest(b)), "test* labels"),
        (lambda a, b: np.mean(a == commonest(a)), "share in the training labels"),
        (lambda a, b: np.sum(b == commonest(a)), "count"),
        (lambda a, b: 100 * np.mean(b == commonest(a)), "percent"),
        (lambda a, b: commonest(a), "name of the commonest"),
        (lambda a, b: 1 / 3, "One in three"),
        (lambda a, b: np.mean(b != commonest(a)), "gets wrong"),
        (lambda a, b: 0.25, "for another"),
        (lambda a, b: 0.9, "Yours says 0.9"),
        (lambda a, b: b == commonest(a), "one number"),
        (lambda a: a, "2 arguments"),
    ],
    "09.decide": [
        (lambda s: s.argmax(axis=0), "Wrong axis"),
        (lambda s: s.argmax(), "without an axis"),
        (lambda s: s.max(axis=1), "largest scores themselves"),
        (lambda s: s.max(axis=0), "Wrong axis"),
        (lambda s: s.argmin(axis=1), "smallest"),
        (lambda s: s.argmax(axis=1) + 1, "start at 0"),
        (lambda s: s.argmax(axis=1)[:, None], "column"),
        (lambda s: np.eye(3)[s.argmax(axis=1)], "one-hot"),
        (lambda s: s > 0, "no threshold"),
        (lambda s: s > 0.5, "no threshold"),
        (lambda s: np.zeros(2), "should have shape"),
        (lambda s: np.zeros(len(s)), "decide for class 1"),
        (lambda s: ["setosa"] * len(s), "class numbers"),
    ],
}


@pytest.mark.parametrize(
    ("name", "answer", "word"),
    [
        pytest.param(name, *mistake, id=f"{name}-{number}")
        for name, mistakes in MISTAKES.items()
        for number, mistake in enumerate(mistakes)
    ],
)
def test_a_usual_mistake_is_diagnosed(name, answer, word):
    verdict = check(name, answer)
    assert verdict.state == "wrong", verdict
    assert word in verdict.text
    assert not verdict
    assert repr(verdict).startswith("✗")


def test_every_exercise_knows_at_least_three_mistakes():
    chapters = {name[:2] for name in MISTAKES}  # later chapters may keep theirs in a file of their own
    assert set(MISTAKES) == {name for name in EXERCISES if name[:2] in chapters}
    assert all(len({word for _answer, word in mistakes}) >= 3 for mistakes in MISTAKES.values())


# ---------------------------------------------------------------- other right answers


@pytest.mark.parametrize(
    "answer",
    [
        ([[1, -1], [-1, 1]], [0, 0], [[1], [1]], [0]),  # the network of the text
        (ONES, [0, -1], [[1], [-2]], [0]),
        (ONES, [-1, 0], [[-2], [1]], [0]),  # units change places
        ([[-1, 1], [-1, 1]], [1, -1], [[-1], [-1]], [1]),  # neither at 0 nor at 2
        (np.array(ONES) * 5.0, np.array([0.0, -5.0]), np.array([[0.3], [-0.6]]), np.array([0.0])),  # not exact
    ],
)
def test_any_two_units_that_work_are_accepted(answer):
    assert check("08.by_hand", answer)


def test_a_step_may_be_written_in_other_ways_and_return_something():
    def with_index(parameter, gradient, lr):
        parameter[:] = parameter - lr * gradient
        return parameter

    assert check("08.step", with_index)


def test_a_bound_method_or_a_callable_object_may_do_the_step():
    class Stepper:
        def __call__(self, parameter, gradient, lr):
            parameter -= lr * gradient

        def lazy(self, parameter, gradient, lr):
            pass

    assert check("08.step", Stepper())
    assert check("08.step", Stepper().lazy).state == "not tried"


def test_the_other_standard_deviation_is_accepted():
    assert check("09.standardise", scaled(lambda a, b: a.mean(axis=0), lambda a, b: a.std(axis=0, ddof=1)))


def test_decisions_may_come_as_a_list():
    assert check("09.decide", lambda scores: [int(np.argmax(row)) for row in scores])


# ---------------------------------------------------------------- absurd answers


def broken(*inputs):
    raise KeyError("broken")


RESULTS = [
    "text", "1", b"1", np.nan, np.inf, -1, 1e308, True, 1j, [], {}, (), [1, [2, 3]], (None, None), range(4), Nasty(),
    np.nan * np.ones(5), np.ones((300, 300)), np.array("text"), np.array([None, 1], dtype=object), np.array([2]),
    np.ones((5, 3)), (np.ones((5, 3)), np.ones((3, 3))), (np.nan * np.ones((5, 3)), np.ones((3, 3))), Variable(3.0),
]  # fmt: skip
ABSURD = [
    *RESULTS,
    (1, 2, 3, 4), [None] * 4, ("a", "b", "c", "d"), (np.ones((2, 2)),) * 4, [Nasty()] * 4, [Nasty()], {1: 2}, {"+"},
    print, len, int, object, Nasty, broken, lambda: 1, lambda *inputs: None, lambda a, b, c, d, e: 1, np.sum, np.add,
    (n for n in range(3)), Variable([1.0, 2.0], "price"), np.zeros((1000, 1000)), 10**400,
    *[lambda *inputs, result=result: result for result in RESULTS],
]  # fmt: skip


@pytest.mark.filterwarnings("ignore")  # what NumPy thinks of an absurd answer is not the question
@pytest.mark.parametrize("name", EXERCISES)
@pytest.mark.parametrize("answer", ABSURD, ids=map(str, range(len(ABSURD))))
def test_no_answer_makes_a_check_raise(name, answer, capfd):
    verdict = check(name, answer)
    assert verdict.state in ("wrong", "not tried")
    assert repr(verdict)
    assert "Traceback" not in capfd.readouterr().err


@pytest.mark.parametrize("name", EXERCISES)
@pytest.mark.parametrize("answer", [None, ...])
def test_nothing_at_all_is_not_tried(name, answer):
    assert check(name, answer).state == "not tried"


@pytest.mark.parametrize("name", ["08.step", "08.count", "08.dead", "09.standardise", "09.baseline", "09.decide"])
def test_an_error_of_the_learner_is_shown(name):
    assert "KeyError" in check(name, broken).text


def test_a_function_that_does_not_tell_what_it_takes_is_called_all_the_same():
    with pytest.raises(ValueError, match="signature"):
        inspect.signature(max)
    assert call(max, [1, 3, 2]) == 3


def test_a_check_leaves_its_own_data_alone():
    def greedy(scores, labels):
        count = np.sum((scores[:, 0] > 0.5) == labels)
        scores[:], labels[:] = 9, 9
        return count

    assert check("08.count", greedy)
    assert check("08.count", greedy)


# ---------------------------------------------------------------- hints


@pytest.mark.parametrize("name", EXERCISES)
def test_hints_lead_on_one_by_one(name):
    hints = EXERCISES[name].hints
    assert len(set(hints)) == len(hints) >= (1 if name.startswith("01") else 2)
    assert str(hint(name)) == str(hint(name, 1))
    for number, text in enumerate(hints, 1):
        assert hint(name, number).text == text
        assert text in repr(hint(name, number))
    for number in (0, len(hints) + 1, "x", None):
        with pytest.raises(ValueError, match=f"hints 1 to {len(hints)}"):
            hint(name, number)


def test_the_hints_for_the_bill_speak_of_what_is_bought():
    """The exercise has pears and melons; apples and oranges are in the chapter."""
    text = " ".join(EXERCISES["01.bill"].hints)
    assert "pears" in text
    assert "melons" in text
    assert not re.search("apple|orange", text)


@pytest.mark.parametrize("function", [hint, lambda name: check(name, 1)])
def test_an_unknown_exercise_is_refused_with_the_nearest_name(function):
    with pytest.raises(ValueError, match=r"'08.stp'.*08\.step"):
        function("08.stp")
    with pytest.raises(ValueError, match="no exercise"):
        function(None)
