"""Mistakes of translators are said: a heading that is none, a string that ends too early, a field that is missing."""

import pytest

from nbkit.translation.documents import Text
from nbkit.translation.markdown_units import markdown_units
from nbkit.translation.mistakes import blocks_of, mistake_in, mistake_in_message, mistakes_of
from nbkit.translation.python_units import python_units

TWO_LINES = "'''two\nlines'''"


def first(units):
    return next(iter(units))


@pytest.mark.parametrize(
    ("code", "translation", "said"),
    [
        ("x = 1  # a remark", "zwei\nZeilen", "must be one line"),
        ("x = 'apple'", "Ap'fel", "is not one string within '…', where a quote is \\' and"),
        ("x = 'apple'", "Apfel\\", "is not one string"),
        ("x = 'apple'", "Apfel' 'Birne", "is not one string"),
        ("x = 'apple'", "Apfel', 'Birne", "is not one string"),
        ("x = 'apple'", "Ap\nfel", "is not one string"),
        ("x = 'apple'", "Apfel\\x", "is not one string within '…'"),
        ("x = b'apple'", "Äpfel", "is not one string within b'…'"),
        (f"x = {TWO_LINES}", "eine", "as many lines"),
        ("x = f'{a} yen'", "Yen", "fields"),
        ("x = f'{a} yen'", "{b} Yen", "fields"),
        ("x = f'{a} yen'", "{a!r} Yen", "fields"),
        ("x = f'{a:.2f} yen'", "{a:.3f} Yen", "fields"),
        ("x = f'{a} of {b}'", "{b} hat {a}", "fields"),
        ("x = f'{a} yen'", "{a Yen", "is not one string within f'…'"),
    ],
)
def test_mistakes_in_code(code, translation, said):
    unit = first(python_units(code))
    assert said in mistake_in(unit, translation)
    assert mistake_in(unit, unit.text) is None


@pytest.mark.parametrize(
    ("code", "translation"),
    [
        ("x = 'apple'", "ein \\'Apfel\\'"),
        ("x = f\"{a['key']:8.2f} yen\"", "Yen: {a['Wort']:8.2f}"),
        ("x = f\"{'yes' if a else 'no'}\"", "{'ja' if a else 'nein'}"),
        ("x = rf'\\d {a}: words'", "\\d, Worte: {a}"),
        (f"x = {TWO_LINES}", "zwei\nZeilen"),
    ],
)
def test_other_words_are_no_mistake(code, translation):
    assert mistake_in(first(python_units(code)), translation) is None


@pytest.mark.parametrize(
    ("markdown", "translation", "said"),
    [
        ("## The question", "Die\nFrage", "must be one line"),
        ("## The question", "## Die Frage", "without its #"),
        ("## The question", "\nDie Frage", "must be one line"),
        ("The question", "# Die Frage", "other blocks"),
        ("The question", "Die\n\nFrage", "other blocks"),
        ("The question", "Die\n---", "other blocks"),
        ("The question", "* Die Frage", "other blocks"),
        ("* one thing", "eins\n* zwei", "other blocks"),
        ("| in put | out |\n|---|---|\n| x | y |", "| Ein |", "as many bars | as in English, 3"),
        ("| in put | out |\n|---|---|\n| x | y |", "| Ein | Aus \\|", "as many bars"),
        ("| in put | out |\n|---|---|\n| x | y |", "| Ein |\n| Aus", "must be one line"),
        ("<summary>Solution</summary>", "Die\n\nLösung", "must be one line"),
    ],
)
def test_mistakes_in_markdown(markdown, translation, said):
    text = Text("c1", markdown, markdown_units(markdown))
    ((unit, why),) = mistakes_of(text, lambda unit: translation if unit == text.units[0] else unit.text)
    assert (unit, said in why) == (text.units[0], True), why
    assert mistakes_of(text, lambda unit: unit.text) == []


def test_lines_of_a_paragraph_may_be_others():
    text = Text("c1", "* one\n  two\n\nthree", markdown_units("* one\n  two\n\nthree"))
    assert mistakes_of(text, lambda unit: {"three": "drei,\ndrei"}.get(unit.text, "eins")) == []


def test_blocks_know_levels_and_kinds():
    assert blocks_of("# a") != blocks_of("## a")
    assert blocks_of("* a") != blocks_of("1. a")
    assert blocks_of("a **b**") == blocks_of("`c`")


@pytest.mark.parametrize(
    ("english", "translation", "said"),
    [
        ("{} hints", "Tipps", "must have the fields"),
        ("{} hints", "{} {} Tipps", "must have the fields"),
        ("{} hints", "{} Tipps }", "cannot be read: Single '}'"),
        ("{} hints", "{ Tipps", "cannot be read"),
        ("{} of {}", "{} von {0}", "do not go together"),
        ("{:.2f} of {}", "{} von {:.2f}", "must have the fields"),
        ("{name} is", "{nam} ist", "must have the fields"),
        ("{name} is", "{name!r} ist", "must have the fields"),
        ("{a.b} is", "{a.c} ist", "must have the fields"),
        ("{price:.2f} yen", "{price:d} Yen", "must have the fields"),
        ("default: %(default)s", "sonst: %(defalt)s", "must have the %(…)s"),
    ],
)
def test_mistakes_in_messages(english, translation, said):
    assert said in mistake_in_message(english, translation)


@pytest.mark.parametrize(
    ("english", "translation"),
    [
        ("{} of {}", "{1} hat {0}"),
        ("{:.2f} of {}", "{1} hat {0:.2f}"),
        ("{a} of {b}", "{b} hat {a}"),
        ("{{x}} is", "{{x}} ist"),
        ("a { alone", "eine { allein"),
    ],
)
def test_messages_may_have_another_order(english, translation):
    assert mistake_in_message(english, translation) is None
