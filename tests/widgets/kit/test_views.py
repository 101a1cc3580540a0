"""Messages between page and kernel: each becomes an event for its handlers, or an error that says what was expected."""

import re
from pathlib import Path

import pytest

import nbkit.web
from nbkit import GraphQuiz, Variable
from nbkit.drawing.markup import tag
from nbkit.widgets.descent.walk_view import WalkView
from nbkit.widgets.kit.assets import STATIC
from nbkit.widgets.kit.graph_view import SCRIPTS, GraphView
from nbkit.widgets.kit.views import (
    MAX_UNSEEN,
    PAGE_TIMEOUT,
    CodeBox,
    Html,
    PointerEvent,
    SvgView,
    as_pointer_event,
)

PRESS = {"kind": "press", "area": "plane", "item": None, "x": 3, "y": 4.5}


def send(view, **message):
    """Let the page send a message."""
    view._handle_custom_msg(message, [])


# ---------------------------------------------------------------- pointer events


def test_a_message_becomes_a_pointer_event():
    assert as_pointer_event(PRESS) == PointerEvent("press", "plane", None, 3.0, 4.5)
    assert as_pointer_event({**PRESS, "more": 1}) == as_pointer_event(PRESS)


@pytest.mark.parametrize(
    "message",
    [None, [], "press", {}, {**PRESS, "kind": "shake"}, {**PRESS, "x": "left"}, {**PRESS, "y": None},
     {**PRESS, "area": 3}, {**PRESS, "item": ["a"]}],
)  # fmt: skip
def test_anything_else_is_refused(message):
    with pytest.raises(ValueError, match="a pointer event has kind, area, item, x, y, got"):
        as_pointer_event(message)


@pytest.mark.parametrize("message", [{}, {"question": 3, "text": "1"}, {"question": "v1", "text": None}])
def test_a_guess_is_a_text_that_answers_a_question(message):
    view = GraphView()
    view.on_guess(pytest.fail)
    with pytest.raises(ValueError, match="an answer has a question and a text, got"):
        view._dispatch(view, {"kind": "guess", **message}, [])


def test_every_handler_is_called_for_every_event():
    view, heard = SvgView(), []
    view.on_pointer(heard.append)
    view.on_pointer(heard.append)
    send(view, **PRESS)
    assert heard == [as_pointer_event(PRESS)] * 2


@pytest.mark.parametrize("message", [None, [], {}, {"kind": 3}, {"kind": ["press"]}, {"kind": "shake"}])
def test_a_message_of_an_unknown_kind_is_refused(message):
    view = GraphView()
    view.on_expand(pytest.fail, pytest.fail)
    with pytest.raises(ValueError, match="a message has a kind, one of open, close, got"):
        view._dispatch(view, message, [])


# ---------------------------------------------------------------- pictures that follow each other


def show_while_ready(view):
    """Show pictures as long as there is room; return how many."""
    shown = 0
    while view.ready:
        shown += 1
        view.show(f"<svg>{view.number}</svg>")
    return shown


def test_the_next_picture_waits_while_many_are_on_their_way():
    view = SvgView()
    for number in range(3 * MAX_UNSEEN):
        assert view.ready  # no page yet: nobody to wait for
        view.show(f"<svg>{number}</svg>")
    send(view, kind="arrived", number=view.number)
    assert show_while_ready(view) == MAX_UNSEEN
    send(view, kind="arrived", number=view.number - 3)
    assert show_while_ready(view) == MAX_UNSEEN - 3
    send(view, kind="arrived", number=view.number)
    assert show_while_ready(view) == MAX_UNSEEN


def test_a_page_that_has_gone_is_not_waited_for_endlessly(monkeypatch):
    now = 100.0
    monkeypatch.setattr("nbkit.widgets.kit.views.monotonic", lambda: now)
    view = SvgView()
    view.show("<svg>1</svg>")
    send(view, kind="arrived", number=1)
    assert show_while_ready(view) == MAX_UNSEEN
    now += 0.9 * PAGE_TIMEOUT
    assert not view.ready
    now += 0.2 * PAGE_TIMEOUT
    assert show_while_ready(view) == 1  # and each further one takes as long
    send(view, kind="arrived", number=view.number)  # another page has come
    assert show_while_ready(view) == MAX_UNSEEN


@pytest.mark.parametrize("number", [0, -1, 2, 1.0, "1", None, [1], {}])
def test_a_number_that_no_picture_has_says_nothing(number):
    view = SvgView()
    view.show("<svg>1</svg>")
    send(view, kind="arrived", number=number)
    assert view.arrived is None


# ---------------------------------------------------------------- text


def test_html_shows_markup_and_no_plain_text():
    line = Html(tag("b", "1 < 2"))
    assert line.value == "<b>1 &lt; 2</b>"
    line.value = ""
    with pytest.raises(TypeError, match="Html shows markup that nbkit made, got text '<b>'"):
        line.value = "<b>"


def test_what_is_typed_is_not_sent_back_to_the_box():
    box, asked = CodeBox(), []
    box.value = "a"
    box.on_check(lambda: asked.append(box.value))
    assert box.shown == ["a", 1]
    send(box, kind="text", text="ab")
    assert (box.value, box.shown, asked) == ("ab", ["a", 1], [])
    send(box, kind="check", text="abc")
    assert (box.value, box.shown, asked) == ("abc", ["a", 1], ["abc"])
    box.value = "a"  # the same text as before, and yet to be shown
    assert box.shown == ["a", 2]


# ---------------------------------------------------------------- JavaScript and Python agree


def script(path):
    """The JavaScript of a file, without its comments."""
    return re.sub(r"(?m)(?:^|\s)//.*$", "", path.read_text("utf-8"))


def views():
    """For each script that sends messages: its text, and a view with all of its handlers."""
    svg, walk, graph = SvgView(), WalkView(), GraphView()
    for view in (svg, walk):
        view.on_pointer(pytest.fail)
        view.on_value(pytest.fail)
    walk.on_frames(pytest.fail)
    graph.on_expand(pytest.fail, pytest.fail)
    graph.on_guess(pytest.fail)
    quiz = GraphQuiz(Variable(2, "x") * Variable(3, "y")).view
    pairs = {("svg_view.js",): svg, ("svg_view.js", "transport.js", "walk_view.js"): walk, SCRIPTS: graph,
             ("code_box.js",): CodeBox(), ("graph_quiz.js",): quiz}  # fmt: skip
    return [("\n".join(script(STATIC / name) for name in names), view) for names, view in pairs.items()]


def test_no_javascript_holds_a_sentence():
    """All words come from Python, where they can be translated."""
    found = [*STATIC.glob("*.js"), *(Path(nbkit.web.__file__).parent / "static").glob("*.js")]
    assert len(found) >= 8
    literal = re.compile(r""""[^"\n]*"|'[^'\n]*'|`[^`]*`""")
    texts = [text for path in found for text in literal.findall(script(path))]
    assert [text for text in texts if re.search(r"[^\W\d_]{2,},? [^\W\d_]{2,}", text)] == []


def test_the_page_sends_only_messages_that_have_a_handler():
    senders = {path.name for path in STATIC.glob("*.js") if ".send(" in script(path)}
    assert senders == {"svg_view.js", "walk_view.js", "graph_view.js", "graph_guess.js", "code_box.js", "graph_quiz.js"}
    for text, view in views():
        kinds = {*re.findall(r'\bkind(?: =|:) "(\w+)"', text)}
        assert kinds <= {*view.handlers}
        assert [kind for kind in view.handlers if f'"{kind}"' not in text] == []


def test_the_page_asks_only_for_traits_and_words_that_python_has():
    for text, view in views():
        assert {*re.findall(r'\bmodel\.get\("(\w+)"\)', text)} <= {*view.keys}
        assert {*re.findall(r"\bwords\.(\w+)", text)} <= {*view.words}
        assert [word for word in view.words if not re.search(rf"\b{word}\b", text)] == []
