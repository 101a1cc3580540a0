"""Figures with axes: they show what they were given, in one style, and leak nothing."""

import base64
import re
import sys

import numpy as np
import pytest
from matplotlib.figure import Figure

from nbkit import SGD, Affine, History, Sequential, SigmoidWithLoss, Tanh, datasets, plots, train
from nbkit.training import Record


@pytest.fixture
def trained():
    data = datasets.moons(60)
    net = Sequential([Affine.random(2, 4, 0, "xavier"), Tanh(), Affine.random(4, 1, 1, "xavier")], SigmoidWithLoss())
    history = History(train(net, (data.x, data.t[:, None]), SGD(0.5), batch_size=20, epochs=5))
    return net, data, history


def test_loss_curve_shows_every_step_from_one(trained):
    _net, _data, history = trained
    ax = plots.loss_curve(history).axes[0]
    steps, losses = ax.lines[0].get_data()
    assert list(steps) == list(range(1, 16))
    np.testing.assert_array_equal(losses, history.loss)


def test_loss_curve_names_several_runs():
    figure = plots.loss_curve({"slow": [3.0, 2.0], "fast": History([Record(1, 1, 3.0), Record(2, 1, 0.5)])}, log=True)
    assert [text.get_text() for text in figure.axes[0].get_legend().get_texts()] == ["slow", "fast"]
    assert figure.axes[0].get_yscale() == "log"


@pytest.mark.parametrize("nothing", [[], History(), [[1.0, 2.0]]])
def test_loss_curve_needs_losses(nothing):
    with pytest.raises(ValueError, match="at least one loss"):
        plots.loss_curve(nothing)


def test_decision_regions_shows_all_points_and_the_boundary(trained):
    net, data, _history = trained
    ax = plots.decision_regions(net.probabilities, data.x, data.t, classes=data.classes).axes[0]
    shown = np.concatenate([c.get_offsets() for c in ax.collections if len(c.get_offsets()) > 1])
    assert sorted(map(tuple, shown)) == sorted(map(tuple, data.x))
    low, high = ax.get_xlim()
    assert low < data.x[:, 0].min()
    assert high > data.x[:, 0].max()


def test_decision_regions_needs_two_features(trained):
    net, _data, _history = trained
    with pytest.raises(ValueError, match="2 features"):
        plots.decision_regions(net.probabilities, np.zeros((5, 3)), np.zeros(5, dtype=int))


def test_activation_asks_the_layer_for_its_slope():
    curve, slope = plots.activation(Tanh()).axes[0].lines
    x, y = slope.get_data()
    np.testing.assert_allclose(y, 1 - np.tanh(x) ** 2, atol=1e-12)
    np.testing.assert_allclose(curve.get_ydata(), np.tanh(x))


def test_loss_contour_draws_the_path():
    path = [[1.5, 1.0], [1.0, 0.5], [0.2, 0.1]]
    ax = plots.loss_contour(lambda a, b: a * a + 10 * b * b, path).axes[0]
    np.testing.assert_array_equal(np.transpose(ax.lines[0].get_data()), path)


def test_confusion_counts_truth_by_row():
    ax = plots.confusion([0, 0, 1, 2], [0, 1, 1, 2], classes=("a", "b", "c")).axes[0]
    assert [text.get_text() for text in ax.texts] == ["1", "1", "0", "0", "1", "0", "0", "0", "1"]
    with pytest.raises(ValueError, match="one length"):
        plots.confusion([0, 1], [0])


def test_confusion_shows_classes_that_never_came_and_refuses_unknown_ones():
    ax = plots.confusion([0, 0], [0, 1], classes=("a", "b", "c")).axes[0]
    assert [text.get_text() for text in ax.texts] == ["1", "1", "0", "0", "0", "0", "0", "0", "0"]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["a", "b", "c"]
    low, high = ax.get_ylim()
    assert low > high  # the first row stands on top
    for bad in ([0, 3], [-1, 0]):
        with pytest.raises(ValueError, match="class numbers from 0 to 2, got"):
            plots.confusion([0, 0], bad, classes=("a", "b", "c"))


def test_a_given_ax_is_used():
    ax = Figure().subplots()
    assert plots.loss_curve([2.0, 1.0], ax=ax) is ax.figure
    assert len(ax.lines) == 1


def pyplot_figures():
    """Numbers of the figures that pyplot keeps open, where anybody has loaded it."""
    return sys.modules["matplotlib.pyplot"].get_fignums() if "matplotlib.pyplot" in sys.modules else []


def test_a_figure_is_a_picture_with_words_and_no_pyplot_state_grows():
    before = pyplot_figures()
    html = plots.figure_html(plots.loss_curve([2.0, 1.0]))
    words, width, png = re.fullmatch(r'<img alt="(.*)" width="(\d+)" src="data:image/png;base64,(.*)">', html).groups()
    assert words == "Figure. loss against step. A line: starts with 2 at 1, ends with 1 at 2."
    assert int(width) == 600
    assert base64.b64decode(png).startswith(b"\x89PNG")
    assert pyplot_figures() == before
