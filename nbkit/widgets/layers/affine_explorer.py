"""Which shapes fit? The layer x @ W + b with sizes that move, its gradients, and every product as blocks."""

import ipywidgets
import numpy as np

from nbkit.checks import whole
from nbkit.drawing.chart.frame import WIDTH
from nbkit.drawing.chart.marks import text_at
from nbkit.drawing.graph.renderer import GraphRenderer
from nbkit.drawing.markup import join
from nbkit.drawing.picture import Mark, Picture
from nbkit.graph import Graph, Variable
from nbkit.messages import _
from nbkit.widgets.kit.explorer import Explorer, slider
from nbkit.widgets.kit.graph_view import GraphView
from nbkit.widgets.kit.views import Html, SvgView
from nbkit.widgets.layers.shapes_picture import ENTRY_SIZE, matrix, misfit

MAX_SIZE = 6
MATRIX_SIZE = MAX_SIZE * ENTRY_SIZE  # space for the largest matrix
OPERATOR_WIDTH = 22  # space for @, + or = between two matrices
HEIGHT = 286
COLUMN_LEFTS = (20, 420)  # of the products, in pixels
ROW_TOPS = (22, 166)


class AffineExplorer(Explorer):
    """Sliders for the sizes of ``x @ W + b``, its graph with values and gradients, and its four rules as blocks.

    Where the rows of W do not follow the columns of x, nbkit refuses the product: the sentence says why, and x and W
    stand side by side with what of them has no partner, in the place of the graph and the rules.

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
        self.n, self.d, self.k, self.rows = (slider(name, size, 1, MAX_SIZE) for name, size in names)
        self.rows.disabled = True
        self.follow = ipywidgets.Checkbox(True, description=_("the rows of W follow d"), indent=False)
        self.numbers = np.random.default_rng(rng).integers(-3, 4, (4, MAX_SIZE, MAX_SIZE)).astype(float)
        view, self.blocks, status = GraphView(step=-1), SvgView(), Html()
        controls = self.n, self.d, self.k, (self.rows, self.follow)
        super().__init__(*controls, status, view, self.blocks, view=view, status=status)

    def moved(self, _change):
        self.rows.disabled = self.follow.value
        if self.follow.value and self.rows.value != self.d.value:
            self.rows.value = self.d.value  # calls this again
        else:
            self.show()

    def compute(self):
        """Compute with the present sizes, or note that the layer refuses them."""
        n, d, k, rows = (slider.value for slider in (self.n, self.d, self.k, self.rows))
        x, W, b, dout = self.numbers
        try:
            y = Variable(x[:n, :d], "x") @ Variable(W[:rows, :k], "W") + Variable(b[0, :k], "b")
        except ValueError:  # the sentence says why, in the names and numbers of the sliders
            self.fits = False
            return
        self.fits, y.name = True, "y"
        graph = Graph(y)
        gradients = graph.backward(dout[:n, :k])
        self.graph = graph
        self.shapes = {name: v.shape for name, v in graph.inputs.items()} | {"y": y.shape, "dout": y.grad.shape}
        self.shapes |= {f"d{name}": gradient.shape for name, gradient in gradients.items()}

    def sentence(self):
        n, d, k, rows = (slider.value for slider in (self.n, self.d, self.k, self.rows))
        if not self.fits:
            text = _(
                "✗ x @ W: {x} @ {W} does not fit. The columns of x must be as many as the rows of W, "
                "but {d} is not {rows}."
            )
            return text.format(x=(n, d), W=(rows, k), d=d, rows=rows)
        text = _("✓ It fits. Samples in the batch: {n}. Weights in W: {weights}. Biases in b: {k}.")
        return text.format(n=n, weights=d * k, k=k)

    def picture(self):
        self.view.layout.display = None if self.fits else "none"  # a graph of other sizes would contradict the sliders
        if self.fits:
            self.blocks.svg = self._products()
            return GraphRenderer(self.graph).picture()
        n, d, k, rows = (slider.value for slider in (self.n, self.d, self.k, self.rows))
        self.blocks.svg = misfit((n, d), (rows, k))
        return self.view.svg

    def snapshot(self):
        return self.blocks.svg.below(self.view.svg) if self.fits else self.blocks.svg

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
                    parts.append(matrix(left, top + 14, *part, MATRIX_SIZE))
                    left += MATRIX_SIZE
            marks.append(Mark(join(parts), name, line=lines[name], product=product))
        return Picture(_("Products and their shapes"), "; ".join(lines.values()), marks, WIDTH, HEIGHT)
