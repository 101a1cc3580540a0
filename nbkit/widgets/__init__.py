"""Things to touch: each widget shows what the rooms below it compute, and computes nothing itself."""

from nbkit.widgets.graph_explorer import GraphExplorer
from nbkit.widgets.training_explorer import TrainingExplorer

__all__ = ["GraphExplorer", "TrainingExplorer"]
