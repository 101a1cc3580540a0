"""Figures with axes: matplotlib in the one style of the course. Each function returns the figure and shows nothing.

Where a notebook shows a figure, whoever drew it, this room gives it words for those who cannot see it.
"""

import io
import sys
from contextlib import contextmanager
from functools import wraps
from pathlib import Path

import numpy as np

from nbkit._text import _, shortened
from nbkit.drawing.chart import blend, grid_over, leads
from nbkit.drawing.figure_words import in_words
from nbkit.drawing.markup import writable
from nbkit.drawing.palette import CLASSES
from nbkit.drawing.picture import SHADES, fewer_colours, picture_html
from nbkit.functions import check_finite

STYLE = Path(__file__).with_name("nbkit.mplstyle")
MARKERS = "osD^vP*X<>"
LONGEST = 40  # characters of a name, so that room is left for the plot


def png_of(figure):
    """Return a figure as PNG bytes, twice as fine as it is shown: sharp on a projector."""
    file = io.BytesIO()
    figure.savefig(file, format="png", dpi=2 * figure.dpi, bbox_inches="tight", pad_inches="layout")
    # Texts keep the canvas they were last drawn on, and a kernel keeps every figure shown: so a smaller one.
    figure.draw_without_rendering()
    return fewer_colours(file.getvalue(), SHADES)


def figure_html(figure):
    """Return a figure of matplotlib as a picture with words."""
    png = png_of(figure)
    width = int.from_bytes(png[16:20]) // 2  # where a PNG has its width, of which half is shown
    return picture_html(png, in_words(figure), width)


def show_figures_with_words():
    """Let a notebook show every figure by `figure_html`, those of pyplot too, and not as a bare PNG."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    if shell is None or "ipykernel" not in sys.modules:
        return
    from matplotlib_inline.config import InlineBackend

    InlineBackend.instance(parent=shell).figure_formats = set()
    shell.display_formatter.formatters["text/html"].for_type_by_name("matplotlib.figure", "Figure", figure_html)


show_figures_with_words()


@contextmanager
def course_style():
    """Apply the style sheet of the course for a moment."""
    import matplotlib.style

    with matplotlib.style.context(STYLE):
        yield


def _styled(plot):
    """Run a plotting function in the course's style, on the `ax` it was given or on that of a new figure."""

    @wraps(plot)
    def styled(*args, ax=None, **options):
        from matplotlib.figure import Figure

        with course_style():
            if ax is None:
                ax = Figure().subplots()  # no pyplot state knows of it: nothing to close, nothing that leaks
            plot(*args, ax=ax, **options)
        return ax.figure

    return styled


def _plain(text):
    """Write a name so that matplotlib shows it as it is: no formula between two dollars, none hidden for its dash."""
    text = writable(shortened(str(text), LONGEST)).replace("$", r"\$")
    return f"\u200b{text}" if text.startswith("_") else text


@_styled
def loss_curve(histories, *, ax, log=False):
    """Draw loss against step, one line a run.

    Parameters
    ----------
    histories : History, sequence of float, or dict of str to either
        A dict gives each line its name in the legend.
    ax : matplotlib Axes, optional
    log : bool
        Logarithmic loss axis: shows a slow end better, and hides how large the start was.

    Returns
    -------
    matplotlib.figure.Figure
    """
    runs = histories if isinstance(histories, dict) else {"": histories}
    for name, history in runs.items():
        loss = np.asarray(getattr(history, "loss", history), dtype=float)
        if loss.ndim != 1 or not loss.size:
            raise ValueError(_("a loss curve needs at least one loss, got shape {}").format(loss.shape))
        ax.plot(np.arange(1, len(loss) + 1), loss, label=_plain(name))
    ax.set(xlabel=_("step"), ylabel=_("loss"))
    if log:
        ax.set_yscale("log")
    else:
        ax.set_ylim(bottom=0)
    if any(runs):
        ax.legend()


@_styled
def decision_regions(probabilities, x, t, *, ax, features=("x₁", "x₂"), classes=None):
    """Colour the plane by what a classifier says there, with the data on top.

    Parameters
    ----------
    probabilities : callable
        Takes (m, 2) points, gives (m, k) probabilities; ``net.probabilities`` of a trained network is one.
    x : (n, 2) array
    t : (n,) array of int
        True classes.
    ax : matplotlib Axes, optional
    features : pair of str
        Axis labels, with units.
    classes : sequence of str, optional
        Names for the legend.

    Returns
    -------
    matplotlib.figure.Figure
    """
    first, second, points = grid_over(x, size=120)
    shares = np.asarray(probabilities(points))
    size = (len(second), len(first))
    # Small squares, not an image: matplotlib scales an image up as floats, which takes 40 MB for a moment.
    ax.pcolormesh(first, second, blend(shares).reshape(*size, 3), shading="nearest")
    for lead in leads(shares).T:
        if lead.min() < 0 < lead.max():
            ax.contour(first, second, lead.reshape(size), levels=[0], colors="#1b1f24", linewidths=1.5)
    for k in range(shares.shape[1]):
        rows = np.asarray(t) == k
        name = _plain(classes[k]) if classes is not None else str(k)
        ax.scatter(*x[rows].T, color=CLASSES[k], marker=MARKERS[k], edgecolor="white", s=55, label=name, zorder=3)
    ax.grid(visible=False)
    ax.set(xlabel=_plain(features[0]), ylabel=_plain(features[1]), xlim=first[[0, -1]], ylim=second[[0, -1]])
    ax.legend(loc="upper left", bbox_to_anchor=(1, 1))


@_styled
def activation(layer, *, ax, low=-5.0, high=5.0):
    """Draw an activation and its slope, both asked from the layer itself.

    Parameters
    ----------
    layer : Layer
        Elementwise, such as ``ReLU()``.
    ax : matplotlib Axes, optional
    low, high : float
        Range of x.

    Returns
    -------
    matplotlib.figure.Figure
    """
    x = np.linspace(low, high, 401)
    y = layer.forward(x)
    ax.plot(x, y, label=_("f(x), {}").format(type(layer).__name__))
    ax.plot(x, layer.backward(np.ones_like(x)), "--", label=_("slope f'(x)"))
    ax.set(xlabel="x")
    ax.legend()


@_styled
def loss_contour(loss, path=None, *, ax, low=(-2.0, -2.0), high=(2.0, 2.0), levels=20):
    """Draw a loss over two parameters as a map of heights, and the way that a descent took on it.

    Parameters
    ----------
    loss : callable
        Takes two arrays of one shape, gives an array of that shape.
    path : (steps, 2) array, optional
    ax : matplotlib Axes, optional
    low, high : pair of float
        Corners of the map.
    levels : int
        Number of height lines.

    Returns
    -------
    matplotlib.figure.Figure
    """
    first, second = np.linspace(low, high, 120).T
    ax.contour(first, second, loss(*np.meshgrid(first, second)), levels=levels, cmap="viridis", linewidths=1)
    if path is not None:
        path = check_finite(path, "path")
        ax.plot(*path.T, "o-", color=CLASSES[1], markersize=4)
        ax.plot(*path[0], "o", color=CLASSES[1], markersize=9, label=_("start"))
        ax.legend()
    ax.set(xlabel="w₁", ylabel="w₂", xlim=(low[0], high[0]), ylim=(low[1], high[1]))


@_styled
def confusion(t, y, *, ax, classes=None):
    """Count how often each true class was taken for which: rows are the truth, columns the decision.

    Parameters
    ----------
    t, y : (n,) arrays of int
        Truth and decision.
    ax : matplotlib Axes, optional
    classes : sequence of str, optional

    Returns
    -------
    matplotlib.figure.Figure
    """
    t, y = np.asarray(t), np.asarray(y)
    if t.shape != y.shape or t.ndim != 1 or not t.size:
        raise ValueError(
            _("truth and decision must be (n,) labels of one length, got {} and {}").format(t.shape, y.shape)
        )
    k = len(classes) if classes is not None else max(t.max(), y.max()) + 1
    if min(t.min(), y.min()) < 0 or max(t.max(), y.max()) >= k:
        raise ValueError(
            _("truth and decision must be class numbers from 0 to {last}, got {got}").format(
                last=k - 1, got=sorted({*t.tolist(), *y.tolist()})
            )
        )
    counts = np.zeros((k, k), dtype=int)
    np.add.at(counts, (t, y), 1)
    ax.pcolormesh(counts, cmap="Blues")
    for (row, column), count in np.ndenumerate(counts):
        colour = "white" if count > counts.max() / 2 else "black"
        ax.text(column + 0.5, row + 0.5, count, color=colour, ha="center", va="center")
    names, places = [_plain(name) for name in (classes if classes is not None else range(k))], np.arange(k) + 0.5
    ax.set_xticks(places, names)
    ax.set_yticks(places, names)
    ax.grid(visible=False)
    ax.set(xlabel=_("decision"), ylabel=_("truth"), aspect="equal")
    ax.invert_yaxis()  # the first class on top
