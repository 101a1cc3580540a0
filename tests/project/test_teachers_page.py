"""The teacher's page: its sums are right, its plans fit the chapters' own words, and what it names is there."""

import ast
import builtins
import re
from functools import cache
from pathlib import Path

import nbformat
import pytest

from tests.pace import CLASS, pace, words_of

FOLDER = Path(__file__).parents[2] / "notebooks"
PAGE = (FOLDER / "README.md").read_text(encoding="utf-8")
FASTEST = 48  # words of a chapter in a minute of a class: not "much faster than 45", as the page says
SLACK = 0.9  # a stretch may be planned so much shorter than its share of the chapter
LESSON = 90  # minutes


@cache
def sections(chapter):
    """Words of each section of a chapter, by heading in order; solutions are folded away, so nobody reads them."""
    (path,) = FOLDER.glob(f"{chapter}_*.ipynb")
    words = {"": 0}
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "markdown":
            for part in re.split(r"^(?=## )", cell.source, flags=re.MULTILINE):
                if part.startswith("## "):
                    words[part.splitlines()[0].removeprefix("## ")] = 0
                words[[*words][-1]] += words_of(part)
    return words


def class_minutes():
    """Minutes of each chapter, from the table."""
    rows = re.findall(r"^\| \[(\d\d) · [^\]]*\]\([^)]*\) \| (?:(\d+) × )?(\d+)", PAGE, re.MULTILINE)
    return {chapter: int(times or 1) * int(minutes) for chapter, times, minutes in rows}


def plan(title):
    """Rows (minutes, chapter or nothing, what) of a plan with a clock."""
    part = PAGE.split(f"### {title}")[1].split("\n### ")[0]
    rows = re.findall(r"^\| (\d+) \| [^|]* \| (?:\[(\d\d)\]\([^)]*\))?(.*) \|$", part, re.MULTILINE)
    return [(int(minutes), chapter, what) for minutes, chapter, what in rows]


def share(chapter, names, through=False):
    """Minutes of some sections of a chapter, or of all from the first named to the last."""
    words = sections(chapter)
    titles = [*words]
    missing = [name for name in names if name not in titles]
    assert missing == [], f"chapter {chapter} has no such section"
    if through:
        names = titles[titles.index(names[0]) : titles.index(names[-1]) + 1]
    return class_minutes()[chapter] * sum(words[name] for name in names) / sum(words.values())


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.ipynb")), ids=lambda path: path.stem)
def test_the_head_of_a_chapter_says_how_long_it_takes(path):
    """By the rates of this page; a class takes longer, and nobody longer than a sitting alone."""
    head = nbformat.read(path, as_version=4).cells[0].source
    minutes = int(re.search(r"\*\*Time\*\*: about (\d+) minutes", head)[1])
    assert minutes == pace(path).reader <= 75
    assert CLASS * minutes - 5 <= class_minutes()[path.name[:2]] <= CLASS * minutes + 15


@pytest.mark.parametrize("chapter", [*class_minutes()])
def test_a_class_has_time_to_read(chapter):
    assert sum(sections(chapter).values()) / class_minutes()[chapter] <= FASTEST or chapter == "00"


def test_every_chapter_has_its_minutes():
    assert [*class_minutes()] == sorted(path.name[:2] for path in FOLDER.glob("*.ipynb"))


@pytest.mark.parametrize("minutes", [45, 90])
def test_the_minutes_of_a_plan_add_up(minutes):
    assert sum(row[0] for row in plan(f"{minutes} minutes")) == minutes


@pytest.mark.parametrize("minutes", [45, 90])
def test_a_plan_gives_each_stretch_its_time(minutes):
    rows = [row for row in plan(f"{minutes} minutes") if row[1]]
    assert len(rows) >= 4
    for planned, chapter, what in rows:
        names = re.findall(r'"([^"]+)"', what)
        assert names, what
        assert planned >= SLACK * share(chapter, names, "from " in what.split('"')[0]), (chapter, what)


def code_of(chapter, names, through):
    """Yield the code of a chapter's first cell, and of the sections that a stretch names."""
    titles = [*sections(chapter)]
    if through:
        names = titles[titles.index(names[0]) : titles.index(names[-1]) + 1]
    (path,) = FOLDER.glob(f"{chapter}_*.ipynb")
    cells, title = nbformat.read(path, as_version=4).cells, ""
    yield next(cell.source for cell in cells if cell.cell_type == "code")
    for cell in cells:
        if cell.cell_type == "markdown":
            title = ["", title, *re.findall(r"^## (.+)$", cell.source, re.MULTILINE)][-1]
        elif title in names:
            yield cell.source


def names_in(code):
    """Return the names that code makes, and those that it uses."""
    nodes = list(ast.walk(ast.parse(code)))
    made = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    made |= {node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    made |= {node.arg for node in nodes if isinstance(node, ast.arg)}
    made |= {(node.asname or node.name).partition(".")[0] for node in nodes if isinstance(node, ast.alias)}
    return made, {node.id for node in nodes if isinstance(node, ast.Name)} - made


@pytest.mark.parametrize("minutes", [45, 90])
def test_a_plan_starts_where_its_names_are_defined(minutes):
    """No cell of a stretch needs one that the class has not run."""
    known, missing = {}, []
    for _, chapter, what in plan(f"{minutes} minutes"):
        quoted = re.findall(r'"([^"]+)"', what)
        for code in code_of(chapter, quoted, "from " in what.split('"')[0]) if quoted else ():
            made, used = names_in(code)
            missing += [(chapter, name) for name in used - known.get(chapter, set(dir(builtins)))]
            known[chapter] = known.get(chapter, set(dir(builtins))) | made
    assert missing == []


def weeks():
    """For each week its three cells: two lessons, and what goes home."""
    part = PAGE.split("### Five weeks")[1].split("\n## ")[0]
    return [row.strip("| ").split(" | ")[1:] for row in re.findall(r"^\| \d \|.*$", part, re.MULTILINE)]


def booked(cell):
    """Pairs (chapter, minutes) of a cell of the five weeks."""
    return [(chapter, int(minutes)) for chapter, minutes in re.findall(r"(\d\d)\b[^(|]*?\((\d+)\)", cell)]


def test_no_lesson_of_the_five_weeks_is_too_long():
    assert len(weeks()) == 5
    for week in weeks():
        for lesson in week[:2]:
            minutes = [int(number) for number in re.findall(r"\((\d+)\)", lesson)]
            assert minutes, lesson
            assert sum(minutes) <= LESSON, lesson


def test_the_five_weeks_hold_every_chapter_with_its_minutes():
    found = {}
    for week in weeks():
        for cell in week:
            for chapter, minutes in booked(cell.replace(" in pairs", "")):
                found[chapter] = found.get(chapter, 0) + minutes
    wanted = {chapter: minutes for chapter, minutes in class_minutes().items() if chapter not in ("11", "13")}
    assert found == wanted  # 11 is a project at home, 13 is for those who want to go on


def test_the_parts_of_a_divided_chapter_have_their_time():
    parts = [
        ("02", 45, "", "A trap: one object, two jobs"),
        ("03", 52, "", "Why not learn like this?"),
        ("03", 23, "The other direction: forward mode", "In three lines"),
    ]
    for chapter, planned, first, last in parts:
        assert f"({planned})" in PAGE
        assert planned >= SLACK * share(chapter, [first, last], through=True)
    assert [*sections("02")].index("Where paths meet") == [*sections("02")].index("A trap: one object, two jobs") + 1
    assert SLACK * share("08", ["A better recipe, one change at a time"]) <= 15


def test_what_the_page_quotes_of_a_chapter_is_a_section_there():
    titles = {title for chapter in class_minutes() for title in sections(chapter)}
    quoted = re.findall(r'"([A-Z][^"]+)"', PAGE.split("## Questions that students ask")[0])
    assert [name for name in quoted if name not in titles] == []
