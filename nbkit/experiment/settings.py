"""All that decides an experiment, checked, and as one line of text that can be pasted elsewhere."""

import dataclasses
import json
from dataclasses import asdict, dataclass, fields

import numpy as np

from nbkit.checks import one_of, real, whole, wholes
from nbkit.experiment.features import USUAL, checked_features
from nbkit.experiment.sources import SOURCES
from nbkit.layers import LeakyReLU, MSELoss, ReLU, Sigmoid, SigmoidWithLoss, SoftmaxWithLoss, Tanh
from nbkit.messages import _, kind_of, shortened
from nbkit.optimizers import OPTIMIZERS

ACTIVATIONS = {"ReLU": ReLU, "LeakyReLU": LeakyReLU, "Sigmoid": Sigmoid, "Tanh": Tanh}
LOSSES = {"cross-entropy": (SigmoidWithLoss, SoftmaxWithLoss), "squared error": (MSELoss, MSELoss)}
LOSS_NAMES = {"cross-entropy": _("cross-entropy"), "squared error": _("squared error")}  # as a reader knows them
OPTIONS = {"data": SOURCES, "activation": ACTIVATIONS, "loss": LOSSES, "optimizer": OPTIMIZERS}
MAX_LAYERS, MAX_UNITS = 4, 16
MAX_OWN_POINTS, MAX_CLASSES = 1000, 3
MAX_COORDINATE = 1e6  # of a point of one's own
MAX_JSON_CHARACTERS = 100_000  # longer texts are not read at all
MAX_SHOWN_CHARACTERS = 40  # of a name that is refused
EXAMPLE = '{"data": "moons", "lr": 0.5}'


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
    features : tuple of str
        What the net takes of each point: some of "x1", "x2", "x1**2", "x2**2", "x1*x2", "sin(pi*x1)", "sin(pi*x2)", at
        least one. They are made of the coordinates as the net gets them, after these are standardised.
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
    features: tuple = USUAL
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
        for name in ("data", "activation", "loss", "optimizer"):
            one_of(name, getattr(self, name), OPTIONS[name])
        for name, high in (("noise", 1), ("held_out", 0.9), ("weight_decay", 1000)):
            real(name, getattr(self, name), 0, high)
        real("lr", self.lr, high=1000, above=0)
        whole("batch_size", self.batch_size, 1, 10**6)
        whole("seed", self.seed, 0, 2**32 - 1)
        if not isinstance(self.path, str):
            self._refuse("path", _("{name} must be the path of a CSV file, got {got}"))
        self._check_lists()
        for name, value in vars(self).items():
            if isinstance(value, np.generic):  # JSON knows only Python's own numbers
                object.__setattr__(self, name, value.item())

    def _check_lists(self):
        object.__setattr__(self, "features", checked_features(self.features))
        if not isinstance(self.hidden, list | tuple) or len(self.hidden) > MAX_LAYERS:
            rule = _("{name} must be a list of at most {most} numbers of units, got {got}")
            self._refuse("hidden", rule, MAX_LAYERS)
        object.__setattr__(self, "hidden", tuple(wholes("hidden", self.hidden, 1, MAX_UNITS)))
        if not isinstance(self.points, list | tuple) or len(self.points) > MAX_OWN_POINTS:
            self._refuse("points", _("{name} must be a list of at most {most} points, got {got}"), MAX_OWN_POINTS)
        if not all(map(_is_point, self.points)):
            rule = _("{name} must be triples (x1, x2, class from 0 to {last}), no number beyond {most}, got {got}")
            self._refuse("points", rule, f"{MAX_COORDINATE:.0f}")
        object.__setattr__(self, "points", tuple((float(a), float(b), int(k)) for a, b, k in self.points))

    def _refuse(self, name, rule, most=None):
        got = kind_of(getattr(self, name))
        raise ValueError(rule.format(name=name, got=got, most=most, last=MAX_CLASSES - 1))

    def to_json(self):
        """Return the data, and all settings that differ from the usual ones, as one line of JSON."""
        usual = asdict(Settings())
        return json.dumps(
            {name: value for name, value in asdict(self).items() if name == "data" or value != usual[name]}
        )

    @classmethod
    def from_json(cls, text):
        """Read what `to_json` wrote; what it does not mention has its usual value.

        Raises
        ------
        ValueError
            If the text is no JSON, or a setting is unknown or out of bounds.
        """
        if not isinstance(text, str) or len(text) > MAX_JSON_CHARACTERS:
            raise ValueError(_("settings must be one line of text, got {}").format(kind_of(text)))
        values = _read_json(text)
        known = [field.name for field in fields(cls)]
        unknown = [shortened(name, MAX_SHOWN_CHARACTERS) for name in values if name not in known]
        if unknown:
            rule = _("there is no setting {unknown}; the settings are {known}")
            raise ValueError(rule.format(unknown=", ".join(unknown), known=", ".join(known)))
        return cls(**values)

    def replace(self, **changes):
        """Return the same settings with some of them changed."""
        return dataclasses.replace(self, **changes)


def _read_json(text):
    """Return the dict that a line of text says; single quotes will do where no other quote can be meant."""
    try:
        values = json.loads(text if '"' in text else text.replace("'", '"'))
    except (ValueError, RecursionError):
        values = None
    if not isinstance(values, dict):
        rule = _(
            "a line of settings cannot be read unless it looks like {example}: names in quotes, each with a colon and "
            "its value; got {got}"
        )
        raise ValueError(rule.format(example=EXAMPLE, got=kind_of(text)))
    return values


def _is_point(point):
    try:
        x1, x2, class_ = point
        for x in (x1, x2):
            real("x", x, -MAX_COORDINATE, MAX_COORDINATE)
        whole("class", class_, 0, MAX_CLASSES - 1)
    except (TypeError, ValueError):
        return False
    return isinstance(point, list | tuple)
