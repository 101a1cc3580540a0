"""What all widgets share: one column, a line for messages, a still picture for pages without a kernel."""

import sys
from functools import wraps
from pathlib import Path

import anywidget
import ipywidgets
import traitlets

from nbkit.drawing.picture import picture_html, rasterise, width_of, words_of
from nbkit.messages import _, said_by
from nbkit.widgets.kit import lifetime
from nbkit.widgets.kit.background import LOCK
from nbkit.widgets.kit.snapped_slider import models_with_stops

STATIC = Path(__file__).parent / "static"  # the parts of the widgets that run in the browser


def for_browser(*names):
    """Read files of a widget's part in the browser, one after the other.

    Their text, not their path: anywidget would watch a file, and keep every widget that shows it alive.
    """
    return "".join(STATIC.joinpath(name).read_text("utf-8") for name in names)


def keep_to_one_thread(widget):
    """Let the kernel handle what the page sends to a widget and its children in the thread of the cells, in order.

    JupyterLab asks for a thread of its own for widgets, and ipykernel 7.4 takes the one that last wrote to the widget.
    So of two clicks in a row the second could be handled first, and a click in the middle of a cell that draws or
    counts would get between: matplotlib then shows a figure that is not finished, in twice its size.
    """
    if hasattr(widget.comm, "_reply_subshell_for"):
        widget.comm._reply_subshell_for = lambda _data, _asked_for: None  # the thread of the cells
    for child in getattr(widget, "children", ()):
        keep_to_one_thread(child)


def in_terminal():
    """Whether what is shown goes to plain IPython: there is no page, and no cell to run again."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    return "TerminalInteractiveShell" in {kind.__name__ for kind in type(shell).__mro__}


class PanelHelper(anywidget.AnyWidget):
    """The line for messages; in the page it also looks after the panel: see its script.

    Attributes
    ----------
    value : str
        Shown as text, whatever it says.
    gone : str
        What the page says in its place when the kernel is gone.
    stops : list of str
        The models of the panel's sliders with stops: what is typed beside one goes to the nearest.
    """

    _esm = for_browser("panel_foot.js", "stops.js")
    _css = for_browser("panel.css")
    value = traitlets.Unicode("").tag(sync=True)
    gone = traitlets.Unicode(_("The kernel has ended: run this cell again.")).tag(sync=True)
    stops = traitlets.List(traitlets.Unicode()).tag(sync=True)


class Panel(ipywidgets.VBox):
    """A column of controls and pictures.

    A subclass builds its pieces and passes them to ``__init__``; a callback that is wrapped by `safely` shows what
    goes wrong to the learner. `snapshot` gives what a page shows where no kernel runs.
    """

    def __init__(self, children):
        self.message = PanelHelper()
        super().__init__([*children, self.message])
        self.message.stops = models_with_stops(self)
        self.add_class("nbkit-panel")
        keep_to_one_thread(self)
        lifetime.register(self)

    def close(self):
        """Close the panel with all its pieces; called when its cell runs again."""
        with LOCK:
            if self.comm is not None:  # not for one that is closed, or was refused while it was made
                self.stop()
                lifetime.close_all(self)
                lifetime.forget(self)

    def stop(self):
        """End whatever runs in the background; called before the panel closes."""

    def show_message(self, text):
        """Show one line to the learner, or nothing."""
        self.message.value = text

    def show_error(self, error):
        """Show what went wrong to the learner."""
        self.show_message(f"{type(error).__name__}: {said_by(error)}")

    def safely(self, callback):
        """Wrap a callback: it has its turn alone, and an error stands in the widget instead of vanishing in a log."""

        @wraps(callback)
        def guarded(*args):
            with LOCK:
                if self.comm is None:  # its cell has run again while this hand waited
                    return
                self.show_message("")
                try:
                    callback(*args)
                except Exception as error:  # whatever it is, the learner must see it
                    self.show_error(error)

        return guarded

    def snapshot(self):
        """Return SVG text for a page without a kernel."""
        raise NotImplementedError

    def _repr_mimebundle_(self, **options):
        bundle = super()._repr_mimebundle_(**options)
        if bundle is not None and in_terminal():
            name, words = type(self).__name__, words_of(self.snapshot())
            told = _("{name}: a terminal cannot show it, so run this in a notebook, such as in JupyterLab. {words}")
            return {"text/plain": told.format(name=name, words=words)}
        if bundle is not None:
            svg, name = self.snapshot(), type(self).__name__
            words = _("{name}: run this cell to touch it. {words}").format(name=name, words=words_of(svg))
            bundle["text/plain"] = f"{name}: run this cell to touch it"
            bundle["text/html"] = picture_html(rasterise(svg), words, width_of(svg))
        return bundle
