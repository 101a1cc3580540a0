"""Things to touch: each widget shows what the rooms below it compute, and computes nothing itself."""

from nbkit.widgets.activation_explorer import ActivationExplorer
from nbkit.widgets.affine_explorer import AffineExplorer
from nbkit.widgets.bug_hunt import BugHunt
from nbkit.widgets.cost_counter import CostCounter
from nbkit.widgets.descent_explorer import DescentExplorer
from nbkit.widgets.digit_pad import DigitPad
from nbkit.widgets.graph_explorer import GraphExplorer
from nbkit.widgets.graph_quiz import GraphQuiz
from nbkit.widgets.nan_tracer import NanTracer
from nbkit.widgets.nudge_lab import NudgeLab
from nbkit.widgets.order_lab import OrderLab
from nbkit.widgets.seed_gallery import SeedGallery
from nbkit.widgets.seed_runs import Recipe
from nbkit.widgets.setup_check import SetupCheck
from nbkit.widgets.softmax_explorer import SoftmaxExplorer
from nbkit.widgets.trace_lab import TraceLab
from nbkit.widgets.training_explorer import TrainingExplorer
from nbkit.widgets.training_playground import TrainingPlayground
from nbkit.widgets.weight_sliders import WeightSliders
from nbkit.widgets.zoom_lab import ZoomLab

__all__ = [
    "ActivationExplorer",
    "AffineExplorer",
    "BugHunt",
    "CostCounter",
    "DescentExplorer",
    "DigitPad",
    "GraphExplorer",
    "GraphQuiz",
    "NanTracer",
    "NudgeLab",
    "OrderLab",
    "Recipe",
    "SeedGallery",
    "SetupCheck",
    "SoftmaxExplorer",
    "TraceLab",
    "TrainingExplorer",
    "TrainingPlayground",
    "WeightSliders",
    "ZoomLab",
]
