"""The loss axis: it grows with the losses up to a bound, and a cut curve says how far it went."""

import re

import numpy as np
import pytest

from nbkit.drawing.chart.frame import Frame
from nbkit.widgets.training.loss_axis import ROOM, ends_beyond, top_for

STEPS = np.arange(3.0)


def frame(top=1.0):
    return Frame((50.0, 20.0, 300.0, 100.0), (0, 10), (0, top), "step", "loss")


@pytest.mark.parametrize(
    ("losses", "top"),
    [
        ([2.0, 1.0, 0.5], 2.5),  # falling: a little air above the first
        ([2.0, 2.5, 0.5], 2.5),
        ([2.0, 2.6, 0.5], 4.0),
        ([2.0, 4.1, 0.5], 6.0),
        ([2.0, 5e9, 0.5], 6.0),  # at most three times the first
        ([2.0, np.inf, np.nan], 2.5),
        ([0.0, 0.0], 1.25),
        ([np.nan], 1.25),
        ([], 1.25),
    ],
)
def test_the_axis_ends_above_the_losses_but_at_most_at_three_times_the_first(losses, top):
    assert top_for(np.array(losses)) == top


def test_every_curve_gets_room_measured_by_the_first():
    training, held_out = np.array([1.0, 0.2, 0.1]), np.array([1.1, 1.4, 1.9])
    assert top_for(training, held_out) == 2.0
    assert top_for(training, np.full(3, np.nan)) == 1.25


def test_a_growing_loss_needs_few_different_axes():
    losses = 1.01 ** np.arange(2000)
    assert {top_for(losses[:n]) for n in range(1, 2000)} == set(ROOM)


def test_a_curve_that_ends_beyond_says_where():
    svg = ends_beyond(frame(), [("training", STEPS, np.array([0.5, 2.0, 5049.8]))])
    assert re.findall(r">([^<]+)</text>", svg) == ["training ↑ 5050"]
    x, y = (float(re.search(rf' {name}="([\d.]+)"', svg)[1]) for name in "xy")
    assert x == pytest.approx(50 + 300 * 0.2 + 4)  # at its last step
    assert 20 < y < 120
    assert 'text-anchor="start"' in svg


def test_two_cut_curves_stand_below_one_another_and_inside_the_frame():
    late = np.array([8.0, 9.0, 10.0])
    svg = ends_beyond(frame(), [("a", late, np.array([0.1, 1.0, 2.0])), ("b", late, np.array([0.1, 1.0, np.inf]))])
    assert re.findall(r">([^<]+)</text>", svg) == ["a ↑ 2", "b ↑ ∞"]
    assert len(set(re.findall(r' y="([\d.]+)"', svg))) == 2
    assert svg.count('text-anchor="end"') == 2  # written to the left of the end


@pytest.mark.parametrize("values", [[], [0.5], [5.0, 1.0]])
def test_a_curve_that_ends_inside_says_nothing(values):
    assert ends_beyond(frame(), [("training", STEPS[: len(values)], np.array(values))]) == ""
