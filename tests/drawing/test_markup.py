"""Markup is a type: what is not of it is escaped, wherever it is put."""

import json

import pytest

from nbkit.drawing.markup import Markup, as_json, attributes, element, escape, join, tag
from tests.drawing.parsed import parsed

HOSTILE = [
    "<script>alert(1)</script>",
    "a&b",
    "\"double\" and 'single'",
    "]]>",
    "--",
    "\x00\ud800\uffff",
    "{0.x}%s",
    "苹果",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_text_is_escaped_as_content_and_as_attribute(text):
    shown = text.replace("\x00", "\ufffd").replace("\ud800", "\ufffd").replace("\uffff", "\ufffd")
    ways = [
        tag("g", text, data_name=text),
        element("g", data_name=text)(text),
        tag("g", join([[text]]), data_name=escape(text)),
    ]
    for markup in ways:
        group = parsed(markup)[0]
        assert (group.text, group.get("data-name"), len(group)) == (shown, shown, 0)


def test_markup_stays_as_it_is():
    inner = tag("b", "x")
    assert escape(inner) == inner
    assert tag("a", inner, ["y", inner]) == "<a><b>x</b>y<b>x</b></a>"
    assert Markup("<i>{}</i>").format(inner) == "<i><b>x</b></i>"

    class Own:
        def __html__(self):
            return "<b/>"

    assert join([Own(), 3, None]) == "<b/>3None"


def test_what_strings_do_to_markup_keeps_it_safe():
    assert tag("b") + "<" == "<b/>&lt;"
    assert Markup(", ").join(["<", tag("b")]) == "&lt;, <b/>"


def test_attributes_take_underscores_numbers_and_none():
    assert attributes(class_="a", data_key=1, x=0.1 + 0.2, y=None, viewBox="0 0") == (
        ' class="a" data-key="1" x="0.3" viewBox="0 0"'
    )
    assert tag("path", d="M0 0", x=None) == '<path d="M0 0"/>'


def test_an_element_is_written_the_same_way_again_and_again():
    bold = element("text", x=1.0, flag=True)
    assert [bold("a"), bold("b"), bold()] == [f'<text x="1" flag="True">{c}</text>' for c in ("a", "b", "")]
    assert element("text", x=1.0, flag=1)() == '<text x="1" flag="1"></text>'


@pytest.mark.parametrize("text", HOSTILE)
def test_json_says_the_same_inside_markup_and_ends_nothing(text):
    markup = as_json({"a": [text, 1, None]})
    assert not set("<>&") & set(markup)
    got = json.loads(parsed(tag("metadata", markup))[0].text)["a"]
    assert got == [text.replace("\ud800", "\ufffd").replace("\uffff", "\ufffd"), 1, None]
