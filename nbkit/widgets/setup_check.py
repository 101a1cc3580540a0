"""Does the set-up work? A slider whose every move has to travel to Python and come back as a picture."""

import platform
from importlib.metadata import PackageNotFoundError, version

import ipywidgets

from nbkit.drawing import theme
from nbkit.drawing.chart.frame import WIDTH, page
from nbkit.drawing.markup import escape
from nbkit.messages import _
from nbkit.widgets.kit.panel import Panel
from nbkit.widgets.kit.svg_view import SvgView

HEIGHT = 116
PACKAGES = ("nbkit", "numpy", "ipywidgets", "anywidget", "jupyterlab")


class SetupCheck(Panel):
    """A slider, a picture that Python draws anew at each move, and a line that says whether it arrived.

    Attributes
    ----------
    slider, view, status, versions : widgets
    moves : int
        How often a move has reached Python.
    """

    def __init__(self):
        self.moves = 0
        self.slider = ipywidgets.IntSlider(
            3, min=0, max=10, description=_("move me"), style={"description_width": "5em"}, layout={"width": "28em"}
        )
        self.view, self.status, self.versions = SvgView(), ipywidgets.HTML(), ipywidgets.HTML()
        self.versions.value = f"<span>{escape(', '.join(_versions()))}</span>"
        super().__init__([self.slider, self.view, self.status, self.versions])
        self.show()
        self.slider.observe(self.safely(self._moved), "value")

    def _moved(self, _change):
        self.moves += 1
        self.show()

    def show(self):
        """Draw as many apples as the slider says, and say whether a move has come through."""
        self.view.svg = _picture(self.slider.value, _("{} apples, drawn by Python").format(self.slider.value))
        words = (
            _("It works: Python has seen {} of your moves.").format(self.moves) if self.moves else _("Not moved yet.")
        )
        self.status.value = f'<span role="status">{"✓ " if self.moves else "… "}{escape(words)}</span>'

    def snapshot(self):
        return _picture(
            self.slider.value, _("A still picture: click into this cell and press Shift+Enter, then there is a slider.")
        )


def _picture(count, words):
    """Draw `count` apples on a line of ten places, with a sentence below."""
    parts = []
    for i in range(10):
        x, y = 50 + 70 * i, 46
        look = (
            f"fill:{theme.css_colour('gradient')}"
            if i < count
            else f"fill:none;stroke:{theme.css_colour('line')};stroke-dasharray:2 4"
        )
        kind = ' data-apple="here"' if i < count else ""
        parts.append(f'<circle cx="{x}" cy="{y}" r="24" style="{look}"{kind}/>')
        if i < count:
            parts.append(f'<path class="frame" d="M{x} {y - 20}q2 -12 10 -14" style="stroke-width:2"/>')
    parts.append(f'<text class="axis" x="{WIDTH / 2:g}" y="100">{escape(words)}</text>')
    return page(parts, _("Set-up check"), words, HEIGHT)


def _versions():
    """Name what runs here; a package that is not found is named, too."""
    yield f"Python {platform.python_version()}"
    for package in PACKAGES:
        try:
            yield f"{package} {version(package)}"
        except PackageNotFoundError:
            yield _("{} is missing").format(package)
