"""Every change of the sheet can be taken back, in the order in which it was made."""

import numpy as np
import pytest

from nbkit.widgets.digits.past import MAX_CHANGES
from tests.widgets.digits.conftest import HELD_OUT
from tests.widgets.digits.test_digit_pad import point

CHANGES = {
    "draw": lambda pad: pad.draw([(0, 0), (8, 8)]),
    "rub out": lambda pad: pad.draw([(0, 1), (8, 1)], erase=True),
    "clear": lambda pad: pad.clear_button.click(),
    "fit": lambda pad: pad.fit_button.click(),
    "invert": lambda pad: pad.invert_button.click(),
    "move": lambda pad: pad.shift_buttons["left"].click(),
    "load": lambda pad: pad.next_button.click(),
    "step": lambda pad: pad.step_button.click(),
    "play": lambda pad: pad.run_button.click(),
}


def sheet(pad):
    return pad.raster.cells.copy(), pad.truth, pad.index.value, pad.making.steps


def same(state, other):
    return np.array_equal(state[0], other[0]) and state[1:] == other[1:]


@pytest.fixture
def drawn(pad):
    """A pad with a stroke in the upper half, before which there was nothing."""
    pad.load(3)
    pad.clear()
    pad.draw([(2, 1), (5, 2)])
    pad.past.states.clear()
    pad.show()
    assert pad.undo_button.disabled
    return pad


@pytest.mark.parametrize("change", CHANGES)
def test_undo_takes_back_what_was_done_last(drawn, change):
    before = sheet(drawn)
    CHANGES[change](drawn)
    assert not same(sheet(drawn), before)
    assert not drawn.undo_button.disabled
    drawn.undo_button.click()
    assert same(sheet(drawn), before)
    assert drawn.undo_button.disabled
    np.testing.assert_array_equal(drawn.view.svg.marks["sheet"].pixels, drawn.pixels)


def test_a_drawing_comes_back_after_all_of_them(drawn):
    states = []
    for change in CHANGES.values():
        states.append(sheet(drawn))
        change(drawn)
    for state in reversed(states):
        if not same(sheet(drawn), state):  # what changed nothing is not taken back
            drawn.undo_button.click()
        assert same(sheet(drawn), state)
    assert drawn.undo_button.disabled


def test_what_was_moved_off_the_sheet_comes_back(drawn):
    before = drawn.pixels
    for way in ["left"] * 6 + ["right"] * 6:
        drawn.shift_buttons[way].click()
    assert not np.array_equal(drawn.pixels, before)
    while not drawn.undo_button.disabled:
        drawn.undo_button.click()
    np.testing.assert_array_equal(drawn.pixels, before)


def test_a_stroke_is_taken_back_as_a_whole(drawn):
    before = drawn.pixels
    for kind, x in (("press", 1), ("drag", 4), ("drag", 6), ("drop", 7)):
        point(drawn, kind, x, 6)
    point(drawn, "press", 1, 7)
    point(drawn, "drop", 7, 7)
    drawn.undo_button.click()
    assert not np.array_equal(drawn.pixels, before)
    drawn.undo_button.click()
    np.testing.assert_array_equal(drawn.pixels, before)


def test_as_i_drew_it_can_be_taken_back_too_and_a_stroke_on_a_changed_digit(drawn):
    drawn.run_button.click()
    made = sheet(drawn)
    drawn.as_drawn_button.click()
    drawn.undo_button.click()
    assert same(sheet(drawn), made)
    drawn.draw([(1, 1), (1, 6)])
    assert drawn.as_drawn_button.disabled
    drawn.undo_button.click()
    assert same(sheet(drawn), made)
    assert not drawn.as_drawn_button.disabled


def test_what_changes_nothing_is_nothing_to_take_back(drawn):
    drawn.load(3)
    drawn.past.states.clear()
    drawn.load(3)
    drawn.draw([(-9, -9)])
    drawn.as_drawn()
    assert drawn.undo_button.disabled
    before = sheet(drawn)
    drawn.undo()
    assert same(sheet(drawn), before)


def test_only_so_many_changes_are_kept(drawn):
    for _press in range(MAX_CHANGES + 9):
        drawn.invert()
    assert len(drawn.past.states) == MAX_CHANGES


def test_buttons_that_can_do_nothing_with_an_empty_sheet_are_off(pad):
    controls = [pad.clear_button, pad.fit_button, *pad.shift_buttons.values()]
    assert not any(control.disabled for control in controls)
    pad.clear()
    assert all(control.disabled for control in controls)
    pad.undo()
    assert not any(control.disabled for control in controls)
    np.testing.assert_array_equal(pad.pixels, HELD_OUT[0][0])
