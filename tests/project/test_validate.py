"""The report for teachers: edited copies of a small notebook, and what is said of each."""

import os
import subprocess
import sys
from types import SimpleNamespace

import nbformat
import pytest

from tests import validate
from tests.findings import LONGEST, WIDEST, difference, shorten
from tests.kernels import BINDER, LIMIT

STORED = (
    ("apples = 2", ()),
    ("print(apples)", ("2\n",)),
    ("print(f'{apples * 100} yen')\nprint('that is all')", ("200 yen\nthat is all\n",)),
)


def write(path, edits=None, stripped=False, text="A notebook", added=()):
    """Write the small notebook with other sources for some cells, executed before the edit, or never.

    The cells that are `added` are never executed.
    """
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(text)])
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    for number, (source, prints) in enumerate(STORED, 1):
        outputs = [nbformat.v4.new_output("stream", text=line) for line in prints]
        kept = {} if stripped else {"outputs": outputs, "execution_count": number}
        notebook.cells.append(nbformat.v4.new_code_cell((edits or {}).get(number, source), **kept))
    notebook.cells += [nbformat.v4.new_code_cell(source) for source in added]
    nbformat.write(notebook, path)
    return path


def command(*paths, summary=None):
    """Run the command as a teacher does, with one process beside it for all notebooks: none may disturb the next."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "GITHUB"))}
    environment["PYTEST_XDIST_AUTO_NUM_WORKERS"] = "1"
    environment |= {"GITHUB_STEP_SUMMARY": str(summary)} if summary else {}
    words = [sys.executable, "-X", "utf8", "-m", "tests.validate", *map(str, paths)]
    return subprocess.run(words, cwd=validate.ROOT, env=environment, capture_output=True, encoding="utf-8")


@pytest.fixture(scope="module")
def checked(tmp_path_factory):
    """All copies checked in one go: (exit code, the report, what stands in the summary of GitHub Actions)."""
    folder = tmp_path_factory.mktemp("course")
    summary = folder / "summary.md"
    (folder / "02_new_name.ipynb").write_text("")
    changed = "print(f'{apples * 100 + 1} yen')\nprint('that is all')"
    big = f"apples = 2\nrows = b'x' * {(LIMIT + 50) * 2**20}\ndel rows"
    copies = [
        write(folder / "big.ipynb", {1: big, 2: f"rows = bytes({BINDER})"}),
        write(folder / "slow.ipynb", {1: "apples = [2, __import__('mat' + 'plotlib')][0]"}),
        write(folder / "as_stored.ipynb", text="A [page](02_new_name.ipynb#there) and [one](https://example.org/gone)"),
        write(
            folder / "wrong.ipynb",
            {2: "print(pears)", 3: changed},
            text="Back to [chapter 02](02_old_name.ipynb)",
            added=["print('new')"],
        ),
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


def test_a_notebook_with_faults_has_a_row_that_counts_them(checked):
    assert row(checked, "wrong") == "| wrong.ipynb | 3 cells; links to files that are not there |"


def test_a_changed_output_shows_its_cell_and_the_lines_that_differ(checked):
    told = part(checked, "wrong")
    assert "**Cell [3]** shows something else now:" in told
    assert "```python\nprint(f'{apples * 100 + 1} yen')" in told
    assert "```diff\n [stdout]\n-200 yen\n+201 yen\n that is all\n```" in told


def test_a_cell_that_raises_shows_its_error_without_colours(checked):
    told = part(checked, "wrong")
    assert "**Cell [2]** raised an error:" in told
    assert "NameError: name 'pears' is not defined" in told
    assert "\x1b" not in told


def test_a_cell_without_a_run_is_noticed_though_nothing_differs(checked):
    told = part(checked, "wrong")
    assert "**Cell [4]** is not executed, so nothing could be compared:\n\n```python\nprint('new')\n```" in told
    assert told.count("**Cell [4]**") == 1


def test_a_link_to_the_old_name_of_a_file_is_noticed(checked):
    assert "02_old_name.ipynb" in part(checked, "wrong")
    assert "02_new_name" not in checked[1]
    assert "example.org" not in checked[1]


def test_a_file_that_is_no_notebook_is_said_to_be_none_and_the_others_run(checked):
    for name in ("broken", "other"):
        assert row(checked, name) == f"| {name}.ipynb | cannot be read as a notebook |"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits a kernel from outside and tells its peak")
def test_a_kernel_that_is_too_big_for_binder_is_noticed(checked):
    assert f"more than {LIMIT} MB" in row(checked, "big")
    assert "MemoryError" in part(checked, "big"), "the kernel could take more than Binder gives"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells from outside which files a kernel has loaded")
def test_what_is_slow_to_load_and_no_cell_asks_for_is_noticed(checked):
    assert "has loaded matplotlib, which no cell asks for" in row(checked, "slow")


def test_the_command_that_executes_anew_names_those_that_it_can_help(checked, tmp_path):
    told = checked[1].split("## What to do")[1]
    assert validate.EXECUTE in told
    assert [name for name in ("as_stored", "wrong", "broken") if f"/{name}.ipynb" in told] == ["wrong"]
    assert validate.EXECUTE in (validate.ROOT / "README.md").read_text(encoding="utf-8")
    links = write(tmp_path / "links.ipynb", text="Back to [chapter 02](02_old_name.ipynb)")
    report = validate.report({links: validate.read(links)[1]})
    assert "| links.ipynb | links to files that are not there |" in report
    assert "## What to do" not in report


def test_outputs_that_were_stripped_are_noticed_once_for_the_whole_notebook(tmp_path):
    path = write(tmp_path / "stripped.ipynb", stripped=True)
    report = validate.report({path: validate.read(path)[1]})
    assert "| stripped.ipynb | has no outputs |" in report
    assert "nothing could be compared" in report
    assert "/stripped.ipynb" in report.split("## What to do")[1]


@pytest.mark.parametrize("name", ["gone.ipynb", "README.md", ""])
def test_a_name_that_is_no_notebook_is_refused(name, tmp_path, capsys):
    with pytest.raises(SystemExit) as stop:
        validate.main([str(tmp_path / name)])
    assert stop.value.code == 2
    assert "there is no notebook" in capsys.readouterr().err


def test_all_is_well_without_a_summary_and_one_notebook_needs_no_other_process(tmp_path, monkeypatch, capsys):
    calls = []
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    monkeypatch.setattr(pytest, "main", lambda options, plugins: calls.append(options) or pytest.ExitCode.OK)
    path = write(tmp_path / "one.ipynb")
    assert validate.main([str(path)]) == 0
    assert capsys.readouterr().out.startswith("# Notebooks: 1 as stored\n")
    assert [options[-2:] for options in calls] == [["-n0", str(path)]]


def test_a_changed_picture_shows_what_was_there_and_what_came_in_whatever_order_its_forms_arrive():
    forms = {"text/plain": "Drawing: {}", "text/html": '<img alt="{}" src="x">'}
    forms["image/svg+xml"] = "<svg><text>{}</text></svg>"
    stored = {kind: forms[kind].format("two") for kind in sorted(forms)}  # as nbformat writes them
    came = {kind: forms[kind].format("three") for kind in forms}
    cell = SimpleNamespace(
        cell=SimpleNamespace(outputs=[nbformat.v4.new_output("execute_result", data=stored)]),
        test_outputs=[nbformat.v4.new_output("execute_result", data=came)],
        parent=SimpleNamespace(skip_compare=()), sanitize=lambda text: text,
    )  # fmt: skip
    assert list(stored) != list(came)
    assert difference(cell) == [
        " <svg>", "-<text>two</text>", "+<text>three</text>", " </svg>", " [text/html]",
        '-<img alt="two" src="x">', '+<img alt="three" src="x">', " [text/plain]", "-Drawing: two", "+Drawing: three",
    ]  # fmt: skip


def test_long_outputs_are_cut_and_no_output_ends_its_block():
    cut = shorten(["x" * 1000] * 100)
    assert len(cut) == LONGEST + 1
    assert max(map(len, cut)) <= WIDEST + 2
    assert validate.fenced(["a", "````", "b"], "text")[0] == "`````text"
