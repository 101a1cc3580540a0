"""Safe array functions: right where the textbook formula overflows, and clear about what they refuse."""

import numpy as np
import pytest
from scipy import special

from nbkit.functions import (
    as_float,
    check_finite,
    cross_entropy,
    one_hot,
    score_for,
    sigmoid,
    softmax,
    target_rows,
    unbroadcast,
    without_warnings,
)
from nbkit.messages import kind_of

RAGGED = [[1.0], [1.0, 2.0]]


# ---------------------------------------------------------------- without_warnings


@pytest.mark.parametrize("outside", ["warn", "raise"])
@pytest.mark.filterwarnings("error")
def test_nothing_warns_in_a_function_and_afterwards_the_callers_settings_hold(outside):
    def both():
        return 1 / np.zeros(2), without_warnings(np.log, np.zeros(1))

    with np.errstate(all=outside):
        before = np.geterr()
        infinite, minus_infinite = without_warnings(both)
        assert np.isinf(infinite).all()
        assert np.isinf(minus_infinite).all()
        with pytest.raises(ZeroDivisionError):
            without_warnings(lambda: 1 // 0)
        assert np.geterr() == before
        with pytest.raises((RuntimeWarning, FloatingPointError), match="divide by zero"):
            np.log(np.zeros(1))


# ---------------------------------------------------------------- as_float, check_finite


@pytest.mark.parametrize(
    ("given", "dtype", "shape"),
    [
        (3, np.float64, ()),
        (2.5, np.float64, ()),
        (True, np.float64, ()),
        (np.int32(3), np.float64, ()),
        (np.float32(2.5), np.float32, ()),
        (np.float16(2.5), np.float64, ()),
        ([1, 2, 3], np.float64, (3,)),
        ((1.5, 2.5), np.float64, (2,)),
        (np.array([[True, False]]), np.float64, (1, 2)),
        (np.arange(6, dtype=np.uint8).reshape(2, 3), np.float64, (2, 3)),
        (np.zeros((2, 1), np.float32), np.float32, (2, 1)),
        (np.zeros(2, ">f8"), np.float64, (2,)),
        (np.zeros((0, 3)), np.float64, (0, 3)),
    ],
)
def test_as_float_promotes_and_keeps_the_shape(given, dtype, shape):
    result = as_float(given)
    assert (result.dtype, result.shape) == (np.dtype(dtype), shape)
    np.testing.assert_array_equal(result, given)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_as_float_returns_floats_themselves(dtype):
    x = np.zeros(3, dtype)
    assert as_float(x) is x


@pytest.mark.parametrize(
    ("bad", "telling"),
    [
        ("abc", "text 'abc'"),
        (None, "None"),
        (1j, "1j"),
        (np.array([1j]), "complex"),
        (RAGGED, "equal lengths"),
        ([1.0, None], "None"),
        (["1", "2"], "number"),
        (np.array(["2020-01-01"], "M8[D]"), "datetime64"),
        ({"a": 1}, "'a'"),
    ],
)
def test_as_float_refuses_what_is_not_made_of_real_numbers(bad, telling):
    with pytest.raises(TypeError, match=telling):
        as_float(bad)


@pytest.mark.parametrize(
    ("x", "telling"),
    [
        ([0.0, np.nan, np.inf], r"pixels.*nan at index \(1,\)"),
        ([[0.0, 1.0], [2.0, np.inf]], r"inf at index \(1, 1\)"),
        ([-np.inf], r"-inf at index \(0,\)"),
        (np.nan, r"nan at index \(\)"),
    ],
)
def test_check_finite_names_the_first_bad_index(x, telling):
    with pytest.raises(ValueError, match=telling):
        check_finite(x, "pixels")
    assert check_finite([1, 2], "x").dtype == np.float64


@pytest.mark.parametrize(
    ("thing", "words"),
    [
        ("abc", "text 'abc'"),
        ("a" * 50, "text '" + "a" * 37 + "...'"),
        (np.zeros((2, 3)), "an array of shape (2, 3) and type float64"),
        (np.float64(0.5), "0.5"),
        (np.array(3), "3"),
        (np.True_, "True"),
        (None, "None"),
        (list(range(100)), "a list"),
    ],
)
def test_kind_of_is_short(thing, words):
    assert kind_of(thing) == words


# ---------------------------------------------------------------- unbroadcast


@pytest.mark.parametrize(
    ("small", "big"),
    [
        ((), (2, 3)),
        ((3,), (2, 3)),
        ((1, 3), (2, 3)),
        ((2, 1), (2, 3)),
        ((1, 1), (2, 3)),
        ((1,), (2, 3)),
        ((2, 1, 3), (4, 2, 5, 3)),
        ((0, 1), (0, 3)),
        ((1,), (1,)),
        ((1, 1), (1, 1, 1)),
    ],
)
def test_unbroadcast_sums_exactly_the_copies(small, big):
    # Each entry of `big` comes from the entry of `small` that broadcasting copied.
    grad = np.random.default_rng(0).normal(size=big)
    origin = np.broadcast_to(np.arange(int(np.prod(small))).reshape(small), big)
    expected = np.bincount(origin.ravel(), grad.ravel(), minlength=int(np.prod(small))).reshape(small)
    result = unbroadcast(grad, small)
    assert result.shape == small
    np.testing.assert_allclose(result, expected, rtol=0, atol=1e-12)
    assert unbroadcast(grad, big) is grad


# ---------------------------------------------------------------- sigmoid, softmax


@pytest.mark.parametrize(("x", "y"), [(1000, 1.0), (-1000, 0.0), (0, 0.5), (np.inf, 1.0), (-np.inf, 0.0)])
def test_sigmoid_at_the_ends_and_in_the_middle(x, y):
    assert sigmoid(x) == y


def test_sigmoid_agrees_with_scipy_and_keeps_small_probabilities():
    x = np.linspace(-700, 700, 141).reshape(47, 3)
    np.testing.assert_allclose(sigmoid(x), special.expit(x), rtol=1e-14, atol=0)


@pytest.mark.parametrize("function", [sigmoid, softmax])
def test_float32_stays_float32_and_all_else_becomes_float64_or_is_refused(function):
    assert function(np.array([1.0, -2.0], np.float32)).dtype == np.float32
    np.testing.assert_array_equal(function([1, -2]), function([1.0, -2.0]))
    with pytest.raises(TypeError, match="equal lengths"):
        function(RAGGED)


@pytest.mark.parametrize(
    ("x", "y"),
    [
        ([1000.0, -1000.0], [1.0, 0.0]),
        ([-1000.0, -1000.0], [0.5, 0.5]),
        ([[1000.0, 1000.0, -1000.0, 1000.0]], [[1 / 3, 1 / 3, 0.0, 1 / 3]]),
        ([7.0], [1.0]),
    ],
)
def test_softmax_stays_finite(x, y):
    np.testing.assert_allclose(softmax(x), y, rtol=1e-15)


@pytest.mark.parametrize("shape", [(4,), (3, 4), (2, 3, 4)])
def test_softmax_agrees_with_scipy_and_rows_sum_to_1(shape):
    x = np.random.default_rng(1).normal(0, 5, shape)
    np.testing.assert_allclose(softmax(x), special.softmax(x, axis=-1), rtol=1e-13)
    np.testing.assert_allclose(softmax(x).sum(axis=-1), np.ones(shape[:-1]), rtol=1e-14)
    np.testing.assert_allclose(softmax(x + 100.0), softmax(x), rtol=1e-12)


@pytest.mark.parametrize("x", [3.0, [], np.zeros((2, 0))])
def test_softmax_needs_a_score(x):
    with pytest.raises(ValueError, match="at least one score"):
        softmax(x)


@pytest.mark.parametrize("scores", [(2.0, 1.0, 0.1), (0.0, 0.0), (-700.0, 710.0, 709.0), (1000.0, 1002.0)])
def test_the_score_for_a_probability_is_the_way_back_of_softmax(scores):
    for i in range(len(scores)):
        others = np.delete(scores, i)
        for probability in (0.001, 0.3, 0.5, 0.999):
            whole = np.insert(others, i, score_for(probability, others))
            assert softmax(whole)[i] == pytest.approx(probability, rel=1e-9)
        assert (score_for(0.0, others), score_for(1.0, others)) == (-np.inf, np.inf)
    assert score_for(0.5, [3.0]) == 3.0  # as likely as the other one


# ---------------------------------------------------------------- labels and rows


@pytest.mark.parametrize(
    ("t", "rows"),
    [
        (2, [0, 0, 1, 0]),
        ([0, 3], [[1, 0, 0, 0], [0, 0, 0, 1]]),
        ([1.0], [[0, 1, 0, 0]]),
        ([[0], [1]], [[[1, 0, 0, 0]], [[0, 1, 0, 0]]]),
    ],
)
def test_one_hot(t, rows):
    got = one_hot(t, 4)
    np.testing.assert_array_equal(got, rows)
    np.testing.assert_array_equal(-got, -np.array(rows))  # NumPy has no minus for truths
    assert got.dtype == float


@pytest.mark.parametrize(
    ("t", "telling"),
    [
        ([0, 4], "0 to 3, got 4"),
        ([0, -1], "got -1"),
        ([1.5], "got 1.5"),
        ([np.nan], "got nan"),
        (["a", "b"], "got text 'a'"),
        (7, "got 7"),
    ],
)
def test_one_hot_refuses_labels_that_are_no_class(t, telling):
    with pytest.raises(ValueError, match=telling):
        one_hot(t, 4)


@pytest.mark.parametrize("t", [None, [0, None], RAGGED])
def test_one_hot_refuses_what_is_not_made_of_labels(t):
    with pytest.raises((TypeError, ValueError), match=r"labels must be|equal lengths"):
        one_hot(t, 4)


@pytest.mark.parametrize(
    ("x_shape", "t", "telling"),
    [
        ((2, 3), [0, 1, 2], "labels with shape (2,)"),
        ((2, 3), [[0], [1]], "rows with shape (2, 3)"),
        ((2, 3), [[0, 1], [1, 0]], "got shape (2, 2)"),
        ((3,), [0, 1], "labels with shape ()"),
        ((2, 3), [[0.5, 0.2, 0.2], [1, 0, 0]], "sum to 1"),
        ((2, 3), [[2.0, -1.0, 0.0], [1, 0, 0]], "sum to 1"),
        ((2, 3), [[np.nan, 0, 1], [1, 0, 0]], "sum to 1"),
        ((0, 3), [], "at least one row"),
        ((2, 0), [0, 0], "at least one row"),
        ((), 0, "shape"),
    ],
)
def test_target_rows_states_rule_and_shapes(x_shape, t, telling):
    with pytest.raises(ValueError, match="(?s)" + telling.replace("(", r"\(").replace(")", r"\)")):
        target_rows(np.zeros(x_shape), t)


def test_target_rows_takes_soft_rows_in_the_type_of_the_scores():
    rows = target_rows(np.zeros((1, 2), np.float32), [[0.25, 0.75]])
    assert rows.dtype == np.float32
    np.testing.assert_array_equal(rows, [[0.25, 0.75]])


# ---------------------------------------------------------------- cross_entropy


@pytest.mark.parametrize(
    ("y", "t", "loss"),
    [
        ([0.5, 0.25, 0.25], 0, np.log(2)),
        ([[0.5, 0.5], [0.25, 0.75]], [1, 0], (np.log(2) + np.log(4)) / 2),
        ([[0.5, 0.5], [0.25, 0.75]], [[0, 1], [1, 0]], (np.log(2) + np.log(4)) / 2),
        ([0.5, 0.5], [0.25, 0.75], np.log(2)),
        ([1.0, 0.0], 0, 0.0),
        ([1.0, 0.0], 1, np.inf),
        ([[1.0, 0.0], [0.5, 0.5]], [[1, 0], [0, 1]], np.log(2) / 2),
    ],
)
def test_cross_entropy_by_hand(y, t, loss):
    assert cross_entropy(y, t) == pytest.approx(loss, rel=1e-15)


@pytest.mark.parametrize(("y", "t"), [([0.5, 0.5], 2), ([[0.5, 0.5]], [[1.0, 1.0]]), ([[0.5, 0.5]], [0, 1]), (0.5, 0)])
def test_cross_entropy_refuses_targets_that_do_not_fit(y, t):
    with pytest.raises(ValueError, match=r"labels|rows|shape"):
        cross_entropy(y, t)
