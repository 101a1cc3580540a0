"""A class whose results are known: the report says of each answer what was planted."""

import ast
import csv
import io
from collections import Counter

import pytest

from nbkit import Graph
from nbkit.classroom import report
from nbkit.classroom.run import Limits
from nbkit.classroom.spreadsheets import points_csv, report_csv
from nbkit.classroom.table import diagnoses
from tests.chapter import chapters
from tests.classroom.answers import KINDS, WRONG_RESULT, forms, said, wrong_codes
from tests.classroom.made_up import differences, make_class
from tests.exercises import DOMAIN, HOLDS, MISTAKES
from tests.mutants import DIFFERENT, distance, outcomes, same_values
from tests.mutations import made_from, solution_tree

EXERCISES = [name for chapter in chapters().values() for name, _place in chapter.places]
each_exercise = pytest.mark.parametrize("name", EXERCISES)


# ---------------------------------------------------------------- what is planted


def is_wrong(name, answer):
    """Tell whether an answer differs from the solution, without asking the judge of the exercise."""
    solution = made_from(name, solution_tree(name))
    if name in DOMAIN:
        return distance(outcomes(solution, DOMAIN[name]), answer) > DIFFERENT
    if name == "01.graph":
        return bill(answer) != bill(solution)
    if name.startswith("11.") or name == "12.guilty":  # seen to be wrong, and written into the table
        return answer in [wrong for wrong, _word in MISTAKES[name]]
    return not (HOLDS[name](answer) if name in HOLDS else same_values(solution, answer))


def bill(answer):
    """Return what a graph says of other inputs than those of the exercise, or that it is no such graph."""
    try:
        return float(Graph(answer).forward(price=7, count=3, coupon=2))
    except (TypeError, ValueError) as error:
        return type(error)


@each_exercise
def test_each_planted_mistake_is_one(name):
    codes = wrong_codes(name)
    assert len(codes) >= 2
    assert len({code for code, _word in codes}) == len(codes)
    answers = [made_from(name, ast.parse(code.whole)) for code, _word in codes]
    assert [
        code.whole for (code, _word), answer in zip(codes, answers, strict=True) if not is_wrong(name, answer)
    ] == []


@pytest.mark.parametrize("name", [name for name in EXERCISES if not name.startswith("11.")])  # its checks take longest
def test_an_answer_is_judged_alike_in_every_form(name):
    code, word = wrong_codes(name)[0]
    shown = [said(name[:2], *sources)[-1][-1] for sources in forms(code)]
    assert len(shown) == 5
    assert [output for output in shown if output != shown[0]] == []
    assert word in "".join(shown[0]["data"]["text/plain"])


# ---------------------------------------------------------------- read without running


@pytest.fixture(scope="module")
def class_of_40(tmp_path_factory):
    folder = tmp_path_factory.mktemp("class")
    planted = make_class(folder, 40, pictures=False)
    return report(folder), planted


def test_no_verdict_differs_from_what_was_planted(class_of_40):
    table, planted = class_of_40
    assert sorted(table.exercises) == sorted(EXERCISES)
    assert differences(table, planted) == []


@each_exercise
def test_the_commonest_diagnosis_is_the_commonest_planted(class_of_40, name):
    table, planted = class_of_40
    words = Counter(results[name][1] for results in planted.values() if results[name][0] == WRONG_RESULT)
    found = diagnoses(table, name)
    assert sum(len(one.learners) for one in found) == words.total()
    assert len(found) == len(words)
    most = max(words.values())
    assert len(found[0].learners) == most
    assert any(word in found[0].text for word, count in words.items() if count == most)


def test_the_spreadsheets_say_what_was_planted(class_of_40):
    table, planted = class_of_40
    told = {row["learner"]: row for row in csv.DictReader(io.StringIO(report_csv(table)))}
    points = {row["learner"]: row for row in csv.DictReader(io.StringIO(points_csv(table)))}
    for learner, results in planted.items():
        assert {name: told[learner][name].partition(":")[0] for name in results} == {
            name: result for name, (result, _word) in results.items()
        }
        assert int(points[learner]["total (of 58)"]) == [result for result, _word in results.values()].count("right")


@pytest.mark.parametrize("shape", ["prefixes", "zips"])
def test_a_class_in_another_shape_is_read_alike(tmp_path, shape):
    planted = make_class(tmp_path, 12, chapters=("00", "05"), shape=shape, pictures=False)
    assert differences(report(tmp_path), planted) == []


# ---------------------------------------------------------------- run again


def test_a_copied_verdict_counts_for_nothing_where_answers_are_run(tmp_path):
    planted = make_class(tmp_path, 3, chapters=("00", "02"), seed=26, kinds=dict.fromkeys(KINDS, 1), pictures=False)
    dishonest = [
        (learner, name, stored[0], planted.ran[learner][name][0])
        for learner, results in planted.items()
        for name, stored in results.items()
        if stored != planted.ran[learner][name]
    ]
    assert len({(stored, now) for _learner, _name, stored, now in dishonest}) == 2  # stubs and wrong answers
    table = report(tmp_path, Limits(seconds=900, cell_seconds=300))  # however busy the machine is
    assert differences(table, planted.ran) == []
    told = [(row.learner, name, stored, now) for row, name, stored, now in table.differences()]
    assert sorted(told) == sorted(dishonest)
