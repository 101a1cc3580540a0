"""The controls of the playground: they show settings, and read which settings a user has chosen with them."""

import ipywidgets

from nbkit.drawing import theme
from nbkit.drawing.markup import style_sheet, tag
from nbkit.experiment.features import FEATURES
from nbkit.experiment.settings import ACTIVATIONS, LOSS_NAMES, MAX_LAYERS, MAX_UNITS
from nbkit.experiment.sources import NOISY, OWN_CLASSES, SOURCE_NAMES
from nbkit.formatting import number, one_two_five
from nbkit.messages import _
from nbkit.optimizers import OPTIMIZERS
from nbkit.widgets.kit.explorer import button, dropdown, row, steps, toggle
from nbkit.widgets.kit.views import Html
from nbkit.widgets.training.own_points import ERASE

NOISES = [round(0.05 * k, 2) for k in range(13)]
HELD_OUT_SHARES = [round(0.1 * k, 1) for k in range(10)]
LEARNING_RATES = one_two_five(-4, 1, digits=(1, 2, 3, 5))
BATCH_SIZES = [1, 2, 4, 8, 16, 32, 64, 128, 1000]
WEIGHT_DECAYS = [0.0, 1e-4, 1e-3, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0]
DATA_CONTROLS = ("data", "path")  # controls that are left as they were typed, also where they were refused
CLASS_SIGNS = ("●", "■", "◆")
SAMPLES = "nbkit-class-samples"  # the name of the CSS class of buttons that show the signs of classes
SAMPLE_LOOK = "background:#ffffff;border-radius:3px;padding:0 3px;margin-right:5px"


class Controls:
    """One widget for each setting; calls `changed` with new `Settings`, and where it raises everything stays."""

    def __init__(self, settings, changed):
        self.changed = changed
        # Whether other data are picked or typed than those in use: a file is not named yet, or was refused.
        # What is typed stays, and the other controls work on the data in use.
        self.waiting = False
        self.by_name = {
            "data": dropdown(_("data"), _labelled(SOURCE_NAMES)),
            "noise": steps(_("noise"), NOISES[0], NOISES),
            "held_out": steps(_("held out"), HELD_OUT_SHARES[0], HELD_OUT_SHARES),
            "path": ipywidgets.Text(
                description=_("CSV file"), placeholder=_("path, then Enter"), continuous_update=False
            ),
            "layers": _number(_("hidden layers"), 0, MAX_LAYERS),
            "activation": dropdown(_("activation"), list(ACTIVATIONS)),
            "loss": dropdown(_("loss"), _labelled(LOSS_NAMES)),
            "optimizer": dropdown(_("optimizer"), list(OPTIMIZERS)),
            "lr": steps(_("lr"), LEARNING_RATES[0], LEARNING_RATES),
            "batch_size": steps(_("batch"), BATCH_SIZES[0], BATCH_SIZES),
            "weight_decay": steps(_("weight decay"), WEIGHT_DECAYS[0], WEIGHT_DECAYS),
            "seed": _number(_("seed"), 0, 2**31 - 1),
        }  # fmt: skip
        self.units = [_number(_("units {}").format(i), 1, MAX_UNITS) for i in range(1, MAX_LAYERS + 1)]
        self.features = {name: _tick(feature.symbol) for name, feature in FEATURES.items()}
        # What a click on the plane does where the points are the learner's own: the words are those of its legend.
        choices = [*((name, k) for k, name in enumerate(OWN_CLASSES)), (_("erase"), ERASE)]
        self.tool = toggle(choices, 0, description=_("a click in the plane sets"))
        self.tool.add_class(SAMPLES)
        self.adopt = button(_("Make these points mine"), icon="hand-pointer-o")
        self.clear = button(_("Remove all"), icon="trash")
        self.own_row = row(self.by_name["path"], self.tool, self.clear, class_samples())
        self.widgets = (*self.by_name.values(), *self.features.values(), *self.units)
        self.show(settings)

    def rows_above(self, preset):
        """Return the rows for what is needed most: behind `preset`, and for data of one's own."""
        names = self.by_name
        return [row(preset, names["data"], names["lr"]), self.own_row]

    @property
    def rows_below(self):
        """All other controls, each row below its title."""
        names = self.by_name
        return [
            title(_("Data")), row(names["noise"], names["held_out"], self.adopt),
            title(_("Input features: what the net takes of each point")), row(*self.features.values()),
            title(_("Net")), row(names["layers"], *self.units, names["activation"], names["loss"], names["seed"]),
            title(_("Training")), row(names["optimizer"], names["batch_size"], names["weight_decay"]),
        ]  # fmt: skip

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
        for name, box in self.features.items():
            box.value = name in settings.features
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
            (self.own_row, own or self.by_name["data"].value == "CSV file"),
            (self.tool, own), (self.clear, own), (self.adopt, not own),
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
        features = [name for name, box in self.features.items() if box.value]
        return self.settings.replace(
            hidden=hidden, features=features, **{name: self.by_name[name].value for name in names}
        )


def title(words):
    """Write what a group of controls is about."""
    return Html(tag("b", words))


def class_samples():
    """Return a style sheet that puts the sign of each class of own points before its button, as the plane has it."""
    rules = [
        f".{SAMPLES} button{{padding:0 5px !important}}",  # all of them in one line, where a page is wide
        *(
            f'.{SAMPLES} button:nth-of-type({k + 1})::before{{content:"{sign}";color:{colour};{SAMPLE_LOOK}}}'
            for k, (sign, colour) in enumerate(zip(CLASS_SIGNS, theme.CLASSES, strict=False))
        ),
    ]
    return Html(style_sheet("".join(rules)), layout={"display": "none"})


def _number(label, low, high):
    """Make a box for a whole number."""
    return ipywidgets.BoundedIntText(description=label, min=low, max=high)


def _tick(label):
    """Make a box to tick."""
    return ipywidgets.Checkbox(description=label, indent=False)


def _labelled(names):
    """Offer keys by the names that a reader knows."""
    return [(name, key) for key, name in names.items()]


def _offer(widget, value):
    """Make space on a slider for a value that is not among its stops."""
    if isinstance(widget, ipywidgets.SelectionSlider):
        values = [option for _name, option in widget.options]
        if value not in values:
            widget.options = [(number(option), option) for option in sorted([*values, value])]
