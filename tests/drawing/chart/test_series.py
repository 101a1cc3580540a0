"""The curve of a loss, and its axis: it grows with the losses up to a bound, and a cut curve says how far it went."""

import numpy as np
import pytest

from nbkit.drawing.chart.frame import RIGHT_BOX, Frame
from nbkit.drawing.chart.series import (
    AXIS_TOPS,
    LossCurve,
    ends_beyond,
    inside_pieces,
    log_range,
    log_steps,
    log_tick,
    loss_frame,
    top_for,
)
from tests.drawing.parsed import parsed, points, texts

STEPS = np.arange(3.0)
LEFT, TOP, WIDTH, HEIGHT = RIGHT_BOX


def test_a_loss_too_high_ends_at_the_top_and_says_so_and_earlier_runs_stay():
    svg = LossCurve(10, 2.0).svg([("old", [1.0, 0.5]), ("new", [1.0, np.inf])])
    (old,), (new,) = points(svg, "then"), points(svg, "now")
    assert old == [(LEFT + WIDTH / 10, TOP + HEIGHT / 2), (LEFT + WIDTH / 5, TOP + 0.75 * HEIGHT)]
    assert new == [old[0], (LEFT + WIDTH / 5, TOP)]
    dashed = [(line.get("class"), "stroke-dasharray" in line.attrib) for line in parsed(svg).iter("polyline")]
    assert dashed == [("then", True), ("now", False)]
    assert texts(svg, "tick")[-3:] == ["old", "new", "new ↑ ∞"]


def test_a_line_is_not_drawn_along_the_top_and_its_value_stands_where_it_left_for_good():
    """Up and out, back inside, out again from step 6 on: two lines, and an arrow at step 6 with the last loss."""
    svg = LossCurve(10, 2.0).svg([("run", [1.0, 5.0, 6.0, 7.0, 1.0, 8.0, 9.0, 683.9])])
    first, second = points(svg, "now")
    steps = [[round(10 * (x - LEFT) / WIDTH) for x, _y in line] for line in (first, second)]
    assert steps == [[1, 2], [4, 5, 6]]
    assert [line[-1][1] for line in (first, second)] == [TOP, TOP]
    (mark,) = [text for text in parsed(svg).iter("text") if "↑" in text.text]
    assert (mark.text, mark.get("text-anchor")) == ("run ↑ 683.9", "end")
    assert float(mark.get("x")) == pytest.approx(LEFT + 0.6 * WIDTH - 4)


@pytest.mark.parametrize(
    ("values", "pieces"),
    [
        ([0, 1, 0], [(0, 3)]),
        ([2, 2], []),
        ([2, 0, 2], [(0, 3)]),
        ([0, 2, 2, 0], [(0, 2), (2, 4)]),
        ([0, np.nan], [(0, 2)]),
    ],
)
def test_pieces_of_a_line_end_one_value_beyond(values, pieces):
    assert inside_pieces(values, 1) == [slice(*piece) for piece in pieces]


def test_with_several_steps_a_unit_the_line_goes_through_their_means():
    """Seven losses, three in each epoch: means 2, 5 and 7, each at the mean of the places it stands for."""
    curve = LossCurve(4, 10.0)
    svg = curve.svg([("run", [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0], 3)])
    places = [(2 / 3, 2.0), (5 / 3, 5.0), (7 / 3, 7.0)]
    (line,), (each,) = points(svg, "now"), points(svg, "each")
    np.testing.assert_allclose(
        line, [(LEFT + WIDTH * x / 4, TOP + HEIGHT * (1 - y / 10)) for x, y in places], atol=0.05
    )
    assert each[0] == pytest.approx((LEFT + WIDTH / 12, TOP + HEIGHT * 0.9), abs=0.05)
    assert len(each) == 7
    assert points(curve.svg([("old", [1.0, 2.0], 2), ("run", [1.0, 2.0], 1)]), "each") == []


def test_stacked_names_stand_below_one_another():
    root = parsed(LossCurve(4, 10.0, stacked=True).svg([("a", []), ("b", [])]))
    assert [(text.get("x"), text.get("y")) for text in root.iter("text") if text.text in "ab"] == [
        ("438", "18"),
        ("438", "33"),
    ]


def test_the_axes_say_step_and_loss_or_what_they_are_told():
    assert texts(loss_frame(10, 1.0).svg, "axis") == ["step", "loss"]
    assert texts(LossCurve(10, 1.0, x_label="epoch").frame.svg, "axis") == ["epoch", "loss"]
    assert loss_frame(10, 1.0) is loss_frame(10, 1.0)


# ---------------------------------------------------------------- the top of the axis


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
    assert {top_for(losses[:n]) for n in range(1, 2000)} == set(AXIS_TOPS)


# ---------------------------------------------------------------- a logarithmic axis of steps


def test_on_a_logarithmic_axis_each_step_counts_ten_times_and_the_start_has_a_place():
    low, high = log_range(0)
    assert log_steps(np.array([0, 1, 10, 1000])).tolist() == [low, 0, 1, high]
    assert low < 0


@pytest.mark.parametrize(("step", "end"), [(0, 3), (1000, 3), (1001, 4), (10**6, 6)])
def test_the_logarithmic_axis_seldom_changes(step, end):
    assert log_range(step)[1] == end


def test_ticks_of_a_logarithmic_axis_are_powers_of_ten():
    assert [log_tick(place) for place in (0.0, 0.5, 2.0, 4.0, 6.0)] == ["1", "", "100", "10000", "10⁶"]


# ---------------------------------------------------------------- a curve that leaves the frame


def ends(*curves):
    """Return the texts at the ends of curves in a frame from 0 to 1, as (words, x, y, anchor)."""
    svg = ends_beyond(Frame((50.0, 20.0, 300.0, 100.0), (0, 10), (0, 1.0), "step", "loss"), curves)
    found = parsed(svg).iter("text")
    return [(t.text, float(t.get("x")), float(t.get("y")), t.get("text-anchor")) for t in found]


def test_a_curve_that_ends_beyond_says_where():
    ((words, x, y, anchor),) = ends(("training", STEPS, np.array([0.5, 2.0, 5049.8])))
    assert (words, x, anchor) == ("training ↑ 5050", 50 + 300 * 0.2 + 4, "start")  # at its last step
    assert 20 < y < 120


def test_two_cut_curves_stand_below_one_another_and_inside_the_frame():
    late = np.array([8.0, 9.0, 10.0])
    first, second = ends(("a", late, np.array([0.1, 1.0, 2.0])), ("b", late, np.array([0.1, 1.0, np.inf])))
    assert (first[0], second[0]) == ("a ↑ 2", "b ↑ ∞")
    assert second[2] > first[2]
    assert first[3] == second[3] == "end"  # written to the left of the end


@pytest.mark.parametrize("values", [[], [0.5], [5.0, 1.0]])
def test_a_curve_that_ends_inside_says_nothing(values):
    assert ends(("training", STEPS[: len(values)], np.array(values))) == []
