"""The parts of the widgets that run in the browser: their JavaScript and CSS."""

from pathlib import Path

STATIC = Path(__file__).parent / "static"


def asset(*names):
    """Return the text of files, joined: anywidget would watch a path, and keep every widget that shows it alive."""
    return "".join(STATIC.joinpath(name).read_text("utf-8") for name in names)
