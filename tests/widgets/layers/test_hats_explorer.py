"""The hats explorer: sum and gap as shown, against lines drawn from point to point."""

import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from nbkit import HatsExplorer
from nbkit.formatting import number
from tests.hands import by_hand

X = np.linspace(-np.pi, np.pi, 721)


def marks(explorer):
    return explorer.view.svg.marks


def dragged(explorer, item, right=0.0, up=0.0):
    by_hand(explorer, {"kind": "press", "item": item, "x": 100, "y": 100},
            {"kind": "drag", "item": item, "x": 100 + right, "y": 100 - up})  # fmt: skip


def gap(n, lift=0.0, hat=1):
    peaks = np.linspace(-np.pi, np.pi, n)
    heights = np.sin(peaks)
    heights[hat - 1] += lift
    x = np.concatenate([X, peaks])
    return np.abs(np.interp(x, peaks, heights) - np.sin(x)).max()


@pytest.mark.parametrize("n", [2, 4, 5, 16, 64])
def test_the_gap_is_that_of_straight_lines_between_the_peaks(n):
    explorer = HatsExplorer(n=n)
    assert explorer.gap == pytest.approx(gap(n))
    assert explorer.gaps[n] == explorer.gap
    assert f"{n} hats, made of {n + 2} ReLUs" in explorer.status.value
    assert f"= {number(explorer.gap)}</text>" in explorer.view.svg
    point = marks(explorer)["count"]
    assert (point.x, point.y) == pytest.approx((np.log2(n), np.log10(gap(n))))


def test_twice_as_many_hats_leave_a_quarter_of_the_gap_once_they_are_narrow():
    explorer = HatsExplorer()
    for n in (8, 16, 32):
        assert 0.2 < explorer.gaps[2 * n] / explorer.gaps[n] < 0.25


def test_sum_and_gap_are_drawn_where_they_are():
    shown = marks(HatsExplorer(n=5))
    np.testing.assert_allclose(shown["sum"].y, [0, -1, 0, 1, 0], atol=1e-12)
    np.testing.assert_allclose(shown["sum"].x, np.pi * np.array([-1, -0.5, 0, 0.5, 1]))
    ends = shown["gap_line"]
    assert np.ptp(ends.x) == 0
    assert np.ptp(ends.y) == pytest.approx(gap(5))
    np.testing.assert_allclose(shown["curve"].y, np.sin(X))


def test_the_number_of_hats_moves_by_slider_point_and_keys():
    explorer = HatsExplorer(n=4)
    explorer.n.value = 9
    assert explorer.gap == pytest.approx(gap(9))
    assert len(marks(explorer)["sum"].x) == 9
    dragged(explorer, "count", right=196 / 5.4)  # a doubling
    assert explorer.n.value == 18
    by_hand(explorer, {"kind": "key", "item": "count", "key": "ArrowRight"})
    assert explorer.n.value == 19
    for right, end in ((999, 64), (-999, 2)):
        dragged(explorer, "count", right=right)
        assert explorer.n.value == end


def test_one_hat_moves_by_slider_peak_and_keys():
    explorer = HatsExplorer(n=6)
    here = explorer.here + 1
    explorer.lift.value = 0.3
    assert explorer.gap == pytest.approx(gap(6, 0.3, here))
    assert "changes the sum from x = 0.63 to 3.14" in explorer.status.value
    dragged(explorer, "hat", up=-0.5 * 240 / 3.2)  # from 0.3 to −0.2
    assert explorer.lift.value == pytest.approx(-0.2)
    by_hand(explorer, {"kind": "key", "item": "hat", "key": "ArrowUp"})
    assert explorer.lift.value == pytest.approx(-0.15)
    assert marks(explorer)["hat"].y == pytest.approx(np.sin(explorer.hats.peaks[here - 1]) - 0.15)
    assert 'aria-label="peak of hat 5"' in marks(explorer)["hat"]
    assert 'aria-valuetext="moved by −0.15, height 0.8011"' in marks(explorer)["hat"]


def test_other_hats_begin_on_the_curve():
    explorer, drawn = HatsExplorer(n=9), []
    explorer.lift.value = 0.5
    assert explorer.gap == pytest.approx(0.5, abs=0.01)
    explorer.view.observe(drawn.append, "svg")
    explorer.n.value = 5
    assert len(drawn) == 1
    assert (explorer.lift.value, explorer.here, explorer.gap) == (0, 3, pytest.approx(gap(5)))


@pytest.mark.parametrize("size", [0.0, 1e-9, 0.3, 1e6])
@pytest.mark.parametrize("curve", [np.exp, np.abs, np.sin])
def test_any_curve_can_be_drawn(curve, size):
    explorer = HatsExplorer(lambda x: size * curve(x), -2, 3, n=7, name="<b>f</b>")
    explorer.lift.value = explorer.reach
    assert explorer.message.value == ""
    assert "&lt;b&gt;f" in explorer.view.svg
    assert not re.search(r"\b(nan|inf)\b", explorer.view.svg, re.IGNORECASE)
    ET.fromstring(explorer.view.svg)


@pytest.mark.parametrize(
    ("arguments", "rule"),
    [({"n": 1}, "from 2 to 64"), ({"n": 65}, "from 2 to 64"), ({"low": 2.0, "high": 2.0}, "low must be smaller"),
     ({"low": np.nan}, "finite"), ({"curve": np.log}, "finite")],
)  # fmt: skip
def test_what_it_cannot_show_is_refused(arguments, rule):
    with np.errstate(all="ignore"), pytest.raises(ValueError, match=rule):
        HatsExplorer(**arguments)


def test_a_curve_that_is_no_function_is_refused():
    with pytest.raises(TypeError, match="must be a function of x, got text 'sin'"):
        HatsExplorer("sin")
