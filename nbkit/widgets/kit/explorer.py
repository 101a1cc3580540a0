"""What an explorer is made of: rows of controls, pictures, one sentence; a move of any control redraws them."""

from contextlib import contextmanager

import ipywidgets

from nbkit.drawing.markup import Markup, tag
from nbkit.formatting import number
from nbkit.widgets.kit.panel import Panel
from nbkit.widgets.kit.snapped_slider import SnappedSlider
from nbkit.widgets.kit.views import Html, SvgView


class Explorer(Panel):
    """A panel that depends on its controls alone.

    A subclass makes its controls, passes them to ``__init__``, and overrides `compute`, `picture` and `sentence`.

    Parameters
    ----------
    *rows : widget or tuple of widgets
        Those of a tuple stand side by side. View and status stand below the rows, unless they are among them.
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
        children = [row(*part) if isinstance(part, tuple) else part for part in rows]
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
            guarded = self.safely(lambda change, handler=handler: self.quiet or handler(change))
            control.on_move(guarded) if isinstance(control, SnappedSlider) else control.observe(guarded, "value")

    @contextmanager
    def quietly(self):
        """Let the panel move its own controls in a ``with`` block: no handler is called."""
        before, self.quiet = self.quiet, True
        try:
            yield
        finally:
            self.quiet = before


def _is_control(widget):
    return "value" in widget.trait_names() and not isinstance(widget, ipywidgets.HTML | ipywidgets.Label)


# ---------------------------------------------------------------- controls


def row(*controls):
    """Put controls side by side, one below the other where the page is narrow."""
    return controls[0] if len(controls) == 1 else ipywidgets.HBox(controls, layout={"flex_flow": "row wrap"})


def slider(label, value, low, high, step=1, *, label_width=6, width=24, kind=None, **more):
    """Make a slider of whole numbers, or of floats where its step is one; widths are in em, the label's is a part."""
    look = {"style": {"description_width": f"{label_width:g}em"}, "layout": {"width": f"{width:g}em"}}
    if isinstance(step, int):
        return ipywidgets.IntSlider(value, min=low, max=high, step=step, description=label, **look, **more)
    digits = next((d for d in range(6) if abs(round(step, d) - step) < 1e-9), 6)
    format_ = {"readout_format": f".{digits}f", **more}
    return (kind or ipywidgets.FloatSlider)(
        value=value, min=low, max=high, step=step, description=label, **look, **format_
    )


def steps(label, value, options, write=number, *, label_width=6, width=28, **more):
    """Make a slider over a few numbers."""
    look = {"style": {"description_width": f"{label_width:g}em"}, "layout": {"width": f"{width:g}em"}}
    options = [(write(option), option) for option in options]
    return ipywidgets.SelectionSlider(options=options, value=value, description=label, **look, **more)


def dropdown(label, options, *, label_width=7, width=16, **more):
    """Make a list to pick from."""
    look = {"style": {"description_width": f"{label_width:g}em"}, "layout": {"width": f"{width:g}em"}}
    return ipywidgets.Dropdown(options=options, description=label, **look, **more)


def toggle(options, value, *, button_width="7em", label_width=None, **more):
    """Make buttons of which one is down."""
    style = {"button_width": button_width} | (
        {} if label_width is None else {"description_width": f"{label_width:g}em"}
    )
    return ipywidgets.ToggleButtons(options=options, value=value, style=style, **more)


def button(label, handler=None, *, width=None, **more):
    """Make a button; `handler` takes the button that was clicked."""
    look = {} if width is None else {"layout": {"width": width}}
    made = ipywidgets.Button(description=label, **look, **more)
    if handler is not None:
        made.on_click(handler)
    return made
