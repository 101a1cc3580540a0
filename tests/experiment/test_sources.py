"""Where the points come from, which of them are held out, and how they are scaled."""

import numpy as np
import pytest

from nbkit import Experiment, Settings
from nbkit.experiment import SOURCES
from nbkit.experiment.sources import held_out_rows, noisy_xor, two_of_iris
from tests.each import of_each_name


@of_each_name([name for name in SOURCES if name not in ("own points", "CSV file")])
def test_every_source_gives_points_of_two_features(name):
    data = Experiment(Settings(data=name)).data
    assert data.x.shape == (len(data.t), 2)
    assert set(data.t) == set(range(len(data.classes)))
    assert len(data.features) == 2


def test_noisy_xor_is_xor():
    data = noisy_xor(0.0)
    assert len(data.x) == 200
    np.testing.assert_array_equal(data.t, data.x[:, 0] != data.x[:, 1])


def test_iris_pairs_are_columns_of_iris():
    data = two_of_iris(2, 3)
    assert data.features == ("petal length (cm)", "petal width (cm)")
    np.testing.assert_array_equal(data.x[0], [1.4, 0.2])  # the first flower of Fisher's table


def test_units_of_their_own_are_standardised_on_the_training_part():
    experiment = Experiment(Settings(data="iris, petals"))
    rows = ~experiment.held_out_mask
    np.testing.assert_allclose(experiment.x[rows].mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(experiment.x[rows].std(axis=0), 1)
    assert abs(experiment.x[experiment.held_out_mask].mean()) > 1e-6
    moons = Experiment(Settings(data="moons"))
    np.testing.assert_array_equal(moons.x, moons.data.x)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_about_the_asked_share_is_held_out(share):
    assert abs(held_out_rows(2000, share).mean() - share) < 0.03


def test_more_points_leave_the_first_ones_where_they_are():
    np.testing.assert_array_equal(held_out_rows(7, 0.4), held_out_rows(20, 0.4)[:7])


def test_something_is_always_left_to_train_on():
    for n in range(1, 30):
        assert not held_out_rows(n, 0.9).all()
