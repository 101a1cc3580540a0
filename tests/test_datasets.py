"""Data sets: right shapes, the same for the same seed, and never a look at the network."""

import inspect
import socket

import numpy as np
import pytest
from sklearn.datasets import load_digits, load_iris, make_circles, make_moons

from nbkit import datasets
from nbkit.datasets import Dataset, circles, digits, iris, moons, spiral, xor

RANDOM = [circles, moons, spiral]

SHAPES = {
    "xor": (xor, 4, 2, 2),
    "circles": (circles, 200, 2, 2),
    "moons": (moons, 200, 2, 2),
    "spiral": (spiral, 200, 2, 2),
    "circles of 51": (lambda: circles(51), 51, 2, 2),
    "moons of 51": (lambda: moons(n=51, noise=0), 51, 2, 2),
    "spiral of 50, 3 arms": (lambda: spiral(50, classes=3), 50, 2, 3),
    "iris": (iris, 150, 4, 3),
    "digits": (digits, 1797, 64, 10),
}
every_set = pytest.mark.parametrize(("load", "n", "d", "k"), SHAPES.values(), ids=SHAPES)


@pytest.fixture(autouse=True)
def _no_network(monkeypatch):
    def refuse(*args, **kwargs):
        raise AssertionError("a data set must not ask the network")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@every_set
def test_shapes_types_and_names(load, n, d, k):
    data = load()
    x, t, features, classes = data
    assert isinstance(data, Dataset)
    assert (x.shape, x.dtype) == ((n, d), np.float64)
    assert t.shape == (n,)
    assert t.dtype.kind == "i"
    assert np.isfinite(x).all()
    assert np.unique(t).tolist() == list(range(k))
    assert (len(features), len(classes)) == (d, k)
    assert all(type(name) is str for name in (*features, *classes))


@every_set
def test_classes_are_about_equally_large(load, n, d, k):
    counts = np.bincount(load().t)
    assert counts.max() - counts.min() <= max(1, 0.1 * n / k)


def test_every_public_set_is_in_the_table():
    functions = {name: thing for name, thing in vars(datasets).items() if inspect.isfunction(thing)}
    public = {name for name, thing in functions.items() if thing.__module__ == "nbkit.datasets" and name[0] != "_"}
    assert public == {"xor", "circles", "moons", "spiral", "iris", "digits", "read_csv"}


def test_xor_by_hand():
    data = xor()
    np.testing.assert_array_equal(data.t, data.x[:, 0] != data.x[:, 1])
    assert sorted(map(tuple, data.x)) == [(0, 0), (0, 1), (1, 0), (1, 1)]


def test_iris_and_digits_by_known_figures():
    flowers, images = iris(), digits()
    np.testing.assert_array_equal(flowers.x[0], [5.1, 3.5, 1.4, 0.2])
    assert flowers.classes == ("setosa", "versicolor", "virginica")
    assert all("cm" in name for name in flowers.features)
    assert np.bincount(flowers.t).tolist() == [50, 50, 50]
    assert (images.x.min(), images.x.max()) == (0.0, 1.0)
    assert images.t[:10].tolist() == list(range(10))
    assert images.classes == tuple("0123456789")


def test_the_two_flowers_that_differ_elsewhere_are_as_in_the_paper():
    np.testing.assert_array_equal(iris().x[[34, 37]], [[4.9, 3.1, 1.5, 0.2], [4.9, 3.6, 1.4, 0.1]])


@pytest.mark.parametrize(("ours", "theirs", "unit"), [(iris, load_iris, 1.0), (digits, load_digits, 16.0)])
def test_files_hold_what_scikit_learn_has(ours, theirs, unit):
    data, raw = ours(), theirs()
    np.testing.assert_array_equal(data.x * unit, raw.data)
    np.testing.assert_array_equal(data.t, raw.target)
    assert data.features == tuple(raw.feature_names)
    assert data.classes == tuple(map(str, raw.target_names))


@pytest.mark.parametrize(
    ("ours", "theirs"), [(circles, lambda n, **rest: make_circles(n, factor=0.5, **rest)), (moons, make_moons)]
)
@pytest.mark.parametrize("noise", [0, 1e-9, 0.1, 0.3, 50])
def test_curves_are_those_of_scikit_learn_bit_by_bit(ours, theirs, noise):
    """The same operations on the same numbers in the same order, so nothing is left to rounding."""
    for n in (*range(2, 70), 199, 200, 201, 1001, 5000):
        for seed in (0, 1, 2026):
            raw = int(np.random.default_rng(seed).integers(2**31))  # scikit-learn takes whole numbers as seeds
            (x, t), data = theirs(n, noise=noise, random_state=raw), ours(n, noise, seed)
            np.testing.assert_array_equal(data.x, x)
            np.testing.assert_array_equal(data.t, t)


def test_rings_and_names_of_circles():
    data = circles(noise=0.0)
    radius = np.hypot(*data.x.T)
    np.testing.assert_allclose(radius, np.where(data.t == data.classes.index("outer"), 1.0, 0.5), rtol=1e-12)


def test_upper_moon_is_above():
    data = moons(noise=0.0)
    heights = [data.x[data.t == data.classes.index(name), 1].mean() for name in ("upper", "lower")]
    assert heights[0] > heights[1]


@pytest.mark.parametrize("classes", [1, 2, 3, 5])
def test_arms_of_a_spiral_are_turned_copies(classes):
    x, t, *_names = spiral(60, noise=0.0, classes=classes)
    radius = np.hypot(*x.T)
    np.testing.assert_allclose(radius.max(), 1.0)
    for arm in range(classes):
        np.testing.assert_allclose(radius[t == arm], radius[t == 0], rtol=1e-12)
        angle = 2 * np.pi * arm / classes
        turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
        np.testing.assert_allclose(x[t == arm], x[t == 0] @ turn, atol=1e-12)


@pytest.mark.parametrize("load", RANDOM)
def test_the_seed_decides_and_a_generator_moves_on(load):
    same, again, other, rng = load(rng=1), load(rng=1), load(rng=2), np.random.default_rng(1)
    np.testing.assert_array_equal(same.x, again.x)
    np.testing.assert_array_equal(same.t, again.t)
    np.testing.assert_array_equal(same.x, load(rng=rng).x)
    assert (same.x != load(rng=rng).x).any()
    assert (same.x != other.x).any()
    np.testing.assert_array_equal(load().x, load().x)


@pytest.mark.parametrize("load", RANDOM)
def test_the_global_random_state_is_left_alone(load):
    before = np.random.get_state()[1].copy()  # noqa: NPY002
    load()
    np.testing.assert_array_equal(np.random.get_state()[1], before)  # noqa: NPY002


@every_set
def test_changing_a_set_does_not_change_the_next_one(load, n, d, k):
    first = load()
    kept = first.x.copy(), first.t.copy()
    first.x[:] = -99
    first.t[:] = -99
    second = load()
    np.testing.assert_array_equal(second.x, kept[0])
    np.testing.assert_array_equal(second.t, kept[1])


@pytest.mark.parametrize("load", RANDOM)
@pytest.mark.parametrize(
    ("options", "telling"),
    [
        ({"n": 1}, "n must be a whole number of at least 2, got 1"),
        ({"n": 10.5}, "n must be a whole number"),
        ({"noise": -0.1}, "noise must be a number of at least 0, got -0.1"),
        ({"noise": np.nan}, "noise must be"),
    ],
)
def test_bad_arguments_are_refused(load, options, telling):
    with pytest.raises((ValueError, TypeError), match=telling):
        load(**options)


@pytest.mark.parametrize("options", [{"classes": 0}, {"classes": -1}, {"classes": 1.5}, {"n": 3, "classes": 4}])
def test_a_spiral_needs_arms_and_a_point_on_each(options):
    with pytest.raises((ValueError, TypeError), match=r"n must be a whole number of at least 4|classes"):
        spiral(**options)
