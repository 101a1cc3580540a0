"""Sliders that widgets move as well: the page has nothing to correct, and each move of a user counts."""

import random
from types import SimpleNamespace

import pytest

from nbkit import DescentExplorer, WeightSliders
from nbkit.widgets.kit.snapped_slider import SnappedSlider, snap


@pytest.mark.parametrize(
    ("value", "low", "high", "step", "expected"),
    [
        (-0.82, -2.4, 2.4, 0.02, -0.8199999999999996),  # as Chromium sends it
        (0.4, -3.0, 3.0, 0.05, 0.3999999999999999),
        (2.0, -2.4, 2.4, 0.02, 2.0000000000000004),
        (-2.4, -2.4, 2.4, 0.02, -2.4),
        (9.0, -3.0, 3.0, 0.05, 3.0),
        (-9.0, -3.0, 3.0, 0.05, -3.0),
    ],
)
def test_a_stop_is_what_the_page_makes_of_a_value(value, low, high, step, expected):
    found = snap(value, low, high, step)
    assert found == expected
    assert snap(found, low, high, step) == found


def test_the_page_hears_of_a_value_after_its_range():
    names = ["value", "min", "max", "step"]
    for _order in range(10):
        random.shuffle(names)
        assert list(SnappedSlider().get_state(names))[-1] == "value"


def test_only_a_users_move_is_heard():
    slider, heard = SnappedSlider(min=-3.0, max=3.0, step=0.05), []
    slider.on_move(lambda change: heard.append(change.new))
    slider.put(0.42)
    assert (slider.value, slider.exact) == (snap(0.42, -3.0, 3.0, 0.05), 0.42)
    slider.set_state({"value": slider.value + 1e-12})  # the page's echo
    slider.put(7.0, -8.0, 8.0, 0.1)
    assert (slider.min, slider.max, slider.step) == (-8.0, 8.0, 0.1)
    assert (heard, slider.exact) == ([], 7.0)
    slider.set_state({"value": 6.9})
    assert (heard, slider.exact) == ([6.9], 6.9)


def test_every_start_of_a_walk_is_sent_as_a_stop():
    explorer = DescentExplorer("bowl")
    for _label, name in explorer.loss.options:
        explorer.loss.value = name
        for slider, _weight in zip(explorer.starts, explorer.start, strict=False):
            assert slider.value == snap(slider.value, slider.min, slider.max, slider.step)


def test_a_moved_slider_pauses_descent_even_where_descent_has_just_moved_it():
    sliders = WeightSliders()
    slider = sliders.sliders["h₁→y"]
    sliders.background.task = SimpleNamespace(done=lambda: False)
    assert sliders.running
    slider.set_state({"value": slider.value})
    assert not sliders.running
