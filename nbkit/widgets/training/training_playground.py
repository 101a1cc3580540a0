"""Everything about a training in one place: data, net and optimizer, changed while it runs."""

from time import perf_counter

import ipywidgets
import numpy as np

from nbkit.drawing.markup import Markup, tag
from nbkit.experiment import PRESETS, Experiment, Settings, code_of
from nbkit.formatting import number
from nbkit.messages import _
from nbkit.widgets.kit.background import LOCK
from nbkit.widgets.kit.explorer import button, dropdown, row
from nbkit.widgets.kit.running import Running
from nbkit.widgets.kit.views import Html, SvgView
from nbkit.widgets.training.bias_slider import BiasSlider
from nbkit.widgets.training.own_points import adopted, edited
from nbkit.widgets.training.playground_controls import Controls
from nbkit.widgets.training.playground_picture import PlaygroundPicture

SECONDS_PER_PICTURE = 0.029  # of training at full speed; more while the page is busy with the last picture
SECONDS_PER_TICK = 0.01  # of them without a pause
STEPS_PER_LOOK = 16  # between two looks at the clock
STILL_STEPS, STILL_MOMENTS = 600, 30  # behind the picture that a page without a kernel shows, and points of its curves
FULL_SPEED = 0
SPEEDS = [
    (_("full speed"), FULL_SPEED), (_("1 step per picture"), 1), (_("10 steps per picture"), 10),
    (_("100 per picture"), 100),
]  # fmt: skip


class TrainingPlayground(Running):
    """Choose data, net and optimizer, train, and change nearly everything while it runs.

    Parameters
    ----------
    settings : Settings or str
        To begin with; text as the line at the bottom of a playground shows it.

    Attributes
    ----------
    experiment : Experiment
        What is trained now; ``experiment.net`` is the network.
    judgement : Judgement or None
        How good it is now; None where there are no points yet.
    controls : Controls
        ``controls.by_name["lr"].value = 0.5`` moves a control.
    run_button, step_button, epoch_button, reset_button, good_button, code_button, save_button : Button
    preset, speed, lines, bias, line, code, status, view : widgets

    Raises
    ------
    ValueError
        If the settings cannot be used.
    """

    pause_between_ticks = 0.001

    def __init__(self, settings=PRESETS[0].settings):
        if isinstance(settings, str):
            settings = Settings.from_json(settings)
        self.experiment, self.unseen = Experiment(settings), 0.0  # seconds of training since the last picture
        self.drawing = PlaygroundPicture(self.experiment)
        self.controls = Controls(settings, self._settings_moved)
        buttons = self._make_controls(settings)
        view, status = SvgView(), Html()
        super().__init__(
            self.preset, self.comment, *self.controls.rows,
            row(self.run_button, self.step_button, self.epoch_button, self.reset_button, self.speed, self.good_button),
            status, view, row(self.lines, self.bias), self.line, row(self.code_button, self.save_button), self.code,
            view=view, status=status,
        )  # fmt: skip
        self.on_press(buttons)
        self.view.on_pointer(self.safely(self._pointed))
        again = self.safely(self.controls.try_again)
        self.controls.by_name["path"].on_msg(
            lambda _box, message, _buffers: again() if message == {"event": "submit"} else None
        )

    def _make_controls(self, settings):
        """Make what belongs to no setting, and return what each button does."""
        preset = next((preset for preset in PRESETS if preset.settings == settings), None)
        self.preset = dropdown(_("experiment"), [(each.name, each) for each in PRESETS], value=preset, width=30)
        self.comment = Html()
        self._show_comment()
        self.run_button = button(self.run_label, icon="play", width="7em")
        self.step_button = button(_("Step"), icon="step-forward", width="7em")
        self.epoch_button = button(_("Epoch"), icon="forward", width="7em")
        self.reset_button = button(_("Reset"), icon="refresh", width="7em")
        self.good_button = button(_("Back to the last good state"), icon="undo", width="16em")
        self.speed = dropdown(_("speed"), SPEEDS, label_width=4, width=17)
        self.lines = dropdown(_("lines show"), [(_("weights"), False), (_("gradients"), True)], width=18)
        self.bias = BiasSlider()
        self.line = ipywidgets.Text(
            settings.to_json(), description=_("settings"), continuous_update=False,
            style={"description_width": "7em"}, layout={"width": "98%"},
        )  # fmt: skip
        self.code_button = button(_("Show as code"), icon="code", width="10em")
        self.save_button = button(_("Save the weights"), icon="download", width="12em")
        self.code = ipywidgets.Textarea(layout={"width": "98%", "height": "26em", "display": "none"})
        self.handlers = {
            self.preset: self._preset_picked, self.lines: lambda _change: self.show(), self.bias: self._bias_moved,
            self.line: self._line_pasted, **dict.fromkeys(self.controls.widgets, self.controls.moved),
        }  # fmt: skip
        return {
            self.run_button: self.toggle, self.step_button: self.step, self.epoch_button: self.epoch,
            self.reset_button: self.reset, self.good_button: self.rollback, self.code_button: self._show_code,
            self.save_button: self.save, self.controls.adopt: self.adopt, self.controls.clear: self._clear,
        }  # fmt: skip

    def listen(self, _controls):
        super().listen(dict.fromkeys(self.handlers, self.moved))

    def moved(self, change):
        with self.quietly():
            self.handlers[change.owner](change)

    # ------------------------------------------------------------ training

    def run(self):
        """Train on in the kernel's own loop, so that other cells and all controls still work."""
        self.experiment.rest_of_epoch()  # refuses where there is nothing to learn from
        if not self.experiment.error:
            self.background.start()

    def ready(self):
        """At full speed it trains on while the page is busy: see `tick`."""
        return self.speed.value == FULL_SPEED or self.view.ready

    def tick(self):
        if self.speed.value == FULL_SPEED:
            start = perf_counter()
            while perf_counter() < start + SECONDS_PER_TICK and not self.experiment.error:
                self.experiment.advance(STEPS_PER_LOOK)
            self.unseen += perf_counter() - start
            if self.unseen > SECONDS_PER_PICTURE and self.view.ready:
                self.show()
        else:
            self.experiment.advance(self.speed.value)
            self.show()
        return not self.experiment.error

    def run_changed(self, running):
        if not running and self.unseen:
            self.show()  # before the button says that all is done
        super().run_changed(running)
        if not running:
            self.bias.follow(self.experiment.net)

    def step(self):
        """Pause, and make one single step."""
        self.advance(1)

    def epoch(self):
        """Pause, and go on until every training row has been used once more."""
        self.advance(self.experiment.rest_of_epoch())

    def advance(self, steps):
        """Pause, and make `steps` steps."""
        self.pause()
        self.experiment.advance(steps)
        self.show()

    def reset(self):
        """Pause, and begin again from the same start weights."""
        self.pause()
        self.experiment = Experiment(self.experiment.settings)
        self._begin()

    def rollback(self):
        """After a run that blew up: return to the last state that was no worse than the start."""
        self.pause()
        step = self.experiment.rollback()
        self.show()
        self.show_message(_("Back in step {}. A smaller lr may help from here.").format(step))

    # ------------------------------------------------------------ other settings

    @property
    def settings(self):
        """All that decides the experiment; ``settings.to_json()`` is the line to paste."""
        return self.experiment.settings

    def use(self, settings):
        """Take on other settings, and let the controls show them."""
        with LOCK, self.quietly():  # a cell may ask for this in the middle of a run
            self._settings_moved(settings)
            self.controls.show(settings)

    def _settings_moved(self, settings):
        """Take on new settings: in the middle of the run where the weights can stay, from the start elsewhere."""
        before, points = self.experiment, self.experiment.data
        self.experiment = before.changed(settings)
        if self.experiment is not before:
            self.bias.let_go()
            self._begin()
            return
        if self.experiment.data is not points:
            self.drawing.make_plane(self.experiment)
        self._show_line()
        self.show()

    def _begin(self):
        """Show an experiment that has just been made."""
        self.drawing = PlaygroundPicture(self.experiment)
        self._show_line()
        self.show()

    def _show_line(self):
        with self.quietly():
            self.line.value = self.settings.to_json()

    def _line_pasted(self, change):
        self.use(Settings.from_json(change.new))  # what it refuses stays, to be mended
        self._show_line()

    def _preset_picked(self, change):
        self._show_comment()
        if change.new is not None:
            self.pause()
            self.use(change.new.settings)

    def _show_comment(self):
        """Say below the picker what to watch."""
        self.comment.value = tag("i", self.preset.value.comment) if self.preset.value else Markup()

    # ------------------------------------------------------------ clicks on the picture

    def _pointed(self, event):
        if event.item and ":" in event.item:
            if event.kind == "press":
                self.choose(event.item)
        elif event.area == "plane" and self.settings.data == "own points":
            place = self.drawing.plane.frame.values(event.x, event.y)
            points = edited(self.settings.points, event, place, self.controls.tool.value)
            if points != self.settings.points:
                self.use(self.settings.replace(points=points))

    def adopt(self):
        """Make the present points the learner's own."""
        self.use(self.settings.replace(data="own points", points=adopted(self.experiment)))

    def _clear(self):
        self.pause()
        self.use(self.settings.replace(points=()))

    def choose(self, item):
        """Mark a unit, ``"hidden 1:0"``, and show a slider for its bias."""
        self.bias.choose(self.experiment.net, item)
        self.show()

    def _bias_moved(self, _change):
        self.bias.write(self.experiment.net)
        self.experiment.altered = True
        self.show()

    # ------------------------------------------------------------ what is shown

    def show(self):
        super().show()
        self.unseen = 0.0
        self.good_button.layout.display = None if self.experiment.error else "none"
        if self.experiment.error:
            self.show_message(self.experiment.error)

    def compute(self):
        self.judgement = self.experiment.judge() if (~self.experiment.held_out_mask).any() else None

    def picture(self):
        return self.drawing.svg(
            self.experiment, self.judgement, self.sentence(), gradients=self.lines.value, chosen=self.bias.chosen
        )

    def sentence(self):
        if self.judgement is None:
            return _("No points yet: click into the plane.")
        judged = self.judgement
        words = _("step {step}, epoch {epoch}, training: loss {loss}, right {right} %")
        if not np.isnan(judged.held_out_right):
            words = _(
                "step {step}, epoch {epoch}, training: loss {loss}, right {right} %; "
                "held out: loss {held_out_loss}, right {held_out_right} %"
            )
        return words.format(
            step=judged.step, epoch=number(round(self.experiment.epochs, 1)),
            loss=number(judged.loss), right=number(round(100 * judged.right, 1)),
            held_out_loss=number(judged.held_out_loss), held_out_right=number(round(100 * judged.held_out_right, 1)),
        )  # fmt: skip

    def snapshot(self):
        """What a learner will see after pressing Run for a moment."""
        experiment = Experiment(self.settings)
        if not (~experiment.held_out_mask).any():
            return self.view.svg
        for _part in range(STILL_MOMENTS):
            experiment.judge()
            experiment.advance(STILL_STEPS // STILL_MOMENTS)
        words = _("The playground after {} steps: plane, net, loss, accuracy.").format(STILL_STEPS)
        return PlaygroundPicture(experiment).svg(experiment, experiment.judge(), words)

    # ------------------------------------------------------------ to take away

    def export(self, path=None):
        """Return a notebook cell that rebuilds and trains the same net.

        Parameters
        ----------
        path : str or path, optional
            Where to write the weights as well, as ``.npz``.
        """
        if path is None:
            return code_of(self.experiment)
        return code_of(self.experiment, str(self.experiment.net.save(path)))

    def _show_code(self):
        self.code.value = self.export()
        self.code.layout.display = None

    def save(self):
        """Write the weights to ``playground.npz``, in the folder of the notebook."""
        self.show_message(_("The weights are in {}.").format(self.experiment.net.save("playground.npz")))
