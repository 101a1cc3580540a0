"""Weights dragged by their lines, and moved by keys: the same as by their sliders."""

import asyncio

import pytest

from nbkit import WeightSliders
from tests.widgets.training.small_nets import NAMES, marks, plain_loss


def touch(widget, kind, name, y=0.0):
    """Do what the page says of a pointer on a line: `y` is in pixels from the top."""
    widget.view._handle_custom_msg({"kind": kind, "area": None, "item": name, "x": 5.0, "y": y}, [])


def drag(widget, name, *heights):
    """Drag a line from 200 pixels through these heights, and let go."""
    touch(widget, "press", name, 200.0)
    for y in heights:
        touch(widget, "drag", name, float(y))
    touch(widget, "drop", name, float(heights[-1]))


def key(widget, name, pressed):
    widget.view._handle_custom_msg({"kind": "key", "item": name, "key": pressed}, [])


def test_a_line_dragged_up_has_a_larger_weight_and_all_else_follows():
    widget = WeightSliders()
    before, moves, loss = widget.value("h₁→y"), len(widget.moves), widget.loss
    drag(widget, "h₁→y", 190, 175)
    assert widget.value("h₁→y") == pytest.approx(round(before + 25 * 4 / 100, 1))  # 100 pixels for the slider's half
    assert widget.sliders["h₁→y"].value == pytest.approx(widget.value("h₁→y"))
    assert marks(widget)["h₁→y"].value == widget.value("h₁→y")
    assert widget.loss == pytest.approx(plain_loss([widget.value(name) for name in NAMES]))
    assert widget.loss != loss
    assert widget.moves[-1] == widget.loss
    assert len(widget.moves) == moves + 2
    drag(widget, "h₁→y", 5000)
    assert widget.value("h₁→y") == -4


def test_a_circle_is_dragged_for_its_bias_and_a_click_changes_nothing():
    widget = WeightSliders()
    svg = widget.view.svg
    drag(widget, "bias h₂", 200)
    assert widget.view.svg == svg
    assert widget.undo_button.disabled
    drag(widget, "bias h₂", 150)
    assert widget.net.layers[0].params["b"][1] == pytest.approx(2.1)


def test_keys_move_a_line_like_its_slider():
    widget = WeightSliders()
    widget.zero_button.click()
    key(widget, "x₁→h₁", "ArrowUp")
    assert widget.value("x₁→h₁") == pytest.approx(0.1)
    key(widget, "x₁→h₁", "PageDown")
    assert widget.value("x₁→h₁") == pytest.approx(-0.9)
    key(widget, "x₁→h₁", "Home")
    assert widget.value("x₁→h₁") == pytest.approx(-4)
    assert widget.sliders["x₁→h₁"].value == pytest.approx(-4)
    widget.undo_button.click()
    assert widget.value("x₁→h₁") == 0  # keys in a row are one thing to undo


def test_each_drag_is_one_thing_to_undo():
    widget = WeightSliders()
    states = [[widget.value(name) for name in NAMES]]
    for heights in ((190, 180, 170), (210, 220)):
        drag(widget, "x₂→h₁", *heights)
        states.append([widget.value(name) for name in NAMES])
    widget.undo_button.click()
    assert [widget.value(name) for name in NAMES] == states[1]
    assert widget.sliders["x₂→h₁"].exact == widget.value("x₂→h₁")
    widget.undo_button.click()
    assert [widget.value(name) for name in NAMES] == states[0]
    assert widget.undo_button.disabled


def test_a_grabbed_line_pauses_descent():
    widget = WeightSliders(lr=0.01)

    async def grab():
        widget.finish_button.click()
        while len(widget.descent) < 30:
            await asyncio.sleep(0)
        touch(widget, "press", "bias y", 100.0)
        assert not widget.running
        made, value = len(widget.descent), widget.value("bias y")
        touch(widget, "drag", "bias y", 90.0)
        touch(widget, "drop", "bias y", 90.0)
        assert widget.value("bias y") == pytest.approx(round(value + 0.4, 1))
        assert len(widget.descent) == made
        assert widget.moves[-2:] == [widget.descent[-1], widget.loss]

    asyncio.run(grab())
