"""Answers that run again: as the learner's own kernel would run them, whatever else stands in the notebook."""

import json
import os
import shutil
import tempfile
import zipfile

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from nbkit.classroom.run import Limits, run_all
from nbkit.classroom.submissions import read_submissions
from nbkit.course.notebook_files import NotebookFile, files_in
from nbkit.course.records import SOLVED, UNTRIED
from tests.chapter import NOTEBOOKS, chapters
from tests.classroom.run.leftovers import living_in

LIMITS = Limits(seconds=300, cell_seconds=100, megabytes=1000, jobs=2)
IMPORT = "from nbkit import check, hint"
DOUBLE = 'def double(x):\n    return 2 * x\n\n\ncheck("00.function", double)'
SOME = ("02", "12")  # chapters; pytest -m soak runs all


@pytest.fixture(autouse=True)
def scratch(tmp_path_factory, monkeypatch):
    """Look after each test whether a folder or a process was left behind."""
    folder = tmp_path_factory.mktemp("t")
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield
    assert list(folder.iterdir()) == []
    assert living_in(folder) == []


def save(folder, name, *cells, **metadata):
    """Write a notebook; a text is a cell of code, a pair one with the verdict that it shows."""
    made = []
    for count, cell in enumerate(cells, 1):
        source, said = cell if isinstance(cell, tuple) else (cell, "")
        outputs = [new_output("execute_result", {"text/plain": said}, execution_count=count)] if said else []
        made.append(new_code_cell(source, outputs=outputs, execution_count=count if said else None))
    nbformat.write(new_notebook(cells=made, metadata=metadata), folder / name)


def states(folder, limits=LIMITS):
    """Run the notebooks of a folder, and return (state, verdict) by file and exercise."""
    files = files_in(folder)
    look = run_all(files, limits)
    return {file.name: {name: one.state for name, one in look(file).items()} for file in files}


# ---------------------------------------------------------------- the course's own


@pytest.mark.parametrize("numbers", [SOME, pytest.param(tuple(chapters()), marks=pytest.mark.soak)], ids=len)
def test_solutions_are_right_and_stubs_are_untried(numbers, tmp_path):
    for number in numbers:
        path = next(NOTEBOOKS.glob(f"{number}*.ipynb"))
        notebook = nbformat.read(path, as_version=4)
        nbformat.write(notebook, tmp_path / path.name)
        for name, place in chapters()[number].places:
            notebook.cells[place].source = chapters()[number].solution(name)
        nbformat.write(notebook, tmp_path / path.name.replace(".ipynb", "-solved.ipynb"))
    found = states(tmp_path)
    for file, exercises in found.items():
        assert set(exercises) == {name for name, _place in chapters()[file[:2]].places}
        assert set(exercises.values()) == {SOLVED if "solved" in file else UNTRIED}, file


# ---------------------------------------------------------------- which cells an answer needs


WAYS = {  # cells of one answer that a learner may write, all right if they are run in their order
    "changed by a function": ("def double(x):\n    return factor[0] * x", "factor = [1]",
                              "def change(f):\n    f[0] = 2", "_ = change(factor)", 'check("00.function", double)'),
    "bound below the function": ("def double(x):\n    return factor * x", "factor = 2", 'check("00.function", double)'),
    "bound by a magic": ("%%time\ndef double(x):\n    return 2 * x", 'check("00.function", double)'),
    "bound by a text": ('exec("def double(x): return 2 * x")', 'check("00.function", double)'),
    "bound by a class of its own": ("class Two:\n    pass", "setattr(Two, 'factor', 2)",
                                    'def double(x):\n    return Two.factor * x\n\n\ncheck("00.function", double)'),
    "a cell that is no Python": ("this is no Python", DOUBLE),
    "an error in between": ("1 / 0", "double = None\n1 / 0", DOUBLE),
    "no import": (None, DOUBLE),
    "top-level await": ("import asyncio\nfactor = await asyncio.sleep(0, 2)",
                        'def double(x):\n    return factor * x\n\n\ncheck("00.function", double)'),
    "a thousand cells": (*[f"a{k} = {k}" for k in range(1000)], DOUBLE),
    "reset": ("%reset -f", IMPORT, DOUBLE),
    "shell": ("!rm -rf .", "%%bash\nkill $$", DOUBLE),
}  # fmt: skip


def test_an_honest_answer_is_right_in_whatever_cells_it_stands(tmp_path):
    names = {}
    for number, (name, cells) in enumerate(WAYS.items()):
        file = f"00_{number:02}.ipynb"
        first = [] if cells[0] is None else [IMPORT]
        save(tmp_path, file, *first, *filter(None, cells[:-1]), (cells[-1], "✓ Right."))
        names[file] = name
    # A learner may run a cell below first.
    save(
        tmp_path,
        "00_order.ipynb",
        IMPORT,
        ('check("00.function", double)', "✓ Right."),
        "def double(x):\n    return 2 * x",
    )
    below = nbformat.read(tmp_path / "00_order.ipynb", as_version=4)
    for cell, count in zip(below.cells, (1, 3, 2), strict=True):
        cell.execution_count = count
    nbformat.write(below, tmp_path / "00_order.ipynb")
    found = states(tmp_path)
    assert {names.get(file, file): one["00.function"] for file, one in found.items()} == dict.fromkeys(
        [*names.values(), "00_order.ipynb"], SOLVED
    )


def test_the_files_beside_a_notebook_are_there_and_stand_in_nobodys_way(tmp_path, monkeypatch):
    monkeypatch.setenv("SECRET_OF_THE_TEACHER", "1")
    monkeypatch.setenv("PYTHONWARNINGS", "error")
    monkeypatch.setenv("PYTHONSTARTUP", str(tmp_path / "own.py"))
    apple = tmp_path / "class" / "apple"
    apple.mkdir(parents=True)
    for name in ("numpy", "json", "nbkit", "kernel", "IPython", "zmq"):
        (apple / f"{name}.py").write_text("raise SystemExit(name)")
    (apple / "own.py").write_text("def double(x):\n    return 2 * x")
    (apple / "data.csv").write_text("2\n")
    answer = 'import os\nfrom own import double\n\nassert "SECRET_OF_THE_TEACHER" not in os.environ\n'
    answer += 'assert open("data.csv").read() == "2\\n"\nopen("left.txt", "w").close()\ncheck("00.function", double)'
    save(apple, "00_start_here.ipynb", IMPORT, answer)
    # The files beside these may be anybody's.
    shutil.copy(apple / "own.py", tmp_path / "class")
    save(tmp_path / "class", "pear_00_start_here.ipynb", IMPORT, answer)
    with zipfile.ZipFile(tmp_path / "class" / "plum.zip", "w") as archive:
        archive.write(apple / "00_start_here.ipynb", "00_start_here.ipynb")
    before = sorted(tmp_path.rglob("*"))
    learners, _notes = read_submissions(tmp_path / "class")
    look = run_all([file for one in learners for file in one.files], LIMITS)
    found = {one.name: look(one.files[0])["00.function"] for one in learners}
    assert {name for name, one in found.items() if one.state == SOLVED} == {"apple"}
    assert {found["pear"].text, found["plum"].text} == {
        "The cell stopped with ModuleNotFoundError: No module named 'own'"
    }
    assert sorted(tmp_path.rglob("*")) == before


# ---------------------------------------------------------------- files of all kinds


def test_a_file_that_is_no_notebook_gets_a_reason_and_the_others_run(tmp_path):
    (tmp_path / "00_a.ipynb").write_text("no notebook")
    (tmp_path / "00_b.ipynb").write_text(json.dumps({"nbformat": 3, "worksheets": [{"cells": []}]}))
    (tmp_path / "00_c.ipynb").write_text("[" * 100_000)
    save(tmp_path, "00_d.ipynb", IMPORT, DOUBLE, kernelspec={"name": "gone", "display_name": "R", "language": "R"})
    cells = [{"cell_type": "code", "source": source} for source in (5, None, ["a = 1\n", 7], {}, IMPORT, DOUBLE)]
    (tmp_path / "00_e.ipynb").write_text(json.dumps({"cells": [*cells, 7, "x"]}))
    nbformat.write(new_notebook(cells=[new_markdown_cell("# Mine")]), tmp_path / "00_f.ipynb")
    files = files_in(tmp_path)
    told = []
    look = run_all(files, LIMITS, lambda *done: told.append(done))
    for file in files[:3]:
        with pytest.raises((ValueError, RecursionError)):
            look(file)
    assert [look(file).get("00.function", look).__class__ for file in files[5:]] == [type(look)]
    assert {look(file)["00.function"].state for file in files[3:5]} == {SOLVED}
    assert told == [(k, 6) for k in range(1, 7)]


def test_a_notebook_of_too_many_checks_is_not_run(tmp_path):
    save(tmp_path, "00_a.ipynb", *["check('00.number', 1)"] * 301)
    (file,) = files_in(tmp_path)
    with pytest.raises(ValueError, match="or 300 that check an answer, are in it"):
        run_all([file], LIMITS)(file)


def test_a_notebook_has_so_much_time_and_no_more(tmp_path):
    loop = 'while True:\n    pass\ncheck("00.function", 1)'
    save(tmp_path, "00_a.ipynb", IMPORT, loop, DOUBLE.replace("00.function", "00.number"))
    file = files_in(tmp_path)[0]
    found = run_all([file], Limits(seconds=2, cell_seconds=2, megabytes=1000, jobs=1))(file)
    assert {one.text for one in found.values()} == {"The code of this notebook took longer than 2 seconds."}
    assert set(found) == {"00.function", "00.number"}


@pytest.mark.parametrize("wrong", [{"seconds": 0}, {"cell_seconds": -1}, {"megabytes": 0}, {"jobs": 0}])
def test_limits_are_more_than_nothing(wrong):
    with pytest.raises(ValueError, match="must be more than 0, got"):
        run_all([], Limits(**wrong))


def test_a_kernel_needs_memory_to_start():
    with pytest.raises(ValueError, match="at least 300 MB of memory, got 299"):
        run_all([], Limits(megabytes=299))


def test_whoever_interrupts_leaves_nothing_behind(tmp_path):
    for k in range(3):
        save(tmp_path, f"00_{k}.ipynb", IMPORT, DOUBLE if k == 0 else f"while True:\n    pass\n{DOUBLE}")

    def stop(*_done):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_all(files_in(tmp_path), LIMITS, stop)


def test_it_runs_beside_a_loop_that_runs_already(tmp_path):
    import asyncio

    save(tmp_path, "00_a.ipynb", IMPORT, DOUBLE)
    file = NotebookFile(tmp_path / "00_a.ipynb", "00_a.ipynb")

    async def main():
        return run_all([file], LIMITS)(file)

    with asyncio.Runner() as runner:
        assert runner.run(main())["00.function"].state == SOLVED
    assert not os.path.exists("left.txt")
