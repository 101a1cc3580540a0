"""A touch from the page becomes a Touch, or an error that says what a touch is."""

import pytest

from nbkit.drawing.chart.frame import Frame
from nbkit.widgets.kit.svg_view import ON_THEIR_WAY, PATIENCE, SvgView, Touch, as_touch

PRESS = {"hand": "press", "pad": "plane", "item": None, "x": 3, "y": 4.5}


def test_a_message_becomes_a_touch():
    assert as_touch(PRESS) == Touch("press", "plane", None, 3.0, 4.5)
    assert as_touch({**PRESS, "more": 1}) == as_touch(PRESS)


@pytest.mark.parametrize(
    "message",
    [None, [], "press", {}, {**PRESS, "hand": "shake"}, {**PRESS, "x": "left"}, {**PRESS, "y": None},
     {**PRESS, "pad": 3}, {**PRESS, "item": ["a"]}],
)  # fmt: skip
def test_anything_else_is_refused(message):
    with pytest.raises(ValueError, match="a touch has"):
        as_touch(message)


def test_every_listener_hears_every_touch():
    view, heard = SvgView(), []
    view.on_touch(heard.append)
    view.on_touch(heard.append)
    view._handle_custom_msg(PRESS, [])
    assert heard == [as_touch(PRESS)] * 2


# ---------------------------------------------------------------- pictures that follow each other


def hear(view, message):
    view._handle_custom_msg(message, [])


def show_while_ready(view):
    """Show pictures as long as there is room; return how many."""
    shown = 0
    while view.ready:
        shown += 1
        view.show(f"<svg>{view.number}</svg>")
    return shown


def test_the_next_picture_waits_while_many_are_on_their_way():
    view = SvgView()
    for number in range(3 * ON_THEIR_WAY):
        assert view.ready  # no page yet: nobody to wait for
        view.show(f"<svg>{number}</svg>")
    hear(view, {"arrived": view.number})
    assert show_while_ready(view) == ON_THEIR_WAY
    hear(view, {"arrived": view.number - 3})
    assert show_while_ready(view) == ON_THEIR_WAY - 3
    hear(view, {"arrived": view.number})
    assert show_while_ready(view) == ON_THEIR_WAY


def test_a_page_that_has_gone_is_not_waited_for_for_ever(monkeypatch):
    now = 100.0
    monkeypatch.setattr("nbkit.widgets.kit.svg_view.monotonic", lambda: now)
    view = SvgView()
    view.show("<svg>1</svg>")
    hear(view, {"arrived": 1})
    assert show_while_ready(view) == ON_THEIR_WAY
    now += 0.9 * PATIENCE
    assert not view.ready
    now += 0.2 * PATIENCE
    assert show_while_ready(view) == 1  # and each further one takes as long
    hear(view, {"arrived": view.number})  # another page has come
    assert show_while_ready(view) == ON_THEIR_WAY


@pytest.mark.parametrize("number", [0, -1, 2, 1.0, "1", None, [1], {}])
def test_a_number_that_no_picture_has_says_nothing(number):
    view, heard = SvgView(), []
    view.on_touch(heard.append)
    view.show("<svg>1</svg>")
    hear(view, {"arrived": number})
    assert (view.arrived, heard) == (None, [])


# ---------------------------------------------------------------- places


@pytest.mark.parametrize("place", [(-1.0, 5.0), (2.0, 7.5), (0.25, 6.0)])
def test_a_frame_finds_its_way_back_from_pixels(place):
    frame = Frame((46.0, 28.0, 300.0, 222.0), (-1, 2), (5, 7.5), "a", "b")
    assert frame.values(float(frame.x(place[0])), float(frame.y(place[1]))) == pytest.approx(place)


def test_a_hand_beyond_the_frame_stays_at_its_edge():
    frame = Frame((46.0, 28.0, 300.0, 222.0), (-1, 2), (5, 7.5), "a", "b")
    assert frame.values(-100, 1e6) == (-1, 5)
    assert frame.values(1e6, -100) == (2, 7.5)


def test_a_pad_covers_its_frame():
    frame = Frame((46.0, 28.0, 300.0, 222.0), (-1, 2), (5, 7.5), "a", "b")
    assert 'data-pad="loss" x="46" y="28" width="300" height="222"' in frame.hit_area("loss")
