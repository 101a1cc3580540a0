"""Strangers' code: each notebook gets its verdict, the others theirs, and nothing is left behind."""

import os
import tempfile
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from nbkit.classroom.run import Limits, run_all
from nbkit.classroom.run import limits as most
from nbkit.course.notebook_files import files_in
from nbkit.course.records import SOLVED
from tests.classroom.run.leftovers import living_in
from tests.classroom.run.strangers import BEFORE, CHEATS, DOUBLE, HARMLESS, RIGHT, TOO_LONG, WRONG

LIMITS = Limits(seconds=300, cell_seconds=150, megabytes=700, jobs=3)
ENDLESS = {name for name, (_code, expected) in BEFORE.items() if expected is TOO_LONG}  # they alone get a short time
pytestmark = pytest.mark.skipif(os.name == "nt", reason="written for systems with fork and signals")


def notebook(*sources):
    """A notebook whose cells say that all is right."""
    said = [new_output("execute_result", {"text/plain": "✓ Right."}, execution_count=1)]
    cells = [new_code_cell(source, outputs=said if "check(" in source else []) for source in sources]
    return new_notebook(cells=[new_code_cell("from nbkit import check, hint"), *cells])


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """Run all of them, several at once, and return their exercises by the names of the notebooks."""
    class_folder, scratch = tmp_path_factory.mktemp("class"), tmp_path_factory.mktemp("t")
    names = {}
    harmless = {"harmless": ("\n".join(HARMLESS.values()), "")}
    for texts, answer in ((BEFORE, DOUBLE), (harmless, DOUBLE), (CHEATS, WRONG)):
        for name, (code, _expected) in texts.items():
            path = class_folder / f"00_{len(names):02}.ipynb"
            nbformat.write(notebook(RIGHT, f"{code}\n{answer}"), path)
            names[path.name] = name
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tempfile, "tempdir", str(scratch))
        patch.setattr(most, "MAX_FOLDER_BYTES", 20_000_000)
        results = {}
        for is_endless, limits in ((True, LIMITS._replace(cell_seconds=6)), (False, LIMITS)):
            files = [file for file in files_in(class_folder) if (names[file.name] in ENDLESS) == is_endless]
            look = run_all(files, limits)
            results |= {names[file.name]: look(file) for file in files}
    return results, scratch


@pytest.mark.parametrize("name", BEFORE)
def test_an_answer_gets_its_verdict_and_so_does_its_neighbour(name, ran):
    expected, found = BEFORE[name][1], ran[0][name]
    assert found["00.number"].state == SOLVED, found["00.number"]
    answer = found["00.function"]
    assert (answer.state, answer.verdict) == ("open", "wrong")
    assert expected in answer.text
    assert len(answer.text) <= 1000


def test_what_does_no_harm_does_none(ran):
    found = ran[0]["harmless"]
    assert {name: exercise.state for name, exercise in found.items()} == dict.fromkeys(found, SOLVED), found


@pytest.mark.parametrize("name", CHEATS)
def test_a_wrong_answer_stays_wrong(name, ran):
    expected, found = CHEATS[name][1], ran[0][name]
    assert found["00.number"].state == SOLVED
    assert found["00.function"].state != SOLVED
    assert expected in found["00.function"].text


def test_nothing_is_left_behind(ran):
    assert [path.name for path in Path(ran[1]).iterdir()] == []
    assert living_in(ran[1]) == []
