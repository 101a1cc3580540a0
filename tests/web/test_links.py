"""The links that follow from the course's address, in a document of another language."""

import re

import pytest

from nbkit.languages import LANGUAGES, catalogue_of
from nbkit.web.address import parse
from nbkit.web.links import relinked

CHINESE = next(language for language in LANGUAGES if language.tag == "zh-CN")
ADDRESS = parse("school/course")
IN_A_TAB = "https://school.github.io/course/live/lab/index.html?path=zh-CN/00_start_here.ipynb"
ON_BINDER = "https://mybinder.org/v2/gh/school/course/HEAD?urlpath=lab/tree/notebooks/zh-CN/00_start_here.ipynb"
DOCUMENT = """\
<!-- address: badges -->
What stood here in English
<!-- /address -->

<!-- address: open -->
Open it. And so on.
<!-- /address -->

## 在自己的电脑上用

<!-- address: chapters -->
| 笔记本 | 学完以后，你能… |
|---|---|
| [00 · 从这里开始](notebooks/zh-CN/00_start_here.ipynb) | 认得路 |
<!-- /address -->
"""


@pytest.fixture
def readme(tmp_path):
    """A function that writes the links of the document anew, for an address or none."""
    return lambda address, text=DOCUMENT: relinked(text, "README.zh-CN.md", tmp_path, address)


def test_without_an_address_the_next_section_tells_how_to_open_the_course(readme):
    text = readme(None)
    assert "<!-- address: badges -->\n<!-- /address -->" in text
    assert "English" not in text
    assert "(#在自己的电脑上用)" in text
    assert "`.venv/bin/python -m nbkit address OWNER/REPOSITORY`" in text


def test_links_lead_to_the_notebooks_and_pages_of_the_language(readme):
    text = readme(ADDRESS)
    assert f"({ON_BINDER})\n<!-- /address -->" in text  # the badge
    assert "<https://school.github.io/course/zh-CN/>" in text
    assert f"]({IN_A_TAB})&nbsp;·&nbsp;[Binder]({ON_BINDER}) |\n" in text


def test_the_same_again_changes_nothing_and_no_address_leaves_no_trace(readme):
    assert readme(ADDRESS, readme(ADDRESS)) == readme(ADDRESS)
    assert readme(None, readme(ADDRESS)) == readme(None)


def test_a_column_with_its_name_in_english_is_the_same_one(readme):
    english = DOCUMENT.replace("你能… |\n|---|---|", "你能… | run it |\n|---|---|---|").replace(
        "认得路 |", "认得路 | old |"
    )
    assert readme(ADDRESS, english) == readme(ADDRESS)
    assert readme(None, english) == readme(None)


def test_the_words_are_those_of_the_language(readme):
    said = catalogue_of(CHINESE).gettext
    for sentence in (said("Open <{site}>, choose a chapter, and press **Run this chapter here**."),):
        assert sentence.format(site="https://school.github.io/course/zh-CN/") in readme(ADDRESS)
    assert f" {said('run it')} |\n" in readme(ADDRESS)
    assert said("in a tab").replace(" ", "&nbsp;") in readme(ADDRESS)
    assert re.search(r"\n\| \[00", readme(None))
