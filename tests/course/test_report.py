"""What `progress` shows: a map, a list with links, plain text, and no markup of a learner's."""

import html
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote

import pytest

from nbkit import progress
from tests.course.folders import RIGHT, WRONG, save

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
LINK = re.compile(r'<a href="([^"]*)">(.*?)</a>')


def shown(folder):
    return progress(folder)._repr_mimebundle_()


@pytest.fixture
def folder(tmp_path):
    """A course in which chapter 00 is solved and one exercise of chapter 01 is wrong."""
    for path in NOTEBOOKS.glob("*.ipynb"):
        shutil.copy(path, tmp_path)
    save(tmp_path, "00_start_here.ipynb", ("00.number", RIGHT), ("00.function", RIGHT))
    save(tmp_path, "01_computation_graph.ipynb", "Now you", ("01.bill", RIGHT), ("01.graph", WRONG))
    return tmp_path


def test_the_text_says_for_each_chapter_what_is_solved_and_open(folder):
    first, *rows = shown(folder)["text/plain"].splitlines()
    assert re.search(r": 3 of \d+ exercises solved, 1 open, \d+ not yet tried\.$", first)
    assert [re.sub("  +", " | ", row) for row in rows[:2]] == [
        "00 · Start here | 2 of 2", "01 · A bill is a graph | 1 of 3, 1 open | ← here",
    ]  # fmt: skip
    assert rows[14:] == ["Open: 01.graph"]


def test_the_picture_has_a_mark_for_each_exercise_and_a_flag_where_to_go_on(folder):
    marks = progress(folder).svg.marks
    assert marks["00"].states == ("solved", "solved")
    assert sorted(marks["01"].states) == ["open", "solved", "untried"]
    assert (marks["01"].told, marks["02"].told[:5]) == ("1 of 3", "0 of ")
    assert {key: mark.flag for key, mark in marks.items() if mark.data.get("flag")} == {"01": "here"}
    assert {mark.flag for mark in progress(NOTEBOOKS).svg.marks.values() if mark.data.get("flag")} == {"next"}


def test_the_words_of_the_picture_say_what_it_shows(folder):
    words = progress(folder).svg.words
    assert "00 start here 2 of 2; 01 a bill 1 of 3, 1 open; 02" in words
    assert "Go on with 01." in words
    assert "01 → 02, 02 → 03" in words
    [told] = re.findall('<img alt="([^"]*)"', shown(folder)["text/html"])
    assert html.unescape(told) == words


def test_links_lead_to_the_next_chapter_and_to_the_open_exercises(folder):
    assert LINK.findall(shown(folder)["text/html"]) == [
        ("01_computation_graph.ipynb", "01 · A bill is a graph"),
        ("01_computation_graph.ipynb#Now-you", "01 · A bill is a graph, Now you"),
    ]


def test_it_says_so_where_all_is_solved(tmp_path):
    from nbkit.course.chapters import CHAPTERS
    from nbkit.exercises.core import exercises_of

    for chapter in CHAPTERS:
        save(tmp_path, chapter.file, *[(name, RIGHT) for name in exercises_of(chapter.number)])
    page = shown(tmp_path)
    assert "<p>All exercises are solved.</p>" in page["text/html"]
    count = len(exercises_of())
    assert f"{count} of {count} exercises solved, 0 open, 0 not" in page["text/plain"]


# ---------------------------------------------------------------- folders


def test_a_folder_without_notebooks_gets_one_sentence(tmp_path):
    save(tmp_path, "my own.ipynb")
    assert shown(tmp_path) == {
        "text/plain": 'Here is no notebook of the course: progress(folder="...") looks into another folder.'
    }


def test_the_kernels_folder_is_read_unless_another_is_named(folder, monkeypatch):
    monkeypatch.chdir(folder)
    there = repr(progress(NOTEBOOKS))
    assert repr(progress()) == repr(progress(".")) == repr(progress(str(folder))) != there
    monkeypatch.chdir(NOTEBOOKS)
    assert repr(progress()) == there


@pytest.mark.parametrize(
    ("folder", "error", "words"),
    [
        (3, TypeError, "a folder is text or a path, got 3"),
        ("nowhere", ValueError, "there is no folder text 'nowhere'"),
        ("null \0", ValueError, "there is no folder text 'null"),
        (__file__, ValueError, "there is no folder"),
        ("x" * 100_000, ValueError, "there is no folder"),
    ],
)
def test_what_is_no_folder_is_refused(folder, error, words):
    with pytest.raises(error, match=words) as raised:
        progress(folder)
    assert len(str(raised.value)) < 200


def test_it_shows_the_same_in_every_process_and_wherever_the_folder_is(folder, tmp_path_factory):
    code = "import nbkit; print(nbkit.progress()._repr_mimebundle_())"
    copy = shutil.copytree(folder, tmp_path_factory.mktemp("elsewhere") / "Übung 1")
    here, there = (
        subprocess.run([sys.executable, "-c", code], cwd=place, capture_output=True, check=True, env=environment).stdout
        for place, environment in (
            (folder, os.environ | {"PYTHONHASHSEED": "1", "PYTHONIOENCODING": "utf-8"}),
            (copy, os.environ | {"PYTHONHASHSEED": "2", "PYTHONIOENCODING": "utf-8"}),
        )
    )
    assert here == there
    assert str(folder) not in here.decode()


# ---------------------------------------------------------------- text of others

EVIL = "<img src=x onerror=alert(1)>\" '&amp; ]]> \u202e"


def test_names_of_files_and_headings_are_text_and_addresses_lead_nowhere_else(tmp_path):
    name = "javascript:alert(1) <b onload='x'>&\"? 00_start_here.ipynb"
    if os.name == "nt":
        name = "javascript alert(1) 'x'& 00_start_here.ipynb"
    save(tmp_path, name, EVIL, ("00.number", WRONG), ("00.function", f"✗ {EVIL}"))
    page = shown(tmp_path)["text/html"]
    assert {unquote(address) for address, _words in LINK.findall(page)} == {name}  # a heading with < has no anchor
    assert all(re.fullmatch(r"[\w.%-]+", address) for address, _words in LINK.findall(page))
    assert set(re.findall(r"<(\w+)", page)) == {"img", "style", "p", "a", "ul", "li"}
    assert page.count("<img") == 1
    assert EVIL not in page


def test_a_heading_that_is_too_long_or_no_text_does_no_harm(tmp_path):
    path = save(tmp_path, "00_start_here.ipynb", "x" * 100_000, ("00.number", WRONG), "HALF", ("00.function", WRONG))
    half = r"\ud800"  # of a pair of surrogates: JSON can hold it
    path.write_text(path.read_text(encoding="utf-8").replace("HALF", half), encoding="utf-8")
    page = shown(tmp_path)["text/html"]
    page.encode()
    assert LINK.findall(page)[1:] == [
        (path.name, "00 · Start here"),
        (f"{path.name}#%3F", "00 · Start here, \ufffd"),
    ]


def test_a_heading_that_holds_anything_else_becomes_a_plain_anchor(tmp_path):
    save(tmp_path, "00_start_here.ipynb", 'Ä "quoted" & (odd)? 50 %', ("00.number", WRONG))
    address, words = LINK.findall(shown(tmp_path)["text/html"])[-1]
    assert re.fullmatch(r"00_start_here\.ipynb#[\w.%-]+", address)
    assert unquote(address.partition("#")[2]) == 'Ä-"quoted"-&-(odd)?-50-%'
    assert html.unescape(words) == '00 · Start here, Ä "quoted" & (odd)? 50 %'


@pytest.mark.skipif(sys.platform in ("darwin", "win32"), reason="names of files are Unicode there")
def test_a_file_whose_name_is_no_text_is_shown_all_the_same(tmp_path):
    place = os.path.join(os.fsencode(tmp_path), b"00_\xff\xfe.ipynb")
    os.rename(save(tmp_path, "00_start_here.ipynb", ("00.number", WRONG)), place)
    page = shown(tmp_path)
    assert LINK.findall(page["text/html"])[0][0] == "00_%FF%FE.ipynb"
    page["text/html"].encode()
    page["text/plain"].encode()


def test_a_link_to_itself_is_no_notebook(folder):
    before = repr(progress(folder))
    (folder / "00_loop.ipynb").symlink_to(folder / "00_loop.ipynb")
    assert repr(progress(folder)) == before
