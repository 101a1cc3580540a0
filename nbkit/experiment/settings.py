"""All that decides an experiment, checked, and as one line of text that can be pasted elsewhere."""

import json
import math
from dataclasses import asdict, dataclass, fields, replace

from nbkit.experiment.sources import SOURCES
from nbkit.layers import LeakyReLU, MSELoss, ReLU, Sigmoid, SigmoidWithLoss, SoftmaxWithLoss, Tanh
from nbkit.messages import _, kind_of
from nbkit.optimizers import OPTIMIZERS

ACTIVATIONS = {"ReLU": ReLU, "LeakyReLU": LeakyReLU, "Sigmoid": Sigmoid, "Tanh": Tanh}
LOSSES = {"cross-entropy": (SigmoidWithLoss, SoftmaxWithLoss), "squared error": (MSELoss, MSELoss)}
MOST_LAYERS, MOST_UNITS = 4, 16
MOST_POINTS, MOST_CLASSES = 1000, 3
LARGEST = 1e6  # coordinate of a point of one's own
LONGEST_LINE = 100_000  # characters that are read at all


@dataclass(frozen=True)
class Settings:
    """What to learn, with which net, and how.

    Attributes
    ----------
    data : str
        A name from `SOURCES`.
    noise : float
        Standard deviation of the noise that is added to made data, 0 to 1.
    held_out : float
        Share of the rows that is judged but not trained on, 0 to 0.9.
    hidden : tuple of int
        Units of each hidden layer, at most 4 layers of at most 16 units; empty for none.
    activation : str
        "ReLU", "LeakyReLU", "Sigmoid" or "Tanh".
    loss : str
        "cross-entropy" or "squared error".
    optimizer : str
        "SGD", "Momentum" or "Adam".
    lr, weight_decay : float
    batch_size : int
        All rows where there are fewer.
    seed : int
        Decides the start weights and the order of the rows, not the data.
    points : tuple of (x1, x2, class)
        The learner's own, for data "own points".
    path : str
        Of a file, for data "CSV file".

    Raises
    ------
    TypeError, ValueError
        Naming the setting, the rule and what came.
    """

    data: str = "moons"
    noise: float = 0.1
    held_out: float = 0.3
    hidden: tuple = (4,)
    activation: str = "Tanh"
    loss: str = "cross-entropy"
    optimizer: str = "SGD"
    lr: float = 0.1
    batch_size: int = 16
    weight_decay: float = 0.0
    seed: int = 0
    points: tuple = ()
    path: str = ""

    def __post_init__(self):
        for name, known in (
            ("data", SOURCES), ("activation", ACTIVATIONS), ("loss", LOSSES), ("optimizer", OPTIMIZERS),
        ):  # fmt: skip
            if not isinstance(getattr(self, name), str) or getattr(self, name) not in known:
                self._refuse(name, _("one of {}").format(", ".join(known)))
        for name, low, high in (("noise", 0, 1), ("held_out", 0, 0.9), ("weight_decay", 0, 1e3)):
            if not _is_number(getattr(self, name)) or not low <= getattr(self, name) <= high:
                self._refuse(name, _("a number from {low} to {high}").format(low=low, high=high))
        if not _is_number(self.lr) or not 0 < self.lr <= 1e3:
            self._refuse("lr", _("a number above 0, at most 1000"))
        for name, low, high in (("batch_size", 1, 10**6), ("seed", 0, 2**32 - 1)):
            if not _is_whole(getattr(self, name), low, high):
                self._refuse(name, _("a whole number from {low} to {high}").format(low=low, high=high))
        if not isinstance(self.path, str):
            self._refuse("path", _("the path of a CSV file"))
        self._check_lists()

    def _check_lists(self):
        if not isinstance(self.hidden, list | tuple) or len(self.hidden) > MOST_LAYERS:
            self._refuse("hidden", _("a list of at most {} numbers of units").format(MOST_LAYERS))
        if not all(_is_whole(units, 1, MOST_UNITS) for units in self.hidden):
            self._refuse("hidden", _("whole numbers of units from 1 to {}").format(MOST_UNITS))
        if not isinstance(self.points, list | tuple) or len(self.points) > MOST_POINTS:
            self._refuse("points", _("a list of at most {} points").format(MOST_POINTS))
        for point in self.points:
            if not isinstance(point, list | tuple) or len(point) != 3 or not all(map(_is_place, point[:2])) \
                    or not _is_whole(point[2], 0, MOST_CLASSES - 1):  # fmt: skip
                self._refuse("points", _("triples (x1, x2, class from 0 to {last}), no number beyond {most}").format(
                    last=MOST_CLASSES - 1, most=f"{LARGEST:.0f}"
                ))  # fmt: skip
        object.__setattr__(self, "hidden", tuple(self.hidden))
        object.__setattr__(self, "points", tuple((float(a), float(b), int(k)) for a, b, k in self.points))

    def _refuse(self, name, rule):
        value = getattr(self, name)
        raise ValueError(_("{name} must be {rule}, got {got}").format(name=name, rule=rule, got=kind_of(value)))

    @property
    def line(self):
        """The data, and all settings that differ from the usual ones, as one line of JSON."""
        usual = asdict(Settings())
        return json.dumps(
            {name: value for name, value in asdict(self).items() if name == "data" or value != usual[name]}
        )

    @classmethod
    def from_line(cls, text):
        """Read what `line` wrote; what it does not mention has its usual value.

        Raises
        ------
        ValueError
            If the text is no JSON, or a setting is unknown or out of bounds.
        """
        if not isinstance(text, str) or len(text) > LONGEST_LINE:
            raise ValueError(_("settings must be one line of text, got {}").format(kind_of(text)))
        try:
            values = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise ValueError(_("these settings cannot be read: {}").format(error)) from None
        known = [field.name for field in fields(cls)]
        if not isinstance(values, dict) or not set(values) <= set(known):
            raise ValueError(
                _("settings must be {{name: value}} with names from {known}, got {got}").format(
                    known=", ".join(known), got=kind_of(values)
                )
            )
        return cls(**values)

    def but(self, **changes):
        """Return the same settings with some of them changed."""
        return replace(self, **changes)


def _is_number(value):
    try:
        return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    except OverflowError:  # a whole number with hundreds of digits
        return False


def _is_place(value):
    return _is_number(value) and abs(value) <= LARGEST


def _is_whole(value, low, high):
    return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high
