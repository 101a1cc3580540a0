"""The reject explorer: what it shows at a threshold, against shares that were counted by hand."""

import numpy as np
import pytest

from nbkit import RejectExplorer
from tests.hands import by_hand

RIGHT = np.array([False, True, True, True])
KNOWN = [(np.array([0.3, 0.6, 0.8, 0.95]), RIGHT), (np.array([0.6, 0.7, 0.9, 0.95]), RIGHT)]
NEW = [(np.array([0.85, 0.55, 0.7, 0.95]), RIGHT)]


@pytest.fixture
def explorer():
    return RejectExplorer({"known": KNOWN, "new": NEW}, threshold=0.5)


def marks(explorer):
    return explorer.view.svg.marks


@pytest.mark.parametrize(
    ("threshold", "known", "new"),
    [
        (0.0, "100.0 % answered, 25.0 % of these wrong", "100.0 % answered, 25.0 % of these wrong"),
        (0.5, "87.5 % answered, 12.5 % of these wrong", "100.0 % answered, 25.0 % of these wrong"),
        (0.8, "50.0 % answered, 0.0 % of these wrong", "50.0 % answered, 50.0 % of these wrong"),
        (0.99, "0.0 % answered, 0.0 % of these wrong", "0.0 % answered, 0.0 % of these wrong"),
    ],
)
def test_the_shares_of_each_group_are_told(explorer, threshold, known, new):
    explorer.threshold.value = threshold
    assert [marks(explorer)[f"group{i}"].words for i in range(2)] == [known, new]
    assert f"Threshold {threshold:.2f}," in explorer.status.value


def test_each_network_has_its_dot_and_the_sentence_their_spread(explorer):
    assert marks(explorer)["group0"].answered == pytest.approx([75, 100])
    assert marks(explorer)["group0"].wrong == pytest.approx([0, 25])
    assert "87.5 % answered (75.0 to 100.0), 12.5 % of these wrong (up to 25.0)" in explorer.status.value
    assert marks(explorer)["mean0"].answered == pytest.approx(0.875)


def test_the_point_is_dragged_to_where_fewer_are_answered(explorer):
    charts = list(explorer.charts.values())
    for item, chart, answered in (("mean0", charts[0], 0.5), ("mean1", charts[1], 0.75)):
        now = marks(explorer)[item]
        pixels = (100 * answered - 100 * now.answered) / chart.per_pixel[0]
        by_hand(explorer, {"kind": "press", "item": item, "x": 100, "y": 100},
                {"kind": "drag", "item": item, "x": 100 + pixels, "y": 140})  # fmt: skip
        assert marks(explorer)[item].answered == pytest.approx(answered)


def test_of_thresholds_that_answer_as_many_the_nearest_is_taken(explorer):
    by_hand(explorer, {"kind": "press", "item": "mean0", "x": 100, "y": 100},
            {"kind": "drag", "item": "mean0", "x": 100, "y": 60})  # fmt: skip
    assert explorer.threshold.value == 0.5


def test_the_keyboard_moves_the_threshold(explorer):
    by_hand(explorer, {"kind": "key", "item": "mean1", "key": "ArrowUp"})
    assert explorer.threshold.value == pytest.approx(0.51)
    by_hand(explorer, {"kind": "key", "item": "mean1", "key": "End"})
    assert explorer.threshold.value == pytest.approx(0.99)


def test_one_group_is_enough_and_a_long_name_is_cut():
    explorer = RejectExplorer({"n" * 80: NEW}, threshold=0)
    assert list(marks(explorer)) == ["group0", "mean0"]
    assert "n" * 31 not in explorer.view.svg


@pytest.mark.parametrize(
    ("groups", "words"),
    [
        ([], "in a dict"), ({}, "one or two groups"), (dict.fromkeys("abc", NEW), "one or two groups"),
        ({"a": []}, "at least one network"), ({"x" * 40 + "1": NEW, "x" * 40 + "2": NEW}, "different names"),
    ],
)  # fmt: skip
def test_other_groups_are_refused(groups, words):
    with pytest.raises(ValueError, match=words):
        RejectExplorer(groups)


@pytest.mark.parametrize("threshold", [-0.1, 1.0, "high", None])
def test_a_threshold_beyond_the_slider_is_refused(threshold):
    with pytest.raises((ValueError, TypeError), match="threshold"):
        RejectExplorer({"new": NEW}, threshold)
