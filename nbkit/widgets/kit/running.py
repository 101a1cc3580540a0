"""What panels that train in the background share: run, pause, and one button for both."""

from nbkit.messages import _


class Running:
    """Stands before `Panel` among the bases of a panel that has ``run``, which starts `background`.

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
