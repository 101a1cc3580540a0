"""Everything on one desk: data, net and training, changed by hand while it runs."""

from time import perf_counter

import ipywidgets
import numpy as np

from nbkit.drawing.markup import escape
from nbkit.experiment import PRESETS, Experiment, Settings, code_of
from nbkit.experiment.settings import MOST_POINTS
from nbkit.formatting import number
from nbkit.messages import _, kind_of, shortened
from nbkit.widgets.kit.background import LOCK, Background
from nbkit.widgets.kit.panel import Panel
from nbkit.widgets.kit.running import Running
from nbkit.widgets.kit.snapped_slider import SnappedSlider, snap
from nbkit.widgets.kit.svg_view import SvgView
from nbkit.widgets.training.playground_controls import ERASE, LABEL, Controls
from nbkit.widgets.training.playground_picture import PlaygroundPicture, Track

WORK = 0.029  # seconds of training between two pictures, at full speed; longer while the page is busy with the last one
SLICE = 0.01  # of them without a rest
CHUNK = 16  # steps between two looks at the clock
REST = 0.001  # seconds between two slices for sliders, other cells, and what the page tells
STILL_STEPS = 600  # behind the picture that a page without a kernel shows
BIAS_STEP = 0.05  # of the slider for the bias of a unit
SPEEDS = (
    (_("full speed"), 0),
    (_("1 step per picture"), 1),
    (_("10 steps per picture"), 10),
    (_("100 per picture"), 100),
)


class TrainingPlayground(Running, Panel):
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

    def __init__(self, settings=PRESETS[0].settings):
        if isinstance(settings, str):
            settings = Settings.from_line(settings)
        self.chosen, self.quiet, self.unseen = None, False, 0.0
        self.experiment = Experiment(settings)
        self._make_controls(settings)
        self.background = Background(self._tick, self._run_changed, self.show_error, pause=REST)
        super().__init__(self._rows())
        self._begin()
        self._listen()

    # ------------------------------------------------------------ controls

    def _make_controls(self, settings):
        self.controls = Controls(settings, self._settings_moved, self.safely)
        self.preset = ipywidgets.Dropdown(
            options=[(preset.name, preset) for preset in PRESETS], value=_preset_of(settings),
            description=_("experiment"), style=LABEL, layout={"width": "30em"},
        )  # fmt: skip
        self.comment = ipywidgets.HTML()
        self._show_comment()
        self.run_button = _button(_("Run"), "play")
        self.step_button = _button(_("Step"), "step-forward")
        self.epoch_button = _button(_("Epoch"), "forward")
        self.reset_button = _button(_("Reset"), "refresh")
        self.good_button = _button(_("Back to the last good state"), "undo", "16em")
        self.speed = ipywidgets.Dropdown(
            options=SPEEDS, description=_("speed"), style={"description_width": "4em"}, layout={"width": "17em"}
        )
        self.lines = ipywidgets.Dropdown(
            options=[(_("weights"), False), (_("gradients"), True)], description=_("lines show"), style=LABEL,
            layout={"width": "18em"},
        )  # fmt: skip
        self.bias = SnappedSlider(
            min=-5, max=5, step=BIAS_STEP, description=_("bias"), readout_format=".2f",
            style={"description_width": "12em"}, layout={"width": "32em", "display": "none"},
        )  # fmt: skip
        self.line = ipywidgets.Text(
            description=_("settings"), continuous_update=False, style=LABEL,
            layout={"width": "98%"},
        )  # fmt: skip
        self.code_button = _button(_("Show as code"), "code", "10em")
        self.save_button = _button(_("Save the weights"), "download", "12em")
        self.code = ipywidgets.Textarea(layout={"width": "98%", "height": "26em", "display": "none"})
        self.status, self.view = ipywidgets.HTML(), SvgView()

    def _rows(self):
        buttons = [self.run_button, self.step_button, self.epoch_button, self.reset_button, self.speed]
        wrap = {"flex_flow": "row wrap"}
        return [
            self.preset,
            self.comment,
            *self.controls.rows,
            ipywidgets.HBox([*buttons, self.good_button], layout=wrap),
            self.status,
            self.view,
            ipywidgets.HBox([self.lines, self.bias], layout=wrap),
            self.line,
            ipywidgets.HBox([self.code_button, self.save_button], layout=wrap),
            self.code,
        ]

    def _listen(self):
        presses = {
            self.run_button: self.toggle, self.step_button: self.step, self.epoch_button: self.epoch,
            self.reset_button: self.reset, self.good_button: self.back_to_good, self.code_button: self._show_code,
            self.save_button: self.save, self.controls.adopt: self.adopt, self.controls.clear: self._clear,
        }  # fmt: skip
        for button, action in presses.items():
            button.on_click(self.safely(lambda _button, action=action: action()))
        moves = {
            self.preset: self._preset_picked, self.lines: lambda _change: self.show(),
            self.bias: self._bias_moved, self.line: self._line_pasted,
        }  # fmt: skip
        for widget, action in moves.items():
            widget.observe(self.safely(action), "value")
        self.view.on_touch(self.safely(self._touched))

    def _run_changed(self, running):
        if not running and self.unseen:
            self.show()  # before the button says that all is done
        self.label_run_button(running)
        if not running and self.chosen:
            self._show_bias()

    # ------------------------------------------------------------ training

    def run(self):
        """Train on in the kernel's own loop, so that other cells and all controls still work."""
        self.experiment.rest_of_epoch()  # refuses where there is nothing to learn from
        if not self.experiment.trouble:
            self.background.start()

    def _tick(self):
        steps = self.speed.value
        if steps == 0:
            start = perf_counter()
            while perf_counter() < start + SLICE and not self.experiment.trouble:
                self.experiment.advance(CHUNK)
            self.unseen += perf_counter() - start
            if self.unseen > WORK and self.view.ready:
                self.show()
        elif self.view.ready:
            self.experiment.advance(steps)
            self.show()
        return not self.experiment.trouble

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

    def back_to_good(self):
        """After a run that blew up: return to the last state that was no worse than the start."""
        self.pause()
        step = self.experiment.back_to_good()
        self.show()
        self.show_message(_("Back in step {}. A smaller lr may help from here.").format(step))

    # ------------------------------------------------------------ what the hand changes

    def _settings_moved(self, settings):
        """Take on new settings: in the middle of the run where the weights can stay, from the start elsewhere."""
        before, points = self.experiment, self.experiment.data
        self.experiment = before.changed(settings)
        if self.experiment is not before:
            self.chosen = None
            self.bias.layout.display = "none"
            self._begin()
            return
        if self.experiment.data is not points:
            self.picture.make_plane(self.experiment)
        self._show_line()
        self.show()

    def use(self, settings):
        """Take on other settings, and let the controls show them."""
        with LOCK:  # a cell may ask for this in the middle of a run
            self._settings_moved(settings)
            self.controls.show(settings)

    def _preset_picked(self, change):
        self._show_comment()
        if change.new is not None:
            self.pause()
            self.use(change.new.settings)

    def _show_comment(self):
        """Say below the picker what to watch."""
        self.comment.value = f"<i>{escape(self.preset.value.comment)}</i>" if self.preset.value else ""

    def _line_pasted(self, change):
        if self.quiet:
            return
        self.use(Settings.from_line(change.new))  # what it refuses stays, to be mended
        self._show_line()

    def adopt(self):
        """Make the present points the learner's own."""
        data = self.experiment.data
        if len(data.x) > MOST_POINTS or len(data.classes) > 3:
            raise ValueError(_("own points are at most {}, of 3 classes").format(MOST_POINTS))
        x = np.round((data.x - self.experiment.mean) / self.experiment.spread, 3)
        points = tuple((float(a), float(b), int(k)) for (a, b), k in zip(x, data.t, strict=True))
        self.use(self.experiment.settings.but(data="own points", points=points))

    def _clear(self):
        self.pause()
        self.use(self.experiment.settings.but(points=()))

    def _touched(self, touch):
        if touch.item and ":" in touch.item:
            if touch.hand == "press":
                self.choose(touch.item)
        elif touch.pad == "plane" and self.settings.data == "own points":
            self._touch_points(touch)

    def _touch_points(self, touch):
        points = list(self.experiment.settings.points)
        place = tuple(round(value, 3) for value in self.picture.plane.frame.values(touch.x, touch.y))
        if touch.hand == "press" and touch.item is None and self.controls.hand.value != ERASE:
            points.append((*place, self.controls.hand.value))
        elif touch.item not in map(str, range(len(points))):
            return
        elif touch.hand == "delete" or (touch.hand == "press" and self.controls.hand.value == ERASE):
            del points[int(touch.item)]
        elif touch.hand == "drag" and self.controls.hand.value != ERASE:
            points[int(touch.item)] = (*place, points[int(touch.item)][2])
        else:
            return
        self.use(self.experiment.settings.but(points=tuple(points)))

    def choose(self, item):
        """Mark a unit, ``"hidden 1:0"``, and show a slider for its bias."""
        units = [f"{name}:{i}" for name, b in self._biases().items() for i in range(len(b))]
        if item not in units:
            got = repr(shortened(item, 40)) if isinstance(item, str) else kind_of(item)
            raise ValueError(_("there is no unit {}").format(got))
        name, _colon, number_ = item.rpartition(":")
        self.chosen = name, int(number_)
        self._show_bias()
        self.show()

    def _biases(self):
        parameters = self.experiment.net.parameters()
        return {key.removesuffix(".b"): b for key, b in parameters.items() if key.endswith(".b")}

    def _chosen_bias(self):
        name, i = self.chosen
        return self._biases()[name], i

    def _show_bias(self):
        biases, i = self._chosen_bias()
        if not np.isfinite(biases[i]):
            return
        self.quiet = True
        reach = max(5.0, float(np.ceil(abs(biases[i]))))
        low, high = min(-reach, self.bias.min), max(reach, self.bias.max)
        with self.bias.hold_sync():
            self.bias.min, self.bias.max = low, high
            self.bias.value = snap(float(biases[i]), low, high, BIAS_STEP)
        self.bias.description = _("bias of {layer}, unit {i}").format(layer=self.chosen[0], i=i + 1)
        self.bias.layout.display = None
        self.quiet = False

    def _bias_moved(self, change):
        if not self.quiet:
            biases, i = self._chosen_bias()
            biases[i] = change.new
            self.experiment.altered = True
            self.show()

    # ------------------------------------------------------------ what is shown

    def _begin(self):
        """Show an experiment that has just been made."""
        self.track, self.picture = Track(), PlaygroundPicture(self.experiment)
        self._show_line()
        self.show()

    def show(self):
        """Judge the net and draw it."""
        self.judgement = self.experiment.judge() if (~self.experiment.out).any() else None
        if self.judgement is not None:
            self.track.add(self.judgement)
        words = self._words()
        svg = self.picture.svg(
            self.experiment, self.judgement, self.track, words, gradients=self.lines.value, chosen=self.chosen
        )
        self.view.show(svg)
        self.unseen = 0.0  # seconds of training behind the picture
        self.status.value = escape(words)
        self.good_button.layout.display = None if self.experiment.trouble else "none"
        if self.experiment.trouble:
            self.show_message(self.experiment.trouble)

    def _show_line(self):
        self.quiet = True
        self.line.value = self.experiment.settings.line
        self.quiet = False

    def _words(self):
        if self.judgement is None:
            return _("No points yet: click into the plane.")
        judged = self.judgement
        words = _("step {step}, epoch {epoch}, training: loss {loss}, right {right} %").format(
            step=judged.step, epoch=number(round(self.experiment.epochs, 1)), loss=number(judged.loss),
            right=number(round(100 * judged.right, 1)),
        )  # fmt: skip
        if not np.isnan(judged.held_out_right):
            words += _("; held out: loss {loss}, right {right} %").format(
                loss=number(judged.held_out_loss), right=number(round(100 * judged.held_out_right, 1))
            )
        return words

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

    @property
    def settings(self):
        """All that decides the experiment; ``settings.line`` is the line to paste."""
        return self.experiment.settings

    def snapshot(self):
        """What a learner will see after pressing Run for a moment."""
        experiment = Experiment(self.experiment.settings)
        if not (~experiment.out).any():
            return self.view.svg
        track = Track()
        for _part in range(30):
            track.add(experiment.judge())
            experiment.advance(STILL_STEPS // 30)
        judgement = experiment.judge()
        track.add(judgement)
        words = _("The playground after {} steps: plane, net, loss, accuracy.").format(STILL_STEPS)
        return PlaygroundPicture(experiment).svg(experiment, judgement, track, words)


def _preset_of(settings):
    """Return the preset that has just these settings, if there is one."""
    return next((preset for preset in PRESETS if preset.settings == settings), None)


def _button(label, icon, width="7em"):
    return ipywidgets.Button(description=label, icon=icon, layout={"width": width})
