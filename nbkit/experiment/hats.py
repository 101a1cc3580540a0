"""A curve rebuilt from hats of ReLUs, side by side: what they add up to, and how far that is from the curve."""

import numpy as np

from nbkit.checks import whole
from nbkit.functions import check_finite
from nbkit.layers import Affine, ReLU
from nbkit.messages import _, kind_of
from nbkit.network import Sequential

PLACES = 721  # of x, at which curve and sum are compared, beside the peaks


class Hats:
    """A sum of hats over a stretch of x, each as high as a curve is at its peak.

    The first hat has its peak at the left end, the last one at the right end, and each begins where its neighbour has
    its peak. All are made by one small network: `Affine` moves x to each bend, `ReLU` bends, and `Affine` makes one hat
    of height 1 of every three bends in a row, times 1, −2 and 1. Another `Affine` could multiply by heights and add;
    for their sum the two are made one.

    Parameters
    ----------
    curve : callable
        Takes an array of x and returns one of the same shape.
    low, high : float
        Ends of the stretch.
    n : int
        Number of hats, at least 2.

    Attributes
    ----------
    peaks : (n,) array
        Where the hats have their peaks.
    bends : (n + 2,) array
        Where the sum may bend: the peaks, and the feet of the outer two hats.
    heights : (n,) array
        Of the peaks; may be changed.
    """

    def __init__(self, curve, low, high, n):
        n = whole("n", n, 2)
        if not callable(curve):
            raise TypeError(_("the curve must be a function of x, got {}").format(kind_of(curve)))
        self.peaks, step = np.linspace(low, high, n, retstep=True)
        self.curve, self.x = curve, np.union1d(np.linspace(low, high, PLACES), self.peaks)
        self.bends = np.concatenate([[low - step], self.peaks, [high + step]])
        self.three = np.zeros((n + 2, n))
        for k in range(n):
            self.three[k : k + 3, k] = 1, -2, 1
        self.bent = Sequential([Affine(np.full((1, n + 2), 1 / step), -self.bends / step), ReLU()])
        self.heights = values(curve, self.peaks)

    def hats(self, x):
        """Return (len(x), n) heights of the hats at places `x`, each hat multiplied by the height of its peak."""
        return self._after_bends(x, self.three) * self.heights

    def total(self, x):
        """Return what the hats add up to at places `x`."""
        return self._after_bends(x, self.three @ self.heights[:, None])[:, 0]

    def _after_bends(self, x, weights):
        """Return what an `Affine` makes of the bent x."""
        return Affine(weights, np.zeros(weights.shape[1]))(self.bent.predict(np.reshape(x, (-1, 1))))

    def gap(self):
        """Return the largest distance of sum and curve on the stretch, and the x where it is."""
        apart = np.abs(self.total(self.x) - values(self.curve, self.x))
        # The first of several that are equal but for rounding: the same one on every processor.
        place = int(np.flatnonzero(apart >= apart.max() * (1 - 1e-9) - 1e-12)[0])
        return float(apart[place]), float(self.x[place])


def values(curve, x):
    """Return the heights of a curve at places `x`, or say why it has none."""
    y = check_finite(curve(x), _("the curve"))
    if np.shape(y) != np.shape(x):
        rule = _("the curve must return one number for each x, in the shape {rule}; got {got}")
        raise ValueError(rule.format(rule=np.shape(x), got=np.shape(y) or kind_of(y)))
    return y
