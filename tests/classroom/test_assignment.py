"""Chapters as assignments for nbgrader: the rules are those of its source, written down here once more.

Whether nbgrader itself grades as planted is tried by tests/try_nbgrader.py.
"""

import ast
import re
import sys
from functools import cache
from itertools import pairwise, takewhile

import matplotlib
import nbformat
import pytest

from nbkit import Experiment, ReLU, Settings, check
from nbkit.__main__ import main
from nbkit.classroom.assignment import write_assignments
from nbkit.course.chapters import CHAPTERS
from nbkit.course.notebook_files import files_in
from nbkit.course.records import UNTRIED, read_files
from tests.chapter import NOTEBOOKS, chapters
from tests.classroom.wrong import WRONG
from tests.course.folders import shown
from tests.try_nbgrader import HandedIn, differences

NUMBERS = [chapter.number for chapter in CHAPTERS]
PLACE = {chapter.number: f"{chapter.file.removesuffix('.ipynb')}/{chapter.file}" for chapter in CHAPTERS}
EXERCISES = [(number, name) for number in NUMBERS for name, _cell in chapters()[number].places]
RUN = [pair for pair in EXERCISES if pair[0] in ("00", "02", "13")]  # test_exercises.py tries all
MEANS_SOMETHING = ("BEGIN SOLUTION", "END SOLUTION", "BEGIN HIDDEN TESTS", "BEGIN MARK SCHEME", "AUTOTEST", "HASHED")
LINK = re.compile(r"\]\(([^)\s]+)\)")
MAP = {
    "00-20",
    "00-progress-ask",
    "00-progress",
    *(f"{number}-progress{end}" for number in NUMBERS for end in ("", "-ask")),
}
QUESTION_OF_ITS_OWN = "05-68"  # has no check, and keeps its solution
SAID_OF_THE_MAP = {"00-20"}
LINK_TO_PAGES = {"00-04", "13-113"}  # of the project, which no class gets
OTHER_LANGUAGES = {"00-00"}
SAID_OF_SOLUTIONS = {"00-12", "00-28"}
SHADOWED = {"04.five": ReLU(), "08.step": 120, "11.heart": Experiment(Settings())}
FINISHED = {"02-32"}  # the folded × with which chapter 02 goes on


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    """The folder `source` of nbgrader with all chapters."""
    folder = tmp_path_factory.mktemp("source")
    write_assignments(NUMBERS, folder, NOTEBOOKS)
    return folder


@cache
def read(folder, number):
    """Return a notebook that no test changes."""
    return nbformat.read(folder / PLACE[number], as_version=4)


def is_test(cell):
    return "nbgrader" in cell.metadata


def below_exercises(folder, number):
    """Return for each exercise the cells right below it that have nbgrader's marks."""
    cells, found = read(folder, number).cells, {}
    for k, cell in enumerate(cells):
        for name in re.findall(r'^check\("([\w.]+)"', cell.source, re.MULTILINE) if cell.cell_type == "code" else ():
            found[name] = list(takewhile(is_test, cells[k + 1 :]))
    return found


# ---------------------------------------------------------------- what nbgrader asks for


@pytest.mark.parametrize("number", NUMBERS)
def test_a_written_notebook_is_one_and_its_tests_are_as_nbgrader_asks(source, number):
    notebook = read(source, number)
    nbformat.validate(notebook)
    tests = [cell for cell in notebook.cells if is_test(cell)]
    for cell in tests:
        marks = dict(cell.metadata["nbgrader"])
        assert re.fullmatch(r"[a-zA-Z0-9_-]+", marks.pop("grade_id"))
        assert marks == {
            "schema_version": 3,
            "points": 1,
            "grade": True,
            "locked": True,
            "solution": False,
            "task": False,
        }
        assert cell.cell_type == "code"
        assert not isinstance(ast.parse(cell.source).body[-1], ast.Expr), "a value would be taken for points"
    assert len({cell.metadata["nbgrader"]["grade_id"] for cell in tests}) == len(tests)
    words = [word for cell in notebook.cells for word in MEANS_SOMETHING if word in cell.source]
    assert words == []


@pytest.mark.parametrize("number", NUMBERS)
def test_right_below_each_exercise_stands_its_test_and_nowhere_else(source, number):
    found = below_exercises(source, number)
    assert list(found) == [name for chapter, name in EXERCISES if chapter == number]
    for name, tests in found.items():
        assert [cell.metadata["nbgrader"]["grade_id"] for cell in tests] == [name.replace(".", "-")]
        assert tests[0].source.count(f'"{name}"') == 1
    assert sum(map(len, found.values())) == len([cell for cell in read(source, number).cells if is_test(cell)])


# ---------------------------------------------------------------- what the tests say


def run(number, *sources):
    """Run cells in the kernel of a learner who has run what stands above all exercises."""
    namespace = chapters()[number].before()
    with matplotlib.rc_context():
        for code in sources:
            exec(code, namespace)


@pytest.mark.parametrize(("number", "name"), RUN)
def test_a_test_passes_a_solution_and_says_of_all_else_what_the_check_says(source, number, name):
    chapter, (test,) = chapters()[number], below_exercises(source, number)[name]
    solution = chapter.solution(name)
    run(number, solution, test.source)
    with pytest.raises(AssertionError) as stub:
        run(number, chapter.stub(name).source, test.source)
    assert re.match("…|✗", str(stub.value))
    old, new, word = WRONG[name][0]
    with pytest.raises(AssertionError, match=re.escape(word)) as wrong:
        run(number, solution.replace(old, new), test.source)
    assert str(wrong.value).startswith("✗")


def test_a_right_answer_that_warns_passes_and_writes_nothing_where_nbgrader_looks(source, capsys):
    (test,) = below_exercises(source, "00")["00.function"]
    loud = "import sys\ndef double(x):\n    print('loud', file=sys.stderr)\n    return 2 * x"
    run("00", loud, "double(1)")
    assert "loud" in capsys.readouterr().err
    run("00", loud, test.source)
    assert capsys.readouterr().err == ""


def test_a_check_of_the_learners_own_is_not_asked(source):
    (test,) = below_exercises(source, "00")["00.number"]
    with pytest.raises(AssertionError, match="150 is the price of one of each"):
        run("00", "to_pay = 150\ncheck = nbkit_check = lambda name, answer: True", test.source)


@pytest.mark.parametrize(("number", "name"), EXERCISES)
def test_an_answer_that_is_missing_is_not_found_elsewhere_in_the_chapter(source, number, name):
    """Where an exercise's cell breaks, a name of the same spelling from further up must not pass for the answer."""
    (test,) = below_exercises(source, number)[name]
    answer = ast.parse(test.source).body[-2].body[0].value.args[1]
    wanted = {node.id for node in ast.walk(answer) if isinstance(node, ast.Name)}
    above = []
    for cell in read(source, number).cells:
        if cell.id == test.id:
            break
        above += [cell.source] if cell.cell_type == "code" and "exercise" not in cell.metadata.get("tags", ()) else []
    stored = [node for code in above for node in ast.walk(ast.parse(code))]
    made = {node.id for node in stored if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    made |= {node.name for node in stored if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    assert wanted
    if name in SHADOWED:  # what has the name there is no answer
        assert wanted <= made
        assert check(name, SHADOWED[name]).state == "wrong"
    else:
        assert not wanted & made


def test_the_records_of_a_learner_do_not_take_tests_for_exercises(tmp_path):
    write_assignments(["02"], tmp_path, NOTEBOOKS)
    notebook = nbformat.read(tmp_path / PLACE["02"], as_version=4)
    for cell in notebook.cells:
        if is_test(cell):
            cell.outputs = [
                nbformat.v4.new_output("error", ename="AssertionError", evalue="… Not tried", traceback=["x"])
            ]
        elif "exercise" in cell.metadata.get("tags", ()):
            cell.outputs = [shown("… Not tried yet: write the body and run the cell again.")]
    nbformat.write(notebook, tmp_path / PLACE["02"])
    record = read_files(files_in((tmp_path / PLACE["02"]).parent))[2]
    assert [exercise.state for exercise in record.exercises] == [UNTRIED] * 4


@pytest.mark.parametrize(
    "come",
    [
        {"points": {"02.mul": 0.0}},
        {"points": {"02.mul": None}},
        {"points": {}},
        {"exported": 0.0},
        {"page": None},
        {"page": "AssertionError: ✗ Something else"},
        {"reported": {"02.mul": "wrong: × swaps"}},
    ],
)
def test_what_nbgrader_does_otherwise_than_planted_is_noticed(come):
    planted = HandedIn("apple", "right", b"", {"02.mul": 1}, (("AssertionError", "× swaps"),))
    page = "AssertionError: ✗ Each input got itself. × swaps"
    right = {"points": {"02.mul": 1.0}, "exported": 1.0, "page": page, "reported": {"02.mul": "right"}}
    assert list(differences(planted, **right)) == []
    assert list(differences(planted, **(right | come))) != []


# ---------------------------------------------------------------- what else has changed: nothing


def without_folders(text):
    """A text with its links as the course has them."""
    return re.sub(r"\]\(\.\./\d\d_\w+/", "](", text)


@pytest.mark.parametrize("solutions", [False, True])
@pytest.mark.parametrize("number", NUMBERS)
def test_nothing_else_of_a_notebook_changes(source, number, solutions, tmp_path):
    if solutions:
        write_assignments([number], tmp_path, NOTEBOOKS, solutions=True)
    written = {cell.id: cell for cell in read(tmp_path if solutions else source, number).cells if not is_test(cell)}
    before = nbformat.read(NOTEBOOKS / PLACE[number].partition("/")[2], as_version=4).cells
    folds = {below.id for cell, below in pairwise(before) if "exercise" in cell.metadata.get("tags", ())}
    gone = {cell.id for cell in before} - written.keys()
    assert gone <= MAP | folds
    assert gone & folds == (set() if solutions else folds)
    assert [cell.id for cell in before if cell.id in written] == list(written)
    others = SAID_OF_THE_MAP | LINK_TO_PAGES | OTHER_LANGUAGES | (set() if solutions else SAID_OF_SOLUTIONS | FINISHED)
    changed = [
        cell.id for cell in before if cell.id in written and without_folders(written[cell.id].source) != cell.source
    ]
    assert set(changed) <= others
    for cell in before:
        if cell.id in written and cell.cell_type == "code" and cell.id not in changed:
            assert written[cell.id] == cell  # with its outputs


@pytest.mark.parametrize("number", NUMBERS)
def test_no_solution_and_no_map_is_left(source, number):
    cells = read(source, number).cells
    everything = "\n".join(cell.source for cell in cells if cell.id != QUESTION_OF_ITS_OWN)
    assert "<summary>Solution" not in everything
    assert "*Solution*" not in everything
    assert "solution is one click" not in everything
    assert "progress()" not in everything
    codes = [" ".join(cell.source.split()) for cell in cells if cell.cell_type == "code"]
    for name in [name for chapter, name in EXERCISES if chapter == number]:
        answer = " ".join(chapters()[number].solution(name).rpartition("check(")[0].split())
        assert answer
        assert [code for code in codes if answer in code] == []


def test_the_finished_product_that_chapter_02_needs_works_and_does_not_show_how(source):
    cell = next(cell for cell in read(source, "02").cells if cell.id in FINISHED)
    assert "def " not in cell.source
    namespace = chapters()["02"].before()
    exec(cell.source, namespace)
    node = namespace["MulLayer"]()
    assert node.forward(3, 4) == 12
    assert tuple(node.backward(10)) == (40, 30)


def test_every_link_leads_to_a_file_in_nbgraders_folders(source):
    texts = {place: place.read_text(encoding="utf-8") for place in source.glob("*/*.md")}
    for number in NUMBERS:
        cells = read(source, number).cells
        texts[source / PLACE[number]] = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    links = [(place, link.partition("#")[0]) for place, text in texts.items() for link in LINK.findall(text)]
    near = [(place, link) for place, link in links if link.endswith((".ipynb", ".md", ".svg", ".png"))]
    assert len(near) > 100
    assert [(place.name, link) for place, link in near if not (place.parent / link).is_file()] == []
    assert {link for _place, link in near if link.endswith(".md")} == {"glossary.md"}


def test_pictures_that_a_notebook_shows_go_along(tmp_path):
    course = tmp_path / "course"
    (course / "images").mkdir(parents=True)
    (course / "images" / "a.png").write_bytes(b"picture")
    (tmp_path / "secret.txt").write_text("secret")
    notebook = nbformat.read(NOTEBOOKS / "00_start_here.ipynb", as_version=4)
    notebook.cells[0].source += "\n![a](images/a.png) [no](images/gone.png) [x](../secret.txt) [y](/etc/hostname)"
    nbformat.write(notebook, course / "00_start_here.ipynb")
    write_assignments(["00"], tmp_path / "source", course)
    place = tmp_path / "source" / "00_start_here"
    assert sorted(path.relative_to(place).as_posix() for path in place.rglob("*") if path.is_file()) == [
        "00_start_here.ipynb", "images/a.png",
    ]  # fmt: skip
    assert (place / "images" / "a.png").read_bytes() == b"picture"
    write_assignments(["00"], tmp_path / "source", NOTEBOOKS)  # which does not show it
    assert not (place / "images" / "a.png").exists()
    write_assignments(["00"], tmp_path / "source", NOTEBOOKS)


# ---------------------------------------------------------------- the folder and the command


def contents(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_what_was_written_before_is_written_anew(tmp_path):
    write_assignments(["00", "1", "00"], tmp_path, NOTEBOOKS)
    before = contents(tmp_path)
    assert len(before) == 3
    (tmp_path / "00_start_here" / ".ipynb_checkpoints").mkdir()
    (tmp_path / "00_start_here" / ".ipynb_checkpoints" / "x-checkpoint.ipynb").write_text("{}")
    opened = nbformat.read(
        tmp_path / PLACE["00"], as_version=4
    )  # as JupyterLab leaves a notebook that was opened and run
    opened.metadata["language_info"]["version"] = "9.9"
    opened.cells[1].outputs = []
    nbformat.write(opened, tmp_path / PLACE["00"])
    write_assignments(["00"], tmp_path, NOTEBOOKS, solutions=True)
    assert "<summary>Solution" in (tmp_path / PLACE["00"]).read_text(encoding="utf-8")
    write_assignments(["00"], tmp_path, NOTEBOOKS)
    assert {path: data for path, data in contents(tmp_path).items() if "checkpoint" not in path.name} == before


def changed_text(place):
    notebook = nbformat.read(place / "00_start_here.ipynb", as_version=4)
    notebook.cells[0].source += "\nBring your own apples."
    nbformat.write(notebook, place / "00_start_here.ipynb")


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda place: (place / "data.csv").write_text("mine"), "data.csv was not written by this command"),
        (lambda place: (place / "glossary.md").write_text("mine"), "glossary.md was changed since"),
        (changed_text, "00_start_here.ipynb was changed since"),
        (lambda place: (place / "00_start_here.ipynb").write_text("[]"), "glossary.md|00_start_here.ipynb was changed"),
        pytest.param(
            lambda place: (place / "images").symlink_to(place.parent),
            "images was not written",
            marks=pytest.mark.skipif(sys.platform == "win32", reason="not everybody may make links there"),
        ),
        (
            lambda place: place.rename(place.with_name("away")).touch() or place.write_text("a file"),
            "a folder is needed",
        ),
    ],
)
def test_a_folder_with_something_else_in_it_is_refused_before_anything_is_written(spoil, words, tmp_path):
    write_assignments(["00"], tmp_path, NOTEBOOKS)
    spoil(tmp_path / "00_start_here")
    before = contents(tmp_path)
    with pytest.raises(ValueError, match=words):
        write_assignments(["01", "00"], tmp_path, NOTEBOOKS, solutions=True)
    assert contents(tmp_path) == before


@pytest.mark.parametrize("numbers", [["14"], ["02", "two"], ["-1"], ["²"], ["002"], [""], []])
def test_a_number_that_no_chapter_has_is_answered_with_all_chapters(numbers, tmp_path):
    with pytest.raises(
        ValueError, match=r"name chapters by their numbers, got .*00 · Start here.*13 · Your own autodiff"
    ):
        write_assignments(numbers, tmp_path / "out", NOTEBOOKS)
    assert not (tmp_path / "out").exists()


def test_a_notebook_that_cannot_be_used_is_named(tmp_path):
    with pytest.raises(ValueError, match=r"there is no 00_start_here.ipynb in the folder .*--notebooks"):
        write_assignments(["00"], tmp_path / "out", tmp_path)
    for text in ("", "[]", "{}", "\x00", '{"cells": 7, "nbformat": 4, "nbformat_minor": 5, "metadata": {}}'):
        (tmp_path / "00_start_here.ipynb").write_text(text)
        with pytest.raises(ValueError, match=r"00_start_here\.ipynb is no notebook"):
            write_assignments(["00"], tmp_path / "out", tmp_path)
    whole = nbformat.read(NOTEBOOKS / "00_start_here.ipynb", as_version=4)
    (written, _names) = write_assignments(["00"], tmp_path / "once", NOTEBOOKS)[0]
    with pytest.raises(ValueError, match="is an assignment already"):
        write_assignments(["00"], tmp_path / "out", written.parent)
    for code in (
        "to_pay = (",
        "\0",
        "(" * 5000,
        "to_pay = 3",
        'check("00.nothing", 3)',
        'check("00.number", 1)\ncheck("00.function", 2)',
    ):
        next(cell for cell in whole.cells if cell.id == "00-15").source = code
        nbformat.write(whole, tmp_path / "00_start_here.ipynb")
        with pytest.raises(ValueError, match=r'should end in one check\("00\. \.\.\."'):
            write_assignments(["00"], tmp_path / "out", tmp_path)
    whole.cells = whole.cells[:5]
    nbformat.write(whole, tmp_path / "00_start_here.ipynb")
    with pytest.raises(ValueError, match=r"needs each exercise once.*none"):
        write_assignments(["00"], tmp_path / "out", tmp_path)
    assert not (tmp_path / "out").exists()


def test_the_command_says_what_it_wrote_and_what_comes_next(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["assignment", "02", "--notebooks", str(NOTEBOOKS)]) == 0
    told = capsys.readouterr().out
    assert "02_backward.ipynb: points: 4, for 02.mul, 02.bill, 02.sub, 02.cube" in told
    assert "nbgrader generate_assignment 02_backward" in told
    assert (tmp_path / "source" / PLACE["02"]).is_file()
    assert main(["assignment", "14", "--notebooks", str(NOTEBOOKS)]) == 2
    assert "13 · Your own autodiff" in capsys.readouterr().err
