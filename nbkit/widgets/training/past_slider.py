"""A slider over the past of a run."""

import ipywidgets

from nbkit.experiment.track import MAX_MOMENTS
from nbkit.messages import _


class PastSlider(ipywidgets.SelectionSlider):
    """Its stops are the steps of a track; hidden as long as there is one moment alone."""

    def __init__(self):
        # As many stops as there can be: the page keeps the first number of them for the key End.
        options = [(str(i), i) for i in range(MAX_MOMENTS + 2)]
        super().__init__(options=options, description=_("back in the run: step"))
        self.layout.display = "none"

    def follow(self, track, step):
        """Offer all moments of a track, and stand at that of `step`."""
        steps = [moment.step for moment in track.moments]
        if len(steps) < 2:
            self.layout.display = "none"
            return
        self.layout.display = None
        options = [(str(at), i) for i, at in enumerate(steps)]
        if list(self.options) != options:
            # The page takes an index before its new stops, and would send back what it has clipped; 0 is never clipped.
            self.value = 0
            self.options = options
        self.value = track.near(step)
