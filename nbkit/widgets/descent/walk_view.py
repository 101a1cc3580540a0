"""What the page shows of walks downhill: buttons to play, a slider over the steps, what is said, the picture."""

import traitlets

from nbkit.messages import _
from nbkit.widgets.kit.assets import asset
from nbkit.widgets.kit.views import SvgView


class WalkView(SvgView):
    """Show the picture of a `DescentPicture`, and let its balls roll: the page plays by itself, without the kernel.

    A picture of other walks may come many times a second; what the page needs to play them it asks for when they rest.

    Attributes
    ----------
    frames : dict
        What `DescentPicture.frames` has made, with the number of the walks that it belongs to.
    step : int
        The step that is looked at, 0 for the start; the page changes it, and Python may.
    """

    _esm = SvgView._esm.removesuffix("export default { render };\n") + asset("transport.js", "walk_view.js")
    _css = SvgView._css + asset("walk_view.css")
    frames = traitlets.Dict().tag(sync=True)
    step = traitlets.Int(0, min=0).tag(sync=True)

    def __init__(self, **traits):
        super().__init__(**traits)
        self.words = self.words | walk_words()

    def on_frames(self, handler):
        """Call ``handler()`` when the page needs the frames of the walks that it shows."""
        self.on("frames", lambda _message: handler())


def walk_words():
    """Return all that the buttons and the slider of a `WalkView` say."""
    return {
        "steps": _("Steps"), "look": _("look at step"), "counter": _("step {k} of {n}"),
        "cut": _("step {k} of {n}, then too far away"),
        "first": _("Back to the start"), "back": _("One step back"), "play": _("Play"), "pause": _("Pause"),
        "forward": _("One step"), "last": _("To the end"), "calm": _("One step, from the end to the start"),
        "speed": _("Speed"), "slow": _("slow"), "normal": _("normal"), "fast": _("fast"),
    }  # fmt: skip
