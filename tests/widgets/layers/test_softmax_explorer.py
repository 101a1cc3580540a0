"""The softmax explorer: bars, loss and arrows, against SciPy and figures worked out by hand."""

import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from scipy.special import log_softmax
from scipy.special import softmax as reference

from nbkit import SoftmaxExplorer
from tests.hands import by_hand


def marks(explorer):
    return explorer.view.svg.marks


def bar(explorer, i):
    """Return how high the bar of class `i` is, in pixels."""
    return float(re.search(r'height="([\d.]+)"', marks(explorer)[f"y{i}"])[1])


def arrow(explorer, i):
    """Return how far the arrow of class `i` reaches, upwards positive, in pixels."""
    start, end = re.search(r'd="M[\d.]+ ([\d.]+)V[^"]*L[\d.]+ ([\d.]+)z"', marks(explorer)[f"gradient{i}"]).groups()
    return float(start) - float(end)


def test_three_scores_by_hand():
    """e², e and e^0.1 over their sum 11.2126."""
    explorer = SoftmaxExplorer((2.0, 1.0, 0.1), t=1)
    np.testing.assert_allclose(explorer.y, [0.659001, 0.242433, 0.098566], atol=1e-6)
    assert explorer.loss == pytest.approx(1.417030, abs=1e-6)
    np.testing.assert_allclose(explorer.gradient, explorer.y - [0, 1, 0], atol=1e-15)
    assert [marks(explorer)[f"y{i}"].text for i in range(3)] == ["0.659", "0.242", "0.0986"]
    assert [marks(explorer)[f"gradient{i}"].text for i in range(3)] == ["+0.659", "−0.758", "+0.0986"]
    assert ">loss = 1.417</text>" in explorer.view.svg


@pytest.mark.parametrize("scores", [(0, 0), (5.3, 10.1, -3), (1, 2, 3, 4), (0, 0, 0, 0, 0), (-7, 7, 3, 3, -1)])
def test_it_agrees_with_scipy(scores):
    for t in range(len(scores)):
        explorer = SoftmaxExplorer(scores, t)
        np.testing.assert_allclose(explorer.y, reference(scores), rtol=1e-12)
        assert explorer.loss == pytest.approx(-log_softmax(scores)[t], rel=1e-12)
        np.testing.assert_allclose(explorer.gradient, reference(scores) - np.eye(len(scores))[t], atol=1e-15)


def test_bars_and_arrows_are_as_long_as_their_numbers():
    explorer = SoftmaxExplorer((2.0, 1.0, 0.1), t=1)
    bars = np.array([bar(explorer, i) for i in range(3)])
    np.testing.assert_allclose(bars / bars.sum(), explorer.y, atol=2e-3)
    arrows = np.array([arrow(explorer, i) for i in range(3)])
    assert (arrows > 0).tolist() == [True, False, True]
    scale = np.abs(arrows).sum() / np.abs(explorer.gradient).sum()
    np.testing.assert_allclose(arrows, explorer.gradient * scale, atol=0.2)


def test_a_moved_slider_moves_bars_loss_and_arrows():
    explorer = SoftmaxExplorer((2.0, 1.0, 0.1), t=1, classes=("cat", "dog", "hen"))
    before = bar(explorer, 1), explorer.loss, arrow(explorer, 1), explorer.status.value
    explorer.sliders[1].value = 4.0
    assert bar(explorer, 1) > before[0]
    assert explorer.loss < before[1]
    assert arrow(explorer, 1) > before[2]
    assert explorer.status.value != before[3]
    assert "raises the score of dog" in explorer.status.value
    explorer.sliders[1].value = 10.0
    assert "little left to learn" in explorer.status.value


def test_another_truth_leaves_the_bars_and_turns_the_arrows():
    explorer = SoftmaxExplorer((2.0, 1.0, 0.1), t=1)
    bars = [bar(explorer, i) for i in range(3)]
    explorer.truth.value = 0
    assert [bar(explorer, i) for i in range(3)] == bars
    assert arrow(explorer, 0) < 0 < arrow(explorer, 1)
    assert explorer.loss == pytest.approx(0.417030, abs=1e-6)


def test_the_curve_is_the_loss_and_its_slope_touches_it_at_the_dot():
    shown = marks(SoftmaxExplorer((2.0, 1.0, 0.1), t=1))
    curve, slope, dot = shown["losses"], shown["slope"], shown["loss"]
    np.testing.assert_allclose(curve.y, [-log_softmax([2.0, score, 0.1])[1] for score in curve.x])
    assert (dot.x, dot.y) == pytest.approx((1, 1.417030), abs=1e-6)
    assert np.interp(dot.x, slope.x, slope.y) == pytest.approx(dot.y)
    assert np.diff(slope.y) / np.diff(slope.x) == pytest.approx(0.242433 - 1, abs=1e-6)
    assert slope.x[0] >= curve.x[0]
    assert slope.y.min() >= -1e-9


# ---------------------------------------------------------------- temperature


@pytest.mark.parametrize("T", [0.1, 0.5, 2.0, 10.0])
def test_a_temperature_divides_scores_and_gradients(T):
    explorer = SoftmaxExplorer((2.0, 1.0, 0.1), t=1)
    explorer.temperature.value = T
    y = reference(np.array([2.0, 1.0, 0.1]) / T)
    np.testing.assert_allclose(explorer.y, y, rtol=1e-12)
    assert explorer.loss == pytest.approx(-np.log(y[1]))
    np.testing.assert_allclose(explorer.gradient, (y - [0, 1, 0]) / T, atol=1e-15)
    shown, step = marks(explorer), 1e-5
    nudged = [-log_softmax(np.array([2.0, 1.0 + side * step, 0.1]) / T)[1] for side in (1, -1)]
    assert explorer.gradient[1] == pytest.approx((nudged[0] - nudged[1]) / (2 * step), rel=1e-6)
    curve = shown["losses"]
    np.testing.assert_allclose(curve.y, [-log_softmax(np.array([2.0, x, 0.1]) / T)[1] for x in curve.x])
    assert ">gradient (y − t)/T</text>" in explorer.view.svg
    assert f"divided by T = {T:g} first" in explorer.status.value
    assert np.abs([arrow(explorer, i) for i in range(3)]).max() < 64  # half the frame


def test_at_another_temperature_a_dragged_bar_follows_the_pointer_still():
    explorer = SoftmaxExplorer((2.0, 1.0, 0.1), t=1)
    explorer.temperature.value = 5.0
    y = explorer.y[2]
    dragged(explorer, "y2", up=0.2 * 132 / 1.2)
    assert explorer.y[2] == pytest.approx(y + 0.2, abs=0.005)
    assert explorer.scores[:2].tolist() == [2, 1]


# ---------------------------------------------------------------- scores are moved by hand


def dragged(explorer, item, right=0.0, up=0.0):
    by_hand(explorer, {"kind": "press", "item": item, "x": 100, "y": 100},
            {"kind": "drag", "item": item, "x": 100 + right, "y": 100 - up})  # fmt: skip


def test_a_dragged_bar_follows_the_pointer_and_moves_only_its_own_score():
    """A probability of a half is as likely as all others together: log(e² + e^0.1)."""
    explorer = SoftmaxExplorer((2.0, 1.0, 0.1), t=1)
    pixels = 132 / 1.2  # of a probability of 1
    dragged(explorer, "y1", up=(0.5 - 0.242433) * pixels)
    np.testing.assert_allclose(explorer.scores, [2, 2.1, 0.1])  # 2.139, on a step of the slider
    assert explorer.y[1] == pytest.approx(0.5, abs=0.013)
    by_hand(explorer, {"kind": "drag", "item": "y1", "x": 0, "y": 100})  # back to where it was pressed
    np.testing.assert_allclose(explorer.scores, [2, 1, 0.1])


@pytest.mark.parametrize(("up", "score"), [(500, 10), (-500, -10)])
def test_a_bar_pulled_to_certainty_stops_at_the_end_of_its_slider(up, score):
    explorer = SoftmaxExplorer((2.0, 1.0, 0.1))
    dragged(explorer, "y2", up=up)
    assert explorer.scores.tolist() == [2, 1, score]


def test_the_point_on_the_curve_moves_the_score_of_the_true_class():
    explorer = SoftmaxExplorer((2.0, 1.0, 0.1), t=1)
    dragged(explorer, "loss", right=3 * 250 / 20)
    np.testing.assert_allclose(explorer.scores, [2, 4, 0.1])
    explorer.truth.value = 2
    by_hand(explorer, {"kind": "key", "item": "loss", "key": "PageDown"})
    np.testing.assert_allclose(explorer.scores, [2, 4, -0.9])


def test_keys_move_the_score_of_a_bar():
    explorer = SoftmaxExplorer((2.0, 1.0, 0.1), classes=("cat", "dog", "hen"))
    by_hand(explorer, *[{"kind": "key", "item": "y0", "key": key} for key in ("ArrowUp", "ArrowUp", "ArrowLeft")])
    assert explorer.scores[0] == pytest.approx(2.1)
    bar = marks(explorer)["y0"]
    assert 'aria-label="bar of cat: its score"' in bar
    assert 'aria-valuetext="score 2.1, probability 0.681"' in bar  # e^2.1 / (e^2.1 + e + e^0.1)


def test_a_click_on_a_bar_changes_nothing():
    explorer, drawn = SoftmaxExplorer((2.03, 1.0)), []  # between two steps
    explorer.view.observe(drawn.append, "svg")
    by_hand(explorer, *[{"kind": kind, "item": "y0", "x": 9, "y": 9} for kind in ("press", "drop")])
    assert (drawn, explorer.scores.tolist()) == ([], [2.03, 1])


@pytest.mark.parametrize(
    "scores",
    [(0, 0, 0), (1000, -1000, 0), (-1000, 1000, 1000), (-1000, -1000, -1000), (1000, 1000, 1000), (0.1, 0, -1e-9)],
)
@pytest.mark.parametrize("t", [0, 1, 2])
def test_extremes_neither_fail_nor_warn(scores, t):
    explorer = SoftmaxExplorer(scores, t)
    assert explorer.message.value == ""
    assert explorer.loss == pytest.approx(-log_softmax(scores)[t])
    assert not re.search(r"\b(nan|inf)\b", explorer.view.svg, re.IGNORECASE)
    ET.fromstring(explorer.view.svg)


def test_typed_scores_may_lie_beyond_the_sliders():
    explorer = SoftmaxExplorer((2.0, 1.0, 0.1))
    explorer.scores = 1000, -1000, 0
    assert explorer.scores.tolist() == [1000, -1000, 0]
    assert [(slider.min, slider.max) for slider in explorer.sliders] == [(-10, 1000), (-1000, 10), (-10, 10)]
    explorer.truth.value = 1
    assert (explorer.loss, explorer.gradient.tolist()) == (2000, [1, -1, 0])
    assert "rounded to 0" in explorer.status.value
    explorer.scores = 0, 0, 0
    assert explorer.loss == pytest.approx(np.log(3))


def test_scores_are_drawn_once_when_they_are_set():
    explorer, drawn = SoftmaxExplorer((2.0, 1.0, 0.1)), []
    explorer.view.observe(drawn.append, "svg")
    explorer.scores = 3, 2, 1
    assert len(drawn) == 1


@pytest.mark.parametrize(
    ("arguments", "rule"),
    [
        (((1.0,),), "2 to 5 scores"),
        ((range(6),), "2 to 5 scores"),
        ((np.ones((2, 2)),), "2 to 5 scores"),
        (((1, np.nan),), "finite"),
        (((1, 1001),), "between −1000 and 1000"),
        (((1, 2), 2), "t must be a whole number from 0 to 1, got 2"),
        (((1, 2), 0, ("a",)), "2 different names"),
        (((1, 2), 0, ("a", "a")), "2 different names"),
        (((1, 2), 0, 3), "2 different names, got 3"),
        (((1, 2), 0, ("a" * 30_000, "b")), "a name has at most"),
    ],
)
def test_what_it_cannot_show_is_refused(arguments, rule):
    with pytest.raises(ValueError, match=rule):
        SoftmaxExplorer(*arguments)


def test_a_refused_change_leaves_it_as_it_was():
    explorer = SoftmaxExplorer((2.0, 1.0))
    with pytest.raises(ValueError, match="there are 2 classes, got 3 scores"):
        explorer.scores = 1, 2, 3
    assert explorer.scores.tolist() == [2, 1]
