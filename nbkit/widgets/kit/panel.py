"""What all widgets share: one column, messages above the picture, a still picture for pages without a kernel."""

import sys
from functools import wraps

import anywidget
import ipywidgets
import traitlets

from nbkit.drawing.markup import join, tag
from nbkit.drawing.still import DARK_RULE, address_of, html_of
from nbkit.messages import _, said_by
from nbkit.widgets.kit import lifetime
from nbkit.widgets.kit.assets import asset
from nbkit.widgets.kit.background import LOCK
from nbkit.widgets.kit.snapped_slider import models_with_stops
from nbkit.widgets.kit.views import View

MOVE_IT = _("To move it, click here, then choose Run All Above Selected Cell in the menu Run, and press Shift+Enter.")


def keep_to_one_thread(widget):
    """Let the kernel handle what the page sends to a widget and its children in the thread of the cells, in order."""
    # JupyterLab asks for a thread of its own for widgets; ipykernel 7.4 takes the one that last wrote to the widget.
    # So of two clicks in a row the second could be handled first, and a click while a cell draws would get between:
    # matplotlib then shows a figure that is not finished, in twice its size.
    if hasattr(widget.comm, "_reply_subshell_for"):
        widget.comm._reply_subshell_for = lambda _data, _asked_for: None  # the thread of the cells
    for child in getattr(widget, "children", ()):
        keep_to_one_thread(child)


def in_terminal():
    """Whether what is shown goes to plain IPython: there is no page, and no cell to run again."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    return "TerminalInteractiveShell" in {kind.__name__ for kind in type(shell).__mro__}


class PanelHelper(anywidget.AnyWidget):
    """The line for messages; its script also does in the page what concerns the whole panel."""

    _esm = asset("dom.js", "typing.js", "slider_names.js", "related.js", "panel.js")
    _css = asset("panel.css", "scroll_edges.css") + DARK_RULE  # for the still pictures of the page, too
    value = traitlets.Unicode("").tag(sync=True)  # shown as text, never as markup
    # Shown in its place when the kernel has ended.
    gone = traitlets.Unicode(_("The kernel has ended: run this cell again.")).tag(sync=True)
    unnamed = traitlets.Unicode(_("value")).tag(sync=True)  # what a screen reader calls a slider without a label
    # The models of the panel's sliders with stops: a number that is typed beside one goes to the nearest.
    stops = traitlets.List(traitlets.Unicode()).tag(sync=True)
    changes = traitlets.Int(0).tag(sync=True)  # how often controls have come, or changed their labels


def _shows_a_picture(widget):
    return isinstance(widget, View) or any(map(_shows_a_picture, getattr(widget, "children", ())))


class Panel(ipywidgets.VBox):
    """A column of controls and pictures.

    A subclass passes its parts to ``__init__``, wraps its callbacks in `safely`, and overrides `snapshot`.
    """

    def __init__(self, children):
        self.message = PanelHelper()
        place = next((i for i, child in enumerate(children) if _shows_a_picture(child)), len(children))
        super().__init__([*children[:place], self.message, *children[place:]])
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

    def controls_changed(self):
        """Say that controls have come, or changed their labels: the page and the kernel look after them anew."""
        keep_to_one_thread(self)
        self.message.changes += 1

    def show_message(self, text):
        """Show one line to the learner, or nothing."""
        self.message.value = text

    def show_error(self, error):
        """Show what went wrong to the learner."""
        self.show_message(_("{name}: {text}").format(name=type(error).__name__, text=said_by(error)))

    def safely(self, callback):
        """Wrap a callback: no other runs at the same time, and an error is shown in the widget instead of a log."""

        @wraps(callback)
        def guarded(*args):
            with LOCK:
                if self.comm is None:  # its cell has run again while this event waited
                    return
                self.show_message("")
                try:
                    callback(*args)
                except Exception as error:  # the learner must see any error
                    self.show_error(error)

        return guarded

    def snapshot(self):
        """Return the `Picture` for a page without a kernel."""
        raise NotImplementedError

    def _repr_mimebundle_(self, **options):
        bundle = super()._repr_mimebundle_(**options)
        if bundle is None:
            return None
        name, picture = type(self).__name__, self.snapshot()
        if in_terminal():
            rule = _("{name}: a terminal cannot show it, so run this in a notebook, such as in JupyterLab. {words}")
            return {"text/plain": rule.format(name=name, words=picture.words)}
        words = _("Still picture of {name}: {words}").format(name=name, words=picture.words)
        bundle["text/plain"] = _("{name}: a still picture; run the cells from the top to here to move it").format(
            name=name
        )
        caption = join([tag("b", _("A still picture of {name}.").format(name=name)), " ", MOVE_IT])
        bundle["text/html"] = str(html_of(address_of(picture), words, picture.width, caption=caption))
        return bundle
