"""A hand on a handle of a picture: pixels and keys become values on its steps, and never beyond its ends."""

import pytest

from nbkit.drawing.chart.handle import handle
from nbkit.drawing.picture import Picture
from nbkit.widgets.kit.value_events import ValueEvent, after_key, dragged
from nbkit.widgets.kit.views import SvgView


def knob(value=2.0, **more):
    """A handle from -10 to 10 in steps of 0.1; 20 pixels are 1."""
    return handle("w", label="weight", **{"value": value, "low": -10, "high": 10, "step": 0.1, "drag": 0.05} | more)


class Moved:
    """A view of one handle that takes over each value, as a widget does, and notes what it heard."""

    def __init__(self, **more):
        self.more, self.heard, self.view, self.sent = more, [], SvgView(), []
        self.view.send = lambda message: self.sent.append(message)
        self.draw(knob(**more))
        self.view.on_value(self.take)

    def draw(self, mark):
        self.view.svg = Picture("t", "w", [mark], 100, 100, role="group")

    def take(self, event):
        self.heard.append(event)
        self.draw(knob(**self.more | {"value": event.value}))

    def pointer(self, kind, x, y, item="w"):
        self.view._handle_custom_msg({"kind": kind, "area": None, "item": item, "x": x, "y": y}, [])

    def key(self, key, item="w"):
        self.view._handle_custom_msg({"kind": "key", "item": item, "key": key}, [])


def values(moved):
    return [(event.kind, pytest.approx(event.value)) for event in moved.heard]


# ---------------------------------------------------------------- a pointer


def test_it_moves_as_far_as_the_pointer_wherever_it_was_grabbed():
    moved = Moved()
    moved.pointer("press", 47, 50)
    moved.pointer("drag", 57, 90)  # 10 pixels are half a unit; up and down means nothing
    moved.pointer("drag", 27, 0)
    moved.pointer("drop", 27, 0)
    assert values(moved) == [("press", 2.0), ("drag", 2.5), ("drag", 1.0), ("drop", 1.0)]
    assert {event.item for event in moved.heard} == {"w"}


def test_upwards_is_more():
    moved = Moved(vertical=True)
    moved.pointer("press", 0, 50)
    moved.pointer("drag", 70, 30)
    assert moved.heard[-1].value == pytest.approx(3.0)


def test_a_drag_within_one_step_says_nothing_and_the_page_need_not_wait():
    moved = Moved()
    moved.pointer("press", 50, 50)
    moved.pointer("drag", 50.5, 50)
    moved.pointer("drag", 52, 50)
    moved.pointer("drag", 52.4, 50)
    assert values(moved) == [("press", 2.0), ("drag", 2.1)]
    assert moved.sent == [{"kind": "same"}] * 2  # for the first and the third


def test_no_drag_leads_beyond_the_ends_and_the_way_back_is_as_long():
    moved = Moved()
    moved.pointer("press", 0, 0)
    for x in (1e6, -1e6, 0):
        moved.pointer("drag", x, 0)
    assert [event.value for event in moved.heard[1:]] == pytest.approx([10, -10, 2])


def test_a_curved_scale_turns_pixels_into_values_itself():
    moved = Moved(drag=lambda pixels: 2.0 if pixels < 5 else 7.04)
    moved.pointer("press", 0, 0)
    moved.pointer("drag", 9, 0)
    assert moved.heard[-1].value == pytest.approx(7.0)  # on a step
    assert dragged(knob(drag=lambda _pixels: float("nan")), 3) == 2.0
    assert dragged(knob(drag=lambda _pixels: float("inf")), 3) == 10


def test_a_click_is_a_press_and_a_drop():
    moved = Moved(value=2.03)  # between two steps
    moved.pointer("press", 5, 5)
    moved.pointer("drop", 5, 5)
    assert moved.heard == [ValueEvent("press", "w", 2.03), ValueEvent("drop", "w", 2.03)]


def test_what_is_no_handle_is_left_to_others():
    moved, others = Moved(), []
    moved.view.on_pointer(lambda event: others.append(event.kind))
    for kind in ("press", "drag", "drop"):
        moved.pointer(kind, 0, 9, item="point")
        moved.pointer(kind, 0, 9, item=None)
    assert moved.heard == []
    assert others == ["press", "press", "drag", "drag", "drop", "drop"]
    moved.view.svg = "<svg/>"  # a text without marks
    moved.pointer("press", 0, 0)
    assert moved.heard == []


# ---------------------------------------------------------------- the keyboard


@pytest.mark.parametrize(
    ("key", "value"),
    [("ArrowRight", 2.1), ("ArrowUp", 2.1), ("ArrowLeft", 1.9), ("ArrowDown", 1.9), ("PageUp", 3.0),
     ("PageDown", 1.0), ("Home", -10), ("End", 10)],
)  # fmt: skip
def test_keys_go_by_steps_pages_and_to_the_ends(key, value):
    moved = Moved()
    moved.key(key)
    assert values(moved) == [("key", value)]


@pytest.mark.parametrize(
    ("start", "key", "value"),
    [(2.03, "ArrowRight", 2.1), (2.03, "ArrowLeft", 2.0), (2.08, "ArrowRight", 2.1), (2.08, "ArrowLeft", 2.0),
     (10, "ArrowUp", 10), (-10, "PageDown", -10), (9.5, "PageUp", 10)],
)  # fmt: skip
def test_from_between_two_steps_a_key_goes_to_the_next(start, key, value):
    assert after_key(knob(start), key) == pytest.approx(value)


def test_a_page_may_be_wider():
    assert after_key(knob(page=5), "PageUp") == pytest.approx(7)


def test_a_key_that_changes_nothing_is_answered():
    moved = Moved(value=10)
    moved.key("End")
    assert moved.sent == [{"kind": "same"}]


@pytest.mark.parametrize("message", [{}, {"item": "v", "key": "End"}, {"item": ["w"], "key": "End"},
                                     {"item": "w", "key": "a"}, {"item": "w", "key": 3}, {"item": "w"}])  # fmt: skip
def test_any_other_key_is_refused(message):
    moved = Moved()
    rule = "a key moves one of w, by ArrowRight, ArrowUp, .*, End; got"
    with pytest.raises(ValueError, match=rule):
        moved.view._dispatch(moved.view, {"kind": "key", **message}, [])
    assert moved.heard == []
