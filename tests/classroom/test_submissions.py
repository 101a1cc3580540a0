"""Whose is what in the folder of a class: however it was handed in, and whatever else is there."""

import contextlib
import errno
import os
import shutil
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import strategies as st

from nbkit.classroom import handed_in, names
from nbkit.classroom.submissions import read_submissions
from nbkit.course.chapters import CHAPTERS
from nbkit.web.live import words
from tests.classroom.handing_in import INNER, ONE, told, who, write, zipped
from tests.hostile import fuzz


@pytest.fixture
def folder(tmp_path):
    """The folder of a class; a learner whose it is alone is called like it."""
    return write(tmp_path, "class/") / "class"


# ---------------------------------------------------------------- whose

LAYOUTS = {
    "a folder for each": (
        ["apple/02_backward.ipynb", "pear/notebooks/deep/02_backward.ipynb"],
        {"apple": ["02_backward.ipynb"], "pear": ["notebooks/deep/02_backward.ipynb"]},
        "",
    ),
    "prefixes": (
        ["apple_02_backward.ipynb", "apple-07_gradient_descent (1).ipynb", "big pear 02_Backward-Copy1.ipynb"],
        {
            "apple": ["apple-07_gradient_descent (1).ipynb", "apple_02_backward.ipynb"],
            "big pear": ["big pear 02_Backward-Copy1.ipynb"],
        },
        "",
    ),
    "an archive for each": (
        ["apple.zip", "pear/any thing.zip", "melon_my_notebooks (2).zip"],
        {
            "apple": [f"apple.zip/{name}" for name in INNER],
            "melon": [f"melon_my_notebooks (2).zip/{name}" for name in INNER],
            "pear": [f"any thing.zip/{name}" for name in INNER],
        },
        "",
    ),
    "by folder, prefix and archive": (
        ["apple/02_backward.ipynb", "apple_08_xor.ipynb", "apple.zip"],
        {"apple": ["apple/02_backward.ipynb", *(f"apple.zip/{name}" for name in INNER), "apple_08_xor.ipynb"]},
        "",
    ),
    "one learner's folder": (
        ["02_backward.ipynb", "03 mine.ipynb", "Copy of 02_backward.ipynb", "images/"],
        {"class": ["02_backward.ipynb", "03 mine.ipynb", "Copy of 02_backward.ipynb"]},
        "as of a learner called as the folder is, class",
    ),
    "one learner's archive": (["my_notebooks.zip"], {"class": [f"my_notebooks.zip/{name}" for name in INNER]}, "class"),
    "a learner with nothing": (["apple/", "pear_08_xor.ipynb"], {"apple": [], "pear": ["pear_08_xor.ipynb"]}, ""),
    "Moodle, in folders": (
        ["Apple Tree_123_assignsubmission_file/02_backward.ipynb", "Pear_4_assignsubmission_file_/a/08_xor.ipynb"],
        {"Apple Tree_123": ["02_backward.ipynb"], "Pear_4": ["a/08_xor.ipynb"]},
        "",
    ),
    "Moodle, in one folder": (
        ["Apple Tree_123_assignsubmission_file_02_backward.ipynb", "Pear_4_assignsubmission_file_all.zip"],
        {
            "Apple Tree_123": ["Apple Tree_123_assignsubmission_file_02_backward.ipynb"],
            "Pear_4": [f"Pear_4_assignsubmission_file_all.zip/{name}" for name in INNER],
        },
        "",
    ),
    "Moodle, two assignments": (
        ["week 1-9/Apple_1_assignsubmission_file/02_backward.ipynb", "Apple_7_assignsubmission_file/08_xor.ipynb"],
        {"Apple_1": ["02_backward.ipynb"], "Apple_7": ["08_xor.ipynb"]},
        "give their folders or files one name: Apple_1, Apple_7",
    ),
    "Canvas": (
        [
            "peartree_12345_678910_02_backward-1.ipynb", "peartree_LATE_12345_678911_08_xor.ipynb",
            "peartree_12399_678912_02_backward.ipynb", "anon_aB3dE_678913_08_xor.ipynb", "fig_12346_678914_all.zip",
        ],
        {
            "anon_aB3dE": ["anon_aB3dE_678913_08_xor.ipynb"],
            "fig_12346": [f"fig_12346_678914_all.zip/{name}" for name in INNER],
            "peartree_12345": [
                "peartree_12345_678910_02_backward-1.ipynb", "peartree_LATE_12345_678911_08_xor.ipynb",
            ],
            "peartree_12399": ["peartree_12399_678912_02_backward.ipynb"],
        },
        "",
    ),
    "Canvas, a chapter twice": (
        ["appletree_12345_678910_02_backward.ipynb", "appletree_12345_678999_02_backward-1.ipynb"],
        {"appletree_12345": ["appletree_12345_678910_02_backward.ipynb", "appletree_12345_678999_02_backward-1.ipynb"]},
        "",
    ),
    "a number of two names": (
        ["red_2025_123456_08_xor.ipynb", "red_2025_123499_09_iris.ipynb", "blue_2025_654321_08_xor.ipynb"],
        {
            "blue_2025_654321": ["blue_2025_654321_08_xor.ipynb"],
            "red_2025_123456": ["red_2025_123456_08_xor.ipynb"],
            "red_2025_123499": ["red_2025_123499_09_iris.ipynb"],
        },
        "or a learner's number with two names: blue_2025_654321_08_xor.ipynb",
    ),
    "numbers that are not Canvas's": (
        ["group_2025_123456_08_xor.ipynb", "group_2025_654321_08_xor.ipynb", "group_2025_654321_09_iris.ipynb"],
        {
            "group_2025_123456": ["group_2025_123456_08_xor.ipynb"],
            "group_2025_654321": ["group_2025_654321_08_xor.ipynb", "group_2025_654321_09_iris.ipynb"],
        },
        "with all their numbers",
    ),
    "nbgrader": (
        ["apple/02_backward/02_backward.ipynb", "pear/02_backward/02_backward.ipynb", "pear/08_xor/08_xor.ipynb"],
        {"apple": ["02_backward/02_backward.ipynb"], "pear": ["02_backward/02_backward.ipynb", "08_xor/08_xor.ipynb"]},
        "",
    ),
    "a course of nbgrader": (
        ["submitted/apple/02_backward/02_backward.ipynb", "source/02_backward/02_backward.ipynb", "gradebook.db"],
        {"apple": ["02_backward/02_backward.ipynb"]},
        "a course of nbgrader",
    ),
    "what nbgrader has collected": (
        ["apple+02_backward+2025-01-30 15.30.10 UTC/02_backward.ipynb", "pear+02_backward+2025/02_backward.ipynb"],
        {"apple": ["02_backward.ipynb"], "pear": ["02_backward.ipynb"]},
        "",
    ),
    "the assignment first": (
        ["02_backward/apple/02_backward.ipynb", "02_backward/pear_02_backward.ipynb", "08_xor/apple/08_xor.ipynb"],
        {
            "apple": ["02_backward/apple/02_backward.ipynb", "08_xor/apple/08_xor.ipynb"],
            "pear": ["02_backward/pear_02_backward.ipynb"],
        },
        "Read as folders of assignments, in which each learner has a folder or files: 02_backward, 08_xor.",
    ),
    "a folder for each chapter": (
        ["02_backward/02_backward.ipynb", "08_xor/08_xor.ipynb", "08_xor/images/"],
        {"class": ["02_backward/02_backward.ipynb", "08_xor/08_xor.ipynb"]},
        "no notebook is in them: 08_xor/images.",
    ),
    "what a computer keeps for itself": (
        [
            "apple/.ipynb_checkpoints/02_backward-checkpoint.ipynb", "__MACOSX/apple/._02_backward.ipynb",
            ".git/02_backward.ipynb", "apple/02_backward.ipynb", "apple/.02_backward.ipynb",
        ],
        {"apple": ["02_backward.ipynb"]},
        "",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", LAYOUTS)
def test_learners_are_named_as_their_folders_files_or_archives_are(folder, name):
    paths, learners, words = LAYOUTS[name]
    write(folder, *paths)
    assert who(folder) == learners
    assert words in told(folder)
    assert bool(words) == bool(told(folder))  # nothing is said where nothing can be meant in another way


def test_two_files_of_one_chapter_from_canvas_are_one_learners_and_it_is_said(folder):
    write(folder, *LAYOUTS["Canvas, a chapter twice"][0])
    assert "Chapter 02 is there for more than one learner, or more than once; of all" in told(folder, "appletree_12345")


def test_the_archive_of_the_browser_edition_is_called_as_it_is_there():
    assert words.words()["zip"] == f"{names.ARCHIVE}.zip"


def test_any_separator_may_stand_before_any_chapter():
    for chapter in CHAPTERS:
        for between in ("_", " ", "-", ".", "+", " - ", "__"):
            for after in ("", "-1", " (1)", "-Copy1", " Kopie", "_final"):
                assert names.in_file(f"red apple{between}{chapter.stem}{after}")[:2] == ("red apple", chapter.stem)


def test_the_same_name_in_two_ways_of_writing_is_one_learner(folder):
    write(folder, "\u00c4pfel/02_backward.ipynb")
    zipped(folder / "A\u0308pfel.zip", {"08_xor.ipynb": ONE})
    assert list(map(len, who(folder).values())) == [2]
    assert told(folder, "\u00c4pfel").startswith("Read as of one learner: ")


def test_names_that_are_nearly_the_same_are_different_learners_and_it_is_said(folder):
    write(folder, "apple_02_backward.ipynb", "Apple-02_backward.ipynb", "pear.zip", "pear (1).zip")
    assert list(who(folder)) == ["Apple", "apple", "pear", "pear (1)"]
    assert "nearly the same: Apple, apple, pear, pear (1)." in told(folder)


# ---------------------------------------------------------------- what does not count


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("homework.ipynb", "name no chapter"),
        ("002_thoughts.ipynb", "name no chapter"),
        ("02_backward.pdf", "neither notebooks (.ipynb) nor .zip"),
        ("02_backward.ipynb.txt", "neither notebooks (.ipynb) nor .zip"),
        ("all.7z", "neither notebooks (.ipynb) nor .zip"),
        ("02_backward.ipynb/", "folders with a notebook's name"),
        ("02_backward.ipynb/apple.txt", "folders with a notebook's name"),
    ],
)
def test_what_does_not_count_is_named(folder, path, words):
    write(folder, "apple/08_xor.ipynb", f"apple/{path}", f"apple/inner/{path}")
    name = path.removesuffix("apple.txt").rstrip("/")
    note = told(folder, "apple")
    assert words in note
    assert f": {name}, inner/{name}." in note
    assert who(folder) == {"apple": ["08_xor.ipynb"]}


def test_at_the_top_it_is_named_among_the_notes_of_the_class(folder):
    write(folder, "apple_08_xor.ipynb", "homework.ipynb", "grades.csv", "pear_08_xor.ipynb/")
    assert "name no chapter, as 02_backward.ipynb does: homework.ipynb." in told(folder)
    assert "nor .zip archives: grades.csv." in told(folder)


def test_other_files_of_the_course_are_not_worth_a_word(folder):
    write(folder, "apple/02_backward.ipynb", "apple/README.md", "apple/images/02_backward.png", "apple/data.csv")
    assert told(folder, "apple") == told(folder) == ""


def test_many_files_are_counted_and_not_all_named(folder):
    write(folder, "apple/08_xor.ipynb", *(f"apple/x{i}.ipynb" for i in range(9)))
    assert told(folder, "apple").endswith(": x0.ipynb, x1.ipynb, x2.ipynb, x3.ipynb, x4.ipynb, … (9 in all).")


def test_a_learner_who_has_handed_in_nothing_is_there_and_it_is_said(folder):
    write(folder, "apple/", "pear/readme.txt", "melon_08_xor.ipynb")
    assert told(folder, "apple") == "No notebook is in: apple."
    assert told(folder, "pear") == "No notebook is in: pear."


@pytest.mark.skipif(os.name == "nt", reason="links need a permission on Windows, and there are no pipes")
def test_links_that_lead_out_pipes_and_sockets_are_not_read(folder, tmp_path):
    write(tmp_path, "secret/02_backward.ipynb")
    write(folder, "apple/08_xor.ipynb", "apple/in/09_iris.ipynb", "pear/08_xor.ipynb")
    (folder / "apple" / "02_backward.ipynb").symlink_to(tmp_path / "secret" / "02_backward.ipynb")
    (folder / "apple" / "03_gradient_check.ipynb").symlink_to(folder / "pear" / "08_xor.ipynb")
    (folder / "apple" / "04_activations.ipynb").symlink_to("/dev/zero")
    (folder / "apple" / "05_affine.ipynb").symlink_to("05_affine.ipynb")
    (folder / "apple" / "out").symlink_to(tmp_path / "secret")
    (folder / "apple" / "round").symlink_to(folder / "apple")
    (folder / "apple" / "10_digits.ipynb").symlink_to(folder / "apple" / "in" / "09_iris.ipynb")
    (folder / "melon").symlink_to(tmp_path / "secret")
    (folder / "fig_02_backward.ipynb").symlink_to(tmp_path / "secret" / "02_backward.ipynb")
    os.mkfifo(folder / "apple" / "06_softmax_and_loss.ipynb")
    assert who(folder) == {
        "apple": ["08_xor.ipynb", "10_digits.ipynb", "in/09_iris.ipynb"], "pear": ["08_xor.ipynb"],
    }  # fmt: skip
    note = told(folder, "apple")
    assert "links, which may lead to other people's files: 02_backward.ipynb, 03_gradient_check.ipynb, 04_activ" in note
    assert "(6 in all)" in note
    assert "neither files nor folders: 06_softmax_and_loss.ipynb." in note
    assert "other people's files: fig_02_backward.ipynb, melon." in told(folder)


def test_a_folder_that_cannot_be_opened_is_named_in_plain_words(folder, monkeypatch):
    write(folder, "apple/locked/02_backward.ipynb", "apple/08_xor.ipynb", "pear/08_xor.ipynb")
    real = os.scandir

    def scandir(place):
        if Path(place).name in ("locked", "pear"):
            raise PermissionError(errno.EACCES, "Zugriff verweigert", str(place))
        return real(place)

    monkeypatch.setattr(handed_in.os, "scandir", scandir)
    assert who(folder) == {"apple": ["08_xor.ipynb"], "pear": []}
    assert told(folder, "apple") == "Cannot be read (no permission to read it): locked/."
    assert told(folder, "pear") == "Cannot be read (no permission to read it): pear."


def test_very_deep_and_very_full_folders_are_read_up_to_a_limit(folder, monkeypatch):
    deep = "/".join(["d"] * (handed_in.MAX_DEPTH + 2))
    write(folder, f"apple/{deep}/02_backward.ipynb", "apple/08_xor.ipynb")
    assert who(folder) == {"apple": ["08_xor.ipynb"]}
    assert f"below more than {handed_in.MAX_DEPTH} folders: d/d" in told(folder, "apple")
    shutil.rmtree(folder / "apple" / "d")
    monkeypatch.setattr(handed_in, "MAX_ENTRIES", 20)
    write(folder, *(f"apple/z/{i}.txt" for i in range(40)), *(f"apple/0{i}.txt" for i in range(40)))
    zipped(folder / "pear.zip", {"08_xor.ipynb": ONE} | {f"z/{i}.txt": "" for i in range(40)})
    assert who(folder) == {"apple": ["08_xor.ipynb"], "pear": ["pear.zip/08_xor.ipynb"]}
    for learner in ("apple", "pear"):
        assert "no more than 20 files and folders of one learner are" in told(folder, learner)


def test_no_more_notebooks_and_bytes_of_one_learner_are_read(folder, monkeypatch):
    write(folder, *(f"apple/08_xor-Copy{i}.ipynb" for i in range(5)), "pear_08_xor.ipynb")
    monkeypatch.setattr(handed_in, "MAX_NOTEBOOKS", 3)
    assert list(map(len, who(folder).values())) == [3, 1]
    assert "no more than 3 notebooks of one learner are: 08_xor-Copy3.ipynb, 08_xor-Copy4.ipynb." in told(
        folder, "apple"
    )
    monkeypatch.setattr(handed_in, "MAX_TOTAL", 2 * len(ONE))
    assert list(map(len, who(folder).values())) == [2, 1]


@pytest.mark.skipif(os.name == "nt" or not hasattr(os, "fsencode"), reason="names of files are Unicode there")
@pytest.mark.skipif(os.uname().sysname == "Darwin" if hasattr(os, "uname") else True, reason="and there")
def test_names_that_are_no_text_stay_different_learners(folder):
    for name in (b"\xff_02_backward.ipynb", b"\xfe_02_backward.ipynb", b"\xff (2)_02_backward.ipynb"):
        Path(os.path.join(os.fsdecode(os.fsencode(folder)), os.fsdecode(name))).write_text(ONE, encoding="utf-8")
    found = who(folder)
    assert sorted(found) == ["\ufffd", "\ufffd (2)", "\ufffd (2) (2)"]
    assert all(len(files) == 1 for files in found.values())
    str(found).encode()


@pytest.mark.skipif(os.name == "nt", reason="such names cannot be on Windows")
def test_names_are_shown_without_what_cannot_be_seen_and_not_too_long(folder):
    for name in ("a\n\x1b[2J\u202eb_08_xor.ipynb", "x" * 200 + "_08_xor.ipynb", "x" * 201 + "_08_xor.ipynb"):
        (folder / name).write_text(ONE, encoding="utf-8")
    odd, long, longer = read_submissions(folder)[0]
    assert odd.name == "a \ufffd[2J\ufffdb"
    assert odd.files[0].base == "a \ufffd[2J\ufffdb_08_xor.ipynb"
    assert long.name != longer.name
    assert len(longer.name) < 90


# ---------------------------------------------------------------- never silence

PARTS = st.sampled_from([
    "apple", "pear", "week 1", "submitted", "source", "02_backward", "08_xor", "apple_02_backward", "02", "02 mine",
    "Apple_1_assignsubmission_file", "pear_12345_678910_08_xor", "pear_12345_678910_all", "my_notebooks", "a.ipynb",
])  # fmt: skip
PATHS = st.tuples(st.lists(PARTS, max_size=4), PARTS, st.sampled_from([".ipynb", ".zip", ".pdf", ".7z", ".IPYNB"]))


@fuzz(150, st.lists(PATHS, min_size=1, max_size=5))
def test_each_notebook_is_read_or_named(tmp_path_factory, paths):
    """Wherever it is: it counts for one learner, once, or a sentence has its name."""
    folder = tmp_path_factory.mktemp("home") / "class"
    for folders, name, ending in paths:
        with contextlib.suppress(FileExistsError, NotADirectoryError, IsADirectoryError):
            write(folder, "/".join([*folders, name + ending]))
    is_course = (folder / "submitted").is_dir() and (folder / "source").exists()
    write(folder, "submitted/fig_10_digits.ipynb" if is_course else "fig_10_digits.ipynb")
    learners, notes = read_submissions(folder)
    said = "\n".join([*notes, *(note for learner in learners for note in learner.notes)])
    read = Counter((file.path, file.name.rpartition(".zip/")[2]) for one in learners for file in one.files)
    assert set(read.values()) <= {1}
    for path in folder.rglob("*"):
        inner = INNER if path.suffix == ".zip" else ("",)
        taken = [file for file, name in read if file == path and (name in inner or inner == ("",))]
        is_elsewhere = is_course and path.relative_to(folder).parts[0] != "submitted"
        means_nothing = path.suffix == ".pdf" and not names.STEM.search(path.name)
        if path.is_dir() or is_elsewhere or means_nothing or len(taken) == len(inner):
            continue
        folders = [parent.name for parent in path.parents if parent.name.lower().endswith(".ipynb")]
        assert any(name in said for name in [path.name, *folders]), path


# ---------------------------------------------------------------- no class


@pytest.mark.parametrize(
    ("paths", "words"),
    [
        ([], "a folder or a .zip for each learner, or files such as apple_02_backward.ipynb; no notebook of a chapter"),
        (["apple/", "pear/"], "No notebook is in: apple"),
        (["apple/homework.ipynb"], "name no chapter"),
        (["grades.csv"], "neither notebooks (.ipynb) nor .zip archives: grades.csv"),
    ],
)
def test_a_folder_without_a_notebook_of_a_chapter_is_refused(folder, paths, words):
    write(folder, *paths)
    with pytest.raises(ValueError, match="the folder of a class holds") as raised:
        read_submissions(folder)
    assert words in str(raised.value)
    assert len(str(raised.value)) < 1000


@pytest.mark.parametrize(
    ("place", "error", "words"),
    [
        (3, TypeError, "a folder is text or a path, got 3"),
        ("nowhere", ValueError, "there is no folder 'nowhere'"),
        ("~a\0b", ValueError, "there is no folder '~a"),
        ("x" * 100_000, ValueError, "there is no folder"),
        (__file__, ValueError, "is not a folder; unpack an archive first"),
    ],
)
def test_what_is_no_folder_is_refused(place, error, words):
    with pytest.raises(error, match=r".") as raised:
        read_submissions(place)
    assert words in str(raised.value)
    assert len(str(raised.value)) < 300
