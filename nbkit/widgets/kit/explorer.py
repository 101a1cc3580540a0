"""What an explorer is made of: rows of controls, pictures, one sentence; a move of any control redraws them."""

from contextlib import contextmanager
from itertools import groupby

import ipywidgets

from nbkit.drawing.markup import Markup, tag
from nbkit.formatting import number
from nbkit.widgets.kit.background import LOCK
from nbkit.widgets.kit.panel import Panel
from nbkit.widgets.kit.snapped_slider import SnappedSlider
from nbkit.widgets.kit.views import Html, SvgView


class Explorer(Panel):
    """A panel that depends on its controls alone.

    A subclass makes its controls, passes them to ``__init__``, and overrides `compute`, `picture` and `sentence`.

    Parameters
    ----------
    *rows : widget or tuple of widgets
        Controls that follow one another, or are in one tuple, share a row. View and status stand below the rows,
        unless they are among them.
    view : View, optional
        What shows the picture; an `SvgView` where it is left out.
    status : Html, optional
        What shows the sentence.

    Attributes
    ----------
    view, status : widgets
    """

    quiet = False  # whether the panel itself moves its controls

    def __init__(self, *rows, view=None, status=None):
        self.view, self.status = view or SvgView(), status or Html()
        children = in_rows(rows)
        parts = [part for child in children for part in (child, *getattr(child, "children", ()))]
        super().__init__([*children, *(part for part in (self.view, self.status) if part not in parts)])
        self.show()
        self.listen({part: self.moved for part in parts if _is_control(part)})

    def compute(self):
        """Ask the layers for all numbers."""

    def picture(self):
        """Return the picture of what `compute` has found."""
        raise NotImplementedError

    def sentence(self):
        """Return the result in a sentence or in markup."""
        return ""

    def show(self):
        """Compute, draw, and show the sentence."""
        self.compute()
        self.view.svg = self.picture()
        self.say(self.sentence())

    def say(self, text):
        """Show a text, or markup as it is, below the picture."""
        self.status.value = text if isinstance(text, Markup) or not text else tag("span", text)

    def snapshot(self):
        return self.view.svg

    def moved(self, _change):
        """Handle the move of a control; a subclass may do less for some of them."""
        self.show()

    def listen(self, handlers):
        """Call ``handler(change)`` when its control has moved; an error is shown in the panel."""
        for control, handler in handlers.items():
            heard = self._unless_quiet(self.safely(handler))
            control.on_move(heard) if isinstance(control, SnappedSlider) else control.observe(heard, "value")

    def _unless_quiet(self, handler):
        """Hear of no move of the panel's own, which would take a message away as well."""

        def heard(change):
            with LOCK:  # of another thread, that may move controls right now
                if not self.quiet:
                    handler(change)

        return heard

    @contextmanager
    def quietly(self):
        """Let the panel move its own controls in a ``with`` block: no handler is called."""
        before, self.quiet = self.quiet, True
        try:
            yield
        finally:
            self.quiet = before


def _is_control(widget):
    return (
        isinstance(widget, ipywidgets.Widget)
        and "value" in widget.trait_names()
        and not isinstance(widget, ipywidgets.HTML | ipywidgets.Label)
    )


# ---------------------------------------------------------------- controls, placed by panel.css


def in_rows(parts):
    """Put each tuple of controls in a row, and controls that follow one another in one; the rest stays as it is."""
    placed = []
    for are_controls, group in groupby(parts, key=_is_control):
        found = list(group)
        placed += [row(*found)] if are_controls else [row(*part) if isinstance(part, tuple) else part for part in found]
    return placed


def row(*controls):
    """Put controls on the grid of the panel, from left to right."""
    placed = ipywidgets.HBox(controls)
    placed.add_class("nbkit-row")
    return placed


def slider(label, value, low, high, step=1, *, kind=None, **more):
    """Make a slider of whole numbers, or of floats where its step is one."""
    if isinstance(step, int):
        return ipywidgets.IntSlider(value, min=low, max=high, step=step, description=label, **more)
    digits = next((d for d in range(6) if abs(round(step, d) - step) < 1e-9), 6)
    format_ = {"readout_format": f".{digits}f", **more}
    return (kind or ipywidgets.FloatSlider)(value=value, min=low, max=high, step=step, description=label, **format_)


def steps(label, value, options, write=number, **more):
    """Make a slider over a few numbers."""
    options = [(write(option), option) for option in options]
    return ipywidgets.SelectionSlider(options=options, value=value, description=label, **more)


def dropdown(label, options, **more):
    """Make a list to pick from."""
    return ipywidgets.Dropdown(options=options, description=label, **more)


def toggle(options, value, **more):
    """Make buttons of which one is down."""
    return ipywidgets.ToggleButtons(options=options, value=value, **more)


def button(label, handler=None, **more):
    """Make a button; `handler` takes the button that was clicked."""
    made = ipywidgets.Button(description=label, **more)
    if handler is not None:
        made.on_click(handler)
    return made
