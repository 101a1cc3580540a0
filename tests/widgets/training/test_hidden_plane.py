"""The hidden plane: points, line and names at each moment of a run, against numbers worked out by hand."""

import re

import numpy as np
import pytest

from nbkit import Affine, HiddenPlane, MSELoss, ReLU, Sequential
from nbkit.widgets.training.hidden_picture import together
from nbkit.widgets.training.hidden_plane import folds


def by_hand(_seed=0):
    return Sequential([Affine([[1, -1], [-1, 1]], [0, 0]), ReLU(), Affine([[1], [1]], [0])], MSELoss())


def marks(explorer):
    return explorer.view.svg.marks


def boundary(explorer, chart):
    """Return the points of the line in the left chart (0) or the right one (1), in pixels."""
    found = re.findall(r'<polyline class="boundary" points="([^"]*)"', explorer.view.svg)
    sides = [[tuple(map(float, point.split(","))) for point in line.split()] for line in found]
    return [line for line in sides if (line[0][0] > 380) == bool(chart)]


def test_the_net_by_hand():
    """|x1 - x2|: 00 and 11 lie on (0, 0), and the line h1 + h2 = ½ cuts them off."""
    explorer = HiddenPlane(by_hand(), steps=3)
    np.testing.assert_array_equal(marks(explorer)["hidden"].points, [[0, 0], [0, 1], [1, 0], [0, 0]])
    assert marks(explorer)["hidden"].texts == ["00, 11", "01", "10"]
    assert marks(explorer)["input"].texts == ["00", "01", "10", "11"]
    assert "4 of 4 right, loss 0. 00 and 11 lie together." in explorer.status.value
    (line,) = boundary(explorer, 1)
    # The frame goes from -0.15 to 1.15 over 300 × 222 pixels from (412, 28).
    h = [((x - 412) / 300 * 1.3 - 0.15, (250 - y) / 222 * 1.3 - 0.15) for x, y in line]
    np.testing.assert_allclose(np.sum(h, axis=1), 0.5, atol=0.02)
    assert len(boundary(explorer, 0)) == 2  # a strip in the input plane: two lines


def test_the_slider_goes_through_the_run():
    explorer = HiddenPlane()
    losses = []
    for i in range(len(explorer.moments)):
        explorer.step.value = explorer.moments[i].step
        assert marks(explorer)["moment"].at == explorer.moments[i].step
        losses.append(marks(explorer)["moment"].loss)
    assert losses[0] > 0.6 > 0.05 > losses[-1]
    np.testing.assert_allclose(marks(explorer)["hidden"].points, explorer.moments[-1].hidden)


def test_the_point_on_the_curve_does_what_the_slider_does():
    explorer = HiddenPlane(steps=100)
    handle = marks(explorer)["moment"]
    assert (handle.value, handle.low, handle.high) == (0, 0, len(explorer.moments) - 1)
    assert handle.drag(0) == 0
    assert handle.drag(10_000) == handle.high
    for kind, x in [("press", 60), ("drag", 10_000), ("drop", 10_000)]:
        explorer.view._handle_custom_msg({"kind": kind, "area": None, "item": "moment", "x": float(x), "y": 0.0}, [])
    assert explorer.step.value == 100
    assert marks(explorer)["moment"].at == 100
    explorer.view._handle_custom_msg({"kind": "key", "item": "moment", "key": "ArrowLeft"}, [])
    assert explorer.step.value == explorer.moments[-2].step


def test_another_seed_is_another_run_and_each_is_made_once():
    made = []

    def make(seed):
        made.append(seed)
        return by_hand()

    explorer = HiddenPlane(make, steps=3, seeds=3)
    for seed in (1, 2, 1, 0):
        explorer.seed.value = seed
    assert sorted(made) == [0, 0, 1, 2]  # once to look whether it fits


def test_it_says_where_two_that_differ_have_fallen_together():
    explorer = HiddenPlane(lambda _seed: Sequential(
        [Affine([[1, 0], [0, 0]], [0, 0]), ReLU(), Affine([[0], [0]], [0.5])], MSELoss()), steps=1)  # fmt: skip
    assert "Several points lie together." in explorer.status.value  # 00 with 01, 10 with 11
    explorer = HiddenPlane(lambda _seed: Sequential(
        [Affine([[1, 0], [1, 1]], [-1, 0.5]), ReLU(), Affine([[0], [0]], [0.5])], MSELoss()),
        data=([[0, 0], [0, 1], [2, 0]], [[0], [1], [1]]), steps=1)  # fmt: skip
    assert marks(explorer)["hidden"].texts == ["00", "01", "20"]


def test_pairs_that_lie_together():
    reach = np.array([[0, 0], [1, 10]])
    assert folds(np.array([[0, 0], [0.01, 0.1], [1, 10]]), reach) == [(0, 1)]
    assert folds(np.array([[0, 0], [0.1, 0.1], [1, 10]]), reach) == []


def test_names_that_would_meet_are_one():
    assert together(np.array([[0, 0], [100, 0], [20, 5], [45, 10], [100, 60]])) == [[0, 2, 3], [1], [4]]


def test_the_still_picture_is_the_end_of_the_run():
    explorer = HiddenPlane(steps=200)
    still = explorer.snapshot()
    assert still.marks["moment"].at == 200
    assert explorer.step.value == 0
    assert marks(explorer)["moment"].at == 0
    assert "Step 0" in explorer.sentence()


def test_what_does_not_fit_is_refused():
    with pytest.raises(TypeError, match="make"):
        HiddenPlane("net")
    with pytest.raises(ValueError, match="2 hidden units"):
        HiddenPlane(lambda seed: Sequential([Affine.random(2, 3, seed), ReLU(), Affine.random(3, 1, seed)], MSELoss()))
    with pytest.raises(ValueError, match="seeds"):
        HiddenPlane(seeds=0)
    with pytest.raises(ValueError, match="features must be names in a list, two of features; got"):
        HiddenPlane(features=("a",), steps=2)
    with pytest.raises(ValueError, match=r"classes must be names in a list.* got None"):
        HiddenPlane(classes=None, steps=2)
