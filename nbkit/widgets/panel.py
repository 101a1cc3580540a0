"""What all widgets share: one column, a line for messages, a still picture for pages without a kernel."""

import base64
from functools import wraps
from pathlib import Path

import anywidget
import ipywidgets
import traitlets

from nbkit.drawing.picture import rasterise, width_of
from nbkit.widgets import lifetime

STATIC = Path(__file__).parent / "static"  # the parts of the widgets that run in the browser


class PanelFoot(anywidget.AnyWidget):
    """The line for messages; in the page it also names the panel's sliders for screen readers.

    Attributes
    ----------
    value : str
        Shown as text, whatever it says.
    """

    _esm = STATIC.joinpath("panel_foot.js").read_text("utf-8")
    value = traitlets.Unicode("").tag(sync=True)


class Panel(ipywidgets.VBox):
    """A column of controls and pictures.

    A subclass builds its pieces and passes them to ``__init__``; a callback that is wrapped by `guard` shows what
    goes wrong to the learner. `still_picture` gives what a page shows where no kernel runs.
    """

    def __init__(self, children):
        self.message = PanelFoot()
        super().__init__([*children, self.message])
        lifetime.register(self)

    def close(self):
        """Close the panel with all its pieces; called when its cell runs again."""
        if self.comm is not None:  # not for one that is closed, or was refused while it was made
            self.stop()
            lifetime.close_all(self)
            lifetime.forget(self)

    def stop(self):
        """End whatever runs in the background; called before the panel closes."""

    def tell(self, text):
        """Show one line to the learner, or nothing."""
        self.message.value = text

    def guard(self, callback):
        """Wrap a callback: an error stands in the widget instead of vanishing in a log."""

        @wraps(callback)
        def guarded(*args):
            self.tell("")
            try:
                callback(*args)
            except Exception as error:  # whatever it is, the learner must see it
                self.tell(f"{type(error).__name__}: {error}")

        return guarded

    def still_picture(self):
        """Return SVG text for a page without a kernel."""
        raise NotImplementedError

    def _repr_mimebundle_(self, **options):
        bundle = super()._repr_mimebundle_(**options)
        if bundle is not None:
            svg = self.still_picture()
            bundle["text/plain"] = f"{type(self).__name__}: run this cell to touch it"
            bundle["image/png"] = base64.b64encode(rasterise(svg)).decode()
            return bundle, {"image/png": {"width": width_of(svg)}}
        return bundle
