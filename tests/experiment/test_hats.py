"""Hats of ReLUs: their sum against straight lines between points, and the gap against figures worked out by hand."""

import numpy as np
import pytest

from nbkit.experiment.hats import Hats


@pytest.mark.parametrize("n", [2, 3, 7, 40])
def test_the_sum_runs_straight_from_peak_to_peak(n):
    hats = Hats(np.cos, -1.0, 4.0, n)
    np.testing.assert_allclose(hats.total(hats.x), np.interp(hats.x, np.linspace(-1, 4, n), np.cos(hats.peaks)))
    np.testing.assert_allclose(hats.hats(hats.x).sum(axis=1), hats.total(hats.x), atol=1e-12)


def test_one_hat_by_hand():
    """Peaks at 0, 1 and 2: the middle one rises from 0 to 1 and falls to 2."""
    hats = Hats(lambda x: 4.0 + 0 * x, 0, 2, 3)
    np.testing.assert_allclose(hats.bends, [-1, 0, 1, 2, 3])
    np.testing.assert_allclose(hats.hats([-5, 0, 0.25, 1, 1.5, 2, 9])[:, 1], [0, 0, 1, 4, 2, 0, 0], atol=1e-12)
    assert hats.gap() == (pytest.approx(0, abs=1e-12), 0)


def test_the_gap_of_a_parabola_is_a_quarter_of_half_the_width_squared():
    """Between peaks that are w apart x² lies below its chord by w²/4 at most, in the middle."""
    for n in (3, 5, 9, 17):  # of w = 1, 1/2, 1/4, 1/8
        gap, at = Hats(lambda x: x * x, -1, 1, n).gap()
        w = 2 / (n - 1)
        assert gap == pytest.approx(w * w / 4, rel=1e-2)
        assert at == pytest.approx(-1 + w / 2, abs=5e-3)  # the first of several that are as large


def test_a_moved_hat_moves_the_sum_between_its_neighbours_only():
    hats = Hats(np.positive, 0, 8, 9)
    before, inside = hats.total(hats.x), (hats.x > 3) & (hats.x < 5)
    hats.heights[4] += 0.25
    moved = hats.total(hats.x) - before
    np.testing.assert_allclose(moved[~inside], 0, atol=1e-12)
    assert moved.max() == pytest.approx(0.25)
    assert hats.gap()[0] == pytest.approx(0.25)
    assert hats.gap()[1] == pytest.approx(4)


@pytest.mark.parametrize(
    ("curve", "rule"),
    [(np.sum, r"in the shape \(3,\); got"), (np.diff, r"got \(2,\)"), (np.log, "finite")],
)
def test_what_is_no_curve_is_refused(curve, rule):
    with np.errstate(all="ignore"), pytest.raises(ValueError, match=rule):
        Hats(curve, 0, 1, 3)


@pytest.mark.parametrize("n", [1, 0, 2.5, "3"])
def test_hats_are_counted_from_two(n):
    with pytest.raises((ValueError, TypeError), match="n must be"):
        Hats(np.sin, 0, 1, n)
