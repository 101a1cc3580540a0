"""Graphviz's ``dot``: pygraphviz's, or in a browser the same as WebAssembly, from the package nbkit_graphviz."""

import json
import re
from functools import cache

from nbkit.browser import in_browser
from nbkit.messages import _, said_by

TOO_DEEP = re.compile("call stack|too much recursion")  # in the words of Chromium and WebKit, of Firefox


def lay_out(plan):
    """Lay out a plan.

    Parameters
    ----------
    plan : str
        A graph in Graphviz's own language.

    Returns
    -------
    dict
        What Graphviz found, in its format ``json0``: numbers are texts, and nodes stand in the plan's order.

    Raises
    ------
    ValueError
        If a browser cannot lay it out, as a graph that is too large.
    """
    return json.loads(_webassembly(plan) if in_browser() else _native(plan))


def _native(plan):
    import pygraphviz

    graph = pygraphviz.AGraph(string=plan)
    graph.has_layout = True  # or `draw` would warn on stderr of a wait; -K has it laid out all the same
    return graph.draw(format="json0", args="-Kdot")


def _webassembly(plan):
    from pyodide.ffi import JsException

    try:
        return _dot()(plan)
    except JsException as error:
        _dot.cache_clear()  # what stopped it may have left its memory in disorder
        why = said_by(error)
        if TOO_DEEP.search(why):
            rule = _(
                "this graph is too large for Graphviz in a browser; draw a part of it, or all on your own computer"
            )
            raise ValueError(rule) from None
        raise ValueError(_("Graphviz cannot lay this graph out: {why}").format(why=why)) from None


@cache
def _dot():
    """Return the function of JavaScript that lays out; Python runs in a worker, where it is ready at once."""
    from nbkit_graphviz import SCRIPT
    from pyodide.code import run_js

    return run_js(SCRIPT.read_bytes().decode())  # not `read_text`, which would change ends of lines
