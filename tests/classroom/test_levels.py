"""Whether the folders of a class are the learners' own or hold several learners: neither is taken for the other."""

import pytest

from tests.classroom.handing_in import ONE, told, who, write, zipped


@pytest.fixture
def folder(tmp_path):
    """The folder of a class."""
    return write(tmp_path, "class/") / "class"


@pytest.mark.parametrize(
    "paths",
    [
        ["week1/apple/02_backward.ipynb", "week1/pear/02_backward.ipynb"],
        ["week1/apple_02_backward.ipynb", "week1/pear_02_backward.ipynb"],
    ],
)
def test_a_folder_in_which_there_seem_to_be_several_learners_is_named(folder, paths):
    write(folder, *paths, "melon/02_backward.ipynb", "melon/old/02_backward.ipynb", "melon/old 02_backward.ipynb")
    assert list(who(folder)) == ["melon", "week1"]
    assert "Chapter 02 is there for more than one learner" in told(folder, "week1")
    assert told(folder, "melon") == ""  # copies of one learner's: read_files says which counts
    assert "Read as of one learner each, though" in told(folder)
    assert told(folder).endswith(": week1.")


CLASSES = {
    "a folder around it": ["week4/apple-01/02_backward.ipynb", "week4/apple-02/02_backward.ipynb", "week4/fig/"],
    "numbers, of which one is the chapter's": [f"week4/{name}/02_backward.ipynb" for name in ("01", "02", "03")],
    "two folders around it": ["par/week4/apple/x/02_backward.ipynb", "par/week4/pear/02_backward.ipynb"],
    "with prefixes": ["week4/apple_02_backward.ipynb", "week4/pear_02_backward.ipynb"],
    "with archives": ["week4/apple.zip", "week4/pear.zip"],
    "two weeks": [
        "week4/apple/02_backward.ipynb", "week4/pear/02_backward.ipynb", "week5/apple/08_xor.ipynb",
        "week5/pear/08_xor.ipynb", "week6/",
    ],
    "two weeks in a folder": [
        "par/week4/apple/02_backward.ipynb", "par/week4/pear/02_backward.ipynb", "par/week5/apple/08_xor.ipynb",
        "par/week5/pear/08_xor.ipynb",
    ],
    "two weeks with one chapter in a folder": [
        f"par/week{k}/{name}/02_backward.ipynb" for k in (4, 5) for name in ("apple", "fig", "melon", "pear")
    ],
    "two groups": [
        "red/apple/02_backward.ipynb", "red/fig/02_backward.ipynb", "blue/pear/02_backward.ipynb",
        "blue/melon/02_backward.ipynb",
    ],
    "one with copies": [
        "all/apple/02_backward.ipynb", "all/pear/old/02_backward.ipynb", "all/pear/new/02_backward.ipynb",
    ],
}  # fmt: skip
LEARNERS = {
    "a folder around it": "apple-01 apple-02 fig", "numbers, of which one is the chapter's": "01 02 03",
    "two groups": "apple fig melon pear",
    "two weeks with one chapter in a folder": "apple fig melon pear",
}  # fmt: skip


@pytest.mark.parametrize("name", CLASSES)
def test_a_class_that_lies_deeper_is_no_single_learner(folder, name):
    write(folder, *CLASSES[name])
    assert " ".join(who(folder)) == LEARNERS.get(name, "apple pear")
    assert "Read as of several learners, since a chapter is in them more than once" in told(folder)


def test_learners_are_found_in_one_archive_of_all(folder):
    paths = ("apple/02_backward.ipynb", "pear/a/02_backward.ipynb", "pear/08_xor.ipynb", "__MACOSX/apple/x", "me.pdf")
    for around in ("", "all/", "all/of them/"):
        zipped(folder / "all.zip", dict.fromkeys([around + path for path in paths], ONE))
        assert who(folder) == {
            "apple": [f"all.zip/{around}apple/02_backward.ipynb"],
            "pear": [f"all.zip/{around}pear/08_xor.ipynb", f"all.zip/{around}pear/a/02_backward.ipynb"],
        }
        assert "Read as of several learners" in told(folder)
        assert f"all.zip/{around}me.pdf." in told(folder)
    names = ["apple_02_backward.ipynb", "pear_02_backward.ipynb", "pear_08_xor.ipynb", "homework.ipynb"]
    zipped(folder / "all.zip", dict.fromkeys(names, ONE))
    assert list(map(len, who(folder).values())) == [1, 2]
    assert "all.zip/homework.ipynb." in told(folder)
    names = ["Apple Tree_1_assignsubmission_file/02_backward.ipynb", "Pear_2_assignsubmission_file/02_backward.ipynb"]
    zipped(folder / "all.zip", dict.fromkeys(names, ONE))
    assert list(who(folder)) == ["Apple Tree_1", "Pear_2"]


COPIES = {
    "beside others": (["apple/old/02_backward.ipynb", "apple/new/02_backward.ipynb", "pear/02_backward.ipynb"], True),
    "of any name": (["apple/red/02_backward.ipynb", "apple/blue/02_backward.ipynb", "pear/02_backward.ipynb"], True),
    "beside a file": (["apple/a/02_backward.ipynb", "apple/b/02_backward.ipynb", "pear_02_backward.ipynb"], True),
    "of one alone": (["apple/notebooks/02_backward.ipynb", "apple/backup/02_backward.ipynb"], True),
    "one with a copy": (["apple/red/02_backward.ipynb", "apple/old/02_backward.ipynb"], True),
    "numbered": (["apple/02/02_backward.ipynb", "apple/copies (2)/02_backward.ipynb"], True),
    "beside who has nothing": (["apple/red/02_backward.ipynb", "apple/blue/02_backward.ipynb", "pear/"], True),
    "with prefixes": (["apple/my_02_backward.ipynb", "apple/old 02_backward.ipynb"], True),
    "with a date": (["apple/2025-01-30/02_backward.ipynb", "apple/2025-01-31/02_backward.ipynb"], True),
    "collected twice": (
        ["week 1/apple+02_backward+2025-01-30/02_backward.ipynb", "week 1/apple+02_backward+2025-02/02_backward.ipynb"],
        True,
    ),
    "of one name": (["apple/mine/02_backward.ipynb", "apple/mine (1)/02_backward.ipynb"], True),
    "of everybody": (
        [f"{name}/{place}/02_backward.ipynb" for name in ("apple", "pear") for place in ("red", "blue")], True,
    ),
    "below the chapter": (["apple/02_backward.ipynb", "apple/a/02_backward.ipynb", "apple/b/02_backward.ipynb"], False),
    "in each other": (["apple/a/02_backward.ipynb", "apple/a/b/02_backward.ipynb"], False),
    "of other chapters": (["apple/a/02_backward.ipynb", "apple/b/08_xor.ipynb"], False),
}  # fmt: skip


@pytest.mark.parametrize("name", COPIES)
def test_copies_of_one_learner_are_no_class(folder, name):
    paths, is_said = COPIES[name]
    write(folder, *paths)
    assert set(who(folder)) <= {"apple", "pear", "week 1"}
    assert ("Read as of one learner each, though a chapter is in them more than once" in told(folder)) == is_said
    assert "of several learners, since" not in told(folder)
