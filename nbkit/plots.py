"""Figures with axes: matplotlib in the one style of the course. Each function returns the figure and shows nothing.

Every figure that a notebook shows, pyplot's too, gets words for those who cannot see it.
"""

import io
import sys
import warnings
from functools import wraps
from pathlib import Path

import numpy as np

from nbkit.drawing.alt_text import alt_text
from nbkit.drawing.chart.plane import BOUNDARY, class_colours, grid_over, margins
from nbkit.drawing.fonts import fonts_for, missing_in
from nbkit.drawing.markup import image_address, writable
from nbkit.drawing.raster import PALETTE_SIZE_OF_PLANES, fewer_colours
from nbkit.drawing.still import html_of, is_published
from nbkit.drawing.theme import CLASSES, PIXELS
from nbkit.functions import as_labels, check_finite
from nbkit.messages import _, kind_of, shortened

STYLE = Path(__file__).with_name("nbkit.mplstyle")
KERNELS = {"ipykernel", "pyodide_kernel"}  # of notebooks; the second one runs in a browser
MARKERS = "osD^vP*X<>"
MAX_PLOT_NAME_CHARACTERS = 40  # of an axis, a class or a run: space must be left for the plot
MAX_TABLE_CLASSES = 40  # rows of a table of decisions that can still be read
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
        look = {"dpi": 2 * figure.dpi, "facecolor": _ground(figure), "bbox_inches": "tight", "pad_inches": "layout"}
        figure.savefig(file, format="png", **look)
        # Texts keep the canvas they were last drawn on, and a kernel keeps every figure shown: so a smaller one.
        figure.draw_without_rendering()
    png = file.getvalue()
    return fewer_colours(png, PALETTE_SIZE_OF_PLANES) if is_published() else png


def _find_fonts(figure):
    """Let fonts of the system draw the characters that a text's own font lacks."""
    from matplotlib.text import Text

    for text in figure.findobj(Text):
        missing = missing_in(text.get_text())
        if missing:
            own = text.get_fontfamily()
            text.set_fontfamily([*own, *(family for family, _path in fonts_for(missing) if family not in own)])


def figure_html(figure):
    """Return a figure of matplotlib as a picture with words."""
    png = png_of(figure)
    width = int.from_bytes(png[16:20]) // 2  # where a PNG has its width, of which half is shown
    light = sum(_ground(figure)) / 3 > 0.5  # then a dark page shows it the other way round
    return html_of(image_address(png), alt_text(figure), width, light=light)


def _ground(figure):
    """Return the colour on which a figure stands: one that lets the page through stands on white."""
    *colour, opacity = figure.get_facecolor()
    return [1 - opacity + opacity * part for part in colour]


def show_figures_with_words():
    """Let a notebook show every figure by `figure_html`, those of pyplot too, and not as a bare PNG."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    if shell is None or KERNELS.isdisjoint(sys.modules):
        return
    shell.config.InlineBackend.figure_formats = set()  # for the time when matplotlib is loaded
    if "matplotlib_inline" in sys.modules:
        from matplotlib_inline.config import InlineBackend

        InlineBackend.instance(parent=shell).figure_formats = set()
    # pyplot draws its figures at the end of a cell, before they are shown and get their fonts.
    warnings.filterwarnings("ignore", NO_GLYPH, module=r"IPython\.core\.events")
    # Not the formatter of HTML, from which matplotlib removes what it finds for its figures when it is loaded.
    shell.display_formatter.mimebundle_formatter.for_type_by_name(
        "matplotlib.figure", "Figure", lambda figure: {"text/html": figure_html(figure)}
    )


show_figures_with_words()


def _styled(plot):
    """Run a plotting function in the course's style, on the given `ax` or on that of a new figure."""

    @wraps(plot)
    def styled(*args, ax=None, **options):
        import matplotlib.style
        from matplotlib.axes import Axes
        from matplotlib.figure import Figure

        if ax is not None and not isinstance(ax, Axes):
            raise TypeError(_("ax must be one Axes of matplotlib, got {}").format(kind_of(ax)))
        with matplotlib.style.context(STYLE):
            if ax is None:
                ax = Figure().subplots()  # no pyplot state knows of it: nothing to close, nothing that leaks
            plot(*args, ax=ax, **options)
            _find_fonts(ax.figure)
        return ax.figure

    return styled


def _plain(text):
    """Write a name so that matplotlib shows it as it is: no formula between two dollars, none hidden for its dash."""
    text = writable(shortened(str(text), MAX_PLOT_NAME_CHARACTERS)).replace("$", r"\$")
    return f"\u200b{text}" if text.startswith("_") else text


def signed_colours():
    """Return matplotlib's form of the course's scale for numbers with a sign: orange below 0, white, blue above.

    Returns
    -------
    matplotlib.colors.Colormap
        For ``cmap=``; with ``vmin=-a, vmax=a`` white is 0.
    """
    from matplotlib.colors import LinearSegmentedColormap

    ends = [PIXELS["negative"], "#ffffff", PIXELS["positive"]]
    return LinearSegmentedColormap.from_list("nbkit signed", ends)


# ---------------------------------------------------------------- what comes in


def _numbers(values, name):
    """Return an array of floats, or say what came instead."""
    try:
        return np.asarray(values, dtype=float)
    except (TypeError, ValueError, OverflowError):
        raise ValueError(_("{name} must be numbers, got {got}").format(name=name, got=kind_of(values))) from None


def _axis_names(features):
    """Return the names of both axes."""
    try:
        if isinstance(features, str):
            raise TypeError
        across, up = features
    except (TypeError, ValueError):
        rule = _("features must be a pair of names, one for each axis, got {}")
        raise ValueError(rule.format(kind_of(features))) from None
    return across, up


def _class_names(classes, k=None):
    """Return the names of `k` classes, or of as many as there are; None where there are none."""
    if classes is None:
        return None
    names = [] if isinstance(classes, str) or not np.iterable(classes) else list(classes)
    if not names or k not in (None, len(names)):
        if k is None:
            rule = _("classes must be names, one for each class, got {got}")
        else:
            rule = _("classes must be {k} names, one for each class, got {got}")
        raise ValueError(rule.format(k=k, got=kind_of(classes)))
    return names


def _class_numbers(labels, name, k=None, names=None):
    """Return class numbers 0 to k-1, and names where the labels give some: numbers, bools, −1 and 1, or of `names`."""
    labels = np.asarray(labels)
    if labels.ndim == 2 and labels.shape[1] == 1:
        labels = labels[:, 0]
    if labels.ndim != 1 or not labels.size:
        rule = _("{name} must be (n,) labels, one for each point, got shape {got}")
        raise ValueError(rule.format(name=name, got=labels.shape))
    if labels.dtype.kind in "USO" and names is not None and {*labels.tolist()} <= {*names}:
        return np.array([names.index(label) for label in labels.tolist()]), None
    labels = as_labels(labels)
    found = np.unique(labels)
    if {*found.tolist()} <= {-1, 1} and -1 in found and k in (None, 2):
        return (labels > 0).astype(int), ["−1", "1"]
    whole = np.isfinite(found).all() and (found == np.floor(found)).all()
    if not whole or found.min() < 0 or (k is not None and found.max() >= k):
        got = shortened(", ".join(f"{label:g}" for label in found.tolist()), 60)
        if k is None:
            rule = _("{name} must be class numbers from 0, or −1 and 1 for two classes, got {got}")
        elif k == 2:
            rule = _("{name} must be class numbers from 0 to 1, or −1 and 1 for two classes, got {got}")
        else:
            rule = _("{name} must be class numbers from 0 to {last}, got {got}")
        raise ValueError(rule.format(name=name, last=None if k is None else k - 1, got=got))
    return labels.astype(int), None


# ---------------------------------------------------------------- figures


@_styled
def loss_curve(histories, *, ax, log=False):
    """Draw loss against step, one line per run.

    Parameters
    ----------
    histories : History, sequence of float, or dict of str to either
        A dict gives each line its name in the legend, which also says in which step a run blew up.
    ax : matplotlib Axes, optional
    log : bool
        Logarithmic loss axis, which shows a slow end better.

    Returns
    -------
    matplotlib.figure.Figure
    """
    runs = histories if isinstance(histories, dict) else {"": histories}
    if not runs:
        raise ValueError(_("a loss curve needs at least one run, got an empty dict"))
    checked = {name: _losses(history, log) for name, history in runs.items()}
    has_names = any(runs)
    for name, loss in checked.items():
        lost, name = np.flatnonzero(~np.isfinite(loss)), _plain(name)
        if lost.size:
            words = _("no finite loss in step {}").format(lost[0] + 1)
            name, has_names = _("{name}: {text}").format(name=name, text=words) if name else words, True
        ax.plot(np.arange(1, len(loss) + 1), np.where(np.isfinite(loss), loss, np.nan), label=name)
    ax.set(xlabel=_("step"), ylabel=_("loss"))
    if log:
        ax.set_yscale("log")
    elif min(np.nanmin(np.where(np.isfinite(loss), loss, np.nan)) for loss in checked.values()) >= 0:
        ax.set_ylim(bottom=0)
    if has_names:
        ax.legend()


def _losses(history, log):
    loss = _numbers(getattr(history, "loss", history), _("losses"))
    if loss.ndim != 1 or not loss.size:
        raise ValueError(_("a loss curve needs at least one loss, got shape {}").format(loss.shape))
    if not np.isfinite(loss).any():
        raise ValueError(_("a loss curve needs at least one finite loss, got {}").format(f"{loss[0]:g}"))
    if log and np.nanmin(loss) <= 0:
        step = int(np.flatnonzero(loss <= 0)[0])
        rule = _("a logarithmic axis shows losses above 0 only, got {loss:g} in step {step}: leave out log")
        raise ValueError(rule.format(loss=loss[step], step=step + 1))
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
        True classes, from 0; for two classes also −1 and 1, or True and False; or names from `classes`.
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
    across, up = _axis_names(features)
    shares = _checked_probabilities(probabilities, points)
    k, size = shares.shape[1], (len(second), len(first))
    names = _class_names(classes, k)
    t, own_names = _class_numbers(t, "t", k, names)
    if len(t) != len(x):
        raise ValueError(_("x and t must have one length, got {x} points and {t} labels").format(x=len(x), t=len(t)))
    names = names or own_names or range(k)
    # Small squares, not an image: matplotlib scales an image up as floats, which takes 40 MB for a moment.
    ax.pcolormesh(first, second, class_colours(shares).reshape(*size, 3), shading="nearest")
    for margin in margins(shares).T:
        if margin.min() < 0 < margin.max():
            ax.contour(first, second, margin.reshape(size), levels=[0], colors=BOUNDARY["stroke"], linewidths=1.5)
    for k, name in enumerate(names):
        ax.scatter(
            *x[t == k].T, color=CLASSES[k], marker=MARKERS[k], edgecolor="white", s=55, label=_plain(name), zorder=3
        )
    ax.grid(visible=False)
    ax.set(xlabel=_plain(across), ylabel=_plain(up), xlim=first[[0, -1]], ylim=second[[0, -1]])
    ax.legend(loc="upper left", bbox_to_anchor=(1, 1))


def _checked_probabilities(probabilities, points):
    """Ask for probabilities, and refuse what would be drawn as something else."""
    if not callable(probabilities):
        rule = _("probabilities must be a function of points, such as net.probabilities, got {}")
        raise TypeError(rule.format(kind_of(probabilities)))
    shares = _numbers(probabilities(points), "probabilities")
    if shares.ndim != 2 or len(shares) != len(points) or not 2 <= shares.shape[1] <= len(CLASSES):
        rule = _("probabilities must give (m, k) numbers for (m, 2) points, k from 2 to {most}, got {got} for {m}")
        raise ValueError(rule.format(most=len(CLASSES), got=shares.shape, m=points.shape))
    # "not close" instead of "far", so that NaN counts as wrong
    wrong = ~(np.abs(shares.sum(axis=1) - 1) < 1e-3) | (shares < -1e-3).any(axis=1)
    if wrong.any():
        row = ", ".join(f"{share:.3g}" for share in shares[wrong][0])
        raise ValueError(_("each row of probabilities must be from 0 to 1 and sum to 1, got {}").format(row))
    return shares.clip(0, 1)


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
        rule = _("truth and decision must be (n,) labels of one length, got {} and {}")
        raise ValueError(rule.format(np.shape(t), np.shape(y)))
    both, own_names = _class_numbers(np.concatenate([t, y]), _("truth and decision"), names and len(names), names)
    t, y = np.split(both, 2)
    k = len(names or own_names or range(both.max() + 1))
    if k > MAX_TABLE_CLASSES:
        rule = _("a table of decisions has at most {most} classes, got {k}")
        raise ValueError(rule.format(most=MAX_TABLE_CLASSES, k=k))
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
