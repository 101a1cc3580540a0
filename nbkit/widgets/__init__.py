"""Things to touch: each widget shows what the rooms below it compute, and computes nothing itself."""

from nbkit.experiment.seeds import Recipe
from nbkit.widgets.bughunt.bug_hunt import BugHunt
from nbkit.widgets.descent.descent_explorer import DescentExplorer
from nbkit.widgets.digits.digit_pad import DigitPad
from nbkit.widgets.graphs.cost_counter import CostCounter
from nbkit.widgets.graphs.graph_explorer import GraphExplorer
from nbkit.widgets.graphs.nan_tracer import NanTracer
from nbkit.widgets.graphs.order_lab import OrderLab
from nbkit.widgets.graphs.trace_lab import TraceLab
from nbkit.widgets.graphs.zoom_lab import ZoomLab
from nbkit.widgets.layers.activation_explorer import ActivationExplorer
from nbkit.widgets.layers.affine_explorer import AffineExplorer
from nbkit.widgets.layers.nudge_lab import NudgeLab
from nbkit.widgets.layers.softmax_explorer import SoftmaxExplorer
from nbkit.widgets.quiz.graph_quiz import GraphQuiz
from nbkit.widgets.setup_check import SetupCheck
from nbkit.widgets.training.seed_gallery import SeedGallery
from nbkit.widgets.training.training_explorer import TrainingExplorer
from nbkit.widgets.training.training_playground import TrainingPlayground
from nbkit.widgets.training.weight_sliders import WeightSliders

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
