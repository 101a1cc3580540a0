"""A slider for the bias of one unit, which a click on the picture of a net chooses."""

import math

from nbkit.messages import _, kind_of, shortened
from nbkit.widgets.kit.snapped_slider import SnappedSlider

BIAS_REACH = 5.0  # of the slider, unless the bias lies further out


class BiasSlider(SnappedSlider):
    """A slider that is hidden until a unit is chosen; `chosen` is the name of its layer and its number, or None."""

    def __init__(self):
        super().__init__(
            min=-BIAS_REACH, max=BIAS_REACH, step=0.05, description=_("bias"), readout_format=".2f",
            style={"description_width": "12em"}, layout={"width": "32em"},
        )  # fmt: skip
        self.let_go()

    def let_go(self):
        """Choose no unit."""
        self.chosen, self.layout.display = None, "none"

    def choose(self, net, item):
        """Choose a unit of `net`, such as ``"hidden 1:0"``."""
        if item not in [f"{name}:{i}" for name, b in _biases(net).items() for i in range(len(b))]:
            got = repr(shortened(item, 40)) if isinstance(item, str) else kind_of(item)
            raise ValueError(_("there is no unit {}").format(got))
        name, _colon, number = item.rpartition(":")
        self.chosen = name, int(number)
        self.follow(net)

    def follow(self, net):
        """Move to the bias of the chosen unit, if there is one and its bias is finite."""
        if self.chosen is None:
            return
        name, i = self.chosen
        bias = float(_biases(net)[name][i])
        if math.isfinite(bias):
            reach = max(BIAS_REACH, math.ceil(abs(bias)))
            self.put(bias, min(-reach, self.min), max(reach, self.max), self.step)
            self.description = _("bias of {layer}, unit {i}").format(layer=name, i=i + 1)
            self.layout.display = None

    def write(self, net):
        """Set the bias of the chosen unit to what the slider says."""
        name, i = self.chosen
        _biases(net)[name][i] = self.value


def _biases(net):
    """Return the biases of each layer that has some, by its name."""
    return {key.removesuffix(".b"): b for key, b in net.parameters().items() if key.endswith(".b")}
