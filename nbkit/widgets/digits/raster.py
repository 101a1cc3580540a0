"""Paper of 32 by 32 cells that is read as 8 by 8 shades, which is how the pictures of digits were made."""

import numpy as np

SIZE = 8  # pixels in a row and in a column
PART = 4  # cells of a pixel, each way: 16 cells make 16 shades
CELLS = SIZE * PART
PEN = 2.7  # radius in cells; digits drawn with it hold as much ink as those of the data, 0.31 of the paper
RUBBER = 4.0
WIDEST = 26  # cells: the digits of the data fill the height, but leave the outer columns nearly empty
ROWS, COLUMNS = np.mgrid[:CELLS, :CELLS] + 0.5  # where the middle of each cell is


class Raster:
    """Ink on paper; places are counted in pixels from the upper left corner, x to the right and y down.

    The digits of `nbkit.datasets.digits` were black and white pictures of 32 by 32 points, and each of their 64 shades
    is the number of black points in a block of 4 by 4 (Alpaydin & Kaynak 1998). A stroke here is treated the same.

    Attributes
    ----------
    cells : (32, 32) array
        Ink from 0 to 1.
    """

    def __init__(self):
        self.cells = np.zeros((CELLS, CELLS))

    @property
    def pixels(self):
        """Shades from 0 to 1, row by row, (64,) array: what a network is given."""
        return self.cells.reshape(SIZE, PART, SIZE, PART).mean(axis=(1, 3)).ravel()

    @pixels.setter
    def pixels(self, shades):
        self.cells = np.kron(np.reshape(shades, (SIZE, SIZE)), np.ones((PART, PART)))

    def stroke(self, start, end, erase=False):
        """Draw with a round pen from one place to another, or rub out along the way.

        Parameters
        ----------
        start, end : (x, y) pair of float
            Equal for a dot.
        """
        start, end = PART * np.asarray(start, dtype=float), PART * np.asarray(end, dtype=float)
        way = end - start
        along = ((COLUMNS - start[0]) * way[0] + (ROWS - start[1]) * way[1]) / max(way @ way, 1e-12)
        along = np.clip(along, 0.0, 1.0)  # the nearest point of the stroke, as a share of the way
        distance = np.hypot(COLUMNS - start[0] - along * way[0], ROWS - start[1] - along * way[1])
        self.cells[distance <= (RUBBER if erase else PEN)] = 0.0 if erase else 1.0

    def clear(self):
        """Take a new sheet."""
        self.cells = np.zeros((CELLS, CELLS))

    def invert(self):
        """Swap ink and paper."""
        self.cells = 1.0 - self.cells

    def shift(self, right, down):
        """Move everything by whole pixels; what leaves the paper is lost, what comes in is empty."""
        moved = np.zeros_like(self.cells)
        to, come = zip(*(_overlap(PART * by) for by in (down, right)), strict=True)
        moved[to] = self.cells[come]
        self.cells = moved

    def fit(self):
        """Stretch what is drawn to the full height and put it into the middle, as the digits of the data are."""
        inked = np.argwhere(self.cells > 0.0)
        if not len(inked):
            return
        (top, left), (bottom, right) = inked.min(axis=0), inked.max(axis=0) + 1
        height, width = bottom - top, right - left
        grow = min(CELLS / height, WIDEST / width)
        rows = _sources(round(grow * height), top, height)
        columns = _sources(round(grow * width), left, width)
        fitted = np.zeros_like(self.cells)
        down, across = (CELLS - len(rows)) // 2, (CELLS - len(columns)) // 2
        fitted[down : down + len(rows), across : across + len(columns)] = self.cells[np.ix_(rows, columns)]
        self.cells = fitted


def _sources(size, first, length):
    """Return for each of `size` cells which of the `length` cells from `first` on it is taken from."""
    return first + ((np.arange(size) + 0.5) * length / size).astype(int)


def _overlap(by):
    """Return where a row of cells that moves `by` cells comes to lie on the paper, and which part of it that is."""
    by = int(np.clip(by, -CELLS, CELLS))
    return slice(max(by, 0), CELLS + min(by, 0)), slice(max(-by, 0), CELLS - max(by, 0))
