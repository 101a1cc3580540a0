"""The view that plays a graph step by step, and asks what comes next."""

import traitlets

from nbkit.drawing import theme
from nbkit.messages import _, kind_of
from nbkit.widgets.kit.assets import asset
from nbkit.widgets.kit.views import View

# Joined in this order, for widgets as for pages without a kernel.
SCRIPTS = (
    "dom.js", "transport.js", "scroll_edges.js", "graph_save.js", "graph_motion.js", "graph_numbers.js",
    "graph_guess.js", "graph_view.js",
)  # fmt: skip
# What stands beside the picture has its colours, too.
COLOURS = theme.css_variables(".nbkit-graph-view", theme.LIGHT) + theme.css_variables(
    "body[data-jp-theme-light='false'] .nbkit-graph-view", theme.DARK | theme.DARK_VERDICTS
)


class GraphView(View):
    """Show a graph's picture with its transport: first, back, play, forward, last, toggles, downloads.

    The browser steps through the graph by itself, Python only sends numbers.

    Attributes
    ----------
    svg : str
        A `Picture` of a `GraphRenderer`.
    step : int
        The step that is shown, -1 for the last; the browser changes it, and Python may.
    chosen : str
        Id of the node whose facts are told, "" for none; the browser changes it, and Python may.
    expandable : dict of str to str
        For each node that can be opened or closed again: "closed" or "open".
    questions : dict of str to list
        What may be asked before each backward step, by its number: pairs of an id and a label. Empty where nothing is.
    guesses : dict of str to dict
        What was answered, by the id of the question: its "text", its "state" ("right", "wrong" or "empty"), and what
        is "said" about it.
    """

    _esm = asset(*SCRIPTS)
    _css = COLOURS + asset("graph_view.css")
    svg = traitlets.Unicode("").tag(sync=True)
    step = traitlets.Int(0, min=-1).tag(sync=True)
    chosen = traitlets.Unicode("").tag(sync=True)
    expandable = traitlets.Dict().tag(sync=True)
    questions = traitlets.Dict().tag(sync=True)
    guesses = traitlets.Dict().tag(sync=True)

    def __init__(self, **traits):
        super().__init__(**traits)
        self.words = graph_words()

    def on_expand(self, open_node, close_node):
        """Call ``open_node(id)`` or ``close_node(id)`` when a user asks for it."""
        self.on("open", lambda message: open_node(message.get("node")))
        self.on("close", lambda message: close_node(message.get("node")))

    def on_guess(self, handler):
        """Call ``handler(id, text)`` when a user answers a question."""

        def take(message):
            id_, text = message.get("question"), message.get("text")
            if not isinstance(id_, str) or not isinstance(text, str):
                raise ValueError(_("an answer has a question and a text, got {}").format(kind_of(message)))
            handler(id_, text)

        self.on("guess", take)


def graph_words():
    """Return all that a `GraphView` itself says."""
    return {
        "help": _("Computation graph. Arrow keys step through it, Home and End jump, space plays."),
        "steps": _("Steps"), "speed": _("Speed"), "slow": _("slow"), "normal": _("normal"), "fast": _("fast"),
        "start": _("the start"), "rightward": _("forward {k} of {n}"), "turn": _("the turn"),
        "leftward": _("backward {k} of {n}"),
        "first": _("First step (Home)"), "back": _("Step back (left arrow)"), "play": _("Play (space)"),
        "pause": _("Pause (space)"), "forward": _("Step on (right arrow)"), "last": _("Last step (End)"),
        "calm": _("One step, from the end to the start (space)"),
        "values": _("values"), "gradients": _("gradients"), "shapes": _("shapes"), "fit": _("fit the width"),
        "save": _("save"), "download": _("Download the picture as {kind}"),
        "node": _("{name}: show its formula"), "copy": _("Copy"),
        "open": _("Open this node"), "close": _("Close it again"),
        "guess": _("guess first"),
        "why": _("Before each backward step, type the numbers that the node will send."),
        "check": _("Check"), "skip": _("Show me"), "right": _("right"), "wrong": _("wrong"),
    }  # fmt: skip
