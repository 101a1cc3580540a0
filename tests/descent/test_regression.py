"""A line through points: against lstsq, numeric gradients, the matrix of second derivatives, and figures by hand."""

import numpy as np
import pytest

from nbkit import numerical_gradient
from nbkit.descent.regression import SCALES, LineFit
from tests.each import of_each_name

X = np.array([0.5, 1.2, 2.3, 3.1, 9.8])
Y = np.array([3.9, 3.4, 5.6, 5.2, 10.4])
scales = of_each_name({scale: scale for scale in SCALES})


def half_mean_square(fit, place):
    return np.mean((place[0] * fit.x + place[1] - fit.y) ** 2) / 2


@scales
def test_the_lowest_place_is_that_of_lstsq_and_its_gradient_is_0(name):
    fit = LineFit(X, Y, name)
    exact = np.linalg.lstsq(np.stack([fit.x, np.ones(5)], axis=1), Y)[0]
    np.testing.assert_allclose(fit.lowest, exact, rtol=1e-9)
    np.testing.assert_allclose(fit.look(fit.lowest).gradient, 0, atol=1e-9)


@scales
def test_losses_and_gradients_are_those_of_the_formula_nudged(name):
    fit, rng = LineFit(X, Y, name), np.random.default_rng(0)
    places = rng.normal(size=(6, 2)) * 4
    gradients = fit.gradients(places)
    for place, gradient in zip(places, gradients, strict=True):
        look = fit.look(place)
        assert look.loss == pytest.approx(half_mean_square(fit, place))
        nudged = numerical_gradient(lambda at: half_mean_square(fit, at), place)
        np.testing.assert_allclose(look.gradient, nudged, rtol=1e-6, atol=1e-7)
        np.testing.assert_allclose(gradient, look.gradient, rtol=1e-12, atol=1e-12)
        np.testing.assert_allclose(look.heights, place[0] * fit.x + place[1])


@scales
def test_losses_stand_where_they_belong_on_a_grid(name):
    fit = LineFit(X, Y, name)
    w, b = np.linspace(-3, 5, 4), np.linspace(-2, 9, 3)
    expected = [[half_mean_square(fit, (one, other)) for one in w] for other in b]
    np.testing.assert_allclose(fit.loss_grid(w, b), expected, rtol=1e-9)


@scales
def test_curvatures_are_the_eigenvalues_of_the_second_derivatives(name):
    fit = LineFit(X, Y, name)
    second = np.array([[np.mean(fit.x**2), np.mean(fit.x)], [np.mean(fit.x), 1]])
    np.testing.assert_allclose(fit.curvatures, sorted(np.linalg.eigvalsh(second), reverse=True), rtol=1e-9)


def test_three_points_by_hand():
    """x = 0, 1, 2 and y = 1, 1, 4 from the line y = 0: gaps −1, −1, −4, so the loss is 18/6 = 3.

    The gradient of w is the mean of gap · x, (0 − 1 − 8)/3 = −3, that of b the mean of the gaps, −2.
    """
    look = LineFit([0, 1, 2], [1, 1, 4]).look((0, 0))
    assert look.loss == pytest.approx(3)
    np.testing.assert_allclose(look.gradient, [-3, -2])
    fit = LineFit([0, 1, 2], [1, 1, 4], "standardised")
    np.testing.assert_allclose(fit.x, [-np.sqrt(1.5), 0, np.sqrt(1.5)])
    np.testing.assert_allclose(fit.curvatures, [1, 1])
    np.testing.assert_allclose(
        fit.walk((5, -7), 1.0, 1)[0], [1.5 * np.sqrt(2 / 3), 2]
    )  # in one step: slope 1.5, mean 2


def test_a_unit_that_is_a_thousand_times_smaller_bends_the_loss_a_million_times_as_much():
    kilograms, grams = LineFit(X, Y).curvatures, LineFit(1000 * X, Y).curvatures
    assert 0.9e6 < grams[0] / kilograms[0] < 1e6
    standard = [LineFit(k * X, Y, "standardised").curvatures for k in (1, 1000)]
    np.testing.assert_allclose(standard, 1, rtol=1e-9)


@pytest.mark.parametrize("before", SCALES)
@pytest.mark.parametrize("after", SCALES)
def test_the_same_line_has_the_same_heights_on_every_scale(before, after):
    one, other = LineFit(X, Y, before), LineFit(X, Y, after)
    place = np.array([1.7, -2.3])
    np.testing.assert_allclose(other.look(other.same_line(place, one)).heights, one.look(place).heights)


def test_a_walk_goes_against_the_gradient_and_ends_where_it_diverges():
    fit, place = LineFit(X, Y), np.array([2.0, 1.0])
    walk = fit.walk(place, 0.01, 3)
    for step in walk:
        place = place - 0.01 * numerical_gradient(lambda at: half_mean_square(fit, at), place)
        np.testing.assert_allclose(step, place, rtol=1e-6)
    lost = fit.walk((2.0, 1.0), 5.0, 1000)
    assert len(lost) < 1000
    assert np.isfinite(lost).all()
    assert len(fit.walk(lost[-1], 5.0, 10)) <= 2  # one further step, so that it is told, and no more


def test_a_line_through_two_points():
    np.testing.assert_allclose(LineFit(X, Y).through((1, 3), (3, -1)), [-2, 5])


@pytest.mark.parametrize(
    ("x", "y", "scale", "rule"),
    [
        ([1], [1], "centred", "2 to 100 numbers"),
        ([1, 2], [1, 2, 3], "centred", "as many of both"),
        (np.ones((2, 2)), np.ones((2, 2)), "centred", "2 to 100 numbers"),
        (range(101), range(101), "centred", "2 to 100 numbers"),
        ([1, np.nan], [1, 2], "centred", "finite"),
        ([2, 2, 2], [1, 2, 3], "centred", "not all have the same x"),
        ([0, 0], [1, 2], "centred", "not all have the same x"),
        ([1, 2], [1, 2], "squared", "scale"),
        ([1e300, -1e300], [1, 2], "as measured", "units that a float can square"),
        ([1e-160, 2e-160], [1, 2], "as measured", "units that a float can square"),
        ([1e8, 1e8 + 1], [1, 2], "as measured", r"tell apart, got x from 100000000.0 to 100000001.0"),
        ([1, 2], [1e200, 0], "as measured", "units that a float can square"),
    ],
)
def test_what_has_no_line_is_refused(x, y, scale, rule):
    with pytest.raises(ValueError, match=rule):
        LineFit(x, y, scale)


def test_large_heights_leave_the_curvatures_alone():
    near, far = LineFit([1, 2, 4], [1, 2, 3]), LineFit([1, 2, 4], [1e15, 2e15, 3e15])
    np.testing.assert_array_equal(far.curvatures, near.curvatures)


def test_a_line_that_is_gone_walks_no_further():
    assert LineFit(X, Y).walk((1e100, 0.0), 1000.0, 5) == []
