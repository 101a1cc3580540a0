"""The pictures of the index: for each chapter one of its widgets, if it can be one that few other chapters have."""

import base64
import re
from collections import Counter

from nbkit.drawing import theme
from nbkit.drawing.markup import unescape
from nbkit.web.stills import MIME, name_in

DARK = f"@media (prefers-color-scheme: dark){{{theme.css_variables('.nbkit', theme.DARK | theme.DARK_VERDICTS)}}}"
STORED = re.compile(
    r'<figure.*<img alt="(?P<words>[^"]*)" width="\d+" '
    r'src="data:image/(?P<kind>png|svg)(?:\+xml)?;base64,(?P<content>[^"]*)"',
    re.DOTALL,
)


def pictures(notebooks):
    """Return for each notebook (ending of a file, its content, the words of the picture), or None for one without."""
    shown = [[found for cell in notebook.cells for found in _widgets(cell)] for notebook in notebooks]
    spread = Counter(name for found in shown for name in {name for name, _picture in found})
    return [min(found, key=lambda one: spread[one[0]], default=(None, None))[1] for found in shown]


def _widgets(cell):
    """Yield the name and the picture of each widget that a cell has left behind."""
    for output in cell.get("outputs", ()):
        data = output.get("data", {})
        stored = STORED.search(data.get("text/html", ""))
        if MIME in data:
            svg = data[MIME]["pictures"][0]["svg"]
            yield data[MIME]["name"], (".svg", _as_file(svg), _words_of(svg))
        elif stored:
            content = base64.b64decode(stored["content"])
            content = content if stored["kind"] == "png" else _as_file(content.decode())
            yield name_in(data["text/plain"]), (f".{stored['kind']}", content, unescape(stored["words"]))


def _as_file(svg):
    """Return a picture of a page as a file of its own, which follows the theme by itself and plays nothing."""
    return re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.DOTALL).replace("<style>", f"<style>{DARK}", 1)


def _words_of(svg):
    found = re.search(r"<desc>(.*?)</desc>", svg, re.DOTALL) or re.search(r'aria-label="([^"]*)"', svg)
    return unescape(found[1]) if found else ""
