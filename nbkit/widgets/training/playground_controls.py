"""The controls of the playground: they show settings, and tell what settings the hand has made of them."""

import ipywidgets

from nbkit.experiment.settings import ACTIVATIONS, LOSSES, MOST_LAYERS, MOST_UNITS
from nbkit.experiment.sources import COLOURS, NOISY, SOURCES
from nbkit.formatting import number, one_two_five
from nbkit.messages import _
from nbkit.optimizers import OPTIMIZERS

LABEL = {"description_width": "7em"}  # the widest of them; as narrow as it goes, so that a row fits a page
FIELD, TRACK = 9.0, 12.5  # em beside the label: of a picker, of a slider with its number
RATES = one_two_five(-4, 1, digits=(1, 2, 3, 5))
DECAYS = [0.0, 1e-4, 1e-3, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0]
BATCHES = [1, 2, 4, 8, 16, 32, 64, 128, 1000]
SHARES = [round(0.1 * k, 1) for k in range(10)]
ERASE = "erase"
OF_DATA = ("data", "path")  # controls that are left as they were typed, also where they were refused


class Controls:
    """One widget for each setting.

    Parameters
    ----------
    changed : callable
        Called with the new `Settings` when the hand has moved a control; may raise, then everything stays as it was.
    guard : callable
        Wraps the callback of a control, so that an error is shown.

    Attributes
    ----------
    by_name : dict of str to widget
    waiting : bool
        Whether other data are picked or typed than those in use: a file is not named yet, or was refused. What is typed
        stays, and the other controls work on the data in use.
    hand : ToggleButtons
        What a press on the plane does where the points are the learner's own: a class number, or "erase".
    """

    def __init__(self, settings, changed, guard):
        self.settings, self.changed, self.quiet, self.waiting = settings, changed, False, False
        self.by_name = {
            "data": _pick(_("data"), SOURCES),
            "noise": _slide(_("noise"), [round(0.05 * k, 2) for k in range(13)], 3.5),
            "held_out": _slide(_("held out"), SHARES, 5),
            "path": ipywidgets.Text(
                description=_("CSV file"), placeholder=_("path, then Enter"), continuous_update=False, style=LABEL,
                layout={"width": "20em"},
            ),
            "layers": ipywidgets.BoundedIntText(
                description=_("hidden layers"), min=0, max=MOST_LAYERS, style=LABEL, layout={"width": "11.5em"}
            ),
            "activation": _pick(_("activation"), ACTIVATIONS, 5.5),
            "loss": _pick(_("loss"), LOSSES, 3, 10.0),
            "optimizer": _pick(_("optimizer"), OPTIMIZERS),
            "lr": _slide(_("lr"), RATES, 3.5),
            "batch_size": _slide(_("batch"), BATCHES, 5),
            "weight_decay": _slide(_("weight decay"), DECAYS),
            "seed": ipywidgets.BoundedIntText(
                description=_("seed"), min=0, max=2**31 - 1, style=_label(3), layout={"width": "10em"}
            ),
        }  # fmt: skip
        self.units = [
            ipywidgets.BoundedIntText(
                description=_("units {}").format(i), min=1, max=MOST_UNITS, style=_label(3.5),
                layout={"width": "7.5em"},
            )
            for i in range(1, MOST_LAYERS + 1)
        ]  # fmt: skip
        names = zip(("●", "■", "◆"), COLOURS, strict=True)
        self.hand = ipywidgets.ToggleButtons(
            options=[*((f"{sign} {name.split()[0]}", k) for k, (sign, name) in enumerate(names)), (_("erase"), ERASE)],
            style={"button_width": "6em"},
        )  # fmt: skip
        self.says = ipywidgets.Label(_("a press sets"), layout={"width": "7em", "justify_content": "flex-end"})
        self.adopt = ipywidgets.Button(
            description=_("Make these points mine"), icon="hand-pointer-o", layout={"width": "16em"}
        )
        self.clear = ipywidgets.Button(description=_("Remove all"), icon="trash", layout={"width": "9em"})
        self.show(settings)
        for widget in (*self.by_name.values(), *self.units):
            widget.observe(guard(self._moved), "value")
        again = guard(self._try_again)
        self.by_name["path"].on_msg(lambda _box, message, _buffers: again() if message == {"event": "submit"} else None)

    @property
    def rows(self):
        """The controls, in rows that wrap where the page is narrow."""
        row, by_name = _row, self.by_name
        return [
            row(by_name["data"], by_name["noise"], by_name["path"], by_name["held_out"], self.adopt),
            row(self.says, self.hand, self.clear),
            row(by_name["layers"], *self.units, by_name["activation"], by_name["loss"], by_name["seed"]),
            row(by_name["optimizer"], by_name["lr"], by_name["batch_size"], by_name["weight_decay"]),
        ]

    def show(self, settings):
        """Set every control as `settings` say, without calling back."""
        self.waiting = False
        self._show(settings)

    def _show(self, settings):
        """As `show`, but what waits stays as the hand has left it."""
        self.quiet = True
        try:
            for name, widget in self.by_name.items():
                if not (self.waiting and name in OF_DATA):
                    value = len(settings.hidden) if name == "layers" else getattr(settings, name)
                    _offer(widget, value)
                    widget.value = value
            for units, widget in zip(settings.hidden, self.units, strict=False):
                widget.value = units
            self.settings = settings
        finally:
            self.quiet = False
        self._show_what_counts()

    def _show_what_counts(self):
        """Hide what has no meaning for these data or this net."""
        data = self.settings.data
        for widget, counts in (
            (self.by_name["noise"], data in NOISY),
            (self.by_name["path"], self.by_name["data"].value == "CSV file"),
            (self.says, data == "own points"),
            (self.hand, data == "own points"),
            (self.clear, data == "own points"),
            (self.adopt, data != "own points"),
            (self.by_name["activation"], bool(self.settings.hidden)),
            *((widget, i < len(self.settings.hidden)) for i, widget in enumerate(self.units)),
        ):
            widget.layout.display = None if counts else "none"

    def _moved(self, change):
        if self.quiet:
            return
        of_data = change.owner in [self.by_name[name] for name in OF_DATA]
        if of_data:
            self.waiting = self.by_name["data"].value == "CSV file" and not self.by_name["path"].value.strip()
            if self.waiting:  # until a file is named, nothing can change
                self._show_what_counts()
                return
        self._take(of_data)

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

    def _try_again(self):
        """Enter, on a path that was refused: the file may have been mended meanwhile."""
        if self.waiting and self.by_name["path"].value.strip():
            self._take(of_data=True)

    def _read(self):
        """Return the settings that the controls show, with the data in use where others wait."""
        names = [name for name in self.by_name if name != "layers" and not (self.waiting and name in OF_DATA)]
        hidden = tuple(widget.value for widget in self.units[: self.by_name["layers"].value])
        return self.settings.but(hidden=hidden, **{name: self.by_name[name].value for name in names})


def _row(*widgets):
    return ipywidgets.HBox(list(widgets), layout={"flex_flow": "row wrap"})


def _label(width):
    return {"description_width": f"{width:g}em"}


def _pick(label, options, room=7, field=FIELD):
    """A list to pick from; its label has `room` em, and what is picked `field`."""
    return ipywidgets.Dropdown(
        options=list(options), description=label, style=_label(room), layout={"width": f"{room + field:g}em"}
    )


def _slide(label, values, room=7):
    """A slider over some values; its label has `room` em."""
    return ipywidgets.SelectionSlider(
        options=_choices(values), description=label, style=_label(room), layout={"width": f"{room + TRACK:g}em"},
        continuous_update=True,
    )  # fmt: skip


def _choices(values):
    return [(number(value), value) for value in values]


def _offer(widget, value):
    """Make room on a slider for a value that is not among its steps."""
    if isinstance(widget, ipywidgets.SelectionSlider):
        values = [choice for _name, choice in widget.options]
        if value not in values:
            widget.options = _choices(sorted([*values, value]))
