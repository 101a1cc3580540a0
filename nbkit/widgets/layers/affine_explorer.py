"""Which shapes fit? The layer x @ W + b with sizes that move, its gradients, and every product as blocks."""

import ipywidgets
import numpy as np

from nbkit.checks import whole
from nbkit.drawing import theme
from nbkit.drawing.chart.frame import WIDTH
from nbkit.drawing.chart.marks import text_at
from nbkit.drawing.graph.renderer import GraphRenderer
from nbkit.drawing.markup import join, tag
from nbkit.drawing.picture import Mark, Picture
from nbkit.graph import Graph, Variable
from nbkit.messages import _
from nbkit.widgets.kit.explorer import Explorer, slider
from nbkit.widgets.kit.views import GraphView, SvgView

MAX_SIZE = 6
ENTRY_SIZE = 11  # pixels
MATRIX_SIZE = MAX_SIZE * ENTRY_SIZE  # space for the largest matrix
OPERATOR_WIDTH = 22  # space for @, + or = between two matrices
HEIGHT = 286
COLUMN_LEFTS = (20, 420)  # of the products, in pixels
ROW_TOPS = (22, 166)


class AffineExplorer(Explorer):
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
        n, d, k = (whole(name, size, 1, MAX_SIZE) for name, size in (("n", n), ("d", d), ("k", k)))
        names = (_("samples n"), n), (_("features d"), d), (_("outputs k"), k), (_("rows of W"), d)
        self.n, self.d, self.k, self.rows = (slider(name, size, 1, MAX_SIZE, width=22) for name, size in names)
        self.rows.disabled = True
        self.follow = ipywidgets.Checkbox(True, description=_("the rows of W follow d"), indent=False)
        self.numbers = np.random.default_rng(rng).integers(-3, 4, (4, MAX_SIZE, MAX_SIZE)).astype(float)
        view, self.blocks = GraphView(), SvgView()
        super().__init__(self.n, self.d, self.k, (self.rows, self.follow), view, self.blocks, view=view)

    def moved(self, _change):
        self.rows.disabled = self.follow.value
        if self.follow.value and self.rows.value != self.d.value:
            self.rows.value = self.d.value  # calls this again
        else:
            self.show()

    def compute(self):
        """Compute with the present sizes; the layer's own ValueError where they do not fit."""
        n, d, k, rows = (slider.value for slider in (self.n, self.d, self.k, self.rows))
        self.fits = rows == d
        if not self.fits:
            self.say(self.sentence())
        x, W, b, dout = self.numbers
        y = Variable(x[:n, :d], "x") @ Variable(W[:rows, :k], "W") + Variable(b[0, :k], "b")
        y.name = "y"
        graph = Graph(y)
        gradients = graph.backward(dout[:n, :k])
        self.graph = graph
        self.shapes = {name: v.shape for name, v in graph.inputs.items()} | {"y": y.shape, "dout": y.grad.shape}
        self.shapes |= {f"d{name}": gradient.shape for name, gradient in gradients.items()}

    def sentence(self):
        n, d, k, rows = (slider.value for slider in (self.n, self.d, self.k, self.rows))
        if not self.fits:
            text = _("✗ x @ W: {x} @ {W} does not fit: {d} is not {rows}. The pictures show the last sizes that did.")
            return text.format(x=(n, d), W=(rows, k), d=d, rows=rows)
        text = _("✓ It fits. Samples in the batch: {n}. Weights in W: {weights}. Biases in b: {k}.")
        return text.format(n=n, weights=d * k, k=k)

    def picture(self):
        self.blocks.svg = self._products()
        return GraphRenderer(self.graph).picture()

    def snapshot(self):
        return self.blocks.svg.below(self.view.svg)

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

    def _products(self):
        s = self.shapes
        x, W, b, y = s["x"], s["W"], s["b"], s["y"]
        products = {
            "y": ((x, "x"), "@", (W, "W"), "+", (b, "b"), "=", (y, "y")),
            "dx": ((y, "dout"), "@", (W[::-1], "Wᵀ"), "=", (x, "dx")),
            "dW": ((x[::-1], "xᵀ"), "@", (y, "dout"), "=", (W, "dW")),
            "db": ((y, "dout"), "Σ ↓", (b, "db")),
        }
        lines, marks = self.lines(), []
        for place, (name, product) in enumerate(products.items()):
            left, top = COLUMN_LEFTS[place % 2], ROW_TOPS[place // 2]
            look = {"style": "text-anchor:start", "font_weight": "bold"}
            parts = [text_at(left, top, "name", lines[name], data_line=name, **look)]
            for part in product:
                if isinstance(part, str):
                    wide = OPERATOR_WIDTH if len(part) == 1 else 2 * OPERATOR_WIDTH
                    parts.append(text_at(left + wide / 2, top + 18 + MATRIX_SIZE / 2, "name", part))
                    left += wide
                else:
                    parts.append(_matrix(left, top + 14, *part))
                    left += MATRIX_SIZE
            marks.append(Mark(join(parts), name, line=lines[name], product=product))
        return Picture(_("Products and their shapes"), "; ".join(lines.values()), marks, WIDTH, HEIGHT)


def _matrix(left, top, shape, name):
    """Draw an array as cells with its name below, in the middle of its slot; a gradient has dashed lines."""
    rows, columns = shape if len(shape) == 2 else (1, *shape)
    x, y = left + (MATRIX_SIZE - columns * ENTRY_SIZE) / 2, top + (MATRIX_SIZE - rows * ENTRY_SIZE) / 2
    across = [f"M{x:g} {y + i * ENTRY_SIZE:g}h{columns * ENTRY_SIZE}" for i in range(rows + 1)]
    down = [f"M{x + j * ENTRY_SIZE:g} {y:g}v{rows * ENTRY_SIZE}" for j in range(columns + 1)]
    role, dashes = ("gradient", "3 2") if name.startswith("d") else ("value", None)
    look = {"style": f"fill:none;stroke:{theme.css_colour(role)};stroke-width:1.5", "stroke_dasharray": dashes}
    middle, bottom = left + MATRIX_SIZE / 2, top + MATRIX_SIZE
    names = [text_at(middle, bottom + 18, "name", name), text_at(middle, bottom + 33, "shape", str(shape))]
    return join([tag("path", d="".join(across + down), **look), names])
