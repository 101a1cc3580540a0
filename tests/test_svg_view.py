"""A touch from the page becomes a Touch, or an error that says what a touch is."""

import pytest

from nbkit.drawing.chart import Frame
from nbkit.widgets.svg_view import SvgView, Touch, as_touch

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
    assert 'data-pad="loss" x="46" y="28" width="300" height="222"' in frame.pad("loss")
