"""A picture knows its size, its words and what its marks show, also when it becomes part of another one."""

import pytest

from nbkit.drawing.markup import Markup, escape, join, tag
from nbkit.drawing.picture import Mark, Picture, Stack
from tests.drawing.parsed import parsed, texts


def picture(*parts, width=200, height=100.0, **more):
    return Picture("Title <1>", "a < b", parts, width, height, **more)


def test_it_is_svg_with_size_and_words():
    made = picture(tag("text", "x"))
    root = parsed(made)
    assert isinstance(made, str)
    assert (made.width, made.height, made.title, made.words) == (200.0, 100.0, "Title <1>", "a < b")
    assert [root.get(name) for name in ("role", "width", "height", "viewBox")] == ["img", "200", "100", "0 0 200 100"]
    assert (root.find("title").text, root.find("desc").text) == ("Title <1>", "a < b")
    assert texts(made) == ["x"]
    ground = root.find("rect")
    assert [ground.get(name) for name in ("x", "y", "width", "height")] == [None, None, "200", "100"]


def test_the_view_box_has_a_ground_of_its_own():
    made = picture(view_box=(-10, -10, 400, 200))
    root = parsed(made)
    assert root.get("viewBox") == "-10 -10 400 200"
    assert [root.find("rect").get(name) for name in ("x", "y", "width", "height")] == ["-10", "-10", "400", "200"]
    assert made.width == 200


@pytest.mark.parametrize(
    "part",
    ["<b>x</b>", ["<b>x</b>"], tag("text", "<b>x</b>"), tag("text", ["<b>x</b>"]), Mark(tag("i", "<b>x</b>"), "k"),
     join(["<b>x</b>"]), tag("path", d="<b>x</b>"), tag("text", picture().words + "<b>x</b>")],
    ids=range(8),
)  # fmt: skip
def test_plain_text_is_escaped_in_every_place(part):
    for made in (picture(part), picture().add(part), picture(part).placed(3), picture().below(picture(part))):
        assert not list(parsed(made).iter("b"))
        assert "&lt;b&gt;x&lt;/b&gt;" in made


def test_what_strings_make_of_a_mark_is_plain_text_again():
    mark = Mark(tag("b", "x"), "k")
    assert escape(mark) == mark
    assert escape(mark[:3] + "<") == "&lt;b&gt;&lt;"
    assert Markup("{}").format(mark) == mark


def test_marks_say_what_they_show_in_units_of_the_data():
    made = picture([tag("g"), [Mark(tag("circle"), "value", x=1.5, y=[2, 3])]], Mark(tag("path"), "line", y=7))
    assert {*made.marks} == {"value", "line"}
    assert made.marks["value"].x == 1.5
    assert made.marks["value"].data == {"x": 1.5, "y": [2, 3]}
    assert made.marks["line"].y == 7
    with pytest.raises(AttributeError, match="this mark shows no x"):
        made.marks["line"].x  # noqa: B018


def test_parts_may_come_from_a_generator():
    made = Picture("t", "w", (Mark(tag("text", name), name) for name in "ab"), 10, 10)
    assert ([*made.marks], texts(made)) == (["a", "b"], ["a", "b"])
    assert texts(made.add(tag("text", "c")).at_least(5)) == ["a", "b", "c"]


def test_more_can_be_added_in_front_without_a_change_of_the_first():
    first = picture(tag("text", "a"))
    more = first.add(Mark(tag("text", "b"), "b", x=2), tag("text", "c"))
    assert (texts(first), texts(more)) == (["a"], ["a", "b", "c"])
    assert ({*first.marks}, more.marks["b"].x) == (set(), 2)
    assert (more.width, more.words) == (first.width, first.words)


def test_a_picture_says_how_far_a_page_may_shrink_it():
    made = picture(Mark(tag("g"), "k"))
    assert parsed(made).get("style") is None
    assert parsed(made.at_least(600)).get("style") == "min-width:600px"
    assert parsed(made.at_least(600, 900.4)).get("style") == "min-width:600px;width:100%;max-width:900.4px"
    assert {*made.at_least(600).marks} == {"k"}


def test_pictures_stand_below_one_another_without_overlap():
    first = picture(Mark(tag("text", "a"), "a"))
    second = Picture("Second", "more words", [Mark(tag("text", "b"), "b")], 300, 50)
    both = second.below(first)
    root = parsed(both)
    assert (both.width, both.height, root.get("role"), root.get("viewBox")) == (300.0, 158.0, "group", "0 0 300 158")
    assert [(svg.get("y"), svg.get("height")) for svg in root.findall("svg")] == [("0", "100"), ("108", "50")]
    assert (both.title, both.words, {*both.marks}) == ("Title <1>", "a < b more words", {"a", "b"})
    assert texts(both) == ["a", "b"]


def test_a_stack_is_a_picture_like_any_other():
    three = picture().below(Stack([picture(), picture()], gap=20), gap=0).at_least(150).add(Mark(tag("g"), "k"))
    assert (three.height, {*three.marks}) == (320.0, {"k"})
    assert [svg.get("y") for svg in parsed(three).iter("svg")] == [None, "0", "0", "120", "220"]
    assert parsed(three).get("style") == "min-width:150px"


def test_a_picture_that_holds_controls_is_a_group_with_a_label():
    root = parsed(picture(tag("foreignObject"), role="group"))
    assert (root.get("role"), root.get("aria-label")) == ("group", "a < b")
    assert (root.find("title"), root.find("desc")) == (None, None)
