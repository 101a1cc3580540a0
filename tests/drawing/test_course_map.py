"""The map of the course, as a picture."""

import re
from itertools import combinations

from nbkit.drawing.course_map import HEIGHT, MOST_MARKS, MOST_WIDE, WIDTH, Stop, course_map
from tests.drawing.parsed import parsed

STOPS = [
    Stop("01", "a", (), ("solved", "solved"), "2 of 2"),
    Stop("02", "b", ("01",), ("solved", "open", "untried"), "1 of 3", "next"),
    Stop("03", "<c>", ("01",), ("untried",), "0 of 1"),
    Stop("04", "d", ("02", "03"), ("untried",) * 20, "0 of 20"),
]


def boxes(picture):
    """The left upper corner of each box, by its number."""
    found = {}
    for key, mark in picture.marks.items():
        if "→" not in key:
            x, y = re.search(rf'x="([-\d.]+)" y="([-\d.]+)" width="{WIDTH:g}" height="{HEIGHT:g}"', mark).groups()
            found[key] = float(x), float(y)
    return found


def test_each_chapter_stands_right_of_those_that_it_needs_and_over_none():
    picture = course_map(STOPS, "title", "words")
    places = boxes(picture)
    assert [mark.ends for key, mark in picture.marks.items() if "→" in key] == [
        ("01", "02"), ("01", "03"), ("02", "04"), ("03", "04"),
    ]  # fmt: skip
    for stop in STOPS:
        assert [number for number in stop.needs if places[number][0] + WIDTH >= places[stop.number][0]] == []
    for (x0, y0), (x1, y1) in combinations(places.values(), 2):
        assert abs(x0 - x1) >= WIDTH or abs(y0 - y1) >= HEIGHT + 8  # room for the flag


def test_no_state_is_told_by_colour_alone():
    marks = course_map(STOPS, "title", "words").marks
    assert (marks["02"].count('class="half"'), marks["02"].count("<circle")) == (1, 3)
    assert [re.search(r'<rect class="(\w+)"', marks[number])[1] for number in ("01", "02", "03")] == [
        "whole", "begun", "bare",
    ]  # fmt: skip
    assert [number for number in ("01", "02", "03") if ">next<" in marks[number]] == ["02"]
    assert marks["04"].count("<circle") == MOST_MARKS


def test_it_is_one_picture_with_words_whatever_the_names_hold():
    picture = course_map(STOPS * 1, "title", "words <&>")
    assert parsed(picture) is not None
    assert "&lt;c&gt;" in picture
    assert picture.words == "words <&>"
    assert picture.width <= MOST_WIDE


def test_new_numbers_move_nothing():
    before = boxes(course_map(STOPS, "", ""))
    later = [stop._replace(states=("solved",), told="100 of 100", flag="next") for stop in STOPS]
    assert boxes(course_map(later, "", "")) == before
