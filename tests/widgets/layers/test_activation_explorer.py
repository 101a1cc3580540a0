"""The activation explorer: values, slopes and what remains of a gradient, against figures worked out by hand."""

import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from nbkit import ActivationExplorer, Layer, LeakyReLU, ReLU, Sigmoid, Sum, Tanh
from nbkit.formatting import number, three_digits
from nbkit.widgets.layers.activation_explorer import BAR_BOX
from tests.hands import by_hand

NAMES = ("ReLU", "LeakyReLU", "Sigmoid", "Tanh")


def marks(explorer):
    return explorer.view.svg.marks


def shown(explorer, key):
    return marks(explorer)["numbers"].numbers[key]


def bar_pixels(explorer):
    """Return how high the bars of the gradients are."""
    return np.array(re.findall(r'height="([\d.]+)" data-bar', marks(explorer)["left"]), dtype=float)


def at(kind, x, n=1):
    return ActivationExplorer(kind=kind, x=x, n=n)


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


def test_the_status_says_how_much_is_left():
    explorer = at("ReLU", 1.0, 20)
    assert "whole" in explorer.status.value
    explorer.x.value = -1
    assert "Nothing remains of the gradient" in explorer.status.value
    explorer.kind.value = "LeakyReLU"
    assert "one part in 1e+20" in explorer.status.value
    explorer.n.value = 7
    assert "one part in 10\u202f000\u202f000." in explorer.status.value
    explorer.n.value = 1
    assert "10 %" in explorer.status.value


def test_a_moved_slider_moves_dots_tangent_and_numbers():
    explorer = at("Sigmoid", -1.0)
    before = marks(explorer)
    explorer.x.value = 2.0
    now = marks(explorer)
    assert (now["value"].x, now["value"].y) == (2, pytest.approx(1 / (1 + np.exp(-2))))
    assert (now["slope"].x, now["slope"].y) == (2, pytest.approx(np.exp(-2) / (1 + np.exp(-2)) ** 2))
    assert not np.allclose(now["tangent"].y, before["tangent"].y)
    assert shown(explorer, "x") == "2"


@pytest.mark.parametrize("kind", NAMES)
@pytest.mark.parametrize("x", [-6.0, -0.4, 0.0, 1.3, 6.0])
def test_the_tangent_touches_the_curve_with_its_slope_and_stays_in_the_frame(kind, x):
    explorer = at(kind, x)
    tangent = marks(explorer)["tangent"]
    low, high = explorer.curve_frame.y_range
    assert (tangent.y >= low - 1e-9).all()
    assert (tangent.y <= high + 1e-9).all()
    assert np.ptp(tangent.x) > 0.5
    assert np.diff(tangent.y) / np.diff(tangent.x) == pytest.approx(explorer.slope)
    assert tangent.y[0] + explorer.slope * (x - tangent.x[0]) == pytest.approx(explorer.value)


def test_the_slope_of_relu_is_drawn_in_two_pieces_and_that_of_sigmoid_in_one():
    assert marks(at("ReLU", 1.0))["slopes"].count("<polyline") == 2
    assert marks(at("Sigmoid", 1.0))["slopes"].count("<polyline") == 1


def test_there_is_a_bar_for_the_start_and_for_every_layer():
    explorer = at("Sigmoid", 0.0, 3)
    assert 10 ** np.array(marks(explorer)["left"].heights) == pytest.approx(explorer.left)
    pixels = bar_pixels(explorer)
    decade = (pixels[0] - pixels[-1]) / -np.log10(explorer.left[-1])
    np.testing.assert_allclose(pixels[0] - pixels, -decade * np.log10(explorer.left), atol=0.1)
    explorer.n.value = 20
    assert marks(explorer)["left"].count("data-bar") == 21


@pytest.mark.parametrize(("kind", "x", "n"), [("Sigmoid", 1.0, 10), ("Sigmoid", 0.0, 20), ("LeakyReLU", -1.0, 20)])
def test_the_smallest_part_is_seen_beside_the_whole(kind, x, n):
    """10 sigmoids leave less than one part in a million, 20 leaky ReLUs 1e-20."""
    explorer = at(kind, x, n)
    assert explorer.left[-1] < 1e-6
    assert bar_pixels(explorer).min() > 5
    assert bar_pixels(explorer).max() < BAR_BOX[3]
    assert f">{three_digits(explorer.left[-1])}</text>" in explorer.view.svg


def test_where_nothing_is_left_there_is_a_zero_and_words():
    explorer = at("ReLU", -1.0, 4)
    assert bar_pixels(explorer)[1:].tolist() == [0] * 4
    assert re.findall(r'data-zero="(\d+)"', explorer.view.svg) == ["1", "2", "3", "4"]
    assert "0: nothing at all" in explorer.view.svg
    explorer.x.value = 1.0
    assert "data-zero" not in explorer.view.svg
    assert "0: nothing at all" not in explorer.view.svg


# ---------------------------------------------------------------- x is moved by hand


@pytest.mark.parametrize("item", ["value", "slope"])
def test_a_dragged_point_moves_x(item):
    explorer = at("Sigmoid", -1.0)
    pixels = 300 / 12  # for a unit of x
    by_hand(explorer, {"kind": "press", "item": item, "x": 170, "y": 200},
            {"kind": "drag", "item": item, "x": 170 + 3 * pixels, "y": 10})  # fmt: skip
    assert explorer.x.value == pytest.approx(2)
    assert marks(explorer)[item].x == explorer.x.value
    by_hand(explorer, {"kind": "drop", "item": item, "x": 1e6, "y": 0})
    assert explorer.x.value == 6


def test_keys_move_the_point():
    explorer = at("Tanh", 0.0)
    by_hand(explorer, {"kind": "key", "item": "value", "key": "ArrowLeft"})
    assert explorer.x.value == pytest.approx(-0.1)
    by_hand(explorer, {"kind": "key", "item": "slope", "key": "End"})
    assert explorer.x.value == 6
    assert 'aria-valuetext="x = 6, there 2.458e−05"' in marks(explorer)["slope"]  # 1 - tanh(6)²


@pytest.mark.parametrize("kind", NAMES)
@pytest.mark.parametrize("x", [-1000.0, 1000.0, 0.0])
def test_far_out_nothing_warns_and_nothing_fails(kind, x):
    explorer = ActivationExplorer(x=1000.0, n=20)
    explorer.kind.value = kind
    explorer.x.value = x
    assert explorer.x.value == x
    assert explorer.message.value == ""
    assert np.isfinite([*explorer.left, *explorer.values]).all()
    ET.fromstring(explorer.view.svg)
    assert "nan" not in explorer.view.svg


def test_a_typed_number_stops_at_the_end_of_the_slider():
    explorer = ActivationExplorer()
    assert explorer.kind.options == NAMES
    explorer.x.value = 1000
    assert explorer.x.value == 6
    explorer.x.max = 1000
    explorer.x.value = 1000
    assert shown(explorer, "value") == "1000"
    assert explorer.curve_frame.x_range == (-6, 1000)


class Exploding(Layer):
    """A layer whose values and slopes soon overflow."""

    def forward(self, x):
        self.y = np.exp(np.asarray(x) * 100)
        return self.y

    def backward(self, dout):
        return dout * 100 * self.y


def test_infinite_numbers_are_drawn_and_nothing_warns():
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
        (lambda: ActivationExplorer(kind="Step"), "one of ReLU, LeakyReLU, Sigmoid, Tanh, got text 'Step'"),
        (lambda: ActivationExplorer(x=np.nan), "x must be a finite number"),
        (lambda: ActivationExplorer(n=21), "n must be a whole number from 1 to 20"),
    ],
)
def test_what_it_cannot_show_is_refused(build, rule):
    with pytest.raises((TypeError, ValueError), match=rule):
        build()
