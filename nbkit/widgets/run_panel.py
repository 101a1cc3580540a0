"""A panel that trains in the background, with one button that runs and pauses."""

from nbkit._text import _
from nbkit.widgets.panel import Panel


class RunPanel(Panel):
    """What all trainings to watch share; a subclass has ``run``, which starts `background`, and what it shows.

    Attributes
    ----------
    background : Background
        Its ``changed`` calls `label_run_button`, at once or at the end of what a subclass does besides.
    run_button : Button
    """

    @property
    def running(self):
        """Whether a run is under way."""
        return self.background.running

    def stop(self):
        self.pause()

    def toggle(self):
        """Run, or pause a run that is under way."""
        if self.running:
            self.pause()
        else:
            self.run()

    def pause(self):
        """Stop where it is; ``run`` goes on from here."""
        self.background.stop()

    def label_run_button(self, running):
        """Let the button say what a press will do."""
        self.run_button.description = _("Pause") if running else _("Run")
        self.run_button.icon = "pause" if running else "play"
