"""The table: results, and which learners a check has told the same."""

import re

import pytest

from nbkit import check
from nbkit.classroom.table import diagnoses, mistake_in
from nbkit.exercises.core import exercises_of
from tests.chapter import chapters
from tests.classroom.by_hand import SMALL, table
from tests.exercises import MISTAKES
from tests.exercises.computed import wrong_answers


def test_each_result_is_what_was_handed_in():
    rows = {row.learner: row for row in table(SMALL).rows}
    names = ("02.mul", "02.sub", "02.bill", "02.cube", "01.bill")
    assert {learner: [row.result(name)[0] for name in names] for learner, row in rows.items()} == {
        "apple": ["right", "wrong", "wrong", "not tried", "not handed in"],
        "melon": ["begun", "wrong", "not tried", "right", "not handed in"],
        "pear": ["wrong", "wrong", "not tried", "not tried", "not handed in"],
        "plum": ["not handed in"] * 4 + ["right"],
        "quince": ["not readable"] * 4 + ["not handed in"],
    }


def test_the_chapters_are_those_of_which_anybody_has_a_file():
    assert [chapter.number for chapter in table(SMALL).chapters] == ["01", "02"]
    assert table(SMALL).exercises == [
        "01.bill", "01.graph", "01.order", "02.mul", "02.bill", "02.sub", "02.cube",
    ]  # fmt: skip
    assert table({}).chapters == table({}).exercises == []


def test_exercises_follow_each_other_as_in_the_notebooks():
    everything = table({"apple": dict.fromkeys(exercises_of(), ("right",))})
    in_notebooks = [name for _number, chapter in sorted(chapters().items()) for name, _place in chapter.places]
    assert everything.exercises == in_notebooks


def test_what_ran_otherwise_is_told_where_it_ran():
    now = {"apple": {"02.mul": ("wrong", "No."), "02.sub": ("right",)}, "pear": {"02.mul": ("right",)}}
    stored = {"apple": {"02.mul": ("right",), "02.sub": ("right",)}, "pear": {"02.mul": ("right",)}}
    found = [(row.learner, name, was, now) for row, name, was, now in table(now, stored).differences()]
    assert found == [("apple", "02.mul", "right", "wrong")]
    assert list(table(now).differences()) == []


# ---------------------------------------------------------------- the same diagnosis


def test_diagnoses_are_counted_the_most_frequent_first():
    found = diagnoses(table(SMALL), "02.sub")
    assert [(one.text, one.learners) for one in found] == [
        ("That is +.", ("apple", "melon")), ("Each got itself.", ("pear",)),
    ]  # fmt: skip
    assert diagnoses(table(SMALL), "02.cube") == []


def test_of_several_wordings_the_most_frequent_one_is_told():
    texts = {"apple": "17 is not it.", "pear": "3.5 is not it.", "plum": "3.5 is not it."}
    (found,) = diagnoses(table({name: {"02.bill": ("wrong", text)} for name, text in texts.items()}), "02.bill")
    assert (found.text, found.wordings, found.learners) == ("3.5 is not it.", 2, ("apple", "pear", "plum"))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("400.01 is not it.", "7 is not it."),
        ("yours is −1.5e−05.", "yours is 3."),
        (
            "forward([−2, 1.5]) should give [0, 1.5], yours gives [0, 1].",
            "forward([1]) should give [0], yours gives [3].",
        ),
        ("For W = [[1, 2], [3, 4]], dx[0, 1] should be 1.", "For W = [[0.5]], dx[0] should be −2."),
        ("dx should have shape (6,), yours has (6, 1).", "dx should have shape (2, 3), yours has (3, 2)."),
        ("W: (2, 3, ...) is not it.", "W: (2, 3) is not it."),
        ("the row 1, 2 becomes 0.5, NaN", "the row 5 becomes 7"),
        ("name 'spam' is not defined", 'name "it\'s" is not defined'),
        (
            "forward's result should be one number, this is 'abc'.",
            "forward's result should be one number, this is 'b'.",
        ),
        ("Diverged in step 116: the steps are too long.", "Diverged in step 9: the steps are too long."),
    ],
)
def test_the_same_mistake_in_other_numbers_and_words_is_the_same(one, other):
    assert mistake_in(one) == mistake_in(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("w1: That is uphill.", "w2: That is uphill."),
        ("Level 2: 2 is not it.", "Level 5: 2 is not it."),
        ("The slope is 3x².", "The slope is 3x³."),
        ("yours is 27.", "yours is ∞."),
        ("Each input's own value, not its neighbour's.", "Each input's gradient, not its neighbour's."),
        ("name 'x' is not defined", "name 'x' is missing"),
    ],
)
def test_another_mistake_is_another_one(one, other):
    assert mistake_in(one) != mistake_in(other)


TOGETHER = {  # of the mistakes that exercises know by name: the two differ in a number of the question
    ("100 is the price of one kind of fruit. Add the other.", "300 is the price of one kind of fruit. Add the other."),
    (
        "Scores have no threshold here: several may be above 0, or none. The largest one wins.",
        "Scores have no threshold here: several may be above 0.5, or none. The largest one wins.",
    ),
}


def test_no_two_mistakes_that_the_exercises_know_fall_together():
    found = set()
    for name in exercises_of():
        groups = {}
        for text in sorted({diagnosis for diagnosis, _answer in wrong_answers(name)}):
            groups.setdefault(mistake_in(text), []).append(text)
        found |= {tuple(group) for group in groups.values() if len(group) > 1}
    assert found == TOGETHER


def test_usual_mistakes_fall_together_only_where_the_words_are_the_same():
    """Of one chapter: what is left of two diagnoses without digits, signs and brackets is the same."""

    def words(text):
        return [*filter(str.isalpha, re.sub(r"(?<=\d)e[−+]?\d+", "", text))]

    texts = {check(name, answer).text for name in exercises_of("02") for answer, _word in MISTAKES[name]}
    for one in texts:
        for other in texts:
            if mistake_in(one) == mistake_in(other):
                assert words(one) == words(other)


def test_a_very_long_diagnosis_is_read_at_once():
    for text in ("'" * 1000, "1," * 500, "[" * 1000, "#, " * 300, "1e" * 500, "([#" * 300):
        assert mistake_in(text) is not None
