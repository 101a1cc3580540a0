"""A box for a few lines of Python: it has line numbers, indents, and runs nothing by itself."""

import anywidget
import traitlets

from nbkit.messages import _, kind_of
from nbkit.widgets.kit.panel import for_browser


class CodeBox(anywidget.AnyWidget):
    """Source text to edit. Tab indents (Escape, then Tab leaves the box), Ctrl+Enter or Shift+Enter asks for a check.

    Attributes
    ----------
    value : str
        The text.
    line : int
        Number of the line that is pointed at, counted from 1; 0 for none.
    label : str
        What a screen reader calls the box.
    """

    _esm = for_browser("code_box.js")
    _css = for_browser("code_box.css")
    value = traitlets.Unicode("")
    shown = traitlets.List(["", 0]).tag(sync=True)  # what Python put there last, and how often it has put something
    line = traitlets.Int(0, min=0).tag(sync=True)
    label = traitlets.Unicode("code").tag(sync=True)

    def __init__(self, **traits):
        self._typed = False
        super().__init__(**traits)
        self.on_msg(lambda _box, message, _buffers: self._take(message))

    def on_check(self, callback):
        """Call ``callback()`` when the keyboard asks for a check."""
        self.on_msg(lambda _box, message, _buffers: isinstance(message, dict) and message.get("check") and callback())

    def _take(self, message):
        """Take over what was typed. It comes as a message: a synced trait may arrive later than a button's click."""
        if not isinstance(message, dict) or not isinstance(message.get("text"), str):
            raise ValueError(_("a code box sends its text, got {}").format(kind_of(message)))
        self._typed = True
        try:
            self.value = message["text"]
        finally:
            self._typed = False

    @traitlets.observe("value")
    def _show(self, change):
        if not self._typed:
            self.shown = [change.new, self.shown[1] + 1]
