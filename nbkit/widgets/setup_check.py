"""Does the set-up work? A slider whose every move has to travel to Python and come back as a picture."""

import platform
from importlib.metadata import PackageNotFoundError, version

from nbkit.browser import in_browser
from nbkit.drawing.chart.frame import WIDTH
from nbkit.drawing.markup import tag
from nbkit.drawing.picture import Picture
from nbkit.drawing.theme import css_colour
from nbkit.messages import _
from nbkit.widgets.kit.explorer import Explorer, slider
from nbkit.widgets.kit.views import Html, SvgView

HEIGHT = 116
PACKAGES = ("nbkit", "numpy", "ipywidgets", "anywidget", "jupyterlab")
PACKAGES_OF_A_TAB = PACKAGES[:-1]  # whose JupyterLab is no package of Python
APPLE_PLACES = 10
APPLE, NO_APPLE = f"fill:{css_colour('gradient')}", f"fill:none;stroke:{css_colour('line')};stroke-dasharray:2 4"


class SetupCheck(Explorer):
    """A slider, a picture that Python redraws at each move, and a line that says whether it arrived.

    Attributes
    ----------
    slider, view, status, versions : widgets
    moves : int
        How often a move has reached Python.
    """

    def __init__(self):
        self.moves = 0
        self.slider = slider(_("move me"), 3, 0, APPLE_PLACES)
        self.versions, view, status = Html(tag("span", ", ".join(_versions()))), SvgView(), Html()
        super().__init__(self.slider, view, status, self.versions, view=view, status=status)

    def moved(self, change):
        self.moves += 1
        super().moved(change)

    def picture(self):
        return _picture(self.slider.value, _("{} apples, drawn by Python").format(self.slider.value))

    def sentence(self):
        words = _("✓ It works: Python has seen {} of your moves.") if self.moves else _("… Not moved yet.")
        return tag("span", words.format(self.moves), role="status")

    def snapshot(self):
        words = _("Not run yet: this picture cannot say whether your set-up works.")
        return _picture(self.slider.value, words)


def _picture(count, words):
    """Draw `count` apples on a line of ten places, with a sentence below."""
    parts = []
    for i in range(APPLE_PLACES):
        x, y = 50 + 70 * i, 46
        look, kind = (APPLE, "here") if i < count else (NO_APPLE, None)
        parts.append(tag("circle", cx=x, cy=y, r=24, style=look, data_apple=kind))
        if i < count:
            parts.append(tag("path", class_="frame", d=f"M{x} {y - 20}q2 -12 10 -14", style="stroke-width:2"))
    parts.append(tag("text", words, class_="axis", x=WIDTH / 2, y=100))
    return Picture(_("Set-up check"), words, parts, WIDTH, HEIGHT)


def _versions():
    """Name what runs here; a package that is not found is named, too."""
    python = f"Python {platform.python_version()}"
    yield _("{} in this browser tab").format(python) if in_browser() else python
    for package in PACKAGES_OF_A_TAB if in_browser() else PACKAGES:
        try:
            yield f"{package} {version(package)}"
        except PackageNotFoundError:
            yield _("{} is missing").format(package)
