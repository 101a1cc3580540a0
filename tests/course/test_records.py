"""What the stored outputs of a folder's notebooks say, however they were left."""

import errno
import json
import os
import shutil
from pathlib import Path

import nbformat
import pytest

from nbkit.course.notebook_files import MAX_BYTES, files_in
from nbkit.course.records import OPEN, SOLVED, UNTRIED, chapter_checked_in, read_files, read_folder
from nbkit.course.standing import notes
from nbkit.exercises.core import exercises_of
from tests.course.folders import HALF, RIGHT, WRONG, printed, raised, save, shown, task
from tests.course.folders import UNTRIED as NOT_TRIED

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"


def states(folder, number="00"):
    """The state of each exercise of a chapter, by its name without the number."""
    [record] = [record for record in read_folder(folder) if record.chapter.number == number]
    return {exercise.name[3:]: exercise.state for exercise in record.exercises}


def record(folder, number="00"):
    return read_folder(folder)[int(number)]


def unreadable(folder):
    return [file.name for file in record(folder).unreadable]


def test_right_is_solved_wrong_and_half_filled_are_open_and_dots_are_untried(tmp_path):
    save(tmp_path, "00_start_here.ipynb", ("00.number", RIGHT), ("00.function", WRONG))
    save(tmp_path, "01_computation_graph.ipynb", ("01.bill", HALF), ("01.graph", NOT_TRIED))
    assert states(tmp_path) == {"number": SOLVED, "function": OPEN}
    assert states(tmp_path, "01") == {"bill": OPEN, "graph": UNTRIED, "order": UNTRIED}


def test_every_exercise_of_the_course_is_found_and_untouched_where_nobody_has_worked():
    read = read_folder(NOTEBOOKS)
    assert [row.file for row in read] == sorted(path.name for path in NOTEBOOKS.glob("*.ipynb"))
    assert [task.name for row in read for task in row.exercises if task.state != UNTRIED] == []
    assert {task.name for row in read for task in row.exercises if task.heading} == set(exercises_of())
    assert [row for row in read if row.copies or row.unreadable] == []


@pytest.mark.parametrize(
    ("outputs", "state"),
    [
        ((), UNTRIED),  # cleared, or never run
        ((raised(),), OPEN),  # an answer that Python could not read
        ((printed(f"{RIGHT}\n"),), SOLVED),  # print(check(...))
        ((printed(f"my own words\n{WRONG}\nand more\n"),), OPEN),
        ((printed("[right] 300.\n"),), SOLVED),  # in a console that has no ✓
        ((printed("x = 3\n"), shown(RIGHT)), SOLVED),
        ((printed(f"{WRONG}\n"), shown(RIGHT)), SOLVED),  # the last one is what the learner sees
        ((printed(f"{RIGHT}\n"), shown(WRONG)), OPEN),
        ((shown(f"✗ it says\n{RIGHT}"),), OPEN),  # a diagnosis that quotes the learner's own text
        ((shown("'✓ Right'"),), UNTRIED),  # a text of the learner's, not a verdict
        ((shown("True"),), UNTRIED),
    ],
)
def test_a_verdict_is_read_from_whatever_a_cell_shows(tmp_path, outputs, state):
    save(tmp_path, "00_start_here.ipynb", task("00.number", *outputs))
    assert states(tmp_path)["number"] == state


def test_who_has_solved_it_once_has_solved_it(tmp_path):
    """Whichever cell of a notebook it is: a second one may try something else."""
    for verdicts in ((RIGHT, WRONG), (WRONG, RIGHT), (NOT_TRIED, RIGHT)):
        save(tmp_path, "00_start_here.ipynb", *[("00.number", verdict) for verdict in verdicts])
        assert states(tmp_path)["number"] == SOLVED
    save(tmp_path, "00_start_here.ipynb", ("00.number", WRONG), ("00.number", NOT_TRIED))
    assert states(tmp_path)["number"] == OPEN


def test_two_checks_in_one_cell_have_their_verdicts_in_order(tmp_path):
    both = 'print(check("00.number", 1))\nprint(check("00.function", f))'
    cell = nbformat.v4.new_code_cell(both, outputs=[printed(f"{WRONG}\n{RIGHT}\n")])
    save(tmp_path, "00_start_here.ipynb", cell)
    assert states(tmp_path) == {"number": OPEN, "function": SOLVED}
    cell = nbformat.v4.new_code_cell(both.replace("print", ""), outputs=[shown(RIGHT)])  # shows the last one alone
    save(tmp_path, "00_start_here.ipynb", cell)
    assert states(tmp_path) == {"number": UNTRIED, "function": SOLVED}


def test_what_is_no_check_of_the_chapter_does_not_count(tmp_path):
    save(
        tmp_path,
        "00_start_here.ipynb",
        nbformat.v4.new_code_cell('# check("00.number", 400)', outputs=[shown(RIGHT)]),
        nbformat.v4.new_code_cell('recheck("00.number", 400)', outputs=[shown(RIGHT)]),
        nbformat.v4.new_code_cell('check("00.elsewhere", 400)', outputs=[shown(RIGHT)]),
        nbformat.v4.new_markdown_cell('check("00.number", 400)'),
        ("01.bill", RIGHT),
    )
    assert set(states(tmp_path).values()) == {UNTRIED}
    assert set(states(tmp_path, "01").values()) == {UNTRIED}
    assert "checked in a notebook of chapter 00: 01.bill." in " ".join(notes(read_folder(tmp_path)))


def test_other_ways_to_write_a_check_count(tmp_path):
    for source in (
        "check('00.number', 1)",
        'nbkit.check(\n    "00.number", 1)',
        'v = check(name="00.number", answer=1)\nv',
    ):
        save(tmp_path, "00_start_here.ipynb", nbformat.v4.new_code_cell(source, outputs=[shown(RIGHT)]))
        assert states(tmp_path)["number"] == SOLVED


def test_the_heading_above_an_exercise_is_kept(tmp_path):
    cells = [nbformat.v4.new_markdown_cell("# One\n\n## Two"), ("00.number", WRONG), "Three", ("00.function", WRONG)]
    save(tmp_path, "00_start_here.ipynb", *cells)
    assert [exercise.heading for exercise in record(tmp_path).exercises] == ["Two", "Three"]


def test_the_code_of_an_exercise_has_what_it_hands_over(tmp_path):
    """Also where the answer stands in a cell above, or in several."""
    cells = ["def number(): ...", "number = 1", "other = 2", 'check("00.number", number)', "number = 3"]
    cells += [
        "f = G = 3",
        "def f(x):\n    return x",
        "class G:\n    y = 1",
        'check("00.function", {"a": f, "b": G})',
        "print(f(1))",
    ]
    save(tmp_path, "00_start_here.ipynb", *map(nbformat.v4.new_code_cell, cells))
    assert [exercise.code for exercise in record(tmp_path).exercises] == [
        'number = 1\n\ncheck("00.number", number)',
        'def f(x):\n    return x\n\nclass G:\n    y = 1\n\ncheck("00.function", {"a": f, "b": G})',
    ]
    numbers = nbformat.v4.new_code_cell("x", outputs=[printed("1.5, " * 1_100_000)])
    save(tmp_path, "00_start_here.ipynb", numbers, *map(nbformat.v4.new_code_cell, cells))
    assert record(tmp_path).exercises[0].code == 'check("00.number", number)'  # the whole notebook is too large


def test_a_notebook_whose_outputs_were_cleared_is_told_from_one_that_nobody_has_run(tmp_path):
    save(tmp_path, "00_start_here.ipynb", task("00.number"), task("00.function"))
    assert record(tmp_path).is_cleared
    assert not any("00_start_here" in note for note in notes(read_folder(tmp_path)))  # it may be running just now
    save(tmp_path, "00_start_here.ipynb", task("00.number"), task("00.function", NOT_TRIED))
    assert not record(tmp_path).is_cleared
    assert not record(tmp_path, "01").is_cleared


# ---------------------------------------------------------------- files


def test_of_several_copies_the_one_with_most_solved_counts(tmp_path):
    """A page that was put aside under another name is the full one, and the fresh one empty."""
    fresh = save(tmp_path, "00_start_here.ipynb", ("00.number", NOT_TRIED))
    save(tmp_path, "00_start_here-Copy1.ipynb", ("00.number", RIGHT))
    save(tmp_path, "00_mine.ipynb", ("00.number", WRONG))
    assert record(tmp_path).file == "00_start_here-Copy1.ipynb"
    assert record(tmp_path).copies == ("00_mine.ipynb", "00_start_here.ipynb")
    save(tmp_path, fresh.name, ("00.number", RIGHT))
    assert record(tmp_path).file == fresh.name  # of equal ones the course's own
    fresh.unlink()
    (tmp_path / "00_start_here-Copy1.ipynb").rename(tmp_path / "old 00_start_here.ipynb")
    assert record(tmp_path).file == "old 00_start_here.ipynb"
    assert states(tmp_path)["number"] == SOLVED


def test_other_peoples_notebooks_are_left_alone(tmp_path):
    save(tmp_path, "00_start_here.ipynb", ("00.number", RIGHT))
    save(tmp_path, "00_homework.ipynb")
    save(tmp_path, "notes.ipynb", ("00.function", RIGHT))
    save(tmp_path, "001_thoughts.ipynb", ("00.function", RIGHT))
    (tmp_path / ".ipynb_checkpoints").mkdir()
    save(tmp_path / ".ipynb_checkpoints", "00_start_here-checkpoint.ipynb", ("00.function", RIGHT))
    save(tmp_path, ".00_start_here.ipynb", ("00.function", RIGHT))  # a program's own copy
    (tmp_path / "01_computation_graph.ipynb").mkdir()
    assert states(tmp_path) == {"number": SOLVED, "function": UNTRIED}
    assert record(tmp_path).copies == ()
    assert record(tmp_path).others == ("00_homework.ipynb",)  # named like the chapter
    assert (record(tmp_path, "01").file, record(tmp_path, "01").unreadable) == ("", ())


def test_a_whole_name_of_a_chapter_counts_for_more_than_a_number(tmp_path):
    """A learner may be called by a number: 07_02_backward.ipynb is of chapter 02 alone."""
    (tmp_path / "07_02_Backward.IPYNB").write_bytes(b"")
    read = read_folder(tmp_path)
    assert [row.chapter.number for row in read if row.unreadable or row.file or row.others] == ["02"]


def test_a_chapter_without_its_exercises_is_there_and_empty(tmp_path):
    save(tmp_path, "apple_00_start_here.ipynb", "Nothing left")
    assert record(tmp_path).file == "apple_00_start_here.ipynb"
    assert set(states(tmp_path).values()) == {UNTRIED}


BROKEN = {
    "empty": b"",
    "half written": b'{"cells": [{"cell_type": "code", "sou',
    "no JSON": b"<<<<<<< HEAD\n{}",
    "not UTF-8": b'{"cells": ["\xff\xfe"]}',
    "another thing": b"[1, 2]",
    "no cells": b'{"nbformat": 4}',
    "cells of another kind": b'{"cells": {"a": 1}}',
    "old": b'{"worksheets": [{"cells": []}], "nbformat": 3}',
    "very deep": b'{"cells": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "a long number": b'{"cells": ' + b"9" * 10_000 + b"}",
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_named_and_a_copy_counts_in_its_place(name, tmp_path):
    folder = tmp_path
    (folder / "00_start_here.ipynb").write_bytes(BROKEN[name])
    assert (record(folder).file, unreadable(folder)) == ("", ["00_start_here.ipynb"])
    assert set(states(folder).values()) == {UNTRIED}
    save(folder, "00_start_here-Copy1.ipynb", ("00.number", RIGHT))
    assert (record(folder).file, states(folder)["number"]) == ("00_start_here-Copy1.ipynb", SOLVED)


STRANGE = (None, 3, "text", [], {}, [None, 3, [[]], {"a": {}}])


def test_strange_cells_are_passed_over(tmp_path):
    """Whatever stands in the place of each part of a cell; the sound cell below is still read."""
    sound = json.loads(nbformat.writes(nbformat.v4.new_notebook(cells=[task("00.number", RIGHT)])))["cells"][0]
    path, wrong = tmp_path / "00_start_here.ipynb", []
    for thing in STRANGE:
        output = sound["outputs"][0]
        cells = [thing, *({**sound, key: thing} for key in sound)]
        cells += [{**sound, "outputs": [{**output, key: thing}]} for key in output]
        cells += [{**sound, "outputs": [{**output, "data": {"text/plain": thing}}]}]
        cells += [{**sound, "outputs": [{"output_type": "stream", "text": thing}]}]
        function = json.loads(json.dumps(cells).replace("00.number", "00.function"))
        path.write_text(json.dumps({"cells": [*function, sound]}), encoding="utf-8")
        wrong += [thing] if states(tmp_path)["number"] != SOLVED else []
    assert wrong == []


WHY = {
    "empty": "an empty file",
    "no JSON": "no notebook",
    "very deep": "no notebook: too much is nested in it",
    "a long number": "no notebook",
    "old": "a notebook in the format of 2014: open it in Jupyter and save it once more",
}


@pytest.mark.parametrize("name", WHY)
def test_it_is_said_in_plain_words_why_a_file_is_not_read(name, tmp_path):
    (tmp_path / "00_start_here.ipynb").write_bytes(BROKEN[name])
    assert record(tmp_path).unreadable == (("00_start_here.ipynb", WHY[name]),)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (PermissionError(errno.EACCES, "Zugriff verweigert", "/home/apple/x"), "no permission to read it"),
        (FileNotFoundError(errno.ENOENT, "No such file", "/home/apple/x"), "no longer there"),
        (OSError(errno.EIO, "Input/output error", "/home/apple/x"), "the disk cannot read it"),
        (MemoryError(), "too much for the memory of this machine"),
        (RecursionError("maximum recursion depth exceeded"), "no notebook: too much is nested in it"),
        (ValueError("stopped after 120 s"), "stopped after 120 s"),  # of `look`, in its own words
    ],
)
def test_what_the_system_says_is_not_repeated(error, words, tmp_path):
    def look(_file):
        raise error

    save(tmp_path, "00_start_here.ipynb")
    assert read_files(files_in(tmp_path), look)[0].unreadable == (("00_start_here.ipynb", words),)


LARGE = {
    "lists": (b'{"cells": [' + b"[]," * 1_000_000 + b"1]}", "no notebook: more than 1000000 values are in it"),
    "dicts": (b'{"cells": [' + b'{"a":1},' * 500_001 + b"1]}", "no notebook: more than 1000000 values are in it"),
    "cells": (b'{\n "cells": [' + b"\n  {\n  }," * 20_001 + b"\n ]\n}", "more than 20000 cells"),
    "code": (
        json.dumps({"cells": [{"cell_type": "code", "source": 'check("00.number", 1)' + " " * 100_000}]}).encode(),
        "more than 100000 characters of code are in one of its cells",
    ),
    "code in all": (
        json.dumps({"cells": [{"cell_type": "code", "source": "check".ljust(50_001)}] * 20}).encode(),
        "more than 1000000 characters of code are in its cells",
    ),
}


@pytest.mark.parametrize("name", LARGE)
def test_what_would_take_much_memory_or_time_is_not_read(name, tmp_path):
    content, why = LARGE[name]
    (tmp_path / "00_start_here.ipynb").write_bytes(content)
    assert record(tmp_path).unreadable == (("00_start_here.ipynb", why),)


def test_large_outputs_beside_the_exercises_do_no_harm(tmp_path):
    numbers = nbformat.v4.new_code_cell("x", outputs=[printed("1.5, " * 1_100_000)])
    save(tmp_path, "00_start_here.ipynb", numbers, ("00.number", RIGHT))
    assert states(tmp_path)["number"] == SOLVED


def test_many_printed_lines_are_read_fast_and_the_last_verdict_counts(tmp_path):
    lines = "✓\n" * 100_000 + "✗ no\n" + "\n" * 100_000
    save(tmp_path, "00_start_here.ipynb", task("00.number", printed(lines)))
    assert record(tmp_path).exercises[0][:5] == ("00.number", OPEN, "", "wrong", "no")


def test_a_file_that_is_too_large_is_not_read(tmp_path):
    path = save(tmp_path, "00_start_here.ipynb", ("00.number", RIGHT))
    with path.open("ab") as file:
        file.truncate(MAX_BYTES + 1)  # a hole, which takes no room on the disk
    assert unreadable(tmp_path) == [path.name]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no pipes in folders")
def test_a_pipe_with_a_chapters_name_does_not_keep_anybody_waiting(tmp_path):
    os.mkfifo(tmp_path / "00_start_here.ipynb")
    os.symlink(tmp_path / "nowhere", tmp_path / "01_computation_graph.ipynb")
    assert [row.file for row in read_folder(tmp_path)][:2] == ["", ""]


def test_a_notebook_is_read_however_its_json_is_written(tmp_path):
    """As Jupyter writes it, on one line, more widely, and as Windows ends its lines."""
    picture = nbformat.v4.new_output("display_data", {"image/png": "iVBORw0KGgo" * 10_000})
    text = printed('\n  {\n "cells": [\n  }\n"\\"\n  {\n')  # in a text all of this is escaped
    cells = ["One", task("00.number", picture, text, RIGHT), task("00.elsewhere", text), ("00.function", WRONG)]
    path = save(tmp_path, "00_start_here.ipynb", *cells)
    stored = json.loads(path.read_text(encoding="utf-8"))
    written = [path.read_text(encoding="utf-8"), *(json.dumps(stored, indent=indent) for indent in (None, 0, 1, 2))]
    written += [json.dumps(stored, indent=1, sort_keys=True), written[0].replace("\n", "\r\n"), written[0].rstrip()]
    for text in written:
        path.write_bytes(text.encode())
        assert [task[:3] for task in record(tmp_path).exercises] == [
            ("00.number", SOLVED, "One"), ("00.function", OPEN, "One"),
        ], text[:200]  # fmt: skip
    for joint in ("\n  }, {\n", "\n  },{\n", "\n  }\n,\n  {\n"):  # not as Jupyter joins cells
        path.write_bytes(written[0].replace("\n  },\n  {\n", joint, 1).encode())
        assert [task.state for task in record(tmp_path).exercises] == [SOLVED, OPEN]
    path.write_bytes(written[0].encode()[:-20])
    assert unreadable(tmp_path) == [path.name]


def test_nothing_is_written_and_nothing_is_run(tmp_path):
    for path in NOTEBOOKS.glob("0*.ipynb"):
        shutil.copy(path, tmp_path)
    save(tmp_path, "00_mine.ipynb", task("00.number", RIGHT, code="raise SystemExit\n"))
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    read_folder(tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_notebook_of_a_chapter_without_its_exercises_is_named(tmp_path):
    said = "None of the exercises of chapter 00 is in 00_start_here.ipynb."
    save(tmp_path, "00_start_here.ipynb", "A heading", ("00.function", NOT_TRIED))
    assert said not in list(notes(read_folder(tmp_path)))
    save(tmp_path, "00_start_here.ipynb", "A heading")
    assert said in list(notes(read_folder(tmp_path)))
    save(tmp_path, "00_mine.ipynb", ("00.function", WRONG))
    assert said not in list(notes(read_folder(tmp_path)))  # it does not count


def test_the_chapter_of_a_notebook_is_told_by_its_checks(tmp_path):
    def chapter(*cells):
        [file] = files_in(save(tmp_path, "homework.ipynb", *cells).parent)
        return chapter_checked_in(file)

    assert chapter(("01.bill", WRONG), ("00.number", NOT_TRIED), ("00.function", RIGHT)).number == "00"
    assert chapter(("99.elsewhere", RIGHT)) is None
    (tmp_path / "homework.ipynb").write_text("no notebook")
    assert chapter_checked_in(files_in(tmp_path)[0]) is None


CHINESE = NOTEBOOKS / "zh-CN"


def test_chinese_notebooks_are_read_like_english_ones():
    english, chinese = read_folder(NOTEBOOKS), read_folder(CHINESE)
    assert [row.file for row in chinese] == [row.file for row in english]
    for one, other in zip(english, chinese, strict=True):
        assert [(task.name, task.state) for task in other.exercises] == [
            (task.name, task.state) for task in one.exercises
        ]
        assert [task.title.partition(" ")[0] for task in other.exercises] == [
            task.title.partition(" ")[0] for task in one.exercises
        ]


def test_chinese_verdicts_mean_what_english_ones_do(tmp_path):
    save(tmp_path, "00_start_here.ipynb", ("00.number", "✓ 对了：300。"), ("00.function", "✗ 150 是各一个的价钱。"))
    save(
        tmp_path,
        "02_backward.ipynb",
        ("02.mul", "… forward 对了。现在写 backward。"),
        ("02.bill", "… 到这里都对。还差：梨。"),
        ("02.sub", "… 还没试过：写好函数体，再运行一次这个单元格。"),
    )
    assert states(tmp_path) == {"number": SOLVED, "function": OPEN}
    assert states(tmp_path, "02") == {"mul": UNTRIED, "bill": OPEN, "sub": UNTRIED, "cube": UNTRIED}
