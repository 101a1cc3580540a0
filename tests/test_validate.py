"""The report for teachers: edited copies of a small notebook, and what is said of each."""

import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from tests import validate
from tests.kernels import LIMIT

STORED = (
    ("apples = 2", ()),
    ("print(apples)", ("2\n",)),
    ("print(f'{apples * 100} yen')\nprint('that is all')", ("200 yen\nthat is all\n",)),
)


def write(path, edits=None, stripped=False, text="A notebook"):
    """Write the small notebook with other sources for some cells, executed before the edit, or never."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(text)])
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    for number, (source, prints) in enumerate(STORED, 1):
        outputs = [nbformat.v4.new_output("stream", text=line) for line in prints]
        kept = {} if stripped else {"outputs": outputs, "execution_count": number}
        notebook.cells.append(nbformat.v4.new_code_cell((edits or {}).get(number, source), **kept))
    nbformat.write(notebook, path)
    return path


def command(*paths, summary=None):
    """Run the command as a teacher does."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "GITHUB"))}
    environment |= {"GITHUB_STEP_SUMMARY": str(summary)} if summary else {}
    words = [sys.executable, "-X", "utf8", "-m", "tests.validate", *map(str, paths)]
    return subprocess.run(words, cwd=validate.ROOT, env=environment, capture_output=True, encoding="utf-8")


@pytest.fixture(scope="module")
def checked(tmp_path_factory):
    """All copies checked in one go: (exit code, the report, what stands in the summary of GitHub Actions)."""
    folder = tmp_path_factory.mktemp("course")
    summary = folder / "summary.md"
    (folder / "02_new_name.ipynb").write_text("")
    big = f"rows = b'x' * {(LIMIT + 50) * 2**20}\ndel rows"
    copies = [
        write(folder / "as_stored.ipynb", text="A [page](02_new_name.ipynb#there) and [one](https://example.org/gone)"),
        write(folder / "changed.ipynb", {3: "print(f'{apples * 100 + 1} yen')\nprint('that is all')"}),
        write(folder / "raising.ipynb", {2: "print(pears)"}),
        write(folder / "stripped.ipynb", stripped=True),
        write(folder / "links.ipynb", text="Back to [chapter 02](02_old_name.ipynb)"),
        write(folder / "big.ipynb", {1: f"apples = 2\n{big}"}),
        folder / "broken.ipynb",
        folder / "other.ipynb",
    ]
    copies[-2].write_text('{"cells": [')
    copies[-1].write_text("[]")
    done = command(*copies, summary=summary)
    return done.returncode, done.stdout, summary.read_text(encoding="utf-8")


def part(checked, name):
    """The section of one notebook, which ends where the next begins."""
    _, report, _ = checked
    return report.split(f"\n## {name}.ipynb\n")[1].split("\n## ")[0]


def row(checked, name):
    return next(line for line in checked[1].splitlines() if line.startswith(f"| {name}.ipynb |"))


def test_anything_that_differs_is_an_exit_code_of_one_and_stands_in_the_summary(checked):
    code, report, summary = checked
    assert code == 1
    assert summary.strip() == report.strip()
    assert report.startswith("# Notebooks: ")


def test_what_is_as_stored_is_a_row_and_no_more(checked):
    assert row(checked, "as_stored") == "| as_stored.ipynb | as stored |"
    assert "## as_stored" not in checked[1]


def test_a_changed_output_shows_its_cell_and_the_lines_that_differ(checked):
    told = part(checked, "changed")
    assert row(checked, "changed") == "| changed.ipynb | 1 cell |"
    assert "**Cell [3]** shows something else now:" in told
    assert "```python\nprint(f'{apples * 100 + 1} yen')" in told
    assert "```diff\n [stdout]\n-200 yen\n+201 yen\n that is all\n```" in told


def test_a_cell_that_raises_shows_its_error_without_colours(checked):
    told = part(checked, "raising")
    assert "**Cell [2]** raised an error:" in told
    assert "NameError: name 'pears' is not defined" in told
    assert "\x1b" not in told


def test_outputs_that_were_stripped_are_noticed_though_nothing_differs(checked):
    assert row(checked, "stripped") == "| stripped.ipynb | has no outputs |"
    assert "nothing could be compared" in part(checked, "stripped")


def test_a_link_to_the_old_name_of_a_file_is_noticed(checked):
    assert "02_old_name.ipynb" in part(checked, "links")
    assert "02_new_name" not in checked[1]
    assert "example.org" not in checked[1]


def test_a_file_that_is_no_notebook_is_said_to_be_none_and_the_others_run(checked):
    for name in ("broken", "other"):
        assert row(checked, name) == f"| {name}.ipynb | cannot be read as a notebook |"


def test_a_kernel_that_is_too_big_for_binder_is_noticed(checked):
    if not Path("/proc/self/status").exists():
        pytest.skip("this system does not tell the peak memory of a process")
    assert f"more than {LIMIT} MB" in row(checked, "big")


def test_the_command_that_executes_anew_names_those_that_it_can_help(checked):
    command = checked[1].split("## What to do")[1]
    assert validate.EXECUTE in command
    assert [name for name in ("changed", "raising", "stripped") if f"/{name}.ipynb" not in command] == []
    assert [name for name in ("as_stored", "broken", "links") if f"/{name}.ipynb" in command] == []
    assert validate.EXECUTE in (validate.ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["gone.ipynb", "README.md", ""])
def test_a_name_that_is_no_notebook_is_refused(name, tmp_path, capsys):
    with pytest.raises(SystemExit) as stop:
        validate.main([str(tmp_path / name)])
    assert stop.value.code == 2
    assert "there is no notebook" in capsys.readouterr().err


def test_all_is_well_without_a_summary(tmp_path):
    done = command(write(tmp_path / "one.ipynb"))
    assert (done.returncode, done.stdout.splitlines()[0]) == (0, "# Notebooks: 1 as stored"), done.stderr


def test_long_outputs_are_cut_and_no_output_ends_its_block():
    from tests.findings import LONGEST, WIDEST, shorten

    cut = shorten(["x" * 1000] * 100)
    assert len(cut) == LONGEST + 1
    assert max(map(len, cut)) <= WIDEST + 2
    assert validate.fenced(["a", "````", "b"], "text")[0] == "`````text"
