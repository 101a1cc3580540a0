"""The controls of the playground: they show settings, and read which settings a user has chosen with them."""

import ipywidgets

from nbkit.experiment.settings import ACTIVATIONS, LOSSES, MAX_LAYERS, MAX_UNITS
from nbkit.experiment.sources import NOISY, OWN_CLASSES, SOURCES
from nbkit.formatting import number, one_two_five
from nbkit.messages import _
from nbkit.optimizers import OPTIMIZERS
from nbkit.widgets.kit.explorer import button, dropdown, row, steps, toggle
from nbkit.widgets.training.own_points import ERASE

SLIDER_WIDTH = 12.5  # em beside the label, with the number
NOISES = [round(0.05 * k, 2) for k in range(13)]
HELD_OUT_SHARES = [round(0.1 * k, 1) for k in range(10)]
LEARNING_RATES = one_two_five(-4, 1, digits=(1, 2, 3, 5))
BATCH_SIZES = [1, 2, 4, 8, 16, 32, 64, 128, 1000]
WEIGHT_DECAYS = [0.0, 1e-4, 1e-3, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0]
DATA_CONTROLS = ("data", "path")  # controls that are left as they were typed, also where they were refused
CLASS_SIGNS = ("●", "■", "◆")


class Controls:
    """One widget for each setting; calls `changed` with new `Settings`, and where it raises everything stays."""

    def __init__(self, settings, changed):
        self.changed = changed
        # Whether other data are picked or typed than those in use: a file is not named yet, or was refused.
        # What is typed stays, and the other controls work on the data in use.
        self.waiting = False
        self.by_name = {
            "data": dropdown(_("data"), list(SOURCES)),
            "noise": _slider(_("noise"), NOISES, 3.5),
            "held_out": _slider(_("held out"), HELD_OUT_SHARES, 5),
            "path": ipywidgets.Text(
                description=_("CSV file"), placeholder=_("path, then Enter"), continuous_update=False,
                style={"description_width": "7em"}, layout={"width": "20em"},
            ),
            "layers": _number(_("hidden layers"), 0, MAX_LAYERS, 7, 11.5),
            "activation": dropdown(_("activation"), list(ACTIVATIONS), label_width=5.5, width=14.5),
            "loss": dropdown(_("loss"), list(LOSSES), label_width=3, width=13),
            "optimizer": dropdown(_("optimizer"), list(OPTIMIZERS)),
            "lr": _slider(_("lr"), LEARNING_RATES, 3.5),
            "batch_size": _slider(_("batch"), BATCH_SIZES, 5),
            "weight_decay": _slider(_("weight decay"), WEIGHT_DECAYS, 7),
            "seed": _number(_("seed"), 0, 2**31 - 1, 3, 10),
        }  # fmt: skip
        self.units = [_number(_("units {}").format(i), 1, MAX_UNITS, 3.5, 7.5) for i in range(1, MAX_LAYERS + 1)]
        classes = [
            (f"{sign} {name.split()[0]}", k)
            for k, (sign, name) in enumerate(zip(CLASS_SIGNS, OWN_CLASSES, strict=True))
        ]
        # What a click on the plane does where the points are the learner's own.
        self.tool = toggle([*classes, (_("erase"), ERASE)], 0, button_width="6em")
        self.tool_label = ipywidgets.Label(_("a press sets"), layout={"width": "7em", "justify_content": "flex-end"})
        self.adopt = button(_("Make these points mine"), icon="hand-pointer-o", width="16em")
        self.clear = button(_("Remove all"), icon="trash", width="9em")
        self.widgets = (*self.by_name.values(), *self.units)
        self.show(settings)

    @property
    def rows(self):
        """The controls, in rows that wrap where the page is narrow."""
        by_name = self.by_name
        return [
            row(by_name["data"], by_name["noise"], by_name["path"], by_name["held_out"], self.adopt),
            row(self.tool_label, self.tool, self.clear),
            row(by_name["layers"], *self.units, by_name["activation"], by_name["loss"], by_name["seed"]),
            row(by_name["optimizer"], by_name["lr"], by_name["batch_size"], by_name["weight_decay"]),
        ]

    # ------------------------------------------------------------ from settings to controls

    def show(self, settings):
        """Set every control as `settings` say."""
        self.waiting = False
        self._show(settings)

    def _show(self, settings):
        """Do as `show`, but leave data that are typed and not in use as they are."""
        self.settings = settings
        for name, widget in self.by_name.items():
            if not (self.waiting and name in DATA_CONTROLS):
                value = len(settings.hidden) if name == "layers" else getattr(settings, name)
                _offer(widget, value)
                widget.value = value
        for units, widget in zip(settings.hidden, self.units, strict=False):
            widget.value = units
        self._show_what_counts()

    def _show_what_counts(self):
        """Hide what has no meaning for these data or this net."""
        data, depth = self.settings.data, len(self.settings.hidden)
        own = data == "own points"
        for widget, counts in (
            (self.by_name["noise"], data in NOISY),
            (self.by_name["path"], self.by_name["data"].value == "CSV file"),
            (self.tool_label, own), (self.tool, own), (self.clear, own), (self.adopt, not own),
            (self.by_name["activation"], depth > 0),
            *((widget, i < depth) for i, widget in enumerate(self.units)),
        ):  # fmt: skip
            widget.layout.display = None if counts else "none"

    # ------------------------------------------------------------ from controls to settings

    def moved(self, change):
        """Handle the change of a control."""
        of_data = change.owner in [self.by_name[name] for name in DATA_CONTROLS]
        if of_data:
            self.waiting = self.by_name["data"].value == "CSV file" and not self.by_name["path"].value.strip()
            if self.waiting:  # until a file is named, nothing can change
                self._show_what_counts()
                return
        self._take(of_data)

    def try_again(self):
        """Read a path once more that was refused: the file may have been mended meanwhile."""
        if self.waiting and self.by_name["path"].value.strip():
            self._take(of_data=True)

    def _take(self, of_data):
        """Let the settings that the controls show be used, or go back to those before."""
        before, self.waiting = self.settings, self.waiting and not of_data
        try:
            settings = self._read()
            self.changed(settings)
        except Exception:
            self.waiting = self.waiting or of_data
            self._show(before)
            raise
        self._show(settings)

    def _read(self):
        """Return the settings that the controls show, with the data in use where others wait."""
        names = [name for name in self.by_name if name != "layers" and not (self.waiting and name in DATA_CONTROLS)]
        hidden = tuple(widget.value for widget in self.units[: self.by_name["layers"].value])
        return self.settings.replace(hidden=hidden, **{name: self.by_name[name].value for name in names})


def _slider(label, values, label_width):
    return steps(label, values[0], values, label_width=label_width, width=label_width + SLIDER_WIDTH)


def _number(label, low, high, label_width, width):
    """Make a box for a whole number."""
    look = {"style": {"description_width": f"{label_width}em"}, "layout": {"width": f"{width}em"}}
    return ipywidgets.BoundedIntText(description=label, min=low, max=high, **look)


def _offer(widget, value):
    """Make space on a slider for a value that is not among its stops."""
    if isinstance(widget, ipywidgets.SelectionSlider):
        values = [option for _name, option in widget.options]
        if value not in values:
            widget.options = [(number(option), option) for option in sorted([*values, value])]
