"""Exercises: a solution passes, each usual mistake gets a diagnosis of its own, and no answer whatever raises."""

import inspect
import re

import numpy as np
import pytest

from nbkit import Graph, Variable, check, hint
from nbkit.exercises.core import exercises_of
from nbkit.exercises.learner_code import call
from tests.absurd import answers, broken
from tests.chapter import CHECK, chapters
from tests.exercises import (
    CHAPTERS,
    DOMAIN,
    HOLDS,
    MISTAKES,
    NOT_TRIED,
    RIGHT,
    c02_backward,
    c04_activations,
    c13_autodiff,
)
from tests.exercises.computed import wrong_answers
from tests.exercises.forms import unfinished_classes, unfinished_functions
from tests.hostile import readable
from tests.mutants import contradicts, forms, judged, put, same_values, value_mutants
from tests.mutations import made_from, solution_tree

EXERCISES = exercises_of()
BY_NUMBER = chapters()
FUNCTIONS = [name for name, (right, *_others) in RIGHT.items() if callable(right) and not inspect.isclass(right)]
FUNCTIONS.remove("08.step")  # it hands nothing back
LAYERS = [
    "02.mul", "02.sub", "03.cube", "04.relu", "04.sigmoid", "04.leaky", "04.tanh", "04.mend", "05.affine",
    "12.mend", "13.divide",
]  # fmt: skip
each_exercise = pytest.mark.parametrize("name", EXERCISES)


def chapter_of(name):
    return BY_NUMBER[name[:2]]


# ---------------------------------------------------------------- notebooks and judges belong together


def test_every_check_has_its_exercise_and_every_exercise_its_check():
    assert sorted(name for chapter in BY_NUMBER.values() for name, _place in chapter.places) == sorted(EXERCISES)


def test_each_exercise_stands_in_its_chapter_and_is_marked():
    for chapter in BY_NUMBER.values():
        for name, place in chapter.places:
            assert name.split(".")[0] == chapter.number
            assert "exercise" in chapter.cells[place].metadata.get("tags", []), name


@each_exercise
def test_the_stub_says_not_tried(name):
    chapter = chapter_of(name)
    verdict = chapter.run(chapter.stub(name).source)
    assert verdict.state == "not tried", verdict
    if name.startswith("11."):
        assert "change the settings" in verdict.text


@each_exercise
def test_the_solution_in_the_fold_is_right(name):
    chapter = chapter_of(name)
    code = chapter.solution(name)
    assert code, "no solution below the exercise"
    assert CHECK.match(code.splitlines()[-1])[1] == name
    verdict = chapter.run(code)
    assert verdict.state == "right", verdict


# ---------------------------------------------------------------- answers, by the tables of tests/exercises


@pytest.mark.parametrize("table", ["MISTAKES", "RIGHT"])
def test_each_exercise_has_its_rows_in_the_file_of_its_chapter(table):
    rows = [(chapter.__name__.split(".")[-1][1:3], name) for chapter in CHAPTERS for name in getattr(chapter, table)]
    assert sorted(rows) == sorted((name[:2], name) for name in EXERCISES)


@each_exercise
def test_each_usual_mistake_is_diagnosed(name):
    verdicts = [(number, word, check(name, answer)) for number, (answer, word) in enumerate(MISTAKES[name])]
    assert [row for row in verdicts if row[2].state != "wrong" or row[1] not in row[2].text] == []
    assert len({verdict.text for _number, _word, verdict in verdicts} | {text for text, _a in wrong_answers(name)}) >= 3
    assert [row for row in verdicts if contradicts(row[2].text)] == []


@each_exercise
def test_each_wrong_rule_gets_its_own_diagnosis(name):
    """A row that another one, or a trial, catches first is dead."""
    verdicts = [(diagnosis, check(name, answer)) for diagnosis, answer in wrong_answers(name)]
    assert [row for row in verdicts if row[1].state != "wrong" or row[1].text != row[0]] == []


@each_exercise
def test_other_right_answers_are_accepted(name):
    verdicts = [(number, check(name, answer)) for number, answer in enumerate(RIGHT[name])]
    assert [row for row in verdicts if row[1].state != "right"] == []


def test_a_stub_in_any_form_is_not_tried():
    stubs = [(name, answer) for name in EXERCISES for answer in (None, ..., *NOT_TRIED.get(name, []))]
    verdicts = [(name, check(name, answer)) for name, answer in stubs]
    assert [row for row in verdicts if row[1].state != "not tried"] == []


@pytest.mark.parametrize("name", [*LAYERS, *FUNCTIONS])
def test_code_that_is_not_finished_or_cannot_be_called_is_told_so(name):
    right, failures = RIGHT[name][0], []
    code = right["layer"] if isinstance(right, dict) else right
    for answer, state, words in (unfinished_classes if name in LAYERS else unfinished_functions)(code):
        verdict = check(name, right | {"layer": answer} if isinstance(right, dict) else answer)
        if verdict.state != state or not (words in verdict.text or "write the body" in verdict.text):
            failures.append((state, words, verdict))
    assert failures == []


@pytest.mark.filterwarnings("ignore")  # what NumPy thinks of an absurd answer is not the question
@each_exercise
def test_no_absurd_answer_makes_a_check_raise(name, capfd):
    failures = []
    for where, answer in answers(RIGHT[name][0]):
        try:
            verdict = check(name, answer)
            told = repr(verdict)
        except Exception as error:
            failures.append((where, type(error)))
            continue
        if verdict.state == "right" or not readable(verdict) or "Traceback" in capfd.readouterr().err:
            failures.append((where, told))
    assert failures == []


@pytest.mark.parametrize("name", FUNCTIONS)
def test_an_error_of_the_learner_is_shown(name):
    assert "KeyError" in check(name, broken).text


@pytest.mark.parametrize(
    ("name", "answer", "word"),
    [
        ("02.mul", c02_backward.forgetful, "share one memory"),
        ("04.relu", c04_activations.forgetful, "share one memory"),
        ("13.divide", c13_autodiff.sharing, "share one layer"),
    ],
)
def test_objects_that_share_what_they_remember_are_diagnosed(name, answer, word):
    """Made here and not in a table, for such an answer is changed by the check."""
    verdict = check(name, answer())
    assert verdict.state == "wrong"
    assert word in verdict.text


# ---------------------------------------------------------------- mutants of the solutions

SOLUTIONS = {name: made_from(name, solution_tree(name)) for name in EXERCISES}
NOT_MUTATED = {
    "01.graph": "a graph: its mistakes stand in the table",
    "11.rings": "settings: each answer is trained for seconds",
    "11.calm": "as 11.rings",
    "11.heart": "as 11.rings",
    "12.guilty": "words: the table has all names",
}
VALUES = [name for name in EXERCISES if name not in DOMAIN and name not in NOT_MUTATED]


@pytest.mark.parametrize("name", DOMAIN)
def test_each_mutant_of_a_solution_is_judged_rightly(name, record_property):
    counts, wrong = judged(name, DOMAIN[name])
    record_property("mutants", dict(counts))
    assert wrong == []
    assert counts["wrong"] > 20  # the domain tells mutants from the solution


@pytest.mark.parametrize("name", VALUES)
def test_each_mutant_of_a_value_is_judged_rightly(name):
    solution, holds = SOLUTIONS[name], HOLDS.get(name)
    wrong = []
    for mutant in value_mutants(solution):
        right = same_values(solution, mutant.answer) if holds is None else holds(mutant.answer)
        verdict = check(name, mutant.answer)
        no_number = mutant.how.endswith(("as text", "as bytes", "truth"))
        told = not no_number or re.search("is text|one number|numbers only|should be a shape", verdict.text)
        if verdict.state != ("right" if right else "wrong") or not told:
            wrong.append((mutant.how, verdict))
    assert wrong == []


@pytest.mark.parametrize("name", VALUES)
def test_a_right_value_is_right_in_every_form(name):
    kept = ("int", "a list", "a tuple") if name == "05.shapes" else ("",)  # a size is a whole number
    tried = [form for form in forms(SOLUTIONS[name]) if any(word in form.how for word in kept)]
    refused = [(form.how, verdict) for form in tried if not (verdict := check(name, form.answer))]
    assert refused == []


@pytest.mark.parametrize("name", VALUES)
def test_a_half_filled_answer_is_still_open_and_names_what_is_missing(name):
    solution = SOLUTIONS[name]
    if not isinstance(solution, dict | list | tuple):
        return
    keys = list(solution) if isinstance(solution, dict) else list(range(len(solution)))
    told = {}
    for key in keys:
        for dots in (..., None):
            verdict = check(name, put(solution, (key,), dots))
            assert verdict.state == "not tried", (key, verdict)
            assert "till open" in verdict.text, (key, verdict)
        told[key] = verdict.text
    assert len(set(told.values())) == len(keys), told


@pytest.mark.parametrize(
    ("text", "contradictory"),
    [
        ("The slope is 3.01. Yours says 3.01.", True),
        ("For x = 1, dx[0] should be 0.6912, yours is 0.6912.", True),
        ("the count is 3, yours says 3.", True),
        ("For x = 1, dx[0] should be 0.6912, yours is 0.69121.", False),
    ],
)
def test_a_diagnosis_that_contradicts_itself_is_found(text, contradictory):
    assert contradicts(text) == contradictory


# ---------------------------------------------------------------- how answers are looked at


def test_a_verdict_is_true_only_when_right_and_begins_with_its_sign():
    verdicts = [check("00.number", answer) for answer in (400, 7, ...)]
    assert [bool(verdict) for verdict in verdicts] == [True, False, False]
    assert [repr(verdict)[0] for verdict in verdicts] == ["✓", "✗", "…"]


def test_a_function_that_does_not_tell_what_it_takes_is_called_all_the_same():
    with pytest.raises(ValueError, match="signature"):
        inspect.signature(max)
    assert call(max, [1, 3, 2]) == 3


def test_a_check_leaves_its_own_data_alone():
    def greedy(scores, labels):
        count = np.sum((scores[:, 0] > 0.5) == labels)
        scores[:], labels[:] = 9, 9
        return count

    assert "changed scores" in check("08.count", greedy).text
    assert check("08.count", RIGHT["08.count"][0])


# ---------------------------------------------------------------- hints


@each_exercise
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


# ---------------------------------------------------------------- the Variable that chapter 13 builds


def test_it_has_thirty_lines():
    sources = c13_autodiff.cells_of_the_learner()[2:]
    assert len([line for source in sources for line in source.splitlines() if line.strip()]) == 30


def test_it_agrees_with_nbkit():
    mine = c13_autodiff.own()
    x, y, z = (mine["MyVariable"](v) for v in (1.5, -2.0, 0.5))
    made = (x * y + z) * (x + x * z) * 3.0 + y
    mine["backward"](made)
    twins = [Variable(v, name) for v, name in ((1.5, "x"), (-2.0, "y"), (0.5, "z"))]
    a, b, c = twins
    twin = (a * b + c) * (a + a * c) * 3.0 + b
    Graph(twin).backward()
    assert made.value == pytest.approx(float(twin.value), rel=1e-15)
    assert [v.grad for v in (x, y, z)] == pytest.approx([float(v.grad) for v in twins], rel=1e-14)
