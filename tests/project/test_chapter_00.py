"""The glossary says what the course promises, and the map of chapter 00 what the chapters need."""

import re
from functools import cache
from pathlib import Path

import nbformat

from nbkit import progress
from nbkit.course.chapters import CHAPTERS

FOLDER = Path(__file__).parents[2] / "notebooks"


@cache
def text_of(name):
    """The text of a notebook, which many words of the glossary link."""
    cells = nbformat.read(FOLDER / name, as_version=4).cells
    return "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")


GLOSSARY_PAGE = (FOLDER / "glossary.md").read_text(encoding="utf-8")
GLOSSARY = re.findall(
    r"^\* \*\*([^*]+)\*\*: (.+?) → \[(\d\d) · ([^\]]+)\]\(([^#)]+)#([^)]+)\)$", GLOSSARY_PAGE, re.MULTILINE
)
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
    assert GLOSSARY_PAGE.count("\n* ") == len(words)  # each row is one of these


def test_the_glossary_has_a_heading_for_each_first_letter_and_links_them_all():
    letters = list(dict.fromkeys(row[0][0].upper() for row in GLOSSARY))
    assert re.findall(r"^## (\w)$", GLOSSARY_PAGE, re.MULTILINE) == letters
    assert " · ".join(f"[{letter}](#{letter})" for letter in letters) in GLOSSARY_PAGE
    for letter in letters:
        part = GLOSSARY_PAGE.split(f"\n## {letter}\n")[1].split("\n## ")[0]
        assert {word[0].upper() for word in re.findall(r"^\* \*\*(.+?)\*\*:", part, re.MULTILINE)} == {letter}


def test_chapter_00_and_the_glossary_lead_to_each_other():
    assert "(glossary.md)" in text_of("00_start_here.ipynb")
    assert "(00_start_here.ipynb)" in GLOSSARY_PAGE


def test_each_word_has_one_sentence_and_a_link_to_where_it_is_shown():
    wrong = []
    for word, meaning, chapter, heading, name, anchor in GLOSSARY:
        shown = (heading + section(name, heading)).lower()
        last = re.sub(" (δ|start)$", "", word.lower()).split()[-1]
        stem = last.removesuffix("ence").removesuffix("ion")[:9]
        laws = {
            "is explained in one sentence": re.fullmatch(r"[^.]+(\d\.\d[^.]*)*\.", meaning),
            "links the chapter that it names": name.startswith(f"{chapter}_"),
            "links the section that it names": anchor == heading.replace(" ", "-"),
            "stands in that section": stem.removesuffix("s").removesuffix("e") in shown,
        }
        wrong += [f"{word}: not so that it {law}" for law, kept in laws.items() if not kept]
    assert wrong == []


# Of the table of chapters: the number, and what the chapter needs.
ROW = re.compile(r"^\| \[(\d\d) · [^|]+\| ([^|]+) \|", re.MULTILINE)


def ancestors(arrows):
    """All chapters that a chapter needs, those that the needed ones need included."""
    everything = {}
    for chapter in sorted(arrows):
        everything[chapter] = arrows[chapter].union(*(everything[before] for before in arrows[chapter]))
    return everything


def needed_by(chapter):
    """Chapters that the head of a chapter names as needed; not those that only help, or tell where things come from."""
    [path] = FOLDER.glob(f"{chapter}_*.ipynb")
    [head] = re.findall(r"\*\*You need\*\*(.*?)\n(?:\*\*Time|\n)", text_of(path.name), re.DOTALL)
    parts = [part for part in re.split(r"[.;]\s", head) if not re.search("helps|tells where", part)]
    return set(re.findall(r"\((\d\d)_", " ".join(parts)))


def test_the_map_shows_what_chapters_say_they_need():
    """Arrows, table and heads agree: the arrows are the needs that heads name, without those that others imply."""
    shown = progress(FOLDER).svg.marks
    arrows = {key: set() for key in shown if "→" not in key}
    for mark in shown.values():
        if "ends" in mark.data:
            arrows[mark.ends[1]].add(mark.ends[0])
    assert sorted(arrows) == [path.name[:2] for path in sorted(FOLDER.glob("*.ipynb"))]
    assert arrows.pop("00") == set()
    everything = ancestors(arrows)
    table = {chapter: set(re.findall(r"\d\d", needs)) for chapter, needs in ROW.findall(text_of("00_start_here.ipynb"))}
    assert ancestors(table) == everything
    heads = {chapter: needed_by(chapter) for chapter in arrows}
    assert ancestors(heads) == everything
    assert [(chapter, needed) for chapter, needed in arrows.items() if not needed <= heads[chapter]] == []
    implied = {chapter: set().union(*(everything[before] for before in needed)) for chapter, needed in arrows.items()}
    assert not any(arrows[chapter] & implied[chapter] for chapter in arrows)


def test_the_map_calls_the_chapters_by_their_names():
    titles = {path.name: text_of(path.name).splitlines()[0].removeprefix("# ") for path in FOLDER.glob("*.ipynb")}
    assert {chapter.file: chapter.name for chapter in CHAPTERS} == titles


def test_chapter_00_links_every_chapter_that_is_there_by_its_title():
    rows = dict(re.findall(r"^\| \[(\d\d · [^\]]+)\]\(([^)]+)\)", text_of("00_start_here.ipynb"), re.MULTILINE))
    titles = {text_of(path.name).splitlines()[0].removeprefix("# "): path.name for path in FOLDER.glob("*.ipynb")}
    titles.pop("00 · Start here")
    assert rows == titles
