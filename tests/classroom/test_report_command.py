"""The command that writes what a class has handed in."""

import os
import subprocess
import sys

import pytest

from nbkit import classroom
from nbkit.__main__ import main
from nbkit.classroom import command, page
from nbkit.course.records import stored_exercises
from tests.classroom.by_hand import table
from tests.course.folders import RIGHT, WRONG, save


@pytest.fixture
def handed_in(tmp_path):
    """Two learners: one has an answer right and one wrong, the other both wrong."""
    for learner, first in (("apple", RIGHT), ("melon", WRONG)):
        place = tmp_path / "class" / learner
        place.mkdir(parents=True)
        save(place, "02_backward.ipynb", ("02.mul", first), ("02.sub", WRONG))
    return tmp_path / "class"


def files(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_it_writes_three_files_and_says_what_is_in_them(handed_in, tmp_path, capsys):
    before = files(handed_in)
    out = tmp_path / "report"
    assert main(["report", str(handed_in), "--out", str(out)]) == 0
    told = capsys.readouterr()
    diagnosis = WRONG.removeprefix("✗ ")
    assert told.out.splitlines() == [
        *(str(out / name) for name in ("report.html", "report.csv", "points.csv")),
        "Learners: 2. Answers: 1 right, 3 wrong, 0 begun, 4 not tried.",
        "Read from stored outputs, nothing was run: a ✓ may have been copied, and --run runs the answers again.",
        f"2 × 02.sub: {diagnosis}",
        f"1 × 02.mul: {diagnosis}",
    ]
    assert told.err == f"reading {str(handed_in)!r} …\n"
    assert sorted(path.name for path in out.iterdir()) == ["points.csv", "report.csv", "report.html"]
    assert files(handed_in) == before


def test_it_writes_to_the_folder_report_where_none_is_named(handed_in, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["report", "class"]) == 0
    assert (tmp_path / "report" / "report.html").exists()


def test_it_runs_as_a_module_on_a_console_that_knows_few_signs(handed_in, tmp_path):
    arguments = [sys.executable, "-m", "nbkit", "report", str(handed_in), "--out", str(tmp_path / "report")]
    console = os.environ | {"PYTHONIOENCODING": "ascii:strict"}
    done = subprocess.run(arguments, capture_output=True, env=console, check=True)
    assert b"2 ? 02.sub: 150 is the price of one of each." in done.stdout


# ---------------------------------------------------------------- refused


def refused(arguments, capsys, *words):
    """Run a command that must say in one sentence what is wrong."""
    assert main(["report", *map(str, arguments)]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    reason = told.err.splitlines()[-1]
    assert [line for line in told.err.splitlines() if not line.startswith("reading ")] == [reason]
    for word in words:
        assert word in f"{reason}\n"


@pytest.fixture
def unread(monkeypatch):
    """Fail the test if anything is read."""
    monkeypatch.setattr(command, "report", lambda *_arguments: pytest.fail("the folder was read"))


@pytest.mark.parametrize("inside", ["", "report", "apple/report", "../class/x", "."])
def test_a_report_into_the_folder_that_is_read_is_refused(inside, handed_in, unread, capsys):
    before = files(handed_in)
    refused([handed_in, "--out", handed_in / inside], capsys, "not written into the folder that is read")
    assert files(handed_in) == before
    assert sorted(path.name for path in handed_in.iterdir()) == ["apple", "melon"]


def test_a_link_into_the_folder_is_refused(handed_in, unread, tmp_path, capsys):
    link = tmp_path / "link"
    try:
        link.symlink_to(handed_in, target_is_directory=True)
    except OSError:
        pytest.skip("this system makes no links")
    refused([handed_in, "--out", link / "report"], capsys, "not written into the folder that is read")


def test_a_folder_beside_with_a_longer_name_is_none_inside(handed_in, tmp_path):
    assert main(["report", str(handed_in), "--out", str(tmp_path / "class-report")]) == 0


@pytest.mark.parametrize("option", ["--seconds", "--memory", "--jobs"])
def test_options_of_run_are_refused_without_it(option, handed_in, unread, tmp_path, capsys):
    refused([handed_in, "--out", tmp_path / "report", option, "3"], capsys, "--run")


@pytest.mark.parametrize("option", ["--seconds", "--memory", "--jobs"])
@pytest.mark.parametrize("number", ["0", "-1"])
def test_limits_below_what_can_be_are_refused(option, number, handed_in, unread, tmp_path, capsys):
    refused([handed_in, "--out", tmp_path / "report", "--run", f"{option}={number}"], capsys, option, f"got {number}\n")


def test_an_out_that_is_a_file_is_refused(handed_in, unread, tmp_path, capsys):
    (tmp_path / "report").write_text("mine")
    refused([handed_in, "--out", tmp_path / "report"], capsys, "no report can be written")
    refused([handed_in, "--out", tmp_path / "report" / "new"], capsys, "no report can be written")


def test_a_folder_that_is_not_there_or_empty_is_refused(tmp_path, capsys):
    refused([tmp_path / "nowhere", "--out", tmp_path / "report"], capsys, "no folder")
    (tmp_path / "empty").mkdir()
    refused([tmp_path / "empty", "--out", tmp_path / "report"], capsys, "no notebook")
    assert not (tmp_path / "report").exists()


# ---------------------------------------------------------------- running


def test_with_run_it_hands_on_the_limits_and_says_how_far_it_is(handed_in, tmp_path, monkeypatch, capsys):
    asked = []

    def report(folder, run, told):
        asked.append((folder, run))
        for done in range(1, 51):
            told(done, 50)
        return table({"apple": {"02.mul": ("wrong", "No.")}}, {"apple": {"02.mul": ("right",)}}, limits=run)

    monkeypatch.setattr(command, "report", report)
    arguments = ["--run", "--seconds", "7", "--memory", "300", "--jobs", "2", "--out", str(tmp_path / "report")]
    assert main(["report", str(handed_in), *arguments]) == 0
    ((folder, limits),) = asked
    assert folder == handed_in
    assert (limits.seconds, limits.megabytes, limits.jobs) == (7, 300, 2)
    assert str(limits.megabytes) == "300"
    told = capsys.readouterr()
    assert told.err.splitlines()[1:] == [f"notebooks run: {done} of 50" for done in range(5, 51, 5)]
    assert "Run again; otherwise than the notebooks say: 1." in told.out
    assert "nothing was run" not in told.out


def test_what_is_run_is_told_to_the_function_that_waits(handed_in, monkeypatch):
    limits, seen = object(), []

    def run_all(files, within, told=None):
        seen.append(([file.name for file in files], within))
        told(2, 2)
        return stored_exercises

    monkeypatch.setattr("nbkit.classroom.run.run_all", run_all)
    said = []
    made = classroom.report(handed_in, limits, lambda *numbers: said.append(numbers))
    assert seen == [(["02_backward.ipynb"] * 2, limits)]
    assert said == [(2, 2)]
    assert made.limits is limits
    assert made.ran
    assert list(made.differences()) == []


def test_the_summary_tells_the_three_most_frequent_diagnoses_shortly():
    given = {
        f"fruit{k}": {"02.mul": ("wrong", "a" * k), "02.sub": ("wrong", "b\n\x1b[2J" * 99), "02.bill": ("begun", "c")}
        for k in range(1, 5)
    }
    given["plum"] = {"02.mul": ("not readable", "no notebook")}
    lines = list(command.summary(table(given)))
    assert lines[0] == "Learners: 5. Answers: 0 right, 8 wrong, 4 begun, 4 not tried."
    assert [line.split(":")[0] for line in lines[-3:]] == ["4 × 02.sub", "1 × 02.mul", "1 × 02.mul"]
    assert all(len(line) < 200 and line.isprintable() for line in lines)


def test_the_summary_says_what_needs_to_be_looked_at():
    given = {
        "apple": {"01.bill": ("right",), "02.mul": ("right",)}, "pear": {"02.mul": ("no outputs",)},
        "plum\nx": {"02.mul": ("not readable", "no notebook")}, "quince": {},
    }  # fmt: skip
    lines = list(command.summary(table(given, notes=("x belongs to nobody.",), files={"apple": ("y", "z")})))
    assert lines[2:] == [
        "Without a notebook that can be read: 2 (plum x, quince).",
        "With fewer chapters than others: 1 (pear).",
        "With files that cannot be read: 1 (plum x).",
        "With notebooks without outputs, of which --run finds out more: 1 (pear).",
        "Notes about files that belong to nobody, or to whom: 1; see the page.",
        "Notes about learners' files: 4; see the page.",
    ]
    many = list(command.summary(table({f"fruit{k}" * 20: {} for k in range(30)} | {"apple": {"02.mul": ("right",)}})))
    assert many[2].startswith("Without a notebook that can be read: 30 (fruit0")
    assert many[2].endswith("..., …).")
    assert len(many[2]) < 300
    assert len(list(command.summary(table({"apple": {"02.mul": ("right",)}})))) == 2


# ---------------------------------------------------------------- stopped, and what is missing


def stopping(*_arguments):
    raise KeyboardInterrupt


@pytest.mark.parametrize("step", ["report", "texts_of"])
def test_ctrl_c_ends_it_in_one_line(step, handed_in, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(command, step, stopping)
    assert main(["report", str(handed_in), "--out", str(tmp_path / "report")]) == 130
    assert capsys.readouterr().err.splitlines()[1:] == ["Stopped: nothing was written."]
    assert not (tmp_path / "report").exists()


def test_ctrl_c_while_it_is_written_claims_nothing(handed_in, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(command, "write_texts", stopping)
    assert main(["report", str(handed_in), "--out", str(tmp_path / "report")]) == 130
    assert capsys.readouterr().err.splitlines()[1:] == ["Stopped."]


def test_what_is_missing_is_named_with_its_extra(handed_in, tmp_path, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "jinja2", None)
    page._template.cache_clear()
    refused([handed_in, "--out", tmp_path / "report"], capsys, "jinja2", '".[report]"')
