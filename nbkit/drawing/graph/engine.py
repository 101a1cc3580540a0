"""Graphviz's ``dot``: pygraphviz's, or in a browser the same as WebAssembly, from the package nbkit_graphviz."""

import json
import sys
from functools import cache

from nbkit.messages import _, said_by


def lay_out(plan):
    """Lay out a plan in Graphviz's own language; what it found has numbers in texts, and nodes in the plan's order."""
    run = _webassembly if sys.platform == "emscripten" else _native
    return json.loads(run(plan))


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
        rule = _("Graphviz cannot lay this graph out: {why}")
        raise ValueError(rule.format(why=said_by(error))) from None


@cache
def _dot():
    """Return the function of JavaScript that lays out; Python runs in a worker, where it is ready at once."""
    from nbkit_graphviz import SCRIPT
    from pyodide.code import run_js

    return run_js(SCRIPT.read_bytes().decode())  # not `read_text`, which would change ends of lines
