"""Chinese characters for figures of the browser edition: a part of a free font, which comes when a figure needs it."""

import zipfile
from io import BytesIO
from types import SimpleNamespace

import pytest
from nbformat.v4 import new_markdown_cell, new_notebook

from nbkit import browser
from nbkit.drawing import fonts
from nbkit.languages import ENGLISH, LANGUAGES
from nbkit.messages import speaking
from nbkit.web.languages import Course
from nbkit.web.live import han, licences, packages

CHINESE = next(language for language in LANGUAGES if language.tag == "zh-CN")
RARE = "龘"  # in no list of frequent characters


def course_in(language, folder):
    notebook = new_notebook(cells=[new_markdown_cell(RARE)])
    return Course(language, folder, {folder / "01.ipynb": notebook})


@pytest.fixture(scope="module")
def font(tmp_path_factory):
    """The wheel of a font for a course that needs a rare character."""
    folder = tmp_path_factory.mktemp("font")
    made = han.wheel([course_in(ENGLISH, folder), course_in(CHINESE, folder)], folder)
    if made is None:
        pytest.skip("no Noto Sans CJK here")
    return made


def test_the_font_has_what_the_course_says_and_what_chinese_texts_say_most(font):
    from fontTools.ttLib import TTFont

    with zipfile.ZipFile(font) as wheel:
        (name,) = [name for name in wheel.namelist() if name.endswith(".otf")]
        content = wheel.read(name)
    assert len(content) < 1_500_000
    known = TTFont(BytesIO(content)).getBestCmap()
    assert {ord(character) for character in f"{RARE}损失轮次，。"} <= known.keys()


def test_its_licence_comes_along(font):
    found = licences._wheel(font)
    assert found.licence == "OFL-1.1"
    assert found.source == han.SOURCE
    (text,) = found.texts.values()
    assert "Adobe" in text
    assert "SIL OPEN FONT LICENSE" in text


def test_a_course_in_english_alone_needs_none(tmp_path):
    assert han.wheel([course_in(ENGLISH, tmp_path)], tmp_path) is None


def test_a_font_of_which_the_licence_is_not_known_is_not_passed_on(tmp_path, monkeypatch):
    monkeypatch.setattr("matplotlib.font_manager.findSystemFonts", lambda: ["/fonts/msyh.ttc", "/fonts/gone.otf"])
    assert han.wheel([course_in(CHINESE, tmp_path)], tmp_path) is None


def test_it_has_the_punctuation_of_chinese(tmp_path):
    assert set(map(ord, "，。：（）“”、《》？！")) <= han._characters([])


def test_it_is_known_by_one_name():
    assert browser.FONT == han.MODULE
    assert han.NAME in packages.IF_MADE


@pytest.mark.parametrize(
    ("language", "cell", "asked"),
    [
        (CHINESE, "plots.confusion(t, y)", True),
        (ENGLISH, "plots.confusion(t, y, classes=['猫', '狗'])", True),
        (ENGLISH, "plots.confusion(t, y)", False),
        (CHINESE, "print('猫')", False),
    ],
)
def test_a_cell_that_draws_chinese_words_asks_for_it(language, cell, asked):
    with speaking(language):
        lines = browser.name_matplotlib([cell])
    assert (browser.FONT in "".join(lines)) == asked
    if asked:  # a cell in an edition without the font runs all the same
        exec("".join(lines[1:]), {})


def test_figures_find_it_when_it_is_there(monkeypatch, tmp_path, font):
    with zipfile.ZipFile(font) as wheel:
        wheel.extractall(tmp_path)
    there = SimpleNamespace(submodule_search_locations=[str(tmp_path / han.MODULE)])
    monkeypatch.setattr(browser, "find_spec", lambda name: there if name == han.MODULE else None)
    paths = browser.carried_fonts()
    assert [path for path in paths if ord(RARE) in fonts.characters_of(path)] == paths != []
