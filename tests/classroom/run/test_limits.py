"""Code that takes all it can get: each notebook gets its verdict, the others theirs, and nothing is left behind."""

import os

import pytest

from nbkit.course.records import SOLVED
from tests.classroom.run.leftovers import living_in
from tests.classroom.run.strangers import BEFORE, DOUBLE, HARMLESS, run_class

pytestmark = pytest.mark.skipif(os.name == "nt", reason="written for systems with fork and signals")


@pytest.fixture(scope="module")
def scratch(tmp_path_factory):
    return tmp_path_factory.mktemp("t")


@pytest.fixture(scope="module")
def ran(tmp_path_factory, scratch):
    harmless = {"harmless": ("\n".join(HARMLESS.values()), "")}
    return run_class(tmp_path_factory.mktemp("class"), scratch, (BEFORE, DOUBLE), (harmless, DOUBLE))


@pytest.mark.parametrize("name", BEFORE)
def test_an_answer_gets_its_verdict_and_so_does_its_neighbour(name, ran):
    expected, found = BEFORE[name][1], ran[name]
    assert found["00.number"].state == SOLVED, found["00.number"]
    answer = found["00.function"]
    assert (answer.state, answer.verdict) == ("open", "wrong")
    assert expected in answer.text
    assert len(answer.text) <= 1000


def test_what_does_no_harm_does_none(ran):
    found = ran["harmless"]
    assert {name: exercise.state for name, exercise in found.items()} == dict.fromkeys(found, SOLVED), found


@pytest.mark.usefixtures("ran")
def test_nothing_is_left_behind(scratch):
    assert [path.name for path in scratch.iterdir()] == []
    assert living_in(scratch) == []
