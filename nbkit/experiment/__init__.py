"""One training experiment: its settings in a line, its data, its net, how far it is, and the code that repeats it."""

from nbkit.experiment.experiment import Experiment, Judgement
from nbkit.experiment.export import code_of
from nbkit.experiment.presets import PRESETS
from nbkit.experiment.seeds import Recipe
from nbkit.experiment.settings import Settings
from nbkit.experiment.side_by_side import steps_needed
from nbkit.experiment.sources import SOURCES

__all__ = ["PRESETS", "SOURCES", "Experiment", "Judgement", "Recipe", "Settings", "code_of", "steps_needed"]
