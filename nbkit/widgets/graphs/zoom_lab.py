"""A small network from far and near: one node, layers, operations on arrays, operations on numbers."""

import ipywidgets
import numpy as np

from nbkit.drawing.graph.renderer import SMALLEST, GraphRenderer
from nbkit.drawing.listing import Row, listing, stacked
from nbkit.drawing.markup import escape
from nbkit.formatting import number, shape_text
from nbkit.functions import check_finite
from nbkit.graphtools.detail import LEVELS, largest_difference, zoom_levels
from nbkit.messages import _
from nbkit.widgets.kit.panel import Panel
from nbkit.widgets.kit.svg_view import SvgView

MOST = 90  # Variables at the level of numbers: more of them make no picture that can be read
SLIDERS = 4
REACH = 3.0
READABLE = 0.85  # of the natural size: letters of 13 pixels become 11
WIDEST, NARROW = 880, 480  # pixels: what fits a notebook page, and what fits it beside the lines
PAGE = 920  # pixels of a page in a window of 1100: a picture that fits it when it is small shrinks to it
FEW = 6  # lines
TITLES = {
    "net": _("1 the net"),
    "layers": _("2 layers"),
    "nodes": _("3 nodes"),
    "numbers": _("4 numbers"),
}
WHAT = {
    "net": _("The whole network with its loss is one node."),
    "layers": _("One node for each layer."),
    "nodes": _("The layers are opened: one node for each operation on arrays; data only hands on the target."),
    "numbers": _("One node for each operation on numbers."),
}


class ZoomLab(Panel):
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
        Its value is one of `nbkit.graphtools.detail.LEVELS`.
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
        self.net, self.x, self.t = net, np.array(check_finite(x, "x")), t
        levels = zoom_levels(net, self.x, t)
        many = len(levels["numbers"].graph.variables)
        if many > MOST:
            raise ValueError(
                _("ZoomLab has room for {most} numbers and operations, this network with this batch has {n}").format(
                    most=MOST, n=many
                )
            )
        self.chosen = frozenset()
        self.level = ipywidgets.ToggleButtons(
            options=[(TITLES[name], name) for name in LEVELS], value="layers", description=_("zoom"),
            style={"button_width": "auto", "description_width": "5em"}, layout={"display": "flex"},
        )  # fmt: skip
        places = [index for index, _value in np.ndenumerate(self.x)][:SLIDERS]
        self.inputs = [self._slider(index) for index in places]
        self.view = SvgView(layout={"overflow": "auto", "max_width": "100%"})
        self.lines = SvgView(layout={"overflow": "auto", "flex": "0 0 auto", "max_width": "100%"})
        self.status = ipywidgets.HTML()
        pictures = ipywidgets.HBox(
            [self.lines, self.view], layout={"flex_flow": "row wrap", "align_items": "flex-start"}
        )
        super().__init__([self.level, *self.inputs, pictures, self.status])
        self._show(levels)
        self.level.observe(self.safely(lambda _change: self._paint()), "value")
        moved = self.safely(self._moved)
        for control in self.inputs:
            control.observe(moved, "value")
        self.view.on_touch(self.safely(self._node_touched))
        self.lines.on_touch(self.safely(self._line_touched))

    def _slider(self, index):
        value = float(self.x[index])
        reach = max(REACH, abs(value))
        return ipywidgets.FloatSlider(
            value, min=-reach, max=reach, step=0.1, description=f"x[{','.join(map(str, index))}]", readout_format=".1f",
            style={"description_width": "5em"}, layout={"width": "26em"},
        )  # fmt: skip

    def _moved(self, change):
        x = self.x.copy()
        x.flat[self.inputs.index(change.owner)] = change.new
        levels = zoom_levels(self.net, x, self.t)
        self.x = x
        self._show(levels)

    def _show(self, levels):
        with np.errstate(all="ignore"):  # where numbers are infinite, the words say so
            self.levels, self.difference = levels, largest_difference(levels)
        self._paint()

    def _line_touched(self, touch):
        if touch.hand == "press" and touch.item is not None:
            self.choose(self.shown.covers[int(touch.item)])

    def _node_touched(self, touch):
        if touch.hand != "press" or touch.item is None:
            return
        graph = self.shown.graph
        found = [v for v in graph.variables if graph.id(v) == touch.item]
        line = self.shown.line_of(found[0]) if found else None
        self.choose(frozenset() if line is None else self.shown.covers[line])
        if line is None:
            self.show_message(_("This is an input or a parameter: no line computes it."))

    def choose(self, chosen):
        """Mark some of the lines at the level of nodes, and what does their work at the level shown; or nothing."""
        self.chosen = frozenset() if chosen == self.chosen else frozenset(chosen)
        self._paint()

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

    def _paint(self):
        level, marked = self.shown, self.marked_lines
        marks = dict.fromkeys(self.marked_nodes, "chosen")
        self.view.svg, width = _readable(GraphRenderer(level.graph, touch=True).svg(marks=marks))
        # Beside the lines where there is room. Else below them, unless they are so many that the page would scroll.
        self.view.layout.flex = f"1 1 {min(width, WIDEST if len(level.steps) <= FEW else NARROW)}px"
        rows = [
            Row(step.line, ((_brief(step.variable.value), "val"),), "▶" if k in marked else "")
            for k, step in enumerate(level.steps)
        ]
        words = "; ".join(step.line for step in level.steps)
        self.lines.svg = listing(rows, (_("NumPy"), _("value")), _("Lines of NumPy"), words, (0.0, 60.0))
        self.status.value = "".join(f"<div>{escape(line)}</div>" for line in self._words())

    def _words(self):
        """Say what is seen, what is marked, and that the levels agree."""
        level, marked = self.shown, self.marked_lines
        count = sum(v.layer is not None for v in level.graph.variables)
        yield _("{what} Nodes: {n}.").format(what=WHAT[level.name], n=count)
        if marked:
            lines = ", ".join(level.steps[k].name for k in marked)
            yield _("Marked: {lines}, and {n} of the nodes.").format(lines=lines, n=len(self.marked_nodes))
        spoilt = [TITLES[name] for name, each in self.levels.items() if not _all_finite(each)]
        if len(spoilt) == len(self.levels):
            yield _("✗ At all four levels numbers are infinite or NaN: there is nothing to compare.")
            return
        if spoilt:
            yield _(
                "✗ Infinite numbers or NaN at: {spoilt}. There the small steps leave what a number can hold. "
                "At: {sound} the same work is done by a formula that avoids it, and the loss is {loss}."
            ).format(
                spoilt=", ".join(spoilt),
                sound=", ".join(title for title in TITLES.values() if title not in spoilt),
                loss=number(next(each.value for each in self.levels.values() if _all_finite(each))),
            )
            return
        agree = self.difference <= 1e-12 * max(1.0, *map(_largest, self.levels.values()))
        yield _("{sign} All four levels: loss {loss}; values and gradients differ by {most} at most.").format(
            sign="✓" if agree else "✗", loss=number(level.value), most=_tiny(self.difference)
        )

    def snapshot(self):
        return stacked([self.lines.svg, self.view.svg])


def _brief(value):
    return number(np.asarray(value).item()) if np.size(value) == 1 else shape_text(value)


def _all_finite(level):
    return all(np.isfinite(numbers).all() for numbers in (level.value, *level.gradients.values()))


def _largest(level):
    """The largest number of a level without its sign: what rounding is measured by."""
    return max(float(np.abs(numbers).max()) for numbers in (level.value, *level.gradients.values()))


def _tiny(x):
    return "0" if not x else f"{x:.0e}".replace("-", "−")


def _readable(svg):
    """Return the picture in a size in which its smallest letters can be read, and its width; it may be scrolled.

    Nobody sees that a picture goes on where only its last node is cut off: one that nearly fits shrinks instead.
    """
    natural = float(svg.split('viewBox="', 1)[1].split(" ")[2])
    width, smallest = round(READABLE * natural), round(SMALLEST * natural)
    style = f"min-width:{width}px"
    if smallest <= PAGE < width:
        style = f"min-width:{smallest}px;width:100%;max-width:{width}px"
    return svg.replace("<svg ", f'<svg style="{style}" ', 1), width
