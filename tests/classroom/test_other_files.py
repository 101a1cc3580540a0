"""Whose files are that name no chapter, and what is said of them."""

import pytest

from tests.classroom.handing_in import told, who, write
from tests.course.folders import RIGHT, WRONG, save


@pytest.fixture
def folder(tmp_path):
    """The folder of a class."""
    return write(tmp_path, "class/") / "class"


@pytest.mark.parametrize(
    ("beside", "path", "learner"),
    [
        ("Apple_4_assignsubmission_file_02_backward.ipynb", "Fig_7_assignsubmission_file_me.pdf", "Fig_7"),
        ("Apple_4_assignsubmission_file_02_backward.ipynb", "Fig_7_assignsubmission_file_homework.ipynb", "Fig_7"),
        ("Apple_4_assignsubmission_file_02_backward.ipynb", "Apple_4_assignsubmission_onlinetext_", "Apple_4"),
        ("apple_12345_678910_02_backward.ipynb", "fig_12349_678914_photo.pdf", "fig_12349"),
        ("apple_12345_678910_02_backward.ipynb", "fig_LATE_12349_678914_homework.ipynb", "fig_12349"),
        ("apple_12345_678910_02_backward.ipynb", "apple_12345_678914_photo.pdf", "apple_12345"),
        ("apple_12345_678910_02_backward.ipynb", "scan_12345_678914_photo.pdf", ""),  # one number of two names
        ("apple_02_backward.ipynb", "apple_homework.ipynb", "apple"),
        ("apple/02_backward.ipynb", "apple_photo_2.pdf", "apple"),
        ("big apple_02_backward.ipynb", "big apple.pdf", "big apple"),
        ("apple_02_backward.ipynb", "apple_02_backward.pdf", "apple"),
        ("apple_02_backward.ipynb", "apple tree_photo.pdf", ""),  # another one, perhaps
        ("apple_02_backward.ipynb", "fig_02_backward.pdf", ""),
        ("apple_02_backward.ipynb", "fig_12349_678914_photo.pdf", ""),
        ("02_backward.ipynb", "class_photo.pdf", ""),
    ],
)
def test_a_file_that_names_no_chapter_is_its_learners_where_it_says_whose_it_is(folder, beside, path, learner):
    write(folder, beside, path)
    found = who(folder)
    assert sum(map(len, found.values())) == 1
    assert len(found) == 1 + (learner.lower()[:3] == "fig")
    assert path in told(folder, learner or None)
    assert not learner or path not in told(folder)


def test_of_a_notebook_whose_name_names_no_chapter_its_checks_say_which_it_is(folder):
    write(folder, "apple/08_xor.ipynb")
    for place in (folder / "apple" / "Homework week 2.ipynb", folder / "mine.ipynb"):
        save(place.parent, place.name, ("02.mul", RIGHT), ("02.sub", WRONG), ("01.bill", WRONG))
    words = "names should end in 02_backward.ipynb, since exercises of chapter 02 are checked in them: "
    assert f"{words}Homework week 2.ipynb." in told(folder, "apple")
    assert f"{words}mine.ipynb." in told(folder)
