"""What a learner sees of the own folder and what a teacher sees of the class say the same, and nothing else is read."""

import csv
import io
import json
import re
import subprocess
import sys
import zipfile

import nbformat
import pytest
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from nbkit import progress
from nbkit.classroom import report, write
from nbkit.classroom.spreadsheets import report_csv
from nbkit.course.chapters import CHAPTERS
from nbkit.exercises.core import exercises_of
from tests.course.folders import HALF, RIGHT, UNTRIED, WRONG, printed, raised, shown
from tests.hostile import fuzz

CHAPTER = ("00", "01", "02")  # of three the other rules are those of all
NAMES = {number: list(exercises_of(number)) for number in CHAPTER}
OUTPUTS = st.sampled_from([
    (), (shown(RIGHT),), (shown(WRONG),), (shown(HALF),), (shown(UNTRIED),), (raised(),), (printed(f"{RIGHT}\n"),),
    (printed(f"{WRONG}\nx\n"), shown(RIGHT)), (printed(f"{RIGHT} {WRONG}\n"),), (shown("True"),),
    (shown(f"({WRONG}, {RIGHT})"),),
])  # fmt: skip
CODE = (
    'check("{0}", f)', 'print(check("{0}", f))', 'check("{0}", f); check("{1}", g)', 'check("{0}", f), check("{1}", g)',
    '# check("{0}", f)\ncheck("{1}", f)', "check('{0}', f)\nhint('{0}')", "f = 3", 'check("{0}", f)\ncheck("{0}", g)',
)  # fmt: skip
FILES = (
    "{file}", "{stem}-Copy1.ipynb", "{stem} (1).ipynb", "old {file}", "{number}_mine.ipynb", "{number} .IPYNB",
    "{number}0.ipynb",
)  # fmt: skip
BROKEN = st.sampled_from([b"", b"no notebook", b"[]", b'{"cells": 7}', b'{"cells": ' + b"[" * 3000, b"%PDF-1.7"])


@st.composite
def notebooks(draw, number):
    """A notebook with some cells of a chapter, and now and then of another one, however its JSON is written."""
    names = NAMES[number] + NAMES[draw(st.sampled_from(CHAPTER))]
    cells = [
        new_code_cell(draw(st.sampled_from(CODE)).format(*draw(st.permutations(names))), outputs=list(draw(OUTPUTS)))
        for _cell in range(draw(st.integers(0, 4)))
    ]
    indent = draw(st.sampled_from([None, 1, 2]))
    return json.dumps(nbformat.from_dict(new_notebook(cells=cells)), indent=indent, ensure_ascii=False).encode()


@st.composite
def folders(draw):
    """The files of one learner, by their names."""
    files = {}
    for number in draw(st.sets(st.sampled_from(CHAPTER), min_size=1)):
        chapter = CHAPTERS[int(number)]
        for name in draw(st.sets(st.sampled_from(FILES), min_size=1, max_size=4)):
            shown_as = name.format(file=chapter.file, stem=chapter.stem, number=number)
            files[shown_as] = draw(BROKEN) if draw(st.integers(0, 7)) == 0 else draw(notebooks(number))
    return files


def as_the_learner_sees(folder):
    """Return what `progress` writes: how many exercises of a chapter are solved, all, and open; and which."""
    said = repr(progress(folder))
    rows = re.findall(r"^(\d\d) · .*?  +(\d+) of (\d+)(?:, (\d+) open)?", said, re.MULTILINE)
    opened = {name for names in re.findall("^Open: (.*)$", said, re.MULTILINE) for name in names.split(", ")}
    return {number: (int(solved), int(all_), int(many or 0)) for number, solved, all_, many in rows}, opened


def as_the_teacher_sees(folder):
    """Return the same of each learner, as report.csv has it."""
    head, *rows = csv.reader(io.StringIO(report_csv(report(folder))))
    found = {}
    for row in rows:
        results = {
            name: cell.partition(":")[0] for name, cell in zip(head, row, strict=True) if re.match(r"\d\d\.", name)
        }
        opened = {name for name, result in results.items() if result in ("wrong", "begun")}
        counted = {}
        for number in sorted({name[:2] for name in results}):
            of_it = [result for name, result in results.items() if name[:2] == number]
            counted[number] = of_it.count("right"), len(of_it), of_it.count("wrong") + of_it.count("begun")
        found[row[0]] = counted, opened
    return found


def agree(home, files):
    """Compare what is said of one learner's files: in a folder, in an archive and, where they may be, with a prefix."""
    class_folder, own = home / "class", home / "class" / "apple"
    own.mkdir(parents=True)
    for name, content in files.items():
        (own / name).write_bytes(content)
    with zipfile.ZipFile(class_folder / "pear.zip", "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    stems = [chapter.stem for chapter in CHAPTERS]
    learners = {"apple", "pear"}
    if all(any(stem in name for stem in stems) and not name.startswith("old") for name in files):
        learners.add("melon")
        for name, content in files.items():
            (class_folder / f"melon_{name}").write_bytes(content)
    else:
        (class_folder / "melon_13_from_layers_to_autodiff.ipynb").write_bytes(b"")
    counted, opened = as_the_learner_sees(own)
    seen = as_the_teacher_sees(class_folder)
    for learner in learners:
        told, names = seen[learner]
        assert names == opened, learner
        nothing = {number: (0, len(exercises_of(number)), 0) for number in {*told, *counted}}
        assert nothing | told == nothing | counted, learner


@fuzz(25, folders())
def test_a_learner_and_the_teacher_see_the_same(tmp_path_factory, files):
    """Whatever copies, renamed and broken files there are."""
    agree(tmp_path_factory.mktemp("home"), files)


def test_they_count_the_same_one_of_copies_that_are_equally_good(tmp_path):
    """That with the course's own name, or else the first."""
    for k, names in enumerate((["{file}", "{stem}-Copy1.ipynb"], ["{stem}-Copy1.ipynb", "{stem} (1).ipynb"])):
        files = {}
        for name, asked in zip(names, NAMES["02"], strict=False):
            cell = new_code_cell(f'check("{asked}", f)', outputs=[shown(WRONG)])
            file = name.format(file=CHAPTERS[2].file, stem=CHAPTERS[2].stem)
            files[file] = nbformat.writes(new_notebook(cells=[cell])).encode()
        agree(tmp_path / str(k), files)


# ---------------------------------------------------------------- names, and the network

SECRET = "Pomegranate"


def with_names(number, answer):
    """A notebook with a name in each place that neither a folder, a file nor an answer is."""
    metadata = {
        "authors": [{"name": SECRET}], "title": SECRET, "kernelspec": {"name": SECRET, "display_name": SECRET},
        "language_info": {"name": SECRET}, "widgets": {SECRET: SECRET}, SECRET: SECRET,
    }  # fmt: skip
    name = NAMES[number][0]
    cells = [
        new_markdown_cell(f"# {SECRET}\n\nBy {SECRET} <{SECRET}@example.org>", metadata={"author": SECRET}),
        new_code_cell(f"# {SECRET}\nauthor = {SECRET!r}", outputs=[printed(SECRET)], metadata={SECRET: SECRET}),
        new_markdown_cell(f"## Exercise of {SECRET} {answer}", attachments={SECRET: {"text/plain": SECRET}}),
        new_code_cell(f'f = 1\ncheck("{name}", f)', outputs=[shown(answer)], metadata={"tags": [SECRET]}),
    ]
    cells[3].outputs[0].metadata[SECRET] = SECRET
    cells[3].outputs[0].data["text/html"] = SECRET
    return nbformat.writes(new_notebook(cells=cells, metadata=metadata)).encode()


@pytest.fixture
def class_folder(tmp_path):
    """A class of three, of whom nobody is called as their notebooks say."""
    folder = tmp_path / "class"
    (folder / "apple").mkdir(parents=True)
    for number in CHAPTER:
        (folder / "apple" / CHAPTERS[int(number)].file).write_bytes(with_names(number, WRONG))
    (folder / f"pear_{CHAPTERS[0].file}").write_bytes(with_names("00", RIGHT))
    with zipfile.ZipFile(folder / "melon.zip", "w") as archive:
        archive.comment = SECRET.encode()
        archive.writestr(f"notebooks/{CHAPTERS[1].file}", with_names("01", HALF))
        archive.writestr("notebooks/authors.txt", SECRET)
    return folder


def test_no_name_is_read_from_anywhere_but_folder_or_file(class_folder, tmp_path):
    table = report(class_folder)
    assert [row.learner for row in table.rows] == ["apple", "melon", "pear"]
    written = write(table, tmp_path / "out")
    assert len(written) == 3
    for path in written:
        assert SECRET not in path.read_text(encoding="utf-8")
    assert "150 is the price" in written[0].read_text(encoding="utf-8")


WATCHED = """
import sys
from pathlib import Path

out = sys.argv[2]
forbidden = (
    "socket.", "urllib.", "http.", "ftplib.", "smtplib.", "webbrowser.",
    "subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.fork", "os.startfile",
)

def watch(event, arguments):
    if event.startswith(forbidden):
        raise SystemExit(f"this leaves the process: {event} {arguments}")
    if event == "open" and isinstance(arguments[1], str) and set(arguments[1]) & set("wax+"):
        if not str(Path(arguments[0]).resolve()).startswith(str(Path(out).resolve())):
            raise SystemExit(f"this writes elsewhere: {arguments}")

sys.addaudithook(watch)
from nbkit.classroom import report, write

print(len(write(report(sys.argv[1]), out)))
"""


def test_nothing_leaves_the_process_when_a_report_is_read_and_written(class_folder, tmp_path):
    before = {path: path.read_bytes() for path in class_folder.rglob("*") if path.is_file()}
    command = [sys.executable, "-B", "-c", WATCHED, str(class_folder), str(tmp_path / "out")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert (done.stdout, done.stderr) == ("3\n", "")
    assert {path: path.read_bytes() for path in class_folder.rglob("*") if path.is_file()} == before


def test_the_page_names_no_address_to_load_anything_from(class_folder, tmp_path):
    text = write(report(class_folder), tmp_path)[0].read_text(encoding="utf-8")
    assert re.findall(r"(?:src|href|action|url)\s*[=(]\s*[\"']?\s*(?:https?:)?//[^\"')\s]+", text, re.IGNORECASE) == []
