"""Which shapes fit? The layer x @ W + b with sizes that move, its gradients, and every product as blocks."""

import ipywidgets
import numpy as np

from nbkit.drawing import theme
from nbkit.drawing.chart.frame import WIDTH, page
from nbkit.drawing.graph.renderer import GraphRenderer
from nbkit.drawing.markup import escape
from nbkit.drawing.picture import width_of
from nbkit.graph import Graph, Variable
from nbkit.messages import _
from nbkit.widgets.kit.graph_view import GraphView
from nbkit.widgets.kit.panel import Panel
from nbkit.widgets.kit.svg_view import SvgView

LARGEST = 6
CELL = 11  # pixels of one entry
SLOT = LARGEST * CELL  # room for the largest matrix
SIGN = 22  # room for @, + or = between two matrices
HEIGHT = 286
COLUMNS = (20, 420)  # left edges of the two columns of products
ROWS = (22, 166)  # their top edges


class AffineExplorer(Panel):
    """Sliders for the sizes of ``x @ W + b``, its graph with values and gradients, and its four rules as blocks.

    Where the rows of W do not follow the columns of x, nbkit refuses the product: its reason is shown, and the
    pictures stay at the last sizes that fitted.

    Parameters
    ----------
    n, d, k : int
        Samples in the batch, features in, features out, each from 1 to 6.
    rng : numpy.random.Generator or int
        Draws small whole numbers for all entries, and for the gradient that arrives from the right.

    Attributes
    ----------
    n, d, k : IntSlider
    follow : Checkbox
        Whether the number of rows of W is always d.
    rows : IntSlider
        Rows of W, free where `follow` is off.
    graph : Graph
        The last one that fitted, with its gradients.
    shapes : dict of str to tuple
        Of x, W, b and y, and of the gradients dx, dW, db and dout.
    fits : bool
        Whether the present sizes fit.
    view, blocks, status : widgets
    """

    def __init__(self, n=4, d=3, k=2, rng=0):
        for name, size in (("n", n), ("d", d), ("k", k)):
            if isinstance(size, bool) or not isinstance(size, int | np.integer) or not 1 <= size <= LARGEST:
                raise ValueError(
                    _("{name} must be a whole number from 1 to 6, got {got!r}").format(name=name, got=size)
                )
        self.n, self.d = _slider(n, _("samples n")), _slider(d, _("features d"))
        self.k, self.rows = _slider(k, _("outputs k")), _slider(d, _("rows of W"))
        self.rows.disabled = True
        self.follow = ipywidgets.Checkbox(True, description=_("the rows of W follow d"), indent=False)
        self.numbers = np.random.default_rng(rng).integers(-3, 4, (4, LARGEST, LARGEST)).astype(float)
        self.view, self.blocks, self.status = GraphView(), SvgView(), ipywidgets.HTML()
        free = ipywidgets.HBox([self.rows, self.follow], layout={"flex_flow": "row wrap"})
        super().__init__([self.n, self.d, self.k, free, self.view, self.blocks, self.status])
        self.show()
        moved = self.safely(self._moved)
        for control in (self.n, self.d, self.k, self.rows, self.follow):
            control.observe(moved, "value")

    def _moved(self, _change):
        self.rows.disabled = self.follow.value
        if self.follow.value and self.rows.value != self.d.value:
            self.rows.value = self.d.value  # calls this again
        else:
            self.show()

    def show(self):
        """Compute with the present sizes and draw what comes of it.

        Raises
        ------
        ValueError
            In the words of the layer, if the product does not fit. The pictures stay as they were.
        """
        n, d, k, rows = (slider.value for slider in (self.n, self.d, self.k, self.rows))
        self.fits = rows == d
        if not self.fits:
            self._tell_status(
                _(
                    "✗ x @ W: {x} @ {W} does not fit: {d} is not {rows}. The pictures show the last sizes that did."
                ).format(x=(n, d), W=(rows, k), d=d, rows=rows)
            )
        x, W, b, dout = self.numbers
        y = Variable(x[:n, :d], "x") @ Variable(W[:rows, :k], "W") + Variable(b[0, :k], "b")
        y.name = "y"
        graph = Graph(y)
        gradients = graph.backward(dout[:n, :k])
        self.graph = graph
        self.shapes = {name: v.shape for name, v in graph.inputs.items()} | {"y": y.shape, "dout": y.grad.shape}
        self.shapes |= {f"d{name}": gradient.shape for name, gradient in gradients.items()}
        self.view.svg = GraphRenderer(graph).svg()
        self.blocks.svg = self._blocks()
        self._tell_status(
            _("✓ It fits. Samples in the batch: {n}. Weights in W: {weights}. Biases in b: {k}.").format(
                n=n, weights=d * k, k=k
            )
        )

    def _tell_status(self, text):
        self.status.value = f"<span>{escape(text)}</span>"

    def snapshot(self):
        """Put both pictures above each other."""
        graph, blocks = self.view.svg, self.blocks.svg
        height = float(graph.split('height="', 1)[1].split('"', 1)[0])
        width = max(WIDTH, width_of(graph))
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height + HEIGHT + 8:g}">'
            f'{graph}<g transform="translate(0 {height + 8:g})">{blocks}</g></svg>'
        )

    # ------------------------------------------------------------ the picture of the products

    def lines(self):
        """Write the four rules with the present shapes, by what they compute."""
        s = self.shapes
        return {
            "y": f"y = x @ W + b: {s['x']} @ {s['W']} + {s['b']} = {s['y']}",
            "dx": f"dx = dout @ Wᵀ: {s['dout']} @ {s['W'][::-1]} = {s['dx']}",
            "dW": f"dW = xᵀ @ dout: {s['x'][::-1]} @ {s['dout']} = {s['dW']}",
            "db": _("db = column sums of dout: {dout} → {db}").format(dout=s["dout"], db=s["db"]),
        }

    def _blocks(self):
        s = self.shapes
        x, W, b, y = s["x"], s["W"], s["b"], s["y"]
        products = {
            "y": ((x, "x"), "@", (W, "W"), "+", (b, "b"), "=", (y, "y")),
            "dx": ((y, "dout"), "@", (W[::-1], "Wᵀ"), "=", (x, "dx")),
            "dW": ((x[::-1], "xᵀ"), "@", (y, "dout"), "=", (W, "dW")),
            "db": ((y, "dout"), "Σ ↓", (b, "db")),
        }
        lines, parts = self.lines(), []
        for place, (name, product) in enumerate(products.items()):
            left, top = COLUMNS[place % 2], ROWS[place // 2]
            parts.append(_text(left, top, lines[name], f' data-line="{name}" font-weight="bold"'))
            for part in product:
                if isinstance(part, str):
                    wide = SIGN if len(part) == 1 else 2 * SIGN
                    parts.append(_text(left + wide / 2, top + 18 + SLOT / 2, part, middle=True))
                    left += wide
                else:
                    parts.append(_matrix(left, top + 14, *part))
                    left += SLOT
        words = "; ".join(lines.values())
        return page(parts, _("Products and their shapes"), words, HEIGHT)


def _slider(value, description):
    return ipywidgets.IntSlider(
        value, min=1, max=LARGEST, description=description, style={"description_width": "6em"},
        layout={"width": "22em"},
    )  # fmt: skip


def _matrix(left, top, shape, name):
    """Draw an array as cells with its name below, in the middle of its slot; a gradient has dashed lines."""
    rows, columns = shape if len(shape) == 2 else (1, *shape)
    x, y = left + (SLOT - columns * CELL) / 2, top + (SLOT - rows * CELL) / 2
    is_gradient = name.startswith("d")
    role, dashes = ("gradient", ' stroke-dasharray="3 2"') if is_gradient else ("value", "")
    across = "".join(f"M{x:g} {y + i * CELL:g}h{columns * CELL}" for i in range(rows + 1))
    down = "".join(f"M{x + j * CELL:g} {y:g}v{rows * CELL}" for j in range(columns + 1))
    return (
        f'<path d="{across}{down}" style="fill:none;stroke:{theme.css_colour(role)};stroke-width:1.5"{dashes}/>'
        + _text(left + SLOT / 2, top + SLOT + 18, name, middle=True)
        + f'<text class="shape" x="{left + SLOT / 2:g}" y="{top + SLOT + 33:g}">{shape}</text>'
    )


def _text(x, y, text, more="", middle=False):
    anchor = "middle" if middle else "start"
    return (
        f'<text x="{x:g}" y="{y:g}" style="fill:{theme.css_colour("text")};text-anchor:{anchor}"{more}>'
        f"{escape(text)}</text>"
    )
