"""A small network from far and near: one node, layers, operations on arrays, operations on numbers."""

import ipywidgets
import numpy as np

from nbkit.drawing.graph.renderer import MIN_SCALE, GraphRenderer
from nbkit.drawing.listing import Row, code_listing
from nbkit.drawing.markup import join, tag
from nbkit.formatting import number, shape_text
from nbkit.functions import check_finite
from nbkit.graphtools.detail import LEVELS, largest_difference, zoom_levels
from nbkit.messages import _, listed
from nbkit.widgets.kit.explorer import Explorer, slider, toggle
from nbkit.widgets.kit.views import SvgView

MAX_VARIABLES = 90  # at the level of numbers, in a picture that can be read
MAX_SLIDERS = 4
INPUT_REACH = 3.0  # of a slider, unless its value lies further out
READABLE_SCALE = 0.85  # of the natural size: letters of 13 pixels become 11
WIDTH_ALONE, WIDTH_BESIDE_LINES = 880, 480  # pixels of a picture that fit a notebook page
PAGE_WIDTH = 920  # pixels of a page in a window of 1100
FEW_LINES = 6
LEVEL_TITLES = {
    "net": _("1 the net"),
    "layers": _("2 layers"),
    "nodes": _("3 nodes"),
    "numbers": _("4 numbers"),
}
LEVEL_WORDS = {
    "net": _("The whole network with its loss is one node."),
    "layers": _("One node for each layer."),
    "nodes": _("The layers are opened: one node for each operation on arrays; data only hands on the target."),
    "numbers": _("One node for each operation on numbers."),
}


class ZoomLab(Explorer):
    """Look at one network from four distances, with the lines of NumPy beside it.

    A pressed node marks its line, a pressed line its nodes; the mark stays when the distance changes.

    Parameters
    ----------
    net : Sequential
        Small, with a loss.
    x : (n, d) array
        One row or a few. The first four entries get sliders.
    t : array
        What the loss takes.

    Attributes
    ----------
    level : ToggleButtons
        "net", "layers", "nodes" or "numbers".
    fit : Checkbox
        Whether the whole picture is in sight, however small its letters; else it is scrolled.
    inputs : list of FloatSlider
    view, lines, status : widgets
    levels : dict of str to Level
    chosen : frozenset of int
        What is marked, as numbers of lines at the level of nodes.
    difference : float
        How far values and gradients of the four levels are apart at most.

    Raises
    ------
    ValueError
        If the network has too many operations on numbers for a picture.
    """

    def __init__(self, net, x, t):
        self.net, self.t, self.chosen = net, t, frozenset()
        self._zoom(np.array(check_finite(x, "x")))
        many = len(self.levels["numbers"].graph.variables)
        if many > MAX_VARIABLES:
            rule = _("ZoomLab has room for {most} numbers and operations, this network with this batch has {n}")
            raise ValueError(rule.format(most=MAX_VARIABLES, n=many))
        options = [(LEVEL_TITLES[name], name) for name in LEVELS]
        self.level = toggle(options, "layers", description=_("zoom"))
        self.fit = ipywidgets.Checkbox(False, description=_("fit the width"), indent=False)
        self.inputs = [_slider(index, value) for index, value in list(np.ndenumerate(self.x))[:MAX_SLIDERS]]
        view = SvgView(layout={"overflow": "auto", "max_width": "100%"})
        self.lines = SvgView(layout={"overflow": "auto", "flex": "0 0 auto", "max_width": "100%"})
        look = {"flex_flow": "row wrap", "align_items": "flex-start"}
        super().__init__(
            (self.level, self.fit), *self.inputs, ipywidgets.HBox([self.lines, view], layout=look), view=view
        )
        self.view.on_pointer(self.safely(self._node_clicked))
        self.lines.on_pointer(self.safely(self._line_clicked))

    def moved(self, change):
        if change.owner in self.inputs:
            x = self.x.copy()
            x.flat[self.inputs.index(change.owner)] = change.new
            self._zoom(x)
        self.show()

    def _zoom(self, x):
        """Record the four levels for other inputs."""
        levels = zoom_levels(self.net, x, self.t)
        self.x, self.levels, self.renderers = x, levels, {}
        with np.errstate(all="ignore"):  # infinite numbers are named in words
            self.difference = largest_difference(levels)

    def _line_clicked(self, event):
        if event.kind == "press" and event.item is not None:
            self.choose(self.shown.covers[int(event.item)])

    def _node_clicked(self, event):
        if event.kind != "press" or event.item is None:
            return
        graph = self.shown.graph
        lines = [self.shown.line_of(v) for v in graph.variables if graph.id(v) == event.item]
        line = lines[0] if lines else None
        self.choose(frozenset() if line is None else self.shown.covers[line])
        if line is None:
            self.show_message(_("This is an input or a parameter: no line computes it."))

    def choose(self, chosen):
        """Mark some of the lines at the level of nodes, and what does their work at the level shown; or nothing."""
        self.chosen = frozenset() if chosen == self.chosen else frozenset(chosen)
        self.show()

    @property
    def shown(self):
        """The level that is shown."""
        return self.levels[self.level.value]

    @property
    def marked_lines(self):
        """Numbers of the lines that are marked at the level shown."""
        return [k for k, cover in enumerate(self.shown.covers) if cover & self.chosen]

    @property
    def marked_nodes(self):
        """Nodes that are marked at the level shown."""
        return [v for k in self.marked_lines for v in self.shown.nodes[k]]

    def picture(self):
        level, marked = self.shown, self.marked_lines
        rows = [
            Row(step.line, ((_brief(step.variable.value), "val"),), "▶" if k in marked else "")
            for k, step in enumerate(level.steps)
        ]
        words = "; ".join(step.line for step in level.steps)
        self.lines.svg = code_listing(rows, (_("NumPy"), _("value")), _("Lines of NumPy"), words, (0.0, 60.0))
        renderer = self.renderers[level.name] = self.renderers.get(level.name) or GraphRenderer(level.graph)
        natural = renderer.view_box[2]
        width, smallest = round(READABLE_SCALE * natural), round(MIN_SCALE * natural)
        # Beside the lines where there is space. Else below them, unless they are so many that the page would scroll.
        space = WIDTH_ALONE if len(level.steps) <= FEW_LINES else WIDTH_BESIDE_LINES
        self.view.layout.flex = f"1 1 {min(width, space)}px"
        picture = renderer.picture(marks=dict.fromkeys(self.marked_nodes, "chosen"), clickable=True)
        if self.fit.value:
            return picture.at_least(0, natural)
        # It may be scrolled. But where only its last node is cut off it does not show that it goes on: a picture that
        # nearly fits shrinks instead.
        return picture.at_least(smallest, width) if smallest <= PAGE_WIDTH < width else picture.at_least(width)

    def sentence(self):
        return join(tag("div", line) for line in self._words())

    def _words(self):
        """Say what is seen, what is marked, and that the levels agree."""
        level, marked = self.shown, self.marked_lines
        count = sum(v.layer is not None for v in level.graph.variables)
        yield _("{what} Nodes: {n}.").format(what=LEVEL_WORDS[level.name], n=count)
        if marked:
            lines = listed(level.steps[k].name for k in marked)
            yield _("Marked: {lines}, and {n} of the nodes.").format(lines=lines, n=len(self.marked_nodes))
        sound = [name for name, each in self.levels.items() if _all_finite(each)]
        if not sound:
            yield _("✗ At all four levels numbers are infinite or NaN: there is nothing to compare.")
        elif len(sound) < len(self.levels):
            yield _(
                "✗ Infinite numbers or NaN at: {spoilt}. There the small steps leave what a number can hold. "
                "At: {sound} the same work is done by a formula that avoids it, and the loss is {loss}."
            ).format(
                spoilt=listed(LEVEL_TITLES[name] for name in self.levels if name not in sound),
                sound=listed(LEVEL_TITLES[name] for name in sound),
                loss=number(self.levels[sound[0]].value),
            )
        else:
            agree = self.difference <= 1e-12 * max(1.0, *map(_largest, self.levels.values()))
            difference = "0" if not self.difference else f"{self.difference:.0e}".replace("-", "−")
            yield _("{sign} All four levels: loss {loss}; values and gradients differ by {most} at most.").format(
                sign="✓" if agree else "✗", loss=number(level.value), most=difference
            )

    def snapshot(self):
        return self.view.svg.below(self.lines.svg)


def _slider(index, value):
    reach = max(INPUT_REACH, abs(value))
    return slider(f"x[{','.join(map(str, index))}]", float(value), -reach, reach, 0.1)


def _brief(value):
    """Write an array of one number as that number: at the level of numbers there are no arrays."""
    return number(np.asarray(value).item()) if np.size(value) == 1 else shape_text(value)


def _all_finite(level):
    return all(np.isfinite(numbers).all() for numbers in (level.value, *level.gradients.values()))


def _largest(level):
    """Return the largest absolute value of a level, which is what rounding is measured by."""
    return max(float(np.abs(numbers).max()) for numbers in (level.value, *level.gradients.values()))
