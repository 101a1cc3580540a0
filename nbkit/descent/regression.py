"""A line through points: its loss, its slopes and its curvatures, with x as it was measured or on another scale."""

from typing import NamedTuple

import numpy as np

from nbkit.checks import one_of
from nbkit.functions import check_finite
from nbkit.layers import Affine, MSELoss
from nbkit.messages import _
from nbkit.optimizers import SGD

SCALES = ("as measured", "centred", "standardised")
MIN_POINTS, MAX_POINTS = 2, 100
SMALLEST_SHARE = 1e-13  # of the smallest curvature in the largest: below it rounding spoils its first three digits
GONE = 1e9  # times the largest number among the points: a line further away has diverged


class Look(NamedTuple):
    """What is known of one line.

    Attributes
    ----------
    loss : float
        ½MSE: the mean over the points of half the squared gap.
    gradient : (2,) array
        Of w and b.
    heights : (n,) array
        Of the line at each point.
    """

    loss: float
    gradient: np.ndarray
    heights: np.ndarray


class LineFit:
    """Points, and the loss of each line ``y = w x + b``. All slopes come from the layers Affine and MSELoss.

    Parameters
    ----------
    x, y : (n,) arrays
        From 2 to 100 points, not all at one x.
    scale : "as measured", "centred" or "standardised"
        What is done to x before: nothing; its mean is subtracted; and then it is divided by its standard deviation.

    Attributes
    ----------
    x, y : (n,) arrays
        x on the scale asked for.
    shift, width : float
        x is what was measured, less `shift`, divided by `width`.
    curvatures : (2,) array
        Of the loss, across and along: the largest and the smallest.
    lowest : (2,) array
        w and b of the line with the lowest loss.
    """

    @np.errstate(all="ignore")  # numbers that overflow are refused below
    def __init__(self, x, y, scale="as measured"):
        x, y = (check_finite(values, name).astype(float) for values, name in ((x, "x"), (y, "y")))
        if x.ndim != 1 or x.shape != y.shape or not MIN_POINTS <= len(x) <= MAX_POINTS:
            rule = _("x and y should be {low} to {high} numbers each, as many of both, got shapes {x} and {y}")
            raise ValueError(rule.format(low=MIN_POINTS, high=MAX_POINTS, x=x.shape, y=y.shape))
        self.scale = one_of("scale", scale, SCALES)
        self.shift = 0.0 if scale == "as measured" else float(x.mean())
        self.width = float(x.std()) if scale == "standardised" else 1.0
        if not x.std() > 1e-9 * np.abs(x).max():
            raise ValueError(_("the points should not all have the same x: no line goes up there"))
        self.measured, self.y = x, y
        self.x = (x - self.shift) / self.width
        self._targets = {}
        self.curvatures, self.lowest = self._bowl()

    def _bowl(self):
        """Return the curvatures and the lowest place, or refuse points whose bowl is lost in overflow or rounding."""
        none = self.gradients(np.zeros((1, 2)))[0]
        second = self._slopes(np.eye(2), np.zeros((len(self.y), 2)))  # what a slope gains where w, or b, grows by 1
        if np.isfinite([*none, *second.flat, self.look((0.0, 0.0)).loss]).all():
            curvatures = np.linalg.eigvalsh(second)[::-1]
            if curvatures[1] > SMALLEST_SHARE * curvatures[0]:
                return curvatures, np.linalg.solve(second, -none)
        rule = _("x and y should be in units that a float can square and tell apart, got x from {x} and y from {y}")
        x, y = (_("{} to {}").format(values.min(), values.max()) for values in (self.measured, self.y))
        raise ValueError(rule.format(x=x, y=y))

    def look(self, place):
        """Run the layers forward and back for one line, given as (w, b)."""
        affine, loss = Affine(np.array([[place[0]]], dtype=float), np.array([place[1]], dtype=float)), MSELoss()
        heights = affine.forward(self.x[:, None])
        value = float(loss.forward(heights, self.y[:, None]))
        affine.backward(loss.backward())
        return Look(value, np.array([affine.grads["W"][0, 0], affine.grads["b"][0]]), heights[:, 0])

    def gradients(self, places):
        """Return (m, 2) gradients at (m, 2) places: one Affine with a column for each line."""
        m = len(places)
        if m not in self._targets:
            self._targets[m] = np.tile(self.y[:, None], (1, m))
        return self._slopes(places, self._targets[m])

    def _slopes(self, places, targets):
        """Return the gradients for targets (n, m), a column for each place."""
        affine, loss = Affine(places[None, :, 0], places[:, 1]), MSELoss()
        loss.forward(affine.forward(self.x[:, None]), targets)  # each column has its own part of the sum
        affine.backward(loss.backward())
        return np.stack([affine.grads["W"][0], affine.grads["b"]], axis=1)

    def loss_grid(self, w, b):
        """Return the (len(b), len(w)) losses all over a grid.

        The loss is a bowl, whose slope changes evenly on the way to any place: so the loss there is that at (0, 0) and
        the way times the mean of the slopes at both ends.
        """
        places = np.stack(np.meshgrid(w, b), axis=-1).reshape(-1, 2)
        slopes = (self.gradients(places) + self.gradients(np.zeros((1, 2)))) / 2
        return (self.look((0.0, 0.0)).loss + (slopes * places).sum(axis=1)).reshape(len(b), len(w))

    @np.errstate(all="ignore")  # it may diverge
    def walk(self, place, lr, steps):
        """Return the places (w, b) after 1, 2, ... steps of gradient descent; fewer, or none, where it diverges."""
        place, rule, places = np.array(place, dtype=float), SGD(lr), []
        far = GONE * max(1.0, np.abs(self.x).max(), np.abs(self.y).max())
        for _step in range(steps):
            if not np.abs(place).max() <= far:
                break
            rule.step([(place, self.gradients(place[None])[0])])
            places.append(place.copy())
        return places

    # ------------------------------------------------------------ a line by other numbers

    def same_line(self, place, other):
        """Return w and b, on this scale, of the line that has w and b `place` on the scale of the fit `other`."""
        slope = place[0] / other.width  # as measured
        height = place[1] - slope * other.shift
        return np.array([slope * self.width, height + slope * self.shift])

    def through(self, left, right):
        """Return w and b of the line through two points (x, y) on this scale."""
        (x0, y0), (x1, y1) = left, right
        w = (y1 - y0) / (x1 - x0)
        return np.array([w, y0 - w * x0])
