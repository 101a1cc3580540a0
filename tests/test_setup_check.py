"""The set-up check, and the words that chapter 00 sends a reader to."""

import base64
import re
import xml.etree.ElementTree as ET
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import nbformat
import numpy as np
import pytest

from nbkit import SetupCheck
from nbkit.widgets import setup_check

FOLDER = Path(__file__).parents[1] / "notebooks"


def text_of(name):
    cells = nbformat.read(FOLDER / name, as_version=4).cells
    return "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")


def apples(check):
    return check.view.svg.count('data-apple="here"')


def test_it_says_works_only_after_a_move_has_arrived():
    check = SetupCheck()
    assert apples(check) == 3
    assert "Not moved yet" in check.status.value
    assert "It works" not in check.status.value
    check.slider.value = 7
    assert apples(check) == 7
    assert "✓ It works" in check.status.value
    check.slider.value = 0
    assert apples(check) == 0
    assert check.moves == 2


def test_versions_stand_in_the_widget_and_not_in_what_is_saved():
    check = SetupCheck()
    assert f"numpy {np.__version__}" in check.versions.value
    assert check.versions in check.children
    bundle, _metadata = check._repr_mimebundle_()
    assert bundle["text/plain"] == "SetupCheck: run this cell to touch it"
    assert np.__version__ not in check.still_picture()


def test_a_missing_package_is_named(monkeypatch):
    def version(package):
        if package == "jupyterlab":
            raise PackageNotFoundError(package)
        return "1"

    monkeypatch.setattr(setup_check, "version", version)
    assert "jupyterlab is missing" in SetupCheck().versions.value


def test_the_still_picture_does_not_claim_that_it_works():
    check = SetupCheck()
    check.slider.value = 5
    still = check.still_picture()
    ET.fromstring(still)
    assert "Shift+Enter" in still
    assert "works" not in still
    assert base64.b64decode(check._repr_mimebundle_()[0]["image/png"]).startswith(b"\x89PNG")


def test_an_error_in_a_callback_is_shown():
    check = SetupCheck()
    check.show = lambda: 1 / 0
    check.slider.value = 5
    assert "ZeroDivisionError" in check.message.value


# ---------------------------------------------------------------- chapter 00

WORDS = re.findall(r"^\| ([^|]+) \| \[\d\d\]\(([^)]+)\) \|$", text_of("00_start_here.ipynb"), re.MULTILINE)


def test_chapter_00_has_a_list_of_words():
    assert len(WORDS) >= 10


@pytest.mark.parametrize(
    ("word", "name"), [(word, name) for words, name in WORDS for word in words.split(", ")], ids=str
)
def test_each_word_of_the_list_is_explained_where_the_list_says(word, name):
    text = text_of(name)
    emphasised = re.findall(r"\*\*([^*\n]+)\*\*|(?<!\*)\*([^*\s][^*\n]*)\*(?!\*)|`([^`\n]+)`", text)
    assert any(word.lower().rstrip("s") in "".join(found).lower() for found in emphasised), word


def test_chapter_00_links_every_chapter_that_is_there_by_its_title():
    rows = dict(re.findall(r"^\| \[(\d\d · [^\]]+)\]\(([^)]+)\)", text_of("00_start_here.ipynb"), re.MULTILINE))
    titles = {text_of(path.name).splitlines()[0].removeprefix("# "): path.name for path in FOLDER.glob("*.ipynb")}
    titles.pop("00 · Start here")
    assert rows == titles
