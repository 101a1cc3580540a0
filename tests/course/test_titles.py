"""The title of an exercise, as the text above it begins."""

from pathlib import Path

import nbformat
import pytest

from nbkit.course.records import read_folder
from tests.course.folders import WRONG, save, task

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"


def test_56_of_the_58_exercises_have_a_title_in_the_text_above_them():
    read = read_folder(NOTEBOOKS)
    titles = {task.name: task.title for row in read for task in row.exercises}
    assert len(titles) == 58
    assert [name for name in titles if not titles[name]] == ["03.slope", "03.gradient"]  # **Exercise 1.** alone
    assert titles["00.function"] == "2. A function."
    assert titles["02.mul"] == "1. Your own ×."
    assert titles["06.letters"] == "4. Before training"
    for row in read:  # each number once
        numbers = [task.title.partition(".")[0] for task in row.exercises if task.title]
        assert len(set(numbers)) == len(numbers)


@pytest.mark.parametrize(
    ("cells", "titles"),
    [
        (["**1. A.** Write", "00.number", "00.number", "**2. B.** Write", "00.function"], ["1. A.", "2. B."]),
        (["**1. A.** Write", "00.number", "00.function"], ["1. A.", ""]),  # the text of the second one is gone
        (["Write **1. A.**", "00.number", "**Predict**: what?", "00.function"], ["", ""]),
        (["**1. A.** Write", "00.number", "**2. B.**", "00.function", "00.number"], ["1. A.", "2. B."]),
        (["**1. A.** Write", "00.number", "**Exercise 2.** Write", "00.function"], ["1. A.", ""]),
        (
            ["**1. " + "a" * 200 + "**", "00.number", "**1. " + "a" * 9999, "00.function"],
            ["1. " + "a" * 74 + "...", ""],
        ),
    ],
)
def test_the_title_of_an_exercise_is_kept(tmp_path, cells, titles):
    made = [task(cell, WRONG) if cell.startswith("00.") else nbformat.v4.new_markdown_cell(cell) for cell in cells]
    save(tmp_path, "00_start_here.ipynb", *made)
    assert [exercise.title for exercise in read_folder(tmp_path)[0].exercises] == titles
