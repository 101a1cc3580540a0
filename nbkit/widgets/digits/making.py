"""A drawn digit that becomes another one to a network: its pixels follow −dL/dx, and there is a way back."""

import numpy as np

from nbkit.descent.inputs import SURE, step_towards
from nbkit.widgets.digits.raster import shades_of


class Making:
    """Steps of the pixels of a raster, towards one class or several.

    Attributes
    ----------
    steps : int
        How many have been made since a hand changed the raster.
    """

    def __init__(self, raster):
        self.raster = raster
        self.forget()

    def forget(self):
        """Let what is on the raster now be what a hand drew: no step is taken back any more."""
        self.drawn, self.steps = None, 0

    def step(self, net, k):
        """Make one step towards class `k`, and return whether any pixel could."""
        before = self.raster.pixels
        after = step_towards(net, before[None], np.array([k]))[0]
        if np.array_equal(before, after):
            return False
        if not self.steps:
            self.drawn = self.raster.cells
        self.raster.pixels = after
        self.steps += 1
        return True

    def take_back(self):
        """Put back what a hand drew."""
        if self.steps:
            self.raster.cells = self.drawn
        self.forget()

    @property
    def state(self):
        """How far it is, to be put back together with the cells of the raster."""
        return self.drawn, self.steps

    @state.setter
    def state(self, state):
        self.drawn, self.steps = state

    @property
    def moved(self):
        """By how much each shade has changed, (64,) array; zeros before the first step."""
        pixels = self.raster.pixels
        return np.abs(pixels - shades_of(self.drawn)) if self.steps else np.zeros_like(pixels)


def is_sure(y, k):
    """Whether a network with the (10,) probabilities `y` has nothing left to gain for class `k`."""
    return bool(y[k] >= SURE)
