"""What the page shows of a quiz: a picture with boxes to type in, buttons, and the lines below."""

import traitlets

from nbkit.messages import _
from nbkit.widgets.kit.assets import asset
from nbkit.widgets.kit.views import View


class QuizView(View):
    """The picture with its boxes, the buttons and the lines below; it knows no number but the typed and revealed."""

    _esm = asset("dom.js", "graph_quiz.js")
    _css = asset("graph_quiz.css")
    svg = traitlets.Unicode("").tag(sync=True)
    round = traitlets.Int(0).tag(sync=True)  # a new one empties the boxes
    texts = traitlets.Dict().tag(sync=True)  # what stands in each box, by the id of its blank
    marks = traitlets.Dict().tag(sync=True)  # "right", "wrong", "revealed" or "empty", by the id of the blank
    about = traitlets.Unicode("").tag(sync=True)  # id of the blank that the message is about, or nothing
    message = traitlets.Unicode("").tag(sync=True)
    score = traitlets.Unicode("").tag(sync=True)

    def __init__(self, **traits):
        super().__init__(**traits)
        self.words = {
            "check": _("Check"), "hint": _("Hint"), "reveal": _("Reveal one"), "new": _("New numbers"),
            "right": _("right"), "wrong": _("wrong"), "revealed": _("revealed"),
        }  # fmt: skip
