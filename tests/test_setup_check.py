"""The set-up check, and the words that chapter 00 sends a reader to."""

import re
import xml.etree.ElementTree as ET
from functools import cache
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import nbformat
import numpy as np

from nbkit import SetupCheck
from nbkit.widgets import setup_check
from tests.pictures import still_of

FOLDER = Path(__file__).parents[1] / "notebooks"


@cache
def text_of(name):
    """The text of a notebook, which many words of the glossary link."""
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
    still_of(check)


def test_an_error_in_a_callback_is_shown():
    check = SetupCheck()
    check.show = lambda: 1 / 0
    check.slider.value = 5
    assert "ZeroDivisionError" in check.message.value


# ---------------------------------------------------------------- chapter 00

GLOSSARY = re.findall(
    r"^\| \*\*([^*|]+)\*\* \| ([^|]+) \| \[(\d\d) · ([^\]]+)\]\(([^#)]+)#([^)]+)\) \|$",
    text_of("00_start_here.ipynb"), re.MULTILINE,
)  # fmt: skip
# What the documents behind this course define, and the course has to define rightly.
PROMISED = """activation function, automatic differentiation, backpropagation, bias, computation graph, edge,
end-to-end training, epoch, error term δ, forward mode, gradient descent, hidden layer, input layer, learning rate,
loss, mini-batch, neural network, operation, output layer, reverse mode, tensor, topological order, weight"""


def section(notebook, heading):
    """The text below a heading of a notebook, as far as the next heading of the same rank or a higher one."""
    text = text_of(notebook)
    rank = re.search(rf"^(#+) {re.escape(heading)}$", text, re.MULTILINE)
    assert rank, f"{notebook} has no section {heading!r}"
    rest = text[rank.end() :]
    return rest[: next(re.finditer(rf"^#{{1,{len(rank[1])}}} ", rest, re.MULTILINE), re.search(r"\Z", rest)).start()]


def test_the_glossary_is_in_order_and_misses_nothing_that_was_promised():
    words = [row[0] for row in GLOSSARY]
    assert words == sorted(words, key=str.lower)
    assert len(set(words)) == len(words) >= 60
    assert set(re.split(r",\s+", PROMISED)) <= set(words)


def test_each_word_has_one_sentence_and_a_link_to_where_it_is_shown():
    wrong = []
    for word, meaning, chapter, heading, name, anchor in GLOSSARY:
        shown = (heading + section(name, heading)).lower()
        stem = word.lower().removesuffix(" δ").split()[-1].removesuffix("ence").removesuffix("ion")[:9]
        laws = {
            "is explained in one sentence": re.fullmatch(r"[^.]+(\d\.\d[^.]*)*\.", meaning),
            "links the chapter that it names": name.startswith(f"{chapter}_"),
            "links the section that it names": anchor == heading.replace(" ", "-"),
            "stands in that section": stem.removesuffix("s").removesuffix("e") in shown,
        }
        wrong += [f"{word}: not so that it {law}" for law, kept in laws.items() if not kept]
    assert wrong == []


def test_chapter_00_links_every_chapter_that_is_there_by_its_title():
    rows = dict(re.findall(r"^\| \[(\d\d · [^\]]+)\]\(([^)]+)\)", text_of("00_start_here.ipynb"), re.MULTILINE))
    titles = {text_of(path.name).splitlines()[0].removeprefix("# "): path.name for path in FOLDER.glob("*.ipynb")}
    titles.pop("00 · Start here")
    assert rows == titles
