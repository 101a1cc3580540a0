"""What is said of cells that ended otherwise than they should, and of checks that are called in other ways."""

import json
import os
import subprocess
import sys

import nbformat
import psutil
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from nbkit.classroom.run import limits as most
from nbkit.classroom.run import run_all
from nbkit.classroom.run.processes import Processes
from nbkit.course.notebook_files import files_in
from nbkit.course.records import SOLVED
from tests.classroom.run.test_run import DOUBLE, IMPORT, LIMITS, save

EXIT = 'import os\nos._exit(0)\ncheck("00.number", 400)'
SLEEP = [sys.executable, "-c", "import time; time.sleep(600)"]


def ran(folder):
    """Run the notebooks of a folder, and return their exercises by the file's name."""
    files = files_in(folder)
    look = run_all(files, LIMITS)
    return {file.name[3:-6]: look(file) for file in files}


def test_checks_and_errors_of_all_kinds(tmp_path):
    alone = DOUBLE.replace("check(", "c(")
    save(tmp_path, "00_alias.ipynb", "from nbkit import check as c", alone)
    save(tmp_path, "00_loop.ipynb", IMPORT, 'for name, answer in {"00.number": 400}.items():\n    check(name, answer)')
    save(tmp_path, "00_memory.ipynb", IMPORT, f"raise MemoryError\n{DOUBLE}")
    save(tmp_path, "00_unbound.ipynb", IMPORT, "k = int(input())", DOUBLE.replace("2", "k"), 'check("00.number", k)')
    half = DOUBLE.replace("2 * x", 'len("\ud800") * 2 * x')
    cells = [{"cell_type": "code", "source": source, "outputs": []} for source in (IMPORT, half)]
    (tmp_path / "00_half.ipynb").write_text(json.dumps({"cells": cells}))
    title, said = "**2. A function.**", new_output("execute_result", {"text/plain": "✓ Right."}, execution_count=1)
    course = [new_code_cell(IMPORT), new_markdown_cell("# Mine"), new_markdown_cell(title)]
    course.append(new_code_cell(DOUBLE, outputs=[said]))
    nbformat.write(new_notebook(cells=course), tmp_path / "00_title.ipynb")
    found = ran(tmp_path)
    assert {name: one["00.function"].state for name, one in found.items() if name in ("alias", "half", "title")} == {
        "alias": SOLVED, "half": SOLVED, "title": SOLVED,
    }  # fmt: skip
    assert {name: one.state for name, one in found["loop"].items()} == {"00.number": SOLVED}
    assert found["memory"]["00.function"].text == "Your code ran out of memory: it may take 1,000 MB."
    for one in found["unbound"].values():
        assert "NameError: name 'k' is not defined. Of the cell that binds it: The cell stopped with Std" in one.text
    title = found["title"]["00.function"]
    assert (title.heading, title.title) == ("Mine", "2. A function.")


@pytest.mark.skipif(os.name == "nt", reason="needs no more than one system")
def test_a_notebook_that_ends_python_again_and_again_is_given_up_and_told_so(tmp_path, monkeypatch):
    monkeypatch.setattr(most, "MAX_STOPS", 2)
    save(tmp_path, "00_exits.ipynb", IMPORT, EXIT, EXIT, DOUBLE)
    found = ran(tmp_path)["exits"]
    assert found["00.function"].text.startswith("2 cells of this notebook had to be stopped, or ended Python")
    assert found["00.number"].text == "Your code ended Python itself."


def test_a_kernel_that_does_not_start_is_not_the_learners_doing(tmp_path, monkeypatch):
    for name in ("START_SECONDS", "LATE_SECONDS", "GRACE_SECONDS"):
        monkeypatch.setattr(most, name, 0)
    save(tmp_path, "00_a.ipynb", IMPORT, DOUBLE)
    (file,) = files_in(tmp_path)
    with pytest.raises(ValueError, match="not run: no Python could be started for it on this machine"):
        run_all([file], LIMITS)(file)


def test_an_older_process_is_nobodys_child(monkeypatch):
    """On Windows a process keeps the number of its dead parent, and another may be given that."""
    with subprocess.Popen(SLEEP) as old:
        made = psutil.Process(old.pid).create_time()
        with subprocess.Popen(SLEEP, start_new_session=True) as kernel:
            ppid, created = psutil.Process.ppid, psutil.Process.create_time
            monkeypatch.setattr(psutil.Process, "ppid", lambda one: kernel.pid if one.pid == old.pid else ppid(one))
            monkeypatch.setattr(
                psutil.Process, "create_time", lambda one: made - 1 if one.pid == old.pid else created(one)
            )
            Processes(kernel.pid, "token").end()
            kernel.wait()
            assert old.poll() is None
            old.kill()


def test_memory_is_counted_where_the_system_tells_little(monkeypatch):
    def refused(process):
        raise psutil.AccessDenied(process.pid)

    monkeypatch.setattr(psutil.Process, "memory_full_info", refused)
    processes = Processes(os.getpid(), "token")
    processes.seen[os.getpid()] = psutil.Process()
    assert processes.trouble(1, anew=False) == "memory"
