"""The spreadsheets: what stands in them, and that nothing in them is a formula."""

import csv
import io
import re

import pytest

from nbkit.classroom import write
from nbkit.classroom.spreadsheets import points_csv, report_csv
from tests.classroom.by_hand import SMALL, table
from tests.hostile import ATTACKS


def cells(text, **how):
    return list(csv.reader(io.StringIO(text, newline=""), strict=True, **how))


def test_the_report_has_a_row_for_each_learner_and_a_column_for_each_exercise():
    head, *rows = cells(report_csv(table(SMALL, files={"plum": ("notes.txt does not count.",)})))
    assert head == [
        "learner", "right", "wrong", "begun", "not tried", "01.bill", "01.graph", "01.order", "02.mul", "02.bill",
        "02.sub", "02.cube", "files",
    ]  # fmt: skip
    gone, strange = ["not handed in"] * 3, ["not readable: no notebook"] * 4
    none = "not tried"
    assert rows == [
        ["apple", "1", "2", "0", "1", *gone, "right", "wrong: 17 is not it.", "wrong: That is +.", "not tried", ""],
        ["melon", "1", "1", "1", "1", *gone, "begun: Still open: dy.", "not tried", "wrong: That is +.", "right", ""],
        ["pear", "0", "2", "0", "2", *gone, "wrong: dout was added.", none, "wrong: Each got itself.", none, ""],
        ["plum", "1", "0", "0", "2", "right", none, none, *["not handed in"] * 4, "notes.txt does not count."],
        ["quince", "0", "0", "0", "0", *gone, *strange, ""],
    ]  # fmt: skip


def test_a_column_says_what_ran_otherwise():
    stored = {"apple": {"02.mul": ("right",), "02.sub": ("right",)}, "pear": {"02.mul": ("right",)}}
    now = {"apple": {"02.mul": ("wrong", "No."), "02.sub": ("not tried",)}, "pear": {"02.mul": ("right",)}}
    head, apple, pear = cells(report_csv(table(now, stored)))
    place = head.index("ran otherwise")
    said = "02.mul: stored right, run again wrong | 02.sub: stored right, run again not tried"
    assert [apple[place], pear[place]] == [said, ""]
    assert "ran otherwise" not in report_csv(table(now))


def test_points_are_numbers_only():
    head, *rows = cells(points_csv(table(SMALL)))
    assert head == [
        "learner", "01 · A bill is a graph (of 3)", "02 · The way back (of 4)", "total (of 7)", "percent",
    ]  # fmt: skip
    assert rows == [
        ["apple", "", "1", "1", "14.3"], ["melon", "", "1", "1", "14.3"], ["pear", "", "0", "0", "0"],
        ["plum", "1", "", "1", "14.3"], ["quince", "", "", "", ""],
    ]  # fmt: skip


def test_of_notebooks_without_outputs_nothing_is_known():
    made = table({"apple": {"02.mul": ("no outputs",), "01.bill": ("right",)}, "pear": {"02.mul": ("no outputs",)}})
    assert cells(points_csv(made))[1:] == [["apple", "1", "", "1", "14.3"], ["pear", "", "", "", ""]]
    _head, apple, _pear = cells(report_csv(made))
    assert apple[1:] == ["1", "0", "0", "2", "right", "not tried", "not tried", *["no outputs"] * 4, ""]


def test_a_diagnosis_keeps_its_marks():
    assert "wrong: `x` is *not* y" in report_csv(table({"apple": {"02.mul": ("wrong", "`x` is *not* y")}}))


def test_a_class_without_a_notebook_has_tables():
    assert cells(points_csv(table({}))) == [["learner", "total (of 0)", "percent"]]
    assert cells(points_csv(table({"apple": {}})))[1] == ["apple", "", ""]
    assert len(cells(report_csv(table({"apple": {}})))) == 2


def test_the_files_begin_as_excel_wants_it(tmp_path):
    out = tmp_path / "new" / "report"
    paths = write(table({"Müller": {"02.mul": ("wrong", "× swaps")}}), out)
    assert [path.name for path in paths] == ["report.html", "report.csv", "points.csv"]
    assert sorted(out.iterdir()) == sorted(paths)
    for name in ("report.csv", "points.csv"):
        data = (out / name).read_bytes()
        assert data.startswith(b"\xef\xbb\xbflearner,")
        assert data.count(b"\r\n") == data.count(b"\n") == 2
    with (out / "report.csv").open(encoding="utf-8-sig", newline="") as file:
        assert next(csv.DictReader(file))["02.mul"] == "wrong: × swaps"
    assert (out / "report.html").read_bytes().startswith(b"<!doctype html>")


# ---------------------------------------------------------------- formulas

FORMULAS = (
    "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "＝1", "＋1", "－1", "＠1", '"=1"', "'=1", "==1",
    "=;=1", "spam;=1", "spam; @1", 'spam;"-1', "spam\n=1", "spam;\n+1", "\x00=1", "\ufeff=1", "\u200b=1", "-", "=",
)  # fmt: skip


def is_formula(cell):
    """As a spreadsheet sees it, whether or not it takes off blanks, quotes and characters without width."""
    return re.match('[\\s"\x00\ufeff\u200b]*[=+@＝＋－＠-]', cell) is not None


@pytest.mark.parametrize("text", [*FORMULAS, *ATTACKS])
def test_no_text_of_a_learner_is_a_formula(text):
    given = {text: {"02.mul": ("wrong", text), "02.sub": ("begun", text), "01.bill": ("not readable", text)}}
    made = table(given, {text: {}}, files={text: (text, text)})
    for written, columns in ((report_csv(made), 14), (points_csv(made), 5)):
        written.encode()
        found = cells(written)
        assert [len(row) for row in found] == [columns, columns]
        assert written.count("\n") == 2
        assert not any(map(is_formula, found[1]))
        for line in written.splitlines():  # of who opens it with semicolons between the cells, and quotes of no meaning
            assert not any(map(is_formula, line.split(";")))


def test_what_is_no_formula_stays_as_it_is():
    text = "For x = −3; the sum is 2 + 1, dx-dy; a@b"
    assert cells(report_csv(table({"apple": {"02.mul": ("wrong", text)}})))[1][5] == f"wrong: {text}"
