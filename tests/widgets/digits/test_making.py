"""Pixels that follow −dL/dx: they reach the class that was asked for, and come back as they were drawn."""

import numpy as np
import pytest

from nbkit import Affine, Sequential, SoftmaxWithLoss
from nbkit.descent.inputs import SHADE
from nbkit.widgets.digits.making import Making, is_sure
from nbkit.widgets.digits.raster import Raster


@pytest.fixture
def making():
    raster = Raster()
    raster.stroke((1, 1), (6, 6.5))
    return Making(raster)


@pytest.fixture
def net():
    return Sequential([Affine.random(64, 10, 0)], SoftmaxWithLoss())


def test_a_step_moves_no_shade_by_more_than_one_and_each_raises_the_class(making, net):
    y = [net.probabilities(making.raster.pixels[None])[0, 3]]
    before = making.raster.pixels
    for n in range(1, 6):
        assert making.step(net, 3)
        assert making.steps == n
        after = making.raster.pixels
        assert np.abs(after - before).max() == pytest.approx(SHADE)
        assert after.min() >= 0
        assert after.max() <= 1
        y.append(net.probabilities(after[None])[0, 3])
        before = after
    assert (np.diff(y) > 0).all()


def test_taking_back_brings_back_every_cell_however_many_steps_and_classes(making, net):
    cells = making.raster.cells.copy()
    shades = making.raster.pixels
    for k in (3, 3, 8):
        making.step(net, k)
    np.testing.assert_array_equal(making.moved, np.abs(making.raster.pixels - shades))
    making.take_back()
    np.testing.assert_array_equal(making.raster.cells, cells)
    assert making.steps == 0
    assert not making.moved.any()
    making.take_back()
    np.testing.assert_array_equal(making.raster.cells, cells)


def test_what_was_forgotten_does_not_come_back(making, net):
    making.step(net, 3)
    making.forget()
    cells = making.raster.cells.copy()
    making.take_back()
    np.testing.assert_array_equal(making.raster.cells, cells)


def test_where_no_pixel_can_help_no_step_is_made(making):
    deaf = Sequential([Affine(np.zeros((64, 10)), np.zeros(10))], SoftmaxWithLoss())
    cells = making.raster.cells.copy()
    assert not making.step(deaf, 3)
    assert making.steps == 0
    np.testing.assert_array_equal(making.raster.cells, cells)


@pytest.mark.parametrize(("y", "sure"), [(0.98, False), (0.99, True), (1.0, True)])
def test_sure_is_99_percent(y, sure):
    assert is_sure(np.array([0, 0, 0, y]), 3) is sure
