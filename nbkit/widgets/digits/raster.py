"""A raster of 32 by 32 cells that is read as 8 by 8 shades, as the pictures of digits were made."""

import numpy as np

PIXELS_ACROSS = 8  # pixels in a row and in a column
CELLS_PER_PIXEL = 4  # cells of a pixel, each way: 16 cells make 16 shades
CELLS_ACROSS = PIXELS_ACROSS * CELLS_PER_PIXEL
PEN_RADIUS = 2.7  # radius in cells; digits drawn with it hold as much ink as those of the data, 0.31 of the cells
RUBBER_RADIUS = 4.0
MAX_FIT_WIDTH = 26  # cells: the digits of the data fill the height, but leave the outer columns nearly empty
ROWS, COLUMNS = np.mgrid[:CELLS_ACROSS, :CELLS_ACROSS] + 0.5  # where the middle of each cell is


class Raster:
    """Cells of ink; places are counted in pixels from the upper left corner, x to the right and y down.

    The digits of `nbkit.datasets.digits` were black and white pictures of 32 by 32 points, and each of their 64 shades
    is the number of black points in a block of 4 by 4 (Alpaydin & Kaynak 1998). A stroke here is treated the same.
    """

    def __init__(self):
        self.clear()

    @property
    def pixels(self):
        """Shades from 0 to 1, row by row, (64,) array: what a network is given."""
        return shades_of(self.cells)

    @pixels.setter
    def pixels(self, shades):
        block = np.ones((CELLS_PER_PIXEL, CELLS_PER_PIXEL))
        self.cells = np.kron(np.reshape(shades, (PIXELS_ACROSS, PIXELS_ACROSS)), block)

    def stroke(self, start, end, erase=False):
        """Draw with a round pen from one (x, y) place to another, which may be the same, or erase along the way."""
        start, end = CELLS_PER_PIXEL * np.asarray(start, dtype=float), CELLS_PER_PIXEL * np.asarray(end, dtype=float)
        way = end - start
        along = ((COLUMNS - start[0]) * way[0] + (ROWS - start[1]) * way[1]) / max(way @ way, 1e-12)
        along = np.clip(along, 0.0, 1.0)  # the nearest point of the stroke, as a share of the way
        distance = np.hypot(COLUMNS - start[0] - along * way[0], ROWS - start[1] - along * way[1])
        self.cells[distance <= (RUBBER_RADIUS if erase else PEN_RADIUS)] = 0.0 if erase else 1.0

    def clear(self):
        """Remove everything."""
        self.cells = np.zeros((CELLS_ACROSS, CELLS_ACROSS))

    def invert(self):
        """Swap ink and background."""
        self.cells = 1.0 - self.cells

    def shift(self, right, down):
        """Move everything by whole pixels; what leaves the raster is lost, what comes in is empty."""
        moved = np.zeros_like(self.cells)
        to, come = zip(*(_overlap(CELLS_PER_PIXEL * by) for by in (down, right)), strict=True)
        moved[to] = self.cells[come]
        self.cells = moved

    def fit(self):
        """Stretch what is drawn to the full height and put it into the middle, as the digits of the data are."""
        inked = np.argwhere(self.cells > 0.0)
        if not len(inked):
            return
        (top, left), (bottom, right) = inked.min(axis=0), inked.max(axis=0) + 1
        height, width = bottom - top, right - left
        grow = min(CELLS_ACROSS / height, MAX_FIT_WIDTH / width)
        rows = _sources(round(grow * height), top, height)
        columns = _sources(round(grow * width), left, width)
        fitted = np.zeros_like(self.cells)
        down, across = (CELLS_ACROSS - len(rows)) // 2, (CELLS_ACROSS - len(columns)) // 2
        fitted[down : down + len(rows), across : across + len(columns)] = self.cells[np.ix_(rows, columns)]
        self.cells = fitted


def _sources(size, first, length):
    """Return for each of `size` cells which of the `length` cells from `first` on it is taken from."""
    return first + ((np.arange(size) + 0.5) * length / size).astype(int)


def shades_of(cells):
    """Return the share of ink in each block of (32, 32) cells, row by row, (64,) array."""
    blocks = cells.reshape(PIXELS_ACROSS, CELLS_PER_PIXEL, PIXELS_ACROSS, CELLS_PER_PIXEL)
    return blocks.mean(axis=(1, 3)).ravel()


def _overlap(by):
    """Return where a row of cells that moves `by` cells comes to lie, and which part of it that is."""
    by = int(np.clip(by, -CELLS_ACROSS, CELLS_ACROSS))
    return slice(max(by, 0), CELLS_ACROSS + min(by, 0)), slice(max(-by, 0), CELLS_ACROSS - max(by, 0))
