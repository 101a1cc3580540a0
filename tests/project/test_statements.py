"""What the notebooks' words state is shown beside them, and what they set in bold is explained."""

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from tests.project.test_notebooks import NAMES
from tests.statements import bold_terms, stems, unexplained, unshown, unshown_in

# Numbers that no cell can show, and why: (notebook, number): reason.
ALLOWED = {
    ("08", "3,315"): "the tutorial's own run, which nobody can repeat",
}


@pytest.mark.parametrize("name", NAMES)
def test_each_number_in_the_text_is_shown(name):
    assert [row for row in unshown(name) if (name[:2], row[2]) not in ALLOWED] == []


def test_no_number_is_allowed_that_does_not_stand_there():
    found = {(name[:2], number) for name in NAMES for _place, _id, number, _words in unshown(name)}
    assert set(ALLOWED) - found == set()


@pytest.mark.parametrize("name", NAMES)
def test_each_bold_term_stands_in_the_glossary(name):
    assert unexplained(name) == []


def notebook(text, code="", output=""):
    cells = [new_markdown_cell(text), new_code_cell(code, outputs=[new_output("stream", text=output)])]
    return new_notebook(cells=cells)


@pytest.mark.parametrize(
    ("text", "code", "output", "found"),
    [
        ("It learned in 34 of 50 runs.", "", "", ["34", "50"]),
        ("It learned in 34 of 50 runs.", "runs = 50", "34 of them\n", []),
        ("It is 98 % right.", "", "0.9799", []),
        ("It is 98 % right.", "", "0.9699", ["98 %"]),
        ("The slope is 3.01.", "", "3.0100000000000033", []),
        ("The slope is 3.02.", "", "3.0100000000000033", ["3.02"]),
        ("It costs 22,500 comparisons.", "", "22500", []),
        ("It costs 22,500 comparisons.", "", "", ["22,500"]),
        (
            "3 × 150 = 450, `600` and $700$; chapter 08; see [it](a#900); from 1986; **Time**: about 45 minutes",
            "",
            "",
            [],
        ),
        ("three, 7 and 12 are words", "", "", []),
    ],
)
def test_numbers_are_looked_for_in_code_outputs_and_formulas(text, code, output, found):
    assert [number for _place, _id, number, _words in unshown_in(notebook(text, code, output))] == found


def test_terms_are_short_bold_words_in_small_letters():
    text = "A **mask**, a **dead unit**; **Predict**: **this is a sentence to remember**, **lr**, *so* and **1.1**."
    assert bold_terms(text) == ["mask", "dead unit"]


@pytest.mark.parametrize(("term", "word"), [("labels", "label"), ("classes", "class"), ("leaked", "leak")])
def test_a_word_is_found_in_another_form(term, word):
    assert word in stems(term)
