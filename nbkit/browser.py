"""Python in a browser tab: what is different there is made to fit, before the first cell of a chapter goes on."""

import logging
import os
import re
import sys
from importlib.util import find_spec
from pathlib import Path

from nbkit.languages import ENGLISH
from nbkit.messages import _, spoken

DRIVE = "/drive"  # where JupyterLite lets Python see the files of the file browser
UNSEEN = _(
    "in this browser tab Python and the file browser cannot see each other's files; that needs an address that begins "
    "with https, and no private window"
)  # goes on after a colon
FIGURES = re.compile(r"\bplots\b\s*(\.|import|as)")  # in a cell that may draw one
FONT = "nbkit_han"  # a package of the browser edition, where that is in Chinese: nbkit/web/live/han.py makes it
HAN = re.compile("[\u2e80-\u9fff\uff00-\uffef]")
# The kernel looks for packages in what is imported anywhere in a cell; where the font is not there, boxes have to do.
TAKE_FONT = [f"\ntry:\n    import {FONT}\nexcept ImportError:\n    pass\n"]


def in_browser():
    """Tell whether this Python runs in a browser tab, compiled to WebAssembly.

    Returns
    -------
    bool
    """
    return sys.platform == "emscripten"


def sees_files():
    """Tell whether Python sees the files that the learner sees: JupyterLite asks the browser's service worker.

    Returns
    -------
    bool
    """
    return not in_browser() or os.path.isdir(DRIVE)


def prepare():
    """Let figures be loaded by the cells that draw them, names be completed, and warnings come where they help."""
    # matplotlib looks for fonts when it is loaded, and says so where nobody should mind.
    logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    if shell is not None:
        if find_spec("jedi") is None:  # JupyterLite's kernel takes it for granted; what is there is completed without
            shell.Completer.use_jedi = False
        shell.input_transformers_post.append(name_matplotlib)
        shell.events.register("pre_run_cell", stop_monitor)


def name_matplotlib(lines):
    """Name matplotlib in a cell that draws figures by `nbkit.plots`, and a Chinese font, as long as they are not there.

    The kernel loads the packages that a cell imports by name, and then asks again for what it has to run: that is the
    cell as it stands.

    Parameters
    ----------
    lines : list of str
        The cell.

    Returns
    -------
    list of str
    """
    cell = "".join(lines)
    if not FIGURES.search(cell):
        return lines
    named = ["\nimport matplotlib\n"] if find_spec("matplotlib") is None else []
    if find_spec(FONT) is None and (spoken() != ENGLISH or HAN.search(cell)):
        named += TAKE_FONT
    return [*lines, *named]


def carried_fonts():
    """List the fonts that the browser edition carries for figures, and has loaded.

    Returns
    -------
    list of str
    """
    found = find_spec(FONT)
    return (
        [str(path) for folder in found.submodule_search_locations for path in Path(folder).glob("*.otf")]
        if found
        else []
    )


def stop_monitor(info):
    """Switch off the thread that watches tqdm's bars, before a cell that draws one: a browser has no threads.

    Parameters
    ----------
    info : IPython.core.interactiveshell.ExecutionInfo
        What is about to run.
    """
    if "tqdm" in (info.raw_cell or ""):
        from tqdm import tqdm

        tqdm.monitor_interval = 0
