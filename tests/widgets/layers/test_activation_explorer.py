"""The activation explorer: values, slopes and what is left agree with what can be worked out by hand."""

import re
import warnings
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from nbkit import ActivationExplorer, Layer, LeakyReLU, ReLU, Sigmoid, Sum, Tanh
from nbkit.formatting import number
from tests.pictures import still_of

NAMES = ("ReLU", "LeakyReLU", "Sigmoid", "Tanh")


def shown(explorer, key):
    return re.search(rf'data-number="{key}">([^<]*)<', explorer.view.svg)[1]


def mark(explorer, key):
    found = re.search(rf'<circle cx="([\d.]+)" cy="([\d.]+)"[^>]*data-mark="{key}"', explorer.view.svg)
    return tuple(map(float, found.groups()))


def tangent(explorer):
    """The ends of the tangent in units of the data."""
    frame = explorer.curve_frame
    points = re.search(r'points="([^"]*)"[^>]*data-mark="tangent"', explorer.view.svg)[1]
    pixels = np.array([point.split(",") for point in points.split()], dtype=float)
    left, top, width, height = frame.box
    (x0, x1), (y0, y1) = frame.x_range, frame.y_range
    return x0 + (pixels[:, 0] - left) / width * (x1 - x0), y1 - (pixels[:, 1] - top) / height * (y1 - y0)


def at(kind, x, n=1):
    return ActivationExplorer(kind=kind, x=x, n=n)


def test_it_offers_the_four_of_the_course():
    assert ActivationExplorer().kind.options == NAMES


@pytest.mark.parametrize(
    ("kind", "x", "value", "slope"),
    [
        ("ReLU", 2.0, 2, 1),
        ("ReLU", -2.0, 0, 0),
        ("ReLU", 0.0, 0, 0),
        ("LeakyReLU", -2.0, -0.2, 0.1),
        ("Sigmoid", 0.0, 0.5, 0.25),
        ("Sigmoid", np.log(3), 0.75, 0.1875),  # 1 / (1 + 1/3), and 3/4 of a quarter
        ("Tanh", 0.0, 0, 1),
        ("Tanh", np.log(2), 0.6, 0.64),  # (2 - 1/2) / (2 + 1/2)
    ],
)
def test_value_and_slope_are_those_worked_out_by_hand(kind, x, value, slope):
    explorer = at(kind, x)
    assert (explorer.value, explorer.slope) == pytest.approx((value, slope))
    assert explorer.left == pytest.approx([1, slope])
    assert shown(explorer, "value") == number(value)
    assert shown(explorer, "slope") == shown(explorer, "left") == number(slope)


@pytest.mark.parametrize("x", [-3.0, 0.0, 0.5, 4.0])
@pytest.mark.parametrize("n", [1, 2, 10, 20])
def test_each_sigmoid_feeds_the_next(x, n):
    explorer, y, slopes = at("Sigmoid", x, n), x, []
    for _layer in range(n):
        y = 1 / (1 + np.exp(-y))
        slopes.append(y * (1 - y))
    assert explorer.values[-1] == pytest.approx(y)
    assert explorer.left == pytest.approx([1, *np.cumprod(slopes[::-1])], rel=1e-12)
    assert explorer.left[-1] <= 0.25**n


def test_tanh_in_a_row_is_what_numpy_says():
    explorer, x = at("Tanh", 1.0, 3), 1.0
    left = 1.0
    for _layer in range(3):
        x = np.tanh(x)
        left *= 1 - x * x
    assert explorer.left[-1] == pytest.approx(left, rel=1e-12)


def test_the_verdict_says_how_much_is_left():
    explorer = at("ReLU", 1.0, 20)
    assert "whole" in explorer.status.value
    explorer.x.value = -1
    assert "Nothing is left" in explorer.status.value
    explorer.kind.value = "LeakyReLU"
    assert "one part in 1e+20" in explorer.status.value
    explorer.n.value = 1
    assert "10 %" in explorer.status.value


def test_a_moved_slider_moves_dots_tangent_and_numbers():
    explorer = at("Sigmoid", -1.0)
    before = mark(explorer, "value"), mark(explorer, "slope"), tangent(explorer)
    explorer.x.value = 2.0
    assert mark(explorer, "value")[0] > before[0][0]
    assert mark(explorer, "value")[1] < before[0][1]  # higher on the page
    assert mark(explorer, "slope")[1] > before[1][1]  # flatter at 2 than at -1
    assert not np.allclose(tangent(explorer), before[2])
    assert shown(explorer, "x") == "2"


@pytest.mark.parametrize("kind", NAMES)
@pytest.mark.parametrize("x", [-6.0, -0.4, 0.0, 1.3, 6.0])
def test_the_tangent_touches_the_curve_with_its_slope_and_stays_in_the_frame(kind, x):
    explorer = at(kind, x)
    xs, ys = tangent(explorer)
    low, high = explorer.curve_frame.y_range
    assert (ys >= low - 0.05).all()
    assert (ys <= high + 0.05).all()
    assert (ys[1] - ys[0]) / (xs[1] - xs[0]) == pytest.approx(explorer.slope, abs=0.01)
    assert ys[0] + explorer.slope * (x - xs[0]) == pytest.approx(explorer.value, abs=0.03)


def test_the_slope_of_relu_is_drawn_in_two_pieces_and_that_of_sigmoid_in_one():
    assert at("ReLU", 1.0).slope_line.count("<polyline") == 2
    assert at("Sigmoid", 1.0).slope_line.count("<polyline") == 1


def test_there_is_a_bar_for_the_start_and_for_every_layer():
    explorer = at("Sigmoid", 0.0, 3)
    heights = [float(h) for h in re.findall(r'height="([\d.]+)" data-bar', explorer.view.svg)]
    assert len(heights) == 4
    np.testing.assert_allclose(np.array(heights) / heights[0], explorer.left, atol=0.002)
    explorer.n.value = 20
    assert explorer.view.svg.count("data-bar") == 21


@pytest.mark.parametrize("kind", NAMES)
@pytest.mark.parametrize("x", [-1000.0, 1000.0, 0.0])
def test_far_out_nothing_warns_and_nothing_fails(kind, x):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        explorer = ActivationExplorer(x=1000.0, n=20)
        explorer.kind.value = kind
        explorer.x.value = x
    assert explorer.x.value == x
    assert explorer.message.value == ""
    assert np.isfinite([*explorer.left, *explorer.values]).all()
    ET.fromstring(explorer.view.svg)
    assert "nan" not in explorer.view.svg


def test_a_typed_number_beyond_the_slider_stops_at_its_end_and_a_longer_slider_takes_it():
    explorer = ActivationExplorer()
    explorer.x.value = 1000
    assert explorer.x.value == 6
    explorer.x.max = 1000
    explorer.x.value = 1000
    assert shown(explorer, "value") == "1000"
    assert explorer.curve_frame.x_range == (-6, 1000)


class Exploding(Layer):
    """A layer whose values are soon infinite, and its slope with them."""

    def forward(self, x):
        self.y = np.exp(np.asarray(x) * 100)
        return self.y

    def backward(self, dout):
        return dout * 100 * self.y


def test_infinite_numbers_are_drawn_and_nothing_warns():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        explorer = ActivationExplorer({"boom": Exploding()}, x=6.0, n=5)
        explorer.x.value = 5.9
    assert explorer.message.value == ""
    assert explorer.view.svg.count("∞")
    ET.fromstring(explorer.view.svg)


def test_own_layers_can_be_picked():
    explorer = ActivationExplorer({"a <b>": LeakyReLU(0.5), "s": Sigmoid(), "t": Tanh(), "r": ReLU()}, x=-2.0, n=3)
    assert explorer.left[-1] == 0.125
    assert explorer.values == [-2, -1, -0.5, -0.25]
    ET.fromstring(explorer.view.svg)


@pytest.mark.parametrize(
    ("build", "rule"),
    [
        (lambda: ActivationExplorer([ReLU()]), "a dict of names and layers"),
        (lambda: ActivationExplorer({}), "layers, got {}"),
        (lambda: ActivationExplorer({"f": abs}), "'f' does not run"),
        (lambda: ActivationExplorer({"sum": Sum()}), "every number by itself"),
        (lambda: ActivationExplorer(kind="Step"), "one of ReLU, LeakyReLU, Sigmoid, Tanh, got 'Step'"),
        (lambda: ActivationExplorer(x=np.nan), "x must be finite"),
        (lambda: ActivationExplorer(n=21), "n from 1 to 20"),
    ],
)
def test_what_it_cannot_show_is_refused(build, rule):
    with pytest.raises((TypeError, ValueError), match=rule):
        build()


def test_an_error_in_a_callback_is_shown():
    explorer = ActivationExplorer()
    explorer.layers["ReLU"] = None
    explorer.x.value = -1
    assert "TypeError" in explorer.message.value


def test_it_leaves_a_picture_for_a_page_without_a_kernel():
    still_of(ActivationExplorer())
