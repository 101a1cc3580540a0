"""Code that wants a wrong answer to be taken for right."""

import os

import pytest

from nbkit.course.records import SOLVED
from tests.classroom.run.strangers import CHEATS, WRONG, run_class

pytestmark = pytest.mark.skipif(os.name == "nt", reason="written for systems with fork and signals")


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    return run_class(tmp_path_factory.mktemp("class"), tmp_path_factory.mktemp("t"), (CHEATS, WRONG))


@pytest.mark.parametrize("name", CHEATS)
def test_a_wrong_answer_stays_wrong(name, ran):
    expected, found = CHEATS[name][1], ran[name]
    assert found["00.number"].state == SOLVED
    assert found["00.function"].state != SOLVED
    assert expected in found["00.function"].text
