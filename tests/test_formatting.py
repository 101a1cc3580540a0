"""Numbers as a picture shows them: four significant digits, and the exact value for those who ask."""

import numpy as np
import pytest
from matplotlib.ticker import MaxNLocator

from nbkit.formatting import exact, number, one_two_five, power_of_ten, round_numbers, shape_text, superscript, table


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (220.00000000000003, "220"), (0.1 + 0.2, "0.3"), (1 / 3, "0.3333"), (-2.5, "−2.5"), (-0.0, "0"),
        (12345.6, "12346"), (1234567.0, "1.235e+06"), (1.234e-7, "1.234e−07"), (np.inf, "∞"), (-np.inf, "−∞"),
        (np.nan, "NaN"), (9999.6, "1e+04"),
    ],
)  # fmt: skip
def test_a_number_has_four_significant_digits(value, text):
    assert number(value) == text


def test_exact_shows_all_digits():
    assert exact(650 * 1.1) == "715.0000000000001"
    assert exact(np.array([[1.5, 2.0]])) == "[[1.5 2. ]]"


def test_a_table_shows_small_arrays_and_no_large_ones():
    assert table(np.arange(6.0).reshape(2, 3)) == [["0", "1", "2"], ["3", "4", "5"]]
    assert table(np.arange(3.0)) == [["0", "1", "2"]]
    assert table(np.zeros((4, 1))) == []
    assert table(np.zeros((1, 1, 1))) == []


@pytest.mark.parametrize(
    ("thing", "text"),
    [(np.zeros((16, 4)), "(16, 4)"), (np.zeros(3), "(3,)"), ([1, 2], "(2,)"), (3.0, ""), (3, ""), (np.float64(4), ""),
     (np.array(5.0), "")],
    ids=repr,
)  # fmt: skip
def test_an_array_is_told_by_its_shape_and_a_number_by_none(thing, text):
    assert shape_text(thing) == text


def test_powers_stand_above_the_line():
    assert superscript("−1.5") == "⁻¹·⁵"
    assert (power_of_ten(-5), power_of_ten(2), power_of_ten(0.5)) == ("10⁻⁵", "10²", "10⁰·⁵")


def test_numbers_of_a_slider_over_decades_are_the_decimals_themselves():
    assert one_two_five(-2, 0) == [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0]
    assert one_two_five(3, 3, digits=(1, 3)) == [1000.0, 3000.0]


@pytest.mark.parametrize("most", [5, 8])
def test_round_numbers_are_the_ticks_of_matplotlib(most):
    rng, locator = np.random.default_rng(0), MaxNLocator(nbins=most, steps=[1, 2, 5, 10])
    for size in 10 ** rng.uniform(-6, 6, 300):
        low, high = sorted(rng.normal(0, size, 2))
        ticks = locator.tick_values(low, high)
        np.testing.assert_allclose(
            round_numbers(low, high, most), ticks[(ticks >= low) & (ticks <= high)], atol=1e-9 * size
        )


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [(0, 1, [0, 0.2, 0.4, 0.6, 0.8, 1]), (0.1, 0.30000000000000004, [0.1, 0.15, 0.2, 0.25, 0.3]), (-3, 2, range(-3, 3)),
     (2, 2, [2]), (0, 5e-324, [0]), (-1.7e308, 1.7e308, [-1.7e308])],
)  # fmt: skip
def test_round_numbers_hold_both_ends_and_need_no_room(low, high, expected):
    np.testing.assert_allclose(round_numbers(low, high, 5), expected, rtol=1e-12, atol=1e-15)
