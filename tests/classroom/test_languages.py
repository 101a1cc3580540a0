"""What learners hand in who work in Chinese, as a teacher gets it whose nbkit speaks English."""

import re
from functools import cache

import nbformat
import pytest

from nbkit.classroom import report
from nbkit.classroom.assignment import SAID_OF_SOLUTIONS, write_assignments
from nbkit.classroom.hiding import Names
from nbkit.classroom.levels import person_in
from nbkit.classroom.run import Limits
from nbkit.classroom.table import mistake_in
from nbkit.course.chapters import CHAPTERS
from nbkit.languages import IN_NOTEBOOK
from nbkit.messages import spoken
from tests.chapter import NOTEBOOKS, Chapter
from tests.course.folders import shown

CHINESE = NOTEBOOKS / "zh-CN"
NUMBERS = [chapter.number for chapter in CHAPTERS]
FILES = {chapter.number: chapter.file for chapter in CHAPTERS}
LINK = re.compile(r"\]\([^)\s]+\)|\[|\]")
# Of each exercise its code, None for the solution; what its cell shows, as Chinese verdicts are; the result.
PLANTED = {
    "02.mul": ("", "… forward 对了。现在写 backward。", "not tried"),  # a stub that begins half filled
    "02.bill": (None, "✓ 对了：每个 × 都交换。", "right"),
    "02.sub": (None, "✓ 对了。", "right"),
    "02.cube": ('cube_gradient = 25\ncheck("02.cube", cube_gradient)', "✗ 25 是第二个 × 直接送给 x 的那份。", "wrong"),
    "03.slope": ("", "… 还没试过：把省略号换成你的答案，再运行这个单元格。", "not tried"),
    "03.cost": ('check("03.cost", {"reverse": 2, "轻推": 2000})', "✓ 对了。", "right"),
    # The presets of the playground are called otherwise in each language.
    "11.calm": (None, "✓ 对了。", "right"),
}


@pytest.fixture(scope="module")
def handed_in(tmp_path_factory):
    """A class of one learner."""
    folder = tmp_path_factory.mktemp("class")
    (folder / "apple").mkdir()
    for number in sorted({name[:2] for name in PLANTED}):
        chapter = Chapter(FILES[number], CHINESE)
        notebook = nbformat.read(CHINESE / FILES[number], as_version=4)
        for name, place in chapter.places:
            code, text, _result = PLANTED.get(name, ("", "", ""))
            cell = notebook.cells[place]
            cell.source = chapter.solution(name) if code is None else code or cell.source
            cell.outputs = [shown(text)] if text else []
        nbformat.write(notebook, folder / "apple" / FILES[number])
    return folder


@pytest.mark.parametrize("run", [False, True])
def test_a_chinese_notebook_has_the_planted_results(handed_in, run):
    assert spoken().code == "en"
    table = report(handed_in, Limits() if run else None)
    [row] = table.rows
    found = {name: row.result(name)[0] for name in PLANTED}
    assert found == {name: result for name, (_code, _text, result) in PLANTED.items()}
    assert row.result("02.bill")[1].title.startswith("2. ")
    assert row.result("02.cube")[1].text.strip("✗ ")[:2] == "25"
    assert not list(table.differences())


def test_chinese_diagnoses_that_differ_in_numbers_are_one():
    assert mistake_in("w1：5.2 不对。") == mistake_in("w1：7 不对。") != mistake_in("w2：7 不对。")
    assert mistake_in("第 2 层：3 不对。") == mistake_in("第 2 层：4 不对。") != mistake_in("第 3 层：4 不对。")
    assert mistake_in("缺少1、2、3。") == mistake_in("缺少4。")


def test_emphasis_between_chinese_letters_is_set_as_such():
    names = Names([])
    assert str(names.typeset("税得到*另一个*输入")) == "税得到<em>另一个</em>输入"
    assert str(names.typeset("2*3*4 和 a*b*c")) == "2*3*4 和 a*b*c"


@pytest.mark.parametrize(("folder", "person"), [("作业副本 2", ""), ("第02章", ""), ("李明 备份", "李明")])
def test_the_names_of_chinese_copies_are_no_persons(folder, person):
    assert person_in(folder) == person


# ---------------------------------------------------------------- assignments


@pytest.fixture(scope="module")
def sources(tmp_path_factory):
    """The folders `source` of nbgrader, in English and in Chinese."""
    folders = {notebooks: tmp_path_factory.mktemp("source") for notebooks in (NOTEBOOKS, CHINESE)}
    for notebooks, folder in folders.items():
        write_assignments(NUMBERS, folder, notebooks)
    return folders


@cache
def written(folder, number):
    place = folder / FILES[number].removesuffix(".ipynb") / FILES[number]
    return nbformat.read(place, as_version=4)


def changed(sources, notebooks, number):
    """The cells of an assignment of which more than links has changed."""
    before = {cell.id: cell.source for cell in nbformat.read(notebooks / FILES[number], as_version=4).cells}
    cells = written(sources[notebooks], number).cells
    return {cell.id for cell in cells if LINK.sub("", before.get(cell.id, "")) != LINK.sub("", cell.source)}


@pytest.mark.parametrize("number", NUMBERS)
def test_a_chinese_assignment_has_and_lacks_what_the_english_one_does(sources, number):
    english, chinese = (written(sources[notebooks], number) for notebooks in (NOTEBOOKS, CHINESE))
    assert [cell.id for cell in chinese.cells] == [cell.id for cell in english.cells]
    assert changed(sources, CHINESE, number) == changed(sources, NOTEBOOKS, number)
    tests = [cell.source for cell in chinese.cells if "nbgrader" in cell.metadata]
    assert all(source.startswith("# 练习 ") for source in tests)
    assert [source.partition("\n")[2] for source in tests] == [
        cell.source.partition("\n")[2] for cell in english.cells if "nbgrader" in cell.metadata
    ]


def test_what_is_said_of_solutions_is_taken_out_in_each_language():
    text = "".join(
        cell.source
        for notebooks in (NOTEBOOKS, CHINESE)
        for cell in nbformat.read(notebooks / FILES["00"], as_version=4).cells
    )
    assert [words for words in SAID_OF_SOLUTIONS if words not in text] == []


def test_no_assignment_leads_to_another_language(sources):
    for folder in sources.values():
        assert "This course in another language" not in written(folder, "00").cells[0].source
        assert "换一种语言" not in written(folder, "00").cells[0].source
        assert "English" not in written(folder, "00").cells[0].source
        assert len(list((folder / "00_start_here").rglob("*.ipynb"))) == 1


def test_a_chinese_assignment_still_says_its_language(sources):
    place = sources[CHINESE] / "02_backward" / FILES["02"]
    assert IN_NOTEBOOK.search(place.read_bytes())[1] == b"zh_CN"
    write_assignments(["02"], sources[CHINESE], CHINESE)  # knows what it has written
    assert "MulLayer = Mul  # nbkit" in place.read_text(encoding="utf-8")
