"""Things to touch: each widget shows what the rooms below it compute, and computes nothing itself."""

from nbkit.widgets.activation_explorer import ActivationExplorer
from nbkit.widgets.affine_explorer import AffineExplorer
from nbkit.widgets.cost_counter import CostCounter
from nbkit.widgets.graph_explorer import GraphExplorer
from nbkit.widgets.graph_quiz import GraphQuiz
from nbkit.widgets.nudge_lab import NudgeLab
from nbkit.widgets.order_lab import OrderLab
from nbkit.widgets.setup_check import SetupCheck
from nbkit.widgets.softmax_explorer import SoftmaxExplorer
from nbkit.widgets.training_explorer import TrainingExplorer

__all__ = [
    "ActivationExplorer",
    "AffineExplorer",
    "CostCounter",
    "GraphExplorer",
    "GraphQuiz",
    "NudgeLab",
    "OrderLab",
    "SetupCheck",
    "SoftmaxExplorer",
    "TrainingExplorer",
]
