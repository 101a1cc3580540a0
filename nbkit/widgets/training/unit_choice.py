"""What a user has chosen in the net of the playground, and sliders for the numbers that lead to it."""

import math
from itertools import pairwise

from nbkit.drawing.network.diagram import weight_name
from nbkit.drawing.network.units import WEIGHT_REACH, WEIGHT_STEP, reach_of, unit_name
from nbkit.messages import _, kind_of, shortened
from nbkit.widgets.kit.explorer import dropdown, row, slider
from nbkit.widgets.kit.snapped_slider import SnappedSlider
from nbkit.widgets.training.playground_picture import Chosen


class UnitChoice:
    """A list of all units, of which the plane shows one, and a slider for the bias and each weight of the chosen one.

    Attributes
    ----------
    chosen : Chosen
    plane : Dropdown
        What the plane shows: "" for the whole net, or a unit such as "hidden 1:0".
    row : HBox
        The sliders; those that are not in use are hidden.
    used : dict of str to SnappedSlider
        The others, by the names of their numbers.
    """

    def __init__(self, net, inputs, moved):
        """Begin with nothing chosen; ``moved(name, value)`` is called when a slider was moved."""
        self.moved = moved
        self.plane, self.row = dropdown(_("plane shows"), [(_("the whole net"), "")]), row()
        self.offer(net, inputs)

    def offer(self, net, inputs):
        """Take on another net and the names of its inputs, with nothing chosen in it."""
        layers = [layer for layer in net.layers if layer.params]
        columns = [list(inputs)]
        self.numbers, self.into = {}, {}  # by name: which number; by unit: the labels of its numbers, by their names
        for layer in layers:
            heads = [unit_name(layer.name, j) for j in range(layer.params["b"].size)]
            columns.append(heads)
        for layer, (tails, heads) in zip(layers, pairwise(columns), strict=True):
            for j, head in enumerate(heads):
                names = {weight_name(tail, head): (f"{layer.name}.W", (i, j)) for i, tail in enumerate(tails)}
                names[_("bias of {}").format(head)] = f"{layer.name}.b", (j,)
                self.numbers |= names
                labels = [*(_("from {}").format(tail) for tail in tails), _("bias")]
                self.into[layer.name, j] = dict(zip(names, labels, strict=True))
        self.plane.options = [(_("the whole net"), ""), *((unit_name(*unit), _item(unit)) for unit in self.into)]
        self.let_go()

    def let_go(self):
        """Choose nothing."""
        self._take(Chosen(), {})

    def choose_unit(self, net, item):
        """Let the plane show a unit such as ``"hidden 1:0"``, or the whole net again if it shows that one already."""
        unit = next((unit for unit in self.into if _item(unit) == item), None)
        if unit is None:
            got = repr(shortened(item, 40)) if isinstance(item, str) else kind_of(item)
            raise ValueError(_("there is no unit {}").format(got))
        if self.chosen.in_plane and self.chosen.unit == unit:
            self.let_go()
            return
        self._take(Chosen(unit, None, True), self.into[unit])
        self.follow(net)

    def choose_line(self, net, name):
        """Mark a line; the plane shows the whole net then, unless it shows the unit to which the line leads."""
        unit = next(unit for unit, names in self.into.items() if name in names)
        in_plane = self.chosen.in_plane and self.chosen.unit == unit
        self._take(Chosen(unit, name, in_plane), self.into[unit] if in_plane else {name: _("weight of the line")})
        self.follow(net)

    def _take(self, chosen, labels):
        self.chosen = chosen
        made = [self._slider() for _more in range(len(labels) - len(self.row.children))]
        if made:
            self.row.children = (*self.row.children, *made)
        self.used = dict(zip(labels, self.row.children, strict=False))
        for name, control in self.used.items():
            control.description = labels[name]
        for i, control in enumerate(self.row.children):
            control.layout.display = None if i < len(labels) else "none"
        self.plane.value = _item(chosen.unit) if chosen.in_plane else ""

    def _slider(self):
        made = slider("", 0.0, -WEIGHT_REACH, WEIGHT_REACH, WEIGHT_STEP, kind=SnappedSlider)
        made.on_move(lambda change: self.moved(self._name_of(change.owner), change.new))
        return made

    def _name_of(self, control):
        return next(name for name, used in self.used.items() if used is control)

    def follow(self, net):
        """Move the sliders to their numbers, as far as these are finite."""
        parameters = net.parameters()
        for name, control in self.used.items():
            which, index = self.numbers[name]
            value = float(parameters[which][index])
            if math.isfinite(value):
                reach = reach_of(value)
                control.put(value, -reach, reach, WEIGHT_STEP)


def _item(unit):
    """Write a unit as it is named in the picture."""
    return f"{unit[0]}:{unit[1]}"
