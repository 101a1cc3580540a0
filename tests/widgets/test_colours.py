"""No colour has two meanings in one picture: blue and orange tell directions, or signs, never both."""

import re

from tests.browser.widgets import FIRST, WIDGETS
from tests.each import of_each_name

DIRECTIONS = re.compile(r"--nbkit-(?:value|gradient)\b|class=\"(?:val|grad)\"")
SIGNS = re.compile(r"--nbkit-(?:positive|negative)\b")


def pictures_in(widget):
    """Return all SVG that a panel shows, without its style sheets."""
    svg = getattr(widget, "svg", "")
    found = [re.sub(r"<style>.*?</style>", "", svg, flags=re.DOTALL)] if svg else []
    return found + [picture for child in getattr(widget, "children", ()) for picture in pictures_in(child)]


@of_each_name(WIDGETS)
def test_a_picture_tells_directions_or_signs(name):
    names = {}
    exec(FIRST, names)
    panel = eval(WIDGETS[name], names)
    for picture in pictures_in(panel):
        assert not (DIRECTIONS.search(picture) and SIGNS.search(picture)), name
    panel.close()
