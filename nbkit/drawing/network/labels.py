"""Where the number of each line stands between two columns of units, so that it is clear which line it belongs to."""

from itertools import product

import numpy as np

LABEL_WIDTH, LABEL_HEIGHT = 46.0, 16.0  # pixels, of a weight with two decimals in bold
SHARES = np.linspace(0.16, 0.84, 35)  # of the way from unit to unit
ENOUGH = 14.0  # pixels to what is next: more makes nothing clearer
CLEAR = 2.0  # pixels between two numbers, which count more than all else
ROUNDS = 6  # of moving each number to where it is best, with the others where they are
POINTS = np.linspace(0.0, 1.0, 60)[:, None]  # along a line


def label_shares(tails, heads, radius, taken):
    """Return the share of each line, (d, k) array, at which its number is furthest from all else.

    `tails` and `heads` are the middles of circles with a `radius`; other numbers have their middles at `taken`.
    """
    tails, heads = np.array(tails), np.array(heads)
    lines = list(product(range(len(tails)), range(len(heads))))
    along = {(i, j): tails[i] + POINTS * (heads[j] - tails[i]) for i, j in lines}
    units = np.concatenate([tails, heads])
    shares = dict.fromkeys(lines, 0.5)
    for _round in range(ROUNDS):
        for line in lines:
            i, j = line
            places = tails[i] + SHARES[:, None] * (heads[j] - tails[i])
            numbers = [tails[a] + shares[a, b] * (heads[b] - tails[a]) for a, b in lines if (a, b) != line]
            others = [points for other, points in along.items() if other != line]
            apart = _distance(places, [*numbers, *taken], 2 * LABEL_WIDTH, 2 * LABEL_HEIGHT)
            apart = np.minimum(apart, _distance(places, units, LABEL_WIDTH + 2 * radius, LABEL_HEIGHT + 2 * radius))
            # Where no place is free of lines, at least no other one goes through the middle of the number.
            free = _distance(places, others, LABEL_WIDTH, LABEL_HEIGHT) + _distance(places, others) / 2
            shares[line] = SHARES[(10 * np.minimum(apart, CLEAR) + free - abs(SHARES - 0.5)).argmax()]
    return np.array([shares[line] for line in lines]).reshape(len(tails), len(heads))


def _distance(places, points, width=0.0, height=0.0):
    """Return how far boxes around (m, 2) `places` are from the nearest of `points`, (m,) array, `ENOUGH` at most."""
    across, down = np.abs(places[:, None] - np.reshape(points, (-1, 2))).transpose(2, 0, 1)
    far = np.hypot(np.maximum(across - width / 2, 0), np.maximum(down - height / 2, 0))
    return far.min(axis=1, initial=ENOUGH)
