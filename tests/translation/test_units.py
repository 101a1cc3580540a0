"""Units of translation: what a reader reads, and nothing else; what is put in their place leaves the rest as it was."""

import json
from pathlib import Path

import pytest

from nbkit.translation.markdown_units import markdown_units
from nbkit.translation.python_units import python_units
from nbkit.translation.units import Unit, replaced

NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))


def texts(units):
    return [unit.text for unit in units]


@pytest.mark.parametrize(
    ("markdown", "found"),
    [
        ("# Way back\n\nOne *word* and `code`.", ["Way back", "One *word* and `code`."]),
        ("* first\n* second\n  goes on", ["first", "second\ngoes on"]),
        ("1. **one**\n\n   deeper\n", ["**one**", "deeper"]),
        ("> **Note.** quoted\n> twice", ["**Note.** quoted\ntwice"]),
        ("| in | out |\n|---|---|\n| `x` | word |\n| `x` | $y$ |", ["| in | out |", "| `x` | word |"]),
        ("word | two\n---|---\nin | out", ["word | two", "in | out"]),
        ("> | in put | out |\n> |---|---|\n> | word | two |", ["| in put | out |", "| word | two |"]),
        ("* | in put | out |\n  |---|---|\n  | word | two |", ["| in put | out |", "| word | two |"]),
        ("|x| is the absolute value", ["|x| is the absolute value"]),
        ("one \u2028 two\x0c\n\nthree words", ["one \u2028 two", "three words"]),
        ("```python\nx = 'a\u2028b\x0c'\ny = 1  # a remark\n```", ["a remark"]),
        ("$$\\frac{a}{b}$$", []),
        ("$$a \\quad\\text{so}\\quad b$$", ["$$a \\quad\\text{so}\\quad b$$"]),
        ("`code` $x y z$ [→](a_file.md)", []),
        ("<details><summary>Solution</summary>\n\ntold\n</details>", ["Solution", "told"]),
        ("<!-- a comment -->\n\nwords", ["words"]),
        ("```python\nx = 1  # a remark\nprint('words of it', x)\n```", ["a remark", "words of it"]),
        ("* item\n\n  ```python\n  x = 1  # a remark\n  ```", ["item", "a remark"]),
        ("```sh\nrun it\n```", []),
        ("---", []),
        ("<!-- address: open -->\nNo address yet.\n<!-- /address -->\n\nwords", ["words"]),
    ],
)
def test_units_of_markdown(markdown, found):
    assert texts(markdown_units(markdown)) == found


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ('x = "apple"', [("apple", "code")]),
        ("x = 'b'; y = \".2f\"  # px", [("px", "comment")]),
        ('print(f"bill: {x:.4g} yen, {y!r}")', [("bill: {x:.4g} yen, {y!r}", "code")]),
        ("print(f\"{a['key']:8} and {b}\")", [("{a['key']:8} and {b}", "code")]),
        ('f"{x:.3f}"', []),
        ("f\"{price['apple']:.2f}\"", [("{price['apple']:.2f}", "code")]),
        ("f\"{W['W1']} {value:{width}} {x:>ab}\"", []),
        ("x = '\u2028\x0c'\ny = 'words'", [("words", "code")]),
        ('check("02.mul", Mul)', []),
        ('"""Two\nlines."""', [("Two\nlines.", "code")]),
        ('r"a\\nb"  # raw', [("raw", "comment")]),
        ('"\\n"', []),
        ('"one" "two"', [("one", "code"), ("two", "code")]),
        ("# ---- a rule", [("---- a rule", "comment")]),
        ("this is 'no Python", []),
        ("%matplotlib inline\nx = 'words'", [("words", "code")]),
    ],
)
def test_units_of_python(code, found):
    assert [(unit.text, unit.context) for unit in python_units(code)] == found


def test_further_lines_keep_what_stands_in_front_of_them():
    text = "* one\n  two\n\n> three\n> four\n"
    found = replaced(text, markdown_units(text), lambda unit: unit.text.upper())
    assert found == "* ONE\n  TWO\n\n> THREE\n> FOUR\n"


def test_rows_stay_in_their_quotation():
    text = "> | in put | out |\n> |---|---|\n> | word | two |\n\n|x| is its value\n"
    assert replaced(text, markdown_units(text), lambda unit: unit.text.upper()) == (
        "> | IN PUT | OUT |\n> |---|---|\n> | WORD | TWO |\n\n|X| IS ITS VALUE\n"
    )


def test_units_that_overlap_are_refused():
    with pytest.raises(AssertionError, match="units that overlap: 'words'"):
        replaced("two words", [Unit(0, 9, "two words"), Unit(4, 9, "words")], lambda unit: unit.text)


@pytest.mark.parametrize(
    ("units", "text", "found"),
    [
        (markdown_units, "# one\n\nwords, `x`", [("heading", ""), ("paragraph", "")]),
        (markdown_units, "| one | two |\n|---|---|\n", [("row", "")]),
        (markdown_units, "<summary>Solution</summary>", [("line", "")]),
        (python_units, "x = rb'words'  # words", [("string", "rb'"), ("comment", "")]),
        (python_units, 'f"""words"""', [("string", 'f"""')]),
    ],
)
def test_units_know_what_they_are(units, text, found):
    assert [(unit.kind, unit.opening) for unit in units(text)] == found


def test_a_wrapped_paragraph_is_one_line_of_the_catalogue():
    text = "* one\n  two\n\nthree\nfour\n"
    assert texts(markdown_units(text, wrapped=True)) == ["one two", "three four"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_all_of_the_course_is_put_back_letter_by_letter(path):
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        source = "".join(cell["source"])
        units = (python_units if cell["cell_type"] == "code" else markdown_units)(source)
        assert replaced(source, units, lambda unit: unit.text) == source
        assert replaced(source, units, lambda unit: None) == source
