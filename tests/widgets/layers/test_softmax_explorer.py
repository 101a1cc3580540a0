"""The softmax explorer: bars, loss and arrows agree with SciPy and with what can be worked out by hand."""

import re
import warnings
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from scipy.special import log_softmax
from scipy.special import softmax as reference

from nbkit import SoftmaxExplorer
from tests.pictures import still_of


def shown(explorer, key):
    return re.search(rf'data-number="{key}">([^<]*)<', explorer.view.svg)[1].replace("−", "-")


def bar(explorer, i):
    return float(re.search(rf'data-bar="{i}"[^>]*height="([\d.]+)"', explorer.view.svg)[1])


def arrow(explorer, i):
    """Return how far the arrow of class `i` reaches, upwards positive, in pixels."""
    found = re.search(rf'data-arrow="{i}" d="M[\d.]+ ([\d.]+)V[^"]*L[\d.]+ ([\d.]+)z"', explorer.view.svg)
    return float(found[1]) - float(found[2])


def test_three_scores_by_hand():
    """e², e and e^0.1 over their sum 11.2126."""
    explorer = SoftmaxExplorer((2.0, 1.0, 0.1), t=1)
    np.testing.assert_allclose(explorer.y, [0.659001, 0.242433, 0.098566], atol=1e-6)
    assert explorer.loss == pytest.approx(1.417030, abs=1e-6)
    np.testing.assert_allclose(explorer.gradient, explorer.y - [0, 1, 0], atol=1e-15)
    assert [shown(explorer, f"y{i}") for i in range(3)] == ["0.659", "0.242", "0.0986"]
    assert [shown(explorer, f"gradient{i}") for i in range(3)] == ["+0.659", "-0.758", "+0.0986"]
    assert shown(explorer, "loss") == "loss = 1.417"


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
    np.testing.assert_allclose(
        arrows / np.abs(arrows).sum(), explorer.gradient / np.abs(explorer.gradient).sum(), atol=3e-3
    )
    assert arrows.sum() == pytest.approx(0, abs=0.2)


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


def test_the_slope_on_the_right_touches_the_curve_at_the_dot():
    explorer = SoftmaxExplorer((2.0, 1.0, 0.1), t=1)
    lines = re.findall(r'<polyline class="(now|then)" points="([^"]+)"', explorer.view.svg)
    curve, slope = (np.array([pair.split(",") for pair in points.split()], float) for _kind, points in lines)
    dot = np.array(re.search(r'data-mark="loss" cx="([\d.]+)" cy="([\d.]+)"', explorer.view.svg).groups(), float)
    assert np.interp(dot[0], *slope.T) == pytest.approx(dot[1], abs=0.3)
    assert np.interp(dot[0], *curve.T) == pytest.approx(dot[1], abs=0.5)
    assert (np.interp(curve[:, 0], *slope.T) >= curve[:, 1] - 0.5)[(curve[:, 0] < slope[-1, 0])].all()  # convex


@pytest.mark.parametrize(
    "scores",
    [(0, 0, 0), (1000, -1000, 0), (-1000, 1000, 1000), (-1000, -1000, -1000), (1000, 1000, 1000), (0.1, 0, -1e-9)],
)
@pytest.mark.parametrize("t", [0, 1, 2])
def test_extremes_neither_fail_nor_warn(scores, t):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
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
        ((3.0,), "2 to 5 scores"),
        (((1, np.nan),), "finite"),
        (((1, 1001),), "between −1000 and 1000"),
        (((1, 2), 2), "from 0 to 1, got 2"),
        (((1, 2), True), "from 0 to 1"),
        (((1, 2), 0, ("a",)), "2 different names"),
        (((1, 2), 0, ("a", "a")), "2 different names"),
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


def test_a_name_is_written_not_run():
    explorer = SoftmaxExplorer((2.0, 1.0), classes=("<b>", "a very long name"))
    ET.fromstring(explorer.view.svg)
    assert "<b>" not in explorer.view.svg + explorer.status.value
    assert "a very l…" in explorer.view.svg


def test_braces_in_a_name_do_no_harm():
    assert "{y}" in SoftmaxExplorer((2.0, 1.0), classes=("{y}", "{")).status.value


def test_an_error_in_a_callback_is_shown():
    explorer = SoftmaxExplorer((2.0, 1.0))
    explorer.layer.forward = lambda *_values: 1 / 0
    explorer.sliders[0].value = 3.0
    assert "ZeroDivisionError" in explorer.message.value


def test_it_leaves_a_picture_for_a_page_without_a_kernel():
    still_of(SoftmaxExplorer((2.0, 1.0)))
