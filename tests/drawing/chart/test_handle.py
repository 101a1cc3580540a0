"""Handles: what can be moved in a picture is a slider for a screen reader, and large enough for a finger."""

from nbkit.drawing.chart.handle import TOUCH_SIZE, bar_grip, handle, point_grip, touch_area
from nbkit.drawing.picture import Picture
from tests.drawing.parsed import parsed

PLACE = {"value": 0.25, "low": -1, "high": 1, "step": 0.05, "drag": 0.01}


def test_a_handle_is_a_slider_with_its_value_in_words():
    mark = handle("w", bar_grip(5, 5), label="weight <w>", words="a quarter", vertical=True, **PLACE)
    slider = parsed(mark)[0]
    assert {name: slider.get(name) for name in ("role", "tabindex", "data-item", "aria-label")} == {
        "role": "slider", "tabindex": "0", "data-item": "w", "aria-label": "weight <w>",
    }  # fmt: skip
    told = [slider.get(f"aria-{name}") for name in ("valuenow", "valuemin", "valuemax", "valuetext", "orientation")]
    assert told == ["0.25", "-1", "1", "a quarter", "vertical"]
    assert parsed(handle("w", label="w", **PLACE))[0].get("aria-orientation") == "horizontal"


def test_the_picture_knows_what_it_can_move():
    mark = handle("w", label="w", colour="blue", **PLACE)
    shown = Picture("t", "w", [[mark]], 9, 9, role="group").marks["w"]
    assert (shown.value, shown.low, shown.high, shown.step, shown.colour) == (0.25, -1, 1, 0.05, "blue")
    assert shown.page == 0.5  # ten steps
    assert handle("w", label="w", page=0.2, **PLACE).page == 0.2


def test_a_touch_area_is_large_enough_for_a_finger():
    area = parsed(touch_area(50, 60, 4, 100))[0]
    assert [float(area.get(name)) for name in ("x", "y", "width", "height")] == [
        50 - TOUCH_SIZE / 2,
        10,
        TOUCH_SIZE,
        100,
    ]
    assert "pointer-events:all" in area.get("style")


def test_grips_light_up():
    """By their class, in `svg_view.css`."""
    for grip in (bar_grip(1, 2), point_grip(1, 2), point_grip(1, 2, vertical=True)):
        assert 'class="grip"' in grip
    assert "rotate(90)" in point_grip(1, 2, vertical=True)
