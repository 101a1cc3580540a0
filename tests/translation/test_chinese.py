"""The Chinese course is complete, has the code and the numbers of the English one, and all that it says is Chinese."""

import ast
import json
import os
import re
import subprocess
import sys
from collections import Counter
from functools import cache
from pathlib import Path
from string import Formatter

import pytest
from markdown_it import MarkdownIt

from nbkit.languages import LANGUAGES, language_named
from nbkit.translation.build import Edition
from nbkit.translation.markdown_units import markdown_units
from tests.translation.english import english_in_message, english_words

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "notebooks" / "zh-CN"
CHINESE = language_named("zh_CN")
NAMES = sorted(path.name for path in (ROOT / "notebooks").glob("*.ipynb"))
PAGES = ["notebooks/zh-CN/glossary.md", "notebooks/zh-CN/README.md", "README.zh-CN.md"]
ENGLISH_PAGES = ["notebooks/glossary.md", "notebooks/README.md", "README.md"]
FENCE = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
TERM = re.compile(r"^\* \*\*(.+?)\*\*", re.MULTILINE)
BOLD = re.compile(r"\*\*(.+?)\*\*")
each_notebook = pytest.mark.parametrize("name", NAMES, ids=lambda name: name.removesuffix(".ipynb"))


@cache
def cells(folder, name):
    return json.loads((folder / name).read_text(encoding="utf-8"))["cells"]


def source(cell):
    return "".join(cell["source"])


def in_pairs(name):
    """Return the cells of a notebook, each with its twin."""
    return list(zip(cells(ROOT / "notebooks", name), cells(FOLDER, name), strict=True))


# ---------------------------------------------------------------- complete, and built of what is there


@pytest.fixture(scope="module")
def edition():
    return Edition(ROOT, CHINESE)


def test_everything_is_translated(edition):
    assert edition.open_entries() == []
    assert edition.count() > 5000


def test_what_is_committed_is_what_would_be_built(edition):
    assert list(edition.out_of_date()) == []
    assert edition.stale_catalogues() == []


def blanks(text):
    """Return the blanks of a message, those without a name by their number; None if it cannot be filled in."""
    try:
        parts = list(Formatter().parse(text))
    except ValueError:
        return None
    found, number = Counter(), 0
    for _text, name, form, conversion in parts:
        if name is not None:
            found[name or str(number), form, conversion] += 1
            number += not name
    return found


@pytest.mark.parametrize("language", LANGUAGES[1:], ids=lambda language: language.code)
def test_messages_fill_the_same_blanks(language):
    """A blank that has another name in the translation raises where the sentence is said."""
    named = re.compile(r"%\(\w+\)\w")
    entries = [entry for entry in Edition(ROOT, language).catalogues["nbkit"] if entry.id and entry.string]
    pairs = [(entry.id, entry.string) for entry in entries]
    assert [pair for pair in pairs if blanks(pair[0]) not in (None, blanks(pair[1]))] == []
    assert [pair for pair in pairs if Counter(named.findall(pair[0])) != Counter(named.findall(pair[1]))] == []


def test_stored_verdicts_are_understood_by_how_they_begin(edition):
    """progress() knows an exercise that nobody has touched by the first words of its verdict."""
    words = {entry.id: entry.string for entry in edition.catalogues["nbkit"] if entry.id}
    for english, chinese in words.items():
        assert english.startswith("Not tried yet") == chinese.startswith(words["Not tried yet"]), english


# ---------------------------------------------------------------- the same code, the same numbers


class Blank(ast.NodeTransformer):
    """Takes what is written in strings out of a syntax tree; what is computed in them stays."""

    def visit_Constant(self, node):
        return ast.Constant("") if isinstance(node.value, str) else node

    def visit_JoinedStr(self, node):
        parts = [part for part in node.values if isinstance(part, ast.FormattedValue)]
        return ast.JoinedStr([self.visit(part) for part in parts])

    def visit_FormattedValue(self, node):
        width = node.format_spec  # of a column: it is no text
        node.value, node.format_spec = self.visit(node.value), None
        return ast.Tuple([node, ast.Constant(width and ast.dump(width))])


def blanked(code):
    return ast.dump(Blank().visit(ast.parse(code)))


@each_notebook
def test_cells_are_twins(name):
    for english, chinese in in_pairs(name):
        assert (english["id"], english["cell_type"]) == (chinese["id"], chinese["cell_type"])
        assert english["metadata"] == chinese["metadata"], english["id"]


@each_notebook
def test_code_differs_in_its_text_alone(name):
    pairs = [(one["id"], source(one), source(other)) for one, other in in_pairs(name) if one["cell_type"] == "code"]
    assert [id_ for id_, english, chinese in pairs if blanked(english) != blanked(chinese)] == []
    assert [id_ for id_, english, chinese in pairs if len(english.splitlines()) != len(chinese.splitlines())] == []


@each_notebook
def test_code_within_the_text_differs_in_its_text_alone(name):
    for one, other in in_pairs(name):
        if one["cell_type"] == "markdown":
            english, chinese = FENCE.findall(source(one)), FENCE.findall(source(other))
            assert [blanked(code) for code in english] == [blanked(code) for code in chinese], one["id"]


def shown(cell):
    """Return what a cell has printed or shown as plain text."""
    parts = [output.get("text") or output.get("data", {}).get("text/plain") or "" for output in cell["outputs"]]
    return "\n".join("".join(part) for part in parts)


NUMBER = re.compile(r"(?<![\w.])[-−]?\d+(?:[.,]\d+)*(?:e[-+]?\d+)?")


@each_notebook
def test_outputs_agree_number_for_number(name):
    told = []
    for english, chinese in in_pairs(name):
        if english["cell_type"] == "code":
            assert [one["output_type"] for one in english["outputs"]] == [
                one["output_type"] for one in chinese["outputs"]
            ]
            numbers = [sorted(NUMBER.findall(shown(cell))) for cell in (english, chinese)]
            if numbers[0] != numbers[1]:
                told.append((english["id"], shown(english), shown(chinese)))
    assert told == []


@each_notebook
def test_formulas_are_the_same(name):
    formula = re.compile(r"\$\$.+?\$\$|\$[^$\n]+\$", re.DOTALL)
    for one, other in in_pairs(name):
        if one["cell_type"] == "markdown":
            sides = [
                {re.sub(r"\\text\{[^{}]*\}", r"\\text{}", text) for text in formula.findall(source(cell))}
                for cell in (one, other)
            ]
            assert sides[0] == sides[1], one["id"]


def bars(text):
    return [len(re.findall(r"(?<!\\)\|", line)) for line in text.splitlines() if "|" in line]


def blocks_of(text):
    """Return the kinds and levels of the blocks of Markdown."""
    return [(block.type, block.tag, block.level) for block in MarkdownIt("commonmark").enable("table").parse(text)]


@each_notebook
def test_text_is_built_of_the_same_blocks(name):
    pairs = [(one["id"], source(one), source(two)) for one, two in in_pairs(name) if one["cell_type"] == "markdown"]
    assert [id_ for id_, english, chinese in pairs if blocks_of(english) != blocks_of(chinese)] == []
    assert [id_ for id_, english, chinese in pairs if bars(english) != bars(chinese)] == []


@pytest.mark.parametrize(("page", "english"), list(zip(PAGES, ENGLISH_PAGES, strict=True)))
def test_pages_are_built_of_the_same_blocks(page, english):
    pair = [(ROOT / path).read_text(encoding="utf-8") for path in (english, page)]
    assert blocks_of(pair[0]) == blocks_of(pair[1])


# ---------------------------------------------------------------- what is said


@pytest.fixture(scope="module")
def judged():
    """What a process that speaks Chinese says of the exercises."""
    command = [sys.executable, "-m", "tests.translation.judged", str(FOLDER)]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    return json.loads(subprocess.run(command, cwd=FOLDER, env=environment, check=True, capture_output=True).stdout)


def test_solutions_pass_and_stubs_are_not_tried(judged):
    assert {name: said["solution"] for name, said in judged.items() if said["solution"][0] != "right"} == {}
    assert {name: said["stub"] for name, said in judged.items() if said["stub"][0] != "not tried"} == {}


@pytest.mark.parametrize(("kind", "state"), [("mistakes", "wrong"), ("right", "right"), ("not tried", "not tried")])
def test_each_answer_is_judged_as_in_english_and_in_chinese(judged, kind, state):
    verdicts = [(name, *verdict) for name, said in judged.items() for verdict in said[kind]]
    assert len(verdicts) >= len(judged)
    assert [row for row in verdicts if row[1] != state] == []
    assert [(text, found) for _name, _state, text in verdicts if (found := english_in_message(text))] == []
    assert [row for row in verdicts if not re.search("[\u4e00-\u9fff]", row[2])] == []


def test_hints_are_chinese(judged):
    hints = [hint for said in judged.values() for hint in said["hints"]]
    assert [(hint, found) for hint in hints if (found := english_in_message(hint))] == []


@each_notebook
def test_no_english_is_left_in_a_notebook(name):
    left = {}
    for cell in cells(FOLDER, name):
        is_text = cell["cell_type"] == "markdown"
        if found := english_words(source(cell)) if is_text else english_in_message(shown(cell)):
            left[cell["id"]] = found
    assert left == {}


@pytest.mark.parametrize("page", PAGES)
def test_no_english_is_left_on_a_page(page):
    units = markdown_units((ROOT / page).read_text(encoding="utf-8"), wrapped=True)
    assert [(unit.text, found) for unit in units if (found := english_words(unit.text))] == []


def test_no_english_is_left_in_what_the_package_says(edition):
    entries = [entry for entry in edition.catalogues["nbkit"] if entry.id]
    left = [(entry.string, found) for entry in entries if (found := english_in_message(entry.string))]
    assert left == []


# ---------------------------------------------------------------- words


def terms():
    """Return the words of the glossary: for each English one its chapter, and the Chinese ones, each in its forms."""
    pages = [(folder / "glossary.md").read_text(encoding="utf-8") for folder in (ROOT / "notebooks", FOLDER)]
    chapters = re.findall(r"^\* \*\*.*\]\((\d\d_\w+\.ipynb)#", pages[0], re.MULTILINE)
    english, chinese = (TERM.findall(page) for page in pages)
    return {word: (name, forms_of(other)) for word, name, other in zip(english, chapters, chinese, strict=True)}


def forms_of(entry):
    """List the words of an entry such as 键、查询、值, each with what stands in its brackets: 异或（XOR）."""
    return [re.findall("[^（）]+", word.removesuffix("初始值").strip()) for word in entry.lower().split("、")]


def text_of(folder, name):
    return "\n".join(source(cell) for cell in cells(folder, name)).lower()


def test_each_word_of_the_glossary_stands_in_its_chapter():
    missing = []
    for word, (name, words) in terms().items():
        english, chinese = text_of(ROOT / "notebooks", name), text_of(FOLDER, name)
        if word.lower() in english:
            missing += [(word, forms) for forms in words if not any(form in chinese for form in forms)]
    assert missing == []


@each_notebook
def test_bold_words_are_those_of_the_glossary(name):
    known, missing = {word.lower(): words for word, (_name, words) in terms().items()}, []
    for one, other in in_pairs(name):
        bold = " ".join(BOLD.findall(source(other))).lower()
        english = [word.lower() for word in BOLD.findall(source(one))] if one["cell_type"] == "markdown" else []
        for word in english:
            if word in known and not any(form in bold for forms in known[word] for form in forms):
                missing.append((one["id"], word))
    assert missing == []


@each_notebook
def test_bold_words_are_read_as_bold(name):
    """CommonMark reads no ``**`` between a letter and a full-width sign: the stars would be seen."""
    seen = []
    for cell in cells(FOLDER, name):
        if cell["cell_type"] == "markdown":
            text = re.sub(r"\$\$.*?\$\$|\$[^$\n]*\$", "x", source(cell), flags=re.DOTALL)
            for block in MarkdownIt().parse(text):
                words = [part.content for part in block.children or () if part.type == "text"]
                seen += [(cell["id"], word) for word in words if "*" in word]
    assert seen == []


@each_notebook
def test_links_lead_to_chapters_and_headings_by_their_names(name):
    for cell in cells(FOLDER, name):
        text = source(cell) if cell["cell_type"] == "markdown" else ""
        for words, target in re.findall(r"\[(\d\d · [^\]]+)\]\(([^)#]+\.ipynb)\)", text):
            assert source(cells(FOLDER, target)[0]).splitlines()[0] == f"# {words}"


def test_a_changed_word_would_be_seen():
    """The tests above can fail."""
    assert blanked("f'{x:.3f} yen'") != blanked("f'{x:.2f} 日元'")
    assert blanked("f'{x:.3f} yen'") == blanked("f'共 {x:.3f} 日元'")
    assert blanked("f(x, 'a')") != blanked("f(y, 'b')")
    assert english_words("这里 still 有 words，`code words` 不算") == ["still", "words"]
    assert english_words("全是中文") == []
    assert blocks_of("# 词\n\n* 词") != blocks_of("# 词\n\n词")
    assert bars("| 词 \\| 词 |\n词 | 词") == [2, 1] != bars("| 词 | 词 |\n词 | 词")
    assert blanks("{} of {:.2f}") == blanks("{1:.2f} 中 {0}") != blanks("{:.2f} 中 {}")
