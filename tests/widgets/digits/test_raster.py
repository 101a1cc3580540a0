"""Ink on paper: shades as the makers of the data counted them, strokes, shifts, and the fit to the sheet."""

from itertools import pairwise

import numpy as np
import pytest

from nbkit import datasets
from nbkit.widgets.digits.raster import Raster

DATA = datasets.digits()


def test_shades_count_points_in_blocks_of_four_by_four():
    ink = Raster()
    ink.cells[0:4, 4:6] = 1
    ink.cells[31, 31] = 1
    assert ink.pixels[1] == 8 / 16
    assert ink.pixels[63] == 1 / 16
    assert ink.pixels.sum() == 9 / 16


def test_loaded_shades_come_back_as_they_were():
    ink = Raster()
    ink.pixels = DATA.x[0]
    np.testing.assert_array_equal(ink.pixels, DATA.x[0])


def test_a_dot_has_the_area_of_the_pen():
    """A circle of radius 2.7 points holds about 22.9 points of 16 to the pixel."""
    ink = Raster()
    ink.stroke((4, 4), (4, 4))
    assert ink.pixels.sum() == pytest.approx(np.pi * 2.7**2 / 16, rel=0.1)
    np.testing.assert_allclose(ink.pixels.reshape(8, 8), ink.pixels.reshape(8, 8)[::-1, ::-1])


def test_a_stroke_has_no_gaps_and_soft_edges():
    ink = Raster()
    ink.stroke((1, 1), (7, 6.5))
    cells = np.argwhere(ink.cells)
    assert set(cells[:, 0]) == set(range(cells[:, 0].min(), cells[:, 0].max() + 1))
    assert ((ink.pixels > 0) & (ink.pixels < 1)).sum() > 10
    assert ((16 * ink.pixels) % 1 == 0).all()


def test_drawn_digits_hold_as_much_ink_as_those_of_the_data():
    """Ten digits, each a few straight lines on the full height."""
    lines = (
        "2 1 6 1 6 7 2 7 2 1", "3 2 4.3 .7 4.3 7.3", "2 1.5 5.5 1 5.5 3 2 7.2 6 7.2", "2 1 6 1 6 7 2 7",
        "4 1 2 4.5 6 4.5", "6 1 2 1 2 4 6 4 6 7 2 7", "5 1 2 4 2 7 6 7 6 4 2 4", "2 1 6 1 3.6 7.3",
        "2 1 6 1 6 7 2 7 2 1", "6 4 2 4 2 1 6 1 6 7",
    )  # fmt: skip
    drawn = []
    for line in lines:
        ink, points = Raster(), np.array(line.split(), float).reshape(-1, 2)
        for start, end in pairwise(points):
            ink.stroke(start, end)
        drawn.append(ink.pixels.mean())
    assert np.mean(drawn) == pytest.approx(DATA.x.mean(), rel=0.15)


@pytest.mark.parametrize(("right", "down"), [(1, 0), (-1, 0), (0, 1), (0, -1), (2, -3), (9, 0), (0, -9), (0, 0)])
def test_a_shift_loses_what_leaves_and_brings_in_paper(right, down):
    ink = Raster()
    ink.pixels = DATA.x[7]
    old, new = DATA.x[7].reshape(8, 8), np.zeros((8, 8))
    for row in range(8):
        for column in range(8):
            if 0 <= row - down < 8 and 0 <= column - right < 8:
                new[row, column] = old[row - down, column - right]
    ink.shift(right, down)
    np.testing.assert_array_equal(ink.pixels.reshape(8, 8), new)


@pytest.mark.parametrize("stroke", [((1, 1), (2, 3)), ((6, 6), (6.5, 6.8)), ((0.4, 4), (7.6, 4)), ((3, 0), (3, 8))])
def test_fit_fills_the_height_or_the_width_and_stands_in_the_middle(stroke):
    ink = Raster()
    ink.stroke(*stroke)
    ink.fit()
    rows, columns = np.flatnonzero(ink.cells.any(axis=1)), np.flatnonzero(ink.cells.any(axis=0))
    assert len(rows) == 32 or len(columns) == 26
    assert abs(rows[0] - (31 - rows[-1])) <= 1
    assert abs(columns[0] - (31 - columns[-1])) <= 1


def test_fit_keeps_an_empty_sheet_empty_and_a_dot_in_sight():
    ink = Raster()
    ink.fit()
    assert not ink.pixels.any()
    ink.cells[3, 3] = 1
    ink.fit()
    assert ink.cells.sum() == 26 * 26
