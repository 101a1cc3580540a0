"""What explorers that train in the background share: run, pause, and one button for both."""

from nbkit.messages import _
from nbkit.widgets.kit.background import Background
from nbkit.widgets.kit.explorer import Explorer


class Running(Explorer):
    """An explorer that works in the background; a subclass makes its ``run_button``, and overrides `tick`."""

    run_label = _("Run")
    pause_between_ticks = 0.02  # seconds, in which the kernel is free for everything else

    def __init__(self, *rows, **more):
        self.background = Background(self.tick, self.run_changed, self.failed, self.pause_now, self.ready)
        super().__init__(*rows, **more)

    def tick(self):
        """Work for some milliseconds, show the result, and return whether there is more to do."""
        raise NotImplementedError

    def pause_now(self):
        """Return how many seconds the next tick waits."""
        return self.pause_between_ticks

    def ready(self):
        """Whether the page can take what the next tick shows."""
        return self.view.ready

    def show(self):
        self.compute()
        self.view.show(self.picture())
        self.say(self.sentence())

    @property
    def running(self):
        """Whether a run is under way."""
        return self.background.running

    def toggle(self):
        """Run, or pause a run that is under way."""
        if self.running:
            self.pause()
        else:
            self.run()

    def run(self):
        """Work on in the kernel's own loop, so that other cells and controls still work."""
        self.background.start()

    def pause(self):
        """Stop where it is; ``run`` goes on from here."""
        self.background.stop()

    def stop(self):
        self.background.stop()

    def run_changed(self, running):
        """Let the button say what a press will do."""
        self.run_button.description = _("Pause") if running else self.run_label
        self.run_button.icon = "pause" if running else "play"

    def failed(self, error):
        """Show what ended the work."""
        self.show_error(error)

    def on_press(self, handlers):
        """Call ``handler()`` when its button has been pressed; an error is shown in the panel."""
        for button, handler in handlers.items():
            button.on_click(self.safely(lambda _button, handler=handler: handler()))
