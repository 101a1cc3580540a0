"""Everything about a training in one place: data, net and optimizer, changed while it runs."""

import ipywidgets

from nbkit import browser
from nbkit.drawing.markup import tag
from nbkit.experiment import PRESETS, Experiment, Settings, code_of
from nbkit.experiment.experiment import CALM_FALL
from nbkit.experiment.features import symbols
from nbkit.experiment.presets import Preset
from nbkit.messages import _, said_by
from nbkit.widgets.kit.background import LOCK
from nbkit.widgets.kit.explorer import button, dropdown, row
from nbkit.widgets.kit.running import Running
from nbkit.widgets.kit.views import Html, SvgView
from nbkit.widgets.training.own_points import adopted, edited
from nbkit.widgets.training.past_slider import PastSlider
from nbkit.widgets.training.playground_controls import Controls
from nbkit.widgets.training.playground_curves import PAST, step_at
from nbkit.widgets.training.playground_pace import FULL_SPEED, SPEEDS, Pace, steps_due
from nbkit.widgets.training.playground_picture import WHOLE_NET, PlaygroundPicture
from nbkit.widgets.training.playground_words import calm_words, last_finite_words, own_settings_words, status_words
from nbkit.widgets.training.unit_choice import UnitChoice

STILL_STEPS = 3000  # at least, behind the picture that a page without a kernel shows
STILL_SECONDS = 0.2  # between two moments of its curves, at the usual pace
PICTURES_PER_SYNC = 8  # of a run between two updates of the sliders of a unit: each slider is a message of its own
PICTURES_PER_JUDGEMENT = 3  # at full speed: ten times a second there are other numbers to read
OWN_SETTINGS = Preset(_("own settings"), None, "")


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
        How good it is now, at full speed as of one of the last pictures; None where there are no points yet. After a
        divergence, how good it was with the last finite numbers.
    controls : Controls
        ``controls.by_name["lr"].value = 0.5`` moves a control.
    choice : UnitChoice
        Which unit or line of the net is chosen, and the sliders of its numbers.
    past : PastSlider
        Back to an earlier step of the run.
    run_button, step_button, epoch_button, reset_button, good_button, code_button, save_button : Button
    preset, speed, lines, line, code, status, view : widgets

    Raises
    ------
    ValueError
        If the settings cannot be used.
    """

    pause_between_ticks = 0.001

    def __init__(self, settings=PRESETS[0].settings):
        if isinstance(settings, str):
            settings = Settings.from_json(settings)
        self.experiment, self.pace, self.was_running, self.pictures = Experiment(settings), Pace(), False, 0
        self.drawing, self.judged = PlaygroundPicture(self.experiment), None
        self.controls = Controls(settings, self._settings_moved)
        buttons = self._make_controls(settings)
        view, status = SvgView(), Html()
        above, own = self.controls.rows_above(self.preset)
        super().__init__(
            row(self.run_button, self.step_button, self.epoch_button, self.reset_button, self.good_button),
            above, self.comment, own, status, view,
            row(self.past, self.speed, self.choice.plane, self.lines), self.choice.row,
            *self.controls.rows_below, row(self.line), self.refused, row(self.code_button, self.save_button), self.code,
            view=view, status=status,
        )  # fmt: skip
        self.on_press(buttons)
        self.view.on_pointer(self.safely(self._pointed))
        self.view.on_value(self.safely(self._line_held))
        again = self.safely(self.controls.try_again)
        self.controls.by_name["path"].on_msg(
            lambda _box, message, _buffers: again() if message == {"event": "submit"} else None
        )

    def _make_controls(self, settings):
        """Make what belongs to no setting, and return what each button does."""
        self.run_button = button(self.run_label, icon="play")
        self.step_button = button(_("Step"), icon="step-forward")
        self.epoch_button = button(_("Epoch"), icon="forward")
        self.reset_button = button(_("Reset"), icon="refresh")
        self.good_button = button(_("Back to the last good state"), icon="undo")
        self.preset = dropdown(_("experiment"), [(each.name, each) for each in (*PRESETS, OWN_SETTINGS)])
        self.preset.add_class("nbkit-long")  # as long as its longest name
        self.comment, self.begun_with = Html(), None
        self.speed = dropdown(_("speed"), SPEEDS)
        self.past, self.lines = PastSlider(), dropdown(_("lines show"), [(_("weights"), False), (_("gradients"), True)])
        self.choice = UnitChoice(self.experiment.net, symbols(settings.features), self.safely(self._number_moved))
        self.line = ipywidgets.Text(description=_("settings"), continuous_update=False)
        self.refused = Html()  # that the line was, beside it; why it was stands above the picture
        self.code_button = button(_("Show as code"), icon="code")
        self.save_button = button(_("Save the weights"), icon="download")
        self.code = ipywidgets.Textarea(layout={"width": "98%", "height": "26em", "display": "none"})
        self._show_settings()
        self.handlers = {
            self.preset: self._preset_picked, self.lines: lambda _change: self.show(), self.past: self._went_back,
            self.choice.plane: self._plane_picked, self.line: self._line_pasted,
            **dict.fromkeys(self.controls.widgets, self.controls.moved),
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
        if self.experiment.error:
            self.show_message(last_finite_words(self.experiment, self.judgement))
            return
        if self.experiment.calm_steps:  # it has paused for that before
            self.experiment.changed_in = self.experiment.step
        self.pace.begin()
        self.background.start()

    def pause_now(self):
        """At full speed there is always a next step to make."""
        return 0 if self.speed.value == FULL_SPEED else self.pause_between_ticks

    def ready(self):
        """Between two pictures, and at full speed, it trains on while the page is busy."""
        return self.speed.value == FULL_SPEED or self.pace.due > 0 or self.view.ready

    def tick(self):
        if self.pace.train(self.experiment, self.speed.value) and self.view.ready:
            self.show()
            if steps := self.experiment.calm_steps:
                self.show_message(calm_words(CALM_FALL, steps))
                return False
        return not self.experiment.error

    def run_changed(self, running):
        if self.was_running and not running:
            self.show()  # before the button says that all is done
        self.was_running = self.past.disabled = running
        super().run_changed(running)

    def step(self):
        """Pause, and make one single step."""
        self.advance(1)

    def epoch(self):
        """Pause, and go on until every training row has been used once more."""
        self.pause()
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

    def go_to(self, moment):
        """Pause, and show a moment of the run; Run, Step and any change go on from there."""
        self.pause()
        self.experiment.go_to(moment)
        self.show()

    def _went_back(self, change):
        self.go_to(change.new)

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
            with self.quietly():
                self.choice.offer(self.experiment.net, symbols(settings.features))
            self._begin()
            return
        if self.experiment.data is not points:
            self.drawing.make_plane(self.experiment)
        self._show_settings()
        self.show()

    def _begin(self):
        """Show an experiment that has just been made."""
        self.drawing = PlaygroundPicture(self.experiment)
        self._show_settings()
        self.show()

    def _show_settings(self):
        """Write the line, and let the picker say which experiment this is, if it is one of them."""
        found = next((preset for preset in PRESETS if preset.holds(self.settings)), OWN_SETTINGS)
        if found is not OWN_SETTINGS:
            self.begun_with = found
        with self.quietly():
            self.line.value, self.refused.value = self.settings.to_json(), ""
            self.preset.value = found
        self.comment.value = tag("i", found.comment or own_settings_words(self.begun_with))

    def _line_pasted(self, change):
        try:
            self.use(Settings.from_json(change.new))
        except (ValueError, TypeError, OSError) as error:  # the line stays, to be mended
            words = _("This line of settings was not used: {why}.").format(why=said_by(error).rstrip(".。"))
            self.refused.value = tag("span", _("✗ not used: the message above the picture says why"))
            self.show_message(words)

    def _preset_picked(self, change):
        if change.new is OWN_SETTINGS:
            self._show_settings()
            return
        self.pause()
        self.use(change.new.settings)

    # ------------------------------------------------------------ pointer and keyboard on the picture

    def _pointed(self, event):
        with self.quietly():
            if event.area == PAST:
                if event.kind in ("press", "drag"):
                    track = self.experiment.track
                    self.go_to(track.near(step_at(track, event.x, event.y)))
            elif event.area == "plane":
                self._own_point(event)
            elif event.kind == "press" and event.item == WHOLE_NET:
                self.choose("")
            elif event.kind == "press" and event.item and event.item not in self.drawing.units.lines:
                self.choose(event.item)

    def _own_point(self, event):
        if self.settings.data == "own points":
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
        """Let the plane show a unit, ``"hidden 1:0"``, with sliders for its bias and weights; ``""``: the whole net."""
        with self.quietly():
            if item:
                self.choice.choose_unit(self.experiment.net, item)
            else:
                self.choice.let_go()
            self.controls_changed()
            self.show()

    def _plane_picked(self, change):
        self.choose(change.new)

    def _line_held(self, event):
        """A press chooses a line of the net, a drag or key sets its weight."""
        with self.quietly():
            if self.choice.chosen.line != event.item:
                self.choice.choose_line(self.experiment.net, event.item)
                self.controls_changed()
                self.show()
        if event.kind in ("drag", "key"):
            self._number_moved(event.item, event.value)

    def _number_moved(self, name, value):
        """Set a weight or bias, by the name of its slider."""
        with self.quietly():
            try:
                self.experiment.set_parameter(*self.choice.numbers[name], value)
            finally:
                self.choice.follow(self.experiment.net)  # also back, where it was refused
            self.drawing.units.read_again()
            self.show()

    # ------------------------------------------------------------ what is shown

    def show(self):
        super().show()
        self.pace.picture_shown()
        self.pictures += 1
        error = self.experiment.error
        self.good_button.layout.display = None if error else "none"
        if error:
            self.show_message(last_finite_words(self.experiment, self.judgement))
        with self.quietly():
            if not self.running:
                self.past.follow(self.experiment.track, self.experiment.step)
            if not self.running or self.pictures % PICTURES_PER_SYNC == 0:
                self.choice.follow(self.experiment.net)

    def compute(self):
        experiment = self.experiment
        must = experiment is not self.judged or experiment.error or self.pictures % PICTURES_PER_JUDGEMENT == 0
        gradients_shown = self.lines.value or self.choice.chosen.line  # of all points, which a judgement finds
        if self.running and self.speed.value == FULL_SPEED and not (must or gradients_shown):
            return  # its last judgement is new enough
        self.judged = experiment
        self.judgement = experiment.judge() if (~experiment.held_out_mask).any() else None
        if experiment.error:
            self.judgement = experiment.last_finite()
        self.said = status_words(experiment, self.judgement)

    def picture(self):
        return self.drawing.svg(
            self.experiment, self.judgement, self.sentence(), gradients=self.lines.value, chosen=self.choice.chosen,
            still=not self.running,
        )  # fmt: skip

    def sentence(self):
        return self.said

    def snapshot(self):
        """What a learner will see after pressing Run for a moment."""
        experiment = Experiment(self.settings)
        if not (~experiment.held_out_mask).any():
            return self.view.svg
        judged = experiment.judge()
        while experiment.step < STILL_STEPS and not experiment.error:
            experiment.advance(round(steps_due(experiment.step, STILL_SECONDS)))
            judged = experiment.judge()
        if experiment.error:
            judged = experiment.last_finite()
        words = _("The playground after {} steps: plane, net, loss, accuracy.").format(experiment.step)
        return PlaygroundPicture(experiment).svg(experiment, judged, words)

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
        path = self.experiment.net.save("playground.npz")
        if browser.sees_files():
            self.show_message(_("The weights are in {}.").format(path))
        else:
            self.show_message(_("The weights are in {} until this page closes: {}.").format(path, browser.UNSEEN))
