"""The landscapes: their gradients are numeric ones, their heights stand where they belong, odd ones are refused."""

import numpy as np
import pytest

from nbkit import Variable, numerical_gradient
from nbkit.descent.landscapes import LANDSCAPES, Landscape, find_landscape
from nbkit.layers import Sum
from tests.each import of_each_name


@of_each_name(LANDSCAPES)
def test_gradients_are_those_that_nudging_finds(name):
    landscape = find_landscape(name)
    rng = np.random.default_rng(0)
    places = np.array([[rng.uniform(*ends) for ends in landscape.ranges] for _place in range(5)])
    losses, gradients = landscape.loss_and_gradient(places)
    for place, loss, gradient in zip(places, losses, gradients, strict=True):
        plain = landscape.function(*(Variable(value, f"w{i}") for i, value in enumerate(place))).value
        assert loss == pytest.approx(plain)
        nudged = numerical_gradient(lambda w: landscape.loss_and_gradient(w[None])[0][0], place)
        np.testing.assert_allclose(gradient, nudged, rtol=1e-5, atol=1e-7)


@of_each_name(LANDSCAPES)
def test_heights_stand_where_they_belong(name):
    """The second weight runs down the rows of `heights`, the first along them."""
    landscape = find_landscape(name)
    place = [axis[k] for axis, k in zip(landscape.axes, (7, 30), strict=False)]
    (loss,), _gradient = landscape.loss_and_gradient(np.array([place]))
    assert landscape.heights[(7,) if len(place) == 1 else (30, 7)] == pytest.approx(loss)
    assert all(low <= x <= high for x, (low, high) in zip(landscape.start, landscape.ranges, strict=True))


def test_a_start_left_out_lies_a_quarter_into_the_range():
    assert Landscape("mine", lambda w: w**2, (0, 4)).start == (1,)
    assert Landscape("mine", lambda a, b: a * b, ((0, 4), (-1, 1))).start == (1, -0.5)


@pytest.mark.parametrize(
    ("function", "options", "error", "rule"),
    [
        (lambda a, b, c: a, {}, TypeError, "one weight or two"),
        (lambda: 1, {}, TypeError, "one weight or two"),
        (3, {}, TypeError, "a function of w"),
        (lambda w: 3.0, {}, TypeError, "does not run"),
        (lambda w: w.nothing, {}, TypeError, "does not run"),
        (lambda w1, w2: w1**2, {}, ValueError, "depends on w₁$"),
        (lambda w: Sum()(w), {}, ValueError, "every number by itself"),
        (lambda w: w / 0, {"range": (1, 2)}, ValueError, "finite nowhere"),
        (lambda w: w**2, {"range": (2, -2)}, ValueError, "low < high"),
        (lambda w: w**2, {"range": 3}, ValueError, "low < high"),
        (lambda w: w**2, {"range": (0, np.inf)}, ValueError, "finite"),
        (lambda a, b: a * b, {"start": 3}, ValueError, "2 numbers"),
        (lambda w: w**2, {"start": (1, 2)}, ValueError, "1 numbers"),
        (lambda w: w**2, {"start": np.nan}, ValueError, "finite"),
    ],
)
def test_what_is_no_landscape_is_refused(function, options, error, rule):
    with pytest.raises(error, match=rule):
        Landscape("mine", function, **{"range": (-3, 3), **options})


@pytest.mark.parametrize("name", ["hill", 3])
def test_an_unknown_landscape_is_refused(name):
    with pytest.raises(ValueError, match="must be a function or one of bowl, steep bowl"):
        find_landscape(name)
