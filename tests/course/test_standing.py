"""Where a learner stands, and what is said about a folder."""

import pytest

from nbkit.course.chapters import CHAPTERS
from nbkit.course.records import OPEN, SOLVED, UNTRIED, Exercise, Record, Unreadable
from nbkit.course.standing import chapter_to_go_on, counted, notes, summary

LETTERS = {"s": SOLVED, "o": OPEN, "u": UNTRIED}


def course(**chapters):
    """Records of all chapters with two exercises each, untried but for those named: ``course(c03="so")``."""
    return [
        Record(chapter, tuple(Exercise("", LETTERS[k]) for k in chapters.get("c" + chapter.number, "uu")), chapter.file)
        for chapter in CHAPTERS
    ]


@pytest.mark.parametrize(
    ("chapters", "number"),
    [
        ({}, "00"),
        ({"c00": "su"}, "00"),
        ({"c00": "ss"}, "01"),
        ({"c01": "ss"}, "00"),  # nothing is needed for it
        ({"c00": "ss", "c01": "ss", "c02": "os"}, "02"),
        ({"c00": "ss", "c01": "so", "c02": "ss"}, "03"),  # one left open behind does not keep anybody back
        ({"c00": "ss", "c01": "ss", "c02": "ss", "c08": "us"}, "08"),  # those in a hurry go from 02 to 08
        ({"c00": "ss", "c01": "ss", "c02": "ss", "c08": "ss"}, "03"),
        ({f"c{n:02}": "ss" for n in range(6)}, "06"),  # 07 needs 06, too
        ({f"c{n:02}": "ss" for n in range(13)}, "13"),
        ({f"c{n:02}": "ss" for n in range(14)} | {"c05": "so"}, "05"),
        ({f"c{n:02}": "ss" for n in range(14)}, None),
    ],
)
def test_the_chapter_to_go_on_with(chapters, number):
    here = chapter_to_go_on(course(**chapters))
    assert (here and here.chapter.number) == number


def test_numbers_are_said_in_words():
    records = course(c00="so", c01="ss")
    assert [counted(record) for record in records[:3]] == ["1 of 2, 1 open", "2 of 2", "0 of 2"]
    assert summary(records).endswith(": 3 of 28 exercises solved, 1 open, 24 not yet tried.")


def test_nothing_is_said_of_a_folder_that_is_as_it_should_be():
    assert list(notes(course())) == []


def test_what_is_missing_copied_renamed_or_broken_is_said():
    records = course()
    records[1] = records[1]._replace(copies=("01_old.ipynb",))
    records[2] = records[2]._replace(file="02_mine.ipynb", copies=("02_backward.ipynb",))
    records[3] = records[3]._replace(file="03_mine.ipynb")
    records[4] = records[4]._replace(file="", unreadable=(Unreadable("04_activations.ipynb", "no notebook"),))
    records[5] = records[5]._replace(file="")
    assert list(notes(records)) == [
        "Chapter 01 is counted in 01_computation_graph.ipynb, and not in 01_old.ipynb.",
        "Chapter 02 is counted in 02_mine.ipynb, where most is solved, and not in 02_backward.ipynb.",
        "Chapter 03 is counted in 03_mine.ipynb.",
        "Cannot be read, so save it once more or take it anew: 04_activations.ipynb.",
        "Not in this folder: 05.",
    ]


def test_long_names_and_long_lists_are_cut():
    records = course()
    records[1] = records[1]._replace(copies=tuple(f"01_{k}{'x' * 200}.ipynb" for k in range(50)))
    [note] = notes(records)
    assert len(note) < 600
    assert note.endswith(", ….")
