"""What `DigitPad` takes: a network that turns 64 shades into 10 probabilities, and digits to load."""

import numpy as np

from nbkit.checks import pair_of
from nbkit.formatting import number
from nbkit.messages import _, kind_of
from nbkit.widgets.digits.digit_picture import N_CLASSES
from nbkit.widgets.digits.raster import PIXELS_ACROSS


def check_net(net):
    """Refuse what cannot turn 64 shades into 10 probabilities."""
    ask = getattr(net, "probabilities", None)
    if not callable(ask):
        raise TypeError(_("DigitPad needs a net with probabilities, such as a Sequential, got {}").format(kind_of(net)))
    y = np.asarray(ask(np.zeros((1, PIXELS_ACROSS * PIXELS_ACROSS))))
    if y.shape != (1, N_CLASSES):
        rule = _("the net must turn (n, 64) shades into (n, 10) probabilities, of one row it made shape {}")
        raise ValueError(rule.format(y.shape))


def checked_digits(data):
    """Return pictures and labels, or say why they cannot be loaded."""
    if data is None:
        return np.empty((0, PIXELS_ACROSS * PIXELS_ACROSS)), np.empty(0, dtype=int)
    x, t = pair_of(data)
    if x.ndim != 2 or x.shape[1] != PIXELS_ACROSS * PIXELS_ACROSS or t.ndim != 1:
        rule = _("data must be (n, 64) shades and (n,) labels, got {x} and {t}")
        raise ValueError(rule.format(x=x.shape, t=t.shape))
    if x.min() < 0 or x.max() > 1:
        rule = _("shades must lie between 0 and 1, got {low} to {high}")
        raise ValueError(rule.format(low=number(x.min()), high=number(x.max())))
    bad = t[~np.isin(t, range(N_CLASSES))]
    if len(bad):
        raise ValueError(_("labels must be whole numbers from 0 to 9, got {}").format(number(bad[0])))
    return x.copy(), t.astype(int)
