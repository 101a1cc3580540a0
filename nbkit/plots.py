"""Figures with axes: matplotlib in the one style of the course. Each function returns the figure and shows nothing.

Where a notebook shows a figure, whoever drew it, this room gives it words for those who cannot see it.
"""

import copy
import io
import sys
import warnings
from contextlib import contextmanager
from functools import wraps
from pathlib import Path

import numpy as np

from nbkit.drawing.alt_text import alt_text
from nbkit.drawing.chart.frame import class_colours, grid_over, margins
from nbkit.drawing.fonts import fonts_for, missing_in
from nbkit.drawing.markup import writable
from nbkit.drawing.picture import SHADES, fewer_colours, picture_html
from nbkit.drawing.theme import CLASSES
from nbkit.functions import as_labels, check_finite
from nbkit.messages import _, kind_of, shortened

STYLE = Path(__file__).with_name("nbkit.mplstyle")
MARKERS = "osD^vP*X<>"
LONGEST = 40  # characters of a name, so that room is left for the plot
MOST_CLASSES = 40  # of a table of decisions: more rows cannot be read
NO_GLYPH = "Glyph .* missing from|Matplotlib currently does not support"  # what `fonts_for` says in one line instead


def png_of(figure):
    """Return a figure as PNG bytes, twice as fine as it is shown: sharp on a projector."""
    from matplotlib.figure import Figure

    if not isinstance(figure, Figure):
        raise TypeError(_("a figure of matplotlib is needed, got {}").format(kind_of(figure)))
    file = io.BytesIO()
    _find_fonts(figure)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", NO_GLYPH)
        figure.savefig(file, format="png", dpi=2 * figure.dpi, bbox_inches="tight", pad_inches="layout")
        # Texts keep the canvas they were last drawn on, and a kernel keeps every figure shown: so a smaller one.
        figure.draw_without_rendering()
    return fewer_colours(file.getvalue(), SHADES)


def _find_fonts(figure):
    """Let a font of the system draw the signs that a text's own font lacks."""
    from matplotlib.text import Text

    for text in figure.findobj(Text):
        signs = missing_in(text.get_text())
        if signs:
            own = text.get_fontfamily()
            text.set_fontfamily([*own, *(family for family, _path in fonts_for(signs) if family not in own)])


def figure_html(figure):
    """Return a figure of matplotlib as a picture with words."""
    png = png_of(figure)
    width = int.from_bytes(png[16:20]) // 2  # where a PNG has its width, of which half is shown
    return picture_html(png, alt_text(figure), width)


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
        from matplotlib.axes import Axes
        from matplotlib.figure import Figure

        if ax is not None and not isinstance(ax, Axes):
            raise TypeError(_("ax must be one Axes of matplotlib, got {}").format(kind_of(ax)))
        with course_style():
            if ax is None:
                ax = Figure().subplots()  # no pyplot state knows of it: nothing to close, nothing that leaks
            plot(*args, ax=ax, **options)
            _find_fonts(ax.figure)
        return ax.figure

    return styled


def _plain(text):
    """Write a name so that matplotlib shows it as it is: no formula between two dollars, none hidden for its dash."""
    text = writable(shortened(str(text), LONGEST)).replace("$", r"\$")
    return f"\u200b{text}" if text.startswith("_") else text


# ---------------------------------------------------------------- what comes in


def _numbers(values, name):
    """Return an array of floats, or say what came instead."""
    try:
        return np.asarray(values, dtype=float)
    except (TypeError, ValueError, OverflowError):
        raise ValueError(_("{name} must be numbers, got {got}").format(name=name, got=kind_of(values))) from None


def _pair(values, name, rule):
    """Return two things of one kind, such as the names of two axes."""
    try:
        if isinstance(values, str):
            raise TypeError
        first, second = values
    except (TypeError, ValueError):
        raise ValueError(_("{name} must be {rule}, got {got}").format(
            name=name, rule=rule, got=kind_of(values))) from None  # fmt: skip
    return first, second


def _class_names(classes, k=None):
    """Return the names of `k` classes, or of as many as there are; None where there are none."""
    if classes is None:
        return None
    names = [] if isinstance(classes, str) or not np.iterable(classes) else list(classes)
    if not names or k not in (None, len(names)):
        rule = _("names, one for each class") if k is None else _("{} names, one for each class").format(k)
        raise ValueError(_("classes must be {rule}, got {got}").format(rule=rule, got=kind_of(classes)))
    return names


def _class_numbers(labels, name, k=None, names=None):
    """Return labels as class numbers 0 to k-1, and the names of classes that the labels themselves give.

    Labels may be class numbers, True and False, −1 and 1 for two classes, or names that stand in `names`.
    """
    labels = np.asarray(labels)
    if labels.ndim == 2 and labels.shape[1] == 1:
        labels = labels[:, 0]
    if labels.ndim != 1 or not labels.size:
        raise ValueError(
            _("{name} must be (n,) labels, one for each point, got shape {got}").format(name=name, got=labels.shape)
        )
    if labels.dtype.kind in "USO" and names is not None and {*labels.tolist()} <= {*names}:
        return np.array([names.index(label) for label in labels.tolist()]), None
    labels = as_labels(labels)
    found = np.unique(labels)
    if {*found.tolist()} <= {-1, 1} and -1 in found and k in (None, 2):
        return (labels > 0).astype(int), ["−1", "1"]
    whole = np.isfinite(found).all() and (found == np.floor(found)).all()
    if not whole or found.min() < 0 or (k is not None and found.max() >= k):
        rule = _("class numbers from 0") if k is None else _("class numbers from 0 to {}").format(k - 1)
        if k in (None, 2):
            rule = _("{}, or −1 and 1 for two classes").format(rule)
        got = shortened(", ".join(f"{label:g}" for label in found.tolist()), 60)
        raise ValueError(_("{name} must be {rule}, got {got}").format(name=name, rule=rule, got=got))
    return labels.astype(int), None


# ---------------------------------------------------------------- figures


@_styled
def loss_curve(histories, *, ax, log=False):
    """Draw loss against step, one line a run.

    Parameters
    ----------
    histories : History, sequence of float, or dict of str to either
        A dict gives each line its name in the legend. Of a run that blew up, the steps with a finite loss are drawn,
        and the legend says where they end.
    ax : matplotlib Axes, optional
    log : bool
        Logarithmic loss axis: shows a slow end better, and hides how large the start was.

    Returns
    -------
    matplotlib.figure.Figure
    """
    runs = histories if isinstance(histories, dict) else {"": histories}
    if not runs:
        raise ValueError(_("a loss curve needs at least one run, got an empty dict"))
    checked = {name: _losses(history, log) for name, history in runs.items()}
    told = any(runs)
    for name, loss in checked.items():
        lost, name = np.flatnonzero(~np.isfinite(loss)), _plain(name)
        if lost.size:
            words = _("no finite loss in step {}").format(lost[0] + 1)
            name, told = f"{name}: {words}" if name else words, True
        ax.plot(np.arange(1, len(loss) + 1), np.where(np.isfinite(loss), loss, np.nan), label=name)
    ax.set(xlabel=_("step"), ylabel=_("loss"))
    if log:
        ax.set_yscale("log")
    elif min(np.nanmin(np.where(np.isfinite(loss), loss, np.nan)) for loss in checked.values()) >= 0:
        ax.set_ylim(bottom=0)
    if told:
        ax.legend()


def _losses(history, log):
    loss = _numbers(getattr(history, "loss", history), _("losses"))
    if loss.ndim != 1 or not loss.size:
        raise ValueError(_("a loss curve needs at least one loss, got shape {}").format(loss.shape))
    if not np.isfinite(loss).any():
        raise ValueError(_("a loss curve needs at least one finite loss, got {}").format(f"{loss[0]:g}"))
    if log and np.nanmin(loss) <= 0:
        step = int(np.flatnonzero(loss <= 0)[0])
        raise ValueError(
            _("a logarithmic axis has room for losses above 0 only, got {loss:g} in step {step}: leave out log").format(
                loss=loss[step], step=step + 1
            )
        )
    return loss


@_styled
def decision_regions(probabilities, x, t, *, ax, features=("x₁", "x₂"), classes=None):
    """Colour the plane by what a classifier says there, with the data on top.

    Parameters
    ----------
    probabilities : callable
        Takes (m, 2) points, gives (m, k) probabilities; ``net.probabilities`` of a trained network is one.
    x : (n, 2) array
    t : (n,) array of int
        True classes, from 0; −1 and 1, or True and False, will do for two classes, and so will names from `classes`.
    ax : matplotlib Axes, optional
    features : pair of str
        Axis labels, with units.
    classes : sequence of str, optional
        Names for the legend, one for each class.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        If a point could not be drawn, or would get a wrong colour. Nothing is drawn then.
    """
    x = check_finite(x, "x")
    first, second, points = grid_over(x, size=120)
    across, up = _pair(features, "features", _("a pair of names, one for each axis"))
    shares = _shares(probabilities, points)
    k, size = shares.shape[1], (len(second), len(first))
    names = _class_names(classes, k)
    t, own_names = _class_numbers(t, "t", k, names)
    if len(t) != len(x):
        raise ValueError(_("x and t must have one length, got {x} points and {t} labels").format(x=len(x), t=len(t)))
    names = names or own_names or range(k)
    # Small squares, not an image: matplotlib scales an image up as floats, which takes 40 MB for a moment.
    ax.pcolormesh(first, second, class_colours(shares).reshape(*size, 3), shading="nearest")
    for lead in margins(shares).T:
        if lead.min() < 0 < lead.max():
            ax.contour(first, second, lead.reshape(size), levels=[0], colors="#1b1f24", linewidths=1.5)
    for k, name in enumerate(names):
        ax.scatter(
            *x[t == k].T, color=CLASSES[k], marker=MARKERS[k], edgecolor="white", s=55, label=_plain(name), zorder=3
        )
    ax.grid(visible=False)
    ax.set(xlabel=_plain(across), ylabel=_plain(up), xlim=first[[0, -1]], ylim=second[[0, -1]])
    ax.legend(loc="upper left", bbox_to_anchor=(1, 1))


def _shares(probabilities, points):
    """Ask for probabilities, and refuse what would be painted as something else."""
    if not callable(probabilities):
        raise TypeError(
            _("probabilities must be a function of points, such as net.probabilities, got {}").format(
                kind_of(probabilities)
            )
        )
    shares = _numbers(probabilities(points), "probabilities")
    if shares.ndim != 2 or len(shares) != len(points) or not 2 <= shares.shape[1] <= len(CLASSES):
        raise ValueError(
            _("probabilities must give (m, k) numbers for (m, 2) points, k from 2 to {most}, got {got} for {m}").format(
                most=len(CLASSES), got=shares.shape, m=points.shape
            )
        )
    if not (np.abs(shares.sum(axis=1) - 1) < 1e-3).all() or shares.min() < -1e-3:
        wrong = int(np.flatnonzero(~(np.abs(shares.sum(axis=1) - 1) < 1e-3) | (shares < -1e-3).any(axis=1))[0])
        row = ", ".join(f"{share:.3g}" for share in shares[wrong])
        raise ValueError(_("each row of probabilities must be from 0 to 1 and sum to 1, got {}").format(row))
    return shares.clip(0, 1)


@_styled
def activation(layer, *, ax, low=-5.0, high=5.0):
    """Draw an activation and its slope, both asked from the layer itself.

    Parameters
    ----------
    layer : Layer
        Elementwise, such as ``ReLU()``. It is left as it was.
    ax : matplotlib Axes, optional
    low, high : float
        Range of x.

    Returns
    -------
    matplotlib.figure.Figure
    """
    if isinstance(layer, type) or not all(callable(getattr(layer, name, None)) for name in ("forward", "backward")):
        raise TypeError(_("activation takes a layer such as ReLU(), got {}").format(kind_of(layer)))
    low, high = _range(low, high, "low", "high")
    layer, x = copy.copy(layer), np.linspace(low, high, 401)
    with np.errstate(all="ignore"):
        y = _numbers(layer.forward(x), "forward")
        slope = _numbers(layer.backward(np.ones_like(x)), "backward") if y.shape == x.shape else y
    if y.shape != x.shape or slope.shape != x.shape:
        raise ValueError(
            _(
                "activation takes a layer that works on each number by itself, got {layer}, which makes {got} of {x}"
            ).format(layer=layer, got=slope.shape, x=x.shape)
        )
    if not np.isfinite(y).any():
        raise ValueError(
            _("{layer} has no finite value from {low:g} to {high:g}").format(layer=layer, low=low, high=high)
        )
    ax.plot(x, y, label=_("f(x), {}").format(type(layer).__name__))
    ax.plot(x, slope, "--", label=_("slope f'(x)"))
    ax.set(xlabel="x")
    ax.legend()


def _range(low, high, *names):
    """Return two finite numbers, the second above the first."""
    ends = _numbers([low, high], _("{} and {}").format(*names))
    if ends.shape != (2,) or not np.isfinite(ends).all() or not ends[0] < ends[1]:
        raise ValueError(
            _("{first} must be below {second}, both finite numbers, got {low} and {high}").format(
                first=names[0], second=names[1], low=kind_of(low), high=kind_of(high)
            )
        )
    return float(ends[0]), float(ends[1])


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
    if not callable(loss):
        raise TypeError(_("loss must be a function of two arrays, got {}").format(kind_of(loss)))
    corners = [_pair(corner, name, _("a pair of numbers")) for corner, name in ((low, "low"), (high, "high"))]
    low, high = zip(
        *(_range(*ends, f"low[{k}]", f"high[{k}]") for k, ends in enumerate(zip(*corners, strict=True))), strict=True
    )
    if isinstance(levels, bool) or not isinstance(levels, int | np.integer) or levels < 1:
        raise ValueError(_("levels must be a whole number of at least 1, got {}").format(kind_of(levels)))
    path = None if path is None else _path(path)
    first, second = np.linspace(low, high, 120).T
    with np.errstate(all="ignore"):
        heights = _numbers(loss(*np.meshgrid(first, second)), "loss")
    if heights.shape != (120, 120):
        raise ValueError(
            _("loss must give one number for each place: shape {rule} for two arrays of that shape, got {got}").format(
                rule=(120, 120), got=heights.shape
            )
        )
    seen = heights[np.isfinite(heights)]
    if not seen.size or seen.min() == seen.max():
        got = f"{seen[0] + 0.0:g}" if seen.size else "NaN"
        raise ValueError(_("a map needs a loss that differs from place to place, got {} everywhere").format(got))
    ax.contour(first, second, np.ma.masked_invalid(heights), levels=levels, cmap="viridis", linewidths=1)
    if path is not None:
        outside = int((~((path >= low) & (path <= high)).all(axis=1)).sum())
        words = _("{} of {} places outside").format(outside, len(path)) if outside else None
        ax.plot(*path.T, "o-", color=CLASSES[1], markersize=4, label=words)
        ax.plot(*path[0], "o", color=CLASSES[1], markersize=9, label=_("start"))
        ax.legend()
    ax.set(xlabel="w₁", ylabel="w₂", xlim=(low[0], high[0]), ylim=(low[1], high[1]))


def _path(path):
    path = check_finite(_numbers(path, "path"), "path")
    if path.ndim != 2 or path.shape[1] != 2 or not len(path):
        raise ValueError(_("path must be (steps, 2) places, got shape {}").format(path.shape))
    return path


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
    names = _class_names(classes)
    if np.shape(t) != np.shape(y) or np.ndim(t) != 1 or not np.size(t):
        raise ValueError(
            _("truth and decision must be (n,) labels of one length, got {} and {}").format(np.shape(t), np.shape(y))
        )
    both, own_names = _class_numbers(np.concatenate([t, y]), _("truth and decision"), names and len(names), names)
    t, y = np.split(both, 2)
    k = len(names or own_names or range(both.max() + 1))
    if k > MOST_CLASSES:
        raise ValueError(_("a table of decisions has at most {most} classes, got {k}").format(most=MOST_CLASSES, k=k))
    names = names or own_names or range(k)
    counts = np.zeros((k, k), dtype=int)
    np.add.at(counts, (t, y), 1)
    ax.pcolormesh(counts, cmap="Blues")
    for (row, column), count in np.ndenumerate(counts):
        colour = "white" if count > counts.max() / 2 else "black"
        ax.text(column + 0.5, row + 0.5, count, color=colour, ha="center", va="center")
    names, places = [_plain(name) for name in names], np.arange(k) + 0.5
    ax.set_xticks(places, names)
    ax.set_yticks(places, names)
    ax.grid(visible=False)
    ax.set(xlabel=_("decision"), ylabel=_("truth"), aspect="equal")
    ax.invert_yaxis()  # the first class on top
